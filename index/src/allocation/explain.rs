//! What a meeting is shown of each need: its place, what came second, and why some have none.
//!
//! All figures but `utility` are weighted utility in the parts of the certificate's unit, and read
//! off its prices: lower bounds of what a change would cost. [`super::swap`] has the exact figure.

use serde::Serialize;

use super::{Allocation, instance::Instance, lists::index};

/// The row of one need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explained {
    /// Which need.
    pub need: u32,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It has a place.
    Served(Served),
    /// There is no service that it may use: no place was refused to it.
    NoCandidates,
    /// Every place it may use went to needs for which it is worth more.
    Outbid {
        /// The service it came closest to.
        service: u32,
        /// Its own value there.
        value: i64,
        /// The price of a place there.
        price: i64,
        /// How far its value falls short.
        short: i64,
    },
}

/// A need that has a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Served {
    /// Of which service.
    pub service: u32,
    /// The utility of the referral in thousandths.
    pub utility: u16,
    /// Its weighted value.
    pub value: i64,
    /// What the place costs: 0 where places stay free.
    pub price: i64,
    /// The service that comes second for it, and what moving there loses at least.
    pub other_service: Option<Second>,
    /// The need that comes second for the place, and what its moving in loses at least, wherever
    /// the one who has it goes.
    pub other_need: Option<Second>,
    /// What it loses at least if both move.
    pub swap: Option<i64>,
}

/// What comes second, and at which loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Second {
    /// The service or need.
    pub which: u32,
    /// Weighted utility lost at least, never below 0.
    pub loss: i64,
}

/// The rows of all needs.
#[must_use]
pub fn explain(instance: &Instance, allocation: &Allocation) -> Vec<Explained> {
    let asked = Asked { instance, allocation };
    let needs = 0..index(allocation.place.len());
    let seconds = asked.second_needs();
    needs.map(|need| Explained { need, outcome: asked.outcome(need, &seconds) }).collect()
}

struct Asked<'a> {
    instance: &'a Instance,
    allocation: &'a Allocation,
}

impl Asked<'_> {
    fn outcome(&self, need: u32, seconds: &[Option<Second>]) -> Outcome {
        let Some(service) = self.allocation.place[need as usize] else { return self.unserved(need) };
        let pair = self.instance.pair(need, service).expect("a need has a place it may use");
        let net = self.net(need, pair);
        let others = self.instance.pairs(need).filter(|&other| other != pair);
        let other_service = others.map(|other| (net - self.net(need, other), other)).min();
        let other_service = other_service.map(|(loss, other)| Second { which: self.service(other), loss: loss.max(0) });
        let other_need = seconds[service as usize];
        // Without another service the one who has the place stays without.
        let moving = other_service.map_or(i64::MAX, |second| second.loss).min((net + self.subsidy(need)).max(0));
        Outcome::Served(Served {
            service,
            utility: self.instance.candidates().u[pair],
            value: self.instance.value(need, pair),
            price: self.allocation.certificate.price[service as usize],
            other_service,
            other_need,
            swap: other_need.map(|second| second.loss + moving),
        })
    }

    fn unserved(&self, need: u32) -> Outcome {
        let Some(pair) = self.instance.pairs(need).max_by_key(|&pair| self.net(need, pair)) else { return Outcome::NoCandidates };
        let (service, value) = (self.service(pair), self.instance.value(need, pair));
        let price = self.allocation.certificate.price[service as usize];
        Outcome::Outbid { service, value, price, short: (price - value - self.subsidy(need)).max(0) }
    }

    /// For each service the need that has no place there and would lose least by moving in.
    fn second_needs(&self) -> Vec<Option<Second>> {
        let mut seconds: Vec<Option<Second>> = vec![None; self.instance.services().cap.len()];
        for need in 0..index(self.allocation.place.len()) {
            let place = self.allocation.place[need as usize];
            let own = place.and_then(|service| self.instance.pair(need, service)).map_or(-self.subsidy(need), |pair| self.net(need, pair));
            for pair in self.instance.pairs(need) {
                let service = self.service(pair);
                let loss = (own - self.net(need, pair)).max(0);
                let second = &mut seconds[service as usize];
                if place != Some(service) && second.is_none_or(|known| loss < known.loss) {
                    *second = Some(Second { which: need, loss });
                }
            }
        }
        seconds
    }

    fn service(&self, pair: usize) -> u32 {
        self.instance.candidates().svc[pair]
    }

    fn net(&self, need: u32, pair: usize) -> i64 {
        self.instance.value(need, pair) - self.allocation.certificate.price[self.service(pair) as usize]
    }

    /// What the floor of the need's group adds to its being served.
    fn subsidy(&self, need: u32) -> i64 {
        let group = self.allocation.floors.as_ref().map(|floors| floors.of[need as usize]);
        group.map_or(0, |group| self.allocation.certificate.subsidy[group as usize].price)
    }
}
