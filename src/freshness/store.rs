//! Which facts are old. Verified organizations and active services only; what is restricted is nobody's queue.

use jiff::Timestamp;
use jiff::civil::Date;
use lianjie_index::DivisionCode;
use sqlx::any::AnyRow;

use crate::clock;
use crate::error::Result;
use crate::id::{AccountId, OrganizationId, ServiceId};
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
    /// Whether somebody who answers for the organization has an address.
    pub has_mail: bool,
    /// When the organization was last asked by itself.
    pub asked: Option<Timestamp>,
    /// Whose list lacked the organization, if one did.
    pub lacking: Option<String>,
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
        has_mail: row.int("addresses")? > 0,
        asked: row.maybe_parse("asked_at")?,
        lacking: row.maybe_text("lacking")?,
    })
}

/// What is shown of a service; `$5` is the day on which somebody is to answer for its organization.
macro_rules! shown {
    ($as_of:literal) => {
        concat!(
            "SELECT s.id, s.name, o.id AS organization_id, o.name AS organization_name, o.division, o.phones, s.assured_at, ",
            $as_of,
            " AS as_of, (SELECT COUNT(*) FROM role_grant g JOIN account a ON a.id = g.account_id WHERE g.role = 'provider' AND g.scope = o.id
                    AND g.valid_from <= $5 AND (g.valid_to IS NULL OR g.valid_to >= $5) AND a.status <> 'disabled' AND a.mail IS NOT NULL) AS addresses,
                (SELECT r.asked_at FROM confirmation_request r WHERE r.organization_id = o.id) AS asked_at,
                (SELECT b.department FROM doubt b WHERE b.organization_id = o.id) AS lacking"
        )
    };
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

/// The services of a division that nobody has confirmed since a day: those of one organization together, the organization with the
/// oldest first; a part, and how many.
pub async fn unconfirmed(
    db: &mut Connection,
    division: &DivisionCode,
    since: Date,
    today: Date,
    part: Part,
) -> Result<(Vec<Stale>, usize)> {
    const COUNT: &str = concat!("SELECT COUNT(*)", from_services!(" WHERE (s.assured_at IS NULL OR s.assured_at < $2)"));
    const LIST: &str = concat!(
        shown!("NULL"),
        from_services!(" WHERE (s.assured_at IS NULL OR s.assured_at < $2)"),
        " ORDER BY MIN(COALESCE(s.assured_at, '')) OVER (PARTITION BY o.id), o.pinyin, o.id, COALESCE(s.assured_at, ''), s.id LIMIT $3 OFFSET $4"
    );
    listed(db, (COUNT, LIST), division, (&since.to_string(), today), part).await
}

/// The services of a division whose places were posted before an instant, the oldest first; a part, and how many.
pub async fn unposted(
    db: &mut Connection,
    division: &DivisionCode,
    since: Timestamp,
    today: Date,
    part: Part,
) -> Result<(Vec<Stale>, usize)> {
    const COUNT: &str = concat!(
        "SELECT COUNT(DISTINCT s.id)",
        from_services!(
            " JOIN service_at_location l ON l.service_id = s.id JOIN place p ON p.service_at_location_id = l.id WHERE p.as_of < $2"
        )
    );
    const LIST: &str = concat!(
        shown!("MIN(p.as_of)"),
        from_services!(
            " JOIN service_at_location l ON l.service_id = s.id JOIN place p ON p.service_at_location_id = l.id WHERE p.as_of < $2"
        ),
        " GROUP BY s.id, s.name, o.id, o.name, o.division, o.phones, s.assured_at ORDER BY MIN(p.as_of), s.id LIMIT $3 OFFSET $4"
    );
    listed(db, (COUNT, LIST), division, (&clock::stored(since), today), part).await
}

/// The services of organizations `o` that a department's list lacks since `$2`, of which nobody has said since that they exist.
macro_rules! of_doubted {
    () => {
        from_services!(
            " JOIN doubt d ON d.organization_id = o.id WHERE d.at >= $2 AND NOT EXISTS (SELECT 1 FROM fact_check f
              WHERE f.subject = s.id AND f.field = 'existence' AND f.method <> 'unreached' AND f.at >= d.at)"
        )
    };
}

/// The services of a division whose organization a department's list lacks since an instant; a part, and how many.
pub async fn doubted(
    db: &mut Connection,
    division: &DivisionCode,
    since: Timestamp,
    today: Date,
    part: Part,
) -> Result<(Vec<Stale>, usize)> {
    const COUNT: &str = concat!("SELECT COUNT(*)", of_doubted!());
    const LIST: &str = concat!(shown!("NULL"), of_doubted!(), " ORDER BY o.pinyin, o.id, s.id LIMIT $3 OFFSET $4");
    listed(db, (COUNT, LIST), division, (&clock::stored(since), today), part).await
}

