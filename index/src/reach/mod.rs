//! Access to one kind of help: for each place of living, how many places there are for its needs within reach, who may use
//! them considered; and where there is next to nothing, what would help most.
//!
//! It counts places, not children: what is asked is how many needs a place has and what such children are like, never which.
//! Source: `docs/MATCHING.md`, "Access".

pub mod floating;
mod map;

use serde::Serialize;

use crate::{
    code::{DivisionCode, TermCode},
    entry::Viewer,
    language::Language,
    matching::Rates,
    rule::{Class, Facts},
};

pub use map::map;

/// Needs of one place that are alike enough to be judged together.
#[derive(Debug, Clone)]
pub struct Group {
    /// Where they live, a township as a rule.
    pub place: DivisionCode,
    /// How many needs.
    pub needs: f64,
    /// What rules may read of such a child; the residence is set from `place`.
    pub facts: Facts,
}

/// What the map is drawn under.
#[derive(Debug, Clone)]
pub struct Ground<'a> {
    /// The kind of help.
    pub term: &'a TermCode,
    /// What the loop has learnt.
    pub rates: &'a Rates,
    /// Who asks.
    pub viewer: Viewer,
    /// The language of texts.
    pub language: Language,
}

/// Access by place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reach {
    /// The kind of help.
    pub term: TermCode,
    /// Each place that was asked about, in the order of its code.
    pub towns: Vec<Town>,
    /// The middle of all, in places for a hundred needs.
    pub median: f64,
    /// Offers that were counted.
    pub offers: usize,
    /// Of them, those that post no places.
    pub unposted: usize,
    /// What an offer without posted places was counted with: the middle of the posted ones, at least 1.
    pub usual_places: u32,
}

/// Access of one place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Town {
    /// The place.
    pub division: DivisionCode,
    /// Its needs.
    pub needs: f64,
    /// Places for a hundred needs within reach.
    pub places_per_hundred: f64,
    /// Minutes to the nearest offer that may be used; none where none is within reach.
    pub nearest_minutes: Option<u16>,
    /// Less than a quarter of the middle, or nothing within an hour.
    pub desert: bool,
    /// Of a desert: the change that would open most.
    pub opening: Option<Opening>,
}

/// A change of rules that would open places.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Opening {
    /// The fact that keeps these children out, such as `residence`.
    pub fact: String,
    /// How hard it is to change.
    pub class: Class,
    /// The change in words, as the nearest of these offers needs it.
    pub text: String,
    /// How many offers it would open.
    pub offers: usize,
    /// Their places, weighted by the way.
    pub places: f64,
}
