//! A row that reads, as the entry it would become: checked against the directory, nothing written yet.

use jiff::Timestamp;
use lianjie_index::entry::{Audience, Delivery, Fee, FeeLevel, Schedule};
use lianjie_index::rule::Test;
use lianjie_index::{Rule, TermCode};
use serde_json::{Map, Value};

use super::fields::Kind;
use super::hours;
use crate::app::App;
use crate::error::{Fault, Result};
use crate::id::{AccountId, LocationId, PlaceId, ServiceAtLocationId, ServiceId};
use crate::merge;
use crate::organization::model::{Location, LocationType, Organization, Status};
use crate::organization::phone;
use crate::organization::store as organizations;
use crate::service::actions::unlawful;
use crate::service::law::{Offer, camp_fault};
use crate::service::model::{Place, Service, ServiceAtLocation, Status as Offered};
use crate::service::{places, store as services};
use crate::store::{Connection, DIRECTORY, Tx};

pub type Fields = Map<String, Value>;

/// An entry that is ready to be written.
#[derive(Debug, Clone)]
pub enum Prepared {
    /// An organization, with the location its address is.
    Organization(Box<Organization>, Option<Box<Location>>),
    /// A service.
    Service(Box<NewService>),
    /// It is in the directory already.
    There,
}

/// A service with what belongs to it.
#[derive(Debug, Clone)]
pub struct NewService {
    /// Whose it is.
    pub organization: Organization,
    /// It.
    pub service: Service,
    site: ServiceAtLocation,
    fees: Vec<Fee>,
    places: Option<u32>,
}

