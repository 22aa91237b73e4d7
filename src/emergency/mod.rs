//! Emergencies (突发紧急个案): a child is in danger now, and what must be done by when runs by the clock, day and night.
//!
//! An emergency is started of a case, of a lead, or of a telephone call, which becomes a lead. Its steps have a time each;
//! the station head and the county are told at once. Rules of the field: first contact at once, first measures within two
//! hours, a written report within a day, then temporary guardianship, assessment and plan.

pub mod actions;
mod api;
pub mod model;
mod page;
pub mod store;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use utoipa::OpenApi;

use crate::app::App;

/// The folder's JSON routes, for the document.
#[derive(OpenApi)]
#[openapi(paths(api::list, api::start, api::read, api::step, api::end))]
pub struct Api;

/// The folder's routes.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/emergency", get(page::list).post(page::start))
        .route("/emergencies/{id}", get(page::show))
        .route("/emergencies/{id}/steps", post(page::step))
        .route("/emergencies/{id}/end", post(page::end))
        .route("/api/v1/emergencies", get(api::list).post(api::start))
        .route("/api/v1/emergencies/{id}", get(api::read))
        .route("/api/v1/emergencies/{id}/steps", post(api::step))
        .route("/api/v1/emergencies/{id}/end", post(api::end))
}
