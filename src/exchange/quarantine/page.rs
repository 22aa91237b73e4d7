//! 待修正的行: what did not come in, and why.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use rust_i18n::t;
use serde::Deserialize;

use super::actions;
use super::model::Aside;
use crate::access::Actor;
use crate::app::App;
use crate::error::{Error, Result};
use crate::id::QuarantineId;
use crate::locale::Locale;
use crate::web::{Choice, Form, FormState, Html, Page, Visit, redirect};

/// How many rows of a source a page shows.
const SHOWN: i64 = 300;

struct Line {
    id: String,
    place: String,
    said: String,
    why: String,
}

#[derive(Template)]
#[template(path = "exchange/quarantine/html/list.html")]
struct ListPage {
    page: Page,
    sources: Vec<Choice>,
    lines: Vec<Line>,
}

fn reason(aside: &Aside, locale: Locale) -> String {
    t!(format!("fault.{}", aside.reason), locale = locale.tag()).into_owned()
}

fn line(aside: &Aside, locale: Locale) -> Line {
    let said = ["name", "id"].iter().find_map(|column| aside.cells.get(*column)).cloned().unwrap_or_default();
    Line { id: aside.id.to_string(), place: format!("{} {}", aside.table, aside.number), said, why: reason(aside, locale) }
}

/// Which source.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    source: String,
}

/// The rows that are aside.
pub async fn list(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Query(asked): Query<Asked>) -> Result<Response> {
    let (sources, rows) = actions::list(&app, &actor, &asked.source, SHOWN).await?;
    let shown = rows.first().map(|row| row.source.clone()).unwrap_or_default();
    let sources = sources.into_iter().map(|(name, many)| Choice {
        selected: name == shown,
        label: format!("{name}（{many}）"),
        value: name,
        hint: String::new(),
        count: 0,
    });
    let page = Page::titled(&visit, "quarantine.title");
    Ok(Html(ListPage { page, sources: sources.collect(), lines: rows.iter().map(|row| line(row, visit.locale)).collect() }).into_response())
}

struct Cell {
    name: String,
    column: String,
    value: String,
    fault: String,
}

#[derive(Template)]
#[template(path = "exchange/quarantine/html/row.html")]
struct RowPage {
    page: Page,
    form: FormState,
    id: String,
    source: String,
    place: String,
    why: String,
    cells: Vec<Cell>,
}

fn quarantine_id(text: &str) -> Result<QuarantineId> {
    QuarantineId::parse(text).map_err(|_| Error::missing("quarantine", text))
}

/// One row.
pub async fn show(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let aside = actions::view(&app, &actor, &quarantine_id(&id)?).await?;
    Ok(Html(row_page(&visit, &aside, FormState::new())).into_response())
}

fn row_page(visit: &Visit, aside: &Aside, form: FormState) -> RowPage {
    // A column that is wanted and not there can be written in.
    let wanted = Some(aside.field.clone()).filter(|field| field != "*" && !aside.cells.contains_key(field));
    let cells =
        aside.cells.iter().map(|(column, value)| (column.clone(), value.clone())).chain(wanted.map(|column| (column, String::new())));
    let cells = cells.map(|(column, value)| {
        let name = format!("cell-{column}");
        let typed = form.value(&name);
        let fault = form.fault(&column).to_owned();
        Cell { value: if typed.is_empty() { value } else { typed.to_owned() }, name, column, fault }
    });
    RowPage {
        page: Page::titled(visit, "quarantine.one"),
        id: aside.id.to_string(),
        source: aside.source.clone(),
        place: format!("{} {}", aside.table, aside.number),
        why: reason(aside, visit.locale),
        cells: cells.collect(),
        form,
    }
}

/// What is wanted of a row.
#[derive(Debug, Deserialize)]
pub struct SettleForm {
    #[serde(rename = "do", default)]
    what: String,
}

/// Mends a row, or puts it away.
pub async fn settle(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    Form { value, typed, .. }: Form<SettleForm>,
) -> Result<Response> {
    let id = quarantine_id(&id)?;
    if value.what == "put_away" {
        actions::put_away(&app, &actor, &id).await?;
        return redirect("/quarantine", Some("put_away"));
    }
    let cells: BTreeMap<String, String> = typed
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix("cell-")?.to_owned(), value.clone())))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    match actions::mend(&app, &actor, &id, &cells).await {
        Ok(_) => redirect("/quarantine", Some("row_mended")),
        Err(error) => {
            let aside = actions::view(&app, &actor, &id).await?;
            let form = FormState::refused(typed, error, visit.locale)?;
            Ok(Html(row_page(&visit, &aside, form)).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}
