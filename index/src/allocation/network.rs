//! Who has which place, at which prices: the state that the exact steps improve.
//!
//! The nodes are services, organisations, groups of needs and the ground, in this order in one
//! range of indices; each need hangs between its group and its service. A unit of flow is a need
//! served: ground, group, need, service, organisation, ground. Where no organisation bounds a
//! service, or no floor speaks of a need, the ground takes that node's place. `price` holds the
//! potential of each node: of a service what a place costs, of an organisation its part of that, of
//! a group what each of its needs is subsidised by, and 0 of the ground.
//!
//! The state is *tight* when no arc of the residual graph is worth following:
//! - a served need sits at its best net value, and with its subsidy not below 0;
//! - an unserved one could have no net value above 0, its subsidy counted;
//! - a service above its organisation's price is full, one below it is empty; an organisation
//!   above 0 is full;
//! - a subsidised group is not above its floor.
//!
//! A tight state is an optimum for the counts it has, which its certificate shows on its own.

use super::{
    auction::Outcome,
    instance::{NONE, Services},
    lists::{Lists, index},
    values::Values,
};

/// An arc of the residual graph.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arc {
    /// Where it leads.
    pub(super) to: u32,
    /// The need that goes along it, or [`NONE`].
    pub(super) need: u32,
    /// The pair by which it takes its place, or [`NONE`] where it loses its own.
    pub(super) pair: u32,
    /// What following it loses, never below 0 in a tight state.
    pub(super) cost: i64,
}

/// The state of an allocation under way.
#[derive(Clone)]
pub(super) struct Network<'a> {
    pub(super) values: &'a Values<'a>,
    /// The pair each need has, or [`NONE`].
    pub(super) pair: Vec<u32>,
    /// The potential of each node.
    pub(super) price: Vec<i64>,
    /// How many needs each service, organisation and group has.
    pub(super) load: Vec<u32>,
    /// How many a service or organisation may have at most, and a group should have at least.
    pub(super) limit: Vec<u32>,
    /// How many places of each service and organisation are kept spare.
    held: Vec<u32>,
    /// Above each service: its organisation, or the ground.
    above: Vec<u32>,
    /// Above each need: its group, or the ground.
    group: Vec<u32>,
    services: u32,
    orgs: u32,
    by_org: Lists,
    by_group: Lists,
    start: Vec<u32>,
    members: Vec<u32>,
    seat: Vec<u32>,
}

impl<'a> Network<'a> {
    /// The state an auction leaves, without groups; `room` bounds the needs a service can ever have.
    pub(super) fn new(values: &'a Values<'a>, services: &Services, room: &[u32], outcome: Outcome) -> Self {
        let (count, orgs) = (index(room.len()), index(services.org_cap.len()));
        let ground = count + orgs;
        let mut start = vec![0; room.len() + 1];
        for (service, room) in room.iter().enumerate() {
            start[service + 1] = start[service] + room;
        }
        let mut network = Self {
            values,
            pair: vec![NONE; outcome.pair.len()],
            price: [outcome.price, outcome.org_price, vec![0]].concat(),
            load: vec![0; ground as usize + 1],
            held: vec![0; ground as usize + 1],
            limit: [services.cap.as_slice(), &services.org_cap, &[0]].concat(),
            above: services.org.iter().map(|&org| if org == NONE { ground } else { count + org }).collect(),
            group: vec![ground; outcome.pair.len()],
            services: count,
            orgs,
            by_org: Lists::by(&services.org, services.org_cap.len()),
            by_group: Lists::default(),
            members: vec![NONE; start[room.len()] as usize],
            start,
            seat: vec![NONE; outcome.pair.len()],
        };
        for (need, &pair) in (0..).zip(&outcome.pair) {
            if pair != NONE {
                network.place(need, pair);
            }
        }
        network
    }

