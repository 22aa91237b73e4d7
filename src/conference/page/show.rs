//! 会商: the list, calling one, and one meeting with its agenda and invitations.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::DateTime;
use rust_i18n::t;
use serde::Deserialize;

use super::super::actions::{self, Arrange, NewConference, View};
use super::super::api::{conference_id, item_id};
use super::super::invite as ics;
use super::super::model::{Conference, ItemState, State as Stands, Step};
use crate::access::Actor;
use crate::app::App;
use crate::case::{instant, word};
use crate::clock;
use crate::error::{Error, Faults, Result};
use crate::id::OrganizationId;
use crate::locale::Locale;
use crate::web::{Choice, Form, FormState, Html, Page, Visit, redirect};

struct Row {
    id: String,
    number: String,
    title: String,
    place: String,
    starts: String,
    state: String,
    tone: &'static str,
}

fn row(conference: &Conference, locale: Locale) -> Row {
    Row {
        id: conference.id.to_string(),
        number: conference.number.clone(),
        title: conference.title.clone(),
        place: conference.place.clone(),
        starts: instant(conference.starts_at),
        state: word("conference.state", conference.state.name(), locale),
        tone: match conference.state {
            Stands::Planned => "",
            Stands::PackSent => "info",
            Stands::InSession => "warn",
            Stands::Signed => "ok",
            Stands::Cancelled => "plain",
        },
    }
}

#[derive(Template)]
#[template(path = "conference/html/list.html")]
struct ListPage {
    page: Page,
    rows: Vec<Row>,
    may_call: bool,
}

/// The meetings the person may know of.
pub async fn list(State(app): State<Arc<App>>, actor: Actor, visit: Visit) -> Result<Response> {
    let rows = actions::lines(&app, &actor).await?.iter().map(|conference| row(conference, visit.locale)).collect();
    Ok(Html(ListPage { page: Page::titled(&visit, "conference.list"), rows, may_call: actions::may_call(&actor).is_ok() }).into_response())
}

#[derive(Template)]
#[template(path = "conference/html/new.html")]
struct NewPage {
    page: Page,
    form: FormState,
}

/// The form that calls a meeting.
pub async fn new(State(app): State<Arc<App>>, actor: Actor, visit: Visit) -> Result<Response> {
    actions::may_call(&actor)?;
    let title = word("conference", "usual_title", visit.locale);
    let day = app.today().saturating_add(jiff::ToSpan::days(7)).to_string();
    let form = FormState::filled([("title", title), ("day", day), ("time", "14:00".to_owned())]);
    Ok(Html(NewPage { page: Page::titled(&visit, "conference.call"), form }).into_response())
}

/// A meeting as typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct CallForm {
    title: String,
    place: String,
    day: String,
    time: String,
}

fn starts_at(form: &CallForm) -> Result<Timestamp> {
    let mut faults = Faults::new();
    let day = faults.day("day", &form.day);
    let time = format!("{}:00", form.time).parse().ok();
    faults.require(time.is_some(), "time", "time_form");
    faults.settle()?;
    let (Some(day), Some(time)) = (day, time) else { return Err(Error::invalid("day", "required")) };
    let local = DateTime::from_parts(day, time);
    local.to_zoned_datetime(clock::zone()).map(|zoned| zoned.timestamp()).map_err(|_| Error::invalid("day", "day_form"))
}

