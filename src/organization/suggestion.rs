//! The table `change_suggestion`: a fact that somebody says is otherwise, for the organization or a registrar to settle.

use jiff::Timestamp;
use sqlx::any::AnyRow;

use crate::clock;
use crate::error::Result;
use crate::id::{AccountId, ChangeSuggestionId, OrganizationId};
use crate::store::{Connection, Row};

/// A suggestion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// Id.
    pub id: ChangeSuggestionId,
    /// Id of the organization, service or location.
    pub subject: String,
    /// The field.
    pub field: String,
    /// What it should be, in words.
    pub suggested: String,
    /// Who says so.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
}

impl Suggestion {
    /// A new one.
    #[must_use]
    pub fn new(subject: &impl ToString, field: &str, suggested: String, by: &AccountId, at: Timestamp) -> Self {
        Self { id: ChangeSuggestionId::new(at), subject: subject.to_string(), field: field.into(), suggested, by: by.clone(), at }
    }
}

/// Whether one of a field was made about a thing since an instant, whatever became of it.
pub async fn was_made(db: &mut Connection, subject: &str, field: &str, since: Timestamp) -> Result<bool> {
    let query = sqlx::query_scalar("SELECT COUNT(*) FROM change_suggestion WHERE subject = $1 AND field = $2 AND at >= $3");
    let many: i64 = query.bind(subject).bind(field).bind(clock::stored(since)).fetch_one(db).await?;
    Ok(many > 0)
}

/// Writes an open one.
pub async fn insert(db: &mut Connection, suggestion: &Suggestion) -> Result<()> {
    sqlx::query(
        "INSERT INTO change_suggestion (id, subject, field, suggested, by_account, at, state) VALUES ($1, $2, $3, $4, $5, $6, 'open')",
    )
    .bind(suggestion.id.as_str())
    .bind(&suggestion.subject)
    .bind(&suggestion.field)
    .bind(&suggestion.suggested)
    .bind(suggestion.by.as_str())
    .bind(clock::stored(suggestion.at))
    .execute(db)
    .await?;
    Ok(())
}

/// The open ones about a thing, oldest first.
pub async fn open(db: &mut Connection, subject: &str) -> Result<Vec<Suggestion>> {
    let rows = sqlx::query(
        "SELECT id, subject, field, suggested, by_account, at FROM change_suggestion WHERE subject = $1 AND state = 'open' ORDER BY at, id LIMIT 100",
    )
    .bind(subject)
    .fetch_all(db)
    .await?;
    rows.iter().map(read).collect()
}

/// An open one with what it is about.
#[derive(Debug, Clone)]
pub struct About {
    /// The suggestion.
    pub suggestion: Suggestion,
    /// The organization, or whose service it is.
    pub organization: OrganizationId,
    /// What that is called.
    pub organization_name: String,
    /// Name of the service, where it is about one.
    pub service: Option<String>,
    /// Name of the location, where it is about one.
    pub location: Option<String>,
}

/// The field of a suggestion that an entry be closed: its source no longer has it.
pub const GONE: &str = "gone";

/// Fields of an organization that a registrar settles, whoever else edits it.
pub const REGISTRARS: [&str; 3] = ["name", "kind", "code_uscc"];

impl About {
    /// Whether only a registrar may settle it.
    #[must_use]
    pub fn is_registrars(&self) -> bool {
        self.service.is_none() && self.location.is_none() && REGISTRARS.contains(&self.suggestion.field.as_str())
    }
}

macro_rules! of_open {
    ($select:literal, $more:literal) => {
        concat!(
            $select,
            " FROM change_suggestion c LEFT JOIN service s ON s.id = c.subject LEFT JOIN location l ON l.id = c.subject
              JOIN organization o ON o.id = COALESCE(s.organization_id, l.organization_id, c.subject)
              WHERE c.state = 'open'",
            $more
        )
    };
}

