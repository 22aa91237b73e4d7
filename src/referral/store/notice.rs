//! `notice`: messages in the page. They hold numbers and links only.

use jiff::Timestamp;

use super::super::model::Referral;
use crate::clock;
use crate::error::Result;
use crate::id::{AccountId, NoticeId, OrganizationId};
use crate::store::{Connection, json};

/// To whom.
#[derive(Debug, Clone, Copy)]
pub enum Notice<'a> {
    /// A person.
    Account(&'a AccountId),
    /// Everybody of an organization.
    Organization(&'a OrganizationId),
}

/// Leaves a notice about a referral; one of the same key was left already.
pub async fn notify(db: &mut Connection, to: Notice<'_>, template: &str, key: &str, referral: &Referral, due: Timestamp) -> Result<()> {
    let id = &referral.id;
    let facts = serde_json::json!({ "number": referral.number, "tier": referral.standing.tier, "link": format!("/referrals/{id}") });
    leave(db, to, template, &format!("{id}:{key}"), &facts, due).await
}

/// Leaves a notice, once for each key and receiver. The facts are numbers and links, never a word about a child.
pub async fn leave(
    db: &mut Connection,
    to: Notice<'_>,
    template: &str,
    key: &str,
    facts: &serde_json::Value,
    due: Timestamp,
) -> Result<()> {
    let (account, organization) = match to {
        Notice::Account(id) => (Some(id.as_str()), None),
        Notice::Organization(id) => (None, Some(id.as_str())),
    };
    sqlx::query(
        "INSERT INTO notice (id, key, account_id, organization_id, channel, template, facts, due_at) VALUES ($1, $2, $3, $4, 'page', $5, $6, $7)
         ON CONFLICT (key) DO NOTHING",
    )
    .bind(NoticeId::new(due).as_str())
    .bind(format!("{key}:{}", account.or(organization).unwrap_or_default()))
    .bind(account)
    .bind(organization)
    .bind(template)
    .bind(json(facts))
    .bind(clock::stored(due))
    .execute(db)
    .await?;
    Ok(())
}
