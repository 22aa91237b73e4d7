//! The tables `organization` and `location`, and an entry before a change; people and projects have a file of their own.

mod practice;

use jiff::Timestamp;
use jiff::civil::Date;
use lianjie_index::Wgs84;
use lianjie_index::text::pinyin;
use sqlx::any::AnyRow;

use super::model::{Location, Organization, Status};
use crate::clock;
use crate::error::{Error, Result};
use crate::id::{AccountId, LocationId, OrganizationId};
use crate::store::{Connection, Row, flag, json};

pub use practice::{practitioner, practitioners, program, programs, put_practitioner, put_program};
pub(crate) use practice::{read_practitioner, read_program};

/// The province of a division code: the partition key of every row that belongs to a place.
#[must_use]
pub fn province(division: &lianjie_index::DivisionCode) -> String {
    division.as_str().get(..2).unwrap_or("00").to_owned()
}

/// The name of a unit variant, as stored.
pub(crate) fn name_of(value: &impl serde::Serialize) -> String {
    json(value).trim_matches('"').to_owned()
}

pub(crate) fn read(row: &AnyRow) -> Result<Organization> {
    let row = Row::of("organization", row);
    Ok(Organization {
        id: row.parse("id")?,
        kind: row.text("kind")?,
        name: row.text("name")?,
        alternate_name: row.maybe_text("alternate_name")?,
        description: row.text("description")?,
        code_uscc: row.maybe_text("code_uscc")?,
        division: row.parse("division")?,
        address: row.text("address")?,
        phones: row.json("phones")?,
        office_phones: row.json("office_phones")?,
        website: row.maybe_text("website")?,
        parent: row.maybe_parse("parent_id")?,
        status: row.name("status")?,
        status_reason: row.maybe_text("status_reason")?,
        entered_by: row.maybe_parse("entered_by")?,
        verified_at: row.maybe_parse("verified_at")?,
        verified_until: row.maybe_parse("verified_until")?,
        confidentiality: row.name("confidentiality")?,
        listed: row.flag("listed")?,
        do_not_refer: row.flag("do_not_refer")?,
        version: row.int("version")?,
    })
}

/// When it was last changed.
pub async fn changed_at(db: &mut Connection, id: &OrganizationId) -> Result<Option<Timestamp>> {
    let row = sqlx::query("SELECT changed_at FROM organization WHERE id = $1").bind(id.as_str()).fetch_optional(db).await?;
    row.as_ref().map(|row| Row::of("organization", row).parse("changed_at")).transpose()
}

/// The organization of an id.
pub async fn find(db: &mut Connection, id: &OrganizationId) -> Result<Option<Organization>> {
    let row = sqlx::query(
        "SELECT id, kind, name, alternate_name, description, code_uscc, division, address, phones, office_phones, website, parent_id, status, status_reason,
                entered_by, verified_at, verified_until, confidentiality, listed, do_not_refer, version
         FROM organization WHERE id = $1",
    )
    .bind(id.as_str())
    .fetch_optional(db)
    .await?;
    row.as_ref().map(read).transpose()
}

/// The organizations of a status in a division subtree, oldest change first.
pub async fn of_status(db: &mut Connection, status: Status, below: &str, limit: i64) -> Result<Vec<Organization>> {
    let rows = sqlx::query(
        "SELECT id, kind, name, alternate_name, description, code_uscc, division, address, phones, office_phones, website, parent_id, status, status_reason,
                entered_by, verified_at, verified_until, confidentiality, listed, do_not_refer, version
         FROM organization WHERE status = $1 AND division >= $2 AND division < $2 || 'z' ORDER BY changed_at, id LIMIT $3",
    )
    .bind(status.name())
    .bind(below.to_string())
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows.iter().map(read).collect()
}

