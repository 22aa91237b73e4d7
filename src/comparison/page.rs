//! 数据比对: a list is pasted or uploaded, its rows are looked at, and who is missing is taken up.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use rust_i18n::t;
use serde::Deserialize;

use super::actions::{self, PAGE, Said, View};
use super::api::comparison_id;
use super::model::{Comparison, Settle, State as Stands};
use super::read::{self, List};
use crate::access::Actor;
use crate::api::Query;
use crate::app::App;
use crate::case::{instant, word};
use crate::error::{Error, Fault, Result};
use crate::id::CaseId;
use crate::secret::Hidden;
use crate::web::{Choice, Form, FormState, Html, Page, Pager, Upload, Visit, redirect};

struct Line {
    id: String,
    department: String,
    at: String,
    read: u32,
    unread: usize,
}

#[derive(Template)]
#[template(path = "comparison/html/list.html")]
struct ListPage {
    page: Page,
    form: FormState,
    lines: Vec<Line>,
}

fn line(comparison: &Comparison) -> Line {
    Line {
        id: comparison.id.to_string(),
        department: comparison.department.clone(),
        at: instant(comparison.at),
        read: comparison.read_rows,
        unread: comparison.unread.len(),
    }
}

/// The comparisons, and the form of a new one.
pub async fn list(State(app): State<Arc<App>>, actor: Actor, visit: Visit) -> Result<Response> {
    Ok(Html(list_page(&app, &actor, &visit, FormState::new()).await?).into_response())
}

async fn list_page(app: &App, actor: &Actor, visit: &Visit, form: FormState) -> Result<ListPage> {
    let lines = actions::list(app, actor).await?.iter().map(line).collect();
    Ok(ListPage { page: Page::titled(visit, "comparison.title"), form, lines })
}

/// Compares what was uploaded, else what was pasted.
pub async fn compare(State(app): State<Arc<App>>, actor: Actor, visit: Visit, body: Multipart) -> Result<Response> {
    let upload = Upload::read(&visit, body, "list_large").await?;
    let (key, today) = (upload.key()?, app.today());
    let (name, file, pasted) = (upload.name.clone(), upload.file.clone(), Hidden::new(upload.one("list")));
    let read = move || if file.is_empty() { read::text(pasted.reveal(), today) } else { read::file(&name, &file, today) };
    let list: Result<List> = app.importing.read(&actor.reference(), read).await;
    let done = match list {
        Ok(list) => actions::compare(&app, &actor, upload.one("department"), list, key.as_ref()).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(id) => redirect(&format!("/comparisons/{id}"), Some("compared")),
        Err(error) => {
            let state = FormState::refused(upload.typed, error, visit.locale)?;
            Ok(Html(list_page(&app, &actor, &visit, state).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

struct Row {
    number: u32,
    name: String,
    birth: String,
    place: String,
    state: String,
    tone: &'static str,
    case: String,
    alias: String,
    /// Of the child it may be: name, month of birth, township.
    ours_name: Hidden,
    ours_known: String,
    lead: String,
    maybe: bool,
    missing: bool,
    ours: bool,
}

struct Unread {
    number: u32,
    why: String,
}

#[derive(Template)]
#[template(path = "comparison/html/show.html")]
struct ShowPage {
    page: Page,
    form: FormState,
    line: Line,
    counts: Vec<(String, usize)>,
    unread: Vec<Unread>,
    rows: Vec<Row>,
    pager: Pager,
    townships: Vec<Choice>,
    settles: bool,
}

/// Which page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Which {
    page: Option<usize>,
}

/// One comparison.
pub async fn show(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    Query(which): Query<Which>,
) -> Result<Response> {
    let number = which.page.unwrap_or(1).max(1);
    let view = actions::view(&app, &actor, &comparison_id(&id)?, number).await?;
    Ok(Html(show_page(&app, &visit, &view, number, FormState::new())).into_response())
}

fn show_page(app: &App, visit: &Visit, view: &View, number: usize, form: FormState) -> ShowPage {
    let locale = visit.locale;
    let divisions = app.divisions.get();
    let tone = |state: Stands| match state {
        Stands::Matched | Stands::Same => "ok",
        Stands::Maybe => "warn",
        Stands::Missing => "bad",
        Stands::Lead => "info",
        Stands::Elsewhere | Stands::OursOnly | Stands::Nothing => "plain",
    };
    let rows = view.rows.iter().map(|shown| Row {
        number: shown.row.number,
        name: shown.words.get("name").to_owned(),
        birth: shown.words.get("birth").to_owned(),
        place: shown.words.get("place").to_owned(),
        state: word("comparison.state", shown.row.state.name(), locale),
        tone: tone(shown.row.state),
        case: shown.row.case.as_ref().map(ToString::to_string).unwrap_or_default(),
        alias: shown.alias.clone(),
        ours_name: shown.ours.as_ref().map(|(name, ..)| name.clone()).unwrap_or_default(),
        ours_known: shown.ours.as_ref().map(|(_, birth, township)| format!("{birth} {}", divisions.name(township))).unwrap_or_default(),
        lead: shown.row.lead.as_ref().map(ToString::to_string).unwrap_or_default(),
        maybe: shown.row.state == Stands::Maybe,
        missing: shown.row.state == Stands::Missing,
        ours: shown.row.state == Stands::OursOnly,
    });
    let unread = view.comparison.unread.iter().map(|row| {
        // A reason is one of the keys of this folder and of identity numbers.
        let why = t!(format!("fault.{}", row.reason), locale = locale.tag()).into_owned();
        Unread { number: row.number, why }
    });
    let county = view.comparison.division.county();
    ShowPage {
        page: Page::titled(visit, "comparison.one"),
        line: line(&view.comparison),
        counts: Stands::ALL
            .into_iter()
            .filter_map(|state| view.counts.get(&state).map(|count| (word("comparison.state", state.name(), locale), *count)))
            .collect(),
        unread: unread.collect(),
        pager: Pager::of(number, if view.settles { view.total } else { 0 }, PAGE, |page| {
            format!("/comparisons/{}?page={page}", view.comparison.id)
        }),
        rows: rows.collect(),
        townships: form.options("division", divisions.children(&county).map(|row| (row.code.to_string(), row.name.clone()))),
        settles: view.settles,
        form,
    }
}

/// What a person says of a row, as typed.
#[derive(Debug, Deserialize)]
pub struct SettleForm {
    settle: Settle,
    #[serde(default)]
    division: String,
    #[serde(default)]
    case: String,
    #[serde(default)]
    page: Option<usize>,
}

/// Settles a row.
pub async fn settle(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path((id, number)): Path<(String, u32)>,
    form: Form<SettleForm>,
) -> Result<Response> {
    let comparison = comparison_id(&id)?;
    let page = form.value.page.unwrap_or(1).max(1);
    let said = Said { settle: form.value.settle, case: CaseId::parse(&form.value.case).ok(), division: form.value.division.parse().ok() };
    match actions::settle(&app, &actor, &comparison, number, &said).await {
        Ok(()) => redirect(&format!("/comparisons/{id}?page={page}"), Some("row_settled")),
        Err(Error::Invalid(faults)) => {
            let named = faults.into_iter().map(|fault| Fault { field: format!("division-{number}"), ..fault }).collect();
            let state = FormState::refused(form.typed, Error::Invalid(named), visit.locale)?;
            let view = actions::view(&app, &actor, &comparison, page).await?;
            Ok(Html(show_page(&app, &visit, &view, page, state)).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(error) => Err(error),
    }
}
