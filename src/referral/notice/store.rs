//! `delivery`, `webhook`, and the notices that are to be spread.

use jiff::Timestamp;
use serde_json::Value;
use sqlx::any::AnyRow;

use super::model::{Batch, CLAIM, Channel, Due, Message, TRIES, Webhook, next_try};
use crate::access::Role;
use crate::clock;
use crate::error::Result;
use crate::id::{AccountId, DeliveryId, OrganizationId, WebhookId};
use crate::store::{Connection, Row};

/// Notices that are due and not yet spread over their receivers.
pub async fn unspread(db: &mut Connection, now: Timestamp, limit: i64) -> Result<Vec<Due>> {
    let rows = sqlx::query(
        "SELECT id, account_id, organization_id, template, facts FROM notice WHERE sent_at IS NULL AND due_at <= $1 ORDER BY due_at, id LIMIT $2",
    )
    .bind(clock::stored(now))
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("notice", row);
            let facts: Value = row.json("facts")?;
            let tier = facts.get("tier").and_then(Value::as_u64).and_then(|tier| u8::try_from(tier).ok());
            let account = row.maybe_parse("account_id")?;
            let organization = row.maybe_parse("organization_id")?;
            let roles = if row.text("template")?.starts_with("referral") { Role::ANSWERING } else { Role::MEETING };
            Ok(Due { notice: row.text("id")?, account, organization, roles, tier })
        })
        .collect()
}

/// Leaves a delivery for one receiver, once.
pub async fn leave(db: &mut Connection, notice: &str, channel: Channel, target: &str, next: Timestamp, now: Timestamp) -> Result<()> {
    sqlx::query(
        "INSERT INTO delivery (id, notice_id, channel, target, state, next_at) VALUES ($1, $2, $3, $4, 'waiting', $5)
         ON CONFLICT (notice_id, channel, target) DO NOTHING",
    )
    .bind(DeliveryId::new(now).as_str())
    .bind(notice)
    .bind(channel.name())
    .bind(target)
    .bind(clock::stored(next))
    .execute(db)
    .await?;
    Ok(())
}

/// Marks a notice as spread.
pub async fn spread(db: &mut Connection, notice: &str, now: Timestamp) -> Result<()> {
    sqlx::query("UPDATE notice SET sent_at = $2 WHERE id = $1").bind(notice).bind(clock::stored(now)).execute(db).await?;
    Ok(())
}

fn message(row: &AnyRow) -> Result<Message> {
    let row = Row::of("delivery", row);
    Ok(Message {
        id: row.parse("id")?,
        template: row.text("template")?,
        facts: row.json("facts")?,
        at: row.parse("due_at")?,
        tries: row.count("tries")?,
    })
}

/// Names a batch after its first delivery. A mail takes all that waits for the person, a webhook one at a time.
async fn gather(db: &mut Connection, channel: Channel, first: &DeliveryId, target: &str, at: &str) -> Result<()> {
    let which = if channel == Channel::Mail { "all" } else { "one" };
    sqlx::query(
        "UPDATE delivery SET batch = $1 WHERE batch IS NULL AND channel = $2 AND target = $3 AND state = 'waiting' AND next_at <= $4
            AND ($5 = 'all' OR id = $1)",
    )
    .bind(first.as_str())
    .bind(channel.name())
    .bind(target)
    .bind(at)
    .bind(which)
    .execute(db)
    .await?;
    Ok(())
}

/// Claims what goes out next to one receiver: a batch whose sender died, else what waits longest.
pub async fn claim(db: &mut Connection, channel: Channel, now: Timestamp) -> Result<Option<Batch>> {
    let (at, until) = (clock::stored(now), clock::stored(now + CLAIM));
    let orphan = sqlx::query(
        "SELECT id, target, batch FROM delivery WHERE channel = $1 AND state = 'sending' AND claimed_until <= $2 ORDER BY claimed_until, id LIMIT 1",
    )
    .bind(channel.name())
    .bind(&at)
    .fetch_optional(&mut *db)
    .await?;
    let (name, target): (DeliveryId, String) = match orphan {
        Some(row) => {
            let row = Row::of("delivery", &row);
            (row.parse("batch")?, row.text("target")?)
        }
        None => {
            let first = sqlx::query(
                "SELECT id, target, batch FROM delivery WHERE channel = $1 AND state = 'waiting' AND next_at <= $2 ORDER BY next_at, id LIMIT 1",
            )
            .bind(channel.name())
            .bind(&at)
            .fetch_optional(&mut *db)
            .await?;
            let Some(first) = first else { return Ok(None) };
            let row = Row::of("delivery", &first);
            let (id, target): (DeliveryId, String) = (row.parse("id")?, row.text("target")?);
            // What was tried together before stays together; otherwise a person's messages go out as one mail.
            let before: Option<DeliveryId> = row.maybe_parse("batch")?;
            if before.is_none() {
                gather(db, channel, &id, &target, &at).await?;
            }
            let name = before.unwrap_or(id);
            (name, target)
        }
    };
    sqlx::query("UPDATE delivery SET state = 'sending', claimed_until = $2 WHERE batch = $1 AND state IN ('waiting', 'sending')")
        .bind(name.as_str())
        .bind(&until)
        .execute(&mut *db)
        .await?;
    let rows = sqlx::query(
        "SELECT d.id, d.tries, n.template, n.facts, n.due_at FROM delivery d JOIN notice n ON n.id = d.notice_id
         WHERE d.batch = $1 AND d.state = 'sending' ORDER BY n.due_at, d.id",
    )
    .bind(name.as_str())
    .fetch_all(db)
    .await?;
    let messages = rows.iter().map(message).collect::<Result<Vec<_>>>()?;
    Ok(Some(Batch { name, channel, target, messages }))
}

