//! Who gets which place: the open needs of a meeting, a station or a county against the places there are.
//!
//! The engine is `lianjie_index::allocation`; this folder makes its instance out of what the matcher answers for each need, and
//! words what comes out: who gets what and why, who came second, what a swap would cost, how fair it is. Nothing is kept and
//! nothing is sent: a person refers.

pub mod actions;
mod api;
mod model;
mod page;
mod store;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use utoipa::OpenApi;

use crate::app::App;

/// The folder's JSON routes, for the document.
#[derive(OpenApi)]
#[openapi(paths(api::meeting, api::area))]
pub struct Api;

/// The folder's routes.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/allocation", get(page::area))
        .route("/conferences/{id}/allocation", get(page::meeting))
        .route("/api/v1/allocation", get(api::area))
        .route("/api/v1/conferences/{id}/allocation", get(api::meeting))
}
