//! Waiting raises priority: a need counts `weight * (1 + weeks / 26)`, at most as much as one tier up.
//!
//! Weights are then counted in 26ths, so that they stay whole. Tier 1 has no tier above it and does
//! not rise. Source: `docs/MATCHING.md`, "Allocation".

use super::{fault::Fault, instance::Instance};

/// After how many weeks a need counts twice.
const WEEKS: u32 = 26;

impl Instance {
    /// The same instance, in which each need counts what its weeks of waiting make of it.
    ///
    /// # Errors
    /// [`Fault::Length`] unless there is a number of weeks for each need.
    pub fn waiting(&self, weeks: &[u32]) -> Result<Self, Fault> {
        let tier = &self.needs().tier;
        if weeks.len() != tier.len() {
            return Err(Fault::Length { list: "needs", field: "weeks", wanted: tier.len(), found: weeks.len() });
        }
        let weights = self.tier_weight();
        let raised = tier.iter().zip(weeks).map(|(&tier, &weeks)| raised(weights, tier, weeks)).collect();
        Ok(self.weighing(raised, WEEKS))
    }
}

/// What a need of a tier counts after so many weeks, in 26ths.
fn raised(weights: [u32; 4], tier: u8, weeks: u32) -> u32 {
    let own = weights[usize::from(tier) - 1];
    let above = weights[usize::from(tier.max(2)) - 2].max(own);
    let grown = u64::from(own) * (u64::from(WEEKS) + u64::from(weeks));
    u32::try_from(grown).unwrap_or(u32::MAX).min(WEEKS * above)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_year_doubles_a_need_and_no_wait_lifts_it_over_the_tier_above() {
        let weights = [8, 4, 2, 1];
        assert_eq!(raised(weights, 4, 0), 26);
        assert_eq!(raised(weights, 4, 13), 39);
        assert_eq!(raised(weights, 4, 26), 2 * 26);
        assert_eq!(raised(weights, 4, 520), 2 * 26);
        assert_eq!(raised(weights, 1, u32::MAX), 8 * 26);
        assert_eq!(raised([3, 8, 2, 1], 2, 52), 8 * 26);
    }
}
