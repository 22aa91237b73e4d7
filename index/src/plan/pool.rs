//! The best plans found so far, no two with the same services.

use super::{board::Board, draft::Draft};

/// Points beyond every plan that [`super::Board`] accepts.
pub(super) const BEYOND: i64 = 1 << 32;

/// The best few plans.
#[derive(Debug, Clone)]
pub(super) struct Pool {
    keep: usize,
    /// Dearer plans are not looked for yet.
    pub(super) ceiling: i64,
    /// Cheapest first; of equal ones the earlier offered.
    plans: Vec<(i64, Draft, Vec<usize>)>,
}

impl Pool {
    /// Keeps so many plans.
    pub(super) fn new(keep: usize) -> Self {
        Self { keep, ceiling: BEYOND, plans: Vec::with_capacity(keep + 1) }
    }

    /// A plan is worth finding if it costs less.
    pub(super) fn goal(&self) -> i64 {
        self.ceiling.min(self.worst())
    }

    /// What the last of the plans costs; far more than any where there is room for another.
    pub(super) fn worst(&self) -> i64 {
        if self.plans.len() < self.keep { BEYOND } else { self.plans.last().map_or(0, |(cost, ..)| *cost) }
    }

    /// Takes a plan in, if it breaks no rule and is better than what is there.
    pub(super) fn offer(&mut self, board: &Board, draft: Draft) {
        let Some(cost) = draft.sum(board).map(|sum| sum.cost) else { return };
        if cost >= self.worst() {
            return;
        }
        let services = draft.services(board);
        if let Some(same) = self.plans.iter().position(|(.., known)| *known == services) {
            if self.plans[same].0 <= cost {
                return;
            }
            self.plans.remove(same);
        }
        let place = self.plans.partition_point(|(known, ..)| *known <= cost);
        self.plans.insert(place, (cost, draft, services));
        self.plans.truncate(self.keep);
    }

    /// The plans, cheapest first.
    pub(super) fn drafts(&self) -> impl Iterator<Item = Draft> {
        self.plans.iter().map(|(_, draft, _)| *draft)
    }
}
