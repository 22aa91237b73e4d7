//! The log: who did what to which thing, in the transaction of the deed itself. Append-only.
//!
//! An event names things by id and fields by name; it holds no value of a child's field.

mod actions;
pub mod model;
mod store;

pub use actions::{record, verify, who_saw};
pub use model::Event;
