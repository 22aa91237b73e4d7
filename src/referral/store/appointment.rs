//! `appointment`.

use jiff::Timestamp;
use sqlx::any::AnyRow;

use super::super::model::{Appointment, AppointmentState, Letter};
use crate::clock;
use crate::error::{Error, Result};
use crate::id::{AppointmentId, ReferralId};
use crate::store::{Connection, Row};

fn read(row: &AnyRow) -> Result<Appointment> {
    let row = Row::of("appointment", row);
    Ok(Appointment { id: row.parse("id")?, at: row.parse("at")?, state: row.name("state")? })
}

/// Writes an appointment.
pub async fn book(db: &mut Connection, referral: &ReferralId, when: Timestamp, now: Timestamp) -> Result<AppointmentId> {
    let id = AppointmentId::new(now);
    sqlx::query("INSERT INTO appointment (id, referral_id, at, state) VALUES ($1, $2, $3, 'booked')")
        .bind(id.as_str())
        .bind(referral.as_str())
        .bind(clock::stored(when))
        .execute(db)
        .await?;
    Ok(id)
}

/// An appointment of a referral.
pub async fn appointment(db: &mut Connection, referral: &ReferralId, id: &AppointmentId) -> Result<Option<Appointment>> {
    let row = sqlx::query("SELECT id, at, state FROM appointment WHERE id = $1 AND referral_id = $2")
        .bind(id.as_str())
        .bind(referral.as_str())
        .fetch_optional(db)
        .await?;
    row.as_ref().map(read).transpose()
}

/// The appointments of a referral, soonest first.
pub async fn appointments(db: &mut Connection, referral: &ReferralId) -> Result<Vec<Appointment>> {
    let rows = sqlx::query("SELECT id, at, state FROM appointment WHERE referral_id = $1 ORDER BY at, id")
        .bind(referral.as_str())
        .fetch_all(db)
        .await?;
    rows.iter().map(read).collect()
}

/// Puts an appointment where it stands now, if it is still open; `by`: which side called it off.
pub async fn settle_appointment(
    db: &mut Connection,
    before: &Appointment,
    state: AppointmentState,
    when: Option<Timestamp>,
    by: Letter,
) -> Result<()> {
    let done = sqlx::query(
        "UPDATE appointment SET state = $2, at = COALESCE($3, at), cancelled_by = $4, version = version + 1
         WHERE id = $1 AND state IN ('booked', 'rescheduled')",
    )
    .bind(before.id.as_str())
    .bind(state.name())
    .bind(when.map(clock::stored))
    .bind((state == AppointmentState::Cancelled).then(|| by.name()))
    .execute(db)
    .await?;
    if done.rows_affected() == 0 { Err(Error::Conflict { why: "changed" }) } else { Ok(()) }
}
