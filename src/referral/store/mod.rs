//! The tables of the loop. Notes are sealed under the child's key, and opened only by the function that says so.

mod appointment;
mod event;
mod list;
mod notice;
mod of;
mod owner;
mod record;
mod referral;
mod sweep;
mod timer;

pub use appointment::{appointment, appointments, book, settle_appointment};
pub use event::{append, events, notes};
pub use list::{Asked, Listed, Tally, Whose, lines, tally};
pub use notice::notify;
pub use of::{of_dispatch, of_need, sites_for};
pub use owner::{give, live_of_case};
pub use record::{ServiceRecord, insert_record, insert_release, insert_suggestion, last_release, records};
pub use referral::{find, insert, last_answer, live_for_recipient, update};
pub use sweep::{disturbed, due_ticks, lapsed, lapsing, live_after, retiered, set_due};
pub use timer::{amount, load_timers, set_timer, timers, timers_before};
