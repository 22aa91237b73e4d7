//! Where a referral stands, and who moves it.

use serde::{Deserialize, Serialize};

/// Declares an enum of unit variants with their stored names, in order.
macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $code:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $code)] $variant,)*
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name, as stored, in JSON and in `locales/`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)*
                }
            }

            /// Reads a name.
            #[must_use]
            pub fn of(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.name() == name)
            }
        }
    };
}
pub(crate) use named;

named! {
    /// Where a referral stands; folded from its events.
    State {
        /// Being written.
        Draft = "draft",
        /// Waits for the station head.
        PendingApproval = "pending_approval",
        /// Waits for its turn in a cascade.
        Queued = "queued",
        /// The offer is open; no answer yet.
        Sent = "sent",
        /// Seen by the provider; not an acceptance.
        Acknowledged = "acknowledged",
        /// The provider asked; its clock stands still.
        NeedsInfo = "needs_info",
        /// The provider will serve later.
        Waitlisted = "waitlisted",
        /// The provider commits.
        Accepted = "accepted",
        /// The family was met, or a service given.
        InService = "in_service",
        /// The provider says what came of it.
        Reported = "reported",
        /// Verified by the sender.
        Closed = "closed",
        /// Refused by the provider.
        Declined = "declined",
        /// Nobody answered.
        Expired = "expired",
        /// Taken back by the sender.
        Withdrawn = "withdrawn",
        /// Another provider was first.
        Superseded = "superseded",
        /// Accepted, but nothing came of it.
        Ended = "ended",
        /// Entered in error.
        Voided = "voided",
    }
}

impl State {
    /// Whether somebody is to do something: has an owner and a due time.
    #[must_use]
    pub const fn is_live(self) -> bool {
        matches!(
            self,
            Self::PendingApproval
                | Self::Queued
                | Self::Sent
                | Self::Acknowledged
                | Self::NeedsInfo
                | Self::Waitlisted
                | Self::Accepted
                | Self::InService
                | Self::Reported
        )
    }

    /// Whether the provider has committed and the referral lives.
    #[must_use]
    pub const fn is_accepted(self) -> bool {
        matches!(self, Self::Accepted | Self::InService | Self::Reported)
    }

    /// Whether it has come to an end: only reopening or voiding changes it.
    #[must_use]
    pub const fn is_terminal(self) -> bool {
        !self.is_live() && !matches!(self, Self::Draft)
    }

    /// Whether the provider's own answer is waited for.
    #[must_use]
    pub const fn awaits_provider(self) -> bool {
        matches!(self, Self::Sent | Self::Acknowledged)
    }
}

named! {
    /// Who moves a referral: the letters of the design.
    Letter {
        /// Case worker.
        Worker = "W",
        /// Station head.
        Supervisor = "S",
        /// Provider's contact, the holder of a link, or the worker who writes down a call.
        Provider = "P",
        /// District coordinator, or a meeting.
        Coordinator = "C",
        /// The sweep of the timers.
        Timer = "T",
        /// The product, in the transaction of somebody's deed.
        System = "X",
    }
}

named! {
    /// What is done to a referral.
    Action {
        /// The sender sends it.
        Send = "send",
        /// Another person lets it go out.
        Approve = "approve",
        /// Another person gives it back with a remark.
        Return = "return",
        /// Its turn in the cascade has come.
        Release = "release",
        /// The provider has seen it.
        Acknowledge = "acknowledge",
        /// The provider asks.
        Ask = "ask",
        /// The sender answers.
        Answer = "answer",
        /// The provider takes it on.
        Accept = "accept",
        /// The provider takes it on for later.
        Waitlist = "waitlist",
        /// The provider refuses.
        Decline = "decline",
        /// The sender takes it back.
        Withdraw = "withdraw",
        /// Nobody answered in time.
        Expire = "expire",
        /// Another provider of a parallel dispatch was first.
        Supersede = "supersede",
        /// It rests until a day.
        Hold = "hold",
        /// It goes on.
        Lift = "lift",
        /// The family was met, or a service given.
        Serve = "serve",
        /// The provider says what came of it.
        Report = "report",
        /// Nothing came of it, or it stopped.
        End = "end",
        /// The sender asks to take it back after acceptance.
        RequestWithdrawal = "request_withdrawal",
        /// The provider agrees.
        ConfirmWithdrawal = "confirm_withdrawal",
        /// The sender has asked the family and closes.
        Close = "close",
        /// The family says it was not done.
        Dispute = "dispute",
        /// Another provider is asked.
        Reroute = "reroute",
        /// It is taken up again.
        Reopen = "reopen",
        /// It was entered in error.
        Void = "void",
        /// The sender reminds the provider.
        Chase = "chase",
        /// Another person looks at what went out ahead of its approval.
        Confirm = "confirm",
        /// Somebody says whether the family is still being helped.
        Engage = "engage",
        /// A step of the ladder was reached.
        Overdue = "overdue",
        /// The need's tier changed.
        Retier = "retier",
    }
}

named! {
    /// How an act came in.
    Channel {
        /// A page.
        Page = "page",
        /// A one-time link.
        Link = "link",
        /// A telephone call, written down by the worker.
        Phone = "phone",
        /// The JSON interface.
        Api = "api",
        /// The sweep.
        Timer = "timer",
        /// A meeting's decision.
        Meeting = "meeting",
    }
}

/// What laid over the state, besides being on hold and overdue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// Closed without asking the family.
    Unverified,
    /// The consent was revoked or lapsed: the provider may only decline or end.
    ConsentBlocked,
    /// On the next meeting's agenda.
    OnAgenda,
    /// The sender asked to take it back after acceptance.
    WithdrawalRequested,
    /// It went out ahead of its approval, and nobody else has looked at it yet.
    ToConfirm,
}
