//! What is asked of a search, as an address says it: the query parameters of the page and of the JSON route.
//!
//! A parameter that does not read is named and left out. The page searches with the rest and says what it did
//! not understand; the JSON route refuses.

use std::collections::BTreeSet;

use jiff::civil::DateTime;
use lianjie_index::entry::{Audience, Moment};
use lianjie_index::search::{Filters, Mention, Near, Sort};
use lianjie_index::text::fold;
use lianjie_index::{Area, DivisionCode, TermCode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::cursor::Cursor;
use super::place::{self, Place};
use crate::calendar::model::Calendar;
use crate::clock;
use crate::division::meaning::Meant;
use crate::division::model::Divisions;
use crate::error::{Fault, Faults};

/// The query of an address.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// Words, as typed: a need, a clause, a name, a place, pinyin.
    pub q: String,
    /// What was read from the words and is not meant: codes of needs, and names of places as they stand in the words.
    pub taken_off: Vec<String>,
    /// Groups or leaves of the taxonomy.
    pub terms: Vec<String>,
    /// Kinds of organization.
    pub kinds: Vec<String>,
    /// An age in months that is not excluded.
    pub age_months: String,
    /// Categories of child.
    pub categories: Vec<String>,
    /// Whose fee `fee` means: `hardship`, `community`, `other` or a category; that of `categories` when it is one, else hardship.
    pub audience: String,
    /// Levels of fee: `free`, `low`, `full`.
    pub fee: Vec<String>,
    /// Whether a place must be posted free.
    pub has_place: String,
    /// `site`, `home`, `online`, `school`, `phone`.
    pub delivery: Vec<String>,
    /// `now`, or a local time such as `2026-11-25T10:00`; of both the time counts.
    pub open_at: Vec<String>,
    /// Languages and dialects.
    pub languages: Vec<String>,
    /// Divisions and zones the service is given to, or stands in.
    pub areas: Vec<String>,
    /// Not farther than so many kilometres, unless it serves the place.
    pub within_km: String,
    /// Confirmed in the last so many days.
    pub fresh_days: String,
    /// Features that are all there.
    pub accessibility: Vec<String>,
    /// Of this organization.
    pub organization: String,
    /// Where the family is: a division, zone or village by its name or code, of former days too, or `longitude,latitude`.
    /// Absent: where the worker's station is; empty: anywhere.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub near: Option<String>,
    /// System of a point: `wgs84` (also where absent), `gcj02`, `bd09`.
    pub crs: String,
    /// `fit`, `distance`, `freshness`, `wait`, `name`.
    pub sort: String,
    /// From 1.
    pub page: String,
    /// What `next` of the answer before said, to go on after it whatever came in or went out meanwhile; `page` does not count then.
    pub cursor: String,
    /// At most 100.
    pub per_page: String,
}

/// An empty text is a text that was given.
fn given<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    String::deserialize(from).map(Some)
}

/// Hits of a page, where nothing else is asked for.
const PER_PAGE: usize = 20;
/// Hits of a page at most.
const MOST_PER_PAGE: usize = 100;
/// Words that are read; nobody says more in a search box.
const LONGEST: usize = 400;
/// Values of one filter that are read: each costs a look at every entry.
const MOST_VALUES: usize = 60;

/// The same, read.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Words.
    pub words: String,
    /// Needs taken off.
    pub taken_off: Vec<TermCode>,
    /// Names of places in the words that are not meant as places, folded.
    pub places_off: Vec<String>,
    /// Places among the words that the store knows.
    pub told: Vec<Mention>,
    /// Filters.
    pub filters: Filters,
    /// Where.
    pub place: Option<Place>,
    /// Order.
    pub sort: Sort,
    /// Page, from 1.
    pub page: usize,
    /// Where to go on, instead of the page.
    pub cursor: Option<Cursor>,
    /// Hits of a page.
    pub per_page: usize,
}

/// What reading needs to know.
pub struct Known<'a> {
    /// Divisions and zones.
    pub divisions: &'a Divisions,
    /// Working days and terms.
    pub calendar: &'a Calendar,
    /// Now, in China.
    pub now: DateTime,
    /// Where the person is at work: the place where none is said.
    pub home: Option<DivisionCode>,
    /// What the text of `near` may mean.
    pub meant: Vec<Meant>,
}

impl Asked {
    /// Where, for the index.
    #[must_use]
    pub fn near(&self) -> Option<&Near> {
        self.place.as_ref().map(|place| &place.near)
    }
}

