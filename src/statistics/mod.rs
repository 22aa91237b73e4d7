//! Numbers (数字): the article's figures out of records, and the loop's measures with honest denominators.
//!
//! Every figure says what it counts and opens the list it counts. The denominator of the loop is every referral that was sent in
//! the period and not voided; what is not known, and what nobody verified, has its own figure and never counts as success.
//! Outside the own station a count of children below five is not shown, nor one that could be worked out from the others.

pub mod actions;
mod api;
pub mod calibration;
pub mod model;
mod page;
mod sheet;
pub mod store;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use utoipa::OpenApi;

use crate::app::App;

/// The folder's JSON routes, for the document.
#[derive(OpenApi)]
#[openapi(paths(api::numbers, api::access, api::calibration, api::list))]
pub struct Api;

/// The folder's routes.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/numbers", get(page::numbers))
        .route("/numbers.xlsx", get(page::spreadsheet))
        .route("/numbers/access", get(page::access))
        .route("/numbers/calibration", get(page::calibration))
        .route("/numbers/{figure}", get(page::list))
        .route("/api/v1/numbers", get(api::numbers))
        .route("/api/v1/numbers/access", get(api::access))
        .route("/api/v1/numbers/calibration", get(api::calibration))
        .route("/api/v1/numbers/{figure}", get(api::list))
}
