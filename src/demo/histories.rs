//! What may have happened to a referral: histories in which every state is reached.

use crate::referral::model::Action::{
    self, Accept, Acknowledge, Answer, Approve, Ask, Close, Decline, Dispute, End, Expire, Hold, Report, RequestWithdrawal, Send, Serve,
    Supersede, Void, Waitlist, Withdraw,
};
use crate::referral::model::Letter::{self, Coordinator as C, Provider as P, Supervisor as S, System as X, Timer as T, Worker as W};

/// A step: what, by whom, and how many hours after the one before.
pub type Step = (Action, Letter, u32);

/// A history of a referral.
#[derive(Debug)]
pub struct History {
    /// How often it is drawn.
    pub weight: u32,
    /// What happened after it was written.
    pub steps: &'static [Step],
    /// How many hours ago the last step is at most; absent where it has ended and may lie back any time.
    pub fresh: Option<u32>,
    /// Whether it waits for approval, or for its turn, when it is sent.
    pub gate: Gate,
}

/// What stands between sending and the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    Open,
    Approval,
    Turn,
}

const fn live(weight: u32, fresh: u32, steps: &'static [Step]) -> History {
    History { weight, steps, fresh: Some(fresh), gate: Gate::Open }
}

const fn over(weight: u32, steps: &'static [Step]) -> History {
    History { weight, steps, fresh: None, gate: Gate::Open }
}

/// All histories.
#[rustfmt::skip]
pub const HISTORIES: &[History] = &[
    live(4, 60, &[]),
    History { gate: Gate::Approval, ..live(4, 20, &[(Send, W, 1)]) },
    History { gate: Gate::Turn, ..live(2, 40, &[(Send, W, 1)]) },
    live(9, 20, &[(Send, W, 2)]),
    live(7, 30, &[(Send, W, 2), (Acknowledge, P, 6)]),
    live(4, 20, &[(Send, W, 2), (Acknowledge, P, 4), (Ask, P, 5)]),
    live(6, 60, &[(Send, W, 2), (Acknowledge, P, 8), (Waitlist, P, 26)]),
    live(10, 40, &[(Send, W, 2), (Acknowledge, P, 5), (Accept, P, 22)]),
    History { gate: Gate::Approval, ..live(4, 40, &[(Send, W, 2), (Approve, C, 6), (Acknowledge, P, 9), (Accept, P, 20)]) },
    live(3, 60, &[(Send, W, 2), (Accept, P, 20), (Hold, S, 30)]),
    live(2, 20, &[(Send, W, 2), (Accept, P, 20), (RequestWithdrawal, W, 60)]),
    live(7, 90, &[(Send, W, 2), (Acknowledge, P, 4), (Accept, P, 20), (Serve, P, 44)]),
    live(10, 120, &[(Send, W, 2), (Acknowledge, P, 4), (Accept, P, 20), (Serve, P, 44), (Serve, P, 150), (Serve, P, 168)]),
    live(2, 60, &[(Send, W, 2), (Accept, P, 20), (Serve, P, 44), (Serve, P, 150), (Report, P, 300), (Dispute, W, 48)]),
    live(6, 60, &[(Send, W, 2), (Acknowledge, P, 4), (Accept, P, 20), (Serve, P, 44), (Serve, P, 170), (Report, P, 500)]),
    over(18, &[(Send, W, 2), (Acknowledge, P, 4), (Accept, P, 20), (Serve, P, 44), (Serve, P, 170), (Report, P, 500), (Close, W, 60)]),
    over(3, &[(Send, W, 2), (Accept, P, 26), (Serve, P, 44), (Serve, P, 170), (Report, P, 600), (Close, T, 340)]),
];

/// Histories that came to nothing: the need is then referred anew.
#[rustfmt::skip]
pub const FAILED: &[History] = &[
    over(8, &[(Send, W, 2), (Acknowledge, P, 5), (Decline, P, 20)]),
    over(4, &[(Send, W, 2), (Decline, P, 10)]),
    over(3, &[(Send, W, 2), (Ask, P, 8), (Answer, W, 6), (Decline, P, 20)]),
    over(2, &[(Send, W, 2), (Accept, P, 20), (Decline, P, 70)]),
    over(5, &[(Send, W, 2), (Expire, T, 130)]),
    over(4, &[(Send, W, 2), (Acknowledge, P, 6), (Withdraw, W, 60)]),
    over(2, &[(Send, W, 2), (Supersede, X, 20)]),
    over(4, &[(Send, W, 2), (Acknowledge, P, 6), (Accept, P, 20), (End, W, 90)]),
    over(2, &[(Send, W, 2), (Void, S, 5)]),
];

impl History {
    /// Hours from writing it to the last step.
    #[must_use]
    pub fn hours(&self) -> u32 {
        self.steps.iter().map(|(_, _, hours)| hours).sum()
    }

    /// Whether the family or provider is asked and has some days: nothing for danger, where hours count.
    #[must_use]
    pub fn takes_its_time(&self) -> bool {
        self.fresh.is_some() && !self.steps.iter().any(|(action, ..)| *action == Accept)
    }

    /// Whether a provider took it on and still has it.
    #[must_use]
    pub fn is_taken_on(&self) -> bool {
        self.fresh.is_some() && self.steps.iter().any(|(action, ..)| *action == Accept)
    }
}
