//! Who owns live referrals, when somebody else goes on with them.

use jiff::Timestamp;

use crate::clock;
use crate::error::Result;
use crate::id::{AccountId, CaseId};
use crate::store::Connection;

/// Gives the live referrals of a case that one account owns to another; gives how many.
pub async fn give_referrals(db: &mut Connection, case: &CaseId, from: &AccountId, to: &AccountId, at: Timestamp) -> Result<u64> {
    let done = sqlx::query(
        "UPDATE referral SET owner_id = $3, changed_at = $4 WHERE case_id = $1 AND owner_id = $2
         AND state IN ('pending_approval', 'queued', 'sent', 'acknowledged', 'needs_info', 'waitlisted', 'accepted', 'in_service', 'reported')",
    )
    .bind(case.as_str())
    .bind(from.as_str())
    .bind(to.as_str())
    .bind(clock::stored(at))
    .execute(db)
    .await?;
    Ok(done.rows_affected())
}

/// Gives every live referral of a case to somebody, whoever owned it: the whole station changes.
pub async fn give_case(db: &mut Connection, case: &CaseId, to: &AccountId, at: Timestamp) -> Result<u64> {
    let done = sqlx::query(
        "UPDATE referral SET owner_id = $2, changed_at = $3 WHERE case_id = $1
         AND state IN ('pending_approval', 'queued', 'sent', 'acknowledged', 'needs_info', 'waitlisted', 'accepted', 'in_service', 'reported')",
    )
    .bind(case.as_str())
    .bind(to.as_str())
    .bind(clock::stored(at))
    .execute(db)
    .await?;
    Ok(done.rows_affected())
}

/// Gives every live referral that an account owns to another: what it chases of cases that are not its own.
pub async fn give_rest(db: &mut Connection, from: &AccountId, to: &AccountId, at: Timestamp) -> Result<u64> {
    let done = sqlx::query(
        "UPDATE referral SET owner_id = $2, changed_at = $3 WHERE owner_id = $1
         AND state IN ('pending_approval', 'queued', 'sent', 'acknowledged', 'needs_info', 'waitlisted', 'accepted', 'in_service', 'reported')",
    )
    .bind(from.as_str())
    .bind(to.as_str())
    .bind(clock::stored(at))
    .execute(db)
    .await?;
    Ok(done.rows_affected())
}

/// How many referrals of a case are live.
pub async fn live_of_case(db: &mut Connection, case: &CaseId) -> Result<u32> {
    let count: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM referral WHERE case_id = $1
         AND state IN ('pending_approval', 'queued', 'sent', 'acknowledged', 'needs_info', 'waitlisted', 'accepted', 'in_service', 'reported')",
    )
    .bind(case.as_str())
    .fetch_one(db)
    .await?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}
