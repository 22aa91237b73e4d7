//! Whom a need is put to: one after the other, or a few at once, until somebody takes it on.
//!
//! A dispatch holds its candidates in order, each with the proposal as it stood. What a referral's end means for it is
//! decided here, in the transaction of that end: nobody waits for a sweep to be asked.

mod actions;
pub(super) mod api;
mod model;
pub(super) mod page;
mod store;
mod turn;

pub use actions::{NewDispatch, start, start_within};
pub use model::{Candidate, Dispatch, DispatchState, Mode, TABLE, Way};
pub use store::{insert, settle};

pub(super) use actions::draft_alone;

pub(super) use store::{of, stalled};
pub(super) use turn::{close_line, due_in_turn, ended, followed, hand_on, nudge, taken_on, waits};
