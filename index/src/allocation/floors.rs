//! Least counts of groups, and the cheapest way to keep them.
//!
//! A floor says how many needs of a group are served at least. From an optimum without floors each
//! missing place is made the cheapest way; the state stays tight, so what comes out is the optimum
//! under the floors, and each group's price is what one place less asked of it would gain.

use super::{
    fault::Fault,
    label::Id,
    network::Network,
    reach::Seeker,
    route::{From, Router},
};

/// Least counts of the groups of a partition of the needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Floors {
    /// The name of each group.
    pub names: Vec<Id>,
    /// The group of each need.
    pub of: Vec<u32>,
    /// How many of each group are to be served at least.
    pub least: Vec<u32>,
}

impl Floors {
    /// Checks that the floors speak of these needs.
    pub(super) fn check(&self, needs: usize) -> Result<(), Fault> {
        if self.of.len() != needs {
            return Err(Fault::Floors("the floors name a group for another number of needs"));
        }
        if self.names.len() != self.least.len() || self.of.iter().any(|&group| group as usize >= self.least.len()) {
            return Err(Fault::Floors("the floors speak of a group that has no least count"));
        }
        Ok(())
    }
}

/// Raises every group of a tight state to its floor; the state must be divided into these groups.
///
/// # Errors
/// [`Fault::Infeasible`] names the groups whose floors cannot be met together.
pub(super) fn raise(network: &mut Network<'_>, floors: &Floors) -> Result<(), Fault> {
    let mut router = Router::new(network);
    network.ask(&floors.least);
    for group in 0..super::lists::index(floors.least.len()) {
        let node = network.group_node(group);
        while network.load[node as usize] < network.limit[node as usize] {
            if !router.make_room(network, From::Group(node)) {
                return Err(infeasible(network, floors, group, router.reached()));
            }
        }
    }
    Ok(())
}

/// Whether groups can have these counts at once; the state is moved towards them, prices aside.
pub(super) fn feasible(network: &mut Network<'_>, seeker: &mut Seeker, least: &[u32]) -> bool {
    network.ask(least);
    (0..super::lists::index(least.len())).all(|group| seeker.fill(network, network.group_node(group)))
}

/// A search that ends nowhere came to groups that only give way to each other.
fn infeasible(network: &Network<'_>, floors: &Floors, first: u32, reached: &[u32]) -> Fault {
    let mut bound: Vec<u32> = reached.iter().filter_map(|&node| network.group_of_node(node)).filter(|&group| group != first).collect();
    bound.sort_unstable();
    bound.insert(0, first);
    let sum = |list: &dyn Fn(u32) -> u32| bound.iter().map(|&group| u64::from(list(group))).sum();
    Fault::Infeasible {
        groups: bound.iter().map(|&group| floors.names[group as usize].to_string()).collect(),
        asked: sum(&|group| floors.least[group as usize]),
        possible: sum(&|group| network.load[network.group_node(group) as usize]),
    }
}
