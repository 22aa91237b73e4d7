//! Whether forecasts come true: what was foretold when somebody was asked, beside what came of it.
//!
//! Of many forecasts of seven tenths seven in ten should come true. The expected calibration error is the mean distance between
//! the two over tenths of the forecast, weighted by how many lie in each; range 0 to 1. Only what was referred is known: of what
//! the matcher kept from being asked nothing is learnt. Source: `docs/MATCHING.md`, "Calibration".

use std::collections::BTreeMap;

use lianjie_index::matching::calibration::{Bin, Calibration};
use lianjie_index::{CategoryCode, DivisionCode};
use serde::Serialize;
use utoipa::ToSchema;

/// The error that is aimed at, over all.
pub const GOOD: f64 = 0.05;
/// How far a group may be off.
pub const OFF: f64 = 0.08;
/// A 95 % interval in standard deviations.
const DEVIATIONS: f64 = 1.96;

/// A forecast that is settled.
#[derive(Debug, Clone)]
pub struct Settled {
    /// The chance foretold, 0 to 1.
    pub foretold: f64,
    /// Whether it came true.
    pub came: bool,
    /// Township of the case.
    pub division: DivisionCode,
    /// Categories of the child.
    pub categories: Vec<CategoryCode>,
}

/// Forecasts that belong together.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Group {
    /// A tenth such as `0.3`, a category, a division.
    pub about: String,
    /// How many; null where they are too few to be told.
    pub count: Option<u32>,
    /// The mean foretold.
    pub foretold: Option<f64>,
    /// The share that came true.
    pub came: Option<f64>,
    /// Between which shares the true one lies, in 19 of 20 such groups (Wilson).
    pub between: Option<(f64, f64)>,
    /// Whether the forecast lies outside of that and more than 0.08 from what came.
    pub off: bool,
}

/// One kind of forecast.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Calibrated {
    /// How many are settled.
    pub count: u32,
    /// The expected calibration error; null where nothing is settled.
    pub error: Option<f64>,
    /// The mean square of what is missing: 0 is always right and sure.
    pub brier: Option<f64>,
    /// By tenths of the forecast.
    pub tenths: Vec<Group>,
    /// By category of the child; a child may be in several.
    pub categories: Vec<Group>,
    /// By place: townships of a county, counties of what is wider.
    pub places: Vec<Group>,
}

impl Calibrated {
    /// Of what is settled. `digits` of a division's code make a place; groups below `smallest` are named without figures.
    #[must_use]
    pub fn of(settled: &[Settled], digits: usize, smallest: u32) -> Self {
        let mut all = Calibration::default();
        let (mut categories, mut places): (BTreeMap<String, Calibration>, BTreeMap<String, Calibration>) = Default::default();
        for one in settled {
            all.add(one.foretold, one.came);
            for category in &one.categories {
                categories.entry(category.to_string()).or_default().add(one.foretold, one.came);
            }
            let place = one.division.as_str().get(..digits).unwrap_or(one.division.as_str());
            places.entry(place.to_owned()).or_default().add(one.foretold, one.came);
        }
        let told = |(about, group): (&String, &Calibration)| Group::of(about, (group.count(), group.means()), smallest);
        let tenth =
            |(number, bin): (usize, &Bin)| Group::of(&format!("0.{number}"), (bin.count, bin.expected().zip(bin.observed())), smallest);
        Self {
            count: all.count(),
            error: all.error().map(thousandths),
            brier: all.brier().map(thousandths),
            tenths: all.bins().iter().enumerate().filter(|(_, bin)| bin.count > 0).map(tenth).collect(),
            categories: categories.iter().map(told).collect(),
            places: places.iter().map(told).collect(),
        }
    }
}

impl Group {
    fn of(about: &str, (count, means): (u32, Option<(f64, f64)>), smallest: u32) -> Self {
        let untold = Self { about: about.to_owned(), count: None, foretold: None, came: None, between: None, off: false };
        let Some((foretold, came)) = means.filter(|_| count >= smallest) else { return untold };
        let (low, high) = wilson(came, f64::from(count));
        Self {
            count: Some(count),
            foretold: Some(thousandths(foretold)),
            came: Some(thousandths(came)),
            between: Some((thousandths(low), thousandths(high))),
            off: (foretold - came).abs() > OFF && !(low..=high).contains(&foretold),
            ..untold
        }
    }
}

/// Between which shares the true one lies where `share` of `count` were seen.
fn wilson(share: f64, count: f64) -> (f64, f64) {
    let square = DEVIATIONS * DEVIATIONS;
    let middle = (share + square / (2.0 * count)) / (1.0 + square / count);
    let half = DEVIATIONS * (share * (1.0 - share) / count + square / (4.0 * count * count)).sqrt() / (1.0 + square / count);
    ((middle - half).max(0.0), (middle + half).min(1.0))
}

fn thousandths(share: f64) -> f64 {
    (share * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(foretold: f64, came: bool) -> Settled {
        Settled { foretold, came, division: "320116010".parse().unwrap(), categories: vec!["LEFT".parse().unwrap()] }
    }

    fn many(foretold: f64, came: usize, of: usize) -> Vec<Settled> {
        (0..of).map(|number| settled(foretold, number < came)).collect()
    }

    #[test]
    fn forecasts_that_come_true_as_often_as_they_say_have_no_error() {
        let all = [many(0.7, 70, 100), many(0.2, 20, 100)].concat();
        let found = Calibrated::of(&all, 6, 5);
        assert_eq!((found.count, found.error), (200, Some(0.0)));
        assert!(found.tenths.iter().chain(&found.places).all(|group| !group.off));
    }

    #[test]
    fn a_tenth_that_is_off_counts_by_its_share() {
        let all = [many(0.9, 50, 100), many(0.2, 60, 300)].concat();
        let found = Calibrated::of(&all, 6, 5);
        assert_eq!(found.error, Some(0.1), "a quarter of them is off by 0.4");
        let tenth = found.tenths.iter().find(|group| group.about == "0.9").unwrap();
        assert!(tenth.off && tenth.between.unwrap().1 < 0.61, "{tenth:?}");
        assert_eq!(found.places.len(), 1);
        assert_eq!(found.places[0].about, "320116");
    }

    #[test]
    fn a_small_group_is_named_without_figures_and_never_off() {
        let found = Calibrated::of(&many(0.9, 0, 4), 6, 5);
        assert_eq!((found.count, found.tenths[0].count, found.tenths[0].off), (4, None, false));
        assert_eq!(Calibrated::of(&[], 6, 5).error, None);
    }

    #[test]
    fn the_interval_of_wilson_is_as_published() {
        let (low, high) = wilson(0.1, 10.0);
        assert!((low - 0.0179).abs() < 0.0005 && (high - 0.4042).abs() < 0.0005, "{low} {high}");
    }
}
