//! Fitting the points: logistic regression over the levels of candidate pairs, with a little
//! shrinkage, and never more points for less agreement.

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write,
};

use lianjie_index::duplicate::{Pair, Record};

/// A level as the tables name it.
type Level = (&'static str, &'static str);

/// How strongly weights are drawn to nothing; in pairs that say the contrary.
const SHRINKAGE: f64 = 2.0;

/// How many missed pairs weigh as much as two twins held to be one child.
const TWINS: f64 = 8.0;

/// Points of a level are no more than this, for or against: lists of another making differ.
const MOST: i32 = 160;

/// Levels of each comparison from the best to the worst: points may not rise along a row. Levels
/// that a row leaves out find their own place.
const ORDER: [(&str, &[&str]); 30] = [
    ("core", &["same", "same_common", "sound", "typo", "similar", "weak", "other"]),
    ("core", &["same", "part", "abbreviation", "other"]),
    ("core", &["same", "slip", "other"]),
    ("core", &["generic_same", "generic_similar", "generic_other"]),
    ("name", &["same", "same_common", "sound", "typo", "similar", "weak", "other"]),
    ("name", &["same", "end", "part", "abbreviation", "other"]),
    ("name", &["same", "part", "brand", "other"]),
    ("form", &["same", "other"]),
    ("field", &["same", "part", "partly", "other"]),
    ("topic", &["same", "part", "partly", "other"]),
    ("branch", &["same", "one", "other"]),
    ("mark", &["same", "one", "other"]),
    ("town", &["same", "one", "other"]),
    ("org", &["same", "typo", "part", "similar", "weak", "other"]),
    ("category", &["same", "group", "other"]),
    ("age", &["same", "most", "some", "other"]),
    ("place", &["township", "county", "other_township", "other_county", "other_prefecture"]),
    (
        "place",
        &[
            "generic_township",
            "generic_seat",
            "generic_county",
            "generic_other_township",
            "generic_other_county",
            "generic_other_prefecture",
        ],
    ),
    ("phone", &["same", "masked", "typo", "other"]),
    ("address", &["same", "similar", "road", "other_number", "other"]),
    ("contact", &["same", "alike", "surname", "other"]),
    ("uscc", &["same", "typo", "other"]),
    ("website", &["same", "other"]),
    ("point", &["same", "near", "apart", "far"]),
    ("surname", &["same", "alike", "other"]),
    ("given", &["same", "same_common", "sound", "look", "half", "other"]),
    ("year", &["same", "near", "other"]),
    ("month", &["same", "digit", "other"]),
    ("day", &["same", "digit", "other"]),
    ("household", &["guardian", "phone", "address", "partly", "school", "one_apart", "apart"]),
];

/// How often a set of levels was found, and how often in pairs that were the same.
#[derive(Default)]
pub struct Sample(BTreeMap<Vec<Level>, (f64, f64)>);

impl Sample {
    /// Adds the candidate pairs of one list.
    pub fn add<R: Record>(&mut self, records: &[(usize, R)], candidates: &[Pair]) {
        let entity: HashMap<&str, usize> = records.iter().map(|(entity, record)| (record.id(), *entity)).collect();
        for pair in candidates {
            let levels: Vec<Level> = pair.evidence.iter().map(|row| (row.comparison, row.level)).collect();
            let same = entity[pair.a.as_str()] == entity[pair.b.as_str()];
            let weight = if !same && levels.contains(&("twins", "likely")) { TWINS } else { 1.0 };
            let (count, right) = self.0.entry(levels).or_default();
            *count += weight;
            *right += f64::from(u8::from(same));
        }
    }

