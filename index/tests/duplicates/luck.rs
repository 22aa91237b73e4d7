//! Seeded luck, and the weather: how much the lists of one seed leave out and get wrong.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A stream of choices that is the same for a seed on every machine.
pub struct Luck {
    rng: ChaCha8Rng,
    /// How much more or less than usual is missing, about 1.
    pub missing: f64,
    /// How many more or fewer slips are made than usual, about 1.
    pub slips: f64,
}

impl Luck {
    /// The usual weather.
    pub fn new(seed: u64) -> Self {
        Self { rng: ChaCha8Rng::seed_from_u64(seed), missing: 1.0, slips: 1.0 }
    }

    /// Weather drawn from the seed: better or worse lists.
    #[allow(dead_code, reason = "fitting alone varies them")]
    pub fn with_weather(seed: u64) -> Self {
        let mut luck = Self::new(seed);
        luck.missing = luck.rng.random_range(0.5..1.6);
        luck.slips = luck.rng.random_range(0.6..1.6);
        luck
    }

    pub fn chance(&mut self, p: f64) -> bool {
        self.rng.random_bool(p.clamp(0.0, 1.0))
    }

    /// Whether a field that is missing with this chance in usual weather is missing.
    pub fn misses(&mut self, p: f64) -> bool {
        let p = p * self.missing;
        self.chance(p)
    }

    /// Whether a slip of this chance is made.
    pub fn slips(&mut self, p: f64) -> bool {
        let p = p * self.slips;
        self.chance(p)
    }

    pub fn below(&mut self, end: usize) -> usize {
        self.rng.random_range(0..end)
    }

    pub fn number(&mut self, from: u32, to: u32) -> u32 {
        self.rng.random_range(from..=to)
    }

    pub fn pick<'a, T: ?Sized>(&mut self, items: &[&'a T]) -> &'a T {
        items[self.below(items.len())]
    }

    /// One of the items, those at the beginning more often, as given names are.
    pub fn favour<'a, T: ?Sized>(&mut self, items: &[&'a T]) -> &'a T {
        let at = self.below(items.len()).min(self.below(items.len()));
        items[at]
    }

    /// An index by weights.
    pub fn weighted(&mut self, weights: &[u32]) -> usize {
        let mut left = self.number(0, weights.iter().sum::<u32>() - 1);
        for (n, weight) in weights.iter().enumerate() {
            if left < *weight {
                return n;
            }
            left -= weight;
        }
        0
    }

    /// How many more records an entity has beside its first.
    pub fn copies(&mut self) -> usize {
        self.weighted(&[45, 35, 15, 5])
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for n in (1..items.len()).rev() {
            items.swap(n, self.below(n + 1));
        }
    }
}
