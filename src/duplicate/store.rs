//! The directory as records that are compared.

use lianjie_index::duplicate::{Organization, Service};

use crate::error::Result;
use crate::store::{Connection, Row};

/// Every organization that is not closed.
pub async fn organizations(db: &mut Connection) -> Result<Vec<Organization>> {
    let rows = sqlx::query(
        "SELECT id, name, alternate_name, address, phones, code_uscc, division FROM organization WHERE status <> 'closed' ORDER BY id",
    )
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

/// Every service that is not defunct, at its first location.
pub async fn services(db: &mut Connection) -> Result<Vec<Service>> {
    let rows = sqlx::query(
        "SELECT s.id, s.name, s.terms, o.name AS organization, o.phones, o.division,
                COALESCE((SELECT l.address FROM service_at_location t JOIN location l ON l.id = t.location_id
                          WHERE t.service_id = s.id ORDER BY t.id LIMIT 1), o.address) AS address
         FROM service s JOIN organization o ON o.id = s.organization_id WHERE s.status <> 'defunct' AND o.status <> 'closed' ORDER BY s.id",
    )
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
