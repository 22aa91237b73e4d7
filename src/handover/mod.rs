//! Handing on what is open: a case to another station (转出), and a leaving worker's work to a colleague (交接).
//!
//! Both move owners of live referrals, which is why they lie to the right of `referral`. Nothing that is open is left without
//! somebody: an account is disabled only when it holds nothing any more.

mod api;
pub mod model;
mod page;
pub mod store;
pub mod transfer;
pub mod work;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use utoipa::OpenApi;

use crate::app::App;

/// The folder's JSON routes, for the document.
#[derive(OpenApi)]
#[openapi(paths(api::transfers, api::offer, api::take, api::give_back, api::work, api::hand_over, api::disable))]
pub struct Api;

/// The folder's routes.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/transfers", get(page::transfers))
        .route("/cases/{id}/transfer", get(page::offer_form).post(page::offer))
        .route("/transfers/{id}", get(page::transfer).post(page::answer))
        .route("/handover", get(page::people))
        .route("/handover/{account}", get(page::work).post(page::hand_over))
        .route("/accounts/{account}/disable", get(page::disable_form).post(page::disable))
        .route("/api/v1/transfers", get(api::transfers))
        .route("/api/v1/cases/{id}/transfer", post(api::offer))
        .route("/api/v1/transfers/{id}/take", post(api::take))
        .route("/api/v1/transfers/{id}/return", post(api::give_back))
        .route("/api/v1/handover/{account}", get(api::work).post(api::hand_over))
        .route("/api/v1/accounts/{account}/disable", post(api::disable))
}
