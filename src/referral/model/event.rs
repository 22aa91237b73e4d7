//! What happened to a referral: append-only, each with who, for whom, how, when.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Action, Channel, Decline, End, Engagement, Hold, Method, NextStep, Outcome, Record, State, VerifiedBy, Withdraw};

/// An event with its fields. No field holds a word about a child; what people write is the sealed note beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "facts", rename_all = "snake_case")]
pub enum Event {
    /// Written.
    Draft {
        /// Tier of the need.
        tier: u8,
    },
    /// Sent.
    Send {
        /// Whether it went out ahead of the approval it needs: the first tier does not wait for the morning.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        ahead: bool,
    },
    /// Let out by another person.
    Approve {},
    /// Given back with a remark.
    Return {},
    /// Its turn has come.
    Release {},
    /// Seen.
    Acknowledge {},
    /// Asked; so many seconds of the provider's clock were used.
    Ask {
        /// Seconds used.
        spent_s: i64,
    },
    /// Answered.
    Answer {},
    /// Taken on.
    Accept {
        /// Promised day of the first contact.
        contact_day: Date,
        /// Promised day of the first service.
        promised_day: Date,
        /// Whether the provider took one more than it posted.
        override_full: bool,
        /// Whether a posted place is taken.
        reserved: bool,
    },
    /// Taken on for later.
    Waitlist {
        /// Expected day.
        expected_day: Date,
        /// Place in the line.
        position: Option<u32>,
    },
    /// Refused.
    Decline {
        /// Why.
        reason: Decline,
        /// Whether it had been accepted.
        late: bool,
    },
    /// Taken back.
    Withdraw {
        /// Why.
        reason: Withdraw,
    },
    /// Nobody answered.
    Expire {
        /// Whether it goes on the next meeting's agenda.
        on_agenda: bool,
    },
    /// Another was first.
    Supersede {},
    /// It rests.
    Hold {
        /// Why.
        reason: Hold,
        /// Until when.
        until: Timestamp,
        /// Seconds of the provider's clock used.
        spent_s: i64,
    },
    /// It goes on.
    Lift {},
    /// The family was met, or a service given.
    Serve {
        /// Which.
        record: Record,
        /// When.
        day: Date,
        /// How much of it.
        units: u32,
    },
    /// The provider says what came of it.
    Report {
        /// Outcome.
        outcome: Outcome,
        /// First day of service.
        from_day: Date,
        /// Last day of service.
        to_day: Date,
        /// How much of it.
        units: u32,
        /// What is proposed next.
        next_step: NextStep,
    },
    /// Nothing came of it, or it stopped.
    End {
        /// Why.
        reason: End,
        /// Tries to reach the family.
        tries: Option<u32>,
        /// Days on which they were made.
        tried_days: Option<u32>,
    },
    /// The sender asks to take it back.
    RequestWithdrawal {
        /// Why.
        reason: Withdraw,
    },
    /// The provider agrees, or did not answer.
    ConfirmWithdrawal {},
    /// Closed.
    Close {
        /// Outcome.
        outcome: Outcome,
        /// Who says so.
        verified_by: VerifiedBy,
        /// How the sender asked.
        method: Option<Method>,
        /// On which day.
        day: Date,
        /// How satisfied, 1 to 5.
        satisfaction: Option<u8>,
    },
    /// The family says it was not done.
    Dispute {},
    /// Taken up again.
    Reopen {
        /// Promised day of the next service.
        promised_day: Date,
    },
    /// Entered in error.
    Void {},
    /// The sender reminds.
    Chase {},
    /// Another person has looked at what went out ahead of its approval.
    Confirm {},
    /// Whether the family is still being helped.
    Engage {
        /// So it is, or not.
        engagement: Engagement,
    },
    /// A step of the ladder.
    Overdue {
        /// 1 to 4.
        step: u8,
        /// Whether it goes on the next meeting's agenda.
        on_agenda: bool,
    },
    /// The need's tier changed.
    Retier {
        /// To which.
        tier: u8,
    },
}

impl Event {
    /// What was done; absent for writing it.
    #[must_use]
    pub const fn action(&self) -> Option<Action> {
        Some(match self {
            Self::Draft { .. } => return None,
            Self::Send { .. } => Action::Send,
            Self::Approve {} => Action::Approve,
            Self::Return {} => Action::Return,
            Self::Release {} => Action::Release,
            Self::Acknowledge {} => Action::Acknowledge,
            Self::Ask { .. } => Action::Ask,
            Self::Answer {} => Action::Answer,
            Self::Accept { .. } => Action::Accept,
            Self::Waitlist { .. } => Action::Waitlist,
            Self::Decline { .. } => Action::Decline,
            Self::Withdraw { .. } => Action::Withdraw,
            Self::Expire { .. } => Action::Expire,
            Self::Supersede {} => Action::Supersede,
            Self::Hold { .. } => Action::Hold,
            Self::Lift {} => Action::Lift,
            Self::Serve { .. } => Action::Serve,
            Self::Report { .. } => Action::Report,
            Self::End { .. } => Action::End,
            Self::RequestWithdrawal { .. } => Action::RequestWithdrawal,
            Self::ConfirmWithdrawal {} => Action::ConfirmWithdrawal,
            Self::Close { .. } => Action::Close,
            Self::Dispute {} => Action::Dispute,
            Self::Reopen { .. } => Action::Reopen,
            Self::Void {} => Action::Void,
            Self::Chase {} => Action::Chase,
            Self::Confirm {} => Action::Confirm,
            Self::Engage { .. } => Action::Engage,
            Self::Overdue { .. } => Action::Overdue,
            Self::Retier { .. } => Action::Retier,
        })
    }

    /// The name of the kind, as stored.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self.action() {
            Some(action) => action.name(),
            None => "draft",
        }
    }

    /// The coded reason, if the event has one.
    #[must_use]
    pub const fn reason(&self) -> Option<&'static str> {
        match self {
            Self::Decline { reason, .. } => Some(reason.name()),
            Self::Withdraw { reason } | Self::RequestWithdrawal { reason } => Some(reason.name()),
            Self::Hold { reason, .. } => Some(reason.name()),
            Self::End { reason, .. } => Some(reason.name()),
            _ => None,
        }
    }
}

/// An event as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// From 1.
    pub number: i64,
    /// What.
    pub event: Event,
    /// Where it stood.
    pub from: State,
    /// Where it then stood.
    pub to: State,
    /// Account id, `timer` or `system`.
    pub actor: String,
    /// For whom, when a call was written down: name at work and hour, never a family's.
    pub on_behalf_of: Option<String>,
    /// How it came in.
    pub channel: Channel,
    /// When it happened.
    pub at: Timestamp,
    /// When it was written down.
    pub recorded_at: Timestamp,
}
