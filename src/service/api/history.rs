//! The changes of an entry as JSON, and putting an old version back.

use std::sync::Arc;

use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::super::actions::{self, Belonging, Change};
use super::{CheckedBody, id_of};
use crate::access::Actor;
use crate::api::{Json, Problem};
use crate::app::App;
use crate::error::{Error, Result};
use crate::id::{LocationId, PractitionerId, ProgramId};
use crate::organization::api::{OrganizationAnswer, OrganizationBody, id_of as organization_id};

/// One field before and after. Of a service's `sites` and `areas` each element names its location by id and name; the `village` of a
/// location is given by name.
#[derive(Debug, Serialize, ToSchema)]
pub struct DifferenceBody {
    field: String,
    #[schema(value_type = Object)]
    old: Value,
    #[schema(value_type = Object)]
    new: Value,
}

/// A change.
#[derive(Debug, Serialize, ToSchema)]
pub struct VersionBody {
    /// The version the entry had before it.
    version: i64,
    at: String,
    /// Name of who made it, for those who check entries.
    by: Option<String>,
    changes: Vec<DifferenceBody>,
}

/// The changes of an entry, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct VersionsAnswer {
    versions: Vec<VersionBody>,
}

fn answer(changes: Vec<Change>) -> Json<VersionsAnswer> {
    let versions = changes.into_iter().map(|change| VersionBody {
        version: change.version,
        at: crate::clock::stored(change.at),
        by: change.by,
        changes: change.fields.into_iter().map(|one| DifferenceBody { field: one.field.into(), old: one.old, new: one.new }).collect(),
    });
    Json(VersionsAnswer { versions: versions.collect() })
}

/// What is put back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "the name in the body")]
pub struct PutBack {
    /// The version whose fields are put back.
    put_back: i64,
    /// Only this field of it.
    field: Option<String>,
    /// Version of the entry that was read.
    version: i64,
}

