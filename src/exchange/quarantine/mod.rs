//! Rows of other directories that did not come in: shown with the reason, mended in place, or put away for good.
//!
//! When one is mended, all that was kept aside of its source is read again with it: what hung on it comes in too.

mod actions;
mod model;
mod page;
mod store;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

use crate::app::App;

pub use actions::may;

/// The folder's routes.
pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/quarantine", get(page::list)).route("/quarantine/{id}", get(page::show).post(page::settle))
}
