//! The words of the field: needs and services, categories of child, kinds of organization, hotlines, audiences,
//! risk levels.

mod api;
pub mod camp;
mod follow;
pub mod model;
pub mod store;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use utoipa::OpenApi;

use crate::app::App;

pub use follow::{EVERYDAY_WORD, follow, follow_in};

/// The folder's JSON routes, for the document.
#[derive(OpenApi)]
#[openapi(paths(api::terms, api::categories))]
pub struct Api;

/// The folder's routes.
pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/api/v1/taxonomy_terms", get(api::terms)).route("/api/v1/child_categories", get(api::categories))
}