/// The verified organizations of a division subtree whose verification ends by a day, the first to end first.
pub async fn ending(db: &mut Connection, below: &str, day: Date, limit: i64) -> Result<Vec<Organization>> {
    let rows = sqlx::query(
        "SELECT id, kind, name, alternate_name, description, code_uscc, division, address, phones, office_phones, website, parent_id, status, status_reason,
                entered_by, verified_at, verified_until, confidentiality, listed, do_not_refer, version
         FROM organization WHERE status = 'verified' AND verified_until <= $2 AND division >= $1 AND division < $1 || 'z'
         ORDER BY verified_until, pinyin, id LIMIT $3",
    )
    .bind(below)
    .bind(day.to_string())
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows.iter().map(read).collect()
}

/// How many of a division subtree are verified until a day at the longest.
pub async fn count_ending(db: &mut Connection, below: &str, day: Date) -> Result<u32> {
    let row = sqlx::query(
        "SELECT COUNT(*) AS n FROM organization WHERE status = 'verified' AND verified_until <= $2 AND division >= $1 AND division < $1 || 'z'",
    )
    .bind(below)
    .bind(day.to_string())
    .fetch_one(db)
    .await?;
    Row::of("organization", &row).count("n")
}

/// The organizations of a kind in a division subtree, by name.
pub async fn of_kind(db: &mut Connection, kind: &str, below: &str, limit: i64) -> Result<Vec<Organization>> {
    let rows = sqlx::query(
        "SELECT id, kind, name, alternate_name, description, code_uscc, division, address, phones, office_phones, website, parent_id, status, status_reason,
                entered_by, verified_at, verified_until, confidentiality, listed, do_not_refer, version
         FROM organization WHERE kind = $1 AND division >= $2 AND division < $2 || 'z' ORDER BY pinyin, id LIMIT $3",
    )
    .bind(kind)
    .bind(below.to_string())
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows.iter().map(read).collect()
}

/// The organizations an account entered, newest first.
pub async fn entered_by(db: &mut Connection, account: &AccountId) -> Result<Vec<Organization>> {
    let rows = sqlx::query(
        "SELECT id, kind, name, alternate_name, description, code_uscc, division, address, phones, office_phones, website, parent_id, status, status_reason,
                entered_by, verified_at, verified_until, confidentiality, listed, do_not_refer, version
         FROM organization WHERE entered_by = $1 ORDER BY id DESC LIMIT 100",
    )
    .bind(account.as_str())
    .fetch_all(db)
    .await?;
    rows.iter().map(read).collect()
}

/// Whether an organization of exactly this name is in this division.
pub async fn is_there(db: &mut Connection, name: &str, division: &lianjie_index::DivisionCode) -> Result<bool> {
    let row = sqlx::query("SELECT COUNT(*) AS there FROM organization WHERE name = $1 AND division = $2 AND status <> 'closed'")
        .bind(name)
        .bind(division.as_str())
        .fetch_one(db)
        .await?;
    Ok(Row::of("organization", &row).count("there")? > 0)
}

/// The organizations of exactly this name, but for closed ones.
pub async fn named(db: &mut Connection, name: &str) -> Result<Vec<Organization>> {
    let rows = sqlx::query(
        "SELECT id, kind, name, alternate_name, description, code_uscc, division, address, phones, office_phones, website, parent_id, status, status_reason,
                entered_by, verified_at, verified_until, confidentiality, listed, do_not_refer, version
         FROM organization WHERE name = $1 AND status <> 'closed' ORDER BY id LIMIT 10",
    )
    .bind(name)
    .fetch_all(db)
    .await?;
    rows.iter().map(read).collect()
}

/// The organizations that may be one with another: of its code, or in its county.
pub async fn candidates(db: &mut Connection, code_uscc: Option<&str>, county: &str) -> Result<Vec<Organization>> {
    let rows = sqlx::query(
        "SELECT id, kind, name, alternate_name, description, code_uscc, division, address, phones, office_phones, website, parent_id, status, status_reason,
                entered_by, verified_at, verified_until, confidentiality, listed, do_not_refer, version
         FROM organization WHERE status <> 'closed' AND (code_uscc = $1 OR division >= $2 AND division < $2 || 'z') ORDER BY id LIMIT 5000",
    )
    .bind(code_uscc)
    .bind(county.to_string())
    .fetch_all(db)
    .await?;
    rows.iter().map(read).collect()
}

