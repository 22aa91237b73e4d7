//! The steps of a case: assessed, its plan approved, followed up, taken up, closed, opened again.

use jiff::Timestamp;

use super::super::model::{Case, CaseStep, Outcome, State};
use super::super::plan::{self, PlanVersion};
use super::super::store;
use super::load;
use crate::access::{Action, Actor};
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Result};
use crate::id::CaseId;
use crate::store::Tx;

/// Takes a step. Closing is refused while a referral is live, a need is not settled or a report is not made.
pub async fn step(app: &App, actor: &Actor, id: &CaseId, step: CaseStep, reason: Option<&str>) -> Result<Case> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let action = if step.is_supervisors() { Action::ApproveCase } else { Action::WriteCase };
    let mut case = load(&mut tx, actor, action, id).await?;
    if step == CaseStep::Approve && !plan::store::of_case(&mut tx, id).await?.iter().any(PlanVersion::is_in_force) {
        // The station head approves the plan; that is what makes the case active.
        case.step(step, app.today())?;
        case = plan::actions::approve_within(app, &mut tx, actor, id, at).await?;
    } else if step == CaseStep::Close {
        close(app, &mut tx, actor, &mut case, reason, at).await?;
    } else {
        take(app, &mut tx, actor, &mut case, step, reason, at).await?;
    }
    tx.commit(at).await?;
    Ok(case)
}

/// Closes a case in the caller's transaction; the caller has decided.
pub async fn close(app: &App, tx: &mut Tx, actor: &Actor, case: &mut Case, reason: Option<&str>, at: Timestamp) -> Result<()> {
    case.step(CaseStep::Close, app.today())?;
    let unsettled = |state: Outcome| matches!(state, Outcome::Open | Outcome::InDispatch | Outcome::BeingServed);
    let why = if store::has_live_referral(tx, &case.id).await? {
        Some("referral_live")
    } else if store::report_duties(tx, &case.id).await?.iter().any(|duty| duty.made_at.is_none()) {
        Some("report_unmade")
    } else if store::needs(tx, &case.id).await?.iter().any(|need| unsettled(need.state)) {
        Some("needs_open")
    } else {
        None
    };
    if let Some(why) = why {
        return Err(Error::Conflict { why });
    }
    take(app, tx, actor, case, CaseStep::Close, reason, at).await
}

/// Takes a step in the caller's transaction; the caller has decided.
pub async fn take(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: &mut Case,
    step: CaseStep,
    reason: Option<&str>,
    at: Timestamp,
) -> Result<()> {
    let state = case.step(step, app.today())?;
    let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
    if matches!(step, CaseStep::Close | CaseStep::Reopen) && reason.is_none() {
        return Err(Error::invalid("reason", "required"));
    }
    if reason.is_some_and(|reason| reason.chars().count() > 200) {
        return Err(Error::invalid("reason", "too_long"));
    }
    if step == CaseStep::Reopen && store::of_child_open(tx, &case.child).await?.is_some() {
        return Err(Error::Conflict { why: "case_open" });
    }
    case.state = state;
    if state == State::Closed {
        case.closed_at = Some(at);
        case.closed_reason = reason.map(str::to_owned);
    } else {
        case.closed_at = None;
    }
    store::update(tx, case, at).await?;
    audit::record(tx, actor, Event::new("case.stepped", "case", &case.id).fields([step.name(), state.name()]), at).await
}