/// The changes of an organization, for those who see it from inside.
#[utoipa::path(get, path = "/api/v1/organizations/{id}/versions", tag = "organization", params(("id" = String, Path)),
    responses((status = 200, body = VersionsAnswer), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn organization_versions(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>) -> Result<Json<VersionsAnswer>> {
    Ok(answer(actions::organization_history(&app, &actor, &organization_id(&id)?).await?.1))
}

/// The changes of a service, for those who see its organization from inside.
#[utoipa::path(get, path = "/api/v1/services/{id}/versions", tag = "service", params(("id" = String, Path)),
    responses((status = 200, body = VersionsAnswer), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn service_versions(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>) -> Result<Json<VersionsAnswer>> {
    Ok(answer(actions::service_history(&app, &actor, &id_of(&id)?).await?.2))
}

/// Puts a version of an organization back; an edit like any other.
#[utoipa::path(post, path = "/api/v1/organizations/{id}/versions", tag = "organization", params(("id" = String, Path)), request_body = PutBack,
    responses((status = 200, body = OrganizationAnswer), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn put_back_organization(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Json(sent): Json<PutBack>,
) -> Result<Json<OrganizationAnswer>> {
    let id = organization_id(&id)?;
    let organization = actions::put_back_organization(&app, &actor, &id, sent.put_back, sent.field.as_deref(), sent.version).await?;
    Ok(Json(OrganizationAnswer { organization: OrganizationBody::of(&actor, organization) }))
}

/// Puts a version of a service back; an edit like any other, so the registrar checks it.
#[utoipa::path(post, path = "/api/v1/services/{id}/versions", tag = "service", params(("id" = String, Path)), request_body = PutBack,
    responses((status = 200, body = CheckedBody), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn put_back_service(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Json(sent): Json<PutBack>,
) -> Result<Json<CheckedBody>> {
    let id = id_of(&id)?;
    let service = actions::put_back_service(&app, &actor, &id, sent.put_back, sent.field.as_deref(), sent.version).await?;
    Ok(Json(CheckedBody::of(&service)))
}

/// The version a location, a person or a project has now.
#[derive(Debug, Serialize, ToSchema)]
pub struct StandsAnswer {
    /// Id of the thing.
    id: String,
    version: i64,
}

/// The changes of a thing of an organization, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct BelongingAnswer {
    /// The version it has now: what is sent to put one back.
    version: i64,
    versions: Vec<VersionBody>,
}

fn belonging<T>(found: Belonging<T>) -> Json<BelongingAnswer> {
    let Json(VersionsAnswer { versions }) = answer(found.changes);
    Json(BelongingAnswer { version: found.version, versions })
}

/// The changes of a location, for those who see its organization from inside and may read its address.
#[utoipa::path(get, path = "/api/v1/locations/{id}/versions", tag = "organization", params(("id" = String, Path)),
    responses((status = 200, body = BelongingAnswer), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn location_versions(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>) -> Result<Json<BelongingAnswer>> {
    Ok(belonging(actions::location_history(&app, &actor, &location_id(&id)?).await?))
}

/// Puts a version of a location back, or one field of it; division and village, and a point with its source, go together.
#[utoipa::path(post, path = "/api/v1/locations/{id}/versions", tag = "organization", params(("id" = String, Path)), request_body = PutBack,
    responses((status = 200, body = StandsAnswer), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn put_back_location(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Json(sent): Json<PutBack>,
) -> Result<Json<StandsAnswer>> {
    let id = location_id(&id)?;
    actions::put_back_location(&app, &actor, &id, sent.put_back, sent.field.as_deref(), sent.version).await?;
    Ok(Json(StandsAnswer { id: id.to_string(), version: sent.version + 1 }))
}

/// The changes of a licensed person, for those who see the organization from inside.
#[utoipa::path(get, path = "/api/v1/practitioners/{id}/versions", tag = "organization", params(("id" = String, Path)),
    responses((status = 200, body = BelongingAnswer), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn practitioner_versions(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>) -> Result<Json<BelongingAnswer>> {
    Ok(belonging(actions::practitioner_history(&app, &actor, &practitioner_id(&id)?).await?))
}

/// Puts a version of a licensed person back, or one field of it.
#[utoipa::path(post, path = "/api/v1/practitioners/{id}/versions", tag = "organization", params(("id" = String, Path)), request_body = PutBack,
    responses((status = 200, body = StandsAnswer), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn put_back_practitioner(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Json(sent): Json<PutBack>,
) -> Result<Json<StandsAnswer>> {
    let id = practitioner_id(&id)?;
    actions::put_back_practitioner(&app, &actor, &id, sent.put_back, sent.field.as_deref(), sent.version).await?;
    Ok(Json(StandsAnswer { id: id.to_string(), version: sent.version + 1 }))
}

/// The changes of a purchased project, for those who see the organization from inside.
#[utoipa::path(get, path = "/api/v1/programs/{id}/versions", tag = "organization", params(("id" = String, Path)),
    responses((status = 200, body = BelongingAnswer), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn program_versions(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>) -> Result<Json<BelongingAnswer>> {
    Ok(belonging(actions::program_history(&app, &actor, &program_id(&id)?).await?))
}

/// Puts a version of a purchased project back, or one field of it; its first and last day go together.
#[utoipa::path(post, path = "/api/v1/programs/{id}/versions", tag = "organization", params(("id" = String, Path)), request_body = PutBack,
    responses((status = 200, body = StandsAnswer), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn put_back_program(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Json(sent): Json<PutBack>,
) -> Result<Json<StandsAnswer>> {
    let id = program_id(&id)?;
    actions::put_back_program(&app, &actor, &id, sent.put_back, sent.field.as_deref(), sent.version).await?;
    Ok(Json(StandsAnswer { id: id.to_string(), version: sent.version + 1 }))
}

fn program_id(text: &str) -> Result<ProgramId> {
    ProgramId::parse(text).map_err(|_| Error::missing("program", text))
}

fn location_id(text: &str) -> Result<LocationId> {
    LocationId::parse(text).map_err(|_| Error::missing("location", text))
}

fn practitioner_id(text: &str) -> Result<PractitionerId> {
    PractitionerId::parse(text).map_err(|_| Error::missing("practitioner", text))
}
