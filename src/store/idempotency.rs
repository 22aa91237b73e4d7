//! A write that comes twice is done once: the key of a form or request, and what was answered.

use jiff::{SignedDuration, Timestamp};
use sqlx::Executor;

use super::{Connection, Row};
use crate::clock;
use crate::error::{Error, Result};

/// The key a client gives to one write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    /// Reads a key: 8 to 80 letters, digits, `-` or `_`.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        let fits = (8..=80).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        if fits { Ok(Self(text.to_owned())) } else { Err(Error::invalid("idempotency_key", "idempotency_key")) }
    }
}

/// What was answered the first time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// HTTP status.
    pub status: u16,
    /// Where the thing is.
    pub location: String,
}

/// What this actor was answered for this key, if it came before.
pub async fn answered(db: &mut Connection, key: &Key, actor: &str) -> Result<Option<Answered>> {
    let row =
        sqlx::query("SELECT answer FROM idempotency WHERE key = $1 AND actor = $2").bind(&key.0).bind(actor).fetch_optional(db).await?;
    row.map(|row| {
        let answer = Row::of("idempotency", &row).text("answer")?;
        let (status, location) = answer.split_once(' ').unwrap_or(("200", ""));
        Ok(Answered { status: status.parse().unwrap_or(200), location: location.to_owned() })
    })
    .transpose()
}

/// Remembers the answer, in the transaction of the write itself.
///
/// A key that was taken meanwhile is a conflict: the other write stands, this one leaves nothing.
pub async fn remember(db: &mut Connection, key: &Key, actor: &str, answer: &Answered, at: Timestamp) -> Result<()> {
    sqlx::query("INSERT INTO idempotency (key, actor, answer, at) VALUES ($1, $2, $3, $4)")
        .bind(&key.0)
        .bind(actor)
        .bind(format!("{} {}", answer.status, answer.location))
        .bind(clock::stored(at))
        .execute(db)
        .await
        .map_err(|error| match &error {
            sqlx::Error::Database(cause) if cause.is_unique_violation() => Error::Conflict { why: "repeated" },
            _ => Error::from(error),
        })?;
    Ok(())
}

/// Drops answers older than seven days.
pub async fn forget_before(db: &mut Connection, now: Timestamp) -> Result<()> {
    let before = now - SignedDuration::from_hours(24 * 7);
    db.execute(sqlx::query("DELETE FROM idempotency WHERE at < $1").bind(clock::stored(before))).await?;
    Ok(())
}
