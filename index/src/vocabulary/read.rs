//! Reading needs from words: which leaves a worker's sentence may be about, most likely first.
//!
//! A longer clause says more than a short word; a word of several leaves says less about each; a
//! word of a group finds its usual leaves faintly, where none of them was named. What stands inside
//! a longer word that was read is not read again, and what is plainly denied (没有厌学) is not read
//! at all. Clauses are also found with a few characters in between (不想去上学), and as a net by
//! most of their pairs of characters (没人管作业 for 写作业没人管).

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    Vocabulary, Word,
    loose::{room, with_gaps},
    usual,
};
use crate::{
    code::TermCode,
    text::{
        Folded,
        bigram::{is_chinese, runs, tokens},
    },
};

/// How many characters are read for needs. Signs of danger are looked for in all of a text.
pub const LONGEST: usize = 3_000;
/// From this score on a need counts as read: it alarms, is reported by its name, and is ticked at first.
pub const SURE: u16 = 600;
/// Up to how many characters a text is read by the net of pairs; a longer one is a paragraph.
const NET: usize = 60;
/// Most needs one text may give.
pub const MOST: usize = 12;

/// Words that deny what follows them at once. Single 不 is not among them: 不想上学 is a need.
const DENIALS: [&str; 14] =
    ["没有", "没发现", "并没", "从未", "未见", "未发现", "否认", "排除", "不存在", "无", "不是", "并非", "不需要", "已解决"];
/// What may stand between a denial and what it denies.
const BETWEEN: [&str; 8] = ["明显", "任何", "发现", "出现", "存在", "有", "过", "再"];
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

impl Why {
    /// The characters it is about, from and to.
    #[must_use]
    pub const fn span(&self) -> (usize, usize) {
        match self {
            Self::Word { from, to, .. } | Self::Rule { from, to, .. } => (*from, *to),
        }
    }
}

/// A word found in the folded text, as bytes from and to.
struct Found<'a> {
    word: &'a Word,
    from: usize,
    to: usize,
    /// What it loses for not standing there as it is written.
    less: u16,
}

/// A leaf a word may mean, and how sure it is.
struct Meaning {
    leaf: TermCode,
    sure: u16,
    /// Whether it was only reached through its group.
    vague: bool,
}

impl Vocabulary {
    /// The needs a text speaks of, best first, at most [`MOST`]; of a long text its first
    /// [`LONGEST`] characters.
    #[must_use]
    pub fn read(&self, text: &str) -> Vec<ReadNeed> {
        self.read_by(text, true)
    }

    /// The same, by the names of the terms alone: what the taxonomy knows without anybody's own words.
    pub(crate) fn read_names(&self, text: &str) -> Vec<ReadNeed> {
        self.read_by(text, false)
    }

    fn read_by(&self, text: &str, synonyms: bool) -> Vec<ReadNeed> {
        let source: Vec<char> = text.chars().take(LONGEST).collect();
        let folded = Folded::new(&source.iter().collect::<String>());
        let paragraph = source.len() > NET;
        let found: Vec<(Why, Meaning)> = self
            .find(&folded.text, synonyms)
            .iter()
            .flat_map(|found| {
                let (from, to) = folded.source(found.from, found.to);
                let why = Why::Word { text: source[from..to].iter().collect(), from, to };
                self.meanings(found, synonyms, paragraph).into_iter().map(move |meaning| (why.clone(), meaning))
            })
            .collect();
        let named = |group: &str| found.iter().any(|(_, own)| !own.vague && own.leaf.group() == group);
        let mut needs: BTreeMap<TermCode, ReadNeed> = BTreeMap::new();
        for (why, Meaning { leaf, sure, vague }) in &found {
            if *vague && named(leaf.group()) {
                continue;
            }
            let need = needs.entry(leaf.clone());
            let need = need.or_insert_with(|| ReadNeed { term: leaf.clone(), score: 0, why: Vec::new() });
            if !need.why.contains(why) {
                need.score = either(need.score, *sure);
                need.why.push(why.clone());
            }
        }
        let mut needs: Vec<ReadNeed> = needs.into_values().collect();
        needs.sort_by(|a, b| b.score.cmp(&a.score).then_with(|| a.term.cmp(&b.term)));
        needs.truncate(MOST);
        needs
    }

