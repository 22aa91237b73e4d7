//! `figures`.

use jiff::Timestamp;
use lianjie_index::DivisionCode;

use super::super::model::{Block, Period};
use crate::clock;
use crate::error::Result;
use crate::store::{Connection, Row, json};

/// Figures that were counted before.
pub struct Kept {
    /// As of when they are.
    pub as_of: Timestamp,
    /// When somebody last asked for them, to the hour.
    pub asked: Timestamp,
    /// They.
    pub blocks: Vec<Block>,
}

/// The figures of a division and a period that are not older than an instant.
pub async fn kept(db: &mut Connection, division: &DivisionCode, period: Period, since: Timestamp) -> Result<Option<Kept>> {
    let row = sqlx::query(
        "SELECT division AS id, blocks, as_of, asked_at FROM figures WHERE division = $1 AND from_day = $2 AND to_day = $3 AND as_of >= $4",
    )
    .bind(division.as_str())
    .bind(period.from.to_string())
    .bind(period.to.to_string())
    .bind(clock::stored(since))
    .fetch_optional(db)
    .await?;
    row.map(|row| {
        let row = Row::of("figures", &row);
        Ok(Kept { as_of: row.parse("as_of")?, asked: row.parse("asked_at")?, blocks: row.json("blocks")? })
    })
    .transpose()
}

/// Keeps figures, with the instant somebody last asked for them.
pub async fn keep(
    db: &mut Connection,
    division: &DivisionCode,
    period: Period,
    (as_of, blocks): (Timestamp, &Vec<Block>),
    asked: Timestamp,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO figures (division, from_day, to_day, blocks, as_of, asked_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (division, from_day, to_day) DO UPDATE SET blocks = $4, as_of = $5, asked_at = $6",
    )
    .bind(division.as_str())
    .bind(period.from.to_string())
    .bind(period.to.to_string())
    .bind(json(blocks))
    .bind(clock::stored(as_of))
    .bind(clock::stored(asked))
    .execute(db)
    .await?;
    Ok(())
}

/// The divisions and periods somebody asked for since an instant, and when: the last hundred.
pub async fn wanted(db: &mut Connection, since: Timestamp) -> Result<Vec<(DivisionCode, Period, Timestamp)>> {
    let rows =
        sqlx::query("SELECT division AS id, from_day, to_day, asked_at FROM figures WHERE asked_at >= $1 ORDER BY asked_at DESC LIMIT 100")
            .bind(clock::stored(since))
            .fetch_all(db)
            .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("figures", row);
            Ok((row.parse("id")?, Period { from: row.parse("from_day")?, to: row.parse("to_day")? }, row.parse("asked_at")?))
        })
        .collect()
}

/// Forgets the figures of a division and a period, and all that nobody has asked for since an instant.
pub async fn forget(db: &mut Connection, division: &DivisionCode, period: Period, since: Timestamp) -> Result<()> {
    sqlx::query("DELETE FROM figures WHERE asked_at < $1 OR (division = $2 AND from_day = $3 AND to_day = $4)")
        .bind(clock::stored(since))
        .bind(division.as_str())
        .bind(period.from.to_string())
        .bind(period.to.to_string())
        .execute(db)
        .await?;
    Ok(())
}
