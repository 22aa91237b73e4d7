//! Places as JSON.

use std::sync::Arc;

use axum::extract::{Path, State};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::actions::{self, Posting, Term, Word};
use super::super::model::Place;
use crate::access::Actor;
use crate::api::{IdempotencyKey, Json, Problem};
use crate::app::App;
use crate::error::{Error, Result};
use crate::id::ServiceAtLocationId;
use crate::web::Visit;

/// The id in an address or a form; anything else is not there.
pub fn site_of(text: &str) -> Result<ServiceAtLocationId> {
    ServiceAtLocationId::parse(text).map_err(|_| Error::missing("service_at_location", text))
}

/// A row of places.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlaceBody {
    /// First day of the term; absent = always.
    term_from: Option<String>,
    term_to: Option<String>,
    capacity: u32,
    used: u32,
    held: u32,
    free: u32,
    /// `organization`, `worker`, `import`, `decline`.
    source: String,
    as_of: String,
}

/// The rows of a service at a location; none = not posted.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlacesAnswer {
    places: Vec<PlaceBody>,
}

fn answer(rows: Vec<Place>) -> Json<PlacesAnswer> {
    let places = rows.into_iter().map(|row| PlaceBody {
        term_from: row.term_from.map(|day| day.to_string()),
        term_to: row.term_to.map(|day| day.to_string()),
        capacity: row.capacity,
        used: row.used,
        held: row.held,
        free: row.free(),
        source: row.source,
        as_of: crate::clock::stored(row.as_of),
    });
    Json(PlacesAnswer { places: places.collect() })
}

/// The places of a service at a location.
#[utoipa::path(get, path = "/api/v1/service_at_locations/{id}/places", tag = "service", params(("id" = String, Path)),
    responses((status = 200, body = PlacesAnswer), (status = 404, body = Problem)))]
pub async fn places(State(app): State<Arc<App>>, visit: Visit, Path(id): Path<String>) -> Result<Json<PlacesAnswer>> {
    Ok(answer(actions::posted(&app, &visit.actor, &site_of(&id)?).await?))
}

/// What is said about places: one of `capacity`, `free`, `by`; none of them confirms what is posted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PostPlaces {
    /// First day of the term; absent = always.
    #[schema(value_type = Option<String>)]
    term_from: Option<Date>,
    #[schema(value_type = Option<String>)]
    term_to: Option<Date>,
    /// Places in all, taken ones among them.
    capacity: Option<u32>,
    /// Places that are free now.
    free: Option<u32>,
    /// So many more, or less.
    by: Option<i64>,
    /// Who of the organization said so, where a station posts for it.
    #[serde(default)]
    spoke_with: String,
}

/// Posts places; what is taken stays taken. `Idempotency-Key` keeps a repeated request from counting twice.
#[utoipa::path(put, path = "/api/v1/service_at_locations/{id}/places", tag = "service", params(("id" = String, Path)), request_body = PostPlaces,
    responses((status = 200, body = PlacesAnswer), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn post_places(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    IdempotencyKey(key): IdempotencyKey,
    Json(sent): Json<PostPlaces>,
) -> Result<Json<PlacesAnswer>> {
    let posting = match (sent.capacity, sent.free, sent.by) {
        (Some(count), None, None) => Posting::Capacity(count),
        (None, Some(count), None) => Posting::Free(count),
        (None, None, Some(by)) => Posting::By(by),
        (None, None, None) => Posting::Same,
        _ => return Err(Error::invalid("capacity", "one_of_three")),
    };
    let term = sent.term_from.map(|from| Term { from, to: sent.term_to });
    Ok(answer(
        actions::post_places(&app, &actor, &site_of(&id)?, Word { term, posting, spoke_with: &sent.spoke_with }, key.as_ref()).await?,
    ))
}
