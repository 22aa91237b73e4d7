//! Journeys through the product, over HTTP and by command, in one binary.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]

mod support;

mod accounts;
mod architecture;
mod openapi;
mod permissions;
mod referral_states;
mod referrals;
