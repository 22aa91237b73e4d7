//! Places and bodies named among the words: found inside a sentence and cut out of it, so that what is left can be
//! read as a need or a name.

use super::{
    Mention, Query, Stage,
    hits::How,
    index::{Index, Snapshot},
    names,
    words::parts,
};
use crate::{
    code::{Area, DivisionCode},
    place::inside::{Inside, Sure},
    text::{Folded, fold},
    vocabulary::{ReadNeed, Why},
};

/// A stretch of the words that names places or a body.
#[derive(Debug)]
pub(super) struct Cut {
    /// Characters of the words, from and to.
    span: (usize, usize),
    /// The stretch, folded.
    pub(super) words: String,
    /// The places; none where it is the name of a body.
    pub(super) areas: Vec<Area>,
}

/// What stands before the place in a sentence that begins with it.
const LEADS: [&str; 6] = ["在", "住", "到", "去", "来", "是"];
/// Characters of a phrase in which it is worth looking for the name of a body.
const LONG: usize = 7;
/// Characters of a phrase in which short names are places; in a longer one they are too often other words.
const LONGEST: usize = 40;
/// Letters of a need in pinyin after a place in pinyin.
const NEED_LETTERS: usize = 6;

impl Index {
    /// What is cut out of the words.
    pub(super) fn cuts(&self, snapshot: &Snapshot, query: &Query) -> Vec<Cut> {
        if query.stage < Stage::Names {
            return Vec::new();
        }
        let folded = Folded::new(&query.words);
        let mut cuts: Vec<Cut> = Vec::new();
        for range in parts(&folded.text) {
            let part = &folded.text[range.clone()];
            let found = if part.is_ascii() { self.spelt(part, query) } else { self.written(snapshot, part, query) };
            for (from, to, areas) in found {
                let span = folded.source(range.start + from, range.start + to);
                cuts.push(Cut { span, words: part[from..to].to_owned(), areas });
            }
        }
        let mut cuts = self.chained(cuts);
        cuts.retain(|cut| !query.places_off.contains(&cut.words));
        cuts
    }

    /// What of the words names places, inside a phrase or as one.
    pub(super) fn place_cuts(&self, snapshot: &Snapshot, query: &Query) -> Vec<Cut> {
        let mut cuts: Vec<Cut> = self.cuts(snapshot, query).into_iter().filter(|cut| !cut.areas.is_empty()).collect();
        let folded = Folded::new(&query.words);
        for range in parts(&folded.text) {
            let words = &folded.text[range.clone()];
            let areas = self.places_named(words, query);
            if !areas.is_empty() {
                cuts.push(Cut { span: folded.source(range.start, range.end), words: words.to_owned(), areas });
            }
        }
        cuts
    }

    /// A place in pinyin, by itself or before a need in pinyin.
    fn spelt(&self, part: &str, query: &Query) -> Vec<(usize, usize, Vec<Area>)> {
        let vocabulary = self.vocabulary();
        if query.stage < Stage::Pinyin || vocabulary.sounding(part).is_some() {
            return Vec::new();
        }
        let place = |to: usize| Some((0, to, self.gazetteer().sounding(&part[..to]).to_vec())).filter(|(_, _, areas)| !areas.is_empty());
        let before_need = (1..part.len().saturating_sub(NEED_LETTERS - 1)).rev();
        let mut before_need = before_need.filter(|to| vocabulary.sounding(&part[*to..]).is_some());
        place(part.len()).or_else(|| before_need.find_map(place)).into_iter().collect()
    }

