//! Modes and states of a dispatch, and its table.

use serde::Serialize;
use serde_json::Value;

use super::super::model::{Referral, State, Withdraw, named};
use crate::error::{Error, Result, Transition};
use crate::id::{DispatchId, NeedId, ServiceAtLocationId};

/// How many are asked at once at most: each of them reads the brief.
pub const AT_ONCE: usize = 3;
/// How many may stand in line.
pub const IN_LINE: usize = 10;

named! {
    /// How the candidates are asked.
    Mode {
        /// One only.
        Single = "single",
        /// One after the other; the next when the one before does not take it on.
        Cascade = "cascade",
        /// Up to three at once; the first to take it on has it.
        Parallel = "parallel",
    }
}

impl Mode {
    /// How many candidates it has room for.
    #[must_use]
    pub const fn room(self) -> usize {
        match self {
            Self::Single => 1,
            Self::Cascade => IN_LINE,
            Self::Parallel => AT_ONCE,
        }
    }
}

named! {
    /// Where a dispatch stands.
    DispatchState {
        /// Written; nobody is asked yet.
        Planned = "planned",
        /// Somebody is asked, or waits for a turn.
        Running = "running",
        /// Somebody took it on.
        Accepted = "accepted",
        /// Everybody was asked, nobody took it on.
        Exhausted = "exhausted",
        /// The sender does not look on this way.
        Stopped = "stopped",
    }
}

/// What may follow what.
pub const TABLE: &[(DispatchState, &[DispatchState])] = {
    use DispatchState::{Accepted, Exhausted, Planned, Running, Stopped};
    &[
        (Planned, &[Running, Stopped]),
        (Running, &[Accepted, Exhausted, Stopped]),
        // A late refusal, or an end before any service.
        (Accepted, &[Running]),
        // Candidates were added.
        (Exhausted, &[Running]),
        (Stopped, &[]),
    ]
};

impl DispatchState {
    fn next(self) -> &'static [Self] {
        TABLE.iter().find(|(from, _)| *from == self).map_or(&[], |(_, next)| next)
    }

    /// Goes to another state, by way of running where that is the way.
    ///
    /// # Errors
    /// [`Transition`] where no way leads there.
    pub fn toward(self, to: Self) -> Result<Self> {
        let by_running = self.next().contains(&Self::Running) && Self::Running.next().contains(&to);
        if self == to || self.next().contains(&to) || by_running {
            return Ok(to);
        }
        Err(Error::Transition(Transition { thing: "dispatch", from: self.name(), action: to.name() }))
    }
}

/// What the end of one of its referrals means for a dispatch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The next in line is asked.
    Next,
    /// Nobody else is asked, and who waits for a turn is told off, with a reason.
    Stop(Withdraw),
    /// Nothing: another took the need on, and who waits goes on waiting.
    Stay,
}

impl Way {
    /// What it means that the sender takes one back: another is asked where only this provider was the wrong one.
    #[must_use]
    pub const fn after_withdrawal(reason: Withdraw) -> Self {
        match reason {
            Withdraw::NoResponseRerouted | Withdraw::WrongProvider => Self::Next,
            _ => Self::Stop(reason),
        }
    }
}

/// One of those who are asked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Candidate {
    /// Which service, where.
    pub service_at_location: ServiceAtLocationId,
    /// The proposal as it stood; absent where a person chose somebody else.
    pub proposal: Option<Value>,
}

/// A dispatch.
#[derive(Debug, Clone)]
pub struct Dispatch {
    /// Id.
    pub id: DispatchId,
    /// Which need.
    pub need: NeedId,
    /// How they are asked.
    pub mode: Mode,
    /// Who, in order.
    pub candidates: Vec<Candidate>,
    /// Where it stands.
    pub state: DispatchState,
    /// Counts changes.
    pub version: i64,
}

impl Dispatch {
    /// Puts its referrals in the order in which they are asked.
    pub fn sort(&self, referrals: &mut [Referral]) {
        let place = |referral: &Referral| self.candidates.iter().position(|candidate| candidate.service_at_location == referral.site);
        referrals.sort_by_key(|referral| (place(referral).unwrap_or(usize::MAX), referral.id.clone()));
    }

    /// Where it stands by its referrals, once one of them has ended this way.
    #[must_use]
    pub fn standing(referrals: &[Referral], way: Way) -> DispatchState {
        let has = |fits: fn(State) -> bool| referrals.iter().any(|referral| fits(referral.state()));
        match way {
            _ if has(State::is_accepted) => DispatchState::Accepted,
            _ if has(State::is_live) => DispatchState::Running,
            Way::Next => DispatchState::Exhausted,
            Way::Stop(_) | Way::Stay => DispatchState::Stopped,
        }
    }
}

/// Whether somebody is being asked: the line stands still meanwhile. Who is on a waiting list counts too.
#[must_use]
pub const fn is_asked(state: State) -> bool {
    state.is_live() && !matches!(state, State::Queued | State::PendingApproval)
}
