//! What an office waits for when 100,000 referrals are live: every kind of page each role can reach, and the sweep.
//!
//!     cargo bench --bench office
//!
//! The store is made once in `target/bench-office` (some minutes), or taken from `LIANJIE_BENCH_DATA`. Pages are found as a
//! person finds them, by the links on those before; of each kind the first is measured. Milliseconds.

#![expect(clippy::print_stdout, reason = "it prints what it measured")]

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::{Duration, Instant};

use axum::body::to_bytes;
use lianjie::demo::Plan;
use lianjie::referral::sweep;
use tower::ServiceExt;

use crate::support::{Opened, get, measure, resident_mb};

mod support;

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// So many that 100,000 referrals are live.
const CASES: usize = 100_000;

const ROLES: [&str; 8] = ["worker", "supervisor", "coordinator", "provider1", "participant", "child_director", "data_manager", "auditor"];

#[tokio::main]
async fn main() {
    let plan = Plan { seed: 20_260_301, cases: CASES, everywhere: true, ..Plan::default() };
    let opened = support::open("bench-office", &plan).await;
    let live: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM referral WHERE due_at IS NOT NULL")
        .fetch_one(&mut *opened.app.store.read().await.expect("a reader"))
        .await
        .expect("a count");
    println!("{live} live referrals");
    sweeps(&opened).await;
    support::head();
    let mut failed = Vec::new();
    for role in ROLES {
        let cookie = opened.sign_in(role).await;
        println!("-- {role}");
        for (kind, path) in pages(&opened, &cookie, &mut failed).await {
            measure(&kind, &opened.router, &cookie, std::iter::once(get(&path)), 10).await;
        }
    }
    println!("resident: {} MB", resident_mb());
    assert!(failed.is_empty(), "these pages were not answered: {failed:#?}");
}

/// Passes of the sweep until nothing is due, the last of which only looks.
async fn sweeps(opened: &Opened) {
    println!("{:<10} {:>8} {:>10}", "sweep", "steps", "ms");
    for pass in 1..=500 {
        let started = Instant::now();
        let Some(swept) = sweep(&opened.app).await.expect("a pass") else {
            println!("another process swept last; its lease ends within five minutes");
            tokio::time::sleep(Duration::from_secs(20)).await;
            continue;
        };
        println!("{pass:<10} {:>8} {:>10.1}", swept.steps, started.elapsed().as_secs_f64() * 1_000.0);
        if swept.steps == 0 {
            return;
        }
    }
}

/// One page of each kind that a person can reach, with the kind.
async fn pages(opened: &Opened, cookie: &str, failed: &mut Vec<String>) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut seen = BTreeSet::from([String::from("/")]);
    let mut waiting = VecDeque::from([String::from("/")]);
    while let Some(path) = waiting.pop_front() {
        let answer = opened.router.clone().oneshot(get(&path).request(cookie)).await.expect("an answer");
        if !answer.status().is_success() {
            if answer.status().is_server_error() {
                failed.push(format!("{path}: {}", answer.status()));
            }
            continue;
        }
        let body = to_bytes(answer.into_body(), usize::MAX).await.expect("a body");
        for link in String::from_utf8_lossy(&body).split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            if link.starts_with('/') && !link.starts_with("/assets") && !link.starts_with("/api") && seen.insert(kind(link)) {
                waiting.push_back(link.replace("&amp;", "&"));
            }
        }
        found.insert(kind(&path), path);
    }
    found
}

/// The path with a star for each id, and the names of what is asked.
fn kind(link: &str) -> String {
    let (path, query) = link.split('#').next().unwrap_or_default().split_once('?').unwrap_or((link, ""));
    let id = |part: &&str| part.len() >= 6 && part.chars().any(|letter| letter.is_ascii_digit());
    let path: Vec<&str> = path.split('/').map(|part| if id(&part) { "*" } else { part }).collect();
    let asked: BTreeSet<&str> = query.split("&amp;").filter_map(|pair| pair.split('=').next()).filter(|name| !name.is_empty()).collect();
    let asked: Vec<&str> = asked.into_iter().collect();
    if asked.is_empty() { path.join("/") } else { format!("{}?{}", path.join("/"), asked.join("&")) }
}
