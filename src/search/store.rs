//! Reading the directory in bulk for the index, and the few lists that a search needs beside it.
//!
//! A stretch of services is read with one query a table and put together here, so that a whole province is
//! some hundred queries and not some hundred thousand.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use jiff::civil::Date;
use lianjie_index::DivisionCode;
use lianjie_index::entry::Fee;
use sqlx::any::AnyRow;

use crate::error::{Error, Result};
use crate::id::{AccountId, OrganizationId, ServiceId};
use crate::organization::model::{Location, Organization, Practitioner, Program};
use crate::organization::phone;
use crate::organization::store as organizations;
use crate::service::model::{Offering, Service, ServiceAtLocation};
use crate::service::{stated, store as services};
use crate::store::{Connection, Row};

/// A service with all that belongs to it, at all its locations.
#[derive(Debug, Clone)]
pub struct Whole {
    /// The service.
    pub service: Service,
    /// Its organization.
    pub organization: Organization,
    /// Its project.
    pub program: Option<Program>,
    /// Its licensed person.
    pub practitioner: Option<Practitioner>,
    /// Its fees.
    pub fees: Vec<Fee>,
    /// Where it is given.
    pub sites: Vec<(ServiceAtLocation, Option<Location>)>,
}

impl Whole {
    /// One offering a location.
    pub fn offerings(&self) -> impl Iterator<Item = Offering> + '_ {
        self.sites.iter().map(|(site, location)| Offering {
            site: site.clone(),
            service: self.service.clone(),
            organization: self.organization.clone(),
            location: location.clone(),
            program: self.program.clone(),
            practitioner: self.practitioner.clone(),
            fees: self.fees.clone(),
        })
    }
}

/// The services from one id to another, both included, with all that belongs to them.
pub async fn between(db: &mut Connection, first: &ServiceId, last: &ServiceId) -> Result<Vec<Whole>> {
    let found = services_between(db, first, last).await?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let organizations = keyed(organizations_between(db, first, last).await?, |one| one.id.to_string());
    let programs = keyed(programs_between(db, first, last).await?, |one| one.id.to_string());
    let practitioners = keyed(practitioners_between(db, first, last).await?, |one| one.id.to_string());
    let locations = keyed(locations_between(db, first, last).await?, |one| one.id.to_string());
    let mut sites: HashMap<ServiceId, Vec<(ServiceAtLocation, Option<Location>)>> = HashMap::new();
    for site in sites_between(db, first, last).await? {
        let location = site.location.as_ref().and_then(|id| locations.get(id.as_str())).cloned();
        sites.entry(site.service.clone()).or_default().push((site, location));
    }
    let mut fees: HashMap<ServiceId, Vec<Fee>> = HashMap::new();
    for row in fees_between(db, first, last).await? {
        fees.entry(row.service).or_default().push(row.fee);
    }
    found
        .into_iter()
        .map(|service| {
            let organization = organizations.get(service.organization.as_str()).cloned();
            Ok(Whole {
                organization: organization.ok_or_else(|| Error::missing("organization", &service.organization))?,
                program: service.program.as_ref().and_then(|id| programs.get(id.as_str())).cloned(),
                practitioner: service.practitioner.as_ref().and_then(|id| practitioners.get(id.as_str())).cloned(),
                fees: fees.remove(&service.id).unwrap_or_default(),
                sites: sites.remove(&service.id).unwrap_or_default(),
                service,
            })
        })
        .collect()
}

/// A service with all that belongs to it.
pub async fn whole(db: &mut Connection, id: &ServiceId) -> Result<Option<Whole>> {
    Ok(between(db, id, id).await?.pop())
}

fn keyed<T>(rows: Vec<T>, key: impl Fn(&T) -> String) -> HashMap<String, T> {
    rows.into_iter().map(|row| (key(&row), row)).collect()
}

fn all<T>(rows: Vec<AnyRow>, read: impl Fn(&AnyRow) -> Result<T>) -> Result<Vec<T>> {
    rows.iter().map(read).collect()
}

async fn services_between(db: &mut Connection, first: &ServiceId, last: &ServiceId) -> Result<Vec<Service>> {
    let rows = sqlx::query(
        "SELECT id, organization_id, program_id, practitioner_id, name, description, terms, delivery, status, eligibility, languages, application,
                documents, schedule, travel_free, wait_days, assured_at, confidentiality, do_not_refer, checked, unchecked, version
         FROM service WHERE id >= $1 AND id <= $2 ORDER BY id",
    );
    all(rows.bind(first.as_str()).bind(last.as_str()).fetch_all(db).await?, services::read)
}

async fn organizations_between(db: &mut Connection, first: &ServiceId, last: &ServiceId) -> Result<Vec<Organization>> {
    let rows = sqlx::query(
        "SELECT id, kind, name, alternate_name, description, code_uscc, division, address, phones, office_phones, website, parent_id, status, status_reason,
                entered_by, verified_at, verified_until, confidentiality, listed, do_not_refer, version
         FROM organization WHERE id IN (SELECT organization_id FROM service WHERE id >= $1 AND id <= $2)",
    );
    all(rows.bind(first.as_str()).bind(last.as_str()).fetch_all(db).await?, organizations::read)
}

