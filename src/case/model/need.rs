//! A need: what is to be met, how urgent it is, and where it stands.

use jiff::Timestamp;
use jiff::civil::Date;
use lianjie_index::TermCode;
use serde::{Deserialize, Serialize};

use crate::error::{Fault, Transition};
use crate::id::{CaseId, NeedId};

/// How urgent a need is: 1 danger or legal deadline now, 2 within a week, 3 within a month, 4 when possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Tier(u8);

impl Tier {
    /// Danger or legal deadline now.
    pub const NOW: Self = Self(1);
    /// All of them.
    pub const ALL: [Self; 4] = [Self(1), Self(2), Self(3), Self(4)];

    /// Reads a tier.
    ///
    /// # Errors
    /// The fault unless it is 1 to 4.
    pub fn new(number: u8) -> Result<Self, Fault> {
        if (1..=4).contains(&number) { Ok(Self(number)) } else { Err(Fault::new("tier", "tier")) }
    }

    /// The tier of a new need: that of the case's risk, 3 without one, 1 in one of the nine situations.
    #[must_use]
    pub fn by_default(risk_rank: Option<u8>, must_report: bool) -> Self {
        if must_report { Self::NOW } else { Self(risk_rank.unwrap_or(3).clamp(1, 4)) }
    }

    /// The number.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for Tier {
    type Error = String;
    fn try_from(number: u8) -> Result<Self, String> {
        Self::new(number).map_err(|_| "a tier is 1 to 4".to_owned())
    }
}

impl From<Tier> for u8 {
    fn from(tier: Tier) -> Self {
        tier.0
    }
}

/// Where a need stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Nobody is asked.
    Open,
    /// Somebody is asked.
    InDispatch,
    /// Somebody serves.
    BeingServed,
    /// Met.
    Met,
    /// Met in part.
    PartlyMet,
    /// Not met.
    NotMet,
    /// No longer needed.
    NoLongerNeeded,
    /// Nobody offers it.
    Gap,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 8] =
        [Self::Open, Self::InDispatch, Self::BeingServed, Self::Met, Self::PartlyMet, Self::NotMet, Self::NoLongerNeeded, Self::Gap];

    /// The name, as stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::InDispatch => "in_dispatch",
            Self::BeingServed => "being_served",
            Self::Met => "met",
            Self::PartlyMet => "partly_met",
            Self::NotMet => "not_met",
            Self::NoLongerNeeded => "no_longer_needed",
            Self::Gap => "gap",
        }
    }

    /// Whether it is settled.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Met | Self::PartlyMet | Self::NotMet | Self::NoLongerNeeded)
    }

    /// Where a need stands by its referrals: one accepted, one live, or none.
    #[must_use]
    pub const fn of_referrals(accepted: bool, live: bool) -> Self {
        if accepted {
            Self::BeingServed
        } else if live {
            Self::InDispatch
        } else {
            Self::Open
        }
    }
}

/// A step a person takes on a need; what referrals do to it is [`Outcome::of_referrals`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NeedStep {
    /// Verified with the closing of a referral: met.
    VerifyMet,
    /// The same: met in part.
    VerifyPartly,
    /// The same: not met.
    VerifyNot,
    /// Met elsewhere; live referrals are withdrawn.
    MetElsewhere,
    /// Nobody offers it.
    DeclareGap,
    /// Somebody offers it now.
    CloseGap,
    /// No longer needed; none may be live.
    Drop,
    /// Needed again.
    Reopen,
}

impl NeedStep {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::VerifyMet,
        Self::VerifyPartly,
        Self::VerifyNot,
        Self::MetElsewhere,
        Self::DeclareGap,
        Self::CloseGap,
        Self::Drop,
        Self::Reopen,
    ];

    /// The name, as in `locales/` below `need.action.`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::VerifyMet => "verify_met",
            Self::VerifyPartly => "verify_partly",
            Self::VerifyNot => "verify_not",
            Self::MetElsewhere => "met_elsewhere",
            Self::DeclareGap => "declare_gap",
            Self::CloseGap => "close_gap",
            Self::Drop => "drop",
            Self::Reopen => "reopen",
        }
    }

    /// Whether a reason must be said.
    #[must_use]
    pub const fn needs_reason(self) -> bool {
        matches!(self, Self::VerifyNot | Self::Drop | Self::Reopen | Self::DeclareGap)
    }
}

/// Where a need came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Read from the worker's words.
    Read,
    /// Picked from the taxonomy.
    Picked,
    /// Decided at a meeting.
    Meeting,
}

/// A need of a case.
#[derive(Debug, Clone)]
pub struct Need {
    /// Id.
    pub id: NeedId,
    /// Whose.
    pub case: CaseId,
    /// Taxonomy leaf.
    pub term: TermCode,
    /// Urgency.
    pub tier: Tier,
    /// Why the tier is not the default.
    pub tier_reason: Option<String>,
    /// Where it stands.
    pub state: Outcome,
    /// Whether more than one provider may serve at a time.
    pub several: bool,
    /// Whether its last referral closed without verification.
    pub unverified: bool,
    /// By when.
    pub target_day: Option<Date>,
    /// Why it ended as it did.
    pub reason: Option<String>,
    /// When it was written.
    pub opened_at: Timestamp,
    /// When it was settled.
    pub closed_at: Option<Timestamp>,
    /// Where it came from.
    pub source: Source,
    /// Version, for compare-and-set: acceptance is checked under it.
    pub version: i64,
}

impl Need {
    /// Where a person's step leads; `live` is whether a referral of it is live.
    ///
    /// # Errors
    /// [`Transition`] for every step the state does not allow.
    pub fn step(&self, step: NeedStep, live: bool) -> Result<Outcome, Transition> {
        use Outcome::{BeingServed, Gap, InDispatch, Met, NoLongerNeeded, NotMet, Open, PartlyMet};
        match (self.state, step) {
            (BeingServed, NeedStep::VerifyMet) | (Open | InDispatch, NeedStep::MetElsewhere) => Ok(Met),
            (BeingServed, NeedStep::VerifyPartly) => Ok(PartlyMet),
            (BeingServed, NeedStep::VerifyNot) => Ok(NotMet),
            (Open | InDispatch, NeedStep::DeclareGap) if !live => Ok(Gap),
            (Gap, NeedStep::CloseGap) => Ok(Open),
            (state, NeedStep::Drop) if !state.is_final() && !live => Ok(NoLongerNeeded),
            (Met | PartlyMet | NotMet | NoLongerNeeded, NeedStep::Reopen) => Ok(Open),
            (from, step) => Err(Transition { thing: "need", from: from.name(), action: step.name() }),
        }
    }
}
