//! Divisions of the ministry's list (scheme `mca`), zones over them, and the gazetteer made of both.

use std::collections::BTreeMap;
use std::sync::Arc;

use lianjie_index::duplicate::Regions;
use lianjie_index::place::{Crossing, Gazetteer, gazetteer};
use lianjie_index::{DivisionCode, Wgs84};

/// A division: province, prefecture, county or township.
#[derive(Debug, Clone)]
pub struct Division {
    /// Code; a parent is a prefix.
    pub code: DivisionCode,
    /// `province`, `prefecture`, `county`, `township`.
    pub level: String,
    /// Name.
    pub name: String,
    /// Its point.
    pub point: Option<Wgs84>,
    /// Whether the point is of the place itself; a synthetic one is kilometres off.
    pub exact: bool,
    /// Pinyin without tones, syllables apart.
    pub pinyin: String,
    /// Other names.
    pub aliases: Vec<String>,
}

/// A village or community: a statistical code of twelve digits, with the township it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Village {
    /// Code, scheme `nbs`.
    pub code: String,
    /// Name.
    pub name: String,
    /// The township, scheme `mca`; of some it is not known.
    pub township: Option<DivisionCode>,
}

/// A county that is no more, by its withdrawn code.
#[derive(Debug, Clone)]
pub struct Former {
    /// The withdrawn code.
    pub code: DivisionCode,
    /// The name it had, without a note in brackets.
    pub name: String,
    /// What it is in now.
    pub successors: Vec<DivisionCode>,
}

/// All of them in memory.
#[derive(Debug, Default)]
pub struct Divisions {
    rows: BTreeMap<DivisionCode, Division>,
    zones: Vec<gazetteer::Zone>,
    former: Vec<Former>,
    /// For search and matching.
    pub gazetteer: Arc<Gazetteer>,
    /// How names and addresses begin, for finding duplicates.
    pub regions: Arc<Regions>,
}

/// The divisions as names and addresses begin with them: present names first, then former ones; a zone lies in the county of
/// its first township.
fn regions(rows: &[Division], zones: &[gazetteer::Zone]) -> Regions {
    let mut named: Vec<(DivisionCode, &str)> = Vec::new();
    for row in rows {
        named.push((row.code.clone(), &row.name));
        // An abbreviation of one character says nothing within a name.
        let aliases = row.aliases.iter().filter(|alias| alias.chars().count() > 1);
        named.extend(aliases.map(|alias| (row.code.clone(), alias.as_str())));
    }
    for zone in zones {
        let host = zone.members.first().map(DivisionCode::county);
        named.extend(host.map(|county| (county, zone.name.as_str())));
    }
    Regions::new(named.iter().map(|(code, name)| (code, *name)))
}

impl Divisions {
    /// Puts divisions and zones together with the names of child categories.
    #[must_use]
    pub fn new(
        rows: Vec<Division>,
        zones: Vec<gazetteer::Zone>,
        categories: Vec<(lianjie_index::CategoryCode, String, String)>,
        crossings: Vec<Crossing>,
    ) -> Self {
        let places = rows.iter().map(|row| gazetteer::Division {
            code: row.code.clone(),
            name: row.name.clone(),
            aliases: row.aliases.clone(),
            pinyin: row.pinyin.clone(),
            point: row.point,
            exact: row.exact,
        });
        let gazetteer = Gazetteer::new(places.collect::<Vec<_>>(), zones.clone());
        let gazetteer = Arc::new(gazetteer.with_categories(categories).with_crossings(crossings));
        let regions = Arc::new(regions(&rows, &zones));
        Self { rows: rows.into_iter().map(|row| (row.code.clone(), row)).collect(), zones, former: Vec::new(), gazetteer, regions }
    }

    /// Adds the counties that are no more.
    #[must_use]
    pub fn with_former(mut self, former: Vec<Former>) -> Self {
        self.former = former;
        self
    }

