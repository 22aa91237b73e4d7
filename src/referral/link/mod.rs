//! Answers without an account: a one-time link for one referral, opened with a code that is said on the phone.
//!
//! The holder sees the brief, never an identity, and gives one answer.

mod actions;
pub mod api;
pub mod page;