    /// Places and names of bodies in a phrase that is neither by itself.
    fn written(&self, snapshot: &Snapshot, part: &str, query: &Query) -> Vec<(usize, usize, Vec<Area>)> {
        if !self.places_named(part, query).is_empty() {
            return Vec::new();
        }
        let visible = |slot| {
            let item = snapshot.catalogue.item(slot);
            item.is_some_and(|item| query.viewer.finds(item.entry.visibility, &item.entry.organization))
        };
        let body =
            Some(part).filter(|part| part.chars().count() >= LONG).and_then(|part| names::body_in(&snapshot.catalogue, part, visible));
        // A body that is called like a need is no name in a sentence.
        let body = body.filter(|(from, to)| !self.covered(&part[*from..*to], query).1);
        let apart = |one: &Inside| body.is_none_or(|(from, to)| one.to <= from || to <= one.from);
        let mut places = self.gazetteer().inside(part);
        let words = self.vocabulary().words_in(part);
        places.retain(|one| apart(one) && !part_of_word(one, &words) && !query.places_off.iter().any(|off| off == &part[one.from..one.to]));
        places.extend(told(part, query).filter(apart));
        if body.is_none() && places.is_empty() {
            return Vec::new();
        }
        let known = names::find(&snapshot.catalogue, part, query.stage, visible);
        if known.iter().any(|(_, named)| named.how == How::Exact) {
            return Vec::new();
        }
        let mut cut: Vec<(usize, usize, Vec<Area>)> = body.map(|(from, to)| (from, to, Vec::new())).into_iter().collect();
        let mut rest = blank(part, &cut);
        for sure in [Sure::Whole, Sure::Short, Sure::Township] {
            for one in places.iter().filter(|one| one.sure == sure) {
                if rest[one.from..one.to].contains(' ') {
                    continue;
                }
                let without = blank(&rest, &[(one.from, one.to, Vec::new())]);
                let covered = || self.covered(&without, query);
                let meant = match one.sure {
                    Sure::Whole => known.is_empty() || covered().1,
                    _ if part.chars().count() > LONGEST => false,
                    Sure::Short => {
                        let (some, all) = covered();
                        all || some && known.is_empty() && begins(&rest[..one.from])
                    }
                    Sure::Township => known.is_empty() && covered().1,
                };
                if meant {
                    cut.push((one.from, one.to, one.areas.clone()));
                    rest = without;
                }
            }
        }
        cut.sort_by_key(|(from, ..)| *from);
        cut
    }

    /// Whether needs are read from a text, and whether from all of it.
    pub(super) fn covered(&self, text: &str, query: &Query) -> (bool, bool) {
        let needs = self.needs_in(text, query.stage);
        let read = |at: usize| spans(&needs).any(|(from, to)| (from..to).contains(&at));
        let all = text.chars().enumerate().all(|(at, c)| !c.is_alphanumeric() || read(at));
        (!needs.is_empty(), all)
    }

    /// The needs read from a text, as far as the stage goes.
    pub(super) fn needs_in(&self, text: &str, stage: Stage) -> Vec<ReadNeed> {
        match stage {
            Stage::Pairs => Vec::new(),
            Stage::Names => self.vocabulary().read_names(text),
            _ => self.vocabulary().read(text),
        }
    }

    /// The places that a phrase is the name or the code of.
    pub(super) fn places_named(&self, folded: &str, query: &Query) -> Vec<Area> {
        if folded.chars().count() < 2 || query.places_off.iter().any(|off| off == folded) {
            return Vec::new();
        }
        if let Some(told) = query.places_told.iter().find(|told| told.words == folded) {
            return told.areas.clone();
        }
        let code = Some(folded).filter(|text| matches!(text.len(), 4 | 6 | 9)).and_then(|text| text.parse::<DivisionCode>().ok());
        if let Some(code) = code.filter(|code| self.gazetteer().division(code).is_some()) {
            return vec![code.into()];
        }
        let names = self.gazetteer().names().iter();
        names.filter(|place| place.folded == folded).map(|place| place.area.clone()).collect()
    }

