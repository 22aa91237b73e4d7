//! Meetings on hard cases (疑难个案研讨会): a view of open needs, referrals and overdue actions, with decisions that write back as
//! the same objects.
//!
//! The agenda fills itself by rules that are data and says why; a decision executes in the transaction that records it, or is
//! recorded as failed with the reason; actions have an owner and a day; the wall shows no identity; minutes are frozen at
//! sign-off, and what comes later is appended. What is said of a child is sealed under the child's own key.

pub mod actions;
pub mod api;
mod invite;
pub mod model;
mod page;
pub mod rules;
pub mod sheet;
pub mod store;
mod veil;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use utoipa::OpenApi;

use crate::app::App;

/// The folder's JSON routes, for the document.
#[derive(OpenApi)]
#[openapi(paths(
    api::list,
    api::call,
    api::read,
    api::reschedule,
    api::step,
    api::item,
    api::change_item,
    api::decide,
    api::dissent,
    api::agree,
    api::amend,
    api::address,
    api::link,
    api::mine,
    api::report
))]
pub struct Api;

/// The folder's routes.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/conferences", get(page::list).post(page::call))
        .route("/conferences/new", get(page::new))
        .route("/conferences/{id}", get(page::show).post(page::step))
        .route("/conferences/{id}/time", post(page::reschedule))
        .route("/conferences/{id}/agenda", post(page::arrange))
        .route("/conferences/{id}/invitations", post(page::invite))
        .route("/conferences/{id}/receivers", post(page::address))
        .route("/conferences/{id}/invitation.ics", get(page::calendar))
        .route("/conferences/{id}/minutes", get(page::minutes).post(page::amend))
        .route("/conferences/{id}/wall", get(page::rest))
        .route("/conferences/{id}/wall/{item}", get(page::wall))
        .route("/conferences/{id}/items/{item}", get(page::sheet).post(page::write))
        .route("/conferences/{id}/items/{item}/decisions", post(page::decide))
        .route("/conferences/{id}/items/{item}/dissents", post(page::dissent))
        .route("/conferences/{id}/items/{item}/actions", post(page::agree))
        .route("/cases/{id}/proposal", get(page::propose_form).post(page::propose))
        .route("/conferences/{id}/links", post(page::link::make))
        .route("/t/done", get(page::link::done))
        .route("/t/{token}", get(page::link::show))
        .route("/t/{token}/code", post(page::link::code))
        .route("/t/{token}/actions/{id}", post(page::link::report))
        .route("/actions", get(page::mine))
        .route("/actions/{id}", post(page::report))
        .route("/api/v1/conferences", get(api::list).post(api::call))
        .route("/api/v1/conferences/{id}", get(api::read).patch(api::reschedule))
        .route("/api/v1/conferences/{id}/steps", post(api::step))
        .route("/api/v1/conferences/{id}/items/{item}", get(api::item).patch(api::change_item))
        .route("/api/v1/conferences/{id}/items/{item}/decisions", post(api::decide))
        .route("/api/v1/conferences/{id}/items/{item}/dissents", post(api::dissent))
        .route("/api/v1/conferences/{id}/items/{item}/actions", post(api::agree))
        .route("/api/v1/conferences/{id}/amendments", post(api::amend))
        .route("/api/v1/conferences/{id}/receivers", post(api::address))
        .route("/api/v1/conferences/{id}/links", post(api::link))
        .route("/api/v1/actions", get(api::mine))
        .route("/api/v1/actions/{id}", post(api::report))
}
