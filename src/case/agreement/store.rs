//! `care_agreement`.

use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::any::AnyRow;

use super::model::Agreement;
use crate::clock;
use crate::error::{Error, Result};
use crate::id::{AccountId, CareAgreementId, CaseId, ChildId};
use crate::secret::{ChildKey, Place, Words};
use crate::store::{Connection, Row};

fn place(child: &ChildId) -> Place<'_> {
    Place { table: "care_agreement", child: child.as_str(), field: "words" }
}

fn read(row: &AnyRow) -> Result<Agreement> {
    let row = Row::of("care_agreement", row);
    Ok(Agreement {
        id: row.parse("id")?,
        case: row.parse("case_id")?,
        state: row.name("state")?,
        relation: row.text("relation")?,
        from_day: row.parse("from_day")?,
        to_day: row.parse("to_day")?,
        contact_every: u8::try_from(row.count("contact_every")?).unwrap_or(7),
        school_told: row.flag("school_told")?,
        committee_told: row.flag("committee_told")?,
        carer_checked: row.flag("carer_checked")?,
        signed_day: row.maybe_parse("signed_day")?,
        ended_day: row.maybe_parse("ended_day")?,
        ended_reason: row.maybe_text("ended_reason")?,
        written_by: row.parse("written_by")?,
        version: row.int("version")?,
    })
}

macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "SELECT id, case_id, state, relation, from_day, to_day, contact_every, school_told, committee_told, carer_checked, signed_day,
                    ended_day, ended_reason, written_by, version FROM care_agreement ",
            $rest
        )
    };
}

/// One agreement.
pub async fn find(db: &mut Connection, id: &CareAgreementId) -> Result<Option<Agreement>> {
    let row = sqlx::query(columns!("WHERE id = $1")).bind(id.as_str()).fetch_optional(db).await?;
    row.as_ref().map(read).transpose()
}

/// The agreements of a case, the last first.
pub async fn of_case(db: &mut Connection, case: &CaseId) -> Result<Vec<Agreement>> {
    let rows = sqlx::query(columns!("WHERE case_id = $1 ORDER BY from_day DESC, id DESC")).bind(case.as_str()).fetch_all(db).await?;
    rows.iter().map(read).collect()
}

/// Signed agreements whose last day is over, or after whose first day another has begun; a batch.
pub async fn over(db: &mut Connection, today: Date, limit: i64) -> Result<Vec<Agreement>> {
    let rows = sqlx::query(columns!(
        "WHERE state = 'signed' AND (to_day < $1 OR EXISTS (SELECT 1 FROM care_agreement later WHERE later.case_id = care_agreement.case_id
            AND later.state = 'signed' AND later.from_day <= $1 AND (later.from_day > care_agreement.from_day
                OR later.from_day = care_agreement.from_day AND later.id > care_agreement.id))) ORDER BY to_day, id LIMIT $2"
    ));
    let rows = rows.bind(today.to_string()).bind(limit).fetch_all(db).await?;
    rows.iter().map(read).collect()
}

/// An agreement that ends soon, with who is to be told.
#[derive(Debug)]
pub struct Ending {
    /// Which.
    pub agreement: CareAgreementId,
    /// Of which case.
    pub case: CaseId,
    /// Number of the case.
    pub number: String,
    /// Who works on it.
    pub worker: AccountId,
    /// The last day.
    pub to_day: Date,
}

/// Signed agreements that end by a day, none follows, and whose worker was not told by a template yet; a batch.
pub async fn ending(db: &mut Connection, template: &str, today: Date, by: Date, limit: i64) -> Result<Vec<Ending>> {
    let rows = sqlx::query(
        "SELECT k.id, k.case_id, c.number, c.worker_id, k.to_day FROM care_agreement k JOIN \"case\" c ON c.id = k.case_id
         WHERE k.state = 'signed' AND k.to_day >= $1 AND k.to_day <= $2 AND c.state <> 'closed'
           AND NOT EXISTS (SELECT 1 FROM care_agreement l WHERE l.case_id = k.case_id AND l.state = 'signed' AND l.to_day > k.to_day)
           AND NOT EXISTS (SELECT 1 FROM notice n WHERE n.key = k.id || ':' || $3 || ':' || c.worker_id)
         ORDER BY k.to_day, k.id LIMIT $4",
    )
    .bind(today.to_string())
    .bind(by.to_string())
    .bind(template)
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("care_agreement", row);
            Ok(Ending {
                agreement: row.parse("id")?,
                case: row.parse("case_id")?,
                number: row.text("number")?,
                worker: row.parse("worker_id")?,
                to_day: row.parse("to_day")?,
            })
        })
        .collect()
}

/// The words of an agreement: the caller has asked `decide` and records the view.
pub async fn words(db: &mut Connection, (key, child): (&ChildKey, &ChildId), id: &CareAgreementId) -> Result<Words> {
    let cell: String = sqlx::query_scalar("SELECT words FROM care_agreement WHERE id = $1").bind(id.as_str()).fetch_one(db).await?;
    Ok(Words::open(key, place(child), Some(&cell))?)
}

/// Writes a new agreement, its words sealed.
pub async fn insert(
    db: &mut Connection,
    agreement: &Agreement,
    province: &str,
    (key, child): (&ChildKey, &ChildId),
    words: &Words,
    at: Timestamp,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO care_agreement (id, case_id, province, state, relation, words, from_day, to_day, contact_every, school_told,
                                     committee_told, carer_checked, signed_day, ended_day, ended_reason, written_by, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
    )
    .bind(agreement.id.as_str())
    .bind(agreement.case.as_str())
    .bind(province)
    .bind(agreement.state.name())
    .bind(&agreement.relation)
    .bind(words.seal(key, place(child)))
    .bind(agreement.from_day.to_string())
    .bind(agreement.to_day.to_string())
    .bind(i64::from(agreement.contact_every))
    .bind(i64::from(agreement.school_told))
    .bind(i64::from(agreement.committee_told))
    .bind(i64::from(agreement.carer_checked))
    .bind(agreement.signed_day.map(|day| day.to_string()))
    .bind(agreement.ended_day.map(|day| day.to_string()))
    .bind(&agreement.ended_reason)
    .bind(agreement.written_by.as_str())
    .bind(clock::stored(at))
    .execute(db)
    .await?;
    Ok(())
}

/// Writes where an agreement stands, if nobody else has in between.
pub async fn update(db: &mut Connection, agreement: &Agreement, at: Timestamp) -> Result<()> {
    let done = sqlx::query(
        "UPDATE care_agreement SET state = $3, signed_day = $4, ended_day = $5, ended_reason = $6, school_told = $7, committee_told = $8,
                changed_at = $9, version = version + 1
         WHERE id = $1 AND version = $2",
    )
    .bind(agreement.id.as_str())
    .bind(agreement.version)
    .bind(agreement.state.name())
    .bind(agreement.signed_day.map(|day| day.to_string()))
    .bind(agreement.ended_day.map(|day| day.to_string()))
    .bind(&agreement.ended_reason)
    .bind(i64::from(agreement.school_told))
    .bind(i64::from(agreement.committee_told))
    .bind(clock::stored(at))
    .execute(db)
    .await?;
    if done.rows_affected() == 0 { Err(Error::Conflict { why: "changed" }) } else { Ok(()) }
}
