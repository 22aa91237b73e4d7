//! Staying true (待核实): which facts of the directory are old, who is to be asked, and the answer by one tap.
//!
//! A fact is confirmed by whoever is asked on the phone, or by the organization itself: signed in, or by a link without a code, for
//! what stands behind it is public. Once in a month at most the product asks by itself. What nobody can reach is hidden after the third day on which it was tried, never deleted.
//! Of what a department's list lacks it is asked anew whether it exists.

pub mod actions;
mod page;
mod store;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;

/// The folder's routes.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/freshness", get(page::queue))
        .route("/freshness/{organization}/link", post(page::make))
        .route("/freshness/{organization}/mail", post(page::mail))
        .route("/freshness/confirmations", post(page::holds))
        .route("/services/{id}/unreached", post(page::unreached))
        .route("/c/done", get(page::done))
        .route("/c/{token}", get(page::show).post(page::answer))
}
