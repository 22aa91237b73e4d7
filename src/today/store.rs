//! What waits for a person, out of the tables of the loop.

use jiff::Timestamp;
use sqlx::any::AnyRow;

use super::model::{Notice, Today, Unasked, Unreported, Waiting};
use crate::access::{Actor, Role, Scope};
use crate::account::store::unread_notices;
use crate::clock;
use crate::error::Result;
use crate::id::OrganizationId;
use crate::organization::{self, suggestion};
use crate::referral::model::Filter;
use crate::referral::store::{self as referrals, Whose};
use crate::store::{Connection, Row};

/// Everything that waits for an actor.
pub async fn today(db: &mut Connection, actor: &Actor, now: Timestamp) -> Result<Today> {
    let mut today = Today { notices: notices(db, actor, now).await?, ..Today::default() };
    if actor.is(Role::Worker) || actor.is(Role::Supervisor) || actor.is(Role::Coordinator) {
        let owned = referrals::tally(db, &Whose::Owner(actor.id.clone()), None, now).await?;
        (today.overdue, today.due_today) = (owned.of(Filter::Overdue), owned.of(Filter::Today));
        today.waiting = waiting(db, actor).await?;
        today.unasked = unasked(db, actor).await?;
        today.unreported = unreported(db, "worker", actor.id.as_str()).await?;
        today.cases = count(db, "SELECT COUNT(*) AS n FROM \"case\" WHERE worker_id = $1 AND state <> 'closed'", actor.id.as_str()).await?;
    }
    for station in actor.organizations(Role::Supervisor) {
        for other in unreported(db, "station", station.as_str()).await? {
            if today.unreported.iter().all(|known| known.case != other.case) {
                today.unreported.push(other);
            }
        }
        let statement = "SELECT COUNT(*) AS n FROM referral r JOIN \"case\" c ON c.id = r.case_id WHERE c.station_id = $1 AND r.state = 'pending_approval'";
        today.to_approve += count(db, statement, station.as_str()).await?;
        let ahead = sqlx::query(AHEAD_OF_STATION).bind(station.as_str()).bind(actor.id.as_str()).fetch_all(&mut *db).await?;
        take_ahead(&mut today, &ahead)?;
    }
    for scope in actor.scopes(Role::Coordinator) {
        if let Scope::Division(code) = scope {
            let ahead = sqlx::query(AHEAD_OF_DIVISION).bind(code.as_str()).bind(actor.id.as_str()).bind(clock::day(now).to_string());
            take_ahead(&mut today, &ahead.fetch_all(&mut *db).await?)?;
        }
    }
    for organization in actor.organizations(Role::Provider) {
        let statement = "SELECT COUNT(*) AS n FROM referral WHERE organization_id = $1 AND state IN ('sent', 'acknowledged')";
        today.to_answer += count(db, statement, organization.as_str()).await?;
        today.to_settle += suggestion::count_own(db, organization).await?;
    }
    let ends_by = organization::ends_by(clock::day(now));
    for below in organization::registrar_scopes(actor) {
        today.to_settle += suggestion::count_below(db, &below).await?;
        today.to_renew += organization::store::count_ending(db, &below, ends_by).await?;
    }
    for scope in actor.scopes(Role::Registrar) {
        if let Scope::Division(code) = scope {
            let below = code.to_string();
            today.to_verify += count(
                db,
                "SELECT COUNT(*) AS n FROM organization WHERE status = 'pending' AND division >= $1 AND division < $1 || 'z'",
                &below,
            )
            .await?;
            let unchecked = "SELECT COUNT(*) AS n FROM service s JOIN organization o ON o.id = s.organization_id
                             WHERE s.unchecked = 1 AND s.status = 'active' AND o.status = 'verified' AND o.division >= $1 AND o.division < $1 || 'z'";
            today.to_verify += count(db, unchecked, &below).await?;
        }
    }
    Ok(today)
}

async fn count(db: &mut Connection, statement: &'static str, bound: &str) -> Result<u32> {
    let row = sqlx::query(statement).bind(bound).fetch_one(db).await?;
    Row::of("count", &row).count("n")
}

/// Which referrals went out ahead of their approval and wait for the actor's second look; who wrote one does not confirm it.
macro_rules! ahead {
    ($whose:literal) => {
        concat!(
            "SELECT r.id, r.number, r.state, r.tier, r.sent_at AS due_at, n.term, o.name, ch.alias, COUNT(*) OVER () AS n
             FROM \"case\" c JOIN referral r ON r.case_id = c.id AND r.flags LIKE '%to_confirm%' JOIN need n ON n.id = r.need_id
                  JOIN organization o ON o.id = r.organization_id JOIN child ch ON ch.id = c.child_id
             WHERE ",
            $whose,
            " AND r.author_id <> $2 AND r.state <> 'voided' AND r.sent_at IS NOT NULL ORDER BY r.sent_at, r.id LIMIT 20"
        )
    };
}
/// Those of a station.
const AHEAD_OF_STATION: &str = ahead!("c.station_id = $1");
/// Those of a division that nobody else of their station may confirm: its one head wrote them.
const AHEAD_OF_DIVISION: &str = ahead!(
    "c.division >= $1 AND c.division < $1 || 'z' AND NOT EXISTS (SELECT 1 FROM role_grant g JOIN account a ON a.id = g.account_id
     WHERE g.role = 'supervisor' AND g.scope = c.station_id AND g.account_id <> r.author_id AND a.status <> 'disabled'
           AND g.valid_from <= $3 AND (g.valid_to IS NULL OR g.valid_to >= $3))"
);

