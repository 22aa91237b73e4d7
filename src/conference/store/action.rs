//! `action`: what was agreed on, by whom and by when.

use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::any::AnyRow;

use super::super::model::Act;
use super::{Sealing, open, seal};
use crate::clock;
use crate::error::{Error, Result};
use crate::id::{AccountId, ActionId, AgendaItemId, CaseId, ConferenceId, OrganizationId};
use crate::secret::Words;
use crate::store::{Connection, Row};

macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "SELECT a.id, a.conference_id, a.agenda_item_id, a.number, a.organization_id, a.person, a.account_id, a.backup, a.due_day, a.state,
                    a.reported_by, a.reported_at, a.checker_id, a.checked_by, a.version, a.words FROM action a ",
            $rest
        )
    };
}

fn read(row: &AnyRow) -> Result<Act> {
    let row = Row::of("action", row);
    Ok(Act {
        id: row.parse("id")?,
        conference: row.parse("conference_id")?,
        item: row.parse("agenda_item_id")?,
        number: row.count("number")?,
        organization: row.parse("organization_id")?,
        person: row.text("person")?,
        account: row.maybe_parse("account_id")?,
        backup: row.text("backup")?,
        due_day: row.parse("due_day")?,
        state: row.name("state")?,
        reported_by: row.maybe_parse("reported_by")?,
        reported_at: row.maybe_parse("reported_at")?,
        checker: row.maybe_parse("checker_id")?,
        checked_by: row.maybe_parse("checked_by")?,
        version: row.int("version")?,
    })
}

fn with_words(row: &AnyRow, sealing: Sealing<'_>) -> Result<(Act, Words)> {
    let cell = Row::of("action", row).text("words")?;
    Ok((read(row)?, open(sealing, "action", Some(&cell))?))
}

/// One action, without its words.
pub async fn act(db: &mut Connection, id: &ActionId) -> Result<Option<Act>> {
    let row = sqlx::query(columns!("WHERE a.id = $1")).bind(id.as_str()).fetch_optional(db).await?;
    row.as_ref().map(read).transpose()
}

/// The actions of an item, with their words: the caller has asked `decide` and records the view.
pub async fn acts(db: &mut Connection, item: &AgendaItemId, sealing: Sealing<'_>) -> Result<Vec<(Act, Words)>> {
    let rows = sqlx::query(columns!("WHERE a.agenda_item_id = $1 ORDER BY a.number")).bind(item.as_str()).fetch_all(db).await?;
    rows.iter().map(|row| with_words(row, sealing)).collect()
}

/// What earlier meetings agreed on about a case: what is open first, then the last.
pub async fn acts_of_case(
    db: &mut Connection,
    case: &CaseId,
    before: Timestamp,
    sealing: Sealing<'_>,
    limit: i64,
) -> Result<Vec<(Act, Words)>> {
    let rows = sqlx::query(columns!(
        "JOIN agenda_item i ON i.id = a.agenda_item_id JOIN conference m ON m.id = i.conference_id
         WHERE i.case_id = $1 AND m.starts_at < $2 ORDER BY CASE WHEN a.state = 'open' THEN 0 ELSE 1 END, m.starts_at DESC, a.number LIMIT $3"
    ));
    let rows = rows.bind(case.as_str()).bind(clock::stored(before)).bind(limit).fetch_all(db).await?;
    rows.iter().map(|row| with_words(row, sealing)).collect()
}

/// The actions of a body, what is open first, by their day; with the case each is about.
pub async fn acts_of_organization(db: &mut Connection, body: &OrganizationId, limit: i64) -> Result<Vec<Act>> {
    let rows = sqlx::query(columns!(
        "WHERE a.organization_id = $1 ORDER BY CASE WHEN a.state = 'open' THEN 0 ELSE 1 END, a.due_day, a.id LIMIT $2"
    ));
    let rows = rows.bind(body.as_str()).bind(limit).fetch_all(db).await?;
    rows.iter().map(read).collect()
}

/// The open actions of a meeting, of one body or of all, by their day.
pub async fn open_acts(db: &mut Connection, conference: &ConferenceId, body: Option<&OrganizationId>) -> Result<Vec<Act>> {
    let rows = sqlx::query(columns!(
        "WHERE a.conference_id = $1 AND a.state = 'open' AND ($2 = '' OR a.organization_id = $2) ORDER BY a.due_day, a.number"
    ));
    let rows = rows.bind(conference.as_str()).bind(body.map_or("", OrganizationId::as_str)).fetch_all(db).await?;
    rows.iter().map(read).collect()
}

/// The actions reported done that wait for an account to check them, by their day; some.
pub async fn acts_to_check(db: &mut Connection, checker: &AccountId) -> Result<Vec<Act>> {
    let rows =
        sqlx::query(columns!("WHERE a.checker_id = $1 AND a.checked_by IS NULL AND a.state = 'done' ORDER BY a.due_day, a.id LIMIT 100"));
    rows.bind(checker.as_str()).fetch_all(db).await?.iter().map(read).collect()
}

