//! Rows of known ids, some at a time: a statement has a fixed text in both engines, so it has a fixed number of ids.

use sqlx::any::AnyRow;

use super::Connection;
use crate::error::Result;

/// How many ids one statement asks for.
const TOGETHER: usize = 20;

/// The ids of a statement that [`by_ids`] runs: `WHERE c.id IN` and this.
macro_rules! some_ids {
    () => {
        "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)"
    };
}
pub(crate) use some_ids;

/// The rows of some ids, in no order; `text` asks for them with the ids of `some_ids!`.
pub async fn by_ids(db: &mut Connection, text: &'static str, ids: &[&str]) -> Result<Vec<AnyRow>> {
    let mut rows = Vec::with_capacity(ids.len());
    for some in ids.chunks(TOGETHER) {
        let query = (0..TOGETHER).fold(sqlx::query(text), |query, at| query.bind(some.get(at).copied().unwrap_or_default()));
        rows.extend(query.fetch_all(&mut *db).await?);
    }
    Ok(rows)
}
