//! Which question to a family is worth asking.
//!
//! `V(f) = sum over answers v of P(v) * max_s EU(s | f = v) - max_s EU(s)`, with `P(v)` the share
//! of the answer among the needs seen so far; asked where it exceeds 0.02, once.
//! Source: `docs/MATCHING.md`, "Which question to ask".

use std::collections::{BTreeMap, BTreeSet};

use super::{
    directory::Directory,
    protocol::{Key, Need, Question, Several},
    value::{Pair, Standing},
};
use crate::matching::chance::chance;

/// The least gain for which a family is asked.
const WORTH: f64 = 0.02;

/// What families have said.
#[derive(Debug, Clone, Default)]
pub(super) struct Said {
    counted: BTreeSet<(Key, Question)>,
    households: BTreeMap<Key, f64>,
    local: f64,
    elsewhere: f64,
    asked: BTreeSet<(Key, Question)>,
}

impl Said {
    /// Counts what is known of a need, once.
    pub(super) fn count(&mut self, need: &Need) {
        if let Some(own) = &need.households
            && self.counted.insert((need.id.clone(), Question::Households))
        {
            own.keys().iter().for_each(|own| *self.households.entry(own.clone()).or_default() += 1.0);
        }
        if let Some(own) = &need.hukou
            && self.counted.insert((need.id.clone(), Question::Hukou))
        {
            *if own == "local" { &mut self.local } else { &mut self.elsewhere } += 1.0;
        }
    }

    /// The questions worth asking of a need.
    pub(super) fn questions(&mut self, need: &Need, pairs: &[Pair], directory: &Directory, standings: &[Standing]) -> Vec<Question> {
        let mut questions = Vec::new();
        for question in [Question::Households, Question::Hukou] {
            let value = match question {
                Question::Households => self.of_households(pairs, directory, standings),
                Question::Hukou => self.of_hukou(pairs, standings),
            };
            if value > WORTH && self.asked.insert((need.id.clone(), question)) {
                questions.push(question);
            }
        }
        questions
    }

    fn of_households(&self, pairs: &[Pair], directory: &Directory, standings: &[Standing]) -> f64 {
        let all: f64 = self.households.values().sum();
        if all == 0.0 || !pairs.iter().any(|pair| pair.open.households) {
            return 0.0;
        }
        let given = |own: &Key| {
            let takes = |pair: &Pair| {
                let taken = &directory.services()[pair.service].service.households;
                taken.as_ref().is_none_or(|taken: &Several| taken.keys().contains(own))
            };
            best_given(pairs, standings, Question::Households, takes)
        };
        self.households.iter().map(|(own, count)| count / all * given(own)).sum::<f64>() - best(pairs)
    }

    fn of_hukou(&self, pairs: &[Pair], standings: &[Standing]) -> f64 {
        let all = self.local + self.elsewhere;
        if all == 0.0 || !pairs.iter().any(|pair| pair.open.hukou) {
            return 0.0;
        }
        let local = best_given(pairs, standings, Question::Hukou, |_| true);
        let elsewhere = best_given(pairs, standings, Question::Hukou, |_| false);
        (self.local * local + self.elsewhere * elsewhere) / all - best(pairs)
    }
}

fn best(pairs: &[Pair]) -> f64 {
    pairs.iter().map(|pair| pair.factors.product()).fold(0.0, f64::max)
}

/// The best utility once an answer is known, which lets the child in where `takes` says so.
fn best_given(pairs: &[Pair], standings: &[Standing], question: Question, takes: impl Fn(&Pair) -> bool) -> f64 {
    let known = |pair: &Pair| {
        if !pair.open.depends_on(question) {
            return pair.factors.product();
        }
        if !takes(pair) {
            return 0.0;
        }
        let passed = standings[pair.service].passed();
        pair.factors.product() / pair.factors.e * chance(passed, pair.open.count() - 1)
    };
    pairs.iter().map(known).fold(0.0, f64::max)
}
