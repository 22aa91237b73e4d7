//! `roster`, `roster_row`, `roster_answer`, and what of the directory a list is laid beside.

use std::collections::BTreeMap;

use jiff::Timestamp;
use lianjie_index::DivisionCode;
use lianjie_index::entry::Level;
use sqlx::any::AnyRow;

use super::model::{Entry, Roster, Row as Line};
use crate::clock;
use crate::error::{Error, Result};
use crate::id::{AccountId, ListId, OrganizationId, RosterId};
use crate::organization::model::Status;
use crate::organization::store::province;
use crate::store::{Connection, Row, by_ids, flag, json, some_ids};

fn read(row: &AnyRow) -> Result<Roster> {
    let row = Row::of("roster", row);
    Ok(Roster {
        id: row.parse("id")?,
        division: row.parse("division")?,
        department: row.text("department")?,
        kinds: row.json("kinds")?,
        read_rows: row.count("read_rows")?,
        refused: row.json("refused")?,
        by: row.parse("by_account")?,
        at: row.parse("at")?,
    })
}

macro_rules! columns {
    ($rest:literal) => {
        concat!("SELECT id, division, department, kinds, read_rows, refused, by_account, at FROM roster ", $rest)
    };
}

/// One list.
pub async fn find(db: &mut Connection, id: &RosterId) -> Result<Option<Roster>> {
    let row = sqlx::query(columns!("WHERE id = $1")).bind(id.as_str()).fetch_optional(db).await?;
    row.as_ref().map(read).transpose()
}

/// The lists over a division and what is below it, the last first.
pub async fn of_division(db: &mut Connection, division: &DivisionCode) -> Result<Vec<Roster>> {
    let rows = sqlx::query(columns!("WHERE division >= $1 AND division < $1 || 'z' ORDER BY at DESC, id LIMIT 50"));
    let rows = rows.bind(division.as_str()).fetch_all(db).await?;
    rows.iter().map(read).collect()
}

/// Writes a new list.
pub async fn insert(db: &mut Connection, roster: &Roster) -> Result<()> {
    sqlx::query(
        "INSERT INTO roster (id, province, division, department, kinds, read_rows, refused, by_account, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(roster.id.as_str())
    .bind(province(&roster.division))
    .bind(roster.division.as_str())
    .bind(&roster.department)
    .bind(json(&roster.kinds))
    .bind(i64::from(roster.read_rows))
    .bind(json(&roster.refused))
    .bind(roster.by.as_str())
    .bind(clock::stored(roster.at))
    .execute(db)
    .await?;
    Ok(())
}

/// Writes a row.
pub async fn insert_row(db: &mut Connection, id: &RosterId, row: &Line) -> Result<()> {
    sqlx::query(
        "INSERT INTO roster_row (roster_id, number, state, given, mark, alike, organization_id) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id.as_str())
    .bind(i64::from(row.number))
    .bind(row.state.name())
    .bind(json(&row.given))
    .bind(&row.mark)
    .bind(json(&row.alike))
    .bind(row.organization.as_ref().map(OrganizationId::as_str))
    .execute(db)
    .await?;
    Ok(())
}

fn line(row: &AnyRow) -> Result<Line> {
    let row = Row::of("roster_row", row);
    let organization = row.maybe_parse("organization_id")?;
    let entry = match &organization {
        Some(_) => Some(entry(&row)?),
        None => None,
    };
    Ok(Line {
        number: row.count("number")?,
        state: row.name("state")?,
        given: row.json("given")?,
        mark: row.text("mark")?,
        alike: row.json("alike")?,
        organization,
        list: row.maybe_parse("list_id")?,
        entry,
    })
}

/// The entry beside a row; of a refuge, and of what nobody has handed in yet, only that there is one.
fn entry(row: &Row<'_>) -> Result<Entry> {
    if row.name::<Level>("confidentiality")? == Level::Restricted || row.name::<Status>("status")? == Status::Draft {
        return Ok(Entry { name: String::new(), code: String::new(), address: String::new(), phones: Vec::new(), asks: false });
    }
    Ok(Entry {
        name: row.text("name")?,
        code: row.maybe_text("code_uscc")?.unwrap_or_default(),
        address: row.text("address")?,
        phones: row.json("phones")?,
        asks: row.int("services")? > 0,
    })
}

/// The rows of a list in their order, each with the entry beside it.
pub async fn rows(db: &mut Connection, id: &RosterId) -> Result<Vec<Line>> {
    let rows = sqlx::query(
        "SELECT r.roster_id AS id, r.number, r.state, r.given, r.mark, r.alike, r.organization_id, r.list_id,
                o.name, o.code_uscc, o.address, o.phones, o.confidentiality, o.status,
                CASE WHEN o.status = 'verified' THEN (SELECT COUNT(*) FROM service s WHERE s.organization_id = o.id
                    AND s.status = 'active' AND s.confidentiality <> 'restricted') ELSE 0 END AS services
         FROM roster_row r LEFT JOIN organization o ON o.id = r.organization_id WHERE r.roster_id = $1 ORDER BY r.number",
    )
    .bind(id.as_str())
    .fetch_all(db)
    .await?;
    rows.iter().map(line).collect()
}

/// Writes where a row stands now, if it still stands where it was seen, beside the same entry.
pub async fn settle(db: &mut Connection, id: &RosterId, seen: &Line, now: &Line, by: &AccountId) -> Result<()> {
    let done = sqlx::query(
        "UPDATE roster_row SET state = $5, alike = $6, organization_id = $7, list_id = $8, by_account = $9
         WHERE roster_id = $1 AND number = $2 AND state = $3 AND COALESCE(organization_id, '') = $4",
    )
    .bind(id.as_str())
    .bind(i64::from(seen.number))
    .bind(seen.state.name())
    .bind(seen.organization.as_ref().map_or("", OrganizationId::as_str))
    .bind(now.state.name())
    .bind(json(&now.alike))
    .bind(now.organization.as_ref().map(OrganizationId::as_str))
    .bind(now.list.as_ref().map(ListId::as_str))
    .bind(by.as_str())
    .execute(db)
    .await?;
    if done.rows_affected() == 0 { Err(Error::Conflict { why: "changed" }) } else { Ok(()) }
}

/// Takes an entry that a row turned out to be off those that the list lacks.
pub async fn found_after_all(db: &mut Connection, id: &RosterId, organization: &OrganizationId) -> Result<()> {
    sqlx::query("DELETE FROM roster_row WHERE roster_id = $1 AND organization_id = $2 AND state = 'ours'")
        .bind(id.as_str())
        .bind(organization.as_str())
        .execute(db)
        .await?;
    Ok(())
}

/// Writes an entry that a row is not as one that the list lacks, unless another row stands beside it.
pub async fn lacks(db: &mut Connection, id: &RosterId, organization: &OrganizationId) -> Result<()> {
    sqlx::query(
        "INSERT INTO roster_row (roster_id, number, state, given, mark, alike, organization_id)
         SELECT $1, (SELECT MAX(number) + 1 FROM roster_row WHERE roster_id = $1), 'ours', '{}', '', '[]', $2
         WHERE NOT EXISTS (SELECT 1 FROM roster_row WHERE roster_id = $1 AND organization_id = $2)",
    )
    .bind(id.as_str())
    .bind(organization.as_str())
    .execute(db)
    .await?;
    Ok(())
}

/// The entries that a list over a division is to have: verified bodies that are no branches and no refuges, each with its kind.
pub async fn expected(db: &mut Connection, division: &DivisionCode) -> Result<Vec<(OrganizationId, String)>> {
    let rows = sqlx::query(
        "SELECT id, kind FROM organization WHERE status = 'verified' AND confidentiality <> 'restricted' AND parent_id IS NULL
         AND division >= $1 AND division < $1 || 'z' ORDER BY pinyin, id",
    )
    .bind(division.as_str())
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("organization", row);
            Ok((row.parse("id")?, row.text("kind")?))
        })
        .collect()
}

