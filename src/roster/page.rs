//! 机构名册比对: a list is brought, what was found is looked at part by part, settled, and taken away as a file.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Multipart, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_i18n::t;
use serde::Deserialize;

use super::actions::{self, New, PAGE, Said, View};
use super::api::roster_id;
use super::model::{Part, Point, Roster, Row, Settle, State as Stands, Unread};
use super::sheet::{self, Table};
use crate::access::Actor;
use crate::api::Query;
use crate::app::App;
use crate::case::{instant, word};
use crate::error::{Error, Result};
use crate::grid;
use crate::id::OrganizationId;
use crate::locale::Locale;
use crate::web::{Choice, Form, FormState, Html, Page, Pager, Tab, Upload, Visit, redirect};

/// How many cells that did not read a page shows.
const SHOWN: usize = 100;

struct Line {
    id: String,
    department: String,
    division: String,
    kinds: String,
    at: String,
    read: u32,
    refused: usize,
}

fn line(app: &App, roster: &Roster, locale: Locale) -> Line {
    Line {
        id: roster.id.to_string(),
        department: roster.department.clone(),
        division: app.divisions.get().full_name(&roster.division),
        kinds: roster.kinds.join(locale.pick("、", ", ")),
        at: instant(roster.at),
        read: roster.read_rows,
        refused: roster.refused.len(),
    }
}

#[derive(Template)]
#[template(path = "roster/html/list.html")]
struct ListPage {
    page: Page,
    form: FormState,
    areas: Vec<Choice>,
    kinds: Vec<Choice>,
    lines: Vec<Line>,
}

/// The lists that were compared, and the form of a new one.
pub async fn list(State(app): State<Arc<App>>, actor: Actor, visit: Visit) -> Result<Response> {
    Ok(Html(list_page(&app, &actor, &visit, FormState::new()).await?).into_response())
}

async fn list_page(app: &App, actor: &Actor, visit: &Visit, form: FormState) -> Result<ListPage> {
    let locale = visit.locale;
    let lines = actions::list(app, actor).await?.iter().map(|roster| line(app, roster, locale)).collect();
    let (divisions, categories) = (app.divisions.get(), app.categories.get());
    let areas = actions::areas(app, actor).into_iter().map(|code| (code.to_string(), divisions.full_name(&code)));
    let mut areas = form.options("division", areas);
    if let Some(first) = areas.first_mut().filter(|_| form.value("division").is_empty()) {
        first.selected = true;
    }
    let kinds = categories.kinds.iter().map(|kind| (kind.named.code.clone(), kind.named.name(locale).to_owned()));
    Ok(ListPage { page: Page::titled(visit, "roster.title"), areas, kinds: form.options("kinds", kinds), form, lines })
}

