//! Agreements on entrusted care (委托照护协议): parents who work elsewhere entrust a capable adult in writing, tell the school and
//! the committee, and keep in touch at least weekly (未成年人保护法 art. 21 to 23).
//!
//! An agreement is drafted, signed, and ends by its last day or before. One that is signed and runs covers the child; who needs
//! one and has none is what the coverage figure counts.

pub mod actions;
pub mod api;
mod model;
pub mod page;
pub mod store;

pub use model::{Agreement, EXPIRING, RELATIONS, State, needs_one};
