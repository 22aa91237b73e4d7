//! What a meeting does to referrals, in its own transaction: with the hand of who leads it.

use super::super::model::{Action, Channel, Referral, Withdraw};
use super::super::store;
use super::send::{approve, take_back};
use super::work::Work;
use crate::access::{Actor, decide};
use crate::app::App;
use crate::error::{Error, Result};
use crate::id::{NeedId, ReferralId};
use crate::store::Tx;

/// Takes back what is live of a need and not accepted: others are asked instead.
pub async fn take_back_for_meeting(app: &App, actor: &Actor, mut tx: Tx, need: &NeedId) -> Result<Tx> {
    let waiting = |referral: &Referral| referral.state().is_live() && !referral.state().is_accepted();
    for referral in store::of_need(&mut tx, need).await?.into_iter().filter(waiting) {
        let mut work = Work::dispatched(app, actor, tx, &referral.id, Action::Withdraw, Channel::Meeting).await?;
        // With the first that is taken back the others of its line may have been told off already.
        if work.referral.state().is_live() {
            let to = work.step()?;
            take_back(&mut work, Withdraw::MeetingRerouted, to, None).await?;
        }
        tx = work.tx;
    }
    Ok(tx)
}

/// Approves a referral that waits for it.
pub async fn approve_for_meeting(app: &App, actor: &Actor, mut tx: Tx, id: &ReferralId) -> Result<Tx> {
    let referral = store::find(&mut tx, id).await?.ok_or_else(|| Error::missing("referral", id))?;
    let case = crate::case::store::find(&mut tx, &referral.case).await?.ok_or_else(|| Error::missing("referral", id))?;
    let facts = crate::access::Facts { author: Some(referral.author.clone()), ..referral.facts(&case) };
    decide(actor, crate::access::Action::ApproveReferral, &facts).allowed()?;
    let mut work = Work::dispatched(app, actor, tx, id, Action::Approve, Channel::Meeting).await?;
    approve(&mut work).await?;
    Ok(work.tx)
}
