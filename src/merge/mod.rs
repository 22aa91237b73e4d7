//! Two entries of the directory that are one: looked at side by side, merged by a person, and undone; or told apart, as a
//! branch and its body, two bodies at one site, or nothing to each other, and that taken back.
//!
//! What is alike is `duplicate`'s. The entry that goes is closed, not deleted; what belongs to it goes over to the one that stays.

pub mod actions;
pub mod answers;
pub mod model;
mod page;
mod store;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;

pub use store::{is_of_others, referrals_to, went};

/// The folder's routes.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/duplicates", get(page::list))
        .route("/duplicates/{kind}/{a}/{b}", get(page::pair).post(page::settle))
        .route("/duplicates/{kind}/{a}/{b}/retract", post(page::retract))
        .route("/merges/{id}/undo", post(page::undo))
}
