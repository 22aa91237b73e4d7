//! What follows from facts: the rules (`rules/*.toml`), read once, and what they infer.
//!
//! The files are plain lines of TOML, `key = "value"`, under `[[rule]]`. `first` reads
//! `IDD-01 within 168` in hours, or `report within 0`.

use std::{collections::BTreeSet, sync::LazyLock};

use super::{Fact, Known, Reading, condition::Condition};
use crate::{code::TermCode, vocabulary::Why};

const FILES: [&str; 8] = [
    include_str!("rules/care.toml"),
    include_str!("rules/emergency.toml"),
    include_str!("rules/living.toml"),
    include_str!("rules/school.toml"),
    include_str!("rules/mind.toml"),
    include_str!("rules/body.toml"),
    include_str!("rules/law.toml"),
    include_str!("rules/harm.toml"),
];

static RULES: LazyLock<Vec<Inference>> =
    LazyLock::new(|| FILES.iter().flat_map(|text| text.split("[[rule]]").skip(1)).filter_map(Inference::read).collect());

/// A rule: when it holds, which needs follow.
#[derive(Debug, Clone, PartialEq)]
pub struct Inference {
    /// Its id, as [`Why::Rule`](crate::vocabulary::Why::Rule) names it.
    pub id: &'static str,
    when: Condition,
    /// Needs that follow, with how sure the rule is.
    pub terms: Vec<(TermCode, u16)>,
    /// Needs that words of the same clauses do not mean after all.
    pub not_here: Vec<TermCode>,
    /// Needs that are not read from such a case at all.
    pub never: Vec<TermCode>,
    /// What comes first, `report` or a leaf, and within how many hours.
    pub first: Option<(&'static str, u16)>,
    /// The tier its needs have at most.
    pub tier: Option<u8>,
    /// Why, in Chinese.
    pub zh: &'static str,
    /// Why, in English.
    pub en: &'static str,
    /// Where it is written.
    pub source: &'static str,
}

impl Inference {
    fn read(block: &'static str) -> Option<Self> {
        let cell =
            |key: &str| block.lines().find_map(|line| line.split_once(" = ").filter(|(own, _)| *own == key)).map(|(_, value)| value.trim());
        let text = |key: &str| cell(key).map(|value| value.trim_matches('"'));
        let listed =
            |key: &str| text(key).unwrap_or_default().split_whitespace().map(|code| code.parse().ok()).collect::<Option<Vec<TermCode>>>();
        let scored = |item: &str| item.split_once('=').and_then(|(term, score)| Some((term.parse().ok()?, score.parse().ok()?)));
        let first = |value: &'static str| value.split_once(" within ").and_then(|(term, hours)| Some((term, hours.parse().ok()?)));
        Some(Self {
            id: text("id")?,
            when: Condition::read(text("when")?)?,
            terms: text("terms")?.split_whitespace().map(scored).collect::<Option<_>>()?,
            not_here: listed("not_here")?,
            never: listed("never")?,
            first: match text("first") {
                Some(value) => Some(first(value)?),
                None => None,
            },
            tier: cell("tier").and_then(|tier| tier.parse().ok()),
            zh: text("zh")?,
            en: text("en")?,
            source: text("source")?,
        })
    }
}

/// All rules.
#[must_use]
pub fn rules() -> &'static [Inference] {
    &RULES
}

/// The rule of that id.
#[must_use]
pub fn rule(id: &str) -> Option<&'static Inference> {
    RULES.iter().find(|rule| rule.id == id)
}

/// A rule that holds, with the facts of the text it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Held<'a> {
    /// The rule.
    pub rule: &'static Inference,
    /// The facts.
    pub facts: Vec<&'a Fact>,
}

impl Held<'_> {
    /// Why its needs follow: the rule with each fact of the text, or with no characters where it rests on what is stated.
    #[must_use]
    pub fn why(&self) -> Vec<Why> {
        let why = |from: usize, to: usize| Why::Rule { rule_id: self.rule.id.to_owned(), from, to };
        if self.facts.is_empty() {
            return vec![why(0, 0)];
        }
        self.facts.iter().map(|fact| why(fact.from, fact.to)).collect()
    }
}

impl Reading {
    /// The rules that hold: first by the facts alone, then those that ask for needs, which see what words and the first
    /// rules gave.
    #[must_use]
    pub fn infer(&self, known: &Known) -> Vec<Held<'_>> {
        let mut known = known.clone();
        let worded = std::mem::take(&mut known.needs);
        let mut held = self.round(&known);
        let silenced: BTreeSet<&TermCode> = held.iter().flat_map(|held| &held.rule.never).collect();
        let meant: BTreeSet<&TermCode> = held.iter().flat_map(|held| &held.rule.not_here).collect();
        known.needs.extend(worded.into_iter().filter(|(term, _)| !silenced.contains(term) && !meant.contains(term)));
        for (term, score) in held.iter().flat_map(|held| &held.rule.terms).filter(|(term, _)| !silenced.contains(term)) {
            let known = known.needs.entry(term.clone()).or_default();
            *known = (*known).max(*score);
        }
        let late: Vec<Held<'_>> =
            self.round(&known).into_iter().filter(|late| !held.iter().any(|held| held.rule.id == late.rule.id)).collect();
        held.extend(late);
        held
    }

    fn round(&self, known: &Known) -> Vec<Held<'_>> {
        RULES.iter().filter_map(|rule| Some(Held { rule, facts: rule.when.holds(self, known)? })).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{province, reading::lexicon};

    /// Facts that are not words of the table but worked out.
    const WORKED_OUT: [&str; 14] = [
        "age",
        "carer",
        "only_carer",
        "frail",
        "cannot_care",
        "bullied",
        "bully",
        "beaten",
        "witness",
        "hits_family",
        "teacher_harm",
        "assaulted",
        "molested",
        "scolded",
    ];

    #[test]
    fn every_rule_is_read_once_and_names_what_there_is() {
        let blocks = FILES.iter().map(|text| text.matches("[[rule]]").count()).sum::<usize>();
        assert_eq!(rules().len(), blocks);
        let ids: BTreeSet<&str> = rules().iter().map(|rule| rule.id).collect();
        assert_eq!(ids.len(), blocks);
        let (vocabulary, codes) = (province::vocabulary(), lexicon::codes());
        for rule in rules() {
            let terms = rule.terms.iter().map(|(term, _)| term).chain(&rule.not_here).chain(&rule.never);
            for term in terms {
                assert!(term.is_leaf() && vocabulary.term(term).is_some(), "{} names {term}", rule.id);
            }
            assert!(rule.terms.iter().all(|(_, score)| (1..=1000).contains(score)), "{}", rule.id);
            for code in rule.when.codes() {
                assert!(codes.contains(code) || WORKED_OUT.contains(&code), "{} asks for {code}", rule.id);
            }
            let first = rule.first.is_none_or(|(term, _)| term == "report" || vocabulary.term(&province::term(term)).is_some());
            assert!(first && !rule.zh.is_empty() && !rule.en.is_empty() && !rule.source.is_empty(), "{}", rule.id);
        }
    }

    #[test]
    fn all_sixteen_groups_are_inferred() {
        let groups: BTreeSet<&str> = rules().iter().flat_map(|rule| &rule.terms).map(|(term, _)| term.group()).collect();
        assert_eq!(groups.len(), 16, "{groups:?}");
    }

    #[test]
    fn no_rule_infers_what_only_an_authority_decides() {
        for (term, _) in rules().iter().flat_map(|rule| &rule.terms) {
            assert!(!crate::matching::is_decision(term), "{term}");
        }
    }
}
