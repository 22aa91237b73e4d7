//! What is counted. Each text is one statement for every scope: only its condition differs, so that an index serves each.

use lianjie_index::{CategoryCode, DivisionCode};
use sqlx::any::AnyRow;

use super::super::model::{Over, Period};
use super::bounds;
use crate::error::Result;
use crate::id::CaseId;
use crate::store::{Connection, Part, Row};

/// How many needs of one kind there are.
#[derive(Debug, Clone)]
pub struct Tally {
    /// Where they stand.
    pub state: String,
    /// Whether nobody asked the family.
    pub unverified: bool,
    /// Of a gap: what is needed, and the county.
    pub gap: Option<(String, DivisionCode)>,
    /// How many.
    pub count: usize,
}

macro_rules! tallied {
    ($condition:literal) => {
        concat!(
            "SELECT f.id, f.state, f.unverified, f.county, COUNT(*) AS many FROM (
                SELECT n.state, n.unverified, CASE WHEN n.state = 'gap' THEN n.term ELSE '' END AS id,
                       CASE WHEN n.state = 'gap' THEN SUBSTR(c.division, 1, 6) ELSE '' END AS county
                FROM need n JOIN \"case\" c ON c.id = n.case_id
                WHERE n.opened_at < $3 AND (n.closed_at IS NULL OR n.closed_at >= $2) AND ",
            $condition,
            ") f GROUP BY f.id, f.state, f.unverified, f.county"
        )
    };
}

/// The needs that were open at some time of the period, counted.
pub async fn tallied(db: &mut Connection, over: &Over, period: Period) -> Result<Vec<Tally>> {
    let (text, value) = match over {
        Over::Station(id) => (tallied!("c.station_id = $1"), id.to_string()),
        Over::Division(code) => (tallied!("c.division >= $1 AND c.division < $1 || 'z'"), code.to_string()),
        Over::Provider(_) => return Ok(Vec::new()),
    };
    let (from, to) = bounds(period);
    let rows = sqlx::query(text).bind(value).bind(from).bind(to).fetch_all(db).await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("need", row);
            let term = row.text("id")?;
            Ok(Tally {
                state: row.text("state")?,
                unverified: row.flag("unverified")?,
                gap: if term.is_empty() { None } else { Some((term, row.parse("county")?)) },
                count: row.count("many")? as usize,
            })
        })
        .collect()
}

/// Cases of the same categories.
#[derive(Debug, Clone)]
pub struct Filed {
    /// Categories of the children.
    pub categories: Vec<CategoryCode>,
    /// How many.
    pub count: usize,
}

macro_rules! on_file {
    ($columns:literal, $condition:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM \"case\" c WHERE c.opened_at < $3 AND (c.closed_at IS NULL OR c.closed_at >= $2) AND ",
            $condition,
            $rest
        )
    };
}

macro_rules! filed {
    ($condition:literal) => {
        on_file!("c.categories, COUNT(*) AS many", $condition, " GROUP BY c.categories")
    };
}

/// The cases that were open at some time of the period, counted by their categories.
pub async fn filed(db: &mut Connection, over: &Over, period: Period) -> Result<Vec<Filed>> {
    let (text, value) = match over {
        Over::Station(id) => (filed!("c.station_id = $1"), id.to_string()),
        Over::Division(code) => (filed!("c.division >= $1 AND c.division < $1 || 'z'"), code.to_string()),
        Over::Provider(_) => return Ok(Vec::new()),
    };
    let (from, to) = bounds(period);
    let rows = sqlx::query(text).bind(value).bind(from).bind(to).fetch_all(db).await?;
    let read = |row| {
        let row = Row::of("case", row);
        Ok(Filed { categories: row.json("categories")?, count: row.count("many")? as usize })
    };
    rows.iter().map(read).collect()
}

macro_rules! each_on_file {
    ($condition:literal) => {
        on_file!("c.id || '|' || c.categories AS packed", $condition, " ORDER BY c.opened_at, c.id")
    };
}

