//! A service as it may be handed to a family: what the page, the printed card and the JSON card are made of.
//!
//! The public projection: while an edit waits, the text a registrar last saw; never a confidential address, what
//! workers tell each other, or who confirmed what.

use lianjie_index::entry::{FeeLevel, Moment};
use lianjie_index::{Facts, Rule};
use rust_i18n::t;
use serde::Serialize;
use utoipa::ToSchema;

use super::actions::Seen;
use super::answer::{NamedBody, OrganizationBody, PlacesBody};
use super::words::{Words, name_of};
use crate::clock;
use crate::locale::Locale;
use crate::organization::model::{Location, LocationType};
use crate::service::model::{Checked, Place};
use crate::service::{hours, places};

/// A service.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CardBody {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Who gives it.
    pub organization: OrganizationBody,
    /// The kind of organization in words.
    pub kind: String,
    /// What it is.
    pub description: String,
    /// Taxonomy terms.
    pub terms: Vec<NamedBody>,
    /// Who may use it, one requirement a line.
    pub eligibility: Vec<String>,
    /// What it costs whom; empty = not stated.
    pub fees: Vec<FeeRowBody>,
    /// Ways of delivery, in words.
    pub delivery: Vec<String>,
    /// Languages and dialects, in words.
    pub languages: Vec<String>,
    /// How to apply.
    pub application: String,
    /// Papers to bring.
    pub documents: Vec<String>,
    /// The days of the week with their openings; empty = not stated.
    pub hours: Vec<DayBody>,
    /// When in the year the openings hold; empty = always.
    pub season: String,
    /// Whether it is open now; absent = not stated.
    pub open_now: Option<bool>,
    /// Phone numbers of the organization.
    pub phones: Vec<String>,
    /// Website.
    pub website: Option<String>,
    /// Days to wait, as the provider says.
    pub wait_days: Option<u16>,
    /// Whether the provider fetches the child or pays the way.
    pub travel_free: bool,
    /// Where it is given.
    pub sites: Vec<SiteBody>,
    /// Day of the last confirmation.
    pub assured_at: Option<String>,
    /// Whether a registrar's verification holds.
    pub verified: bool,
    /// Last day of the verification.
    pub verified_until: Option<String>,
}

impl CardBody {
    /// Fees, one a line: for whom, how much, who pays.
    #[must_use]
    pub fn fee_lines(&self) -> Vec<String> {
        let line = |fee: &FeeRowBody| {
            let parts = [fee.audience.as_str(), &fee.label, &fee.amount, &fee.payer];
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
        };
        self.fees.iter().map(line).collect()
    }

    /// The days on which it is open, those with the same hours on one line.
    #[must_use]
    pub fn hour_lines(&self, locale: Locale) -> Vec<String> {
        let days = hours::together(self.hours.iter().map(|day| (day.day, day.times.clone())));
        days.into_iter().map(|(first, last, times)| format!("{} {times}", hours::days(first, last, locale))).collect()
    }

    /// Where it is given, one a line; of a confidential address that it is one.
    #[must_use]
    pub fn place_lines(&self, locale: Locale) -> Vec<String> {
        let line = |site: &SiteBody| match (&site.address, site.confidential) {
            (Some(address), _) => format!("{} {address}", site.name),
            (None, true) => t!("search.address_hidden", locale = locale.tag()).into_owned(),
            (None, false) => site.name.clone(),
        };
        self.sites.iter().map(line).filter(|place| !place.trim().is_empty()).collect()
    }
}

/// A fee.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FeeRowBody {
    /// Whom it is for, in words.
    pub audience: String,
    /// `free`, `low`, `full`.
    pub level: String,
    /// The level in words.
    pub label: String,
    /// What is paid; empty = nothing, or not stated.
    pub amount: String,
    /// Who pays, where it is not the family.
    pub payer: String,
    /// Units given at most.
    pub quota: Option<i64>,
    /// Last day it holds.
    pub valid_to: Option<String>,
}

impl FeeRowBody {
    /// The code of its mark on a page.
    #[must_use]
    pub fn mark(&self) -> &'static str {
        match self.level.as_str() {
            "free" => "free",
            "low" => "low",
            _ => "paid",
        }
    }
}

/// A day of the week.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DayBody {
    /// Monday 1 to Sunday 7.
    pub day: u8,
    /// Its name.
    pub name: String,
    /// `09:00–17:30`, several parted by blanks; empty = closed.
    pub times: String,
    /// Whether it is today.
    pub today: bool,
}

/// Where a service is given.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SiteBody {
    /// Id of the service at this location.
    pub service_at_location: String,
    /// Name of the location; empty where there is none, or it is confidential.
    pub name: String,
    /// Address; absent where there is none, or it is confidential.
    pub address: Option<String>,
    /// Whether the address is confidential.
    pub confidential: bool,
    /// Division, in words; of a confidential address only the county.
    pub division: String,
    /// Its county's code, for the map.
    pub county: Option<String>,
    /// Areas it is given to, in words; empty = not stated.
    pub areas: Vec<String>,
    /// Features, in words.
    pub accessibility: Vec<String>,
    /// How to get there.
    pub transportation: Option<String>,
    /// WGS-84; absent where confidential.
    pub longitude: Option<f64>,
    /// WGS-84.
    pub latitude: Option<f64>,
    /// Places today, where posted.
    pub places: Option<PlacesBody>,
}

