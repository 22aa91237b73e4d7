//! Dispatches as JSON.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::actions::Deed;
use super::super::model::Channel;
use super::actions::{self, NewDispatch};
use super::model::Mode;
use crate::access::Actor;
use crate::api::{IdempotencyKey, Json, Problem};
use crate::app::App;
use crate::clock::stored;
use crate::consent::model::{Item, Purpose};
use crate::error::{Error, Result};
use crate::id::{DispatchId, NeedId, ReferralId, ServiceAtLocationId};
use crate::secret::Hidden;

/// What a dispatch is written from.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DispatchInput {
    /// Which need.
    need: String,
    /// `cascade`: one after the other; `parallel`: up to three at once.
    mode: String,
    /// Services at locations, in the order in which they are asked.
    services_at_locations: Vec<String>,
    /// For what: `assess`, `serve`, `apply`, `protect`.
    purpose: String,
    /// What is seen after acceptance, as far as consents allow.
    #[serde(default)]
    items: Vec<String>,
    /// When the child can come.
    #[serde(default)]
    time_windows: String,
    /// What staff must know to be safe.
    #[serde(default)]
    safety_notes: String,
    /// How the child moves.
    #[serde(default)]
    mobility: String,
    /// Whether the sex matters.
    #[serde(default)]
    share_sex: bool,
    /// The ended referral it follows.
    #[serde(default)]
    follows: Option<String>,
}

/// One who is asked.
#[derive(Debug, Serialize, ToSchema)]
pub struct AskedBody {
    referral: String,
    number: String,
    service_at_location: String,
    organization: String,
    state: String,
    due_at: Option<String>,
    /// The proposal of the matcher as it stood; null where a person chose somebody else.
    proposal: Option<serde_json::Value>,
}

/// A dispatch.
#[derive(Debug, Serialize, ToSchema)]
pub struct DispatchBody {
    id: String,
    need: String,
    mode: String,
    /// `planned`, `running`, `accepted`, `exhausted`, `stopped`.
    state: String,
    /// In the order in which they are asked.
    candidates: Vec<AskedBody>,
}

/// A candidate more.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CandidateInput {
    /// Which service, where.
    service_at_location: String,
}

/// Why it is stopped.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StopInput {
    /// A reason to take back, as for a referral.
    reason: String,
    /// Words; sealed under the child's key.
    #[serde(default)]
    #[schema(value_type = String)]
    note: Hidden,
}

/// Reads the id of a dispatch.
pub fn dispatch_id(text: &str) -> Result<DispatchId> {
    DispatchId::parse(text).map_err(|_| Error::missing("dispatch", text))
}

fn site(text: &str) -> Result<ServiceAtLocationId> {
    ServiceAtLocationId::parse(text).map_err(|_| Error::missing("service", text))
}

async fn body(app: &App, actor: &Actor, id: &DispatchId) -> Result<DispatchBody> {
    let (dispatch, need, _, referrals) = actions::view(app, actor, id).await?;
    let asked = referrals.into_iter().map(|referral| AskedBody {
        state: referral.state().name().into(),
        due_at: referral.due.map(|(at, _)| stored(at)),
        proposal: dispatch
            .candidates
            .iter()
            .find(|candidate| candidate.service_at_location == referral.site)
            .and_then(|candidate| candidate.proposal.clone()),
        referral: referral.id.to_string(),
        number: referral.number,
        service_at_location: referral.site.to_string(),
        organization: referral.organization.to_string(),
    });
    Ok(DispatchBody {
        id: dispatch.id.to_string(),
        need: need.id.to_string(),
        mode: dispatch.mode.name().into(),
        state: dispatch.state.name().into(),
        candidates: asked.collect(),
    })
}

/// Starts a dispatch: those whose turn it is are asked at once.
#[utoipa::path(post, path = "/api/v1/dispatches", request_body = DispatchInput, responses((status = 201, body = DispatchBody), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn create(
    State(app): State<Arc<App>>,
    actor: Actor,
    IdempotencyKey(key): IdempotencyKey,
    Json(input): Json<DispatchInput>,
) -> Result<Response> {
    let follows = input.follows.as_deref().map(|id| ReferralId::parse(id).map_err(|_| Error::missing("referral", id)));
    let items = input.items.iter().map(|name| Item::of(name).ok_or_else(|| Error::invalid("items", "unlisted")));
    let new = NewDispatch {
        need: NeedId::parse(&input.need).map_err(|_| Error::missing("need", &input.need))?,
        mode: Deed::code("mode", &input.mode, Mode::of)?,
        sites: input.services_at_locations.iter().map(|text| site(text)).collect::<Result<_>>()?,
        purpose: Deed::code("purpose", &input.purpose, Purpose::of)?,
        items: items.collect::<Result<_>>()?,
        time_windows: input.time_windows,
        safety_notes: input.safety_notes,
        mobility: input.mobility,
        share_sex: input.share_sex,
        follows: follows.transpose()?,
    };
    let id = actions::start(&app, &actor, &new, Channel::Api, key.as_ref()).await?;
    Ok((StatusCode::CREATED, Json(body(&app, &actor, &id).await?)).into_response())
}

/// A dispatch as it stands.
#[utoipa::path(get, path = "/api/v1/dispatches/{id}", params(("id" = String, Path)), responses((status = 200, body = DispatchBody), (status = 404, body = Problem)))]
pub async fn one(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>) -> Result<Json<DispatchBody>> {
    body(&app, &actor, &dispatch_id(&id)?).await.map(Json)
}

/// Adds a candidate at the end of the line.
#[utoipa::path(post, path = "/api/v1/dispatches/{id}/candidates", params(("id" = String, Path)), request_body = CandidateInput, responses((status = 200, body = DispatchBody), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn extend(
    State(app): State<Arc<App>>,
    actor: Actor,
    IdempotencyKey(key): IdempotencyKey,
    Path(id): Path<String>,
    Json(input): Json<CandidateInput>,
) -> Result<Json<DispatchBody>> {
    let id = dispatch_id(&id)?;
    actions::extend(&app, &actor, &id, &site(&input.service_at_location)?, Channel::Api, key.as_ref()).await?;
    body(&app, &actor, &id).await.map(Json)
}

/// Stops a dispatch: whoever has not taken the need on is told off.
#[utoipa::path(post, path = "/api/v1/dispatches/{id}/stop", params(("id" = String, Path)), request_body = StopInput, responses((status = 200, body = DispatchBody), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn stop(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Json(input): Json<StopInput>,
) -> Result<Json<DispatchBody>> {
    let id = dispatch_id(&id)?;
    let deed = Deed { reason: input.reason, note: input.note, ..Deed::default() };
    actions::stop(&app, &actor, &id, &deed, Channel::Api).await?;
    body(&app, &actor, &id).await.map(Json)
}
