//! What an export reads beside the directory's own stores.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use lianjie_index::DivisionCode;

use super::confirmed::Confirmed;
use crate::clock;
use crate::error::Result;
use crate::id::{OrganizationId, ServiceId};
use crate::service::stated::{self, Stated};
use crate::store::{Connection, Row};

/// When anything of a service last changed: it, its organization, its sites with their locations, its places.
pub async fn modified(db: &mut Connection, service: &ServiceId) -> Result<Option<Timestamp>> {
    let rows = sqlx::query(
        "SELECT s.id, s.changed_at FROM service s WHERE s.id = $1
         UNION ALL SELECT o.id, o.changed_at FROM organization o JOIN service s ON s.organization_id = o.id WHERE s.id = $1
         UNION ALL SELECT t.id, t.changed_at FROM service_at_location t WHERE t.service_id = $1
         UNION ALL SELECT l.id, l.changed_at FROM location l JOIN service_at_location t ON t.location_id = l.id WHERE t.service_id = $1
         UNION ALL SELECT p.id, p.changed_at FROM place p JOIN service_at_location t ON t.id = p.service_at_location_id WHERE t.service_id = $1",
    )
    .bind(service.as_str())
    .fetch_all(db)
    .await?;
    let times: Result<Vec<Timestamp>> = rows.iter().map(|row| Row::of("service", row).parse("changed_at")).collect();
    Ok(times?.into_iter().max())
}

/// When anything of each service last changed, by its id.
pub async fn all_modified(db: &mut Connection) -> Result<HashMap<String, String>> {
    let rows = sqlx::query(
        "SELECT u.id, MAX(u.changed_at) AS changed_at FROM (
            SELECT s.id, s.changed_at FROM service s
            UNION ALL SELECT s.id, o.changed_at FROM service s JOIN organization o ON o.id = s.organization_id
            UNION ALL SELECT t.service_id, t.changed_at FROM service_at_location t
            UNION ALL SELECT t.service_id, l.changed_at FROM service_at_location t JOIN location l ON l.id = t.location_id
            UNION ALL SELECT t.service_id, p.changed_at FROM service_at_location t JOIN place p ON p.service_at_location_id = t.id
         ) u GROUP BY u.id",
    )
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("service", row);
            Ok((row.text("id")?, row.text("changed_at")?))
        })
        .collect()
}

/// The services of which anything changed after an instant.
pub async fn modified_after(db: &mut Connection, at: Timestamp) -> Result<Vec<ServiceId>> {
    let rows = sqlx::query(
        "SELECT s.id FROM service s WHERE s.changed_at > $1
         UNION SELECT s.id FROM service s JOIN organization o ON o.id = s.organization_id WHERE o.changed_at > $1
         UNION SELECT t.service_id AS id FROM service_at_location t WHERE t.changed_at > $1
         UNION SELECT t.service_id AS id FROM service_at_location t JOIN location l ON l.id = t.location_id WHERE l.changed_at > $1
         UNION SELECT t.service_id AS id FROM service_at_location t JOIN place p ON p.service_at_location_id = t.id WHERE p.changed_at > $1",
    )
    .bind(clock::stored(at))
    .fetch_all(db)
    .await?;
    rows.iter().map(|row| Row::of("service", row).parse("id")).collect()
}

/// The organizations that the public may know of as far as that is said of themselves, after one, in order.
pub async fn organizations_after(db: &mut Connection, last: &str, limit: i64) -> Result<Vec<OrganizationId>> {
    let rows = sqlx::query(
        "SELECT id FROM organization WHERE id > $1 AND status = 'verified' AND listed = 1 AND do_not_refer = 0 AND confidentiality = 'public'
         ORDER BY id LIMIT $2",
    )
    .bind(last)
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows.iter().map(|row| Row::of("organization", row).parse("id")).collect()
}

/// An organization of which no service is the public's to read, and of which nothing is kept back.
#[derive(Debug, Clone)]
pub struct Alone {
    /// Its id.
    pub id: OrganizationId,
    /// Its names and what it says of itself, in one text.
    pub words: String,
    /// Code of its kind.
    pub kind: String,
    /// Where it is.
    pub division: DivisionCode,
}

