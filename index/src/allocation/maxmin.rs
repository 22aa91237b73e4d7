//! The largest smallest share: how much of every county, or town, can be served at once.
//!
//! The level is the largest fraction `k / m` such that every group can have at least that share of
//! its needs. Only fractions of a group's size can be levels; bisection over them, each step a
//! maximum flow that goes on from the last allocation. A group nobody can serve makes the level 0:
//! the smallest share is then 0 whatever is done. A floor of a share of the level asks
//! `ceil(share * level * size)` of each group.

use std::cmp::Ordering;

use serde::Serialize;

use super::{
    fault::Fault,
    floors::{self, Floors},
    label::Labels,
    network::Network,
    reach::Seeker,
};

/// A part of one in thousandths, 0 to 1000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Share(u16);

impl Share {
    /// All of it.
    pub const WHOLE: Self = Self(1000);

    /// So many thousandths, where that is a share.
    #[must_use]
    pub fn of_thousandths(thousandths: u16) -> Option<Self> {
        (thousandths <= 1000).then_some(Self(thousandths))
    }

    /// Reads `0.9`, `1` or `0.875`.
    ///
    /// # Errors
    /// [`Fault::Share`] where it is no share, or has more than three decimals.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let fault = || Fault::Share(text.to_owned());
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(decimals) || decimals.len() > 3 {
            return Err(fault());
        }
        let whole: u16 = whole.parse().map_err(|_| fault())?;
        let decimals: u16 = format!("{decimals:0<3}").parse().map_err(|_| fault())?;
        whole.checked_mul(1000).and_then(|whole| whole.checked_add(decimals)).and_then(Self::of_thousandths).ok_or_else(fault)
    }

    /// In thousandths.
    #[must_use]
    pub fn thousandths(self) -> u16 {
        self.0
    }
}

/// A share as a fraction: `served` of `of`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Fraction {
    /// How many are served.
    pub served: u32,
    /// Of how many.
    pub of: u32,
}

impl Fraction {
    /// The part of a group of this size that the share of this fraction asks for, rounded up.
    fn of_size(self, share: Share, size: u32) -> u32 {
        let asked = u128::from(share.0) * u128::from(self.served) * u128::from(size);
        u32::try_from(asked.div_ceil(1000 * u128::from(self.of))).expect("a share of a size is no larger")
    }
}

impl Fraction {
    /// Which is the larger share.
    #[must_use]
    pub fn compare(self, other: Self) -> Ordering {
        (u64::from(self.served) * u64::from(other.of)).cmp(&(u64::from(other.served) * u64::from(self.of)))
    }
}

/// The max-min level of these groups. The network is divided into them, and is left with some
/// allocation that no price belongs to.
pub(super) fn level(network: &mut Network<'_>, groups: &Labels) -> Fraction {
    let sizes = groups.sizes();
    let mut levels: Vec<Fraction> = sizes.iter().flat_map(|&of| (0..=of).map(move |served| Fraction { served, of })).collect();
    levels.sort_unstable_by(|a, b| a.compare(*b));
    levels.dedup_by(|a, b| a.compare(*b) == Ordering::Equal);
    let most = most_served(network.clone());
    let mut seeker = Seeker::new(network);
    // `low` holds, as the allocation has it already; `high` does not.
    let shares = (0..).zip(&sizes).map(|(group, &of)| Fraction { served: network.load[network.group_node(group) as usize], of });
    let least = shares.min_by(|a, b| a.compare(*b)).unwrap_or(Fraction { served: 0, of: 1 });
    let (mut low, mut high) = (levels.partition_point(|level| level.compare(least).is_lt()), levels.len());
    while high - low > 1 {
        let middle = usize::midpoint(low, high);
        let least: Vec<u32> = sizes.iter().map(|&size| levels[middle].of_size(Share::WHOLE, size)).collect();
        let asked: u64 = least.iter().map(|&least| u64::from(least)).sum();
        // Most levels that are too high ask for more than can be served at all.
        if asked <= most && floors::feasible(network, &mut seeker, &least) {
            low = middle;
        } else {
            high = middle;
        }
    }
    levels.get(low).copied().unwrap_or(Fraction { served: 0, of: 1 })
}

/// How many needs can be served at once, whoever they are.
fn most_served(mut network: Network<'_>) -> u64 {
    network.divide(&vec![0; network.pair.len()], 1);
    let all = network.group_node(0);
    network.ask(&[u32::MAX]);
    Seeker::new(&network).fill(&mut network, all);
    network.load[all as usize].into()
}

/// The floors of a share of a level.
pub(super) fn floors(groups: &Labels, level: Fraction, share: Share) -> Floors {
    let least = groups.sizes().iter().map(|&size| level.of_size(share, size)).collect();
    Floors { names: groups.names.clone(), of: groups.of.clone(), least }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_has_at_most_three_decimals() {
        assert_eq!(Share::parse("0.9").unwrap().thousandths(), 900);
        assert_eq!(Share::parse("1").unwrap(), Share::WHOLE);
        for wrong in ["", "1.1", "-0.1", "0.9999", "0,9", ".5", "1.", "+1", "99999"] {
            assert!(Share::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_floor_is_rounded_up() {
        let level = Fraction { served: 2, of: 3 };
        assert_eq!(level.of_size(Share::WHOLE, 3), 2);
        assert_eq!(level.of_size(Share::WHOLE, 4), 3);
        assert_eq!(level.of_size(Share(900), 3), 2);
        assert_eq!(level.of_size(Share(500), 3), 1);
    }
}