    /// Puts needs into groups, whose floors are still 0.
    pub(super) fn divide(&mut self, group_of: &[u32], groups: usize) {
        let (first, ground) = (self.services + self.orgs, self.services + self.orgs + index(groups));
        let nodes = ground as usize + 1;
        for list in [&mut self.load, &mut self.limit, &mut self.held] {
            list.truncate(first as usize);
            list.resize(nodes, 0);
        }
        self.price.truncate(first as usize);
        self.price.resize(nodes, 0);
        for above in &mut self.above {
            *above = if *above >= first { ground } else { *above };
        }
        self.group = group_of.iter().map(|&group| first + group).collect();
        self.by_group = Lists::by(group_of, groups);
        for (need, &pair) in self.pair.iter().enumerate() {
            if pair != NONE {
                self.load[self.group[need] as usize] += 1;
            }
        }
    }

    /// Sets the floors of all groups.
    pub(super) fn ask(&mut self, least: &[u32]) {
        let first = self.group_node(0) as usize;
        self.limit[first..first + least.len()].copy_from_slice(least);
    }

    /// Lifts services where nobody is to the price of their organisation: no search sees the way
    /// down to them, and nobody minds the way up.
    pub(super) fn lift(&mut self) {
        for service in 0..self.services as usize {
            self.price[service] = self.price[service].max(self.price[self.above[service] as usize]);
        }
    }

    /// The node of a group.
    pub(super) fn group_node(&self, group: u32) -> u32 {
        self.services + self.orgs + group
    }

    /// The group of a node, where it is that of one.
    pub(super) fn group_of_node(&self, node: u32) -> Option<u32> {
        (self.services + self.orgs..self.ground()).contains(&node).then(|| node - self.services - self.orgs)
    }

    /// The node nothing is short of.
    pub(super) fn ground(&self) -> u32 {
        index(self.price.len()) - 1
    }

    /// How many services there are; their nodes are the first.
    pub(super) fn services(&self) -> u32 {
        self.services
    }

    /// The organisation of a service, or the ground.
    pub(super) fn above(&self, service: u32) -> u32 {
        self.above[service as usize]
    }

    /// The services of an organisation's node.
    pub(super) fn beneath(&self, org: u32) -> &[u32] {
        self.by_org.of(org - self.services)
    }

    /// The service a need has, or [`NONE`].
    pub(super) fn service(&self, need: u32) -> u32 {
        self.values.svc.get(self.pair[need as usize] as usize).copied().unwrap_or(NONE)
    }

    /// The needs a service has.
    pub(super) fn members(&self, service: u32) -> &[u32] {
        let first = self.start[service as usize] as usize;
        &self.members[first..first + self.load[service as usize] as usize]
    }

    /// Whether a service or organisation has a place left.
    pub(super) fn free(&self, node: u32) -> bool {
        self.load[node as usize] + self.held[node as usize] < self.limit[node as usize]
    }

    /// The net value of the place a need has.
    pub(super) fn net(&self, need: u32) -> i64 {
        self.values.of(need, self.pair[need as usize]) - self.price[self.service(need) as usize]
    }

    /// The best net value a need could have, at least what staying unserved is worth to it.
    pub(super) fn best(&self, need: u32) -> i64 {
        let nets = self.values.pairs(need).map(|(_, service, value)| value - self.price[service as usize]);
        nets.fold(-self.price[self.group[need as usize] as usize], i64::max)
    }

    /// Gives a need a place.
    pub(super) fn place(&mut self, need: u32, pair: u32) {
        let service = self.values.svc[pair as usize];
        let seat = self.start[service as usize] + self.load[service as usize];
        self.members[seat as usize] = need;
        self.seat[need as usize] = seat;
        self.pair[need as usize] = pair;
        self.load[service as usize] += 1;
        for node in [self.above[service as usize], self.group[need as usize]] {
            self.load[node as usize] += u32::from(node != self.ground());
        }
    }

