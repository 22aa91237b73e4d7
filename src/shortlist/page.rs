//! 我的清单: the lists, one list with a compact card of each service, and where a service is put in.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use rust_i18n::t;
use serde::Deserialize;

use super::actions::{self, Edit, Entry};
use super::api::{service_id, shortlist_id};
use super::model::Shortlist;
use crate::access::Actor;
use crate::app::App;
use crate::clock;
use crate::error::{Error, Result};
use crate::id::{ServiceId, ShortlistId};
use crate::search::card::{self, CardBody};
use crate::search::{Seen, Words, moment_at, standing};
use crate::web::{Choice, Form, FormState, Html, Nothing, Page, Visit, redirect};

struct Line {
    id: String,
    name: String,
    services: u32,
    owner: String,
    shared: bool,
    at: String,
}

fn line(list: &Shortlist) -> Line {
    Line {
        id: list.id.to_string(),
        name: list.name.clone(),
        services: list.services,
        owner: list.owner_name.clone(),
        shared: list.station.is_some(),
        at: clock::day(list.at).to_string(),
    }
}

#[derive(Template)]
#[template(path = "shortlist/html/list.html")]
struct ListPage {
    page: Page,
    form: FormState,
    own: Vec<Line>,
    others: Vec<Line>,
}

async fn list_page(app: &App, actor: &Actor, visit: &Visit, form: FormState) -> Result<ListPage> {
    let lists = actions::lists(app, actor).await?;
    let (own, others): (Vec<_>, Vec<_>) = lists.iter().partition(|list| actions::owns(actor, list));
    Ok(ListPage {
        page: Page::titled(visit, "shortlist.title"),
        form,
        own: own.into_iter().map(line).collect(),
        others: others.into_iter().map(line).collect(),
    })
}

/// The person's own lists, and what others share with the station.
pub async fn list(State(app): State<Arc<App>>, actor: Actor, visit: Visit) -> Result<Response> {
    Ok(Html(list_page(&app, &actor, &visit, FormState::new()).await?).into_response())
}

/// A list to be begun.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct New {
    name: String,
}

