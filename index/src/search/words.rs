//! What typed words speak for: needs, names, places and text, entry by entry.
//!
//! The words are split into phrases at spaces and signs. A phrase that a need was read from joins
//! the needs, any of which will do, for a worker's sentence names several at once; every other
//! phrase (a name, a place, a word of the text) must be found.

use std::collections::HashMap;

use tantivy::{
    Score, SegmentReader, TantivyError, Term,
    collector::{Collector, SegmentCollector},
    columnar::Column,
    query::{BooleanQuery, BoostQuery, DisjunctionMaxQuery, Occur, PhraseQuery, Query as TextQuery, TermQuery},
    schema::IndexRecordOption,
};

use super::{
    IndexError, Query,
    catalogue::{Item, Slot},
    filter::Sought,
    index::{Index, Snapshot},
    names::{self, Named},
};
use crate::{
    code::{Area, TermCode},
    text::{Folded, bigram, fold},
    vocabulary::{ReadNeed, Why},
};

/// What speaks for one entry.
#[derive(Debug, Clone, Default)]
pub(super) struct Evidence {
    /// How well it fits, 0 to 1000.
    pub(super) score: u16,
    pub(super) named: Option<Named>,
    /// The need it answers, with the term that answers it.
    pub(super) need: Option<(TermCode, TermCode)>,
    /// Whether the text holds a phrase.
    pub(super) text: bool,
}

/// What was made of the words.
pub(super) struct Asked {
    /// Needs read, without those taken off.
    pub(super) needs: Vec<ReadNeed>,
    /// Phrases looked for in texts, folded.
    pub(super) phrases: Vec<String>,
    /// By slot; none where there were no words, so that everything is found.
    pub(super) evidence: Option<HashMap<Slot, Evidence>>,
}

/// A phrase of the words.
struct Phrase {
    folded: String,
    /// Whether a need was read from it.
    needed: bool,
}

impl Index {
    /// Reads the words of a query.
    pub(super) fn asked(&self, snapshot: &Snapshot, query: &Query) -> Result<Asked, IndexError> {
        let mut needs = self.vocabulary().read(&query.words);
        needs.extend(self.spelt_need(&query.words));
        needs.retain(|need| !query.taken_off.contains(&need.term));
        let phrases = split(&query.words, &needs);
        if phrases.is_empty() {
            return Ok(Asked { needs, phrases: Vec::new(), evidence: None });
        }

        let mut wanted: Option<HashMap<Slot, Evidence>> = None;
        let mut needed: HashMap<Slot, Evidence> = HashMap::new();
        for phrase in &phrases {
            let found = self.phrase(snapshot, phrase)?;
            if phrase.needed {
                join(&mut needed, found);
            } else {
                wanted = Some(match wanted {
                    None => found,
                    Some(before) => both(before, found),
                });
            }
        }
        if phrases.iter().any(|phrase| phrase.needed) {
            join(&mut needed, needs_met(snapshot, &needs));
            wanted = Some(match wanted {
                None => needed,
                Some(before) => both(before, needed),
            });
        }
        let phrases = phrases.into_iter().map(|phrase| phrase.folded).collect();
        Ok(Asked { needs, phrases, evidence: wanted })
    }

    /// A need named in pinyin: `xinlizixun`.
    fn spelt_need(&self, words: &str) -> Option<ReadNeed> {
        let typed = words.trim();
        let spelt = typed.len() >= 6 && typed.bytes().all(|b| b.is_ascii_lowercase());
        if !spelt {
            return None;
        }
        let mut spellings = self.vocabulary().spellings().filter(|(_, term, _)| term.is_leaf());
        let (_, term, _) = spellings.find(|(name, ..)| name.likeliest().replace(' ', "") == typed)?;
        let why = Why::Word { text: typed.to_owned(), from: 0, to: typed.len() };
        Some(ReadNeed { term: term.clone(), score: 700, why: vec![why] })
    }

    /// The entries one phrase speaks for: by name, by text, by place.
    fn phrase(&self, snapshot: &Snapshot, phrase: &Phrase) -> Result<HashMap<Slot, Evidence>, IndexError> {
        let mut found: HashMap<Slot, Evidence> = HashMap::new();
        for (slot, named) in names::find(&snapshot.catalogue, &phrase.folded) {
            found.insert(slot, Evidence { score: named.score, named: Some(named), ..Evidence::default() });
        }
        let text = self.text(snapshot, &phrase.folded)?;
        let best = text.iter().map(|(_, score)| *score).fold(f32::EPSILON, f32::max);
        for (slot, score) in text {
            let evidence = found.entry(slot).or_default();
            evidence.text = true;
            evidence.score = evidence.score.max(300 + share(score / best, 400));
        }
        let areas = self.places_named(&phrase.folded);
        if !areas.is_empty() {
            let sought = Sought::new(&areas, self.gazetteer());
            for (slot, item) in snapshot.catalogue.items() {
                if sought.holds(&item.entry) {
                    let evidence = found.entry(slot).or_default();
                    evidence.score = evidence.score.max(500);
                }
            }
        }
        Ok(found)
    }

    /// The places that have exactly this name.
    fn places_named(&self, folded: &str) -> Vec<Area> {
        if folded.chars().count() < 2 {
            return Vec::new();
        }
        let names = self.gazetteer().names().iter();
        names.filter(|place| fold(&place.name) == folded).map(|place| place.area.clone()).collect()
    }

