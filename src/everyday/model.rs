//! A word of the installation's own: what is said, what it means, and what speaks against it before it is saved.

use jiff::Timestamp;
use lianjie_index::text::fold;
use lianjie_index::vocabulary::danger::pattern;
use lianjie_index::vocabulary::{Own, OwnSign, OwnWord};
use lianjie_index::{TermCode, Vocabulary};

use crate::error::{Fault, Faults, Result};
use crate::id::{AccountId, EverydayWordId};

/// Terms that one phrase may mean.
pub const MOST_TERMS: usize = 4;
/// The longest phrase.
const LONGEST: usize = 40;
/// The longest note.
const LONGEST_NOTE: usize = 200;
/// Fewer letters than these are told: they stand in many words. Of a sign of danger they are refused.
const FEWEST: usize = 2;

/// A word as it is to be understood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// What is said.
    pub phrase: String,
    /// What it means, likeliest first.
    pub terms: Vec<TermCode>,
    /// Whether what the lists say of it is taken away.
    pub replaces: bool,
    /// Code of a sign of danger; empty where it is none.
    pub sign: String,
    /// Why.
    pub note: String,
}

/// A word that was saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EverydayWord {
    /// Id.
    pub id: EverydayWordId,
    /// What it says.
    pub draft: Draft,
    /// Counts its changes.
    pub version: i64,
    /// Who wrote it last.
    pub written_by: AccountId,
    /// That person's name.
    pub writer: String,
    /// When.
    pub written_at: Timestamp,
    /// When it was taken out of use.
    pub withdrawn_at: Option<Timestamp>,
}

/// A word as somebody typed it.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// What is said.
    pub phrase: String,
    /// Codes of terms.
    pub terms: Vec<String>,
    /// Whether what the lists say of it is taken away.
    pub replaces: bool,
    /// Code of a sign of danger.
    pub sign: String,
    /// Why.
    pub note: String,
}

/// What a person should know before saving a word; none of it stands in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// Its letters stand in many other words.
    Short,
    /// The lists give it these meanings, which it keeps.
    Known(Vec<TermCode>),
    /// It is the name of these terms, which it means in any case.
    Name(Vec<TermCode>),
    /// These of its terms are no longer in the taxonomy: they are passed over.
    Retired(Vec<TermCode>),
}

impl Warning {
    /// Its name for programs, and the end of its text's key.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Short => "short",
            Self::Known(_) => "known",
            Self::Name(_) => "name",
            Self::Retired(_) => "retired",
        }
    }

    /// The terms it speaks of.
    #[must_use]
    pub fn terms(&self) -> &[TermCode] {
        match self {
            Self::Short => &[],
            Self::Known(terms) | Self::Name(terms) | Self::Retired(terms) => terms,
        }
    }
}

impl Draft {
    /// The phrase as it is compared.
    #[must_use]
    pub fn folded(&self) -> String {
        if self.sign.is_empty() { fold(&self.phrase) } else { pattern(&self.phrase) }
    }

    /// What the log says of it: never the phrase.
    #[must_use]
    pub fn fields(&self) -> Vec<String> {
        let sign = (!self.sign.is_empty()).then(|| format!("sign={}", self.sign));
        let replaces = self.replaces.then(|| "replaces".to_owned());
        self.terms.iter().map(ToString::to_string).chain(replaces).chain(sign).collect()
    }

    /// What a person should know of it.
    #[must_use]
    pub fn warnings(&self, vocabulary: &Vocabulary) -> Vec<Warning> {
        let mut found = Vec::new();
        if self.sign.is_empty() {
            let folded = self.folded();
            if folded.chars().count() < FEWEST {
                found.push(Warning::Short);
            }
            match vocabulary.compiled().remove(&folded) {
                Some(known) if known.name && self.replaces => found.push(Warning::Name(known.terms)),
                Some(known) if !self.replaces && known.terms != self.terms => found.push(Warning::Known(known.terms)),
                _ => {}
            }
        }
        let retired = self.retired(vocabulary);
        if !retired.is_empty() {
            found.push(Warning::Retired(retired));
        }
        found
    }