    /// The words of a folded text: none inside another, none denied, in the order of the text.
    fn find<'a>(&'a self, text: &str, synonyms: bool) -> Vec<Found<'a>> {
        let exact = self.automaton.find_overlapping_iter(text).map(|found| Found {
            word: &self.words[found.pattern().as_usize()],
            from: found.start(),
            to: found.end(),
            less: 0,
        });
        let wanted = |found: &Found| synonyms || found.word.terms.iter().any(|sense| sense.name);
        let mut all: Vec<Found> = exact.filter(|found| wanted(found) && whole_word(text, found)).collect();
        if synonyms {
            all.extend(self.loose(text));
        }
        // Longest first; of equals the exact, then the earlier.
        all.sort_by_key(|found| (std::cmp::Reverse(found.word.text.len()), found.less, found.from));
        let mut kept: Vec<Found> = Vec::new();
        for found in all {
            let inside = kept.iter().any(|other| other.from <= found.from && found.to <= other.to);
            if !inside {
                kept.push(found);
            }
        }
        yield_to_later(&mut kept);
        // In a paragraph some clause always holds most pairs of some word.
        let short = synonyms && text.chars().count() <= NET;
        let net = if short { self.net(text) } else { Vec::new() };
        let new = |caught: &Found| !kept.iter().any(|found| std::ptr::eq(found.word, caught.word));
        let net: Vec<Found> = net.into_iter().filter(new).collect();
        kept.extend(net);
        kept.retain(|found| !denied(&text[..found.from]));
        kept.sort_by_key(|found| (found.from, found.to));
        kept
    }

    /// Words with others in between: 不想去上学, 成绩也差, 被同学打.
    fn loose<'a>(&'a self, text: &str) -> Vec<Found<'a>> {
        let mut found = Vec::new();
        for (from, c) in text.char_indices() {
            for word in self.first.get(&c).into_iter().flatten().map(|at| &self.words[*at]) {
                if let Some((to, gaps @ 1..)) = with_gaps(&text[from..], &word.text, room(&word.text).unwrap_or(0)) {
                    found.push(Found { word, from, to: from + to, less: 50 + 50 * gaps.min(2) });
                }
            }
        }
        found
    }

    /// Long words of which a clause holds most pairs of characters, in whatever order.
    fn net<'a>(&'a self, text: &str) -> Vec<Found<'a>> {
        let mut found = Vec::new();
        for (clause, _) in runs(text).filter(|(_, chinese)| *chinese) {
            let own = &text[clause.clone()];
            let mut held: BTreeMap<usize, usize> = BTreeMap::new();
            let mut pairs = tokens(own);
            pairs.sort_unstable();
            pairs.dedup();
            for at in pairs.iter().filter_map(|pair| self.pairs.get(pair)).flatten() {
                *held.entry(*at).or_default() += 1;
            }
            for (at, held) in held {
                let word = &self.words[at];
                if held * 5 >= word.pairs.len() * 3 && !own.contains(&word.text) {
                    found.push(Found { word, from: clause.start, to: clause.end, less: 250 });
                }
            }
        }
        found
    }

    /// The leaves a word may mean, with how sure it is of each, 0 to 1000.
    fn meanings(&self, found: &Found<'_>, synonyms: bool, paragraph: bool) -> Vec<Meaning> {
        let length = found.word.text.chars().filter(|c| c.is_alphanumeric()).count();
        let telling: u16 = match length {
            0 | 1 => 250,
            // In a paragraph a word of two characters alone says little.
            2 if paragraph => 400,
            2 => 600,
            3 => 720,
            4 => 800,
            5 => 850,
            _ => 900,
        };
        let several = u16::try_from(found.word.terms.len()).unwrap_or(9).clamp(1, 4);
        let each = telling.saturating_sub(found.less + 60 * (several - 1));
        let mut meanings = Vec::new();
        for sense in found.word.terms.iter().filter(|sense| synonyms || sense.name) {
            let place = u16::try_from(sense.place).unwrap_or(20).min(20);
            if sense.term.is_leaf() {
                let whole_name = sense.name && found.less == 0;
                let sure = if whole_name { each.max(850) } else { each.saturating_sub(place) };
                meanings.push(Meaning { leaf: sense.term.clone(), sure, vague: false });
                continue;
            }
            let usual = usual::leaves(sense.term.as_str()).iter().filter_map(|leaf| leaf.parse().ok());
            for (leaf, sure) in usual.filter(|leaf| self.terms.contains_key(leaf)).zip([300, 260, 220, 180]) {
                meanings.push(Meaning { leaf, sure, vague: true });
            }
        }
        meanings
    }
}

