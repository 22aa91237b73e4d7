//! Services: what is offered, to whom, where, when, for what fee, with how many places.

pub mod model;
pub mod places;
pub mod store;
