//! What is asked of a search.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::hits::Mention;
use crate::{
    code::{Area, CategoryCode, OrganizationId, SiteId, TermCode},
    entry::{Audience, Delivery, FeeLevel, Moment, Viewer},
    language::Language,
    place::Wgs84,
};

/// A search.
#[derive(Debug, Clone)]
pub struct Query {
    /// What was typed, as it was typed.
    pub words: String,
    /// Needs read from the words that the worker has taken off again.
    pub taken_off: Vec<TermCode>,
    /// Names of places read from the words, folded, that are not meant as places.
    pub places_off: Vec<String>,
    /// Phrases of the words that the caller knows for places: villages, codes of former days.
    pub places_told: Vec<Mention>,
    /// What the hits must be; kinds of filter combine with "and", values of one with "or".
    pub filters: Filters,
    /// Where the family is, for distances and for "serves this place".
    pub near: Option<Near>,
    /// The order.
    pub sort: Sort,
    /// Hits to skip.
    pub offset: usize,
    /// The hit after which to go on, where it is still found; else `offset` counts.
    pub after: Option<SiteId>,
    /// Hits to give.
    pub limit: usize,
    /// Who looks.
    pub viewer: Viewer,
    /// The instant that ages of facts count from.
    pub now: Timestamp,
    /// How long a fact of a kind holds; what is older fades.
    pub periods: Periods,
    /// The language of texts made here.
    pub language: Language,
    /// Whether counts of the filters are wanted.
    pub facets: bool,
    /// The moment that "open" is counted for; that of the filter where absent.
    pub moment: Option<Moment>,
    /// How far words are read; all the way but where the stages themselves are measured.
    pub stage: Stage,
}

impl Query {
    /// A search for words, by anybody, of the first twenty hits.
    #[must_use]
    pub fn new(words: impl Into<String>, now: Timestamp) -> Self {
        Self {
            words: words.into(),
            taken_off: Vec::new(),
            places_off: Vec::new(),
            places_told: Vec::new(),
            filters: Filters::default(),
            near: None,
            sort: Sort::default(),
            offset: 0,
            after: None,
            limit: 20,
            viewer: Viewer::default(),
            now,
            periods: Periods::default(),
            language: Language::default(),
            facets: false,
            moment: None,
            stage: Stage::default(),
        }
    }
}

/// How far words are read. Each stage adds to those before it; `docs/SEARCH.md` says what each adds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Pairs of characters in the texts alone.
    Pairs,
    /// Names as they are written: of services, organisations and places, and of the terms of the taxonomy.
    Names,
    /// Synonyms of the terms and everyday wordings, also with others in between.
    Synonyms,
    /// Names by sound.
    Pinyin,
    /// Names with one wrong character.
    Fuzzy,
    /// Texts that hold most pairs of characters, where nothing else is found.
    #[default]
    Net,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Self; 6] = [Self::Pairs, Self::Names, Self::Synonyms, Self::Pinyin, Self::Fuzzy, Self::Net];
}

/// How many days a fact holds after it was confirmed, by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Periods {
    /// Free places.
    pub places: i64,
    /// Hours, telephone, fees.
    pub hours: i64,
    /// That it exists at all.
    pub existence: i64,
}

impl Default for Periods {
    fn default() -> Self {
        Self { places: 14, hours: 180, existence: 365 }
    }
}

/// Where the family is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Near {
    /// The division or zone, as narrow as is known.
    #[serde(default)]
    pub area: Option<Area>,
    /// The point; where absent, the seat of the division, or the middle of the zone.
    #[serde(default)]
    pub point: Option<Wgs84>,
}

/// What the hits must be. Everything absent or empty does not filter.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Filters {
    /// Groups or leaves of the taxonomy.
    pub terms: Vec<TermCode>,
    /// Kinds of organisation.
    pub kinds: Vec<String>,
    /// An age that is not excluded, in months.
    pub age_months: Option<u16>,
    /// Categories of child; some of them is not excluded.
    pub categories: Vec<CategoryCode>,
    /// Whose fee is meant by `fee`; the hardship audience where absent.
    pub audience: Option<Audience>,
    /// Fee levels for that audience.
    pub fee: Vec<FeeLevel>,
    /// A place is posted free now.
    pub has_place: bool,
    /// Ways of delivery.
    pub delivery: Vec<Delivery>,
    /// Open at a moment.
    pub open_at: Option<Moment>,
    /// Languages and dialects.
    pub languages: Vec<String>,
    /// The service is given to, or stands in, one of these divisions or zones.
    pub areas: Vec<Area>,
    /// Not farther than so many kilometres from `near`, unless it serves that place.
    pub within_km: Option<f64>,
    /// Confirmed in the last so many days.
    pub fresh_days: Option<u32>,
    /// Features that are all there.
    pub accessibility: Vec<String>,
    /// Of this organisation.
    pub organization: Option<OrganizationId>,
}

impl Filters {
    /// Whether a kind of filter is set.
    #[must_use]
    pub fn sets(&self, kind: Dimension) -> bool {
        match kind {
            Dimension::Terms => !self.terms.is_empty(),
            Dimension::Kinds => !self.kinds.is_empty(),
            Dimension::AgeMonths => self.age_months.is_some(),
            Dimension::Categories => !self.categories.is_empty(),
            Dimension::Fee => !self.fee.is_empty(),
            Dimension::HasPlace => self.has_place,
            Dimension::Delivery => !self.delivery.is_empty(),
            Dimension::OpenAt => self.open_at.is_some(),
            Dimension::Languages => !self.languages.is_empty(),
            Dimension::Areas => !self.areas.is_empty(),
            Dimension::WithinKm => self.within_km.is_some(),
            Dimension::FreshDays => self.fresh_days.is_some(),
            Dimension::Accessibility => !self.accessibility.is_empty(),
            Dimension::Organization => self.organization.is_some(),
        }
    }
}

/// A kind of filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// [`Filters::terms`].
    Terms,
    /// [`Filters::kinds`].
    Kinds,
    /// [`Filters::age_months`].
    AgeMonths,
    /// [`Filters::categories`].
    Categories,
    /// [`Filters::fee`].
    Fee,
    /// [`Filters::has_place`].
    HasPlace,
    /// [`Filters::delivery`].
    Delivery,
    /// [`Filters::open_at`].
    OpenAt,
    /// [`Filters::languages`].
    Languages,
    /// [`Filters::areas`].
    Areas,
    /// [`Filters::within_km`].
    WithinKm,
    /// [`Filters::fresh_days`].
    FreshDays,
    /// [`Filters::accessibility`].
    Accessibility,
    /// [`Filters::organization`].
    Organization,
}

impl Dimension {
    /// Every kind, in the order of the filters.
    pub const ALL: [Self; 14] = [
        Self::Terms,
        Self::Kinds,
        Self::AgeMonths,
        Self::Categories,
        Self::Fee,
        Self::HasPlace,
        Self::Delivery,
        Self::OpenAt,
        Self::Languages,
        Self::Areas,
        Self::WithinKm,
        Self::FreshDays,
        Self::Accessibility,
        Self::Organization,
    ];

    /// Its bit in a set of kinds.
    pub(crate) fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// The order of hits. What serves the place always comes before what is merely near, except where
/// another order than fit was asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    /// How well words, needs and place fit.
    #[default]
    Fit,
    /// Nearest first; what has no distance last.
    Distance,
    /// Last confirmed first.
    Freshness,
    /// Shortest wait first; not stated last.
    Wait,
    /// By pinyin of the service's name.
    Name,
}
