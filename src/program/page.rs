//! 项目 and 活动: what was given, what was paid.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use rust_i18n::t;
use serde::Deserialize;

use super::actions::{self, Held, Paid};
use super::api::program_id;
use super::model::{Delivered, Kind, Purpose, Subsidy, ceiling};
use super::retract::Reason;
use super::rows::{
    ActivityRow, HeldChoices, PaymentRow, RetractedRow, activity_rows, held_choices, payment_rows, reasons, retracted_rows, yuan,
};
use super::store::StationPaid;
use crate::access::{Actor, Role};
use crate::app::App;
use crate::case::word;
use crate::error::{Error, Faults, Result};
use crate::id::OrganizationId;
use crate::secret::Hidden;
use crate::web::{Choice, Form, FormState, Html, Page, Visit, redirect};

struct Row {
    id: String,
    name: String,
    organization: String,
    term: String,
    over: bool,
    budget: String,
    paid: String,
    delivered: Delivered,
    target_children: String,
    target_sessions: String,
}

fn row(program: &crate::organization::model::Program, organization: &str, delivered: Delivered, today: jiff::civil::Date) -> Row {
    let target = |target: Option<i64>| target.map(|target| format!(" / {target}")).unwrap_or_default();
    Row {
        id: program.id.to_string(),
        name: program.name.clone(),
        organization: organization.to_owned(),
        term: format!("{} – {}", program.from, program.to),
        over: program.to < today,
        budget: yuan(program.budget_fen),
        paid: yuan(delivered.paid_fen),
        target_children: target(program.target_children),
        target_sessions: target(program.target_sessions),
        delivered,
    }
}

#[derive(Template)]
#[template(path = "program/html/list.html")]
struct ListPage {
    page: Page,
    form: FormState,
    rows: Vec<Row>,
    stations: Vec<Choice>,
    paid: Vec<StationRow>,
    payments: Vec<PaymentRow>,
    unpay: Vec<Choice>,
    spent: String,
    purposes: Vec<Choice>,
    gives: bool,
}

/// A station with what it was paid for itself, each of its ceiling.
struct StationRow {
    name: String,
    building: String,
    running: String,
}

fn station_row(paid: &StationPaid) -> StationRow {
    let of = |fen: i64, purpose: Purpose| match ceiling(purpose, &paid.division) {
        Some(most) => format!("{} / {}", yuan(fen), yuan(most)),
        None => yuan(fen),
    };
    StationRow {
        name: paid.name.clone(),
        building: of(paid.building_fen, Purpose::Building),
        running: of(paid.running_fen, Purpose::Running),
    }
}

/// The projects the person runs or oversees.
pub async fn list(State(app): State<Arc<App>>, actor: Actor, visit: Visit) -> Result<Response> {
    Ok(Html(list_page(&app, &actor, &visit, FormState::new()).await?).into_response())
}

async fn list_page(app: &App, actor: &Actor, visit: &Visit, form: FormState) -> Result<ListPage> {
    let today = app.today();
    let programs = actions::list(app, actor).await?;
    let stations = actions::stations(app, actor).await?;
    let names: BTreeMap<_, _> = stations.iter().map(|paid| (paid.station.clone(), paid.name.clone())).collect();
    let payments = actions::payments(app, actor).await?;
    let payment_row = |subsidy: &Subsidy| {
        let mut row = payment_rows(std::slice::from_ref(subsidy), visit.locale).remove(0);
        row.purpose = format!("{} · {}", names.get(&subsidy.organization).map_or("", String::as_str), row.purpose);
        row
    };
    let sum = |of: fn(&StationPaid) -> i64| stations.iter().map(of).sum::<i64>();
    let spent = t!(
        "program.spent",
        locale = visit.locale.tag(),
        project = yuan(programs.iter().map(|line| line.delivered.paid_fen).sum()),
        budget = yuan(programs.iter().map(|line| line.program.budget_fen).sum()),
        building = yuan(sum(|paid| paid.building_fen)),
        running = yuan(sum(|paid| paid.running_fen)),
        year = today.year()
    );
    Ok(ListPage {
        page: Page::titled(visit, "program.list"),
        rows: programs.iter().map(|line| row(&line.program, &line.organization, line.delivered, today)).collect(),
        paid: stations.iter().map(station_row).collect(),
        payments: payments.iter().map(payment_row).collect(),
        unpay: reasons(Reason::NotHeld, visit.locale),
        spent: spent.into_owned(),
        stations: form.options("station", stations.into_iter().map(|paid| (paid.station.to_string(), paid.name))),
        purposes: form.options("purpose", ["building", "running"].map(|purpose| (purpose, word("program.purpose", purpose, visit.locale)))),
        gives: actor.is(Role::Worker) || actor.is(Role::Supervisor),
        form,
    })
}

