//! Whether the rules let the child in: the gate. What an open rule costs is in [`super::chance`].
//!
//! `no` keeps the service out; `ask` keeps what is open, one atom each. Rules or areas that a
//! listing does not state count as one open atom each. Source: `docs/MATCHING.md`, "Rules".

use crate::{
    entry::Entry,
    rule::{Atom, Facts, Rule, Test, Verdict},
};

/// Something that is not known and decides.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Open {
    /// A fact of the child.
    Fact(Atom),
    /// The listing states no rules: the provider is asked, once for everybody.
    UnstatedRules,
    /// The listing states no areas.
    UnstatedAreas,
}

/// What the gate says of an entry.
#[derive(Debug, Clone)]
pub(crate) struct Gate {
    pub(crate) verdict: Verdict,
    /// Empty unless the verdict is `ask`.
    pub(crate) open: Vec<Open>,
}

/// Judges an entry for these facts.
pub(crate) fn gate(entry: &Entry, facts: &Facts) -> Gate {
    let rules = entry.eligibility.as_ref().map_or(Verdict::Ask, |rule| rule.verdict(facts));
    let areas = areas(entry).map_or(Verdict::Ask, |test| test.verdict(facts));
    let verdict = rules.min(areas);
    let mut open = Vec::new();
    if verdict == Verdict::Ask {
        match &entry.eligibility {
            None => open.push(Open::UnstatedRules),
            Some(rule) => open.extend(rule.evaluate(facts).unresolved.into_iter().cloned().map(Open::Fact)),
        }
        match self::areas(entry) {
            None => open.push(Open::UnstatedAreas),
            Some(test) if areas == Verdict::Ask => open.push(Open::Fact(Atom { test, class: None, note: None })),
            Some(_) => {}
        }
        open.dedup();
    }
    Gate { verdict, open }
}

/// The areas of an entry as a test of residence; none where they are not stated.
fn areas(entry: &Entry) -> Option<Test> {
    (!entry.areas.is_empty()).then(|| Test::Residence(entry.areas.clone()))
}

/// Everything an entry asks, as one rule.
pub(crate) fn whole(entry: &Entry) -> Rule {
    let areas = areas(entry).map(Rule::test);
    Rule::All(entry.eligibility.iter().cloned().chain(areas).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::province;

    #[test]
    fn what_a_listing_does_not_state_is_asked_of_the_provider() {
        let gate = gate(&province::entry("a"), &Facts::default());
        assert_eq!(gate.verdict, Verdict::Ask);
        assert_eq!(gate.open, [Open::UnstatedRules, Open::UnstatedAreas]);
    }
}
