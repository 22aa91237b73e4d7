//! What words mean: the taxonomy's terms and the words people use for them.
//!
//! Built from rows an installation may edit, from everyday wordings of this project
//! (`everyday.csv`) for the leaves that are there, and from what the installation says otherwise
//! ([`Own`]). [`read`] finds needs in a worker's own words,
//! [`danger`] the signs that come before any need. Neither understands a sentence: a clause is
//! found as it is written, and the worker takes off what was not meant.

pub mod danger;
mod loose;
mod own;
pub mod read;
mod usual;

use std::collections::{BTreeMap, HashMap};

use aho_corasick::{AhoCorasick, MatchKind};
use serde::{Deserialize, Serialize};

use crate::{
    code::TermCode,
    language::Language,
    text::{bigram::tokens, fold, pinyin::Readings},
};

pub use danger::{Listed, Sign, Signs};
pub use own::{Compiled, Own, OwnSign, OwnWord};
pub use read::{ReadNeed, Why};

/// A row of the taxonomy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// Its code.
    pub code: TermCode,
    /// Its Chinese name.
    pub zh: String,
    /// Its English name.
    pub en: String,
    /// Words and clauses people use for it.
    pub synonyms: Vec<String>,
}

/// The taxonomy, ready to read words.
#[derive(Debug)]
pub struct Vocabulary {
    terms: BTreeMap<TermCode, Term>,
    /// All words, folded; each pattern of the automaton is one of them.
    words: Vec<Word>,
    /// Words that may be read with gaps, by their first character.
    first: BTreeMap<char, Vec<usize>>,
    /// Long words by their pairs of characters.
    pairs: HashMap<String, Vec<usize>>,
    automaton: AhoCorasick,
    signs: Signs,
    /// What the installation says otherwise.
    own: Own,
}

/// A word and the terms it may mean.
#[derive(Debug)]
pub(crate) struct Word {
    text: String,
    terms: Vec<Sense>,
    readings: Readings,
    /// Its likeliest reading without blanks.
    sound: String,
    /// Its pairs of characters.
    pairs: Vec<String>,
}

/// One meaning of a word.
#[derive(Debug)]
struct Sense {
    term: TermCode,
    /// Whether the word is the name of the term.
    name: bool,
    /// The place of the word in the term's list: the most telling words are listed first.
    place: usize,
}

impl Vocabulary {
    /// Builds from the rows of the taxonomy.
    ///
    /// # Panics
    /// Only if the words were gigabytes, which no automaton holds.
    #[must_use]
    pub fn new(rows: impl IntoIterator<Item = Term>) -> Self {
        Self::with(rows, Own::default())
    }

    /// Builds from the rows of the taxonomy and what the installation says otherwise.
    ///
    /// # Panics
    /// As [`Vocabulary::new`].
    #[must_use]
    pub fn with(rows: impl IntoIterator<Item = Term>, own: Own) -> Self {
        let terms: BTreeMap<TermCode, Term> = rows.into_iter().map(|row| (row.code.clone(), row)).collect();
        let words = words_of(&terms, &own);
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(words.iter().map(|word| &word.text))
            .expect("a few thousand short words make an automaton");
        let (first, pairs) = (loose::by_first(&words), loose::by_pair(&words));
        Self { terms, words, first, pairs, automaton, signs: Signs::with(&own.signs), own }
    }

    /// The term of that code.
    #[must_use]
    pub fn term(&self, code: &TermCode) -> Option<&Term> {
        self.terms.get(code)
    }

    /// Every term, by code.
    pub fn terms(&self) -> impl Iterator<Item = &Term> {
        self.terms.values()
    }

    /// The leaves of a group; a leaf is its own.
    pub fn leaves<'a>(&'a self, code: &'a TermCode) -> impl Iterator<Item = &'a TermCode> {
        self.terms.keys().filter(|leaf| leaf.is_leaf() && code.covers(leaf))
    }

    /// The name of a term; its code where it is not known.
    #[must_use]
    pub fn name(&self, code: &TermCode, language: Language) -> String {
        let named = self.terms.get(code).map(|term| language.of(&term.zh, &term.en).to_owned());
        named.unwrap_or_else(|| code.to_string())
    }

    /// Every word with the leaves it may mean, and whether it is their name.
    pub(crate) fn spellings(&self) -> impl Iterator<Item = (&Readings, &TermCode, bool)> {
        self.words.iter().flat_map(|word| word.terms.iter().map(|sense| (&word.readings, &sense.term, sense.name)))
    }

    /// The leaf of a word that sounds so.
    pub(crate) fn sounding(&self, sound: &str) -> Option<&TermCode> {
        let words = self.words.iter().filter(|word| word.sound == sound);
        words.flat_map(|word| &word.terms).map(|sense| &sense.term).find(|term| term.is_leaf())
    }

    /// Where words of two characters and more stand in a folded text, as bytes from and to; they may overlap.
    pub(crate) fn words_in(&self, folded: &str) -> Vec<(usize, usize)> {
        let found = self.automaton.find_overlapping_iter(folded).map(|found| (found.start(), found.end()));
        found.filter(|(from, to)| folded[*from..*to].chars().nth(1).is_some()).collect()
    }

    /// The danger signs that are read.
    #[must_use]
    pub fn signs(&self) -> &Signs {
        &self.signs
    }
}

/// Wordings of everyday speech that the taxonomy's own lists leave out, compiled in.
const EVERYDAY: &str = include_str!("everyday.csv");
/// They come after the taxonomy's own.
const EVERYDAY_PLACE: usize = 20;

/// Everyday wordings with the code of their leaf.
fn everyday() -> impl Iterator<Item = (&'static str, &'static str)> {
    let rows = EVERYDAY.lines().skip(1).filter_map(|line| line.split_once(','));
    rows.flat_map(|(code, words)| words.split('|').map(move |word| (code, word)))
}

fn words_of(terms: &BTreeMap<TermCode, Term>, own: &Own) -> Vec<Word> {
    let silenced = own.silenced();
    let mut words: BTreeMap<String, Vec<Sense>> = BTreeMap::new();
    for term in terms.values() {
        let names = [&term.zh, &term.en].into_iter().map(|name| (name, true));
        let synonyms = term.synonyms.iter().map(|word| (word, false));
        for (place, (word, name)) in names.chain(synonyms).enumerate() {
            let folded = fold(word.trim());
            if folded.is_empty() || (!name && silenced.contains(&folded)) {
                continue;
            }
            let senses = words.entry(folded).or_default();
            if !senses.iter().any(|sense| sense.term == term.code) {
                senses.push(Sense { term: term.code.clone(), name, place });
            }
        }
    }
    for (code, word) in everyday() {
        let folded = fold(word);
        if silenced.contains(&folded) {
            continue;
        }
        let senses = words.entry(folded).or_default();
        if let Some(term) = terms.get(code).filter(|term| !senses.iter().any(|sense| sense.term == term.code)) {
            senses.push(Sense { term: term.code.clone(), name: false, place: EVERYDAY_PLACE });
        }
    }
    own.say(terms, &mut words);
    words.retain(|_, senses| !senses.is_empty());
    let word = |(text, terms): (String, Vec<Sense>)| {
        let readings = Readings::of(&text);
        Word { sound: readings.likeliest().replace(' ', ""), pairs: tokens(&text), readings, text, terms }
    };
    words.into_iter().map(word).collect()
}
