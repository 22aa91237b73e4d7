//! Our entries in the words of the standard.

mod holiday;
mod organization;
mod schedule;
mod service;

pub use holiday::is_ours as is_of_calendar;
pub use organization::{Parts, compact as organization_compact, full as organization};
pub use service::{Posted, Written, ages, compact as service_compact, full as service, minimal as service_minimal, sites};
