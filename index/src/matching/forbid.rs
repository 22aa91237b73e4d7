//! What is never proposed, and what the state pays.
//!
//! Long-term guardianship, adoption and special schooling are decisions of an authority; between a
//! child and who harms it nobody mediates. Public rules of kind `forbid` add to that, those of kind
//! `entitlement` lower a fee. Source: `docs/MATCHING.md`, "Forbidden"; the law is in the notes of
//! the taxonomy.

use super::{Case, PublicRule, PublicRuleKind, Setting, needs::Read};
use crate::{
    code::TermCode,
    entry::{Entry, Fee},
    language::Language,
    rule::{Facts, Verdict},
};

/// Terms that only an authority decides on.
const DECISIONS: [&str; 3] = ["GUA-05", "GUA-07", "BEH-03"];

/// Whether only an authority decides on a term: long-term guardianship, adoption, special schooling. It is never a plain referral.
#[must_use]
pub fn is_decision(term: &TermCode) -> bool {
    DECISIONS.contains(&term.as_str())
}

/// Mediation by its term.
const MEDIATION: &str = "LAW-09";
/// A dispute that is often mediated, but need not be.
const DISPUTE: &str = "LAW-04";
/// Kinds of body that mediate.
const MEDIATORS: [&str; 2] = ["调解组织", "司法所"];

/// The prohibitions that hold for one case.
pub(super) struct Forbidden<'a> {
    case: &'a Case,
    /// Whether mediation is out of the question.
    no_mediation: bool,
    rules: Vec<&'a PublicRule>,
    entitlements: Vec<&'a PublicRule>,
}

impl<'a> Forbidden<'a> {
    pub(super) fn new(case: &'a Case, read: &Read, setting: &Setting<'a>, facts: &Facts) -> Self {
        let holding = |kind: PublicRuleKind| in_force(setting.public_rules, kind, case, facts);
        Self {
            case,
            // Who forbids mediation forbids mediators: a case with a duty to report says so without a word of its text.
            no_mediation: read.violent() || case.forbid.iter().any(|term| term.as_str() == MEDIATION),
            rules: holding(PublicRuleKind::Forbid),
            entitlements: holding(PublicRuleKind::Entitlement),
        }
    }

    /// Whether the case itself forbids a term.
    fn by_case(&self, term: &TermCode) -> bool {
        self.case.forbid.iter().any(|forbidden| forbidden.covers(term))
    }

    /// Whether a term may not be proposed at all.
    pub(super) fn term(&self, term: &TermCode) -> bool {
        self.by_case(term) || self.law(term, Language::default()).is_some()
    }

    /// Why the law keeps a term from being proposed.
    pub(super) fn law(&self, term: &TermCode, language: Language) -> Option<String> {
        if is_decision(term) {
            let text = language.of("须由有关部门依法决定，不能直接转介", "decided by an authority, never a plain referral");
            return Some(text.to_owned());
        }
        if self.no_mediation && term.as_str() == MEDIATION {
            let text = language.of("存在暴力或侵害，不得调解", "no mediation where there is violence or abuse");
            return Some(text.to_owned());
        }
        let rule = self.rules.iter().find(|rule| rule.terms.iter().any(|forbidden| forbidden.covers(term)))?;
        let named = if rule.source.is_empty() { &rule.id } else { &rule.source };
        Some(match language {
            Language::Zh => format!("规定不允许（{named}）"),
            Language::En => format!("not allowed by {named}"),
        })
    }

    /// Whether an entry may not be proposed for a need.
    pub(super) fn entry(&self, entry: &Entry, need: &TermCode, term: &TermCode) -> bool {
        let mediates = || {
            need.as_str() == DISPUTE
                && (entry.terms.iter().any(|own| own.as_str() == MEDIATION) || MEDIATORS.contains(&entry.kind.as_str()))
        };
        self.term(term) || (self.no_mediation && mediates())
    }

    /// Whether the family avoids the organisation.
    pub(super) fn avoided(&self, entry: &Entry) -> bool {
        self.case.avoid.contains(&entry.organization)
    }

    /// The lowest fee that the state grants for a term.
    pub(super) fn granted(&self, term: &TermCode) -> Option<&Fee> {
        let granting = self.entitlements.iter().filter(|rule| rule.terms.iter().any(|granted| granted.covers(term)));
        granting.filter_map(|rule| rule.fee.as_ref()).min_by_key(|fee| (fee.level, fee.amount().unwrap_or(i64::MAX)))
    }
}

/// The rules of a kind that hold where and when the child is and say yes. A narrower division's rule replaces the wider
/// one it names, whatever it says of this child; rules that name none stand side by side, and the lowest fee counts.
pub(super) fn in_force<'a>(rules: &'a [PublicRule], kind: PublicRuleKind, case: &Case, facts: &Facts) -> Vec<&'a PublicRule> {
    let there: Vec<&PublicRule> = rules.iter().filter(|rule| rule.kind == kind && holds(rule, case, facts)).collect();
    let replaced = |rule: &PublicRule| there.iter().any(|other| other.replaces(rule));
    let standing = there.iter().copied().filter(|rule| !replaced(rule));
    standing.filter(|rule| rule.eligibility.verdict(facts) == Verdict::Yes).collect()
}

impl PublicRule {
    /// Whether it stands in for a rule: it names it, and its division lies in the other's.
    #[must_use]
    pub fn replaces(&self, wider: &Self) -> bool {
        let narrower = self.division != wider.division && wider.division.contains(&self.division);
        narrower && self.kind == wider.kind && self.overrides.as_ref() == Some(&wider.id)
    }
}

/// Whether a rule holds where and when the child is. Where no place is known those of the whole province hold.
fn holds(rule: &PublicRule, case: &Case, facts: &Facts) -> bool {
    let there = case.division().map_or(rule.division.as_str().len() == 2, |place| rule.division.contains(place));
    let from = rule.valid_from.is_none_or(|from| from <= facts.day);
    let to = rule.valid_to.is_none_or(|to| facts.day <= to);
    there && from && to
}
