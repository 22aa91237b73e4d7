//! The chance to pass rules that are open: the number of term E; [`super::rules`] is its gate.
//!
//! 1 where nothing is open; else the product over open atoms of the service's chance to pass one
//! (prior 0.70 with weight 4), at least 0.35. Range (0, 1]. Source: `docs/MATCHING.md`, "Rules".

use super::rates::{Tally, smooth};

/// Prior chance that an open atom turns out well.
pub(crate) const CHANCE: f64 = 0.70;
/// Least chance of an open rule.
pub(crate) const FLOOR: f64 = 0.35;

/// The chance to pass so many open atoms, by how those before passed at this service.
pub(crate) fn chance(passed: Option<&Tally>, open: usize) -> f64 {
    let one = smooth(passed, 4.0, CHANCE);
    let open = i32::try_from(open).unwrap_or(i32::MAX);
    one.powi(open).max(FLOOR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_open_atoms_reach_the_floor() {
        assert!((chance(None, 0) - 1.0).abs() < 1e-12);
        assert!((chance(None, 2) - 0.49).abs() < 1e-12);
        assert!((chance(None, 3) - 0.35).abs() < 1e-12);
    }
}
