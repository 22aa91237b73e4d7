//! What somebody says is otherwise, as JSON.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::super::actions::{self, Proposal};
use super::id_of;
use crate::access::Actor;
use crate::api::{IdempotencyKey, Json, Problem};
use crate::app::App;
use crate::error::{Error, Result};
use crate::id::LocationId;
use crate::organization::api::id_of as organization_id;
use crate::store::json;

/// What is wrong about an entry.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Suggestion {
    /// Of a service `phones`, `schedule`, `address`, `fees`, `eligibility`, `places`, `existence`, `description`, `application`,
    /// `wait_days`, `website`, `other`; of an organization `phones`, `address`, `website`, `description`, `existence`, `other`.
    field: String,
    /// What is right, in words.
    #[serde(default)]
    suggested: String,
    /// Of a service, instead of words, the value that should stand in `schedule`, `fees` or `areas` (a list of `location` and `areas`):
    /// whoever settles it puts it in by taking it.
    #[schema(value_type = Option<Object>)]
    value: Option<Value>,
}

/// Says that a fact is wrong. `Idempotency-Key` keeps a repeated request from saying it twice.
#[utoipa::path(post, path = "/api/v1/services/{id}/suggestions", tag = "service", params(("id" = String, Path)), request_body = Suggestion,
    responses((status = 204, description = "kept for the organization and the registrar"), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn suggest(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    IdempotencyKey(key): IdempotencyKey,
    Json(sent): Json<Suggestion>,
) -> Result<StatusCode> {
    let id = id_of(&id)?;
    match sent.value {
        Some(value) => {
            let proposal = Proposal { values: vec![(sent.field, value)], ..Proposal::default() };
            actions::propose(&app, &actor, &id, &proposal, key.as_ref()).await?;
        }
        None => actions::suggest(&app, &actor, &id, &sent.field, &sent.suggested, key.as_ref()).await?,
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Says that a fact about an organization is wrong. `Idempotency-Key` keeps a repeated request from saying it twice.
#[utoipa::path(post, path = "/api/v1/organizations/{id}/suggestions", tag = "organization", params(("id" = String, Path)), request_body = Suggestion,
    responses((status = 204, description = "kept for the organization and the registrar"), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn suggest_organization(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    IdempotencyKey(key): IdempotencyKey,
    Json(sent): Json<Suggestion>,
) -> Result<StatusCode> {
    if sent.value.is_some() {
        return Err(Error::invalid("value", "no_value"));
    }
    actions::suggest_organization(&app, &actor, &organization_id(&id)?, &sent.field, &sent.suggested, key.as_ref()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What should stand at a location.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LocationSuggestion {
    /// `name`, `location_type`, `address`, `division`, `village`, `point`, `accessibility`, `transportation`.
    field: String,
    /// The text that should stand there.
    #[serde(default)]
    suggested: String,
    /// Instead of a text the value of `point` (`longitude` and `latitude`, WGS-84) or of `accessibility` (a list).
    #[schema(value_type = Option<Object>)]
    value: Option<Value>,
}

/// Says what should stand at a location. `Idempotency-Key` keeps a repeated request from saying it twice.
#[utoipa::path(post, path = "/api/v1/locations/{id}/suggestions", tag = "organization", params(("id" = String, Path)), request_body = LocationSuggestion,
    responses((status = 204, description = "kept for the organization and the registrar"), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn suggest_location(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    IdempotencyKey(key): IdempotencyKey,
    Json(sent): Json<LocationSuggestion>,
) -> Result<StatusCode> {
    let id = LocationId::parse(&id).map_err(|_| Error::missing("location", &id))?;
    let text = sent.value.as_ref().map_or(sent.suggested, json);
    actions::propose_location(&app, &actor, &id, &sent.field, &text, key.as_ref()).await?;
    Ok(StatusCode::NO_CONTENT)
}
