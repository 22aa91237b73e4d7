//! The word lists of the demo province, and the slots of its texts.

use serde::Deserialize;

use super::draw::Draw;
use crate::error::{Error, Result};
use crate::seed;

/// `names.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// Two characters an invented body calls itself by.
    pub words: Vec<String>,
    roads: Vec<String>,
    road_ends: Vec<String>,
    surnames: Vec<String>,
    given: Vec<String>,
    /// Second sentences of a body's description.
    pub tails: Vec<String>,
    weekdays: Vec<String>,
    seasons: Vec<String>,
}

impl Names {
    /// Reads the lists.
    pub fn read() -> Result<Self> {
        read("demo/names.toml")
    }

    /// A street that no map knows.
    pub fn road(&self, draw: &mut Draw) -> String {
        format!("{}{}", draw.one(&self.roads), draw.one(&self.road_ends))
    }

    /// A grown-up's name.
    pub fn person(&self, draw: &mut Draw) -> String {
        format!("{}{}", draw.one(&self.surnames), draw.one(&self.given))
    }

    /// A sentence with its slots filled.
    pub fn fill(&self, draw: &mut Draw, text: &str, place: &Slots<'_>) -> String {
        let mut filled = text.to_owned();
        let mut put = |slot: &str, value: &str| {
            if filled.contains(slot) {
                filled = filled.replace(slot, value);
            }
        };
        put("{town}", place.town);
        put("{short}", place.town.trim_end_matches("街道").trim_end_matches(['镇', '乡']));
        put("{county}", place.county);
        put("{city}", place.city);
        // Where a body works, as its own words say it: the county.
        put("{place}", place.county);
        let people = if place.village.ends_with('村') { "民委员会" } else { "居民委员会" };
        put("{committee}", &[place.village, people].concat());
        put("{village}", place.village);
        put("{word}", place.word);
        put("{road}", &self.road(draw));
        put("{n}", &draw.number(2..=12).to_string());
        put("{weekday}", draw.one::<String>(&self.weekdays));
        put("{year}", &draw.number(2004..=2025).to_string());
        put("{season}", draw.one::<String>(&self.seasons));
        filled
    }
}

/// What stands for the slots of a text.
#[derive(Debug, Clone, Copy)]
pub struct Slots<'a> {
    /// Township.
    pub town: &'a str,
    /// County.
    pub county: &'a str,
    /// Prefecture.
    pub city: &'a str,
    /// Village or community.
    pub village: &'a str,
    /// What the body calls itself.
    pub word: &'a str,
}

/// Reads an input of the generator; a fault names file and line.
pub fn read<T: serde::de::DeserializeOwned>(path: &str) -> Result<T> {
    toml::from_str(&seed::text(path)?).map_err(|error| Error::Store(format!("seed-data/{path} does not read: {error}")))
}

/// What bodies of one voice say of themselves.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Voice {
    /// What it is.
    pub who: Vec<String>,
    /// How it works.
    pub how: Vec<String>,
    /// What else is to be known.
    pub more: Vec<String>,
}
