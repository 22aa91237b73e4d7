//! `import_entry`: what a source said of an entry when it was last read.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sqlx::any::AnyRow;

use super::super::confirmed::Confirmed;
use crate::clock;
use crate::error::Result;
use crate::id::{AccountId, FactCheckId};
use crate::store::{Connection, Row, json};

/// What a source said of an entry.
pub type Said = BTreeMap<String, String>;

/// What a source said last.
pub async fn said(db: &mut Connection, source: &str, id: &str) -> Result<Option<Said>> {
    let row =
        sqlx::query("SELECT id, body FROM import_entry WHERE source = $1 AND id = $2").bind(source).bind(id).fetch_optional(db).await?;
    row.map(|row| Row::of("import_entry", &row).json("body")).transpose()
}

/// An entry of a source that stands in the directory.
#[derive(Debug, Clone)]
pub struct Before {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whose it is; its own id, where it is an organization.
    pub organization: String,
    /// When the source last had it.
    pub at: Timestamp,
}

fn before(row: &AnyRow) -> Result<Before> {
    let row = Row::of("import_entry", row);
    Ok(Before { id: row.text("id")?, name: row.text("name")?, organization: row.text("organization_id")?, at: row.parse("at")? })
}

/// The organizations of a source that are not closed.
pub async fn organizations(db: &mut Connection, source: &str) -> Result<Vec<Before>> {
    let rows = sqlx::query(
        "SELECT e.id, o.name, o.id AS organization_id, e.at FROM import_entry e JOIN organization o ON o.id = e.id
         WHERE e.source = $1 AND o.status <> 'closed' ORDER BY e.id",
    )
    .bind(source)
    .fetch_all(db)
    .await?;
    rows.iter().map(before).collect()
}

/// The services of a source that are not given up, of organizations that are not closed.
pub async fn services(db: &mut Connection, source: &str) -> Result<Vec<Before>> {
    let rows = sqlx::query(
        "SELECT e.id, s.name, s.organization_id, e.at FROM import_entry e JOIN service s ON s.id = e.id
         JOIN organization o ON o.id = s.organization_id
         WHERE e.source = $1 AND s.status <> 'defunct' AND o.status <> 'closed' ORDER BY e.id",
    )
    .bind(source)
    .fetch_all(db)
    .await?;
    rows.iter().map(before).collect()
}

/// Keeps what a source says now.
pub async fn keep(db: &mut Connection, source: &str, id: &str, said: &Said, at: Timestamp) -> Result<()> {
    sqlx::query(
        "INSERT INTO import_entry (source, id, body, at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (source, id) DO UPDATE SET body = excluded.body, at = excluded.at",
    )
    .bind(source)
    .bind(id)
    .bind(json(said))
    .bind(clock::stored(at))
    .execute(db)
    .await?;
    Ok(())
}

/// Keeps what a source says of a fact: that it was confirmed there, which is the source's word and counts as imported. Nothing where
/// as new a word of the fact is known.
pub async fn keep_confirmed(
    db: &mut Connection,
    id: &FactCheckId,
    (subject, digest): (&str, &str),
    said: &Confirmed,
    by: &AccountId,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO fact_check (id, subject, field, value_hash, source, method, said_source, said_method, by_account, at, expires_at)
         SELECT $1, $2, $3, $4, 'import', 'import', $5, $6, $7, $8, $9
         WHERE NOT EXISTS (SELECT 1 FROM fact_check f WHERE f.subject = $2 AND f.field = $3 AND f.at >= $8 AND f.method <> 'unreached')",
    )
    .bind(id.as_str())
    .bind(subject)
    .bind(&said.field)
    .bind(digest)
    .bind(&said.source)
    .bind(&said.method)
    .bind(by.as_str())
    .bind(clock::stored(clock::start_of(said.on)))
    .bind(clock::stored(clock::start_of(said.until)))
    .execute(db)
    .await?;
    Ok(())
}

/// Settles what was kept aside of a source before: the newer reading says it again where it still holds.
pub async fn forget_aside(db: &mut Connection, source: &str, at: Timestamp) -> Result<()> {
    sqlx::query("UPDATE quarantine SET settled_at = $2 WHERE source = $1 AND settled_at IS NULL")
        .bind(source)
        .bind(clock::stored(at))
        .execute(db)
        .await?;
    Ok(())
}
