//! 监护: the two figures, and whom they are about.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use jiff::ToSpan;
use rust_i18n::t;
use serde::Deserialize;

use super::super::actions::{SHOWN, chosen, lists};
use super::super::agreement::EXPIRING;
use super::super::assessment::page::tone;
use super::super::page::{place, tabs, word};
use super::actions;
use super::store::Figures;
use crate::access::Actor;
use crate::api::Query;
use crate::app::App;
use crate::error::Result;
use crate::web::{Html, Page, Pager, Tab, Visit};

struct Row {
    case: String,
    alias: String,
    number: String,
    place: String,
    result: String,
    tone: &'static str,
    valid: String,
    agreement: String,
    agreement_tone: &'static str,
    until: String,
}

#[derive(Template)]
#[template(path = "case/html/guardianship.html")]
struct GuardianshipPage {
    page: Page,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    figures: Figures,
    pager: Pager,
    assessed: String,
    covered: String,
}

/// Which list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Which {
    list: String,
    page: Option<usize>,
}

/// A share of whole per cent, rounded down so that 100 % is said of all only; a dash of nothing.
fn share(part: u32, whole: u32) -> String {
    if whole == 0 { "–".to_owned() } else { format!("{} %", u64::from(part) * 100 / u64::from(whole)) }
}

/// The list.
pub async fn watched(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Query(which): Query<Which>) -> Result<Response> {
    let (locale, today) = (visit.locale, app.today());
    let lists = lists(&actor);
    let chosen = chosen(&lists, &which.list)?;
    let number = which.page.unwrap_or(1).max(1);
    let found = actions::watched(&app, &actor, chosen, number).await?;
    let figures = found.figures;
    let rows = found.watched.iter().map(|watched| {
        let standing = &watched.standing;
        let (result, tone) = match (standing.outcome(today), standing.assessed) {
            (Some(outcome), _) => (word("assessment.result", outcome.name(), locale), tone(outcome)),
            (None, Some(_)) => (word("assessment", "lapsed", locale), "warn"),
            (None, None) => (word("assessment", "never", locale), "bad"),
        };
        let (agreement, agreement_tone) = match standing.covered_to {
            Some(day) if day <= today.saturating_add(EXPIRING.days()) => ("soon_short", "warn"),
            Some(_) => ("in_force", "ok"),
            None if standing.needs_agreement => ("missing", "bad"),
            None => ("needless", "plain"),
        };
        Row {
            case: watched.line.id.to_string(),
            alias: watched.line.alias.clone(),
            number: watched.line.number.clone(),
            place: place(&app, &watched.line.division),
            result,
            tone,
            valid: standing.assessed.map(|(_, day)| day.to_string()).unwrap_or_default(),
            agreement: word("agreement", agreement, locale),
            agreement_tone,
            until: standing.covered_to.map(|day| day.to_string()).unwrap_or_default(),
        }
    });
    let page = GuardianshipPage {
        page: Page::titled(&visit, "guardianship.title"),
        tabs: tabs("/guardianship", &lists, chosen, locale),
        rows: rows.collect(),
        pager: Pager::of(number, found.total, SHOWN, |page| format!("/guardianship?list={}&page={page}", chosen.name)),
        assessed: share(figures.assessed, figures.cases),
        covered: share(figures.covered, figures.needing),
        figures,
    };
    Ok(Html(page).into_response())
}
