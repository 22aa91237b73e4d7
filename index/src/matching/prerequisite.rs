//! What comes before what: public rules of kind `prerequisite`.
//!
//! Where one holds and says yes, its terms come before the term it names: the need says what it
//! waits for, and a prerequisite that nobody named is added beside it. The rank by score stays.
//! Source: `docs/MATCHING.md`, "Prerequisites".

use std::collections::BTreeSet;

use thiserror::Error;

use super::{Case, PublicRule, PublicRuleKind, Setting, forbid::in_force};
use crate::{
    code::{DivisionCode, TermCode},
    reading::{Person, Reading},
    rule::{Facts, Paper},
    vocabulary::{ReadNeed, Why},
};

/// Rules of which each waits for the next.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("prerequisites go round in a circle: {}", .terms.iter().map(ToString::to_string).collect::<Vec<_>>().join(" → "))]
pub struct Cycle {
    /// The terms in their order; the last is the first again.
    pub terms: Vec<TermCode>,
}

/// Checks that no rules in force in one place wait for each other.
///
/// # Errors
/// [`Cycle`], naming the terms, where they do.
pub fn check_order(rules: &[PublicRule]) -> Result<(), Cycle> {
    let rules: Vec<&PublicRule> = rules.iter().filter(|rule| rule.kind == PublicRuleKind::Prerequisite && rule.before.is_some()).collect();
    let places: BTreeSet<&DivisionCode> = rules.iter().map(|rule| &rule.division).collect();
    for place in places {
        let there: Vec<&PublicRule> = rules.iter().copied().filter(|rule| rule.division.contains(place)).collect();
        let standing: Vec<&PublicRule> = there.iter().copied().filter(|rule| !there.iter().any(|other| other.replaces(rule))).collect();
        let mut clear: BTreeSet<&str> = BTreeSet::new();
        for rule in &standing {
            let mut path = Vec::new();
            follow(rule, &standing, &mut path, &mut clear)?;
        }
    }
    Ok(())
}

/// Follows what waits for the term of a rule; `clear` are rules that lead into no circle.
fn follow<'a>(
    rule: &'a PublicRule,
    rules: &[&'a PublicRule],
    path: &mut Vec<&'a PublicRule>,
    clear: &mut BTreeSet<&'a str>,
) -> Result<(), Cycle> {
    if clear.contains(rule.id.as_str()) {
        return Ok(());
    }
    if let Some(at) = path.iter().position(|known| known.id == rule.id) {
        let mut terms: Vec<TermCode> = path[at..].iter().filter_map(|rule| rule.before.clone()).collect();
        terms.extend(terms.first().cloned());
        return Err(Cycle { terms });
    }
    path.push(rule);
    let before = rule.before.as_ref().expect("only rules with a term after them are followed");
    for next in rules.iter().filter(|next| next.terms.iter().any(|term| term.covers(before) || before.covers(term))) {
        follow(next, rules, path, clear)?;
    }
    path.pop();
    clear.insert(&rule.id);
    Ok(())
}

/// The prerequisites in force for one case.
pub(super) struct Order<'a> {
    rules: Vec<&'a PublicRule>,
}

impl<'a> Order<'a> {
    /// Those that say yes, by the facts stated and the papers that the text says are held or missing.
    pub(super) fn new(case: &Case, setting: &Setting<'a>, facts: &Facts, reading: &Reading) -> Self {
        let mut facts = facts.clone();
        for (what, paper, held) in PAPERS {
            if reading.fact(Person::Child, what).is_some() || reading.fact(Person::Family, what).is_some() {
                facts.holds.entry(paper).or_insert(held);
            }
        }
        Self { rules: in_force(setting.public_rules, PublicRuleKind::Prerequisite, case, &facts) }
    }

    /// The terms among `all` that come before one.
    pub(super) fn before(&self, term: &TermCode, all: &[TermCode]) -> Vec<TermCode> {
        let first: BTreeSet<&TermCode> = self.of(term).flat_map(|rule| &rule.terms).collect();
        all.iter().filter(|other| *other != term && first.iter().any(|first| first.covers(other))).cloned().collect()
    }

