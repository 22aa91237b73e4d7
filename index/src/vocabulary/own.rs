//! What an installation says otherwise than the words compiled in: phrases of its own, phrases of the lists that mean
//! nothing there, and words that are signs of danger. Names of terms always mean their term, and no sign is taken away.

use std::collections::{BTreeMap, BTreeSet};

use super::{Sense, Term, Vocabulary, everyday};
use crate::{code::TermCode, text::fold};

/// All that an installation says otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Own {
    /// Its own words.
    pub words: Vec<OwnWord>,
    /// Words it adds to signs of danger.
    pub signs: Vec<OwnSign>,
}

/// A phrase of an installation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnWord {
    /// What is said.
    pub phrase: String,
    /// What it means, likeliest first. A term that is not in the taxonomy is passed over.
    pub terms: Vec<TermCode>,
    /// Whether it no longer means what the lists say of it; without terms it then means nothing, but where it is the
    /// name of a term.
    pub replaces: bool,
}

/// A phrase that is a sign of danger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnSign {
    /// Code of the row of the table.
    pub sign: String,
    /// What is said; `…` is a few characters of the same clause.
    pub phrase: String,
}

/// A phrase of the lists: the taxonomy's own and those compiled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compiled {
    /// As it is written.
    pub phrase: String,
    /// The terms it may mean.
    pub terms: Vec<TermCode>,
    /// Whether it is the name of one of them, which it means in any case.
    pub name: bool,
}

impl Own {
    /// The phrases whose meaning in the lists is taken away, folded.
    pub(super) fn silenced(&self) -> BTreeSet<String> {
        self.words.iter().filter(|word| word.replaces).map(|word| fold(word.phrase.trim())).collect()
    }

    /// Lays its words over those of the lists. A phrase that has the meaning already takes the place it has here.
    pub(super) fn say(&self, terms: &BTreeMap<TermCode, Term>, words: &mut BTreeMap<String, Vec<Sense>>) {
        for word in &self.words {
            let folded = fold(word.phrase.trim());
            if folded.is_empty() {
                continue;
            }
            let senses = words.entry(folded).or_default();
            for (place, code) in word.terms.iter().filter(|code| terms.contains_key(*code)).enumerate() {
                match senses.iter_mut().find(|sense| sense.term == *code) {
                    Some(sense) => sense.place = sense.place.min(place),
                    None => senses.push(Sense { term: code.clone(), name: false, place }),
                }
            }
        }
    }
}

impl Vocabulary {
    /// The same taxonomy, with other words of the installation.
    #[must_use]
    pub fn saying(&self, own: Own) -> Self {
        Self::with(self.terms.values().cloned(), own)
    }

    /// What the installation says otherwise.
    #[must_use]
    pub fn own(&self) -> &Own {
        &self.own
    }

