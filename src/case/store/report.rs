//! `report_duty`: one of the nine situations in which the police must be told at once.

use jiff::Timestamp;

use crate::clock;
use crate::error::{Error, Result};
use crate::id::{AccountId, CaseId, ReportDutyId};
use crate::store::{Connection, Row};

/// A duty to report.
#[derive(Debug, Clone)]
pub struct ReportDuty {
    /// Id.
    pub id: ReportDutyId,
    /// Whose case.
    pub case: CaseId,
    /// Which of the nine.
    pub situation: u8,
    /// When it was found.
    pub found_at: Timestamp,
    /// When the report was made; closing waits for it.
    pub made_at: Option<Timestamp>,
    /// Police station that took it.
    pub made_to: Option<String>,
    /// Receipt number.
    pub receipt_number: Option<String>,
}

/// The duties of a case, oldest first.
pub async fn report_duties(db: &mut Connection, case: &CaseId) -> Result<Vec<ReportDuty>> {
    let rows = sqlx::query("SELECT id, case_id, situation, found_at, made_at, made_to, receipt_number FROM report_duty WHERE case_id = $1 ORDER BY found_at, id")
        .bind(case.as_str())
        .fetch_all(db)
        .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("report_duty", row);
            Ok(ReportDuty {
                id: row.parse("id")?,
                case: row.parse("case_id")?,
                situation: u8::try_from(row.count("situation")?).unwrap_or(9),
                found_at: row.parse("found_at")?,
                made_at: row.maybe_parse("made_at")?,
                made_to: row.maybe_text("made_to")?,
                receipt_number: row.maybe_text("receipt_number")?,
            })
        })
        .collect()
}

/// Writes a duty.
pub async fn insert_report_duty(db: &mut Connection, duty: &ReportDuty) -> Result<()> {
    sqlx::query(
        "INSERT INTO report_duty (id, case_id, situation, found_at, made_at, made_to, receipt_number) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(duty.id.as_str())
    .bind(duty.case.as_str())
    .bind(i64::from(duty.situation))
    .bind(clock::stored(duty.found_at))
    .bind(duty.made_at.map(clock::stored))
    .bind(&duty.made_to)
    .bind(&duty.receipt_number)
    .execute(db)
    .await?;
    Ok(())
}

/// Writes that the report was made.
pub async fn make_report(
    db: &mut Connection,
    duty: &ReportDutyId,
    to: &str,
    receipt: &str,
    made_at: Timestamp,
    by: &AccountId,
) -> Result<()> {
    let done = sqlx::query(
        "UPDATE report_duty SET made_at = $2, made_to = $3, receipt_number = $4, by_account = $5 WHERE id = $1 AND made_at IS NULL",
    )
    .bind(duty.as_str())
    .bind(clock::stored(made_at))
    .bind(to)
    .bind(receipt)
    .bind(by.as_str())
    .execute(db)
    .await?;
    if done.rows_affected() == 0 { Err(Error::Conflict { why: "changed" }) } else { Ok(()) }
}
