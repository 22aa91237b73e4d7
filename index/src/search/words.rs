//! What typed words speak for: needs, names, places and text, entry by entry.
//!
//! The words are split into phrases at spaces and signs. A phrase that a need was read from joins
//! the needs, any of which will do, for a worker's sentence names several at once. A place must hold,
//! and so must a name that is asked for; any other word beside a need (周末, 免费) only helps the order.
//! Where no need was read every phrase must be found, or else, if nothing has all of them, some.

use tantivy::{
    Score, SegmentReader, TantivyError, Term,
    collector::{Collector, SegmentCollector},
    columnar::Column,
    query::{BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, Occur, PhraseQuery, Query as TextQuery, TermQuery},
    schema::IndexRecordOption,
};

use super::{
    Dimension, IndexError, Query, Stage,
    catalogue::Slot,
    evidence::{Evidence, Spoken, both, either, gather, join},
    facets::ValueId,
    filter::Sought,
    hits::{Field, How, Mention},
    index::{Index, Snapshot},
    names::{self, Named},
    net::shows,
    places::{spans, without},
};
use crate::{
    code::Area,
    text::{
        Folded,
        bigram::{self, is_chinese},
        fold,
        pinyin::Readings,
    },
    vocabulary::{ReadNeed, Why},
};

/// Phrases that are looked for; nobody types more into a search box.
const MOST_PHRASES: usize = 12;
/// From here on a name was asked for: it is that, begins so, or sounds so as a whole.
const NAMED: u16 = 830;
/// The score of tantivy that counts half; a fixed one, so that a hit scores the same whatever else
/// was found.
pub(super) const HALF: Score = 10.0;

/// What was made of the words.
pub(super) struct Asked {
    /// Needs read, without those taken off.
    pub(super) needs: Vec<ReadNeed>,
    /// Phrases looked for in texts, folded.
    pub(super) phrases: Vec<String>,
    /// Those of them that need not be found, as they were typed.
    pub(super) helping: Vec<String>,
    /// Places that phrases name.
    pub(super) places: Vec<Mention>,
    /// By slot; none where there were no words, so that everything is found.
    pub(super) evidence: Option<Spoken>,
}

/// A phrase of the words.
struct Phrase {
    folded: String,
    /// Whether a need was read from it.
    needed: bool,
    /// Whether needs were read from all of it: then it says what is wanted, not of whom.
    wholly: bool,
}

impl Index {
    /// Reads the words of a query.
    pub(super) fn asked(&self, snapshot: &Snapshot, query: &Query) -> Result<Asked, IndexError> {
        let cuts = self.cuts(snapshot, query);
        let mut words = without(&query.words, &cuts);
        let mut needs = self.needs_in(&words, query.stage);
        // Syllables apart are one word: each by itself sounds like a part of everything. And what sounds like a need as a whole is
        // meant rather than what stands in a part of it: 心里咨询 asks for no 政策咨询.
        let joined: String = words.split_whitespace().collect();
        if query.stage >= Stage::Pinyin
            && !needs.iter().any(|need| is_whole(need, &words))
            && let Some(need) = self.sounding_need(&joined)
        {
            needs = vec![need];
            words = joined;
        }
        needs.retain(|need| !query.taken_off.contains(&need.term));
        let mut phrases = split(&words, &needs);
        let named = |phrase: &Phrase| if query.stage >= Stage::Names { self.places_named(&phrase.folded, query) } else { Vec::new() };
        let mut areas: Vec<Vec<Area>> = phrases.iter().map(named).collect();
        for cut in cuts {
            // A body in a sentence is one of the things it asks for.
            phrases.push(Phrase { needed: cut.areas.is_empty() && !needs.is_empty(), folded: cut.words, wholly: false });
            areas.push(cut.areas);
        }
        self.narrowed(&mut areas);
        if phrases.is_empty() {
            return Ok(Asked { needs, phrases: Vec::new(), helping: Vec::new(), places: Vec::new(), evidence: None });
        }

        let around = self.around(query);
        let mut required: Option<Spoken> = None;
        let mut needed: Option<Spoken> = None;
        let mut others: Vec<(&str, Spoken)> = Vec::new();
        let mut places = Vec::new();
        for (phrase, areas) in phrases.iter().zip(areas) {
            let found = self.phrase(snapshot, phrase, &areas, around.as_ref(), query)?;
            let place = !areas.is_empty();
            if place {
                places.push(Mention { words: phrase.folded.clone(), areas: self.widest(areas) });
            }
            if phrase.needed {
                needed = Some(join(needed, &found, either));
            } else if place {
                required = Some(join(required, &found, both));
            } else {
                others.push((phrase.folded.as_str(), found));
            }
        }
        let free: Vec<&str> = others.iter().map(|(phrase, _)| *phrase).collect();
        let beside_need = needed.is_some();
        if let Some(found) = needed {
            let needed = join(Some(found), &needs_met(snapshot, &needs), either);
            required = Some(join(required, &needed, both));
        }
        let (mut evidence, mut helping) = gather(required.clone(), others, beside_need);
        if query.stage >= Stage::Net && !beside_need && !shows(snapshot, &evidence, query) {
            let caught = free.iter().map(|phrase| Ok((*phrase, self.net(snapshot, phrase)?))).collect::<Result<Vec<_>, IndexError>>()?;
            if !caught.is_empty() {
                (evidence, helping) = gather(required, caught, false);
            }
        }
        let phrases = phrases.into_iter().map(|phrase| phrase.folded).collect();
        Ok(Asked { needs, phrases, helping, places, evidence: Some(evidence) })
    }

