//! `agenda_item`, its minutes and what was amended.

use jiff::Timestamp;
use sqlx::any::AnyRow;

use super::super::model::Item;
use super::{Sealing, open, seal};
use crate::clock;
use crate::error::{Error, Result};
use crate::id::{AccountId, AgendaItemId, CaseId, ConferenceId};
use crate::secret::{Hidden, Place, Words};
use crate::store::{Connection, Row, json};

fn read(row: &AnyRow) -> Result<Item> {
    let row = Row::of("agenda_item", row);
    Ok(Item {
        id: row.parse("id")?,
        conference: row.parse("conference_id")?,
        case: row.parse("case_id")?,
        position: row.count("position")?,
        why: row.json("why")?,
        state: row.name("state")?,
        next_review: row.maybe_parse("next_review")?,
        version: row.int("version")?,
    })
}

macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "SELECT i.id, i.conference_id, i.case_id, i.position, i.why, i.state, i.next_review, i.version
             FROM agenda_item i ",
            $rest
        )
    };
}

/// One item.
pub async fn item(db: &mut Connection, id: &AgendaItemId) -> Result<Option<Item>> {
    let row = sqlx::query(columns!("WHERE i.id = $1")).bind(id.as_str()).fetch_optional(db).await?;
    row.as_ref().map(read).transpose()
}

/// The agenda of a meeting, in its order.
pub async fn items(db: &mut Connection, conference: &ConferenceId) -> Result<Vec<Item>> {
    let rows = sqlx::query(columns!("WHERE i.conference_id = $1 ORDER BY i.position, i.id"));
    let rows = rows.bind(conference.as_str()).fetch_all(db).await?;
    rows.iter().map(read).collect()
}

/// The item of a case that a meeting to come will discuss.
pub async fn coming_item(db: &mut Connection, case: &CaseId) -> Result<Option<Item>> {
    let row = sqlx::query(columns!(
        "JOIN conference m ON m.id = i.conference_id WHERE i.case_id = $1 AND i.state = 'planned' AND m.state IN ('planned', 'pack_sent')
         ORDER BY m.starts_at, i.id LIMIT 1"
    ));
    let row = row.bind(case.as_str()).fetch_optional(db).await?;
    row.as_ref().map(read).transpose()
}

/// The items of earlier signed meetings about a case, the last first.
pub async fn last_items(db: &mut Connection, case: &CaseId, before: Timestamp) -> Result<Vec<Item>> {
    let rows = sqlx::query(columns!(
        "JOIN conference m ON m.id = i.conference_id WHERE i.case_id = $1 AND m.state = 'signed' AND m.starts_at < $2
         ORDER BY m.starts_at DESC LIMIT 3"
    ));
    let rows = rows.bind(case.as_str()).bind(clock::stored(before)).fetch_all(db).await?;
    rows.iter().map(read).collect()
}

