//! The tables `practitioner` and `program`.

use jiff::Timestamp;
use lianjie_index::DivisionCode;
use sqlx::any::AnyRow;

use super::super::model::{Practitioner, Program};
use crate::clock;
use crate::error::Result;
use crate::id::{OrganizationId, PractitionerId, ProgramId};
use crate::store::{Connection, Row, flag, json};

/// Writes a practitioner, new or changed.
pub async fn put_practitioner(db: &mut Connection, practitioner: &Practitioner, province: &str, at: Timestamp) -> Result<()> {
    sqlx::query(
        "INSERT INTO practitioner (id, province, organization_id, name, profession, licence_kind, licence_until, terms, languages, listed, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, profession = excluded.profession, licence_kind = excluded.licence_kind,
                licence_until = excluded.licence_until, terms = excluded.terms, languages = excluded.languages, listed = excluded.listed,
                changed_at = excluded.changed_at, version = practitioner.version + 1",
    )
    .bind(practitioner.id.as_str())
    .bind(province)
    .bind(practitioner.organization.as_str())
    .bind(&practitioner.name)
    .bind(&practitioner.profession)
    .bind(&practitioner.licence_kind)
    .bind(practitioner.licence_until.map(|day| day.to_string()))
    .bind(json(&practitioner.terms))
    .bind(json(&practitioner.languages))
    .bind(flag(practitioner.listed))
    .bind(clock::stored(at))
    .execute(db)
    .await?;
    Ok(())
}

pub(crate) fn read_practitioner(row: &AnyRow) -> Result<Practitioner> {
    let row = Row::of("practitioner", row);
    Ok(Practitioner {
        id: row.parse("id")?,
        organization: row.parse("organization_id")?,
        name: row.text("name")?,
        profession: row.text("profession")?,
        licence_kind: row.maybe_text("licence_kind")?,
        licence_until: row.maybe_parse("licence_until")?,
        terms: row.json("terms")?,
        languages: row.json("languages")?,
        listed: row.flag("listed")?,
    })
}

/// The practitioner of an id.
pub async fn practitioner(db: &mut Connection, id: &PractitionerId) -> Result<Option<Practitioner>> {
    let row = sqlx::query(
        "SELECT id, organization_id, name, profession, licence_kind, licence_until, terms, languages, listed FROM practitioner WHERE id = $1",
    )
    .bind(id.as_str())
    .fetch_optional(db)
    .await?;
    row.as_ref().map(read_practitioner).transpose()
}

/// The practitioners of an organization.
pub async fn practitioners(db: &mut Connection, organization: &OrganizationId) -> Result<Vec<Practitioner>> {
    let rows = sqlx::query(
        "SELECT id, organization_id, name, profession, licence_kind, licence_until, terms, languages, listed
         FROM practitioner WHERE organization_id = $1 ORDER BY id",
    )
    .bind(organization.as_str())
    .fetch_all(db)
    .await?;
    rows.iter().map(read_practitioner).collect()
}

/// Writes a project, new or changed.
pub async fn put_program(db: &mut Connection, program: &Program, province: &str, at: Timestamp) -> Result<()> {
    sqlx::query(
        "INSERT INTO program (id, province, organization_id, name, funder, from_day, to_day, budget_fen, target_children, target_sessions,
                              changed_at, division)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, funder = excluded.funder, division = excluded.division, from_day = excluded.from_day, to_day = excluded.to_day,
                budget_fen = excluded.budget_fen, target_children = excluded.target_children, target_sessions = excluded.target_sessions,
                changed_at = excluded.changed_at, version = program.version + 1",
    )
    .bind(program.id.as_str())
    .bind(province)
    .bind(program.organization.as_str())
    .bind(&program.name)
    .bind(&program.funder)
    .bind(program.from.to_string())
    .bind(program.to.to_string())
    .bind(program.budget_fen)
    .bind(program.target_children)
    .bind(program.target_sessions)
    .bind(clock::stored(at))
    .bind(program.division.as_ref().map(DivisionCode::as_str))
    .execute(db)
    .await?;
    Ok(())
}

pub(crate) fn read_program(row: &AnyRow) -> Result<Program> {
    let row = Row::of("program", row);
    Ok(Program {
        id: row.parse("id")?,
        organization: row.parse("organization_id")?,
        name: row.text("name")?,
        funder: row.text("funder")?,
        division: row.maybe_parse("division")?,
        from: row.parse("from_day")?,
        to: row.parse("to_day")?,
        budget_fen: row.int("budget_fen")?,
        target_children: row.maybe_int("target_children")?,
        target_sessions: row.maybe_int("target_sessions")?,
    })
}

/// The project of an id.
pub async fn program(db: &mut Connection, id: &ProgramId) -> Result<Option<Program>> {
    let row = sqlx::query(
        "SELECT id, organization_id, name, funder, division, from_day, to_day, budget_fen, target_children, target_sessions FROM program WHERE id = $1",
    )
    .bind(id.as_str())
    .fetch_optional(db)
    .await?;
    row.as_ref().map(read_program).transpose()
}

/// The projects of an organization, the latest first.
pub async fn programs(db: &mut Connection, organization: &OrganizationId) -> Result<Vec<Program>> {
    let rows = sqlx::query(
        "SELECT id, organization_id, name, funder, division, from_day, to_day, budget_fen, target_children, target_sessions
         FROM program WHERE organization_id = $1 ORDER BY to_day DESC, id",
    )
    .bind(organization.as_str())
    .fetch_all(db)
    .await?;
    rows.iter().map(read_program).collect()
}
