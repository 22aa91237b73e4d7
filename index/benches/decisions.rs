//! How long decisions take: reading and matching a case, the plan of a child, places between children, access of a province.
//!
//! Percentiles, not means: what a person waits for is the slow one. `cargo bench -p lianjie-index --bench decisions`; the
//! province of 570,000 needs takes some seconds more.
#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on may stop")]
#![expect(clippy::print_stdout, reason = "the table is what it is run for")]

mod crowd;
#[path = "../tests/plan/generate/mod.rs"]
#[expect(dead_code, reason = "shared with the tests")]
mod generate;
#[expect(dead_code, reason = "shared with the tests")]
mod province;

use std::{hint::black_box, time::Duration, time::Instant};

use lianjie_index::{
    Case, DivisionCode, Index, Language, Rates, Setting,
    allocation::{Rule, allocate},
    entry::Viewer,
    matching,
    plan::{Board, Guard, Instance, best},
    reach::{Ground, Group, map},
    rule::Facts,
};

const ENTRIES: u64 = 15_000;
/// A worker's paragraph, made up.
const PARAGRAPH: &str = "孩子今年九岁，读三年级，爸爸因为盗窃在监狱服刑，妈妈离家出走半年多没有联系，现在和七十二岁的奶奶一起生活。\
    奶奶腿脚不好，靠低保过日子，家里房子漏雨。孩子一直没上户口，在学校经常被同学欺负、起外号，最近不肯去上学，晚上做噩梦，\
    成绩也掉得厉害。奶奶说管不住，放学没有人接，作业也没有人看，想请社区帮帮忙。";

/// Runs something so many times and prints its percentiles beside the goal.
fn measure<T>(what: &str, goal: &str, times: usize, mut run: impl FnMut(usize) -> T) {
    let mut taken: Vec<Duration> = (0..times)
        .map(|number| {
            let begin = Instant::now();
            black_box(run(number));
            begin.elapsed()
        })
        .collect();
    taken.sort_unstable();
    let at = |share: usize| milliseconds(taken[(taken.len() * share / 100).min(taken.len() - 1)]);
    println!("| {what} | {goal} | {times} | {} | {} | {} |", at(50), at(99), milliseconds(taken[taken.len() - 1]));
}

fn milliseconds(time: Duration) -> String {
    let time = time.as_secs_f64() * 1_000.0;
    if time < 10.0 { format!("{time:.2} ms") } else { format!("{time:.0} ms") }
}

fn cases(index: &Index) {
    let (rates, today) = (Rates::default(), "2026-11-25".parse().unwrap());
    let setting = Setting::new(&rates, &[], province::NOW, today);
    let place = r#""age_months":110,"categories":["LEFT"],"place":{"division":"320116010"}"#;
    let read = |more: String| Case::read(&format!("{{{place},{more}}}")).unwrap();
    let one = read(r#""needs":[{"term":"PSY-03"}]"#.to_owned());
    let four = read(r#""needs":[{"term":"PSY-03"},{"term":"DEV-02"},{"term":"ECO-04"},{"term":"GUA-10"}]"#.to_owned());
    let told = read(format!(r#""text":"{PARAGRAPH}""#));
    measure("match of one need", "1 ms", 1_000, |_| matching::answer(index, &one, &setting));
    measure("match of four needs, with reasons", "5 ms", 1_000, |_| matching::answer(index, &four, &setting));
    measure("reading a paragraph", "5 ms", 1_000, |_| matching::understand(index, &told, &setting));
    measure("a paragraph read and matched", "–", 300, |_| matching::answer(index, &told, &setting));
}

fn plans() {
    for (needs, candidates, goal) in [(3, 12, "–"), (5, 25, "–"), (8, 50, "5 ms at p99")] {
        let children: Vec<Instance> = (0..1_000).map(|seed| generate::generate(seed, needs, candidates)).collect();
        measure(&format!("plan, {needs} needs × {candidates} candidates"), goal, children.len(), |number| {
            let found = best(&Board::new(&children[number]).unwrap(), Guard::default());
            assert!(found.proved, "plan {number}");
        });
    }
}

fn allocations() {
    let crowds = [("county", crowd::COUNTY, "0.1 s", 20), ("city", crowd::CITY, "1 s", 5), ("province", crowd::PROVINCE, "15 s", 1)];
    for (name, crowd, goal, times) in crowds {
        let instance = crowd.instance();
        let what = format!("allocation, {name} of {} needs, {} pairs", crowd.needs, instance.candidates().svc.len());
        measure(&what, goal, times, |_| {
            let allocation = allocate(&instance, &Rule::Util).unwrap();
            assert!(allocation.certificate.proved, "{name}");
        });
    }
}

fn access(index: &Index) {
    let (rates, term) = (Rates::default(), province::term("PSY-03"));
    // In every township needs of some ages and registrations, as the children on file differ.
    let ages = [40, 75, 110, 150, 190];
    let alike = |place: &DivisionCode| {
        let group = |age| Group { place: place.clone(), needs: 3.0, facts: Facts { age_months: Some(age), ..Facts::default() } };
        ages.map(group)
    };
    let codes = include_str!("../../seed-data/divisions-jiangsu.csv").lines().filter_map(|line| line.split(',').next());
    let townships: Vec<DivisionCode> = codes.filter(|code| code.len() == 9).filter_map(|code| code.parse().ok()).collect();
    let groups: Vec<Group> = townships.iter().flat_map(alike).collect();
    let ground = Ground { term: &term, rates: &rates, viewer: Viewer::worker(), language: Language::Zh };
    measure(&format!("access of {} groups of needs, one category", groups.len()), "1 s", 5, |_| map(index, &groups, &ground));
}

fn main() {
    println!("| what | goal | runs | median | 99 of 100 within | longest |\n|---|---|---|---|---|---|");
    let index = province::province(ENTRIES);
    cases(&index);
    plans();
    access(&index);
    allocations();
}
