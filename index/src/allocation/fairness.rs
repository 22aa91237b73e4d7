//! Who is served how often, reported of every run: by tier, county, town and household category.

use serde::Serialize;

use super::{Allocation, instance::Instance, label::Id, maxmin::Fraction};

/// The fairness of an allocation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fairness {
    /// By tier, 1 to 4; only tiers that are there.
    pub tiers: Vec<Served>,
    /// By county.
    pub counties: Vec<Served>,
    /// By town.
    pub towns: Vec<Served>,
    /// By household category.
    pub categories: Vec<Served>,
    /// The county, or town of one county, that is served least.
    pub least: Option<Served>,
    /// What the rule costs: weighted utility lost against serving without a rule.
    pub price_of_rule: i64,
    /// The weighted utility that the price is a part of.
    pub best_utility: i64,
}

/// How many of a group are served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Served {
    /// Which group.
    pub group: Id,
    /// How many of how many.
    #[serde(flatten)]
    pub share: Fraction,
}

impl Fairness {
    /// Reports on an allocation; `best_utility` is what the rule `util` reaches on the same instance.
    #[must_use]
    pub fn of(instance: &Instance, allocation: &Allocation, best_utility: i64) -> Self {
        let needs = instance.needs();
        let tier_names: Vec<Id> = (1..=4).map(Id::Number).collect();
        let tier_of: Vec<u32> = needs.tier.iter().map(|&tier| u32::from(tier) - 1).collect();
        let served = |names: &[Id], of: &[u32]| count(names, of, &allocation.place);
        let lives = instance.places_of_life();
        Self {
            tiers: served(&tier_names, &tier_of),
            counties: served(&needs.county.names, &needs.county.of),
            towns: served(&needs.town.names, &needs.town.of),
            categories: served(&needs.category.names, &needs.category.of),
            least: served(&lives.names, &lives.of).into_iter().min_by(|a, b| a.share.compare(b.share)),
            price_of_rule: best_utility - allocation.certificate.utility,
            best_utility,
        }
    }
}

fn count(names: &[Id], of: &[u32], place: &[Option<u32>]) -> Vec<Served> {
    let mut shares = vec![Fraction { served: 0, of: 0 }; names.len()];
    for (&group, place) in of.iter().zip(place) {
        let share = &mut shares[group as usize];
        share.of += 1;
        share.served += u32::from(place.is_some());
    }
    let groups = names.iter().zip(shares).filter(|(_, share)| share.of > 0);
    groups.map(|(group, share)| Served { group: group.clone(), share }).collect()
}
