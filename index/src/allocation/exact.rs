//! From the auction's end to the optimum: the last step made exact.
//!
//! The auction leaves each need within one step of its best choice. Those that are not at it give
//! their places up, which leaves a tight state with as many needs to place as there are spare
//! places; each is placed the cheapest way (`route`), mostly back where it was at a distance of less
//! than a step. Spare places that are left are then filled the cheapest way from the other side:
//! who gains most by moving in, who gains most by moving after him, down to a place that costs
//! nothing. Every search keeps the state tight, so what comes out is an optimum.

use std::{cmp::Reverse, collections::BinaryHeap};

use super::{
    instance::NONE,
    network::Network,
    route::{From, Router},
};

/// Makes a state that is within a step of tight, tight.
pub(super) fn finish(network: &mut Network<'_>, doubtful: &[u32]) {
    let mut router = Router::new(network);
    let mut placeless = Vec::new();
    // All leave before the first is placed: a search needs every arc it may see to be tight.
    for &need in doubtful {
        if network.net(need) < network.best(need) {
            let service = network.service(need);
            network.remove(need);
            network.hold(service);
            placeless.push(need);
        }
    }
    for need in placeless {
        let placed = router.make_room(network, From::Need(need));
        debug_assert!(placed, "a need may always stay unserved");
    }
    let spare: Vec<u32> = (0..network.services()).filter(|&service| network.spare(service)).collect();
    if !spare.is_empty() {
        let mut filler = Filler::new(network);
        for service in spare {
            while network.spare(service) {
                filler.fill(network, service);
            }
        }
    }
}

/// Who could come to each service, and the memory of a search against the arcs.
struct Filler {
    start: Vec<u32>,
    /// Needs and their pairs, by service.
    comers: Vec<(u32, u32)>,
    distance: Vec<i64>,
    /// For each node the one it makes room at, and who would leave it for that.
    after: Vec<(u32, u32, u32)>,
    touched: Vec<u32>,
    queue: BinaryHeap<Reverse<(i64, u32)>>,
}

const FAR: i64 = i64::MAX;

impl Filler {
    fn new(network: &Network<'_>) -> Self {
        let nodes = network.price.len();
        let mut start = vec![0; network.services() as usize + 1];
        for &service in network.values.svc {
            start[service as usize + 1] += 1;
        }
        for service in 0..network.services() as usize {
            start[service + 1] += start[service];
        }
        let (mut next, mut comers) = (start.clone(), vec![(NONE, NONE); network.values.svc.len()]);
        for need in 0..network.values.needs() {
            for (pair, service, _) in network.values.pairs(need) {
                let at = &mut next[service as usize];
                comers[*at as usize] = (need, pair);
                *at += 1;
            }
        }
        let after = vec![(NONE, NONE, NONE); nodes];
        Self { start, comers, distance: vec![FAR; nodes], after, touched: Vec::new(), queue: BinaryHeap::new() }
    }

    /// Fills one spare place of a service, or finds that it is not worth its price and lowers that.
    fn fill(&mut self, network: &mut Network<'_>, service: u32) {
        for node in self.touched.drain(..) {
            self.distance[node as usize] = FAR;
        }
        self.queue.clear();
        let ground = network.ground();
        self.reach((NONE, NONE, NONE), service, 0);
        while let Some(Reverse((distance, node))) = self.queue.pop() {
            if distance > self.distance[node as usize] {
                continue;
            }
            if node == ground {
                for &node in &self.touched {
                    network.price[node as usize] -= (distance - self.distance[node as usize]).max(0);
                }
                network.release(service);
                self.follow(network);
                return;
            }
            if node < network.services() {
                self.comers_of_service(network, node, distance);
            } else {
                self.comers_of_org(network, node, distance);
            }
        }
        unreachable!("a place may always stay free");
    }

    /// Who could fill a place of a service: needs from elsewhere or unserved, or it stays free.
    fn comers_of_service(&mut self, network: &Network<'_>, service: u32, distance: i64) {
        let (price, above) = (network.price[service as usize], network.above(service));
        self.reach((service, NONE, NONE), above, distance + price - network.price[above as usize]);
        for at in self.start[service as usize]..self.start[service as usize + 1] {
            let (need, pair) = self.comers[at as usize];
            let gain = network.values.of(need, pair) - price;
            let from = network.service(need);
            if from == NONE {
                self.reach((service, need, pair), network.ground(), distance - gain);
            } else if from != service {
                self.reach((service, need, pair), from, distance + network.net(need) - gain);
            }
        }
    }

    /// Who could use a place of an organisation: a service of it with room, or it stays free.
    fn comers_of_org(&mut self, network: &Network<'_>, org: u32, distance: i64) {
        self.reach((org, NONE, NONE), network.ground(), distance + network.price[org as usize]);
        for &service in network.beneath(org) {
            if network.free(service) {
                let cost = network.price[org as usize] - network.price[service as usize];
                self.reach((org, NONE, NONE), service, distance + cost);
            }
        }
    }

    fn reach(&mut self, after: (u32, u32, u32), node: u32, distance: i64) {
        if distance >= self.distance[node as usize] {
            return;
        }
        if self.distance[node as usize] == FAR {
            self.touched.push(node);
        }
        self.distance[node as usize] = distance;
        self.after[node as usize] = after;
        self.queue.push(Reverse((distance, node)));
    }

    /// Moves every need of the way, the one into the spare place first.
    fn follow(&self, network: &mut Network<'_>) {
        let (mut moves, mut node) = (Vec::new(), network.ground());
        while node != NONE {
            let (after, need, pair) = self.after[node as usize];
            if need != NONE {
                moves.push((need, pair));
            }
            node = after;
        }
        for (need, pair) in moves.into_iter().rev() {
            if network.pair[need as usize] != NONE {
                network.remove(need);
            }
            network.place(need, pair);
        }
    }
}
