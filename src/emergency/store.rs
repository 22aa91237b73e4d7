//! `emergency` and `emergency_step`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use lianjie_index::DivisionCode;
use sqlx::any::AnyRow;

use super::model::{Done, Emergency};
use crate::case::store::Within;
use crate::clock;
use crate::error::{Error, Result};
use crate::id::{CaseId, EmergencyId, OrganizationId};
use crate::organization::store::province;
use crate::secret::{ChildKey, Hidden, Place};
use crate::store::{Connection, Row};

fn place(owner: &str) -> Place<'_> {
    Place { table: "emergency_step", child: owner, field: "note" }
}

macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "SELECT e.id, e.division, e.station_id, COALESCE(e.case_id, l.case_id) AS case_id, e.lead_id, COALESCE(c.village, l.village) AS village,
                    e.cause, e.started_by, e.started_at, e.ended_at, e.version
             FROM emergency e LEFT JOIN lead l ON l.id = e.lead_id LEFT JOIN \"case\" c ON c.id = e.case_id ",
            $rest
        )
    };
}

fn read(row: &AnyRow) -> Result<Emergency> {
    let row = Row::of("emergency", row);
    Ok(Emergency {
        id: row.parse("id")?,
        division: row.parse("division")?,
        village: row.maybe_text("village")?,
        station: row.parse("station_id")?,
        case: row.maybe_parse("case_id")?,
        lead: row.maybe_parse("lead_id")?,
        cause: row.text("cause")?,
        started_by: row.parse("started_by")?,
        started_at: row.parse("started_at")?,
        ended_at: row.maybe_parse("ended_at")?,
        done: Vec::new(),
        version: row.int("version")?,
    })
}

async fn done(db: &mut Connection, id: &EmergencyId) -> Result<Vec<Done>> {
    let rows =
        sqlx::query("SELECT emergency_id AS id, step, done_at, by_account FROM emergency_step WHERE emergency_id = $1 ORDER BY done_at")
            .bind(id.as_str())
            .fetch_all(db)
            .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("emergency_step", row);
            Ok(Done { step: row.name("step")?, at: row.parse("done_at")?, by: row.parse("by_account")? })
        })
        .collect()
}

/// One emergency with its steps.
pub async fn find(db: &mut Connection, id: &EmergencyId) -> Result<Option<Emergency>> {
    let row = sqlx::query(columns!("WHERE e.id = $1")).bind(id.as_str()).fetch_optional(&mut *db).await?;
    let Some(mut emergency) = row.as_ref().map(read).transpose()? else { return Ok(None) };
    emergency.done = done(db, id).await?;
    Ok(Some(emergency))
}

/// The emergencies of a list: those that run, the oldest first, then those that ended lately.
pub async fn lines(db: &mut Connection, within: &Within, limit: i64) -> Result<Vec<Emergency>> {
    let (text, value) = match within {
        Within::Station(id) => (
            columns!("WHERE e.station_id = $1 ORDER BY CASE WHEN e.ended_at IS NULL THEN 0 ELSE 1 END, e.started_at DESC LIMIT $2"),
            id.to_string(),
        ),
        Within::Division(code) => (
            columns!(
                "WHERE e.division >= $1 AND e.division < $1 || 'z' ORDER BY CASE WHEN e.ended_at IS NULL THEN 0 ELSE 1 END, e.started_at DESC LIMIT $2"
            ),
            code.to_string(),
        ),
        Within::Village(code) => (
            columns!(
                "WHERE COALESCE(c.village, l.village) = $1 ORDER BY CASE WHEN e.ended_at IS NULL THEN 0 ELSE 1 END, e.started_at DESC LIMIT $2"
            ),
            code.clone(),
        ),
        Within::Worker(_) => return Ok(Vec::new()),
    };
    let rows = sqlx::query(text).bind(value).bind(limit).fetch_all(&mut *db).await?;
    let mut found = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    for emergency in &mut found {
        emergency.done = done(db, &emergency.id).await?;
    }
    Ok(found)
}

/// The emergencies that run.
pub async fn all_running(db: &mut Connection) -> Result<Vec<Emergency>> {
    let rows = sqlx::query(columns!("WHERE e.ended_at IS NULL ORDER BY e.started_at, e.id LIMIT 500")).fetch_all(&mut *db).await?;
    let mut found = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    for emergency in &mut found {
        emergency.done = done(db, &emergency.id).await?;
    }
    Ok(found)
}