async fn programs_between(db: &mut Connection, first: &ServiceId, last: &ServiceId) -> Result<Vec<Program>> {
    let rows = sqlx::query(
        "SELECT id, organization_id, name, funder, division, from_day, to_day, budget_fen, target_children, target_sessions
         FROM program WHERE id IN (SELECT program_id FROM service WHERE id >= $1 AND id <= $2)",
    );
    all(rows.bind(first.as_str()).bind(last.as_str()).fetch_all(db).await?, organizations::read_program)
}

async fn practitioners_between(db: &mut Connection, first: &ServiceId, last: &ServiceId) -> Result<Vec<Practitioner>> {
    let rows = sqlx::query(
        "SELECT id, organization_id, name, profession, licence_kind, licence_until, terms, languages, listed
         FROM practitioner WHERE id IN (SELECT practitioner_id FROM service WHERE id >= $1 AND id <= $2)",
    );
    all(rows.bind(first.as_str()).bind(last.as_str()).fetch_all(db).await?, organizations::read_practitioner)
}

async fn locations_between(db: &mut Connection, first: &ServiceId, last: &ServiceId) -> Result<Vec<Location>> {
    let rows = sqlx::query(
        "SELECT id, organization_id, location_type, name, address, division, village, longitude, latitude, crs_given, precision_m, accessibility, transportation
         FROM location WHERE id IN (SELECT location_id FROM service_at_location WHERE service_id >= $1 AND service_id <= $2)",
    );
    all(rows.bind(first.as_str()).bind(last.as_str()).fetch_all(db).await?, organizations::read_location)
}

async fn sites_between(db: &mut Connection, first: &ServiceId, last: &ServiceId) -> Result<Vec<ServiceAtLocation>> {
    let rows = sqlx::query(
        "SELECT id, service_id, location_id, areas FROM service_at_location WHERE service_id >= $1 AND service_id <= $2 ORDER BY service_id, id",
    );
    all(rows.bind(first.as_str()).bind(last.as_str()).fetch_all(db).await?, services::read_site)
}

async fn fees_between(db: &mut Connection, first: &ServiceId, last: &ServiceId) -> Result<Vec<crate::service::model::FeeRow>> {
    let rows = sqlx::query(
        "SELECT id, service_id, audience, level, amount_fen, unit, quota, payer, valid_from, valid_to
         FROM fee WHERE service_id >= $1 AND service_id <= $2 ORDER BY service_id, id",
    );
    all(rows.bind(first.as_str()).bind(last.as_str()).fetch_all(db).await?, services::read_fee)
}

/// How many services there are.
pub async fn count(db: &mut Connection) -> Result<u64> {
    let row = sqlx::query("SELECT COUNT(*) AS n FROM service").fetch_one(db).await?;
    Ok(u64::from(Row::of("service", &row).count("n")?))
}

/// Every service at a location, by id.
pub async fn site_ids(db: &mut Connection) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar("SELECT id FROM service_at_location").fetch_all(db).await?)
}

/// The services whose verification, project or licence ran out between two days: its last day was `from` or later, and before `to`.
pub async fn expired_between(db: &mut Connection, from: Date, to: Date) -> Result<Vec<ServiceId>> {
    let rows = sqlx::query(
        "SELECT s.id FROM service s JOIN organization o ON o.id = s.organization_id
                LEFT JOIN program p ON p.id = s.program_id LEFT JOIN practitioner l ON l.id = s.practitioner_id
         WHERE (o.verified_until >= $1 AND o.verified_until < $2) OR (p.to_day >= $1 AND p.to_day < $2) OR (l.licence_until >= $1 AND l.licence_until < $2)
         ORDER BY s.id",
    )
    .bind(from.to_string())
    .bind(to.to_string())
    .fetch_all(db)
    .await?;
    all(rows, |row| Row::of("service", row).parse("id"))
}

/// The organizations that have something only named roles may read.
pub async fn restricted(db: &mut Connection) -> Result<Vec<Organization>> {
    let rows = sqlx::query(
        "SELECT id, kind, name, alternate_name, description, code_uscc, division, address, phones, office_phones, website, parent_id, status, status_reason,
                entered_by, verified_at, verified_until, confidentiality, listed, do_not_refer, version
         FROM organization WHERE id IN (SELECT id FROM organization WHERE confidentiality = 'restricted'
                                        UNION SELECT organization_id FROM service WHERE confidentiality = 'restricted')",
    )
    .fetch_all(db)
    .await?;
    all(rows, organizations::read)
}