    /// The entries whose text holds the phrase, with tantivy's score.
    fn text(&self, snapshot: &Snapshot, phrase: &str) -> Result<Vec<(Slot, Score)>, IndexError> {
        let runs: Vec<Vec<String>> = bigram::runs(phrase).map(|(range, _)| bigram::tokens(&phrase[range])).collect();
        if runs.is_empty() {
            return Ok(Vec::new());
        }
        let in_fields = |tokens: &Vec<String>| -> Box<dyn TextQuery> {
            let fields = self.fields.texts.iter().map(|(field, _, weight)| -> Box<dyn TextQuery> {
                let mut terms: Vec<Term> = tokens.iter().map(|token| Term::from_field_text(*field, token)).collect();
                let query: Box<dyn TextQuery> = if terms.len() == 1 {
                    Box::new(TermQuery::new(terms.remove(0), IndexRecordOption::WithFreqs))
                } else {
                    Box::new(PhraseQuery::new(terms))
                };
                Box::new(BoostQuery::new(query, *weight))
            });
            Box::new(DisjunctionMaxQuery::new(fields.collect()))
        };
        let parts = runs.iter().map(|tokens| (Occur::Must, in_fields(tokens)));
        let query = BooleanQuery::new(parts.collect());
        Ok(snapshot.searcher.search(&query, &Slots)?)
    }
}

/// Splits words into phrases; a phrase is needed where a need was read from its characters.
fn split(words: &str, needs: &[ReadNeed]) -> Vec<Phrase> {
    let folded = Folded::new(words);
    let spans: Vec<(usize, usize)> = needs
        .iter()
        .flat_map(|need| &need.why)
        .map(|why| match why {
            Why::Word { from, to, .. } | Why::Rule { from, to, .. } => (*from, *to),
        })
        .collect();
    let mut phrases: Vec<Phrase> = Vec::new();
    let mut start = 0;
    let text = &folded.text;
    for part in text.split(|c: char| !c.is_alphanumeric()) {
        let from = start;
        start += part.len();
        start += text[start..].chars().next().map_or(0, char::len_utf8);
        if part.is_empty() {
            continue;
        }
        let (first, last) = folded.source(from, from + part.len());
        let needed = spans.iter().any(|(from, to)| *from < last && first < *to);
        phrases.push(Phrase { folded: part.to_owned(), needed });
    }
    phrases
}

/// The entries that answer a need, each with the surest need it answers.
fn needs_met(snapshot: &Snapshot, needs: &[ReadNeed]) -> HashMap<Slot, Evidence> {
    let mut met = HashMap::new();
    for (slot, item) in snapshot.catalogue.items() {
        if let Some((need, term)) = met_by(item, needs) {
            let score = 500 + share(f32::from(need.score) / 1000.0, 400);
            let need = Some((need.term.clone(), term.clone()));
            met.insert(slot, Evidence { score, need, ..Evidence::default() });
        }
    }
    met
}

fn met_by<'a>(item: &'a Item, needs: &'a [ReadNeed]) -> Option<(&'a ReadNeed, &'a TermCode)> {
    needs.iter().find_map(|need| {
        let term = item.entry.terms.iter().find(|term| need.term.covers(term))?;
        Some((need, term))
    })
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=whole")]
fn share(part: f32, whole: u16) -> u16 {
    (part.clamp(0.0, 1.0) * f32::from(whole)).round() as u16
}

/// Adds evidence to evidence: any of both will do.
fn join(into: &mut HashMap<Slot, Evidence>, more: HashMap<Slot, Evidence>) {
    for (slot, evidence) in more {
        let before = into.entry(slot).or_default();
        *before = merged(std::mem::take(before), evidence);
    }
}

/// Both must speak for it.
fn both(mut one: HashMap<Slot, Evidence>, other: HashMap<Slot, Evidence>) -> HashMap<Slot, Evidence> {
    let pairs = other.into_iter().filter_map(|(slot, evidence)| Some((slot, merged(one.remove(&slot)?, evidence))));
    pairs.collect()
}

/// Two pieces of evidence for one entry; that both speak counts a little more than one.
fn merged(one: Evidence, other: Evidence) -> Evidence {
    let extra = if one.score > 0 && other.score > 0 { 30 } else { 0 };
    Evidence {
        score: (one.score.max(other.score) + extra).min(1000),
        named: one.named.or(other.named),
        need: one.need.or(other.need),
        text: one.text || other.text,
    }
}

/// Collects slots with their scores.
struct Slots;

struct SegmentSlots {
    slot: Column<u64>,
    found: Vec<(Slot, Score)>,
}

impl Collector for Slots {
    type Fruit = Vec<(Slot, Score)>;
    type Child = SegmentSlots;

    fn for_segment(&self, _: u32, segment: &SegmentReader) -> Result<SegmentSlots, TantivyError> {
        Ok(SegmentSlots { slot: segment.fast_fields().u64("slot")?, found: Vec::new() })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, fruits: Vec<Vec<(Slot, Score)>>) -> Result<Vec<(Slot, Score)>, TantivyError> {
        Ok(fruits.concat())
    }
}

impl SegmentCollector for SegmentSlots {
    type Fruit = Vec<(Slot, Score)>;

    fn collect(&mut self, doc: u32, score: Score) {
        let slot = self.slot.first(doc).and_then(|slot| Slot::try_from(slot).ok());
        self.found.extend(slot.map(|slot| (slot, score)));
    }

    fn harvest(self) -> Self::Fruit {
        self.found
    }
}
