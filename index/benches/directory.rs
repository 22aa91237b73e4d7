//! Searching and matching over a made-up province of 15 000 entries.

#[expect(clippy::unwrap_used, dead_code, reason = "shared with the tests")]
mod province;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use lianjie_index::{Case, Change, Index, Query, Rates, Setting, entry::Viewer, matching, search::Near};

const ENTRIES: u64 = 15_000;

fn query(words: &str) -> Query {
    Query {
        viewer: Viewer::worker(),
        near: Some(Near { area: "320116010".parse().ok(), point: None }),
        facets: true,
        ..Query::new(words, province::NOW)
    }
}

fn searches(c: &mut Criterion, index: &Index) {
    let mut group = c.benchmark_group("search with facets");
    let words = [
        ("everything", ""),
        ("a need", "没人接送"),
        ("a name by sound", "gfz"),
        ("a name with an error", "春晖社会工作服务中新"),
        ("a word of every entry", "社会工作服务"),
        ("a place and a need", "六合区 心理咨询"),
    ];
    for (name, words) in words {
        let query = query(words);
        group.bench_function(name, |bench| bench.iter(|| index.search(black_box(&query))));
    }
    group.finish();
}

fn matches(c: &mut Criterion, index: &Index) {
    let rates = Rates::default();
    let setting = Setting::new(&rates, &[], province::NOW, "2026-11-25".parse().unwrap_or_default());
    let mut group = c.benchmark_group("match");
    let place = r#""age_months":110,"categories":["LEFT"],"place":{"division":"320116010"}"#;
    let cases = [
        ("one need", format!(r#"{{{place},"needs":[{{"term":"PSY-03"}}]}}"#)),
        ("a sentence", format!(r#"{{{place},"text":"孩子不想去上学，情绪低落，家里没人接送，成绩也差"}}"#)),
    ];
    for (name, json) in cases {
        let Ok(case) = Case::read(&json) else { continue };
        group.bench_function(name, |bench| bench.iter(|| matching::answer(index, black_box(&case), &setting)));
    }
    group.finish();
}

fn directory(c: &mut Criterion) {
    let index = province::province(ENTRIES);
    searches(c, &index);
    matches(c, &index);
    changes(c, &index);
    c.bench_function("suggest", |bench| bench.iter(|| index.suggest(black_box("guangf"), &Viewer::worker(), 8)));
}

fn changes(c: &mut Criterion, index: &Index) {
    let mut number = index.last_number();
    c.bench_function("apply one change", |bench| {
        bench.iter(|| {
            number += 1;
            let entry = province::draw(number.unsigned_abs() % ENTRIES);
            index.apply(vec![Change { service: entry.service.clone(), entries: vec![entry] }], number)
        });
    });
}

criterion_group!(benches, directory);
criterion_main!(benches);
