//! Who gets which place: an assignment of the greatest total value, exact.
//!
//! Needs come in one after the other. Each takes the cheapest way to a free place, and those in its
//! way move on to their next best, along shortest augmenting paths with prices (the Hungarian
//! method on a sparse matrix). Staying without a place counts 0. The price of an offer is what one
//! more place of it would add. Source: `docs/MATCHING.md`, "Allocation".

use std::{cmp::Reverse, collections::BinaryHeap};

/// Which needs may use which offers, as rows of a sparse matrix: need `n` may use
/// `offers[start[n]..start[n + 1]]` with the values beside them.
#[derive(Debug, Clone, Default)]
pub struct Instance {
    /// Where the row of each need starts, and the end of the last.
    pub start: Vec<usize>,
    /// Offers.
    pub offers: Vec<usize>,
    /// Values; one of 0 or less is never chosen.
    pub values: Vec<i64>,
    /// How many needs each offer can take.
    pub places: Vec<u32>,
}

/// Who got what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assignment {
    /// The offer of each need.
    pub choice: Vec<Option<usize>>,
    /// The price of each offer; 0 where a place stays free.
    pub prices: Vec<i64>,
}

impl Instance {
    /// An assignment of the greatest total value.
    ///
    /// # Panics
    /// When an offer is named that has no row in `places`.
    #[must_use]
    pub fn assign(&self) -> Assignment {
        let needs = self.start.len().saturating_sub(1);
        let mut search = Search {
            instance: self,
            choice: vec![None; needs],
            gain: vec![0; needs],
            prices: vec![0; self.places.len()],
            takers: vec![Vec::new(); self.places.len()],
            reached: vec![None; self.places.len()],
        };
        (0..needs).for_each(|need| search.insert(need));
        Assignment { choice: search.choice, prices: search.prices }
    }

    /// The best offer that is left for each need in turn: what comes of it without an assignment.
    #[must_use]
    pub fn in_turn(&self) -> Vec<Option<usize>> {
        let mut left = self.places.clone();
        let needs = self.start.len().saturating_sub(1);
        let take = |need: usize| {
            let row = self.start[need]..self.start[need + 1];
            let free = row.filter(|at| left[self.offers[*at]] > 0 && self.values[*at] > 0);
            let offer = free.max_by_key(|at| (self.values[*at], Reverse(*at))).map(|at| self.offers[at])?;
            left[offer] -= 1;
            Some(offer)
        };
        (0..needs).map(take).collect()
    }
}

/// How an offer was reached.
#[derive(Debug, Clone, Copy)]
struct Reached {
    distance: i64,
    from: usize,
    settled: bool,
}

/// Where a path ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    /// At an offer.
    Offer(usize),
    /// A need goes without.
    Without(usize),
}

struct Search<'a> {
    instance: &'a Instance,
    choice: Vec<Option<usize>>,
    /// What each need gains, net of the price.
    gain: Vec<i64>,
    prices: Vec<i64>,
    takers: Vec<Vec<usize>>,
    reached: Vec<Option<Reached>>,
}

