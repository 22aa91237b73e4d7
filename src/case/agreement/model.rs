//! An agreement, and who needs one.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::super::model::{Guardian, GuardianState, Relation};
use crate::error::Transition;
use crate::id::{AccountId, CareAgreementId, CaseId};

/// Days before its last day from which an agreement is flagged.
pub const EXPIRING: i64 = 30;

/// What the carer is to the child.
pub const RELATIONS: [&str; 5] = ["grandparent", "relative", "neighbour", "foster", "other"];

/// Where an agreement stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Being written.
    Draft,
    /// Signed by all.
    Signed,
    /// Ended before its last day.
    Ended,
    /// Its last day is over.
    Expired,
}

impl State {
    /// The name, as stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Signed => "signed",
            Self::Ended => "ended",
            Self::Expired => "expired",
        }
    }
}

/// An agreement, without what is sealed.
#[derive(Debug, Clone)]
pub struct Agreement {
    /// Id.
    pub id: CareAgreementId,
    /// Whose case.
    pub case: CaseId,
    /// Where it stands.
    pub state: State,
    /// What the carer is to the child: one of [`RELATIONS`].
    pub relation: String,
    /// First day.
    pub from_day: Date,
    /// Last day, included.
    pub to_day: Date,
    /// Days within which the parents must be in touch, at most 7.
    pub contact_every: u8,
    /// Whether the school was told.
    pub school_told: bool,
    /// Whether the village's committee was told.
    pub committee_told: bool,
    /// Whether it was checked that nothing excludes the carer.
    pub carer_checked: bool,
    /// When it was signed.
    pub signed_day: Option<Date>,
    /// When it ended before its last day.
    pub ended_day: Option<Date>,
    /// Why.
    pub ended_reason: Option<String>,
    /// Who wrote it.
    pub written_by: AccountId,
    /// Version, for compare-and-set.
    pub version: i64,
}

impl Agreement {
    /// Whether it covers the child on a day.
    #[must_use]
    pub fn covers(&self, day: Date) -> bool {
        self.state == State::Signed && self.from_day <= day && day <= self.to_day
    }

    /// Whether it should be renewed: it still covers, but not for long.
    #[must_use]
    pub fn expires_soon(&self, today: Date) -> bool {
        self.covers(today) && self.to_day <= today.saturating_add(EXPIRING.days())
    }

    /// Where it stands on a day: one whose last day is over has expired, whether or not that was written down yet.
    #[must_use]
    pub fn state_on(&self, day: Date) -> State {
        if self.state == State::Signed && self.to_day < day { State::Expired } else { self.state }
    }

    /// It is signed.
    ///
    /// # Errors
    /// [`Transition`] unless it is a draft.
    pub fn sign(&self) -> Result<State, Transition> {
        if self.state == State::Draft { Ok(State::Signed) } else { Err(self.refuse("sign")) }
    }

    /// It ends before its last day.
    ///
    /// # Errors
    /// [`Transition`] unless it is signed.
    pub fn end(&self) -> Result<State, Transition> {
        if self.state == State::Signed { Ok(State::Ended) } else { Err(self.refuse("end")) }
    }

    fn refuse(&self, action: &'static str) -> Transition {
        Transition { thing: "care_agreement", from: self.state.name(), action }
    }
}

/// Whether a child needs one: a parent works elsewhere, and no parent is there.
#[must_use]
pub fn needs_one(guardians: &[Guardian]) -> bool {
    let parents = || guardians.iter().filter(|guardian| matches!(guardian.relation, Relation::Father | Relation::Mother));
    parents().any(|parent| parent.state == GuardianState::Away) && parents().all(|parent| parent.state != GuardianState::Present)
}
