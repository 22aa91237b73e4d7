//! Most of tier 1, then of tier 2, 3 and 4: the counts of the rule `lex`.
//!
//! Sets of needs that can be served together are the independent sets of a matroid, so serving most
//! of tier 1 never stands against serving most of tiers 1 and 2 together: the best counts are
//! differences of ranks, and tier by tier a maximum flow finds them. No large weights are needed.

use super::{floors::Floors, instance::Instance, label::Id, network::Network, reach::Seeker};

/// The floors of `lex`: how many of each tier are served. The network is divided into tiers, and is
/// left with an allocation of these counts that no price belongs to.
pub(super) fn floors(instance: &Instance, network: &mut Network<'_>) -> Floors {
    let of = groups(instance);
    let mut seeker = Seeker::new(network);
    let mut least = Vec::with_capacity(4);
    for tier in 0..4 {
        let node = network.group_node(tier);
        network.limit[node as usize] = u32::MAX;
        seeker.fill(network, node);
        network.limit[node as usize] = network.load[node as usize];
        least.push(network.load[node as usize]);
    }
    Floors { names: (1..=4).map(|tier| Id::Text(format!("tier {tier}"))).collect(), of, least }
}

/// The tier of each need, counted from 0.
pub(super) fn groups(instance: &Instance) -> Vec<u32> {
    instance.needs().tier.iter().map(|&tier| u32::from(tier) - 1).collect()
}