impl Params {
    /// Reads what is asked, and names what does not read.
    #[must_use]
    pub fn read(&self, known: &Known<'_>) -> (Asked, Faults) {
        let mut faults = Faults::new();
        self.count_values(&mut faults);
        let place = match &self.near {
            None => known.home.clone().map(Place::of),
            Some(text) if text.trim().is_empty() => None,
            Some(text) => faults.keep(place::read(text, &self.crs, known.meant.clone(), known.divisions, known.home.as_ref())),
        };
        let division = place.as_ref().and_then(|place| place.division(known.divisions));
        let categories: Vec<lianjie_index::CategoryCode> = list(&mut faults, "categories", &self.categories);
        let audience: Option<Audience> = one(&mut faults, "audience", &self.audience);
        let filters = Filters {
            terms: list(&mut faults, "terms", &self.terms),
            kinds: texts(&self.kinds),
            age_months: one(&mut faults, "age_months", &self.age_months),
            audience: audience.or_else(|| (categories.len() == 1).then(|| Audience::Category(categories[0].clone()))),
            categories,
            fee: named(&mut faults, "fee", &self.fee),
            has_place: matches!(self.has_place.as_str(), "1" | "true"),
            delivery: named(&mut faults, "delivery", &self.delivery),
            open_at: self.moment(&mut faults, known, division.as_ref()),
            languages: texts(&self.languages),
            areas: list::<Area>(&mut faults, "areas", &self.areas),
            within_km: one(&mut faults, "within_km", &self.within_km).filter(|km: &f64| km.is_finite() && *km > 0.0),
            fresh_days: one(&mut faults, "fresh_days", &self.fresh_days),
            accessibility: texts(&self.accessibility),
            organization: Some(self.organization.as_str()).filter(|id| !id.is_empty()).map(Into::into),
        };
        let sort = named(&mut faults, "sort", std::slice::from_ref(&self.sort)).first().copied().unwrap_or_default();
        let words: String = self.q.chars().take(LONGEST).collect();
        // What stands in the words is a name there; anything else must be a code.
        let (places_off, taken_off) = names_off(&words, &self.taken_off);
        let asked = Asked {
            words,
            taken_off: list(&mut faults, "taken_off", &taken_off),
            places_off,
            told: Vec::new(),
            filters,
            place,
            sort,
            page: one(&mut faults, "page", &self.page).unwrap_or(1).clamp(1, 10_000),
            cursor: one(&mut faults, "cursor", &self.cursor),
            per_page: one(&mut faults, "per_page", &self.per_page).unwrap_or(PER_PAGE).clamp(1, MOST_PER_PAGE),
        };
        (asked, faults)
    }

    /// Says of which filters more values are given than are read.
    fn count_values(&self, faults: &mut Faults) {
        let lists = [
            ("taken_off", &self.taken_off),
            ("terms", &self.terms),
            ("kinds", &self.kinds),
            ("categories", &self.categories),
            ("fee", &self.fee),
            ("delivery", &self.delivery),
            ("languages", &self.languages),
            ("areas", &self.areas),
            ("accessibility", &self.accessibility),
        ];
        for (field, _) in lists.into_iter().filter(|(_, texts)| texts.len() > MOST_VALUES) {
            faults.add(Fault::new(field, "search_values").with("most", MOST_VALUES));
        }
    }

    fn moment(&self, faults: &mut Faults, known: &Known<'_>, division: Option<&DivisionCode>) -> Option<Moment> {
        match self.open_time() {
            None if self.open_at.iter().all(|text| text.trim().is_empty()) => None,
            None => Some(moment(known.calendar, known.now, division)),
            Some(text) => {
                let at = text.parse().map_err(|_| Fault::new("open_at", "search_value").with("value", text));
                faults.keep(at).map(|at| moment(known.calendar, at, division))
            }
        }
    }
}

impl Params {
    /// The time at which is to be open, as it was written; none where now is meant, or nothing.
    #[must_use]
    pub fn open_time(&self) -> Option<&str> {
        self.open_at.iter().map(|text| text.trim()).find(|text| !matches!(*text, "" | "now" | "true" | "1"))
    }
}

/// A moment with what the calendar says of its day; where no place is known, the province counts.
#[must_use]
pub fn moment(calendar: &Calendar, at: DateTime, division: Option<&DivisionCode>) -> Moment {
    let day = at.date();
    let anywhere = "32".parse().ok();
    let school_break = division.or(anywhere.as_ref()).and_then(|division| calendar.school_break(day, division));
    Moment {
        at,
        public_holiday: calendar.holiday(day).is_some(),
        make_up_workday: calendar.make_up_workday(day).is_some(),
        school_break: school_break.map(str::to_owned),
    }
}

/// Now as local time.
#[must_use]
pub fn local(now: jiff::Timestamp) -> DateTime {
    now.to_zoned_datetime(clock::zone()).datetime()
}

fn fault(field: &str, value: &str) -> Fault {
    Fault::new(field, "search_value").with("value", value.chars().take(40).collect::<String>())
}

/// One value that parses; empty is none.
fn one<T: std::str::FromStr>(faults: &mut Faults, field: &str, text: &str) -> Option<T> {
    let text = text.trim();
    if text.is_empty() { None } else { faults.keep(text.parse().map_err(|_| fault(field, text))) }
}

/// Values that are given, each once, and no more than are read.
fn given_values(texts: &[String]) -> impl Iterator<Item = &String> {
    let mut seen = BTreeSet::new();
    texts.iter().filter(|text| !text.trim().is_empty()).take(MOST_VALUES).filter(move |text| seen.insert(text.as_str()))
}

/// Values as they are.
fn texts(texts: &[String]) -> Vec<String> {
    given_values(texts).cloned().collect()
}

