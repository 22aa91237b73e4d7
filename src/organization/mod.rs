//! Organizations with their locations, practitioners and purchased projects: who is in the directory.

mod actions;
mod alike;
pub mod api;
pub mod coordinates;
pub mod model;
mod page;
pub mod phone;
pub mod practice;
pub mod store;
pub mod suggestion;
pub mod version;
mod written;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, put};

use crate::app::App;

pub use actions::{
    ACCESSIBILITY, Contact, Flags, Like, Registration, account_faults, amend_location, by_the_rules, edit, ending, ends_by, first_account,
    hides, is_inside, is_own, is_registrars, likeness, load, locations, mark, may_register, mine, on_behalf, pending, phones_for,
    practitioners, programs, reads_restricted, register, registrar_scopes, renamed_like, rewrite_location, rewrite_practitioner,
    rewrite_program, shows_address, step, steps, view,
};
pub use alike::likest_of_many;
pub use api::Api;
pub(crate) use page::{Fields, languages, refused_edit};
pub use written::Written;

/// The folder's routes.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/organizations/new", get(page::new).post(page::register))
        .route("/organizations/{id}/edit", get(page::edit))
        .route("/organizations/{id}/locations/new", get(page::new_location).post(page::add_location))
        .route("/locations/{id}/edit", get(page::edit_location).post(page::save_location))
        .route("/organizations/{id}/practitioners/new", get(page::new_practitioner).post(page::add_practitioner))
        .route("/practitioners/{id}/edit", get(page::edit_practitioner).post(page::save_practitioner))
        .route("/organizations/{id}/programs/new", get(page::new_program).post(page::add_program))
        .route("/programs/{id}/edit", get(page::edit_program).post(page::save_program))
        .route("/api/v1/organizations", get(api::list).post(api::register))
        .route("/api/v1/organizations/{id}", get(api::read))
        .route("/api/v1/organizations/{id}/locations", get(api::locations).post(api::add_location))
        .route("/api/v1/organizations/{id}/practitioners", get(api::practitioners).post(api::add_practitioner))
        .route("/api/v1/practitioners/{id}", put(api::edit_practitioner))
        .route("/api/v1/organizations/{id}/programs", get(api::programs).post(api::add_program))
        .route("/api/v1/programs/{id}", put(api::edit_program))
        .route("/api/v1/organizations/{id}/flags", put(api::mark))
}
