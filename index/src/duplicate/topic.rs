//! What an offering is about, as far as the words of its name say.
//!
//! The table is `topics.csv`: a word and its topic. Of two offerings of one desk under one brand,
//! the brand says that they are alike and the topic that they are not.

use std::{collections::HashMap, sync::LazyLock};

/// The longest word of the table.
const LONGEST: usize = 6;

static TOPICS: LazyLock<HashMap<&'static str, &'static str>> =
    LazyLock::new(|| include_str!("topics.csv").lines().skip(1).filter_map(|row| row.split_once(',')).collect());

/// The topics of a name in which words that mean the same are the same, in order, each once; the
/// longest word at a place counts.
pub(super) fn topics(name: &str) -> Vec<&'static str> {
    let name: Vec<char> = name.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < name.len() {
        let word = (1..=LONGEST.min(name.len() - at)).rev().find_map(|length| {
            let topic = TOPICS.get(name[at..at + length].iter().collect::<String>().as_str())?;
            Some((length, *topic))
        });
        at += word.map_or(1, |(length, _)| length);
        found.extend(word.map(|(_, topic)| topic));
    }
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_what_it_is_about() {
        assert_eq!(topics("向日葵儿童心理辅导"), ["counselling"]);
        assert_eq!(topics("防性侵安全教育"), ["abuse prevention", "safety"]);
        assert_eq!(topics("向日葵"), [""; 0]);
        assert!(TOPICS.keys().all(|word| word.chars().count() <= LONGEST));
    }
}
