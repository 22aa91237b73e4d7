//! Locations of an organization as JSON.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::actions::{self, WrittenLocation};
use super::super::model::Location;
use super::super::store::name_of;
use super::id_of;
use crate::access::Actor;
use crate::api::{IdempotencyKey, Json, Problem};
use crate::app::App;
use crate::error::Result;
use crate::web::Visit;

/// A location.
#[derive(Debug, Serialize, ToSchema)]
pub struct LocationBody {
    id: String,
    location_type: String,
    name: String,
    division: String,
    /// Village: statistical code of twelve digits; absent where it is kept back or not known.
    village: Option<String>,
    /// Absent where it is kept back.
    address: Option<String>,
    /// WGS-84; absent where it is kept back or not known.
    longitude: Option<f64>,
    latitude: Option<f64>,
    accessibility: Vec<String>,
    transportation: Option<String>,
}

impl LocationBody {
    fn of(location: Location, hidden: bool) -> Self {
        let point = location.point.filter(|_| !hidden);
        Self {
            id: location.id.to_string(),
            location_type: name_of(&location.location_type),
            name: location.name,
            division: location.division.to_string(),
            village: location.village.filter(|_| !hidden),
            address: (!hidden).then_some(location.address),
            longitude: point.map(|point| point.longitude),
            latitude: point.map(|point| point.latitude),
            accessibility: location.accessibility,
            transportation: location.transportation.filter(|_| !hidden),
        }
    }
}

/// The locations of an organization.
#[derive(Debug, Serialize, ToSchema)]
pub struct LocationsAnswer {
    locations: Vec<LocationBody>,
}

/// One location.
#[derive(Debug, Serialize, ToSchema)]
pub struct LocationAnswer {
    location: LocationBody,
}

/// A location to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddLocation {
    name: String,
    /// `physical`, `postal`, `virtual`, `redacted`.
    location_type: String,
    /// County or township; the organization's where absent.
    #[serde(default)]
    division: String,
    /// Village in that township: its name, or its statistical code of twelve digits.
    #[serde(default)]
    village: String,
    #[serde(default)]
    address: String,
    longitude: Option<f64>,
    latitude: Option<f64>,
    /// System of the point: `wgs84`, `gcj02`, `bd09`.
    #[serde(default)]
    crs: String,
    #[serde(default)]
    accessibility: Vec<String>,
    #[serde(default)]
    transportation: String,
}

/// The locations of an organization. A refuge's address and point are shown to its own people and the registrar.
#[utoipa::path(get, path = "/api/v1/organizations/{id}/locations", tag = "organization", params(("id" = String, Path)),
    responses((status = 200, body = LocationsAnswer), (status = 404, body = Problem)))]
pub async fn locations(State(app): State<Arc<App>>, visit: Visit, Path(id): Path<String>) -> Result<Json<LocationsAnswer>> {
    let (organization, found) = actions::locations(&app, &visit.actor, &id_of(&id)?).await?;
    let hidden = |location: &Location| actions::hides(&visit.actor, &organization, location);
    let locations = found.into_iter().map(|location| (hidden(&location), location));
    Ok(Json(LocationsAnswer { locations: locations.map(|(hidden, location)| LocationBody::of(location, hidden)).collect() }))
}

/// Adds a location. `Idempotency-Key` makes a repeated request answer with what it made.
#[utoipa::path(post, path = "/api/v1/organizations/{id}/locations", tag = "organization", params(("id" = String, Path)), request_body = AddLocation,
    responses((status = 201, body = LocationAnswer), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn add_location(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    IdempotencyKey(key): IdempotencyKey,
    Json(sent): Json<AddLocation>,
) -> Result<Response> {
    let degrees = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    let written = WrittenLocation {
        location_type: sent.location_type,
        name: sent.name,
        address: sent.address,
        division: sent.division,
        township: String::new(),
        village: sent.village,
        longitude: degrees(sent.longitude),
        latitude: degrees(sent.latitude),
        crs: sent.crs,
        accessibility: sent.accessibility,
        transportation: sent.transportation,
    };
    let location = actions::put_location(&app, &actor, &id_of(&id)?, None, &written, key.as_ref()).await?;
    Ok((StatusCode::CREATED, Json(LocationAnswer { location: LocationBody::of(location, false) })).into_response())
}
