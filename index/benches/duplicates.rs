//! How long 100,000 organisations take to be compared; and, when a comparison changed, the tables of points anew.
//!
//!     cargo bench -p lianjie-index --bench duplicates
//!     cargo bench -p lianjie-index --bench duplicates -- fit
#![allow(dead_code, reason = "the generator serves the tests too, which use more of it")]
#![expect(clippy::unwrap_used, reason = "what cannot go on may stop")]
#![expect(clippy::print_stdout, reason = "the figure is the point")]

#[path = "../tests/duplicates/address.rs"]
mod address;
#[path = "../tests/duplicates/children.rs"]
mod children;
#[path = "../tests/duplicates/fit.rs"]
mod fit;
#[path = "../tests/duplicates/luck.rs"]
mod luck;
#[path = "../tests/duplicates/noise.rs"]
mod noise;
#[path = "../tests/duplicates/organizations.rs"]
mod organizations;
#[path = "../tests/duplicates/places.rs"]
mod places;
#[path = "../tests/duplicates/services.rs"]
mod services;
#[path = "../tests/duplicates/words.rs"]
mod words;

use std::{fs, path::Path, sync::LazyLock, time::Instant};

use lianjie_index::duplicate::{Pair, Record, Regions, SUGGESTED, pairs};
use luck::Luck;
use places::County;

static REGIONS: LazyLock<Regions> = LazyLock::new(places::regions);
static COUNTIES: LazyLock<Vec<County>> = LazyLock::new(places::counties);

fn main() {
    if std::env::args().any(|argument| argument == "fit") { fit() } else { measure() }
}

/// Lists of a province, two thirds of them written more than once.
fn measure() {
    let records: Vec<_> =
        organizations::organizations(&mut Luck::new(77), &COUNTIES, 56_000).into_iter().map(|(_, record)| record).take(100_000).collect();
    let start = Instant::now();
    let found = pairs(&records, &REGIONS, SUGGESTED);
    println!("{} organisations: {} pairs in {:.1} s", records.len(), found.len(), start.elapsed().as_secs_f64());
}

fn candidates<R: Record + Clone>(records: &[(usize, R)]) -> Vec<Pair> {
    let records: Vec<R> = records.iter().map(|(_, record)| record.clone()).collect();
    pairs(&records, &REGIONS, 0.0)
}

/// Fits the tables on seeds that no test judges by.
fn fit() {
    let mut sample = [fit::Sample::default(), fit::Sample::default(), fit::Sample::default()];
    for seed in 1..=24 {
        let counties = &places::some(&mut Luck::new(seed), &COUNTIES);
        let records = organizations::organizations(&mut Luck::with_weather(seed), counties, 800);
        sample[0].add(&records, &candidates(&records));
        let records = services::services(&mut Luck::with_weather(seed), counties, 800);
        sample[1].add(&records, &candidates(&records));
        let records = children::children(&mut Luck::with_weather(seed), counties, 800).0;
        sample[2].add(&records, &candidates(&records));
    }
    // Entries of a directory have websites and points, which lists have not.
    for seed in 25..=32 {
        let counties = &places::some(&mut Luck::new(seed), &COUNTIES);
        let records = organizations::entries(&mut Luck::with_weather(seed), counties, 800);
        sample[0].add(&records, &candidates(&records));
    }
    for (kind, sample) in ["organization", "service", "child"].iter().zip(&sample) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/duplicate/points").join(format!("{kind}.csv"));
        fs::write(path, sample.table()).unwrap();
    }
}
