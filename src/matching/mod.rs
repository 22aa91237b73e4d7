//! Matching: which services for the needs of a case, why, and what would have to change for the others.
//!
//! The ranking is `lianjie_index::matching`; this folder turns a stored case into a request without a name, number,
//! address, alias or id, says who may ask, words the answer, and owns what the loop has learnt of services.

pub mod actions;
mod api;
mod choose;
mod gap;
pub mod model;
mod page;
pub mod store;
mod week;
pub mod words;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use utoipa::OpenApi;

use crate::app::App;

pub use actions::match_file;
pub use gap::look_again;

/// The folder's JSON routes, for the document.
#[derive(OpenApi)]
#[openapi(paths(api::free, api::case, api::why_not, choose::plan, choose::allocate))]
pub struct Api;

/// The folder's routes.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/cases/{id}/match", get(page::case))
        .route("/cases/{id}/week", get(week::week))
        .route("/api/v1/match", post(api::free))
        .route("/api/v1/plans", post(choose::plan))
        .route("/api/v1/allocations", post(choose::allocate))
        .route("/api/v1/cases/{id}/match", post(api::case))
        .route("/api/v1/cases/{id}/why_not", post(api::why_not))
}
