//! 纪要: as they were signed, one page a case, with what was appended since.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use rust_i18n::t;
use serde::Deserialize;

use super::super::actions;
use super::super::api::{conference_id, item_id};
use super::words;
use crate::access::Actor;
use crate::app::App;
use crate::case::{instant, word};
use crate::error::Result;
use crate::secret::Hidden;
use crate::web::{Form, FormState, Html, Page, Visit, redirect};

struct Appended {
    number: u32,
    text: String,
    by: String,
    when: String,
}

struct One {
    item: String,
    words: words::Words,
    appended: Vec<Appended>,
}

#[derive(Template)]
#[template(path = "conference/html/minutes.html")]
struct MinutesPage {
    page: Page,
    form: FormState,
    id: String,
    title: String,
    number: String,
    place: String,
    starts: String,
    signed_by: String,
    signed_at: String,
    hash: String,
    copy: String,
    watermark: String,
    receivers: Vec<String>,
    sheets: Vec<One>,
    runs: bool,
}

fn numbered(copy: i64, visit: &Visit) -> String {
    t!("conference.copy_number", locale = visit.locale.tag(), number = copy).into_owned()
}

async fn minutes_page(app: &App, actor: &Actor, visit: &Visit, id: &str, form: FormState) -> Result<MinutesPage> {
    let minutes = actions::frozen(app, actor, &conference_id(id)?).await?;
    let receivers = minutes.sheets.first().map(|(_, sheet, _)| sheet.receivers.clone()).unwrap_or_default();
    let sheets = minutes.sheets.into_iter().map(|(item, sheet, appended)| One {
        item: item.to_string(),
        words: words::sheet(app, &sheet, visit.locale),
        appended: appended.into_iter().map(|(number, text, by, when)| Appended { number, text, by, when: instant(when) }).collect(),
    });
    let conference = minutes.conference;
    Ok(MinutesPage {
        page: Page::titled(visit, "conference.minutes"),
        id: conference.id.to_string(),
        title: conference.title,
        number: conference.number,
        place: conference.place,
        starts: instant(conference.starts_at),
        signed_by: minutes.signed_by,
        signed_at: conference.signed_at.map(instant).unwrap_or_default(),
        hash: conference.minutes_hash.unwrap_or_default(),
        // Whose copy it is can be told from the paper.
        copy: format!("{} · {} · {}", numbered(minutes.copy, visit), actor.name, instant(app.now())),
        watermark: format!("{} · {}", word("conference", "watermark", visit.locale), numbered(minutes.copy, visit)),
        receivers,
        sheets: sheets.collect(),
        runs: minutes.runs,
        form,
    })
}

/// The minutes.
pub async fn minutes(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    Ok(Html(minutes_page(&app, &actor, &visit, &id, FormState::new()).await?).into_response())
}

/// What is appended, as typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct AmendForm {
    item: String,
    text: Hidden,
}

/// Appends to the minutes.
pub async fn amend(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    form: Form<AmendForm>,
) -> Result<Response> {
    match actions::amend(&app, &actor, &conference_id(&id)?, &item_id(&form.value.item)?, &form.value.text, form.key.as_ref()).await {
        Ok(()) => redirect(&format!("/conferences/{id}/minutes"), Some("minutes_amended")),
        Err(error) => {
            let state = FormState::refused(form.typed, error, visit.locale)?;
            Ok(Html(minutes_page(&app, &actor, &visit, &id, state).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}