/// Marks a batch as sent.
pub async fn sent(db: &mut Connection, batch: &Batch, now: Timestamp) -> Result<()> {
    sqlx::query("UPDATE delivery SET state = 'sent', sent_at = $2, claimed_until = NULL WHERE batch = $1 AND state = 'sending'")
        .bind(batch.name.as_str())
        .bind(clock::stored(now))
        .execute(db)
        .await?;
    Ok(())
}

/// Puts a batch back after a failure; after the last one it is given up. Gives whether it was.
pub async fn failed(db: &mut Connection, batch: &Batch, now: Timestamp) -> Result<bool> {
    let failures = batch.messages.iter().map(|message| message.tries).max().unwrap_or(0) + 1;
    let over = failures >= TRIES;
    sqlx::query("UPDATE delivery SET state = $2, tries = $3, next_at = $4, claimed_until = NULL WHERE batch = $1 AND state = 'sending'")
        .bind(batch.name.as_str())
        .bind(if over { "given_up" } else { "waiting" })
        .bind(i64::from(failures))
        .bind(clock::stored(next_try(failures, now)))
        .execute(db)
        .await?;
    Ok(over)
}

/// How many deliveries were given up since an instant, though somebody was still there to get them.
pub async fn given_up(db: &mut Connection, since: Timestamp) -> Result<i64> {
    Ok(sqlx::query_scalar("SELECT COUNT(*) FROM delivery WHERE state = 'given_up' AND tries > 0 AND next_at >= $1")
        .bind(clock::stored(since))
        .fetch_one(db)
        .await?)
}

fn webhook(row: &AnyRow) -> Result<Webhook> {
    let row = Row::of("webhook", row);
    Ok(Webhook {
        id: row.parse("id")?,
        organization: row.parse("organization_id")?,
        url: row.text("url")?,
        stopped_at: row.maybe_parse("stopped_at")?,
    })
}

/// The webhooks of an organization that are not stopped.
pub async fn webhooks(db: &mut Connection, organization: &OrganizationId) -> Result<Vec<Webhook>> {
    let rows = sqlx::query(
        "SELECT id, organization_id, url, stopped_at FROM webhook WHERE organization_id = $1 AND stopped_at IS NULL ORDER BY at, id",
    )
    .bind(organization.as_str())
    .fetch_all(db)
    .await?;
    rows.iter().map(webhook).collect()
}

/// The webhook of an id.
pub async fn find(db: &mut Connection, id: &WebhookId) -> Result<Option<Webhook>> {
    let row =
        sqlx::query("SELECT id, organization_id, url, stopped_at FROM webhook WHERE id = $1").bind(id.as_str()).fetch_optional(db).await?;
    row.as_ref().map(webhook).transpose()
}

/// Writes a webhook.
pub async fn insert(db: &mut Connection, webhook: &Webhook, by: &AccountId, now: Timestamp) -> Result<()> {
    sqlx::query("INSERT INTO webhook (id, organization_id, url, made_by, at) VALUES ($1, $2, $3, $4, $5)")
        .bind(webhook.id.as_str())
        .bind(webhook.organization.as_str())
        .bind(&webhook.url)
        .bind(by.as_str())
        .bind(clock::stored(now))
        .execute(db)
        .await?;
    Ok(())
}

/// Stops a webhook; what waits for it is given up.
pub async fn stop(db: &mut Connection, id: &WebhookId, now: Timestamp) -> Result<()> {
    sqlx::query("UPDATE webhook SET stopped_at = $2 WHERE id = $1").bind(id.as_str()).bind(clock::stored(now)).execute(&mut *db).await?;
    sqlx::query("UPDATE delivery SET state = 'given_up' WHERE channel = 'webhook' AND target = $1 AND state IN ('waiting', 'sending')")
        .bind(id.as_str())
        .execute(db)
        .await?;
    Ok(())
}
