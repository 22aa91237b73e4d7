//! Rows that did not read: kept aside as they came, with the reason, until somebody mends them.

use jiff::Timestamp;

use super::Connection;
use crate::clock;
use crate::error::Result;
use crate::id::QuarantineId;

/// Keeps a row aside.
#[expect(clippy::too_many_arguments, reason = "a row of eight columns, named one by one where it is called")]
pub async fn keep_aside(
    db: &mut Connection,
    id: &QuarantineId,
    source: &str,
    place: &str,
    field: &str,
    reason: &str,
    raw: &str,
    at: Timestamp,
) -> Result<()> {
    sqlx::query("INSERT INTO quarantine (id, source, place, field, reason, raw, at) VALUES ($1, $2, $3, $4, $5, $6, $7)")
        .bind(id.as_str())
        .bind(source)
        .bind(place)
        .bind(field)
        .bind(reason)
        .bind(raw)
        .bind(clock::stored(at))
        .execute(db)
        .await?;
    Ok(())
}
