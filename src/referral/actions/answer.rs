//! The provider answers: seen, asked, taken on, put on the list, refused.

use jiff::civil::Date;

use super::super::dispatch::{self, Way};
use super::super::model::{Decline, Event, State, Timer};
use super::super::store;
use super::deed::Deed;
use super::draft::look_through;
use super::packet;
use super::work::Work;
use crate::case::store as cases;
use crate::clock;
use crate::error::{Error, Result};
use crate::service::places::{self, Reserved};

/// Seen; not taken on.
pub async fn acknowledge(work: &mut Work<'_>) -> Result<()> {
    let to = work.step()?;
    work.happen(Event::Acknowledge {}, to, None).await
}

/// Asks; the provider's clock stands still.
pub async fn ask(work: &mut Work<'_>, deed: &Deed) -> Result<()> {
    let to = work.step()?;
    let spent_s = work.spent();
    work.happen(Event::Ask { spent_s }, to, Some(deed.words()?)).await?;
    work.tell_owner("referral_asked").await
}

/// Answers; what names a person does not leave before acceptance.
pub async fn answer(work: &mut Work<'_>, deed: &Deed) -> Result<()> {
    let to = work.step()?;
    let child = work.case.child.clone();
    look_through(&mut work.tx, work.app, &child, &[("note", deed.words()?.reveal())]).await?;
    work.happen(Event::Answer {}, to, Some(&deed.note)).await?;
    work.tell_provider("referral_answered").await
}

/// Takes it on: a place is reserved where places are posted, under the need's version.
pub async fn accept(work: &mut Work<'_>, deed: &Deed) -> Result<()> {
    let to = work.step()?;
    let contact_day = promised(work, "contact_day", &deed.contact_day, Timer::T3)?;
    let promised_day = promised(work, "promised_day", &deed.promised_day, Timer::T4)?;
    if !work.need.several && work.other_accepted().await? {
        return Err(Error::Conflict { why: "need_accepted" });
    }
    if work.need.state.is_final() {
        return Err(Error::Conflict { why: "need_settled" });
    }
    // The need is taken hold of first: of two who accept at one moment the second finds it changed.
    cases::update_need(&mut work.tx, &mut work.need, work.now).await?;
    let override_full = deed.override_full == "1";
    let (site, id, now) = (work.referral.site.clone(), work.referral.id.clone(), work.now);
    let reserved = match places::reserve(&mut work.tx, &site, &id, promised_day, override_full, now).await? {
        Reserved::Taken(_) => true,
        Reserved::NotPosted => false,
        Reserved::Full => return Err(Error::Conflict { why: "place_full" }),
    };
    work.happen(Event::Accept { contact_day, promised_day, override_full, reserved }, to, deed.maybe_words()).await?;
    dispatch::taken_on(work).await?;
    if !work.need.several {
        work.supersede_others().await?;
    }
    work.settle_need().await?;
    packet::release(&mut work.tx, &work.referral, work.now).await?;
    work.tell_owner("referral_accepted").await
}

/// The day the provider promises; where it says none, that of the timer.
fn promised(work: &Work<'_>, field: &'static str, text: &str, timer: Timer) -> Result<Date> {
    let day = Deed::maybe_day(field, text)?.unwrap_or_else(|| clock::day(work.after(timer)));
    Deed::coming(field, day, work.today)
}

/// Takes it on for later.
pub async fn waitlist(work: &mut Work<'_>, deed: &Deed) -> Result<()> {
    let to = work.step()?;
    let expected_day = Deed::coming("expected_day", Deed::day("expected_day", &deed.expected_day)?, work.today)?;
    let position = Deed::count("position", &deed.position, 999)?;
    work.happen(Event::Waitlist { expected_day, position }, to, deed.maybe_words()).await?;
    work.tell_owner("referral_waitlisted").await
}

/// Refuses. The reason acts: on places, on the directory.
pub async fn decline(work: &mut Work<'_>, deed: &Deed) -> Result<()> {
    let to = work.step()?;
    let reason = Deed::code("reason", &deed.reason, Decline::of)?;
    let note = deed.words_for(reason == Decline::Other)?;
    let late = work.referral.state() == State::Accepted;
    let before = store::last_answer(&mut work.tx, &work.referral.site, &work.referral.id).await?;
    work.happen(Event::Decline { reason, late }, to, note).await?;
    places::release(&mut work.tx, &work.referral.id, work.now).await?;
    dispatch::ended(work, Way::Next, reason.name()).await?;
    if reason == Decline::NoCapacity && before.as_deref() == Some(Decline::NoCapacity.name()) {
        let (site, province, now) = (work.referral.site.clone(), work.province(), work.now);
        places::post_full(&mut work.tx, &site, &province, now).await?;
    }
    if let Some(field) = reason.corrects() {
        let service = work.offering().await?.service.id;
        store::insert_suggestion(&mut work.tx, &service, field, reason.name(), &work.actor.id, work.now).await?;
    }
    work.settle_need().await?;
    work.tell_owner("referral_declined").await
}
