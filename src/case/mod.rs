//! Children, cases and needs: who asks for help, what is known, what is needed and how far it is met.
//!
//! Identity is ciphertext under a key of the child's own; a case without it is an alias, an age and its needs. What
//! names a child is shown for a purpose, and the log says so before the page is sent.

pub mod actions;
pub mod agreement;
mod api;
pub mod assessment;
pub mod guardianship;
pub mod lead;
pub mod model;
mod page;
pub mod plan;
pub mod store;
pub mod visit;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, patch, post};

use crate::app::App;

pub use api::Api;
pub use page::{instant, risk, term, word};

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
        .route("/plans", get(plan::page::planned))
        .route("/cases/{id}/plan", get(plan::page::show))
        .route("/cases/{id}/plan/edit", get(plan::page::edit).post(plan::page::save))
        .route("/cases/{id}/plan/approve", post(plan::page::approve))
        .route("/cases/{id}/plan/return", post(plan::page::give_back))
        .route("/cases/{id}/plan/goals", post(plan::page::settle))
        .route("/cases/{id}/plan/print", get(plan::page::print))
        .route("/cases/{id}/plan/compare", get(plan::page::compare))
        .route("/api/v1/plans", get(plan::api::planned))
        .route("/api/v1/cases/{id}/plan", get(plan::api::read).put(plan::api::write))
        .route("/api/v1/cases/{id}/plan/approve", post(plan::api::approve))
        .route("/api/v1/cases/{id}/plan/return", post(plan::api::give_back))
        .route("/api/v1/cases/{id}/plan/goals/{goal}", post(plan::api::settle))
        .route("/guardianship", get(guardianship::page::watched))
        .route("/cases/{id}/assessments", get(assessment::page::history).post(assessment::page::assess))
        .route("/cases/{id}/agreements", get(agreement::page::view).post(agreement::page::write))
        .route("/cases/{id}/agreements/steps", post(agreement::page::step))
        .route("/cases/{id}/agreements/{agreement}/print", get(agreement::page::print))
        .route("/api/v1/guardianship", get(guardianship::api::watched))
        .route("/api/v1/cases/{id}/assessments", get(assessment::api::history).post(assessment::api::assess))
        .route("/api/v1/cases/{id}/agreements", get(agreement::api::view).post(agreement::api::write))
        .route("/api/v1/agreements/{id}/sign", post(agreement::api::sign))
        .route("/api/v1/agreements/{id}/end", post(agreement::api::end))
        .route("/leads", get(lead::page::list).post(lead::page::file))
        .route("/leads/new", get(lead::page::new))
        .route("/leads/{id}", get(lead::page::show))
        .route("/leads/{id}/steps", post(lead::page::step))
        .route("/api/v1/leads", get(lead::api::list).post(lead::api::file))
        .route("/api/v1/leads/{id}", get(lead::api::read))
        .route("/api/v1/leads/{id}/visit", post(lead::api::visit))
        .route("/api/v1/leads/{id}/dismiss", post(lead::api::dismiss))
        .route("/visits", get(visit::page::coming))
        .route("/cases/{id}/visits", get(visit::page::history).post(visit::page::record))
        .route("/api/v1/visits", get(visit::api::coming))
        .route("/api/v1/cases/{id}/visits", get(visit::api::history).post(visit::api::record))
        .route("/needs/{id}", get(page::need).post(page::change_need))
        .route("/needs/{id}/steps", post(page::step_need))
        .route("/api/v1/cases", get(api::list).post(api::open))
        .route("/api/v1/cases/{id}", get(api::read).patch(api::change))
        .route("/api/v1/cases/{id}/identity", post(api::identity))
        .route("/api/v1/cases/{id}/needs", post(api::add_needs))
        .route("/api/v1/cases/{id}/steps", post(api::step))
        .route("/api/v1/cases/{id}/reports", post(api::note))
        .route("/api/v1/cases/{id}/reports/made", post(api::make))
        .route("/api/v1/needs/{id}", patch(api::change_need))
        .route("/api/v1/needs/{id}/steps", post(api::step_need))
}
