//! Organizations with their locations, practitioners and purchased projects: who is in the directory.

pub mod model;
pub mod store;
