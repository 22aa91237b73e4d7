//! The tables `calendar_day` and `school_term`.

use jiff::civil::Date;
use serde::Deserialize;

use super::model::{Calendar, Kind, SchoolTerm};
use crate::error::Result;
use crate::seed;
use crate::store::{Connection, Row};

#[derive(Deserialize)]
struct DayRow {
    date: String,
    kind: String,
    name_zh: String,
    source: String,
}

#[derive(Deserialize)]
struct TermRow {
    school_year: String,
    term: String,
    from: String,
    to: String,
    scope: String,
    stage: String,
    source: String,
}

/// Fills the tables from `seed-data`; rows that are there stay as the installation edited them.
pub async fn load(db: &mut Connection) -> Result<()> {
    for row in seed::rows::<DayRow>("calendar-china.csv")? {
        sqlx::query("INSERT INTO calendar_day (day, kind, name, source) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING")
            .bind(row.date)
            .bind(row.kind)
            .bind(row.name_zh)
            .bind(row.source)
            .execute(&mut *db)
            .await?;
    }
    for row in seed::rows::<TermRow>("school-terms-jiangsu.csv")? {
        sqlx::query(
            "INSERT INTO school_term (school_year, term, from_day, to_day, scope, stage, source)
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
        )
        .bind(row.school_year)
        .bind(row.term)
        .bind(row.from)
        .bind(row.to)
        .bind(row.scope)
        .bind(row.stage)
        .bind(row.source)
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// The whole calendar.
pub async fn read(db: &mut Connection) -> Result<Calendar> {
    let days = sqlx::query("SELECT day AS id, day, kind, name FROM calendar_day").fetch_all(&mut *db).await?;
    let days = days.iter().map(|row| {
        let row = Row::of("calendar_day", row);
        Ok((row.parse("day")?, row.name("kind")?, row.text("name")?))
    });
    let terms =
        sqlx::query("SELECT school_year AS id, term, from_day, to_day, scope, stage, source FROM school_term").fetch_all(&mut *db).await?;
    let terms = terms.iter().map(|row| {
        let row = Row::of("school_term", row);
        Ok(SchoolTerm {
            term: row.text("term")?,
            from: row.parse("from_day")?,
            to: row.parse("to_day")?,
            scope: row.parse("scope")?,
            stage: row.text("stage")?,
            assumed: row.text("source")?.contains("assumed"),
        })
    });
    Ok(Calendar::new(days.collect::<Result<Vec<_>>>()?, terms.collect::<Result<_>>()?))
}

/// A day that differs, and where that is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announced {
    /// Which.
    pub day: Date,
    /// Free, or worked.
    pub kind: Kind,
    /// What for.
    pub name: String,
    /// The notice.
    pub source: String,
}

/// The days of a year that differ.
pub async fn announced(db: &mut Connection, year: i16) -> Result<Vec<Announced>> {
    let rows = sqlx::query("SELECT day AS id, day, kind, name, source FROM calendar_day WHERE day >= $1 AND day <= $2 ORDER BY day")
        .bind(format!("{year}-01-01"))
        .bind(format!("{year}-12-31"))
        .fetch_all(db)
        .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("calendar_day", row);
            Ok(Announced { day: row.parse("day")?, kind: row.name("kind")?, name: row.text("name")?, source: row.text("source")? })
        })
        .collect()
}

/// Says that a day differs, in place of what was said of it before.
pub async fn announce(db: &mut Connection, day: &Announced) -> Result<()> {
    sqlx::query(
        "INSERT INTO calendar_day (day, kind, name, source) VALUES ($1, $2, $3, $4)
         ON CONFLICT (day) DO UPDATE SET kind = excluded.kind, name = excluded.name, source = excluded.source",
    )
    .bind(day.day.to_string())
    .bind(day.kind.name())
    .bind(&day.name)
    .bind(&day.source)
    .execute(db)
    .await?;
    Ok(())
}

/// Takes back that a day differs; whether it did.
pub async fn withdraw(db: &mut Connection, day: Date) -> Result<bool> {
    let done = sqlx::query("DELETE FROM calendar_day WHERE day = $1").bind(day.to_string()).execute(db).await?;
    Ok(done.rows_affected() > 0)
}
