//! A meeting, its agenda, its decisions and its actions.

mod decision;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use lianjie_index::DivisionCode;
use serde::{Deserialize, Serialize};

pub use decision::{Act, ActionState, Code, Decision, Dissent, Params};

use crate::access::{Facts, Subject};
use crate::error::Transition;
use crate::id::{AccountId, AgendaItemId, CaseId, ConferenceId, OrganizationId};

/// Declares a set of codes with their names.
macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $code:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$of])* #[serde(rename = $text)] $code,)*
        }

        impl $name {
            /// All of them.
            pub const ALL: [Self; [$($text),*].len()] = [$(Self::$code),*];

            /// The name, as stored.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$code => $text,)*
                }
            }

            /// Reads a name.
            #[must_use]
            pub fn of(name: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|code| code.name() == name)
            }
        }
    };
}

use codes;

codes! {
    /// Where a meeting stands.
    State {
        /// Called; the agenda is arranged.
        Planned = "planned",
        /// Those invited have the pack.
        PackSent = "pack_sent",
        /// It sits.
        InSession = "in_session",
        /// The minutes are signed, and frozen.
        Signed = "signed",
        /// It does not take place.
        Cancelled = "cancelled",
    }
}

codes! {
    /// A step of a meeting.
    Step {
        /// Send the pack to those invited.
        SendPack = "send_pack",
        /// Begin.
        Begin = "begin",
        /// Sign the minutes.
        Sign = "sign",
        /// Call it off.
        Cancel = "cancel",
    }
}

codes! {
    /// Why a case is on the agenda.
    Why {
        /// An emergency runs.
        Emergency = "emergency",
        /// Nobody answered a referral of the first tier.
        Tier1Expired = "tier_1_expired",
        /// The next step of a dissent is due.
        Dissent = "dissent",
        /// The highest risk, and no meeting for long.
        Red = "red",
        /// The loop asks for it.
        Flagged = "flagged",
        /// Refused again and again.
        Declined = "declined",
        /// Nobody offers what is needed.
        Gap = "gap",
        /// Overdue for long.
        Overdue = "overdue",
        /// Appointments missed again and again.
        NoShow = "no_show",
        /// What a meeting agreed on is not done.
        ActionOverdue = "action_overdue",
        /// The day of review has come.
        Review = "review",
        /// The last meeting did not come to it.
        PutOff = "put_off",
        /// The worker asks for it.
        Proposed = "proposed",
        /// The chair has put it on.
        Chair = "chair",
    }
}

codes! {
    /// Where an item of the agenda stands.
    ItemState {
        /// To be discussed.
        Planned = "planned",
        /// Discussed.
        Discussed = "discussed",
        /// Put off.
        Deferred = "deferred",
    }
}

/// A meeting.
#[derive(Debug, Clone)]
pub struct Conference {
    /// Id.
    pub id: ConferenceId,
    /// Number to say on the phone.
    pub number: String,
    /// Division it is for.
    pub division: DivisionCode,
    /// The station whose meeting it is; the county's where none.
    pub station: Option<OrganizationId>,
    /// What it is called.
    pub title: String,
    /// Where.
    pub place: String,
    /// When.
    pub starts_at: Timestamp,
    /// Where it stands.
    pub state: State,
    /// Who called it.
    pub called_by: AccountId,
    /// Who leads it.
    pub chair: AccountId,
    /// Who signed the minutes.
    pub signed_by: Option<AccountId>,
    /// When.
    pub signed_at: Option<Timestamp>,
    /// The digest of the minutes.
    pub minutes_hash: Option<String>,
    /// Why it was called off.
    pub reason: Option<String>,
    /// Bodies invited.
    pub invited: Vec<OrganizationId>,
    /// Version, for compare-and-set.
    pub version: i64,
}

impl Conference {
    /// Where a step leads.
    ///
    /// # Errors
    /// [`Transition`] for every step the state does not allow.
    pub fn step(&self, step: Step) -> Result<State, Transition> {
        match (self.state, step) {
            (State::Planned, Step::SendPack) => Ok(State::PackSent),
            (State::Planned | State::PackSent, Step::Begin) => Ok(State::InSession),
            (State::InSession, Step::Sign) => Ok(State::Signed),
            (State::Planned | State::PackSent, Step::Cancel) => Ok(State::Cancelled),
            (from, step) => Err(Transition { thing: "conference", from: from.name(), action: step.name() }),
        }
    }

    /// Whether another time or place may be set.
    ///
    /// # Errors
    /// [`Transition`] once it sits.
    pub const fn may_move(&self) -> Result<(), Transition> {
        match self.state {
            State::Planned | State::PackSent => Ok(()),
            from => Err(Transition { thing: "conference", from: from.name(), action: "move" }),
        }
    }

    /// Whether it begins by an instant and nobody has its pack yet.
    #[must_use]
    pub fn lacks_pack(&self, by: Timestamp) -> bool {
        self.state == State::Planned && self.starts_at <= by
    }

    /// Whether its agenda can still be arranged.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self.state, State::Planned | State::PackSent | State::InSession)
    }
}

impl Subject for Conference {
    fn facts(&self) -> Facts {
        Facts {
            thing: "conference",
            id: self.id.to_string(),
            division: Some(self.division.clone()),
            station: self.station.clone(),
            invited: self.invited.clone(),
            ..Facts::default()
        }
    }
}

/// A case on the agenda, without what is sealed.
#[derive(Debug, Clone)]
pub struct Item {
    /// Id.
    pub id: AgendaItemId,
    /// Which meeting.
    pub conference: ConferenceId,
    /// Which case.
    pub case: CaseId,
    /// Where it stands in the agenda, from 1.
    pub position: u32,
    /// Why it is there.
    pub why: Vec<Why>,
    /// Where it stands.
    pub state: ItemState,
    /// When it is reviewed.
    pub next_review: Option<Date>,
    /// Version, for compare-and-set.
    pub version: i64,
}

/// The texts of an item that are written before and at the meeting, with the most characters of each.
pub const TEXTS: [(&str, usize); 8] = [
    ("question", 120),
    ("danger", 80),
    ("strengths", 80),
    ("child_words", 80),
    ("guardian_view", 80),
    ("safety", 80),
    ("contingency", 120),
    ("trigger", 80),
];

/// The latest day of the next review: within 7 days for the first tier or the highest risk, 30 for the second risk, else 90.
#[must_use]
pub fn latest_review(today: Date, most_urgent_tier: Option<u8>, risk_rank: Option<u8>) -> Date {
    let days: i64 = match (most_urgent_tier, risk_rank) {
        (Some(1), _) | (_, Some(1)) => 7,
        (_, Some(2)) => 30,
        _ => 90,
    };
    today.saturating_add(days.days())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_review_is_the_sooner_the_more_urgent() {
        let today = "2026-02-10".parse().unwrap();
        let of = |tier, rank| latest_review(today, tier, rank).to_string();
        assert_eq!(of(Some(1), Some(3)), "2026-02-17");
        assert_eq!(of(Some(3), Some(1)), "2026-02-17");
        assert_eq!(of(Some(2), Some(2)), "2026-03-12");
        assert_eq!(of(None, None), "2026-05-11");
    }
}
