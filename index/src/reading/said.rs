//! Wordings of rules: what a text says in the ways people say it.
//!
//! `断网..(砸/踹)` is 断网, then up to [`GAP`] characters of the same sentence, then 砸 or 踹. Each wording is looked for by its
//! parts, all of them at once; one that is plainly denied is none.

use std::collections::HashMap;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::{text::fold, vocabulary::read::denied};

/// How many characters may stand in a gap.
const GAP: usize = 10;
/// What ends a sentence; no gap reaches over it. Folded.
const ENDS: [char; 5] = ['。', '!', '?', ';', '\n'];

/// A part of a wording: one of these words.
#[derive(Debug)]
struct Part {
    words: Vec<usize>,
    /// Whether others may stand between it and the part before.
    apart: bool,
}

/// A wording of a rule, as the parts that follow its first words.
#[derive(Debug)]
struct Wording {
    rule: usize,
    after: Vec<Part>,
}

/// All wordings, ready to be looked for.
#[derive(Debug)]
pub(super) struct Wordings {
    automaton: AhoCorasick,
    all: Vec<Wording>,
    /// By each word: the wordings that begin with it.
    starts: Vec<Vec<usize>>,
}

/// A wording that stands in a text, as bytes from and to of the folded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) rule: usize,
    pub(super) from: usize,
    pub(super) to: usize,
}

/// The parts of one wording, each with its words and whether it may stand apart; none where it is not one.
fn parts(wording: &str) -> Option<Vec<(Vec<String>, bool)>> {
    let mut parts: Vec<(Vec<String>, bool)> = Vec::new();
    for (number, run) in wording.split("..").enumerate() {
        let (mut rest, mut apart) = (run, number > 0);
        if rest.is_empty() {
            return None;
        }
        while !rest.is_empty() {
            let (words, left) = if let Some(inner) = rest.strip_prefix('(') {
                let (choice, left) = inner.split_once(')')?;
                (choice.split('/').map(fold).collect(), left)
            } else {
                let (plain, left) = rest.split_at(rest.find('(').unwrap_or(rest.len()));
                (vec![fold(plain)], left)
            };
            if words.iter().any(|word: &String| word.is_empty() || word.contains([')', '('])) {
                return None;
            }
            parts.push((words, apart));
            (rest, apart) = (left, false);
        }
    }
    Some(parts)
}

impl Wordings {
    /// Reads the wordings of rules, by their number; none where one does not read.
    pub(super) fn read<'a>(of_rules: impl Iterator<Item = (usize, &'a str)>) -> Option<Self> {
        let (mut words, mut numbers): (Vec<String>, HashMap<String, usize>) = Default::default();
        let mut number = |word: String| {
            *numbers.entry(word).or_insert_with_key(|word| {
                words.push(word.clone());
                words.len() - 1
            })
        };
        let (mut wordings, mut firsts) = (Vec::new(), Vec::new());
        for (rule, said) in of_rules {
            for wording in said.split(['|', '\n']).map(str::trim).filter(|wording| !wording.is_empty()) {
                let mut parts =
                    parts(wording)?.into_iter().map(|(words, apart)| Part { words: words.into_iter().map(&mut number).collect(), apart });
                firsts.push(parts.next()?.words);
                wordings.push(Wording { rule, after: parts.collect() });
            }
        }
        let mut starts = vec![Vec::new(); words.len()];
        for (wording, words) in firsts.into_iter().enumerate() {
            words.into_iter().for_each(|word| starts[word].push(wording));
        }
        let automaton = AhoCorasick::builder().match_kind(MatchKind::Standard).build(words).ok()?;
        Some(Self { automaton, all: wordings, starts })
    }

    /// The wordings a folded text holds, each place once.
    pub(super) fn find(&self, text: &str) -> Vec<Found> {
        let mut places: HashMap<usize, Vec<(usize, usize)>> = HashMap::new();
        for found in self.automaton.find_overlapping_iter(text) {
            places.entry(found.pattern().as_usize()).or_default().push((found.start(), found.end()));
        }
        let mut all = Vec::new();
        for (word, from, end) in places.iter().flat_map(|(word, places)| places.iter().map(|(from, end)| (*word, *from, *end))) {
            if denied(&text[..from]) {
                continue;
            }
            for wording in self.starts[word].iter().map(|wording| &self.all[*wording]) {
                all.extend(follow(text, &places, &wording.after, end).map(|to| Found { rule: wording.rule, from, to }));
            }
        }
        all.sort_unstable_by_key(|found| (found.rule, found.from, found.to));
        all.dedup_by(|later, earlier| later.rule == earlier.rule && later.from == earlier.from);
        all
    }
}

/// The byte after the last of the parts that follow, each at its first place.
fn follow(text: &str, places: &HashMap<usize, Vec<(usize, usize)>>, parts: &[Part], end: usize) -> Option<usize> {
    let Some((part, rest)) = parts.split_first() else { return Some(end) };
    let near = |from: usize| {
        let between = || text[end..from].chars();
        from == end || part.apart && from > end && between().count() <= GAP && !between().any(|c| ENDS.contains(&c))
    };
    let next = part.words.iter().filter_map(|word| places.get(word)).flatten().filter(|(from, _)| near(*from));
    next.filter_map(|(_, to)| follow(text, places, rest, *to)).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(wordings: &str, text: &str) -> Vec<String> {
        let text = fold(text);
        let wordings = Wordings::read(std::iter::once((0, wordings))).unwrap();
        wordings.find(&text).into_iter().map(|found| text[found.from..found.to].to_owned()).collect()
    }

    #[test]
    fn a_wording_is_found_with_its_choices_and_gaps() {
        assert_eq!(found("断网..(砸/踹)门", "一断网就要踹门，再断网，砸门"), ["断网就要踹门", "断网,砸门"]);
        assert_eq!(found("(爸爸/父亲)不回来|校服", "父親不回來，校服三年"), ["父亲不回来", "校服"]);
    }

    #[test]
    fn a_gap_ends_with_the_sentence_and_after_ten_characters() {
        assert!(found("断网..砸", "断网。后来砸了").is_empty());
        assert_eq!(found("断网..砸", "断网一二三四五六七八九十砸").len(), 1);
        assert!(found("断网..砸", "断网一二三四五六七八九十一砸").is_empty());
    }

    #[test]
    fn what_is_denied_is_not_said() {
        assert!(found("发抖", "没有发抖").is_empty());
    }

    #[test]
    fn what_is_no_wording_is_refused() {
        for text in ["..断网", "断网..", "断(网", "断网)", "(断/)网", "()"] {
            assert!(Wordings::read(std::iter::once((0, text))).is_none(), "{text}");
        }
    }
}
