//! What simpler ways of allocating reach, to compare with: each need takes the best place still free.

use super::instance::{Instance, NONE};

/// In the order of the list.
#[must_use]
pub fn first_come(instance: &Instance) -> Vec<Option<u32>> {
    take(instance, 0..super::lists::index(instance.needs().tier.len()))
}

/// The most urgent tier first, within a tier in the order of the list.
#[must_use]
pub fn urgent_first(instance: &Instance) -> Vec<Option<u32>> {
    let tier = &instance.needs().tier;
    let mut order: Vec<u32> = (0..super::lists::index(tier.len())).collect();
    order.sort_by_key(|&need| tier[need as usize]);
    take(instance, order)
}

/// The weighted utility of an allocation, in the parts of [`Instance::unit`].
///
/// # Panics
/// Where a need has a place it may not use.
#[must_use]
pub fn utility(instance: &Instance, place: &[Option<u32>]) -> i64 {
    let value = |need: u32| {
        let service = place[need as usize]?;
        let pair = instance.pair(need, service).expect("a need has a place it may use");
        Some(instance.value(need, pair))
    };
    (0..super::lists::index(place.len())).filter_map(value).sum()
}

fn take(instance: &Instance, order: impl IntoIterator<Item = u32>) -> Vec<Option<u32>> {
    let (services, candidates) = (instance.services(), instance.candidates());
    let (mut left, mut org_left) = (services.cap.clone(), services.org_cap.clone());
    let mut place = vec![None; instance.needs().tier.len()];
    for need in order {
        let free = instance.pairs(need).filter(|&pair| {
            let service = candidates.svc[pair] as usize;
            let org = services.org[service];
            left[service] > 0 && (org == NONE || org_left[org as usize] > 0)
        });
        let Some(pair) = free.max_by_key(|&pair| candidates.u[pair]) else { continue };
        let service = candidates.svc[pair];
        left[service as usize] -= 1;
        if let Some(left) = org_left.get_mut(services.org[service as usize] as usize) {
            *left -= 1;
        }
        place[need as usize] = Some(service);
    }
    place
}
