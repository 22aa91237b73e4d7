//! Working days, holidays and school terms: the calendar by which due times are counted.

pub mod model;
pub mod store;
