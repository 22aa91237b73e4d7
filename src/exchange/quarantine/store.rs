//! The table `quarantine`, as it is read; what is kept aside is written by the kit.

use jiff::Timestamp;
use sqlx::any::AnyRow;

use super::model::Aside;
use crate::clock;
use crate::error::Result;
use crate::id::QuarantineId;
use crate::store::{Connection, Row};

fn read(row: &AnyRow) -> Result<Aside> {
    let row = Row::of("quarantine", row);
    let place = row.text("place")?;
    let (table, number) = place.rsplit_once(':').unwrap_or((&place, "0"));
    Ok(Aside {
        id: row.parse("id")?,
        source: row.text("source")?,
        table: table.to_owned(),
        number: number.parse().unwrap_or_default(),
        field: row.text("field")?,
        reason: row.text("reason")?,
        cells: row.json("raw")?,
        at: row.parse("at")?,
    })
}

/// A row that is still aside.
pub async fn find(db: &mut Connection, id: &QuarantineId) -> Result<Option<Aside>> {
    let row = sqlx::query("SELECT id, source, place, field, reason, raw, at FROM quarantine WHERE id = $1 AND settled_at IS NULL")
        .bind(id.as_str())
        .fetch_optional(db)
        .await?;
    row.as_ref().map(read).transpose()
}

/// The sources that have rows aside, with how many.
pub async fn sources(db: &mut Connection) -> Result<Vec<(String, u32)>> {
    let rows =
        sqlx::query("SELECT source AS id, COUNT(*) AS many FROM quarantine WHERE settled_at IS NULL GROUP BY source ORDER BY source")
            .fetch_all(db)
            .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("quarantine", row);
            Ok((row.text("id")?, row.count("many")?))
        })
        .collect()
}

/// The rows of a source that are aside: organizations and services first, for the others hang on them.
pub async fn of_source(db: &mut Connection, source: &str, limit: i64) -> Result<Vec<Aside>> {
    let rows = sqlx::query(
        "SELECT id, source, place, field, reason, raw, at FROM quarantine WHERE source = $1 AND settled_at IS NULL
         ORDER BY CASE WHEN place LIKE 'organization:%' THEN 0 WHEN place LIKE 'service:%' THEN 1 ELSE 2 END, place, id LIMIT $2",
    )
    .bind(source)
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows.iter().map(read).collect()
}

/// Puts a row away for good.
pub async fn settle(db: &mut Connection, aside: &Aside, at: Timestamp) -> Result<()> {
    sqlx::query("UPDATE quarantine SET settled_at = $3 WHERE source = $1 AND place = $2 AND settled_at IS NULL")
        .bind(&aside.source)
        .bind(format!("{}:{}", aside.table, aside.number))
        .bind(clock::stored(at))
        .execute(db)
        .await?;
    Ok(())
}
