//! `referral`.

use sqlx::any::AnyRow;

use super::super::model::{Due, Referral, Standing};
use crate::clock;
use crate::error::{Error, Result};
use crate::id::{AccountId, CaseId, ConsentId, OrganizationId, ReferralId, ServiceAtLocationId};
use crate::store::{Connection, Row, Tx, flag, json, referrals};

/// All columns that [`read`] reads.
macro_rules! select {
    ($which:literal) => {
        concat!(
            "SELECT id, number, need_id, case_id, dispatch_id, service_at_location_id, organization_id, state, version, tier, due_at, due_kind, due_from,
                spent_s, owner_id, author_id, purpose, brief, items, consent_id, promised_day, contact_day, expected_day, served, outcome,
                verified_by, questions, sent_at, hold_reason, hold_until, overdue, flags, follows_id, changed_at
             FROM referral ",
            $which
        )
    };
}
pub(super) use select;

pub(super) fn read(row: &AnyRow) -> Result<Referral> {
    let row = Row::of("referral", row);
    let fault = |column| Error::Row { table: "referral", column, row: row.text("id").unwrap_or_default() };
    let hold = match (row.maybe_name("hold_reason")?, row.maybe_parse("hold_until")?) {
        (Some(reason), Some(until)) => Some((reason, until)),
        _ => None,
    };
    let due = match (row.maybe_parse("due_at")?, row.maybe_name("due_kind")?) {
        (Some(at), Some(timer)) => Some((at, timer)),
        _ => None,
    };
    Ok(Referral {
        id: row.parse("id")?,
        number: row.text("number")?,
        need: row.parse("need_id")?,
        case: row.parse("case_id")?,
        dispatch: row.parse("dispatch_id")?,
        site: row.parse("service_at_location_id")?,
        organization: row.parse("organization_id")?,
        author: row.parse("author_id")?,
        owner: row.maybe_parse("owner_id")?,
        purpose: row.name("purpose")?,
        brief: row.json("brief")?,
        items: row.json("items")?,
        consent: row.maybe_parse("consent_id")?,
        follows: row.maybe_parse("follows_id")?,
        standing: Standing {
            state: row.name("state")?,
            version: row.int("version")?,
            tier: u8::try_from(row.count("tier")?).map_err(|_| fault("tier"))?,
            questions: row.count("questions")?,
            sent_at: row.maybe_parse("sent_at")?,
            contact_day: row.maybe_parse("contact_day")?,
            promised_day: row.maybe_parse("promised_day")?,
            expected_day: row.maybe_parse("expected_day")?,
            served: row.flag("served")?,
            outcome: row.maybe_name("outcome")?,
            verified_by: row.maybe_name("verified_by")?,
            hold,
            overdue: u8::try_from(row.count("overdue")?).map_err(|_| fault("overdue"))?,
            flags: row.json("flags")?,
            due_from: row.maybe_parse("due_from")?,
            spent_s: row.int("spent_s")?,
        },
        due,
        changed_at: row.parse("changed_at")?,
    })
}

/// The referral of an id.
pub async fn find(db: &mut Connection, id: &ReferralId) -> Result<Option<Referral>> {
    let row = sqlx::query(select!("WHERE id = $1")).bind(id.as_str()).fetch_optional(db).await?;
    row.as_ref().map(read).transpose()
}

/// Writes a new referral: a draft, which nobody waits for.
pub async fn insert(tx: &mut Tx, referral: &Referral, province: &str) -> Result<()> {
    sqlx::query(
        "INSERT INTO referral (id, number, province, need_id, case_id, dispatch_id, service_at_location_id, organization_id, state, version, tier,
                author_id, purpose, brief, items, consent_id, follows_id, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
    )
    .bind(referral.id.as_str())
    .bind(&referral.number)
    .bind(province)
    .bind(referral.need.as_str())
    .bind(referral.case.as_str())
    .bind(referral.dispatch.as_str())
    .bind(referral.site.as_str())
    .bind(referral.organization.as_str())
    .bind(referral.state().name())
    .bind(referral.standing.version)
    .bind(i64::from(referral.standing.tier))
    .bind(referral.author.as_str())
    .bind(referral.purpose.name())
    .bind(json(&referral.brief))
    .bind(json(&referral.items))
    .bind(referral.consent.as_ref().map(ConsentId::as_str))
    .bind(referral.follows.as_ref().map(ReferralId::as_str))
    .bind(clock::stored(referral.changed_at))
    .execute(&mut **tx)
    .await?;
    tx.changed(referrals(province), "referral", &referral.id);
    Ok(())
}

