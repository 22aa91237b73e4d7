//! The words the reader knows (`words.csv`), looked for all at once.

use std::{collections::BTreeMap, sync::LazyLock};

use aho_corasick::{AhoCorasick, MatchKind};

use super::person::Person;
use crate::text::fold;

const TABLE: &str = include_str!("words.csv");

/// What a word says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// It names somebody.
    Person(Person),
    /// He, she.
    Pronoun,
    /// Somebody tells of somebody else.
    Report,
    /// Somebody lives with, or leans on, who is named next.
    With,
    /// Joins two persons.
    And,
    /// What follows is suffered.
    Passive,
    /// There is nobody else.
    Only,
    /// Somebody looks after the child.
    Care,
    /// Somebody needs to be looked after.
    Frail,
    /// Somebody cannot look after the child.
    Cannot,
    /// A state that a person is in.
    State(&'static str, Of),
    /// Violence.
    Hit,
    /// Mockery, threats, shutting out.
    Bully,
    /// A sexual assault.
    Molest,
    /// Means none of what its parts would.
    Skip,
}

/// Whose state a word tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// A grown-up's.
    Adult,
    /// The child's, unless the clause names another.
    Child,
    /// The child's where the sentence speaks of it.
    ChildSpoken,
    /// Anybody's.
    Any,
    /// The household's.
    Family,
}

/// A word found, as bytes from and to of the folded text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub(super) meanings: &'static [Meaning],
    pub(super) from: usize,
    pub(super) to: usize,
}

impl Token {
    /// Whether the word may mean that.
    pub(super) fn is(&self, meaning: Meaning) -> bool {
        self.meanings.contains(&meaning)
    }

    /// Whom it names.
    pub(super) fn person(&self) -> Option<Person> {
        self.meanings.iter().find_map(|meaning| if let Meaning::Person(person) = meaning { Some(*person) } else { None })
    }
}

struct Lexicon {
    automaton: AhoCorasick,
    meanings: Vec<Vec<Meaning>>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut words: BTreeMap<String, Vec<Meaning>> = BTreeMap::new();
    for line in TABLE.lines().skip(1) {
        let Some((meaning, list)) = row(line) else { continue };
        for word in list.split('|') {
            let meanings = words.entry(fold(word)).or_default();
            if !meanings.contains(&meaning) {
                meanings.push(meaning);
            }
        }
    }
    let automaton = AhoCorasick::builder().match_kind(MatchKind::Standard).build(words.keys());
    let automaton = automaton.expect("a few thousand short words make an automaton");
    Lexicon { automaton, meanings: words.into_values().collect() }
});

fn row(line: &'static str) -> Option<(Meaning, &'static str)> {
    let mut cells = line.splitn(3, ',');
    let (kind, code, list) = (cells.next()?, cells.next()?, cells.next()?);
    let meaning = match kind {
        "person" => Meaning::Person(Person::named(code)?),
        "pronoun" => Meaning::Pronoun,
        "report" => Meaning::Report,
        "with" => Meaning::With,
        "and" => Meaning::And,
        "passive" => Meaning::Passive,
        "only" => Meaning::Only,
        "care" => Meaning::Care,
        "frail" => Meaning::Frail,
        "cannot" => Meaning::Cannot,
        "hit" => Meaning::Hit,
        "bully" => Meaning::Bully,
        "molest" => Meaning::Molest,
        "skip" => Meaning::Skip,
        "state" => {
            let (code, of) = code.split_once(':')?;
            let of = match of {
                "adult" => Of::Adult,
                "child" => Of::Child,
                "child?" => Of::ChildSpoken,
                "any" => Of::Any,
                "family" => Of::Family,
                _ => return None,
            };
            Meaning::State(code, of)
        }
        _ => return None,
    };
    Some((meaning, list))
}

/// The words of a folded text, in its order: none inside a longer one.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let lexicon = &*LEXICON;
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
    let whole = |from: usize, to: usize| {
        let word = &text[from..to];
        let cut_before = letter(word.chars().next()) && letter(text[..from].chars().next_back());
        let cut_after = letter(word.chars().next_back()) && letter(text[to..].chars().next());
        !cut_before && !cut_after
    };
    let mut found: Vec<Token> = lexicon
        .automaton
        .find_overlapping_iter(text)
        .filter(|found| whole(found.start(), found.end()))
        .map(|found| Token { meanings: &lexicon.meanings[found.pattern().as_usize()], from: found.start(), to: found.end() })
        .collect();
    // By beginning, the longest first: what lies inside a word already kept ends before it.
    found.sort_by_key(|token| (token.from, std::cmp::Reverse(token.to)));
    let mut end = 0;
    found.retain(|token| {
        let inside = token.to <= end;
        end = end.max(token.to);
        !inside
    });
    found
}

/// Every code of a state in the table.
#[cfg(test)]
pub(super) fn codes() -> std::collections::BTreeSet<&'static str> {
    let meanings = LEXICON.meanings.iter().flatten();
    meanings.filter_map(|meaning| if let Meaning::State(code, _) = meaning { Some(*code) } else { None }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_table_is_read() {
        for line in TABLE.lines().skip(1) {
            assert!(row(line).is_some(), "{line}");
        }
    }

    #[test]
    fn a_longer_word_hides_what_lies_inside() {
        let text = "爸爸妈妈打工";
        let found: Vec<&str> = tokens(text).into_iter().map(|token| &text[token.from..token.to]).collect();
        assert_eq!(found, ["爸爸妈妈", "打工"]);
    }
}
