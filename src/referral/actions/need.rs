//! Steps of needs and cases that must ask whether a referral is live. The rules are the case side's own.

use super::super::model::{Action, Withdraw};
use super::super::store;
use super::send::take_back;
use super::work::Work;
use crate::access::{Action as Access, Actor, decide};
use crate::app::App;
use crate::audit;
use crate::case::model::{CaseStep, NeedStep, Outcome};
use crate::case::store as cases;
use crate::error::{Error, Result};
use crate::id::{CaseId, NeedId};

/// Takes a step on a need: met elsewhere, a gap, no longer needed, needed again.
///
/// Met elsewhere takes its live referrals back. What is verified is verified with the closing of a referral.
pub async fn step_need(app: &App, actor: &Actor, id: &NeedId, step: NeedStep, reason: Option<String>) -> Result<CaseId> {
    let now = app.now();
    let mut tx = app.begin().await?;
    let need = cases::need(&mut tx, id).await?.ok_or_else(|| Error::missing("need", id))?;
    let case = cases::find(&mut tx, &need.case).await?.ok_or_else(|| Error::missing("case", &need.case))?;
    decide(actor, Access::WriteCase, &case).allowed()?;
    if matches!(step, NeedStep::VerifyMet | NeedStep::VerifyPartly | NeedStep::VerifyNot) {
        return Err(Error::Conflict { why: "verify_by_referral" });
    }
    if step.needs_reason() && reason.is_none() {
        return Err(Error::invalid("reason", "required"));
    }
    let all = store::of_need(&mut tx, id).await?;
    let live = all.iter().any(|referral| referral.state().is_live());
    let state = need.step(step, live)?;
    if step == NeedStep::MetElsewhere {
        for referral in all.iter().filter(|referral| referral.state().is_live()) {
            let mut work = Work::within(app, actor, tx, &referral.id, Action::Withdraw).await?;
            let to = work.step()?;
            take_back(&mut work, Withdraw::NeedMetElsewhere, to, None).await?;
            tx = work.tx;
        }
    }
    let mut need = cases::need(&mut tx, id).await?.ok_or_else(|| Error::missing("need", id))?;
    if state == Outcome::Open {
        need.unverified = false;
    }
    cases::settle(&mut tx, &mut need, state, reason, now).await?;
    audit::record(&mut tx, actor, audit::Event::new("need.step", "need", id).fields([step.name()]), now).await?;
    tx.commit(now).await?;
    Ok(case.id)
}

/// Closes a case: refused while a referral is live, a report is unmade, or a need is open, asked about or served.
pub async fn close_case(app: &App, actor: &Actor, id: &CaseId, reason: &str) -> Result<()> {
    let now = app.now();
    let mut tx = app.begin().await?;
    let mut case = cases::find(&mut tx, id).await?.ok_or_else(|| Error::missing("case", id))?;
    decide(actor, Access::ApproveCase, &case).allowed()?;
    let state = case.step(CaseStep::Close, app.today())?;
    if !CLOSING_REASONS.contains(&reason) {
        return Err(Error::invalid("reason", if reason.is_empty() { "required" } else { "choice" }));
    }
    let conflict = |why| Err(Error::Conflict { why });
    if !store::of_case_live(&mut tx, id).await?.is_empty() {
        return conflict("referral_live");
    }
    if cases::report_duties(&mut tx, id).await?.iter().any(|duty| duty.made_at.is_none()) {
        return conflict("report_unmade");
    }
    let waits = |state: Outcome| matches!(state, Outcome::Open | Outcome::InDispatch | Outcome::BeingServed);
    if cases::needs(&mut tx, id).await?.iter().any(|need| waits(need.state)) {
        return conflict("need_open");
    }
    case.state = state;
    case.closed_at = Some(now);
    case.closed_reason = Some(reason.to_owned());
    cases::update(&mut tx, &mut case, now).await?;
    audit::record(&mut tx, actor, audit::Event::new("case.close", "case", id).fields([reason]), now).await?;
    tx.commit(now).await
}

/// Why a case is closed.
pub const CLOSING_REASONS: [&str; 7] = ["goals_reached", "moved", "of_age", "refused", "lost_contact", "long_term_care", "died"];
