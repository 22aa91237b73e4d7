//! What an agreement is worth: a table of points for each kind of record, read as it is shown.
//!
//! Points are tenths of a doubling of the odds: ten more, and it is twice as likely that two
//! records stand for the same. A record begins at `base`, what a pair of candidates is worth before
//! anything is compared, and every comparison adds its own; nothing else counts. The tables in
//! `points/` are fitted by `tests/duplicates`.

use std::collections::HashMap;

use serde::Serialize;

/// One row of the sum behind a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// What was compared: `phone`, `core`; `base` for where the sum begins.
    pub comparison: &'static str,
    /// How it agreed: `same`, `other`.
    pub level: &'static str,
    /// What that is worth, in tenths of a doubling of the odds.
    pub points: i32,
}

/// A comparison and the level of agreement found.
pub type Level = (&'static str, &'static str);

/// The points of one kind of record.
#[derive(Debug)]
pub struct Points(HashMap<Level, i32>);

impl Points {
    /// Reads `comparison,level,points` below a header.
    pub(super) fn read(csv: &'static str) -> Self {
        let row = |row: &'static str| {
            let mut cells = row.split(',');
            Some(((cells.next()?, cells.next()?), cells.next()?.trim().parse().ok()?))
        };
        Self(csv.lines().skip(1).filter_map(row).collect())
    }

    /// The rows of a sum: the base, then every level found.
    pub(super) fn evidence(&self, levels: &[Level]) -> Vec<Evidence> {
        let base = [("base", "candidate")];
        let row = |(comparison, level): &Level| Evidence { comparison, level, points: self.of((comparison, level)) };
        base.iter().chain(levels).map(row).collect()
    }

    /// The sum, without its rows.
    pub(super) fn sum(&self, levels: &[Level]) -> i32 {
        self.of(("base", "candidate")) + levels.iter().map(|level| self.of(*level)).sum::<i32>()
    }

    /// A level that is in no table is worth nothing; a test sees to it that there is none.
    fn of(&self, level: Level) -> i32 {
        self.0.get(&level).copied().unwrap_or_default()
    }
}

/// The chance that the points of a sum mean the same thing, 0 to 1.
#[must_use]
pub fn score(points: i32) -> f64 {
    1.0 / (1.0 + (-f64::from(points) / 10.0).exp2())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_points_double_the_odds() {
        let odds = |points| score(points) / (1.0 - score(points));
        assert!((score(0) - 0.5).abs() < 1e-12);
        assert!((odds(10) - 2.0).abs() < 1e-9 && (odds(-30) - 0.125).abs() < 1e-9);
    }

    #[test]
    fn rows_add_up_to_the_sum() {
        let points = Points::read("comparison,level,points\nbase,candidate,-40\nphone,same,55\n");
        let levels = [("phone", "same"), ("contact", "other")];
        let rows = points.evidence(&levels);
        assert_eq!(rows.iter().map(|row| row.points).sum::<i32>(), points.sum(&levels));
        assert_eq!(points.sum(&levels), 15);
    }
}
