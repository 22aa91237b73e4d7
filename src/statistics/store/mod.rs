//! What is counted, and figures that were counted beforehand.

mod activity;
mod counted;
mod forecast;
mod kept;
mod needed;
mod searched;
mod sent;
mod wanting;

use super::model::Period;
use crate::clock;

pub use activity::{Given, activities, attendance, came, given, paid, payments};
pub use counted::{Filed, Named, Registered, Tally, actions_due, count_registered, filed, on_file, registered, tallied, visited, visits};
pub use forecast::{Foretold, foretold};
pub use kept::{forget, keep, kept, wanted};
pub use needed::{Needed, Which, needed};
pub use searched::{Searched, searched};
pub use sent::{Sent, headings, names, sent, services};
pub use wanting::{Wanting, most_wanted, wanting};

/// The instants a period lies between: its first moment and the first after it.
fn bounds(period: Period) -> (String, String) {
    let after = period.to.tomorrow().unwrap_or(period.to);
    (clock::stored(clock::start_of(period.from)), clock::stored(clock::start_of(after)))
}
