//! Projects at work (项目化运营): activities with attendance, universal services beside casework and groups, and what is paid
//! within ceilings, so that the county sees what is spent and what is delivered.
//!
//! A project itself is registered with its organisation (`organization`). A child in attendance is a keyed hash: one child is
//! counted once over all activities, and nobody can be named from it.

pub mod actions;
mod api;
pub mod model;
mod page;
mod retract;
mod rows;
pub mod store;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use utoipa::OpenApi;

use crate::app::App;

/// The folder's JSON routes, for the document.
#[derive(OpenApi)]
#[openapi(paths(
    api::list,
    api::read,
    api::hold,
    api::own,
    api::hold_own,
    api::pay,
    api::pay_station,
    retract::activity_json,
    retract::subsidy_json
))]
pub struct Api;

/// The folder's routes.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/programs", get(page::list))
        .route("/programs/{id}", get(page::show))
        .route("/programs/{id}/activities", post(page::hold))
        .route("/programs/{id}/subsidies", post(page::pay))
        .route("/activities", get(page::own).post(page::hold_own))
        .route("/subsidies", post(page::pay_station))
        .route("/activities/{id}/retract", post(retract::activity_page))
        .route("/subsidies/{id}/retract", post(retract::subsidy_page))
        .route("/api/v1/activities/{id}/retract", post(retract::activity_json))
        .route("/api/v1/subsidies/{id}/retract", post(retract::subsidy_json))
        .route("/api/v1/programs", get(api::list))
        .route("/api/v1/programs/{id}/delivery", get(api::read))
        .route("/api/v1/programs/{id}/activities", post(api::hold))
        .route("/api/v1/programs/{id}/subsidies", post(api::pay))
        .route("/api/v1/activities", get(api::own).post(api::hold_own))
        .route("/api/v1/subsidies", post(api::pay_station))
}
