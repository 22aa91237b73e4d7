//! Lots: every thing of the demo province draws from a stream of its own, named after it, so that a change in
//! one body leaves all others as they were.

use std::ops::RangeInclusive;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sha2::{Digest, Sha256};

/// A stream of lots.
pub struct Draw(ChaCha8Rng);

impl Draw {
    /// The stream of a thing: the same on every machine.
    #[must_use]
    pub fn of(seed: u64, thing: &str) -> Self {
        let digest = Sha256::new().chain_update(seed.to_be_bytes()).chain_update(thing).finalize();
        Self(ChaCha8Rng::from_seed(digest.into()))
    }

    /// A whole number, both ends included.
    pub fn number(&mut self, range: RangeInclusive<u32>) -> u32 {
        self.0.random_range(range)
    }

    /// Whether it happens, so many times of a hundred.
    pub fn chance(&mut self, percent: u32) -> bool {
        self.0.random_range(0..100) < percent
    }

    /// One of several.
    pub fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.0.random_range(0..of.len())]
    }

    /// One of several, if there are any.
    pub fn maybe_one<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        if of.is_empty() { None } else { Some(self.one(of)) }
    }

    /// So many of several, in a new order.
    pub fn some<T: Clone>(&mut self, of: &[T], count: usize) -> Vec<T> {
        let mut left = of.to_vec();
        let mut taken = Vec::new();
        while taken.len() < count && !left.is_empty() {
            taken.push(left.swap_remove(self.0.random_range(0..left.len())));
        }
        taken
    }

    /// A number between -1 and 1, mostly near 0.
    pub fn spread(&mut self) -> f64 {
        self.0.random_range(-1.0..1.0) * self.0.random_range(0.0..1.0)
    }

    /// A number to say on the phone.
    pub fn number_to_say(&mut self) -> String {
        crate::id::number(&mut self.0)
    }

    /// The bytes of an id.
    pub fn bytes(&mut self) -> [u8; 10] {
        self.0.random()
    }
}

/// The part of a total that falls to one of several equal parts; all of them together give the total.
#[must_use]
pub const fn share(total: usize, parts: usize, part: usize) -> usize {
    total * (part + 1) / parts - total * part / parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_draws_the_same_again_and_another_thing_differs() {
        let lots = |thing| Draw::of(7, thing).bytes();
        assert_eq!(lots("长芦街道"), lots("长芦街道"));
        assert_ne!(lots("长芦街道"), lots("大厂街道"));
    }

    #[test]
    fn shares_add_up() {
        assert_eq!((0..95).map(|part| share(521, 95, part)).sum::<usize>(), 521);
    }
}
