//! Marks of a store as a whole: whether it is a demo, its seed, its epoch.

use super::Connection;
use crate::error::Result;

/// The value of a mark.
pub async fn mark(db: &mut Connection, key: &str) -> Result<Option<String>> {
    Ok(sqlx::query_scalar("SELECT value FROM store_mark WHERE key = $1").bind(key).fetch_optional(db).await?)
}

/// Sets a mark.
pub async fn set_mark(db: &mut Connection, key: &str, value: &str) -> Result<()> {
    sqlx::query("INSERT INTO store_mark (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
        .bind(key)
        .bind(value)
        .execute(db)
        .await?;
    Ok(())
}
