//! `"case"`.

use jiff::Timestamp;
use sqlx::any::AnyRow;

use super::super::model::{Case, Risk, Writing};
use crate::clock;
use crate::error::{Error, Result};
use crate::id::{AccountId, CaseId, ChildId, OrganizationId};
use crate::organization::store::province;
use crate::secret::{ChildKey, Hidden, Place};
use crate::store::{Connection, Row, json};

fn read(row: &AnyRow) -> Result<Case> {
    let row = Row::of("case", row);
    Ok(Case {
        id: row.parse("id")?,
        number: row.text("number")?,
        child: row.parse("child_id")?,
        station: row.parse("station_id")?,
        division: row.parse("division")?,
        village: row.maybe_text("village")?,
        hukou: row.maybe_parse("hukou")?,
        worker: row.parse("worker_id")?,
        opened_by: row.parse("opened_by")?,
        state: row.name("state")?,
        risk: row.maybe_text("risk")?.map(Risk),
        opened_at: row.parse("opened_at")?,
        closed_at: row.maybe_parse("closed_at")?,
        closed_reason: row.maybe_text("closed_reason")?,
        flags: row.json("flags")?,
        categories: row.json("categories")?,
        categories_reason: row.maybe_text("categories_reason")?,
        holds: row.json("holds")?,
        school_stage: row.maybe_text("school_stage")?,
        languages: row.json("languages")?,
        travel: row.json("travel")?,
        can_pay: row.maybe_text("can_pay")?,
        guardian: row.maybe_text("guardian")?,
        version: row.int("version")?,
    })
}

/// The case of an id.
pub async fn find(db: &mut Connection, id: &CaseId) -> Result<Option<Case>> {
    let row = sqlx::query(
        "SELECT id, number, child_id, station_id, division, village, hukou, worker_id, opened_by, state, risk, opened_at, closed_at, closed_reason, flags,
                categories, categories_reason, holds, school_stage, languages, travel, can_pay, guardian, version
         FROM \"case\" WHERE id = $1",
    )
    .bind(id.as_str())
    .fetch_optional(db)
    .await?;
    row.as_ref().map(read).transpose()
}

/// The case of a child that is not closed.
pub async fn of_child_open(db: &mut Connection, child: &ChildId) -> Result<Option<CaseId>> {
    let row =
        sqlx::query("SELECT id FROM \"case\" WHERE child_id = $1 AND state <> 'closed'").bind(child.as_str()).fetch_optional(db).await?;
    row.map(|row| Row::of("case", &row).parse("id")).transpose()
}

/// The cases of a worker that are not closed, by urgency of risk, then age.
pub async fn of_worker(db: &mut Connection, worker: &AccountId, limit: i64) -> Result<Vec<Case>> {
    let rows = sqlx::query(
        "SELECT c.id, c.number, c.child_id, c.station_id, c.division, c.village, c.hukou, c.worker_id, c.opened_by, c.state, c.risk, c.opened_at, c.closed_at,
                c.closed_reason, c.flags, c.categories, c.categories_reason, c.holds, c.school_stage, c.languages, c.travel, c.can_pay, c.guardian, c.version
         FROM \"case\" c LEFT JOIN risk_level r ON r.code = c.risk
         WHERE c.worker_id = $1 AND c.state <> 'closed' ORDER BY COALESCE(r.rank, 9), c.opened_at LIMIT $2",
    )
    .bind(worker.as_str())
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows.iter().map(read).collect()
}

/// The cases of a station, those not closed first.
pub async fn of_station(db: &mut Connection, station: &OrganizationId, limit: i64) -> Result<Vec<Case>> {
    let rows = sqlx::query(
        "SELECT c.id, c.number, c.child_id, c.station_id, c.division, c.village, c.hukou, c.worker_id, c.opened_by, c.state, c.risk, c.opened_at, c.closed_at,
                c.closed_reason, c.flags, c.categories, c.categories_reason, c.holds, c.school_stage, c.languages, c.travel, c.can_pay, c.guardian, c.version
         FROM \"case\" c LEFT JOIN risk_level r ON r.code = c.risk
         WHERE c.station_id = $1 ORDER BY CASE WHEN c.state = 'closed' THEN 1 ELSE 0 END, COALESCE(r.rank, 9), c.opened_at LIMIT $2",
    )
    .bind(station.as_str())
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows.iter().map(read).collect()
}

