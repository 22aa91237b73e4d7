//! 线索: what waits to be looked at, a new one, and one lead.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use lianjie_index::DivisionCode;
use rust_i18n::t;
use serde::Deserialize;

use super::super::actions::chosen;
use super::super::page::{instant, place, tabs, word};
use super::actions::{self, May, Told, View};
use super::api::lead_id;
use super::model::{Lead, Sources, State as Stands};
use crate::access::{Action, Actor, may_anywhere};
use crate::api::Query;
use crate::app::App;
use crate::error::{Error, Faults, Result};
use crate::locale::Locale;
use crate::secret::{Hidden, Words};
use crate::web::{Choice, Form, FormState, Html, Page, Tab, Visit, redirect};

struct Row {
    id: String,
    number: String,
    place: String,
    source: String,
    danger: bool,
    state: String,
    tone: &'static str,
    due: String,
    late: bool,
    filed: String,
}

#[derive(Template)]
#[template(path = "case/html/leads.html")]
struct LeadsPage {
    page: Page,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    settled: bool,
    list: String,
    may_compare: bool,
}

#[derive(Template)]
#[template(path = "case/html/lead_new.html")]
struct NewPage {
    page: Page,
    form: FormState,
    sources: Vec<Choice>,
    counties: Vec<Choice>,
    townships: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "case/html/lead.html")]
struct LeadPage {
    page: Page,
    form: FormState,
    row: Row,
    words: Option<Words>,
    filed_by: String,
    visited: String,
    reason: String,
    case: String,
    may: May,
}

/// Which leads.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Which {
    list: String,
    settled: String,
}

fn row(app: &App, lead: &Lead, locale: Locale) -> Row {
    Row {
        id: lead.id.to_string(),
        number: lead.number.clone(),
        place: place(app, &lead.division),
        source: word("lead.source", lead.source.name(), locale),
        danger: lead.danger,
        state: word("lead.state", lead.state.name(), locale),
        tone: match lead.state {
            Stands::New => "warn",
            Stands::Visited => "info",
            Stands::Opened => "ok",
            Stands::Dismissed => "plain",
        },
        due: instant(lead.due_at),
        late: lead.is_late(app.now()),
        filed: instant(lead.at),
    }
}

/// The list.
pub async fn list(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Query(which): Query<Which>) -> Result<Response> {
    let lists = actions::lead_lists(&actor);
    let chosen = chosen(&lists, &which.list)?;
    let settled = which.settled == "1";
    let found = actions::waiting(&app, &actor, chosen, settled).await?;
    let page = LeadsPage {
        page: Page::titled(&visit, "lead.title"),
        tabs: tabs("/leads", &lists, chosen, visit.locale),
        rows: found.iter().map(|lead| row(&app, lead, visit.locale)).collect(),
        settled,
        list: chosen.name.clone(),
        may_compare: may_anywhere(&actor, Action::CompareLists),
    };
    Ok(Html(page).into_response())
}

/// In which county.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Where {
    county: String,
}

/// The form for a new lead.
pub async fn new(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Query(query): Query<Where>) -> Result<Response> {
    let home = actions::home(&app, &actor).await?;
    let fields = [("division", home.map(|code| code.to_string()).unwrap_or_default()), ("county", query.county)];
    Ok(Html(new_page(&app, &actor, &visit, FormState::filled(fields)).await?).into_response())
}

async fn new_page(app: &App, actor: &Actor, visit: &Visit, form: FormState) -> Result<NewPage> {
    let divisions = app.divisions.get();
    let typed = [form.value("county"), form.value("division")].into_iter().find_map(|code| code.parse::<DivisionCode>().ok());
    let county = match typed {
        Some(code) if code.as_str().len() >= 6 => code.county(),
        _ => actions::county(app, actor).await?,
    };
    let counties = divisions.of_level("county").map(|row| Choice {
        selected: row.code == county,
        value: row.code.to_string(),
        label: divisions.full_name(&row.code),
        ..Choice::default()
    });
    Ok(NewPage {
        page: Page::titled(visit, "lead.new"),
        sources: form.options("source", Sources::TOLD.map(|source| (source.name(), word("lead.source", source.name(), visit.locale)))),
        counties: counties.collect(),
        townships: form.options("division", divisions.children(&county).map(|row| (row.code.to_string(), row.name.clone()))),
        form,
    })
}

/// A lead as typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct LeadForm {
    source: String,
    division: String,
    danger: String,
    words: Hidden,
    child: Hidden,
    teller: Hidden,
}

fn read(form: &LeadForm) -> Result<Told> {
    let mut faults = Faults::new();
    let source = Sources::TOLD.into_iter().find(|source| source.name() == form.source);
    faults.require(source.is_some(), "source", "required");
    let division = form.division.parse().ok();
    faults.require(division.is_some(), "division", "township");
    faults.settle()?;
    match (source, division) {
        (Some(source), Some(division)) => Ok(Told {
            source,
            division,
            village: None,
            danger: form.danger == "1",
            words: form.words.clone(),
            child: form.child.clone(),
            teller: form.teller.clone(),
        }),
        _ => Err(Error::invalid("source", "required")),
    }
}

/// Files a lead.
pub async fn file(State(app): State<Arc<App>>, actor: Actor, visit: Visit, form: Form<LeadForm>) -> Result<Response> {
    let done = match read(&form.value) {
        Ok(told) => actions::file(&app, &actor, &told, form.key.as_ref()).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(id) => redirect(&format!("/leads/{id}"), Some("lead_filed")),
        Err(error) => {
            let state = FormState::refused(form.typed, error, visit.locale)?;
            Ok(Html(new_page(&app, &actor, &visit, state).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// One lead.
pub async fn show(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let view = actions::view(&app, &actor, &lead_id(&id)?).await?;
    Ok(Html(lead_page(&app, &visit, view, FormState::new())).into_response())
}

fn lead_page(app: &App, visit: &Visit, view: View, form: FormState) -> LeadPage {
    LeadPage {
        page: Page::titled(visit, "lead.one"),
        row: row(app, &view.lead, visit.locale),
        filed_by: view.filed_by,
        visited: view.lead.visited_at.map(instant).unwrap_or_default(),
        reason: view.lead.reason.clone().unwrap_or_default(),
        case: view.lead.case.as_ref().map(ToString::to_string).unwrap_or_default(),
        words: view.words,
        may: view.may,
        form,
    }
}

/// What is said of a lead.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct StepForm {
    step: String,
    found: Hidden,
    reason: String,
}

/// Says what was found, or that there is nothing in it.
pub async fn step(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    form: Form<StepForm>,
) -> Result<Response> {
    let lead = lead_id(&id)?;
    let (done, notice) = match form.value.step.as_str() {
        "dismiss" => (actions::dismiss(&app, &actor, &lead, &form.value.reason).await, "lead_dismissed"),
        _ => (actions::visit(&app, &actor, &lead, &form.value.found).await, "lead_visited"),
    };
    match done {
        Ok(()) => redirect(&format!("/leads/{id}"), Some(notice)),
        Err(error) => {
            let state = FormState::refused(form.typed, error, visit.locale)?;
            let view = actions::view(&app, &actor, &lead).await?;
            Ok(Html(lead_page(&app, &visit, view, state)).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}
