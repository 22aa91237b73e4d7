//! Activities and what was paid: how many, of which kinds, who came.

use super::super::model::{Over, Period};
use super::counted::{Named, named};
use crate::error::Result;
use crate::store::{Connection, Part, Row};

/// Who came to the activities of the period: children listed, each once; participations of those listed; participations by head.
pub async fn attendance(db: &mut Connection, over: &Over, period: Period) -> Result<(u32, u32, u32)> {
    let (text, value) = match over {
        Over::Station(id) => (
            "SELECT 'attendance' AS id, COUNT(DISTINCT t.child_hash) AS children, COUNT(t.child_hash) AS participations,
                    (SELECT CAST(COALESCE(SUM(b.headcount), 0) AS BIGINT) FROM activity b WHERE b.organization_id = $1 AND b.day >= $2 AND b.day <= $3) AS heads
             FROM activity a JOIN attendance t ON t.activity_id = a.id WHERE a.organization_id = $1 AND a.day >= $2 AND a.day <= $3",
            id.to_string(),
        ),
        Over::Division(code) => (
            "SELECT 'attendance' AS id, COUNT(DISTINCT t.child_hash) AS children, COUNT(t.child_hash) AS participations,
                    (SELECT CAST(COALESCE(SUM(b.headcount), 0) AS BIGINT) FROM activity b WHERE b.division >= $1 AND b.division < $1 || 'z' AND b.day >= $2 AND b.day <= $3) AS heads
             FROM activity a JOIN attendance t ON t.activity_id = a.id WHERE a.division >= $1 AND a.division < $1 || 'z' AND a.day >= $2 AND a.day <= $3",
            code.to_string(),
        ),
        Over::Provider(_) => return Ok((0, 0, 0)),
    };
    let row = sqlx::query(text).bind(value).bind(period.from.to_string()).bind(period.to.to_string()).fetch_one(db).await?;
    let row = Row::of("attendance", &row);
    Ok((row.count("children")?, row.count("participations")?, row.count("heads")?))
}

/// The activities of the period; of one kind or topic, if one is given.
pub async fn activities(db: &mut Connection, over: &Over, period: Period, kind: &str, topic: &str) -> Result<Vec<Named>> {
    let (text, value) = match over {
        Over::Station(id) => (
            "SELECT COALESCE(a.program_id, '') AS id, a.title AS name, a.day AS beside FROM activity a WHERE a.organization_id = $1 AND a.day >= $2 AND a.day <= $3
             AND ($4 = '' OR a.kind = $4) AND ($5 = '' OR a.topic = $5) ORDER BY a.day, a.id",
            id.to_string(),
        ),
        Over::Division(code) => (
            "SELECT COALESCE(a.program_id, '') AS id, a.title AS name, a.day AS beside FROM activity a WHERE a.division >= $1 AND a.division < $1 || 'z'
             AND a.day >= $2 AND a.day <= $3 AND ($4 = '' OR a.kind = $4) AND ($5 = '' OR a.topic = $5) ORDER BY a.day, a.id",
            code.to_string(),
        ),
        Over::Provider(_) => return Ok(Vec::new()),
    };
    let query = sqlx::query(text).bind(value).bind(period.from.to_string()).bind(period.to.to_string()).bind(kind).bind(topic);
    named(&query.fetch_all(db).await?)
}

/// How many activities of a kind and topic there were.
#[derive(Debug, Clone)]
pub struct Given {
    /// Casework, group or open to all.
    pub kind: String,
    /// What about.
    pub topic: String,
    /// How many.
    pub count: usize,
}

/// The activities of the period, counted by kind and topic.
pub async fn given(db: &mut Connection, over: &Over, period: Period) -> Result<Vec<Given>> {
    let (text, value) = match over {
        Over::Station(id) => (
            "SELECT 'given' AS id, kind, topic, COUNT(*) AS many FROM activity
             WHERE organization_id = $1 AND day >= $2 AND day <= $3 GROUP BY kind, topic",
            id.to_string(),
        ),
        Over::Division(code) => (
            "SELECT 'given' AS id, kind, topic, COUNT(*) AS many FROM activity
             WHERE division >= $1 AND division < $1 || 'z' AND day >= $2 AND day <= $3 GROUP BY kind, topic",
            code.to_string(),
        ),
        Over::Provider(_) => return Ok(Vec::new()),
    };
    let rows = sqlx::query(text).bind(value).bind(period.from.to_string()).bind(period.to.to_string()).fetch_all(db).await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("activity", row);
            Ok(Given { kind: row.text("kind")?, topic: row.text("topic")?, count: row.count("many")? as usize })
        })
        .collect()
}

