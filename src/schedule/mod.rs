//! 时限和日历: how long each step of the loop may take in a county, which days are worked, and how long facts of the directory stay
//! fresh. Everybody who works with the loop
//! reads them; a data manager edits them. What is under way is counted anew by the sweep.

mod actions;
mod api;
mod model;
mod page;

use std::sync::Arc;

use axum::Router;
use axum::routing::{delete, get, post};
use utoipa::OpenApi;

use crate::app::App;

pub use actions::follow;

/// The folder's JSON routes, for the document.
#[derive(OpenApi)]
#[openapi(paths(api::timers, api::set_timers, api::days, api::announce, api::withdraw, api::periods, api::set_periods))]
pub struct Api;

/// The folder's routes.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/schedule", get(page::timers).post(page::set_timers))
        .route("/schedule/days", get(page::days).post(page::announce))
        .route("/schedule/days/{day}/withdraw", post(page::withdraw))
        .route("/schedule/periods", get(page::periods).post(page::set_periods))
        .route("/api/v1/freshness-periods", get(api::periods).put(api::set_periods))
        .route("/api/v1/timers", get(api::timers).put(api::set_timers))
        .route("/api/v1/calendar", get(api::days).post(api::announce))
        .route("/api/v1/calendar/{day}", delete(api::withdraw))
}
