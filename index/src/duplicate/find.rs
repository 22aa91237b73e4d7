//! From records to pairs: read, block, compare, add up.

use std::{collections::HashMap, num::NonZero, thread};

use serde::Serialize;

use super::{
    block::{candidates, hashed},
    kind::Record,
    points::{Evidence, score},
    region::Regions,
};

/// Two records that may stand for the same.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pair {
    /// The id that is first in the order of texts.
    pub a: String,
    /// The other id.
    pub b: String,
    /// How likely they are the same, 0 to 1.
    pub score: f64,
    /// The rows whose points add up to the score.
    pub evidence: Vec<Evidence>,
}

/// A record that is likely the same as more others brings nobody together.
const COMPANY: usize = 30;

/// A name with more marks than this is common.
const COMMON: usize = 2;

/// The pairs of a list whose score is `threshold` or more, by their ids.
///
/// Only pairs that share a key are compared, so a threshold of 0 gives these, not all. The order
/// of the records and the number of threads change nothing.
#[must_use]
pub fn pairs<R: Record>(records: &[R], regions: &Regions, threshold: f64) -> Vec<Pair> {
    let read = read(records, regions);
    let keys: Vec<Vec<u64>> = in_parallel(&read, |read| R::keys(read).iter().map(|key| hashed(key)).collect());
    let candidates = candidates(&keys, &order(records, &read));
    drop(keys);
    let found = in_parallel(&candidates, |(one, other)| {
        let (one, other) = (*one as usize, *other as usize);
        pair(&records[one], &records[other], &read[one], &read[other], threshold)
    });
    let mut likely = Vec::new();
    for (meeting, found) in candidates.iter().zip(&found) {
        if found.as_ref().is_some_and(|found| found.score >= super::SUGGESTED) {
            likely.push(*meeting);
        }
    }
    let through = in_parallel(&through_a_third(&likely, &candidates), |(one, other)| {
        let (one, other) = (*one as usize, *other as usize);
        pair(&records[one], &records[other], &read[one], &read[other], threshold)
    });
    let mut pairs: Vec<Pair> = found.into_iter().chain(through).flatten().collect();
    pairs.sort_by(|one, other| (&one.a, &one.b).cmp(&(&other.a, &other.b)));
    pairs
}

/// Pairs that share no key, but each is likely the same as a third: one that says little meets the
/// others of its group through the one that says much. Both lists and the answer are in order.
fn through_a_third(likely: &[(u32, u32)], candidates: &[(u32, u32)]) -> Vec<(u32, u32)> {
    let mut near: HashMap<u32, Vec<u32>> = HashMap::new();
    for (one, other) in likely {
        near.entry(*one).or_default().push(*other);
        near.entry(*other).or_default().push(*one);
    }
    let mut pairs = Vec::new();
    for mut around in near.into_values().filter(|around| around.len() <= COMPANY) {
        around.sort_unstable();
        for (n, one) in around.iter().enumerate() {
            pairs.extend(around[n + 1..].iter().map(|other| (*one, *other)));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs.retain(|pair| candidates.binary_search(pair).is_err());
    pairs
}

/// The records of a list that a new one may be, best first: asked before it is saved.
#[must_use]
pub fn like<R: Record>(one: &R, records: &[R], regions: &Regions, threshold: f64) -> Vec<Pair> {
    let new = one.read(regions);
    let read = read(records, regions);
    let found = records.iter().zip(&read).filter_map(|(other, read)| pair(one, other, &new, read, threshold));
    let mut pairs: Vec<Pair> = found.collect();
    pairs.sort_by(|one, other| other.score.total_cmp(&one.score).then_with(|| (&one.a, &one.b).cmp(&(&other.a, &other.b))));
    pairs
}

/// Two records compared, whether they share a key or not.
#[must_use]
pub fn compare<R: Record>(one: &R, other: &R, regions: &Regions) -> Pair {
    let levels = R::levels(&one.read(regions), &other.read(regions));
    let (a, b) = if one.id() <= other.id() { (one, other) } else { (other, one) };
    Pair { a: a.id().to_owned(), b: b.id().to_owned(), score: score(R::points().sum(&levels)), evidence: R::points().evidence(&levels) }
}

fn pair<R: Record>(one: &R, other: &R, read: &R::Read, other_read: &R::Read, threshold: f64) -> Option<Pair> {
    let levels = R::levels(read, other_read);
    let score = score(R::points().sum(&levels));
    if score < threshold || one.id() == other.id() {
        return None;
    }
    let (a, b) = if one.id() < other.id() { (one, other) } else { (other, one) };
    Some(Pair { a: a.id().to_owned(), b: b.id().to_owned(), score, evidence: R::points().evidence(&levels) })
}

/// Every record read, and those with a common name marked.
fn read<R: Record>(records: &[R], regions: &Regions) -> Vec<R::Read> {
    let mut read = in_parallel(records, |record| record.read(regions));
    let mut marks: HashMap<String, Vec<String>> = HashMap::new();
    for (name, mark) in read.iter().filter_map(R::called) {
        let marks = marks.entry(name).or_default();
        if marks.len() <= COMMON && !marks.contains(&mark) {
            marks.push(mark);
        }
    }
    R::in_company(&mut read);
    for read in &mut read {
        if R::called(read).is_some_and(|(name, _)| marks[&name].len() > COMMON) {
            R::is_common(read);
        }
    }
    read
}

/// The place of each record when all are sorted by name and mark.
fn order<R: Record>(records: &[R], read: &[R::Read]) -> Vec<u32> {
    let called: Vec<_> = read.iter().map(R::called).collect();
    let mut sorted: Vec<usize> = (0..read.len()).collect();
    sorted.sort_by(|one, other| called[*one].cmp(&called[*other]).then_with(|| records[*one].id().cmp(records[*other].id())));
    let mut order = vec![0; read.len()];
    for (place, n) in (0_u32..).zip(sorted) {
        order[n] = place;
    }
    order
}

/// What a function makes of each, in the same order, on all processors.
fn in_parallel<T: Sync, U: Send>(items: &[T], make: impl Fn(&T) -> U + Sync) -> Vec<U> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let size = items.len().div_ceil(threads).max(1000);
    let make = &make;
    thread::scope(|scope| {
        let parts: Vec<_> = items.chunks(size).map(|part| scope.spawn(move || part.iter().map(make).collect::<Vec<U>>())).collect();
        parts.into_iter().flat_map(|part| part.join().expect("a thread that only compares does not panic")).collect()
    })
}
