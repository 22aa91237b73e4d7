//! Which words may be read otherwise than as they are written: with a few characters in between, or
//! by most of their pairs of characters. Kept as tables, so that a text is gone through once.

use std::collections::{BTreeMap, HashMap};

use super::Word;
use crate::text::bigram::is_chinese;

/// How many characters may stand between those of a word; none where it is only read as it is written.
pub(super) fn room(word: &str) -> Option<u16> {
    let room = match word.chars().count() {
        2 if word.starts_with('被') => 4,
        3 => 1,
        4.. => 2,
        _ => return None,
    };
    word.chars().all(is_chinese).then_some(room)
}

/// Words that may be read with gaps, by their first character.
pub(super) fn by_first(words: &[Word]) -> BTreeMap<char, Vec<usize>> {
    let mut first: BTreeMap<char, Vec<usize>> = BTreeMap::new();
    for (at, word) in words.iter().enumerate().filter(|(_, word)| room(&word.text).is_some()) {
        first.entry(word.text.chars().next().unwrap_or_default()).or_default().push(at);
    }
    first
}

/// Words of four pairs and more by each of their pairs.
pub(super) fn by_pair(words: &[Word]) -> HashMap<String, Vec<usize>> {
    let mut pairs: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, word) in words.iter().enumerate().filter(|(_, word)| word.pairs.len() >= 4) {
        // A pair that a word has twice counts twice.
        word.pairs.iter().for_each(|pair| pairs.entry(pair.clone()).or_default().push(at));
    }
    pairs
}

/// Reads `word` at the start of `text` with at most `room` characters between its own, all in one
/// clause: the byte after it, and how many were skipped.
pub(super) fn with_gaps(text: &str, word: &str, room: u16) -> Option<(usize, u16)> {
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
            if gaps > room || !is_chinese(c) {
                return None;
            }
        }
    }
    None
}
