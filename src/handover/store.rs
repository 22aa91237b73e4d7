//! `transfer`, and the owners of what is open.

use jiff::Timestamp;
use sqlx::any::AnyRow;

use super::model::{HeldCase, HeldReferral, OpenWork, Transfer};
use crate::clock;
use crate::conference;
use crate::error::{Error, Result};
use crate::id::{AccountId, ChildId, OrganizationId, TransferId};
use crate::secret::{ChildKey, Place, Words};
use crate::store::{Connection, Row};

fn place(child: &ChildId) -> Place<'_> {
    Place { table: "transfer", child: child.as_str(), field: "words" }
}

fn read(row: &AnyRow) -> Result<Transfer> {
    let row = Row::of("transfer", row);
    Ok(Transfer {
        id: row.parse("id")?,
        case: row.parse("case_id")?,
        from: row.parse("from_station")?,
        to: row.parse("to_station")?,
        to_division: row.parse("to_division")?,
        state: row.name("state")?,
        reason: row.text("reason")?,
        offered_by: row.parse("offered_by")?,
        offered_at: row.parse("offered_at")?,
        answered_at: row.maybe_parse("answered_at")?,
        version: row.int("version")?,
    })
}

macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "SELECT id, case_id, from_station, to_station, to_division, state, reason, offered_by, offered_at, answered_at, version FROM transfer ",
            $rest
        )
    };
}

/// One transfer.
pub async fn find(db: &mut Connection, id: &TransferId) -> Result<Option<Transfer>> {
    let row = sqlx::query(columns!("WHERE id = $1")).bind(id.as_str()).fetch_optional(db).await?;
    row.as_ref().map(read).transpose()
}

/// The transfers from and to a station: those that wait first, then the last.
pub async fn of_station(db: &mut Connection, station: &OrganizationId, limit: i64) -> Result<Vec<Transfer>> {
    let rows = sqlx::query(columns!(
        "WHERE from_station = $1 OR to_station = $1 ORDER BY CASE WHEN state = 'offered' THEN 0 ELSE 1 END, offered_at DESC LIMIT $2"
    ))
    .bind(station.as_str())
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows.iter().map(read).collect()
}

/// The words of a transfer: the caller has asked `decide` and records the view.
pub async fn words(db: &mut Connection, (key, child): (&ChildKey, &ChildId), id: &TransferId) -> Result<Words> {
    let cell: Option<String> = sqlx::query_scalar("SELECT words FROM transfer WHERE id = $1").bind(id.as_str()).fetch_one(db).await?;
    Ok(Words::open(key, place(child), cell.as_deref())?)
}

/// Writes a new transfer; a second one for the same case is a conflict: the first stands.
pub async fn insert(
    db: &mut Connection,
    transfer: &Transfer,
    province: &str,
    (key, child): (&ChildKey, &ChildId),
    words: &Words,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO transfer (id, case_id, province, from_station, to_station, to_division, state, reason, words, offered_by, offered_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(transfer.id.as_str())
    .bind(transfer.case.as_str())
    .bind(province)
    .bind(transfer.from.as_str())
    .bind(transfer.to.as_str())
    .bind(transfer.to_division.as_str())
    .bind(transfer.state.name())
    .bind(&transfer.reason)
    .bind(words.seal(key, place(child)))
    .bind(transfer.offered_by.as_str())
    .bind(clock::stored(transfer.offered_at))
    .execute(db)
    .await
    .map_err(|error| match error.as_database_error() {
        Some(database) if database.is_unique_violation() => Error::Conflict { why: "transfer_offered" },
        _ => Error::from(error),
    })?;
    Ok(())
}

/// Writes the other station's answer, if nobody else has in between.
pub async fn answer(
    db: &mut Connection,
    transfer: &Transfer,
    by: &AccountId,
    (key, child): (&ChildKey, &ChildId),
    words: &Words,
    at: Timestamp,
) -> Result<()> {
    let done = sqlx::query(
        "UPDATE transfer SET state = $3, answered_by = $4, answered_at = $5, words = $6, version = version + 1 WHERE id = $1 AND version = $2",
    )
    .bind(transfer.id.as_str())
    .bind(transfer.version)
    .bind(transfer.state.name())
    .bind(by.as_str())
    .bind(clock::stored(at))
    .bind(words.seal(key, place(child)))
    .execute(db)
    .await?;
    if done.rows_affected() == 0 { Err(Error::Conflict { why: "changed" }) } else { Ok(()) }
}

/// What an account holds that is open.
pub async fn open_work(db: &mut Connection, account: &AccountId) -> Result<OpenWork> {
    let cases = sqlx::query(
        "SELECT c.id, c.number, c.station_id, h.alias FROM \"case\" c JOIN child h ON h.id = c.child_id
         WHERE c.worker_id = $1 AND c.state <> 'closed' ORDER BY c.opened_at, c.id",
    )
    .bind(account.as_str())
    .fetch_all(&mut *db)
    .await?;
    let referrals = sqlx::query(
        "SELECT id, number FROM referral WHERE owner_id = $1 AND state IN ('pending_approval', 'queued', 'sent', 'acknowledged', 'needs_info',
             'waitlisted', 'accepted', 'in_service', 'reported') ORDER BY due_at, id",
    )
    .bind(account.as_str())
    .fetch_all(&mut *db)
    .await?;
    let case = |row: &AnyRow| {
        let row = Row::of("case", row);
        Ok(HeldCase { id: row.parse("id")?, number: row.text("number")?, alias: row.text("alias")?, station: row.parse("station_id")? })
    };
    let referral = |row: &AnyRow| {
        let row = Row::of("referral", row);
        Ok(HeldReferral { id: row.parse("id")?, number: row.text("number")? })
    };
    Ok(OpenWork {
        cases: cases.iter().map(case).collect::<Result<_>>()?,
        referrals: referrals.iter().map(referral).collect::<Result<_>>()?,
        meetings: conference::store::led(db, account).await?,
    })
}

/// Stations to which a case may go, by name.
pub async fn stations(db: &mut Connection, other_than: &OrganizationId) -> Result<Vec<(OrganizationId, String)>> {
    let rows = sqlx::query(
        "SELECT id, name FROM organization WHERE kind = '未保工作站' AND status IN ('pending', 'verified') AND id <> $1 ORDER BY pinyin, id LIMIT 2000",
    )
    .bind(other_than.as_str())
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("organization", row);
            Ok((row.parse("id")?, row.text("name")?))
        })
        .collect()
}
