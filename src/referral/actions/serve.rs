//! While it is served: contacts and services, rest, report, end.

use jiff::SignedDuration;

use super::super::dispatch::{self, Way};
use super::super::model::Action;
use super::super::model::{End, Engagement, Event, Flag, Hold, LONGEST_HOLD, Letter, NextStep, Outcome, Record, State, Withdraw};
use super::super::store;
use super::deed::Deed;
use super::work::Work;
use crate::clock;
use crate::consent::store as consents;
use crate::error::{Error, Result};
use crate::service::places;

/// Writes down a contact or a service.
pub async fn serve(work: &mut Work<'_>, deed: &Deed) -> Result<()> {
    let to = work.step()?;
    let record = Deed::code("record", &deed.record, Record::of)?;
    let day = Deed::gone("day", Deed::maybe_day("day", &deed.day)?.unwrap_or(work.today), work.today)?;
    let units = Deed::count("units", &deed.units, 999)?.unwrap_or(1);
    let key = work.key().await?;
    let note = deed.maybe_words().map(|note| (&key, work.case.child.as_str(), note));
    store::insert_record(&mut work.tx, &work.referral.id, record, day, units, note, &work.actor.id, work.now).await?;
    let first = work.referral.state() == State::Accepted;
    work.happen(Event::Serve { record, day, units }, to, None).await?;
    if first { work.tell_owner("referral_started").await } else { Ok(()) }
}

/// Says whether the family is still being helped. Where it is not, whoever chases hears of it at once: the next step is theirs.
pub async fn engage(work: &mut Work<'_>, deed: &Deed) -> Result<()> {
    let to = work.step()?;
    let engagement = Deed::code("engagement", &deed.engagement, Engagement::of)?;
    work.happen(Event::Engage { engagement }, to, deed.maybe_words()).await?;
    match engagement {
        Engagement::Engaged => Ok(()),
        Engagement::NotEngaged => work.tell_owner("referral_not_engaged").await,
    }
}

/// Says what came of it.
pub async fn report(work: &mut Work<'_>, deed: &Deed) -> Result<()> {
    let to = work.step()?;
    let outcome = Deed::code("outcome", &deed.outcome, Outcome::of)?;
    let to_day = Deed::gone("to_day", Deed::maybe_day("to_day", &deed.to_day)?.unwrap_or(work.today), work.today)?;
    let from_day = Deed::gone("from_day", Deed::maybe_day("from_day", &deed.from_day)?.unwrap_or(to_day), work.today)?;
    if from_day > to_day {
        return Err(Error::invalid("to_day", "days_order"));
    }
    let units = Deed::count("units", &deed.units, 999)?.unwrap_or(1);
    let next_step = if deed.next_step.is_empty() { NextStep::None } else { Deed::code("next_step", &deed.next_step, NextStep::of)? };
    work.happen(Event::Report { outcome, from_day, to_day, units, next_step }, to, deed.maybe_words()).await?;
    work.tell_owner("referral_reported").await
}

/// Nothing came of it, or it stopped.
pub async fn end(work: &mut Work<'_>, deed: &Deed) -> Result<()> {
    let to = work.step()?;
    let reason = Deed::code("reason", &deed.reason, End::of)?;
    let note = deed.words_for(reason == End::Other)?;
    let tries = Deed::count("tries", &deed.tries, 99)?;
    let tried_days = Deed::count("tried_days", &deed.tried_days, 99)?;
    let enough = tries.is_some_and(|tries| tries >= 3) && tried_days.is_some_and(|days| days >= 2);
    if reason == End::CouldNotContact && !enough {
        return Err(Error::invalid("tries", "end_tries"));
    }
    work.happen(Event::End { reason, tries, tried_days }, to, note).await?;
    stop(work).await?;
    work.tell_provider("referral_ended").await?;
    if work.letter == Letter::Provider { work.tell_owner("referral_ended").await } else { Ok(()) }
}

/// After an acceptance that came to nothing: the place is given back, the need looks for another.
async fn stop(work: &mut Work<'_>) -> Result<()> {
    places::release(&mut work.tx, &work.referral.id, work.now).await?;
    let wanted = work.action == Action::End && !work.referral.standing.served;
    // A service that was given changes the need, and a withdrawal was wished for: somebody looks before another is asked.
    let way = if wanted { Way::Next } else { Way::Stop(Withdraw::NeedChanged) };
    dispatch::ended(work, way, "ended").await?;
    work.settle_need().await
}

/// The sender asks to take it back: the provider may have served already.
pub async fn request_withdrawal(work: &mut Work<'_>, deed: &Deed) -> Result<()> {
    let to = work.step()?;
    let reason = Deed::code("reason", &deed.reason, Withdraw::of)?;
    let note = deed.words_for(reason == Withdraw::Other)?;
    work.happen(Event::RequestWithdrawal { reason }, to, note).await?;
    work.tell_provider("referral_withdrawal_requested").await
}

/// The provider agrees, or did not answer in two working days.
pub async fn confirm_withdrawal(work: &mut Work<'_>) -> Result<()> {
    let to = work.step()?;
    work.happen(Event::ConfirmWithdrawal {}, to, None).await?;
    stop(work).await?;
    work.tell_owner("referral_ended").await
}

/// Puts it to rest until a day, thirty days at most.
pub async fn hold(work: &mut Work<'_>, deed: &Deed) -> Result<()> {
    let to = work.step()?;
    let reason = Deed::code("reason", &deed.reason, Hold::of)?;
    if reason == Hold::Consent && work.letter != Letter::System {
        return Err(Error::invalid("reason", "hold_consent"));
    }
    let note = deed.words_for(reason == Hold::Other)?;
    let day = Deed::coming("until", Deed::day("until", &deed.until)?, work.today)?;
    let until = clock::start_of(day.tomorrow().unwrap_or(day));
    if until.duration_since(work.now) > LONGEST_HOLD + SignedDuration::from_hours(24) {
        return Err(Error::invalid("until", "hold_long"));
    }
    let spent_s = work.spent();
    work.happen(Event::Hold { reason, until, spent_s }, to, note).await?;
    if work.letter == Letter::Provider { work.tell_owner("referral_held").await } else { work.tell_provider("referral_held").await }
}

/// It goes on. What rests for want of consent goes on with a consent only.
pub async fn lift(work: &mut Work<'_>) -> Result<()> {
    let to = work.step()?;
    if work.referral.standing.has(Flag::ConsentBlocked) {
        let valid = consents::for_recipient(&mut work.tx, &work.case.id, &work.referral.organization).await?;
        if !valid.iter().any(|consent| consent.holds(work.today)) {
            return Err(Error::Conflict { why: "consent_missing" });
        }
    }
    work.happen(Event::Lift {}, to, None).await?;
    if work.letter == Letter::Provider { work.tell_owner("referral_lifted").await } else { work.tell_provider("referral_lifted").await }
}
