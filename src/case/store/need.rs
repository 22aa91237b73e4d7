//! `need`.

use jiff::Timestamp;
use sqlx::any::AnyRow;

use super::super::model::{Case, Need, Outcome, Tier};
use crate::clock;
use crate::error::{Error, Result};
use crate::id::{CaseId, NeedId};
use crate::organization::store::{name_of, province};
use crate::secret::{ChildKey, Hidden, Place};
use crate::store::{Connection, Row, flag};

fn read(row: &AnyRow) -> Result<Need> {
    let row = Row::of("need", row);
    let tier = u8::try_from(row.count("tier")?).ok().and_then(|number| Tier::new(number).ok());
    Ok(Need {
        id: row.parse("id")?,
        case: row.parse("case_id")?,
        term: row.parse("term")?,
        tier: tier.ok_or_else(|| Error::Row { table: "need", column: "tier", row: row.text("id").unwrap_or_default() })?,
        tier_reason: row.maybe_text("tier_reason")?,
        state: row.name("state")?,
        several: row.flag("several")?,
        unverified: row.flag("unverified")?,
        target_day: row.maybe_parse("target_day")?,
        reason: row.maybe_text("reason")?,
        opened_at: row.parse("opened_at")?,
        closed_at: row.maybe_parse("closed_at")?,
        source: row.name("source")?,
        version: row.int("version")?,
    })
}

/// The need of an id.
pub async fn need(db: &mut Connection, id: &NeedId) -> Result<Option<Need>> {
    let row = sqlx::query(
        "SELECT id, case_id, term, tier, tier_reason, state, several, unverified, target_day, reason, opened_at, closed_at, source, version FROM need WHERE id = $1",
    )
    .bind(id.as_str())
    .fetch_optional(db)
    .await?;
    row.as_ref().map(read).transpose()
}

/// The needs of a case, most urgent first.
pub async fn needs(db: &mut Connection, case: &CaseId) -> Result<Vec<Need>> {
    let rows = sqlx::query(
        "SELECT id, case_id, term, tier, tier_reason, state, several, unverified, target_day, reason, opened_at, closed_at, source, version
         FROM need WHERE case_id = $1 ORDER BY tier, opened_at, id",
    )
    .bind(case.as_str())
    .fetch_all(db)
    .await?;
    rows.iter().map(read).collect()
}

/// Writes a new need.
pub async fn insert_need(db: &mut Connection, need: &Need, case: &Case, at: Timestamp) -> Result<()> {
    sqlx::query(
        "INSERT INTO need (id, case_id, province, term, tier, tier_reason, state, several, unverified, target_day, reason, opened_at, closed_at, source, version, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
    )
    .bind(need.id.as_str())
    .bind(need.case.as_str())
    .bind(province(&case.division))
    .bind(need.term.as_str())
    .bind(i64::from(need.tier.number()))
    .bind(&need.tier_reason)
    .bind(need.state.name())
    .bind(flag(need.several))
    .bind(flag(need.unverified))
    .bind(need.target_day.map(|day| day.to_string()))
    .bind(&need.reason)
    .bind(clock::stored(need.opened_at))
    .bind(need.closed_at.map(clock::stored))
    .bind(name_of(&need.source))
    .bind(need.version)
    .bind(clock::stored(at))
    .execute(db)
    .await?;
    Ok(())
}

/// Writes every plain field of a need that nobody changed since `need.version`; counts the version up.
pub async fn update_need(db: &mut Connection, need: &mut Need, at: Timestamp) -> Result<()> {
    let done = sqlx::query(
        "UPDATE need SET tier = $3, tier_reason = $4, state = $5, several = $6, unverified = $7, target_day = $8, reason = $9, closed_at = $10,
                version = version + 1, changed_at = $11 WHERE id = $1 AND version = $2",
    )
    .bind(need.id.as_str())
    .bind(need.version)
    .bind(i64::from(need.tier.number()))
    .bind(&need.tier_reason)
    .bind(need.state.name())
    .bind(flag(need.several))
    .bind(flag(need.unverified))
    .bind(need.target_day.map(|day| day.to_string()))
    .bind(&need.reason)
    .bind(need.closed_at.map(clock::stored))
    .bind(clock::stored(at))
    .execute(db)
    .await?;
    if done.rows_affected() == 0 {
        return Err(Error::Conflict { why: "changed" });
    }
    need.version += 1;
    Ok(())
}

/// Puts a need where it stands now, with the reason and the instant of settling.
pub async fn settle(db: &mut Connection, need: &mut Need, state: Outcome, reason: Option<String>, at: Timestamp) -> Result<()> {
    need.state = state;
    need.reason = reason;
    need.closed_at = state.is_final().then_some(at);
    update_need(db, need, at).await
}

/// Opens the worker's own words of a need: the caller has asked `decide` and records the view.
pub async fn words(db: &mut Connection, key: &ChildKey, case: &Case, need: &NeedId) -> Result<Option<Hidden>> {
    let row = sqlx::query("SELECT id, words FROM need WHERE id = $1 AND case_id = $2")
        .bind(need.as_str())
        .bind(case.id.as_str())
        .fetch_one(db)
        .await?;
    let cell = Row::of("need", &row).maybe_text("words")?;
    Ok(cell.map(|cell| key.open(Place { table: "need", child: case.child.as_str(), field: "words" }, &cell)).transpose()?)
}

/// Seals and writes the worker's own words of a need.
pub async fn put_words(db: &mut Connection, key: &ChildKey, case: &Case, need: &NeedId, words: &Hidden) -> Result<()> {
    sqlx::query("UPDATE need SET words = $2 WHERE id = $1")
        .bind(need.as_str())
        .bind(key.seal(Place { table: "need", child: case.child.as_str(), field: "words" }, words))
        .execute(db)
        .await?;
    Ok(())
}
