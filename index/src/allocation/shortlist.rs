//! The few best choices of a need, remembered between its bids.
//!
//! Prices in an auction only rise, so what a choice was worth at the last full look is all it can be
//! worth now. As long as two of the remembered ones are worth no less than the best of the others
//! was then, they are the best two, and the other pairs need not be read.

use super::{instance::NONE, values::Values};

/// How many choices are remembered.
const KEPT: usize = 4;

/// One choice of a need.
#[derive(Clone, Copy)]
pub(super) struct Choice {
    pub(super) service: u32,
    pub(super) pair: u32,
    value: i64,
}

/// A need's best choices at its last full look.
#[derive(Clone, Copy)]
pub(super) struct Shortlist {
    choices: [Choice; KEPT],
    /// The best net value of any other choice then, at least 0.
    rest: i64,
}

/// What a need bids on.
pub(super) struct Best {
    pub(super) choice: Choice,
    /// By how much it beats the second best, or staying unserved.
    pub(super) lead: i64,
}

impl Shortlist {
    /// Nothing remembered: the first use looks at everything.
    pub(super) const UNKNOWN: Self = Self { choices: [Choice { service: NONE, pair: NONE, value: 0 }; KEPT], rest: i64::MAX };

    /// The best choice at these prices; nothing where it is no better than staying unserved.
    pub(super) fn best(&mut self, values: &Values<'_>, need: u32, price: &[i64]) -> Option<Best> {
        let (mut best, mut second) = self.best_two(price);
        if second.1 < self.rest {
            *self = Self::look(values, need, price);
            (best, second) = self.best_two(price);
        }
        best.0.map(|at| Best { choice: self.choices[at], lead: best.1 - second.1 })
    }

    /// The two best of those remembered, each at least as good as staying unserved.
    fn best_two(&self, price: &[i64]) -> ((Option<usize>, i64), (Option<usize>, i64)) {
        let (mut best, mut second) = ((None, 0), (None, 0));
        for (at, choice) in self.choices.iter().enumerate() {
            if choice.service == NONE {
                break;
            }
            let net = choice.value - price[choice.service as usize];
            if net > best.1 {
                (second, best) = (best, (Some(at), net));
            } else if net > second.1 {
                second = (Some(at), net);
            }
        }
        (best, second)
    }

    fn look(values: &Values<'_>, need: u32, price: &[i64]) -> Self {
        let mut list = Self { rest: 0, ..Self::UNKNOWN };
        let mut nets = [0; KEPT];
        for (pair, service, value) in values.pairs(need) {
            let net = value - price[service as usize];
            if net <= nets[KEPT - 1] {
                list.rest = list.rest.max(net);
                continue;
            }
            list.rest = list.rest.max(nets[KEPT - 1]);
            let mut at = KEPT - 1;
            while at > 0 && nets[at - 1] < net {
                (nets[at], list.choices[at]) = (nets[at - 1], list.choices[at - 1]);
                at -= 1;
            }
            (nets[at], list.choices[at]) = (net, Choice { service, pair, value });
        }
        list
    }
}
