//! The table `consent`.

use jiff::Timestamp;
use sqlx::any::AnyRow;

use super::model::Consent;
use crate::clock;
use crate::error::{Error, Result};
use crate::id::{CaseId, ConsentId, OrganizationId};
use crate::store::{Connection, Row, json};

fn read(row: &AnyRow) -> Result<Consent> {
    let row = Row::of("consent", row);
    Ok(Consent {
        id: row.parse("id")?,
        case: row.parse("case_id")?,
        recipient: row.parse("recipient_id")?,
        items: row.json("items")?,
        purpose: row.name("purpose")?,
        ground: row.name("legal_ground")?,
        article: row.maybe_text("article")?,
        given_by: row.json("given_by")?,
        evidence: row.text("evidence")?,
        from: row.parse("from_day")?,
        to: row.parse("to_day")?,
        revoked_at: row.maybe_parse("revoked_at")?,
        recorded_by: row.parse("recorded_by")?,
        at: row.parse("at")?,
    })
}

/// The consent of an id.
pub async fn find(db: &mut Connection, id: &ConsentId) -> Result<Option<Consent>> {
    let row = sqlx::query(
        "SELECT id, case_id, recipient_id, items, purpose, legal_ground, article, given_by, evidence, from_day, to_day, revoked_at, recorded_by, at
         FROM consent WHERE id = $1",
    )
    .bind(id.as_str())
    .fetch_optional(db)
    .await?;
    row.as_ref().map(read).transpose()
}

/// The consents of a case, newest first.
pub async fn of_case(db: &mut Connection, case: &CaseId) -> Result<Vec<Consent>> {
    let rows = sqlx::query(
        "SELECT id, case_id, recipient_id, items, purpose, legal_ground, article, given_by, evidence, from_day, to_day, revoked_at, recorded_by, at
         FROM consent WHERE case_id = $1 ORDER BY at DESC, id DESC",
    )
    .bind(case.as_str())
    .fetch_all(db)
    .await?;
    rows.iter().map(read).collect()
}

/// The consents of a case for one recipient, newest first.
pub async fn for_recipient(db: &mut Connection, case: &CaseId, recipient: &OrganizationId) -> Result<Vec<Consent>> {
    let rows = sqlx::query(
        "SELECT id, case_id, recipient_id, items, purpose, legal_ground, article, given_by, evidence, from_day, to_day, revoked_at, recorded_by, at
         FROM consent WHERE case_id = $1 AND recipient_id = $2 ORDER BY at DESC, id DESC",
    )
    .bind(case.as_str())
    .bind(recipient.as_str())
    .fetch_all(db)
    .await?;
    rows.iter().map(read).collect()
}

/// Writes a consent.
pub async fn insert(db: &mut Connection, consent: &Consent) -> Result<()> {
    sqlx::query(
        "INSERT INTO consent (id, case_id, recipient_id, items, purpose, legal_ground, article, given_by, evidence, from_day, to_day, revoked_at,
                recorded_by, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(consent.id.as_str())
    .bind(consent.case.as_str())
    .bind(consent.recipient.as_str())
    .bind(json(&consent.items))
    .bind(consent.purpose.name())
    .bind(consent.ground.name())
    .bind(&consent.article)
    .bind(json(&consent.given_by))
    .bind(&consent.evidence)
    .bind(consent.from.to_string())
    .bind(consent.to.to_string())
    .bind(consent.revoked_at.map(clock::stored))
    .bind(consent.recorded_by.as_str())
    .bind(clock::stored(consent.at))
    .execute(db)
    .await?;
    Ok(())
}

/// Takes a consent back. What lives on it is put on hold by the caller, in the same transaction.
pub async fn revoke(db: &mut Connection, id: &ConsentId, at: Timestamp) -> Result<()> {
    let done = sqlx::query("UPDATE consent SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL")
        .bind(id.as_str())
        .bind(clock::stored(at))
        .execute(db)
        .await?;
    if done.rows_affected() == 0 { Err(Error::Conflict { why: "changed" }) } else { Ok(()) }
}