/// How many actions of an account, or of its body where nobody is named, should be done and are not.
pub async fn late_acts(db: &mut Connection, body: &OrganizationId, account: &AccountId, today: Date) -> Result<i64> {
    let count = sqlx::query_scalar(
        "SELECT COUNT(*) FROM action WHERE organization_id = $1 AND state = 'open' AND due_day < $2 AND (account_id IS NULL OR account_id = $3)",
    );
    Ok(count.bind(body.as_str()).bind(today.to_string()).bind(account.as_str()).fetch_one(db).await?)
}

/// The open actions that are late, or due by a day, of which that was not told; some.
pub async fn acts_due(db: &mut Connection, today: Date, by: Date) -> Result<Vec<Act>> {
    let rows = sqlx::query(columns!(
        "WHERE a.state = 'open' AND (a.due_day < $1 AND a.told < 2 OR a.due_day >= $1 AND a.due_day <= $2 AND a.told < 1)
         ORDER BY a.due_day, a.id LIMIT 200"
    ));
    let rows = rows.bind(today.to_string()).bind(by.to_string()).fetch_all(db).await?;
    rows.iter().map(read).collect()
}

/// Notes what was told of an action: that it is due, or that it is late.
pub async fn told(db: &mut Connection, id: &ActionId, late: bool) -> Result<()> {
    sqlx::query("UPDATE action SET told = $2 WHERE id = $1").bind(id.as_str()).bind(1 + i64::from(late)).execute(db).await?;
    Ok(())
}

/// The number of the next action of a meeting.
pub async fn next_act(db: &mut Connection, conference: &ConferenceId) -> Result<u32> {
    let count: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM action WHERE conference_id = $1").bind(conference.as_str()).fetch_one(db).await?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX).saturating_add(1))
}

/// Writes a new action, its words sealed.
pub async fn insert_act(db: &mut Connection, act: &Act, sealing: Sealing<'_>, words: &Words) -> Result<()> {
    sqlx::query(
        "INSERT INTO action (id, conference_id, agenda_item_id, number, words, organization_id, person, account_id, backup, due_day, state,
                             reported_at, reported_by, checked_by, checker_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
    )
    .bind(act.id.as_str())
    .bind(act.conference.as_str())
    .bind(act.item.as_str())
    .bind(i64::from(act.number))
    .bind(seal(sealing, "action", words))
    .bind(act.organization.as_str())
    .bind(&act.person)
    .bind(act.account.as_ref().map(AccountId::as_str))
    .bind(&act.backup)
    .bind(act.due_day.to_string())
    .bind(act.state.name())
    .bind(act.reported_at.map(clock::stored))
    .bind(act.reported_by.as_ref().map(AccountId::as_str))
    .bind(act.checked_by.as_ref().map(AccountId::as_str))
    .bind(act.checker.as_ref().map(AccountId::as_str))
    .execute(db)
    .await
    .map_err(|error| match error.as_database_error() {
        Some(database) if database.is_unique_violation() => Error::Conflict { why: "changed" },
        _ => Error::from(error),
    })?;
    Ok(())
}

/// Writes where an action stands, if nobody else has in between.
pub async fn report_act(db: &mut Connection, act: &Act) -> Result<()> {
    let done = sqlx::query(
        "UPDATE action SET state = $3, reported_at = $4, reported_by = $5, checked_by = $6, version = version + 1 WHERE id = $1 AND version = $2",
    )
    .bind(act.id.as_str())
    .bind(act.version)
    .bind(act.state.name())
    .bind(act.reported_at.map(clock::stored))
    .bind(act.reported_by.as_ref().map(AccountId::as_str))
    .bind(act.checked_by.as_ref().map(AccountId::as_str))
    .execute(db)
    .await?;
    if done.rows_affected() == 0 { Err(Error::Conflict { why: "changed" }) } else { Ok(()) }
}

/// Adds a text to the words of an action: what was done, or why it could not be.
pub async fn set_act_words(
    db: &mut Connection,
    id: &ActionId,
    sealing: Sealing<'_>,
    name: &str,
    text: crate::secret::Hidden,
) -> Result<()> {
    let cell: String = sqlx::query_scalar("SELECT words FROM action WHERE id = $1").bind(id.as_str()).fetch_one(&mut *db).await?;
    let words = open(sealing, "action", Some(&cell))?.with(name, text);
    sqlx::query("UPDATE action SET words = $2 WHERE id = $1").bind(id.as_str()).bind(seal(sealing, "action", &words)).execute(db).await?;
    Ok(())
}

/// The account of somebody of a body, by name, if exactly one goes by it.
pub async fn person_of(db: &mut Connection, body: &OrganizationId, name: &str) -> Result<Option<AccountId>> {
    let rows = sqlx::query("SELECT id FROM account WHERE organization_id = $1 AND name = $2 AND status <> 'disabled' LIMIT 2")
        .bind(body.as_str())
        .bind(name)
        .fetch_all(db)
        .await?;
    match rows.as_slice() {
        [one] => Row::of("account", one).parse("id").map(Some),
        _ => Ok(None),
    }
}
