//! `everyday_word`.

use jiff::Timestamp;
use sqlx::any::AnyRow;

use super::model::{Draft, EverydayWord};
use crate::clock;
use crate::error::{Error, Result};
use crate::id::EverydayWordId;
use crate::store::{Connection, DIRECTORY, Row, Tx, flag, json};
use crate::taxonomy::EVERYDAY_WORD;

macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "SELECT w.id, w.phrase, w.terms, w.replaces, w.sign, w.note, w.version, w.written_by, a.name AS writer, w.written_at,
                    w.withdrawn_at
             FROM everyday_word w JOIN account a ON a.id = w.written_by ",
            $rest
        )
    };
}

fn read(row: &AnyRow) -> Result<EverydayWord> {
    let row = Row::of("everyday_word", row);
    Ok(EverydayWord {
        id: row.parse("id")?,
        draft: Draft {
            phrase: row.text("phrase")?,
            terms: row.json("terms")?,
            replaces: row.flag("replaces")?,
            sign: row.text("sign")?,
            note: row.text("note")?,
        },
        version: row.int("version")?,
        written_by: row.parse("written_by")?,
        writer: row.text("writer")?,
        written_at: row.parse("written_at")?,
        withdrawn_at: row.maybe_parse("withdrawn_at")?,
    })
}

/// A word, also one that was withdrawn.
pub async fn find(db: &mut Connection, id: &EverydayWordId) -> Result<Option<EverydayWord>> {
    let row = sqlx::query(columns!("WHERE w.id = $1")).bind(id.as_str()).fetch_optional(db).await?;
    row.as_ref().map(read).transpose()
}

/// The words in use, the last written first.
pub async fn used(db: &mut Connection) -> Result<Vec<EverydayWord>> {
    let rows = sqlx::query(columns!("WHERE w.withdrawn_at IS NULL ORDER BY w.written_at DESC, w.id DESC")).fetch_all(db).await?;
    rows.iter().map(read).collect()
}

/// The words that were withdrawn, the last first.
pub async fn withdrawn(db: &mut Connection) -> Result<Vec<EverydayWord>> {
    let rows = sqlx::query(columns!("WHERE w.withdrawn_at IS NOT NULL ORDER BY w.withdrawn_at DESC, w.id DESC LIMIT 1000"));
    rows.fetch_all(db).await?.iter().map(read).collect()
}

/// One phrase is in use once.
fn taken(error: sqlx::Error) -> Error {
    match error.as_database_error() {
        Some(database) if database.is_unique_violation() => Error::invalid("phrase", "everyday_taken"),
        _ => error.into(),
    }
}

/// Writes a new word.
pub async fn insert(tx: &mut Tx, word: &EverydayWord) -> Result<()> {
    sqlx::query(
        "INSERT INTO everyday_word (id, phrase, folded, terms, replaces, sign, note, version, written_by, written_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(word.id.as_str())
    .bind(&word.draft.phrase)
    .bind(word.draft.folded())
    .bind(json(&word.draft.terms))
    .bind(flag(word.draft.replaces))
    .bind(&word.draft.sign)
    .bind(&word.draft.note)
    .bind(word.version)
    .bind(word.written_by.as_str())
    .bind(clock::stored(word.written_at))
    .execute(&mut **tx)
    .await
    .map_err(taken)?;
    tx.changed(DIRECTORY, EVERYDAY_WORD, &word.id);
    Ok(())
}

/// Writes a word anew, unless somebody changed it meanwhile.
pub async fn update(tx: &mut Tx, word: &EverydayWord) -> Result<()> {
    let done = sqlx::query(
        "UPDATE everyday_word SET phrase = $2, folded = $3, terms = $4, replaces = $5, note = $6, written_by = $7, written_at = $8,
                version = version + 1
         WHERE id = $1 AND version = $9 AND sign = '' AND withdrawn_at IS NULL",
    )
    .bind(word.id.as_str())
    .bind(&word.draft.phrase)
    .bind(word.draft.folded())
    .bind(json(&word.draft.terms))
    .bind(flag(word.draft.replaces))
    .bind(&word.draft.note)
    .bind(word.written_by.as_str())
    .bind(clock::stored(word.written_at))
    .bind(word.version)
    .execute(&mut **tx)
    .await
    .map_err(taken)?;
    tx.changed(DIRECTORY, EVERYDAY_WORD, &word.id);
    if done.rows_affected() == 0 { Err(Error::Conflict { why: "changed" }) } else { Ok(()) }
}

/// Takes a word out of use; whether it was in use.
pub async fn withdraw(tx: &mut Tx, word: &EverydayWord, at: Timestamp) -> Result<bool> {
    let done = sqlx::query(
        "UPDATE everyday_word SET withdrawn_at = $2, written_at = $2, written_by = $3, version = version + 1
         WHERE id = $1 AND sign = '' AND withdrawn_at IS NULL",
    )
    .bind(word.id.as_str())
    .bind(clock::stored(at))
    .bind(word.written_by.as_str())
    .execute(&mut **tx)
    .await?;
    tx.changed(DIRECTORY, EVERYDAY_WORD, &word.id);
    Ok(done.rows_affected() > 0)
}
