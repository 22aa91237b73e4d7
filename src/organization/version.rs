//! The table `record_version`: an entry as it was before each change. [`super::store::keep_version`] writes it.

use jiff::Timestamp;
use serde_json::Value;
use sqlx::any::AnyRow;

use crate::error::Result;
use crate::store::{Connection, Row};

/// An entry as it was until somebody changed it.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// The version it had.
    pub version: i64,
    /// The entry.
    pub body: Value,
    /// How the log names who changed it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// The versions of an entry, newest first, at most 100.
pub async fn of(db: &mut Connection, subject_type: &str, subject: &str) -> Result<Vec<Kept>> {
    let rows = sqlx::query(
        "SELECT subject AS id, version, body, by_account, at FROM record_version
         WHERE subject_type = $1 AND subject = $2 ORDER BY version DESC LIMIT 100",
    )
    .bind(subject_type)
    .bind(subject)
    .fetch_all(db)
    .await?;
    rows.iter().map(read).collect()
}

/// One version of an entry.
pub async fn find(db: &mut Connection, subject_type: &str, subject: &str, version: i64) -> Result<Option<Kept>> {
    let row = sqlx::query(
        "SELECT subject AS id, version, body, by_account, at FROM record_version WHERE subject_type = $1 AND subject = $2 AND version = $3",
    )
    .bind(subject_type)
    .bind(subject)
    .bind(version)
    .fetch_optional(db)
    .await?;
    row.as_ref().map(read).transpose()
}

/// The version that a location, a licensed person or a project has now.
pub async fn current(db: &mut Connection, subject_type: &str, subject: &str) -> Result<i64> {
    let select = match subject_type {
        "program" => "SELECT id, version FROM program WHERE id = $1",
        "practitioner" => "SELECT id, version FROM practitioner WHERE id = $1",
        _ => "SELECT id, version FROM location WHERE id = $1",
    };
    let row = sqlx::query(select).bind(subject).fetch_one(db).await?;
    Row::of("record_version", &row).int("version")
}

fn read(row: &AnyRow) -> Result<Kept> {
    let row = Row::of("record_version", row);
    Ok(Kept { version: row.int("version")?, body: row.json("body")?, by: row.text("by_account")?, at: row.parse("at")? })
}
