//! The sender's side before acceptance: send, approve, remind, take back, let expire.

use super::super::dispatch::{self, Way};
use super::super::model::{Action, Event, Known, State, Withdraw, needs_approval, step};
use super::deed::Deed;
use super::draft::{look_through, station_pays, undecided};
use super::work::Work;
use crate::account::notice::Notice;
use crate::case::model::{Outcome as NeedState, State as CaseState};
use crate::error::{Error, Result};
use crate::service::places;

/// Sends a draft, or lays it before the station head.
pub async fn send(work: &mut Work<'_>) -> Result<()> {
    let offering = work.offering().await?;
    open_to_referral(work, &offering)?;
    let brief = work.referral.brief.clone();
    let child = work.case.child.clone();
    look_through(
        &mut work.tx,
        work.app,
        &child,
        &[("time_windows", &brief.time_windows), ("safety_notes", &brief.safety_notes), ("mobility", &brief.mobility)],
    )
    .await?;
    let another_must = needs_approval(&work.case, &offering, &work.referral.items, station_pays(&offering, work.today));
    let at_once = work.referral.standing.tier == 1 && !work.in_working_hours();
    let known = Known {
        needs_approval: another_must && !at_once,
        waits_for_turn: dispatch::waits(work).await?,
        ..work.referral.known(&work.actor.id, work.today)
    };
    let to = step(work.referral.state(), Action::Send, work.letter, &known)?;
    work.happen(Event::Send { ahead: another_must && at_once }, to, None).await?;
    dispatch::followed(work).await?;
    work.settle_need().await?;
    match to {
        State::PendingApproval => return work.tell_owner("referral_to_approve").await,
        State::Queued => return Ok(()),
        _ => {}
    }
    work.tell_provider("referral_sent").await?;
    if another_must { work.tell_supervisors("referral_to_confirm").await } else { Ok(()) }
}

/// Refuses what is not to be referred to, and what is settled.
fn open_to_referral(work: &Work<'_>, offering: &crate::service::model::Offering) -> Result<()> {
    let conflict = |why| Err(Error::Conflict { why });
    if work.case.state == CaseState::Closed {
        return conflict("refer_closed");
    }
    if !offering.visibility(work.today).matching {
        return conflict("offering_closed");
    }
    undecided(&work.need, Some(offering))?;
    match work.need.state {
        NeedState::Met | NeedState::PartlyMet | NeedState::NotMet | NeedState::NoLongerNeeded | NeedState::Gap => conflict("need_settled"),
        NeedState::BeingServed if !work.need.several => conflict("need_served"),
        _ => Ok(()),
    }
}

/// Lets it go out.
pub async fn approve(work: &mut Work<'_>) -> Result<()> {
    let known = Known { waits_for_turn: dispatch::waits(work).await?, ..work.referral.known(&work.actor.id, work.today) };
    let to = step(work.referral.state(), Action::Approve, work.letter, &known)?;
    let offering = work.offering().await?;
    open_to_referral(work, &offering)?;
    work.happen(Event::Approve {}, to, None).await?;
    if to == State::Sent {
        work.tell_provider("referral_sent").await?;
    }
    work.tell_owner("referral_approved").await
}

/// Gives it back with a remark.
pub async fn give_back(work: &mut Work<'_>, deed: &Deed) -> Result<()> {
    let to = work.step()?;
    work.happen(Event::Return {}, to, Some(deed.words()?)).await?;
    dispatch::nudge(work).await?;
    work.settle_need().await?;
    let author = work.referral.author.clone();
    work.tell(Notice::Account(&author), "referral_returned").await
}

/// Its turn in the cascade has come.
pub async fn release(work: &mut Work<'_>) -> Result<()> {
    let to = work.step()?;
    work.happen(Event::Release {}, to, None).await?;
    work.tell_provider("referral_sent").await
}

/// Another person has looked at what went out ahead of its approval.
pub async fn confirm(work: &mut Work<'_>) -> Result<()> {
    let to = work.step()?;
    work.happen(Event::Confirm {}, to, None).await?;
    work.tell_owner("referral_confirmed").await
}

/// Reminds the provider.
pub async fn chase(work: &mut Work<'_>) -> Result<()> {
    let to = work.step()?;
    work.happen(Event::Chase {}, to, None).await?;
    work.tell_provider("referral_chased").await
}

/// Takes it back before acceptance.
pub async fn withdraw(work: &mut Work<'_>, deed: &Deed) -> Result<()> {
    let to = work.step()?;
    let reason = Deed::code("reason", &deed.reason, Withdraw::of)?;
    let note = deed.words_for(reason == Withdraw::Other)?;
    take_back(work, reason, to, note).await
}

/// The same, for a need that somebody else met.
pub async fn take_back(work: &mut Work<'_>, reason: Withdraw, to: State, note: Option<&crate::secret::Hidden>) -> Result<()> {
    let was_out = work.referral.standing.sent_at.is_some();
    work.happen(Event::Withdraw { reason }, to, note).await?;
    places::release(&mut work.tx, &work.referral.id, work.now).await?;
    dispatch::ended(work, Way::after_withdrawal(reason), reason.name()).await?;
    work.settle_need().await?;
    if was_out { work.tell_provider("referral_withdrawn").await } else { Ok(()) }
}

/// Says that nobody answered, before the ladder does.
pub async fn expire(work: &mut Work<'_>, deed: &Deed) -> Result<()> {
    let to = work.step()?;
    run_out(work, to, deed.maybe_words()).await
}

/// Nobody answered. The first tier goes on the next meeting's agenda.
pub(super) async fn run_out(work: &mut Work<'_>, to: State, note: Option<&crate::secret::Hidden>) -> Result<()> {
    let on_agenda = work.referral.standing.tier == 1;
    work.happen(Event::Expire { on_agenda }, to, note).await?;
    places::release(&mut work.tx, &work.referral.id, work.now).await?;
    dispatch::ended(work, Way::Next, "expired").await?;
    work.settle_need().await?;
    work.tell_provider("referral_expired").await?;
    let worker = work.case.worker.clone();
    work.tell(Notice::Account(&worker), "referral_expired").await?;
    if on_agenda { work.tell_supervisors("referral_on_agenda").await } else { Ok(()) }
}
