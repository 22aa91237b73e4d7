//! Precision, recall and F1 over all pairs of a list, those that never met included.

use std::{
    collections::{HashMap, HashSet},
    fmt,
};

use lianjie_index::duplicate::{Pair, Record};

/// How well pairs were found.
#[derive(Debug, Clone, Copy, Default)]
pub struct Quality {
    pub found: usize,
    pub right: usize,
    pub all: usize,
    /// Right pairs that met.
    pub met: usize,
    pub candidates: usize,
}

impl Quality {
    /// The quality of the pairs at `threshold`, out of all candidates.
    pub fn of<R: Record>(records: &[(usize, R)], candidates: &[Pair], threshold: f64) -> Self {
        let entity: HashMap<&str, usize> = records.iter().map(|(entity, record)| (record.id(), *entity)).collect();
        let mut sizes: HashMap<usize, usize> = HashMap::new();
        records.iter().for_each(|(entity, _)| *sizes.entry(*entity).or_default() += 1);
        let mut quality = Self { all: sizes.values().map(|n| n * (n - 1) / 2).sum(), candidates: candidates.len(), ..Self::default() };
        for pair in candidates {
            let same = entity[pair.a.as_str()] == entity[pair.b.as_str()];
            let found = pair.score >= threshold;
            quality.met += usize::from(same);
            quality.found += usize::from(found);
            quality.right += usize::from(found && same);
        }
        quality
    }

    pub fn precision(self) -> f64 {
        ratio(self.right, self.found)
    }

    pub fn recall(self) -> f64 {
        ratio(self.right, self.all)
    }

    pub fn f1(self) -> f64 {
        ratio(2 * self.right, self.found + self.all)
    }

    pub fn add(self, other: Self) -> Self {
        Self {
            found: self.found + other.found,
            right: self.right + other.right,
            all: self.all + other.all,
            met: self.met + other.met,
            candidates: self.candidates + other.candidates,
        }
    }
}

impl fmt::Display for Quality {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (precision, recall, f1) = (self.precision(), self.recall(), self.f1());
        let met = ratio(self.met, self.all);
        write!(
            f,
            "precision {precision:.3} recall {recall:.3} F1 {f1:.3} (met {met:.3}, {} candidates, {} true)",
            self.candidates, self.all
        )
    }
}

/// The share of pairs of twins of which any two records were held to be one child.
pub fn twins_merged<R: Record>(records: &[(usize, R)], pairs: &[Pair], twins: &[(usize, usize)]) -> (usize, usize) {
    let entity: HashMap<&str, usize> = records.iter().map(|(entity, record)| (record.id(), *entity)).collect();
    let order = |pair: &Pair| {
        let (a, b) = (entity[pair.a.as_str()], entity[pair.b.as_str()]);
        (a.min(b), a.max(b))
    };
    let merged: HashSet<(usize, usize)> = pairs.iter().map(order).collect();
    (twins.iter().filter(|twins| merged.contains(twins)).count(), twins.len())
}

#[expect(clippy::cast_precision_loss, reason = "counts of a test list")]
fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