    /// The table: `comparison,level,points`.
    pub fn table(&self) -> String {
        let mut levels: Vec<Level> = self.0.keys().flatten().copied().collect();
        levels.sort_unstable();
        levels.dedup();
        // Levels that share a weight share a number here.
        let mut slot: BTreeMap<Level, usize> = levels.iter().enumerate().map(|(n, level)| (*level, n)).collect();
        let mut weights = vec![0.0; levels.len()];
        loop {
            self.fit(&slot, &mut weights);
            let Some((better, worse)) = violation(&slot, &weights) else { break };
            slot.values_mut().filter(|slot| **slot == worse).for_each(|slot| *slot = better);
        }
        let mut table = String::from("comparison,level,points\n");
        let mut rows: Vec<(Level, i32)> = levels.iter().map(|level| (*level, points(weights[slot[level]]))).collect();
        rows.sort_by_key(|((comparison, level), points)| (*comparison != "base", *comparison, -points, *level));
        for ((comparison, level), points) in rows {
            writeln!(table, "{comparison},{level},{points}").unwrap();
        }
        table
    }

    /// Newton's method on the penalised likelihood.
    fn fit(&self, slot: &BTreeMap<Level, usize>, weights: &mut [f64]) {
        let n = weights.len();
        let rows: Vec<(Vec<usize>, f64, f64)> =
            self.0.iter().map(|(levels, (count, same))| (levels.iter().map(|level| slot[level]).collect(), *count, *same)).collect();
        for _ in 0..40 {
            let mut slope = vec![0.0; n];
            let mut curve = vec![vec![0.0; n]; n];
            for (n, weight) in weights.iter().enumerate() {
                slope[n] = -SHRINKAGE * weight;
                curve[n][n] = SHRINKAGE;
            }
            for (slots, count, same) in &rows {
                let chance = 1.0 / (1.0 + (-slots.iter().map(|slot| weights[*slot]).sum::<f64>()).exp());
                for a in slots {
                    slope[*a] += same - count * chance;
                    slots.iter().for_each(|b| curve[*a][*b] += count * chance * (1.0 - chance));
                }
            }
            let step = solve(curve, slope);
            let longest = step.iter().fold(0.0_f64, |longest, step| longest.max(step.abs()));
            let short = (2.0 / longest).min(1.0);
            weights.iter_mut().zip(&step).for_each(|(weight, step)| *weight += step * short);
            if longest < 1e-4 {
                return;
            }
        }
    }
}

/// Natural logarithm of odds as points: ten for a doubling.
#[expect(clippy::cast_possible_truncation, reason = "some hundreds at most")]
fn points(weight: f64) -> i32 {
    ((weight * 10.0 / std::f64::consts::LN_2).round() as i32).clamp(-MOST, MOST)
}

/// Two neighbours of an order of which the worse has more points.
fn violation(slot: &BTreeMap<Level, usize>, weights: &[f64]) -> Option<(usize, usize)> {
    for (comparison, order) in ORDER {
        let known: Vec<usize> =
            order.iter().filter_map(|level| slot.iter().find(|(known, _)| **known == (comparison, level)).map(|(_, slot)| *slot)).collect();
        let found = known.windows(2).find(|pair| pair[0] != pair[1] && weights[pair[1]] > weights[pair[0]] + 1e-6);
        if let Some(pair) = found {
            return Some((pair[0], pair[1]));
        }
    }
    None
}

/// Gauss's elimination with the largest pivot.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
    let n = right.len();
    for column in 0..n {
        let pivot = (column..n).max_by(|a, b| matrix[*a][column].abs().total_cmp(&matrix[*b][column].abs())).unwrap();
        matrix.swap(column, pivot);
        right.swap(column, pivot);
        for row in column + 1..n {
            let factor = matrix[row][column] / matrix[column][column];
            if factor != 0.0 {
                let above = matrix[column].clone();
                matrix[row].iter_mut().zip(&above).skip(column).for_each(|(cell, above)| *cell -= factor * above);
                right[row] -= factor * right[column];
            }
        }
    }
    for row in (0..n).rev() {
        let known: f64 = (row + 1..n).map(|column| matrix[row][column] * right[column]).sum();
        right[row] = (right[row] - known) / matrix[row][row];
    }
    right
}
