//! Ties by lot: a draw that is stable, public, and never worth a unit of utility.
//!
//! A need's lot is a hash of its case and the meeting, a service's a hash of its id. Before the
//! engine starts, needs and services are put in the order of their lots, so that nothing depends on
//! how they were listed; and among optima the one is taken whose served needs hold the highest
//! lots. Equal needs so have equal chances, and of two needs with the same weight and the same
//! candidates the higher lot is served first. Lots are below one unit even all together: no
//! optimum is ever passed over for them.

use super::{
    Allocation,
    certificate::Certificate,
    fault::Fault,
    floors::Floors,
    instance::{Candidates, Instance, NONE, Needs, Services},
    label::Labels,
    lists::index,
    rule::Rule,
};
use crate::hash;

/// The lots of a meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lottery {
    /// One a need.
    pub needs: Vec<u64>,
    /// One a service.
    pub services: Vec<u64>,
}

/// A lot: a hash of the parts, the same everywhere.
#[must_use]
pub fn lot(parts: &[&str]) -> u64 {
    hash::stirred(hash::of_texts(parts))
}

/// How many bits of a lot are drawn where there is room for them.
const BITS: u32 = 16;

/// The order of a lottery: at each position which need, service or organisation stands there.
pub(super) struct Order {
    needs: Vec<u32>,
    services: Vec<u32>,
    orgs: Vec<u32>,
    lots: Vec<u64>,
}

impl Lottery {
    /// The lots of the needs of an instance at a meeting. `cases` and `services` are ids that stay
    /// the same from list to list, and differ from each other.
    #[must_use]
    pub fn draw(meeting: &str, cases: &[&str], services: &[&str]) -> Self {
        Self {
            needs: cases.iter().map(|case| lot(&["need", meeting, case])).collect(),
            services: services.iter().map(|service| lot(&["service", meeting, service])).collect(),
        }
    }

    pub(super) fn order(&self, instance: &Instance) -> Result<Order, Fault> {
        let services = instance.services();
        for (list, wanted, found) in
            [("needs", instance.needs().tier.len(), self.needs.len()), ("services", services.cap.len(), self.services.len())]
        {
            if wanted != found {
                return Err(Fault::Length { list, field: "lots", wanted, found });
            }
        }
        let by_lot = |lots: &[u64]| {
            let mut order: Vec<u32> = (0..index(lots.len())).collect();
            order.sort_by_key(|&at| lots[at as usize]);
            order
        };
        let (needs, by_service) = (by_lot(&self.needs), by_lot(&self.services));
        // Organisations come in the order of their first service.
        let mut first = vec![u32::MAX; services.org_cap.len()];
        for (position, &service) in (0..).zip(&by_service) {
            if let Some(first) = first.get_mut(services.org[service as usize] as usize) {
                *first = position.min(*first);
            }
        }
        let mut orgs: Vec<u32> = (0..index(first.len())).collect();
        orgs.sort_by_key(|&org| first[org as usize]);
        let lots = needs.iter().map(|&need| self.needs[need as usize]).collect();
        Ok(Order { needs, services: by_service, orgs, lots })
    }
}

impl Order {
    /// The draws in the order of the lots, so many bits that sums stay within their numbers.
    pub(super) fn draws(&self, instance: &Instance) -> Vec<u32> {
        let fits = |bits: &u32| super::values::most(instance, i64::from(index(self.lots.len())) << bits).is_some();
        let Some(bits) = (1..=BITS).rev().find(fits) else { return Vec::new() };
        // The highest lot comes last in the order, and counts most.
        self.lots.iter().map(|lot| u32::try_from(lot >> (64 - bits)).expect("at most 16 bits")).collect()
    }

    /// The instance in the order of the lots.
    pub(super) fn sorted(&self, instance: &Instance) -> Instance {
        let (needs, services, given) = (instance.needs(), instance.services(), instance.candidates());
        let (new_service, new_org) = (positions(&self.services), positions(&self.orgs));
        let mut candidates = Candidates { ptr: vec![0], ..Candidates::default() };
        for &need in &self.needs {
            let mut pairs: Vec<_> = instance.pairs(need).map(|pair| (new_service[given.svc[pair] as usize], given.u[pair])).collect();
            pairs.sort_unstable();
            candidates.svc.extend(pairs.iter().map(|(service, _)| service));
            candidates.u.extend(pairs.iter().map(|(_, u)| u));
            candidates.ptr.push(index(candidates.svc.len()));
        }
        let relabel = |labels: &Labels, order: &[u32]| order.iter().map(|&item| labels.name(item).clone()).collect();
        let needs_sorted = Needs {
            child: relabel(&needs.child, &self.needs),
            county: relabel(&needs.county, &self.needs),
            town: relabel(&needs.town, &self.needs),
            category: relabel(&needs.category, &self.needs),
            tier: pick(&needs.tier, &self.needs),
        };
        let services_sorted = Services {
            town: relabel(&services.town, &self.services),
            category: relabel(&services.category, &self.services),
            cap: pick(&services.cap, &self.services),
            org: pick(&services.org, &self.services).into_iter().map(|org| new_org.get(org as usize).copied().unwrap_or(NONE)).collect(),
            org_cap: pick(&services.org_cap, &self.orgs),
        };
        let sorted = Instance::new(needs_sorted, services_sorted, candidates, instance.tier_weight());
        let sorted = sorted.expect("an instance in another order is as good as it was");
        sorted.weighing(pick(instance.weight(), &self.needs), instance.unit())
    }

    /// A rule in the order of the lots.
    pub(super) fn sorted_rule(&self, rule: &Rule) -> Rule {
        match rule {
            Rule::Floors(floors) if floors.of.len() == self.needs.len() => {
                Rule::Floors(Floors { of: pick(&floors.of, &self.needs), ..floors.clone() })
            }
            other => other.clone(),
        }
    }

    /// An allocation in the order it was asked in.
    pub(super) fn restored(&self, drawn: Allocation) -> Allocation {
        let (need, service, org) = (positions(&self.needs), positions(&self.services), positions(&self.orgs));
        let place = pick(&drawn.place, &need).into_iter().map(|place| place.map(|service| self.services[service as usize])).collect();
        let certificate = Certificate {
            price: pick(&drawn.certificate.price, &service),
            org_price: pick(&drawn.certificate.org_price, &org),
            ..drawn.certificate
        };
        let floors = drawn.floors.map(|floors| Floors { of: pick(&floors.of, &need), ..floors });
        Allocation { place, certificate, floors, ..drawn }
    }
}

/// Where each item of an order stands.
fn positions(order: &[u32]) -> Vec<u32> {
    let mut positions = vec![0; order.len()];
    for (position, &item) in (0..).zip(order) {
        positions[item as usize] = position;
    }
    positions
}

/// The entries at these places, in their order.
fn pick<T: Copy>(list: &[T], at: &[u32]) -> Vec<T> {
    at.iter().map(|&at| list[at as usize]).collect()
}
