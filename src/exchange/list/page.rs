//! Lists as pages: brought, looked at, mended in place, taken in, undone.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Multipart, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_i18n::t;
use serde::Deserialize;

use super::actions::{self, Brought};
use super::assess::Counts;
use super::model::{Edits, List, State as Stands};
use super::rows::{SheetView, sheet_view, word};
use super::undo;
use crate::access::Actor;
use crate::app::App;
use crate::case::instant;
use crate::error::{Error, Result};
use crate::exchange::sheet::{self, Kind};
use crate::id::ListId;
use crate::locale::Locale;
use crate::web::{Choice, Form, FormState, Html, Page, Upload, Visit, redirect};

/// A list among others.
pub struct Line {
    /// Its id.
    pub id: String,
    /// Name of the file, or that it was pasted.
    pub name: String,
    /// What it lists, in words.
    pub kind: String,
    /// When it was brought.
    pub at: String,
    /// Where it stands, in words.
    pub state: String,
    /// The tone of that.
    pub tone: &'static str,
}

#[derive(Template)]
#[template(path = "exchange/list/html/lists.html")]
struct ListsPage {
    page: Page,
    form: FormState,
    kinds: Vec<Choice>,
    lines: Vec<Line>,
    /// Whether rows that were kept aside are the actor's to mend.
    quarantine: bool,
    /// Whether a department's list of organizations is the actor's to compare.
    compares: bool,
}

/// A list as others are listed beside it.
pub fn line(list: &List, locale: Locale) -> Line {
    let name = if list.name.is_empty() { t!("list.pasted", locale = locale.tag()).into_owned() } else { list.name.clone() };
    let tone = match list.state {
        Stands::Open => "warn",
        Stands::Taken => "ok",
        Stands::Undone | Stands::Dropped => "plain",
    };
    Line {
        id: list.id.to_string(),
        name,
        kind: word("kind", if list.registers { "registration" } else { list.kind.name() }, locale),
        at: instant(list.at),
        state: word("state", list.state.name(), locale),
        tone,
    }
}

async fn lists_page(app: &App, actor: &Actor, visit: &Visit, form: FormState) -> Result<ListsPage> {
    let locale = visit.locale;
    let lines = actions::lists(app, actor).await?.iter().map(|list| line(list, locale)).collect();
    let mut kinds = form.options("kind", actions::kinds(actor).iter().map(|kind| (kind.name(), word("kind", kind.name(), locale))));
    if let Some(first) = kinds.first_mut().filter(|_| form.value("kind").is_empty()) {
        first.selected = true;
    }
    let quarantine = super::super::quarantine::may(app, actor).is_ok();
    let compares = actions::kinds(actor).contains(&Kind::Organizations);
    Ok(ListsPage { page: Page::titled(visit, "list.title"), form, kinds, lines, quarantine, compares })
}

/// The lists there are, and the form of a new one.
pub async fn lists(State(app): State<Arc<App>>, actor: Actor, visit: Visit) -> Result<Response> {
    Ok(Html(lists_page(&app, &actor, &visit, FormState::new()).await?).into_response())
}

/// An empty list to fill in.
pub async fn template(State(app): State<Arc<App>>, actor: Actor, Path(name): Path<String>) -> Result<Response> {
    let missing = || Error::missing("list", &name);
    let kind = actions::kinds(&actor).iter().find(|kind| name == format!("{}.xlsx", kind.name())).copied().ok_or_else(missing)?;
    let bytes = sheet::template(&app, kind)?;
    let headers = [
        (header::CONTENT_TYPE, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"lianjie-{}.xlsx\"", kind.name())),
    ];
    Ok((headers, bytes).into_response())
}