/// The organizations of a 统一社会信用代码, but for closed ones.
pub async fn of_code(db: &mut Connection, code: &str) -> Result<Vec<Organization>> {
    let rows = sqlx::query(
        "SELECT id, kind, name, alternate_name, description, code_uscc, division, address, phones, office_phones, website, parent_id, status, status_reason,
                entered_by, verified_at, verified_until, confidentiality, listed, do_not_refer, version
         FROM organization WHERE code_uscc = $1 AND status <> 'closed' ORDER BY id LIMIT 50",
    )
    .bind(code)
    .fetch_all(db)
    .await?;
    rows.iter().map(read).collect()
}

/// Writes a new organization.
pub async fn insert(db: &mut Connection, organization: &Organization, at: Timestamp) -> Result<()> {
    sqlx::query(
        "INSERT INTO organization (id, province, kind, name, alternate_name, description, code_uscc, division, address, phones, office_phones, website, parent_id,
                status, status_reason, entered_by, verified_at, verified_until, confidentiality, listed, do_not_refer, pinyin, initials, version, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)",
    )
    .bind(organization.id.as_str())
    .bind(province(&organization.division))
    .bind(&organization.kind)
    .bind(&organization.name)
    .bind(&organization.alternate_name)
    .bind(&organization.description)
    .bind(&organization.code_uscc)
    .bind(organization.division.as_str())
    .bind(&organization.address)
    .bind(json(&organization.phones))
    .bind(json(&organization.office_phones))
    .bind(&organization.website)
    .bind(organization.parent.as_ref().map(OrganizationId::as_str))
    .bind(organization.status.name())
    .bind(&organization.status_reason)
    .bind(organization.entered_by.as_ref().map(AccountId::as_str))
    .bind(organization.verified_at.map(clock::stored))
    .bind(organization.verified_until.map(|day| day.to_string()))
    .bind(name_of(&organization.confidentiality))
    .bind(flag(organization.listed))
    .bind(flag(organization.do_not_refer))
    .bind(pinyin::sort_key(&organization.name))
    .bind(pinyin::Readings::of(&organization.name).initials())
    .bind(organization.version)
    .bind(clock::stored(at))
    .execute(db)
    .await?;
    Ok(())
}

/// Writes every field of an organization that nobody changed since `organization.version`; counts the version up.
pub async fn update(db: &mut Connection, organization: &mut Organization, at: Timestamp) -> Result<()> {
    let done = sqlx::query(
        "UPDATE organization SET province = $3, kind = $4, name = $5, alternate_name = $6, description = $7, code_uscc = $8, division = $9, address = $10,
                phones = $11, website = $12, parent_id = $13, status = $14, status_reason = $15, verified_at = $16, verified_until = $17,
                confidentiality = $18, listed = $19, do_not_refer = $20, pinyin = $21, initials = $22, version = version + 1, changed_at = $23, office_phones = $24
         WHERE id = $1 AND version = $2",
    )
    .bind(organization.id.as_str())
    .bind(organization.version)
    .bind(province(&organization.division))
    .bind(&organization.kind)
    .bind(&organization.name)
    .bind(&organization.alternate_name)
    .bind(&organization.description)
    .bind(&organization.code_uscc)
    .bind(organization.division.as_str())
    .bind(&organization.address)
    .bind(json(&organization.phones))
    .bind(&organization.website)
    .bind(organization.parent.as_ref().map(OrganizationId::as_str))
    .bind(organization.status.name())
    .bind(&organization.status_reason)
    .bind(organization.verified_at.map(clock::stored))
    .bind(organization.verified_until.map(|day| day.to_string()))
    .bind(name_of(&organization.confidentiality))
    .bind(flag(organization.listed))
    .bind(flag(organization.do_not_refer))
    .bind(pinyin::sort_key(&organization.name))
    .bind(pinyin::Readings::of(&organization.name).initials())
    .bind(clock::stored(at))
    .bind(json(&organization.office_phones))
    .execute(db)
    .await?;
    if done.rows_affected() == 0 {
        return Err(Error::Conflict { why: "changed" });
    }
    organization.version += 1;
    Ok(())
}

