//! Children, cases and needs: who asks for help, what is known, what is needed and how far it is met.
//!
//! Identity is ciphertext under a key of the child's own; a case without it is an alias, an age and its needs. What
//! names a child is shown for a purpose, and the log says so before the page is sent.

pub mod actions;
pub mod model;
mod page;
pub mod store;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;

/// The folder's routes.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/cases", get(page::cases).post(page::create))
        .route("/cases/new", get(page::new))
        .route("/cases/{id}", get(page::case))
        .route("/cases/{id}/edit", get(page::edit).post(page::save))
        .route("/cases/{id}/identity", get(page::identity).post(page::identified))
        .route("/cases/{id}/log", get(page::log))
        .route("/cases/{id}/steps", post(page::step))
        .route("/cases/{id}/needs", get(page::needs).post(page::add_needs))
        .route("/cases/{id}/reports", get(page::reports).post(page::note_duty))
        .route("/cases/{id}/reports/made", post(page::make_report))
        .route("/needs/{id}", get(page::need).post(page::change_need))
        .route("/needs/{id}/steps", post(page::step_need))
}
