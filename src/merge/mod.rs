//! Two entries of the directory that are one: looked at side by side, merged by a person, and undone; or told apart for good.
//!
//! What is alike is `duplicate`'s. The entry that goes is closed, not deleted; what belongs to it goes over to the one that stays.

pub mod actions;
pub mod model;
mod page;
mod store;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;

/// The folder's routes.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/duplicates", get(page::list))
        .route("/duplicates/{kind}/{a}/{b}", get(page::pair).post(page::settle))
        .route("/merges/{id}/undo", post(page::undo))
}
