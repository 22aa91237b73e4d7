//! `dispatch`, and what its referrals share.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::super::model::{Due, Referral};
use super::super::store::of_dispatch;
use super::model::{Candidate, Dispatch, DispatchState};
use crate::case::model::Need;
use crate::clock;
use crate::error::{Error, Result};
use crate::id::{DispatchId, ReferralId, ServiceAtLocationId};
use crate::store::{Connection, Row, json};

/// A candidate as stored.
#[derive(Deserialize)]
struct Stored {
    service_at_location: ServiceAtLocationId,
    #[serde(default)]
    proposal: Option<Value>,
}

/// Writes a dispatch, planned.
pub async fn insert(db: &mut Connection, dispatch: &Dispatch, need: &Need, province: &str, at: Timestamp) -> Result<()> {
    sqlx::query("INSERT INTO dispatch (id, need_id, province, mode, candidates, state, at) VALUES ($1, $2, $3, $4, $5, $6, $7)")
        .bind(dispatch.id.as_str())
        .bind(need.id.as_str())
        .bind(province)
        .bind(dispatch.mode.name())
        .bind(json(&dispatch.candidates))
        .bind(dispatch.state.name())
        .bind(clock::stored(at))
        .execute(db)
        .await?;
    Ok(())
}

/// The dispatch of an id.
pub async fn find(db: &mut Connection, id: &DispatchId) -> Result<Option<Dispatch>> {
    let row = sqlx::query("SELECT id, need_id, mode, candidates, state, version FROM dispatch WHERE id = $1")
        .bind(id.as_str())
        .fetch_optional(db)
        .await?;
    row.map(|row| {
        let row = Row::of("dispatch", &row);
        let stored: Vec<Stored> = row.json("candidates")?;
        let candidates =
            stored.into_iter().map(|one| Candidate { service_at_location: one.service_at_location, proposal: one.proposal }).collect();
        Ok(Dispatch {
            id: row.parse("id")?,
            need: row.parse("need_id")?,
            mode: row.name("mode")?,
            candidates,
            state: row.name("state")?,
            version: row.int("version")?,
        })
    })
    .transpose()
}

/// The dispatch of a referral; a referral has one, always.
pub async fn of(db: &mut Connection, referral: &Referral) -> Result<Dispatch> {
    find(db, &referral.dispatch).await?.ok_or_else(|| Error::missing("dispatch", &referral.dispatch))
}

/// Writes its state and candidates, if nobody changed it since.
pub async fn update(db: &mut Connection, dispatch: &mut Dispatch, reason: Option<&str>) -> Result<()> {
    let done =
        sqlx::query("UPDATE dispatch SET state = $3, reason = $4, candidates = $5, version = version + 1 WHERE id = $1 AND version = $2")
            .bind(dispatch.id.as_str())
            .bind(dispatch.version)
            .bind(dispatch.state.name())
            .bind(reason)
            .bind(json(&dispatch.candidates))
            .execute(db)
            .await?;
    dispatch.version += 1;
    if done.rows_affected() == 0 { Err(Error::Conflict { why: "changed" }) } else { Ok(()) }
}

/// Puts a dispatch where its one referral left it: for made-up histories.
pub async fn settle(db: &mut Connection, id: &DispatchId, state: DispatchState) -> Result<()> {
    sqlx::query("UPDATE dispatch SET state = $2, version = version + 1 WHERE id = $1")
        .bind(id.as_str())
        .bind(state.name())
        .execute(db)
        .await?;
    Ok(())
}

/// Its referrals, in the order in which they are asked.
pub async fn referrals(db: &mut Connection, dispatch: &Dispatch) -> Result<Vec<Referral>> {
    let mut found = of_dispatch(db, &dispatch.id).await?;
    dispatch.sort(&mut found);
    Ok(found)
}

/// What is due of the one that is asked: who waits for a turn waits for that.
pub async fn running_due(db: &mut Connection, id: &DispatchId) -> Result<Option<Due>> {
    let row = sqlx::query(
        "SELECT id, due_at, due_kind FROM referral WHERE dispatch_id = $1 AND due_at IS NOT NULL AND state IN ('sent', 'acknowledged',
                'needs_info', 'waitlisted', 'accepted', 'in_service', 'reported', 'pending_approval') ORDER BY due_at, id LIMIT 1",
    )
    .bind(id.as_str())
    .fetch_optional(db)
    .await?;
    row.map(|row| {
        let row = Row::of("referral", &row);
        Ok(Due { timer: row.name("due_kind")?, at: row.parse("due_at")?, tick: None })
    })
    .transpose()
}

/// Gives those who wait for a turn the due time of the one that is asked.
pub async fn follow_due(db: &mut Connection, id: &DispatchId, due: Due) -> Result<()> {
    sqlx::query("UPDATE referral SET due_at = $2, due_kind = $3 WHERE dispatch_id = $1 AND state = 'queued'")
        .bind(id.as_str())
        .bind(clock::stored(due.at))
        .bind(due.timer.name())
        .execute(db)
        .await?;
    Ok(())
}

/// Those who wait for a turn although nobody is asked for their need: something came between, and the sweep asks them.
pub async fn stalled(db: &mut Connection, limit: i64) -> Result<Vec<ReferralId>> {
    let rows = sqlx::query(
        "SELECT q.id FROM referral q WHERE q.state = 'queued' AND q.hold_reason IS NULL AND NOT EXISTS (
             SELECT 1 FROM referral r WHERE r.need_id = q.need_id AND r.state IN ('sent', 'acknowledged', 'needs_info', 'waitlisted',
                    'accepted', 'in_service', 'reported', 'pending_approval')) ORDER BY q.id LIMIT $1",
    )
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows.iter().map(|row| Row::of("referral", row).parse("id")).collect()
}
