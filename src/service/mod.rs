//! Services: what is offered, to whom, where, when, for what fee, with how many places.

mod actions;
mod api;
pub mod model;
pub mod places;
pub mod store;

use std::sync::Arc;

use axum::Router;
use axum::routing::post;

use crate::app::App;

pub use api::Api;

/// The folder's routes, with the steps of organizations: what they mean for services is looked after here.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/organizations/{id}/steps", post(api::step))
        .route("/api/v1/services/{id}/checks", post(api::check))
}
