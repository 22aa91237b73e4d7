//! Candidate pairs: records that share a key, without comparing each with all.
//!
//! A key that many share says little, and its pairs would be too many: in such a block every
//! record meets only its nearest neighbours by name. The order of records changes nothing.

use std::hash::{DefaultHasher, Hash, Hasher};

/// The largest block in which each meets all.
const LARGEST: usize = 100;
/// How many neighbours a record of a larger block meets.
const NEIGHBOURS: usize = 10;

/// The pairs of records that share a key, each once, the smaller index first, in order.
///
/// `keys` has the keys of each record, `order` what neighbours in a large block go by.
pub(super) fn candidates(keys: &[Vec<u64>], order: &[u32]) -> Vec<(u32, u32)> {
    let mut members: Vec<(u64, u32)> = Vec::with_capacity(keys.iter().map(Vec::len).sum());
    for (n, keys) in (0_u32..).zip(keys) {
        members.extend(keys.iter().map(|key| (*key, n)));
    }
    members.sort_unstable();
    members.dedup();
    let mut pairs = Vec::new();
    for block in members.chunk_by(|a, b| a.0 == b.0).filter(|block| block.len() > 1) {
        let mut block: Vec<u32> = block.iter().map(|(_, n)| *n).collect();
        let reach = if block.len() <= LARGEST {
            block.len()
        } else {
            block.sort_unstable_by_key(|n| order[*n as usize]);
            NEIGHBOURS
        };
        for (n, one) in block.iter().enumerate() {
            pairs.extend(block[n + 1..].iter().take(reach).map(|other| (*one.min(other), *one.max(other))));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// A key as a number, the same on every run.
pub(super) fn hashed(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_that_share_a_key_meet_once() {
        let keys = [vec![1, 2], vec![1, 2], vec![2], vec![3]];
        assert_eq!(candidates(&keys, &[0, 1, 2, 3]), [(0, 1), (0, 2), (1, 2)]);
    }

    #[test]
    fn in_a_large_block_a_record_meets_its_neighbours() {
        let keys = vec![vec![7]; 1000];
        let order: Vec<u32> = (0..1000).rev().collect();
        let pairs = candidates(&keys, &order);
        assert!(pairs.len() < 1000 * NEIGHBOURS && pairs.contains(&(0, 1)) && !pairs.contains(&(0, 500)));
    }
}
