//! A consent that is taken back or runs out puts live referrals to its recipient to rest, in the same transaction.

use super::super::model::{Action, Event, Flag, Hold};
use super::super::store;
use super::work::Work;
use crate::access::{Action as Access, Actor, decide};
use crate::app::App;
use crate::audit;
use crate::calendar::model::Length;
use crate::case::store as cases;
use crate::consent::store as consents;
use crate::error::{Error, Result};
use crate::id::{CaseId, ConsentId, OrganizationId};
use crate::store::Tx;

/// Takes a consent back, for who gave it. Gives how many referrals rest now.
pub async fn revoke_consent(app: &App, actor: &Actor, case: &CaseId, id: &ConsentId) -> Result<usize> {
    let now = app.now();
    let mut tx = app.begin().await?;
    let found = cases::find(&mut tx, case).await?.ok_or_else(|| Error::missing("case", case))?;
    decide(actor, Access::RecordConsent, &found).allowed()?;
    let consent =
        consents::find(&mut tx, id).await?.filter(|consent| consent.case == *case).ok_or_else(|| Error::missing("consent", id))?;
    consents::revoke(&mut tx, id, now).await?;
    audit::record(&mut tx, actor, audit::Event::new("consent.revoked", "consent", id), now).await?;
    let (tx, count) = rest(app, tx, case, &consent.recipient).await?;
    tx.commit(now).await?;
    Ok(count)
}

/// Puts the live referrals of a case to one recipient to rest for want of consent.
pub(super) async fn rest(app: &App, mut tx: Tx, case: &CaseId, recipient: &OrganizationId) -> Result<(Tx, usize)> {
    let system = Actor::system();
    let mut count = 0;
    for id in store::live_for_recipient(&mut tx, case, recipient).await? {
        let mut work = Work::within(app, &system, tx, &id, Action::Hold).await?;
        if !work.referral.standing.has(Flag::ConsentBlocked) {
            let to = work.step()?;
            let length =
                if work.referral.standing.tier == 1 { Length::Clock(jiff::SignedDuration::from_hours(24)) } else { Length::WorkingDays(3) };
            let (until, spent_s) = (work.after_length(length), work.spent());
            work.happen(Event::Hold { reason: Hold::Consent, until, spent_s }, to, None).await?;
            work.tell_owner("referral_consent").await?;
            if work.referral.standing.sent_at.is_some() {
                work.tell_provider("referral_consent").await?;
            }
            count += 1;
        }
        tx = work.tx;
    }
    Ok((tx, count))
}
