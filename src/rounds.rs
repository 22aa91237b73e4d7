//! What the product does by itself: the sweep of the loop each minute, and beside it reminders and what is learnt.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;

use crate::app::App;
use crate::case::{agreement, lead};
use crate::error::Result;
use crate::referral::{Swept, sweep};
use crate::search::gap;
use crate::{conference, emergency, freshness, matching, schedule, taxonomy};

/// How often is looked at what is due.
pub const MINUTE: Duration = Duration::from_secs(60);
/// How often is looked at what goes by the day.
const QUARTER: SignedDuration = SignedDuration::from_mins(15);

/// Makes round after round, until the process ends.
pub async fn run(app: Arc<App>, every: Duration) {
    let mut minute = tokio::time::interval(every);
    let mut next_quarter = app.now();
    minute.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        minute.tick().await;
        each_minute(&app).await;
        if app.now() >= next_quarter {
            next_quarter = app.now() + QUARTER;
            each_quarter(&app).await;
        }
    }
}

/// The sweep, and what goes by the clock.
async fn each_minute(app: &App) {
    told("the calendar", schedule::follow(app).await);
    told("the words of everyday speech", taxonomy::follow(app).await);
    match sweep(app).await {
        Ok(Some(swept)) if swept != Swept::default() => {
            tracing::info!(
                sweep.steps = swept.steps,
                sweep.lapsed = swept.lapsed,
                sweep.rested = swept.rested,
                sweep.reckoned = swept.reckoned,
                sweep.failed = swept.failed,
                "swept"
            );
        }
        Ok(_) => {}
        Err(error) => tracing::error!(error = %error, "the sweep failed and is tried again with the next pass"),
    }
    told("late leads", lead::actions::remind(app).await);
    told("late steps of emergencies", emergency::actions::remind(app).await);
}

/// What goes by the day.
pub async fn each_quarter(app: &App) {
    told("agreements whose last day is over", agreement::actions::expire(app).await.map(|_| ()));
    told("agreements that end soon", agreement::actions::remind(app).await);
    told("actions of meetings", conference::actions::remind(app).await);
    told("packs of meetings", conference::actions::remind_of_packs(app).await);
    told("meetings that were not held, or not signed", conference::actions::remind_of_ends(app).await);
    told("searches of over a year ago", gap::actions::forget(app).await);
    told("entries that have grown old", freshness::actions::remind(app).await);
    told("services for needs nobody could meet", matching::look_again(app).await);
    told("what the loop has learnt", matching::actions::learn(app).await);
}

/// Each of these stands alone: one that fails is said, and tried again with the next round.
fn told(what: &str, done: Result<()>) {
    if let Err(error) = done {
        tracing::warn!(error = %error, what, "a round was not made and is tried again with the next");
    }
}
