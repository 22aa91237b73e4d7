//! `visit`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::any::AnyRow;

use super::super::model::Risk;
use super::super::store::Within;
use super::model::CaseVisit;
use crate::clock;
use crate::error::Result;
use crate::id::{CaseId, ChildId, VisitId};
use crate::secret::{ChildKey, Hidden, Place};
use crate::store::{Connection, Row};

fn place(child: &ChildId) -> Place<'_> {
    Place { table: "visit", child: child.as_str(), field: "note" }
}

/// Writes a visit, its words sealed.
pub async fn insert(
    db: &mut Connection,
    visit: &CaseVisit,
    province: &str,
    (key, child): (&ChildKey, &ChildId),
    note: Option<&Hidden>,
    at: Timestamp,
) -> Result<()> {
    sqlx::query("INSERT INTO visit (id, case_id, province, by_account, day, kind, note, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(visit.id.as_str())
        .bind(visit.case.as_str())
        .bind(province)
        .bind(visit.by.as_str())
        .bind(visit.day.to_string())
        .bind(visit.kind.name())
        .bind(note.filter(|note| !note.is_empty()).map(|note| key.seal(place(child), note)))
        .bind(clock::stored(at))
        .execute(db)
        .await?;
    Ok(())
}

fn read(row: &AnyRow) -> Result<CaseVisit> {
    let row = Row::of("visit", row);
    Ok(CaseVisit {
        id: row.parse("id")?,
        case: row.parse("case_id")?,
        by: row.parse("by_account")?,
        day: row.parse("day")?,
        kind: row.name("kind")?,
    })
}

/// The visits of a case, the last first.
pub async fn of_case(db: &mut Connection, case: &CaseId, limit: i64) -> Result<Vec<CaseVisit>> {
    let rows = sqlx::query("SELECT id, case_id, by_account, day, kind FROM visit WHERE case_id = $1 ORDER BY day DESC, id DESC LIMIT $2")
        .bind(case.as_str())
        .bind(limit)
        .fetch_all(db)
        .await?;
    rows.iter().map(read).collect()
}

/// The words of the visits of a case that have some. The caller has asked `decide` and records the view.
pub async fn notes(db: &mut Connection, key: &ChildKey, child: &ChildId, case: &CaseId) -> Result<BTreeMap<VisitId, Hidden>> {
    let rows = sqlx::query("SELECT id, note FROM visit WHERE case_id = $1 AND note IS NOT NULL").bind(case.as_str()).fetch_all(db).await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("visit", row);
            Ok((row.parse("id")?, key.open(place(child), &row.text("note")?)?))
        })
        .collect()
}

/// When the child of a case was last seen; a telephone call is no visit.
pub async fn seen(db: &mut Connection, case: &CaseId) -> Result<Option<Date>> {
    let row = sqlx::query("SELECT $1 AS id, MAX(day) AS day FROM visit WHERE case_id = $1 AND kind <> 'phone'")
        .bind(case.as_str())
        .fetch_one(db)
        .await?;
    Row::of("visit", &row).maybe_parse("day")
}

/// A case that is not closed, with when its child was last seen.
#[derive(Debug)]
pub struct Seen {
    /// The case.
    pub case: CaseId,
    /// Its risk.
    pub risk: Option<Risk>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When somebody last saw the child.
    pub day: Option<Date>,
}

/// The one text of the list, up to its condition.
macro_rules! seen_of {
    ($condition:literal) => {
        concat!(
            "SELECT c.id || '|' || COALESCE(c.risk, '') || '|' || c.opened_at || '|' || COALESCE(
                        (SELECT v.day FROM visit v WHERE v.case_id = c.id AND v.kind <> 'phone' ORDER BY v.day DESC LIMIT 1), '') AS packed
             FROM \"case\" c WHERE c.state <> 'closed' AND ",
            $condition
        )
    };
}

/// When the children of a list were last seen.
pub async fn seen_within(db: &mut Connection, within: &Within) -> Result<Vec<Seen>> {
    let (text, value) = match within {
        Within::Worker(id) => (seen_of!("c.worker_id = $1"), id.to_string()),
        Within::Station(id) => (seen_of!("c.station_id = $1"), id.to_string()),
        Within::Division(code) => (seen_of!("c.division >= $1 AND c.division < $1 || 'z'"), code.to_string()),
        Within::Village(code) => (seen_of!("c.village = $1"), code.clone()),
    };
    let rows = sqlx::query(text).bind(value).fetch_all(db).await?;
    rows.iter()
        .map(|row| {
            let packed = Row::of("case", row).packed::<4>("packed")?;
            let risk = packed.texts()[1];
            Ok(Seen {
                case: packed.parse(0)?,
                risk: (!risk.is_empty()).then(|| Risk(risk.to_owned())),
                opened_at: packed.parse(2)?,
                day: packed.maybe(3)?,
            })
        })
        .collect()
}