    /// The phrases of the lists, by how they are compared, whether or not the installation took them out of use.
    #[must_use]
    pub fn compiled(&self) -> BTreeMap<String, Compiled> {
        let mut found: BTreeMap<String, Compiled> = BTreeMap::new();
        let mut add = |phrase: &str, code: &TermCode, name: bool| {
            let phrase = phrase.trim();
            let folded = fold(phrase);
            if folded.is_empty() {
                return;
            }
            let new = || Compiled { phrase: phrase.to_owned(), terms: Vec::new(), name: false };
            let known = found.entry(folded).or_insert_with(new);
            known.name |= name;
            if !known.terms.contains(code) {
                known.terms.push(code.clone());
            }
        };
        for term in self.terms.values() {
            add(&term.zh, &term.code, true);
            add(&term.en, &term.code, true);
            term.synonyms.iter().for_each(|word| add(word, &term.code, false));
        }
        for (code, word) in everyday() {
            if let Some(term) = self.terms.get(code) {
                add(word, &term.code, false);
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Query, province, rule::Sex};

    fn codes(codes: &[&str]) -> Vec<TermCode> {
        codes.iter().map(|code| province::term(code)).collect()
    }

    fn saying(phrase: &str, terms: &[&str], replaces: bool) -> Vocabulary {
        let word = OwnWord { phrase: phrase.to_owned(), terms: codes(terms), replaces };
        province::vocabulary().saying(Own { words: vec![word], signs: Vec::new() })
    }

    fn read(vocabulary: &Vocabulary, text: &str) -> Vec<String> {
        vocabulary.read(text).into_iter().map(|need| need.term.to_string()).collect()
    }

    #[test]
    fn an_own_clause_is_read_and_the_likeliest_stands_first() {
        let clause = "娃娃不肯进校门";
        assert!(!read(&province::vocabulary(), clause).contains(&"EDU-06".to_owned()));
        assert_eq!(read(&saying(clause, &["EDU-06", "PSY-02"], false), clause)[..2], ["EDU-06", "PSY-02"]);
        assert_eq!(read(&saying(clause, &["PSY-02", "EDU-06"], false), clause)[..2], ["PSY-02", "EDU-06"]);
    }

    #[test]
    fn an_own_word_is_compared_folded() {
        assert_eq!(read(&saying("ＡＢ娃娃厭校", &["EDU-06"], false), "ab娃娃厌校")[0], "EDU-06");
    }

    #[test]
    fn a_phrase_of_the_lists_means_nothing_once_it_is_taken_away_and_a_name_still_does() {
        assert_eq!(read(&province::vocabulary(), "逃学"), ["EDU-06"]);
        assert!(read(&saying("逃学", &[], true), "逃学").is_empty());
        assert_eq!(read(&saying("逃学", &["MED-04"], true), "逃学"), ["MED-04"]);
        let name = province::vocabulary().term(&province::term("EDU-06")).unwrap().zh.clone();
        assert!(read(&saying(&name, &[], true), &name).contains(&"EDU-06".to_owned()));
    }

    #[test]
    fn a_phrase_of_the_lists_may_mean_one_thing_more() {
        assert_eq!(read(&saying("逃学", &["MED-04"], false), "逃学"), ["MED-04", "EDU-06"]);
    }

    #[test]
    fn a_term_that_is_not_in_the_taxonomy_is_passed_over() {
        assert!(read(&saying("娃娃不肯进校门", &["ZZZ-99"], true), "娃娃不肯进校门").iter().all(|code| code != "ZZZ-99"));
        assert_eq!(read(&saying("", &["EDU-06"], true), "厌学"), ["EDU-06"], "nothing said changes nothing");
    }

    #[test]
    fn signs_of_danger_are_added_and_none_is_taken_away() {
        let own = |sign: &str, phrase: &str| OwnSign { sign: sign.to_owned(), phrase: phrase.to_owned() };
        let found = |vocabulary: &Vocabulary, text: &str| -> Vec<String> {
            vocabulary.danger(text, Some(150), Some(Sex::Male)).into_iter().map(|sign| sign.code).collect()
        };
        let plain = province::vocabulary();
        assert!(found(&plain, "他说想从楼顶下去").is_empty());
        let signs = vec![own("suicide", "从楼顶…下去"), own("suicide", "…"), own("suicide", ""), own("no_such_sign", "好")];
        let more = plain.saying(Own { words: Vec::new(), signs });
        assert_eq!(found(&more, "他说想从楼顶上直接下去"), ["suicide"], "a few characters stand where … is");
        assert!(found(&more, "今天天气好").is_empty(), "a word that says nothing is no sign");
        let silenced = saying("不想活了", &[], true);
        assert_eq!(found(&silenced, "他说不想活了"), ["suicide"]);
        let count = |vocabulary: &Vocabulary| vocabulary.signs().listed().map(|sign| sign.words.len()).sum::<usize>();
        assert_eq!(count(&more), count(&plain) + 1);
    }

    #[test]
    fn the_lists_are_told_whatever_the_installation_says() {
        let compiled = saying("一上学就肚子疼", &[], true).compiled();
        assert_eq!(compiled, province::vocabulary().compiled());
        assert_eq!(compiled["一上学就肚子疼"].terms, codes(&["EDU-06"]));
        assert!(!compiled["一上学就肚子疼"].name && compiled.len() > 1_500, "{}", compiled.len());
    }

    #[test]
    fn an_index_is_asked_with_other_words_and_stays_the_same_index() {
        let plain = province::index([province::entry("1")]);
        let clause = "娃娃不肯进校门";
        let own = plain.reading(std::sync::Arc::new(saying(clause, &["PSY-03"], false)));
        let total = |index: &crate::Index| index.search(&Query::new(clause, province::NOW)).unwrap().total;
        assert_eq!((total(&plain), total(&own)), (0, 1));
        own.rebuild([province::entry("1"), province::entry("2")], 2).unwrap();
        assert_eq!((plain.len(), plain.last_number(), total(&own)), (2, 2, 2));
    }
}
