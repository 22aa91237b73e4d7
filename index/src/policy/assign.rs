//! The needs of a week and the places there are, as the allocation of the product takes them.

use crate::{
    allocation::{
        Fault, Instance, Rule, allocate, greedy,
        instance::{Candidates, NONE, Needs, Services, WEIGHTS},
        label::Labels,
    },
    matching::utility::thousandths,
};

/// A week in the making: needs are added one after the other, each with the offers it may use.
#[derive(Debug, Clone)]
pub struct Round {
    /// How many needs each offer can take.
    places: Vec<u32>,
    tier: Vec<u8>,
    weeks: Vec<u32>,
    candidates: Candidates,
}

impl Round {
    /// A round over offers with so many places each.
    #[must_use]
    pub fn new(places: Vec<u32>) -> Self {
        let candidates = Candidates { ptr: vec![0], ..Candidates::default() };
        Self { places, tier: Vec::new(), weeks: Vec::new(), candidates }
    }

    /// Adds a need of a tier that has waited so many weeks, with its offers, each once, and their expected utility from 0 to 1.
    pub fn add(&mut self, tier: u8, weeks: u32, offers: impl IntoIterator<Item = (u32, f64)>) {
        self.tier.push(tier);
        self.weeks.push(weeks);
        for (offer, utility) in offers {
            self.candidates.svc.push(offer);
            self.candidates.u.push(thousandths(utility).max(1));
        }
        let pairs = u32::try_from(self.candidates.svc.len()).unwrap_or(u32::MAX);
        self.candidates.ptr.push(pairs);
    }

    /// The offer of each need under the greatest sum of tier weight, raised by waiting, times utility.
    ///
    /// # Errors
    /// [`Fault`] where a tier is none, or an offer is named twice or is not there.
    pub fn assign(self) -> Result<Vec<Option<u32>>, Fault> {
        let weeks = self.weeks.clone();
        Ok(allocate(&self.instance()?.waiting(&weeks)?, &Rule::Util)?.place)
    }

    /// The best offer that is left for each need in turn: what comes of it without an allocation.
    ///
    /// # Errors
    /// As [`Round::assign`].
    pub fn in_turn(self) -> Result<Vec<Option<u32>>, Fault> {
        Ok(greedy::first_come(&self.instance()?))
    }

    fn instance(self) -> Result<Instance, Fault> {
        let (needs, offers) = (Labels::same(self.tier.len()), Labels::same(self.places.len()));
        let needs = Needs { child: needs.clone(), county: needs.clone(), town: needs.clone(), category: needs, tier: self.tier };
        let org = vec![NONE; self.places.len()];
        let services = Services { town: offers.clone(), category: offers, cap: self.places, org, org_cap: Vec::new() };
        Instance::new(needs, services, self.candidates, WEIGHTS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round() -> Round {
        let mut round = Round::new(vec![1, 1]);
        round.add(3, 0, [(0, 0.9), (1, 0.1)]);
        round.add(1, 0, [(0, 0.8)]);
        round
    }

    #[test]
    fn the_urgent_need_has_the_place_and_the_other_moves_on() {
        assert_eq!(round().assign().unwrap(), [Some(1), Some(0)]);
        assert_eq!(round().in_turn().unwrap(), [Some(0), None], "in turn the first takes it");
    }

    #[test]
    fn half_a_year_of_waiting_counts_as_the_tier_above() {
        let mut round = Round::new(vec![1]);
        round.add(4, 30, [(0, 0.5)]);
        round.add(4, 0, [(0, 0.9)]);
        assert_eq!(round.assign().unwrap(), [Some(0), None]);
    }
}
