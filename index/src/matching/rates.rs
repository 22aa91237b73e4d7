//! What the loop has learnt of services: counts of what became of referrals, smoothed from
//! service over organisation to category, so that few outcomes move a rate little.
//!
//! Counts come from outside, already weighted by age (`2^(-days/180)`); empty ones leave the
//! priors. Source: `docs/MATCHING.md`, "Acceptance" and "Completion".

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::code::{OrganizationId, ServiceId, SiteId, TermCode};

/// Weighted counts of one kind of outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Tally {
    /// How often it went well.
    pub good: f64,
    /// How often it was tried.
    pub tried: f64,
}

/// Counts at the three levels.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tallies {
    /// By service.
    pub service: BTreeMap<ServiceId, Tally>,
    /// By organisation.
    pub organization: BTreeMap<OrganizationId, Tally>,
    /// By group of the taxonomy.
    pub category: BTreeMap<TermCode, Tally>,
}

/// Everything learnt. The empty value leaves every prior as it is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rates {
    /// Accepted, of those answered; refusals for lack of places or for rules are not counted.
    pub accepted: Tallies,
    /// Completed, of those begun.
    pub completed: Tallies,
    /// Found eligible, of those whose rules were open; returns as not eligible are the rest.
    pub passed: BTreeMap<ServiceId, Tally>,
    /// Days from sending to the first service: `good` is the sum of days, `tried` how many.
    pub waited: BTreeMap<ServiceId, Tally>,
    /// When it last answered that it is full.
    pub full_at: BTreeMap<SiteId, Timestamp>,
    /// Referrals it has left unanswered since its last answer.
    pub unanswered: BTreeMap<ServiceId, u32>,
}

/// Prior mean of acceptance and completion.
const PRIOR: f64 = 0.70;

impl Tallies {
    /// The rate of a service: `(x_s + 6 m_o)/(n_s + 6)`, `m_o = (x_o + 20 m_c)/(n_o + 20)`,
    /// `m_c = (x_c + 30 * 0.70)/(n_c + 30)`.
    #[must_use]
    pub fn rate(&self, service: &ServiceId, organization: &OrganizationId, category: &str) -> f64 {
        let category = smooth(self.category.get(category), 30.0, PRIOR);
        let organization = smooth(self.organization.get(organization), 20.0, category);
        smooth(self.service.get(service), 6.0, organization)
    }
}

/// A tally drawn towards a mean, as if that had been seen `weight` times.
#[must_use]
pub fn smooth(tally: Option<&Tally>, weight: f64, mean: f64) -> f64 {
    let Tally { good, tried } = tally.copied().unwrap_or_default();
    (good + weight * mean) / (tried + weight)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn without_outcomes_the_prior_holds() {
        let rate = Tallies::default().rate(&"s".into(), &"o".into(), "PSY");
        assert!((rate - 0.70).abs() < 1e-12);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(crate::policy::sample::cases()))]

        #[test]
        fn without_outcomes_a_rate_is_its_parents_and_with_very_many_its_own(
            good in 0.0..=1.0_f64, mean in 0.0..=1.0_f64, weight in 0.5..50.0_f64,
        ) {
            prop_assert!((smooth(None, weight, mean) - mean).abs() < 1e-12);
            let many = Tally { good: good * 1e9, tried: 1e9 };
            prop_assert!((smooth(Some(&many), weight, mean) - good).abs() < 1e-6);
        }

        #[test]
        fn every_level_draws_the_next_towards_itself(
            service in (0..30_u8, 0..30_u8), organization in (0..30_u8, 0..30_u8), category in (0..30_u8, 0..30_u8),
        ) {
            let tally = |(good, bad): (u8, u8)| Tally { good: good.into(), tried: f64::from(good) + f64::from(bad) };
            let own = |(good, bad): (u8, u8), parent: f64| if good + bad == 0 { parent } else { f64::from(good) / (f64::from(good) + f64::from(bad)) };
            let mut tallies = Tallies::default();
            tallies.category.insert("PSY".parse().unwrap(), tally(category));
            let whole = tallies.rate(&"s".into(), &"o".into(), "PSY");
            tallies.organization.insert("o".into(), tally(organization));
            let part = tallies.rate(&"s".into(), &"o".into(), "PSY");
            tallies.service.insert("s".into(), tally(service));
            let one = tallies.rate(&"s".into(), &"o".into(), "PSY");
            for (rate, parent, level) in [(whole, PRIOR, category), (part, whole, organization), (one, part, service)] {
                let own = own(level, parent);
                prop_assert!(rate >= own.min(parent) - 1e-12 && rate <= own.max(parent) + 1e-12);
            }
        }

        #[test]
        fn a_rate_stays_between_its_own_and_its_parents(good in 0.0..50.0_f64, bad in 0.001..50.0_f64, mean in 0.0..1.0_f64) {
            let tally = Tally { good, tried: good + bad };
            let own = good / tally.tried;
            let rate = smooth(Some(&tally), 6.0, mean);
            prop_assert!(rate >= own.min(mean) - 1e-12 && rate <= own.max(mean) + 1e-12);
        }
    }
}
