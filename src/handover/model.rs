//! A transfer between stations, and what an account holds that is open.

use jiff::Timestamp;
use lianjie_index::DivisionCode;
use serde::{Deserialize, Serialize};

use crate::error::Transition;
use crate::id::{AccountId, CaseId, OrganizationId, ReferralId, TransferId};

/// Why a case goes to another station.
pub const REASONS: [&str; 4] = ["moved_away", "school_elsewhere", "placed_elsewhere", "other"];

/// Where a transfer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Waits for the other station.
    Offered,
    /// The other station has the case.
    Taken,
    /// The other station gave it back.
    Returned,
}

impl State {
    /// The name, as stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Offered => "offered",
            Self::Taken => "taken",
            Self::Returned => "returned",
        }
    }
}

/// A transfer of a case.
#[derive(Debug, Clone)]
pub struct Transfer {
    /// Id.
    pub id: TransferId,
    /// Which case.
    pub case: CaseId,
    /// Station that has it.
    pub from: OrganizationId,
    /// Station that is to have it.
    pub to: OrganizationId,
    /// Township in which the child lives then.
    pub to_division: DivisionCode,
    /// Where it stands.
    pub state: State,
    /// Why: one of [`REASONS`].
    pub reason: String,
    /// Who offered it.
    pub offered_by: AccountId,
    /// When.
    pub offered_at: Timestamp,
    /// When the other station answered.
    pub answered_at: Option<Timestamp>,
    /// Version, for compare-and-set.
    pub version: i64,
}

impl Transfer {
    /// The other station answers.
    ///
    /// # Errors
    /// [`Transition`] once it has.
    pub fn answer(&self, taken: bool) -> Result<State, Transition> {
        match (self.state, taken) {
            (State::Offered, true) => Ok(State::Taken),
            (State::Offered, false) => Ok(State::Returned),
            (from, taken) => Err(Transition { thing: "transfer", from: from.name(), action: if taken { "take" } else { "return" } }),
        }
    }
}

/// A case that an account works on.
#[derive(Debug, Clone)]
pub struct HeldCase {
    /// Id.
    pub id: CaseId,
    /// Number.
    pub number: String,
    /// The child's alias.
    pub alias: String,
    /// Station that keeps it.
    pub station: OrganizationId,
}

/// A live referral that an account owns.
#[derive(Debug, Clone)]
pub struct HeldReferral {
    /// Id.
    pub id: ReferralId,
    /// Number.
    pub number: String,
}

/// What an account holds that is open.
#[derive(Debug, Clone, Default)]
pub struct OpenWork {
    /// Cases that are not closed.
    pub cases: Vec<HeldCase>,
    /// Live referrals.
    pub referrals: Vec<HeldReferral>,
    /// How many meetings it leads that are not signed.
    pub meetings: usize,
}

impl OpenWork {
    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cases.is_empty() && self.referrals.is_empty() && self.meetings == 0
    }
}
