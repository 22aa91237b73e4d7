//! A lease: work that one process at a time may do, such as the sweep of the timers.

use jiff::{SignedDuration, Timestamp};

use super::Connection;
use crate::clock;
use crate::error::Result;

/// Takes or renews the lease `name` for `holder` until `now + length`; false while another holds it.
pub async fn claim(db: &mut Connection, name: &str, holder: &str, now: Timestamp, length: SignedDuration) -> Result<bool> {
    let done = sqlx::query(
        "INSERT INTO lease (name, holder, valid_to) VALUES ($1, $2, $3)
         ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, valid_to = excluded.valid_to
         WHERE lease.holder = excluded.holder OR lease.valid_to < $4",
    )
    .bind(name)
    .bind(holder)
    .bind(clock::stored(now + length))
    .bind(clock::stored(now))
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}
