//! The transitions of a referral, as one table. Every (state, action, letter) that is not in it is refused.
//!
//! A station head may do what a worker may. A worker who writes down a call acts with the provider's letter.

use super::{Action, Letter, State};
use crate::error::{Error, Result, Transition};

/// What must hold besides state and letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// Nothing more.
    Free,
    /// The actor is not who wrote it.
    SecondPerson,
    /// It went out ahead of its approval, and the actor is not who wrote it.
    SecondLook,
    /// It is the actor's own.
    OwnDraft,
    /// Fewer than two questions were asked.
    ThirdQuestion,
    /// A need of the first tier is put to rest by the station head only.
    TierOneHold,
    /// A provider does not end a referral of the first tier by itself.
    TierOneEnd,
    /// The sender asked for it.
    Requested,
    /// Ended not longer than thirty days ago.
    Lately,
}

/// One row.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// What is done.
    pub action: Action,
    /// Where it may stand.
    pub from: &'static [State],
    /// Where it then stands; absent: where it stood.
    pub to: Option<State>,
    /// Who.
    pub letters: &'static [Letter],
    /// What else must hold.
    pub guard: Guard,
}

use Action as A;
use Letter::{Coordinator as C, Provider as P, Supervisor as S, System as X, Timer as T, Worker as W};
use State as St;

const LIVE: &[State] = &[
    St::PendingApproval,
    St::Queued,
    St::Sent,
    St::Acknowledged,
    St::NeedsInfo,
    St::Waitlisted,
    St::Accepted,
    St::InService,
    St::Reported,
];
const BEFORE_ACCEPTED: &[State] = &[St::PendingApproval, St::Queued, St::Sent, St::Acknowledged, St::NeedsInfo, St::Waitlisted];
const ANSWERING: &[State] = &[St::Sent, St::Acknowledged, St::NeedsInfo];
const ANY_BUT_VOIDED: &[State] = &[
    St::Draft,
    St::PendingApproval,
    St::Queued,
    St::Sent,
    St::Acknowledged,
    St::NeedsInfo,
    St::Waitlisted,
    St::Accepted,
    St::InService,
    St::Reported,
    St::Closed,
    St::Declined,
    St::Expired,
    St::Withdrawn,
    St::Superseded,
    St::Ended,
];

/// Whatever became of it since it went out: all but the three before.
const SENT_EVER: &[State] = ANY_BUT_VOIDED.split_at(3).1;

