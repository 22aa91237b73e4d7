//! The divisions and zones an installation knows, by code and by name.
//!
//! Codes are of the ministry's list (`mca`); converting other lists is for the caller. A division
//! without a point of its own takes that of the one above it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    Crossing, Shores, Wgs84,
    inside::{Finder, Inside},
};
use crate::{
    code::{Area, CategoryCode, DivisionCode},
    language::Language,
    rule::{Residence, words::Names},
    text::{bigram::is_chinese, fold, pinyin::Readings},
};

/// A division of the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Division {
    /// Its code.
    pub code: DivisionCode,
    /// Its full name.
    pub name: String,
    /// Other names: short, common, former.
    pub aliases: Vec<String>,
    /// Pinyin of the full name, syllables apart; where empty, it is made from the characters.
    pub pinyin: String,
    /// Its seat or middle.
    pub point: Option<Wgs84>,
    /// Whether the point is of the place itself rather than laid down by rule.
    pub exact: bool,
}

/// A named set of townships that people treat as a district.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Zone {
    /// Its id, without `zone:`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// Its townships; where it equals a county, that county.
    pub members: Vec<DivisionCode>,
}

/// Divisions, zones and names of categories.
#[derive(Debug, Default)]
pub struct Gazetteer {
    divisions: BTreeMap<DivisionCode, Division>,
    zones: BTreeMap<String, Zone>,
    categories: BTreeMap<CategoryCode, (String, String)>,
    crossings: Vec<Crossing>,
    names: Vec<PlaceName>,
    finder: Option<Finder>,
}

/// One name of one place, with its readings.
#[derive(Debug)]
pub(crate) struct PlaceName {
    pub(crate) area: Area,
    /// The folded name.
    pub(crate) folded: String,
    pub(crate) readings: Readings,
    /// Whether this is the full name, not an alias.
    pub(crate) full: bool,
}

impl Gazetteer {
    /// Builds from rows.
    #[must_use]
    pub fn new(divisions: impl IntoIterator<Item = Division>, zones: impl IntoIterator<Item = Zone>) -> Self {
        let divisions = divisions.into_iter().map(|row| (row.code.clone(), row)).collect();
        let zones = zones.into_iter().map(|row| (row.id.clone(), row)).collect();
        let mut gazetteer = Self { divisions, zones, ..Self::default() };
        gazetteer.names = gazetteer.read_names();
        gazetteer.finder = Some(Finder::new(&gazetteer.names));
        gazetteer
    }

    /// Adds names of categories of child: code, Chinese, English.
    #[must_use]
    pub fn with_categories(mut self, rows: impl IntoIterator<Item = (CategoryCode, String, String)>) -> Self {
        self.categories.extend(rows.into_iter().map(|(code, zh, en)| (code, (zh, en))));
        self
    }

    fn read_names(&self) -> Vec<PlaceName> {
        let divisions = self.divisions.values().flat_map(|row| {
            let area = Area::from(row.code.clone());
            let full = PlaceName {
                area: area.clone(),
                readings: Readings::with_pinyin(&row.name, &row.pinyin),
                folded: fold(&row.name),
                full: true,
            };
            let aliases = row.aliases.iter().map(move |alias| alias_name(&area, alias));
            std::iter::once(full).chain(aliases)
        });
        let zones = self.zones.values().filter_map(|row| {
            let area: Area = format!("zone:{}", row.id).parse().ok()?;
            let full = PlaceName { full: true, ..alias_name(&area, &row.name) };
            let aliases = row.aliases.iter().map(move |alias| alias_name(&area, alias));
            Some(std::iter::once(full).chain(aliases))
        });
        divisions.chain(zones.flatten()).collect()
    }

    pub(crate) fn names(&self) -> &[PlaceName] {
        &self.names
    }

    /// Whether the code is one of the categories of child; where none are known, any may be.
    #[must_use]
    pub fn knows_category(&self, code: &CategoryCode) -> bool {
        self.categories.is_empty() || self.categories.contains_key(code)
    }

    /// The names of places inside a folded text, in its order.
    pub(crate) fn inside(&self, folded: &str) -> Vec<Inside> {
        self.finder.as_ref().map(|finder| finder.find(folded)).unwrap_or_default()
    }

    /// The places whose name sounds so, in full syllables: `suqian`, `shuyangxian`.
    #[must_use]
    pub fn sounding(&self, typed: &str) -> &[Area] {
        self.finder.as_ref().map(|finder| finder.sounding(typed)).unwrap_or_default()
    }

