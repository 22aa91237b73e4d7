//! Our entries in the words of the standard.

mod organization;
mod schedule;
mod service;

pub use organization::{compact as organization_compact, full as organization};
pub use service::{Posted, Written, ages, compact as service_compact, full as service, minimal as service_minimal, sites};