/// The cases that were open at some time of the period, with their categories, the oldest first.
pub async fn on_file(db: &mut Connection, over: &Over, period: Period) -> Result<Vec<(CaseId, Vec<CategoryCode>)>> {
    let (text, value) = match over {
        Over::Station(id) => (each_on_file!("c.station_id = $1"), id.to_string()),
        Over::Division(code) => (each_on_file!("c.division >= $1 AND c.division < $1 || 'z'"), code.to_string()),
        Over::Provider(_) => return Ok(Vec::new()),
    };
    let (from, to) = bounds(period);
    let rows = sqlx::query(text).bind(value).bind(from).bind(to).fetch_all(db).await?;
    rows.iter()
        .map(|row| {
            let packed = Row::of("case", row).packed::<2>("packed")?;
            Ok((packed.parse(0)?, packed.json(1)?))
        })
        .collect()
}

/// A row of a plain list: what it is, what stands beside it, where it leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What stands beside it.
    pub beside: String,
}

pub(super) fn named(rows: &[AnyRow]) -> Result<Vec<Named>> {
    rows.iter()
        .map(|row| {
            let row = Row::of("list", row);
            Ok(Named { id: row.text("id")?, name: row.text("name")?, beside: row.text("beside")? })
        })
        .collect()
}

/// The plain lists: a text for a station, one for a division.
macro_rules! plain_rows {
    ($name:ident, $doc:literal, $station:literal, $division:literal) => {
        #[doc = $doc]
        pub async fn $name(db: &mut Connection, over: &Over, period: Period) -> Result<Vec<Named>> {
            let (text, value) = match over {
                Over::Station(id) => ($station, id.to_string()),
                Over::Division(code) => ($division, code.to_string()),
                Over::Provider(_) => return Ok(Vec::new()),
            };
            let rows = sqlx::query(text).bind(value).bind(period.from.to_string()).bind(period.to.to_string()).fetch_all(db).await?;
            named(&rows)
        }
    };
}

/// What is registered in the directory, as figures count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registered {
    /// The stations there are.
    Stations,
    /// The organisations that are verified and not stations; of a station those it referred to.
    Providers,
    /// The projects that ran at some time of the period.
    Programs,
}

/// How many there are, and a part of them in order.
macro_rules! counted_and_listed {
    ($columns:literal, $from:literal, $order:literal) => {
        (
            concat!("SELECT COUNT(*) FROM ", $from),
            concat!("SELECT ", $columns, " FROM ", $from, " ORDER BY ", $order, " LIMIT $4 OFFSET $5"),
        )
    };
}

/// The statements and what they are bound to; none over what was sent to an organization.
fn registering(over: &Over, which: Registered) -> Option<((&'static str, &'static str), String)> {
    use Registered::{Programs, Providers, Stations};
    Some(match (over, which) {
        (Over::Station(id), Stations) => {
            (counted_and_listed!("id, name, division AS beside", "organization WHERE id = $1 AND $2 <= $3", "id"), id.to_string())
        }
        (Over::Division(code), Stations) => (
            counted_and_listed!(
                "id, name, division AS beside",
                "organization WHERE kind = '未保工作站' AND status IN ('pending', 'verified')
                   AND division >= $1 AND division < $1 || 'z' AND $2 <= $3",
                "pinyin, id"
            ),
            code.to_string(),
        ),
        // Led by the few it referred to: an index over all that are verified is longer.
        (Over::Station(id), Providers) => (
            counted_and_listed!(
                "o.id, o.name, o.kind AS beside",
                "(SELECT DISTINCT r.organization_id AS id FROM \"case\" c JOIN referral r ON r.case_id = c.id WHERE c.station_id = $1) q
                 JOIN organization o ON o.id = q.id WHERE o.status || '' = 'verified' AND o.kind <> '未保工作站' AND $2 <= $3",
                "o.pinyin, o.id"
            ),
            id.to_string(),
        ),
        (Over::Division(code), Providers) => (
            counted_and_listed!(
                "id, name, kind AS beside",
                "organization WHERE status = 'verified' AND kind <> '未保工作站' AND division >= $1 AND division < $1 || 'z' AND $2 <= $3",
                "pinyin, id"
            ),
            code.to_string(),
        ),
        (Over::Station(id), Programs) => (
            counted_and_listed!(
                "p.id, p.name, p.funder AS beside",
                "program p WHERE p.organization_id = $1 AND p.from_day <= $3 AND p.to_day >= $2",
                "p.from_day, p.id"
            ),
            id.to_string(),
        ),
        (Over::Division(code), Programs) => (
            counted_and_listed!(
                "p.id, p.name, o.name AS beside",
                "program p JOIN organization o ON o.id = p.organization_id
                 WHERE o.division >= $1 AND o.division < $1 || 'z' AND p.from_day <= $3 AND p.to_day >= $2",
                "p.from_day, p.id"
            ),
            code.to_string(),
        ),
        (Over::Provider(_), _) => return None,
    })
}

