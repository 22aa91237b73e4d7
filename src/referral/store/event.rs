//! `referral_event`: append-only; the store refuses to rewrite it.

use std::collections::BTreeMap;

use sqlx::any::AnyRow;

use super::super::model::{Channel, Event, Record, Recorded};
use crate::clock;
use crate::error::{Error, Result};
use crate::id::{ChildId, ReferralId};
use crate::secret::{ChildKey, Hidden, Place};
use crate::store::{Connection, Row};

fn place(child: &ChildId) -> Place<'_> {
    Place { table: "referral_event", child: child.as_str(), field: "note" }
}

/// Appends an event; its note is sealed under the child's key.
pub async fn append(
    db: &mut Connection,
    referral: &ReferralId,
    recorded: &Recorded,
    note: Option<(&ChildKey, &ChildId, &Hidden)>,
) -> Result<()> {
    let facts = serde_json::to_value(&recorded.event).ok().and_then(|mut event| event.get_mut("facts").map(serde_json::Value::take));
    sqlx::query(
        "INSERT INTO referral_event (referral_id, number, kind, from_state, to_state, actor, on_behalf_of, channel, reason, facts, note, at, recorded_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(referral.as_str())
    .bind(recorded.number)
    .bind(recorded.event.kind())
    .bind(recorded.from.name())
    .bind(recorded.to.name())
    .bind(&recorded.actor)
    .bind(&recorded.on_behalf_of)
    .bind(recorded.channel.name())
    .bind(recorded.event.reason())
    .bind(facts.unwrap_or_else(|| serde_json::json!({})).to_string())
    .bind(note.filter(|(_, _, text)| !text.is_empty()).map(|(key, child, text)| key.seal(place(child), text)))
    .bind(clock::stored(recorded.at))
    .bind(clock::stored(recorded.recorded_at))
    .execute(&mut *db)
    .await
    .map_err(|error| match &error {
        sqlx::Error::Database(cause) if cause.is_unique_violation() => Error::Conflict { why: "changed" },
        _ => Error::from(error),
    })?;
    keep_time(db, referral, recorded).await
}

/// Folds when an event happened into the referral's row: the first answer, acceptance and service, the last report and closing.
async fn keep_time(db: &mut Connection, referral: &ReferralId, recorded: &Recorded) -> Result<()> {
    let kind = recorded.event.kind();
    let started = matches!(recorded.event, Event::Serve { record: Record::Service, .. });
    if !["accept", "decline", "waitlist", "ask", "serve", "report", "close"].contains(&kind) {
        return Ok(());
    }
    sqlx::query(
        "UPDATE referral SET
                answered_at = CASE WHEN $2 IN ('accept', 'decline', 'waitlist', 'ask') AND (answered_at IS NULL OR answered_at > $3) THEN $3 ELSE answered_at END,
                accepted_at = CASE WHEN $2 = 'accept' AND (accepted_at IS NULL OR accepted_at > $3) THEN $3 ELSE accepted_at END,
                served_at = CASE WHEN $2 = 'serve' AND (served_at IS NULL OR served_at > $3) THEN $3 ELSE served_at END,
                started_at = CASE WHEN $5 = 1 AND (started_at IS NULL OR started_at > $3) THEN $3 ELSE started_at END,
                reported_at = CASE WHEN $2 = 'report' AND (reported_at IS NULL OR reported_at < $3) THEN $3 ELSE reported_at END,
                closed_at = CASE WHEN $2 = 'close' AND (closed_at IS NULL OR closed_at < $3) THEN $3 ELSE closed_at END,
                declined = CASE WHEN $2 = 'decline' THEN $4 ELSE declined END
         WHERE id = $1",
    )
    .bind(referral.as_str())
    .bind(kind)
    .bind(clock::stored(recorded.at))
    .bind(recorded.event.reason())
    .bind(i64::from(started))
    .execute(db)
    .await?;
    Ok(())
}

fn read(row: &AnyRow) -> Result<Recorded> {
    let row = Row::of("referral_event", row);
    let fault = |column| Error::Row { table: "referral_event", column, row: row.text("id").unwrap_or_default() };
    let facts: serde_json::Value = row.json("facts")?;
    let event: Event =
        serde_json::from_value(serde_json::json!({ "kind": row.text("kind")?, "facts": facts })).map_err(|_| fault("facts"))?;
    Ok(Recorded {
        number: row.int("number")?,
        event,
        from: row.name("from_state")?,
        to: row.name("to_state")?,
        actor: row.text("actor")?,
        on_behalf_of: row.maybe_text("on_behalf_of")?,
        channel: Channel::of(&row.text("channel")?).ok_or_else(|| fault("channel"))?,
        at: row.parse("at")?,
        recorded_at: row.parse("recorded_at")?,
    })
}

/// The events of a referral, in order, without notes.
pub async fn events(db: &mut Connection, referral: &ReferralId) -> Result<Vec<Recorded>> {
    let rows = sqlx::query(
        "SELECT referral_id AS id, number, kind, from_state, to_state, actor, on_behalf_of, channel, facts, at, recorded_at
         FROM referral_event WHERE referral_id = $1 ORDER BY number",
    )
    .bind(referral.as_str())
    .fetch_all(db)
    .await?;
    rows.iter().map(read).collect()
}

/// Opens the notes of a referral by the number of their event: the caller has asked who may, and records the view.
pub async fn notes(db: &mut Connection, key: &ChildKey, child: &ChildId, referral: &ReferralId) -> Result<BTreeMap<i64, Hidden>> {
    let rows = sqlx::query(
        "SELECT referral_id AS id, number, note FROM referral_event WHERE referral_id = $1 AND note IS NOT NULL ORDER BY number",
    )
    .bind(referral.as_str())
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("referral_event", row);
            Ok((row.int("number")?, key.open(place(child), &row.text("note")?)?))
        })
        .collect()
}
