//! The tables `merge` and `distinct_pair`, and what goes over from one entry to another.

use jiff::Timestamp;
use sqlx::any::AnyRow;

use super::model::{Kind, Merge, Moved, Told};
use crate::clock;
use crate::error::Result;
use crate::id::{AccountId, MergeId, OrganizationId, ServiceId};
use crate::store::{Connection, Row, json};

fn read(row: &AnyRow) -> Result<Merge> {
    let row = Row::of("merge", row);
    Ok(Merge {
        id: row.parse("id")?,
        kind: row.name("kind")?,
        kept: row.text("kept")?,
        gone: row.text("gone")?,
        kept_before: row.json("kept_before")?,
        gone_before: row.json("gone_before")?,
        kept_version: row.int("kept_version")?,
        gone_version: row.int("gone_version")?,
        moved: row.json("moved")?,
        by: row.parse("by_account")?,
        at: row.parse("at")?,
        undone_at: row.maybe_parse("undone_at")?,
    })
}

/// A merge.
pub async fn find(db: &mut Connection, id: &MergeId) -> Result<Option<Merge>> {
    let row = sqlx::query(
        "SELECT id, kind, kept, gone, kept_before, gone_before, kept_version, gone_version, moved, by_account, at, undone_at FROM merge WHERE id = $1",
    )
    .bind(id.as_str())
    .fetch_optional(db)
    .await?;
    row.as_ref().map(read).transpose()
}

/// The last merges of a province, the last first.
pub async fn last(db: &mut Connection, province: &str) -> Result<Vec<Merge>> {
    let rows = sqlx::query(
        "SELECT id, kind, kept, gone, kept_before, gone_before, kept_version, gone_version, moved, by_account, at, undone_at
         FROM merge WHERE province = $1 OR $1 = '' ORDER BY at DESC, id DESC LIMIT 100",
    )
    .bind(province)
    .fetch_all(db)
    .await?;
    rows.iter().map(read).collect()
}

