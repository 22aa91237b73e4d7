//! The policy that outside simulators judge: line by line they send the needs of a week and what
//! has become of referrals, and are answered who is referred where.
//!
//! It uses the formulas of [`crate::matching`] on the simulator's own fields: the expected utility
//! of each pair (`value`), learning from events (`learn`), the week's assignment (`assign`),
//! and the questions that change a choice (`ask`). It stores nothing and sends nothing.
//! Source: `docs/MATCHING.md`, "Other programs".

mod ask;
mod assign;
mod directory;
mod eligible;
mod learn;
mod lines;
mod options;
mod places;
pub mod protocol;
mod rules;
#[cfg(test)]
pub(crate) mod sample;
mod value;
mod week;

use thiserror::Error;

pub use assign::Round;
pub use learn::Expected;
pub use lines::{LineFault, run};
pub use options::{Options, Part};
pub use week::Policy;

use protocol::Key;

/// How many weeks lie between two, none where the second is the earlier.
fn weeks(from: i64, to: i64) -> u32 {
    u32::try_from(to.saturating_sub(from).max(0)).unwrap_or(u32::MAX)
}

/// A message that cannot be answered.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Fault {
    /// A line before the directory.
    #[error("no directory yet; send a line of type \"init\" first")]
    NoDirectory,
    /// A second directory.
    #[error("the directory was sent already; send \"init\" once, as the first line")]
    SecondDirectory,
    /// A service that the directory does not have.
    #[error("no service {0} in the directory; name one that \"init\" listed")]
    Service(Key),
    /// A service listed twice.
    #[error("service {0} is listed twice; give each service an id of its own")]
    Twice(Key),
    /// A need listed twice.
    #[error("need {0} is open twice in one week; name each need once")]
    NeedTwice(Key),
    /// An urgency that there is not.
    #[error("need {0} has tier {1}; a tier is 1 (most urgent) to 4")]
    Tier(Key, u8),
    /// A point that is nowhere.
    #[error("{0} lies {1} km off; x and y are kilometres, at most 20000")]
    Point(String, i64),
    /// An event without a service.
    #[error("an event of need {0} names no service; only an \"answer\" may leave it out")]
    NoService(Key),
    /// A week that the allocation does not take.
    #[error("the week cannot be allocated: {0}")]
    Allocation(String),
    /// A week that was before.
    #[error("week {0} comes after week {1}; send weeks in order")]
    Backwards(i64, i64),
}
