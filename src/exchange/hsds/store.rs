//! What an export reads beside the directory's own stores.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::clock;
use crate::error::Result;
use crate::id::{OrganizationId, ServiceId};
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

/// The organizations that have a service, after one, in order.
pub async fn organizations_after(db: &mut Connection, last: &str, limit: i64) -> Result<Vec<OrganizationId>> {
    let rows = sqlx::query(
        "SELECT o.id FROM organization o WHERE o.id > $1 AND EXISTS (SELECT 1 FROM service s WHERE s.organization_id = o.id) ORDER BY o.id LIMIT $2",
    )
    .bind(last)
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows.iter().map(|row| Row::of("organization", row).parse("id")).collect()
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
