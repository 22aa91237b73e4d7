//! What the generator reads before it begins, and the ground a body stands on.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::ToSpan;
use jiff::civil::Date;
use lianjie_index::{DivisionCode, Wgs84};
use serde::Deserialize;

use super::draw::Draw;
use super::kinds::{Kind, kinds};
use super::leaves::Leaves;
use super::names::{Names, Slots, Voice, read};
use super::texts::Texts;
use crate::calendar::model::Calendar;
use crate::clock;
use crate::division::model::{Division, Divisions};
use crate::error::Result;
use crate::seed;
use crate::store::Connection;

/// Everything that is read once.
pub struct Province {
    /// Seed of all lots.
    pub seed: u64,
    /// Start of the day on which everything is generated.
    pub at: Timestamp,
    /// That day.
    pub today: Date,
    pub divisions: Divisions,
    pub calendar: Calendar,
    pub names: Names,
    pub kinds: Vec<Kind>,
    pub texts: Texts,
    /// What bodies say of themselves, by voice.
    pub voices: BTreeMap<String, Voice>,
    pub leaves: Leaves,
    /// Chinese names of the leaves.
    pub terms: BTreeMap<String, String>,
    villages: BTreeMap<String, Vec<(String, String)>>,
}

#[derive(Deserialize)]
struct VillageRow {
    nbs2023_code: String,
    township: Option<String>,
    name: String,
}

#[derive(Deserialize)]
struct TermRow {
    code: String,
    zh: String,
}

impl Province {
    /// Reads inputs and reference tables.
    pub async fn read(db: &mut Connection, seed: u64, today: Date) -> Result<Self> {
        let mut villages: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
        for row in seed::rows::<VillageRow>("villages-jiangsu.csv")? {
            let Some(township) = row.township else { continue };
            let name = row.name.trim_end_matches("居委会").trim_end_matches("村委会").trim_end_matches("居民委员会").to_owned();
            let name = if row.name.ends_with("村委会") && !name.ends_with('村') { format!("{name}村") } else { name };
            villages.entry(township).or_default().push((row.nbs2023_code, name));
        }
        let terms = seed::rows::<TermRow>("taxonomy.csv")?.into_iter().map(|row| (row.code, row.zh)).collect();
        Ok(Self {
            seed,
            at: clock::start_of(today),
            today,
            divisions: crate::division::store::read(db).await?,
            calendar: crate::calendar::store::read(db).await?,
            names: Names::read()?,
            kinds: kinds()?,
            texts: Texts::read()?,
            voices: read("demo/about.toml")?,
            leaves: Leaves::read()?,
            terms,
            villages,
        })
    }

    /// The stream of a thing.
    pub fn draw(&self, thing: &str) -> Draw {
        Draw::of(self.seed, thing)
    }

    /// A day so many days ago.
    pub fn days_ago(&self, days: u32) -> Date {
        self.today.saturating_sub(i64::from(days).days())
    }

    /// Villages of a township: code and name.
    pub fn villages(&self, town: &Division) -> &[(String, String)] {
        self.villages.get(town.code.as_str()).map(Vec::as_slice).unwrap_or_default()
    }

    /// The ground of a township.
    pub fn ground<'a>(&'a self, draw: &mut Draw, town: &'a Division) -> Ground<'a> {
        let above = |length: usize| {
            let code: Option<DivisionCode> = town.code.as_str().get(..length).and_then(|code| code.parse().ok());
            code.and_then(|code| self.divisions.find(&code)).unwrap_or(town)
        };
        let village = draw.maybe_one(self.villages(town)).map_or(town.name.as_str(), |(_, name)| name.as_str());
        Ground { town, county: above(6), city: above(4), village }
    }
}

/// Where a body stands.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    pub town: &'a Division,
    pub county: &'a Division,
    pub city: &'a Division,
    pub village: &'a str,
}

impl<'a> Ground<'a> {
    /// What fills the slots of texts.
    pub fn slots(&self, word: &'a str) -> Slots<'a> {
        Slots { town: &self.town.name, county: &self.county.name, city: &self.city.name, village: self.village, word }
    }

    /// A point near the township's, and how far off it may be.
    pub fn point(&self, draw: &mut Draw) -> (Option<Wgs84>, u32) {
        let jitter = 0.013;
        let near = |draw: &mut Draw, degrees: f64| degrees + draw.spread() * jitter;
        let point = self.town.point.map(|point| Wgs84 { longitude: near(draw, point.longitude), latitude: near(draw, point.latitude) });
        (point, if self.town.exact { 200 } else { 8_000 })
    }

    /// Area code of telephones.
    pub fn telephone(&self) -> &'static str {
        match self.city.code.as_str() {
            "3202" => "0510",
            "3203" => "0516",
            "3204" => "0519",
            "3205" => "0512",
            "3206" => "0513",
            "3207" => "0518",
            "3208" => "0517",
            "3209" => "0515",
            "3210" => "0514",
            "3211" => "0511",
            "3212" => "0523",
            "3213" => "0527",
            _ => "025",
        }
    }

    /// Dialect of the prefecture.
    pub fn dialect(&self) -> &'static str {
        match self.city.code.as_str() {
            "3202" | "3204" | "3205" => "吴语",
            "3203" | "3213" => "中原官话",
            _ => "江淮官话",
        }
    }
}