    /// A need named by its sound: in pinyin (`xinlizixun`, `mei ren jie song`), or with characters that sound so (心里咨询).
    fn sounding_need(&self, typed: &str) -> Option<ReadNeed> {
        let spelt = typed.len() >= 6 && typed.bytes().all(|b| b.is_ascii_lowercase());
        let written = (3..=10).contains(&typed.chars().count()) && typed.chars().all(is_chinese);
        let sound = match (spelt, written) {
            (true, _) => typed.to_owned(),
            (_, true) => Readings::of(&fold(typed)).likeliest().replace(' ', ""),
            _ => return None,
        };
        let term = self.vocabulary().sounding(&sound)?;
        let why = Why::Word { text: typed.to_owned(), from: 0, to: typed.chars().count() };
        Some(ReadNeed { term: term.clone(), score: 700, why: vec![why] })
    }

    /// The entries one phrase speaks for: by name, by text, by place.
    fn phrase(
        &self,
        snapshot: &Snapshot,
        phrase: &Phrase,
        areas: &[Area],
        around: Option<&BooleanQuery>,
        query: &Query,
    ) -> Result<Spoken, IndexError> {
        let mut found = vec![Evidence::default(); snapshot.catalogue.slots()];
        // The one of several namesakes that was chosen is a place, and no word of a name any more.
        let chosen = self.chosen(areas, query);
        if !chosen.is_empty() {
            self.places_hold(snapshot, &chosen, &mut found);
            return Ok(found);
        }
        let calls = |named: Named| {
            // A whole name of a body is nobody else's, whatever needs are read from it.
            let whole = named.how == How::Exact && named.field != Field::Name;
            named.score >= NAMED && areas.is_empty() && (whole || !phrase.wholly)
        };
        let visible = |slot| {
            let item = snapshot.catalogue.item(slot);
            item.is_some_and(|item| query.viewer.finds(item.entry.visibility, &item.entry.organization))
        };
        for (slot, named) in names::find(&snapshot.catalogue, &phrase.folded, query.stage, visible) {
            let evidence = &mut found[slot as usize];
            // Names come in no order; of equals the first field is told.
            let better = |known: Named| (known.score, std::cmp::Reverse(known.field)) < (named.score, std::cmp::Reverse(named.field));
            if evidence.named.is_none_or(better) {
                *evidence = Evidence { score: named.score, named: Some(named), called: calls(named), ..Evidence::default() };
            }
        }
        for (slot, score) in self.text(snapshot, &phrase.folded, around)? {
            let evidence = &mut found[slot as usize];
            evidence.text = true;
            evidence.score = evidence.score.max(300 + share(score / (score + HALF), 400));
        }
        if !areas.is_empty() {
            self.places_hold(snapshot, areas, &mut found);
        }
        Ok(found)
    }

    /// What is given to one of the areas, or stands in it.
    fn places_hold(&self, snapshot: &Snapshot, areas: &[Area], found: &mut Spoken) {
        let sought = Sought::new(areas, self.gazetteer());
        for (slot, item) in snapshot.catalogue.items() {
            if sought.holds(&item.entry) {
                let evidence = &mut found[slot as usize];
                evidence.score = evidence.score.max(500);
            }
        }
    }

