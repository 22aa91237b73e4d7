//! Which cases come up by themselves, and what workers propose.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp, ToSpan};

use super::super::model::{Conference, Why};
use super::super::rules::after;
use super::{Sealing, open, seal};
use crate::clock;
use crate::error::{Error, Result};
use crate::id::{self, AccountId, AgendaItemId, CaseId};
use crate::secret::Words;
use crate::store::{Connection, Row};

/// A case, and every rule that holds for it.
pub type Found = BTreeMap<CaseId, Vec<Why>>;

macro_rules! rules {
    ($scope:literal) => {
        concat!(
            "WITH scope AS (SELECT id, risk FROM \"case\" WHERE state <> 'closed' AND opened_at <= $2 AND ",
            $scope,
            ")",
            include_str!("../agenda.sql")
        )
    };
}

/// How long after its hour a meeting that was not held keeps its cases from other agendas.
const HELD: SignedDuration = SignedDuration::from_hours(24);
/// How long one keeps them whose minutes nobody signs.
const SIGNED: SignedDuration = SignedDuration::from_hours(14 * 24);

const OF_STATION: &str = rules!("station_id = $1");
const OF_DIVISION: &str = rules!("division >= $1 AND division < $1 || 'z'");

/// The cases of a meeting's station or division for which a rule holds and which are on no other meeting's agenda.
pub async fn agenda(db: &mut Connection, conference: &Conference, now: Timestamp) -> Result<Found> {
    let today = clock::day(now);
    let since = |why: Why| clock::stored(now - SignedDuration::from_hours(24 * after(why)));
    let days_ago = |why: Why| clock::stored(clock::start_of(today.saturating_sub(after(why).days())));
    let (rules, whose) = match &conference.station {
        Some(station) => (OF_STATION, station.to_string()),
        None => (OF_DIVISION, conference.division.to_string()),
    };
    let rows = sqlx::query(rules)
        .bind(whose)
        .bind(clock::stored(now))
        .bind(today.to_string())
        .bind(since(Why::Tier1Expired))
        .bind(days_ago(Why::Red))
        .bind(after(Why::Declined))
        .bind(since(Why::Overdue))
        .bind(after(Why::NoShow))
        .bind(conference.id.as_str())
        .bind(days_ago(Why::Gap))
        .bind(clock::stored(now - HELD))
        .bind(clock::stored(now - SIGNED))
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

/// Marks the proposal of a case as taken up by an item.
pub async fn take_proposal(db: &mut Connection, case: &CaseId, item: &AgendaItemId, at: Timestamp) -> Result<()> {
    sqlx::query("UPDATE agenda_proposal SET taken_at = $2, agenda_item_id = $3 WHERE case_id = $1 AND taken_at IS NULL")
        .bind(case.as_str())
        .bind(clock::stored(at))
        .bind(item.as_str())
        .execute(db)
        .await?;
    Ok(())
}

/// The proposal an item took up waits again, if none has come since.
pub async fn give_back_proposal(db: &mut Connection, item: &AgendaItemId) -> Result<()> {
    sqlx::query(
        "UPDATE agenda_proposal SET taken_at = NULL, agenda_item_id = NULL WHERE agenda_item_id = $1
         AND NOT EXISTS (SELECT 1 FROM agenda_proposal other WHERE other.case_id = agenda_proposal.case_id AND other.taken_at IS NULL)",
    )
    .bind(item.as_str())
    .execute(db)
    .await?;
    Ok(())
}

/// The case of a number that is said on the phone.
pub async fn case_of_number(db: &mut Connection, number: &str) -> Result<Option<CaseId>> {
    let row = sqlx::query("SELECT id FROM \"case\" WHERE number = $1").bind(number.trim().to_uppercase()).fetch_optional(db).await?;
    row.map(|row| Row::of("case", &row).parse("id")).transpose()
}