    /// The places whose name of three characters and more is this but for one character; those that sound so before the others, and
    /// where there are any, they alone.
    #[must_use]
    pub fn nearly(&self, typed: &str) -> Vec<Area> {
        let typed: String = fold(typed).split_whitespace().collect();
        let length = typed.chars().count();
        if length < 3 || !typed.chars().all(is_chinese) {
            return Vec::new();
        }
        let sounds = Readings::of(&typed);
        let near = |name: &&PlaceName| {
            let letters = name.readings.characters().len();
            letters >= 3 && letters.abs_diff(length) <= 1 && strsim::levenshtein(&name.folded, &typed) == 1
        };
        // One character put otherwise says more than one left out.
        let rank = |name: &PlaceName| (!name.readings.sounds_like(&sounds), name.readings.characters().len() != length);
        let ranked: Vec<_> = self.names.iter().filter(near).map(|name| (rank(name), &name.area)).collect();
        let best = ranked.iter().map(|(rank, _)| *rank).min();
        let mut areas: Vec<Area> = ranked.into_iter().filter(|(rank, _)| Some(*rank) == best).map(|(_, area)| area.clone()).collect();
        areas.sort_unstable();
        areas.dedup();
        areas
    }

    /// The division of that code.
    #[must_use]
    pub fn division(&self, code: &DivisionCode) -> Option<&Division> {
        self.divisions.get(code)
    }

    /// Adds the water that lies between places.
    #[must_use]
    pub fn with_crossings(mut self, rows: impl IntoIterator<Item = Crossing>) -> Self {
        self.crossings.extend(rows);
        self
    }

    /// The water around a place.
    #[must_use]
    pub fn shores(&self, here: &DivisionCode) -> Shores<'_> {
        Shores::of(&self.crossings, here)
    }

    /// The point of a division, or of the narrowest one above it that has one.
    #[must_use]
    pub fn seat(&self, code: &DivisionCode) -> Option<Wgs84> {
        code.upwards().find_map(|code| self.divisions.get(code)?.point)
    }

    /// The middle of an area: the seat of a division, of a zone the mean of its members'.
    #[must_use]
    pub fn middle(&self, area: &Area) -> Option<Wgs84> {
        let members = self.members(area);
        let seats: Vec<Wgs84> = members.iter().filter_map(|member| self.seat(member)).collect();
        let share = 1.0 / f64::from(u32::try_from(seats.len()).ok().filter(|count| *count > 0)?);
        let longitude = seats.iter().map(|seat| seat.longitude * share).sum();
        let latitude = seats.iter().map(|seat| seat.latitude * share).sum();
        Wgs84::new(longitude, latitude)
    }

    /// The narrowest division that holds all of an area.
    #[must_use]
    pub fn around(&self, area: &Area) -> Option<DivisionCode> {
        let members = self.members(area);
        let first = members.first()?;
        let holds = |code: &&str| members.iter().all(|member| member.as_str().starts_with(*code));
        first.upwards().find(holds)?.parse().ok()
    }

    /// Where a child lives of whom no more than an area is known: that a zone holds the child is known, in which part is not.
    #[must_use]
    pub fn residence_in(&self, area: &Area) -> Option<Residence> {
        let mut residence = self.residence(&self.around(area)?);
        if let Some(zone) = area.zone().filter(|zone| !residence.zones.iter().any(|held| held == zone)) {
            residence.partly.retain(|held| held != zone);
            residence.zones.push(zone.to_owned());
        }
        Some(residence)
    }

    /// Where a child lives, with the zones of the place.
    #[must_use]
    pub fn residence(&self, division: &DivisionCode) -> Residence {
        let zones = |inside: &dyn Fn(&DivisionCode) -> bool| {
            let zones = self.zones.values().filter(|zone| zone.members.iter().any(inside));
            zones.map(|zone| zone.id.clone()).collect::<Vec<_>>()
        };
        let whole = zones(&|member| member.contains(division));
        let mut partly = zones(&|member| division.contains(member));
        partly.retain(|id| !whole.contains(id));
        Residence { division: division.clone(), zones: whole, partly }
    }

    /// The zones, by id.
    pub fn zones(&self) -> impl Iterator<Item = &Zone> {
        self.zones.values()
    }

    /// The divisions an area consists of.
    #[must_use]
    pub fn members(&self, area: &Area) -> Vec<DivisionCode> {
        match area.zone() {
            Some(id) => self.zones.get(id).map(|zone| zone.members.clone()).unwrap_or_default(),
            None => area.division().into_iter().collect(),
        }
    }

    /// Prefectures and counties in a division.
    pub fn below<'a>(&'a self, division: &'a DivisionCode) -> impl Iterator<Item = &'a DivisionCode> {
        let inside = self.divisions.range(division.clone()..).map(|(code, _)| code);
        let inside = inside.take_while(|code| division.contains(code));
        inside.filter(|code| matches!(code.as_str().len(), 4 | 6))
    }

    /// The name of an area, with the names above it that tell it from its namesakes.
    #[must_use]
    pub fn name(&self, area: &Area) -> String {
        if let Some(zone) = area.zone() {
            return self.zones.get(zone).map_or_else(|| area.to_string(), |zone| zone.name.clone());
        }
        let Some(code) = area.division() else { return area.to_string() };
        let chain = code.upwards().filter_map(|code| self.divisions.get(code));
        let mut names: Vec<&str> = chain.map(|division| division.name.as_str()).collect();
        if names.len() > 1 {
            names.pop(); // the province goes without saying inside it
        }
        names.reverse();
        if names.is_empty() { area.to_string() } else { names.concat() }
    }
}

