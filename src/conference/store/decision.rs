//! `decision` and `dissent`.

use jiff::Timestamp;

use super::super::model::{Decision, Dissent};
use super::{Sealing, open, seal};
use crate::clock;
use crate::error::{Error, Result};
use crate::id::{self, AgendaItemId, DecisionId, NeedId};
use crate::secret::Words;
use crate::store::{Connection, Row, json};

/// The decisions about an item, in their order, with why each was made.
pub async fn decisions(db: &mut Connection, item: &AgendaItemId, sealing: Sealing<'_>) -> Result<Vec<(Decision, Words)>> {
    let rows = sqlx::query(
        "SELECT id, agenda_item_id, number, code, need_id, params, words, state, created, why_failed, by_account, at
         FROM decision WHERE agenda_item_id = $1 ORDER BY number",
    )
    .bind(item.as_str())
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("decision", row);
            let words = open(sealing, "decision", row.maybe_text("words")?.as_deref())?;
            let decision = Decision {
                id: row.parse("id")?,
                item: row.parse("agenda_item_id")?,
                number: row.count("number")?,
                code: row.name("code")?,
                need: row.maybe_parse("need_id")?,
                params: row.json("params")?,
                executed: row.text("state")? == "executed",
                created: row.maybe_text("created")?,
                why_failed: row.maybe_text("why_failed")?,
                by: row.parse("by_account")?,
                at: row.parse("at")?,
            };
            Ok((decision, words))
        })
        .collect()
}

/// The number of the next decision about an item.
pub async fn next_decision(db: &mut Connection, item: &AgendaItemId) -> Result<u32> {
    let count: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM decision WHERE agenda_item_id = $1").bind(item.as_str()).fetch_one(db).await?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX).saturating_add(1))
}

/// Writes a decision as it came out.
pub async fn insert_decision(db: &mut Connection, decision: &Decision, sealing: Sealing<'_>, words: &Words) -> Result<()> {
    sqlx::query(
        "INSERT INTO decision (id, agenda_item_id, number, code, need_id, params, words, state, created, why_failed, by_account, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(decision.id.as_str())
    .bind(decision.item.as_str())
    .bind(i64::from(decision.number))
    .bind(decision.code.name())
    .bind(decision.need.as_ref().map(NeedId::as_str))
    .bind(json(&decision.params))
    .bind(seal(sealing, "decision", words))
    .bind(if decision.executed { "executed" } else { "failed" })
    .bind(&decision.created)
    .bind(&decision.why_failed)
    .bind(decision.by.as_str())
    .bind(clock::stored(decision.at))
    .execute(db)
    .await
    .map_err(|error| match error.as_database_error() {
        Some(database) if database.is_unique_violation() => Error::Conflict { why: "changed" },
        _ => Error::from(error),
    })?;
    Ok(())
}

/// Writes a dissent.
pub async fn insert_dissent(db: &mut Connection, dissent: &Dissent, sealing: Sealing<'_>, words: &Words, at: Timestamp) -> Result<()> {
    sqlx::query("INSERT INTO dissent (id, decision_id, body, words, due_day, at) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(id::new(at))
        .bind(dissent.decision.as_str())
        .bind(&dissent.body)
        .bind(seal(sealing, "dissent", words))
        .bind(dissent.due_day.to_string())
        .bind(clock::stored(at))
        .execute(db)
        .await?;
    Ok(())
}

/// Who dissents from a decision, why, and what comes next.
pub async fn dissents(db: &mut Connection, decision: &DecisionId, sealing: Sealing<'_>) -> Result<Vec<(Dissent, Words)>> {
    let rows = sqlx::query("SELECT id, decision_id, body, words, due_day FROM dissent WHERE decision_id = $1 ORDER BY at, id")
        .bind(decision.as_str())
        .fetch_all(db)
        .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("dissent", row);
            let dissent = Dissent { decision: row.parse("decision_id")?, body: row.text("body")?, due_day: row.parse("due_day")? };
            Ok((dissent, open(sealing, "dissent", Some(&row.text("words")?))?))
        })
        .collect()
}
