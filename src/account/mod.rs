//! Accounts, grants, sessions: who is signed in, and what they are granted.

mod actions;
mod api;
mod layer;
pub mod model;
pub mod notice;
mod page;
mod password;
mod session;
pub mod store;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use utoipa::OpenApi;

use crate::app::App;

pub use actions::{
    NewAccount, allow_registering, change_password, check, create, grant, hash, insert, join, log_in, log_out, prefer, revoke, set_password,
};
pub use layer::{Peer, anybody_layer, visit_layer};
pub use password::random_password;
pub use session::Token;

/// The folder's JSON routes, for the document.
#[derive(OpenApi)]
#[openapi(paths(api::log_in, api::log_out, api::me))]
pub struct Api;

/// The folder's routes.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/login", get(page::login).post(page::log_in))
        .route("/logout", post(page::log_out))
        .route("/account", get(page::account).post(page::change_password))
        .route("/accounts", get(page::accounts))
        .route("/preferences", post(page::prefer))
        .route("/api/v1/session", post(api::log_in).delete(api::log_out))
        .route("/api/v1/me", get(api::me))
}