/// Begins one.
pub async fn make(State(app): State<Arc<App>>, actor: Actor, visit: Visit, form: Form<New>) -> Result<Response> {
    match actions::make(&app, &actor, &form.value.name, None, form.key.as_ref()).await {
        Ok(id) => redirect(&format!("/shortlists/{id}"), Some("shortlist_begun")),
        Err(error) => {
            let state = FormState::refused(form.typed, error, visit.locale)?;
            Ok(Html(list_page(&app, &actor, &visit, state).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// A service as a list shows it.
struct Compact {
    card: CardBody,
    standing: Vec<(&'static str, String)>,
    places: Vec<String>,
    phones: String,
    hours: String,
    fees: Vec<String>,
    eligibility: String,
}

/// A line of a list: where the service is gone for the reader, only that.
struct Item {
    service: String,
    number: usize,
    compact: Option<Compact>,
}

fn compact(app: &App, seen: &Seen, words: &Words) -> Compact {
    let card = card::of(seen, words, &moment_at(app, seen));
    let hours = words.list(card.hour_lines(words.locale));
    Compact {
        standing: standing(seen, seen.own || seen.works, words),
        places: card.place_lines(words.locale),
        // It is printed, and leaves the house: a private mobile number stays.
        phones: words.list(seen.whole.organization.public_phones()),
        hours: if card.season.is_empty() { hours } else { format!("{hours}（{}）", card.season) },
        fees: card.fee_lines(),
        eligibility: card.eligibility.join(words.locale.pick("；", "; ")),
        card,
    }
}

#[derive(Template)]
#[template(path = "shortlist/html/show.html")]
struct ShowPage {
    page: Page,
    form: FormState,
    line: Line,
    items: Vec<Item>,
    /// Its name, or what was typed and refused: a macro has a `name` of its own.
    typed: String,
    version: i64,
    shared: bool,
    /// Whether the reader renames, shares and deletes it.
    owns: bool,
    /// Whether there is a station to share it with.
    shares: bool,
    printed: String,
}

async fn show_page(app: &App, actor: &Actor, visit: &Visit, id: &ShortlistId, form: FormState) -> Result<ShowPage> {
    let view = actions::view(app, actor, id).await?;
    let words = Words::of(app, visit.locale);
    let item = |(number, entry): (usize, &Entry)| Item {
        service: entry.service.to_string(),
        number,
        compact: entry.seen.as_ref().map(|seen| compact(app, seen, &words)),
    };
    let refused = !form.faults().is_empty();
    Ok(ShowPage {
        page: Page::new(visit, &*view.list.name),
        items: (1..).zip(&view.entries).map(item).collect(),
        typed: if refused { form.value("name").to_owned() } else { view.list.name.clone() },
        shared: if refused { form.has("shared", "1") } else { view.list.station.is_some() },
        version: view.list.version,
        owns: view.owns,
        shares: view.list.station.is_some() || actions::station(actor).is_some(),
        printed: t!("shortlist.printed", locale = visit.locale.tag(), day = app.today()).into_owned(),
        line: line(&view.list),
        form,
    })
}

/// A list with its services.
pub async fn show(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    Ok(Html(show_page(&app, &actor, &visit, &shortlist_id(&id)?, FormState::new()).await?).into_response())
}

/// What the owner says of a list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Said {
    name: String,
    shared: String,
    version: i64,
}

/// Renames a list, shares it or stops sharing it.
pub async fn edit(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>, form: Form<Said>) -> Result<Response> {
    let id = shortlist_id(&id)?;
    let said = Edit { name: &form.value.name, shared: form.value.shared == "1", version: form.value.version };
    match actions::edit(&app, &actor, &id, &said).await {
        Ok(()) => redirect(&format!("/shortlists/{id}"), Some("shortlist_edited")),
        Err(error) => {
            let state = FormState::refused(form.typed, error, visit.locale)?;
            Ok(Html(show_page(&app, &actor, &visit, &id, state).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// Deletes a list.
pub async fn delete(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>, _form: Form<Nothing>) -> Result<Response> {
    actions::delete(&app, &actor, &shortlist_id(&id)?).await?;
    redirect("/shortlists", Some("shortlist_deleted"))
}

/// Takes a service out of a list.
pub async fn remove(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((id, service)): Path<(String, String)>,
    _form: Form<Nothing>,
) -> Result<Response> {
    let id = shortlist_id(&id)?;
    actions::remove(&app, &actor, &id, &service_id(&service)?).await?;
    redirect(&format!("/shortlists/{id}"), Some("shortlist_taken_out"))
}

#[derive(Template)]
#[template(path = "shortlist/html/keep.html")]
struct KeepPage {
    page: Page,
    form: FormState,
    service: String,
    name: String,
    lists: Vec<Choice>,
}

async fn keep_page(app: &App, actor: &Actor, visit: &Visit, id: &ServiceId, form: FormState) -> Result<KeepPage> {
    let lists = actions::lists(app, actor).await?;
    let seen = crate::search::service(app, actor, id).await?;
    let option = |list: &Shortlist| {
        let whose = if actions::owns(actor, list) { String::new() } else { format!(" · {}", list.owner_name) };
        (list.id.to_string(), format!("{}（{}）{whose}", list.name, list.services))
    };
    let mut lists = form.options("list", lists.iter().map(option));
    // The list that was begun last is the one that is being filled.
    if form.value("list").is_empty()
        && let Some(first) = lists.first_mut()
    {
        first.selected = true;
    }
    Ok(KeepPage { page: Page::titled(visit, "shortlist.keep"), form, service: id.to_string(), name: card::public_text(&seen).name, lists })
}

/// Into which list a service goes.
pub async fn choose(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    Ok(Html(keep_page(&app, &actor, &visit, &service_id(&id)?, FormState::new()).await?).into_response())
}

/// A list that was chosen, or the name of a new one: what was typed counts first.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Chosen {
    list: String,
    name: String,
}

/// Puts a service into a list.
pub async fn keep(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>, form: Form<Chosen>) -> Result<Response> {
    let service = service_id(&id)?;
    let done = match (form.value.name.as_str(), form.value.list.as_str()) {
        ("", "") => Err(Error::invalid("name", "shortlist_choose")),
        ("", list) => {
            let list = shortlist_id(list)?;
            actions::add(&app, &actor, &list, &service).await.map(|()| list)
        }
        (name, _) => actions::make(&app, &actor, name, Some(&service), form.key.as_ref()).await,
    };
    match done {
        Ok(list) => redirect(&format!("/shortlists/{list}"), Some("shortlist_kept")),
        Err(error) => {
            let state = FormState::refused(form.typed, error, visit.locale)?;
            Ok(Html(keep_page(&app, &actor, &visit, &service, state).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}
