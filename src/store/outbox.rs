//! The outbox: numbered changes per stream, without gaps, for whoever follows the store.
//!
//! A sequence would lose rows under load (a later number may commit first), so the number comes from a
//! counter row that is bumped as the transaction's last statement.

use jiff::Timestamp;

use super::{Connection, Row};
use crate::clock;
use crate::error::Result;

/// The stream of the directory, followed by the search index.
pub const DIRECTORY: &str = "directory";

/// The stream of a province's referrals.
#[must_use]
pub fn referrals(province: &str) -> String {
    format!("referral:{province}")
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Stream.
    pub stream: String,
    /// Its number there, from 1.
    pub number: i64,
    /// Table name of the thing.
    pub kind: String,
    /// Its id.
    pub id: String,
}

/// Writes the changes of one stream with their numbers.
pub(super) async fn append(db: &mut Connection, changes: &[Change], at: Timestamp) -> Result<()> {
    let Some(first) = changes.first() else { return Ok(()) };
    let count = i64::try_from(changes.len()).unwrap_or(i64::MAX);
    let last: i64 = sqlx::query_scalar(
        "INSERT INTO counter (stream, number) VALUES ($1, $2)
         ON CONFLICT (stream) DO UPDATE SET number = counter.number + excluded.number RETURNING number",
    )
    .bind(&first.stream)
    .bind(count)
    .fetch_one(&mut *db)
    .await?;
    for (number, change) in (last - count + 1..).zip(changes) {
        sqlx::query("INSERT INTO change (stream, number, kind, id, at) VALUES ($1, $2, $3, $4, $5)")
            .bind(&change.stream)
            .bind(number)
            .bind(&change.kind)
            .bind(&change.id)
            .bind(clock::stored(at))
            .execute(&mut *db)
            .await?;
    }
    Ok(())
}

/// The changes of a stream after a number, oldest first.
pub async fn changes_after(db: &mut Connection, stream: &str, number: i64, limit: i64) -> Result<Vec<Change>> {
    let rows = sqlx::query("SELECT stream, number, kind, id FROM change WHERE stream = $1 AND number > $2 ORDER BY number LIMIT $3")
        .bind(stream)
        .bind(number)
        .bind(limit)
        .fetch_all(db)
        .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("change", row);
            Ok(Change { stream: row.text("stream")?, number: row.int("number")?, kind: row.text("kind")?, id: row.text("id")? })
        })
        .collect()
}

/// The last number of a stream; 0 before the first.
pub async fn last_number(db: &mut Connection, stream: &str) -> Result<i64> {
    let number: Option<i64> = sqlx::query_scalar("SELECT number FROM counter WHERE stream = $1").bind(stream).fetch_optional(db).await?;
    Ok(number.unwrap_or(0))
}