/// Calls a meeting.
pub async fn call(State(app): State<Arc<App>>, actor: Actor, visit: Visit, form: Form<CallForm>) -> Result<Response> {
    let done = match starts_at(&form.value) {
        Ok(starts_at) => {
            let new = NewConference { title: form.value.title.clone(), place: form.value.place.clone(), starts_at };
            actions::call(&app, &actor, &new, form.key.as_ref()).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(id) => redirect(&format!("/conferences/{id}"), Some("meeting_called")),
        Err(error) => {
            let form = FormState::refused(form.typed, error, visit.locale)?;
            Ok(Html(NewPage { page: Page::titled(&visit, "conference.call"), form }).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

struct ItemRow {
    id: String,
    position: u32,
    alias: String,
    number: String,
    why: String,
    state: String,
    tone: &'static str,
}

struct BodyRow {
    id: String,
    name: String,
    person: String,
    attended: String,
    known: bool,
}

#[derive(Template)]
#[template(path = "conference/html/show.html")]
#[expect(clippy::struct_excessive_bools, reason = "what the template shows or does not")]
struct ShowPage {
    page: Page,
    form: FormState,
    row: Row,
    chair: String,
    reason: String,
    items: Vec<ItemRow>,
    invited: Vec<BodyRow>,
    bodies: Vec<Choice>,
    /// Who gets the minutes: body, person, both in words.
    receivers: Vec<(String, String, String)>,
    addressees: Vec<Choice>,
    steps: Vec<(String, String)>,
    may_cancel: bool,
    /// What it is called, where and when, as the form to move it shows them; empty where it may not be moved.
    moves: Vec<(&'static str, String)>,
    runs: bool,
    arranges: bool,
    sits: bool,
    signed: bool,
    pack_due: bool,
    first: String,
    /// How many were not discussed, once the minutes can be signed.
    undiscussed: usize,
    /// Bodies with something open: id, name, how much.
    owing: Vec<(String, String, usize)>,
}

/// One meeting.
pub async fn show(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    Ok(Html(show_page(&app, &actor, &visit, &id, FormState::new()).await?).into_response())
}

async fn show_page(app: &App, actor: &Actor, visit: &Visit, id: &str, form: FormState) -> Result<ShowPage> {
    let locale = visit.locale;
    let id = conference_id(id)?;
    let View { conference, chair, items, invited, receivers, owing, pack_due, runs } = actions::view(app, actor, &id).await?;
    let arranges = runs && conference.is_open();
    let bodies = if arranges { actions::bodies(app, actor, &id).await? } else { Vec::new() };
    let steps = [Step::SendPack, Step::Begin, Step::Sign].into_iter().filter(|step| runs && conference.step(*step).is_ok());
    let signs = runs && conference.step(Step::Sign).is_ok();
    let undiscussed = items.iter().filter(|(item, ..)| signs && item.state == ItemState::Planned).count();
    let items: Vec<ItemRow> = items
        .into_iter()
        .map(|(item, alias, number)| ItemRow {
            id: item.id.to_string(),
            position: item.position,
            alias,
            number: if runs { number } else { String::new() },
            why: item.why.iter().map(|why| word("agenda.why", why.name(), locale)).collect::<Vec<_>>().join(locale.pick("、", ", ")),
            state: word("agenda.state", item.state.name(), locale),
            tone: match item.state {
                ItemState::Planned => "",
                ItemState::Discussed => "ok",
                ItemState::Deferred => "plain",
            },
        })
        .collect();
    Ok(ShowPage {
        page: Page::new(visit, &conference.title),
        row: row(&conference, locale),
        chair,
        reason: conference.reason.clone().unwrap_or_default(),
        first: items.first().map(|item| item.id.clone()).unwrap_or_default(),
        items,
        invited: invited
            .into_iter()
            .map(|(one, name)| BodyRow {
                id: one.body.to_string(),
                name,
                person: one.person,
                known: one.attended.is_some(),
                attended: one
                    .attended
                    .map(|was| word("conference", if was { "was_there" } else { "apologies" }, locale))
                    .unwrap_or_default(),
            })
            .collect(),
        owing: owing.into_iter().map(|(id, name, count)| (id.to_string(), name, count)).collect(),
        receivers: receivers.iter().map(|one| (one.body.to_string(), one.person.clone(), one.label())).collect(),
        addressees: form.options("receiver", bodies.iter().map(|(id, name)| (id.to_string(), name.clone()))),
        bodies: form.options("body", bodies.into_iter().map(|(id, name)| (id.to_string(), name))),
        steps: steps.map(|step| (step.name().to_owned(), word("conference.action", step.name(), locale))).collect(),
        may_cancel: runs && conference.step(Step::Cancel).is_ok(),
        moves: if runs && conference.may_move().is_ok() { moved(&conference, &form) } else { Vec::new() },
        sits: conference.state == Stands::InSession,
        undiscussed,
        signed: conference.state == Stands::Signed,
        pack_due,
        arranges,
        runs,
        form,
    })
}

/// What the form to move a meeting shows: what was typed and refused, or how it is.
fn moved(conference: &Conference, form: &FormState) -> Vec<(&'static str, String)> {
    let local = conference.starts_at.to_zoned_datetime(clock::zone());
    let own = [
        ("title", conference.title.clone()),
        ("day", local.date().to_string()),
        ("time", local.strftime("%H:%M").to_string()),
        ("place", conference.place.clone()),
    ];
    let typed = own.iter().any(|(name, _)| !form.value(name).is_empty());
    own.map(|(name, value)| (name, if typed { form.value(name).to_owned() } else { value })).to_vec()
}

/// Sets another time, place or name.
pub async fn reschedule(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    form: Form<CallForm>,
) -> Result<Response> {
    let conference = conference_id(&id)?;
    let done = match starts_at(&form.value) {
        Ok(starts_at) => {
            let new = NewConference { title: form.value.title.clone(), place: form.value.place.clone(), starts_at };
            actions::reschedule(&app, &actor, &conference, &new).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => redirect(&format!("/conferences/{id}"), Some("meeting_moved")),
        Err(error) => {
            let state = FormState::refused(form.typed, error, visit.locale)?;
            Ok(Html(show_page(&app, &actor, &visit, &id, state).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// A step as typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct StepForm {
    step: String,
    reason: String,
}

/// Takes a step.
pub async fn step(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    form: Form<StepForm>,
) -> Result<Response> {
    let conference = conference_id(&id)?;
    let done = match Step::of(&form.value.step) {
        Some(step) => actions::step(&app, &actor, &conference, step, &form.value.reason).await,
        None => Err(Error::invalid("step", "required")),
    };
    match done {
        Ok(()) => redirect(&format!("/conferences/{id}"), Some("meeting_stepped")),
        Err(error) => {
            let state = FormState::refused(form.typed, error, visit.locale)?;
            Ok(Html(show_page(&app, &actor, &visit, &id, state).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// How the agenda is arranged, as typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ArrangeForm {
    how: String,
    item: String,
    number: String,
}

/// Arranges the agenda.
pub async fn arrange(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    form: Form<ArrangeForm>,
) -> Result<Response> {
    let conference = conference_id(&id)?;
    let how = match form.value.how.as_str() {
        "add" => Arrange::Add(form.value.number.clone()),
        "remove" => Arrange::Remove(item_id(&form.value.item)?),
        "up" => Arrange::Up(item_id(&form.value.item)?),
        _ => Arrange::Fill,
    };
    match actions::arrange(&app, &actor, &conference, &how).await {
        Ok(()) => redirect(&format!("/conferences/{id}"), Some("agenda_arranged")),
        Err(error) => {
            let state = FormState::refused(form.typed, error, visit.locale)?;
            Ok(Html(show_page(&app, &actor, &visit, &id, state).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// A body that is invited, or was there.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct InviteForm {
    body: String,
    person: String,
    attended: String,
}

/// Invites a body, or notes whether it was there.
pub async fn invite(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    form: Form<InviteForm>,
) -> Result<Response> {
    let conference = conference_id(&id)?;
    let attended = match form.value.attended.as_str() {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    let done = match OrganizationId::parse(&form.value.body) {
        Ok(body) => actions::invite(&app, &actor, &conference, (&body, &form.value.person), attended).await,
        Err(_) => Err(Error::invalid("body", "required")),
    };
    match done {
        Ok(()) => redirect(&format!("/conferences/{id}"), Some(if attended.is_some() { "meeting_noted" } else { "meeting_invited" })),
        Err(error) => {
            let state = FormState::refused(form.typed, error, visit.locale)?;
            Ok(Html(show_page(&app, &actor, &visit, &id, state).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// Somebody who gets the minutes, or no longer does, as typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct AddressForm {
    receiver: String,
    receiver_person: String,
    gets: String,
}

/// Says who gets the minutes.
pub async fn address(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    form: Form<AddressForm>,
) -> Result<Response> {
    let conference = conference_id(&id)?;
    let AddressForm { receiver, receiver_person, gets } = &form.value;
    let done = match OrganizationId::parse(receiver) {
        Ok(body) => actions::address(&app, &actor, &conference, (&body, receiver_person), gets != "no").await,
        Err(_) => Err(Error::invalid("receiver", "required")),
    };
    match done {
        Ok(()) => redirect(&format!("/conferences/{id}"), Some("minutes_addressed")),
        Err(error) => {
            let state = FormState::refused(form.typed, error, visit.locale)?;
            Ok(Html(show_page(&app, &actor, &visit, &id, state).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// The invitation as a calendar file.
pub async fn calendar(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>) -> Result<Response> {
    let view = actions::view(&app, &actor, &conference_id(&id)?).await?;
    let file = ics::calendar(&view.conference, &app.config.url, app.now());
    let disposition = format!("attachment; filename=\"meeting-{}.ics\"", view.conference.number);
    Ok(([(header::CONTENT_TYPE, "text/calendar; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, disposition)], file)
        .into_response())
}