    /// Adds prerequisites that are missing: beside what waits for them, or after the needs a person picked.
    pub(super) fn complete(&self, needs: &mut Vec<ReadNeed>, picked: bool) {
        let mut at = 0;
        while let Some(need) = needs.get(at).cloned() {
            for rule in self.of(&need.term).filter(|_| need.score >= LEAST) {
                for term in rule.terms.iter().filter(|term| term.is_leaf()) {
                    if needs.iter().any(|known| term.covers(&known.term)) {
                        continue;
                    }
                    let (from, to) = need.why.first().map_or((0, 0), Why::span);
                    let why = vec![Why::Rule { rule_id: rule.id.clone(), from, to }];
                    let missing = ReadNeed { term: term.clone(), score: need.score, why };
                    if picked { needs.push(missing) } else { needs.insert(at + 1, missing) }
                }
            }
            at += 1;
        }
    }

    fn of<'s>(&'s self, term: &'s TermCode) -> impl Iterator<Item = &'a PublicRule> + use<'s, 'a> {
        self.rules.iter().copied().filter(move |rule| rule.before.as_ref().is_some_and(|before| before.covers(term)))
    }
}

/// A need below this brings no prerequisite with it.
const LEAST: u16 = 500;

/// Papers of which a text says that they are held or missing.
const PAPERS: [(&str, Paper, bool); 8] = [
    ("unregistered", Paper::HouseholdRegister, false),
    ("no_certificate", Paper::DisabilityCertificate, false),
    ("certificate", Paper::DisabilityCertificate, true),
    ("no_diagnosis", Paper::DiagnosisReport, false),
    ("diagnosed", Paper::DiagnosisReport, true),
    ("no_permit", Paper::ResidencePermit, false),
    ("permit", Paper::ResidencePermit, true),
    ("dibao", Paper::Dibao, true),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(id: &str, division: &str, terms: &str, before: &str, overrides: &str) -> PublicRule {
        let json = serde_json::json!({
            "id": id, "division": division, "kind": "prerequisite", "terms": [terms], "before": before, "eligibility": {"all": []},
            "overrides": if overrides.is_empty() { None } else { Some(overrides) },
        });
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn rules_that_wait_for_each_other_are_refused_with_their_terms() {
        let rules =
            [rule("a", "32", "IDD-01", "EDU-02", ""), rule("b", "32", "EDU-02", "ECO-03", ""), rule("c", "3201", "ECO-03", "IDD-01", "")];
        assert_eq!(check_order(&rules[..2]), Ok(()));
        let cycle = check_order(&rules).unwrap_err();
        assert_eq!(cycle.terms.len(), 4);
        assert!(cycle.to_string().starts_with("prerequisites go round in a circle: "), "{cycle}");
        for term in ["IDD-01", "EDU-02", "ECO-03"] {
            assert!(cycle.to_string().contains(term));
        }
    }

    #[test]
    fn a_group_stands_for_its_leaves_in_a_circle() {
        let rules = [rule("a", "32", "IDD-01", "EDU", ""), rule("b", "32", "EDU-02", "IDD-01", "")];
        assert!(check_order(&rules).is_err());
        assert!(check_order(&[rule("self", "32", "EDU-02", "EDU-02", "")]).is_err());
    }

    #[test]
    fn rules_of_different_places_and_replaced_ones_make_no_circle() {
        let apart = [rule("a", "3201", "IDD-01", "EDU-02", ""), rule("b", "3202", "EDU-02", "IDD-01", "")];
        assert_eq!(check_order(&apart), Ok(()));
        let turned = [rule("a", "32", "IDD-01", "EDU-02", ""), rule("b", "3202", "EDU-02", "IDD-01", "a")];
        assert_eq!(check_order(&turned), Ok(()));
    }
}
