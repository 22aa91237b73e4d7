//! Lists that people bring to a page: uploaded or pasted, read cell by cell, mended in place, taken in as a whole, undone within
//! a day. How a list is read is `sheet`'s; here is what a person does with it.

mod actions;
mod assess;
mod model;
mod page;
mod store;
mod twice;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::app::App;

pub use actions::keep;

/// The largest file a page takes.
const LARGEST: usize = 8 << 20;

/// The folder's routes.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/lists", get(page::lists).post(page::bring).layer(DefaultBodyLimit::max(LARGEST)))
        .route("/lists/templates/{name}", get(page::template))
        .route("/lists/{id}", get(page::show).post(page::mend))
        .route("/lists/{id}/undo", post(page::undo))
        .route("/lists/{id}/drop", post(page::drop))
}