/// Notes that a department's list lacks an organization.
pub async fn doubt(db: &mut Connection, organization: &OrganizationId, department: &str, by: &AccountId, at: Timestamp) -> Result<()> {
    sqlx::query(
        "INSERT INTO doubt (organization_id, department, by_account, at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (organization_id) DO UPDATE SET department = excluded.department, by_account = excluded.by_account, at = excluded.at",
    )
    .bind(organization.as_str())
    .bind(department)
    .bind(by.as_str())
    .bind(clock::stored(at))
    .execute(db)
    .await?;
    Ok(())
}

async fn listed(
    db: &mut Connection,
    (count, list): (&'static str, &'static str),
    division: &DivisionCode,
    (since, today): (&str, Date),
    part: Part,
) -> Result<(Vec<Stale>, usize)> {
    let total: i64 = sqlx::query_scalar(count).bind(division.as_str()).bind(since).fetch_one(&mut *db).await?;
    let rows = sqlx::query(list)
        .bind(division.as_str())
        .bind(since)
        .bind(part.limit)
        .bind(part.offset)
        .bind(today.to_string())
        .fetch_all(db)
        .await?;
    Ok((rows.iter().map(read).collect::<Result<_>>()?, usize::try_from(total).unwrap_or_default()))
}

/// Since when a fact is old, and an organization not asked.
#[derive(Debug, Clone, Copy)]
pub struct Since {
    /// The first day that is fresh.
    pub facts: Date,
    /// The first instant at which places are fresh.
    pub places: Timestamp,
    /// Whoever was asked before may be asked again.
    pub asked: Timestamp,
    /// From here on the word of a department counts that its list lacks an organization.
    pub doubts: Timestamp,
}

/// The organizations that are to be asked, those with the oldest facts first: something listed of them is old, or a department's list
/// lacks them; they were not asked of late, and somebody answers for them today.
pub async fn to_ask(db: &mut Connection, since: Since, today: Date, limit: i64) -> Result<Vec<OrganizationId>> {
    let rows = sqlx::query(
        "SELECT o.id FROM service s JOIN organization o ON o.id = s.organization_id
         WHERE s.status = 'active' AND o.status = 'verified' AND s.confidentiality <> 'restricted' AND o.confidentiality <> 'restricted'
           AND (s.assured_at IS NULL OR s.assured_at < $1 OR EXISTS (SELECT 1 FROM service_at_location l
                JOIN place p ON p.service_at_location_id = l.id WHERE l.service_id = s.id AND p.as_of < $2)
                OR EXISTS (SELECT 1 FROM doubt d WHERE d.organization_id = o.id AND d.at >= $6 AND NOT EXISTS (SELECT 1 FROM fact_check f
                    WHERE f.subject = s.id AND f.field = 'existence' AND f.method <> 'unreached' AND f.at >= d.at)))
           AND NOT EXISTS (SELECT 1 FROM confirmation_request r WHERE r.organization_id = o.id AND r.asked_at > $3)
           AND EXISTS (SELECT 1 FROM role_grant g JOIN account a ON a.id = g.account_id WHERE g.role = 'provider' AND g.scope = o.id
                AND g.valid_from <= $4 AND (g.valid_to IS NULL OR g.valid_to >= $4) AND a.status <> 'disabled')
         GROUP BY o.id ORDER BY MIN(COALESCE(s.assured_at, '')), o.id LIMIT $5",
    )
    .bind(since.facts.to_string())
    .bind(clock::stored(since.places))
    .bind(clock::stored(since.asked))
    .bind(today.to_string())
    .bind(limit)
    .bind(clock::stored(since.doubts))
    .fetch_all(db)
    .await?;
    rows.iter().map(|row| Row::of("organization", row).parse("id")).collect()
}

/// Notes that an organization is asked; false where it was asked since an instant: then somebody else did.
pub async fn ask(db: &mut Connection, organization: &OrganizationId, since: Timestamp, at: Timestamp) -> Result<bool> {
    let done = sqlx::query(
        "INSERT INTO confirmation_request (organization_id, asked_at) VALUES ($1, $2)
         ON CONFLICT (organization_id) DO UPDATE SET asked_at = excluded.asked_at WHERE confirmation_request.asked_at <= $3",
    )
    .bind(organization.as_str())
    .bind(clock::stored(at))
    .bind(clock::stored(since))
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}
