//! The loop: a need goes out, is answered, served, verified and closed.
//!
//! One table says what may follow what; every act appends an event and leaves an owner and a due time. The sweep does
//! what happens because time passes.

mod actions;
mod api;
pub mod dispatch;
pub mod link;
pub mod model;
pub mod notice;
mod page;
pub mod store;

use std::sync::Arc;

use axum::Router;
use axum::routing::{delete, get, post};
use utoipa::OpenApi;

use crate::app::App;

pub use actions::{
    Deed, NewReferral, Swept, act, approve_for_meeting, ask_to_reckon, draft, met_elsewhere, reassign, release_packet, revoke_consent,
    sweep, take_back_for_meeting, verb, view,
};

/// The folder's JSON routes, for the document.
#[derive(OpenApi)]
#[openapi(paths(
    api::list,
    api::create,
    api::one,
    api::act,
    api::book,
    api::settle,
    api::revoke_consent,
    api::met_elsewhere,
    dispatch::api::create,
    dispatch::api::one,
    dispatch::api::extend,
    dispatch::api::stop,
    link::api::make,
    notice::api::list,
    notice::api::add,
    notice::api::stop
))]
pub struct Api;

/// The folder's routes.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/dispatches", post(dispatch::page::create))
        .route("/dispatches/new", get(dispatch::page::new))
        .route("/dispatches/{id}", get(dispatch::page::one))
        .route("/dispatches/{id}/stop", post(dispatch::page::stop))
        .route("/dispatches/{id}/candidates", post(dispatch::page::extend))
        .route("/api/v1/dispatches", post(dispatch::api::create))
        .route("/api/v1/dispatches/{id}", get(dispatch::api::one))
        .route("/api/v1/dispatches/{id}/candidates", post(dispatch::api::extend))
        .route("/api/v1/dispatches/{id}/stop", post(dispatch::api::stop))
        .route("/account/notices", get(notice::page::show).post(notice::page::set_mail))
        .route("/webhooks", post(notice::page::add))
        .route("/webhooks/{id}/stop", post(notice::page::stop))
        .route("/api/v1/organizations/{id}/webhooks", get(notice::api::list).post(notice::api::add))
        .route("/api/v1/webhooks/{id}", delete(notice::api::stop))
        .route("/referrals/{id}/links", post(link::page::make))
        .route("/api/v1/referrals/{id}/links", post(link::api::make))
        .route("/l/done", get(link::page::done))
        .route("/l/{token}", get(link::page::show))
        .route("/l/{token}/code", post(link::page::code))
        .route("/l/{token}/answers/{action}", post(link::page::answer))
        .route("/referrals", get(page::list).post(page::create))
        .route("/referrals/new", get(page::new))
        .route("/referrals/{id}", get(page::one))
        .route("/referrals/{id}/actions/{action}", post(page::act))
        .route("/referrals/{id}/appointments", post(page::book))
        .route("/referrals/{id}/appointments/{appointment}", post(page::settle))
        .route("/inbox", get(page::inbox))
        .route("/cases/{id}/consents/{consent}/revoke", post(page::revoke_consent))
        .route("/needs/{id}/met_elsewhere", post(page::met_elsewhere))
        .route("/api/v1/referrals", get(api::list).post(api::create))
        .route("/api/v1/referrals/{id}", get(api::one))
        .route("/api/v1/referrals/{id}/actions/{action}", post(api::act))
        .route("/api/v1/referrals/{id}/appointments", post(api::book))
        .route("/api/v1/referrals/{id}/appointments/{appointment}", post(api::settle))
        .route("/api/v1/cases/{id}/consents/{consent}/revoke", post(api::revoke_consent))
        .route("/api/v1/needs/{id}/met_elsewhere", post(api::met_elsewhere))
}
