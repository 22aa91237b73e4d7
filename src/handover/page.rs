//! 转出 and 交接: forms and lists.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use lianjie_index::DivisionCode;
use rust_i18n::t;
use serde::Deserialize;

use super::api::{account_id, transfer_id};
use super::model::{HeldCase, HeldReferral, REASONS, State as Stands};
use super::transfer::{self, Line, Offer, View};
use super::work::{self, Person};
use crate::access::Actor;
use crate::api::Query;
use crate::app::App;
use crate::case::{instant, word};
use crate::error::{Error, Faults, Result};
use crate::id::{AccountId, CaseId, OrganizationId};
use crate::locale::Locale;
use crate::secret::{Hidden, Words};
use crate::web::{Choice, Form, FormState, Html, Nothing, Page, Visit, redirect};

struct Row {
    id: String,
    alias: String,
    number: String,
    from: String,
    to: String,
    reason: String,
    offered: String,
    state: String,
    tone: &'static str,
}

fn row(line: &Line, locale: Locale) -> Row {
    Row {
        id: line.transfer.id.to_string(),
        alias: line.alias.clone(),
        number: line.number.clone(),
        from: line.from.clone(),
        to: line.to.clone(),
        reason: word("transfer.reason", &line.transfer.reason, locale),
        offered: instant(line.transfer.offered_at),
        state: word("transfer.state", line.transfer.state.name(), locale),
        tone: match line.transfer.state {
            Stands::Offered => "warn",
            Stands::Taken => "ok",
            Stands::Returned => "bad",
        },
    }
}

#[derive(Template)]
#[template(path = "handover/html/transfers.html")]
struct TransfersPage {
    page: Page,
    rows: Vec<Row>,
}

/// Transfers from and to the person's stations.
pub async fn transfers(State(app): State<Arc<App>>, actor: Actor, visit: Visit) -> Result<Response> {
    let rows = transfer::list(&app, &actor).await?.iter().map(|line| row(line, visit.locale)).collect();
    Ok(Html(TransfersPage { page: Page::titled(&visit, "transfer.title"), rows }).into_response())
}

#[derive(Template)]
#[template(path = "handover/html/offer.html")]
struct OfferPage {
    page: Page,
    form: FormState,
    id: String,
    alias: String,
    stations: Vec<Choice>,
    reasons: Vec<Choice>,
    counties: Vec<Choice>,
    townships: Vec<Choice>,
}

/// In which county the child lives then.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Where {
    county: String,
}

/// The form of an offer.
pub async fn offer_form(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    Query(query): Query<Where>,
) -> Result<Response> {
    let case = CaseId::parse(&id).map_err(|_| Error::missing("case", &id))?;
    Ok(Html(offer_page(&app, &actor, &visit, &case, FormState::filled([("county", query.county)])).await?).into_response())
}

async fn offer_page(app: &App, actor: &Actor, visit: &Visit, id: &CaseId, form: FormState) -> Result<OfferPage> {
    let (case, alias, stations) = transfer::begin(app, actor, id).await?;
    let typed = [form.value("county"), form.value("division")].into_iter().find_map(|code| code.parse::<DivisionCode>().ok());
    let county = typed.filter(|code| code.as_str().len() >= 6).unwrap_or(case.division).county();
    let divisions = app.divisions.get();
    let counties = divisions.of_level("county").map(|row| Choice {
        selected: row.code == county,
        value: row.code.to_string(),
        label: divisions.full_name(&row.code),
        ..Choice::default()
    });
    Ok(OfferPage {
        page: Page::titled(visit, "transfer.offer"),
        id: id.to_string(),
        alias,
        stations: form.options("to", stations.into_iter().map(|(id, name)| (id.to_string(), name))),
        reasons: form.options("reason", REASONS.map(|reason| (reason, word("transfer.reason", reason, visit.locale)))),
        counties: counties.collect(),
        townships: form.options("division", divisions.children(&county).map(|row| (row.code.to_string(), row.name.clone()))),
        form,
    })
}

/// An offer as typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct OfferForm {
    to: String,
    division: String,
    reason: String,
    words: Hidden,
}

fn read(form: &OfferForm) -> Result<Offer> {
    let mut faults = Faults::new();
    let to = OrganizationId::parse(&form.to).ok();
    let division = form.division.parse().ok();
    faults.require(to.is_some(), "to", "required");
    faults.require(division.is_some(), "division", "township");
    faults.settle()?;
    match (to, division) {
        (Some(to), Some(division)) => Ok(Offer { to, division, reason: form.reason.clone(), words: form.words.clone() }),
        _ => Err(Error::invalid("to", "required")),
    }
}