    /// Those of some areas that hold the place asked about.
    fn chosen(&self, areas: &[Area], query: &Query) -> Vec<Area> {
        let Some(here) = query.near.as_ref().and_then(|near| near.area.as_ref()) else { return Vec::new() };
        let here = self.gazetteer().members(here);
        let holds = |area: &&Area| {
            let members = self.gazetteer().members(area);
            !here.is_empty() && here.iter().all(|part| members.iter().any(|member| member.contains(part)))
        };
        areas.iter().filter(holds).cloned().collect()
    }

    /// Those of some areas that lie in no other of them, each once: of namesakes, the wider place is meant.
    fn widest(&self, mut areas: Vec<Area>) -> Vec<Area> {
        areas.sort_unstable();
        areas.dedup();
        let mut widest: Vec<Area> = Vec::new();
        for area in areas {
            if !widest.iter().any(|held| self.holds(held, &area)) {
                widest.retain(|held| !self.holds(&area, held));
                widest.push(area);
            }
        }
        widest
    }

    /// The entries whose text holds the phrase, with tantivy's score.
    fn text(&self, snapshot: &Snapshot, phrase: &str, around: Option<&BooleanQuery>) -> Result<Vec<(Slot, Score)>, IndexError> {
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
        // Being near is asked for, but says nothing of how well the text fits.
        let around = around.map(|around| -> Box<dyn TextQuery> { Box::new(ConstScoreQuery::new(Box::new(around.clone()), 0.0)) });
        let query = BooleanQuery::new(parts.chain(around.map(|around| (Occur::Must, around))).collect());
        Ok(snapshot.searcher.search(&query, &Slots)?)
    }
}

/// Whether a need was read from all of the words.
fn is_whole(need: &ReadNeed, words: &str) -> bool {
    let written = || words.chars().enumerate().filter(|(_, c)| !c.is_whitespace()).map(|(at, _)| at);
    let all = written().next().zip(written().last().map(|at| at + 1));
    spans(std::slice::from_ref(need)).any(|span| Some(span) == all)
}

/// The phrases of a folded text, as bytes from and to.
pub(super) fn parts(folded: &str) -> impl Iterator<Item = std::ops::Range<usize>> {
    let mut start = 0;
    let parts = folded.split(|c: char| !c.is_alphanumeric()).map(move |part| {
        let from = start;
        start += part.len();
        start += folded[start..].chars().next().map_or(0, char::len_utf8);
        from..from + part.len()
    });
    parts.filter(|range| !range.is_empty()).take(MOST_PHRASES)
}

/// Splits words into phrases; a phrase is needed where a need was read from its characters.
fn split(words: &str, needs: &[ReadNeed]) -> Vec<Phrase> {
    let folded = Folded::new(words);
    let spans: Vec<(usize, usize)> = spans(needs).collect();
    let phrase = |range: std::ops::Range<usize>| {
        let (first, last) = folded.source(range.start, range.end);
        let needed = spans.iter().any(|(from, to)| *from < last && first < *to);
        let wholly = (first..last).all(|at| spans.iter().any(|(from, to)| (*from..*to).contains(&at)));
        Phrase { folded: folded.text[range].to_owned(), needed, wholly }
    };
    parts(&folded.text).map(phrase).collect()
}

/// The entries that answer a need, each with the surest need it answers.
fn needs_met(snapshot: &Snapshot, needs: &[ReadNeed]) -> Spoken {
    let mut met = vec![Evidence::default(); snapshot.catalogue.slots()];
    let values = &snapshot.catalogue.values;
    let wanted: Vec<(u8, ValueId, u16)> = (0..)
        .zip(needs)
        .filter_map(|(n, need)| {
            let score = 500 + share(f32::from(need.score) / 1000.0, 400);
            Some((n, values.known(Dimension::Terms, need.term.as_str())?, score))
        })
        .collect();
    for (slot, item) in snapshot.catalogue.items() {
        let best = wanted.iter().find(|(_, term, _)| item.values.binary_search(term).is_ok());
        if let Some((need, _, score)) = best {
            met[slot as usize] = Evidence { score: *score, need: Some(*need), ..Evidence::default() };
        }
    }
    met
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=whole")]
pub(super) fn share(part: f32, whole: u16) -> u16 {
    (part.clamp(0.0, 1.0) * f32::from(whole)).round() as u16
}

/// Collects slots with their scores.
pub(super) struct Slots;

pub(super) struct SegmentSlots {
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
