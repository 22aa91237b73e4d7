//! 服务计划: whose waits for approval, who has none, whose is to be looked at again.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use rust_i18n::t;
use serde::Deserialize;

use super::super::super::actions::{List, chosen, lists};
use super::super::super::page::{Tab, place, risk, tabs, word};
use super::super::actions;
use crate::access::Actor;
use crate::api::Query;
use crate::app::App;
use crate::error::Result;
use crate::web::{Html, Page, Visit};

/// How many a page shows.
const SHOWN: usize = 100;

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
    total: usize,
    with_plan: usize,
    due: usize,
    waiting: usize,
}

/// Which list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Which {
    list: String,
}

/// The list.
pub async fn planned(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Query(which): Query<Which>) -> Result<Response> {
    let locale = visit.locale;
    let lists: Vec<List> = lists(&actor);
    let chosen = chosen(&lists, &which.list)?;
    let found = actions::planned(&app, &actor, chosen).await?;
    let today = app.today();
    let waits = |planned: &actions::Planned| planned.draft.as_ref().is_some_and(|draft| draft.submitted);
    let late = |planned: &actions::Planned| planned.current.as_ref().is_some_and(|plan| plan.review_day <= today);
    let rows = found.iter().take(SHOWN).map(|planned| {
        let (state, tone) = match (&planned.current, &planned.draft) {
            (_, Some(draft)) if draft.submitted => ("waits", "warn"),
            (Some(_), _) => ("in_force", "ok"),
            (None, Some(_)) => ("drafted", "info"),
            (None, None) => ("none", "bad"),
        };
        Row {
            href: format!("/cases/{}/plan", planned.line.id),
            alias: planned.line.alias.clone(),
            number: planned.line.number.clone(),
            place: place(&app, &planned.line.division),
            risk: planned.line.risk.as_ref().filter(|_| planned.sees_risk).map(|level| risk(&app, &level.0, locale)),
            state: word("plan.standing", state, locale),
            tone,
            review: planned.current.as_ref().map(|plan| plan.review_day.to_string()).unwrap_or_default(),
            late: late(planned),
        }
    });
    let page = PlansPage {
        page: Page::titled(&visit, "plan.list"),
        tabs: tabs("/plans", &lists, chosen, locale),
        rows: rows.collect(),
        total: found.len(),
        with_plan: found.iter().filter(|planned| planned.current.is_some()).count(),
        due: found.iter().filter(|planned| late(planned)).count(),
        waiting: found.iter().filter(|planned| waits(planned)).count(),
    };
    Ok(Html(page).into_response())
}
