//! Services, places and the steps of their organizations as JSON.

mod history;
mod places;
mod service;
mod suggest;

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::actions;
use super::model::Service;
use crate::access::Actor;
use crate::api::{Json, Problem};
use crate::app::App;
use crate::error::{Error, Result};
use crate::id::ServiceId;
use crate::organization;
use crate::organization::api::{Change, OrganizationAnswer, OrganizationBody, id_of as organization_id};
use crate::organization::model::Step;

pub use history::{
    location_versions, organization_versions, practitioner_versions, program_versions, put_back_location, put_back_organization,
    put_back_practitioner, put_back_program, put_back_service, service_versions,
};
pub use places::{places, post_places, site_of};
pub use service::{add, edit, read};
pub use suggest::{suggest, suggest_location, suggest_organization};

/// The folder's JSON routes, for the document.
#[derive(OpenApi)]
#[openapi(paths(
    change,
    step,
    check,
    suggest::suggest,
    suggest::suggest_organization,
    suggest::suggest_location,
    confirm,
    service::add,
    service::read,
    service::edit,
    places::places,
    places::post_places,
    history::organization_versions,
    history::service_versions,
    history::put_back_organization,
    history::put_back_service,
    history::location_versions,
    history::put_back_location,
    history::practitioner_versions,
    history::put_back_practitioner,
    history::program_versions,
    history::put_back_program,
))]
pub struct Api;

/// The id in an address; anything else is not there.
pub(super) fn id_of(text: &str) -> Result<ServiceId> {
    ServiceId::parse(text).map_err(|_| Error::missing("service", text))
}

/// Edits an organization. A new name, kind or code of a verified one waits for the registrar; a registrar's new kind is refused where
/// the law does not let such a body offer what it offers.
#[utoipa::path(patch, path = "/api/v1/organizations/{id}", tag = "organization", params(("id" = String, Path)), request_body = Change,
    responses((status = 200, body = OrganizationAnswer), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn change(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Json(sent): Json<Change>,
) -> Result<Json<OrganizationAnswer>> {
    let id = organization_id(&id)?;
    let (before, version, distinct) = (organization::view(&app, &actor, &id).await?, sent.version(), sent.is_distinct());
    let organization = actions::edit_organization(&app, &actor, &id, &sent.onto(&before), distinct, version).await?;
    Ok(Json(OrganizationAnswer { organization: OrganizationBody::of(&actor, organization) }))
}

/// A step of an organization.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepBody {
    /// `submit`, `verify`, `return`, `suspend`, `resume`, `close`, `reopen`.
    #[schema(value_type = String)]
    step: Step,
    /// Why; needed to return, suspend, close.
    #[serde(default)]
    reason: String,
    /// Version that was read.
    version: i64,
}

/// Takes a step of an organization. Verifying it checks its services as they stand.
#[utoipa::path(post, path = "/api/v1/organizations/{id}/steps", tag = "organization", params(("id" = String, Path)), request_body = StepBody,
    responses((status = 200, body = OrganizationAnswer), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn step(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Json(sent): Json<StepBody>,
) -> Result<Json<OrganizationAnswer>> {
    let id = organization_id(&id)?;
    let organization = actions::step_organization(&app, &actor, &id, sent.step, &sent.reason, sent.version).await?;
    Ok(Json(OrganizationAnswer { organization: OrganizationBody::of(&actor, organization) }))
}

/// The version that was read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Version {
    version: i64,
}

/// Whether a service waits for a registrar.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckedBody {
    /// Id of the service.
    service: String,
    unchecked: bool,
    version: i64,
}

impl CheckedBody {
    fn of(service: &Service) -> Self {
        Self { service: service.id.to_string(), unchecked: service.unchecked, version: service.version }
    }
}

/// Ticks off what is new about a service.
#[utoipa::path(post, path = "/api/v1/services/{id}/checks", tag = "service", params(("id" = String, Path)), request_body = Version,
    responses((status = 200, body = CheckedBody), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn check(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Json(sent): Json<Version>,
) -> Result<Json<CheckedBody>> {
    let service = actions::check(&app, &actor, &id_of(&id)?, sent.version).await?;
    Ok(Json(CheckedBody::of(&service)))
}

/// How it is known that a service is as its entry says.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    /// `phone`, `visit`, `own`, `document`.
    #[serde(default)]
    method: String,
}

/// Confirms that a service is as its entry says, today.
#[utoipa::path(post, path = "/api/v1/services/{id}/confirmations", tag = "service", params(("id" = String, Path)), request_body = Confirmation,
    responses((status = 204, description = "noted"), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn confirm(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Json(sent): Json<Confirmation>,
) -> Result<StatusCode> {
    actions::confirm(&app, &actor, &id_of(&id)?, &sent.method).await?;
    Ok(StatusCode::NO_CONTENT)
}
