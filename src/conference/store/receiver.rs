//! `receiver`: who gets the minutes.

use jiff::Timestamp;

use crate::clock;
use crate::error::Result;
use crate::id::{ConferenceId, OrganizationId};
use crate::store::{Connection, Row};

/// A body that gets the minutes, or somebody of it.
#[derive(Debug, Clone)]
pub struct Receiver {
    /// Which body.
    pub body: OrganizationId,
    /// What it is called.
    pub name: String,
    /// Who of it; empty where it is the body.
    pub person: String,
}

impl Receiver {
    /// As it stands in the minutes.
    #[must_use]
    pub fn label(&self) -> String {
        if self.person.is_empty() { self.name.clone() } else { format!("{} · {}", self.name, self.person) }
    }
}

/// Who gets the minutes of a meeting, in the order they were named.
pub async fn receivers(db: &mut Connection, conference: &ConferenceId) -> Result<Vec<Receiver>> {
    let rows = sqlx::query(
        "SELECT r.organization_id AS id, o.name, r.person FROM receiver r JOIN organization o ON o.id = r.organization_id
         WHERE r.conference_id = $1 ORDER BY r.at, r.organization_id, r.person",
    )
    .bind(conference.as_str())
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("receiver", row);
            Ok(Receiver { body: row.parse("id")?, name: row.text("name")?, person: row.text("person")? })
        })
        .collect()
}

/// Names somebody who gets the minutes; once.
pub async fn address(db: &mut Connection, conference: &ConferenceId, (body, person): (&OrganizationId, &str), at: Timestamp) -> Result<()> {
    sqlx::query("INSERT INTO receiver (conference_id, organization_id, person, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING")
        .bind(conference.as_str())
        .bind(body.as_str())
        .bind(person)
        .bind(clock::stored(at))
        .execute(db)
        .await?;
    Ok(())
}

/// Takes somebody off the list.
pub async fn strike(db: &mut Connection, conference: &ConferenceId, (body, person): (&OrganizationId, &str)) -> Result<()> {
    sqlx::query("DELETE FROM receiver WHERE conference_id = $1 AND organization_id = $2 AND person = $3")
        .bind(conference.as_str())
        .bind(body.as_str())
        .bind(person)
        .execute(db)
        .await?;
    Ok(())
}
