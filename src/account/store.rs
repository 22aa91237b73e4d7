//! The tables `account`, `role_grant`, `login_attempt`, and the part of `ticket` that opens a case.

use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::any::AnyRow;

use super::model::{Account, StoredGrant};
use crate::access::{Actor, Grant, Role, Scope, Ticket};
use crate::clock;
use crate::error::{Error, Result};
use crate::id::{AccountId, OrganizationId};
use crate::store::{Connection, Row, flag};

fn read(row: &AnyRow) -> Result<Account> {
    let row = Row::of("account", row);
    Ok(Account {
        id: row.parse("id")?,
        login: row.text("login")?,
        name: row.text("name")?,
        organization: row.maybe_parse("organization_id")?,
        locale: row.text("locale")?,
        theme: row.text("theme")?,
        text_size: row.text("text_size")?,
        status: row.name("status")?,
        must_change: row.flag("must_change")?,
    })
}

/// The account of an id.
pub async fn find(db: &mut Connection, id: &AccountId) -> Result<Option<Account>> {
    let row =
        sqlx::query("SELECT id, login, name, organization_id, locale, theme, text_size, status, must_change FROM account WHERE id = $1")
            .bind(id.as_str())
            .fetch_optional(db)
            .await?;
    row.as_ref().map(read).transpose()
}

/// The account of a login, with its password's hash.
pub async fn by_login(db: &mut Connection, login: &str) -> Result<Option<(Account, Option<String>)>> {
    let row = sqlx::query(
        "SELECT id, login, name, organization_id, locale, theme, text_size, status, must_change, password_hash FROM account WHERE login = $1",
    )
    .bind(login)
    .fetch_optional(db)
    .await?;
    row.map(|row| Ok((read(&row)?, Row::of("account", &row).maybe_text("password_hash")?))).transpose()
}

/// All accounts by login, at most 500.
pub async fn all(db: &mut Connection) -> Result<Vec<Account>> {
    let rows = sqlx::query(
        "SELECT id, login, name, organization_id, locale, theme, text_size, status, must_change FROM account ORDER BY login LIMIT 500",
    )
    .fetch_all(db)
    .await?;
    rows.iter().map(read).collect()
}

/// Writes a new account.
pub async fn insert(db: &mut Connection, account: &Account, password_hash: Option<&str>, at: Timestamp) -> Result<()> {
    sqlx::query(
        "INSERT INTO account (id, login, name, password_hash, organization_id, locale, theme, text_size, status, must_change, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(account.id.as_str())
    .bind(&account.login)
    .bind(&account.name)
    .bind(password_hash)
    .bind(account.organization.as_ref().map(OrganizationId::as_str))
    .bind(&account.locale)
    .bind(&account.theme)
    .bind(&account.text_size)
    .bind(match account.status {
        super::model::Status::Invited => "invited",
        super::model::Status::Active => "active",
        super::model::Status::Disabled => "disabled",
    })
    .bind(flag(account.must_change))
    .bind(clock::stored(at))
    .execute(db)
    .await
    .map_err(|error| match &error {
        sqlx::Error::Database(cause) if cause.is_unique_violation() => Error::invalid("login", "login_taken"),
        _ => Error::from(error),
    })?;
    Ok(())
}

/// Makes an account that belongs nowhere yet one of an organization.
pub async fn join(db: &mut Connection, id: &AccountId, organization: &OrganizationId, at: Timestamp) -> Result<()> {
    let done = sqlx::query("UPDATE account SET organization_id = $2, changed_at = $3 WHERE id = $1 AND organization_id IS NULL")
        .bind(id.as_str())
        .bind(organization.as_str())
        .bind(clock::stored(at))
        .execute(db)
        .await?;
    if done.rows_affected() == 0 { Err(Error::Conflict { why: "changed" }) } else { Ok(()) }
}

/// Sets a password's hash.
pub async fn set_password(db: &mut Connection, id: &AccountId, password_hash: &str, must_change: bool, at: Timestamp) -> Result<()> {
    sqlx::query(
        "UPDATE account SET password_hash = $2, must_change = $3, status = 'active', version = version + 1, changed_at = $4 WHERE id = $1",
    )
    .bind(id.as_str())
    .bind(password_hash)
    .bind(flag(must_change))
    .bind(clock::stored(at))
    .execute(db)
    .await?;
    Ok(())
}

/// Sets language, theme and type size.
pub async fn prefer(db: &mut Connection, id: &AccountId, locale: &str, theme: &str, text_size: &str) -> Result<()> {
    sqlx::query("UPDATE account SET locale = $2, theme = $3, text_size = $4 WHERE id = $1")
        .bind(id.as_str())
        .bind(locale)
        .bind(theme)
        .bind(text_size)
        .execute(db)
        .await?;
    Ok(())
}

/// The grants of an account that hold on a day.
pub async fn grants(db: &mut Connection, account: &AccountId, day: Date) -> Result<Vec<Grant>> {
    let rows = sqlx::query(
        "SELECT id, role, scope FROM role_grant
         WHERE account_id = $1 AND valid_from <= $2 AND (valid_to IS NULL OR valid_to >= $2) ORDER BY valid_from, id",
    )
    .bind(account.as_str())
    .bind(day.to_string())
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("role_grant", row);
            let fault = |column| Error::Row { table: "role_grant", column, row: row.text("id").unwrap_or_default() };
            Ok(Grant {
                role: Role::from_code(&row.text("role")?).ok_or_else(|| fault("role"))?,
                scope: Scope::parse(&row.text("scope")?).ok_or_else(|| fault("scope"))?,
            })
        })
        .collect()
}

