//! Emergencies as JSON.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use lianjie_index::DivisionCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::actions::{self, About};
use super::model::{Emergency, Step};
use crate::access::Actor;
use crate::api::{IdempotencyKey, Json, Meta, Problem};
use crate::app::App;
use crate::case::lead::actions::lead_lists;
use crate::clock;
use crate::error::{Error, Result};
use crate::id::{CaseId, EmergencyId, LeadId};
use crate::secret::Hidden;

/// A step.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepBody {
    step: Step,
    /// RFC 3339 UTC.
    due_at: String,
    done_at: Option<String>,
    late: bool,
    /// Null for who may not read it.
    note: Option<String>,
}

/// An emergency.
#[derive(Debug, Serialize, ToSchema)]
pub struct EmergencyBody {
    id: String,
    division: String,
    case: Option<String>,
    lead: Option<String>,
    cause: String,
    started_at: String,
    ended_at: Option<String>,
    /// The next step; null once all are done or it has ended.
    next: Option<Step>,
    steps: Vec<StepBody>,
}

/// One emergency.
#[derive(Debug, Serialize, ToSchema)]
pub struct EmergencyAnswer {
    emergency: EmergencyBody,
    may_end: bool,
}

/// Emergencies: those that run first.
#[derive(Debug, Serialize, ToSchema)]
pub struct EmergenciesBody {
    emergencies: Vec<EmergencyBody>,
    meta: Meta,
}

/// Starts one: of a case, of a lead, or of a call with its township and words.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartInput {
    /// `injury`, `violence`, `abuse`, `unattended`, `self_harm`, `missing`, `other`.
    cause: String,
    case: Option<String>,
    lead: Option<String>,
    #[schema(value_type = Option<String>)]
    division: Option<DivisionCode>,
    #[serde(default)]
    #[schema(value_type = String)]
    words: Hidden,
}

/// A step that was done.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepInput {
    step: Step,
    /// What was done.
    #[schema(value_type = String)]
    note: Hidden,
}

/// The emergency that was started.
#[derive(Debug, Serialize, ToSchema)]
pub struct StartedBody {
    id: String,
}

/// The id in an address; anything else is not there.
pub fn emergency_id(text: &str) -> Result<EmergencyId> {
    EmergencyId::parse(text).map_err(|_| Error::missing("emergency", text))
}

/// Whom it is about, of what was sent.
pub fn about(case: &str, lead: &str, division: Option<DivisionCode>, words: Hidden) -> Result<About> {
    match (case, lead, division) {
        ("", "", Some(division)) => Ok(About::Call(division, words)),
        ("", "", None) => Err(Error::invalid("division", "township")),
        ("", lead, _) => LeadId::parse(lead).map(About::Lead).map_err(|_| Error::missing("lead", lead)),
        (case, _, _) => CaseId::parse(case).map(About::Case).map_err(|_| Error::missing("case", case)),
    }
}

fn body(emergency: &Emergency, notes: Option<&actions::View>, now: jiff::Timestamp) -> EmergencyBody {
    let step = |step: Step| StepBody {
        step,
        due_at: clock::stored(emergency.due(step)),
        done_at: emergency.done(step).map(|done| clock::stored(done.at)),
        late: emergency.is_late(step, now),
        note: notes.and_then(|view| view.notes.get(step.name())).map(|note| note.reveal().to_owned()),
    };
    EmergencyBody {
        id: emergency.id.to_string(),
        division: emergency.division.to_string(),
        case: emergency.case.as_ref().map(ToString::to_string),
        lead: emergency.lead.as_ref().map(ToString::to_string),
        cause: emergency.cause.clone(),
        started_at: clock::stored(emergency.started_at),
        ended_at: emergency.ended_at.map(clock::stored),
        next: emergency.next(),
        steps: Step::ALL.map(step).into(),
    }
}

/// The emergencies of the person's first list.
#[utoipa::path(get, path = "/api/v1/emergencies", tag = "case", responses((status = 200, body = EmergenciesBody), (status = 403, body = Problem)))]
pub async fn list(State(app): State<Arc<App>>, actor: Actor) -> Result<Json<EmergenciesBody>> {
    let list = lead_lists(&actor).into_iter().next().ok_or(Error::Forbidden { why: "role" })?;
    let (found, now) = (actions::list(&app, &actor, &list).await?, app.now());
    let emergencies = found.iter().map(|emergency| body(emergency, None, now)).collect();
    Ok(Json(EmergenciesBody { meta: Meta { total: found.len() as u64 }, emergencies }))
}

/// Starts an emergency.
#[utoipa::path(post, path = "/api/v1/emergencies", tag = "case", request_body = StartInput, responses((status = 201, body = StartedBody), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn start(
    State(app): State<Arc<App>>,
    actor: Actor,
    IdempotencyKey(key): IdempotencyKey,
    Json(input): Json<StartInput>,
) -> Result<(StatusCode, Json<StartedBody>)> {
    let about = about(&input.case.unwrap_or_default(), &input.lead.unwrap_or_default(), input.division, input.words)?;
    let id = actions::start(&app, &actor, &about, &input.cause, key.as_ref()).await?;
    Ok((StatusCode::CREATED, Json(StartedBody { id: id.to_string() })))
}

/// An emergency.
#[utoipa::path(get, path = "/api/v1/emergencies/{id}", tag = "case", params(("id" = String, Path)), responses((status = 200, body = EmergencyAnswer), (status = 404, body = Problem)))]
pub async fn read(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>) -> Result<Json<EmergencyAnswer>> {
    let view = actions::view(&app, &actor, &emergency_id(&id)?).await?;
    Ok(Json(EmergencyAnswer { emergency: body(&view.emergency, Some(&view), app.now()), may_end: view.may_end }))
}

/// Says that a step was done.
#[utoipa::path(post, path = "/api/v1/emergencies/{id}/steps", tag = "case", params(("id" = String, Path)), request_body = StepInput, responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn step(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>, Json(input): Json<StepInput>) -> Result<StatusCode> {
    actions::step(&app, &actor, &emergency_id(&id)?, input.step, &input.note).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends an emergency.
#[utoipa::path(post, path = "/api/v1/emergencies/{id}/end", tag = "case", params(("id" = String, Path)), responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn end(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>) -> Result<StatusCode> {
    actions::end(&app, &actor, &emergency_id(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
