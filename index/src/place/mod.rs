//! Where things are: points, divisions and zones, and how long a way takes.
//!
//! Roads, timetables and maps are for whoever has them; here are the great circle, the tree of
//! divisions, and default minutes ([`travel`]).

pub mod crossing;
pub mod gazetteer;
pub(crate) mod inside;
pub mod travel;

use geo::{Distance, Haversine, Point};
use serde::{Deserialize, Serialize};

pub use crossing::{Crossing, Shores};
pub use gazetteer::{Division, Gazetteer, Zone};
pub use travel::{Mode, minutes};

/// A point in degrees of WGS-84, longitude first.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wgs84 {
    /// Degrees east.
    pub longitude: f64,
    /// Degrees north.
    pub latitude: f64,
}

impl Wgs84 {
    /// A point, where both numbers are degrees of this earth and not of its poles.
    #[must_use]
    pub fn new(longitude: f64, latitude: f64) -> Option<Self> {
        let on_earth = longitude.abs() <= 180.0 && latitude.abs() < 85.0;
        on_earth.then_some(Self { longitude, latitude })
    }

    /// Great-circle distance in kilometres.
    #[must_use]
    pub fn distance_km(self, other: Self) -> f64 {
        Haversine.distance(self.point(), other.point()) / 1000.0
    }

    fn point(self) -> Point {
        Point::new(self.longitude, self.latitude)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nanjing_to_xuzhou_is_268_kilometres() {
        let nanjing = Wgs84::new(118.79149, 32.06164).unwrap();
        let xuzhou = Wgs84::new(117.27838, 34.20706).unwrap();
        assert!((nanjing.distance_km(xuzhou) - 277.7).abs() < 1.0, "{}", nanjing.distance_km(xuzhou));
    }

    #[test]
    fn a_point_off_the_earth_is_none() {
        assert!(Wgs84::new(32.0, 118.0).is_none());
        assert!(Wgs84::new(f64::NAN, 32.0).is_none());
    }
}
