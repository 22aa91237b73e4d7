//! What of the directory is asked for: the parameters of the standard, those of Open Referral UK, and our own.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Time;
use lianjie_index::entry::{Audience, Entry, FeeLevel, Viewer};
use lianjie_index::search::{Filters, Near, Query};
use lianjie_index::{Area, CategoryCode, DivisionCode, TermCode, Wgs84};
use serde::Deserialize;

use super::super::terms::{AUDIENCE, DELIVERY, FEE, KIND, PAYER, TAXONOMIES, Terms, UNIT, taxonomy_id};
use super::page::Paging;
use crate::app::App;
use crate::error::{Error, Fault, Faults, Result};
use crate::id::OrganizationId;
use crate::organization::coordinates::to_wgs84;
use crate::organization::model::Crs;

/// The parameters, as they come.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Params {
    pub search: String,
    pub page: String,
    pub per_page: String,
    pub format: String,
    pub taxonomy_term_id: String,
    pub taxonomy_id: String,
    pub organization_id: String,
    pub modified_after: String,
    pub minimal: String,
    pub full: String,
    pub full_service: String,
    pub top_only: String,
    pub parent_id: String,
    pub postcode: String,
    pub proximity: String,
    pub minimum_age: String,
    pub maximum_age: String,
    pub day: String,
    pub start_time: String,
    pub end_time: String,
    pub division: String,
    pub fee: String,
    pub category: String,
    pub open_places: String,
    pub latitude: String,
    pub longitude: String,
    pub crs: String,
    pub radius_km: String,
}

/// The parameters, read.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "the standard has so many flags")]
pub struct Asked {
    /// Which page.
    pub paging: Paging,
    /// Whether everything is wanted, a line each.
    pub lines: bool,
    /// Whether only ids and changes are wanted.
    pub minimal: bool,
    /// Whether all that is nested is wanted.
    pub full: bool,
    /// Whether services within an organization are wanted whole.
    pub full_service: bool,
    /// Words.
    pub search: String,
    /// Changed after.
    pub modified_after: Option<Timestamp>,
    /// Terms without a parent only.
    pub top_only: bool,
    /// Terms below this.
    pub parent_id: String,
    /// Terms of this.
    pub taxonomy_id: String,
    filters: Filters,
    near: Option<Near>,
    /// Nothing can be of what was asked.
    nothing: bool,
    /// Whether a fee must be stated.
    with_fee: bool,
    ages: (Option<f64>, Option<f64>),
    day: Option<u8>,
    hours: (Option<Time>, Option<Time>),
}

fn flag(faults: &mut Faults, field: &str, text: &str) -> bool {
    match text.trim() {
        "" | "false" | "0" => false,
        "true" | "1" => true,
        _ => {
            faults.add(Fault::new(field, "hsds_flag"));
            false
        }
    }
}

fn value<T: std::str::FromStr>(faults: &mut Faults, field: &str, text: &str) -> Option<T> {
    let text = text.trim();
    if text.is_empty() { None } else { faults.keep(text.parse().map_err(|_| Fault::new(field, "hsds_value"))) }
}

