//! What a year comes to in a made-up county, under each way of referring.
//!
//!     cargo bench -p lianjie-index --bench county
//!     cargo bench -p lianjie-index --bench county -- 3      (three seeds)

#![expect(clippy::print_stdout, reason = "the table is the point")]

#[expect(dead_code, reason = "the tests use more of it")]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "counts and weeks of a made-up county are small"
)]
#[path = "mod.rs"]
mod county;

use county::{
    contender::{Contender, Rule},
    report,
    score::Figures,
    world::{Size, World},
    year::{Forecasts, Year},
};
use lianjie_index::policy::{Options, Part};

fn main() {
    let numbers: Vec<u64> = std::env::args().skip(1).filter_map(|argument| argument.parse().ok()).collect();
    let (seeds, first) = (numbers.first().copied().unwrap_or(10), numbers.get(1).copied().unwrap_or(1));
    let worlds: Vec<World> = (first..first + seeds).map(|seed| World::new(seed, Size::COUNTY)).collect();
    let needs: usize = worlds.iter().map(|world| world.needs.len()).sum();
    println!("{seeds} seeds from {first}, {} needs a year on average\n", needs / worlds.len());
    println!("{:44} completed  wait  first  tier 1  referrals  breaks  asked", "");
    policies(&worlds);
    calibration(&worlds);
}

/// The policies beside each other, and ours with parts left out.
fn policies(worlds: &[World]) {
    let all = Options::default;
    row(worlds, "random among category, age, area", |seed| Contender::worker(Rule::Random, seed));
    row(worlds, "text-search-first", |seed| Contender::worker(Rule::Text, seed));
    row(worlds, "nearest-first", |seed| Contender::worker(Rule::Nearest, seed));
    let careful = row(worlds, "careful worker: rules, tags, distance", |seed| Contender::worker(Rule::Careful, seed));
    let bare = || all().without(Part::Learning).without(Part::Allocation);
    row(worlds, "expected utility, no learning, no allocation", |_| Contender::ours(bare()));
    row(worlds, "expected utility with learning", |_| Contender::ours(all().without(Part::Allocation)));
    let ours = row(worlds, "the same and weekly assignment: ours", |_| Contender::ours(all()));
    let oracle = row(worlds, "one that knows what is hidden", |_| Contender::Oracle);
    let closed = (ours.completed - careful.completed) / (oracle.completed - careful.completed);
    println!("\nof the distance from the careful worker to the one that knows, ours closes {:.1} %\n", 100.0 * closed);
    for part in [Part::Travel, Part::Fit, Part::Allocation, Part::Posted, Part::Learning, Part::Delay, Part::Asking] {
        row(worlds, &format!("ours without {part:?}").to_lowercase(), |_| Contender::ours(all().without(part)));
    }
    row(worlds, "ours with exploration", |_| Contender::ours(all().with(Part::Exploration)));
}

/// One line of the table: the mean over the seeds.
fn row(worlds: &[World], name: &str, contender: impl Fn(u64) -> Contender) -> Figures {
    let years: Vec<Figures> = worlds.iter().map(|world| Year::run(world, &mut contender(world.seed)).score.figures(world)).collect();
    let mean = Figures::mean(&years);
    let Figures { completed, wait, first_starts, urgent, referrals, breaks, asked } = mean;
    println!("{name:44} {completed:9.4} {wait:5.2} {first_starts:6.3} {urgent:7.3} {referrals:10.2} {breaks:7.3} {asked:6.2}");
    mean
}

fn calibration(worlds: &[World]) {
    println!(
        "\n{:44} {:>6} {:>8} {:>8} {:>7} {:>6}",
        "calibration of ours, all seeds together", "count", "expected", "observed", "error", "Brier"
    );
    let mut forecasts = Forecasts::new();
    worlds.iter().for_each(|world| forecasts.merge(&Year::run(world, &mut Contender::ours(Options::default())).forecasts));
    report::lines(&forecasts).iter().for_each(|line| println!("{line}"));
}
