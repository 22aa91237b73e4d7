//! The locations of an organization.

use jiff::Timestamp;
use lianjie_index::DivisionCode;

use super::super::coordinates::{is_in_china, to_wgs84};
use super::super::model::{Crs, Location, LocationType, Organization};
use super::super::written::{read_division, some};
use super::super::{store, version};
use super::{is_inside, load, reads_restricted, shows_address};
use crate::access::{Action, Actor, decide};
use crate::app::App;
use crate::audit::{self, Event};
use crate::division;
use crate::division::meaning::listed_names;
use crate::error::{Error, Fault, Faults, Result};
use crate::id::{LocationId, OrganizationId};
use crate::store::{Answered, Connection, DIRECTORY, Key, Tx, answered, remember};

/// What makes a place reachable for everybody; others are refused.
pub const ACCESSIBILITY: [&str; 7] = ["wheelchair", "lift", "parking", "quiet_room", "toilet", "braille", "sign_language"];

/// A location as it was typed.
#[derive(Debug, Clone, Default)]
pub struct WrittenLocation {
    /// `physical`, `postal`, `virtual`, `redacted`.
    pub location_type: String,
    /// Name.
    pub name: String,
    /// Address.
    pub address: String,
    /// County or township.
    pub division: String,
    /// Name of a township in that county, instead of its code.
    pub township: String,
    /// Village in that township: its name or code.
    pub village: String,
    /// Longitude as the map says.
    pub longitude: String,
    /// Latitude as the map says.
    pub latitude: String,
    /// `wgs84`, `gcj02`, `bd09`: the system of the map.
    pub crs: String,
    /// What is there for people with disabilities.
    pub accessibility: Vec<String>,
    /// How to get there.
    pub transportation: String,
}

impl WrittenLocation {
    /// The fields of a location, to be changed one by one; its point as it is stored.
    #[must_use]
    pub fn of(location: &Location) -> Self {
        let degrees =
            |pick: fn(&lianjie_index::Wgs84) -> f64| location.point.as_ref().map(|point| pick(point).to_string()).unwrap_or_default();
        Self {
            location_type: store::name_of(&location.location_type),
            name: location.name.clone(),
            address: location.address.clone(),
            division: location.division.to_string(),
            township: String::new(),
            village: location.village.clone().unwrap_or_default(),
            longitude: degrees(|point| point.longitude),
            latitude: degrees(|point| point.latitude),
            crs: "wgs84".to_owned(),
            accessibility: location.accessibility.clone(),
            transportation: location.transportation.clone().unwrap_or_default(),
        }
    }
}

/// Adds a location, or edits the one of `id`. A key that came before gives what it made.
pub async fn put_location(
    app: &App,
    actor: &Actor,
    owner: &OrganizationId,
    id: Option<&LocationId>,
    written: &WrittenLocation,
    key: Option<&Key>,
) -> Result<Location> {
    let at = app.now();
    let mut tx = app.begin().await?;
    if let Some(key) = key
        && let Some(before) = answered(&mut tx, key, &actor.reference()).await?
    {
        let made = before.location.rsplit('/').next().and_then(|id| LocationId::parse(id).ok());
        let made = made.ok_or(Error::Conflict { why: "repeated" })?;
        return store::location(&mut tx, &made).await?.ok_or(Error::Conflict { why: "repeated" });
    }
    let organization = load(&mut tx, actor, owner).await?;
    decide(actor, Action::EditDirectory, &organization).allowed()?;
    let before = match id {
        Some(id) => Some(of(&mut tx, owner, id).await?),
        None => None,
    };
    if let Some(hidden) = before.as_ref().filter(|location| hides(actor, &organization, location)) {
        return Err(Error::missing("location", &hidden.id));
    }
    let old = before.clone().unwrap_or_else(|| blank(LocationId::new(at), &organization));
    let mut location = read(app, &organization, old, written)?;
    location.village = read_village(&mut tx, &location.division, &written.village).await?;
    write(&mut tx, actor, before.as_ref(), &location, at).await?;
    if let Some(key) = key {
        let answer = Answered { status: 201, location: format!("/locations/{}", location.id) };
        remember(&mut tx, key, &actor.reference(), &answer, at).await?;
    }
    tx.commit(at).await?;
    Ok(location)
}

