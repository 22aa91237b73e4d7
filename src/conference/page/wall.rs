//! 投屏: one case at a time in large type, numbered rows, and nothing that names anybody.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use rust_i18n::t;

use super::super::actions;
use super::super::api::{conference_id, item_id};
use super::words;
use crate::access::Actor;
use crate::app::App;
use crate::error::{Error, Result};
use crate::web::{Html, Page, Visit};

#[derive(Template)]
#[template(path = "conference/html/wall.html")]
struct WallPage {
    page: Page,
    conference: String,
    number: String,
    item: String,
    position: u32,
    total: usize,
    previous: String,
    next: String,
    words: words::Words,
    present: usize,
    /// The ids of all items, for those who say a number.
    items: Vec<String>,
}

#[derive(Template)]
#[template(path = "conference/html/rest.html")]
struct RestPage {
    page: Page,
    conference: String,
    number: String,
    first: String,
}

/// What the wall shows while nobody looks: the number of the meeting, and no case.
pub async fn rest(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let view = actions::view(&app, &actor, &conference_id(&id)?).await?;
    if !view.runs {
        return Err(Error::Forbidden { why: "role" });
    }
    let page = RestPage {
        page: Page::titled(&visit, "conference.wall_rests"),
        conference: view.conference.id.to_string(),
        number: view.conference.number.clone(),
        first: view.items.first().map(|(item, ..)| item.id.to_string()).unwrap_or_default(),
    };
    Ok(Html(page).into_response())
}

/// One case on the wall.
pub async fn wall(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path((id, item)): Path<(String, String)>) -> Result<Response> {
    let opened = actions::veiled(&app, &actor, &conference_id(&id)?, &item_id(&item)?).await?;
    let words = words::sheet(&app, &opened.sheet, visit.locale);
    let page = WallPage {
        page: Page::new(&visit, &opened.conference.title),
        conference: opened.conference.id.to_string(),
        number: opened.conference.number.clone(),
        item: opened.item.id.to_string(),
        position: opened.item.position,
        total: opened.items.len(),
        items: opened.items.iter().map(ToString::to_string).collect(),
        previous: opened.previous.map(|id| id.to_string()).unwrap_or_default(),
        next: opened.next.map(|id| id.to_string()).unwrap_or_default(),
        present: opened.sheet.attendance.iter().filter(|(_, was)| *was == Some(true)).count(),
        words,
    };
    Ok(Html(page).into_response())
}
