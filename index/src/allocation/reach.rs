//! Whether a group can have one place more at all: breadth first over the residual graph, costs aside.
//!
//! This is the maximum flow that ranks and floors rest on. A search that finds no way has seen every
//! node its group depends on, so the count it leaves is the largest there is.

use super::{
    instance::NONE,
    network::{Arc, Network},
};

/// The memory of a search.
pub(super) struct Seeker {
    /// The search that came to each node last.
    seen: Vec<u32>,
    search: u32,
    before: Vec<(u32, Arc)>,
    queue: Vec<u32>,
}

impl Seeker {
    pub(super) fn new(network: &Network<'_>) -> Self {
        let nodes = network.price.len();
        let nowhere = Arc { to: NONE, need: NONE, pair: NONE, cost: 0 };
        Self { seen: vec![0; nodes], search: 0, before: vec![(NONE, nowhere); nodes], queue: Vec::new() }
    }

    /// Serves more of a group until it is at its floor. False where it cannot be.
    pub(super) fn fill(&mut self, network: &mut Network<'_>, group: u32) -> bool {
        while network.load[group as usize] < network.limit[group as usize] {
            if !self.step(network, group) {
                return false;
            }
        }
        true
    }

    /// Serves one more of a group that is below its floor, if that can be.
    fn step(&mut self, network: &mut Network<'_>, group: u32) -> bool {
        let ground = network.ground();
        self.search += 1;
        self.seen[group as usize] = self.search;
        self.queue.clear();
        self.queue.push(group);
        let mut next = 0;
        while let Some(&node) = self.queue.get(next) {
            next += 1;
            network.arcs(node, |arc| {
                if self.seen[arc.to as usize] != self.search {
                    self.seen[arc.to as usize] = self.search;
                    self.before[arc.to as usize] = (node, arc);
                    self.queue.push(arc.to);
                }
            });
            if self.seen[ground as usize] == self.search {
                self.follow(network, group);
                return true;
            }
        }
        false
    }

    fn follow(&self, network: &mut Network<'_>, group: u32) {
        let mut node = network.ground();
        while node != group {
            let (before, arc) = self.before[node as usize];
            network.step(arc);
            node = before;
        }
    }
}
