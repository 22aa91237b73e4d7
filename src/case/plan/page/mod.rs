//! 服务计划: what stands, the form, the print, two versions side by side, and the list.

mod form;
mod list;
mod show;

pub use form::{edit, save};
pub use list::planned;
pub use show::{approve, compare, give_back, print, settle, show};
