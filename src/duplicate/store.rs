//! The directory as records that are compared.

use std::collections::BTreeSet;

use jiff::Timestamp;
use lianjie_index::duplicate::{Organization, Service};

use crate::clock;
use crate::error::Result;
use crate::id::AccountId;
use crate::store::{Connection, Row};

/// The organizations below a division that are not closed; everywhere, if it is empty.
pub async fn organizations(db: &mut Connection, below: &str) -> Result<Vec<Organization>> {
    let rows = sqlx::query(
        "SELECT id, name, alternate_name, address, phones, code_uscc, division FROM organization
         WHERE status <> 'closed' AND division >= $1 AND division < $1 || 'z' ORDER BY id",
    )
    .bind(below.to_owned())
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("organization", row);
            let name = row.text("name")?;
            let other = row.maybe_text("alternate_name")?.filter(|other| !other.is_empty() && *other != name);
            Ok(Organization {
                id: row.text("id")?,
                name: other.map_or_else(|| name.clone(), |other| format!("{name}（{other}）")),
                address: row.text("address")?,
                phone: row.json::<Vec<String>>("phones")?.join("、"),
                contact: String::new(),
                uscc: row.maybe_text("code_uscc")?.unwrap_or_default(),
                county: row.text("division")?.chars().take(6).collect(),
            })
        })
        .collect()
}

/// The services of organizations below a division that are not defunct, at their first location.
pub async fn services(db: &mut Connection, below: &str) -> Result<Vec<Service>> {
    let rows = sqlx::query(
        "SELECT s.id, s.name, s.terms, o.name AS organization, o.phones, o.division,
                COALESCE((SELECT l.address FROM service_at_location t JOIN location l ON l.id = t.location_id
                          WHERE t.service_id = s.id ORDER BY t.id LIMIT 1), o.address) AS address
         FROM service s JOIN organization o ON o.id = s.organization_id WHERE s.status <> 'defunct' AND o.status <> 'closed' AND o.division >= $1 AND o.division < $1 || 'z' ORDER BY s.id",
    )
    .bind(below.to_owned())
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("service", row);
            Ok(Service {
                id: row.text("id")?,
                name: row.text("name")?,
                org: row.text("organization")?,
                address: row.text("address")?,
                phone: row.json::<Vec<String>>("phones")?.join("、"),
                category: row.json::<Vec<String>>("terms")?.into_iter().next().unwrap_or_default(),
                county: row.text("division")?.chars().take(6).collect(),
                age: String::new(),
            })
        })
        .collect()
}

/// The pairs of a kind that a person said are not the same; the first id is before the second in the order of texts.
pub async fn distinct(db: &mut Connection, kind: &str) -> Result<BTreeSet<(String, String)>> {
    let rows = sqlx::query("SELECT a, b FROM distinct_pair WHERE kind = $1").bind(kind).fetch_all(db).await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("distinct_pair", row);
            Ok((row.text("a")?, row.text("b")?))
        })
        .collect()
}

/// Remembers that two entries are not the same.
pub async fn insert_distinct(db: &mut Connection, kind: &str, a: &str, b: &str, by: &AccountId, at: Timestamp) -> Result<()> {
    let (a, b) = if a < b { (a, b) } else { (b, a) };
    sqlx::query("INSERT INTO distinct_pair (kind, a, b, by_account, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING")
        .bind(kind)
        .bind(a)
        .bind(b)
        .bind(by.as_str())
        .bind(clock::stored(at))
        .execute(db)
        .await?;
    Ok(())
}
