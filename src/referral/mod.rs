//! The loop: a need goes out, is answered, served, verified and closed.

mod actions;
pub mod model;
pub mod store;
