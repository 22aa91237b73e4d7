//! Needs and their referrals as a meeting looks at them: who was asked, how long it has stood there, why it ended.

use jiff::Timestamp;

use crate::error::Result;
use crate::id::{CaseId, NeedId};
use crate::store::{Connection, Row};

/// A referral in the ledger.
#[derive(Debug, Clone)]
pub struct Asked {
    /// For which need.
    pub need: NeedId,
    /// Number.
    pub number: String,
    /// Id, for its link.
    pub id: String,
    /// Who was asked.
    pub provider: String,
    /// Where it stands.
    pub state: String,
    /// Since when.
    pub since: Timestamp,
    /// When something is due.
    pub due_at: Option<Timestamp>,
    /// The last reason that was given.
    pub reason: Option<String>,
}

/// Every referral of a case that left the desk, in order.
pub async fn asked(db: &mut Connection, case: &CaseId) -> Result<Vec<Asked>> {
    let rows = sqlx::query(
        "SELECT r.id, r.need_id, r.number, o.name, r.state, r.due_at,
                COALESCE((SELECT MAX(e.at) FROM referral_event e WHERE e.referral_id = r.id AND e.to_state = r.state AND e.from_state <> r.state),
                         r.changed_at) AS since,
                (SELECT e.reason FROM referral_event e WHERE e.referral_id = r.id AND e.reason IS NOT NULL ORDER BY e.number DESC LIMIT 1) AS reason
         FROM referral r JOIN organization o ON o.id = r.organization_id
         WHERE r.case_id = $1 AND r.state NOT IN ('draft', 'voided') ORDER BY r.need_id, r.id",
    )
    .bind(case.as_str())
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("referral", row);
            Ok(Asked {
                id: row.text("id")?,
                need: row.parse("need_id")?,
                number: row.text("number")?,
                provider: row.text("name")?,
                state: row.text("state")?,
                since: row.parse("since")?,
                due_at: row.maybe_parse("due_at")?,
                reason: row.maybe_text("reason")?,
            })
        })
        .collect()
}
