//! Leads (线索): what villages, schools, police, hospitals and hotlines tell of a child nobody has a file of, and what comparing
//! lists finds. Proactive discovery (主动发现): somebody looks within a set time, and then a case is opened or the station head
//! says why not.
//!
//! A lead is no case yet, so its words are sealed under a key of its own.

pub mod actions;
pub mod api;
mod model;
pub mod page;
pub mod store;

pub use model::{Lead, Sources, State, Step};
