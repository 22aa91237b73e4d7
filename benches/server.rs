//! What a person waits for at the server: pages and JSON of search and match over the demo province.
//!
//!     cargo bench --bench server
//!
//! Requests go through the whole service, layers included, without a socket. The store is made once in
//! `target/bench-demo`, or taken from `LIANJIE_BENCH_DATA`. Prints p50, p95, p99 and the most, in milliseconds.

#![expect(clippy::print_stdout, reason = "it prints what it measured")]

use lianjie::demo::Plan;

use crate::support::{get, measure, post, resident_mb};

mod support;

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How often each request is sent.
const ROUNDS: usize = 40;

/// Words as people type them.
const WORDS: [&str; 10] =
    ["没人接送", "一上学就肚子疼", "心理咨询", "guangfu", "暑托班", "上户口", "sxt", "喘息", "孤独症康复", "法律援助"];

/// Division codes of places all over the province.
const PLACES: [&str; 5] = ["320116010", "320506104", "320302001", "320981100", "321322001"];

#[tokio::main]
async fn main() {
    let opened = support::open("bench-demo", &Plan { seed: 20_260_301, ..Plan::default() }).await;
    let (router, worker) = (&opened.router, opened.sign_in("worker").await);
    println!("{} entries", opened.app.index.get().len());
    support::head();
    let searches = || WORDS.iter().flat_map(|words| PLACES.iter().map(move |place| format!("q={}&near={place}", encode(words))));
    measure("search, JSON", router, &worker, searches().map(|query| get(&format!("/api/v1/services/search?{query}"))), ROUNDS).await;
    measure("search, page", router, &worker, searches().map(|query| get(&format!("/services?{query}"))), ROUNDS).await;
    measure("suggest", router, &worker, WORDS.iter().map(|words| get(&format!("/api/v1/services/suggest?q={}", encode(words)))), ROUNDS)
        .await;
    let cases = || PLACES.iter().flat_map(|place| ["PSY-03", "EDU-13", "GUA-10", "DEV-02"].iter().map(move |term| one_need(place, term)));
    measure("match, one need", router, &worker, cases().map(|body| post("/api/v1/match", body)), ROUNDS).await;
    measure("match, four needs", router, &worker, PLACES.iter().map(|place| post("/api/v1/match", four_needs(place))), ROUNDS).await;
    measure("今日", router, &worker, std::iter::once(get("/")), ROUNDS).await;
    println!("resident: {} MB", resident_mb());
}

fn one_need(place: &str, term: &str) -> String {
    format!(
        r#"{{"age_months":106,"categories":["DEFACTO","POOR"],"place":{{"division":"{place}"}},"risk":"yellow","needs":[{{"term":"{term}"}}]}}"#
    )
}

fn four_needs(place: &str) -> String {
    format!(
        r#"{{"age_months":106,"categories":["DEFACTO","POOR"],"place":{{"division":"{place}"}},"risk":"yellow",
            "needs":[{{"term":"PSY-03"}},{{"term":"EDU-13"}},{{"term":"GUA-10"}},{{"term":"LAW-02"}}]}}"#
    )
}

fn encode(words: &str) -> String {
    words.bytes().fold(String::new(), |text, byte| text + &format!("%{byte:02X}"))
}
