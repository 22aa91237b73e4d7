//! What is counted, and figures that were counted beforehand.

mod counted;
mod kept;

pub use counted::{
    Named, Needed, OnFile, Sent, actions_due, activities, attendance, needed, on_file, programs, providers, sent, stations, visited, visits,
};
pub use kept::{forget, keep, kept, wanted};
