//! `assessment`.

use jiff::Timestamp;
use sqlx::any::AnyRow;

use super::model::Assessment;
use crate::clock;
use crate::error::Result;
use crate::id::{AssessmentId, CaseId, ChildId};
use crate::secret::{ChildKey, Place, Words};
use crate::store::{Connection, Row};

fn place(child: &ChildId) -> Place<'_> {
    Place { table: "assessment", child: child.as_str(), field: "answers" }
}

fn read(row: &AnyRow) -> Result<Assessment> {
    let row = Row::of("assessment", row);
    Ok(Assessment {
        id: row.parse("id")?,
        case: row.parse("case_id")?,
        form: row.text("form")?,
        points: row.count("points")?,
        outcome: row.name("result")?,
        day: row.parse("day")?,
        valid_until: row.parse("valid_until")?,
        by: row.parse("by_account")?,
    })
}

/// Writes an assessment, its answers sealed.
pub async fn insert(
    db: &mut Connection,
    assessment: &Assessment,
    province: &str,
    (key, child): (&ChildKey, &ChildId),
    answers: &Words,
    at: Timestamp,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO assessment (id, case_id, province, kind, form, answers, points, result, day, valid_until, by_account, at)
         VALUES ($1, $2, $3, 'guardianship', $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(assessment.id.as_str())
    .bind(assessment.case.as_str())
    .bind(province)
    .bind(&assessment.form)
    .bind(answers.seal(key, place(child)))
    .bind(i64::from(assessment.points))
    .bind(assessment.outcome.name())
    .bind(assessment.day.to_string())
    .bind(assessment.valid_until.to_string())
    .bind(assessment.by.as_str())
    .bind(clock::stored(at))
    .execute(db)
    .await?;
    Ok(())
}

/// The assessments of a case, the last first.
pub async fn of_case(db: &mut Connection, case: &CaseId) -> Result<Vec<Assessment>> {
    let rows = sqlx::query(
        "SELECT id, case_id, form, points, result, day, valid_until, by_account FROM assessment WHERE case_id = $1 ORDER BY day DESC, id DESC",
    )
    .bind(case.as_str())
    .fetch_all(db)
    .await?;
    rows.iter().map(read).collect()
}

/// What was answered: the caller has asked `decide` and records the view.
pub async fn answers(db: &mut Connection, (key, child): (&ChildKey, &ChildId), id: &AssessmentId) -> Result<Words> {
    let cell: String = sqlx::query_scalar("SELECT answers FROM assessment WHERE id = $1").bind(id.as_str()).fetch_one(db).await?;
    Ok(Words::open(key, place(child), Some(&cell))?)
}
