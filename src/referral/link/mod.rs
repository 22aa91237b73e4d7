//! Answers without an account: a one-time link for one referral, opened with a code that is said on the phone.
//!
//! The holder sees the brief, never an identity, and gives one answer. Whoever finds the link without the code learns nothing,
//! not even whose it is.

mod actions;
pub mod api;
mod model;
pub mod page;
mod store;

pub use model::{Link, Made};
pub use store::waiting;
