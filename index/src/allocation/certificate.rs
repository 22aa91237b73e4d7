//! The proof that an allocation is best: prices under which nobody could do better.
//!
//! Whatever the prices, no allocation that keeps the rules is worth more than
//! `sum(cap * price) + sum(max(0, best net + subsidy)) - sum(floor * subsidy)`, where a service's
//! own price and its organisation's each count on their own capacity. Where that bound is what the
//! allocation reaches, it is an optimum. Everything is computed anew from the instance: the proof
//! trusts the prices, and no step that led to them.

use serde::Serialize;

use super::{
    floors::Floors,
    instance::{Instance, NONE},
    label::Id,
    lists::index,
    network::Network,
    values::Values,
};

/// An allocation's worth and its proof. Weighted utility is in thousandths of a referral that
/// surely succeeds, times tier weight, in parts of `unit`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Certificate {
    /// What the allocation reaches.
    pub utility: i64,
    /// What no allocation exceeds.
    pub bound: i64,
    /// The difference.
    pub gap: i64,
    /// Whether the allocation is proved to be an optimum.
    pub proved: bool,
    /// Into how many parts a unit of weight is cut: 1, or 26 where waiting counts.
    pub unit: u32,
    /// The price of a place at each service: what one place more would add at most.
    pub price: Vec<i64>,
    /// The part of it that is the organisation's.
    pub org_price: Vec<i64>,
    /// What the floor of each group costs; empty without floors.
    pub subsidy: Vec<Subsidy>,
}

/// What a floor costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Subsidy {
    /// The group.
    pub group: Id,
    /// Its floor.
    pub floor: u32,
    /// How much weighted utility one place less asked would give back, at most.
    pub price: i64,
}

/// Proves the allocation of a state by its prices.
pub(super) fn certify(instance: &Instance, values: &Values<'_>, network: &Network<'_>, floors: Option<&Floors>) -> Certificate {
    let services = instance.services();
    let (count, orgs) = (services.cap.len(), services.org_cap.len());
    let (price, org_price) = (&network.price[..count], &network.price[count..count + orgs]);
    let org_price_of = |service: usize| org_price.get(services.org[service] as usize).copied().unwrap_or(0);
    // Where there is no place, any price would do; shown is what the first would add at most.
    let price_shown = |(service, &cap): (usize, &u32)| if cap == 0 { org_price_of(service) } else { price[service] };
    let mut shown: Vec<i64> = services.cap.iter().enumerate().map(price_shown).collect();
    let subsidy = &network.price[count + orgs..network.price.len() - 1];

    let mut bound = 0_i128;
    for (service, &cap) in services.cap.iter().enumerate() {
        bound += i128::from(cap) * i128::from(price[service] - org_price_of(service));
    }
    bound += services.org_cap.iter().zip(org_price).map(|(&cap, &price)| i128::from(cap) * i128::from(price)).sum::<i128>();
    for need in 0..values.needs() {
        let own = floors.map_or(0, |floors| subsidy[floors.of[need as usize] as usize]);
        let nets = values.pairs(need).map(|(_, service, value)| value - price[service as usize] + own);
        let best = nets.fold(0, i64::max);
        bound += i128::from(best);
        for (_, service, value) in values.pairs(need).filter(|(_, service, _)| services.cap[*service as usize] == 0) {
            shown[service as usize] = shown[service as usize].max(value + own - best);
        }
    }
    let least = floors.map_or(&[][..], |floors| &floors.least);
    bound -= least.iter().zip(subsidy).map(|(&floor, &price)| i128::from(floor) * i128::from(price)).sum::<i128>();

    let mut utility = 0;
    for need in 0..values.needs() {
        let pair = network.pair[need as usize];
        if pair != NONE {
            utility += instance.value(need, pair as usize);
        }
    }
    let bound = i64::try_from(bound.div_euclid(values.scale.into())).unwrap_or(i64::MAX);
    Certificate {
        utility,
        bound,
        gap: bound.saturating_sub(utility),
        proved: bound == utility,
        unit: instance.unit(),
        price: whole(&shown, values),
        org_price: whole(org_price, values),
        subsidy: floors.map(|floors| subsidies(floors, &whole(subsidy, values))).unwrap_or_default(),
    }
}

fn whole(parts: &[i64], values: &Values<'_>) -> Vec<i64> {
    parts.iter().map(|parts| parts.div_euclid(values.scale)).collect()
}

fn subsidies(floors: &Floors, price: &[i64]) -> Vec<Subsidy> {
    let groups = 0..index(floors.names.len());
    groups
        .map(|group| group as usize)
        .map(|group| Subsidy { group: floors.names[group].clone(), floor: floors.least[group], price: price[group] })
        .collect()
}