/// Writes a merge.
pub async fn insert(db: &mut Connection, merge: &Merge, province: &str) -> Result<()> {
    sqlx::query(
        "INSERT INTO merge (id, province, kind, kept, gone, kept_before, gone_before, kept_version, gone_version, moved, by_account, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(merge.id.as_str())
    .bind(province)
    .bind(merge.kind.name())
    .bind(&merge.kept)
    .bind(&merge.gone)
    .bind(json(&merge.kept_before))
    .bind(json(&merge.gone_before))
    .bind(merge.kept_version)
    .bind(merge.gone_version)
    .bind(json(&merge.moved))
    .bind(merge.by.as_str())
    .bind(clock::stored(merge.at))
    .execute(db)
    .await?;
    Ok(())
}

/// Whether an entry went into another, and that still stands.
pub async fn went(db: &mut Connection, id: &str) -> Result<bool> {
    let query = sqlx::query_scalar("SELECT COUNT(*) FROM merge WHERE gone = $1 AND undone_at IS NULL").bind(id);
    let many: i64 = query.fetch_one(db).await?;
    Ok(many > 0)
}

/// Marks a merge as undone.
pub async fn undone(db: &mut Connection, id: &MergeId, at: Timestamp) -> Result<()> {
    sqlx::query("UPDATE merge SET undone_at = $2 WHERE id = $1").bind(id.as_str()).bind(clock::stored(at)).execute(db).await?;
    Ok(())
}

fn read_told(row: &AnyRow) -> Result<Told> {
    let row = Row::of("distinct_pair", row);
    Ok(Told {
        kind: row.name("kind")?,
        a: row.text("a")?,
        b: row.text("b")?,
        answer: row.name("answer")?,
        branch: row.maybe_text("branch")?,
        parent_before: row.maybe_text("parent_before")?,
        by: row.parse("by_account")?,
        at: row.parse("at")?,
    })
}

/// What was said of two entries, given in any order.
pub async fn told(db: &mut Connection, kind: Kind, one: &str, other: &str) -> Result<Option<Told>> {
    let row = sqlx::query(
        "SELECT kind, a, b, answer, branch, parent_before, by_account, at FROM distinct_pair WHERE kind = $1 AND a = $2 AND b = $3",
    )
    .bind(kind.name())
    .bind(one.min(other).to_owned())
    .bind(one.max(other).to_owned())
    .fetch_optional(db)
    .await?;
    row.as_ref().map(read_told).transpose()
}

/// The last answers about entries below a division, the last first.
pub async fn last_told(db: &mut Connection, below: &str) -> Result<Vec<Told>> {
    let rows = sqlx::query(
        "SELECT p.kind, p.a, p.b, p.answer, p.branch, p.parent_before, p.by_account, p.at FROM distinct_pair p
         WHERE EXISTS (SELECT 1 FROM organization o WHERE p.kind = 'organization' AND o.id = p.a AND o.division >= $1 AND o.division < $1 || 'z')
            OR EXISTS (SELECT 1 FROM service s JOIN organization o ON o.id = s.organization_id
                       WHERE p.kind = 'service' AND s.id = p.a AND o.division >= $1 AND o.division < $1 || 'z')
         ORDER BY p.at DESC, p.a, p.b LIMIT 100",
    )
    .bind(below.to_owned())
    .fetch_all(db)
    .await?;
    rows.iter().map(read_told).collect()
}

/// Remembers an answer.
pub async fn tell(db: &mut Connection, told: &Told) -> Result<()> {
    sqlx::query(
        "INSERT INTO distinct_pair (kind, a, b, answer, branch, parent_before, by_account, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(told.kind.name())
    .bind(&told.a)
    .bind(&told.b)
    .bind(told.answer.name())
    .bind(&told.branch)
    .bind(&told.parent_before)
    .bind(told.by.as_str())
    .bind(clock::stored(told.at))
    .execute(db)
    .await?;
    Ok(())
}

/// Forgets an answer: the two are asked about again.
pub async fn forget(db: &mut Connection, told: &Told) -> Result<()> {
    sqlx::query("DELETE FROM distinct_pair WHERE kind = $1 AND a = $2 AND b = $3")
        .bind(told.kind.name())
        .bind(&told.a)
        .bind(&told.b)
        .execute(db)
        .await?;
    Ok(())
}

/// Gives the locations, practitioners and services of one organization to another; says which.
pub async fn move_over(db: &mut Connection, from: &OrganizationId, to: &OrganizationId, at: Timestamp) -> Result<Moved> {
    let mut moved = Moved::new();
    for (table, ids, update) in [
        (
            "location",
            "SELECT id FROM location WHERE organization_id = $1 ORDER BY id",
            "UPDATE location SET organization_id = $2, version = version + 1, changed_at = $3 WHERE organization_id = $1",
        ),
        (
            "practitioner",
            "SELECT id FROM practitioner WHERE organization_id = $1 ORDER BY id",
            "UPDATE practitioner SET organization_id = $2, version = version + 1, changed_at = $3 WHERE organization_id = $1",
        ),
        (
            "service",
            "SELECT id FROM service WHERE organization_id = $1 ORDER BY id",
            "UPDATE service SET organization_id = $2, version = version + 1, changed_at = $3 WHERE organization_id = $1",
        ),
    ] {
        let ids: Vec<String> = sqlx::query_scalar(ids).bind(from.as_str()).fetch_all(&mut *db).await?;
        sqlx::query(update).bind(from.as_str()).bind(to.as_str()).bind(clock::stored(at)).execute(&mut *db).await?;
        moved.insert(table.to_owned(), ids);
    }
    Ok(moved)
}

/// Gives sites of one service to another: those at places where the other is not given, and those that referrals rely on; says
/// which.
pub async fn move_sites(db: &mut Connection, from: &ServiceId, to: &ServiceId, at: Timestamp) -> Result<Moved> {
    let ids: Vec<String> = sqlx::query_scalar(
        "SELECT s.id FROM service_at_location s WHERE s.service_id = $1
         AND (NOT EXISTS (SELECT 1 FROM service_at_location k WHERE k.service_id = $2 AND COALESCE(k.location_id, '') = COALESCE(s.location_id, ''))
              OR EXISTS (SELECT 1 FROM referral r WHERE r.service_at_location_id = s.id AND r.state IN ('pending_approval', 'queued', 'sent',
                  'acknowledged', 'needs_info', 'waitlisted', 'accepted', 'in_service', 'reported')))
         ORDER BY s.id",
    )
    .bind(from.as_str())
    .bind(to.as_str())
    .fetch_all(&mut *db)
    .await?;
    give_sites(db, &ids, from, to, at).await?;
    Ok(Moved::from([("service_at_location".to_owned(), ids)]))
}

/// Gives sites from one service to another, as far as they are still its own.
pub async fn give_sites(db: &mut Connection, ids: &[String], from: &ServiceId, to: &ServiceId, at: Timestamp) -> Result<()> {
    for id in ids {
        sqlx::query(
            "UPDATE service_at_location SET service_id = $3, version = version + 1, changed_at = $4 WHERE id = $1 AND service_id = $2",
        )
        .bind(id)
        .bind(from.as_str())
        .bind(to.as_str())
        .bind(clock::stored(at))
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// Gives fees of one service to another: those for whom the other says none; says which.
pub async fn move_fees(db: &mut Connection, from: &ServiceId, to: &ServiceId) -> Result<Vec<String>> {
    let ids: Vec<String> = sqlx::query_scalar(
        "SELECT f.id FROM fee f WHERE f.service_id = $1
         AND NOT EXISTS (SELECT 1 FROM fee k WHERE k.service_id = $2 AND k.audience = f.audience) ORDER BY f.id",
    )
    .bind(from.as_str())
    .bind(to.as_str())
    .fetch_all(&mut *db)
    .await?;
    give_fees(db, &ids, from, to).await?;
    Ok(ids)
}

/// Gives fees from one service to another, as far as they are still its own.
pub async fn give_fees(db: &mut Connection, ids: &[String], from: &ServiceId, to: &ServiceId) -> Result<()> {
    for id in ids {
        let statement = "UPDATE fee SET service_id = $3 WHERE id = $1 AND service_id = $2";
        sqlx::query(statement).bind(id).bind(from.as_str()).bind(to.as_str()).execute(&mut *db).await?;
    }
    Ok(())
}

/// Gives back what went over and is still there.
pub async fn move_back(db: &mut Connection, moved: &Moved, from: &OrganizationId, to: &OrganizationId, at: Timestamp) -> Result<()> {
    for (table, ids) in moved {
        let update = match table.as_str() {
            "location" => {
                "UPDATE location SET organization_id = $3, version = version + 1, changed_at = $4 WHERE id = $1 AND organization_id = $2"
            }
            "practitioner" => {
                "UPDATE practitioner SET organization_id = $3, version = version + 1, changed_at = $4 WHERE id = $1 AND organization_id = $2"
            }
            "service" => {
                "UPDATE service SET organization_id = $3, version = version + 1, changed_at = $4 WHERE id = $1 AND organization_id = $2"
            }
            _ => continue,
        };
        for id in ids {
            sqlx::query(update).bind(id).bind(from.as_str()).bind(to.as_str()).bind(clock::stored(at)).execute(&mut *db).await?;
        }
    }
    Ok(())
}

async fn count(db: &mut Connection, query: &'static str, id: &str) -> Result<u32> {
    let count: i64 = sqlx::query_scalar(query).bind(id.to_owned()).fetch_one(db).await?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// How many people sign in for an organization.
pub async fn people(db: &mut Connection, id: &OrganizationId) -> Result<u32> {
    count(db, "SELECT COUNT(*) FROM account WHERE organization_id = $1 AND status <> 'disabled'", id.as_str()).await
}

/// Whether anybody but this account signs in for an organization.
pub async fn is_of_others(db: &mut Connection, id: &OrganizationId, own: Option<&AccountId>) -> Result<bool> {
    let row = sqlx::query("SELECT COUNT(*) AS n FROM account WHERE organization_id = $1 AND status <> 'disabled' AND id <> $2");
    let row = row.bind(id.as_str()).bind(own.map_or("", |own| own.as_str())).fetch_one(db).await?;
    Ok(Row::of("account", &row).int("n")? > 0)
}

/// How many projects an organization runs or ran.
pub async fn programs(db: &mut Connection, id: &OrganizationId) -> Result<u32> {
    count(db, "SELECT COUNT(*) FROM program WHERE organization_id = $1", id.as_str()).await
}

/// How many referrals to an organization are not over.
pub async fn referrals_to(db: &mut Connection, id: &OrganizationId) -> Result<u32> {
    count(
        db,
        "SELECT COUNT(*) FROM referral WHERE organization_id = $1
         AND state IN ('pending_approval', 'queued', 'sent', 'acknowledged', 'needs_info', 'waitlisted', 'accepted', 'in_service', 'reported')",
        id.as_str(),
    )
    .await
}
