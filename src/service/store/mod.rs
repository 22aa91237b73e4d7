//! The tables `service`, `service_at_location`, `fee`; places have a file of their own, as have checks of facts and merges.

mod check;
mod merged;

use jiff::Timestamp;
use lianjie_index::DivisionCode;
use lianjie_index::entry::{Audience, Fee};
use sqlx::any::AnyRow;

use super::model::{FeeRow, Offering, Service, ServiceAtLocation};
use crate::clock;
use crate::error::{Error, Result};
use crate::id::{FeeId, LocationId, OrganizationId, PractitionerId, ProgramId, ServiceAtLocationId, ServiceId};
use crate::organization::store::{self as organizations, name_of, province};
use crate::store::{Connection, DIRECTORY, Row, Tx, flag, json};

pub use check::{days_unreached, insert_fact_check};
pub use merged::{set_went_into, went_into};

pub(crate) fn read(row: &AnyRow) -> Result<Service> {
    let row = Row::of("service", row);
    Ok(Service {
        id: row.parse("id")?,
        organization: row.parse("organization_id")?,
        program: row.maybe_parse("program_id")?,
        practitioner: row.maybe_parse("practitioner_id")?,
        name: row.text("name")?,
        description: row.text("description")?,
        terms: row.json("terms")?,
        delivery: row.json("delivery")?,
        status: row.name("status")?,
        eligibility: row.maybe_json("eligibility")?,
        languages: row.json("languages")?,
        application: row.text("application")?,
        documents: row.json("documents")?,
        schedule: row.json("schedule")?,
        travel_free: row.flag("travel_free")?,
        wait_days: row.maybe_int("wait_days")?.map(|days| u16::try_from(days).unwrap_or(u16::MAX)),
        assured_at: row.maybe_parse("assured_at")?,
        confidentiality: row.name("confidentiality")?,
        do_not_refer: row.flag("do_not_refer")?,
        checked: row.maybe_json("checked")?,
        unchecked: row.flag("unchecked")?,
        version: row.int("version")?,
    })
}

/// The service of an id.
pub async fn find(db: &mut Connection, id: &ServiceId) -> Result<Option<Service>> {
    let row = sqlx::query(
        "SELECT id, organization_id, program_id, practitioner_id, name, description, terms, delivery, status, eligibility, languages, application,
                documents, schedule, travel_free, wait_days, assured_at, confidentiality, do_not_refer, checked, unchecked, version
         FROM service WHERE id = $1",
    )
    .bind(id.as_str())
    .fetch_optional(db)
    .await?;
    row.as_ref().map(read).transpose()
}

/// The services of an organization, by id.
pub async fn of(db: &mut Connection, organization: &OrganizationId) -> Result<Vec<Service>> {
    let rows = sqlx::query(
        "SELECT id, organization_id, program_id, practitioner_id, name, description, terms, delivery, status, eligibility, languages, application,
                documents, schedule, travel_free, wait_days, assured_at, confidentiality, do_not_refer, checked, unchecked, version
         FROM service WHERE organization_id = $1 ORDER BY id",
    )
    .bind(organization.as_str())
    .fetch_all(db)
    .await?;
    rows.iter().map(read).collect()
}

/// The services of verified organizations in a division subtree that wait for a registrar, oldest change first.
pub async fn waiting(db: &mut Connection, below: &str, limit: i64) -> Result<Vec<Service>> {
    let rows = sqlx::query(
        "SELECT s.id, s.organization_id, s.program_id, s.practitioner_id, s.name, s.description, s.terms, s.delivery, s.status, s.eligibility, s.languages,
                s.application, s.documents, s.schedule, s.travel_free, s.wait_days, s.assured_at, s.confidentiality, s.do_not_refer, s.checked, s.unchecked,
                s.version
         FROM service s JOIN organization o ON o.id = s.organization_id
         WHERE o.status = 'verified' AND o.division >= $1 AND o.division < $1 || 'z' AND s.status <> 'defunct' AND (s.unchecked = 1 OR s.checked IS NULL)
         ORDER BY s.changed_at, s.id LIMIT $2",
    )
    .bind(below.to_string())
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows.iter().map(read).collect()
}

