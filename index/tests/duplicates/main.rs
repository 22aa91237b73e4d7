//! What the search for duplicates is worth, on made-up lists with the noise of real ones.
//!
//! The tables of points are fitted on some seeds (`cargo bench -p lianjie-index --bench duplicates
//! -- fit`) and judged on others. The figures are pairwise, over all pairs of a list, those that
//! never met included.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on may stop")]
#![expect(clippy::print_stdout, reason = "the figures are the point")]

mod address;
mod children;
mod luck;
mod measure;
mod noise;
mod organizations;
mod places;
mod properties;
mod services;
mod words;

use std::sync::LazyLock;

use lianjie_index::duplicate::{Pair, Record, Regions, SUGGESTED, clusters, pairs, settled};
use luck::Luck;
use measure::Quality;
use places::County;

static REGIONS: LazyLock<Regions> = LazyLock::new(places::regions);
static COUNTIES: LazyLock<Vec<County>> = LazyLock::new(places::counties);

/// Seeds the tables were never fitted on, and how many counties their lists are of.
const JUDGED: [(u64, usize); 3] = [(9001, 95), (9002, 20), (9003, 6)];
/// Things in a judged list, about.
const THINGS: usize = 500;

fn candidates<R: Record + Clone>(records: &[(usize, R)]) -> Vec<Pair> {
    let records: Vec<R> = records.iter().map(|(_, record)| record.clone()).collect();
    pairs(&records, &REGIONS, 0.0)
}

/// Judges the lists of all seeds together.
fn judge<R: Record + Clone + std::fmt::Debug>(what: &str, lists: impl Iterator<Item = Vec<(usize, R)>>, floor: f64) {
    let (mut all, mut grouped) = (Quality::default(), Quality::default());
    for records in lists {
        let candidates = candidates(&records);
        let quality = Quality::of(&records, &candidates, SUGGESTED);
        println!("{what}: {quality}");
        misses(what, &records, &candidates);
        all = all.add(quality);
        grouped = grouped.add(Quality::of(&records, &settled(&candidates), SUGGESTED));
    }
    println!("{what}, all: {all}");
    println!("{what}, in groups: {grouped}");
    assert!(all.f1() >= floor, "{what}: F1 {:.3} is below {floor}", all.f1());
}

/// Prints what went wrong, where it is asked for.
fn misses<R: Record + Clone + std::fmt::Debug>(what: &str, records: &[(usize, R)], candidates: &[Pair]) {
    if std::env::var_os("SHOW_MISSES").is_none() {
        return;
    }
    let find = |id: &str| records.iter().find(|(_, record)| record.id() == id).unwrap();
    for pair in candidates {
        let (a, b) = (find(&pair.a), find(&pair.b));
        if (a.0 == b.0) != (pair.score >= SUGGESTED) {
            println!(
                "MISS {what} {} {:.2} {}\n    {:?}\n    {:?}",
                a.0 == b.0,
                pair.score,
                pair.evidence.iter().map(|row| format!("{}:{}:{}", row.comparison, row.level, row.points)).collect::<Vec<_>>().join(" "),
                a.1,
                b.1
            );
        }
    }
}

#[test]
fn organisations_are_told_apart_and_together() {
    let lists = JUDGED.iter().map(|(seed, counties)| organizations::organizations(&mut Luck::new(*seed), &COUNTIES[..*counties], THINGS));
    judge("organisations", lists, 0.94);
}

#[test]
fn services_are_told_apart_and_together() {
    let lists = JUDGED.iter().map(|(seed, counties)| services::services(&mut Luck::new(*seed), &COUNTIES[..*counties], THINGS));
    judge("services", lists, 0.89);
}

#[test]
fn children_are_told_apart_and_together() {
    let lists = JUDGED.iter().map(|(seed, counties)| children::children(&mut Luck::new(*seed), &COUNTIES[..*counties], THINGS).0);
    judge("children", lists, 0.96);
}

#[test]
fn twins_stay_two() {
    let (mut merged, mut all) = (0, 0);
    for (seed, counties) in JUDGED {
        let (records, twins) = children::children(&mut Luck::new(seed), &COUNTIES[..counties], THINGS);
        let found: Vec<Pair> = candidates(&records).into_iter().filter(|pair| pair.score >= SUGGESTED).collect();
        let counted = measure::twins_merged(&records, &found, &twins);
        merged += counted.0;
        all += counted.1;
    }
    println!("twins merged: {merged} of {all}");
    assert!(all > 40 && merged * 20 <= all, "{merged} of {all} twins are held to be one child");
}

#[test]
fn the_order_of_records_changes_nothing() {
    let mut records: Vec<_> =
        organizations::organizations(&mut Luck::new(1), &COUNTIES, 100).into_iter().map(|(_, record)| record).collect();
    let before = pairs(&records, &REGIONS, SUGGESTED);
    records.reverse();
    let after = pairs(&records, &REGIONS, SUGGESTED);
    assert_eq!(before, after);
    assert_eq!(clusters(&before), clusters(&after));
    assert!(before.iter().all(|pair| pair.a < pair.b));
}
