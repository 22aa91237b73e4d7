//! One-to-one plans (一对一服务计划): what is to be reached for this child, by what, by whom, and when that is looked at again.
//!
//! A plan is its versions. The worker writes a draft and hands it in, another person approves it, and the next version that is
//! approved replaces it; a goal keeps its id from version to version, so that two can be laid side by side. What is written is
//! sealed; that a plan exists, and when it is due, is not.

pub mod actions;
pub mod api;
mod model;
pub mod page;
pub mod store;

pub use model::{Change, FEE_SOURCES, GOALS, Goal, PlanVersion, Reached, State, changes};