/// The table. Where two rows fit, the first whose letter and guard hold counts.
#[rustfmt::skip]
pub const TABLE: &[Rule] = &[
    // Before it is out.
    // The coordinator, or a meeting, sends what it dispatches.
    Rule { action: A::Send, from: &[St::Draft], to: Some(St::Sent), letters: &[W, C], guard: Guard::Free },
    Rule { action: A::Void, from: &[St::Draft], to: Some(St::Voided), letters: &[W], guard: Guard::OwnDraft },
    Rule { action: A::Approve, from: &[St::PendingApproval], to: Some(St::Sent), letters: &[S, C], guard: Guard::SecondPerson },
    Rule { action: A::Return, from: &[St::PendingApproval], to: Some(St::Draft), letters: &[S, C], guard: Guard::SecondPerson },
    Rule { action: A::Release, from: &[St::Queued], to: Some(St::Sent), letters: &[T, W, X], guard: Guard::Free },
    Rule { action: A::Withdraw, from: &[St::Queued], to: Some(St::Withdrawn), letters: &[W, S, X], guard: Guard::Free },
    // The provider answers.
    Rule { action: A::Acknowledge, from: &[St::Sent], to: Some(St::Acknowledged), letters: &[P], guard: Guard::Free },
    Rule { action: A::Ask, from: &[St::Sent, St::Acknowledged], to: Some(St::NeedsInfo), letters: &[P], guard: Guard::ThirdQuestion },
    Rule { action: A::Answer, from: &[St::NeedsInfo], to: Some(St::Acknowledged), letters: &[W, S], guard: Guard::Free },
    Rule { action: A::Accept, from: ANSWERING, to: Some(St::Accepted), letters: &[P], guard: Guard::Free },
    Rule { action: A::Accept, from: &[St::Waitlisted], to: Some(St::Accepted), letters: &[P], guard: Guard::Free },
    Rule { action: A::Waitlist, from: ANSWERING, to: Some(St::Waitlisted), letters: &[P], guard: Guard::Free },
    Rule { action: A::Decline, from: &[St::Sent, St::Acknowledged, St::NeedsInfo, St::Waitlisted], to: Some(St::Declined), letters: &[P], guard: Guard::Free },
    Rule { action: A::Decline, from: &[St::Accepted], to: Some(St::Declined), letters: &[P], guard: Guard::Free },
    Rule { action: A::Expire, from: &[St::Sent, St::Acknowledged], to: Some(St::Expired), letters: &[T, S, C], guard: Guard::Free },
    Rule { action: A::Withdraw, from: BEFORE_ACCEPTED, to: Some(St::Withdrawn), letters: &[W, S, C], guard: Guard::Free },
    Rule { action: A::Supersede, from: BEFORE_ACCEPTED, to: Some(St::Superseded), letters: &[X], guard: Guard::Free },
    // It rests.
    Rule { action: A::Hold, from: LIVE, to: None, letters: &[W, P], guard: Guard::TierOneHold },
    Rule { action: A::Hold, from: LIVE, to: None, letters: &[S, X], guard: Guard::Free },
    Rule { action: A::Lift, from: LIVE, to: None, letters: &[W, P], guard: Guard::TierOneHold },
    Rule { action: A::Lift, from: LIVE, to: None, letters: &[S, X], guard: Guard::Free },
    // It is served.
    Rule { action: A::Serve, from: &[St::Accepted, St::InService], to: Some(St::InService), letters: &[P, W], guard: Guard::Free },
    Rule { action: A::Report, from: &[St::Accepted, St::InService], to: Some(St::Reported), letters: &[P], guard: Guard::Free },
    Rule { action: A::End, from: &[St::Accepted, St::InService], to: Some(St::Ended), letters: &[W, S], guard: Guard::Free },
    Rule { action: A::End, from: &[St::Accepted, St::InService], to: Some(St::Ended), letters: &[P], guard: Guard::TierOneEnd },
    Rule { action: A::RequestWithdrawal, from: &[St::Accepted, St::InService], to: None, letters: &[W], guard: Guard::Free },
    Rule { action: A::ConfirmWithdrawal, from: &[St::Accepted, St::InService], to: Some(St::Ended), letters: &[P, T], guard: Guard::Requested },
    // It is verified.
    Rule { action: A::Close, from: &[St::Reported], to: Some(St::Closed), letters: &[W, S, T], guard: Guard::Free },
    Rule { action: A::Dispute, from: &[St::Reported], to: Some(St::InService), letters: &[W], guard: Guard::Free },
    // After the end.
    Rule { action: A::Reroute, from: &[St::Declined, St::Expired, St::Ended, St::Withdrawn], to: None, letters: &[W, S, C, T, X], guard: Guard::Free },
    Rule { action: A::Reopen, from: &[St::Closed, St::Ended], to: Some(St::InService), letters: &[S, C], guard: Guard::Lately },
    Rule { action: A::Void, from: ANY_BUT_VOIDED, to: Some(St::Voided), letters: &[S, C], guard: Guard::Free },
    // What moves nothing: reminders, the ladder, another tier.
    Rule { action: A::Chase, from: &[St::Sent, St::Acknowledged, St::Waitlisted, St::Accepted, St::InService], to: None, letters: &[W, S, C], guard: Guard::Free },
    Rule { action: A::Confirm, from: SENT_EVER, to: None, letters: &[S, C], guard: Guard::SecondLook },
    Rule { action: A::Engage, from: &[St::Accepted, St::InService], to: None, letters: &[W, P], guard: Guard::Free },
    Rule { action: A::Overdue, from: LIVE, to: None, letters: &[T], guard: Guard::Free },
    Rule { action: A::Retier, from: LIVE, to: None, letters: &[X], guard: Guard::Free },
];

