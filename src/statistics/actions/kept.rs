//! Figures over a division are counted beforehand and kept: each says as of when it is.
//!
//! A station's are counted anew each time. Those of a county, a prefecture or the province read every referral below it, which
//! takes longer than anybody waits for a page.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::super::model::{Block, Over, Period};
use super::super::store;
use super::blocks::blocks;
use super::measure::Measure;
use super::read::read;
use crate::app::App;
use crate::error::Result;

/// How old kept figures may be when somebody asks.
const FRESH: SignedDuration = SignedDuration::from_mins(45);
/// How often it is written down that somebody asked.
const ASKED: SignedDuration = SignedDuration::from_hours(1);
/// How long after they were last asked for figures are counted anew by themselves.
const WANTED: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The blocks of a scope, over a division without small counts, and as of when.
pub async fn counted(app: &App, over: &Over, period: Period) -> Result<(Timestamp, Vec<Block>)> {
    let now = app.now();
    let Over::Division(division) = over else { return Ok((now, count(app, over, period).await?)) };
    let kept = store::kept(&mut *app.store.read().await?, division, period, now - FRESH).await?;
    let (as_of, blocks) = match kept {
        Some(kept) if now < kept.asked + ASKED => return Ok((kept.as_of, kept.blocks)),
        Some(kept) => (kept.as_of, kept.blocks),
        None => (now, count(app, over, period).await?),
    };
    let mut tx = app.begin().await?;
    store::keep(&mut tx, division, period, (as_of, &blocks), now).await?;
    tx.commit(now).await?;
    Ok((as_of, blocks))
}

async fn count(app: &App, over: &Over, period: Period) -> Result<Vec<Block>> {
    let read = read(app, &mut *app.store.read().await?, over, period).await?;
    let calendar = app.calendar.get();
    let measure = Measure { calendar: &calendar, timers: &read.timers, before: &read.before, now: app.now() };
    let blocks = blocks(over, &read, &measure);
    // What is not shown outside the station is not kept either.
    Ok(if matches!(over, Over::Division(_)) { blocks.into_iter().map(Block::suppressed).collect() } else { blocks })
}

/// Counts anew what is kept and still asked for; a period that ran to the day before runs to today. What nobody asks for goes.
pub async fn refresh(app: &App) -> Result<usize> {
    let (now, today) = (app.now(), app.today());
    let wanted = store::wanted(&mut *app.store.read().await?, now - WANTED).await?;
    let many = wanted.len();
    for (division, before, asked) in wanted {
        let to = if before.to.tomorrow().is_ok_and(|next| next == today) { today } else { before.to };
        let period = Period { to, ..before };
        let blocks = count(app, &Over::Division(division.clone()), period).await?;
        let mut tx = app.begin().await?;
        store::forget(&mut tx, &division, before, now - WANTED).await?;
        store::keep(&mut tx, &division, period, (now, &blocks), asked).await?;
        tx.commit(now).await?;
    }
    Ok(many)
}

/// Counts anew every quarter of an hour, until the process ends.
pub async fn run_refresh(app: Arc<App>) {
    let mut quarter = tokio::time::interval(Duration::from_secs(15 * 60));
    quarter.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        quarter.tick().await;
        if let Err(error) = refresh(&app).await {
            tracing::warn!(error = %error, "figures were not counted anew; pages say as of when they are");
        }
    }
}