/// The public projection of a service.
#[must_use]
pub fn of(seen: &Seen, words: &Words, moment: &Moment) -> CardBody {
    let (service, organization) = (&seen.whole.service, &seen.whole.organization);
    let text = public_text(seen);
    CardBody {
        id: service.id.to_string(),
        organization: OrganizationBody {
            id: organization.id.to_string(),
            name: organization.name.clone(),
            kind: organization.kind.clone(),
        },
        kind: words.kind(&organization.kind),
        terms: text.terms.iter().map(|term| NamedBody { code: term.to_string(), name: words.term(term) }).collect(),
        eligibility: requirements(text.eligibility.as_ref(), words),
        name: text.name,
        description: text.description,
        fees: fees(seen, words),
        delivery: service.delivery.iter().map(|way| words.delivery(*way)).collect(),
        languages: service.languages.iter().map(|language| words.word("language", language)).collect(),
        application: service.application.clone(),
        documents: service.documents.clone(),
        hours: week(seen, words),
        season: words.season(&service.schedule),
        open_now: service.schedule.open_at(moment),
        phones: if seen.own || seen.works { organization.phones.clone() } else { organization.public_phones() },
        website: organization.website.clone(),
        wait_days: service.wait_days,
        travel_free: service.travel_free,
        sites: (0..seen.whole.sites.len()).map(|number| site(seen, number, words)).collect(),
        assured_at: service.assured_at.map(|day| day.to_string()),
        verified: seen.offering.is_verified(words.today),
        verified_until: organization.verified_until.map(|day| day.to_string()),
    }
}

/// What a registrar last saw, while newer text waits.
#[must_use]
pub fn public_text(seen: &Seen) -> Checked {
    let service = &seen.whole.service;
    service.checked.clone().filter(|_| service.unchecked).unwrap_or_else(|| service.to_checked())
}

/// Whether a registrar's verification of the organization and of this service holds.
/// The requirements of a rule, one a line.
#[must_use]
pub fn requirements(rule: Option<&Rule>, words: &Words) -> Vec<String> {
    words.ticks(rule, &Facts::default()).into_iter().map(|tick| tick.text).collect()
}

fn fees(seen: &Seen, words: &Words) -> Vec<FeeRowBody> {
    let mut fees: Vec<_> = seen.whole.fees.iter().collect();
    fees.sort_by_key(|fee| fee.audience.clone());
    let holds = fees.into_iter().filter(|fee| fee.valid_to.is_none_or(|day| words.today <= day));
    holds
        .map(|fee| FeeRowBody {
            audience: words.audience(&fee.audience),
            level: name_of(fee.level),
            label: words.level(fee.level),
            amount: words.amount(fee),
            payer: if fee.level == FeeLevel::Free { String::new() } else { words.payer(fee.payer) },
            quota: fee.quota,
            valid_to: fee.valid_to.map(|day| day.to_string()),
        })
        .collect()
}

fn week(seen: &Seen, words: &Words) -> Vec<DayBody> {
    let weekly = &seen.whole.service.schedule.weekly;
    if weekly.is_empty() {
        return Vec::new();
    }
    let today = words.today.weekday().to_monday_one_offset();
    let day = |day: u8| {
        let mut openings: Vec<_> = weekly.iter().filter(|opening| opening.day == day).collect();
        openings.sort_by_key(|opening| opening.from);
        let until =
            |to: jiff::civil::Time| if to == jiff::civil::Time::midnight() { "24:00".into() } else { to.strftime("%H:%M").to_string() };
        let times = openings.iter().map(|opening| format!("{}–{}", opening.from.strftime("%H:%M"), until(opening.to)));
        DayBody {
            day,
            name: words.word("weekday", &day.to_string()),
            times: times.collect::<Vec<_>>().join(" "),
            today: i8::try_from(day).is_ok_and(|day| day == today),
        }
    };
    (1..=7).map(day).collect()
}

fn site(seen: &Seen, number: usize, words: &Words) -> SiteBody {
    let (site, location) = &seen.whole.sites[number];
    let hidden = seen.offering.hides_address() || location.as_ref().is_some_and(|place| place.location_type == LocationType::Redacted);
    let shown = location.as_ref().filter(|place| !hidden && place.location_type != LocationType::Postal);
    let division = location.as_ref().map(|place| if hidden { place.division.county() } else { place.division.clone() });
    SiteBody {
        service_at_location: site.id.to_string(),
        name: shown.map(|place| place.name.clone()).unwrap_or_default(),
        address: shown.map(|place| place.address.clone()).filter(|address| !address.is_empty()),
        confidential: hidden,
        county: division.as_ref().map(|code| code.county().to_string()),
        division: division.map(|code| words.area(&code.into())).unwrap_or_default(),
        areas: site.areas.iter().map(|area| words.area(area)).collect(),
        accessibility: features(shown, words),
        transportation: shown.and_then(|place| place.transportation.clone()),
        longitude: shown.and_then(|place| place.point).map(|point| point.longitude),
        latitude: shown.and_then(|place| place.point).map(|point| point.latitude),
        places: places::row_for(&seen.places[number], words.today).map(posted),
    }
}

fn features(location: Option<&Location>, words: &Words) -> Vec<String> {
    location.map(|place| place.accessibility.iter().map(|feature| words.word("accessibility", feature)).collect()).unwrap_or_default()
}

fn posted(row: &Place) -> PlacesBody {
    PlacesBody { free: row.free(), capacity: row.capacity, as_of: clock::stored(row.as_of) }
}
