//! The table `timer`.

use jiff::{SignedDuration, Timestamp};
use lianjie_index::DivisionCode;

use super::super::model::{Before, DEFAULTS, Row as TimerRow, Timer};
use crate::calendar::model::Length;
use crate::clock;
use crate::error::{Error, Result};
use crate::store::{Connection, Row};

/// The amount and the unit of a length, as the table names them.
#[must_use]
pub fn amount(length: Length) -> (i64, &'static str) {
    match length {
        Length::WorkingDays(days) => (days, "working_days"),
        Length::Clock(length) if length.as_hours() % 24 == 0 && length.as_hours() > 24 => (length.as_hours() / 24, "days"),
        Length::Clock(length) => (length.as_hours(), "hours"),
    }
}

/// Fills the table with the defaults, for everywhere; rows that are there stay as the installation edited them.
pub async fn load_timers(db: &mut Connection) -> Result<()> {
    for (timer, lengths) in DEFAULTS {
        for (tier, length) in (1i64..).zip(lengths) {
            let (amount, unit) = amount(length);
            sqlx::query("INSERT INTO timer (division, code, tier, amount, unit) VALUES ('', $1, $2, $3, $4) ON CONFLICT DO NOTHING")
                .bind(timer.name())
                .bind(tier)
                .bind(amount)
                .bind(unit)
                .execute(&mut *db)
                .await?;
        }
    }
    Ok(())
}

/// A length as the table names it.
fn length(row: &Row<'_>) -> Result<Option<Length>> {
    let Some(amount) = row.maybe_int("amount")? else { return Ok(None) };
    Ok(Some(match row.text("unit")?.as_str() {
        "hours" => Length::Clock(SignedDuration::from_hours(amount)),
        "days" => Length::Clock(SignedDuration::from_hours(24 * amount)),
        "working_days" => Length::WorkingDays(amount),
        _ => return Err(fault(row, "unit")),
    }))
}

fn fault(row: &Row<'_>, column: &'static str) -> Error {
    Error::Row { table: "timer", column, row: row.text("division").unwrap_or_default() }
}

/// Every row; [`super::super::model::Timers::at`] chooses.
pub async fn timers(db: &mut Connection) -> Result<Vec<TimerRow>> {
    let rows = sqlx::query("SELECT division AS id, division, code, tier, amount, unit FROM timer ORDER BY division, code, tier")
        .fetch_all(db)
        .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("timer", row);
            Ok(TimerRow {
                division: row.text("division")?,
                timer: Timer::of(&row.text("code")?).ok_or_else(|| fault(&row, "code"))?,
                tier: u8::try_from(row.count("tier")?).map_err(|_| fault(&row, "tier"))?,
                length: length(&row)?.ok_or_else(|| fault(&row, "amount"))?,
            })
        })
        .collect()
}

/// What timers were before they were edited.
pub async fn timers_before(db: &mut Connection) -> Result<Vec<Before>> {
    let rows = sqlx::query("SELECT division AS id, division, code, tier, amount, unit, until_at FROM timer_before ORDER BY until_at")
        .fetch_all(db)
        .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("timer_before", row);
            Ok(Before {
                division: row.text("division")?,
                timer: Timer::of(&row.text("code")?).ok_or_else(|| fault(&row, "code"))?,
                tier: u8::try_from(row.count("tier")?).map_err(|_| fault(&row, "tier"))?,
                length: length(&row)?,
                until: row.parse("until_at")?,
            })
        })
        .collect()
}

/// What a division says of a timer for a tier; `None` takes it back, and the wider division counts again.
///
/// What it said until now is kept: referrals that were sent until now are measured by it.
pub async fn set_timer(
    db: &mut Connection,
    division: &DivisionCode,
    (timer, tier): (Timer, u8),
    length: Option<Length>,
    at: Timestamp,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO timer_before (division, code, tier, amount, unit, until_at)
         SELECT $1, $2, $3, MAX(amount), MAX(unit), $4 FROM timer WHERE division = $1 AND code = $2 AND tier = $3
         ON CONFLICT (division, code, tier, until_at) DO NOTHING",
    )
    .bind(division.as_str())
    .bind(timer.name())
    .bind(i64::from(tier))
    .bind(clock::stored(at))
    .execute(&mut *db)
    .await?;
    let Some(length) = length else {
        sqlx::query("DELETE FROM timer WHERE division = $1 AND code = $2 AND tier = $3")
            .bind(division.as_str())
            .bind(timer.name())
            .bind(i64::from(tier))
            .execute(db)
            .await?;
        return Ok(());
    };
    let (amount, unit) = amount(length);
    sqlx::query(
        "INSERT INTO timer (division, code, tier, amount, unit) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (division, code, tier) DO UPDATE SET amount = excluded.amount, unit = excluded.unit",
    )
    .bind(division.as_str())
    .bind(timer.name())
    .bind(i64::from(tier))
    .bind(amount)
    .bind(unit)
    .execute(db)
    .await?;
    Ok(())
}