    /// Terms of it that are no longer in the taxonomy.
    #[must_use]
    pub fn retired(&self, vocabulary: &Vocabulary) -> Vec<TermCode> {
        self.terms.iter().filter(|code| vocabulary.term(code).is_none()).cloned().collect()
    }
}

/// What these words say to a reader of words.
pub fn own<'a>(drafts: impl IntoIterator<Item = &'a Draft>) -> Own {
    let mut own = Own::default();
    for draft in drafts {
        if draft.sign.is_empty() {
            own.words.push(OwnWord { phrase: draft.phrase.clone(), terms: draft.terms.clone(), replaces: draft.replaces });
        } else {
            own.signs.push(OwnSign { sign: draft.sign.clone(), phrase: draft.phrase.clone() });
        }
    }
    own
}

impl Typed {
    /// The word, if nothing stands in its way. A term that `before` had may stay though the taxonomy no longer has it.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::error::Error::Invalid) with every field that is refused.
    pub fn read(&self, vocabulary: &Vocabulary, before: Option<&Draft>) -> Result<Draft> {
        let mut faults = Faults::new();
        let mut draft = Draft {
            phrase: self.phrase.trim().to_owned(),
            terms: Vec::new(),
            replaces: self.replaces,
            sign: self.sign.trim().to_owned(),
            note: self.note.trim().to_owned(),
        };
        let length = draft.phrase.chars().count();
        faults.require(!fold(&draft.phrase).is_empty(), "phrase", "required");
        faults.require(length <= LONGEST && !draft.phrase.chars().any(char::is_control), "phrase", "everyday_phrase");
        faults.require(draft.note.chars().count() <= LONGEST_NOTE, "note", "too_long");
        for text in self.terms.iter().map(|text| text.trim()).filter(|text| !text.is_empty()) {
            let had = |code: &TermCode| before.is_some_and(|before| before.terms.contains(code));
            match text.parse::<TermCode>().ok().filter(|code| vocabulary.term(code).is_some() || had(code)) {
                Some(code) if draft.terms.contains(&code) => {}
                Some(code) => draft.terms.push(code),
                None => faults.add(Fault::new("terms", "everyday_term").with("text", text)),
            }
        }
        faults.require(draft.terms.len() <= MOST_TERMS, "terms", "everyday_terms_many");
        if faults.is_empty() {
            if draft.sign.is_empty() { draft.check(vocabulary, &mut faults) } else { draft.check_sign(vocabulary, &mut faults) }
        }
        faults.settle().map(|()| draft)
    }
}

impl Draft {
    fn check(&self, vocabulary: &Vocabulary, faults: &mut Faults) {
        faults.require(self.replaces || !self.terms.is_empty(), "terms", "everyday_meaning");
        if self.replaces {
            faults.require(vocabulary.compiled().contains_key(&self.folded()), "replaces", "everyday_nothing");
        }
    }

    fn check_sign(&self, vocabulary: &Vocabulary, faults: &mut Faults) {
        faults.require(self.terms.is_empty() && !self.replaces, "sign", "everyday_sign_alone");
        let word = self.folded();
        let parts: Vec<&str> = word.split('…').collect();
        let letters = parts.iter().map(|part| part.chars().filter(|letter| letter.is_alphanumeric()).count());
        let says = parts.len() <= 2 && parts.iter().all(|part| !part.is_empty()) && letters.sum::<usize>() >= FEWEST;
        faults.require(says, "phrase", "everyday_sign_short");
        match vocabulary.signs().listed().find(|sign| sign.code == self.sign) {
            Some(sign) => faults.require(!sign.words.contains(&word), "phrase", "everyday_sign_known"),
            None => faults.add(Fault::new("sign", "everyday_sign")),
        }
    }
}

#[cfg(test)]
mod tests {
    use lianjie_index::vocabulary::Term;