/// Writes a new case.
pub async fn insert(db: &mut Connection, case: &Case, at: Timestamp) -> Result<()> {
    sqlx::query(
        "INSERT INTO \"case\" (id, number, child_id, province, station_id, division, village, hukou, worker_id, opened_by, state, risk, opened_at, closed_at,
                closed_reason, flags, categories, categories_reason, holds, school_stage, languages, travel, can_pay, guardian, version, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)",
    )
    .bind(case.id.as_str())
    .bind(&case.number)
    .bind(case.child.as_str())
    .bind(province(&case.division))
    .bind(case.station.as_str())
    .bind(case.division.as_str())
    .bind(&case.village)
    .bind(case.hukou.as_ref().map(lianjie_index::DivisionCode::as_str))
    .bind(case.worker.as_str())
    .bind(case.opened_by.as_str())
    .bind(case.state.name())
    .bind(case.risk.as_ref().map(|risk| risk.0.as_str()))
    .bind(clock::stored(case.opened_at))
    .bind(case.closed_at.map(clock::stored))
    .bind(&case.closed_reason)
    .bind(json(&case.flags))
    .bind(json(&case.categories))
    .bind(&case.categories_reason)
    .bind(json(&case.holds))
    .bind(&case.school_stage)
    .bind(json(&case.languages))
    .bind(json(&case.travel))
    .bind(&case.can_pay)
    .bind(&case.guardian)
    .bind(case.version)
    .bind(clock::stored(at))
    .execute(db)
    .await
    .map_err(|error| match &error {
        sqlx::Error::Database(cause) if cause.is_unique_violation() => Error::Conflict { why: "case_open" },
        _ => Error::from(error),
    })?;
    Ok(())
}

/// Writes every plain field of a case that nobody changed since `case.version`; counts the version up.
pub async fn update(db: &mut Connection, case: &mut Case, at: Timestamp) -> Result<()> {
    let done = sqlx::query(
        "UPDATE \"case\" SET station_id = $3, division = $4, village = $5, hukou = $6, worker_id = $7, state = $8, risk = $9,
                risk_before = CASE WHEN risk IS DISTINCT FROM $9 THEN risk ELSE risk_before END, closed_at = $10, closed_reason = $11, flags = $12, categories = $13, categories_reason = $14, holds = $15, school_stage = $16, languages = $17, travel = $18,
                can_pay = $19, guardian = $20, version = version + 1, changed_at = $21
         WHERE id = $1 AND version = $2",
    )
    .bind(case.id.as_str())
    .bind(case.version)
    .bind(case.station.as_str())
    .bind(case.division.as_str())
    .bind(&case.village)
    .bind(case.hukou.as_ref().map(lianjie_index::DivisionCode::as_str))
    .bind(case.worker.as_str())
    .bind(case.state.name())
    .bind(case.risk.as_ref().map(|risk| risk.0.as_str()))
    .bind(case.closed_at.map(clock::stored))
    .bind(&case.closed_reason)
    .bind(json(&case.flags))
    .bind(json(&case.categories))
    .bind(&case.categories_reason)
    .bind(json(&case.holds))
    .bind(&case.school_stage)
    .bind(json(&case.languages))
    .bind(json(&case.travel))
    .bind(&case.can_pay)
    .bind(&case.guardian)
    .bind(clock::stored(at))
    .execute(db)
    .await?;
    if done.rows_affected() == 0 {
        return Err(Error::Conflict { why: "changed" });
    }
    case.version += 1;
    Ok(())
}

/// What the risk of a case was before it changed last; none if it never did.
pub async fn risk_before(db: &mut Connection, id: &CaseId) -> Result<Option<Risk>> {
    let before: Option<String> =
        sqlx::query_scalar("SELECT risk_before FROM \"case\" WHERE id = $1").bind(id.as_str()).fetch_one(db).await?;
    Ok(before.map(Risk))
}

/// Opens the texts of a case: the caller has asked `decide` and records the view.
pub async fn writing(db: &mut Connection, key: &ChildKey, case: &Case) -> Result<Writing> {
    let row = sqlx::query("SELECT id, care_notes, narrative, diagnoses, certificates FROM \"case\" WHERE id = $1")
        .bind(case.id.as_str())
        .fetch_one(db)
        .await?;
    let row = Row::of("case", &row);
    let open = |field: &'static str| -> Result<Option<Hidden>> {
        Ok(row.maybe_text(field)?.map(|cell| key.open(Place { table: "case", child: case.child.as_str(), field }, &cell)).transpose()?)
    };
    Ok(Writing {
        care_notes: open("care_notes")?,
        narrative: open("narrative")?,
        diagnoses: open("diagnoses")?,
        certificates: open("certificates")?,
    })
}

/// Seals and writes the texts of a case.
pub async fn put_writing(db: &mut Connection, key: &ChildKey, case: &Case, writing: &Writing) -> Result<()> {
    let seal = |field: &'static str, text: &Option<Hidden>| {
        text.as_ref().filter(|text| !text.is_empty()).map(|text| key.seal(Place { table: "case", child: case.child.as_str(), field }, text))
    };
    sqlx::query("UPDATE \"case\" SET care_notes = $2, narrative = $3, diagnoses = $4, certificates = $5 WHERE id = $1")
        .bind(case.id.as_str())
        .bind(seal("care_notes", &writing.care_notes))
        .bind(seal("narrative", &writing.narrative))
        .bind(seal("diagnoses", &writing.diagnoses))
        .bind(seal("certificates", &writing.certificates))
        .execute(db)
        .await?;
    Ok(())
}

/// Whether a referral of a case is live.
pub async fn has_live_referral(db: &mut Connection, id: &CaseId) -> Result<bool> {
    let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM referral WHERE case_id = $1 AND due_at IS NOT NULL")
        .bind(id.as_str())
        .fetch_one(db)
        .await?;
    Ok(count > 0)
}
