//! Organizations with their locations, practitioners and purchased projects: who is in the directory.

mod actions;
pub mod model;
pub mod store;
pub mod suggestion;
mod written;

pub use actions::{Contact, Flags, Registration, edit, is_own, is_registrars, load, mark, reads_restricted, register, step, view};
pub use written::Written;
