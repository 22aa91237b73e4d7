//! Finding names: exact before beginning before inside, by sound, and with one character wrong.

use super::{
    catalogue::{Catalogue, Name, Slot},
    hits::{Field, How},
    query::Stage,
};
use crate::text::{
    bigram::is_chinese,
    pinyin::{Fit, Readings, Sieve},
};

/// A name found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Named {
    /// How well, 0 to 1000.
    pub(super) score: u16,
    pub(super) field: Field,
    pub(super) how: How,
}

/// What was typed, ready to be held against names.
pub(super) struct Typed {
    /// The folded letters and characters.
    text: String,
    characters: Vec<char>,
    sieve: Sieve,
    /// Whether it may be pinyin: it holds a letter.
    spelt: bool,
    /// How its characters sound, where there are three.
    sounds: Option<Readings>,
}

impl Typed {
    /// Takes a folded text; none where nothing is left to look for.
    pub(super) fn new(folded: &str) -> Option<Self> {
        let characters: Vec<char> = folded.chars().filter(|c| c.is_alphanumeric()).collect();
        let spelt = characters.iter().any(char::is_ascii_lowercase);
        (!characters.is_empty()).then(|| {
            let text: String = characters.iter().collect();
            let sounds = (characters.len() == 3).then(|| Readings::of(&text));
            Self { sieve: Sieve::of(characters.iter().copied()), text, characters, spelt, sounds }
        })
    }

    /// How many letters and characters were typed.
    pub(super) const fn letters(&self) -> usize {
        self.characters.len()
    }

    /// How well a name fits, with how.
    pub(super) fn fit(&self, name: &Readings) -> Option<(u16, How)> {
        let missing = self.sieve.missing_in(name.sieve());
        if missing == 0
            && let Some(found) = self.written(name)
        {
            return Some(found);
        }
        if self.spelt {
            return name.fit_characters(&self.characters).map(|fit| match fit {
                Fit::Whole => (880, How::Pinyin),
                Fit::Prefix => (780, How::Pinyin),
                Fit::Inside => (600, How::Pinyin),
            });
        }
        if missing > 1 {
            return None;
        }
        self.nearly(name).map(|score| (score, How::Fuzzy))
    }

    /// As it is written: whole, at the beginning, inside.
    fn written(&self, name: &Readings) -> Option<(u16, How)> {
        let letters = name.characters();
        let length = self.characters.len();
        if letters.len() < length {
            return None;
        }
        let mut from = letters.clone();
        for start in 0..=letters.len() - length {
            if from.clone().zip(&self.characters).all(|(a, b)| a == *b) {
                return Some(match (start, letters.len() == length) {
                    (0, true) => (1000, How::Exact),
                    (0, false) => (900, How::Prefix),
                    _ => (800, How::Inside),
                });
            }
            from.next();
        }
        None
    }

    /// With one character wrong, missing or too many; of three characters see [`nearly_three`].
    fn nearly(&self, name: &Readings) -> Option<u16> {
        let length = self.characters.len();
        if length < 3 || !self.characters.iter().all(|c| is_chinese(*c)) {
            return None;
        }
        if let Some(sounds) = &self.sounds {
            return nearly_three(name, sounds);
        }
        let letters = name.characters();
        if letters.len().abs_diff(length) <= 1 {
            let name: String = letters.clone().collect();
            if strsim::levenshtein(&name, &self.text) <= 1 {
                return Some(680);
            }
        }
        if letters.len() < length {
            return None;
        }
        let mut from = letters.clone();
        for _ in 0..=letters.len() - length {
            let wrong = from.clone().zip(&self.characters).filter(|(a, b)| a != *b).take(2).count();
            if wrong <= 1 {
                return Some(650);
            }
            from.next();
        }
        None
    }
}

