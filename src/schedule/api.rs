//! Timers and the calendar as JSON.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use jiff::civil::Date;
use lianjie_index::DivisionCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::actions::{self, Change, Shown};
use super::model::{Day, EDITED, TIERS, length, refused};
use crate::access::Actor;
use crate::api::{Json, Problem, Query};
use crate::app::App;
use crate::calendar::model::Kind;
use crate::calendar::store::Announced;
use crate::error::{Error, Fault, Faults, Result};
use crate::referral::model::Timer;
use crate::referral::store::amount;

/// At which division.
#[derive(Debug, Deserialize, IntoParams)]
pub struct At {
    /// Code of the division, of 2 to 9 digits.
    division: String,
}

/// Of which year.
#[derive(Debug, Deserialize, IntoParams)]
pub struct OfYear {
    /// Absent: this one.
    year: Option<i16>,
}

/// A timer for a tier.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimerBody {
    /// `T1` to `T7`, `T10`.
    code: &'static str,
    tier: u8,
    amount: i64,
    /// `hours`, `days` (both by the clock), `working_days`.
    unit: &'static str,
    /// Whether this division says so itself, not a wider one.
    own: bool,
}

/// The timers at a division.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimersBody {
    division: String,
    timers: Vec<TimerBody>,
}

/// A change of a timer. Without an amount the wider division counts again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TimerInput {
    code: String,
    tier: u8,
    amount: Option<i64>,
    #[serde(default)]
    unit: String,
}

/// Changes; timers that are not named stay.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TimersInput {
    timers: Vec<TimerInput>,
}

/// A day that differs from Monday-to-Friday.
#[derive(Debug, Serialize, ToSchema)]
pub struct DayBody {
    day: String,
    /// `holiday`, `workday`.
    kind: &'static str,
    name: String,
    source: String,
}

/// The days of a year.
#[derive(Debug, Serialize, ToSchema)]
pub struct DaysBody {
    year: i16,
    days: Vec<DayBody>,
}

/// A day to be announced.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DayInput {
    #[schema(value_type = String)]
    day: Date,
    /// `holiday`, `workday`.
    #[schema(value_type = String)]
    kind: Kind,
    name: String,
}

/// A notice of days.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DaysInput {
    days: Vec<DayInput>,
    /// Which notice says so.
    source: String,
}

/// The division of a query.
pub(super) fn division(text: &str) -> Result<DivisionCode> {
    text.parse().map_err(|_| Error::missing("division", text))
}

fn timer_body(shown: &Shown) -> TimerBody {
    let (amount, unit) = amount(shown.counts());
    TimerBody { code: shown.timer.name(), tier: shown.tier, amount, unit, own: shown.own.is_some() }
}

async fn shown(app: &App, actor: &Actor, division: &DivisionCode) -> Result<Json<TimersBody>> {
    let timers = actions::timers(app, actor, division).await?.iter().map(timer_body).collect();
    Ok(Json(TimersBody { division: division.to_string(), timers }))
}

/// The timers at a division: its own and those of the wider ones.
#[utoipa::path(get, path = "/api/v1/timers", tag = "schedule", params(At), responses((status = 200, body = TimersBody), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn timers(State(app): State<Arc<App>>, actor: Actor, Query(at): Query<At>) -> Result<Json<TimersBody>> {
    shown(&app, &actor, &division(&at.division)?).await
}

fn change(number: usize, input: &TimerInput) -> Result<Change, Fault> {
    let field = |name: &str| format!("timers[{number}].{name}");
    let timer = Timer::of(&input.code).filter(|timer| EDITED.contains(timer)).ok_or_else(|| Fault::new(field("code"), "timer_code"))?;
    if !TIERS.contains(&input.tier) {
        return Err(Fault::new(field("tier"), "tier"));
    }
    let read = |amount| length(amount, &input.unit).ok_or_else(|| Fault::new(field("amount"), "timer_length").with("text", amount));
    Ok((timer, input.tier, input.amount.map(read).transpose()?))
}

