//! Folding: one spelling for what people type in many. For searching only; what is shown is
//! always the original.
//!
//! NFKC (full width, compatibility forms), lower case, traditional to simplified, a few variants
//! that are none of these, and one kind of space. Characters are simplified one by one: a phrase
//! table would write better Chinese, but then a text and a part of it could fold differently.

use std::{collections::HashMap, sync::LazyLock};

use ferrous_opencc::{OpenCC, config::BuiltinConfig};
use unicode_normalization::UnicodeNormalization;

/// Variants that neither NFKC nor the table of simplified characters brings together.
const VARIANTS: [(char, char); 12] = [
    ('戶', '户'),
    ('戸', '户'),
    ('峯', '峰'),
    ('裡', '里'),
    ('裏', '里'),
    ('〇', '零'),
    ('淩', '凌'),
    ('堃', '坤'),
    ('−', '-'),
    ('—', '-'),
    ('–', '-'),
    ('·', ' '),
];

/// What becomes of each character that does not stay as it is; made once from the table of
/// `OpenCC`, which is then let go.
static SIMPLE: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let table = OpenCC::from_config(BuiltinConfig::T2s).expect("the table is compiled into the program");
    let mut simple: HashMap<char, char> = VARIANTS.into();
    for c in '\u{3400}'..='\u{9fff}' {
        let mut converted = simplify(&table, c);
        // A few simplified forms are themselves written more simply.
        for _ in 0..2 {
            converted = simplify(&table, converted);
        }
        if converted != c {
            simple.entry(c).or_insert(converted);
        }
    }
    simple
});

fn simplify(table: &OpenCC, c: char) -> char {
    let converted = table.convert(c.encode_utf8(&mut [0; 4]));
    let mut characters = converted.chars();
    match (characters.next(), characters.next()) {
        (Some(simple), None) => simple,
        _ => c,
    }
}

/// The folded form of a text. Folding twice is folding once.
#[must_use]
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.chars().map(one).collect::<String>().to_ascii_lowercase();
    }
    let once = pass(text);
    // Lower-casing can uncover work for the normal form, and the reverse; this settles in two.
    let twice = pass(&once);
    if twice == once { once } else { pass(&twice) }
}

fn pass(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).map(one).nfkc().collect()
}

fn one(c: char) -> char {
    if c.is_whitespace() {
        return ' ';
    }
    if c.is_ascii() { c } else { SIMPLE.get(&c).copied().unwrap_or(c) }
}

/// A folded text that remembers where each of its characters came from.
#[derive(Debug, Clone, Default)]
pub struct Folded {
    /// The folded text.
    pub text: String,
    /// For each byte of it that begins a character, the index of the source character.
    origins: Vec<u32>,
    /// How many characters the source has.
    length: usize,
}

impl Folded {
    /// Folds character by character, so that spans can be traced back.
    #[must_use]
    pub fn new(source: &str) -> Self {
        let mut folded = Self { length: source.chars().count(), ..Self::default() };
        for (n, c) in source.chars().enumerate() {
            let mut buffer = [0; 4];
            folded.text.push_str(&fold(c.encode_utf8(&mut buffer)));
            folded.origins.resize(folded.text.len(), u32::try_from(n).unwrap_or(u32::MAX));
        }
        folded
    }

    /// The source characters, from and to, of a range of bytes of the folded text.
    #[must_use]
    pub fn source(&self, from: usize, to: usize) -> (usize, usize) {
        let at = |byte: usize| self.origins.get(byte).map_or(self.length, |n| *n as usize);
        let last = to.checked_sub(1).map_or(0, |byte| at(byte) + 1);
        (at(from), last.min(self.length))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_typed_in_many_ways_is_folded_to_one() {
        assert_eq!(fold("ＡＢＣ１２３　"), "abc123 ");
        assert_eq!(fold("裡鎮戶"), "里镇户");
        assert_eq!(fold("兒童心理諮詢"), "儿童心理咨询");
        assert_eq!(fold("大𫭢镇"), "大𫭢镇");
    }

    #[test]
    fn a_span_leads_back_to_the_characters_it_came_from() {
        let folded = Folded::new("①想Ａ兒童");
        let from = folded.text.find("儿童").unwrap();
        assert_eq!(folded.source(from, folded.text.len()), (3, 5));
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in "\\PC{0,12}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