/// Of two words that overlap the later one is meant: in 孩子没人接送 it is 接送, not 接.
fn yield_to_later(kept: &mut [Found<'_>]) {
    let spans: Vec<(usize, usize)> = kept.iter().map(|found| (found.from, found.to)).collect();
    for found in kept {
        let cut = |(from, to): &(usize, usize)| found.from < *from && *from < found.to && found.to < *to;
        if spans.iter().any(cut) {
            found.less += 200;
        }
    }
}

/// How sure two words are together, as two independent chances to be right.
pub(crate) fn either(one: u16, other: u16) -> u16 {
    let wrong = u32::from(1000 - one) * u32::from(1000 - other) / 1000;
    1000 - u16::try_from(wrong).unwrap_or(1000)
}

/// Letters match only as whole words: `ot` is not in `other`.
fn whole_word(text: &str, found: &Found<'_>) -> bool {
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let inner = (found.word.text.chars().next(), found.word.text.chars().next_back());
    let before = text[..found.from].chars().next_back();
    let after = text[found.to..].chars().next();
    let cut_before = letter(inner.0) && letter(before);
    let cut_after = letter(inner.1) && letter(after);
    !cut_before && !cut_after
}

/// Whether the text before a word denies it: a denial at the end of its clause, perhaps with one of
/// [`BETWEEN`] after it. Anything else between makes it another sentence: 没有钱看病 is a need.
pub(crate) fn denied(before: &str) -> bool {
    let clause = before.rsplit(|c: char| !is_chinese(c)).next().unwrap_or("");
    let bare = BETWEEN.iter().find_map(|word| clause.strip_suffix(word)).unwrap_or(clause);
    let ends = |words: &[&str]| words.iter().any(|word| bare.ends_with(word) || clause.ends_with(word));
    ends(&DENIALS) && !ends(&REAFFIRMED)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::province;

    fn read(text: &str) -> Vec<String> {
        province::vocabulary().read(text).into_iter().map(|need| need.term.to_string()).collect()
    }

    #[test]
    fn a_whole_clause_is_read() {
        assert_eq!(read("一上学就肚子疼"), ["EDU-06"]);
        assert_eq!(read("她一到晚上就睡不着"), ["PSY-12"]);
    }

    #[test]
    fn every_word_of_the_taxonomy_finds_its_leaf() {
        let vocabulary = province::vocabulary();
        for term in vocabulary.terms().filter(|term| term.code.is_leaf()) {
            for word in term.synonyms.iter().chain([&term.zh]) {
                let found = vocabulary.read(&format!("孩子，{word}。"));
                assert!(found.iter().any(|need| need.term == term.code), "{word} of {}", term.code);
            }
        }
    }

    #[test]
    fn everyday_wordings_find_their_leaf_of_the_taxonomy() {
        let vocabulary = province::vocabulary();
        for (code, word) in super::super::everyday() {
            let code = province::term(code);
            assert!(vocabulary.term(&code).is_some(), "{code}");
            assert!(vocabulary.read(word).iter().any(|need| need.term == code), "{word} of {code}");
        }
        assert_eq!(read("爸妈都在外打工，作业没人管"), ["FAM-06", "DEV-02", "GUA-03"]);
    }

    #[test]
    fn a_clause_is_read_with_others_in_between_and_turned_round() {
        assert_eq!(read("不想去上学"), ["EDU-06"]);
        assert_eq!(read("被班里同学打"), ["VIC-05"]);
        assert!(read("放学后没人管作业").contains(&"DEV-02".to_owned()));
    }

    #[test]
    fn of_overlapping_words_the_later_is_meant() {
        assert_eq!(read("孩子没人接送")[0], "EDU-13");
    }

    #[test]
    fn a_word_of_several_leaves_finds_them_all() {
        let found = read("没地方住");
        assert!(found.contains(&"EMG-02".to_owned()) && found.contains(&"LIV-04".to_owned()));
    }

    #[test]
    fn a_word_of_a_group_finds_its_usual_leaves() {
        assert_eq!(read("心理")[0], "PSY-02");
        assert_eq!(read("家里没钱")[0], "ECO-04");
    }

    #[test]
    fn what_is_denied_is_not_read() {
        assert!(read("没有厌学").is_empty());
        assert!(read("目前未发现厌学").is_empty());
        assert_eq!(read("不是没有厌学"), ["EDU-06"]);
        assert_eq!(read("没有钱看病")[0], "MED-04");
    }

    #[test]
    fn traditional_and_wide_characters_are_read_and_spans_lead_to_the_original() {
        let needs = province::vocabulary().read("Ａ，兒童，厭學");
        assert_eq!(needs[0].term.as_str(), "EDU-06");
        assert_eq!(needs[0].why, [super::Why::Word { text: "厭學".to_owned(), from: 5, to: 7 }]);
    }

    #[test]
    fn english_words_are_read_whole() {
        assert_eq!(read("speech and language therapy")[0], "REH-03");
        assert!(!read("other motion").contains(&"REH-06".to_owned()));
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in "[没不被想打学上家孩子a-c，。 ]{0,40}") {
            for need in province::vocabulary().read(&text) {
                prop_assert!(need.score <= 1000 && !need.why.is_empty());
            }
        }
    }
}
