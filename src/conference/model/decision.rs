//! What a meeting decides, from what it is dissented, and what is to be done.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::codes;
use crate::error::Transition;
use crate::id::{AccountId, ActionId, AgendaItemId, ConferenceId, DecisionId, NeedId, OrganizationId};

codes! {
    /// What a meeting decides.
    Code {
        /// Go on as now.
        Keep = "keep",
        /// Ask others.
        Reroute = "reroute",
        /// Approve a referral that waits for it.
        Approve = "approve",
        /// Another worker goes on.
        ChangeLead = "change_lead",
        /// A higher risk.
        RaiseRisk = "raise_risk",
        /// A lower risk.
        LowerRisk = "lower_risk",
        /// The emergency path.
        EmergencyRoute = "emergency_route",
        /// Several bodies visit together.
        JointVisit = "joint_visit",
        /// Nobody offers it: a gap for the county to close.
        DeclareGap = "declare_gap",
        /// Close the case.
        Close = "close",
        /// Take it up again another time.
        Defer = "defer",
    }
}

codes! {
    /// Where an action stands.
    ActionState {
        /// To be done.
        Open = "open",
        /// Done, with what shows it.
        Done = "done",
        /// It could not be done, and why.
        NotPossible = "not_possible",
        /// The meeting has found that it was not done.
        NotDone = "not_done",
    }
}

/// What a decision needs besides its code.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Services to be asked, in order: ids of services at locations.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sites: Vec<String>,
    /// Whether they are asked at once; absent, those of the first tier are, others one after another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parallel: Option<bool>,
    /// The referral it is about.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub referral: String,
    /// The new risk.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub risk: String,
    /// The new worker.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub worker: String,
}

/// A decision, without what is sealed.
#[derive(Debug, Clone)]
pub struct Decision {
    /// Id.
    pub id: DecisionId,
    /// Which item.
    pub item: AgendaItemId,
    /// From 1.
    pub number: u32,
    /// What was decided.
    pub code: Code,
    /// About which need.
    pub need: Option<NeedId>,
    /// What it needs.
    pub params: Params,
    /// Whether it was carried out.
    pub executed: bool,
    /// What it made: `dispatches/…`, `emergencies/…`.
    pub created: Option<String>,
    /// Why it was not carried out: a key below `conflict.` or `forbidden.`, or a transition's words.
    pub why_failed: Option<String>,
    /// Who wrote it down.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
}

/// A dissent, without what is sealed.
#[derive(Debug, Clone)]
pub struct Dissent {
    /// Which decision.
    pub decision: DecisionId,
    /// Which body.
    pub body: String,
    /// When its next step is due.
    pub due_day: Date,
}

/// An action, without what is sealed.
#[derive(Debug, Clone)]
pub struct Act {
    /// Id.
    pub id: ActionId,
    /// Which meeting.
    pub conference: ConferenceId,
    /// Which item.
    pub item: AgendaItemId,
    /// From 1, within the meeting.
    pub number: u32,
    /// Which body.
    pub organization: OrganizationId,
    /// Who of it.
    pub person: String,
    /// The person's account, if there is one.
    pub account: Option<AccountId>,
    /// Who does it if that person cannot.
    pub backup: String,
    /// By when, included.
    pub due_day: Date,
    /// Where it stands.
    pub state: ActionState,
    /// Who reported it.
    pub reported_by: Option<AccountId>,
    /// When.
    pub reported_at: Option<Timestamp>,
    /// Who is named to check it; none: whoever leads the meeting.
    pub checker: Option<AccountId>,
    /// Who checked it: another person.
    pub checked_by: Option<AccountId>,
    /// Version, for compare-and-set.
    pub version: i64,
}

impl Act {
    /// Where a report leads.
    ///
    /// # Errors
    /// [`Transition`] unless it is open.
    pub fn report(&self, to: ActionState) -> Result<ActionState, Transition> {
        if self.state == ActionState::Open && to != ActionState::Open {
            Ok(to)
        } else {
            Err(Transition { thing: "action", from: self.state.name(), action: to.name() })
        }
    }

    /// Whether it is reported done and nobody else has seen that yet.
    #[must_use]
    pub fn waits_to_be_checked(&self) -> bool {
        self.state == ActionState::Done && self.checked_by.is_none()
    }

    /// Whether it should be done and is not.
    #[must_use]
    pub fn is_late(&self, today: Date) -> bool {
        self.state == ActionState::Open && self.due_day < today
    }
}
