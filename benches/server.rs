//! What a person waits for at the server: pages and JSON of search and match over the demo province.
//!
//!     cargo bench --bench server
//!
//! Requests go through the whole service, layers included, without a socket. The store is made once in
//! `target/bench-demo`, or taken from `LIANJIE_BENCH_DATA`. Prints p50, p95, p99 and the most, in milliseconds.

#![expect(clippy::print_stdout, reason = "it prints what it measured")]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode, header};
use lianjie::boot::{self, Indexed};
use lianjie::config::Settings;
use lianjie::secret::Keyring;
use lianjie::store::Access;
use lianjie::{clock, demo, search, server};
use tower::ServiceExt;

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROUNDS: usize = 40;

/// Words as people type them.
const WORDS: [&str; 10] =
    ["没人接送", "一上学就肚子疼", "心理咨询", "guangfu", "暑托班", "上户口", "sxt", "喘息", "孤独症康复", "法律援助"];

/// Division codes of places all over the province.
const PLACES: [&str; 5] = ["320116010", "320506104", "320302001", "320981100", "321322001"];

#[tokio::main]
async fn main() {
    let folder = std::env::var("LIANJIE_BENCH_DATA").map_or_else(|_| PathBuf::from("target/bench-demo"), PathBuf::from);
    let config = Settings { data: Some(folder), ..Settings::default() }.settle();
    make(&config).await;
    let started = Instant::now();
    let app = Arc::new(boot::open(config, Arc::new(clock::System), Access::Write, Indexed::Folder).await.expect("the store opens"));
    search::catch_up(&app).await.expect("the index follows");
    println!("open and index: {:.2} s, {} entries", started.elapsed().as_secs_f64(), app.index.get().len());
    let router = server::router(Arc::clone(&app));
    let worker = log_in(&app, &router).await;

    println!("{:<34} {:>5} {:>8} {:>8} {:>8} {:>8}", "what", "n", "p50", "p95", "p99", "most");
    let searches = || WORDS.iter().flat_map(|words| PLACES.iter().map(move |place| format!("q={}&near={place}", encode(words))));
    measure("search, JSON", &router, &worker, searches().map(|query| get(&format!("/api/v1/services/search?{query}")))).await;
    measure("search, page", &router, &worker, searches().map(|query| get(&format!("/services?{query}")))).await;
    measure("suggest", &router, &worker, WORDS.iter().map(|words| get(&format!("/api/v1/services/suggest?q={}", encode(words))))).await;
    let cases = || PLACES.iter().flat_map(|place| ["PSY-03", "EDU-13", "GUA-10", "DEV-02"].iter().map(move |term| one_need(place, term)));
    measure("match, one need", &router, &worker, cases().map(|body| post("/api/v1/match", body))).await;
    measure("match, four needs", &router, &worker, PLACES.iter().map(|place| post("/api/v1/match", four_needs(place)))).await;
    measure("今日", &router, &worker, std::iter::once(get("/"))).await;
    println!("resident: {} MB", resident_mb());
}

async fn make(config: &lianjie::config::Config) {
    let store = boot::create(config).await.expect("the folder can be written");
    if lianjie::store::mark(&mut store.read().await.expect("a reader"), "demo").await.expect("a mark").is_none() {
        let started = Instant::now();
        let keyring = Keyring::open(&config.key_file(), true).expect("the key");
        demo::build(&store, &keyring, &clock::System, 20_260_301, 1, &|_, _, _| {}).await.expect("the province is made");
        println!("made the province in {:.1} s", started.elapsed().as_secs_f64());
    }
    store.close().await;
}

/// The worker's cookie.
async fn log_in(app: &Arc<lianjie::app::App>, router: &Router) -> String {
    let log_ins = demo::log_ins(app).await.expect("log-ins");
    let worker = log_ins.iter().find(|log_in| log_in.role == "worker").expect("there is a worker");
    let body = serde_json::json!({ "login": worker.login, "password": worker.password }).to_string();
    let answer = router.clone().oneshot(post("/api/v1/session", body).request("")).await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    let cookie = answer.headers()[header::SET_COOKIE].to_str().expect("a cookie");
    cookie.split(';').next().expect("a pair").to_owned()
}

/// A request that can be sent again and again.
struct Asked {
    method: Method,
    path: String,
    body: String,
}

impl Asked {
    fn request(&self, cookie: &str) -> Request<Body> {
        let request = Request::builder().method(&self.method).uri(&self.path).header(header::COOKIE, cookie);
        let request = request.header(header::CONTENT_TYPE, "application/json");
        request.body(Body::from(self.body.clone())).expect("a request")
    }
}

fn get(path: &str) -> Asked {
    Asked { method: Method::GET, path: path.into(), body: String::new() }
}

fn post(path: &str, body: String) -> Asked {
    Asked { method: Method::POST, path: path.into(), body }
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

async fn measure(what: &str, router: &Router, cookie: &str, asked: impl Iterator<Item = Asked>) {
    let asked: Vec<_> = asked.collect();
    let mut times: Vec<Duration> = Vec::new();
    for round in 0..=ROUNDS {
        for asked in &asked {
            let request = asked.request(cookie);
            let started = Instant::now();
            let answer = router.clone().oneshot(request).await.expect("an answer");
            let status = answer.status();
            let body = to_bytes(answer.into_body(), usize::MAX).await.expect("a body");
            let elapsed = started.elapsed();
            assert!(status.is_success(), "{what}: {status} {}", String::from_utf8_lossy(&body));
            // The first round warms up.
            if round > 0 {
                times.push(elapsed);
            }
        }
    }
    times.sort();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100].as_secs_f64() * 1_000.0;
    println!("{what:<34} {:>5} {:>8.2} {:>8.2} {:>8.2} {:>8.2}", times.len(), at(50), at(95), at(99), at(100));
}

fn resident_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap_or(0) / 1024
}
