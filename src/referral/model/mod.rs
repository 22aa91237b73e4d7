//! The loop's facts and rules: states, the table of transitions, events and what they fold into, timers.

mod appointment;
mod event;
mod filter;
mod reason;
mod referral;
mod standing;
mod state;
mod table;
mod timer;

pub use appointment::{Appointment, AppointmentState};
pub use event::{Event, Recorded};
pub use filter::{Filter, When};
pub use reason::{Decline, End, Engagement, Hold, Method, NextStep, Outcome, Record, VerifiedBy, Withdraw};
pub use referral::{Brief, Referral, needs_approval, shows_brief};
pub use standing::{Standing, fold};
pub(super) use state::named;
pub use state::{Action, Channel, Flag, Letter, State};
pub use table::{Guard, Known, Rule, TABLE, may, step};
pub use timer::{Before, DEFAULTS, Due, LONGEST_HOLD, Owner, Row, Timer, Timers, after_care, due, ladder, owner, running, spent};
