//! What a step of one referral means for the others of its dispatch, in the same transaction.

use super::super::actions::Work;
use super::super::model::{Action, Due, Event, Referral, State, Withdraw};
use super::super::store::of_need;
use super::model::{Dispatch, DispatchState, Mode, Way, is_asked};
use super::store;
use crate::error::Result;
use crate::service::places;
use crate::store::Connection;

/// Whether it must wait until another has answered: in a cascade one is asked at a time.
pub async fn waits(work: &mut Work<'_>) -> Result<bool> {
    let dispatch = store::of(&mut work.tx, &work.referral).await?;
    if dispatch.mode != Mode::Cascade {
        return Ok(false);
    }
    let all = store::referrals(&mut work.tx, &dispatch).await?;
    let mine = all.iter().position(|other| other.id == work.referral.id).unwrap_or(all.len());
    Ok(all.iter().enumerate().any(|(place, other)| {
        other.id != work.referral.id
            && (is_asked(other.state()) || (place < mine && matches!(other.state(), State::Draft | State::Queued | State::PendingApproval)))
    }))
}

/// After somebody was asked: the dispatch runs.
pub async fn followed(work: &mut Work<'_>) -> Result<()> {
    let mut dispatch = store::of(&mut work.tx, &work.referral).await?;
    put(work, &mut dispatch, DispatchState::Running, None).await
}

/// After somebody took it on.
pub async fn taken_on(work: &mut Work<'_>) -> Result<()> {
    let mut dispatch = store::of(&mut work.tx, &work.referral).await?;
    put(work, &mut dispatch, DispatchState::Accepted, None).await
}

/// After one has ended: the next is asked, or those in line are told off.
pub async fn ended(work: &mut Work<'_>, way: Way, reason: &str) -> Result<()> {
    let mut dispatch = store::of(&mut work.tx, &work.referral).await?;
    if dispatch.state == DispatchState::Planned && way == Way::Next {
        // A draft that was thrown away before anybody was asked.
        let left = store::referrals(&mut work.tx, &dispatch).await?;
        return if left.iter().any(|other| !other.state().is_terminal()) {
            Ok(())
        } else {
            put(work, &mut dispatch, DispatchState::Stopped, Some(reason)).await
        };
    }
    match way {
        Way::Next => ask_next(work, &dispatch).await?,
        Way::Stop(why) => {
            let all = store::referrals(&mut work.tx, &dispatch).await?;
            tell_off(work, all, why).await?;
        }
        Way::Stay => {}
    }
    let all = store::referrals(&mut work.tx, &dispatch).await?;
    let state = Dispatch::standing(&all, way);
    put(work, &mut dispatch, state, Some(reason)).await
}

/// Asks who waits for a turn that nobody takes.
pub async fn nudge(work: &mut Work<'_>) -> Result<()> {
    let dispatch = store::of(&mut work.tx, &work.referral).await?;
    ask_next(work, &dispatch).await
}

async fn put(work: &mut Work<'_>, dispatch: &mut Dispatch, state: DispatchState, reason: Option<&str>) -> Result<()> {
    if dispatch.state == state || dispatch.state == DispatchState::Stopped {
        return Ok(());
    }
    dispatch.state = dispatch.state.toward(state)?;
    store::update(&mut work.tx, dispatch, reason).await
}

/// The first in line whose service is still open; whose is not is passed over.
async fn ask_next(work: &mut Work<'_>, dispatch: &Dispatch) -> Result<()> {
    let all = store::referrals(&mut work.tx, dispatch).await?;
    let served = !work.need.several && work.other_accepted().await?;
    if served || all.iter().any(|other| is_asked(other.state())) {
        return Ok(());
    }
    // Who waits for approval keeps its place; it has an owner and a due time of its own.
    let line = all.into_iter().take_while(|other| other.state() != State::PendingApproval);
    for next in line.filter(|other| other.state() == State::Queued && other.standing.hold.is_none()) {
        let mine = work.turn_to(next, Action::Release);
        let asked = ask(work).await;
        work.turn_back(mine);
        if asked? {
            break;
        }
    }
    Ok(())
}

/// Asks the referral that was turned to. Gives whether it went out.
async fn ask(work: &mut Work<'_>) -> Result<bool> {
    if !work.offering().await?.visibility(work.today).matching {
        return withdraw(work, Withdraw::WrongProvider).await.map(|()| false);
    }
    let to = work.step()?;
    work.happen(Event::Release {}, to, None).await?;
    work.tell_provider("referral_sent").await?;
    work.tell_owner("referral_next").await?;
    Ok(true)
}

/// After a referral of the need was closed: nobody in line is asked any more.
pub async fn close_line(work: &mut Work<'_>, why: Withdraw) -> Result<()> {
    let line = of_need(&mut work.tx, &work.need.id).await?;
    tell_off(work, line, why).await
}

async fn tell_off(work: &mut Work<'_>, all: Vec<Referral>, why: Withdraw) -> Result<()> {
    for other in all.into_iter().filter(|other| other.state() == State::Queued) {
        let mine = work.turn_to(other, Action::Withdraw);
        let done = withdraw(work, why).await;
        work.turn_back(mine);
        done?;
    }
    Ok(())
}

async fn withdraw(work: &mut Work<'_>, reason: Withdraw) -> Result<()> {
    work.action = Action::Withdraw;
    let to = work.step()?;
    work.happen(Event::Withdraw { reason }, to, None).await?;
    places::release(&mut work.tx, &work.referral.id, work.now).await
}

/// What is due of a referral, where `own` is due of it alone: who waits for a turn waits for what is due of the one that is asked.
pub async fn due_in_turn(db: &mut Connection, referral: &Referral, own: Option<Due>) -> Result<Option<Due>> {
    if referral.state() != State::Queued || referral.standing.hold.is_some() {
        return Ok(own);
    }
    Ok(store::running_due(db, &referral.dispatch).await?.or(own.map(|due| Due { tick: None, ..due })))
}

/// Hands the due time of the one that is asked on to those who wait.
pub async fn hand_on(db: &mut Connection, referral: &Referral, due: Option<Due>) -> Result<()> {
    match due {
        Some(due) if is_asked(referral.state()) => store::follow_due(db, &referral.dispatch, due).await,
        _ => Ok(()),
    }
}
