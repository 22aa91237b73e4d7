//! `saved_list` and `saved_entry`.

use jiff::Timestamp;
use sqlx::any::AnyRow;

use super::model::{MOST_SERVICES, Shortlist};
use crate::clock;
use crate::error::{Error, Result};
use crate::id::{AccountId, OrganizationId, ServiceId, ShortlistId};
use crate::store::{Connection, Row};

fn read(row: &AnyRow) -> Result<Shortlist> {
    let row = Row::of("saved_list", row);
    Ok(Shortlist {
        id: row.parse("id")?,
        owner: row.parse("account_id")?,
        owner_name: row.text("owner_name")?,
        station: row.maybe_parse("organization_id")?,
        name: row.text("name")?,
        services: row.count("services")?,
        version: row.int("version")?,
        at: row.parse("at")?,
    })
}

macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "SELECT l.id, l.account_id, a.name AS owner_name, l.organization_id, l.name, l.version, l.at,
                    (SELECT COUNT(*) FROM saved_entry e WHERE e.list_id = l.id) AS services
             FROM saved_list l JOIN account a ON a.id = l.account_id ",
            $rest
        )
    };
}

/// One list.
pub async fn find(db: &mut Connection, id: &ShortlistId) -> Result<Option<Shortlist>> {
    let row = sqlx::query(columns!("WHERE l.id = $1")).bind(id.as_str()).fetch_optional(db).await?;
    row.as_ref().map(read).transpose()
}

/// The lists of a person, the last first.
pub async fn of_account(db: &mut Connection, account: &AccountId) -> Result<Vec<Shortlist>> {
    let rows = sqlx::query(columns!("WHERE l.account_id = $1 ORDER BY l.at DESC, l.id DESC")).bind(account.as_str()).fetch_all(db).await?;
    rows.iter().map(read).collect()
}

/// What others share with a station, the last first.
pub async fn of_station(db: &mut Connection, station: &OrganizationId, but: &AccountId) -> Result<Vec<Shortlist>> {
    let rows = sqlx::query(columns!("WHERE l.organization_id = $1 AND l.account_id <> $2 ORDER BY l.at DESC, l.id DESC LIMIT 500"));
    let rows = rows.bind(station.as_str()).bind(but.as_str()).fetch_all(db).await?;
    rows.iter().map(read).collect()
}

/// Writes a new list.
pub async fn insert(db: &mut Connection, list: &Shortlist) -> Result<()> {
    sqlx::query("INSERT INTO saved_list (id, account_id, organization_id, name, version, at) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(list.id.as_str())
        .bind(list.owner.as_str())
        .bind(list.station.as_ref().map(OrganizationId::as_str))
        .bind(&list.name)
        .bind(list.version)
        .bind(clock::stored(list.at))
        .execute(db)
        .await?;
    Ok(())
}

/// Changes the name of a list and who shares it, unless somebody changed it meanwhile.
pub async fn update(db: &mut Connection, list: &Shortlist) -> Result<()> {
    let done = sqlx::query("UPDATE saved_list SET name = $2, organization_id = $3, version = version + 1 WHERE id = $1 AND version = $4")
        .bind(list.id.as_str())
        .bind(&list.name)
        .bind(list.station.as_ref().map(OrganizationId::as_str))
        .bind(list.version)
        .execute(db)
        .await?;
    if done.rows_affected() == 0 { Err(Error::Conflict { why: "changed" }) } else { Ok(()) }
}

/// Deletes a list with its entries.
pub async fn delete(db: &mut Connection, id: &ShortlistId) -> Result<()> {
    sqlx::query("DELETE FROM saved_entry WHERE list_id = $1").bind(id.as_str()).execute(&mut *db).await?;
    sqlx::query("DELETE FROM saved_list WHERE id = $1").bind(id.as_str()).execute(db).await?;
    Ok(())
}

/// The services of a list, as they were put in.
pub async fn entries(db: &mut Connection, id: &ShortlistId) -> Result<Vec<ServiceId>> {
    let rows = sqlx::query("SELECT e.service_id AS id FROM saved_entry e WHERE e.list_id = $1 ORDER BY e.position, e.service_id")
        .bind(id.as_str())
        .fetch_all(db)
        .await?;
    rows.iter().map(|row| Row::of("saved_entry", row).parse("id")).collect()
}

/// Puts a service at the end of a list; whether it was not in it and there was room.
pub async fn put(db: &mut Connection, id: &ShortlistId, service: &ServiceId, at: Timestamp) -> Result<bool> {
    let done = sqlx::query(
        "INSERT INTO saved_entry (list_id, service_id, position, at)
         SELECT $1, $2, (SELECT COALESCE(MAX(e.position), 0) + 1 FROM saved_entry e WHERE e.list_id = $1), $3
         WHERE (SELECT COUNT(*) FROM saved_entry e WHERE e.list_id = $1) < $4
         ON CONFLICT (list_id, service_id) DO NOTHING",
    )
    .bind(id.as_str())
    .bind(service.as_str())
    .bind(clock::stored(at))
    .bind(i64::from(MOST_SERVICES))
    .execute(db)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Takes a service out of a list; whether it was in it.
pub async fn take_out(db: &mut Connection, id: &ShortlistId, service: &ServiceId) -> Result<bool> {
    let done = sqlx::query("DELETE FROM saved_entry WHERE list_id = $1 AND service_id = $2")
        .bind(id.as_str())
        .bind(service.as_str())
        .execute(db)
        .await?;
    Ok(done.rows_affected() > 0)
}
