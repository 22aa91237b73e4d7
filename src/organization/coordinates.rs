//! Points as maps in China give them, turned into WGS-84.
//!
//! GCJ-02 (高德, 腾讯) shifts WGS-84 by some hundred metres inside China; BD-09 (百度) shifts GCJ-02 once more.
//! The shift has no inverse in closed form: it is found by iteration, to below a metre.

use std::f64::consts::PI;

use lianjie_index::Wgs84;

use super::model::Crs;

/// Semi-major axis of the Krasovsky ellipsoid, in metres.
const AXIS: f64 = 6_378_245.0;
/// Square of its eccentricity.
const ECCENTRICITY: f64 = 0.006_693_421_622_965_943;
const BD_PI: f64 = PI * 3000.0 / 180.0;

/// The point in WGS-84.
#[must_use]
pub fn to_wgs84(longitude: f64, latitude: f64, given: Crs) -> Wgs84 {
    let (longitude, latitude) = match given {
        Crs::Wgs84 => (longitude, latitude),
        Crs::Gcj02 => gcj02_to_wgs84(longitude, latitude),
        Crs::Bd09 => {
            let (longitude, latitude) = bd09_to_gcj02(longitude, latitude);
            gcj02_to_wgs84(longitude, latitude)
        }
    };
    Wgs84 { longitude, latitude }
}

/// Whether a point can lie in China at all: a longitude and a latitude that were swapped cannot.
#[must_use]
pub fn is_in_china(longitude: f64, latitude: f64) -> bool {
    (72.004..=137.8347).contains(&longitude) && (0.8293..=55.8271).contains(&latitude)
}

fn gcj02_to_wgs84(longitude: f64, latitude: f64) -> (f64, f64) {
    let (mut east, mut north) = (longitude, latitude);
    for _ in 0..6 {
        let (shifted_east, shifted_north) = wgs84_to_gcj02(east, north);
        east += longitude - shifted_east;
        north += latitude - shifted_north;
    }
    (east, north)
}

fn wgs84_to_gcj02(longitude: f64, latitude: f64) -> (f64, f64) {
    if !is_in_china(longitude, latitude) {
        return (longitude, latitude);
    }
    let (east, north) = (longitude - 105.0, latitude - 35.0);
    let radians = latitude / 180.0 * PI;
    let magic = 1.0 - ECCENTRICITY * radians.sin().powi(2);
    let root = magic.sqrt();
    let metres_north = wave_north(east, north);
    let metres_east = wave_east(east, north);
    let north = metres_north * 180.0 / ((AXIS * (1.0 - ECCENTRICITY)) / (magic * root) * PI);
    let east = metres_east * 180.0 / (AXIS / root * radians.cos() * PI);
    (longitude + east, latitude + north)
}

fn wave_north(x: f64, y: f64) -> f64 {
    let plain = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * x.abs().sqrt();
    plain + ripple(x) + waves(y, [20.0, 40.0, 160.0, 320.0], [1.0, 1.0 / 3.0, 1.0 / 12.0, 1.0 / 30.0])
}

fn wave_east(x: f64, y: f64) -> f64 {
    let plain = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * x.abs().sqrt();
    plain + ripple(x) + waves(x, [20.0, 40.0, 150.0, 300.0], [1.0, 1.0 / 3.0, 1.0 / 12.0, 1.0 / 30.0])
}

fn ripple(x: f64) -> f64 {
    (20.0 * (6.0 * x * PI).sin() + 20.0 * (2.0 * x * PI).sin()) * 2.0 / 3.0
}

fn waves(along: f64, heights: [f64; 4], lengths: [f64; 4]) -> f64 {
    heights.iter().zip(lengths).map(|(height, length)| height * (along * PI * length).sin()).sum::<f64>() * 2.0 / 3.0
}

fn bd09_to_gcj02(longitude: f64, latitude: f64) -> (f64, f64) {
    let (mut east, mut north) = (longitude - 0.0065, latitude - 0.006);
    for _ in 0..6 {
        let (shifted_east, shifted_north) = gcj02_to_bd09(east, north);
        east += longitude - shifted_east;
        north += latitude - shifted_north;
    }
    (east, north)
}

fn gcj02_to_bd09(longitude: f64, latitude: f64) -> (f64, f64) {
    let radius = longitude.hypot(latitude) + 0.000_02 * (latitude * BD_PI).sin();
    let angle = latitude.atan2(longitude) + 0.000_003 * (longitude * BD_PI).cos();
    (radius * angle.cos() + 0.0065, radius * angle.sin() + 0.006)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Published points: WGS-84, GCJ-02, BD-09.
    const POINTS: [[(f64, f64); 3]; 4] = [
        [(118.791_49, 32.061_64), (118.796_683, 32.059_572), (118.803_104, 32.065_927)],
        [(120.389_02, 31.287_86), (120.393_7, 31.286_031), (120.400_2, 31.291_957)],
        [(117.278_38, 34.207_06), (117.284_124, 34.205_764), (117.290_698, 34.211_529)],
        [(119.178_82, 34.600_02), (119.184_433, 34.599_053), (119.190_92, 34.605_161)],
    ];

    fn near(found: Wgs84, wanted: (f64, f64)) -> bool {
        (found.longitude - wanted.0).abs() < 0.000_005 && (found.latitude - wanted.1).abs() < 0.000_005
    }

    #[test]
    fn every_system_leads_back_to_the_same_point() {
        for [wgs84, gcj02, bd09] in POINTS {
            assert!(near(to_wgs84(wgs84.0, wgs84.1, Crs::Wgs84), wgs84));
            assert!(near(to_wgs84(gcj02.0, gcj02.1, Crs::Gcj02), wgs84), "{gcj02:?}");
            assert!(near(to_wgs84(bd09.0, bd09.1, Crs::Bd09), wgs84), "{bd09:?}");
        }
    }

    #[test]
    fn outside_china_nothing_is_shifted() {
        assert!(near(to_wgs84(139.767_1, 35.681_2, Crs::Gcj02), (139.767_1, 35.681_2)));
        assert!(!is_in_china(32.0, 118.8) && is_in_china(118.8, 32.0));
    }
}
