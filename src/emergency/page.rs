//! 紧急个案: what runs, the start, and the clock of one.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use lianjie_index::DivisionCode;
use rust_i18n::t;
use serde::Deserialize;

use super::actions::{self, View};
use super::api::{about, emergency_id};
use super::model::{CAUSES, Emergency, Step};
use crate::access::Actor;
use crate::api::Query;
use crate::app::App;
use crate::case::lead::actions::{county, home, lead_lists};
use crate::case::{instant, word};
use crate::error::{Error, Result};
use crate::locale::Locale;
use crate::secret::Hidden;
use crate::web::{Choice, Form, FormState, Html, Nothing, Page, Visit, redirect};

struct Row {
    id: String,
    place: String,
    cause: String,
    started: String,
    running: bool,
    next: String,
    due: String,
    late: bool,
}

#[derive(Template)]
#[template(path = "emergency/html/list.html")]
struct ListPage {
    page: Page,
    form: FormState,
    causes: Vec<Choice>,
    townships: Vec<Choice>,
    case: String,
    lead: String,
    rows: Vec<Row>,
}

struct StepRow {
    name: &'static str,
    label: String,
    what: String,
    class: &'static str,
    due: String,
    left: String,
    done: String,
    by: String,
    note: Hidden,
    open: bool,
}

#[derive(Template)]
#[template(path = "emergency/html/show.html")]
struct ShowPage {
    page: Page,
    form: FormState,
    row: Row,
    started_by: String,
    steps: Vec<StepRow>,
    case: String,
    lead: String,
    may_end: bool,
    can_end: bool,
}

fn left(at: Timestamp, now: Timestamp, locale: Locale) -> String {
    let late = at < now;
    let apart = if late { now.duration_since(at) } else { at.duration_since(now) };
    let (minutes, hours) = (apart.as_mins(), apart.as_hours());
    let (count, unit) = if hours >= 48 {
        (hours / 24, "days")
    } else if hours >= 1 {
        (hours, "hours")
    } else {
        (minutes.max(1), "minutes")
    };
    t!(format!("emergency.{}_{unit}", if late { "late" } else { "left" }), locale = locale.tag(), count = count).into_owned()
}

fn row(app: &App, emergency: &Emergency, locale: Locale) -> Row {
    let now = app.now();
    let next = emergency.next();
    Row {
        id: emergency.id.to_string(),
        place: app.divisions.get().full_name(&emergency.division),
        cause: word("emergency.cause", &emergency.cause, locale),
        started: instant(emergency.started_at),
        running: emergency.ended_at.is_none(),
        next: next.map(|step| word("emergency.step", step.name(), locale)).unwrap_or_default(),
        due: next.map(|step| left(emergency.due(step), now, locale)).unwrap_or_default(),
        late: next.is_some_and(|step| emergency.is_late(step, now)),
    }
}

/// Whom it would be about.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Which {
    case: String,
    lead: String,
}

/// What runs, and the start.
pub async fn list(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Query(which): Query<Which>) -> Result<Response> {
    let home = home(&app, &actor).await?.map(|code| code.to_string()).unwrap_or_default();
    let form = FormState::filled([("division", home), ("case", which.case), ("lead", which.lead)]);
    Ok(Html(list_page(&app, &actor, &visit, form).await?).into_response())
}

async fn list_page(app: &App, actor: &Actor, visit: &Visit, form: FormState) -> Result<ListPage> {
    let list = lead_lists(actor).into_iter().next().ok_or(Error::Forbidden { why: "role" })?;
    let found = actions::list(app, actor, &list).await?;
    let typed = form.value("division").parse::<DivisionCode>().ok().filter(|code| code.as_str().len() == 9);
    let county = match typed {
        Some(township) => township.county(),
        None => county(app, actor).await?,
    };
    let divisions = app.divisions.get();
    Ok(ListPage {
        page: Page::titled(visit, "emergency.title"),
        causes: form.options("cause", CAUSES.map(|cause| (cause, word("emergency.cause", cause, visit.locale)))),
        townships: form.options("division", divisions.children(&county).map(|row| (row.code.to_string(), row.name.clone()))),
        case: form.value("case").to_owned(),
        lead: form.value("lead").to_owned(),
        rows: found.iter().map(|emergency| row(app, emergency, visit.locale)).collect(),
        form,
    })
}