    /// Takes a need's place from it.
    pub(super) fn remove(&mut self, need: u32) {
        let service = self.service(need);
        self.load[service as usize] -= 1;
        let (seat, last) = (self.seat[need as usize], self.start[service as usize] + self.load[service as usize]);
        let moved = self.members[last as usize];
        self.members[seat as usize] = moved;
        self.seat[moved as usize] = seat;
        self.pair[need as usize] = NONE;
        for node in [self.above[service as usize], self.group[need as usize]] {
            self.load[node as usize] -= u32::from(node != self.ground());
        }
    }

    /// Follows an arc: the need, where there is one, leaves its place for another or for none.
    pub(super) fn step(&mut self, arc: Arc) {
        if arc.need == NONE {
            return;
        }
        if self.pair[arc.need as usize] != NONE {
            self.remove(arc.need);
        }
        if arc.pair != NONE {
            self.place(arc.need, arc.pair);
        }
    }

    /// Keeps a place spare that a need has left: nobody may count on it but who is meant to fill it.
    pub(super) fn hold(&mut self, service: u32) {
        self.held[service as usize] += 1;
        self.held[self.above[service as usize] as usize] += 1;
    }

    /// Ends what [`Network::hold`] began.
    pub(super) fn release(&mut self, service: u32) {
        self.held[service as usize] -= 1;
        self.held[self.above[service as usize] as usize] -= 1;
    }

    /// Whether a place is kept spare at a service.
    pub(super) fn spare(&self, node: u32) -> bool {
        node < self.services && self.held[node as usize] > 0
    }

    /// Calls `visit` for each arc that leaves a node: what can be done when one need too many is there.
    #[inline]
    pub(super) fn arcs(&self, node: u32, visit: impl FnMut(Arc)) {
        if node < self.services {
            self.out_of_service(node, visit);
        } else if node < self.services + self.orgs {
            self.out_of_org(node, visit);
        } else if node < self.ground() {
            self.out_of_group(node, visit);
        }
    }

    /// Calls `visit` for each arc of a need that has no place but its own say: `best` is what it
    /// could have at most.
    pub(super) fn arcs_of(&self, need: u32, best: i64, mut visit: impl FnMut(Arc)) {
        for (pair, to, value) in self.values.pairs(need) {
            visit(Arc { to, need, pair, cost: best - value + self.price[to as usize] });
        }
        let to = self.group[need as usize];
        visit(Arc { to, need, pair: NONE, cost: best + self.price[to as usize] });
    }

    /// A service has room, or one of its needs goes elsewhere or without.
    #[inline]
    fn out_of_service(&self, service: u32, mut visit: impl FnMut(Arc)) {
        if self.free(service) {
            let to = self.above[service as usize];
            visit(Arc { to, need: NONE, pair: NONE, cost: self.price[to as usize] - self.price[service as usize] });
        }
        for &need in self.members(service) {
            self.arcs_of(need, self.net(need), &mut visit);
        }
    }

    /// An organisation has room, or one of its services gives a need up, or has a place kept spare.
    fn out_of_org(&self, org: u32, mut visit: impl FnMut(Arc)) {
        if self.free(org) {
            visit(Arc { to: self.ground(), need: NONE, pair: NONE, cost: 0 });
        }
        for &to in self.beneath(org) {
            if self.load[to as usize] + self.held[to as usize] > 0 {
                let cost = self.price[to as usize] - self.price[org as usize];
                visit(Arc { to, need: NONE, pair: NONE, cost });
            }
        }
    }

    /// A group is above its floor, or another of its needs is served.
    fn out_of_group(&self, group: u32, mut visit: impl FnMut(Arc)) {
        if self.load[group as usize] > self.limit[group as usize] {
            visit(Arc { to: self.ground(), need: NONE, pair: NONE, cost: 0 });
        }
        let worth = -self.price[group as usize];
        for &need in self.by_group.of(group - self.services - self.orgs) {
            if self.pair[need as usize] == NONE {
                for (pair, to, value) in self.values.pairs(need) {
                    visit(Arc { to, need, pair, cost: worth - value + self.price[to as usize] });
                }
            }
        }
    }
}
