//! Divisions and villages as JSON, and the county shapes for the map.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use lianjie_index::DivisionCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::store;
use crate::api::{Json, Problem, Query};
use crate::app::App;
use crate::error::{Error, Result};
use crate::seed;

/// Which divisions.
#[derive(Debug, Deserialize, IntoParams)]
pub struct Below {
    /// Code of the division above; 32 when absent.
    parent: Option<String>,
}

/// A division.
#[derive(Debug, Serialize, ToSchema)]
pub struct DivisionBody {
    code: String,
    name: String,
    level: String,
    longitude: Option<f64>,
    latitude: Option<f64>,
    /// Whether the point is of the place itself; otherwise distances from it are approximate.
    exact: bool,
}

/// Divisions.
#[derive(Debug, Serialize, ToSchema)]
pub struct DivisionsBody {
    divisions: Vec<DivisionBody>,
}

/// The divisions right below one.
#[utoipa::path(get, path = "/api/v1/divisions", tag = "division", params(Below), responses((status = 200, body = DivisionsBody), (status = 422, body = Problem)))]
pub async fn divisions(State(app): State<Arc<App>>, Query(below): Query<Below>) -> Result<Json<DivisionsBody>> {
    let parent: DivisionCode = below.parent.as_deref().unwrap_or("32").parse().map_err(|_| Error::invalid("parent", "division"))?;
    let divisions = app.divisions.get();
    let rows = divisions.children(&parent).map(|row| DivisionBody {
        code: row.code.to_string(),
        name: row.name.clone(),
        level: row.level.clone(),
        longitude: row.point.map(|point| point.longitude),
        latitude: row.point.map(|point| point.latitude),
        exact: row.exact,
    });
    Ok(Json(DivisionsBody { divisions: rows.collect() }))
}

/// A village or community.
#[derive(Debug, Serialize, ToSchema)]
pub struct VillageBody {
    /// Statistical code of twelve digits.
    code: String,
    name: String,
}

/// Villages.
#[derive(Debug, Serialize, ToSchema)]
pub struct VillagesBody {
    villages: Vec<VillageBody>,
}

/// The villages of a township.
#[utoipa::path(get, path = "/api/v1/divisions/{code}/villages", tag = "division", params(("code" = String, Path, description = "Code of the township")),
    responses((status = 200, body = VillagesBody), (status = 422, body = Problem)))]
pub async fn villages(State(app): State<Arc<App>>, Path(code): Path<String>) -> Result<Json<VillagesBody>> {
    let code = code.parse().map_err(|_| Error::invalid("code", "division"))?;
    let villages = store::villages(&mut *app.store.read().await?, &code).await?;
    Ok(Json(VillagesBody {
        villages: villages.into_iter().map(|village| VillageBody { code: village.code, name: village.name }).collect(),
    }))
}

/// The county shapes: `GeoJSON` with source and approval number; show both beside the map.
pub async fn counties() -> Result<Response> {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/geo+json")),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=86400")),
    ];
    Ok((headers, seed::text("jiangsu.geojson")?).into_response())
}
