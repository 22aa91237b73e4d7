//! After the report: verified and closed, disputed, taken up again, voided.

use jiff::SignedDuration;

use super::super::dispatch::{self, Way};
use super::super::model::{Event, Method, Outcome, State, Timer, VerifiedBy, Withdraw, after_care};
use super::super::store;
use super::deed::Deed;
use super::work::Work;
use crate::account::notice::Notice;
use crate::case::model::{NeedStep, Outcome as NeedState};
use crate::case::store as cases;
use crate::clock;
use crate::error::{Error, Result};
use crate::service::places::{self, Reserved};

/// Closes after asking child or guardian; the outcome sets the need.
pub async fn close(work: &mut Work<'_>, deed: &Deed) -> Result<()> {
    let to = work.step()?;
    let outcome = Deed::code("outcome", &deed.outcome, Outcome::of)?;
    let verified_by = Deed::code("verified_by", &deed.verified_by, VerifiedBy::of)?;
    let method = match verified_by {
        VerifiedBy::NotVerified => None,
        _ => Some(Deed::code("method", &deed.method, Method::of)?),
    };
    let day = Deed::gone("day", Deed::maybe_day("day", &deed.day)?.unwrap_or(work.today), work.today)?;
    let satisfaction = Deed::count("satisfaction", &deed.satisfaction, 5)?.and_then(|points| u8::try_from(points).ok());
    work.happen(Event::Close { outcome, verified_by, method, day, satisfaction }, to, deed.maybe_words()).await?;
    finish(work, outcome, verified_by).await?;
    work.tell_provider("referral_closed").await
}

/// Closes what nobody verified in time: the need stays open.
pub(super) async fn close_unverified(work: &mut Work<'_>) -> Result<()> {
    let to = work.step()?;
    let outcome = work.referral.standing.outcome.unwrap_or(Outcome::NotMet);
    let event = Event::Close { outcome, verified_by: VerifiedBy::NotVerified, method: None, day: work.today, satisfaction: None };
    work.happen(event, to, None).await?;
    finish(work, outcome, VerifiedBy::NotVerified).await?;
    let worker = work.case.worker.clone();
    work.tell(Notice::Account(&worker), "referral_unverified").await?;
    work.tell_supervisors("referral_unverified").await
}

async fn finish(work: &mut Work<'_>, outcome: Outcome, verified_by: VerifiedBy) -> Result<()> {
    places::release(&mut work.tx, &work.referral.id, work.now).await?;
    if !(work.need.several && work.other_live().await?) {
        // Something was done: whoever waits in line is not asked without somebody looking first.
        let met = verified_by != VerifiedBy::NotVerified && matches!(outcome, Outcome::NeedMet | Outcome::NeedPartlyMet);
        dispatch::close_line(work, if met { Withdraw::NeedMetElsewhere } else { Withdraw::NeedChanged }).await?;
    }
    if verified_by == VerifiedBy::NotVerified {
        work.need.unverified = true;
        let state = work.need.state;
        work.settle_need().await?;
        return if work.need.state == state { cases::update_need(&mut work.tx, &mut work.need, work.now).await } else { Ok(()) };
    }
    work.need.unverified = false;
    let step = match outcome {
        Outcome::NeedMet => NeedStep::VerifyMet,
        Outcome::NeedPartlyMet => NeedStep::VerifyPartly,
        Outcome::NotMet => NeedStep::VerifyNot,
        Outcome::ReferredOn | Outcome::OneOffAdvice => return work.settle_need().await,
    };
    if !(work.need.several && work.other_live().await?) {
        let state = work.need.step(step, false)?;
        cases::settle(&mut work.tx, &mut work.need, state, Some(outcome.name().into()), work.now).await?;
    }
    if outcome == Outcome::NotMet { Ok(()) } else { remember_after_care(work).await }
}

/// Asks the worker to look again, some weeks after the end.
async fn remember_after_care(work: &mut Work<'_>) -> Result<()> {
    let worker = work.case.worker.clone();
    for days in after_care(work.referral.standing.tier) {
        let due = work.now + SignedDuration::from_hours(24 * days);
        let key = format!("{}:after_care:{days}", work.referral.standing.version);
        store::notify(&mut work.tx, Notice::Account(&worker), "referral_after_care", &key, &work.referral, due).await?;
    }
    Ok(())
}

/// The family says it was not done.
pub async fn dispute(work: &mut Work<'_>, deed: &Deed) -> Result<()> {
    let to = work.step()?;
    work.happen(Event::Dispute {}, to, Some(deed.words()?)).await?;
    work.tell_provider("referral_disputed").await
}

/// Takes it up again within thirty days: a place is reserved anew.
pub async fn reopen(work: &mut Work<'_>, deed: &Deed) -> Result<()> {
    let to = work.step()?;
    let note = deed.words()?;
    let day = Deed::maybe_day("promised_day", &deed.promised_day)?.unwrap_or_else(|| clock::day(work.after(Timer::T4)));
    let promised_day = Deed::coming("promised_day", day, work.today)?;
    if !work.need.several && work.other_accepted().await? {
        return Err(Error::Conflict { why: "need_accepted" });
    }
    let (site, id, now) = (work.referral.site.clone(), work.referral.id.clone(), work.now);
    if places::reserve(&mut work.tx, &site, &id, promised_day, false, now).await? == Reserved::Full {
        return Err(Error::Conflict { why: "place_full" });
    }
    work.happen(Event::Reopen { promised_day }, to, Some(note)).await?;
    if work.need.state != NeedState::BeingServed {
        cases::settle(&mut work.tx, &mut work.need, NeedState::BeingServed, None, work.now).await?;
    }
    work.tell_provider("referral_reopened").await
}

/// Entered in error: hidden from counts, kept in the log.
pub async fn void(work: &mut Work<'_>, deed: &Deed) -> Result<()> {
    let to = work.step()?;
    let draft = work.referral.state() == State::Draft;
    let note = if draft { deed.maybe_words() } else { Some(deed.words()?) };
    work.happen(Event::Void {}, to, note).await?;
    places::release(&mut work.tx, &work.referral.id, work.now).await?;
    dispatch::ended(work, Way::Next, "voided").await?;
    work.settle_need().await?;
    if work.referral.standing.sent_at.is_some() { work.tell_provider("referral_voided").await } else { Ok(()) }
}
