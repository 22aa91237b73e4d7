//! Reading needs from words: which leaves a worker's sentence may be about, most likely first.
//!
//! A longer clause says more than a short word; a word of several leaves says less about each; a
//! word of a group finds its leaves faintly. What stands inside a longer word that was read is not
//! read again, and what is plainly denied (没有厌学) is not read at all.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Vocabulary, Word};
use crate::{
    code::TermCode,
    text::{Folded, bigram::is_chinese},
};

/// Most needs one text may give.
pub const MOST: usize = 12;

/// Words that deny what follows them at once. Single 不 is not among them: 不想上学 is a need.
const DENIALS: [&str; 14] = [
    "没有", "没发现", "并没", "从未", "未见", "未发现", "否认", "排除", "不存在", "无", "不是", "并非", "不需要", "已解决",
];
/// Denials that are themselves denied.
const REAFFIRMED: [&str; 5] = ["不是没有", "并非没有", "不排除", "不能排除", "有无"];

/// A need found in a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReadNeed {
    /// The leaf.
    pub term: TermCode,
    /// How sure the words are, 0 to 1000.
    pub score: u16,
    /// The words that say so.
    pub why: Vec<Why>,
}

/// Why a need was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Why {
    /// A word of the text, with its characters from and to.
    Word {
        /// The word as it stands in the text.
        text: String,
        /// Index of its first character.
        from: usize,
        /// Index after its last character.
        to: usize,
    },
    /// A rule.
    Rule {
        /// The rule.
        rule_id: String,
        /// Index of the first character it is about.
        from: usize,
        /// Index after the last character it is about.
        to: usize,
    },
}

/// A word found in the folded text, as bytes from and to.
struct Found<'a> {
    word: &'a Word,
    from: usize,
    to: usize,
    /// Characters skipped inside it.
    gaps: usize,
}

impl Vocabulary {
    /// The needs a text speaks of, best first, at most [`MOST`].
    #[must_use]
    pub fn read(&self, text: &str) -> Vec<ReadNeed> {
        let folded = Folded::new(text);
        let source: Vec<char> = text.chars().collect();
        let mut needs: BTreeMap<TermCode, ReadNeed> = BTreeMap::new();
        for found in self.find(&folded.text) {
            let (from, to) = folded.source(found.from, found.to);
            let why = Why::Word { text: source[from..to].iter().collect(), from, to };
            for (term, score) in self.senses(&found) {
                let need = needs.entry(term.clone());
                let need = need.or_insert_with(|| ReadNeed { term, score: 0, why: Vec::new() });
                need.score += (1000 - need.score) * score / 1000 * u16::from(!need.why.contains(&why));
                if !need.why.contains(&why) {
                    need.why.push(why.clone());
                }
            }
        }
        let mut needs: Vec<ReadNeed> = needs.into_values().collect();
        needs.sort_by(|a, b| b.score.cmp(&a.score).then_with(|| a.term.cmp(&b.term)));
        needs.truncate(MOST);
        needs
    }

    /// The words of a folded text: none inside another, none denied, in the order of the text.
    fn find<'a>(&'a self, text: &str) -> Vec<Found<'a>> {
        let exact = self.automaton.find_overlapping_iter(text).map(|found| Found {
            word: &self.words[found.pattern().as_usize()],
            from: found.start(),
            to: found.end(),
            gaps: 0,
        });
        let mut all: Vec<Found> = exact.filter(|found| whole_word(text, found)).collect();
        all.extend(self.loose(text));
        // Longest first; of equals the exact, then the earlier.
        all.sort_by_key(|found| (std::cmp::Reverse(found.word.text.len()), found.gaps, found.from));
        let mut kept: Vec<Found> = Vec::new();
        for found in all {
            let inside = kept.iter().any(|other| other.from <= found.from && found.to <= other.to);
            if !inside {
                kept.push(found);
            }
        }
        kept.retain(|found| !denied(&text[..found.from]));
        kept.sort_by_key(|found| (found.from, found.to));
        kept
    }

    /// Clauses of four characters and more, with at most two others in between: 不想去上学.
    fn loose<'a>(&'a self, text: &str) -> Vec<Found<'a>> {
        let mut found = Vec::new();
        for word in &self.words {
            let Some(first) = word.text.chars().next() else { continue };
            if word.text.chars().count() < 4 || !word.text.chars().all(is_chinese) {
                continue;
            }
            for (from, _) in text.match_indices(first) {
                if let Some((to, gaps @ 1..)) = with_gaps(&text[from..], &word.text) {
                    found.push(Found { word, from, to: from + to, gaps });
                }
            }
        }
        found
    }

    /// The leaves a word may mean, with how sure it is of each, 0 to 1000.
    fn senses(&self, found: &Found<'_>) -> Vec<(TermCode, u16)> {
        let length = found.word.text.chars().filter(|c| c.is_alphanumeric()).count();
        let telling: u16 = match length {
            0 | 1 => 250,
            2 => 600,
            3 => 720,
            4 => 800,
            5 => 850,
            _ => 900,
        };
        let gaps = u16::try_from(found.gaps).unwrap_or(2).min(2);
        let several = u16::try_from(found.word.terms.len()).unwrap_or(9).clamp(1, 4);
        let each = telling - 100 * gaps - 60 * (several - 1);
        let mut senses = Vec::new();
        for sense in &found.word.terms {
            let place = u16::try_from(sense.place).unwrap_or(20).min(20);
            if sense.term.is_leaf() {
                let sure = if sense.name { each.max(850) } else { each - place };
                senses.push((sense.term.clone(), sure));
            } else {
                // A group is a vague word: its leaves follow in the order of the taxonomy.
                let leaves = self.leaves(&sense.term).take(4).zip([300, 260, 220, 180]);
                senses.extend(leaves.map(|(leaf, sure)| (leaf.clone(), sure)));
            }
        }
        senses
    }
}

/// Reads `word` at the start of `text` with at most two characters between its own, all in one
/// clause: the byte after it, and how many were skipped.
fn with_gaps(text: &str, word: &str) -> Option<(usize, usize)> {
    let mut wanted = word.chars();
    let mut next = wanted.next()?;
    let mut gaps = 0;
    for (at, c) in text.char_indices() {
        if c == next {
            match wanted.next() {
                Some(c) => next = c,
                None => return Some((at + c.len_utf8(), gaps)),
            }
        } else {
            gaps += 1;
            if gaps > 2 || !is_chinese(c) {
                return None;
            }
        }
    }
    None
}

/// Letters match only as whole words: `ot` is not in `other`.
fn whole_word(text: &str, found: &Found<'_>) -> bool {
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let inner = (found.word.text.chars().next(), found.word.text.chars().next_back());
    let before = text[..found.from].chars().next_back();
    let after = text[found.to..].chars().next();
    !(letter(inner.0) && letter(before)) && !(letter(inner.1) && letter(after))
}

/// Whether the text before a word denies it: a denial at most two characters back, in its clause.
pub(super) fn denied(before: &str) -> bool {
    let clause = before.rsplit(|c: char| !is_chinese(c)).next().unwrap_or("");
    let tails = || (0..=2).filter_map(|skipped| {
        let mut characters = clause.chars();
        for _ in 0..skipped {
            characters.next_back()?;
        }
        Some(characters.as_str())
    });
    let ends = |words: &[&str]| tails().any(|tail| words.iter().any(|word| tail.ends_with(word)));
    ends(&DENIALS) && !ends(&REAFFIRMED)
}
