//! 今日: what waits for this person, most pressing first. Reads what the folders to the left keep; decides nothing.

mod api;
mod casework;
pub mod model;
mod page;
mod store;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use utoipa::OpenApi;

use crate::app::App;

/// The folder's JSON routes, for the document.
#[derive(OpenApi)]
#[openapi(paths(api::today))]
pub struct Api;

/// The folder's routes.
pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/", get(page::today)).route("/notices/read", post(page::read_notices)).route("/api/v1/today", get(api::today))
}