/// Organizations after an id, in the order of ids.
pub async fn organizations_after(db: &mut Connection, last: &str, limit: i64) -> Result<Vec<Organization>> {
    let rows = sqlx::query(
        "SELECT id, kind, name, alternate_name, description, code_uscc, division, address, phones, office_phones, website, parent_id, status, status_reason,
                entered_by, verified_at, verified_until, confidentiality, listed, do_not_refer, version
         FROM organization WHERE id > $1 ORDER BY id LIMIT $2",
    )
    .bind(last)
    .bind(limit)
    .fetch_all(db)
    .await?;
    all(rows, organizations::read)
}

/// Organizations that keep a service, or a location, from the public on purpose; of those from one id to another, both included.
pub async fn keeping_back(db: &mut Connection, first: &OrganizationId, last: &OrganizationId) -> Result<BTreeSet<OrganizationId>> {
    let rows = sqlx::query(
        "SELECT organization_id FROM service
         WHERE (confidentiality <> 'public' OR do_not_refer = 1) AND organization_id >= $1 AND organization_id <= $2
         UNION SELECT organization_id FROM location WHERE location_type = 'redacted' AND organization_id >= $1 AND organization_id <= $2",
    )
    .bind(first.as_str())
    .bind(last.as_str())
    .fetch_all(db)
    .await?;
    rows.iter().map(|row| Row::of("organization", row).parse("organization_id")).collect()
}

/// Names of the places where people go, of the organizations from one id to another, both included.
pub async fn place_names(db: &mut Connection, first: &OrganizationId, last: &OrganizationId) -> Result<Vec<(OrganizationId, String)>> {
    let rows = sqlx::query(
        "SELECT id, organization_id, name FROM location
         WHERE location_type = 'physical' AND organization_id >= $1 AND organization_id <= $2 ORDER BY organization_id, id",
    )
    .bind(first.as_str())
    .bind(last.as_str())
    .fetch_all(db)
    .await?;
    all(rows, |row| {
        let row = Row::of("location", row);
        Ok((row.parse("organization_id")?, row.text("name")?))
    })
}

/// The first phone number of an organization that anybody may read.
pub async fn phone(db: &mut Connection, organization: &str) -> Result<Option<String>> {
    let row = sqlx::query("SELECT id, phones, office_phones FROM organization WHERE id = $1").bind(organization).fetch_optional(db).await?;
    let Some(row) = row else { return Ok(None) };
    let row = Row::of("organization", &row);
    let (phones, office): (Vec<String>, Vec<String>) = (row.json("phones")?, row.json("office_phones")?);
    Ok(phones.into_iter().find(|one| !phone::is_private(one, &office)))
}

/// The division of the organization an account belongs to.
pub async fn home(db: &mut Connection, account: &AccountId) -> Result<Option<DivisionCode>> {
    let row = sqlx::query("SELECT o.id, o.division FROM account a JOIN organization o ON o.id = a.organization_id WHERE a.id = $1")
        .bind(account.as_str())
        .fetch_optional(db)
        .await?;
    row.map(|row| Row::of("organization", &row).parse("division")).transpose()
}

/// A confirmation of a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    /// Which fact.
    pub field: String,
    /// Who said so: `organization`, `worker`, `import`, `registrar`.
    pub source: String,
    /// How it is known: `own`, `phone`, `visit`, `document`, `import`; after ` · ` who spoke.
    pub method: String,
    /// When.
    pub at: Timestamp,
    /// Until when it counts as fresh.
    pub expires_at: Timestamp,
    /// Whether the value it was of has changed since: it says nothing of the one that stands there now.
    pub changed: bool,
    /// Of what came in with a package: who said so there, and how it was known.
    pub said: Option<(String, String)>,
}

/// The last confirmation of each fact of a service and its organization, newest first.
pub async fn confirmations(db: &mut Connection, whole: &Whole) -> Result<Vec<Confirmation>> {
    let mut now = stated::of_service(&whole.service, &whole.fees);
    now.push(stated::of_phones(&whole.organization.phones));
    let rows = sqlx::query(
        "SELECT id, field, value_hash, source, method, said_source, said_method, at, expires_at FROM fact_check
         WHERE (subject = $1 OR subject = $2) AND method <> 'unreached' ORDER BY at DESC, id DESC LIMIT 200",
    )
    .bind(whole.service.id.as_str())
    .bind(whole.organization.id.as_str())
    .fetch_all(db)
    .await?;
    let mut latest: Vec<Confirmation> = Vec::new();
    for row in &rows {
        let row = Row::of("fact_check", row);
        let field = row.text("field")?;
        if latest.iter().all(|known| known.field != field) {
            let (source, method) = (row.text("source")?, row.text("method")?);
            let said = row.maybe_text("said_source")?.zip(row.maybe_text("said_method")?);
            let changed = !stated::is_of(&field, &row.text("value_hash")?, &now);
            latest.push(Confirmation { field, source, method, at: row.parse("at")?, expires_at: row.parse("expires_at")?, changed, said });
        }
    }
    Ok(latest)
}