/// When it was last changed.
pub async fn changed_at(db: &mut Connection, id: &ServiceId) -> Result<Option<Timestamp>> {
    let row = sqlx::query("SELECT changed_at FROM service WHERE id = $1").bind(id.as_str()).fetch_optional(db).await?;
    row.as_ref().map(|row| Row::of("service", row).parse("changed_at")).transpose()
}

/// Writes a new service and tells the index.
pub async fn insert(tx: &mut Tx, service: &Service, province: &str, at: Timestamp) -> Result<()> {
    sqlx::query(
        "INSERT INTO service (id, province, organization_id, program_id, practitioner_id, name, description, terms, delivery, status, eligibility, languages,
                application, documents, schedule, travel_free, wait_days, assured_at, confidentiality, do_not_refer, checked, unchecked, version, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)",
    )
    .bind(service.id.as_str())
    .bind(province)
    .bind(service.organization.as_str())
    .bind(service.program.as_ref().map(ProgramId::as_str))
    .bind(service.practitioner.as_ref().map(PractitionerId::as_str))
    .bind(&service.name)
    .bind(&service.description)
    .bind(json(&service.terms))
    .bind(json(&service.delivery))
    .bind(name_of(&service.status))
    .bind(service.eligibility.as_ref().map(json))
    .bind(json(&service.languages))
    .bind(&service.application)
    .bind(json(&service.documents))
    .bind(json(&service.schedule))
    .bind(flag(service.travel_free))
    .bind(service.wait_days.map(i64::from))
    .bind(service.assured_at.map(|day| day.to_string()))
    .bind(name_of(&service.confidentiality))
    .bind(flag(service.do_not_refer))
    .bind(service.checked.as_ref().map(json))
    .bind(flag(service.unchecked))
    .bind(service.version)
    .bind(clock::stored(at))
    .execute(&mut **tx)
    .await?;
    tx.changed(DIRECTORY, "service", &service.id);
    Ok(())
}

/// Writes every field of a service that nobody changed since `service.version`; counts the version up and tells the index.
pub async fn update(tx: &mut Tx, service: &mut Service, at: Timestamp) -> Result<()> {
    let done = sqlx::query(
        "UPDATE service SET program_id = $3, practitioner_id = $4, name = $5, description = $6, terms = $7, delivery = $8, status = $9, eligibility = $10,
                languages = $11, application = $12, documents = $13, schedule = $14, travel_free = $15, wait_days = $16, assured_at = $17,
                confidentiality = $18, do_not_refer = $19, checked = $20, unchecked = $21, version = version + 1, changed_at = $22
         WHERE id = $1 AND version = $2",
    )
    .bind(service.id.as_str())
    .bind(service.version)
    .bind(service.program.as_ref().map(ProgramId::as_str))
    .bind(service.practitioner.as_ref().map(PractitionerId::as_str))
    .bind(&service.name)
    .bind(&service.description)
    .bind(json(&service.terms))
    .bind(json(&service.delivery))
    .bind(name_of(&service.status))
    .bind(service.eligibility.as_ref().map(json))
    .bind(json(&service.languages))
    .bind(&service.application)
    .bind(json(&service.documents))
    .bind(json(&service.schedule))
    .bind(flag(service.travel_free))
    .bind(service.wait_days.map(i64::from))
    .bind(service.assured_at.map(|day| day.to_string()))
    .bind(name_of(&service.confidentiality))
    .bind(flag(service.do_not_refer))
    .bind(service.checked.as_ref().map(json))
    .bind(flag(service.unchecked))
    .bind(clock::stored(at))
    .execute(&mut **tx)
    .await?;
    if done.rows_affected() == 0 {
        return Err(Error::Conflict { why: "changed" });
    }
    service.version += 1;
    tx.changed(DIRECTORY, "service", &service.id);
    Ok(())
}

/// The services that others than an organization give at one address, that are not given up.
pub async fn beside(db: &mut Connection, own: &OrganizationId, division: &DivisionCode, address: &str) -> Result<Vec<ServiceId>> {
    let rows = sqlx::query(
        "SELECT DISTINCT s.id FROM location l JOIN service_at_location t ON t.location_id = l.id JOIN service s ON s.id = t.service_id
         WHERE l.division = $1 AND l.address = $2 AND l.location_type <> 'redacted' AND s.organization_id <> $3 AND s.status <> 'defunct'
         ORDER BY s.id LIMIT 50",
    )
    .bind(division.as_str())
    .bind(address)
    .bind(own.as_str())
    .fetch_all(db)
    .await?;
    rows.iter().map(|row| Row::of("service", row).parse("id")).collect()
}

