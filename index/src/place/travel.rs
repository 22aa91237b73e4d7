//! Default travel minutes, one way, from the great circle alone.
//!
//! `road = d * (1.30 + 0.25 * exp(-d/5))` kilometres; on foot 4.5 km/h up to 3 km, e-bike 20 km/h
//! and 3 min up to 15 km, car 35 km/h and 5 min, bus 18 km/h and 15 min. A family can always walk
//! or take the bus, and takes what is quickest. Source: `docs/MATCHING.md`, "Travel".

use serde::{Deserialize, Serialize};

/// The best means a family has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// On foot.
    Walk,
    /// By bus: what everybody has, so also what is assumed.
    #[default]
    Bus,
    /// By e-bike.
    Ebike,
    /// By car.
    Car,
}

/// Kilometres by road for a great circle of `distance_km`.
#[must_use]
pub fn road_km(distance_km: f64) -> f64 {
    distance_km * (1.30 + 0.25 * (-distance_km / 5.0).exp())
}

/// Whole minutes one way for a great circle of `distance_km`, at most 65 535.
#[must_use]
pub fn minutes(distance_km: f64, best: Mode) -> u16 {
    let road = road_km(distance_km);
    let by = |km_per_hour: f64, extra: f64| road / km_per_hour * 60.0 + extra;
    let mut quickest = by(18.0, 15.0);
    if road <= 3.0 {
        quickest = quickest.min(by(4.5, 0.0));
    }
    if best == Mode::Ebike && road <= 15.0 {
        quickest = quickest.min(by(20.0, 3.0));
    }
    if best == Mode::Car {
        quickest = quickest.min(by(35.0, 5.0));
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the range of u16")]
    let whole = quickest.round().clamp(0.0, f64::from(u16::MAX)) as u16;
    whole
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_short_way_is_walked_and_a_long_one_driven() {
        assert_eq!(minutes(0.0, Mode::Walk), 0);
        assert_eq!(minutes(1.0, Mode::Bus), 20);
        assert_eq!(minutes(30.0, Mode::Car), 72);
        assert_eq!(minutes(30.0, Mode::Ebike), minutes(30.0, Mode::Bus));
    }

    proptest! {
        #[test]
        fn farther_never_takes_less(near in 0.0..100.0_f64, more in 0.0..50.0_f64) {
            for mode in [Mode::Walk, Mode::Bus, Mode::Ebike, Mode::Car] {
                prop_assert!(minutes(near, mode) <= minutes(near + more, mode));
            }
        }
    }
}
