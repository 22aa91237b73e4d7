//! The forward auction: needs bid for places from zero prices.
//!
//! A need without a place bids for its best service `price + (best - second best) + step`, values
//! net of price, the second best at least 0 (staying unserved). A service keeps its highest bids;
//! its price is the lowest of them once it is full, 0 before. Who is displaced bids next. Where an
//! organisation is full, the lowest bid of all its services gives way, and that is the price at each
//! of them that is not full itself: bids are kept as by a laminar matroid, whose largest basis they
//! are. Prices only rise, places that stay free keep price 0, and so every kept need is within one
//! step of its best choice. Source: D. P. Bertsekas, "Auction algorithms for network flow problems",
//! 1992; `docs/MATCHING.md`, "Allocation".

use super::{
    instance::{NONE, Services},
    lists::{Lists, index},
    shortlist::Shortlist,
    values::Values,
};

/// What the auction ends with.
pub(super) struct Outcome {
    /// The pair each need got, or [`NONE`].
    pub(super) pair: Vec<u32>,
    /// The price of each service.
    pub(super) price: Vec<i64>,
    /// The share of it that is the organisation's.
    pub(super) org_price: Vec<i64>,
    /// Needs that may sit up to one step below their best choice; all others sit at it.
    pub(super) doubtful: Vec<u32>,
}

/// A bid that is kept.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Bid {
    amount: i64,
    need: u32,
    pair: u32,
}

struct Auction<'a> {
    values: &'a Values<'a>,
    services: &'a Services,
    by_org: Lists,
    shortlists: Vec<Shortlist>,
    start: Vec<u32>,
    kept: Vec<u32>,
    bids: Vec<Bid>,
    price: Vec<i64>,
    org_kept: Vec<u32>,
    org_price: Vec<i64>,
}

/// Runs the auction to its end. `room` bounds the bids a service can ever keep.
pub(super) fn run(values: &Values<'_>, services: &Services, room: &[u32]) -> Outcome {
    let mut auction = Auction::new(values, services, room);
    let mut pair = vec![NONE; values.needs() as usize];
    // The displaced go to the front: they mostly win back a place nearby, and the memory is warm.
    let mut waiting: Vec<u32> = (0..values.needs()).rev().collect();
    while let Some(need) = waiting.pop() {
        let Some((bid, service)) = auction.bid(need) else { continue };
        pair[need as usize] = bid.pair;
        if let Some(displaced) = auction.keep(service, bid) {
            pair[displaced.need as usize] = NONE;
            waiting.push(displaced.need);
        }
    }
    auction.close(pair)
}

impl<'a> Auction<'a> {
    fn new(values: &'a Values<'a>, services: &'a Services, room: &[u32]) -> Self {
        let mut start = vec![0; room.len() + 1];
        for (service, room) in room.iter().enumerate() {
            start[service + 1] = start[service] + room;
        }
        let barred = |cap: u32| if cap == 0 { values.most } else { 0 };
        let org_price: Vec<i64> = services.org_cap.iter().map(|&cap| barred(cap)).collect();
        let own = services.cap.iter().zip(&services.org);
        // A place that does not exist has a price that nobody pays.
        let price = own.map(|(&cap, &org)| barred(cap).max(org_price.get(org as usize).copied().unwrap_or(0))).collect();
        Self {
            values,
            services,
            by_org: Lists::by(&services.org, services.org_cap.len()),
            shortlists: vec![Shortlist::UNKNOWN; values.needs() as usize],
            kept: vec![0; room.len()],
            bids: vec![Bid { amount: 0, need: NONE, pair: NONE }; start[room.len()] as usize],
            start,
            price,
            org_kept: vec![0; services.org_cap.len()],
            org_price,
        }
    }

    /// What a need bids, and for which service; nothing where it would rather stay unserved.
    fn bid(&mut self, need: u32) -> Option<(Bid, u32)> {
        let best = self.shortlists[need as usize].best(self.values, need, &self.price)?;
        let service = best.choice.service;
        let amount = self.price[service as usize] + best.lead + self.values.step;
        Some((Bid { amount, need, pair: best.choice.pair }, service))
    }