/// What a field says; empty where it says nothing.
#[must_use]
pub fn said<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn list(fields: &Fields, name: &str) -> Vec<String> {
    let values = fields.get(name).and_then(Value::as_array);
    values.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The entry a row would become; the fault that keeps it from being one.
pub async fn prepare(app: &App, db: &mut Connection, kind: Kind, fields: &Fields) -> Result<Result<Prepared, Fault>> {
    match kind {
        Kind::Organizations => organization(app, db, fields).await,
        Kind::Services => service(app, db, fields).await,
        Kind::Children => Ok(Err(Fault::new("kind", "sheet_no_template"))),
    }
}

/// An organization of that name in that division is there already.
async fn organization(app: &App, db: &mut Connection, fields: &Fields) -> Result<Result<Prepared, Fault>> {
    let at = app.now();
    let address = said(fields, "address");
    let divisions = app.divisions.get();
    // An address that names a county is as good as its own column.
    let division = said(fields, "division").parse().ok().or_else(|| super::super::hsds::place_named(address, &divisions));
    let Some(division) = division else { return Ok(Err(Fault::new("division", "required"))) };
    if said(fields, "kind").is_empty() {
        return Ok(Err(Fault::new("kind", "required")));
    }
    let name = said(fields, "name");
    if organizations::is_there(db, name, &division).await? {
        return Ok(Ok(Prepared::There));
    }
    if let Some(fault) = camp_fault(name, said(fields, "description")) {
        return Ok(Err(fault));
    }
    let organization = Organization {
        kind: said(fields, "kind").to_owned(),
        name: name.to_owned(),
        description: said(fields, "description").to_owned(),
        code_uscc: Some(said(fields, "code").to_owned()).filter(|code| !code.is_empty()),
        division,
        address: address.to_owned(),
        phones: said(fields, "phone").split('、').filter(|phone| !phone.is_empty()).map(str::to_owned).collect(),
        website: Some(said(fields, "website").to_owned()).filter(|website| !website.is_empty()),
        status: Status::Pending,
        ..Organization::blank(at)
    };
    let location = seat(&organization, at);
    Ok(Ok(Prepared::Organization(Box::new(organization), location)))
}

/// The location that the address of an organization is.
pub(super) fn seat(organization: &Organization, at: Timestamp) -> Option<Box<Location>> {
    (!organization.address.is_empty()).then(|| {
        Box::new(Location {
            id: LocationId::new(at),
            organization: organization.id.clone(),
            location_type: LocationType::Physical,
            name: organization.name.clone(),
            address: organization.address.clone(),
            division: organization.division.clone(),
            village: None,
            point: None,
            crs_given: None,
            precision_m: None,
            accessibility: Vec::new(),
            transportation: None,
        })
    })
}

/// Its organization must be in the directory under that very name.
async fn service(app: &App, db: &mut Connection, fields: &Fields) -> Result<Result<Prepared, Fault>> {
    let found = organizations::named(db, said(fields, "organization")).await?;
    let organization = match found.as_slice() {
        [only] => only.clone(),
        [] => return Ok(Err(Fault::new("organization", "sheet_no_organization"))),
        _ => return Ok(Err(Fault::new("organization", "sheet_several_organizations"))),
    };
    let name = said(fields, "name");
    for one in services::of(db, &organization.id).await?.into_iter().filter(|one| one.name == name) {
        // What was undone may come in again; what went into another by a merge is there.
        if one.status != Offered::Defunct || merge::went(db, one.id.as_str()).await? {
            return Ok(Ok(Prepared::There));
        }
    }
    let Some(location) = organizations::locations(db, &organization.id).await?.into_iter().next() else {
        return Ok(Err(Fault::new("organization", "sheet_no_location")));
    };
    service_of(app, db, fields, organization, location.id).await
}

/// A service of an organization, given at one of its locations.
pub(super) async fn service_of(
    app: &App,
    db: &mut Connection,
    fields: &Fields,
    organization: Organization,
    location: LocationId,
) -> Result<Result<Prepared, Fault>> {
    let at = app.now();
    let Ok(term) = said(fields, "term").parse::<TermCode>() else { return Ok(Err(Fault::new("term", "terms_required"))) };
    let service = Service {
        name: said(fields, "name").to_owned(),
        description: description(fields),
        schedule: Schedule { weekly: hours::read(said(fields, "hours")).unwrap_or_default(), ..Schedule::default() },
        terms: vec![term],
        delivery: vec![Delivery::Site],
        eligibility: rule(fields),
        unchecked: true,
        ..Service::blank(ServiceId::new(at), &organization.id)
    };
    if let Some(fault) = unlawful(db, app, &Offer::of(&organization, &service)).await?.into_iter().next() {
        // The column of a list is called `term`.
        let field = if fault.field == "terms" { "term".to_owned() } else { fault.field };
        return Ok(Err(Fault { field, ..fault }));
    }
    let areas = list(fields, "area").iter().filter_map(|area| area.parse().ok()).collect();
    let site = ServiceAtLocation { id: ServiceAtLocationId::new(at), service: service.id.clone(), location: Some(location), areas };
    let places = fields.get("places").and_then(Value::as_u64).and_then(|places| u32::try_from(places).ok());
    let fees = fees(fields);
    Ok(Ok(Prepared::Service(Box::new(NewService { organization, service, site, fees, places }))))
}

/// What it is, with the phone, which a service has no place for, and hours and fees that do not read as such. Anybody may read it: a
/// mobile number, likely somebody's own, is left out.
fn description(fields: &Fields) -> String {
    let mut description = said(fields, "description").to_owned();
    let hours = if hours::read(said(fields, "hours")).is_some() { "" } else { said(fields, "hours") };
    let phones: Vec<&str> = said(fields, "phone").split('、').filter(|phone| !phone::is_mobile(phone)).collect();
    for (words, text) in [("开放时间", hours), ("收费", said(fields, "fee_words")), ("电话", &phones.join("、"))] {
        if !text.is_empty() {
            let end = if description.is_empty() { "" } else { "\n" };
            description = [&description, end, words, "：", text].concat();
        }
    }
    description
}

/// What it costs whom. A level without an amount is none: it would be kept as nothing to pay.
fn fees(fields: &Fields) -> Vec<Fee> {
    if let Some(several) = fields.get("fees").and_then(Value::as_array) {
        let one = |row: &Value| {
            let audience = row["audience"].as_str()?.parse().ok()?;
            fee(audience, row["level"].as_str()?, row["amount_fen"].as_i64(), row["unit"].as_str().unwrap_or_default())
        };
        return several.iter().filter_map(one).collect();
    }
    let fen = fields.get("fee_fen").and_then(Value::as_i64);
    fee(Audience::Other, said(fields, "fee"), fen, said(fields, "fee_unit")).into_iter().collect()
}

fn fee(audience: Audience, level: &str, fen: Option<i64>, unit: &str) -> Option<Fee> {
    let (level, amount_fen) = match (level, fen) {
        ("free", _) => (FeeLevel::Free, 0),
        ("low", Some(fen)) => (FeeLevel::Low, fen),
        ("full", Some(fen)) => (FeeLevel::Full, fen),
        _ => return None,
    };
    Some(Fee {
        audience,
        level,
        amount_fen: Some(amount_fen),
        unit: Some(if unit.is_empty() { "visit" } else { unit }.to_owned()),
        quota: None,
        payer: None,
        valid_from: None,
        valid_to: None,
    })
}

/// Ages and categories as a rule.
fn rule(fields: &Fields) -> Option<Rule> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "years of age")]
    let months = |name: &str| fields.get(name).and_then(Value::as_f64).map(|years| (years * 12.0).round() as u16);
    let (from, to) = (months("minimum_age"), months("maximum_age"));
    let mut parts = Vec::new();
    if from.is_some() || to.is_some() {
        // A child of six is six until its seventh birthday.
        parts.push(Rule::test(Test::AgeMonths(from, to.map(|to| to + 11))));
    }
    let categories: Vec<_> = list(fields, "categories").iter().filter_map(|code| code.parse().ok()).collect();
    if !categories.is_empty() && !list(fields, "categories").iter().any(|code| code == "GENERAL") {
        parts.push(Rule::test(Test::Category(categories)));
    }
    (!parts.is_empty()).then_some(Rule::All(parts))
}

