//! Who owns live referrals, when somebody else goes on with them.

use jiff::Timestamp;

use crate::clock;
use crate::error::Result;
use crate::id::{AccountId, CaseId};
use crate::store::Connection;

/// Gives live referrals to somebody who goes on with them: those of a case, those that one account owns, or of a case those that
/// one account owns.
pub async fn give(db: &mut Connection, case: Option<&CaseId>, from: Option<&AccountId>, to: &AccountId, at: Timestamp) -> Result<()> {
    sqlx::query(
        "UPDATE referral SET owner_id = $3, changed_at = $4
         WHERE ($1 IS NULL OR case_id = $1) AND ($2 IS NULL OR owner_id = $2) AND NOT ($1 IS NULL AND $2 IS NULL)
           AND state IN ('pending_approval', 'queued', 'sent', 'acknowledged', 'needs_info', 'waitlisted', 'accepted', 'in_service', 'reported')",
    )
    .bind(case.map(CaseId::as_str))
    .bind(from.map(AccountId::as_str))
    .bind(to.as_str())
    .bind(clock::stored(at))
    .execute(db)
    .await?;
    Ok(())
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
