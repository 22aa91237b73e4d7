//! The tables `list` and `list_entry`.

use lianjie_index::DivisionCode;
use sqlx::any::AnyRow;

use super::model::{List, Made};
use crate::clock;
use crate::error::{Error, Result};
use crate::id::{AccountId, ListId, OrganizationId};
use crate::organization::store::{name_of, province};
use crate::store::{Connection, Row, flag, json};

fn read(row: &AnyRow) -> Result<List> {
    let row = Row::of("list", row);
    Ok(List {
        id: row.parse("id")?,
        kind: row.name("kind")?,
        name: row.text("name")?,
        division: row.parse("division")?,
        organization: row.maybe_parse("organization_id")?,
        sheets: row.json("sheets")?,
        registers: row.flag("registers")?,
        on_behalf_of: row.text("on_behalf_of")?,
        state: row.name("state")?,
        by: row.maybe_parse("by_account")?,
        at: row.parse("at")?,
        taken_at: row.maybe_parse("taken_at")?,
        version: row.int("version")?,
    })
}

/// A list.
pub async fn find(db: &mut Connection, id: &ListId) -> Result<Option<List>> {
    let row = sqlx::query(
        "SELECT id, kind, name, division, organization_id, sheets, registers, on_behalf_of, state, by_account, at, taken_at,
                version FROM list WHERE id = $1",
    )
    .bind(id.as_str())
    .fetch_optional(db)
    .await?;
    row.as_ref().map(read).transpose()
}

/// The lists somebody brought, the last first, without their cells.
pub async fn brought_by(db: &mut Connection, account: &AccountId) -> Result<Vec<List>> {
    let rows = sqlx::query(
        "SELECT id, kind, name, division, organization_id, '[]' AS sheets, registers, on_behalf_of, state, by_account, at, taken_at,
                version
         FROM list WHERE by_account = $1 ORDER BY at DESC, id DESC LIMIT 50",
    )
    .bind(account.as_str())
    .fetch_all(db)
    .await?;
    rows.iter().map(read).collect()
}

/// The lists of a division that others may have brought, the last first, without their cells; those by which an organization
/// registers are of nobody but who brought them.
pub async fn of_division(db: &mut Connection, division: &DivisionCode) -> Result<Vec<List>> {
    let rows = sqlx::query(
        "SELECT id, kind, name, division, organization_id, '[]' AS sheets, registers, on_behalf_of, state, by_account, at, taken_at,
                version
         FROM list WHERE registers = 0 AND division >= $1 AND division < $1 || 'z' ORDER BY at DESC, id DESC LIMIT 50",
    )
    .bind(division.to_string())
    .fetch_all(db)
    .await?;
    rows.iter().map(read).collect()
}

/// Writes a new list.
pub async fn insert(db: &mut Connection, list: &List) -> Result<()> {
    sqlx::query(
        "INSERT INTO list (id, province, kind, name, division, organization_id, sheets, registers, on_behalf_of, state, by_account, at,
                           taken_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(list.id.as_str())
    .bind(province(&list.division))
    .bind(name_of(&list.kind))
    .bind(&list.name)
    .bind(list.division.as_str())
    .bind(list.organization.as_ref().map(OrganizationId::as_str))
    .bind(json(&list.sheets))
    .bind(flag(list.registers))
    .bind(&list.on_behalf_of)
    .bind(list.state.name())
    .bind(list.by.as_ref().map(AccountId::as_str))
    .bind(clock::stored(list.at))
    .bind(list.taken_at.map(clock::stored))
    .bind(list.version)
    .execute(db)
    .await?;
    Ok(())
}

/// Writes what changed of a list that nobody changed since `list.version`; counts the version up.
pub async fn update(db: &mut Connection, list: &mut List) -> Result<()> {
    let done = sqlx::query("UPDATE list SET sheets = $3, state = $4, taken_at = $5, version = version + 1 WHERE id = $1 AND version = $2")
        .bind(list.id.as_str())
        .bind(list.version)
        .bind(json(&list.sheets))
        .bind(list.state.name())
        .bind(list.taken_at.map(clock::stored))
        .execute(db)
        .await?;
    if done.rows_affected() == 0 {
        return Err(Error::Conflict { why: "changed" });
    }
    list.version += 1;
    Ok(())
}

/// Remembers an entry that a list made, with the version it wrote.
pub async fn insert_entry(db: &mut Connection, list: &ListId, (subject_type, subject): (&str, &str), version: i64) -> Result<()> {
    sqlx::query("INSERT INTO list_entry (list_id, subject_type, subject, version) VALUES ($1, $2, $3, $4)")
        .bind(list.as_str())
        .bind(subject_type)
        .bind(subject)
        .bind(version)
        .execute(db)
        .await?;
    Ok(())
}

/// Whether an entry of a version is as an undoing left it: it may come in again.
pub async fn was_undone(db: &mut Connection, subject: &str, version: i64) -> Result<bool> {
    let query = sqlx::query_scalar(
        "SELECT COUNT(*) FROM list_entry e JOIN list l ON l.id = e.list_id WHERE e.subject = $1 AND l.state = 'undone' AND e.version + 1 = $2",
    );
    let many: i64 = query.bind(subject).bind(version).fetch_one(db).await?;
    Ok(many > 0)
}

/// The entries a list made, each with the version it wrote.
pub async fn entries(db: &mut Connection, list: &ListId) -> Result<Vec<(Made, i64)>> {
    let rows = sqlx::query("SELECT subject_type, subject, version FROM list_entry WHERE list_id = $1 ORDER BY subject")
        .bind(list.as_str())
        .fetch_all(db)
        .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("list_entry", row);
            let is_organization = row.text("subject_type")? == "organization";
            let made = if is_organization { Made::Organization(row.parse("subject")?) } else { Made::Service(row.parse("subject")?) };
            Ok((made, row.int("version")?))
        })
        .collect()
}
