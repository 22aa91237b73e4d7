//! Lists as pages: brought, looked at, mended in place, taken in, undone.

use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Multipart, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_i18n::t;
use serde::Deserialize;

use super::actions::{self, Brought};
use super::assess::{Assessed, Counts, Standing};
use super::model::{Edits, List, State as Stands};
use crate::access::Actor;
use crate::app::App;
use crate::case::instant;
use crate::error::{Error, Result};
use crate::exchange::sheet::{self, Kind, Refused};
use crate::grid;
use crate::id::ListId;
use crate::locale::Locale;
use crate::web::{Choice, Form, FormState, Html, Page, Upload, Visit, redirect};

/// How many rows to be mended a page shows; the rest follow when these are.
const MENDED_AT_ONCE: usize = 40;
/// How many rows that come in a page shows.
const SHOWN: usize = 200;

struct Line {
    id: String,
    name: String,
    kind: String,
    at: String,
    state: String,
    tone: &'static str,
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

fn word(of: &str, name: &str, locale: Locale) -> String {
    t!(format!("list.{of}.{name}"), locale = locale.tag()).into_owned()
}

fn line(list: &List, locale: Locale) -> Line {
    let name = if list.name.is_empty() { t!("list.pasted", locale = locale.tag()).into_owned() } else { list.name.clone() };
    let tone = match list.state {
        Stands::Open => "warn",
        Stands::Taken => "ok",
        Stands::Undone | Stands::Dropped => "plain",
    };
    Line {
        id: list.id.to_string(),
        name,
        kind: word("kind", list.kind.name(), locale),
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

/// A cell of a row that is to be mended.
struct Cell {
    name: String,
    label: String,
    value: String,
    fault: String,
    /// The list its values are taken from; empty where anything may stand there.
    values: &'static str,
}

/// A row to be mended.
struct Mend {
    name: String,
    number: usize,
    title: String,
    /// Faults of no column.
    faults: Vec<String>,
    cells: Vec<Cell>,
}

/// A row that looks like an entry.
struct Alike {
    name: String,
    number: usize,
    title: String,
    why: String,
    href: String,
    other: String,
}

/// A row that comes in, or is there.
struct Plain {
    number: usize,
    title: String,
    about: String,
    state: String,
    tone: &'static str,
}

/// A column as a person may name it.
struct Column {
    name: String,
    written: String,
    fill: String,
    fields: Vec<Choice>,
}

struct SheetView {
    name: String,
    unknown: usize,
    columns: Vec<Column>,
    mend: Vec<Mend>,
    alike: Vec<Alike>,
    plain: Vec<Plain>,
    noted: Vec<String>,
    ignored: Vec<(usize, String)>,
}

#[derive(Template)]
#[template(path = "exchange/list/html/list.html")]
struct ListPage {
    page: Page,
    form: FormState,
    line: Line,
    version: i64,
    open: bool,
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
    let services = list.kind == Kind::Services;
    let (categories, divisions, vocabulary) = (app.categories.get(), app.divisions.get(), app.vocabulary.get());
    let counties = divisions.of_level("county").filter(|row| list.division.county().contains(&row.code));
    let leaves = vocabulary.terms().filter(|term| services && term.code.is_leaf()).map(|term| term.zh.clone());
    Ok(ListPage {
        page: Page::titled(visit, "list.one"),
        form,
        line: line(&list, locale),
        version: list.version,
        open: list.state == Stands::Open,
        undo: list.may_be_undone(app.now()),
        counts,
        sheets: assessed.iter().enumerate().map(|(index, sheet)| sheet_view(&list, index, sheet, locale)).collect(),
        kinds: if services { Vec::new() } else { categories.kinds.iter().map(|kind| kind.named.code.clone()).collect() },
        counties: counties.map(|row| divisions.full_name(&row.code)).collect(),
        leaves: leaves.collect(),
        made: made.into_iter().map(|(made, name)| (made.page(), name)).collect(),
    })
}

fn sheet_view(list: &List, index: usize, assessed: &Assessed, locale: Locale) -> SheetView {
    let rows: HashMap<usize, &[grid::Cell]> =
        list.sheets.get(index).into_iter().flat_map(|draft| &draft.grid.rows).map(|(number, cells)| (*number, cells.as_slice())).collect();
    let heads = &assessed.read.heads;
    let text = |number: usize, column: usize| -> &str {
        rows.get(&number).and_then(|cells| cells.get(column)).map(|cell| cell.text.as_str()).unwrap_or_default()
    };
    let said = |number: usize, field: &str| heads.iter().position(|(_, known)| *known == Some(field)).map_or("", |at| text(number, at));
    let title = |number: usize| said(number, "name").to_owned();
    let mut view = SheetView {
        name: assessed.read.name.clone(),
        unknown: heads.iter().filter(|(written, field)| !written.is_empty() && field.is_none()).count(),
        columns: columns(list.kind, index, heads, locale),
        mend: Vec::new(),
        alike: Vec::new(),
        plain: Vec::new(),
        noted: assessed.read.noted.iter().take(SHOWN).map(|one| noted(one, locale)).collect(),
        ignored: assessed
            .read
            .ignored
            .iter()
            .filter(|one| one.why != "blank")
            .map(|one| (one.row, word("ignored", &one.why, locale)))
            .collect(),
    };
    for row in &assessed.rows {
        let number = row.number;
        let name = format!("row-{index}-{number}");
        let about = || [said(number, "division"), said(number, "organization"), said(number, "address")].join(" ").trim().to_owned();
        let plain = |state: &str, tone| Plain { number, title: title(number), about: about(), state: word("row", state, locale), tone };
        match &row.standing {
            Standing::Faulty(faults) if view.mend.len() < MENDED_AT_ONCE => {
                let fault = |column: usize| faults.iter().find(|(at, _)| *at == Some(column)).map_or("", |(_, text)| text.as_str());
                let cells = heads.iter().enumerate().filter_map(|(column, (written, field))| {
                    let value = text(number, column);
                    Some(Cell {
                        name: format!("cell-{index}-{number}-{column}"),
                        label: written.clone(),
                        value: value.to_owned(),
                        fault: fault(column).to_owned(),
                        values: values((*field)?),
                    })
                });
                let cells = cells.collect();
                let faults = faults.iter().filter(|(at, _)| at.is_none()).map(|(_, text)| text.clone()).collect();
                view.mend.push(Mend { name, number, title: title(number), faults, cells });
            }
            Standing::Faulty(_) => {}
            Standing::Alike(like) => {
                let other = if like.name.is_empty() { word("row", "hidden", locale) } else { like.name.clone() };
                let why = word("alike", like.why.reason(), locale);
                view.alike.push(Alike { name, number, title: title(number), why, href: format!("/organizations/{}", like.id), other });
            }
            Standing::Twice(first) => {
                let other = format!("{first} {}", title(*first)).trim().to_owned();
                let why = word("alike", "alike_row", locale);
                view.alike.push(Alike { name, number, title: title(number), why, href: String::new(), other });
            }
            _ if view.plain.len() == SHOWN => {}
            Standing::Good(_) => view.plain.push(plain("good", "ok")),
            Standing::There => view.plain.push(plain("there", "info")),
            Standing::Skipped => view.plain.push(plain("skipped", "plain")),
        }
    }
    view
}

/// What is told of a cell that was taken.
fn noted(one: &Refused, locale: Locale) -> String {
    t!("exchange.sheet.noted", locale = locale.tag(), row = one.row, column = one.column, value = one.value, remedy = one.remedy)
        .into_owned()
}

/// The list of the page that the values of a field are taken from.
fn values(field: &str) -> &'static str {
    match field {
        "kind" => "kinds",
        "division" => "counties",
        "term" => "leaves",
        _ => "",
    }
}

fn columns(kind: Kind, sheet: usize, heads: &[(String, Option<&'static str>)], locale: Locale) -> Vec<Column> {
    let heads = heads.iter().enumerate().filter(|(_, (written, _))| !written.is_empty());
    heads
        .map(|(index, (written, field))| Column {
            name: format!("column-{sheet}-{index}"),
            written: written.clone(),
            fill: format!("fill-{sheet}-{index}"),
            fields: kind
                .fields()
                .iter()
                .map(|one| Choice {
                    value: one.name.to_owned(),
                    label: word("field", one.name, locale),
                    selected: *field == Some(one.name),
                    hint: String::new(),
                    count: 0,
                })
                .collect(),
        })
        .collect()
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
pub async fn undo(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>, Form { value, .. }: Form<Seen>) -> Result<Response> {
    let id = list_id(&id)?;
    let (_, stayed) = actions::undo(&app, &actor, &id, value.version).await?;
    redirect(&format!("/lists/{id}"), Some(if stayed == 0 { "list_undone" } else { "list_undone_in_part" }))
}

/// Gives a list up.
pub async fn drop(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>, Form { value, .. }: Form<Seen>) -> Result<Response> {
    actions::drop(&app, &actor, &list_id(&id)?, value.version).await?;
    redirect("/lists", Some("list_dropped"))
}