/// Compares what was uploaded, else what was pasted.
pub async fn compare(State(app): State<Arc<App>>, actor: Actor, visit: Visit, body: Multipart) -> Result<Response> {
    let upload = Upload::read(&visit, body, "list_bytes").await?;
    let key = upload.key()?;
    let made = match brought(&app, &actor, &upload).await {
        Ok(new) => actions::compare(&app, &actor, new, visit.locale, key.as_ref()).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(id) => redirect(&format!("/rosters/{id}"), Some("roster_compared")),
        Err(error) => {
            let form = FormState::refused(upload.typed, error, visit.locale)?;
            Ok(Html(list_page(&app, &actor, &visit, form).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

async fn brought(app: &App, actor: &Actor, upload: &Upload) -> Result<New> {
    let (name, file, text) = (upload.name.clone(), upload.file.clone(), upload.one("text").to_owned());
    if file.is_empty() && text.trim().is_empty() {
        return Err(Error::invalid("file", "list_nothing"));
    }
    let read = move || if file.is_empty() { grid::text("", &text).map(|grid| vec![grid]) } else { grid::read(&name, &file) };
    let grids = app.importing.read(&actor.reference(), read).await?;
    let division = match upload.one("division") {
        "" => None,
        code => Some(code.parse().map_err(|_| Error::invalid("division", "division"))?),
    };
    let kinds = upload.typed.iter().filter(|(field, _)| field == "kinds").map(|(_, kind)| kind.clone()).collect();
    Ok(New { department: upload.one("department").to_owned(), division, kinds, grids })
}

struct Shown {
    number: u32,
    /// What the list says: name, then the rest of it.
    name: String,
    said: String,
    state: String,
    tone: &'static str,
    /// The entry beside it: id, name, and the rest of it.
    organization: String,
    entry: String,
    known: String,
    /// What speaks for it and against it.
    score: String,
    points: Vec<(String, i32)>,
    list: String,
    settles: Vec<(&'static str, String)>,
}

fn shown(row: &Row, locale: Locale) -> Shown {
    let line = |parts: &[&str]| parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" · ");
    let entry = row.entry.as_ref();
    let named = entry.is_some_and(|entry| !entry.name.is_empty());
    let beside = row.alike.first().filter(|one| named && Some(&one.organization) == row.organization.as_ref());
    Shown {
        number: row.number,
        name: row.given("name").to_owned(),
        said: line(&["code", "division", "address", "phone"].map(|field| row.given(field))),
        state: word("roster.state", row.state.name(), locale),
        tone: tone(row.state),
        organization: row.organization.as_ref().map(ToString::to_string).unwrap_or_default(),
        entry: entry.map(|entry| entry.name.clone()).unwrap_or_default(),
        known: entry.map(|entry| line(&[&entry.code, &entry.address, &entry.phones.join("、")])).unwrap_or_default(),
        score: beside.map(|one| format!("{:.0}%", one.score * 100.0)).unwrap_or_default(),
        points: beside.map(|one| one.points.iter().map(|point| worded(point, locale)).collect()).unwrap_or_default(),
        list: row.list.as_ref().map(ToString::to_string).unwrap_or_default(),
        settles: settles(row).iter().map(|settle| (settle.name(), word("roster.do", settle.name(), locale))).collect(),
    }
}

fn worded(point: &Point, locale: Locale) -> (String, i32) {
    let words = [word("merge.comparison", &point.comparison, locale), word("merge.level", &point.level, locale)];
    (words.join(" "), point.points)
}

/// What a person may say of a row.
fn settles(row: &Row) -> &'static [Settle] {
    let asks = row.entry.as_ref().is_some_and(|entry| entry.asks);
    match row.state {
        Stands::Maybe => &[Settle::Same, Settle::Other],
        Stands::Alike | Stands::Same => &[Settle::Other],
        Stands::Theirs => &[Settle::List, Settle::Nothing],
        Stands::Ours if asks => &[Settle::Ask, Settle::Nothing],
        Stands::Ours => &[Settle::Nothing],
        Stands::Matched | Stands::Listed | Stands::Asked | Stands::Nothing => &[],
    }
}

const fn tone(state: Stands) -> &'static str {
    match state {
        Stands::Matched | Stands::Alike | Stands::Same => "ok",
        Stands::Maybe => "warn",
        Stands::Theirs | Stands::Ours => "bad",
        Stands::Listed | Stands::Asked => "info",
        Stands::Nothing => "plain",
    }
}

#[derive(Template)]
#[template(path = "roster/html/show.html")]
struct ShowPage {
    page: Page,
    line: Line,
    tabs: Vec<Tab>,
    part: &'static str,
    /// What may be said of all rows of the part that wait for it.
    all: Option<(&'static str, String)>,
    refused: Vec<Unread>,
    rows: Vec<Shown>,
    pager: Pager,
}

/// Which part, and which page of it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Which {
    part: Option<Part>,
    page: Option<usize>,
}

/// One list with a part of what was found.
pub async fn show(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    Query(which): Query<Which>,
) -> Result<Response> {
    let number = which.page.unwrap_or(1).max(1);
    let view = actions::view(&app, &actor, &roster_id(&id)?, which.part, number).await?;
    Ok(Html(show_page(&app, &visit, &view, number)).into_response())
}

fn show_page(app: &App, visit: &Visit, view: &View, number: usize) -> ShowPage {
    let (locale, id) = (visit.locale, &view.roster.id);
    let tab = |part: Part| Tab {
        href: format!("/rosters/{id}?part={}", part.name()),
        label: format!("{} {}", word("roster.part", part.name(), locale), view.parts.get(&part).copied().unwrap_or_default()),
        current: part == view.part,
    };
    let waiting = |state: Stands| view.counts.get(&state).is_some_and(|count| *count > 0);
    let all = match view.part {
        Part::Theirs if waiting(Stands::Theirs) => Some(Settle::List),
        Part::Ours if waiting(Stands::Ours) => Some(Settle::Ask),
        _ => None,
    };
    ShowPage {
        page: Page::titled(visit, "roster.one"),
        line: line(app, &view.roster, locale),
        tabs: Part::ALL.map(tab).into(),
        part: view.part.name(),
        all: all.map(|settle| (settle.name(), word("roster.all", settle.name(), locale))),
        refused: view.roster.refused.iter().take(SHOWN).cloned().collect(),
        rows: view.rows.iter().map(|row| shown(row, locale)).collect(),
        pager: Pager::of(number, view.total, PAGE, |page| format!("/rosters/{id}?part={}&page={page}", view.part.name())),
    }
}

/// What a person says, as tapped.
#[derive(Debug, Deserialize)]
pub struct Tapped {
    settle: Settle,
    #[serde(default)]
    organization: String,
    #[serde(default)]
    part: Option<Part>,
    #[serde(default)]
    page: Option<usize>,
}

/// Settles a row.
pub async fn settle(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((id, number)): Path<(String, u32)>,
    form: Form<Tapped>,
) -> Result<Response> {
    let Tapped { settle, organization, part, page } = form.value;
    let said = Said { settle, organization: OrganizationId::parse(&organization).ok() };
    actions::settle(&app, &actor, &roster_id(&id)?, number, &said).await?;
    let part = part.map(|part| format!("part={}&", part.name())).unwrap_or_default();
    redirect(&format!("/rosters/{id}?{part}page={}", page.unwrap_or(1).max(1)), Some("row_settled"))
}

/// Says the same of all rows that wait for it; the import is the next page to look at.
pub async fn settle_all(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>, form: Form<Tapped>) -> Result<Response> {
    let (list, _) = actions::settle_all(&app, &actor, &roster_id(&id)?, form.value.settle).await?;
    match list {
        Some(list) => redirect(&format!("/lists/{list}"), None),
        None => redirect(&format!("/rosters/{id}?part={}", Part::Ours.name()), Some("roster_asked")),
    }
}

/// What was found, as a file.
pub async fn file(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let (roster, rows) = actions::whole(&app, &actor, &roster_id(&id)?).await?;
    let bytes = sheet::workbook(&Part::ALL.map(|part| table(part, &rows, visit.locale)))?;
    let headers = [
        (header::CONTENT_TYPE, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"lianjie-roster-{}.xlsx\"", crate::clock::day(roster.at))),
    ];
    Ok((headers, bytes).into_response())
}

fn table(part: Part, rows: &[Row], locale: Locale) -> Table {
    let heads = ["list_name", "list_code", "list_address", "list_phone", "found", "entry_name", "entry_code", "entry_address", "score"];
    let mine: Vec<&Row> = rows.iter().filter(|row| row.part() == part).collect();
    let cells = |row: &&Row| {
        let (said, shown) = (|field: &str| row.given(field).to_owned(), shown(row, locale));
        let entry = row.entry.as_ref();
        let address = entry.map(|entry| entry.address.clone()).unwrap_or_default();
        let code = entry.map(|entry| entry.code.clone()).unwrap_or_default();
        vec![said("name"), said("code"), said("address"), said("phone"), shown.state, shown.entry, code, address, shown.score]
    };
    Table {
        name: t!(format!("roster.part.{}", part.name()), locale = locale.tag()).into_owned(),
        heads: heads.map(|head| word("roster.column", head, locale)).into(),
        rows: mine.iter().map(cells).collect(),
    }
}