#[derive(Template)]
#[template(path = "program/html/show.html")]
struct ShowPage {
    page: Page,
    form: FormState,
    row: Row,
    funder: String,
    limit: String,
    activities: Vec<ActivityRow>,
    payments: Vec<PaymentRow>,
    retracted: Vec<RetractedRow>,
    unhold: Vec<Choice>,
    unpay: Vec<Choice>,
    choices: HeldChoices,
    pays: bool,
    action: String,
}

/// One project.
pub async fn show(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let form = FormState::filled([("day", app.today().to_string()), ("sessions", "1".to_owned())]);
    Ok(Html(show_page(&app, &actor, &visit, &id, form).await?).into_response())
}

async fn show_page(app: &App, actor: &Actor, visit: &Visit, id: &str, form: FormState) -> Result<ShowPage> {
    let view = actions::view(app, actor, &program_id(id)?).await?;
    Ok(ShowPage {
        page: Page::new(visit, &view.program.name),
        funder: view.program.funder.clone(),
        limit: ceiling(Purpose::Project, view.program.division.as_ref().unwrap_or(&view.owner.division)).map(yuan).unwrap_or_default(),
        row: row(&view.program, &view.owner.name, view.delivered, app.today()),
        activities: activity_rows(&view.activities, visit.locale),
        payments: payment_rows(&view.subsidies, visit.locale),
        retracted: retracted_rows(&view.retracted, visit.locale),
        unhold: reasons(Reason::Returned, visit.locale),
        unpay: if view.pays { reasons(Reason::NotHeld, visit.locale) } else { Vec::new() },
        choices: held_choices(&form, visit.locale),
        pays: view.pays,
        action: format!("/programs/{id}/activities"),
        form,
    })
}

/// An activity as typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct HeldForm {
    kind: String,
    topic: String,
    title: String,
    day: String,
    sessions: String,
    headcount: String,
    children: Hidden,
}

fn read(form: &HeldForm) -> Result<Held> {
    let mut faults = Faults::new();
    let kind = Kind::of(&form.kind);
    faults.require(kind.is_some(), "kind", "required");
    let day = faults.day("day", &form.day);
    let sessions = form.sessions.parse().ok();
    faults.require(sessions.is_some(), "sessions", "sessions");
    let headcount = if form.headcount.is_empty() { Some(0) } else { form.headcount.parse().ok() };
    faults.require(headcount.is_some(), "headcount", "sessions");
    faults.settle()?;
    match (kind, day, sessions, headcount) {
        (Some(kind), Some(day), Some(sessions), Some(headcount)) => Ok(Held {
            kind,
            topic: form.topic.clone(),
            title: form.title.clone(),
            day,
            sessions,
            headcount,
            children: form.children.clone(),
        }),
        _ => Err(Error::invalid("kind", "required")),
    }
}

