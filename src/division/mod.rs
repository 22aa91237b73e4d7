//! Divisions, zones and villages: where things are.

mod actions;
mod api;
pub mod meaning;
pub mod model;
pub mod store;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use utoipa::OpenApi;

use crate::app::App;

pub use actions::meant;

/// The folder's JSON routes, for the document.
#[derive(OpenApi)]
#[openapi(paths(api::divisions, api::villages))]
pub struct Api;

/// The folder's routes.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/divisions", get(api::divisions))
        .route("/api/v1/divisions/{code}/villages", get(api::villages))
        .route("/map/counties.json", get(api::counties))
}