fn alias_name(area: &Area, name: &str) -> PlaceName {
    PlaceName { area: area.clone(), readings: Readings::of(name), folded: fold(name), full: false }
}

impl Names for Gazetteer {
    fn category(&self, code: &CategoryCode, language: Language) -> String {
        let named = self.categories.get(code).map(|(zh, en)| language.of(zh, en).to_owned());
        named.unwrap_or_else(|| code.to_string())
    }

    fn area(&self, area: &Area) -> String {
        self.name(area)
    }
}

#[cfg(test)]
mod tests {
    use crate::{province, rule::Verdict, text::pinyin::Fit};

    #[test]
    fn every_division_is_found_by_its_listed_pinyin_and_initials() {
        let gazetteer = province::gazetteer();
        for place in gazetteer.names().iter().filter(|place| place.full && place.area.division().is_some()) {
            let division = gazetteer.division(&place.area.division().unwrap()).unwrap();
            let listed = division.pinyin.replace(' ', "");
            let initials: String = division.pinyin.split(' ').filter_map(|syllable| syllable.chars().next()).collect();
            for typed in [listed, initials] {
                assert_eq!(place.readings.fit(&typed), Some(Fit::Whole), "{} by {typed}", place.folded);
            }
        }
    }

    #[test]
    fn one_wrong_character_leads_to_the_place_that_sounds_so() {
        let nearly = |typed: &str| province::gazetteer().nearly(typed).iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(nearly("宿预区"), ["321311"], "宿城区 is as near by its characters, but does not sound so");
        assert_eq!((nearly("述阳县"), nearly("江宁qu"), nearly("江宁")), (vec!["321322".to_owned()], vec![], vec![]));
        assert!(nearly("沭阳县").iter().all(|area| area != "321322"), "what is written right is nobody else");
    }

    #[test]
    fn a_residence_knows_the_zones_around_it() {
        let gazetteer = province::gazetteer();
        let zone = "zone:zone-320100-jiangbei".parse().unwrap();
        let lies = |code: &str| gazetteer.residence(&code.parse().unwrap()).lies_in(&zone);
        assert_eq!(lies("320116010"), Verdict::Yes);
        assert_eq!(lies("320116010001"), Verdict::Yes);
        assert_eq!(lies("320116"), Verdict::Ask);
        assert_eq!(lies("320102"), Verdict::No);
        let equal = "zone:zone-320500-snd".parse().unwrap();
        assert_eq!(gazetteer.residence(&"320505102".parse().unwrap()).lies_in(&equal), Verdict::Yes);
    }

    #[test]
    fn a_zone_lies_between_its_members_and_in_what_holds_them_all() {
        let gazetteer = province::gazetteer();
        let zone: crate::code::Area = "zone:zone-320100-jiangbei".parse().unwrap();
        let seats: Vec<_> = gazetteer.members(&zone).iter().filter_map(|member| gazetteer.seat(member)).collect();
        let (middle, count) = (gazetteer.middle(&zone).unwrap(), u32::try_from(seats.len()).unwrap());
        let mean = seats.iter().map(|seat| seat.latitude).sum::<f64>() / f64::from(count);
        assert!(count > 1 && (middle.latitude - mean).abs() < 1e-9, "{middle:?}");
        assert_eq!(gazetteer.around(&zone).unwrap().as_str(), "3201");
        let residence = gazetteer.residence_in(&zone).unwrap();
        let lies = |area: &str| residence.lies_in(&area.parse().unwrap());
        assert_eq!((lies("zone:zone-320100-jiangbei"), lies("3201")), (Verdict::Yes, Verdict::Yes));
        assert_eq!((lies("320116"), lies("3203")), (Verdict::Ask, Verdict::No));
    }

    #[test]
    fn a_name_is_told_from_its_namesakes_by_those_above_it() {
        let gazetteer = province::gazetteer();
        assert_eq!(gazetteer.name(&"320106".parse().unwrap()), "南京市鼓楼区");
        assert_eq!(gazetteer.name(&"320302".parse().unwrap()), "徐州市鼓楼区");
        assert_eq!(gazetteer.name(&"32".parse().unwrap()), "江苏省");
    }
}
