//! Finding services: the index that follows the directory, the search over it, and the pages 找资源 and 服务详情.

mod actions;
mod address;
mod answer;
mod api;
mod ask;
mod body;
pub mod card;
mod cursor;
pub mod disclosure;
pub mod entry;
mod follow;
pub mod gap;
mod page;
mod place;
pub mod store;
mod told;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use utoipa::OpenApi;

use crate::app::App;

pub use actions::{Found, Seen, moment_at, search, search_text, service, trial};
pub use answer::Answer;
pub use ask::Params;
pub use follow::{catch_up, follow, reindex};
pub use page::standing;
pub use words::Words;

/// The folder's JSON routes, for the document.
#[derive(OpenApi)]
#[openapi(paths(api::search, api::suggest, api::card))]
pub struct Api;

/// The folder's routes.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/services", get(page::services))
        .route("/services/{id}", get(page::service))
        .route("/services/{id}/card", get(page::card))
        .route("/api/v1/services/search", get(api::search))
        .route("/api/v1/services/suggest", get(api::suggest))
        .route("/api/v1/services/{id}/card", get(api::card))
}