/// What was paid in the period, in fen, by purpose.
pub async fn paid(db: &mut Connection, over: &Over, period: Period) -> Result<Vec<(String, i64)>> {
    let (text, value) = match over {
        Over::Station(id) => (
            "SELECT kind AS id, CAST(SUM(amount_fen) AS BIGINT) AS fen FROM subsidy
             WHERE organization_id = $1 AND day >= $2 AND day <= $3 GROUP BY kind ORDER BY kind",
            id.to_string(),
        ),
        Over::Division(code) => (
            "SELECT kind AS id, CAST(SUM(amount_fen) AS BIGINT) AS fen FROM subsidy
             WHERE division >= $1 AND division < $1 || 'z' AND day >= $2 AND day <= $3 GROUP BY kind ORDER BY kind",
            code.to_string(),
        ),
        Over::Provider(_) => return Ok(Vec::new()),
    };
    let rows = sqlx::query(text).bind(value).bind(period.from.to_string()).bind(period.to.to_string()).fetch_all(db).await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("subsidy", row);
            Ok((row.text("id")?, row.int("fen")?))
        })
        .collect()
}

/// The payments of the period for a purpose, by day: whom, and when with how much in yuan.
pub async fn payments(db: &mut Connection, over: &Over, period: Period, purpose: &str) -> Result<Vec<Named>> {
    macro_rules! payments {
        ($condition:literal) => {
            concat!(
                "SELECT s.id, o.name, s.day, s.amount_fen FROM subsidy s JOIN organization o ON o.id = s.organization_id WHERE ",
                $condition,
                " AND s.day >= $2 AND s.day <= $3 AND s.kind = $4 ORDER BY s.day, s.id"
            )
        };
    }
    let (text, value) = match over {
        Over::Station(id) => (payments!("s.organization_id = $1"), id.to_string()),
        Over::Division(code) => (payments!("s.division >= $1 AND s.division < $1 || 'z'"), code.to_string()),
        Over::Provider(_) => return Ok(Vec::new()),
    };
    let query = sqlx::query(text).bind(value).bind(period.from.to_string()).bind(period.to.to_string()).bind(purpose);
    let rows = query.fetch_all(db).await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("subsidy", row);
            let (day, fen) = (row.text("day")?, row.int("amount_fen")?);
            Ok(Named { id: row.text("id")?, name: row.text("name")?, beside: format!("{day} · ¥{}.{:02}", fen / 100, fen % 100) })
        })
        .collect()
}

/// Who was listed at the activities of the period, as far as that is kept: each coming, or each child once with an activity, its
/// first day and how often it came. No name is kept, and what tells a child again is not read. A part, the first days first.
pub async fn came(db: &mut Connection, over: &Over, period: Period, once: bool, part: Part) -> Result<Vec<Named>> {
    macro_rules! comings {
        ($condition:literal) => {
            concat!(
                "SELECT '' AS id, a.title AS name, a.day AS beside FROM activity a JOIN attendance t ON t.activity_id = a.id WHERE ",
                $condition,
                " AND a.day >= $2 AND a.day <= $3 ORDER BY a.day, a.id, t.child_hash LIMIT $4 OFFSET $5"
            )
        };
    }
    macro_rules! children {
        ($condition:literal) => {
            concat!(
                "SELECT '' AS id, MIN(a.title) AS name, MIN(a.day) || ' × ' || CAST(COUNT(*) AS TEXT) AS beside
                 FROM activity a JOIN attendance t ON t.activity_id = a.id WHERE ",
                $condition,
                " AND a.day >= $2 AND a.day <= $3 GROUP BY t.child_hash ORDER BY MIN(a.day), t.child_hash LIMIT $4 OFFSET $5"
            )
        };
    }
    let (text, value) = match (over, once) {
        (Over::Station(id), true) => (children!("a.organization_id = $1"), id.to_string()),
        (Over::Station(id), false) => (comings!("a.organization_id = $1"), id.to_string()),
        (Over::Division(code), true) => (children!("a.division >= $1 AND a.division < $1 || 'z'"), code.to_string()),
        (Over::Division(code), false) => (comings!("a.division >= $1 AND a.division < $1 || 'z'"), code.to_string()),
        (Over::Provider(_), _) => return Ok(Vec::new()),
    };
    let query = sqlx::query(text).bind(value).bind(period.from.to_string()).bind(period.to.to_string()).bind(part.limit).bind(part.offset);
    named(&query.fetch_all(db).await?)
}