/// Three characters with one wrong: the whole name, or a stretch of it if the wrong one sounds right. Two characters of three
/// are too few to be the middle of a name.
fn nearly_three(name: &Readings, sounds: &Readings) -> Option<u16> {
    let letters: Vec<(char, &[Box<str>])> = name.characters().zip(name.syllables()).collect();
    let typed: Vec<(char, &[Box<str>])> = sounds.characters().zip(sounds.syllables()).collect();
    let whole = letters.len() == typed.len();
    let scores = letters.windows(typed.len()).filter_map(|window| {
        let mut wrong = window.iter().zip(&typed).filter(|(one, other)| one.0 != other.0);
        let (Some((one, other)), None) = (wrong.next(), wrong.next()) else { return None };
        let alike = one.1.iter().any(|syllable| other.1.contains(syllable));
        match (whole, alike) {
            (true, true) => Some(680),
            (true, false) => Some(650),
            (false, true) => Some(640),
            (false, false) => None,
        }
    });
    scores.max()
}

/// The entries with a name like what was typed, as far as the stage goes; an entry comes once for each such name. What is not
/// visible is as if it were not there: it must not keep what is only alike from being found.
pub(super) fn find(catalogue: &Catalogue, folded: &str, stage: Stage, visible: impl Fn(Slot) -> bool) -> Vec<(Slot, Named)> {
    let Some(typed) = Typed::new(folded) else { return Vec::new() };
    let mut found: Vec<(Slot, Named)> = Vec::new();
    for name in catalogue.names() {
        let Some((score, how)) = typed.fit(&name.readings).filter(|(_, how)| stage >= needed(*how)) else { continue };
        // Of names that go on, the shorter is the likelier.
        let rest = if how == How::Exact { 0 } else { u16::try_from(name.readings.characters().len()).unwrap_or(30).min(30) };
        for (slot, field) in name.bearers.iter().filter(|(slot, _)| visible(*slot)) {
            // Of equals the service's own name counts for more than its organisation's.
            let less = match field {
                Field::Name => 0,
                Field::Organization => 20,
                Field::AlternateName | Field::Description => 40,
            };
            found.push((*slot, Named { score: score - less - rest, field: *field, how }));
        }
    }
    // What looks alike is of no use beside what is written so.
    if found.iter().any(|(_, named)| named.how != How::Fuzzy) {
        found.retain(|(_, named)| named.how != How::Fuzzy);
    }
    found
}

/// Characters of a body's name that is looked for inside a sentence.
const BODY: usize = 5;

/// Where the whole name of a body stands inside a folded phrase that is longer, as bytes from and to; the longest name.
pub(super) fn body_in(catalogue: &Catalogue, phrase: &str, visible: impl Fn(Slot) -> bool) -> Option<(usize, usize)> {
    let typed = Typed::new(phrase)?;
    let borne = |name: &Name| name.bearers.iter().any(|(slot, field)| *field == Field::Organization && visible(*slot));
    let stands = |name: &Name| {
        let letters = name.readings.characters();
        let length = letters.len();
        if !(BODY..typed.characters.len()).contains(&length) || name.readings.sieve().missing_in(typed.sieve) > 0 {
            return None;
        }
        let text: String = letters.collect();
        let from = phrase.find(&text)?;
        borne(name).then_some((from, from + text.len()))
    };
    catalogue.names().filter_map(stands).max_by_key(|(from, to)| (to - from, std::cmp::Reverse(*from)))
}

/// The stage that finds a name so.
const fn needed(how: How) -> Stage {
    match how {
        How::Exact | How::Prefix | How::Inside => Stage::Names,
        How::Pinyin => Stage::Pinyin,
        How::Fuzzy => Stage::Fuzzy,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_sieve_lets_through_whatever_fits(name in "[光福心理学校站社区中甲乙丙丁戊]{1,8}", typed in "[光福心理学校站社区中甲乙丙丁戊]{1,6}") {
            let (name, typed) = (Readings::of(&name), Typed::new(&typed).unwrap());
            let slowly = typed.written(&name).or_else(|| typed.nearly(&name).map(|score| (score, How::Fuzzy)));
            prop_assert_eq!(typed.fit(&name), slowly);
        }
    }
}