/// Writes a new item.
pub async fn insert_item(db: &mut Connection, item: &Item, sealing: Sealing<'_>, words: &Words) -> Result<()> {
    sqlx::query(
        "INSERT INTO agenda_item (id, conference_id, case_id, position, why, state, words, next_review) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(item.id.as_str())
    .bind(item.conference.as_str())
    .bind(item.case.as_str())
    .bind(i64::from(item.position))
    .bind(json(&item.why))
    .bind(item.state.name())
    .bind(seal(sealing, "agenda_item", words))
    .bind(item.next_review.map(|day| day.to_string()))
    .execute(db)
    .await
    .map_err(|error| match error.as_database_error() {
        Some(database) if database.is_unique_violation() => Error::Conflict { why: "on_agenda_already" },
        _ => Error::from(error),
    })?;
    Ok(())
}

/// Writes an item, and its words where some are given, if nobody else has in between.
pub async fn update_item(db: &mut Connection, item: &mut Item, words: Option<(Sealing<'_>, &Words)>) -> Result<()> {
    let sealed = words.map(|(sealing, words)| seal(sealing, "agenda_item", words));
    let done = sqlx::query(
        "UPDATE agenda_item SET position = $3, why = $4, state = $5, next_review = $6, words = CASE WHEN $7 = 1 THEN $8 ELSE words END,
                version = version + 1
         WHERE id = $1 AND version = $2",
    )
    .bind(item.id.as_str())
    .bind(item.version)
    .bind(i64::from(item.position))
    .bind(json(&item.why))
    .bind(item.state.name())
    .bind(item.next_review.map(|day| day.to_string()))
    .bind(i64::from(sealed.is_some()))
    .bind(sealed.flatten())
    .execute(db)
    .await?;
    if done.rows_affected() == 0 {
        return Err(Error::Conflict { why: "changed" });
    }
    item.version += 1;
    Ok(())
}

/// Takes an item off the agenda; one with decisions or actions stays.
pub async fn remove_item(db: &mut Connection, id: &AgendaItemId) -> Result<()> {
    let done = sqlx::query(
        "DELETE FROM agenda_item WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.agenda_item_id = $1)
         AND NOT EXISTS (SELECT 1 FROM action a WHERE a.agenda_item_id = $1)",
    )
    .bind(id.as_str())
    .execute(db)
    .await?;
    if done.rows_affected() == 0 { Err(Error::Conflict { why: "item_used" }) } else { Ok(()) }
}

/// The words of an item: the caller has asked `decide` and records the view.
pub async fn item_words(db: &mut Connection, id: &AgendaItemId, sealing: Sealing<'_>) -> Result<Words> {
    let cell: Option<String> = sqlx::query_scalar("SELECT words FROM agenda_item WHERE id = $1").bind(id.as_str()).fetch_one(db).await?;
    open(sealing, "agenda_item", cell.as_deref())
}

fn place(child: &str) -> Place<'_> {
    Place { table: "agenda_item", child, field: "minutes" }
}

/// Freezes the sheet of an item, as JSON.
pub async fn put_minutes(db: &mut Connection, id: &AgendaItemId, (key, child): Sealing<'_>, minutes: &Hidden) -> Result<()> {
    sqlx::query("UPDATE agenda_item SET minutes = $2 WHERE id = $1 AND minutes IS NULL")
        .bind(id.as_str())
        .bind(key.seal(place(child.as_str()), minutes))
        .execute(db)
        .await?;
    Ok(())
}

/// The frozen sheet of an item: the caller has asked `decide` and records the view.
pub async fn minutes(db: &mut Connection, id: &AgendaItemId, (key, child): Sealing<'_>) -> Result<Option<Hidden>> {
    let cell: Option<String> = sqlx::query_scalar("SELECT minutes FROM agenda_item WHERE id = $1").bind(id.as_str()).fetch_one(db).await?;
    Ok(cell.map(|cell| key.open(place(child.as_str()), &cell)).transpose()?)
}

/// Appends to signed minutes; gives the number.
pub async fn insert_amendment(
    db: &mut Connection,
    conference: &ConferenceId,
    item: &AgendaItemId,
    sealing: Sealing<'_>,
    words: &Words,
    by: &AccountId,
    at: Timestamp,
) -> Result<i64> {
    let number: i64 = sqlx::query_scalar("SELECT COUNT(*) + 1 FROM amendment WHERE conference_id = $1")
        .bind(conference.as_str())
        .fetch_one(&mut *db)
        .await?;
    sqlx::query("INSERT INTO amendment (conference_id, number, agenda_item_id, words, by_account, at) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(conference.as_str())
        .bind(number)
        .bind(item.as_str())
        .bind(seal(sealing, "amendment", words))
        .bind(by.as_str())
        .bind(clock::stored(at))
        .execute(db)
        .await
        .map_err(|error| match error.as_database_error() {
            Some(database) if database.is_unique_violation() => Error::Conflict { why: "changed" },
            _ => Error::from(error),
        })?;
    Ok(number)
}

/// What was appended about an item: number, words, by whom, when.
pub async fn amendments(db: &mut Connection, id: &AgendaItemId, sealing: Sealing<'_>) -> Result<Vec<(u32, Words, AccountId, Timestamp)>> {
    let rows =
        sqlx::query("SELECT agenda_item_id AS id, number, words, by_account, at FROM amendment WHERE agenda_item_id = $1 ORDER BY number")
            .bind(id.as_str())
            .fetch_all(db)
            .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("amendment", row);
            Ok((row.count("number")?, open(sealing, "amendment", Some(&row.text("words")?))?, row.parse("by_account")?, row.parse("at")?))
        })
        .collect()
}
