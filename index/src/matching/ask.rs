//! Which question is worth asking.
//!
//! `V(f) = sum over answers v of P(v) * max_s EU(s | f = v) - max_s EU(s)`, in thousandths: what the
//! best choice gains on average by knowing. An open test turns out well with the prior 0.70; where
//! it does not, the services that depend on it are judged anew. What a listing does not state
//! settles that one service. At most three questions a service.
//! Source: `docs/MATCHING.md`, "Which question to ask".

use super::{
    answer::Ask,
    chance::{CHANCE, chance},
    propose::{Weighed, worded},
    rates::Rates,
    rules::{self, Open},
    utility::thousandths,
};
use crate::{
    language::Language,
    rule::{Facts, Test, Verdict, words::Names},
};

/// How many of the best services are judged anew.
const DEEP: usize = 30;
/// Questions shown for one service.
const MOST: usize = 3;

/// What each open test is worth.
#[derive(Debug, Default)]
pub(super) struct Worth {
    tests: Vec<(Test, u16)>,
    /// The utilities of the best service and the next.
    best: f64,
    next: f64,
}

impl Worth {
    /// The worth of every test that the best services leave open.
    pub(super) fn of(ranked: &[Weighed<'_>], facts: &Facts, rates: &Rates) -> Self {
        let best = &ranked[..ranked.len().min(DEEP)];
        let now = best.iter().map(|weighed| weighed.factors.product()).fold(0.0, f64::max);
        let mut tests: Vec<(Test, u16)> = Vec::new();
        for open in best.iter().flat_map(|weighed| &weighed.gate.open) {
            let Open::Fact(atom) = open else { continue };
            if tests.iter().any(|(test, _)| *test == atom.test) {
                continue;
            }
            let given = |verdict| {
                let after = best.iter().map(|weighed| utility_given(weighed, &atom.test, verdict, facts, rates));
                after.fold(0.0, f64::max)
            };
            let value = CHANCE * given(Verdict::Yes) + (1.0 - CHANCE) * given(Verdict::No) - now;
            tests.push((atom.test.clone(), thousandths(value)));
        }
        let next = best.iter().map(|weighed| weighed.factors.product()).filter(|product| *product < now);
        Self { tests, best: now, next: next.fold(0.0, f64::max) }
    }

    /// The worth of settling something that a service of this utility leaves open.
    fn of_open(&self, open: &Open, utility: f64) -> u16 {
        match open {
            Open::Fact(atom) => self.tests.iter().find(|(test, _)| *test == atom.test).map_or(0, |(_, value)| *value),
            Open::UnstatedRules | Open::UnstatedAreas => {
                let others = if utility < self.best { self.best } else { self.next };
                thousandths(CHANCE * others.max(utility / CHANCE) + (1.0 - CHANCE) * others - self.best)
            }
        }
    }
}

/// The utility of a service were one test known.
fn utility_given(weighed: &Weighed<'_>, known: &Test, verdict: Verdict, facts: &Facts, rates: &Rates) -> f64 {
    let depends = weighed.gate.open.iter().any(|open| matches!(open, Open::Fact(atom) if atom.test == *known));
    if !depends {
        return weighed.factors.product();
    }
    let rule = rules::whole(&weighed.item.entry);
    let truth = |test: &Test| if test == known { verdict } else { test.verdict(facts) };
    let open = match rule.verdict_by(&truth) {
        Verdict::No => return 0.0,
        Verdict::Yes => 0,
        Verdict::Ask => weighed.gate.open.len() - 1,
    };
    let unstated = weighed.gate.open.iter().filter(|open| !matches!(open, Open::Fact(_))).count();
    let e = chance(rates.passed.get(&weighed.item.entry.service), open.max(unstated));
    weighed.factors.product() / weighed.factors.e * e
}

/// The questions of a service, the most useful first.
pub(super) fn questions(open: &[Open], utility: f64, worth: &Worth, language: Language, names: &impl Names) -> Vec<Ask> {
    let mut asks: Vec<Ask> = open
        .iter()
        .map(|open| {
            let (fact, question) = worded(open, language, names);
            Ask { fact, question, value_of_information: worth.of_open(open, utility) }
        })
        .collect();
    asks.sort_by_key(|ask| std::cmp::Reverse(ask.value_of_information));
    asks.truncate(MOST);
    asks
}
