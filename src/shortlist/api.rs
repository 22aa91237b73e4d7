//! Saved lists as JSON.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::actions::{self, Edit, Entry};
use super::model::Shortlist;
use crate::access::Actor;
use crate::api::{IdempotencyKey, Json, Meta, Problem};
use crate::app::App;
use crate::clock;
use crate::error::{Error, Result};
use crate::id::{ServiceId, ShortlistId};
use crate::search::card::{self, CardBody};
use crate::search::{Words, moment_at};
use crate::web::Visit;

/// A list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShortlistBody {
    id: String,
    name: String,
    /// Whether it is the person's own.
    own: bool,
    /// Whether a station shares it.
    shared: bool,
    /// How many services it holds.
    services: u32,
    version: i64,
    at: String,
}

/// The person's own lists, then what others share with the station.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShortlistsBody {
    shortlists: Vec<ShortlistBody>,
    meta: Meta,
}

/// A service of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct EntryBody {
    id: String,
    /// Whether the reader finds it still; else nothing is said of it.
    listed: bool,
    /// What a family may be handed of it.
    card: Option<CardBody>,
}

/// A list with its services, as they were put in.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShortlistAnswer {
    shortlist: ShortlistBody,
    services: Vec<EntryBody>,
}

/// A list to be begun. Its name is no child's.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShortlistInput {
    name: String,
    /// Its first service.
    #[schema(value_type = Option<String>)]
    service: Option<ServiceId>,
}

/// What the owner says of a list.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditInput {
    name: String,
    shared: bool,
    /// The version that was read.
    version: i64,
}

/// A service to be put in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddInput {
    #[schema(value_type = String)]
    service: ServiceId,
}

/// The list that was begun.
#[derive(Debug, Serialize, ToSchema)]
pub struct BegunBody {
    id: String,
}

fn body(list: &Shortlist, actor: &Actor) -> ShortlistBody {
    ShortlistBody {
        id: list.id.to_string(),
        name: list.name.clone(),
        own: actions::owns(actor, list),
        shared: list.station.is_some(),
        services: list.services,
        version: list.version,
        at: clock::stored(list.at),
    }
}

/// The id in an address; anything else is not there.
pub fn shortlist_id(text: &str) -> Result<ShortlistId> {
    ShortlistId::parse(text).map_err(|_| Error::missing(ShortlistId::KIND, text))
}

/// The id of a service in an address; anything else is not there.
pub fn service_id(text: &str) -> Result<ServiceId> {
    ServiceId::parse(text).map_err(|_| Error::missing("service", text))
}

/// The person's own lists, and what others share with the person's station.
#[utoipa::path(get, path = "/api/v1/shortlists", tag = "shortlist", responses((status = 200, body = ShortlistsBody), (status = 403, body = Problem)))]
pub async fn list(State(app): State<Arc<App>>, actor: Actor) -> Result<Json<ShortlistsBody>> {
    let found = actions::lists(&app, &actor).await?;
    let shortlists = found.iter().map(|list| body(list, &actor)).collect();
    Ok(Json(ShortlistsBody { meta: Meta { total: found.len() as u64 }, shortlists }))
}

/// Begins a list.
#[utoipa::path(post, path = "/api/v1/shortlists", tag = "shortlist", request_body = ShortlistInput, responses((status = 201, body = BegunBody), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn make(
    State(app): State<Arc<App>>,
    actor: Actor,
    IdempotencyKey(key): IdempotencyKey,
    Json(input): Json<ShortlistInput>,
) -> Result<(StatusCode, Json<BegunBody>)> {
    let id = actions::make(&app, &actor, &input.name, input.service.as_ref(), key.as_ref()).await?;
    Ok((StatusCode::CREATED, Json(BegunBody { id: id.to_string() })))
}

/// A list with its services; of one that the reader does not find any more only the id.
#[utoipa::path(get, path = "/api/v1/shortlists/{id}", tag = "shortlist", params(("id" = String, Path)), responses((status = 200, body = ShortlistAnswer), (status = 404, body = Problem)))]
pub async fn read(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Json<ShortlistAnswer>> {
    let view = actions::view(&app, &actor, &shortlist_id(&id)?).await?;
    let words = Words::of(&app, visit.locale);
    let entry = |entry: &Entry| EntryBody {
        id: entry.service.to_string(),
        listed: entry.seen.is_some(),
        card: entry.seen.as_ref().map(|seen| card::of(seen, &words, &moment_at(&app, seen))),
    };
    Ok(Json(ShortlistAnswer { shortlist: body(&view.list, &actor), services: view.entries.iter().map(entry).collect() }))
}

/// Renames a list, shares it with the owner's station, or stops sharing it.
#[utoipa::path(put, path = "/api/v1/shortlists/{id}", tag = "shortlist", params(("id" = String, Path)), request_body = EditInput, responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn edit(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>, Json(input): Json<EditInput>) -> Result<StatusCode> {
    let edit = Edit { name: &input.name, shared: input.shared, version: input.version };
    actions::edit(&app, &actor, &shortlist_id(&id)?, &edit).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Deletes a list of one's own.
#[utoipa::path(delete, path = "/api/v1/shortlists/{id}", tag = "shortlist", params(("id" = String, Path)), responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn delete(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>) -> Result<StatusCode> {
    actions::delete(&app, &actor, &shortlist_id(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Puts a service into a list; one that is in it stays where it is.
#[utoipa::path(post, path = "/api/v1/shortlists/{id}/services", tag = "shortlist", params(("id" = String, Path)), request_body = AddInput, responses((status = 204), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn add(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>, Json(input): Json<AddInput>) -> Result<StatusCode> {
    actions::add(&app, &actor, &shortlist_id(&id)?, &input.service).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a service out of a list.
#[utoipa::path(delete, path = "/api/v1/shortlists/{id}/services/{service}", tag = "shortlist", params(("id" = String, Path), ("service" = String, Path)), responses((status = 204), (status = 404, body = Problem)))]
pub async fn remove(State(app): State<Arc<App>>, actor: Actor, Path((id, service)): Path<(String, String)>) -> Result<StatusCode> {
    actions::remove(&app, &actor, &shortlist_id(&id)?, &service_id(&service)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
