//! Due times are counted anew after a timer or the calendar was edited: part by part, with each pass of the sweep, so that nobody
//! waits for it and a crash loses nothing. No event is written: what happened is the edit, and it is in the log.

use serde::{Deserialize, Serialize};

use super::super::dispatch;
use super::super::model::{Timers, due};
use super::super::store;
use crate::app::App;
use crate::calendar;
use crate::error::Result;
use crate::store::{Connection, Tx, json, mark, set_mark};

/// The mark that says what is still to be counted; empty when nothing is.
const MARK: &str = "reckon";
/// How many are counted in one transaction.
const BATCH: i64 = 500;
/// How many transactions in one pass.
const BATCHES: usize = 10;

/// What is still to be counted.
#[derive(Debug, Serialize, Deserialize)]
struct Pending {
    /// Cases of which division; empty = all.
    division: String,
    /// After which referral.
    after: String,
}

async fn pending(db: &mut Connection) -> Result<Option<Pending>> {
    Ok(mark(db, MARK).await?.and_then(|text| serde_json::from_str(&text).ok()))
}

/// Asks for the live referrals of a division's cases to be counted anew; of everybody's with an empty one.
pub async fn ask_to_reckon(tx: &mut Tx, division: &str) -> Result<()> {
    let division = match pending(tx).await? {
        Some(other) if !division.starts_with(&other.division) => String::new(),
        Some(wider) => wider.division,
        None => division.to_owned(),
    };
    set_mark(tx, MARK, &json(&Pending { division, after: String::new() })).await
}

/// Counts what was asked for, as far as one pass goes; how many there were.
pub(super) async fn reckon(app: &App) -> Result<usize> {
    let mut counted = 0;
    for _ in 0..BATCHES {
        if pending(&mut *app.store.read().await?).await?.is_none() {
            break;
        }
        counted += part(app).await?;
    }
    Ok(counted)
}

async fn part(app: &App) -> Result<usize> {
    let mut tx = app.begin().await?;
    let Some(wanted) = pending(&mut tx).await? else { return Ok(0) };
    let found = store::live_after(&mut tx, &wanted.division, &wanted.after, BATCH).await?;
    // Read here: another process may have edited the calendar since this one followed it, and what is counted is not counted again.
    let (rows, calendar) = (store::timers(&mut tx).await?, calendar::store::read(&mut tx).await?);
    for (id, place) in &found {
        let Some(referral) = store::find(&mut tx, id).await? else { continue };
        let own = due(&referral.standing, &Timers::at(&rows, place), &calendar);
        let Some(due) = dispatch::due_in_turn(&mut tx, &referral, own).await? else { continue };
        store::set_due(&mut tx, &referral.id, due).await?;
        dispatch::hand_on(&mut tx, &referral, Some(due)).await?;
    }
    let next = match found.last() {
        Some((id, _)) if i64::try_from(found.len()) == Ok(BATCH) => json(&Pending { after: id.to_string(), ..wanted }),
        _ => String::new(),
    };
    set_mark(&mut tx, MARK, &next).await?;
    tx.commit(app.now()).await?;
    Ok(found.len())
}
