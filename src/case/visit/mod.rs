//! Visits (走访): how often a child is seen, by its risk, and who is overdue.
//!
//! A visit is recorded by whoever works on the case, the station head, or the child director of the village. When the next is
//! due is not stored: it follows from the last visit and the risk of today, so a change of risk counts at once.

pub mod actions;
pub mod api;
mod model;
pub mod page;
pub mod store;

pub use model::{CaseVisit, Every, First, Kind, due};