pub(crate) fn read_site(row: &AnyRow) -> Result<ServiceAtLocation> {
    let row = Row::of("service_at_location", row);
    Ok(ServiceAtLocation {
        id: row.parse("id")?,
        service: row.parse("service_id")?,
        location: row.maybe_parse("location_id")?,
        areas: row.json("areas")?,
    })
}

/// The service at a location of an id.
pub async fn site(db: &mut Connection, id: &ServiceAtLocationId) -> Result<Option<ServiceAtLocation>> {
    let row = sqlx::query("SELECT id, service_id, location_id, areas FROM service_at_location WHERE id = $1")
        .bind(id.as_str())
        .fetch_optional(db)
        .await?;
    row.as_ref().map(read_site).transpose()
}

/// Where a service is given.
pub async fn sites(db: &mut Connection, service: &ServiceId) -> Result<Vec<ServiceAtLocation>> {
    let rows = sqlx::query("SELECT id, service_id, location_id, areas FROM service_at_location WHERE service_id = $1 ORDER BY id")
        .bind(service.as_str())
        .fetch_all(db)
        .await?;
    rows.iter().map(read_site).collect()
}

/// Writes where a service is given, new or changed, and tells the index.
pub async fn put_site(tx: &mut Tx, site: &ServiceAtLocation, province: &str, at: Timestamp) -> Result<()> {
    sqlx::query(
        "INSERT INTO service_at_location (id, province, service_id, location_id, areas, changed_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (id) DO UPDATE SET location_id = excluded.location_id, areas = excluded.areas, changed_at = excluded.changed_at,
                version = service_at_location.version + 1",
    )
    .bind(site.id.as_str())
    .bind(province)
    .bind(site.service.as_str())
    .bind(site.location.as_ref().map(LocationId::as_str))
    .bind(json(&site.areas))
    .bind(clock::stored(at))
    .execute(&mut **tx)
    .await?;
    tx.changed(DIRECTORY, "service", &site.service);
    Ok(())
}

