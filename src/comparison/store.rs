//! `comparison` and `comparison_row`.

use lianjie_index::DivisionCode;
use sqlx::any::AnyRow;

use super::model::{Comparison, Row as Line, State};
use crate::case::model::BirthMonth;
use crate::case::store::{child_key, insert_key};
use crate::clock;
use crate::error::{Error, Result};
use crate::id::{AccountId, CaseId, ChildId, ComparisonId, LeadId, OrganizationId};
use crate::organization::store::province;
use crate::secret::{ChildKey, Keyring, Place, Words};
use crate::store::{Connection, Row, json};

fn place(id: &ComparisonId) -> Place<'_> {
    Place { table: "comparison_row", child: id.as_str(), field: "words" }
}

/// The name a comparison's own key goes by.
fn unfiled(id: &ComparisonId) -> Result<ChildId> {
    ChildId::parse(id.as_str()).map_err(|_| Error::missing("comparison", id))
}

fn read(row: &AnyRow) -> Result<Comparison> {
    let row = Row::of("comparison", row);
    Ok(Comparison {
        id: row.parse("id")?,
        division: row.parse("division")?,
        station: row.maybe_parse("station_id")?,
        department: row.text("department")?,
        read_rows: row.count("read_rows")?,
        unread: row.json("unread")?,
        by: row.parse("by_account")?,
        at: row.parse("at")?,
    })
}

macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "SELECT id, division, station_id, department, read_rows, unread, by_account, at
             FROM comparison ",
            $rest
        )
    };
}

/// One comparison.
pub async fn find(db: &mut Connection, id: &ComparisonId) -> Result<Option<Comparison>> {
    let row = sqlx::query(columns!("WHERE id = $1")).bind(id.as_str()).fetch_optional(db).await?;
    row.as_ref().map(read).transpose()
}

/// The comparisons of a station, the last first.
pub async fn of_station(db: &mut Connection, station: &OrganizationId) -> Result<Vec<Comparison>> {
    let rows = sqlx::query(columns!("WHERE station_id = $1 ORDER BY at DESC, id LIMIT 50")).bind(station.as_str()).fetch_all(db).await?;
    rows.iter().map(read).collect()
}

/// The comparisons of a division, the last first.
pub async fn of_division(db: &mut Connection, division: &DivisionCode) -> Result<Vec<Comparison>> {
    let rows = sqlx::query(columns!("WHERE division >= $1 AND division < $1 || 'z' ORDER BY at DESC, id LIMIT 50"));
    let rows = rows.bind(division.to_string()).fetch_all(db).await?;
    rows.iter().map(read).collect()
}

/// Writes a new comparison, and makes the key its rows are sealed under.
pub async fn insert(db: &mut Connection, comparison: &Comparison, keyring: &Keyring) -> Result<ChildKey> {
    let (key_id, key, wrapped) = keyring.make(comparison.id.as_str());
    insert_key(db, &key_id, &unfiled(&comparison.id)?, &wrapped, keyring).await?;
    sqlx::query(
        "INSERT INTO comparison (id, province, division, station_id, department, read_rows, unread, by_account, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(comparison.id.as_str())
    .bind(province(&comparison.division))
    .bind(comparison.division.as_str())
    .bind(comparison.station.as_ref().map(OrganizationId::as_str))
    .bind(&comparison.department)
    .bind(i64::from(comparison.read_rows))
    .bind(json(&comparison.unread))
    .bind(comparison.by.as_str())
    .bind(clock::stored(comparison.at))
    .execute(db)
    .await?;
    Ok(key)
}

/// The key of a comparison.
pub async fn key(db: &mut Connection, keyring: &Keyring, id: &ComparisonId) -> Result<ChildKey> {
    child_key(db, keyring, &unfiled(id)?).await
}

/// Writes a row, its words sealed.
pub async fn insert_row(db: &mut Connection, id: &ComparisonId, row: &Line, key: &ChildKey, words: &Words) -> Result<()> {
    sqlx::query("INSERT INTO comparison_row (comparison_id, number, state, words, case_id) VALUES ($1, $2, $3, $4, $5)")
        .bind(id.as_str())
        .bind(i64::from(row.number))
        .bind(row.state.name())
        .bind(words.seal(key, place(id)))
        .bind(row.case.as_ref().map(CaseId::as_str))
        .execute(db)
        .await?;
    Ok(())
}

/// The rows of a comparison in their order, each with its sealed words.
pub async fn rows(db: &mut Connection, id: &ComparisonId) -> Result<Vec<(Line, Option<String>)>> {
    let rows = sqlx::query(
        "SELECT comparison_id AS id, number, state, case_id, lead_id, words FROM comparison_row WHERE comparison_id = $1 ORDER BY number",
    )
    .bind(id.as_str())
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("comparison_row", row);
            let line = Line {
                number: row.count("number")?,
                state: row.name("state")?,
                case: row.maybe_parse("case_id")?,
                lead: row.maybe_parse("lead_id")?,
            };
            Ok((line, row.maybe_text("words")?))
        })
        .collect()
}