impl Params {
    /// Reads them.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every parameter that does not read.
    pub fn read(&self, app: &App, terms: &Terms) -> Result<Asked> {
        let mut faults = Faults::new();
        let f = &mut faults;
        let paging = Paging::of(value(f, "page", &self.page), value(f, "per_page", &self.per_page));
        let lines = match self.format.as_str() {
            "" | "json" => false,
            "ndjson" => true,
            _ => {
                f.add(Fault::new("format", "hsds_format"));
                false
            }
        };
        let mut asked = Asked {
            paging,
            lines,
            minimal: flag(f, "minimal", &self.minimal),
            full: flag(f, "full", &self.full),
            full_service: flag(f, "full_service", &self.full_service),
            search: self.search.trim().chars().take(200).collect(),
            modified_after: self.instant(f),
            top_only: flag(f, "top_only", &self.top_only),
            parent_id: self.parent_id.trim().to_lowercase(),
            taxonomy_id: self.taxonomy_id.trim().to_lowercase(),
            filters: Filters { has_place: flag(f, "open_places", &self.open_places), ..Filters::default() },
            near: None,
            nothing: false,
            with_fee: false,
            ages: (value(f, "minimum_age", &self.minimum_age), value(f, "maximum_age", &self.maximum_age)),
            day: self.weekday(f),
            hours: (value(f, "start_time", &self.start_time), value(f, "end_time", &self.end_time)),
        };
        self.terms(&mut asked, terms);
        self.place(&mut asked, app, f);
        if !self.organization_id.trim().is_empty() {
            match OrganizationId::parse(&self.organization_id) {
                Ok(id) => asked.filters.organization = Some(id.as_str().into()),
                Err(_) => asked.nothing = true,
            }
        }
        asked.filters.categories.extend(value::<CategoryCode>(f, "category", &self.category));
        asked.filters.fee.extend(self.fee(f));
        asked.filters.audience = asked.filters.categories.first().cloned().map(Audience::Category);
        faults.settle()?;
        Ok(asked)
    }

    fn instant(&self, faults: &mut Faults) -> Option<Timestamp> {
        let text = self.modified_after.trim();
        // A day by itself is its beginning.
        let day = text.parse::<jiff::civil::Date>().ok().filter(|_| text.len() == 10);
        day.map(crate::clock::start_of).or_else(|| value(faults, "modified_after", text))
    }

    fn weekday(&self, faults: &mut Faults) -> Option<u8> {
        let text = self.day.trim();
        if text.is_empty() {
            return None;
        }
        let days = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
        let found = (1..).zip(days).find(|(_, day)| text.to_ascii_uppercase().starts_with(day)).map(|(number, _)| number);
        if found.is_none() {
            faults.add(Fault::new("day", "hsds_day"));
        }
        found
    }

    fn fee(&self, faults: &mut Faults) -> Option<FeeLevel> {
        match self.fee.trim() {
            "" => None,
            "free" => Some(FeeLevel::Free),
            "low" => Some(FeeLevel::Low),
            "full" => Some(FeeLevel::Full),
            _ => {
                faults.add(Fault::new("fee", "hsds_fee"));
                None
            }
        }
    }

    /// Terms and taxonomies are asked for by their ids.
    fn terms(&self, asked: &mut Asked, terms: &Terms) {
        let wanted = self.taxonomy_term_id.trim().to_lowercase();
        if !wanted.is_empty() {
            let code = terms.all().find(|term| term.id() == wanted).map(|term| term.text("code").to_owned());
            match code.as_deref().and_then(|code| code.split_once(':')).or(code.as_deref().map(|code| ("", code))) {
                Some(("", code)) => asked.filters.terms.extend(code.parse::<TermCode>()),
                Some((prefix, code)) if KIND.prefix.starts_with(prefix) => asked.filters.kinds.push(code.to_owned()),
                Some((prefix, code)) if DELIVERY.prefix.starts_with(prefix) => {
                    asked.filters.delivery.extend(serde_json::from_value::<lianjie_index::entry::Delivery>(code.into()));
                }
                Some((prefix, code)) if FEE.prefix.starts_with(prefix) => {
                    asked.filters.fee.extend(serde_json::from_value::<FeeLevel>(code.into()));
                }
                _ => asked.nothing = true,
            }
        }
        if asked.taxonomy_id.is_empty() {
            return;
        }
        let taxonomy = TAXONOMIES.into_iter().find(|taxonomy| taxonomy_id(taxonomy) == asked.taxonomy_id);
        match taxonomy {
            None => asked.nothing = true,
            Some(known) => asked.with_fee = [&AUDIENCE, &FEE, &UNIT, &PAYER].iter().any(|one| one.name == known.name),
        }
    }

