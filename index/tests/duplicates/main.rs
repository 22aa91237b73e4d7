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

use std::{collections::HashSet, sync::LazyLock};

use lianjie_index::duplicate::{Pair, Record, Regions, SUGGESTED, clusters, pairs, settled};
use luck::Luck;
use measure::Quality;
use places::County;

static REGIONS: LazyLock<Regions> = LazyLock::new(places::regions);
static COUNTIES: LazyLock<Vec<County>> = LazyLock::new(places::counties);

/// Seeds the tables were never fitted on, and how many counties their lists are of. Their mistakes
/// were read while rules were written.
const JUDGED: [(u64, usize); 3] = [(9001, 95), (9002, 20), (9003, 6)];
/// Seeds of which nobody read a mistake.
const FRESH: [(u64, usize); 4] = [(70_411, 95), (70_412, 40), (70_413, 16), (70_414, 8)];
/// Things in a judged list, about.
const THINGS: usize = 500;

fn candidates<R: Record + Clone>(records: &[(usize, R)]) -> Vec<Pair> {
    let records: Vec<R> = records.iter().map(|(_, record)| record.clone()).collect();
    pairs(&records, &REGIONS, 0.0)
}

/// Makes the list of a seed.
type Make<R> = fn(&mut Luck, &[County], usize) -> Vec<(usize, R)>;

/// Judges the lists of all seeds together: those whose mistakes were read, and those nobody read.
/// The floors are just under what was measured, in groups.
fn judge<R: Record + Clone + std::fmt::Debug>(what: &str, make: Make<R>, floors: [f64; 2]) {
    let fresh = format!("{what}, fresh");
    judge_seeds(what, &JUDGED, make, floors[0]);
    judge_seeds(&fresh, &FRESH, make, floors[1]);
}

fn judge_seeds<R: Record + Clone + std::fmt::Debug>(what: &str, seeds: &[(u64, usize)], make: Make<R>, floor: f64) {
    let (mut all, mut grouped) = (Quality::default(), Quality::default());
    for (seed, counties) in seeds {
        let records = make(&mut Luck::new(*seed), &COUNTIES[..*counties], THINGS);
        let candidates = candidates(&records);
        let quality = Quality::of(&records, &candidates, SUGGESTED);
        let settled = settled(&candidates);
        println!("{what}: {quality}");
        if seeds == JUDGED {
            misses(what, &records, &candidates, &settled);
        }
        all = all.add(quality);
        grouped = grouped.add(Quality::of(&records, &settled, SUGGESTED));
    }
    println!("{what}, all: {all}");
    println!("{what}, in groups: {grouped}");
    assert!(grouped.f1() >= floor, "{what}: F1 {:.3} is below {floor}", grouped.f1());
}

/// Prints what went wrong, where it is asked for.
fn misses<R: Record + Clone + std::fmt::Debug>(what: &str, records: &[(usize, R)], candidates: &[Pair], settled: &[Pair]) {
    if std::env::var_os("SHOW_MISSES").is_none() {
        return;
    }
    let find = |id: &str| records.iter().find(|(_, record)| record.id() == id).unwrap();
    let held: HashSet<(&str, &str)> = settled.iter().map(|pair| (pair.a.as_str(), pair.b.as_str())).collect();
    for pair in candidates {
        let (a, b) = (find(&pair.a), find(&pair.b));
        if (a.0 == b.0) != held.contains(&(pair.a.as_str(), pair.b.as_str())) {
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
    judge("organisations", organizations::organizations, [0.970, 0.967]);
}

#[test]
fn organisations_with_website_and_point_are_told_apart_and_together() {
    judge("entries", organizations::entries, [0.971, 0.968]);
}

#[test]
fn services_are_told_apart_and_together() {
    judge("services", services::services, [0.913, 0.915]);
}

#[test]
fn children_are_told_apart_and_together() {
    judge("children", |luck, counties, count| children::children(luck, counties, count).0, [0.977, 0.976]);
}

#[test]
fn twins_stay_two() {
    let (mut merged, mut all) = (0, 0);
    for (seed, counties) in JUDGED.into_iter().chain(FRESH) {
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
