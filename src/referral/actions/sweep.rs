//! The sweep: what happens because time passes. One process at a time, by a lease; every step once.

use std::collections::BTreeSet;

use jiff::SignedDuration;

use super::super::dispatch;
use super::super::model::{Action, Event, Timer, ladder, running};
use super::super::store;
use super::after::close_unverified;
use super::consent::rest;
use super::owner::current_owner;
use super::reckon::reckon;
use super::send::run_out;
use super::serve::confirm_withdrawal;
use super::work::Work;
use crate::access::Actor;
use crate::account::notice::{Notice, leave};
use crate::app::App;
use crate::error::Result;
use crate::id::ReferralId;
use crate::service::places;
use crate::store::claim;

/// What one pass did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Steps of the ladder that were taken.
    pub steps: usize,
    /// Holds of places that lapsed.
    pub lapsed: usize,
    /// Referrals put to rest because a consent ran out.
    pub rested: usize,
    /// Referrals whose due time was counted anew.
    pub reckoned: usize,
    /// Referrals that failed; they are tried again with the next pass.
    pub failed: usize,
}

/// How many are looked at in one go.
const BATCH: i64 = 200;
/// How often the ladder is climbed in one pass: after a long standstill several steps are due at once.
const ROUNDS: usize = 6;

/// One pass; absent while another process sweeps.
pub async fn sweep(app: &App) -> Result<Option<Swept>> {
    let now = app.now();
    let mut tx = app.begin().await?;
    let holder = format!("process {}", std::process::id());
    let claimed = claim(&mut tx, "sweep", &holder, now, SignedDuration::from_mins(5)).await?;
    let lapsed = if claimed { places::release_lapsed(&mut tx, now).await? } else { 0 };
    tx.commit(now).await?;
    if !claimed {
        return Ok(None);
    }
    let mut swept = Swept { lapsed, rested: lapse_consents(app).await?, reckoned: reckon(app).await?, ..Swept::default() };
    remind_of_consents(app).await?;
    follow_needs(app).await?;
    for _ in 0..ROUNDS {
        let mut failed = BTreeSet::new();
        let due = store::due_ticks(&mut *app.store.read().await?, now, BATCH).await?;
        if due.is_empty() {
            break;
        }
        for id in due {
            match tick(app, &id).await {
                Ok(()) => swept.steps += 1,
                Err(error) => {
                    tracing::warn!(referral.id = %id, error = %error, "a step of the ladder failed and is tried again");
                    failed.insert(id);
                }
            }
        }
        if !failed.is_empty() {
            swept.failed += failed.len();
            break;
        }
    }
    ask_forgotten(app).await?;
    Ok(Some(swept))
}

/// Asks who waits for a turn that nobody takes: after a process died in between, or after another dispatch of the need came to
/// its end.
async fn ask_forgotten(app: &App) -> Result<()> {
    let system = Actor::system();
    for id in dispatch::stalled(&mut *app.store.read().await?, BATCH).await? {
        let tx = app.begin().await?;
        let mut work = Work::within(app, &system, tx, &id, Action::Release).await?;
        dispatch::nudge(&mut work).await?;
        work.commit(None, "").await?;
    }
    Ok(())
}

/// One step of one referral's ladder.
async fn tick(app: &App, id: &ReferralId) -> Result<()> {
    let timer = Actor::timer();
    let tx = app.begin().await?;
    let mut work = Work::within(app, &timer, tx, id, Action::Overdue).await?;
    let Some(running) = running(&work.referral.standing) else { return Ok(()) };
    let Some((step, _)) = ladder(running).iter().find(|(step, _)| *step > work.referral.standing.overdue).copied() else { return Ok(()) };
    let first_tier = work.referral.standing.tier == 1;
    match (running, step) {
        (Timer::T1 | Timer::T2, 2) if first_tier => expire(&mut work).await?,
        (Timer::T1 | Timer::T2, 4) => expire(&mut work).await?,
        (Timer::T7, 4) => {
            work.action = Action::Close;
            close_unverified(&mut work).await?;
        }
        (Timer::Withdrawal, _) => {
            work.action = Action::ConfirmWithdrawal;
            confirm_withdrawal(&mut work).await?;
        }
        _ => climb(&mut work, running, step).await?,
    }
    work.commit(None, "").await.map(|_| ())
}

