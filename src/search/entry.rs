//! What goes into the index: an offering of the directory as an entry, for one day.
//!
//! While an edit waits to be checked, the entry holds the text a registrar last saw. A confidential address
//! leaves nothing in it: no point, no name of the place, no division narrower than the county.

use jiff::civil::Date;
use lianjie_index::Entry;

use crate::clock;
use crate::organization::model::{Location, LocationType};
use crate::service::model::Offering;

/// The entry of an offering, as it is on a day.
#[must_use]
pub fn entry(offering: &Offering, day: Date) -> Entry {
    let Offering { site, service, organization, fees, .. } = offering;
    let hidden = offering.hides_address();
    let location = offering.location.as_ref().filter(|place| place.location_type != LocationType::Postal);
    let text = service.checked.as_ref().filter(|_| service.unchecked).map_or_else(|| service.to_checked(), Clone::clone);
    Entry {
        site: site.id.as_str().into(),
        service: service.id.as_str().into(),
        organization: organization.id.as_str().into(),
        name: text.name,
        organization_name: organization.name.clone(),
        alternate_names: alternate_names(offering, hidden),
        kind: organization.kind.clone(),
        description: text.description,
        terms: text.terms,
        delivery: service.delivery.clone(),
        languages: service.languages.clone(),
        eligibility: text.eligibility,
        areas: site.areas.clone(),
        division: location.map(|place| if hidden { place.division.county() } else { place.division.clone() }),
        point: location.filter(|_| !hidden).and_then(|place| place.point),
        precision_m: location.filter(|_| !hidden).and_then(|place| place.precision_m).unwrap_or(0),
        point_hidden: hidden,
        fees: fees.clone(),
        wait_days: service.wait_days,
        schedule: service.schedule.clone(),
        accessibility: location.map(|place| place.accessibility.clone()).unwrap_or_default(),
        travel_free: service.travel_free,
        assured_at: service.assured_at.map(clock::start_of),
        visibility: offering.visibility(day),
    }
}

/// Other names it is found by: of the organization, of its project, of the place.
fn alternate_names(offering: &Offering, hidden: bool) -> Vec<String> {
    let place = offering.location.as_ref().filter(|place: &&Location| !hidden && place.location_type == LocationType::Physical);
    let names = [
        offering.organization.alternate_name.as_deref(),
        offering.program.as_ref().map(|program| program.name.as_str()),
        place.map(|place| place.name.as_str()),
    ];
    let mut names: Vec<String> = names.into_iter().flatten().filter(|name| !name.is_empty()).map(str::to_owned).collect();
    names.retain(|name| *name != offering.organization.name);
    names.dedup();
    names
}