/// Brings what was uploaded, else what was pasted.
pub async fn bring(State(app): State<Arc<App>>, actor: Actor, visit: Visit, body: Multipart) -> Result<Response> {
    let upload = Upload::read(&visit, body, "list_bytes").await?;
    let key = upload.key()?;
    let kind = if upload.one("kind") == Kind::Services.name() { Kind::Services } else { Kind::Organizations };
    let text = upload.one("text").to_owned();
    let name = if upload.file.is_empty() { String::new() } else { upload.name };
    match actions::bring(&app, &actor, Brought { kind, name, file: upload.file, text }, key.as_ref()).await {
        Ok(id) => redirect(&format!("/lists/{id}"), None),
        Err(error) => {
            let form = FormState::refused(upload.typed, error, visit.locale)?;
            Ok(Html(lists_page(&app, &actor, &visit, form).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

#[derive(Template)]
#[template(path = "exchange/list/html/list.html")]
struct ListPage {
    page: Page,
    form: FormState,
    line: Line,
    version: i64,
    open: bool,
    /// Whether an organization registers by it.
    registers: bool,
    undo: bool,
    counts: Counts,
    sheets: Vec<SheetView>,
    kinds: Vec<String>,
    counties: Vec<String>,
    leaves: Vec<String>,
    made: Vec<(String, String)>,
}

fn list_id(text: &str) -> Result<ListId> {
    ListId::parse(text).map_err(|_| Error::missing("list", text))
}

/// One list.
pub async fn show(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    Ok(Html(list_page(&app, &actor, &visit, &list_id(&id)?, FormState::new()).await?).into_response())
}

async fn list_page(app: &App, actor: &Actor, visit: &Visit, id: &ListId, form: FormState) -> Result<ListPage> {
    let locale = visit.locale;
    let (list, assessed) = actions::view(app, actor, id, locale).await?;
    let counts = Counts::of(&assessed);
    let made = actions::made(app, &list).await?;
    let (organizations, services) = (list.has(Kind::Organizations), list.has(Kind::Services));
    let (categories, divisions, vocabulary) = (app.categories.get(), app.divisions.get(), app.vocabulary.get());
    let counties = divisions.of_level("county").filter(|row| list.division.county().contains(&row.code));
    let leaves = vocabulary.terms().filter(|term| services && term.code.is_leaf()).map(|term| term.zh.clone());
    Ok(ListPage {
        page: Page::titled(visit, "list.one"),
        form,
        line: line(&list, locale),
        version: list.version,
        open: list.state == Stands::Open,
        registers: list.registers,
        undo: list.may_be_undone(app.now()),
        counts,
        sheets: assessed.iter().enumerate().map(|(index, sheet)| sheet_view(&list, index, sheet, locale)).collect(),
        kinds: categories.kinds.iter().filter(|_| organizations).map(|kind| kind.named.code.clone()).collect(),
        counties: counties.map(|row| divisions.full_name(&row.code)).collect(),
        leaves: leaves.collect(),
        made: made.into_iter().map(|(made, name)| (made.page(), name)).collect(),
    })
}

/// What a person wants of a list.
#[derive(Debug, Deserialize)]
pub struct MendForm {
    version: i64,
    #[serde(rename = "do", default)]
    what: String,
    #[serde(default)]
    leave: Option<String>,
}

/// Keeps what was changed, and takes the list in if that is wanted.
pub async fn mend(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    Form { value, typed, .. }: Form<MendForm>,
) -> Result<Response> {
    let id = list_id(&id)?;
    let version = actions::mend(&app, &actor, &id, Edits::read(&typed), value.version).await?;
    if value.what != "take" {
        return redirect(&format!("/lists/{id}"), Some("list_checked"));
    }
    match actions::take(&app, &actor, &id, version, value.leave.is_some()).await {
        Ok(Some(rest)) => redirect(&format!("/lists/{rest}"), Some("list_taken_rest")),
        Ok(None) => redirect(&format!("/lists/{id}"), Some("list_taken")),
        Err(error) => {
            let form = FormState::refused(Vec::new(), error, visit.locale)?;
            Ok(Html(list_page(&app, &actor, &visit, &id, form).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// The version that was looked at.
#[derive(Debug, Deserialize)]
pub struct Seen {
    version: i64,
}

/// Takes out again what came in.
pub async fn take_out(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Form { value, .. }: Form<Seen>,
) -> Result<Response> {
    let id = list_id(&id)?;
    let (_, stayed) = undo::undo(&app, &actor, &id, value.version).await?;
    redirect(&format!("/lists/{id}"), Some(if stayed == 0 { "list_undone" } else { "list_undone_in_part" }))
}

/// Gives a list up.
pub async fn drop(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>, Form { value, .. }: Form<Seen>) -> Result<Response> {
    let list = actions::drop(&app, &actor, &list_id(&id)?, value.version).await?;
    redirect(if list.registers { "/organizations/new/list" } else { "/lists" }, Some("list_dropped"))
}
