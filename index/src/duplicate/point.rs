//! Points on the map: where something is to a few metres, if the point is of the house and not of the town.

use crate::place::Wgs84;

/// How two points agree, nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Agreement {
    /// The same house, as far as a map tells.
    Same,
    /// The same block.
    Near,
    /// Within walking distance.
    Apart,
    /// Elsewhere.
    Far,
}

/// Farthest distances of the agreements, in kilometres.
const REACH: [(f64, Agreement); 3] = [(0.03, Agreement::Same), (0.15, Agreement::Near), (1.5, Agreement::Apart)];

/// Cells of the grid by which near points meet, to a degree: some 200 m.
const CELLS: f64 = 500.0;

/// The points of a field: `118.72,32.18`, several after `;`. What is no point on earth, and nought by nought, is none.
pub(super) fn read(field: &str) -> Vec<Wgs84> {
    let point = |text: &str| {
        let (longitude, latitude) = text.split_once([',', '，', ' '])?;
        let point = Wgs84::new(longitude.trim().parse().ok()?, latitude.trim().parse().ok()?)?;
        ((point.longitude, point.latitude) != (0.0, 0.0)).then_some(point)
    };
    field.split([';', '；', '|']).filter_map(|text| point(text.trim())).collect()
}

/// The best agreement of any point of one with any of the other; none where one has none.
pub(super) fn agreement(one: &[Wgs84], other: &[Wgs84]) -> Option<Agreement> {
    let nearest = one.iter().flat_map(|a| other.iter().map(|b| a.distance_km(*b))).min_by(f64::total_cmp)?;
    Some(REACH.iter().find(|(most, _)| nearest <= *most).map_or(Agreement::Far, |(_, agreement)| *agreement))
}

/// The cell of a point in each of four grids that are shifted by half a cell: points of one block share one.
pub(super) fn keys(points: &[Wgs84]) -> impl Iterator<Item = String> {
    let cell = |degrees: f64, shift: f64| (degrees * CELLS + shift).floor();
    let shifts = [(0.0, 0.0), (0.5, 0.0), (0.0, 0.5), (0.5, 0.5)];
    points.iter().flat_map(move |point| {
        let key = |(east, north)| format!("g{east}{north},{},{}", cell(point.longitude, east), cell(point.latitude, north));
        shifts.map(key)
    })
}

/// A point to some ten metres, as a text: what many entries have to the digit is the point of a town or of a default.
pub(super) fn spot(point: Wgs84) -> String {
    format!("{:.4},{:.4}", point.longitude, point.latitude)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_read_and_what_is_none_is_left_out() {
        assert_eq!(read("118.72,32.18; 118.8 32.0").len(), 2);
        for none in ["", "无", "0,0", "118.72", "318,32", "NaN,32"] {
            assert_eq!(read(none), [], "{none}");
        }
    }

    #[test]
    fn near_points_agree_and_share_a_key() {
        let agree = |one: &str, other: &str| agreement(&read(one), &read(other));
        assert_eq!(agree("118.72000,32.18000", "118.72010,32.18005"), Some(Agreement::Same));
        assert_eq!(agree("118.7200,32.1800", "118.7208,32.1806"), Some(Agreement::Near));
        assert_eq!(agree("118.72,32.18", "118.73,32.18"), Some(Agreement::Apart));
        assert_eq!(agree("118.72,32.18", "118.92,32.18;118.72,32.18"), Some(Agreement::Same));
        assert_eq!(agree("118.72,32.18", "119.72,32.18"), Some(Agreement::Far));
        assert_eq!(agree("118.72,32.18", ""), None);
        let share = |one: &str, other: &str| {
            let (one, other) = (read(one), read(other));
            keys(&one).any(|key| keys(&other).any(|known| known == key))
        };
        assert!(share("118.71999,32.17999", "118.72001,32.18001"));
        assert!(!share("118.72,32.18", "118.73,32.18"));
    }
}
