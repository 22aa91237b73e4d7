//! What is counted, and figures that were counted beforehand.

mod counted;
mod kept;

pub use counted::{
    Named, Needed, OnFile, Sent, Tally, actions_due, activities, attendance, needed, on_file, programs, providers, sent, stations, tallied,
    visited, visits,
};
pub use kept::{forget, keep, kept, wanted};
