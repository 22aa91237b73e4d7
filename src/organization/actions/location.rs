//! The locations of an organization.

use lianjie_index::DivisionCode;

use super::super::coordinates::{is_in_china, to_wgs84};
use super::super::model::{Crs, Location, LocationType, Organization};
use super::super::store;
use super::super::written::{read_division, some};
use super::{is_inside, load, reads_restricted, shows_address};
use crate::access::{Action, Actor, decide};
use crate::app::App;
use crate::audit::{self, Event};
use crate::division;
use crate::division::meaning::listed_names;
use crate::error::{Error, Fault, Faults, Result};
use crate::id::{LocationId, OrganizationId};
use crate::store::{Answered, DIRECTORY, Key, answered, remember};

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
    let new = LocationId::new(at);
    let mut location = read(app, &organization, before.unwrap_or_else(|| blank(new, &organization)), written)?;
    location.village = read_village(&mut tx, &location.division, &written.village).await?;
    store::put_location(&mut tx, &location, at).await?;
    tx.changed(DIRECTORY, "organization", owner);
    let verb = if id.is_some() { "location.edited" } else { "location.added" };
    audit::record(&mut tx, actor, Event::new(verb, "location", &location.id), at).await?;
    if let Some(key) = key {
        let answer = Answered { status: 201, location: format!("/locations/{}", location.id) };
        remember(&mut tx, key, &actor.reference(), &answer, at).await?;
    }
    tx.commit(at).await?;
    Ok(location)
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

async fn of(db: &mut crate::store::Connection, owner: &OrganizationId, id: &LocationId) -> Result<Location> {
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
    if let Some((point, crs)) = faults.keep(read_point(written)) {
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
async fn read_village(db: &mut crate::store::Connection, township: &DivisionCode, typed: &str) -> Result<Option<String>> {
    let Some(typed) = some(typed) else { return Ok(None) };
    let names = listed_names(&typed);
    let villages = division::store::villages(db, township).await?;
    let exact = villages.iter().find(|village| village.code == typed || village.name == typed);
    let found = exact.or_else(|| villages.iter().find(|village| names.contains(&village.name)));
    let unknown = || Fault::new("village", "unknown_village").with("name", typed.chars().take(40).collect::<String>());
    found.map(|village| Some(village.code.clone())).ok_or_else(|| Error::Invalid(vec![unknown()]))
}

type Point = (Option<lianjie_index::Wgs84>, Option<Crs>);

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