impl Search<'_> {
    fn row(&self, need: usize) -> impl Iterator<Item = (usize, i64)> + use<'_> {
        let row = self.instance.start[need]..self.instance.start[need + 1];
        let usable = |(offer, value): &(usize, i64)| *value > 0 && self.instance.places[*offer] > 0;
        row.map(|at| (self.instance.offers[at], self.instance.values[at])).filter(usable)
    }

    /// Brings a need in: settles offers by distance until a place is free or somebody goes without.
    fn insert(&mut self, need: usize) {
        self.gain[need] = self.row(need).map(|(offer, value)| value - self.prices[offer]).fold(0, i64::max);
        let mut heap = BinaryHeap::new();
        let mut tree = vec![(need, 0)];
        let mut seen = Vec::new();
        self.reach(need, 0, &mut heap, &mut seen);
        while let Some(Reverse((distance, end))) = heap.pop() {
            let offer = match end {
                End::Offer(offer) => offer,
                End::Without(last) => {
                    self.reprice(distance, &tree, &seen);
                    let left = self.choice[last].take();
                    self.shift(need, last, left);
                    break;
                }
            };
            let Some(Reached { settled: false, .. }) = self.reached[offer] else { continue };
            if self.takers[offer].len() < self.instance.places[offer] as usize {
                self.reprice(distance, &tree, &seen);
                self.give(need, offer);
                break;
            }
            if let Some(reached) = &mut self.reached[offer] {
                reached.settled = true;
            }
            for taker in self.takers[offer].clone() {
                tree.push((taker, distance));
                self.reach(taker, distance, &mut heap, &mut seen);
            }
        }
        seen.into_iter().for_each(|offer| self.reached[offer] = None);
    }

    /// Reaches the offers of a need that is in the tree at a distance.
    fn reach(&mut self, need: usize, distance: i64, heap: &mut BinaryHeap<Reverse<(i64, End)>>, seen: &mut Vec<usize>) {
        heap.push(Reverse((distance + self.gain[need], End::Without(need))));
        let row = self.instance.start[need]..self.instance.start[need + 1];
        for at in row {
            let (offer, value) = (self.instance.offers[at], self.instance.values[at]);
            if value <= 0 || self.instance.places[offer] == 0 {
                continue;
            }
            let farther = distance + self.gain[need] + self.prices[offer] - value;
            match self.reached[offer] {
                Some(known) if known.settled || known.distance <= farther => continue,
                Some(_) => {}
                None => seen.push(offer),
            }
            self.reached[offer] = Some(Reached { distance: farther, from: need, settled: false });
            heap.push(Reverse((farther, End::Offer(offer))));
        }
    }

    /// Raises prices by how much nearer than the end an offer was.
    fn reprice(&mut self, end: i64, tree: &[(usize, i64)], seen: &[usize]) {
        for (need, distance) in tree {
            self.gain[*need] -= end - distance;
        }
        for offer in seen {
            if let Some(Reached { distance, settled: true, .. }) = self.reached[*offer] {
                self.prices[*offer] += end - distance;
            }
        }
    }

    /// Gives an offer to the need that reached it, and that need's offer on, back to the first.
    fn give(&mut self, first: usize, offer: usize) {
        let Some(Reached { from, .. }) = self.reached[offer] else { return };
        let left = self.choice[from].replace(offer);
        self.takers[offer].push(from);
        self.shift(first, from, left);
    }

    /// A need has left an offer: whoever reached that offer takes it.
    fn shift(&mut self, first: usize, need: usize, left: Option<usize>) {
        let Some(left) = left else { return };
        self.takers[left].retain(|taker| *taker != need);
        if need != first {
            self.give(first, left);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The greatest total by trying everything.
    fn brute(instance: &Instance, need: usize, left: &mut Vec<u32>) -> i64 {
        if need + 1 == instance.start.len() {
            return 0;
        }
        let mut best = brute(instance, need + 1, left);
        for at in instance.start[need]..instance.start[need + 1] {
            let offer = instance.offers[at];
            if left[offer] > 0 {
                left[offer] -= 1;
                best = best.max(instance.values[at] + brute(instance, need + 1, left));
                left[offer] += 1;
            }
        }
        best
    }

    fn instance() -> impl Strategy<Value = Instance> {
        let places = prop::collection::vec(0..3_u32, 1..5);
        places.prop_flat_map(|places| {
            let rows = prop::collection::vec(prop::collection::vec(0..40_i64, places.len()), 0..7);
            (Just(places), rows).prop_map(|(places, rows)| {
                let mut instance = Instance { start: vec![0], places, ..Instance::default() };
                for row in rows {
                    for (offer, value) in row.into_iter().enumerate().filter(|(_, value)| *value > 8) {
                        instance.offers.push(offer);
                        instance.values.push(value);
                    }
                    instance.start.push(instance.offers.len());
                }
                instance
            })
        })
    }

    fn total(instance: &Instance, choice: &[Option<usize>]) -> i64 {
        let value = |(need, offer): (usize, &Option<usize>)| {
            let row = instance.start[need]..instance.start[need + 1];
            row.filter(|at| Some(instance.offers[*at]) == *offer).map(|at| instance.values[at]).sum::<i64>()
        };
        choice.iter().enumerate().map(value).sum()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(crate::policy::sample::cases()))]

        #[test]
        fn the_assignment_finds_the_greatest_total_and_gives_no_place_twice(instance in instance()) {
            let Assignment { choice, prices } = instance.assign();
            prop_assert_eq!(total(&instance, &choice), brute(&instance, 0, &mut instance.places.clone()));
            for (offer, places) in instance.places.iter().enumerate() {
                let taken = choice.iter().filter(|chosen| **chosen == Some(offer)).count();
                prop_assert!(taken <= *places as usize && prices[offer] >= 0 && (taken == *places as usize || prices[offer] == 0));
            }
        }
    }
}