pub(crate) fn read_location(row: &AnyRow) -> Result<Location> {
    let row = Row::of("location", row);
    let point = row.maybe_real("longitude")?.zip(row.maybe_real("latitude")?);
    Ok(Location {
        id: row.parse("id")?,
        organization: row.parse("organization_id")?,
        location_type: row.name("location_type")?,
        name: row.text("name")?,
        address: row.text("address")?,
        division: row.parse("division")?,
        village: row.maybe_text("village")?,
        point: point.map(|(longitude, latitude)| Wgs84 { longitude, latitude }),
        crs_given: row.maybe_name("crs_given")?,
        precision_m: row.maybe_int("precision_m")?.map(|metres| u32::try_from(metres).unwrap_or(u32::MAX)),
        accessibility: row.json("accessibility")?,
        transportation: row.maybe_text("transportation")?,
    })
}

/// The locations of an organization.
pub async fn locations(db: &mut Connection, organization: &OrganizationId) -> Result<Vec<Location>> {
    let rows = sqlx::query(
        "SELECT id, organization_id, location_type, name, address, division, village, longitude, latitude, crs_given, precision_m, accessibility, transportation
         FROM location WHERE organization_id = $1 ORDER BY id",
    )
    .bind(organization.as_str())
    .fetch_all(db)
    .await?;
    rows.iter().map(read_location).collect()
}

/// The location of an id.
pub async fn location(db: &mut Connection, id: &LocationId) -> Result<Option<Location>> {
    let row = sqlx::query(
        "SELECT id, organization_id, location_type, name, address, division, village, longitude, latitude, crs_given, precision_m, accessibility, transportation
         FROM location WHERE id = $1",
    )
    .bind(id.as_str())
    .fetch_optional(db)
    .await?;
    row.as_ref().map(read_location).transpose()
}

/// Writes a location, new or changed.
pub async fn put_location(db: &mut Connection, location: &Location, at: Timestamp) -> Result<()> {
    sqlx::query(
        "INSERT INTO location (id, province, organization_id, location_type, name, address, division, village, longitude, latitude, crs_given, precision_m,
                accessibility, transportation, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
         ON CONFLICT (id) DO UPDATE SET province = excluded.province, location_type = excluded.location_type, name = excluded.name,
                address = excluded.address, division = excluded.division, village = excluded.village, longitude = excluded.longitude,
                latitude = excluded.latitude, crs_given = excluded.crs_given, precision_m = excluded.precision_m,
                accessibility = excluded.accessibility, transportation = excluded.transportation, changed_at = excluded.changed_at,
                version = location.version + 1",
    )
    .bind(location.id.as_str())
    .bind(province(&location.division))
    .bind(location.organization.as_str())
    .bind(name_of(&location.location_type))
    .bind(&location.name)
    .bind(&location.address)
    .bind(location.division.as_str())
    .bind(&location.village)
    .bind(location.point.map(|point| point.longitude))
    .bind(location.point.map(|point| point.latitude))
    .bind(location.crs_given.map(|crs| name_of(&crs)))
    .bind(location.precision_m.map(i64::from))
    .bind(json(&location.accessibility))
    .bind(&location.transportation)
    .bind(clock::stored(at))
    .execute(db)
    .await?;
    Ok(())
}

/// Keeps an entry as it was before a change.
pub async fn keep_version(
    db: &mut Connection,
    subject_type: &str,
    subject: &str,
    version: i64,
    body: &impl serde::Serialize,
    by: &str,
    at: Timestamp,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO record_version (subject_type, subject, version, body, by_account, at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
    )
    .bind(subject_type)
    .bind(subject)
    .bind(version)
    .bind(json(body))
    .bind(by)
    .bind(clock::stored(at))
    .execute(db)
    .await?;
    Ok(())
}
