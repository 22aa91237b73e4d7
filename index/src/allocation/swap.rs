//! What it would cost if one child took another's place: the exact figure, by allocating anew.
//!
//! The taker is put into the place, whoever had it is kept from that service, and everyone else is
//! allocated again under the same floors. The reduced costs of [`super::explain`] are lower bounds
//! of this.

use serde::Serialize;

use super::{
    Allocation, allocate,
    fault::Fault,
    instance::{Candidates, Instance, NONE},
    lists::index,
    rule::Rule,
};

/// What a swap would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Swap {
    /// It costs so much weighted utility; the second figure is what the whole then reaches.
    Costs {
        /// Weighted utility lost, never below 0.
        cost: i64,
        /// Weighted utility left.
        utility: i64,
    },
    /// The one who should give way has no place.
    NoPlace,
    /// The one who should take it may not use that service.
    NotACandidate,
    /// A floor would not be met any more.
    AgainstTheRule,
}

/// What it would cost if `taker` had the place that `holder` has.
///
/// # Errors
/// As [`allocate`], but that a floor stands against it is an answer.
pub fn swap_cost(instance: &Instance, allocation: &Allocation, taker: u32, holder: u32) -> Result<Swap, Fault> {
    let Some(service) = allocation.place[holder as usize] else { return Ok(Swap::NoPlace) };
    let Some(pair) = instance.pair(taker, service) else { return Ok(Swap::NotACandidate) };
    if allocation.place[taker as usize] == Some(service) || taker == holder {
        return Ok(Swap::Costs { cost: 0, utility: allocation.certificate.utility });
    }
    let rest = without(instance, service, taker, holder)?;
    let rule = match &allocation.floors {
        Some(floors) => {
            let mut floors = floors.clone();
            let least = &mut floors.least[floors.of[taker as usize] as usize];
            *least = least.saturating_sub(1);
            Rule::Floors(floors)
        }
        None => Rule::Util,
    };
    match allocate(&rest, &rule) {
        Ok(others) => {
            let utility = others.certificate.utility + instance.value(taker, pair);
            Ok(Swap::Costs { cost: allocation.certificate.utility - utility, utility })
        }
        Err(Fault::Infeasible { .. }) => Ok(Swap::AgainstTheRule),
        Err(fault) => Err(fault),
    }
}

/// The instance that is left when the taker has a place of the service and the holder may not use it.
fn without(instance: &Instance, service: u32, taker: u32, holder: u32) -> Result<Instance, Fault> {
    let given = instance.candidates();
    let mut candidates = Candidates { ptr: vec![0], ..Candidates::default() };
    for need in 0..index(instance.needs().tier.len()) {
        for pair in instance.pairs(need) {
            if need != taker && !(need == holder && given.svc[pair] == service) {
                candidates.svc.push(given.svc[pair]);
                candidates.u.push(given.u[pair]);
            }
        }
        candidates.ptr.push(index(candidates.svc.len()));
    }
    let mut services = instance.services().clone();
    services.cap[service as usize] -= 1;
    if services.org[service as usize] != NONE {
        services.org_cap[services.org[service as usize] as usize] -= 1;
    }
    let rest = Instance::new(instance.needs().clone(), services, candidates, instance.tier_weight())?;
    Ok(rest.weighing(instance.weight().to_vec(), instance.unit()))
}