/// The entries of some codes, wherever they are, but for closed ones; of each code the body before its branches.
pub async fn of_codes(db: &mut Connection, codes: &[&str]) -> Result<BTreeMap<String, Vec<OrganizationId>>> {
    const QUERY: &str =
        concat!("SELECT id, code_uscc, parent_id FROM organization WHERE status <> 'closed' AND code_uscc IN ", some_ids!());
    let mut found: Vec<(String, bool, OrganizationId)> = Vec::new();
    for row in by_ids(db, QUERY, codes).await? {
        let row = Row::of("organization", &row);
        found.push((row.text("code_uscc")?, row.maybe_text("parent_id")?.is_some(), row.parse("id")?));
    }
    found.sort();
    let mut of_code: BTreeMap<String, Vec<OrganizationId>> = BTreeMap::new();
    for (code, _, id) in found {
        of_code.entry(code).or_default().push(id);
    }
    Ok(of_code)
}

/// What persons said of rows and entries of a division.
pub async fn answers(db: &mut Connection, below: &str) -> Result<BTreeMap<(String, OrganizationId), bool>> {
    let rows = sqlx::query(
        "SELECT a.mark, a.organization_id AS id, a.same FROM roster_answer a JOIN organization o ON o.id = a.organization_id
         WHERE o.division >= $1 AND o.division < $1 || 'z'",
    )
    .bind(below.to_owned())
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("roster_answer", row);
            Ok(((row.text("mark")?, row.parse("id")?), row.int("same")? == 1))
        })
        .collect()
}

/// Remembers what a person said of a row and an entry; the last word counts.
pub async fn answer(
    db: &mut Connection,
    mark: &str,
    organization: &OrganizationId,
    same: bool,
    by: &AccountId,
    at: Timestamp,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO roster_answer (mark, organization_id, same, by_account, at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (mark, organization_id) DO UPDATE SET same = excluded.same, by_account = excluded.by_account, at = excluded.at",
    )
    .bind(mark)
    .bind(organization.as_str())
    .bind(flag(same))
    .bind(by.as_str())
    .bind(clock::stored(at))
    .execute(db)
    .await?;
    Ok(())
}