/// The organizations that stand in the directory by themselves, as of a day; those that changed after an instant, where one is said.
pub async fn alone(db: &mut Connection, today: Date, changed_after: Option<Timestamp>) -> Result<Vec<Alone>> {
    let rows = sqlx::query(
        "SELECT o.id, o.name, o.alternate_name, o.description, o.kind, o.division FROM organization o
         WHERE o.status = 'verified' AND o.listed = 1 AND o.do_not_refer = 0 AND o.confidentiality = 'public'
           AND NOT EXISTS (SELECT 1 FROM service s WHERE s.organization_id = o.id AND (s.confidentiality <> 'public' OR s.do_not_refer = 1))
           AND NOT EXISTS (SELECT 1 FROM location l WHERE l.organization_id = o.id AND l.location_type = 'redacted')
           AND NOT EXISTS (SELECT 1 FROM service s JOIN service_at_location t ON t.service_id = s.id
                LEFT JOIN program p ON p.id = s.program_id LEFT JOIN practitioner q ON q.id = s.practitioner_id
                WHERE s.organization_id = o.id AND s.status = 'active' AND s.checked IS NOT NULL
                  AND (p.to_day IS NULL OR p.to_day >= $1) AND (q.licence_until IS NULL OR q.licence_until >= $1))
           AND ($2 IS NULL OR o.changed_at > $2
                OR EXISTS (SELECT 1 FROM location l WHERE l.organization_id = o.id AND l.changed_at > $2))
         ORDER BY o.id",
    )
    .bind(today.to_string())
    .bind(changed_after.map(clock::stored))
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("organization", row);
            let words = [row.text("name")?, row.maybe_text("alternate_name")?.unwrap_or_default(), row.text("description")?];
            Ok(Alone { id: row.parse("id")?, words: words.join("\n"), kind: row.text("kind")?, division: row.parse("division")? })
        })
        .collect()
}

/// The last confirmation of each fact of an organization or a service. What came in with a package is as its source said it; what
/// says no more than a day is not a confirmation, nor is what was said of a value that has changed since.
pub async fn confirmed(db: &mut Connection, subject: &str, now: &[Stated]) -> Result<Vec<Confirmed>> {
    let rows = sqlx::query(
        "SELECT id, field, value_hash, COALESCE(said_source, source) AS source, COALESCE(said_method, method) AS method, at, expires_at FROM fact_check
         WHERE subject = $1 AND method <> 'unreached' AND (source <> 'import' OR said_source IS NOT NULL)
         ORDER BY at DESC, id DESC LIMIT 200",
    )
    .bind(subject)
    .fetch_all(db)
    .await?;
    let mut latest: Vec<Confirmed> = Vec::new();
    for row in &rows {
        let row = Row::of("fact_check", row);
        let (field, method) = (row.text("field")?, row.text("method")?);
        if latest.iter().all(|known| known.field != field) && stated::is_of(&field, &row.text("value_hash")?, now) {
            latest.push(Confirmed {
                field,
                source: row.text("source")?,
                // With whom somebody spoke stands behind it, and is nobody else's.
                method: method.split_once(" · ").map_or(method.as_str(), |(how, _)| how).to_owned(),
                on: clock::day(row.parse("at")?),
                until: clock::day(row.parse("expires_at")?),
            });
        }
    }
    latest.sort_by(|one, other| one.field.cmp(&other.field));
    Ok(latest)
}

/// A change of the directory, with when.
#[derive(Debug, Clone)]
pub struct Changed {
    /// Its number.
    pub number: i64,
    /// `service` or `organization`.
    pub kind: String,
    /// Which.
    pub id: String,
    /// When.
    pub at: Timestamp,
}

/// Changes of the directory after a number, oldest first; places change the service they are of.
pub async fn changes_after(db: &mut Connection, number: i64, limit: i64) -> Result<Vec<Changed>> {
    let rows = sqlx::query(
        "SELECT c.number, CASE WHEN c.kind = 'place' THEN 'service' ELSE c.kind END AS kind, COALESCE(t.service_id, c.id) AS id, c.at
         FROM change c LEFT JOIN service_at_location t ON c.kind = 'place' AND t.id = c.id
         WHERE c.stream = 'directory' AND c.number > $1 ORDER BY c.number LIMIT $2",
    )
    .bind(number)
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("change", row);
            Ok(Changed { number: row.int("number")?, kind: row.text("kind")?, id: row.text("id")?, at: row.parse("at")? })
        })
        .collect()
}