    /// Keeps a bid, and gives back the one that had to go for it.
    fn keep(&mut self, service: u32, bid: Bid) -> Option<Bid> {
        let org = self.services.org[service as usize];
        if self.full(service) {
            let displaced = std::mem::replace(&mut self.heap(service)[0], bid);
            sink(self.heap(service));
            self.reprice(service, org);
            return Some(displaced);
        }
        let displaced = if org != NONE && self.org_full(org) { Some(self.evict(org)) } else { None };
        self.kept[service as usize] += 1;
        let heap = self.heap(service);
        *heap.last_mut().expect("one was added") = bid;
        rise(heap);
        if org != NONE && displaced.is_none() {
            self.org_kept[org as usize] += 1;
        }
        self.reprice(service, org);
        displaced
    }

    /// Takes the lowest bid out of a full organisation.
    fn evict(&mut self, org: u32) -> Bid {
        let (lowest, at) = self.lowest(org).expect("a full organisation keeps bids");
        let heap = self.heap(at);
        let last = heap.len() - 1;
        heap.swap(0, last);
        sink(&mut heap[..last]);
        self.kept[at as usize] -= 1;
        lowest
    }

    fn lowest(&self, org: u32) -> Option<(Bid, u32)> {
        let services = self.by_org.of(org).iter().filter(|&&service| self.kept[service as usize] > 0);
        services.map(|&service| (self.bids[self.start[service as usize] as usize], service)).min()
    }

    /// Sets the prices a bid at this service has moved.
    fn reprice(&mut self, service: u32, org: u32) {
        if org == NONE {
            if self.full(service) {
                self.price[service as usize] = self.heap(service)[0].amount;
            }
            return;
        }
        if self.org_full(org) {
            self.org_price[org as usize] = self.lowest(org).map_or(self.values.most, |(bid, _)| bid.amount);
        }
        let floor = self.org_price[org as usize];
        for &service in self.by_org.of(org) {
            let first = self.start[service as usize] as usize;
            let own = if self.services.cap[service as usize] == 0 {
                self.values.most
            } else if self.kept[service as usize] >= self.services.cap[service as usize] {
                self.bids[first].amount
            } else {
                0
            };
            self.price[service as usize] = own.max(floor);
        }
    }

    fn full(&self, service: u32) -> bool {
        self.kept[service as usize] >= self.services.cap[service as usize]
    }

    fn org_full(&self, org: u32) -> bool {
        self.org_kept[org as usize] >= self.services.org_cap[org as usize]
    }

    fn heap(&mut self, service: u32) -> &mut [Bid] {
        let first = self.start[service as usize] as usize;
        &mut self.bids[first..first + self.kept[service as usize] as usize]
    }

    fn close(self, pair: Vec<u32>) -> Outcome {
        let mut doubtful = Vec::new();
        for service in 0..index(self.price.len()) {
            let first = self.start[service as usize] as usize;
            let bids = &self.bids[first..first + self.kept[service as usize] as usize];
            // A bid of a step above the price leaves its need at least its second best of then.
            let low = bids.iter().filter(|bid| bid.amount < self.price[service as usize] + self.values.step);
            doubtful.extend(low.map(|bid| bid.need));
        }
        Outcome { pair, price: self.price, org_price: self.org_price, doubtful }
    }
}

/// Restores a heap, least first, whose first bid may be too high.
fn sink(heap: &mut [Bid]) {
    let mut at = 0;
    loop {
        let (left, right) = (2 * at + 1, 2 * at + 2);
        let Some(&least) = heap.get(left) else { return };
        let (child, least) = match heap.get(right) {
            Some(&other) if other < least => (right, other),
            _ => (left, least),
        };
        if heap[at] <= least {
            return;
        }
        heap.swap(at, child);
        at = child;
    }
}

/// Restores a heap whose last bid may be too low.
fn rise(heap: &mut [Bid]) {
    let mut at = heap.len() - 1;
    while at > 0 && heap[at] < heap[(at - 1) / 2] {
        heap.swap(at, (at - 1) / 2);
        at = (at - 1) / 2;
    }
}