/// Offers a case to another station.
pub async fn offer(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    form: Form<OfferForm>,
) -> Result<Response> {
    let case = CaseId::parse(&id).map_err(|_| Error::missing("case", &id))?;
    let done = match read(&form.value) {
        Ok(offer) => transfer::offer(&app, &actor, &case, &offer).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(id) => redirect(&format!("/transfers/{id}"), Some("transfer_offered")),
        Err(error) => {
            let state = FormState::refused(form.typed, error, visit.locale)?;
            Ok(Html(offer_page(&app, &actor, &visit, &case, state).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

#[derive(Template)]
#[template(path = "handover/html/transfer.html")]
struct TransferPage {
    page: Page,
    form: FormState,
    row: Row,
    place: String,
    words: Words,
    people: Vec<Choice>,
}

/// One transfer.
pub async fn transfer(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let view = transfer::view(&app, &actor, &transfer_id(&id)?).await?;
    Ok(Html(transfer_page(&app, &visit, view, FormState::new())).into_response())
}

fn transfer_page(app: &App, visit: &Visit, view: View, form: FormState) -> TransferPage {
    TransferPage {
        page: Page::titled(visit, "transfer.one"),
        row: row(&view.line, visit.locale),
        place: app.divisions.get().full_name(&view.line.transfer.to_division),
        words: view.words,
        people: form.options("worker", view.people.into_iter().map(|(id, name)| (id.to_string(), name))),
        form,
    }
}

/// The other station's answer.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct AnswerForm {
    answer: String,
    worker: String,
    why: Hidden,
}

/// Takes a case or gives it back.
pub async fn answer(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    form: Form<AnswerForm>,
) -> Result<Response> {
    let transfer = transfer_id(&id)?;
    let done = if form.value.answer == "return" {
        transfer::give_back(&app, &actor, &transfer, &form.value.why).await.map(|()| None)
    } else {
        match AccountId::parse(&form.value.worker) {
            Ok(worker) => transfer::take(&app, &actor, &transfer, &worker).await.map(Some),
            Err(_) => Err(Error::invalid("worker", "required")),
        }
    };
    match done {
        Ok(Some(case)) => redirect(&format!("/cases/{case}"), Some("transfer_taken")),
        Ok(None) => redirect("/transfers", Some("transfer_returned")),
        Err(error) => {
            let state = FormState::refused(form.typed, error, visit.locale)?;
            let view = transfer::view(&app, &actor, &transfer).await?;
            Ok(Html(transfer_page(&app, &visit, view, state)).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

#[derive(Template)]
#[template(path = "handover/html/people.html")]
struct PeoplePage {
    page: Page,
    people: Vec<Person>,
}

/// The people whose work can be handed over.
pub async fn people(State(app): State<Arc<App>>, actor: Actor, visit: Visit) -> Result<Response> {
    let people = work::people(&app, &actor).await?;
    Ok(Html(PeoplePage { page: Page::titled(&visit, "handover.title"), people }).into_response())
}

#[derive(Template)]
#[template(path = "handover/html/work.html")]
struct WorkPage {
    page: Page,
    form: FormState,
    id: String,
    name: String,
    cases: Vec<HeldCase>,
    referrals: Vec<HeldReferral>,
    meetings: usize,
    colleagues: Vec<Choice>,
}

/// What somebody holds that is open.
pub async fn work(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let person = work::of(&app, &actor, &account_id(&id)?).await?;
    Ok(Html(work_page(&visit, person, FormState::new())).into_response())
}

fn work_page(visit: &Visit, person: Person, form: FormState) -> WorkPage {
    WorkPage {
        page: Page::titled(visit, "handover.one"),
        id: person.account.id.to_string(),
        name: person.account.name,
        cases: person.work.cases,
        referrals: person.work.referrals,
        meetings: person.work.meetings,
        colleagues: form.options("to", person.colleagues.into_iter().map(|(id, name)| (id.to_string(), name))),
        form,
    }
}

/// To whom it is given.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ToForm {
    to: String,
}

/// Gives everything open to a colleague.
pub async fn hand_over(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    form: Form<ToForm>,
) -> Result<Response> {
    let from = account_id(&id)?;
    let done = match AccountId::parse(&form.value.to) {
        Ok(to) => work::hand_over(&app, &actor, &from, &to).await,
        Err(_) => Err(Error::invalid("to", "required")),
    };
    match done {
        Ok(()) => redirect("/handover", Some("handed_over")),
        Err(error) => {
            let state = FormState::refused(form.typed, error, visit.locale)?;
            let person = work::of(&app, &actor, &from).await?;
            Ok(Html(work_page(&visit, person, state)).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

#[derive(Template)]
#[template(path = "handover/html/disable.html")]
struct DisablePage {
    page: Page,
    id: String,
    name: String,
    cases: usize,
    referrals: usize,
    meetings: usize,
}

/// Asks before an account is disabled, and says what it still holds.
pub async fn disable_form(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let (account, held) = work::before_disabling(&app, &actor, &account_id(&id)?).await?;
    let page = DisablePage {
        page: Page::titled(&visit, "handover.disable"),
        id: account.id.to_string(),
        name: account.name,
        cases: held.cases.len(),
        referrals: held.referrals.len(),
        meetings: held.meetings,
    };
    Ok(Html(page).into_response())
}

/// Disables an account.
pub async fn disable(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>, _: Form<Nothing>) -> Result<Response> {
    work::disable(&app, &actor, &account_id(&id)?).await?;
    redirect("/accounts", Some("account_disabled"))
}