/// Of what was taken off the names that stand in the words, folded, and the rest.
fn names_off(words: &str, taken_off: &[String]) -> (Vec<String>, Vec<String>) {
    let words = fold(words);
    let stands = |text: &&String| text.parse::<TermCode>().is_err() && words.contains(&fold(text));
    let (names, codes): (Vec<&String>, Vec<&String>) = taken_off.iter().filter(|text| !text.trim().is_empty()).partition(stands);
    (names.into_iter().take(MOST_VALUES).map(|name| fold(name)).collect(), codes.into_iter().cloned().collect())
}

/// Values that parse; empty ones are none.
fn list<T: std::str::FromStr>(faults: &mut Faults, field: &str, texts: &[String]) -> Vec<T> {
    given_values(texts).filter_map(|text| one(faults, field, text)).collect()
}

/// Values that are names of variants; empty ones are none.
fn named<T: DeserializeOwned>(faults: &mut Faults, field: &str, texts: &[String]) -> Vec<T> {
    let read = |text: &String| serde_json::from_value(text.as_str().into()).map_err(|_| fault(field, text));
    given_values(texts).filter_map(|text| faults.keep(read(text))).collect()
}

#[cfg(test)]
mod tests {
    use lianjie_index::Wgs84;

    use super::*;

    fn known(divisions: &Divisions, calendar: &Calendar, check: impl Fn(&Known<'_>)) {
        let home = Some("320116".parse().unwrap());
        check(&Known { divisions, calendar, now: "2026-11-25T09:00".parse().unwrap(), home, meant: Vec::new() });
    }

    #[test]
    fn what_does_not_read_is_named_and_the_rest_is_searched_with() {
        known(&Divisions::default(), &Calendar::default(), |known| {
            let params =
                Params {
                    q: "没人接送".into(), fee: vec!["free".into(), "gratis".into()], age_months: "七岁".into(), ..Params::default()
                };
            let (asked, faults) = params.read(known);
            assert_eq!((asked.words.as_str(), asked.filters.fee.len(), asked.filters.age_months), ("没人接送", 1, None));
            let crate::error::Error::Invalid(faults) = faults.settle().unwrap_err() else { panic!("faults") };
            let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_str()).collect();
            assert_eq!(fields, ["age_months", "fee"]);
        });
    }

    #[test]
    fn no_place_means_the_station_and_an_empty_one_means_anywhere() {
        known(&Divisions::default(), &Calendar::default(), |known| {
            let near = |near: Option<&str>| {
                let params = Params { near: near.map(str::to_owned), ..Params::default() };
                params.read(known).0.near().cloned()
            };
            assert_eq!(near(None).and_then(|near| near.area).unwrap().as_str(), "320116");
            assert_eq!(near(Some("")), None);
            assert_eq!(near(Some("118.7,32.2")).and_then(|near| near.point).unwrap(), Wgs84 { longitude: 118.7, latitude: 32.2 });
        });
    }

    #[test]
    fn a_point_is_turned_into_wgs84_from_the_system_it_was_given_in() {
        known(&Divisions::default(), &Calendar::default(), |known| {
            let read = |near: &str, crs: &str| {
                let params = Params { near: Some(near.into()), crs: crs.into(), ..Params::default() };
                params.read(known)
            };
            for (near, crs) in [("118.796683,32.059572", "gcj02"), ("118.803104，32.065927", "bd09"), ("118.79149,32.06164", "wgs84")] {
                let place = read(near, crs).0.place.unwrap();
                let point = place.near.point.unwrap();
                assert!((point.longitude - 118.791_49).abs() < 1e-5 && (point.latitude - 32.061_64).abs() < 1e-5, "{crs}: {point:?}");
                assert_eq!(place.crs_given, crs.parse().ok());
            }
            let (asked, faults) = read("118.79149,32.06164", "utm");
            let crate::error::Error::Invalid(faults) = faults.settle().unwrap_err() else { panic!("faults") };
            assert!(asked.place.is_none() && faults[0].field == "crs");
        });
    }

    #[test]
    fn a_fee_is_that_of_the_one_category_asked_for() {
        known(&Divisions::default(), &Calendar::default(), |known| {
            let (asked, _) = Params { categories: vec!["MIGRANT".into()], ..Params::default() }.read(known);
            assert_eq!(asked.filters.audience.unwrap().to_string(), "MIGRANT");
        });
    }

    #[test]
    fn of_now_and_a_time_the_time_counts() {
        known(&Divisions::default(), &Calendar::default(), |known| {
            let at = |values: &[&str]| {
                let params = Params { open_at: values.iter().map(|value| (*value).to_owned()).collect(), ..Params::default() };
                params.read(known).0.filters.open_at.map(|moment| moment.at.to_string())
            };
            assert_eq!(at(&[""]), None);
            assert_eq!(at(&["now", ""]).as_deref(), Some("2026-11-25T09:00:00"));
            assert_eq!(at(&["now", "2026-11-28T15:30"]).as_deref(), Some("2026-11-28T15:30:00"));
        });
    }
}