/// Writes a location as it is given, if nobody changed it since `version`: an earlier one that is put back. Today's rules hold for it.
pub async fn rewrite_location(app: &App, actor: &Actor, given: Location, version: i64) -> Result<Location> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let organization = load(&mut tx, actor, &given.organization).await?;
    decide(actor, Action::EditDirectory, &organization).allowed()?;
    let before = of(&mut tx, &organization.id, &given.id).await?;
    if hides(actor, &organization, &before) {
        return Err(Error::missing("location", &before.id));
    }
    if version::current(&mut tx, "location", before.id.as_str()).await? != version {
        return Err(Error::Conflict { why: "changed" });
    }
    let location = amend_location(&mut tx, app, actor, (&organization, Some(&before)), given).await?;
    tx.commit(at).await?;
    Ok(location)
}

/// Writes a location as it is given in the transaction of the caller, who decided that the actor may; `before` is absent for a new one.
pub async fn amend_location(
    tx: &mut Tx,
    app: &App,
    actor: &Actor,
    (organization, before): (&Organization, Option<&Location>),
    given: Location,
) -> Result<Location> {
    let location = by_the_rules(tx, app, organization, given).await?;
    write(tx, actor, before, &location, app.now()).await?;
    Ok(location)
}

/// A location as it is given, if today's rules hold for it.
pub async fn by_the_rules(db: &mut Connection, app: &App, organization: &Organization, given: Location) -> Result<Location> {
    let written = WrittenLocation::of(&given);
    let mut location = read(app, organization, given, &written)?;
    location.village = read_village(db, &location.division, &written.village).await?;
    Ok(location)
}

/// Keeps what was there, writes the location, and says so.
async fn write(tx: &mut Tx, actor: &Actor, before: Option<&Location>, after: &Location, at: Timestamp) -> Result<()> {
    let mut event = Event::new("location.added", "location", &after.id);
    if let Some(before) = before {
        let version = version::current(tx, "location", before.id.as_str()).await?;
        store::keep_version(tx, "location", before.id.as_str(), version, before, &actor.reference(), at).await?;
        event = Event::new("location.edited", "location", &after.id).fields(changed_fields(before, after));
    }
    store::put_location(tx, after, at).await?;
    tx.changed(DIRECTORY, "organization", &after.organization);
    audit::record(tx, actor, event, at).await
}

fn changed_fields(old: &Location, new: &Location) -> Vec<&'static str> {
    let fields = [
        ("name", old.name != new.name),
        ("location_type", old.location_type != new.location_type),
        ("address", old.address != new.address),
        ("division", old.division != new.division),
        ("village", old.village != new.village),
        ("point", old.point != new.point),
        ("accessibility", old.accessibility != new.accessibility),
        ("transportation", old.transportation != new.transportation),
    ];
    fields.into_iter().filter(|(_, changed)| *changed).map(|(field, _)| field).collect()
}

/// A location of an organization that is the actor's to edit.
pub async fn location(app: &App, actor: &Actor, id: &LocationId) -> Result<(Organization, Location)> {
    let mut db = app.store.read().await?;
    let location = store::location(&mut db, id).await?.ok_or_else(|| Error::missing("location", id))?;
    let organization = load(&mut db, actor, &location.organization).await?;
    decide(actor, Action::EditDirectory, &organization).allowed()?;
    if hides(actor, &organization, &location) {
        return Err(Error::missing("location", id));
    }
    Ok((organization, location))
}

/// The name of a location's village; empty where none is known.
pub async fn village_name(app: &App, location: &Location) -> Result<String> {
    let Some(code) = &location.village else { return Ok(String::new()) };
    let village = division::store::village(&mut *app.store.read().await?, code).await?;
    Ok(village.map_or_else(|| code.clone(), |village| village.name))
}

/// The locations of an organization that is there for the actor.
pub async fn locations(app: &App, actor: &Actor, id: &OrganizationId) -> Result<(Organization, Vec<Location>)> {
    let mut db = app.store.read().await?;
    let organization = load(&mut db, actor, id).await?;
    let found = store::locations(&mut db, id).await?;
    Ok((organization, found))
}

/// Whether a location's address and point are kept back from the actor.
#[must_use]
pub fn hides(actor: &Actor, organization: &Organization, location: &Location) -> bool {
    let redacted =
        location.location_type == LocationType::Redacted && !is_inside(actor, organization) && !reads_restricted(actor, organization);
    redacted || !shows_address(actor, organization)
}

async fn of(db: &mut Connection, owner: &OrganizationId, id: &LocationId) -> Result<Location> {
    let found = store::location(db, id).await?.filter(|location| location.organization == *owner);
    found.ok_or_else(|| Error::missing("location", id))
}

