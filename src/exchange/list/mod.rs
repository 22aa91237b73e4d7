//! Lists that people bring to a page: uploaded or pasted, read cell by cell, mended in place, taken in as a whole, undone within
//! a day; an organization registers by one too. How a list is read is `sheet`'s; here is what a person does with it.

mod actions;
mod assess;
mod model;
mod page;
mod register_page;
mod registration;
mod rows;
mod store;
mod twice;
mod undo;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::app::App;

pub use actions::keep_tables;
pub use assess::{Near, Twin};
pub use store::was_undone;
pub use undo::{Entry, keep, undo_batch};

/// The largest file a page takes.
const LARGEST: usize = 8 << 20;
/// The largest file by which an organization registers: anybody may send one.
const LARGEST_REGISTRATION: usize = 1 << 20;

/// The folder's routes.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/lists", get(page::lists).post(page::bring).layer(DefaultBodyLimit::max(LARGEST)))
        .route("/lists/templates/{name}", get(page::template))
        .route(
            "/organizations/new/list",
            get(register_page::form).post(register_page::bring).layer(DefaultBodyLimit::max(LARGEST_REGISTRATION)),
        )
        .route("/organizations/new/list.xlsx", get(register_page::template))
        .route("/lists/{id}", get(page::show).post(page::mend))
        .route("/lists/{id}/undo", post(page::take_out))
        .route("/lists/{id}/drop", post(page::drop))
}
