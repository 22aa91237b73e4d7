//! How many days a fact of a kind stays fresh: the defaults, and what an installation says instead.

pub use lianjie_index::search::Periods;

use crate::error::Result;
use crate::store::{Connection, Row};

/// The kinds, as the store names them.
pub const KINDS: [&str; 3] = ["places", "hours", "existence"];
/// The shortest and the longest period.
pub const WITHIN: std::ops::RangeInclusive<i64> = 1..=1_000;

/// The days of a kind.
pub fn of<'a>(periods: &'a mut Periods, kind: &str) -> Option<&'a mut i64> {
    match kind {
        "places" => Some(&mut periods.places),
        "hours" => Some(&mut periods.hours),
        "existence" => Some(&mut periods.existence),
        _ => None,
    }
}

/// What counts here.
pub async fn read(db: &mut Connection) -> Result<Periods> {
    let mut periods = Periods::default();
    for row in &sqlx::query("SELECT kind AS id, kind, days FROM freshness_period").fetch_all(db).await? {
        let row = Row::of("freshness_period", row);
        if let Some(days) = of(&mut periods, &row.text("kind")?) {
            *days = row.int("days")?;
        }
    }
    Ok(periods)
}

/// Says how long a kind stays fresh.
pub async fn set(db: &mut Connection, kind: &str, days: i64) -> Result<()> {
    sqlx::query("INSERT INTO freshness_period (kind, days) VALUES ($1, $2) ON CONFLICT (kind) DO UPDATE SET days = excluded.days")
        .bind(kind)
        .bind(days)
        .execute(db)
        .await?;
    Ok(())
}
