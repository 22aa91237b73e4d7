//! `notice`: messages in the page, for a person or for everybody of an organization. They hold numbers and links only.

use jiff::Timestamp;

use super::store;
use crate::access::{Role, Scope};
use crate::app::App;
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

/// What is told: which text, under which key it counts as told, with which numbers and links.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a> {
    /// Key below `notification.`.
    pub template: &'static str,
    /// Told once for each key and receiver.
    pub key: &'a str,
    /// Numbers and links.
    pub facts: &'a serde_json::Value,
}

/// Leaves the same notice with everybody who holds one of some roles in a scope, but for one account that knows.
pub async fn leave_with(
    app: &App,
    db: &mut Connection,
    (roles, scope): (&[Role], &Scope),
    but: Option<&AccountId>,
    message: Message<'_>,
    at: Timestamp,
) -> Result<()> {
    for role in roles {
        for account in store::holders(db, *role, scope, app.today()).await? {
            if but != Some(&account) {
                leave(db, Notice::Account(&account), message.template, message.key, message.facts, at).await?;
            }
        }
    }
    Ok(())
}