/// Writes a grant.
pub async fn insert_grant(db: &mut Connection, grant: &StoredGrant, by: Option<&AccountId>) -> Result<()> {
    sqlx::query(
        "INSERT INTO role_grant (id, account_id, role, scope, granted_by, valid_from, valid_to) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(grant.id.as_str())
    .bind(grant.account.as_str())
    .bind(grant.role.code())
    .bind(grant.scope.to_string())
    .bind(by.map(AccountId::as_str))
    .bind(grant.valid_from.to_string())
    .bind(grant.valid_to.map(|day| day.to_string()))
    .execute(db)
    .await?;
    Ok(())
}

/// Ends every grant of a role on the day before `day`.
pub async fn end_grants(db: &mut Connection, account: &AccountId, role: Role, day: Date) -> Result<u64> {
    let last = day.yesterday().unwrap_or(day);
    let done =
        sqlx::query("UPDATE role_grant SET valid_to = $3 WHERE account_id = $1 AND role = $2 AND (valid_to IS NULL OR valid_to > $3)")
            .bind(account.as_str())
            .bind(role.code())
            .bind(last.to_string())
            .execute(db)
            .await?;
    Ok(done.rows_affected())
}

/// The accounts that hold a role in a scope today: who supervises this station, who coordinates this county.
pub async fn holders(db: &mut Connection, role: Role, scope: &Scope, day: Date) -> Result<Vec<AccountId>> {
    let rows = sqlx::query(
        "SELECT a.id FROM role_grant g JOIN account a ON a.id = g.account_id
         WHERE g.role = $1 AND g.scope = $2 AND g.valid_from <= $3 AND (g.valid_to IS NULL OR g.valid_to >= $3) AND a.status <> 'disabled'
         ORDER BY g.valid_from, a.id",
    )
    .bind(role.code())
    .bind(scope.to_string())
    .bind(day.to_string())
    .fetch_all(db)
    .await?;
    rows.iter().map(|row| Row::of("account", row).parse("id")).collect()
}

/// The tickets of an account that are approved and hold now.
pub async fn tickets(db: &mut Connection, account: &AccountId, now: Timestamp) -> Result<Vec<Ticket>> {
    let rows = sqlx::query(
        "SELECT id, case_id, valid_to FROM ticket
         WHERE account_id = $1 AND valid_from <= $2 AND valid_to > $2 AND (kind = 'break_glass' OR approved_by IS NOT NULL)",
    )
    .bind(account.as_str())
    .bind(clock::stored(now))
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("ticket", row);
            Ok(Ticket { case: row.parse("case_id")?, valid_to: row.parse("valid_to")? })
        })
        .collect()
}

/// The address at work of an account, if it has one.
pub async fn mail(db: &mut Connection, account: &AccountId) -> Result<Option<String>> {
    let row = sqlx::query("SELECT id, mail FROM account WHERE id = $1").bind(account.as_str()).fetch_optional(db).await?;
    row.map(|row| Row::of("account", &row).maybe_text("mail")).transpose().map(Option::flatten)
}

