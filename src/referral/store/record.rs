//! `service_record`, `release`, and the suggestions that refusals make.

use jiff::Timestamp;
use jiff::civil::Date;

use super::super::model::Record;
use crate::clock;
use crate::consent::model::{Channel, Item};
use crate::error::Result;
use crate::id::{AccountId, ChangeSuggestionId, OrganizationId, ReferralId, ReleaseId, ServiceId, ServiceRecordId};
use crate::secret::{ChildKey, Hidden, Place};
use crate::store::{Connection, Row, json};

/// A contact or service that was given.
#[derive(Debug, Clone)]
pub struct ServiceRecord {
    /// Id.
    pub id: ServiceRecordId,
    /// When.
    pub day: Date,
    /// What.
    pub kind: Record,
    /// How much of it.
    pub units: u32,
}

/// Writes a contact or service; its note is sealed.
#[expect(clippy::too_many_arguments, reason = "one row, one call")]
pub async fn insert_record(
    db: &mut Connection,
    referral: &ReferralId,
    kind: Record,
    day: Date,
    units: u32,
    note: Option<(&ChildKey, &str, &Hidden)>,
    by: &AccountId,
    at: Timestamp,
) -> Result<()> {
    let sealed = note.map(|(key, child, text)| key.seal(Place { table: "service_record", child, field: "note" }, text));
    sqlx::query(
        "INSERT INTO service_record (id, referral_id, day, kind, units, note, by_account, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(ServiceRecordId::new(at).as_str())
    .bind(referral.as_str())
    .bind(day.to_string())
    .bind(kind.name())
    .bind(i64::from(units))
    .bind(sealed)
    .bind(by.as_str())
    .bind(clock::stored(at))
    .execute(db)
    .await?;
    Ok(())
}

/// The contacts and services of a referral, oldest first.
pub async fn records(db: &mut Connection, referral: &ReferralId) -> Result<Vec<ServiceRecord>> {
    let rows = sqlx::query("SELECT id, day, kind, units FROM service_record WHERE referral_id = $1 ORDER BY day, id")
        .bind(referral.as_str())
        .fetch_all(db)
        .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("service_record", row);
            Ok(ServiceRecord { id: row.parse("id")?, day: row.parse("day")?, kind: row.name("kind")?, units: row.count("units")? })
        })
        .collect()
}

/// Writes down what left for whom, on which ground.
pub async fn insert_release(
    db: &mut Connection,
    referral: &ReferralId,
    recipient: &OrganizationId,
    items: &[Item],
    ground: &str,
    channel: Channel,
    at: Timestamp,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO release (id, referral_id, recipient_id, items, legal_ground, channel, at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(ReleaseId::new(at).as_str())
    .bind(referral.as_str())
    .bind(recipient.as_str())
    .bind(json(items))
    .bind(ground)
    .bind(channel.name())
    .bind(clock::stored(at))
    .execute(db)
    .await?;
    Ok(())
}

/// The items that left last for a referral.
pub async fn last_release(db: &mut Connection, referral: &ReferralId) -> Result<Option<Vec<Item>>> {
    let row = sqlx::query("SELECT id, items FROM release WHERE referral_id = $1 ORDER BY at DESC, id DESC LIMIT 1")
        .bind(referral.as_str())
        .fetch_optional(db)
        .await?;
    row.map(|row| Row::of("release", &row).json("items")).transpose()
}

/// A refusal that says the directory is wrong opens a suggestion there, once while it is open.
pub async fn insert_suggestion(
    db: &mut Connection,
    service: &ServiceId,
    field: &str,
    suggested: &str,
    by: &AccountId,
    at: Timestamp,
) -> Result<()> {
    let open: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM change_suggestion WHERE subject = $1 AND field = $2 AND suggested = $3 AND state = 'open'",
    )
    .bind(service.as_str())
    .bind(field)
    .bind(suggested)
    .fetch_one(&mut *db)
    .await?;
    if open > 0 {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO change_suggestion (id, subject, field, suggested, by_account, at, state) VALUES ($1, $2, $3, $4, $5, $6, 'open')",
    )
    .bind(ChangeSuggestionId::new(at).as_str())
    .bind(service.as_str())
    .bind(field)
    .bind(suggested)
    .bind(by.as_str())
    .bind(clock::stored(at))
    .execute(db)
    .await?;
    Ok(())
}
