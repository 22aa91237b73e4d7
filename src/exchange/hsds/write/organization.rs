//! `organization` and `location`.

use lianjie_index::DivisionCode;

use super::super::confirmed::{self, Confirmed};
use super::super::object::{Object, derived};
use super::super::terms::{KIND, Terms};
use super::Written;
use crate::division::model::Divisions;
use crate::organization::model::{Location, LocationType, Organization, Program};
use crate::organization::phone;
use crate::organization::store::name_of;

/// Written where the postal code is not known: the standard asks for one, our profile does not.
pub const NO_POSTAL_CODE: &str = "000000";

/// An organization by itself.
#[must_use]
pub fn compact(organization: &Organization) -> Object {
    // A package may not leave the description empty.
    let description = if organization.description.is_empty() { &organization.name } else { &organization.description };
    Object::new(organization.id.as_str())
        .with("name", organization.name.as_str())
        .maybe("alternate_name", organization.alternate_name.as_deref())
        .with("description", description.as_str())
        .maybe("website", organization.website.as_deref().map(as_uri))
}

/// What belongs to an organization, but for its services.
pub struct Parts<'a> {
    /// Its locations that are told.
    pub locations: &'a [Location],
    /// Its projects that a public service is part of.
    pub programs: &'a [Program],
    /// Its facts that were confirmed.
    pub confirmed: &'a [Confirmed],
    /// Whether the body it is a branch of is told of.
    pub parent_is_public: bool,
}

/// An organization with what belongs to it, but for its services.
#[must_use]
pub fn full(organization: &Organization, parts: &Parts<'_>, written: &Written<'_>) -> Object {
    let (terms, divisions) = (written.terms, written.divisions);
    let id = organization.id.as_str();
    let identifier = organization.code_uscc.iter().map(|code| {
        Object::new(derived(id, "identifier", "uscc"))
            .with("identifier_scheme", "CN-USCC")
            .with("identifier_type", "统一社会信用代码")
            .with("identifier", code.as_str())
    });
    let facts = [
        terms.attribute(id, &KIND, &organization.kind, "kind", None),
        terms.fact(id, "division", organization.division.as_str()),
        Some(&organization.address).filter(|text| !text.is_empty()).and_then(|text| terms.fact(id, "address", text.as_str())),
        organization.verified_until.and_then(|day| terms.fact(id, "verified_until", day.to_string())),
    ];
    let attributes = facts.into_iter().flatten().chain(confirmed::attributes(id, parts.confirmed, terms));
    let locations = parts.locations.iter().map(|place| location(place, terms, divisions));
    compact(organization)
        .maybe("parent_organization_id", organization.parent.as_ref().filter(|_| parts.parent_is_public).map(|parent| parent.to_string()))
        .list("phones", phones(id, organization, terms))
        .list("organization_identifiers", identifier.collect())
        .list("programs", parts.programs.iter().map(|one| program(one, organization, terms)).collect())
        .list("locations", locations.collect())
        .list("attributes", attributes.collect())
}

/// The phones of an organization that anybody may read, as those of its own entry or of one of its services. Of a mobile number it is
/// said that it is the office's, or it would not be here.
#[must_use]
pub fn phones(parent: &str, organization: &Organization, terms: &Terms) -> Vec<Object> {
    let phone = |number: &String| {
        let id = derived(parent, "phone", number);
        let office = phone::is_mobile(number).then(|| terms.fact(&id, "office", "true")).flatten();
        let kind = if office.is_some() { "cell" } else { "voice" };
        Object::new(id).with("number", number.as_str()).with("type", kind).list("attributes", office.into_iter().collect())
    };
    organization.public_phones().iter().map(phone).collect()
}

/// A purchased project; what is paid for it is not the public's.
#[must_use]
pub fn program(program: &Program, organization: &Organization, terms: &Terms) -> Object {
    let id = program.id.as_str();
    let days = terms.fact(id, "from_to", format!("{}/{}", program.from, program.to));
    Object::new(id)
        .with("organization_id", organization.id.as_str())
        .with("name", program.name.as_str())
        .with("description", if program.funder.is_empty() { program.name.as_str() } else { program.funder.as_str() })
        .list("attributes", days.into_iter().collect())
}

/// A location that people may know of.
#[must_use]
pub fn location(place: &Location, terms: &Terms, divisions: &Divisions) -> Object {
    let id = place.id.as_str();
    let accessibility =
        place.accessibility.iter().map(|code| Object::new(derived(id, "accessibility", code)).with("description", code.as_str()));
    let facts = [
        place.village.as_deref().and_then(|code| terms.fact(id, "village", code)),
        place.precision_m.and_then(|metres| terms.fact(id, "precision_m", metres)),
        place.crs_given.and_then(|system| terms.fact(id, "crs_given", name_of(&system))),
    ];
    Object::new(id)
        .with("location_type", name_of(&place.location_type))
        .with("organization_id", place.organization.as_str())
        .maybe("name", Some(place.name.as_str()))
        .maybe("transportation", place.transportation.as_deref())
        .maybe("latitude", place.point.map(|point| point.latitude))
        .maybe("longitude", place.point.map(|point| point.longitude))
        .with("external_identifier", place.division.as_str())
        .with("external_identifier_type", "GB/T 2260")
        .list("addresses", vec![address(place, divisions)])
        .list("accessibility", accessibility.collect())
        .list("attributes", facts.into_iter().flatten().collect())
}

fn address(place: &Location, divisions: &Divisions) -> Object {
    let named = |length: usize| {
        let code: Option<DivisionCode> = place.division.as_str().get(..length).and_then(|code| code.parse().ok());
        code.map(|code| divisions.name(&code)).unwrap_or_default()
    };
    let line = if place.address.is_empty() { divisions.full_name(&place.division) } else { place.address.clone() };
    let kind = if place.location_type == LocationType::Postal { "postal" } else { "physical" };
    Object::new(derived(place.id.as_str(), "address", "0"))
        .with("address_1", line)
        .with("city", named(4))
        .maybe("region", Some(named(6)))
        .with("state_province", named(2))
        .with("postal_code", NO_POSTAL_CODE)
        .with("country", "CN")
        .with("address_type", if place.location_type == LocationType::Virtual { "virtual" } else { kind })
}

/// An address of the web as a URI; people leave the scheme out.
fn as_uri(website: &str) -> String {
    if website.contains("://") { website.to_owned() } else { format!("http://{website}") }
}
