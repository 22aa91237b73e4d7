//! Plans and allocations as JSON, in the file formats of `lianjie plan` and `lianjie allocate`. What is handed in names no child
//! and is kept nowhere; what belongs to a stored case goes by the case.

use axum::body::Bytes;
use lianjie_index::allocation::{self, Certificate, Instance, Rule};
use lianjie_index::plan::{self, Board, Guard, Visit};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::{Action, Actor, may_anywhere};
use crate::api::{Json, Problem};
use crate::error::{Error, Fault, Result};

/// A plan.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanBody {
    #[schema(value_type = Object)]
    id: serde_json::Value,
    /// For each need the service and which of its sessions; null where it stays open.
    #[schema(value_type = Vec<Object>)]
    choice: Vec<Option<Visit>>,
    /// For each need the day on which its service starts.
    start_day: Vec<Option<i64>>,
    /// Points.
    cost: i64,
    /// Trips a week.
    trips: i64,
    /// Minutes a week on the way.
    minutes_week: i64,
    /// Yuan a week.
    fee_week: i64,
    /// Whether no plan costs less, nor the others less than they say.
    proved: bool,
    /// Other plans, each with another service, cheapest first.
    #[schema(value_type = Vec<Object>)]
    alternatives: Vec<plan::Plan>,
    /// What one trip, half an hour, ten yuan more a week would bring.
    #[schema(value_type = Object)]
    prices: plan::Prices,
}

/// Three plans are shown.
const SHOWN: usize = 3;

/// A sentence about what was handed in.
fn unreadable(fault: &impl std::fmt::Display) -> Error {
    let detail: String = fault.to_string().chars().take(200).collect();
    Error::Invalid(vec![Fault::new("body", "unreadable").with("detail", detail)])
}

fn may(actor: &Actor) -> Result<()> {
    if may_anywhere(actor, Action::Match) { Ok(()) } else { Err(Error::Forbidden { why: "role" }) }
}

/// Runs what takes long beside the server's own work.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|fault| Error::Store(format!("the engine stopped: {fault}")))?
}

/// Plans the needs of one child together: the body of a line of `lianjie plan`, with the alternatives and the price of each limit.
#[utoipa::path(post, path = "/api/v1/plans", tag = "matching", request_body(content = Object, description = "an instance as `lianjie plan` reads it"),
    responses((status = 200, body = PlanBody), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn plan(actor: Actor, body: Bytes) -> Result<Json<PlanBody>> {
    may(&actor)?;
    let planned = aside(move || {
        let instance: plan::Instance = serde_json::from_slice(&body).map_err(|fault| unreadable(&fault))?;
        let board = Board::new(&instance).map_err(|fault| unreadable(&fault))?;
        let (mut plans, proved) = plan::alternatives(&board, SHOWN, Guard::default());
        let best = plans.remove(0);
        let prices = plan::prices_of_limits(&instance, Guard::default()).map_err(|fault| unreadable(&fault))?;
        Ok(PlanBody {
            id: instance.id,
            choice: best.choice,
            start_day: best.start_day,
            cost: best.cost,
            trips: best.trips,
            minutes_week: best.minutes_week,
            fee_week: best.fee_week,
            proved,
            alternatives: plans,
            prices,
        })
    });
    Ok(Json(planned.await?))
}

/// What is to be allocated, and by which rule.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// As `lianjie allocate` reads it.
    instance: serde_json::Value,
    /// `util`, `lex` or `maxmin`.
    objective: Option<String>,
    /// Every place of life has at least this share of what all of them could have.
    floor: Option<String>,
}

/// Who gets what.
#[derive(Debug, Serialize, ToSchema)]
pub struct AllocationBody {
    /// For each need the service it gets, by its place in the instance; -1 is none.
    places: Vec<i64>,
    /// Utility, bound, gap, and the price of a place of each service.
    #[schema(value_type = Object)]
    certificate: Certificate,
}

/// Allocates places between children, exactly: `{"instance": …, "objective": "util"|"lex"|"maxmin", "floor": "0.9"}`. Nothing is
/// sent to anybody.
#[utoipa::path(post, path = "/api/v1/allocations", tag = "matching", request_body(content = Object, description = "an instance as `lianjie allocate` reads it, with the rule"),
    responses((status = 200, body = AllocationBody), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn allocate(actor: Actor, body: Bytes) -> Result<Json<AllocationBody>> {
    may(&actor)?;
    let allocated = aside(move || {
        let asked: Asked = serde_json::from_slice(&body).map_err(|fault| unreadable(&fault))?;
        let instance = Instance::from_json(asked.instance.to_string().as_bytes()).map_err(|fault| unreadable(&fault))?;
        let rule = Rule::parse(asked.objective.as_deref().unwrap_or("util"), asked.floor.as_deref()).map_err(|fault| unreadable(&fault))?;
        let found = allocation::allocate(&instance, &rule).map_err(|fault| unreadable(&fault))?;
        let places = found.place.iter().map(|place| place.map_or(-1, i64::from)).collect();
        Ok(AllocationBody { places, certificate: found.certificate })
    });
    Ok(Json(allocated.await?))
}
