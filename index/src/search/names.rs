//! Finding names: exact before beginning before inside, by sound, and with one character wrong.

use std::{collections::HashMap, sync::Arc};

use super::{catalogue::{Catalogue, Item, Slot}, hits::Field};
use crate::text::{bigram::is_chinese, pinyin::{Fit, Readings}};

/// A name found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Named {
    /// How well, 0 to 1000.
    pub(super) score: u16,
    pub(super) field: Field,
    pub(super) how: &'static str,
}

/// What was typed, ready to be held against names.
pub(super) struct Typed {
    text: String,
    characters: Vec<char>,
    /// Whether it may be pinyin: it holds a letter.
    spelt: bool,
}

impl Typed {
    /// Takes a folded text; none where nothing is left to look for.
    pub(super) fn new(folded: &str) -> Option<Self> {
        let characters: Vec<char> = folded.chars().filter(|c| c.is_alphanumeric()).collect();
        let spelt = characters.iter().any(char::is_ascii_lowercase);
        (!characters.is_empty()).then(|| Self { text: characters.iter().collect(), characters, spelt })
    }

    /// How well a name fits, with how.
    pub(super) fn fit(&self, name: &Readings) -> Option<(u16, &'static str)> {
        if let Some(found) = self.written(name) {
            return Some(found);
        }
        if self.spelt {
            return name.fit(&self.text).map(|fit| match fit {
                Fit::Whole => (880, "pinyin"),
                Fit::Prefix => (780, "pinyin"),
                Fit::Inside => (600, "pinyin"),
            });
        }
        self.nearly(name).then_some((650, "fuzzy"))
    }

    /// As it is written: whole, at the beginning, inside.
    fn written(&self, name: &Readings) -> Option<(u16, &'static str)> {
        let letters = name.characters();
        let length = self.characters.len();
        if letters.len() < length {
            return None;
        }
        let mut from = letters.clone();
        for start in 0..=letters.len() - length {
            if from.clone().zip(&self.characters).all(|(a, b)| a == *b) {
                return Some(match (start, letters.len() == length) {
                    (0, true) => (1000, "exact"),
                    (0, false) => (900, "prefix"),
                    _ => (800, "inside"),
                });
            }
            from.next();
        }
        None
    }

    /// With one character wrong, missing or too many; names of four characters and more.
    fn nearly(&self, name: &Readings) -> bool {
        let length = self.characters.len();
        if length < 4 || !self.characters.iter().all(|c| is_chinese(*c)) {
            return false;
        }
        let letters = name.characters();
        if letters.len().abs_diff(length) <= 1 {
            let name: String = letters.clone().collect();
            if strsim::levenshtein(&name, &self.text) <= 1 {
                return true;
            }
        }
        if letters.len() < length {
            return false;
        }
        let mut from = letters.clone();
        for _ in 0..=letters.len() - length {
            let wrong = from.clone().zip(&self.characters).filter(|(a, b)| a != *b).take(2).count();
            if wrong <= 1 {
                return true;
            }
            from.next();
        }
        false
    }
}

/// The entries with a name like what was typed, each with its best name.
pub(super) fn find(catalogue: &Catalogue, folded: &str) -> Vec<(Slot, Named)> {
    let Some(typed) = Typed::new(folded) else { return Vec::new() };
    // One organisation has many entries; its name is looked at once.
    let mut seen: HashMap<*const Readings, Option<(u16, &'static str)>> = HashMap::new();
    let mut found: Vec<(Slot, Named)> = Vec::new();
    for (slot, item) in catalogue.items() {
        let mut fit = |name: &Arc<Readings>| *seen.entry(Arc::as_ptr(name)).or_insert_with(|| typed.fit(name));
        if let Some(named) = best(item, &mut fit) {
            found.push((slot, named));
        }
    }
    // What sounds or looks alike is of no use beside what is written so.
    if found.iter().any(|(_, named)| named.score >= 800) {
        found.retain(|(_, named)| named.how != "fuzzy");
    }
    found
}

fn best(item: &Item, fit: &mut impl FnMut(&Arc<Readings>) -> Option<(u16, &'static str)>) -> Option<Named> {
    let named = item.names.iter().filter_map(|(field, name)| {
        let (score, how) = fit(name)?;
        // Of equals the service's own name counts for more than its organisation's.
        let less = match field {
            Field::Name => 0,
            Field::Organization => 20,
            _ => 40,
        };
        Some(Named { score: score - less, field: *field, how })
    });
    named.max_by_key(|named| named.score)
}