/// An emergency that runs goes with its case to another station.
pub async fn give(db: &mut Connection, case: &CaseId, station: &OrganizationId, division: &DivisionCode) -> Result<()> {
    sqlx::query(
        "UPDATE emergency SET station_id = $2, division = $3, version = version + 1
         WHERE ended_at IS NULL AND (case_id = $1 OR lead_id IN (SELECT l.id FROM lead l WHERE l.case_id = $1))",
    )
    .bind(case.as_str())
    .bind(station.as_str())
    .bind(division.as_str())
    .execute(db)
    .await?;
    Ok(())
}

/// How many emergencies of a list run.
pub async fn running(db: &mut Connection, within: &Within) -> Result<i64> {
    let (text, value) = match within {
        Within::Station(id) => ("SELECT COUNT(*) FROM emergency WHERE ended_at IS NULL AND station_id = $1", id.to_string()),
        Within::Division(code) => {
            ("SELECT COUNT(*) FROM emergency WHERE ended_at IS NULL AND division >= $1 AND division < $1 || 'z'", code.to_string())
        }
        Within::Worker(_) | Within::Village(_) => return Ok(0),
    };
    Ok(sqlx::query_scalar(text).bind(value).fetch_one(db).await?)
}

/// Writes a new one.
pub async fn insert(db: &mut Connection, emergency: &Emergency) -> Result<()> {
    sqlx::query(
        "INSERT INTO emergency (id, province, division, station_id, case_id, lead_id, cause, started_by, started_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(emergency.id.as_str())
    .bind(province(&emergency.division))
    .bind(emergency.division.as_str())
    .bind(emergency.station.as_str())
    .bind(emergency.case.as_ref().map(ToString::to_string))
    .bind(emergency.lead.as_ref().map(ToString::to_string))
    .bind(&emergency.cause)
    .bind(emergency.started_by.as_str())
    .bind(clock::stored(emergency.started_at))
    .execute(db)
    .await?;
    Ok(())
}

/// Writes that a step was done; its note is sealed under the key of whom it is about.
pub async fn insert_step(
    db: &mut Connection,
    emergency: &EmergencyId,
    done: &Done,
    (key, owner): (&ChildKey, &str),
    note: &Hidden,
) -> Result<()> {
    sqlx::query("INSERT INTO emergency_step (emergency_id, step, note, done_at, by_account) VALUES ($1, $2, $3, $4, $5)")
        .bind(emergency.as_str())
        .bind(done.step.name())
        .bind((!note.is_empty()).then(|| key.seal(place(owner), note)))
        .bind(clock::stored(done.at))
        .bind(done.by.as_str())
        .execute(db)
        .await
        .map_err(|error| match error.as_database_error() {
            Some(database) if database.is_unique_violation() => Error::Conflict { why: "changed" },
            _ => Error::from(error),
        })?;
    Ok(())
}

/// The notes of an emergency, by step: the caller has asked `decide` and records the view.
pub async fn notes(db: &mut Connection, (key, owner): (&ChildKey, &str), id: &EmergencyId) -> Result<BTreeMap<String, Hidden>> {
    let rows = sqlx::query("SELECT emergency_id AS id, step, note FROM emergency_step WHERE emergency_id = $1 AND note IS NOT NULL")
        .bind(id.as_str())
        .fetch_all(db)
        .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("emergency_step", row);
            Ok((row.text("step")?, key.open(place(owner), &row.text("note")?)?))
        })
        .collect()
}

/// Writes that it ended, if nobody else has in between.
pub async fn end(db: &mut Connection, emergency: &Emergency, by: &str, at: Timestamp) -> Result<()> {
    let done = sqlx::query("UPDATE emergency SET ended_at = $3, ended_by = $4, version = version + 1 WHERE id = $1 AND version = $2")
        .bind(emergency.id.as_str())
        .bind(emergency.version)
        .bind(clock::stored(at))
        .bind(by)
        .execute(db)
        .await?;
    if done.rows_affected() == 0 { Err(Error::Conflict { why: "changed" }) } else { Ok(()) }
}
