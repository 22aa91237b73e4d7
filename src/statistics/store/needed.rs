//! The needs behind a figure: the store picks and pages them, for a county has thousands.

use super::super::model::{Over, Period};
use super::bounds;
use crate::error::Result;
use crate::store::{Connection, Part, Row};

/// Which of the needs that were open at some time of the period.
#[derive(Debug, Clone, Copy, Default)]
pub struct Which<'a> {
    /// In these states.
    pub states: &'a [&'a str],
    /// Whether the family was not asked; both if absent.
    pub unverified: Option<bool>,
    /// Of this kind; any if empty.
    pub term: &'a str,
    /// In this county; any if empty.
    pub county: &'a str,
}

/// A need behind a figure.
#[derive(Debug, Clone)]
pub struct Needed {
    /// Id.
    pub id: String,
    /// Where it stands.
    pub state: String,
    /// The child's alias.
    pub alias: String,
}

macro_rules! from_needs {
    ($condition:literal) => {
        concat!(
            " FROM need n JOIN \"case\" c ON c.id = n.case_id
              WHERE n.opened_at < $3 AND (n.closed_at IS NULL OR n.closed_at >= $2) AND $4 LIKE '%,' || n.state || ',%'
                AND ($5 < 0 OR n.unverified = $5) AND ($6 = '' OR n.term = $6) AND ($7 = '' OR SUBSTR(c.division, 1, 6) = $7) AND ",
            $condition
        )
    };
}

macro_rules! counted {
    ($condition:literal) => {
        concat!("SELECT COUNT(*)", from_needs!($condition))
    };
}

macro_rules! listed {
    ($condition:literal) => {
        concat!(
            "SELECT p.id, p.state, h.alias FROM (SELECT n.id, n.state, n.opened_at, c.child_id",
            from_needs!($condition),
            " ORDER BY n.opened_at, n.id LIMIT $8 OFFSET $9) p JOIN child h ON h.id = p.child_id ORDER BY p.opened_at, p.id"
        )
    };
}

/// A part of the needs, the oldest first, and how many there are.
pub async fn needed(db: &mut Connection, over: &Over, period: Period, which: Which<'_>, part: Part) -> Result<(Vec<Needed>, usize)> {
    let (count, list, value) = match over {
        Over::Station(id) => (counted!("c.station_id = $1"), listed!("c.station_id = $1"), id.to_string()),
        Over::Division(code) => (
            counted!("c.division >= $1 AND c.division < $1 || 'z'"),
            listed!("c.division >= $1 AND c.division < $1 || 'z'"),
            code.to_string(),
        ),
        Over::Provider(_) => return Ok((Vec::new(), 0)),
    };
    let (from, to) = bounds(period);
    let states = format!(",{},", which.states.join(","));
    let unverified = which.unverified.map_or(-1, i64::from);
    let total: i64 = sqlx::query_scalar(count)
        .bind(&value)
        .bind(&from)
        .bind(&to)
        .bind(&states)
        .bind(unverified)
        .bind(which.term)
        .bind(which.county)
        .fetch_one(&mut *db)
        .await?;
    let rows = sqlx::query(list)
        .bind(value)
        .bind(from)
        .bind(to)
        .bind(states)
        .bind(unverified)
        .bind(which.term)
        .bind(which.county)
        .bind(part.limit)
        .bind(part.offset)
        .fetch_all(db)
        .await?;
    let read = |row| {
        let row = Row::of("need", row);
        Ok(Needed { id: row.text("id")?, state: row.text("state")?, alias: row.text("alias")? })
    };
    Ok((rows.iter().map(read).collect::<Result<_>>()?, usize::try_from(total).unwrap_or_default()))
}
