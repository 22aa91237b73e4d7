//! Projects at work as JSON.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::actions::{self, Held, Paid};
use super::model::{Activity, Delivered, Kind, Purpose, Subsidy};
use crate::access::Actor;
use crate::api::{IdempotencyKey, Json, Meta, Problem};
use crate::app::App;
use crate::error::{Error, Result};
use crate::id::{OrganizationId, ProgramId};
use crate::secret::Hidden;

/// A project with what it has given.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProgramLine {
    id: String,
    name: String,
    organization: String,
    funder: String,
    #[schema(value_type = String)]
    from_day: Date,
    /// Included.
    #[schema(value_type = String)]
    to_day: Date,
    budget_fen: i64,
    target_children: Option<i64>,
    target_sessions: Option<i64>,
    delivered: Delivered,
}

/// Projects.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProgramsBody {
    programs: Vec<ProgramLine>,
    meta: Meta,
}

/// An activity.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActivityBody {
    id: String,
    kind: Kind,
    topic: String,
    title: String,
    #[schema(value_type = String)]
    day: Date,
    sessions: u32,
    /// Who was listed one by one.
    listed: u32,
    /// Who came besides.
    headcount: u32,
}

/// What a project has given, activity by activity.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryBody {
    delivered: Delivered,
    activities: Vec<ActivityBody>,
    payments: Vec<PaymentBody>,
}

/// A payment.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaymentBody {
    id: String,
    purpose: Purpose,
    amount_fen: i64,
    #[schema(value_type = String)]
    day: Date,
    receipt: String,
}

fn payments(found: &[Subsidy]) -> Vec<PaymentBody> {
    let body = |subsidy: &Subsidy| PaymentBody {
        id: subsidy.id.to_string(),
        purpose: subsidy.purpose,
        amount_fen: subsidy.amount_fen,
        day: subsidy.day,
        receipt: subsidy.receipt.clone(),
    };
    found.iter().map(body).collect()
}

/// An activity as it is written down.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HeldInput {
    kind: Kind,
    /// `safety`, `after_school`, `camp`, `counselling`, `companionship`, `family`, `culture`, `other`.
    topic: String,
    title: String,
    #[schema(value_type = String)]
    day: Date,
    sessions: u32,
    #[serde(default)]
    headcount: u32,
    /// One a line: a case's number, an identity number, or a name. Only keyed hashes are kept.
    #[serde(default)]
    #[schema(value_type = String)]
    children: Hidden,
}

/// A payment as it is written down.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PaidInput {
    /// The station, for its building or running.
    station: Option<String>,
    /// `building`, `running`; a project's own is `project`.
    purpose: Purpose,
    amount_fen: i64,
    #[schema(value_type = String)]
    day: Date,
    receipt: String,
}

fn activities(found: &[(Activity, u32)]) -> Vec<ActivityBody> {
    let body = |(activity, listed): &(Activity, u32)| ActivityBody {
        id: activity.id.to_string(),
        kind: activity.kind,
        topic: activity.topic.clone(),
        title: activity.title.clone(),
        day: activity.day,
        sessions: activity.sessions,
        listed: *listed,
        headcount: activity.headcount,
    };
    found.iter().map(body).collect()
}

fn held(input: HeldInput) -> Held {
    Held {
        kind: input.kind,
        topic: input.topic,
        title: input.title,
        day: input.day,
        sessions: input.sessions,
        headcount: input.headcount,
        children: input.children,
    }
}

fn paid(input: &PaidInput) -> Paid {
    Paid { purpose: input.purpose, amount_fen: input.amount_fen, day: input.day, receipt: input.receipt.clone() }
}

/// The id in an address; anything else is not there.
pub fn program_id(text: &str) -> Result<ProgramId> {
    ProgramId::parse(text).map_err(|_| Error::missing("program", text))
}

