//! `lead`.

use jiff::Timestamp;
use lianjie_index::DivisionCode;
use sqlx::any::AnyRow;

use super::super::store::{Within, child_key, insert_key};
use super::model::Lead;
use crate::clock;
use crate::error::{Error, Result};
use crate::id::{ChildId, LeadId, OrganizationId};
use crate::organization::store::province;
use crate::secret::{ChildKey, Keyring, Place, Words};
use crate::store::{Connection, Row};

fn place(lead: &LeadId) -> Place<'_> {
    Place { table: "lead", child: lead.as_str(), field: "words" }
}

/// The name a lead's own key goes by: that of a child that has no file yet.
fn unfiled(lead: &LeadId) -> Result<ChildId> {
    ChildId::parse(lead.as_str()).map_err(|_| Error::missing("lead", lead))
}

fn read(row: &AnyRow) -> Result<Lead> {
    let row = Row::of("lead", row);
    Ok(Lead {
        id: row.parse("id")?,
        number: row.text("number")?,
        division: row.parse("division")?,
        village: row.maybe_text("village")?,
        station: row.parse("station_id")?,
        source: row.name("source")?,
        danger: row.flag("danger")?,
        state: row.name("state")?,
        due_at: row.parse("due_at")?,
        visited_at: row.maybe_parse("visited_at")?,
        reason: row.maybe_text("reason")?,
        case: row.maybe_parse("case_id")?,
        by: row.parse("by_account")?,
        at: row.parse("at")?,
        version: row.int("version")?,
    })
}

macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "SELECT id, number, division, village, station_id, source, danger, state, due_at, visited_at, reason, case_id, by_account, at, version
             FROM lead ",
            $rest
        )
    };
}

/// One lead.
pub async fn find(db: &mut Connection, id: &LeadId) -> Result<Option<Lead>> {
    let row = sqlx::query(columns!("WHERE id = $1")).bind(id.as_str()).fetch_optional(db).await?;
    row.as_ref().map(read).transpose()
}

/// The leads of a list: those nobody has settled, by when somebody must look; or those that are settled, the last first.
pub async fn lines(db: &mut Connection, within: &Within, settled: bool, limit: i64) -> Result<Vec<Lead>> {
    const OF: &str = columns!("WHERE station_id = $1 AND state IN ('new', 'visited') ORDER BY state, due_at, id LIMIT $2");
    const IN: &str =
        columns!("WHERE division >= $1 AND division < $1 || 'z' AND state IN ('new', 'visited') ORDER BY state, due_at, id LIMIT $2");
    const AT: &str = columns!("WHERE village = $1 AND state IN ('new', 'visited') ORDER BY state, due_at, id LIMIT $2");
    const OF_SETTLED: &str = columns!("WHERE station_id = $1 AND state IN ('opened', 'dismissed') ORDER BY at DESC, id LIMIT $2");
    const IN_SETTLED: &str =
        columns!("WHERE division >= $1 AND division < $1 || 'z' AND state IN ('opened', 'dismissed') ORDER BY at DESC, id LIMIT $2");
    const AT_SETTLED: &str = columns!("WHERE village = $1 AND state IN ('opened', 'dismissed') ORDER BY at DESC, id LIMIT $2");
    let (open, done, value) = match within {
        Within::Station(id) => (OF, OF_SETTLED, id.to_string()),
        Within::Division(code) => (IN, IN_SETTLED, code.to_string()),
        Within::Village(code) => (AT, AT_SETTLED, code.clone()),
        // Nobody is assigned a lead.
        Within::Worker(_) => return Ok(Vec::new()),
    };
    let rows = sqlx::query(if settled { done } else { open }).bind(value).bind(limit).fetch_all(db).await?;
    rows.iter().map(read).collect()
}

/// How many leads of a list nobody has looked at in time.
pub async fn late(db: &mut Connection, within: &Within, now: Timestamp) -> Result<i64> {
    let (text, value) = match within {
        Within::Station(id) => {
            ("SELECT COUNT(*) FROM lead WHERE station_id = $1 AND state IN ('new', 'visited') AND due_at < $2", id.to_string())
        }
        Within::Division(code) => (
            "SELECT COUNT(*) FROM lead WHERE division >= $1 AND division < $1 || 'z' AND state IN ('new', 'visited') AND due_at < $2",
            code.to_string(),
        ),
        Within::Village(code) => {
            ("SELECT COUNT(*) FROM lead WHERE village = $1 AND state IN ('new', 'visited') AND due_at < $2", code.clone())
        }
        Within::Worker(_) => return Ok(0),
    };
    Ok(sqlx::query_scalar(text).bind(value).bind(clock::stored(now)).fetch_one(db).await?)
}

