//! Comparing organizations (机构名册比对): a department's list against the directory, by 统一社会信用代码, else by the engine that finds
//! duplicates with a person deciding. Who is only in theirs goes into an import; who is only in ours is asked anew whether it exists.
//!
//! An answer is remembered for the next list. Children are compared by `comparison`.

pub mod actions;
mod api;
mod compare;
pub mod model;
mod page;
mod read;
mod sheet;
mod store;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use utoipa::OpenApi;

use crate::app::App;

/// The largest file a page takes.
const LARGEST: usize = 8 << 20;

/// The folder's JSON routes, for the document.
#[derive(OpenApi)]
#[openapi(paths(api::list, api::compare, api::read, api::settle, api::settle_all))]
pub struct Api;

/// The folder's routes.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/rosters", get(page::list).post(page::compare).layer(DefaultBodyLimit::max(LARGEST)))
        .route("/rosters/{id}", get(page::show).post(page::settle_all))
        .route("/rosters/{id}/file.xlsx", get(page::file))
        .route("/rosters/{id}/rows/{number}", post(page::settle))
        .route("/api/v1/rosters", get(api::list).post(api::compare))
        .route("/api/v1/rosters/{id}", get(api::read).post(api::settle_all))
        .route("/api/v1/rosters/{id}/rows/{number}", post(api::settle))
}