    /// The division of a code.
    #[must_use]
    pub fn find(&self, code: &DivisionCode) -> Option<&Division> {
        self.rows.get(code)
    }

    /// The name of a code; the code itself where it is not known.
    #[must_use]
    pub fn name(&self, code: &DivisionCode) -> String {
        self.rows.get(code).map_or_else(|| code.to_string(), |row| row.name.clone())
    }

    /// The name with those above it, without the province: 南京市六合区长芦街道.
    #[must_use]
    pub fn full_name(&self, code: &DivisionCode) -> String {
        let mut parts: Vec<_> = code.upwards().filter_map(|part| self.rows.get(&part.parse::<DivisionCode>().ok()?)).collect();
        if parts.len() > 1 {
            parts.pop();
        }
        parts.iter().rev().map(|row| row.name.as_str()).collect()
    }

    /// The name of an area: a division or a zone.
    #[must_use]
    pub fn area_name(&self, area: &lianjie_index::Area) -> String {
        match (area.zone(), area.division()) {
            (Some(id), _) => self.zones.iter().find(|zone| zone.id == id).map_or_else(|| id.to_owned(), |zone| zone.name.clone()),
            (None, Some(code)) => self.full_name(&code),
            (None, None) => area.to_string(),
        }
    }

    /// The divisions right below one, by code.
    pub fn children<'a>(&'a self, parent: &'a DivisionCode) -> impl Iterator<Item = &'a Division> {
        let length = match parent.as_str().len() {
            2 => 4,
            4 => 6,
            _ => 9,
        };
        self.rows.values().filter(move |row| row.code.as_str().len() == length && parent.contains(&row.code))
    }

    /// Every division of a level, by code.
    pub fn of_level<'a>(&'a self, level: &'a str) -> impl Iterator<Item = &'a Division> {
        self.rows.values().filter(move |row| row.level == level)
    }

    /// The zones.
    #[must_use]
    pub fn zones(&self) -> &[gazetteer::Zone] {
        &self.zones
    }

    /// The counties that are no more, by code.
    #[must_use]
    pub fn former(&self) -> &[Former] {
        &self.former
    }

    /// The divisions, by code.
    pub fn all(&self) -> impl Iterator<Item = &Division> {
        self.rows.values()
    }

    /// The divisions a name means: the whole name with those above it first, else every division of that name or alias.
    #[must_use]
    pub fn named(&self, name: &str) -> Vec<DivisionCode> {
        let name: String = name.chars().filter(|letter| !letter.is_whitespace()).collect();
        let name = name.strip_prefix("江苏省").filter(|rest| !rest.is_empty()).unwrap_or(&name);
        let whole = |row: &&Division| self.full_name(&row.code) == name;
        if let Some(row) = self.rows.values().find(whole) {
            return vec![row.code.clone()];
        }
        let bears = |row: &&Division| row.name == name || row.aliases.iter().any(|alias| alias == name);
        let mut found: Vec<&Division> = self.rows.values().filter(bears).collect();
        if found.is_empty() {
            found = self.rows.values().filter(|row| self.full_name(&row.code).ends_with(name)).collect();
        }
        // Of namesakes, the wider place is meant more often.
        let widest = found.iter().map(|row| row.code.as_str().len()).min();
        found.into_iter().filter(|row| Some(row.code.as_str().len()) == widest).map(|row| row.code.clone()).collect()
    }

    /// Whether the code is one we know.
    #[must_use]
    pub fn has(&self, code: &DivisionCode) -> bool {
        self.rows.contains_key(code)
    }

    /// Whether an area is one we know.
    #[must_use]
    pub fn has_area(&self, area: &lianjie_index::Area) -> bool {
        match area.zone() {
            Some(id) => self.zones.iter().any(|zone| zone.id == id),
            None => area.division().is_some_and(|code| self.has(&code)),
        }
    }
}
