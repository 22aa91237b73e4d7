//! The enhanced two-step floating catchment area: how many places there are for the needs within reach.
//!
//! First each offer's places are shared among all needs that can reach it, `R_j = places_j / Σ_k w(t_kj)·need_k`; then each
//! place of living adds up the shares within its own reach, `A_i = Σ_j w(t_ij)·R_j`. `w = exp(-t²/(2·s²))` with s = 20 minutes,
//! 0 beyond 60: an offer twice as far is worth less than half, and nobody crosses a county every week.
//! Unit: places for one need. Source: Luo and Qi (2009), `docs/MATCHING.md`, "Access".

/// Beyond so many minutes nobody goes.
pub const FARTHEST: f64 = 60.0;
/// The width of the bell, in minutes.
const SPREAD: f64 = 20.0;

/// A way from a group of needs to an offer, with its weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Way {
    /// Index of the group of needs.
    pub from: usize,
    /// Index of the offer.
    pub to: usize,
    /// `w`, times the chance that the group may use the offer; 0 to 1.
    pub weight: f64,
}

/// What a way of so many minutes is worth, 0 to 1.
#[must_use]
pub fn worth(minutes: f64) -> f64 {
    if minutes > FARTHEST { 0.0 } else { bell(minutes, SPREAD) }
}

/// `exp(-t²/(2·s²))`.
fn bell(distance: f64, spread: f64) -> f64 {
    (-(distance * distance) / (2.0 * spread * spread)).exp()
}

/// Places for one need, by group, from the needs of each group, the places of each offer and the ways between them.
#[must_use]
pub fn access(needs: &[f64], places: &[f64], ways: &[Way]) -> Vec<f64> {
    let mut asked = vec![0.0; places.len()];
    for way in ways {
        asked[way.to] += way.weight * needs[way.from];
    }
    let mut access = vec![0.0; needs.len()];
    for way in ways.iter().filter(|way| asked[way.to] > 0.0) {
        access[way.from] += way.weight * places[way.to] / asked[way.to];
    }
    access
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_published_example_comes_out() {
        let (consumers, providers) = ([0.0, 1.0, 2.0], [0.0, 2.0]);
        let ways = consumers.iter().enumerate().flat_map(|(from, here)| {
            providers.iter().enumerate().map(move |(to, there): (usize, &f64)| Way { from, to, weight: bell(here - there, 1.0) })
        });
        let found = access(&[100.0; 3], &[10.0; 2], &ways.collect::<Vec<_>>());
        for (found, wanted) in found.iter().zip([0.065_179, 0.069_641, 0.065_179]) {
            assert!((found - wanted).abs() < 5e-7, "{found}");
        }
    }

    #[test]
    fn a_way_of_an_hour_counts_and_one_beyond_does_not() {
        assert!((worth(0.0) - 1.0).abs() < 1e-12 && worth(60.0) > 0.011);
        assert!(worth(60.5).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn all_places_are_shared_out_and_none_is_made(needs in prop::collection::vec(0.5..50.0_f64, 1..6), places in prop::collection::vec(0.0..30.0_f64, 1..6), minutes in prop::collection::vec(0.0..80.0_f64, 36)) {
            let ways: Vec<Way> = (0..needs.len())
                .flat_map(|from| (0..places.len()).map(move |to| (from, to)))
                .map(|(from, to)| Way { from, to, weight: worth(minutes[from * 6 + to]) })
                .collect();
            let found = access(&needs, &places, &ways);
            let given: f64 = found.iter().zip(&needs).map(|(access, needs)| access * needs).sum();
            let reached = |to: usize| ways.iter().any(|way| way.to == to && way.weight > 0.0);
            let there: f64 = places.iter().enumerate().filter(|(to, _)| reached(*to)).map(|(_, places)| places).sum();
            prop_assert!((given - there).abs() < 1e-6, "{given} of {there}");
        }

        #[test]
        fn a_place_more_lowers_nobody(places in prop::collection::vec(0.0..30.0_f64, 3), minutes in prop::collection::vec(0.0..80.0_f64, 12), which in 0_usize..3) {
            let ways: Vec<Way> = (0..12).map(|n| Way { from: n / 3, to: n % 3, weight: worth(minutes[n]) }).collect();
            let before = access(&[3.0, 1.0, 7.0, 2.0], &places, &ways);
            let mut more = places;
            more[which] += 1.0;
            let after = access(&[3.0, 1.0, 7.0, 2.0], &more, &ways);
            prop_assert!(before.iter().zip(&after).all(|(before, after)| after + 1e-12 >= *before));
        }
    }
}
