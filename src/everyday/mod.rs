//! 常用说法: what people say where this installation is, beside the words compiled in. A data manager lists, tries, adds, changes and
//! withdraws them; search and the reading of needs follow at once, in every process.
//!
//! What is said of a phrase is for all who search. No phrase names a child, and none stands in the log.

mod actions;
mod api;
mod list;
mod model;
mod page;
mod paste;
mod store;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post, put};
use utoipa::OpenApi;

use crate::app::App;

pub use actions::edits;

/// The folder's JSON routes, for the document.
#[derive(OpenApi)]
#[openapi(paths(api::list, api::add, api::change, api::withdraw, api::preview, api::preview_change, api::paste))]
pub struct Api;

/// The folder's routes.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/everyday-words", get(page::list).post(page::add))
        .route("/everyday-words/new", get(page::new))
        .route("/everyday-words/paste", get(page::pasting).post(page::paste))
        .route("/everyday-words/{id}", get(page::show).post(page::change))
        .route("/everyday-words/{id}/withdraw", post(page::withdraw))
        .route("/api/v1/everyday-words", get(api::list).post(api::add))
        .route("/api/v1/everyday-words/preview", post(api::preview))
        .route("/api/v1/everyday-words/paste", post(api::paste))
        .route("/api/v1/everyday-words/{id}", put(api::change).delete(api::withdraw))
        .route("/api/v1/everyday-words/{id}/preview", post(api::preview_change))
}