/// Keeps the address at work of an account, or takes it away.
pub async fn set_mail(db: &mut Connection, account: &AccountId, mail: Option<&str>, now: Timestamp) -> Result<()> {
    sqlx::query("UPDATE account SET mail = $2, version = version + 1, changed_at = $3 WHERE id = $1")
        .bind(account.as_str())
        .bind(mail)
        .bind(clock::stored(now))
        .execute(db)
        .await?;
    Ok(())
}

/// How often a login was tried in vain from a network since the last success, and when last.
pub async fn failures(db: &mut Connection, login: &str, peer: &str) -> Result<(i64, Option<Timestamp>)> {
    let row = sqlx::query("SELECT failed, last_at FROM login_attempt WHERE login = $1 AND peer = $2")
        .bind(login)
        .bind(peer)
        .fetch_optional(db)
        .await?;
    match row {
        None => Ok((0, None)),
        Some(row) => {
            let row = Row::of("login_attempt", &row);
            Ok((row.int("failed")?, Some(row.parse("last_at")?)))
        }
    }
}

/// Notes a log-in that failed.
pub async fn note_failure(db: &mut Connection, login: &str, peer: &str, now: Timestamp) -> Result<()> {
    sqlx::query(
        "INSERT INTO login_attempt (login, peer, failed, last_at) VALUES ($1, $2, 1, $3)
         ON CONFLICT (login, peer) DO UPDATE SET failed = login_attempt.failed + 1, last_at = excluded.last_at",
    )
    .bind(login)
    .bind(peer)
    .bind(clock::stored(now))
    .execute(db)
    .await?;
    Ok(())
}

/// Forgets the failures after a log-in that succeeded.
pub async fn forget_failures(db: &mut Connection, login: &str, peer: &str) -> Result<()> {
    sqlx::query("DELETE FROM login_attempt WHERE login = $1 AND peer = $2").bind(login).bind(peer).execute(db).await?;
    Ok(())
}

/// Which notices are somebody's and unread: `$1` the account, `$2` the organization it answers for, `$3` the one it meets for,
/// `$4` now. What is said of referrals is for who answers them, the rest for who does what meetings ask.
macro_rules! unread_notices {
    ($select:literal) => {
        concat!(
            $select,
            " WHERE read_at IS NULL AND due_at <= $4 AND (account_id = $1 OR (organization_id = $2 AND template LIKE 'referral%')
                  OR (organization_id = $3 AND template NOT LIKE 'referral%'))"
        )
    };
    ($select:literal, $order:literal) => {
        concat!($crate::account::store::unread_notices!($select), $order)
    };
}
pub(crate) use unread_notices;

/// Number of unread notices of a person.
pub async fn unread(db: &mut Connection, actor: &Actor, now: Timestamp) -> Result<u32> {
    let row = sqlx::query(unread_notices!("SELECT COUNT(*) AS unread FROM notice"))
        .bind(actor.id.as_str())
        .bind(actor.own(Role::ANSWERING).map(OrganizationId::as_str))
        .bind(actor.own(Role::MEETING).map(OrganizationId::as_str))
        .bind(clock::stored(now))
        .fetch_one(db)
        .await?;
    Row::of("notice", &row).count("unread")
}

/// Writes whether an account can be signed in with.
pub async fn set_status(db: &mut Connection, id: &AccountId, status: super::model::Status, at: Timestamp) -> Result<()> {
    let name = serde_json::to_value(status).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default();
    sqlx::query("UPDATE account SET status = $2, changed_at = $3 WHERE id = $1")
        .bind(id.as_str())
        .bind(name)
        .bind(clock::stored(at))
        .execute(db)
        .await?;
    Ok(())
}

/// The people of a station who may work on cases today: workers and the head.
pub async fn colleagues(db: &mut Connection, station: &OrganizationId, today: Date) -> Result<Vec<(AccountId, String)>> {
    let rows = sqlx::query(
        "SELECT DISTINCT a.id, a.name FROM role_grant g JOIN account a ON a.id = g.account_id
         WHERE g.role IN ('worker', 'supervisor') AND g.scope = $1 AND g.valid_from <= $2 AND (g.valid_to IS NULL OR g.valid_to >= $2)
           AND a.status <> 'disabled' ORDER BY a.name, a.id",
    )
    .bind(Scope::Organization(station.clone()).to_string())
    .bind(today.to_string())
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("account", row);
            Ok((row.parse("id")?, row.text("name")?))
        })
        .collect()
}
