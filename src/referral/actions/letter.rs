//! With which letter of the table somebody acts, and what that lets them do.

use jiff::civil::Date;

use super::super::model::{Action, Letter, Referral, may, step};
use crate::access::{Action as Access, Actor, Facts, Role, Who, decide};
use crate::case::model::Case;
use crate::error::{Error, Result};

/// Which row of the permission table an act of the sender's side belongs to.
const fn access(action: Action) -> Access {
    match action {
        Action::Approve | Action::Return | Action::Confirm => Access::ApproveReferral,
        Action::Withdraw | Action::Chase => Access::WithdrawReferral,
        Action::Expire | Action::Reopen => Access::OverrideReferral,
        Action::Reroute => Access::RerouteReferral,
        Action::Void => Access::VoidReferral,
        _ => Access::Refer,
    }
}

/// With which letter the actor does this.
///
/// # Errors
/// 404 where the referral is not the actor's, 403 where the deed is not.
pub fn letter(actor: &Actor, action: Action, referral: &Referral, case: &Case, by_phone: bool) -> Result<Letter> {
    match actor.who {
        Who::Timer => return Ok(Letter::Timer),
        Who::System => return Ok(Letter::System),
        Who::Account | Who::Link | Who::Visitor => {}
    }
    let facts = referral.facts(case);
    if actor.who == Who::Link {
        return decide(actor, Access::AnswerReferral, &facts).allowed().map(|()| Letter::Provider);
    }
    decide(actor, Access::ReadReferral, &facts).allowed()?;
    let letters = letters(actor, action, &facts, by_phone);
    if letters.is_empty() {
        decide(actor, access(action), &facts).allowed()?;
        return Err(Error::Forbidden { why: "role" });
    }
    let state = referral.state();
    Ok(letters.iter().copied().find(|letter| may(state, action, *letter)).unwrap_or(letters[0]))
}

/// With which letter the actor asks and takes back in a dispatch.
///
/// # Errors
/// As [`decide`] says.
pub fn sender(actor: &Actor, facts: &Facts) -> Result<Letter> {
    let only = |role: Role| Actor { grants: actor.grants.iter().filter(|grant| grant.role == role).cloned().collect(), ..actor.clone() };
    let ranked = [(Role::Supervisor, Letter::Supervisor), (Role::Worker, Letter::Worker), (Role::Coordinator, Letter::Coordinator)];
    let found = ranked.into_iter().find(|(role, _)| decide(&only(*role), Access::Dispatch, facts).is_allowed());
    match found {
        Some((_, letter)) => Ok(letter),
        None => decide(actor, Access::Dispatch, facts).allowed().and(Err(Error::Forbidden { why: "role" })),
    }
}

fn letters(actor: &Actor, action: Action, facts: &Facts, by_phone: bool) -> Vec<Letter> {
    let only = |role: Role| Actor { grants: actor.grants.iter().filter(|grant| grant.role == role).cloned().collect(), ..actor.clone() };
    let may = |role, access| decide(&only(role), access, facts).is_allowed();
    if by_phone {
        let allowed = may(Role::Worker, Access::AnswerReferral) || may(Role::Supervisor, Access::AnswerReferral);
        return if allowed { vec![Letter::Provider] } else { Vec::new() };
    }
    let mut found = Vec::new();
    if may(Role::Provider, Access::AnswerReferral) {
        found.push(Letter::Provider);
    }
    for (role, letter) in [(Role::Supervisor, Letter::Supervisor), (Role::Worker, Letter::Worker), (Role::Coordinator, Letter::Coordinator)]
    {
        if may(role, access(action)) {
            found.push(letter);
        }
    }
    found
}

/// What the actor can do now, and what a worker can write down for the provider.
#[must_use]
pub fn possible(actor: &Actor, referral: &Referral, case: &Case, today: Date) -> (Vec<Action>, Vec<Action>) {
    let known = referral.known(&actor.id, today);
    let can = |action: Action, by_phone: bool| {
        letter(actor, action, referral, case, by_phone).and_then(|letter| step(referral.state(), action, letter, &known)).is_ok()
    };
    let own: Vec<Action> = Action::ALL.iter().copied().filter(|action| can(*action, false)).collect();
    let phone = Action::ALL.iter().copied().filter(|action| !own.contains(action) && can(*action, true)).collect();
    (own, phone)
}

/// The verb in the log.
#[must_use]
pub const fn verb(action: Action) -> &'static str {
    match action {
        Action::Send => "referral.send",
        Action::Approve => "referral.approve",
        Action::Return => "referral.return",
        Action::Release => "referral.release",
        Action::Acknowledge => "referral.acknowledge",
        Action::Ask => "referral.ask",
        Action::Answer => "referral.answer",
        Action::Accept => "referral.accept",
        Action::Waitlist => "referral.waitlist",
        Action::Decline => "referral.decline",
        Action::Withdraw => "referral.withdraw",
        Action::Expire => "referral.expire",
        Action::Supersede => "referral.supersede",
        Action::Hold => "referral.hold",
        Action::Lift => "referral.lift",
        Action::Serve => "referral.serve",
        Action::Report => "referral.report",
        Action::End => "referral.end",
        Action::RequestWithdrawal => "referral.request_withdrawal",
        Action::ConfirmWithdrawal => "referral.confirm_withdrawal",
        Action::Close => "referral.close",
        Action::Dispute => "referral.dispute",
        Action::Reroute => "referral.reroute",
        Action::Reopen => "referral.reopen",
        Action::Void => "referral.void",
        Action::Chase => "referral.chase",
        Action::Confirm => "referral.confirm",
        Action::Engage => "referral.engage",
        Action::Overdue => "referral.overdue",
        Action::Retier => "referral.retier",
    }
}
