//! Who owns live referrals, when somebody else goes on with them.

use jiff::Timestamp;

use crate::clock;
use crate::error::Result;
use crate::id::{AccountId, CaseId, ReferralId};
use crate::store::{Connection, Row};

/// Gives the live referrals that one account owns to another.
pub async fn give(db: &mut Connection, from: &AccountId, to: &AccountId, at: Timestamp) -> Result<()> {
    sqlx::query("UPDATE referral SET owner_id = $2, changed_at = $3 WHERE owner_id = $1 AND due_at IS NOT NULL")
        .bind(from.as_str())
        .bind(to.as_str())
        .bind(clock::stored(at))
        .execute(db)
        .await?;
    Ok(())
}

/// The live referrals of a case.
pub async fn live_of_case(db: &mut Connection, case: &CaseId) -> Result<Vec<ReferralId>> {
    let rows = sqlx::query("SELECT id FROM referral WHERE case_id = $1 AND due_at IS NOT NULL ORDER BY id")
        .bind(case.as_str())
        .fetch_all(db)
        .await?;
    rows.iter().map(|row| Row::of("referral", row).parse("id")).collect()
}
