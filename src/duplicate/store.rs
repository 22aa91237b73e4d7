//! The directory as records that are compared.

use std::collections::{BTreeSet, HashMap};

use lianjie_index::duplicate::{Organization, Service};

use crate::error::Result;
use crate::store::{Connection, Row};

/// The organizations below a division that are not closed; everywhere, if it is empty.
pub async fn organizations(db: &mut Connection, below: &str) -> Result<Vec<Organization>> {
    let points = points(&mut *db, below).await?;
    let rows = sqlx::query(
        "SELECT id, name, alternate_name, address, phones, website, code_uscc, division FROM organization
         WHERE status <> 'closed' AND division >= $1 AND division < $1 || 'z' ORDER BY id",
    )
    .bind(below.to_owned())
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("organization", row);
            let name = row.text("name")?;
            let id = row.text("id")?;
            let other = row.maybe_text("alternate_name")?.filter(|other| !other.is_empty() && *other != name);
            Ok(Organization {
                name: other.map_or_else(|| name.clone(), |other| format!("{name}（{other}）")),
                address: row.text("address")?,
                phone: row.json::<Vec<String>>("phones")?.join("、"),
                contact: String::new(),
                uscc: row.maybe_text("code_uscc")?.unwrap_or_default(),
                county: row.text("division")?.chars().take(6).collect(),
                website: row.maybe_text("website")?.unwrap_or_default(),
                point: points.get(&id).cloned().unwrap_or_default(),
                id,
            })
        })
        .collect()
}

/// The points of the organizations below a division, as records write them: those of a house, not of a town or a refuge.
async fn points(db: &mut Connection, below: &str) -> Result<HashMap<String, String>> {
    let rows = sqlx::query(
        "SELECT l.organization_id, l.longitude, l.latitude FROM location l JOIN organization o ON o.id = l.organization_id
         WHERE l.longitude IS NOT NULL AND l.latitude IS NOT NULL AND l.location_type = 'physical'
           AND (l.precision_m IS NULL OR l.precision_m <= 200) AND o.division >= $1 AND o.division < $1 || 'z' ORDER BY l.id",
    )
    .bind(below.to_owned())
    .fetch_all(db)
    .await?;
    let mut points: HashMap<String, String> = HashMap::new();
    for row in &rows {
        let row = Row::of("location", row);
        let Some((longitude, latitude)) = row.maybe_real("longitude")?.zip(row.maybe_real("latitude")?) else { continue };
        let point = format!("{longitude},{latitude};");
        points.entry(row.text("organization_id")?).or_default().push_str(&point);
    }
    Ok(points)
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

/// The pairs of a kind that are not the same: a person said so, or one has the other for a parent. The first id is before the
/// second in the order of texts.
pub async fn distinct(db: &mut Connection, kind: &str) -> Result<BTreeSet<(String, String)>> {
    let rows = sqlx::query(
        "SELECT a, b FROM distinct_pair WHERE kind = $1
         UNION SELECT CASE WHEN id < parent_id THEN id ELSE parent_id END, CASE WHEN id < parent_id THEN parent_id ELSE id END
               FROM organization WHERE parent_id IS NOT NULL AND $1 = 'organization'",
    )
    .bind(kind.to_owned())
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("distinct_pair", row);
            Ok((row.text("a")?, row.text("b")?))
        })
        .collect()
}
