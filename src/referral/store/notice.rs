//! Notices about a referral.

use jiff::Timestamp;

use super::super::model::Referral;
use crate::account::notice::{Notice, leave};
use crate::error::Result;
use crate::store::Connection;

/// Leaves a notice about a referral; one of the same key was left already.
pub async fn notify(db: &mut Connection, to: Notice<'_>, template: &str, key: &str, referral: &Referral, due: Timestamp) -> Result<()> {
    let id = &referral.id;
    let facts = serde_json::json!({ "number": referral.number, "tier": referral.standing.tier, "link": format!("/referrals/{id}") });
    leave(db, to, template, &format!("{id}:{key}"), &facts, due).await
}
