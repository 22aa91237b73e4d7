//! Entries of the directory, and records of other lists, that stand for the same body, offering or child.
//!
//! How they are compared is in `lianjie_index::duplicate`; here the directory is read for it, and lists of others. Nothing is
//! merged here: a person decides.

mod actions;
pub mod store;

pub use actions::{Cluster, Kind, Member, directory, records};
