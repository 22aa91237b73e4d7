//! What comes in from other systems and goes out to them: the directory as HSDS, lists as spreadsheets.

pub mod hsds;
pub mod list;
mod quarantine;
pub mod sheet;

use std::sync::Arc;

use axum::Router;

use crate::app::App;

pub use list::keep_tables;

/// The folder's pages; what other systems read is [`hsds::routes`].
pub fn routes() -> Router<Arc<App>> {
    list::routes().merge(quarantine::routes())
}