/// A start as typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct StartForm {
    cause: String,
    case: String,
    lead: String,
    division: String,
    words: Hidden,
}

/// Starts an emergency.
pub async fn start(State(app): State<Arc<App>>, actor: Actor, visit: Visit, form: Form<StartForm>) -> Result<Response> {
    let typed = &form.value;
    let done = match about(&typed.case, &typed.lead, typed.division.parse().ok(), typed.words.clone()) {
        Ok(about) => actions::start(&app, &actor, &about, &typed.cause, form.key.as_ref()).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(id) => redirect(&format!("/emergencies/{id}"), Some("emergency_started")),
        Err(error) => {
            let state = FormState::refused(form.typed, error, visit.locale)?;
            Ok(Html(list_page(&app, &actor, &visit, state).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// The clock of one emergency.
pub async fn show(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let view = actions::view(&app, &actor, &emergency_id(&id)?).await?;
    Ok(Html(show_page(&app, &visit, view, FormState::new())).into_response())
}

fn show_page(app: &App, visit: &Visit, mut view: View, form: FormState) -> ShowPage {
    let (locale, now) = (visit.locale, app.now());
    let emergency = &view.emergency;
    let steps = Step::ALL.map(|step| {
        let done = emergency.done(step);
        let late = emergency.is_late(step, now);
        StepRow {
            name: step.name(),
            label: word("emergency.step", step.name(), locale),
            what: word("emergency.what", step.name(), locale),
            class: match (done.is_some(), late) {
                (true, _) => "is-done",
                (false, true) => "is-late",
                (false, false) => "is-open",
            },
            due: instant(emergency.due(step)),
            left: if done.is_none() && emergency.ended_at.is_none() { left(emergency.due(step), now, locale) } else { String::new() },
            done: done.map(|done| instant(done.at)).unwrap_or_default(),
            by: done.and_then(|done| view.names.get(done.by.as_str()).cloned()).unwrap_or_default(),
            note: view.notes.remove(step.name()).unwrap_or_default(),
            open: done.is_none() && emergency.ended_at.is_none(),
        }
    });
    ShowPage {
        page: Page::titled(visit, "emergency.one"),
        row: row(app, emergency, locale),
        steps: steps.into(),
        case: emergency.case.as_ref().map(ToString::to_string).unwrap_or_default(),
        lead: emergency.lead.as_ref().map(ToString::to_string).unwrap_or_default(),
        can_end: emergency.may_end(),
        started_by: view.started_by,
        may_end: view.may_end,
        form,
    }
}

/// A step as typed.
#[derive(Debug, Deserialize)]
pub struct StepForm {
    step: Step,
    #[serde(default)]
    note: Hidden,
}

/// Says that a step was done.
pub async fn step(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    form: Form<StepForm>,
) -> Result<Response> {
    let emergency = emergency_id(&id)?;
    match actions::step(&app, &actor, &emergency, form.value.step, &form.value.note).await {
        Ok(()) => redirect(&format!("/emergencies/{id}"), Some("emergency_stepped")),
        Err(error) => {
            let state = FormState::refused(form.typed, error, visit.locale)?;
            let view = actions::view(&app, &actor, &emergency).await?;
            Ok(Html(show_page(&app, &visit, view, state)).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// Ends an emergency.
pub async fn end(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>, _: Form<Nothing>) -> Result<Response> {
    actions::end(&app, &actor, &emergency_id(&id)?).await?;
    redirect(&format!("/emergencies/{id}"), Some("emergency_ended"))
}