/// The projects the person runs or oversees.
#[utoipa::path(get, path = "/api/v1/programs", tag = "program", responses((status = 200, body = ProgramsBody), (status = 403, body = Problem)))]
pub async fn list(State(app): State<Arc<App>>, actor: Actor) -> Result<Json<ProgramsBody>> {
    let found = actions::list(&app, &actor).await?;
    let programs = found.iter().map(|line| ProgramLine {
        id: line.program.id.to_string(),
        name: line.program.name.clone(),
        organization: line.organization.clone(),
        funder: line.program.funder.clone(),
        from_day: line.program.from,
        to_day: line.program.to,
        budget_fen: line.program.budget_fen,
        target_children: line.program.target_children,
        target_sessions: line.program.target_sessions,
        delivered: line.delivered,
    });
    Ok(Json(ProgramsBody { programs: programs.collect(), meta: Meta { total: found.len() as u64 } }))
}

/// What a project has given.
#[utoipa::path(get, path = "/api/v1/programs/{id}/delivery", tag = "program", params(("id" = String, Path)), responses((status = 200, body = DeliveryBody), (status = 404, body = Problem)))]
pub async fn read(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>) -> Result<Json<DeliveryBody>> {
    let view = actions::view(&app, &actor, &program_id(&id)?).await?;
    Ok(Json(DeliveryBody { delivered: view.delivered, activities: activities(&view.activities), payments: payments(&view.subsidies) }))
}

/// Writes down an activity of a project.
#[utoipa::path(post, path = "/api/v1/programs/{id}/activities", tag = "program", params(("id" = String, Path)), request_body = HeldInput, responses((status = 204), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn hold(
    State(app): State<Arc<App>>,
    actor: Actor,
    IdempotencyKey(key): IdempotencyKey,
    Path(id): Path<String>,
    Json(input): Json<HeldInput>,
) -> Result<StatusCode> {
    actions::hold(&app, &actor, &program_id(&id)?, &held(input), key.as_ref()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What the person's station gives of its own.
#[utoipa::path(get, path = "/api/v1/activities", tag = "program", responses((status = 200, body = [ActivityBody]), (status = 403, body = Problem)))]
pub async fn own(State(app): State<Arc<App>>, actor: Actor) -> Result<Json<Vec<ActivityBody>>> {
    Ok(Json(activities(&actions::own(&app, &actor).await?.activities)))
}

/// Writes down an activity of the person's station.
#[utoipa::path(post, path = "/api/v1/activities", tag = "program", request_body = HeldInput, responses((status = 204), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn hold_own(
    State(app): State<Arc<App>>,
    actor: Actor,
    IdempotencyKey(key): IdempotencyKey,
    Json(input): Json<HeldInput>,
) -> Result<StatusCode> {
    actions::hold_own(&app, &actor, &held(input), key.as_ref()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Pays for a project.
#[utoipa::path(post, path = "/api/v1/programs/{id}/subsidies", tag = "program", params(("id" = String, Path)), request_body = PaidInput, responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn pay(
    State(app): State<Arc<App>>,
    actor: Actor,
    IdempotencyKey(key): IdempotencyKey,
    Path(id): Path<String>,
    Json(input): Json<PaidInput>,
) -> Result<StatusCode> {
    actions::pay(&app, &actor, &program_id(&id)?, &paid(&input), key.as_ref()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Pays a station for its building or its running.
#[utoipa::path(post, path = "/api/v1/subsidies", tag = "program", request_body = PaidInput, responses((status = 204), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn pay_station(
    State(app): State<Arc<App>>,
    actor: Actor,
    IdempotencyKey(key): IdempotencyKey,
    Json(input): Json<PaidInput>,
) -> Result<StatusCode> {
    let station = OrganizationId::parse(input.station.as_deref().unwrap_or_default()).map_err(|_| Error::invalid("station", "required"))?;
    actions::pay_station(&app, &actor, &station, &paid(&input), key.as_ref()).await?;
    Ok(StatusCode::NO_CONTENT)
}