fn blank(id: LocationId, organization: &Organization) -> Location {
    Location {
        id,
        organization: organization.id.clone(),
        location_type: LocationType::Physical,
        name: String::new(),
        address: String::new(),
        division: organization.division.clone(),
        village: None,
        point: None,
        crs_given: None,
        precision_m: None,
        accessibility: Vec::new(),
        transportation: None,
    }
}

fn read(app: &App, organization: &Organization, mut location: Location, written: &WrittenLocation) -> Result<Location> {
    let mut faults = Faults::new();
    let fallback = organization.division.to_string();
    let division = if written.division.is_empty() { &fallback } else { &written.division };
    if let Some(code) = faults.keep(read_division(&app.divisions.get(), division, &written.township)) {
        location.division = code;
    }
    faults.require(written.name.trim().chars().count() >= 2, "name", "required");
    for (field, text) in [("name", &written.name), ("address", &written.address), ("transportation", &written.transportation)] {
        if text.chars().count() > 200 {
            faults.add(Fault::new(field, "longer_than").with("most", 200));
        }
    }
    match serde_json::from_value(written.location_type.clone().into()) {
        Ok(kind) => location.location_type = kind,
        Err(_) => faults.require(written.location_type.is_empty(), "location_type", "unknown_location_type"),
    }
    let unknown = written.accessibility.iter().any(|one| !ACCESSIBILITY.contains(&one.as_str()));
    faults.require(!unknown, "accessibility", "unknown_accessibility");
    if let Some((point, crs)) = faults.keep(read_point(written).and_then(|read| lies_near(app, &location.division, read))) {
        // The form gives a stored point back in WGS-84: that is no new point.
        if location.point != point {
            location.crs_given = crs;
            location.point = point;
            location.precision_m = point.map(|_| 20);
        }
    }
    faults.settle()?;
    written.name.trim().clone_into(&mut location.name);
    written.address.trim().clone_into(&mut location.address);
    location.accessibility.clone_from(&written.accessibility);
    location.transportation = some(&written.transportation);
    Ok(location)
}

/// The code of a village in a township, by its code or name; empty is none.
async fn read_village(db: &mut Connection, township: &DivisionCode, typed: &str) -> Result<Option<String>> {
    let Some(typed) = some(typed) else { return Ok(None) };
    let names = listed_names(&typed);
    let villages = division::store::villages(db, township).await?;
    let exact = villages.iter().find(|village| village.code == typed || village.name == typed);
    let found = exact.or_else(|| villages.iter().find(|village| names.contains(&village.name)));
    let unknown = || Fault::new("village", "unknown_village").with("name", typed.chars().take(40).collect::<String>());
    found.map(|village| Some(village.code.clone())).ok_or_else(|| Error::Invalid(vec![unknown()]))
}

type Point = (Option<lianjie_index::Wgs84>, Option<Crs>);

/// No county of the province reaches so far from its seat, in kilometres.
const FAR_KM: f64 = 100.0;

/// Refuses a point that cannot lie in the division.
fn lies_near(app: &App, division: &DivisionCode, read: Point) -> Result<Point, Fault> {
    let divisions = app.divisions.get();
    let county = division.county();
    let away = read.0.zip(divisions.gazetteer.seat(&county)).map(|(point, seat)| point.distance_km(seat));
    match away.filter(|km| *km > FAR_KM) {
        Some(km) => Err(Fault::new("longitude", "point_far").with("place", divisions.full_name(&county)).with("km", km.round())),
        None => Ok(read),
    }
}

fn read_point(written: &WrittenLocation) -> Result<Point, Fault> {
    let (longitude, latitude) = (written.longitude.trim(), written.latitude.trim());
    if longitude.is_empty() && latitude.is_empty() {
        return Ok((None, None));
    }
    let crs: Crs = written.crs.parse()?;
    let number = |text: &str, field| text.parse::<f64>().ok().filter(|value| value.is_finite()).ok_or(Fault::new(field, "degrees"));
    let (longitude, latitude) = (number(longitude, "longitude")?, number(latitude, "latitude")?);
    if is_in_china(latitude, longitude) && !is_in_china(longitude, latitude) {
        return Err(Fault::new("longitude", "swapped"));
    }
    if !is_in_china(longitude, latitude) {
        return Err(Fault::new("longitude", "outside_china"));
    }
    Ok((Some(to_wgs84(longitude, latitude, crs)), Some(crs)))
}