/// Writes where a referral stands now, if nobody changed it since the version before.
///
/// A second live one for the same need and service is a conflict: the first stands.
pub async fn update(tx: &mut Tx, referral: &Referral, due: Option<Due>, province: &str) -> Result<()> {
    let standing = &referral.standing;
    let done = sqlx::query(
        "UPDATE referral SET state = $3, version = $4, tier = $5, due_at = $6, due_kind = $7, due_from = $8, spent_s = $9, tick_at = $10, owner_id = $11,
                promised_day = $12, contact_day = $13, expected_day = $14, served = $15, outcome = $16, verified_by = $17, questions = $18,
                sent_at = $19, hold_reason = $20, hold_until = $21, overdue = $22, flags = $23, changed_at = $24
         WHERE id = $1 AND version = $2",
    )
    .bind(referral.id.as_str())
    .bind(standing.version - 1)
    .bind(standing.state.name())
    .bind(standing.version)
    .bind(i64::from(standing.tier))
    .bind(due.map(|due| clock::stored(due.at)))
    .bind(due.map(|due| due.timer.name()))
    .bind(standing.due_from.map(clock::stored))
    .bind(standing.spent_s)
    .bind(due.and_then(|due| due.tick).map(clock::stored))
    .bind(referral.owner.as_ref().map(AccountId::as_str))
    .bind(standing.promised_day.map(|day| day.to_string()))
    .bind(standing.contact_day.map(|day| day.to_string()))
    .bind(standing.expected_day.map(|day| day.to_string()))
    .bind(flag(standing.served))
    .bind(standing.outcome.map(|outcome| outcome.name()))
    .bind(standing.verified_by.map(|by| by.name()))
    .bind(i64::from(standing.questions))
    .bind(standing.sent_at.map(clock::stored))
    .bind(standing.hold.map(|(reason, _)| reason.name()))
    .bind(standing.hold.map(|(_, until)| clock::stored(until)))
    .bind(i64::from(standing.overdue))
    .bind(json(&standing.flags))
    .bind(clock::stored(referral.changed_at))
    .execute(&mut **tx)
    .await
    .map_err(|error| match &error {
        sqlx::Error::Database(cause) if cause.is_unique_violation() => Error::Conflict { why: "live_twin" },
        _ => Error::from(error),
    })?;
    if done.rows_affected() == 0 {
        return Err(Error::Conflict { why: "changed" });
    }
    tx.changed(referrals(province), "referral", &referral.id);
    Ok(())
}

/// The live referrals of a case to one recipient.
pub async fn live_for_recipient(db: &mut Connection, case: &CaseId, recipient: &OrganizationId) -> Result<Vec<ReferralId>> {
    let rows = sqlx::query(
        "SELECT id FROM referral WHERE case_id = $1 AND organization_id = $2 AND state IN ('pending_approval', 'queued', 'sent', 'acknowledged',
                'needs_info', 'waitlisted', 'accepted', 'in_service', 'reported') ORDER BY id",
    )
    .bind(case.as_str())
    .bind(recipient.as_str())
    .fetch_all(db)
    .await?;
    rows.iter().map(|row| Row::of("referral", row).parse("id")).collect()
}

/// The kind and reason of the last answer a service gave to another referral.
pub async fn last_answer(db: &mut Connection, site: &ServiceAtLocationId, other_than: &ReferralId) -> Result<Option<String>> {
    let row = sqlx::query(
        "SELECT e.referral_id AS id, e.kind, e.reason FROM referral_event e JOIN referral r ON r.id = e.referral_id
         WHERE r.service_at_location_id = $1 AND r.id <> $2 AND e.kind IN ('accept', 'waitlist', 'decline') ORDER BY e.recorded_at DESC LIMIT 1",
    )
    .bind(site.as_str())
    .bind(other_than.as_str())
    .fetch_optional(db)
    .await?;
    row.map(|row| Row::of("referral_event", &row).maybe_text("reason")).transpose().map(Option::flatten)
}
