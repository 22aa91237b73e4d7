//! 走访: who is to be seen next, and what was found at each visit.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use rust_i18n::t;
use serde::Deserialize;

use super::super::actions::{SHOWN, chosen, lists};
use super::super::page::{case_id, place, risk, tabs, word};
use super::actions::{self, History, Said};
use super::model::Kind;
use crate::access::Actor;
use crate::api::Query;
use crate::app::App;
use crate::error::{Error, Faults, Result};
use crate::secret::Hidden;
use crate::web::{Choice, Form, FormState, Html, Page, Pager, Tab, Visit, redirect};

struct Row {
    href: String,
    alias: String,
    number: String,
    place: String,
    risk: Option<(String, String, String)>,
    seen: String,
    due: String,
    late: String,
}

#[derive(Template)]
#[template(path = "case/html/visits_due.html")]
struct DuePage {
    page: Page,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    due: actions::Due,
    pager: Pager,
}

/// Which list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Which {
    list: String,
    page: Option<usize>,
}

/// The list, the longest overdue first.
pub async fn coming(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Query(which): Query<Which>) -> Result<Response> {
    let locale = visit.locale;
    let lists = lists(&actor);
    let chosen = chosen(&lists, &which.list)?;
    let number = which.page.unwrap_or(1).max(1);
    let (found, due) = actions::coming(&app, &actor, chosen, number).await?;
    let today = app.today();
    let rows = found.iter().map(|coming| {
        let past = (today - coming.due).get_days();
        Row {
            href: format!("/cases/{}/visits", coming.line.id),
            alias: coming.line.alias.clone(),
            number: coming.line.number.clone(),
            place: place(&app, &coming.line.division),
            risk: coming.line.risk.as_ref().filter(|_| coming.sees_risk).map(|level| risk(&app, &level.0, locale)),
            seen: coming.seen.map_or_else(|| word("visit", "never", locale), |day| day.to_string()),
            due: coming.due.to_string(),
            late: if past > 0 { t!("visit.late", locale = locale.tag(), days = past).into_owned() } else { String::new() },
        }
    });
    let page = DuePage {
        page: Page::titled(&visit, "visit.title"),
        tabs: tabs("/visits", &lists, chosen, locale),
        rows: rows.collect(),
        pager: Pager::of(number, due.cases, SHOWN, |page| format!("/visits?list={}&page={page}", chosen.name)),
        due,
    };
    Ok(Html(page).into_response())
}

struct Past {
    day: String,
    kind: String,
    by: String,
    note: Hidden,
}

#[derive(Template)]
#[template(path = "case/html/visits.html")]
struct HistoryPage {
    page: Page,
    form: FormState,
    id: String,
    alias: String,
    every: String,
    due: String,
    is_late: bool,
    may_record: bool,
    kinds: Vec<Choice>,
    visits: Vec<Past>,
}

/// The visits of a case.
pub async fn history(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let history = actions::history(&app, &actor, &case_id(&id)?).await?;
    let form = FormState::filled([("day", app.today().to_string()), ("kind", "home".to_owned())]);
    Ok(Html(history_page(&app, &visit, history, form)).into_response())
}

fn history_page(app: &App, visit: &Visit, history: History, form: FormState) -> HistoryPage {
    let locale = visit.locale;
    HistoryPage {
        page: Page::titled(visit, "visit.of_case"),
        id: history.case.id.to_string(),
        alias: history.alias,
        every: t!("visit.every", locale = locale.tag(), days = history.every.days).into_owned(),
        due: history.due.map(|day| day.to_string()).unwrap_or_default(),
        is_late: history.due.is_some_and(|day| day < app.today()),
        may_record: history.may_record,
        kinds: form.options("kind", Kind::ALL.map(|kind| (kind.name(), word("visit.kind", kind.name(), locale)))),
        visits: history
            .visits
            .into_iter()
            .map(|(visit, by, note)| Past {
                day: visit.day.to_string(),
                kind: word("visit.kind", visit.kind.name(), locale),
                by,
                note: note.unwrap_or_default(),
            })
            .collect(),
        form,
    }
}

/// A visit.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct VisitForm {
    day: String,
    kind: String,
    note: Hidden,
}

fn read(form: &VisitForm) -> Result<Said> {
    let mut faults = Faults::new();
    let kind = Kind::of(&form.kind);
    faults.require(kind.is_some(), "kind", "required");
    let day = faults.day("day", &form.day);
    faults.settle()?;
    match (day, kind) {
        (Some(day), Some(kind)) => Ok(Said { day, kind, note: form.note.clone() }),
        _ => Err(Error::invalid("day", "required")),
    }
}

/// Records a visit.
pub async fn record(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    form: Form<VisitForm>,
) -> Result<Response> {
    let case = case_id(&id)?;
    let done = match read(&form.value) {
        Ok(said) => actions::record(&app, &actor, &case, &said, form.key.as_ref()).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => redirect(&format!("/cases/{id}/visits"), Some("visit_recorded")),
        Err(error) => {
            let state = FormState::refused(form.typed, error, visit.locale)?;
            let history = actions::history(&app, &actor, &case).await?;
            Ok(Html(history_page(&app, &visit, history, state)).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}
