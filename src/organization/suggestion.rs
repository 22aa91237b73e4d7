//! The table `change_suggestion`: a fact that somebody says is otherwise, for the organization or a registrar to settle.

use jiff::Timestamp;
use sqlx::any::AnyRow;

use crate::clock;
use crate::error::Result;
use crate::id::{AccountId, ChangeSuggestionId};
use crate::store::{Connection, Row};

/// A suggestion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// Id.
    pub id: ChangeSuggestionId,
    /// Id of the organization or service.
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
