//! The referrals that were sent in a period, with when what happened to them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use lianjie_index::DivisionCode;
use sqlx::any::AnyRow;

use super::super::model::{Over, Period};
use super::bounds;
use crate::error::Result;
use crate::store::{Connection, Row, by_ids, some_ids};

/// A referral that was sent in the period, with when what happened.
#[derive(Debug, Clone)]
pub struct Sent {
    /// Id.
    pub id: String,
    /// Id of the organization it was sent to.
    pub provider: String,
    /// Id of the service at the location it was sent to.
    pub site: String,
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
    /// When a service was first given.
    pub started_at: Option<Timestamp>,
    /// When the provider reported.
    pub reported_at: Option<Timestamp>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// The reason of a refusal.
    pub declined: Option<String>,
}

/// A row is one text: of thousands that are read for a figure, each column costs more than what stands in it. Names are looked up
/// for those that are shown.
macro_rules! dispatched {
    ($condition:literal) => {
        concat!(
            "SELECT r.id || '|' || r.need_id || '|' || c.division || '|' || r.state || '|' || CAST(r.tier AS TEXT)
                    || '|' || r.flags || '|' || r.sent_at || '|' || COALESCE(r.answered_at, '') || '|' || COALESCE(r.accepted_at, '')
                    || '|' || COALESCE(r.served_at, '') || '|' || COALESCE(r.reported_at, '') || '|' || COALESCE(r.closed_at, '')
                    || '|' || COALESCE(r.declined, '') || '|' || r.organization_id || '|' || r.service_at_location_id
                    || '|' || COALESCE(r.started_at, '') AS packed
             FROM referral r JOIN \"case\" c ON c.id = r.case_id
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
    let packed = row.packed::<16>("packed")?;
    let [id, need, _, state, tier, flags, _, _, _, _, _, _, declined, provider, site, _] = packed.texts();
    Ok(Sent {
        id: id.to_owned(),
        provider: provider.to_owned(),
        site: site.to_owned(),
        need: need.to_owned(),
        division: packed.parse(2)?,
        state: state.to_owned(),
        tier: tier.parse().unwrap_or(4),
        unverified: flags.contains("\"unverified\""),
        sent_at: packed.parse(6)?,
        answered_at: packed.maybe(7)?,
        accepted_at: packed.maybe(8)?,
        served_at: packed.maybe(9)?,
        started_at: packed.maybe(15)?,
        reported_at: packed.maybe(10)?,
        closed_at: packed.maybe(11)?,
        declined: Some(declined.to_owned()).filter(|reason| !reason.is_empty()),
    })
}

/// The numbers of some referrals, each with the name of the organization it was sent to.
pub async fn headings(db: &mut Connection, ids: &[&str]) -> Result<BTreeMap<String, String>> {
    const TEXT: &str = concat!(
        "SELECT r.id, r.number || ' · ' || o.name AS heading FROM referral r JOIN organization o ON o.id = r.organization_id WHERE r.id IN ",
        some_ids!()
    );
    by_ids(db, TEXT, ids).await?.iter().map(|row| Row::of("referral", row)).map(|row| Ok((row.text("id")?, row.text("heading")?))).collect()
}

/// The names of some organizations.
pub async fn names(db: &mut Connection, ids: &[&str]) -> Result<BTreeMap<String, String>> {
    const TEXT: &str = concat!("SELECT id, name FROM organization WHERE id IN ", some_ids!());
    by_ids(db, TEXT, ids)
        .await?
        .iter()
        .map(|row| Row::of("organization", row))
        .map(|row| Ok((row.text("id")?, row.text("name")?)))
        .collect()
}

/// What services at locations are called: the service, and whose it is. Those of one service share a name.
pub async fn services(db: &mut Connection, sites: &[&str]) -> Result<BTreeMap<String, String>> {
    const TEXT: &str = concat!(
        "SELECT l.id, s.name || ' · ' || o.name AS name FROM service_at_location l JOIN service s ON s.id = l.service_id
         JOIN organization o ON o.id = s.organization_id WHERE l.id IN ",
        some_ids!()
    );
    by_ids(db, TEXT, sites)
        .await?
        .iter()
        .map(|row| Row::of("service_at_location", row))
        .map(|row| Ok((row.text("id")?, row.text("name")?)))
        .collect()
}
