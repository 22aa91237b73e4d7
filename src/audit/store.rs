//! The table `audit_event`.

use sqlx::any::AnyRow;

use super::model::Recorded;
use crate::error::Result;
use crate::store::{Connection, Row};

/// Writes an event with its digest.
pub async fn insert(db: &mut Connection, event: &Recorded) -> Result<()> {
    sqlx::query(
        "INSERT INTO audit_event (id, at, actor, role, action, object_type, object_ref, fields, purpose, outcome, payload_hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(&event.id)
    .bind(&event.at)
    .bind(&event.actor)
    .bind(&event.role)
    .bind(&event.action)
    .bind(&event.object_type)
    .bind(&event.object_ref)
    .bind(&event.fields)
    .bind(&event.purpose)
    .bind(&event.outcome)
    .bind(event.digest())
    .execute(db)
    .await?;
    Ok(())
}

/// A page of the log after an id, oldest first, each with the digest that was stored.
pub async fn after(db: &mut Connection, id: &str, limit: i64) -> Result<Vec<(Recorded, String)>> {
    let rows = sqlx::query(
        "SELECT id, at, actor, role, action, object_type, object_ref, fields, purpose, outcome, payload_hash
         FROM audit_event WHERE id > $1 ORDER BY id LIMIT $2",
    )
    .bind(id)
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows.iter().map(|row| Ok((read(row)?, Row::of("audit_event", row).text("payload_hash")?))).collect()
}

/// The events of one thing, newest first.
pub async fn of(db: &mut Connection, object_type: &str, object_ref: &str, limit: i64) -> Result<Vec<Recorded>> {
    let rows = sqlx::query(
        "SELECT id, at, actor, role, action, object_type, object_ref, fields, purpose, outcome
         FROM audit_event WHERE object_type = $1 AND object_ref = $2 ORDER BY at DESC, id DESC LIMIT $3",
    )
    .bind(object_type)
    .bind(object_ref)
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows.iter().map(read).collect()
}

/// The newest events.
pub async fn newest(db: &mut Connection, limit: i64) -> Result<Vec<Recorded>> {
    let rows = sqlx::query(
        "SELECT id, at, actor, role, action, object_type, object_ref, fields, purpose, outcome FROM audit_event ORDER BY id DESC LIMIT $1",
    )
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows.iter().map(read).collect()
}

fn read(row: &AnyRow) -> Result<Recorded> {
    let row = Row::of("audit_event", row);
    Ok(Recorded {
        id: row.text("id")?,
        at: row.text("at")?,
        actor: row.text("actor")?,
        role: row.text("role")?,
        action: row.text("action")?,
        object_type: row.text("object_type")?,
        object_ref: row.text("object_ref")?,
        fields: row.text("fields")?,
        purpose: row.maybe_text("purpose")?,
        outcome: row.text("outcome")?,
    })
}