/// Takes a service away from where it was given; false where places or referrals hang on it.
pub async fn remove_site(tx: &mut Tx, site: &ServiceAtLocationId) -> Result<bool> {
    sqlx::query(
        "DELETE FROM place WHERE service_at_location_id = $1 AND used + held = 0
         AND NOT EXISTS (SELECT 1 FROM reservation WHERE reservation.place_id = place.id)",
    )
    .bind(site.as_str())
    .execute(&mut **tx)
    .await?;
    let done = sqlx::query(
        "DELETE FROM service_at_location WHERE id = $1
         AND NOT EXISTS (SELECT 1 FROM place WHERE place.service_at_location_id = service_at_location.id)
         AND NOT EXISTS (SELECT 1 FROM referral WHERE referral.service_at_location_id = service_at_location.id)",
    )
    .bind(site.as_str())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Whether a child was referred to a service, or somebody has posted places of it since it was imported.
pub async fn is_used(db: &mut Connection, id: &ServiceId) -> Result<bool> {
    let query = sqlx::query_scalar(
        "SELECT COUNT(*) FROM service_at_location t WHERE t.service_id = $1
         AND (EXISTS (SELECT 1 FROM referral r WHERE r.service_at_location_id = t.id)
              OR EXISTS (SELECT 1 FROM place p WHERE p.service_at_location_id = t.id AND p.source <> 'import'))",
    );
    let many: i64 = query.bind(id.as_str()).fetch_one(db).await?;
    Ok(many > 0)
}

pub(crate) fn read_fee(row: &AnyRow) -> Result<FeeRow> {
    let row = Row::of("fee", row);
    Ok(FeeRow {
        id: row.parse("id")?,
        service: row.parse("service_id")?,
        fee: Fee {
            audience: row.parse::<Audience>("audience")?,
            level: row.name("level")?,
            amount_fen: row.maybe_int("amount_fen")?,
            unit: row.maybe_text("unit")?,
            quota: row.maybe_int("quota")?,
            payer: row.maybe_name("payer")?,
            valid_from: row.maybe_parse("valid_from")?,
            valid_to: row.maybe_parse("valid_to")?,
        },
    })
}

/// The fees of a service.
pub async fn fees(db: &mut Connection, service: &ServiceId) -> Result<Vec<FeeRow>> {
    let rows = sqlx::query("SELECT id, service_id, audience, level, amount_fen, unit, quota, payer, valid_from, valid_to FROM fee WHERE service_id = $1 ORDER BY id")
        .bind(service.as_str())
        .fetch_all(db)
        .await?;
    rows.iter().map(read_fee).collect()
}

/// Puts the fees of a service in the place of those it had, and tells the index.
pub async fn replace_fees(tx: &mut Tx, service: &ServiceId, fees: &[Fee], at: Timestamp) -> Result<()> {
    sqlx::query("DELETE FROM fee WHERE service_id = $1").bind(service.as_str()).execute(&mut **tx).await?;
    for fee in fees {
        insert_fee(tx, &FeeRow { id: FeeId::new(at), service: service.clone(), fee: fee.clone() }).await?;
    }
    tx.changed(DIRECTORY, "service", service);
    Ok(())
}

/// Writes a fee row.
pub async fn insert_fee(tx: &mut Tx, row: &FeeRow) -> Result<()> {
    sqlx::query(
        "INSERT INTO fee (id, service_id, audience, level, amount_fen, unit, quota, payer, valid_from, valid_to) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(row.id.as_str())
    .bind(row.service.as_str())
    .bind(row.fee.audience.to_string())
    .bind(name_of(&row.fee.level))
    .bind(row.fee.amount().or(row.fee.amount_fen).unwrap_or(0))
    .bind(row.fee.unit.as_deref().unwrap_or("visit"))
    .bind(row.fee.quota)
    .bind(row.fee.payer.map_or_else(|| "family".to_owned(), |payer| name_of(&payer)))
    .bind(row.fee.valid_from.map(|day| day.to_string()))
    .bind(row.fee.valid_to.map(|day| day.to_string()))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A service at a location with all that belongs to it.
pub async fn offering(db: &mut Connection, id: &ServiceAtLocationId) -> Result<Option<Offering>> {
    let Some(site) = site(db, id).await? else { return Ok(None) };
    let service = find(db, &site.service).await?.ok_or_else(|| Error::missing("service", &site.service))?;
    Ok(Some(with_all(db, site, service).await?))
}

/// All offerings of a service.
pub async fn offerings(db: &mut Connection, id: &ServiceId) -> Result<Vec<Offering>> {
    let Some(service) = find(db, id).await? else { return Ok(Vec::new()) };
    let mut offerings = Vec::new();
    for site in sites(db, id).await? {
        offerings.push(with_all(db, site, service.clone()).await?);
    }
    Ok(offerings)
}

async fn with_all(db: &mut Connection, site: ServiceAtLocation, service: Service) -> Result<Offering> {
    let organization =
        organizations::find(db, &service.organization).await?.ok_or_else(|| Error::missing("organization", &service.organization))?;
    let location = match &site.location {
        Some(id) => organizations::location(db, id).await?,
        None => None,
    };
    let program = match &service.program {
        Some(id) => organizations::program(db, id).await?,
        None => None,
    };
    let practitioner = match &service.practitioner {
        Some(id) => organizations::practitioner(db, id).await?,
        None => None,
    };
    let fees = fees(db, &service.id).await?.into_iter().map(|row| row.fee).collect();
    Ok(Offering { site, service, organization, location, program, practitioner, fees })
}

/// Marks every service of an organization as changed: its name, place or status went into the index with them.
pub async fn touch_all(tx: &mut Tx, organization: &OrganizationId) -> Result<()> {
    for service in of(tx, organization).await? {
        tx.changed(DIRECTORY, "service", &service.id);
    }
    Ok(())
}

/// The ids of services after one, in order: for rebuilding the index.
pub async fn ids_after(db: &mut Connection, last: &str, limit: i64) -> Result<Vec<ServiceId>> {
    let rows = sqlx::query("SELECT id FROM service WHERE id > $1 ORDER BY id LIMIT $2").bind(last).bind(limit).fetch_all(db).await?;
    rows.iter().map(|row| Row::of("service", row).parse("id")).collect()
}

/// The province of an organization's division, for rows that carry it.
#[must_use]
pub fn province_of(offering: &Offering) -> String {
    province(&offering.organization.division)
}
