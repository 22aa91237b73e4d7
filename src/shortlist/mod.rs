//! 我的清单: services that a worker keeps together, alone or with the station; looked at, printed, handed on.
//!
//! A list holds ids of services and nothing else: what is shown of each is read when it is looked at, by whoever looks. The name of a
//! list is in no log.

mod actions;
mod api;
mod model;
mod page;
mod store;

use std::sync::Arc;

use axum::Router;
use axum::routing::{delete, get, post};
use utoipa::OpenApi;

use crate::app::App;

/// The folder's JSON routes, for the document.
#[derive(OpenApi)]
#[openapi(paths(api::list, api::make, api::read, api::edit, api::delete, api::add, api::remove))]
pub struct Api;

/// The folder's routes.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/shortlists", get(page::list).post(page::make))
        .route("/shortlists/{id}", get(page::show).post(page::edit))
        .route("/shortlists/{id}/delete", post(page::delete))
        .route("/shortlists/{id}/services/{service}/remove", post(page::remove))
        .route("/services/{id}/shortlist", get(page::choose).post(page::keep))
        .route("/api/v1/shortlists", get(api::list).post(api::make))
        .route("/api/v1/shortlists/{id}", get(api::read).put(api::edit).delete(api::delete))
        .route("/api/v1/shortlists/{id}/services", post(api::add))
        .route("/api/v1/shortlists/{id}/services/{service}", delete(api::remove))
}
