//! The parts of a list of referrals, as its tabs name them.

use super::state::State;

/// Which part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Filter {
    /// Whatever is live.
    #[default]
    Live,
    /// Live, and past its time.
    Overdue,
    /// Live, and due before the day is over.
    Today,
    /// Waits for approval.
    Approval,
    /// Waits for the provider's answer.
    Waiting,
    /// Accepted or served.
    Served,
    /// Waits for verification.
    Reported,
    /// Drafts.
    Draft,
    /// Come to an end.
    Ended,
}

/// What of a list is picked by its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum When {
    /// Everything.
    #[default]
    Any,
    /// What is past its time, or so far up the ladder that others were told.
    Overdue,
    /// What is due before the day is over.
    Today,
}

impl When {
    /// The name, as statements take it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Overdue => "overdue",
            Self::Today => "today",
        }
    }
}

impl Filter {
    /// All of them, in the order of the tabs.
    pub const ALL: [Self; 9] =
        [Self::Live, Self::Overdue, Self::Today, Self::Approval, Self::Waiting, Self::Served, Self::Reported, Self::Draft, Self::Ended];

    /// The name, as in addresses and `locales/`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Overdue => "overdue",
            Self::Today => "today",
            Self::Approval => "approval",
            Self::Waiting => "waiting",
            Self::Served => "served",
            Self::Reported => "reported",
            Self::Draft => "draft",
            Self::Ended => "ended",
        }
    }

    /// Reads a name; anything unknown is what is live.
    #[must_use]
    pub fn of(name: &str) -> Self {
        Self::ALL.into_iter().find(|known| known.name() == name).unwrap_or_default()
    }

    /// The states it holds.
    #[must_use]
    pub fn states(self) -> Vec<State> {
        let has = |state: State| match self {
            Self::Live | Self::Overdue | Self::Today => state.is_live(),
            Self::Approval => state == State::PendingApproval,
            Self::Waiting => matches!(state, State::Queued | State::Sent | State::Acknowledged | State::NeedsInfo | State::Waitlisted),
            Self::Served => matches!(state, State::Accepted | State::InService),
            Self::Reported => state == State::Reported,
            Self::Draft => state == State::Draft,
            Self::Ended => state.is_terminal() && state != State::Voided,
        };
        State::ALL.iter().copied().filter(|state| has(*state)).collect()
    }

    /// What it picks by time.
    #[must_use]
    pub const fn when(self) -> When {
        match self {
            Self::Overdue => When::Overdue,
            Self::Today => When::Today,
            _ => When::Any,
        }
    }
}
