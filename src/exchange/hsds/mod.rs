//! The directory in the words of Open Referral's Human Services Data Specification, HSDS 3.1: served, written and read.
//! `docs/HSDS.md` says which of our facts is found where.

mod api;
mod check;
mod confirmed;
mod gather;
pub mod import;
mod object;
pub mod package;
mod standard;
mod store;
mod terms;
mod write;

pub use api::{VERSION, routes};
pub use check::faults;
pub use import::place_named;
