//! Searches that gave nothing, over a division; a station has no counts of its own.

use lianjie_index::DivisionCode;

use super::super::model::{Over, Period};
use crate::error::Result;
use crate::store::{Connection, Row};

/// What was looked for in vain in one place.
#[derive(Debug, Clone)]
pub struct Searched {
    /// What was read from the words: codes of the taxonomy, or that nothing was.
    pub terms: Vec<String>,
    /// The county.
    pub county: DivisionCode,
    /// How many searches.
    pub count: usize,
}

/// The searches of a period that gave nothing, by need and county.
pub async fn searched(db: &mut Connection, over: &Over, period: Period) -> Result<Vec<Searched>> {
    let Over::Division(division) = over else { return Ok(Vec::new()) };
    let rows = sqlx::query(
        "SELECT division AS id, terms, CAST(SUM(n) AS BIGINT) AS many FROM search_gap
         WHERE division >= $1 AND division < $1 || 'z' AND day >= $2 AND day <= $3 GROUP BY division, terms",
    )
    .bind(division.as_str())
    .bind(period.from.to_string())
    .bind(period.to.to_string())
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("search_gap", row);
            Ok(Searched { terms: row.json("terms")?, county: row.parse("id")?, count: row.count("many")? as usize })
        })
        .collect()
}
