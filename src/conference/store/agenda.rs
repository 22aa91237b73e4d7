//! Which cases come up by themselves, and what workers propose.

use std::collections::BTreeMap;

use jiff::{Timestamp, ToSpan};

use super::super::model::{Conference, Why};
use super::super::rules::after;
use super::{Sealing, open, seal};
use crate::clock;
use crate::error::{Error, Result};
use crate::id::{self, AccountId, CaseId};
use crate::secret::Words;
use crate::store::{Connection, Row};

/// A case, and every rule that holds for it.
pub type Found = BTreeMap<CaseId, Vec<Why>>;

/// The cases of a meeting's station or division for which a rule holds and which are on no other meeting's agenda.
pub async fn agenda(db: &mut Connection, conference: &Conference, now: Timestamp) -> Result<Found> {
    let today = clock::day(now);
    let since = |why: Why| clock::stored(now - jiff::SignedDuration::from_hours(24 * after(why)));
    let (whose, value) = match &conference.station {
        Some(station) => ("station", station.to_string()),
        None => ("division", format!("{}%", conference.division)),
    };
    let rows = sqlx::query(include_str!("../agenda.sql"))
        .bind(whose)
        .bind(value)
        .bind(clock::stored(now))
        .bind(today.to_string())
        .bind(since(Why::Tier1Expired))
        .bind(clock::stored(clock::start_of(today.saturating_sub(after(Why::Red).days()))))
        .bind(after(Why::Declined))
        .bind(since(Why::Overdue))
        .bind(after(Why::NoShow))
        .bind(conference.id.as_str())
        .fetch_all(db)
        .await?;
    let mut found = Found::new();
    for row in &rows {
        let row = Row::of("case", row);
        let code: Why = row.name("code")?;
        found.entry(row.parse("id")?).or_default().push(code);
    }
    for whys in found.values_mut() {
        whys.sort_by_key(|why| super::super::rules::rank(*why));
        whys.dedup();
    }
    Ok(found)
}

/// Writes what a worker asks a meeting to take up; one that waits already stays.
pub async fn insert_proposal(
    db: &mut Connection,
    case: &CaseId,
    sealing: Sealing<'_>,
    words: &Words,
    by: &AccountId,
    at: Timestamp,
) -> Result<()> {
    sqlx::query("INSERT INTO agenda_proposal (id, case_id, words, by_account, at) VALUES ($1, $2, $3, $4, $5)")
        .bind(id::new(at))
        .bind(case.as_str())
        .bind(seal(sealing, "agenda_proposal", words))
        .bind(by.as_str())
        .bind(clock::stored(at))
        .execute(db)
        .await
        .map_err(|error| match error.as_database_error() {
            Some(database) if database.is_unique_violation() => Error::Conflict { why: "proposed_already" },
            _ => Error::from(error),
        })?;
    Ok(())
}

/// The words of the proposal of a case that waits; the caller has asked `decide`.
pub async fn proposal_words(db: &mut Connection, case: &CaseId, sealing: Sealing<'_>) -> Result<Words> {
    let cell: Option<String> = sqlx::query_scalar("SELECT words FROM agenda_proposal WHERE case_id = $1 AND taken_at IS NULL")
        .bind(case.as_str())
        .fetch_optional(db)
        .await?;
    open(sealing, "agenda_proposal", cell.as_deref())
}

/// Marks the proposals of a case as taken up.
pub async fn take_proposals(db: &mut Connection, case: &CaseId, at: Timestamp) -> Result<()> {
    sqlx::query("UPDATE agenda_proposal SET taken_at = $2 WHERE case_id = $1 AND taken_at IS NULL")
        .bind(case.as_str())
        .bind(clock::stored(at))
        .execute(db)
        .await?;
    Ok(())
}

/// The case of a number that is said on the phone.
pub async fn case_of_number(db: &mut Connection, number: &str) -> Result<Option<CaseId>> {
    let row = sqlx::query("SELECT id FROM \"case\" WHERE number = $1").bind(number.trim().to_uppercase()).fetch_optional(db).await?;
    row.map(|row| Row::of("case", &row).parse("id")).transpose()
}