/// The words of a row: the caller has asked `decide` and records the view.
pub fn open(key: &ChildKey, id: &ComparisonId, cell: Option<&str>) -> Result<Words> {
    Ok(Words::open(key, place(id), cell)?)
}

/// Writes what a person said of a row, if it still stands where it stood, beside the same child.
pub async fn settle(db: &mut Connection, id: &ComparisonId, row: &Line, to: State, lead: Option<&LeadId>, by: &AccountId) -> Result<()> {
    let done = sqlx::query(
        "UPDATE comparison_row SET state = $4, lead_id = $5, by_account = $6, case_id = CASE WHEN $4 = 'missing' THEN NULL ELSE case_id END
         WHERE comparison_id = $1 AND number = $2 AND state = $3 AND COALESCE(case_id, '') = $7",
    )
    .bind(id.as_str())
    .bind(i64::from(row.number))
    .bind(row.state.name())
    .bind(to.name())
    .bind(lead.map(LeadId::as_str))
    .bind(by.as_str())
    .bind(row.case.as_ref().map_or("", CaseId::as_str))
    .execute(db)
    .await?;
    if done.rows_affected() == 0 { Err(Error::Conflict { why: "changed" }) } else { Ok(()) }
}

/// Puts the next child a row may be in the place of the one it is not.
pub async fn offer_next(
    db: &mut Connection,
    id: &ComparisonId,
    number: u32,
    (seen, next): (&CaseId, &CaseId),
    (key, words): (&ChildKey, &Words),
) -> Result<()> {
    let done = sqlx::query(
        "UPDATE comparison_row SET case_id = $3, words = $4 WHERE comparison_id = $1 AND number = $2 AND state = 'maybe' AND case_id = $5",
    )
    .bind(id.as_str())
    .bind(i64::from(number))
    .bind(next.as_str())
    .bind(words.seal(key, place(id)))
    .bind(seen.as_str())
    .execute(db)
    .await?;
    if done.rows_affected() == 0 { Err(Error::Conflict { why: "changed" }) } else { Ok(()) }
}

/// Writes children on file that a row is not, or not any more, as missing in the list, but those another row stands beside.
pub async fn ours_only(db: &mut Connection, id: &ComparisonId, number: u32, cases: &[&CaseId]) -> Result<()> {
    for case in cases {
        sqlx::query(
            "INSERT INTO comparison_row (comparison_id, number, state, case_id)
             SELECT $1, (SELECT MAX(number) + 1 FROM comparison_row WHERE comparison_id = $1), 'ours_only', $2
             WHERE NOT EXISTS (SELECT 1 FROM comparison_row WHERE comparison_id = $1 AND case_id = $2 AND number <> $3)",
        )
        .bind(id.as_str())
        .bind(case.as_str())
        .bind(i64::from(number))
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// An open case of the scope, as far as a comparison needs it.
#[derive(Debug, Clone)]
pub struct OnFile {
    /// The case.
    pub case: CaseId,
    /// The child, for its name.
    pub child: ChildId,
    /// Month of birth.
    pub birth: Option<BirthMonth>,
    /// The blind index of its number.
    pub blind: Option<String>,
    /// Township.
    pub division: DivisionCode,
}

fn on_file(rows: &[AnyRow]) -> Result<Vec<OnFile>> {
    rows.iter()
        .map(|row| {
            let row = Row::of("case", row);
            Ok(OnFile {
                case: row.parse("id")?,
                child: row.parse("child_id")?,
                birth: row.maybe_parse("birth_month")?,
                blind: row.maybe_text("blind_identity")?,
                division: row.parse("division")?,
            })
        })
        .collect()
}

/// The open cases of a station, or of a division.
pub async fn open_cases(db: &mut Connection, station: Option<&OrganizationId>, division: &DivisionCode) -> Result<Vec<OnFile>> {
    let rows = match station {
        Some(station) => {
            sqlx::query(
                "SELECT c.id, c.child_id, h.birth_month, h.blind_identity, c.division FROM \"case\" c JOIN child h ON h.id = c.child_id
                 WHERE c.state <> 'closed' AND c.station_id = $1 ORDER BY c.id",
            )
            .bind(station.as_str())
            .fetch_all(db)
            .await?
        }
        None => {
            sqlx::query(
                "SELECT c.id, c.child_id, h.birth_month, h.blind_identity, c.division FROM \"case\" c JOIN child h ON h.id = c.child_id
                 WHERE c.state <> 'closed' AND c.division >= $1 AND c.division < $1 || 'z' ORDER BY c.id",
            )
            .bind(division.to_string())
            .fetch_all(db)
            .await?
        }
    };
    on_file(&rows)
}

/// Whether a number is that of a child with an open case anywhere.
pub async fn is_on_file(db: &mut Connection, blind: &str) -> Result<bool> {
    let count: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM child h JOIN \"case\" c ON c.child_id = h.id WHERE h.blind_identity = $1 AND c.state <> 'closed'",
    )
    .bind(blind)
    .fetch_one(db)
    .await?;
    Ok(count > 0)
}