    /// Places that follow each other without a gap, each inside the one before it, are one: 六合区长芦街道.
    fn chained(&self, cuts: Vec<Cut>) -> Vec<Cut> {
        let mut chained: Vec<Cut> = Vec::new();
        for cut in cuts {
            if let Some(last) = chained.last_mut().filter(|last| last.span.1 == cut.span.0) {
                let inside = self.inside_of(&cut.areas, &last.areas);
                if !inside.is_empty() {
                    last.span.1 = cut.span.1;
                    last.words.push_str(&cut.words);
                    last.areas = inside;
                    continue;
                }
            }
            chained.push(cut);
        }
        chained
    }

    /// Those of some areas that lie in one of others.
    fn inside_of(&self, areas: &[Area], wider: &[Area]) -> Vec<Area> {
        areas.iter().filter(|area| wider.iter().any(|wider| self.holds(wider, area))).cloned().collect()
    }

    /// Of a name that several places bear those are meant that lie in another place of the words: 南京 鼓楼区.
    pub(super) fn narrowed(&self, all: &mut [Vec<Area>]) {
        for at in 0..all.len() {
            if all[at].len() > 1 {
                let others: Vec<Area> =
                    all.iter().enumerate().filter(|(other, _)| *other != at).flat_map(|(_, areas)| areas.clone()).collect();
                let inside = self.inside_of(&all[at], &others);
                if !inside.is_empty() {
                    all[at] = inside;
                }
            }
        }
    }

    /// Whether one area holds all of another.
    pub(super) fn holds(&self, wider: &Area, area: &Area) -> bool {
        let (whole, parts) = (self.gazetteer().members(wider), self.gazetteer().members(area));
        !parts.is_empty() && parts.iter().all(|part| whole.iter().any(|whole| whole.contains(part)))
    }
}

/// The words with blanks in place of what was cut out.
pub(super) fn without(words: &str, cuts: &[Cut]) -> String {
    let cut = |at: usize| cuts.iter().any(|cut| (cut.span.0..cut.span.1).contains(&at));
    words.chars().enumerate().map(|(at, c)| if cut(at) { ' ' } else { c }).collect()
}

/// The characters that needs were read from.
pub(super) fn spans(needs: &[ReadNeed]) -> impl Iterator<Item = (usize, usize)> {
    needs.iter().flat_map(|need| &need.why).map(|why| match why {
        Why::Word { from, to, .. } | Why::Rule { from, to, .. } => (*from, *to),
    })
}

/// A folded text with as many bytes of blanks in place of each stretch.
fn blank(text: &str, stretches: &[(usize, usize, Vec<Area>)]) -> String {
    let cut = |at: usize| stretches.iter().any(|(from, to, _)| (*from..*to).contains(&at));
    let mut blanked = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        if cut(at) {
            blanked.extend(std::iter::repeat_n(' ', c.len_utf8()));
        } else {
            blanked.push(c);
        }
    }
    blanked
}

/// Whether nothing that says anything stands before a place.
fn begins(before: &str) -> bool {
    let before = before.trim_end();
    before.is_empty() || LEADS.iter().any(|lead| before.ends_with(lead))
}

/// Whether a name is a part of a need's own word, or shares a part with one.
fn part_of_word(one: &Inside, words: &[(usize, usize)]) -> bool {
    words.iter().any(|(from, to)| {
        let apart = one.to <= *from || *to <= one.from;
        let within = one.from <= *from && *to <= one.to;
        match one.sure {
            // A whole name is only given up for a longer word.
            Sure::Whole => !apart && !within && to - from > one.to - one.from,
            Sure::Short | Sure::Township => !apart,
        }
    })
}

/// Places inside a phrase that the caller knows.
fn told<'a>(part: &'a str, query: &'a Query) -> impl Iterator<Item = Inside> + 'a {
    let inside = move |told: &Mention| {
        let (from, words) = (part.find(&told.words)?, fold(&told.words));
        Some(Inside { from, to: from + words.len(), sure: Sure::Whole, areas: told.areas.clone() })
    };
    let on = |told: &&Mention| !query.places_off.contains(&told.words);
    query.places_told.iter().filter(on).filter_map(inside)
}