/// What is known when a step is asked for.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "what is known when a step is asked for, one by one")]
pub struct Known {
    /// Tier of the need.
    pub tier: u8,
    /// Whether another person must let it go out.
    pub needs_approval: bool,
    /// Whether an earlier candidate of the cascade is still asked.
    pub waits_for_turn: bool,
    /// Whether the actor wrote it.
    pub is_author: bool,
    /// Questions asked so far.
    pub questions: u32,
    /// Whether the sender asked to take it back.
    pub withdrawal_requested: bool,
    /// Whether the consent was revoked or lapsed.
    pub consent_blocked: bool,
    /// Whether it went out ahead of its approval.
    pub to_confirm: bool,
    /// Whether it rests.
    pub on_hold: bool,
    /// Days since it ended.
    pub ended_days: Option<i32>,
}

impl Guard {
    /// Holds, or the reason below `conflict.` or `forbidden.`.
    fn holds(self, letter: Letter, known: &Known) -> Result<()> {
        let conflict = |holds: bool, why| if holds { Ok(()) } else { Err(Error::Conflict { why }) };
        match self {
            Self::Free => Ok(()),
            Self::SecondLook if !known.to_confirm => Err(Error::Conflict { why: "nothing_to_confirm" }),
            Self::SecondPerson | Self::SecondLook if known.is_author => Err(Error::Forbidden { why: "second_person" }),
            Self::OwnDraft if !known.is_author => Err(Error::Forbidden { why: "own_draft" }),
            Self::SecondPerson | Self::SecondLook | Self::OwnDraft => Ok(()),
            Self::ThirdQuestion => conflict(known.questions < 2, "third_question"),
            Self::TierOneHold if known.tier == 1 => Err(Error::Forbidden { why: "tier_one_hold" }),
            Self::TierOneHold => Ok(()),
            Self::TierOneEnd => conflict(known.tier != 1 || letter != Letter::Provider, "tier_one_end"),
            Self::Requested => conflict(known.withdrawal_requested, "not_requested"),
            Self::Lately => conflict(known.ended_days.is_some_and(|days| days <= 30), "reopen_late"),
        }
    }
}

/// Whether the table lets a letter do this at all, whatever else must hold.
#[must_use]
pub fn may(state: State, action: Action, letter: Letter) -> bool {
    rules(state, action).any(|rule| allows(rule, letter))
}

fn rules(state: State, action: Action) -> impl Iterator<Item = &'static Rule> {
    TABLE.iter().filter(move |rule| rule.action == action && rule.from.contains(&state))
}

/// A station head may do what a worker may.
fn allows(rule: &Rule, letter: Letter) -> bool {
    rule.letters.contains(&letter) || (letter == S && rule.letters.contains(&W))
}

/// Where a step leads.
///
/// # Errors
/// [`Transition`] where the state does not allow it, `Forbidden` where it is another's to do, `Conflict` where
/// something else stands in the way.
pub fn step(state: State, action: Action, letter: Letter, known: &Known) -> Result<State> {
    if rules(state, action).next().is_none() {
        return Err(Error::Transition(Transition { thing: "referral", from: state.name(), action: action.name() }));
    }
    let mut refused = Error::Forbidden { why: "letter" };
    for rule in rules(state, action).filter(|rule| allows(rule, letter)) {
        match rule.guard.holds(letter, known).and_then(|()| unblocked(action, letter, known)).and_then(|()| resting(action, known)) {
            Ok(()) => return Ok(target(rule, state, known)),
            Err(error) => refused = error,
        }
    }
    Err(refused)
}

/// Without consent a provider may only decline or end.
fn unblocked(action: Action, letter: Letter, known: &Known) -> Result<()> {
    let open = matches!(action, A::Decline | A::End | A::ConfirmWithdrawal);
    if letter == P && known.consent_blocked && !open { Err(Error::Conflict { why: "consent_blocked" }) } else { Ok(()) }
}

/// What rests is lifted, and what does not rest is not.
fn resting(action: Action, known: &Known) -> Result<()> {
    match action {
        A::Lift if !known.on_hold => Err(Error::Conflict { why: "not_on_hold" }),
        _ => Ok(()),
    }
}

fn target(rule: &Rule, state: State, known: &Known) -> State {
    match rule.action {
        A::Send if known.needs_approval => St::PendingApproval,
        A::Send | A::Approve if known.waits_for_turn => St::Queued,
        _ => rule.to.unwrap_or(state),
    }
}