/// How many of these there are.
pub async fn count_registered(db: &mut Connection, over: &Over, period: Period, which: Registered) -> Result<usize> {
    let Some(((text, _), value)) = registering(over, which) else { return Ok(0) };
    let query = sqlx::query_scalar(text).bind(value).bind(period.from.to_string()).bind(period.to.to_string());
    let count: i64 = query.fetch_one(db).await?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// Some of them, in order.
pub async fn registered(db: &mut Connection, over: &Over, period: Period, which: Registered, part: Part) -> Result<Vec<Named>> {
    let Some(((_, text), value)) = registering(over, which) else { return Ok(Vec::new()) };
    let query = sqlx::query(text).bind(value).bind(period.from.to_string()).bind(period.to.to_string()).bind(part.limit).bind(part.offset);
    named(&query.fetch_all(db).await?)
}

plain_rows!(
    actions_due,
    "The actions of meetings that were due in the period, with where they stand: a day ends in China at 16:00 UTC.",
    "SELECT a.conference_id AS id, o.name, CASE WHEN a.state = 'done' AND a.reported_at < a.due_day || 'T16:00' THEN 'on_time' ELSE a.state END AS beside
     FROM action a JOIN conference m ON m.id = a.conference_id JOIN organization o ON o.id = a.organization_id
     WHERE m.station_id = $1 AND a.due_day >= $2 AND a.due_day <= $3 ORDER BY a.due_day, a.id",
    "SELECT a.conference_id AS id, o.name, CASE WHEN a.state = 'done' AND a.reported_at < a.due_day || 'T16:00' THEN 'on_time' ELSE a.state END AS beside
     FROM action a JOIN conference m ON m.id = a.conference_id JOIN organization o ON o.id = a.organization_id
     WHERE m.division >= $1 AND m.division < $1 || 'z' AND a.due_day >= $2 AND a.due_day <= $3 ORDER BY a.due_day, a.id"
);

/// Some of the visits of the period at which somebody was seen, by day: so many after the first so many.
pub async fn visits(db: &mut Connection, over: &Over, period: Period, part: Part) -> Result<Vec<Named>> {
    macro_rules! seen {
        ($condition:literal) => {
            concat!(
                "SELECT s.case_id AS id, h.alias AS name, s.day AS beside
                 FROM (SELECT v.id, v.case_id, v.day, c.child_id FROM \"case\" c JOIN visit v ON v.case_id = c.id WHERE ",
                $condition,
                " AND v.kind <> 'phone' AND v.day >= $2 AND v.day <= $3 ORDER BY v.day, v.id LIMIT $4 OFFSET $5) s
                 JOIN child h ON h.id = s.child_id ORDER BY s.day, s.id"
            )
        };
    }
    let (text, value) = match over {
        Over::Station(id) => (seen!("c.station_id = $1"), id.to_string()),
        Over::Division(code) => (seen!("c.division >= $1 AND c.division < $1 || 'z'"), code.to_string()),
        Over::Provider(_) => return Ok(Vec::new()),
    };
    let query = sqlx::query(text).bind(value).bind(period.from.to_string()).bind(period.to.to_string()).bind(part.limit).bind(part.offset);
    named(&query.fetch_all(db).await?)
}

/// How many visits of the period there are at which somebody was seen.
pub async fn visited(db: &mut Connection, over: &Over, period: Period) -> Result<usize> {
    let (text, value) = match over {
        Over::Station(id) => (
            "SELECT COUNT(*) FROM \"case\" c JOIN visit v ON v.case_id = c.id
             WHERE c.station_id = $1 AND v.kind <> 'phone' AND v.day >= $2 AND v.day <= $3",
            id.to_string(),
        ),
        Over::Division(code) => (
            "SELECT COUNT(*) FROM \"case\" c JOIN visit v ON v.case_id = c.id
             WHERE c.division >= $1 AND c.division < $1 || 'z' AND v.kind <> 'phone' AND v.day >= $2 AND v.day <= $3",
            code.to_string(),
        ),
        Over::Provider(_) => return Ok(0),
    };
    let count: i64 = sqlx::query_scalar(text).bind(value).bind(period.from.to_string()).bind(period.to.to_string()).fetch_one(db).await?;
    Ok(usize::try_from(count).unwrap_or_default())
}