/// The open ones about what lies in a division subtree, oldest first.
pub async fn below(db: &mut Connection, division: &str, limit: i64) -> Result<Vec<About>> {
    const LIST: &str = of_open!(
        "SELECT c.id, c.subject, c.field, c.suggested, c.by_account, c.at, o.id AS organization_id, o.name AS organization_name, s.name AS service_name,
                l.name AS location_name",
        " AND o.division >= $1 AND o.division < $1 || 'z' ORDER BY c.at, c.id LIMIT $2"
    );
    let rows = sqlx::query(LIST).bind(division).bind(limit).fetch_all(db).await?;
    rows.iter().map(about).collect()
}

/// The open ones about an organization and its services, oldest first.
pub async fn about_organization(db: &mut Connection, organization: &OrganizationId, limit: i64) -> Result<Vec<About>> {
    const LIST: &str = of_open!(
        "SELECT c.id, c.subject, c.field, c.suggested, c.by_account, c.at, o.id AS organization_id, o.name AS organization_name, s.name AS service_name,
                l.name AS location_name",
        " AND o.id = $1 ORDER BY c.at, c.id LIMIT $2"
    );
    let rows = sqlx::query(LIST).bind(organization.as_str()).bind(limit).fetch_all(db).await?;
    rows.iter().map(about).collect()
}

/// How many there are about what lies in a division subtree.
pub async fn count_below(db: &mut Connection, division: &str) -> Result<u32> {
    const COUNT: &str = of_open!("SELECT COUNT(*) AS n", " AND o.division >= $1 AND o.division < $1 || 'z'");
    Row::of("change_suggestion", &sqlx::query(COUNT).bind(division).fetch_one(db).await?).count("n")
}

/// How many there are that an organization itself may settle.
pub async fn count_own(db: &mut Connection, organization: &OrganizationId) -> Result<u32> {
    const COUNT: &str =
        of_open!("SELECT COUNT(*) AS n", " AND o.id = $1 AND NOT (c.subject = o.id AND c.field IN ('name', 'kind', 'code_uscc'))");
    Row::of("change_suggestion", &sqlx::query(COUNT).bind(organization.as_str()).fetch_one(db).await?).count("n")
}

fn about(row: &AnyRow) -> Result<About> {
    let suggestion = read(row)?;
    let row = Row::of("change_suggestion", row);
    Ok(About {
        suggestion,
        organization: row.parse("organization_id")?,
        organization_name: row.text("organization_name")?,
        service: row.maybe_text("service_name")?,
        location: row.maybe_text("location_name")?,
    })
}

/// The open one of an id.
pub async fn find(db: &mut Connection, id: &ChangeSuggestionId) -> Result<Option<Suggestion>> {
    let row = sqlx::query("SELECT id, subject, field, suggested, by_account, at FROM change_suggestion WHERE id = $1 AND state = 'open'")
        .bind(id.as_str())
        .fetch_optional(db)
        .await?;
    row.as_ref().map(read).transpose()
}

/// Settles an open one.
pub async fn settle(db: &mut Connection, id: &ChangeSuggestionId, taken: bool, by: &AccountId, at: Timestamp) -> Result<()> {
    sqlx::query("UPDATE change_suggestion SET state = $2, settled_by = $3, settled_at = $4 WHERE id = $1 AND state = 'open'")
        .bind(id.as_str())
        .bind(if taken { "taken" } else { "refused" })
        .bind(by.as_str())
        .bind(clock::stored(at))
        .execute(db)
        .await?;
    Ok(())
}

fn read(row: &AnyRow) -> Result<Suggestion> {
    let row = Row::of("change_suggestion", row);
    Ok(Suggestion {
        id: row.parse("id")?,
        subject: row.text("subject")?,
        field: row.text("field")?,
        suggested: row.text("suggested")?,
        by: row.parse("by_account")?,
        at: row.parse("at")?,
    })
}
