//! What of the directory is asked for: the parameters of the standard, those of Open Referral UK, and our own.

use jiff::Timestamp;
use jiff::civil::Time;
use lianjie_index::entry::{Audience, FeeLevel};
use lianjie_index::search::{Filters, Near};
use lianjie_index::{Area, CategoryCode, DivisionCode, Wgs84};
use serde::Deserialize;

use super::super::terms::{TAXONOMIES, Taxonomy, Terms, taxonomy_id};
use super::page::Paging;
use crate::app::App;
use crate::error::{Fault, Faults, Result};
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
    /// What the index narrows by.
    pub(super) filters: Filters,
    /// From where distances count.
    pub(super) near: Option<Near>,
    /// Nothing can be of what was asked.
    pub(super) nothing: bool,
    /// What must be said by this term: its taxonomy, its code there.
    pub(super) term: Option<(&'static Taxonomy, String)>,
    /// What must be said by a term of this.
    pub(super) taxonomy: Option<&'static Taxonomy>,
    /// Not closed to this age and to this, in years.
    pub(super) ages: (Option<f64>, Option<f64>),
    /// Open on this day of the week.
    pub(super) day: Option<u8>,
    /// Open after this time and before this.
    pub(super) hours: (Option<Time>, Option<Time>),
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

/// A number; what is none, or endless, is a fault.
fn number(faults: &mut Faults, field: &str, text: &str) -> Option<f64> {
    let number: Option<f64> = value(faults, field, text);
    faults.require(number.is_none_or(f64::is_finite), field, "hsds_value");
    number
}

impl Params {
    /// Reads them.
    ///
    /// # Errors
    /// [`crate::error::Error::Invalid`] with every parameter that does not read.
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
            term: None,
            taxonomy: None,
            ages: (number(f, "minimum_age", &self.minimum_age), number(f, "maximum_age", &self.maximum_age)),
            day: self.weekday(f),
            hours: (value(f, "start_time", &self.start_time), value(f, "end_time", &self.end_time)),
        };
        let turned = asked.ages.0.zip(asked.ages.1).is_some_and(|(from, to)| from > to);
        f.require(!turned, "minimum_age", "hsds_ages");
        self.terms(&mut asked, terms);
        self.place(&mut asked, app, f);
        if !self.organization_id.trim().is_empty() {
            match OrganizationId::parse(&self.organization_id) {
                Ok(id) => asked.filters.organization = Some(id.as_str().into()),
                Err(_) => asked.nothing = true,
            }
        }
        asked.filters.categories.extend(self.category(app, f));
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

    fn category(&self, app: &App, faults: &mut Faults) -> Option<CategoryCode> {
        let code = value::<CategoryCode>(faults, "category", &self.category)?;
        let known = app.categories.get().children.iter().any(|named| named.code == code.as_str());
        faults.require(known, "category", "hsds_category");
        known.then_some(code)
    }

    /// Terms and taxonomies are asked for by their ids. Of a term nobody here knows nothing is: the same question may be put to many
    /// directories.
    fn terms(&self, asked: &mut Asked, terms: &Terms) {
        let wanted = self.taxonomy_term_id.trim().to_lowercase();
        if !wanted.is_empty() {
            let term = terms.all().find(|term| term.id() == wanted);
            asked.term = term.and_then(|term| {
                let taxonomy = TAXONOMIES.into_iter().find(|taxonomy| taxonomy.name == term.text("taxonomy"))?;
                Some((taxonomy, term.text("code").strip_prefix(taxonomy.prefix)?.to_owned()))
            });
            asked.nothing |= asked.term.is_none();
        }
        if !asked.taxonomy_id.is_empty() {
            asked.taxonomy = TAXONOMIES.into_iter().find(|taxonomy| taxonomy_id(taxonomy) == asked.taxonomy_id);
            asked.nothing |= asked.taxonomy.is_none();
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
        asked.near = self.place_of(asked, app, faults);
        let distances = [("radius_km", &self.radius_km, 1.0), ("proximity", &self.proximity, 1_000.0)];
        for (field, text, to_km) in distances {
            let Some(distance) = number(faults, field, text) else { continue };
            faults.require(distance >= 0.0, field, "hsds_distance");
            faults.require(self.has_point() || !self.postcode.trim().is_empty(), field, "hsds_no_place");
            // Of two distances the shorter holds for both.
            let within_km = distance / to_km;
            asked.filters.within_km = Some(asked.filters.within_km.map_or(within_km, |known| known.min(within_km)));
        }
    }

    /// Whether a point is named, be it whole or not.
    fn has_point(&self) -> bool {
        !self.longitude.trim().is_empty() || !self.latitude.trim().is_empty()
    }

    /// The point, and the division that stands for the postal code: what serves it is near at any distance.
    fn place_of(&self, asked: &mut Asked, app: &App, faults: &mut Faults) -> Option<Near> {
        let point = self.point(faults);
        let postcode = self.postcode.trim();
        // Postal codes are not kept; where the standard says postcode we read a division.
        let division = postcode.parse::<DivisionCode>().ok().filter(|code| app.divisions.get().has(code));
        asked.nothing |= !postcode.is_empty() && division.is_none();
        (point.is_some() || division.is_some()).then(|| Near { area: division.map(Into::into), point })
    }

    fn point(&self, faults: &mut Faults) -> Option<Wgs84> {
        let (longitude, latitude) = (number(faults, "longitude", &self.longitude), number(faults, "latitude", &self.latitude));
        let crs = if self.crs.trim().is_empty() { Ok(Crs::Wgs84) } else { self.crs.trim().parse() };
        let crs = faults.keep(crs);
        if !self.has_point() {
            return None;
        }
        for (field, text) in [("longitude", &self.longitude), ("latitude", &self.latitude)] {
            faults.require(!text.trim().is_empty(), field, "hsds_point_half");
        }
        let given = Wgs84::new(longitude?, latitude?);
        faults.require(given.is_some(), "longitude", "hsds_point");
        let Wgs84 { longitude, latitude } = given?;
        Some(to_wgs84(longitude, latitude, crs?))
    }
}
