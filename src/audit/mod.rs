//! The log: who did what to which thing, in the transaction of the deed itself. Append-only.
//!
//! An event names things by id and fields by name; it holds no value of a child's field.

mod actions;
pub mod model;
mod page;
mod store;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

use crate::app::App;

pub use actions::{record, verify, who_saw};
pub use model::Event;

/// The folder's routes.
pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/audit", get(page::audit))
}