/// Changes timers of a division. Live referrals are counted anew within the next passes of the sweep.
#[utoipa::path(put, path = "/api/v1/timers", tag = "schedule", params(At), request_body = TimersInput, responses((status = 200, body = TimersBody), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn set_timers(
    State(app): State<Arc<App>>,
    actor: Actor,
    Query(at): Query<At>,
    Json(input): Json<TimersInput>,
) -> Result<Json<TimersBody>> {
    let division = division(&at.division)?;
    let mut faults = Faults::new();
    let changes: Vec<Change> = input.timers.iter().enumerate().filter_map(|(number, timer)| faults.keep(change(number, timer))).collect();
    faults.settle()?;
    actions::set_timers(&app, &actor, &division, &changes).await?;
    shown(&app, &actor, &division).await
}

fn day_body(announced: Announced) -> DayBody {
    DayBody { day: announced.day.to_string(), kind: announced.kind.name(), name: announced.name, source: announced.source }
}

/// The days of a year that differ from Monday-to-Friday.
#[utoipa::path(get, path = "/api/v1/calendar", tag = "schedule", params(OfYear), responses((status = 200, body = DaysBody), (status = 403, body = Problem)))]
pub async fn days(State(app): State<Arc<App>>, actor: Actor, Query(of): Query<OfYear>) -> Result<Json<DaysBody>> {
    let year = of.year.unwrap_or_else(|| app.today().year());
    let days = actions::days(&app, &actor, year).await?.into_iter().map(day_body).collect();
    Ok(Json(DaysBody { year, days }))
}

/// Takes in the days of a notice, in place of what was said of them before.
#[utoipa::path(post, path = "/api/v1/calendar", tag = "schedule", request_body = DaysInput, responses((status = 204), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn announce(State(app): State<Arc<App>>, actor: Actor, Json(input): Json<DaysInput>) -> Result<StatusCode> {
    actions::may_edit_calendar(&app, &actor)?;
    let mut faults = Faults::new();
    faults.require((1..=400).contains(&input.days.len()), "days", "calendar_long");
    for (number, day) in input.days.iter().enumerate() {
        faults.require(!day.name.trim().is_empty(), &format!("days[{number}].name"), "required");
        faults.require(day.name.chars().count() <= 40, &format!("days[{number}].name"), "too_long");
        if let Some(reason) = refused(day.day, day.kind, app.today()) {
            faults.add(Fault::new(format!("days[{number}].day"), reason).with("line", number + 1));
        }
    }
    faults.settle()?;
    let days: Vec<Day> =
        input.days.into_iter().map(|day| Day { date: day.day, kind: day.kind, name: day.name.trim().to_owned() }).collect();
    actions::announce(&app, &actor, &days, &input.source).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes back that a day to come differs.
#[utoipa::path(delete, path = "/api/v1/calendar/{day}", tag = "schedule", params(("day" = String, Path)), responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn withdraw(State(app): State<Arc<App>>, actor: Actor, Path(day): Path<String>) -> Result<StatusCode> {
    actions::withdraw(&app, &actor, day.parse().map_err(|_| Error::missing("calendar", &day))?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How many days facts of the directory stay fresh after somebody confirmed them.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PeriodsBody {
    /// Free places.
    places: i64,
    /// Hours, telephone, fees.
    hours: i64,
    /// That it exists.
    existence: i64,
}

/// How long facts of the directory stay fresh.
#[utoipa::path(get, path = "/api/v1/freshness-periods", tag = "schedule", responses((status = 200, body = PeriodsBody), (status = 403, body = Problem)))]
pub async fn periods(State(app): State<Arc<App>>, actor: Actor) -> Result<Json<PeriodsBody>> {
    let periods = actions::periods_of(&app, &actor)?;
    Ok(Json(PeriodsBody { places: periods.places, hours: periods.hours, existence: periods.existence }))
}

/// Says how long facts of the directory stay fresh, 1 to 1,000 days each.
#[utoipa::path(put, path = "/api/v1/freshness-periods", tag = "schedule", request_body = PeriodsBody, responses((status = 204), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn set_periods(State(app): State<Arc<App>>, actor: Actor, Json(input): Json<PeriodsBody>) -> Result<StatusCode> {
    let days = [("places", input.places), ("hours", input.hours), ("existence", input.existence)];
    actions::set_periods(&app, &actor, &days).await?;
    Ok(StatusCode::NO_CONTENT)
}
