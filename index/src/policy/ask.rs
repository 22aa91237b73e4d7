//! Which question to a family is worth asking.
//!
//! `V(f) = sum over answers v of P(v) * max_s EU(s | f = v) - max_s EU(s)`, with `P(v)` the share
//! of the answer among the needs seen so far; asked where it exceeds 0.02, once.
//! Source: `docs/MATCHING.md`, "Which question to ask".

use std::collections::BTreeSet;

use super::{
    directory::Directory,
    protocol::{Key, Need, Question},
    rules::{Chances, Fact, takes},
    value::Pair,
};

/// The least gain for which a family is asked.
const WORTH: f64 = 0.02;

/// What families have said and been asked.
#[derive(Debug, Clone, Default)]
pub(super) struct Said {
    counted: BTreeSet<(Key, Question)>,
    asked: BTreeSet<(Key, Question)>,
}

impl Said {
    /// Counts what is known of a need, once.
    pub(super) fn count(&mut self, need: &Need, chances: &mut Chances) {
        if let Some(own) = &need.households
            && self.counted.insert((need.id.clone(), Question::Households))
        {
            own.keys().iter().for_each(|own| chances.answered(Fact::Household(own.clone())));
        }
        if let Some(own) = &need.hukou
            && self.counted.insert((need.id.clone(), Question::Hukou))
        {
            chances.answered(Fact::Registered(own == "local"));
        }
    }

    /// The questions worth asking of a need.
    pub(super) fn questions(&mut self, need: &Need, pairs: &[Pair], directory: &Directory, chances: &Chances) -> Vec<Question> {
        let worth = |question: &Question| value(*question, pairs, directory, chances) > WORTH;
        let worth: Vec<Question> = [Question::Households, Question::Hukou].into_iter().filter(worth).collect();
        worth.into_iter().filter(|question| self.asked.insert((need.id.clone(), *question))).collect()
    }
}

/// `V(f)`.
fn value(question: Question, pairs: &[Pair], directory: &Directory, chances: &Chances) -> f64 {
    let all: f64 = chances.families(question).map(|(_, count)| count).sum();
    if all == 0.0 || !pairs.iter().any(|pair| pair.open.depends_on(question)) {
        return 0.0;
    }
    let utility = |pair: &Pair, answer: &Fact| {
        let now = pair.factors.product();
        let settled = match question {
            _ if !pair.open.depends_on(question) => return now,
            _ if !takes(&directory.services()[pair.service].service, answer) => return 0.0,
            Question::Households => pair.entry.households,
            Question::Hukou => pair.entry.hukou,
        };
        now / pair.factors.e * (pair.factors.e / settled).min(1.0)
    };
    let best = |answer: &Fact| pairs.iter().map(|pair| utility(pair, answer)).fold(0.0, f64::max);
    let now = pairs.iter().map(|pair| pair.factors.product()).fold(0.0, f64::max);
    chances.families(question).map(|(answer, count)| count / all * best(answer)).sum::<f64>() - now
}
