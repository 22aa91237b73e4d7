//! A suggested text read as the value of a field: what a person wrote into a box, or what a newer release of a source says.

use lianjie_index::entry::Fee;
use lianjie_index::{Area, Wgs84};
use serde::Deserialize;
use serde_json::Value;

use crate::id::LocationId;
use crate::organization::model::{Crs, Location};
use crate::organization::suggestion::GONE;
use crate::service::actions::history::sites_back;
use crate::service::content::{Content, LONGEST_WAIT};
use crate::service::model::{FeeRow, Service, ServiceAtLocation};

/// How far off a point may be that somebody reads from a map, in metres.
const READ_FROM_A_MAP_M: u32 = 20;

/// The areas served from a site, which is known by its location.
#[derive(Debug, Deserialize)]
struct SiteAreas {
    location: Option<LocationId>,
    areas: Vec<Area>,
}

/// A service with a suggested value in the place of what stands there; none where the field takes no value, or the text is none.
pub(super) fn into_service(
    field: &str,
    text: &str,
    (service, sites, fees): (&Service, &[ServiceAtLocation], &[FeeRow]),
) -> Option<Content> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let mut content = Content::of(service, sites, fees);
    match field {
        "name" => text.clone_into(&mut content.name),
        "description" => text.clone_into(&mut content.description),
        "application" => text.clone_into(&mut content.application),
        "wait_days" => content.wait_days = Some(days(text)?),
        "fees" => content.fees = read_fees(text)?,
        "sites" => {
            let said: Vec<ServiceAtLocation> = serde_json::from_str(text).ok()?;
            content.sites = sites_back(sites, &said, true, true);
        }
        "areas" => {
            let said: Vec<SiteAreas> = serde_json::from_str(text).ok()?;
            for site in &mut content.sites {
                if let Some(one) = said.iter().find(|one| one.location == site.location) {
                    site.areas.clone_from(&one.areas);
                }
            }
        }
        GONE => content = Content::of(&with(service, "status", "defunct")?, sites, fees),
        "terms" | "delivery" | "status" | "eligibility" | "languages" | "documents" | "schedule" | "travel_free" | "confidentiality" => {
            content = Content::of(&with(service, field, text)?, sites, fees);
        }
        _ => return None,
    }
    Some(content)
}

/// A location with a suggested value in the place of what stands there.
pub(super) fn into_location(field: &str, text: &str, location: &Location) -> Option<Location> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    match field {
        "name" | "address" | "location_type" | "village" | "transportation" => put(location, field, text.into()),
        "accessibility" => with(location, field, text),
        "division" => Some(Location { village: None, ..put(location, field, text.into())? }),
        "point" => {
            let point: Wgs84 = serde_json::from_str(text).ok()?;
            Some(Location { point: Some(point), crs_given: Some(Crs::Wgs84), precision_m: Some(READ_FROM_A_MAP_M), ..location.clone() })
        }
        _ => None,
    }
}

/// An entry with a text in one of its fields: JSON where it is, else the name of a choice.
fn with<T: serde::Serialize + serde::de::DeserializeOwned>(entry: &T, field: &str, text: &str) -> Option<T> {
    put(entry, field, serde_json::from_str(text).unwrap_or_else(|_| text.into()))
}

fn put<T: serde::Serialize + serde::de::DeserializeOwned>(entry: &T, field: &str, value: Value) -> Option<T> {
    let mut whole = serde_json::to_value(entry).ok()?;
    whole[field] = value;
    serde_json::from_value(whole).ok()
}

/// Fees by themselves, or as the rows that a source has.
fn read_fees(text: &str) -> Option<Vec<Fee>> {
    let list: Vec<Value> = serde_json::from_str(text).ok()?;
    let one = |value: &Value| serde_json::from_value(value.get("fee").unwrap_or(value).clone()).ok();
    list.iter().map(one).collect()
}

/// Days to wait, as people write them: `7` or `7 天`.
fn days(text: &str) -> Option<u16> {
    let text = lianjie_index::text::fold(text);
    text.trim().trim_end_matches('天').trim().parse().ok().filter(|days| *days <= LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{OrganizationId, ServiceId};

    #[test]
    fn days_read_as_people_write_them_and_nothing_else_does() {
        assert_eq!((days("7"), days(" １４ 天"), days("0")), (Some(7), Some(14), Some(0)));
        assert_eq!((days("两周"), days("9999"), days("-1"), days("")), (None, None, None, None));
    }

    #[test]
    fn a_value_is_put_in_and_words_are_left_for_a_person() {
        let at = "2026-11-25T01:00:00Z".parse().unwrap();
        let service = Service::blank(ServiceId::new(at), &OrganizationId::new(at));
        let read = |field: &str, text: &str| into_service(field, text, (&service, &[], &[]));
        let schedule = r#"{"weekly":[{"day":6,"from":"09:00:00","to":"12:00:00"}]}"#;
        assert_eq!(read("schedule", schedule).unwrap().schedule.weekly[0].day, 6);
        assert_eq!(read("fees", r#"[{"audience":"other","level":"free"}]"#).unwrap().fees.len(), 1);
        assert_eq!(read("languages", r#"["手语"]"#).unwrap().languages, ["手语"]);
        for (field, text) in [("schedule", "周六也开"), ("fees", "涨价了"), ("areas", "六合区"), ("existence", "没有了"), ("schedule", " ")]
        {
            assert!(read(field, text).is_none(), "{field} {text}");
        }
    }
}
