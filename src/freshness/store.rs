//! Which facts are old. Verified organizations and active services only; what is restricted is nobody's queue.

use jiff::Timestamp;
use jiff::civil::Date;
use lianjie_index::DivisionCode;
use sqlx::any::AnyRow;

use crate::clock;
use crate::error::Result;
use crate::id::{OrganizationId, ServiceId};
use crate::store::{Connection, Part, Row};

/// A service of which a fact is old.
#[derive(Debug, Clone)]
pub struct Stale {
    /// The service.
    pub service: ServiceId,
    /// Its name.
    pub name: String,
    /// Whose it is.
    pub organization: OrganizationId,
    /// What that is called.
    pub organization_name: String,
    /// Where that is.
    pub division: DivisionCode,
    /// Its telephones.
    pub phones: Vec<String>,
    /// When somebody last confirmed it.
    pub assured: Option<Date>,
    /// The oldest posting of its places, where places are what is old.
    pub as_of: Option<Timestamp>,
}

fn read(row: &AnyRow) -> Result<Stale> {
    let row = Row::of("service", row);
    Ok(Stale {
        service: row.parse("id")?,
        name: row.text("name")?,
        organization: row.parse("organization_id")?,
        organization_name: row.text("organization_name")?,
        division: row.parse("division")?,
        phones: row.json("phones")?,
        assured: row.maybe_parse("assured_at")?,
        as_of: row.maybe_parse("as_of")?,
    })
}

macro_rules! from_services {
    ($more:literal) => {
        concat!(
            " FROM service s JOIN organization o ON o.id = s.organization_id",
            $more,
            " AND s.status = 'active' AND o.status = 'verified' AND s.confidentiality <> 'restricted' AND o.confidentiality <> 'restricted'
              AND o.division >= $1 AND o.division < $1 || 'z'"
        )
    };
}

/// The services of a division that nobody has confirmed since a day, those never confirmed first; a part, and how many.
pub async fn unconfirmed(db: &mut Connection, division: &DivisionCode, since: Date, part: Part) -> Result<(Vec<Stale>, usize)> {
    const COUNT: &str = concat!("SELECT COUNT(*)", from_services!(" WHERE (s.assured_at IS NULL OR s.assured_at < $2)"));
    const LIST: &str = concat!(
        "SELECT s.id, s.name, o.id AS organization_id, o.name AS organization_name, o.division, o.phones, s.assured_at, NULL AS as_of",
        from_services!(" WHERE (s.assured_at IS NULL OR s.assured_at < $2)"),
        " ORDER BY COALESCE(s.assured_at, ''), o.pinyin, s.id LIMIT $3 OFFSET $4"
    );
    listed(db, (COUNT, LIST), division, &since.to_string(), part).await
}

/// The services of a division whose places were posted before an instant, the oldest first; a part, and how many.
pub async fn unposted(db: &mut Connection, division: &DivisionCode, since: Timestamp, part: Part) -> Result<(Vec<Stale>, usize)> {
    const COUNT: &str = concat!(
        "SELECT COUNT(DISTINCT s.id)",
        from_services!(
            " JOIN service_at_location l ON l.service_id = s.id JOIN place p ON p.service_at_location_id = l.id WHERE p.as_of < $2"
        )
    );
    const LIST: &str = concat!(
        "SELECT s.id, s.name, o.id AS organization_id, o.name AS organization_name, o.division, o.phones, s.assured_at, MIN(p.as_of) AS as_of",
        from_services!(
            " JOIN service_at_location l ON l.service_id = s.id JOIN place p ON p.service_at_location_id = l.id WHERE p.as_of < $2"
        ),
        " GROUP BY s.id, s.name, o.id, o.name, o.division, o.phones, s.assured_at ORDER BY MIN(p.as_of), s.id LIMIT $3 OFFSET $4"
    );
    listed(db, (COUNT, LIST), division, &clock::stored(since), part).await
}

async fn listed(
    db: &mut Connection,
    (count, list): (&'static str, &'static str),
    division: &DivisionCode,
    since: &str,
    part: Part,
) -> Result<(Vec<Stale>, usize)> {
    let total: i64 = sqlx::query_scalar(count).bind(division.as_str()).bind(since).fetch_one(&mut *db).await?;
    let rows = sqlx::query(list).bind(division.as_str()).bind(since).bind(part.limit).bind(part.offset).fetch_all(db).await?;
    Ok((rows.iter().map(read).collect::<Result<_>>()?, usize::try_from(total).unwrap_or_default()))
}
