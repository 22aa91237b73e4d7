//! A need that somebody else has met: its live referrals are taken back with it, in one transaction.
//!
//! Every other step of a need or case is the case side's own: a need of which a referral is live is in dispatch or served.

use super::super::model::{Action, Withdraw};
use super::super::store;
use super::send::take_back;
use super::work::Work;
use crate::access::{Action as Access, Actor, Facts, Subject, decide};
use crate::app::App;
use crate::audit;
use crate::case::model::NeedStep;
use crate::case::store as cases;
use crate::error::{Error, Result};
use crate::id::{CaseId, NeedId};

/// Settles a need that was met elsewhere. Gives its case.
pub async fn met_elsewhere(app: &App, actor: &Actor, id: &NeedId, reason: Option<String>) -> Result<CaseId> {
    let now = app.now();
    let mut tx = app.begin().await?;
    let need = cases::need(&mut tx, id).await?.ok_or_else(|| Error::missing("need", id))?;
    let case = cases::find(&mut tx, &need.case).await?.ok_or_else(|| Error::missing("case", &need.case))?;
    decide(actor, Access::WriteCase, &Facts { thing: "need", id: id.to_string(), ..case.facts() }).allowed()?;
    let state = need.step(NeedStep::MetElsewhere, false)?;
    for referral in store::of_need(&mut tx, id).await?.iter().filter(|referral| referral.state().is_live()) {
        let mut work = Work::within(app, actor, tx, &referral.id, Action::Withdraw).await?;
        let to = work.step()?;
        take_back(&mut work, Withdraw::NeedMetElsewhere, to, None).await?;
        tx = work.tx;
    }
    let mut need = cases::need(&mut tx, id).await?.ok_or_else(|| Error::missing("need", id))?;
    need.unverified = false;
    cases::settle(&mut tx, &mut need, state, reason, now).await?;
    audit::record(&mut tx, actor, audit::Event::new("need.met_elsewhere", "need", id), now).await?;
    tx.commit(now).await?;
    Ok(case.id)
}
