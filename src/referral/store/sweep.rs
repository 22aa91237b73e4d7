//! What the sweep looks for. Each query reads an index; the change of a tier alone reads that of every live referral.

use jiff::Timestamp;
use jiff::civil::Date;
use lianjie_index::DivisionCode;

use super::super::model::Due;
use crate::clock;
use crate::error::Result;
use crate::id::{AccountId, CaseId, ConsentId, OrganizationId, ReferralId};
use crate::store::{Connection, Row};

/// What the sweep has to look at, the longest waiting first.
pub async fn due_ticks(db: &mut Connection, now: Timestamp, limit: i64) -> Result<Vec<ReferralId>> {
    let rows = sqlx::query("SELECT id FROM referral WHERE tick_at IS NOT NULL AND tick_at <= $1 ORDER BY tick_at, id LIMIT $2")
        .bind(clock::stored(now))
        .bind(limit)
        .fetch_all(db)
        .await?;
    rows.iter().map(|row| Row::of("referral", row).parse("id")).collect()
}

/// Live referrals of a division's cases after one, in the order of their ids, with where the case lives; all with an empty division.
pub async fn live_after(db: &mut Connection, division: &str, after: &str, limit: i64) -> Result<Vec<(ReferralId, DivisionCode)>> {
    let rows = sqlx::query(
        "SELECT r.id, k.division FROM referral r JOIN \"case\" k ON k.id = r.case_id
          WHERE r.id > $1 AND r.due_at IS NOT NULL AND k.division >= $2 AND k.division < $2 || 'z' ORDER BY r.id LIMIT $3",
    )
    .bind(after)
    .bind(division)
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("referral", row);
            Ok((row.parse("id")?, row.parse("division")?))
        })
        .collect()
}

/// Writes what is due of a referral now, where nothing happened to it.
pub async fn set_due(db: &mut Connection, id: &ReferralId, due: Due) -> Result<()> {
    sqlx::query("UPDATE referral SET due_at = $2, due_kind = $3, tick_at = $4 WHERE id = $1 AND due_at IS NOT NULL")
        .bind(id.as_str())
        .bind(clock::stored(due.at))
        .bind(due.timer.name())
        .bind(due.tick.map(clock::stored))
        .execute(db)
        .await?;
    Ok(())
}

/// Live referrals whose need has another tier now, with it.
pub async fn retiered(db: &mut Connection, limit: i64) -> Result<Vec<(ReferralId, u8)>> {
    let rows = sqlx::query(
        "SELECT r.id, n.tier AS need_tier FROM referral r JOIN need n ON n.id = r.need_id WHERE r.tier <> n.tier AND r.due_at IS NOT NULL LIMIT $1",
    )
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("referral", row);
            Ok((row.parse("id")?, u8::try_from(row.count("need_tier")?).unwrap_or(4)))
        })
        .collect()
}

/// Live referrals to an organization that was suspended or closed and that are not on the agenda yet (true), and those whose
/// owner's account is disabled (false).
pub async fn disturbed(db: &mut Connection, limit: i64) -> Result<Vec<(ReferralId, bool)>> {
    let rows = sqlx::query(
        "SELECT r.id, 1 AS suspended FROM organization o JOIN referral r ON r.organization_id = o.id
          WHERE o.status IN ('suspended', 'closed') AND r.flags NOT LIKE $1 AND r.state IN ('pending_approval', 'queued', 'sent',
                'acknowledged', 'needs_info', 'waitlisted', 'accepted', 'in_service', 'reported')
         UNION ALL
         SELECT r.id, 0 AS suspended FROM account a JOIN referral r ON r.owner_id = a.id
          WHERE a.status = 'disabled' AND r.state IN ('pending_approval', 'queued', 'sent', 'acknowledged', 'needs_info', 'waitlisted',
                'accepted', 'in_service', 'reported')
         LIMIT $2",
    )
    .bind("%on_agenda%")
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("referral", row);
            Ok((row.parse("id")?, row.flag("suspended")?))
        })
        .collect()
}

/// Recipients of which a consent ran out in the last days before a day, who have a live referral of the case that does not rest
/// yet, and no other consent that holds.
pub async fn lapsed(db: &mut Connection, since: Date, day: Date, limit: i64) -> Result<Vec<(CaseId, OrganizationId)>> {
    let rows = sqlx::query(
        "SELECT DISTINCT c.case_id, c.recipient_id FROM consent c JOIN referral r ON r.case_id = c.case_id AND r.organization_id = c.recipient_id
          WHERE c.revoked_at IS NULL AND c.to_day >= $1 AND c.to_day < $2 AND r.flags NOT LIKE '%consent_blocked%'
            AND r.state IN ('pending_approval', 'queued', 'sent', 'acknowledged', 'needs_info', 'waitlisted', 'accepted', 'in_service', 'reported')
            AND NOT EXISTS (SELECT 1 FROM consent o WHERE o.case_id = c.case_id AND o.recipient_id = c.recipient_id
                             AND o.revoked_at IS NULL AND o.from_day <= $2 AND o.to_day >= $2) LIMIT $3",
    )
    .bind(since.to_string())
    .bind(day.to_string())
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("consent", row);
            Ok((row.parse("case_id")?, row.parse("recipient_id")?))
        })
        .collect()
}

/// A consent that runs out soon, and who must be told.
pub struct Lapsing {
    pub id: ConsentId,
    pub case: CaseId,
    pub number: String,
    pub worker: AccountId,
    pub to: Date,
}

/// Consents that run out until a day and whose worker has not been told at this stage: fourteen days before, or from a nearer day on.
pub async fn lapsing(db: &mut Connection, (day, near, far): (Date, Date, Date), limit: i64) -> Result<Vec<Lapsing>> {
    let rows = sqlx::query(
        "SELECT c.id, c.case_id, c.to_day, k.number, k.worker_id FROM consent c JOIN \"case\" k ON k.id = c.case_id
          WHERE c.revoked_at IS NULL AND c.to_day >= $1 AND c.to_day <= $2
            AND NOT EXISTS (SELECT 1 FROM notice n
                             WHERE n.key = c.id || CASE WHEN c.to_day <= $3 THEN ':lapses:3:' ELSE ':lapses:14:' END || k.worker_id)
          ORDER BY c.to_day, c.id LIMIT $4",
    )
    .bind(day.to_string())
    .bind(far.to_string())
    .bind(near.to_string())
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("consent", row);
            Ok(Lapsing {
                id: row.parse("id")?,
                case: row.parse("case_id")?,
                number: row.text("number")?,
                worker: row.parse("worker_id")?,
                to: row.parse("to_day")?,
            })
        })
        .collect()
}
