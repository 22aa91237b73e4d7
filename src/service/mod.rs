//! Services: what is offered, to whom, where, when, for what fee, with how many places.

pub mod actions;
pub mod alike;
mod api;
mod areas;
mod content;
mod eligible;
pub mod hours;
pub mod law;
pub mod model;
mod page;
pub mod periods;
pub mod places;
pub mod stated;
pub mod store;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, patch, post};

use crate::app::App;

pub use api::Api;
pub(crate) use page::said;

/// The folder's routes, with the steps of organizations: what they mean for services is looked after here.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/organizations/mine", get(page::mine))
        .route("/organizations/{id}", get(page::show))
        .route("/organizations/{id}/edit", post(page::save_organization))
        .route("/organizations/{id}/steps", post(page::step))
        .route("/organizations/{id}/flags", post(page::mark))
        .route("/organizations/{id}/versions", get(page::organization_versions).post(page::put_back_organization))
        .route("/organizations/{id}/services/new", get(page::new).post(page::add))
        .route("/services/{id}/edit", get(page::edit).post(page::save))
        .route("/services/{id}/versions", get(page::service_versions).post(page::put_back_service))
        .route("/locations/{id}/versions", get(page::location_versions).post(page::put_back_location))
        .route("/practitioners/{id}/versions", get(page::practitioner_versions).post(page::put_back_practitioner))
        .route("/programs/{id}/versions", get(page::program_versions).post(page::put_back_program))
        .route("/verification", get(page::queue))
        .route("/services/{id}/checks", post(page::check))
        .route("/services/{id}/suggestions", post(page::suggest))
        .route("/services/{id}/suggestions/new", get(page::new_proposal).post(page::propose))
        .route("/organizations/{id}/suggestions", post(page::suggest_organization))
        .route("/services/{id}/confirmations", post(page::confirm))
        .route("/suggestions/{id}", post(page::settle))
        .route("/places", get(page::places).post(page::post_places))
        .route("/api/v1/service_at_locations/{id}/places", get(api::places).put(api::post_places))
        .route("/api/v1/organizations/{id}", patch(api::change))
        .route("/api/v1/organizations/{id}/steps", post(api::step))
        .route("/api/v1/organizations/{id}/versions", get(api::organization_versions).post(api::put_back_organization))
        .route("/api/v1/organizations/{id}/services", post(api::add))
        .route("/api/v1/services/{id}", get(api::read).put(api::edit))
        .route("/api/v1/services/{id}/versions", get(api::service_versions).post(api::put_back_service))
        .route("/api/v1/locations/{id}/versions", get(api::location_versions).post(api::put_back_location))
        .route("/api/v1/practitioners/{id}/versions", get(api::practitioner_versions).post(api::put_back_practitioner))
        .route("/api/v1/programs/{id}/versions", get(api::program_versions).post(api::put_back_program))
        .route("/api/v1/services/{id}/suggestions", post(api::suggest))
        .route("/api/v1/organizations/{id}/suggestions", post(api::suggest_organization))
        .route("/api/v1/locations/{id}/suggestions", post(api::suggest_location))
        .route("/api/v1/services/{id}/confirmations", post(api::confirm))
        .route("/api/v1/services/{id}/checks", post(api::check))
}
