//! The referrals that were sent in a period, with when what happened to them.

use jiff::Timestamp;
use lianjie_index::DivisionCode;
use sqlx::any::AnyRow;

use super::super::model::{Over, Period};
use super::bounds;
use crate::error::Result;
use crate::store::{Connection, Row};

/// A referral that was sent in the period, with when what happened.
#[derive(Debug, Clone)]
pub struct Sent {
    /// Id.
    pub id: String,
    /// Number.
    pub number: String,
    /// Whom it was sent to.
    pub provider: String,
    /// Need it is for.
    pub need: String,
    /// Township of the case.
    pub division: DivisionCode,
    /// Where it stands.
    pub state: String,
    /// Tier.
    pub tier: u8,
    /// Whether it was closed without anybody having asked the family.
    pub unverified: bool,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// The first answer: accepted, declined, put on a waiting list, or asked back.
    pub answered_at: Option<Timestamp>,
    /// When it was accepted.
    pub accepted_at: Option<Timestamp>,
    /// When the family was first met or served.
    pub served_at: Option<Timestamp>,
    /// When the provider reported.
    pub reported_at: Option<Timestamp>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// The reason of a refusal.
    pub declined: Option<String>,
}

macro_rules! dispatched {
    ($condition:literal) => {
        concat!(
            "SELECT r.id, r.number, o.name, r.need_id, c.division, r.state, r.tier, r.flags, r.sent_at,
                    r.answered_at, r.accepted_at, r.served_at, r.reported_at, r.closed_at, r.declined
             FROM referral r JOIN \"case\" c ON c.id = r.case_id JOIN organization o ON o.id = r.organization_id
             WHERE r.state <> 'voided' AND r.sent_at >= $2 AND r.sent_at < $3 AND ",
            $condition,
            " ORDER BY r.sent_at, r.id"
        )
    };
}

/// The referrals that were sent in the period and not voided, with when what happened to them.
pub async fn sent(db: &mut Connection, over: &Over, period: Period) -> Result<Vec<Sent>> {
    let (text, value) = match over {
        Over::Station(id) => (dispatched!("c.station_id = $1"), id.to_string()),
        Over::Division(code) => (dispatched!("c.division >= $1 AND c.division < $1 || 'z'"), code.to_string()),
        Over::Provider(id) => (dispatched!("r.organization_id = $1"), id.to_string()),
    };
    let (from, to) = bounds(period);
    let rows = sqlx::query(text).bind(value).bind(from).bind(to).fetch_all(db).await?;
    rows.iter().map(read_sent).collect()
}

fn read_sent(row: &AnyRow) -> Result<Sent> {
    let row = Row::of("referral", row);
    let flags: Vec<String> = row.json("flags")?;
    Ok(Sent {
        id: row.text("id")?,
        number: row.text("number")?,
        provider: row.text("name")?,
        need: row.text("need_id")?,
        division: row.parse("division")?,
        state: row.text("state")?,
        tier: u8::try_from(row.count("tier")?).unwrap_or(4),
        unverified: flags.iter().any(|flag| flag == "unverified"),
        sent_at: row.parse("sent_at")?,
        answered_at: row.maybe_parse("answered_at")?,
        accepted_at: row.maybe_parse("accepted_at")?,
        served_at: row.maybe_parse("served_at")?,
        reported_at: row.maybe_parse("reported_at")?,
        closed_at: row.maybe_parse("closed_at")?,
        declined: row.maybe_text("declined")?,
    })
}
