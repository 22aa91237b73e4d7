//! The cheapest way to make room, by Dijkstra over reduced costs, and the moves along it.
//!
//! A search begins at a need or a group that is one place short and ends at the ground or at a
//! spare place; then prices rise by what each node is nearer than the end, which keeps the state
//! tight, and the needs along the way move up. The cost of the way is what serving one more loses.

use std::{cmp::Reverse, collections::BinaryHeap};

use super::{
    instance::NONE,
    network::{Arc, Network},
};

/// Where a search begins.
#[derive(Debug, Clone, Copy)]
pub(super) enum From {
    /// A need without a place.
    Need(u32),
    /// The node of a group that is below its floor.
    Group(u32),
}

/// The memory of a search, kept between searches.
pub(super) struct Router {
    distance: Vec<i64>,
    /// The node before each, and the arc between them.
    before: Vec<(u32, Arc)>,
    touched: Vec<u32>,
    queue: BinaryHeap<Reverse<(i64, u32)>>,
}

/// Not reached.
const FAR: i64 = i64::MAX;
/// Before the node a search begins at.
const START: (u32, Arc) = (NONE, Arc { to: NONE, need: NONE, pair: NONE, cost: 0 });

impl Router {
    pub(super) fn new(network: &Network<'_>) -> Self {
        let nodes = network.price.len();
        Self { distance: vec![FAR; nodes], before: vec![START; nodes], touched: Vec::new(), queue: BinaryHeap::new() }
    }

    /// Makes room the cheapest way. False where there is none; then [`Router::reached`] is closed.
    pub(super) fn make_room(&mut self, network: &mut Network<'_>, from: From) -> bool {
        self.forget();
        let mut bound = FAR;
        match from {
            From::Need(need) => {
                let best = network.best(need);
                network.arcs_of(need, best, |arc| self.reach(network, NONE, 0, arc, &mut bound));
            }
            From::Group(node) => {
                self.distance[node as usize] = 0;
                self.before[node as usize] = START;
                self.touched.push(node);
                network.arcs(node, |arc| self.reach(network, node, 0, arc, &mut bound));
            }
        }
        while let Some(Reverse((distance, node))) = self.queue.pop() {
            if distance > self.distance[node as usize] {
                continue;
            }
            if ends(network, node) {
                for &node in &self.touched {
                    network.price[node as usize] += (distance - self.distance[node as usize]).max(0);
                }
                self.follow(network, node);
                return true;
            }
            network.arcs(node, |arc| self.reach(network, node, distance, arc, &mut bound));
        }
        false
    }

    /// The nodes the last search came to.
    pub(super) fn reached(&self) -> &[u32] {
        &self.touched
    }

    fn forget(&mut self) {
        for node in self.touched.drain(..) {
            self.distance[node as usize] = FAR;
        }
        self.queue.clear();
    }

    #[inline]
    fn reach(&mut self, network: &Network<'_>, before: u32, distance: i64, arc: Arc, bound: &mut i64) {
        let distance = distance + arc.cost;
        let known = self.distance[arc.to as usize];
        // What lies no nearer than an end that is known already is of no use.
        if distance >= known || distance >= *bound {
            return;
        }
        if known == FAR {
            self.touched.push(arc.to);
        }
        self.distance[arc.to as usize] = distance;
        self.before[arc.to as usize] = (before, arc);
        self.queue.push(Reverse((distance, arc.to)));
        if ends(network, arc.to) {
            *bound = distance;
        }
    }

    /// Moves every need of the way, the last one first, so that each finds its place empty.
    fn follow(&mut self, network: &mut Network<'_>, end: u32) {
        if end != network.ground() {
            network.release(end);
        }
        let mut node = end;
        while node != NONE {
            let (before, arc) = self.before[node as usize];
            network.step(arc);
            node = before;
        }
    }
}

fn ends(network: &Network<'_>, node: u32) -> bool {
    node == network.ground() || network.spare(node)
}