async fn expire(work: &mut Work<'_>) -> Result<()> {
    work.action = Action::Expire;
    let to = work.step()?;
    run_out(work, to, None).await
}

/// Colours it, and tells who must know; nothing is blocked.
async fn climb(work: &mut Work<'_>, timer: Timer, step: u8) -> Result<()> {
    let to = work.step()?;
    work.happen(Event::Overdue { step, on_agenda: false }, to, None).await?;
    match (timer, step) {
        (_, 1) => work.tell_provider("referral_reminder").await,
        (Timer::T1 | Timer::T2, 2) => {
            work.tell_owner("referral_overdue").await?;
            work.tell_provider("referral_overdue").await
        }
        (Timer::T5, 2) => {
            work.tell_owner("referral_heartbeat").await?;
            work.tell_provider("referral_heartbeat").await
        }
        (Timer::T6, 2) => work.tell_owner("referral_waitlist_review").await,
        (_, 2) => work.tell_owner("referral_overdue").await,
        (_, 3) => work.tell_supervisors("referral_choose").await,
        _ => work.tell_supervisors("referral_overdue").await,
    }
}

/// Consents that ran out put what lives on them to rest.
async fn lapse_consents(app: &App) -> Result<usize> {
    let today = app.today();
    let lapsed = store::lapsed(&mut *app.store.read().await?, today - jiff::ToSpan::days(31), today, BATCH).await?;
    let mut rested = 0;
    for (case, recipient) in lapsed {
        let (tx, count) = rest(app, app.begin().await?, &case, &recipient).await?;
        tx.commit(app.now()).await?;
        rested += count;
    }
    Ok(rested)
}

/// Fourteen and three days before a consent runs out its worker is told, once each.
async fn remind_of_consents(app: &App) -> Result<()> {
    let today = app.today();
    let days = (today, today + jiff::ToSpan::days(3), today + jiff::ToSpan::days(14));
    let lapsing = store::lapsing(&mut *app.store.read().await?, days, BATCH).await?;
    if lapsing.is_empty() {
        return Ok(());
    }
    let mut tx = app.begin().await?;
    for consent in lapsing {
        let left = (consent.to - today).get_days();
        let stage = if left <= 3 { 3 } else { 14 };
        let facts = serde_json::json!({ "number": consent.number, "days": left, "link": format!("/cases/{}/consents", consent.case) });
        let key = format!("{}:lapses:{stage}", consent.id);
        leave(&mut tx, Notice::Account(&consent.worker), "consent_lapses", &key, &facts, app.now()).await?;
    }
    tx.commit(app.now()).await
}

/// Takes over the tier a need was given, gives the loops of a disabled account to the station head, and puts those of a
/// suspended organization on the agenda.
async fn follow_needs(app: &App) -> Result<()> {
    let system = Actor::system();
    for (id, tier) in store::retiered(&mut *app.store.read().await?, BATCH).await? {
        let tx = app.begin().await?;
        let mut work = Work::within(app, &system, tx, &id, Action::Retier).await?;
        let to = work.step()?;
        work.happen(Event::Retier { tier }, to, None).await?;
        work.commit(None, "").await?;
    }
    let timer = Actor::timer();
    for (id, suspended) in store::disturbed(&mut *app.store.read().await?, BATCH).await? {
        let tx = app.begin().await?;
        if suspended {
            let mut work = Work::within(app, &timer, tx, &id, Action::Overdue).await?;
            let (to, step) = (work.step()?, work.referral.standing.overdue);
            work.happen(Event::Overdue { step, on_agenda: true }, to, None).await?;
            work.tell_owner("referral_on_agenda").await?;
            work.commit(None, "").await?;
            continue;
        }
        let mut work = Work::within(app, &system, tx, &id, Action::Retier).await?;
        let owner = current_owner(&mut work).await?;
        if work.referral.owner.as_ref() != Some(&owner) {
            let (to, tier) = (work.step()?, work.referral.standing.tier);
            work.happen(Event::Retier { tier }, to, None).await?;
            work.tell_owner("referral_yours").await?;
            work.commit(None, "").await?;
        }
    }
    Ok(())
}
