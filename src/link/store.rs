//! `link`.

use jiff::Timestamp;
use sqlx::any::AnyRow;

use super::model::{Link, Purpose};
use crate::clock;
use crate::error::Result;
use crate::id::{AccountId, LinkId};
use crate::store::{Connection, Row};

fn read(row: &AnyRow, purpose: Purpose) -> Result<Link> {
    let row = Row::of("link", row);
    Ok(Link {
        id: row.parse("id")?,
        purpose,
        subject: row.text("subject_id")?,
        code_hash: row.text("code_hash")?,
        tries: row.count("tries")?,
        made_by: row.maybe_parse("made_by")?,
        valid_to: row.parse("valid_to")?,
        used_at: row.maybe_parse("used_at")?,
        withdrawn_at: row.maybe_parse("withdrawn_at")?,
    })
}

/// Ends the links for the same that somebody made by hand; those that went out by mail stay.
pub async fn withdraw(db: &mut Connection, subject: &str, at: Timestamp) -> Result<()> {
    sqlx::query(
        "UPDATE link SET withdrawn_at = $2 WHERE subject_id = $1 AND made_by IS NOT NULL AND used_at IS NULL AND withdrawn_at IS NULL",
    )
    .bind(subject)
    .bind(clock::stored(at))
    .execute(db)
    .await?;
    Ok(())
}

/// Writes a link.
pub async fn insert(db: &mut Connection, link: &Link, token_hash: &str, at: Timestamp) -> Result<()> {
    sqlx::query(
        "INSERT INTO link (id, token_hash, code_hash, purpose, subject_id, made_by, at, valid_to) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(link.id.as_str())
    .bind(token_hash)
    .bind(&link.code_hash)
    .bind(link.purpose.name())
    .bind(&link.subject)
    .bind(link.made_by.as_ref().map(AccountId::as_str))
    .bind(clock::stored(at))
    .bind(clock::stored(link.valid_to))
    .execute(db)
    .await?;
    Ok(())
}

/// The link of a token, of one purpose.
pub async fn find(db: &mut Connection, token_hash: &str, purpose: Purpose) -> Result<Option<Link>> {
    let row = sqlx::query(
        "SELECT id, subject_id, code_hash, tries, made_by, valid_to, used_at, withdrawn_at FROM link WHERE token_hash = $1 AND purpose = $2",
    )
    .bind(token_hash)
    .bind(purpose.name())
    .fetch_optional(db)
    .await?;
    row.as_ref().map(|row| read(row, purpose)).transpose()
}

/// Counts a wrong code.
pub async fn miss(db: &mut Connection, id: &LinkId) -> Result<()> {
    sqlx::query("UPDATE link SET tries = tries + 1 WHERE id = $1").bind(id.as_str()).execute(db).await?;
    Ok(())
}

/// Marks it as answered; false where it was before.
pub async fn using(db: &mut Connection, id: &LinkId, at: Timestamp) -> Result<bool> {
    let done = sqlx::query("UPDATE link SET used_at = $2 WHERE id = $1 AND used_at IS NULL AND withdrawn_at IS NULL")
        .bind(id.as_str())
        .bind(clock::stored(at))
        .execute(db)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// The last link of something that may still be answered, until when it lives.
pub async fn waiting(db: &mut Connection, subject: &str, now: Timestamp) -> Result<Option<Timestamp>> {
    let row = sqlx::query(
        "SELECT id, valid_to FROM link WHERE subject_id = $1 AND used_at IS NULL AND withdrawn_at IS NULL AND valid_to > $2 ORDER BY valid_to DESC LIMIT 1",
    )
    .bind(subject)
    .bind(clock::stored(now))
    .fetch_optional(db)
    .await?;
    row.map(|row| Row::of("link", &row).parse("valid_to")).transpose()
}
