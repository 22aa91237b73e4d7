//! What may leave to whom: consents, kept per recipient, item, purpose and day.
//!
//! `model::project` is the one function that decides what is shown; it is asked by `referral`, exports and prints.
//! Taking a consent back is an act of `referral`, which puts live referrals to rest in the same transaction.

mod actions;
mod api;
pub mod model;
pub mod store;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use utoipa::OpenApi;

use crate::app::App;

pub use actions::{NewConsent, record, view};

/// The folder's JSON routes, for the document.
#[derive(OpenApi)]
#[openapi(paths(api::list, api::record))]
pub struct Api;

/// The folder's routes.
pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/api/v1/cases/{id}/consents", get(api::list).post(api::record))
}