fn take_ahead(today: &mut Today, rows: &[AnyRow]) -> Result<()> {
    if let Some(row) = rows.first() {
        today.ahead += Row::of("referral", row).count("n")?;
    }
    for row in rows {
        today.to_confirm.push(line(row)?);
    }
    Ok(())
}

async fn waiting(db: &mut Connection, actor: &Actor) -> Result<Vec<Waiting>> {
    let rows = sqlx::query(
        "SELECT r.id, r.number, r.state, r.tier, r.due_at, n.term, o.name, ch.alias
         FROM referral r JOIN need n ON n.id = r.need_id JOIN organization o ON o.id = r.organization_id
              JOIN \"case\" c ON c.id = r.case_id JOIN child ch ON ch.id = c.child_id
         WHERE r.owner_id = $1 AND r.due_at IS NOT NULL AND r.state IN ('pending_approval', 'queued', 'sent', 'acknowledged', 'needs_info',
              'waitlisted', 'accepted', 'in_service', 'reported')
         ORDER BY r.due_at, r.tier LIMIT 60",
    )
    .bind(actor.id.as_str())
    .fetch_all(db)
    .await?;
    rows.iter().map(line).collect()
}

fn line(row: &AnyRow) -> Result<Waiting> {
    let row = Row::of("referral", row);
    Ok(Waiting {
        id: row.text("id")?,
        number: row.text("number")?,
        state: row.text("state")?,
        tier: u8::try_from(row.count("tier")?).unwrap_or(4),
        due_at: row.parse("due_at")?,
        term: row.parse("term")?,
        organization: row.text("name")?,
        alias: row.text("alias")?,
    })
}

async fn unasked(db: &mut Connection, actor: &Actor) -> Result<Vec<Unasked>> {
    let rows = sqlx::query(
        "SELECT n.id, n.case_id, n.term, n.tier, ch.alias FROM need n JOIN \"case\" c ON c.id = n.case_id JOIN child ch ON ch.id = c.child_id
         WHERE c.worker_id = $1 AND c.state <> 'closed' AND n.state = 'open' ORDER BY n.tier, n.opened_at LIMIT 20",
    )
    .bind(actor.id.as_str())
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("need", row);
            Ok(Unasked {
                case: row.text("case_id")?,
                need: row.text("id")?,
                alias: row.text("alias")?,
                term: row.parse("term")?,
                tier: u8::try_from(row.count("tier")?).unwrap_or(4),
            })
        })
        .collect()
}

/// Cases of a worker or a station with a duty to report that is not made.
async fn unreported(db: &mut Connection, whose: &str, id: &str) -> Result<Vec<Unreported>> {
    let rows = sqlx::query(
        "SELECT c.id, ch.alias, MIN(d.found_at) AS found_at FROM report_duty d JOIN \"case\" c ON c.id = d.case_id JOIN child ch ON ch.id = c.child_id
         WHERE d.made_at IS NULL AND c.state <> 'closed' AND ($1 = 'worker' AND c.worker_id = $2 OR $1 = 'station' AND c.station_id = $2)
         GROUP BY c.id, ch.alias ORDER BY MIN(d.found_at), c.id LIMIT 50",
    )
    .bind(whose)
    .bind(id)
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("case", row);
            Ok(Unreported { case: row.text("id")?, alias: row.text("alias")?, found_at: row.parse("found_at")? })
        })
        .collect()
}

async fn notices(db: &mut Connection, actor: &Actor, now: Timestamp) -> Result<Vec<Notice>> {
    let rows = sqlx::query(unread_notices!("SELECT id, template, facts, due_at FROM notice", " ORDER BY due_at DESC LIMIT 20"))
        .bind(actor.id.as_str())
        .bind(actor.own(Role::ANSWERING).map(OrganizationId::as_str))
        .bind(actor.own(Role::MEETING).map(OrganizationId::as_str))
        .bind(clock::stored(now))
        .fetch_all(db)
        .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("notice", row);
            Ok(Notice { template: row.text("template")?, facts: row.json("facts")?, at: row.parse("due_at")? })
        })
        .collect()
}

/// Marks what the person has seen as read.
pub async fn mark_read(db: &mut Connection, actor: &Actor, now: Timestamp) -> Result<()> {
    sqlx::query(unread_notices!("UPDATE notice SET read_at = $4"))
        .bind(actor.id.as_str())
        .bind(actor.own(Role::ANSWERING).map(OrganizationId::as_str))
        .bind(actor.own(Role::MEETING).map(OrganizationId::as_str))
        .bind(clock::stored(now))
        .execute(db)
        .await?;
    Ok(())
}
