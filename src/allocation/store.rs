//! Whose needs are allocated together.

use crate::case::store::Within;
use crate::error::Result;
use crate::id::CaseId;
use crate::store::{Connection, Row};

macro_rules! of_needs {
    ($select:literal, $condition:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $select,
            " FROM need n JOIN \"case\" c ON c.id = n.case_id WHERE c.state <> 'closed' AND n.state IN ('open', 'gap') AND ",
            $condition,
            $rest
        )
    };
}

/// Cases with needs that nobody is asked for, the most urgent first, and how many there are in all.
pub async fn cases(db: &mut Connection, within: &Within, most: i64) -> Result<(Vec<CaseId>, usize)> {
    let (listed, counted, value) = match within {
        Within::Station(id) => (
            of_needs!("n.case_id", "c.station_id = $1", " GROUP BY n.case_id ORDER BY MIN(n.tier), MIN(n.opened_at), n.case_id LIMIT $2"),
            of_needs!("COUNT(DISTINCT n.case_id) AS n", "c.station_id = $1", ""),
            id.to_string(),
        ),
        Within::Division(code) => (
            of_needs!(
                "n.case_id",
                "c.division >= $1 AND c.division < $1 || 'z'",
                " GROUP BY n.case_id ORDER BY MIN(n.tier), MIN(n.opened_at), n.case_id LIMIT $2"
            ),
            of_needs!("COUNT(DISTINCT n.case_id) AS n", "c.division >= $1 AND c.division < $1 || 'z'", ""),
            code.to_string(),
        ),
        Within::Worker(_) | Within::Village(_) => return Ok((Vec::new(), 0)),
    };
    let rows = sqlx::query(listed).bind(&value).bind(most).fetch_all(&mut *db).await?;
    let ids = rows.iter().map(|row| Row::of("need", row).parse("case_id")).collect::<Result<_>>()?;
    let count = sqlx::query(counted).bind(&value).fetch_one(db).await?;
    Ok((ids, usize::try_from(Row::of("need", &count).int("n")?).unwrap_or(0)))
}
