//! Comparing lists (数据比对): a department's list against ours, by exact number (blind index), else by name and year of birth
//! with a person deciding. Who is missing here becomes a lead; who is missing there is listed, to be told.
//!
//! A row is sealed as soon as it is read; a row that does not read is named by its number with the reason, and the others go on.

pub mod actions;
mod api;
pub mod model;
mod page;
pub mod read;
pub mod store;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use utoipa::OpenApi;

use crate::app::App;

/// The folder's JSON routes, for the document.
#[derive(OpenApi)]
#[openapi(paths(api::list, api::compare, api::read, api::settle))]
pub struct Api;

/// The folder's routes.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/comparisons", get(page::list).post(page::compare))
        .route("/comparisons/{id}", get(page::show))
        .route("/comparisons/{id}/rows/{number}", post(page::settle))
        .route("/api/v1/comparisons", get(api::list).post(api::compare))
        .route("/api/v1/comparisons/{id}", get(api::read))
        .route("/api/v1/comparisons/{id}/rows/{number}", post(api::settle))
}