impl Prepared {
    /// Writes the entry; gives its table and id. Who entered it may not verify it.
    pub async fn put(self, tx: &mut Tx, by: Option<&AccountId>, at: Timestamp) -> Result<Option<(&'static str, String)>> {
        match self {
            Self::There => Ok(None),
            Self::Organization(mut organization, location) => {
                organization.entered_by = by.cloned();
                organizations::insert(tx, &organization, at).await?;
                if let Some(location) = &location {
                    organizations::put_location(tx, location, at).await?;
                }
                tx.changed(DIRECTORY, "organization", &organization.id);
                Ok(Some(("organization", organization.id.to_string())))
            }
            Self::Service(new) => {
                new.put(tx, at).await?;
                Ok(Some(("service", new.service.id.to_string())))
            }
        }
    }
}

impl NewService {
    /// The location it is given at.
    #[must_use]
    pub fn location(&self) -> Option<&LocationId> {
        self.site.location.as_ref()
    }

    async fn put(&self, tx: &mut Tx, at: Timestamp) -> Result<()> {
        let province = organizations::province(&self.organization.division);
        services::insert(tx, &self.service, &province, at).await?;
        services::put_site(tx, &self.site, &province, at).await?;
        if !self.fees.is_empty() {
            services::replace_fees(tx, &self.service.id, &self.fees, at).await?;
        }
        let Some(capacity) = self.places else { return Ok(()) };
        let place = Place {
            id: PlaceId::new(at),
            service_at_location: self.site.id.clone(),
            term_from: None,
            term_to: None,
            capacity,
            used: 0,
            held: 0,
            source: "import".into(),
            as_of: at,
            version: 1,
        };
        places::post(tx, &place, &province, at).await
    }
}