/// The leads nobody has looked at in time, and of which nobody was told so; some.
pub async fn overdue(db: &mut Connection, now: Timestamp) -> Result<Vec<Lead>> {
    let rows = sqlx::query(columns!("WHERE state IN ('new', 'visited') AND told_late = 0 AND due_at < $1 ORDER BY due_at, id LIMIT 200"))
        .bind(clock::stored(now))
        .fetch_all(db)
        .await?;
    rows.iter().map(read).collect()
}

/// Notes that it was told that nobody has looked.
pub async fn told_late(db: &mut Connection, id: &LeadId) -> Result<()> {
    sqlx::query("UPDATE lead SET told_late = 1 WHERE id = $1").bind(id.as_str()).execute(db).await?;
    Ok(())
}

/// The station that looks after a township: its own, else the first of its county.
pub async fn station_of(db: &mut Connection, township: &DivisionCode) -> Result<Option<OrganizationId>> {
    let row = sqlx::query(
        "SELECT id FROM organization WHERE kind = '未保工作站' AND status IN ('pending', 'verified') AND division >= $1 AND division < $1 || 'z'
         ORDER BY CASE WHEN division = $2 THEN 0 ELSE 1 END, id LIMIT 1",
    )
    .bind(township.county().to_string())
    .bind(township.as_str())
    .fetch_optional(db)
    .await?;
    row.map(|row| Row::of("organization", &row).parse("id")).transpose()
}

/// Makes the key a lead's words are sealed under; gives its id.
pub async fn make_key(db: &mut Connection, keyring: &Keyring, lead: &LeadId) -> Result<(String, ChildKey)> {
    let (id, key, wrapped) = keyring.make(lead.as_str());
    insert_key(db, &id, &unfiled(lead)?, &wrapped, keyring).await?;
    Ok((id, key))
}

/// The key of a lead.
pub async fn key(db: &mut Connection, keyring: &Keyring, lead: &LeadId) -> Result<ChildKey> {
    child_key(db, keyring, &unfiled(lead)?).await
}

/// The words of a lead: the caller has asked `decide` and records the view.
pub async fn words(db: &mut Connection, key: &ChildKey, lead: &LeadId) -> Result<Words> {
    let cell: String = sqlx::query_scalar("SELECT words FROM lead WHERE id = $1").bind(lead.as_str()).fetch_one(db).await?;
    Ok(Words::open(key, place(lead), Some(&cell))?)
}

/// Writes a new lead, its words sealed.
pub async fn insert(db: &mut Connection, lead: &Lead, (key_id, key): (&str, &ChildKey), words: &Words) -> Result<()> {
    sqlx::query(
        "INSERT INTO lead (id, province, number, division, village, station_id, source, danger, key_id, words, state, due_at, by_account, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(lead.id.as_str())
    .bind(province(&lead.division))
    .bind(&lead.number)
    .bind(lead.division.as_str())
    .bind(&lead.village)
    .bind(lead.station.as_str())
    .bind(lead.source.name())
    .bind(i64::from(lead.danger))
    .bind(key_id)
    .bind(words.seal(key, place(&lead.id)))
    .bind(lead.state.name())
    .bind(clock::stored(lead.due_at))
    .bind(lead.by.as_str())
    .bind(clock::stored(lead.at))
    .execute(db)
    .await?;
    Ok(())
}

/// Writes where a lead stands, and its words where some are given, if nobody else has in between.
pub async fn update(db: &mut Connection, lead: &Lead, words: Option<(&ChildKey, &Words)>) -> Result<()> {
    let sealed = words.and_then(|(key, words)| words.seal(key, place(&lead.id)));
    let done = sqlx::query(
        "UPDATE lead SET state = $3, visited_at = $4, reason = $5, case_id = $6, words = COALESCE($7, words),
                told_late = CASE WHEN due_at = $8 THEN told_late ELSE 0 END, due_at = $8, version = version + 1
         WHERE id = $1 AND version = $2",
    )
    .bind(lead.id.as_str())
    .bind(lead.version)
    .bind(lead.state.name())
    .bind(lead.visited_at.map(clock::stored))
    .bind(&lead.reason)
    .bind(lead.case.as_ref().map(ToString::to_string))
    .bind(sealed)
    .bind(clock::stored(lead.due_at))
    .execute(db)
    .await?;
    if done.rows_affected() == 0 { Err(Error::Conflict { why: "changed" }) } else { Ok(()) }
}
