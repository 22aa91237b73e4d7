//! 服务计划: whose waits for approval, who has none, whose is to be looked at again.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use rust_i18n::t;
use serde::Deserialize;

use super::super::super::actions::{List, SHOWN, chosen, lists};
use super::super::super::page::{place, risk, tabs, word};
use super::super::actions;
use crate::access::Actor;
use crate::api::Query;
use crate::app::App;
use crate::error::Result;
use crate::web::{Html, Page, Pager, Tab, Visit};

struct Row {
    href: String,
    alias: String,
    number: String,
    place: String,
    risk: Option<(String, String, String)>,
    state: String,
    tone: &'static str,
    review: String,
    late: bool,
}

#[derive(Template)]
#[template(path = "case/html/plans.html")]
struct PlansPage {
    page: Page,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    waits: actions::Waits,
    pager: Pager,
}

/// Which list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Which {
    list: String,
    page: Option<usize>,
}

/// The list.
pub async fn planned(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Query(which): Query<Which>) -> Result<Response> {
    let locale = visit.locale;
    let lists: Vec<List> = lists(&actor);
    let chosen = chosen(&lists, &which.list)?;
    let number = which.page.unwrap_or(1).max(1);
    let (found, waits) = actions::planned(&app, &actor, chosen, number).await?;
    let today = app.today();
    let rows = found.iter().map(|planned| {
        let standing = &planned.standing;
        let (state, tone) = match standing.current {
            _ if standing.submitted => ("waits", "warn"),
            Some(_) => ("in_force", "ok"),
            None if standing.drafted => ("drafted", "info"),
            None => ("none", "bad"),
        };
        Row {
            href: format!("/cases/{}/plan", planned.line.id),
            alias: planned.line.alias.clone(),
            number: planned.line.number.clone(),
            place: place(&app, &planned.line.division),
            risk: planned.line.risk.as_ref().filter(|_| planned.sees_risk).map(|level| risk(&app, &level.0, locale)),
            state: word("plan.standing", state, locale),
            tone,
            review: standing.current.map(|(_, review)| review.to_string()).unwrap_or_default(),
            late: standing.is_due(today),
        }
    });
    let page = PlansPage {
        page: Page::titled(&visit, "plan.list"),
        tabs: tabs("/plans", &lists, chosen, locale),
        rows: rows.collect(),
        pager: Pager::of(number, waits.cases, SHOWN, |page| format!("/plans?list={}&page={page}", chosen.name)),
        waits,
    };
    Ok(Html(page).into_response())
}
