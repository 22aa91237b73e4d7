//! What follows from facts: the rules (`rules/*.toml`), read once, and what they infer.
//!
//! The files are plain lines of TOML, `key = "value"`, under `[[rule]]`. `first` reads
//! `IDD-01 within 168` in hours, or `report within 0`; `said` holds wordings (`said.rs`), of which one must stand in the
//! text, of the child where `of` is not `any`; `times` of them where it is given, and none of `unsaid`. A `quiet` rule tells
//! a text that is no case: where it holds, no other does.

use std::{collections::BTreeSet, sync::LazyLock};

use super::{
    Fact, Known, Reading,
    condition::Condition,
    said::{self, Wordings},
};
use crate::{code::TermCode, vocabulary::Why};

const FILES: [&str; 15] = [
    include_str!("rules/care.toml"),
    include_str!("rules/emergency.toml"),
    include_str!("rules/living.toml"),
    include_str!("rules/school.toml"),
    include_str!("rules/mind.toml"),
    include_str!("rules/body.toml"),
    include_str!("rules/law.toml"),
    include_str!("rules/harm.toml"),
    include_str!("rules/said-care.toml"),
    include_str!("rules/said-harm.toml"),
    include_str!("rules/said-mind.toml"),
    include_str!("rules/said-school.toml"),
    include_str!("rules/said-body.toml"),
    include_str!("rules/said-living.toml"),
    include_str!("rules/quiet.toml"),
];

static RULES: LazyLock<Vec<Inference>> =
    LazyLock::new(|| FILES.iter().flat_map(|text| text.split("[[rule]]").skip(1)).filter_map(Inference::read).collect());

/// A rule: when it holds, which needs follow.
#[derive(Debug, Clone, PartialEq)]
pub struct Inference {
    /// Its id, as [`Why::Rule`](crate::vocabulary::Why::Rule) names it.
    pub id: &'static str,
    when: Option<Condition>,
    /// Wordings of which one must stand in the text.
    said: Option<&'static str>,
    /// At how many places one of them must stand.
    times: usize,
    /// Wordings of which none may stand in the text.
    unsaid: Option<&'static str>,
    /// Whether they tell that the text is no case.
    quiet: bool,
    /// Whether they count whoever is spoken of.
    of_any: bool,
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
        let wordings = |key: &str| {
            let (_, rest) = block.split_once(&format!("\n{key} = \"\"\""))?;
            rest.split_once("\"\"\"").map(|(wordings, _)| wordings)
        };
        Some(Self {
            id: text("id")?,
            when: match text("when") {
                Some(condition) => Some(Condition::read(condition)?),
                None => None,
            },
            said: wordings("said"),
            times: cell("times").map_or(Some(1), |times| times.parse().ok())?,
            unsaid: wordings("unsaid"),
            quiet: cell("quiet") == Some("true"),
            of_any: text("of") == Some("any"),
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

static WORDINGS: LazyLock<Wordings> = LazyLock::new(|| {
    let said = RULES.iter().enumerate().filter_map(|(number, rule)| Some((number, rule.said?)));
    let unsaid = RULES.iter().enumerate().filter_map(|(number, rule)| Some((RULES.len() + number, rule.unsaid?)));
    Wordings::read(said.chain(unsaid)).expect("the tests read every wording")
});

/// The wordings of rules that a folded text holds; what a rule must not say under a number after all rules.
pub(super) fn said(folded: &str) -> Vec<said::Found> {
    WORDINGS.find(folded)
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
    /// Characters from and to of its wordings.
    pub said: Vec<(usize, usize)>,
}

impl Inference {
    /// Whether the need is not read where the rule holds.
    #[must_use]
    pub fn silences(&self, term: &TermCode) -> bool {
        self.quiet || self.never.contains(term)
    }

    /// Whether it tells a text that is no case.
    #[must_use]
    pub const fn is_quiet(&self) -> bool {
        self.quiet
    }
}

impl Held<'_> {
    /// Why its needs follow: the rule with each fact of the text, or with no characters where it rests on what is stated.
    #[must_use]
    pub fn why(&self) -> Vec<Why> {
        let why = |from: usize, to: usize| Why::Rule { rule_id: self.rule.id.to_owned(), from, to };
        let facts = self.facts.iter().map(|fact| (fact.from, fact.to));
        let mut spans: Vec<(usize, usize)> = facts.chain(self.said.iter().copied()).collect();
        if spans.is_empty() {
            spans.push((0, 0));
        }
        spans.into_iter().map(|(from, to)| why(from, to)).collect()
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
        if let Some(quiet) = held.iter().position(|held| held.rule.quiet) {
            return vec![held.swap_remove(quiet)];
        }
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
        let held = |(number, rule): (usize, &'static Inference)| {
            let own = self.said.iter().filter(|said| said.rule == number && (rule.of_any || !self.of_another(said.from, said.to)));
            let said: Vec<(usize, usize)> = own.map(|said| (said.from, said.to)).collect();
            if rule.said.is_some() && said.len() < rule.times {
                return None;
            }
            if rule.quiet && known.danger || self.said.iter().any(|said| said.rule == RULES.len() + number) {
                return None;
            }
            let facts = rule.when.as_ref().map_or(Some(Vec::new()), |when| when.holds(self, known))?;
            Some(Held { rule, facts, said })
        };
        RULES.iter().enumerate().filter_map(held).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wording_reads() {
        for said in rules().iter().flat_map(|rule| [rule.said, rule.unsaid]).flatten() {
            for wording in said.split(['|', '\n']) {
                assert!(Wordings::read(std::iter::once((0, wording))).is_some(), "{wording}");
            }
        }
    }
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
        let unread = FILES.iter().flat_map(|text| text.split("[[rule]]").skip(1)).find(|block| Inference::read(block).is_none());
        assert_eq!(unread, None);
        let ids: BTreeSet<&str> = rules().iter().map(|rule| rule.id).collect();
        assert_eq!((rules().len(), ids.len()), (blocks, blocks));
        let (vocabulary, codes) = (province::vocabulary(), lexicon::codes());
        for rule in rules() {
            let terms = rule.terms.iter().map(|(term, _)| term).chain(&rule.not_here).chain(&rule.never);
            for term in terms {
                assert!(term.is_leaf() && vocabulary.term(term).is_some(), "{} names {term}", rule.id);
            }
            assert!(rule.terms.iter().all(|(_, score)| (1..=1000).contains(score)), "{}", rule.id);
            assert!(rule.when.is_some() || rule.said.is_some(), "{} always holds", rule.id);
            for code in rule.when.iter().flat_map(Condition::codes) {
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
