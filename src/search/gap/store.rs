//! `search_gap`, `search_gap_counted`.

use jiff::civil::Date;

use super::Gap;
use crate::error::Result;
use crate::store::{Connection, json};

/// Marks a search as counted; whether it was not yet.
pub async fn mark(db: &mut Connection, mark: &str, day: Date) -> Result<bool> {
    let done = sqlx::query("INSERT INTO search_gap_counted (mark, day) VALUES ($1, $2) ON CONFLICT (mark) DO NOTHING")
        .bind(mark)
        .bind(day.to_string())
        .execute(db)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Counts one more.
pub async fn add(db: &mut Connection, gap: &Gap) -> Result<()> {
    sqlx::query(
        "INSERT INTO search_gap (day, division, terms, filters, n) VALUES ($1, $2, $3, $4, 1)
         ON CONFLICT (day, division, terms, filters) DO UPDATE SET n = search_gap.n + 1",
    )
    .bind(gap.day.to_string())
    .bind(gap.division.as_str())
    .bind(json(&gap.terms))
    .bind(json(&gap.filters))
    .execute(db)
    .await?;
    Ok(())
}

/// Forgets counts of before a day, and marks of before another.
pub async fn forget(db: &mut Connection, counts: Date, marks: Date) -> Result<()> {
    sqlx::query("DELETE FROM search_gap WHERE day < $1").bind(counts.to_string()).execute(&mut *db).await?;
    sqlx::query("DELETE FROM search_gap_counted WHERE day < $1").bind(marks.to_string()).execute(db).await?;
    Ok(())
}