/// Writes down an activity of a project.
pub async fn hold(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    form: Form<HeldForm>,
) -> Result<Response> {
    let done = match read(&form.value) {
        Ok(held) => actions::hold(&app, &actor, &program_id(&id)?, &held, form.key.as_ref()).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => redirect(&format!("/programs/{id}"), Some("activity_recorded")),
        Err(error) => {
            let state = FormState::refused(form.typed, error, visit.locale)?;
            Ok(Html(show_page(&app, &actor, &visit, &id, state).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// A payment as typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct PaidForm {
    station: String,
    purpose: String,
    amount: String,
    paid_day: String,
    receipt: String,
}

/// Yuan as typed, in fen: `2000`, `2000.50`.
fn fen(text: &str) -> Option<i64> {
    let (yuan, cents) = text.trim().split_once('.').unwrap_or((text.trim(), "0"));
    let cents = format!("{cents:0<2}");
    let (yuan, cents): (i64, i64) = (yuan.parse().ok()?, cents.get(..2)?.parse().ok().filter(|_| cents.len() == 2)?);
    yuan.checked_mul(100)?.checked_add(cents)
}

fn read_paid(form: &PaidForm, purpose: Option<Purpose>) -> Result<Paid> {
    let mut faults = Faults::new();
    let amount_fen = fen(&form.amount);
    faults.require(amount_fen.is_some(), "amount", "amount");
    let day = faults.day("paid_day", &form.paid_day);
    let purpose = purpose.or_else(|| Purpose::of(&form.purpose));
    faults.require(purpose.is_some(), "purpose", "required");
    faults.settle()?;
    match (purpose, amount_fen, day) {
        (Some(purpose), Some(amount_fen), Some(day)) => Ok(Paid { purpose, amount_fen, day, receipt: form.receipt.clone() }),
        _ => Err(Error::invalid("amount", "amount")),
    }
}

/// Pays for a project.
pub async fn pay(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    form: Form<PaidForm>,
) -> Result<Response> {
    let done = match read_paid(&form.value, Some(Purpose::Project)) {
        Ok(paid) => actions::pay(&app, &actor, &program_id(&id)?, &paid, form.key.as_ref()).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => redirect(&format!("/programs/{id}"), Some("subsidy_paid")),
        Err(error) => {
            let state = FormState::refused(form.typed, error, visit.locale)?;
            Ok(Html(show_page(&app, &actor, &visit, &id, state).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// Pays a station.
pub async fn pay_station(State(app): State<Arc<App>>, actor: Actor, visit: Visit, form: Form<PaidForm>) -> Result<Response> {
    let done = match (read_paid(&form.value, None), OrganizationId::parse(&form.value.station)) {
        (Ok(paid), Ok(station)) => actions::pay_station(&app, &actor, &station, &paid, form.key.as_ref()).await,
        (Err(error), _) => Err(error),
        (_, Err(_)) => Err(Error::invalid("station", "required")),
    };
    match done {
        Ok(()) => redirect("/programs", Some("subsidy_paid")),
        Err(error) => {
            let state = FormState::refused(form.typed, error, visit.locale)?;
            Ok(Html(list_page(&app, &actor, &visit, state).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

#[derive(Template)]
#[template(path = "program/html/own.html")]
struct OwnPage {
    page: Page,
    form: FormState,
    station: String,
    activities: Vec<ActivityRow>,
    payments: Vec<PaymentRow>,
    retracted: Vec<RetractedRow>,
    unhold: Vec<Choice>,
    unpay: Vec<Choice>,
    choices: HeldChoices,
    action: String,
}

/// What the person's station gives of its own.
pub async fn own(State(app): State<Arc<App>>, actor: Actor, visit: Visit) -> Result<Response> {
    let form = FormState::filled([("day", app.today().to_string()), ("sessions", "1".to_owned()), ("kind", "universal".to_owned())]);
    Ok(Html(own_page(&app, &actor, &visit, form).await?).into_response())
}

async fn own_page(app: &App, actor: &Actor, visit: &Visit, form: FormState) -> Result<OwnPage> {
    let own = actions::own(app, actor).await?;
    Ok(OwnPage {
        page: Page::titled(visit, "program.own"),
        station: own.station.name,
        activities: activity_rows(&own.activities, visit.locale),
        payments: payment_rows(&own.subsidies, visit.locale),
        retracted: retracted_rows(&own.retracted, visit.locale),
        unhold: reasons(Reason::Returned, visit.locale),
        unpay: Vec::new(),
        choices: held_choices(&form, visit.locale),
        action: "/activities".to_owned(),
        form,
    })
}

/// Writes down an activity of the person's station.
pub async fn hold_own(State(app): State<Arc<App>>, actor: Actor, visit: Visit, form: Form<HeldForm>) -> Result<Response> {
    let done = match read(&form.value) {
        Ok(held) => actions::hold_own(&app, &actor, &held, form.key.as_ref()).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => redirect("/activities", Some("activity_recorded")),
        Err(error) => {
            let state = FormState::refused(form.typed, error, visit.locale)?;
            Ok(Html(own_page(&app, &actor, &visit, state).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::fen;

    #[test]
    fn yuan_are_read_to_the_fen_and_not_guessed() {
        assert_eq!([fen("2000"), fen("2000.5"), fen("2000.05"), fen("0.99")], [Some(200_000), Some(200_050), Some(200_005), Some(99)]);
        assert_eq!([fen("2,000"), fen(""), fen("1.234"), fen("-")], [None; 4]);
    }
}
