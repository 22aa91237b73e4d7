//! What an account holds of meetings, and gives to another.

use jiff::Timestamp;

use crate::clock;
use crate::error::Result;
use crate::id::AccountId;
use crate::store::Connection;

/// How many meetings an account leads that are neither signed nor called off.
pub async fn led(db: &mut Connection, account: &AccountId) -> Result<usize> {
    let count =
        sqlx::query_scalar("SELECT COUNT(*) FROM conference WHERE chair_id = $1 AND state IN ('planned', 'pack_sent', 'in_session')");
    let count: i64 = count.bind(account.as_str()).fetch_one(db).await?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// The open tasks of an account fall to its body, where whoever is there answers for them.
pub async fn release(db: &mut Connection, account: &AccountId) -> Result<()> {
    sqlx::query("UPDATE action SET account_id = NULL, version = version + 1 WHERE account_id = $1 AND state = 'open'")
        .bind(account.as_str())
        .execute(&mut *db)
        .await?;
    // What it was to check falls to whoever leads the meeting.
    sqlx::query("UPDATE action SET checker_id = NULL, version = version + 1 WHERE checker_id = $1 AND checked_by IS NULL")
        .bind(account.as_str())
        .execute(db)
        .await?;
    Ok(())
}

/// Gives the meetings an account leads, and its open tasks, to another, who is named from then on.
pub async fn give(db: &mut Connection, from: &AccountId, to: &AccountId, at: Timestamp) -> Result<()> {
    sqlx::query(
        "UPDATE action SET account_id = $2, person = (SELECT name FROM account WHERE id = $2), version = version + 1
         WHERE account_id = $1 AND state = 'open'",
    )
    .bind(from.as_str())
    .bind(to.as_str())
    .execute(&mut *db)
    .await?;
    sqlx::query(
        "UPDATE conference SET chair_id = $2, changed_at = $3, version = version + 1
         WHERE chair_id = $1 AND state IN ('planned', 'pack_sent', 'in_session')",
    )
    .bind(from.as_str())
    .bind(to.as_str())
    .bind(clock::stored(at))
    .execute(db)
    .await?;
    Ok(())
}
