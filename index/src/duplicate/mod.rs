//! Finding records that stand for the same body, offering or child, in one list or across two.
//!
//! Records are read ([`record`], and a file for each field that has rules of its own), meet by
//! shared keys (`block`), are compared level by level (`organization`, `service`, `child`), and the
//! levels add up by a table of points that can be shown row by row ([`points`]). Nothing is merged
//! here: [`pairs`] says how likely two records are the same, [`clusters`] groups what agrees all
//! round, and people decide. Pure: no clock, no store, no file.

mod address;
mod age;
mod alike;
mod birth;
mod block;
mod brackets;
mod branch;
mod child;
mod child_keys;
mod cluster;
mod code;
mod domain;
mod find;
mod generic;
mod kind;
mod name;
mod numeral;
mod offering;
mod organization;
mod person;
mod phone;
mod point;
pub mod points;
pub mod record;
mod region;
mod said;
mod service;
mod topic;
mod whereabouts;
mod word;

pub use cluster::{clusters, settled};
pub use find::{Pair, compare, like, pairs};
pub use kind::Record;
pub use points::Evidence;
pub use record::{Child, Organization, Service};
pub use region::Regions;

/// From here on a pair is shown as perhaps the same.
pub const SUGGESTED: f64 = 0.5;
/// From here on a pair is worth knowing when groups are made of pairs; see [`settled`].
pub const DOUBTFUL: f64 = 0.05;
/// From here on a pair is shown as very likely the same.
pub const LIKELY: f64 = 0.95;
