//! The table `fact_check`: who confirmed what, when, of which value.

use jiff::Timestamp;

use crate::clock;
use crate::error::Result;
use crate::id::{AccountId, FactCheckId, ServiceId};
use crate::store::Connection;

/// Writes a check of a fact: field, digest of its value, source, method.
pub async fn insert_fact_check(
    db: &mut Connection,
    id: &FactCheckId,
    subject: &str,
    [field, digest, source, method]: [&str; 4],
    by: &AccountId,
    at: Timestamp,
    until: Timestamp,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO fact_check (id, subject, field, value_hash, source, method, by_account, at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(id.as_str())
    .bind(subject)
    .bind(field)
    .bind(digest)
    .bind(source)
    .bind(method)
    .bind(by.as_str())
    .bind(clock::stored(at))
    .bind(clock::stored(until))
    .execute(db)
    .await?;
    Ok(())
}

/// On how many days somebody tried to reach a service in vain since it was last confirmed.
pub async fn days_unreached(db: &mut Connection, id: &ServiceId) -> Result<i64> {
    let count = sqlx::query_scalar(
        "SELECT COUNT(DISTINCT SUBSTR(f.at, 1, 10)) FROM fact_check f WHERE f.subject = $1 AND f.method = 'unreached'
         AND f.at > COALESCE((SELECT MAX(g.at) FROM fact_check g WHERE g.subject = $1 AND g.method <> 'unreached'), '')",
    );
    Ok(count.bind(id.as_str()).fetch_one(db).await?)
}
