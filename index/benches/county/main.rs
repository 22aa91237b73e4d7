//! What a year comes to in a made-up county, under each way of referring.
//!
//!     cargo bench -p lianjie-index --bench county
//!     cargo bench -p lianjie-index --bench county -- 3      (three seeds)

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
    println!("{seeds} seeds, {} needs a year on average\n", needs / worlds.len());
    println!("{:44} completed  wait  first  tier 1  referrals  breaks  asked", "");
    let all = Options::default;
    let bare = || all().without(Part::Learning).without(Part::Allocation);
    let row = |name: &str, make: &dyn Fn(u64) -> Contender| {
        let years: Vec<Figures> = worlds.iter().map(|world| Year::run(world, &mut make(world.seed)).score.figures(world)).collect();
        let mean = Figures::mean(&years);
        if std::env::var("SHORT").is_ok() {
            let y = Year::run(&worlds[0], &mut make(1));
            println!("{:?} idle {}", y.score.outcomes, y.score.idle);
        }
        let Figures { completed, wait, first_starts, urgent, referrals, breaks, asked } = mean;
        println!("{name:44} {completed:9.4} {wait:5.2} {first_starts:6.3} {urgent:7.3} {referrals:10.2} {breaks:7.3} {asked:6.2}");
        mean
    };
    if std::env::var("TUNE").is_ok() {
        row("ours", &|_| Contender::ours(all()));
        return;
    }
    row("random among category, age, area", &|seed| Contender::worker(Rule::Random, seed));
    row("text-search-first", &|seed| Contender::worker(Rule::Text, seed));
    row("nearest-first", &|seed| Contender::worker(Rule::Nearest, seed));
    let careful = row("careful worker", &|seed| Contender::worker(Rule::Careful, seed));
    row("expected utility, no learning, no allocation", &|_| Contender::ours(bare()));
    row("expected utility with learning", &|_| Contender::ours(all().without(Part::Allocation)));
    let ours = row("the same and weekly assignment: ours", &|_| Contender::ours(all()));
    let oracle = row("one that knows the hidden rates", &|_| Contender::Oracle);
    let closed = (ours.completed - careful.completed) / (oracle.completed - careful.completed);
    if std::env::var("SHORT").is_ok() {
        return;
    }
    println!("\nof the distance from the careful worker to the one that knows, ours closes {:.1} %", 100.0 * closed);
    for part in [Part::Travel, Part::Fit, Part::Allocation, Part::Posted, Part::Learning, Part::Delay, Part::Asking] {
        row(&format!("ours without {part:?}").to_lowercase(), &|_| Contender::ours(all().without(part)));
    }
    row("ours with exploration", &|_| Contender::ours(all().with(Part::Exploration)));
    println!("\ncalibration of ours, all seeds together{:6} forecasts expected observed  error  Brier", "");
    let mut forecasts = Forecasts::new();
    worlds.iter().for_each(|world| forecasts.merge(&Year::run(world, &mut Contender::ours(all())).forecasts));
    report::lines(&forecasts).iter().for_each(|line| println!("{line}"));
}