    use super::*;
    use crate::error::Error;

    fn vocabulary() -> Vocabulary {
        let term = |code: &str, zh: &str, synonym: &str| Term {
            code: code.parse().unwrap(),
            zh: zh.into(),
            en: code.to_lowercase(),
            synonyms: vec![synonym.into()],
        };
        Vocabulary::new([term("EDU-06", "厌学拒学支持", "逃学"), term("MED-04", "医疗救助", "医药费")])
    }

    fn typed(phrase: &str, terms: &[&str], replaces: bool, sign: &str) -> Typed {
        let terms = terms.iter().map(|code| (*code).to_owned()).collect();
        Typed { phrase: phrase.into(), terms, replaces, sign: sign.into(), note: String::new() }
    }

    fn reasons(typed: &Typed) -> Vec<&'static str> {
        match typed.read(&vocabulary(), None) {
            Err(Error::Invalid(faults)) => faults.iter().map(|fault| fault.reason).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_word_means_something_or_takes_something_away() {
        assert_eq!(reasons(&typed("娃娃厌校", &[], false, "")), ["everyday_meaning"]);
        assert_eq!(reasons(&typed("娃娃厌校", &[], true, "")), ["everyday_nothing"]);
        assert_eq!(reasons(&typed(" ", &["EDU-06"], false, "")), ["required"]);
        assert_eq!(reasons(&typed("娃娃厌校", &["EDU-99", "好"], false, "")), ["everyday_term", "everyday_term"]);
        assert_eq!(reasons(&typed(&"长".repeat(41), &["EDU-06"], false, "")), ["everyday_phrase"]);
        let twice = typed("逃学", &["MED-04", " ", "MED-04"], true, "").read(&vocabulary(), None).unwrap();
        assert_eq!((twice.terms.len(), twice.fields()), (1, vec!["MED-04".to_owned(), "replaces".to_owned()]));
    }

    #[test]
    fn a_term_that_went_may_stay_in_a_word_that_had_it_and_is_told() {
        let before = Draft { terms: vec!["ZZZ-01".parse().unwrap()], ..Draft::default() };
        let draft = typed("娃娃厌校", &["ZZZ-01", "EDU-06"], false, "").read(&vocabulary(), Some(&before)).unwrap();
        assert_eq!(draft.warnings(&vocabulary()), [Warning::Retired(before.terms)]);
    }

    #[test]
    fn what_a_person_should_know_is_told_and_stands_in_no_way() {
        let warned = |typed: Typed| typed.read(&vocabulary(), None).unwrap().warnings(&vocabulary());
        let school = || vec!["EDU-06".parse().unwrap()];
        assert_eq!(warned(typed("校", &["EDU-06"], false, "")), [Warning::Short]);
        assert_eq!(warned(typed("逃学", &["MED-04"], false, "")), [Warning::Known(school())]);
        assert!(warned(typed("逃学", &["MED-04"], true, "")).is_empty());
        assert_eq!(warned(typed("厌学拒学支持", &["MED-04"], true, "")), [Warning::Name(school())]);
    }

    #[test]
    fn a_sign_of_danger_stands_alone_and_says_enough() {
        assert_eq!(reasons(&typed("从楼顶下去", &["EDU-06"], false, "suicide")), ["everyday_sign_alone"]);
        assert_eq!(reasons(&typed("死", &[], false, "suicide")), ["everyday_sign_short"]);
        assert_eq!(reasons(&typed("…下去", &[], false, "suicide")), ["everyday_sign_short"]);
        assert_eq!(reasons(&typed("不想活", &[], false, "suicide")), ["everyday_sign_known"]);
        assert_eq!(reasons(&typed("从楼顶下去", &[], false, "no_such")), ["everyday_sign"]);
        let draft = typed("从楼顶…下去", &[], false, "suicide").read(&vocabulary(), None).unwrap();
        assert_eq!((draft.folded().as_str(), draft.fields()), ("从楼顶…下去", vec!["sign=suicide".to_owned()]));
    }
}