    fn place(&self, asked: &mut Asked, app: &App, faults: &mut Faults) {
        let divisions = app.divisions.get();
        if !self.division.trim().is_empty() {
            let code = self.division.trim().parse::<Area>().ok().filter(|area| divisions.has_area(area));
            match code.or_else(|| divisions.zone_named(&self.division)) {
                Some(area) => asked.filters.areas.push(area),
                None => faults.add(Fault::new("division", "division")),
            }
        }
        let point = (value(faults, "longitude", &self.longitude), value(faults, "latitude", &self.latitude));
        let radius_km: Option<f64> = value(faults, "radius_km", &self.radius_km);
        let metres: Option<f64> = value(faults, "proximity", &self.proximity);
        if let (Some(longitude), Some(latitude)) = point {
            let crs = if self.crs.trim().is_empty() { Ok(Crs::Wgs84) } else { self.crs.trim().parse() };
            match (Wgs84::new(longitude, latitude), faults.keep(crs)) {
                (Some(given), Some(crs)) => {
                    let point = to_wgs84(given.longitude, given.latitude, crs);
                    asked.near = Some(Near { area: None, point: Some(point) });
                }
                (None, _) => faults.add(Fault::new("longitude", "hsds_point")),
                (_, None) => {}
            }
        } else if !self.postcode.trim().is_empty() {
            // Postal codes are not kept; where the standard says postcode we read a division.
            match self.postcode.trim().parse::<DivisionCode>().ok().filter(|code| divisions.has(code)) {
                Some(code) => asked.near = Some(Near { area: Some(code.into()), point: None }),
                None => asked.nothing = true,
            }
        }
        let within = radius_km.or(metres.map(|metres| metres / 1_000.0)).filter(|km| km.is_finite() && *km >= 0.0);
        asked.filters.within_km = within.filter(|_| asked.near.is_some());
    }
}

impl Asked {
    /// The entries that are meant: with words by fit, else by id.
    ///
    /// # Errors
    /// [`Error`] when the index cannot be read.
    pub fn entries(&self, app: &App, changed: Option<&BTreeSet<String>>) -> Result<Vec<Arc<Entry>>> {
        if self.nothing {
            return Ok(Vec::new());
        }
        let query = Query {
            filters: self.filters.clone(),
            near: self.near.clone(),
            viewer: Viewer::default(),
            ..Query::new(self.search.clone(), app.now())
        };
        let mut found = app.index.get().entries(&query).map_err(Error::from)?;
        found.retain(|entry| !entry.point_hidden && self.holds(entry));
        if let Some(changed) = changed {
            found.retain(|entry| changed.contains(entry.service.as_str()));
        }
        if self.search.is_empty() {
            found.sort_by(|one, other| (one.service.as_str(), one.site.as_str()).cmp(&(other.service.as_str(), other.site.as_str())));
        }
        Ok(found)
    }

    /// What the index has no filter for.
    fn holds(&self, entry: &Entry) -> bool {
        let fee = !self.with_fee || !entry.fees.is_empty();
        let (youngest, oldest) = entry.eligibility.as_ref().map(super::super::write::ages).unwrap_or_default();
        let from = self.ages.0.is_none_or(|asked| oldest.is_none_or(|months| f64::from(months) / 12.0 >= asked));
        let to = self.ages.1.is_none_or(|asked| youngest.is_none_or(|months| f64::from(months) / 12.0 <= asked));
        fee && from && to && self.open(entry)
    }

    /// Whether it is open on the day and within the hours asked for; where hours are not stated it is not.
    fn open(&self, entry: &Entry) -> bool {
        if self.day.is_none() && self.hours == (None, None) {
            return true;
        }
        entry.schedule.weekly.iter().any(|opening| {
            let closes = if opening.to == Time::midnight() { Time::MAX } else { opening.to };
            self.day.is_none_or(|day| day == opening.day)
                && self.hours.0.is_none_or(|from| from < closes)
                && self.hours.1.is_none_or(|to| to > opening.from)
        })
    }
}
