//! What both benches do: sign in, ask the whole service without a socket, and print how long it took.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode, header};
use lianjie::app::App;
use lianjie::boot::{self, Indexed};
use lianjie::config::Settings;
use lianjie::demo::{self, LogIn, Plan};
use lianjie::secret::Keyring;
use lianjie::store::{self, Access};
use lianjie::{clock, search, server};
use tower::ServiceExt;

/// A store that is open, and the service above it.
pub struct Opened {
    pub app: Arc<App>,
    pub router: Router,
    log_ins: Vec<LogIn>,
}

/// Opens the store of a folder below `target`, or of `LIANJIE_BENCH_DATA`; makes it by the plan if it is not there.
pub async fn open(folder: &str, plan: &Plan) -> Opened {
    let folder = std::env::var("LIANJIE_BENCH_DATA").map_or_else(|_| PathBuf::from("target").join(folder), PathBuf::from);
    let config = Settings { data: Some(folder), ..Settings::default() }.settle();
    let store = boot::create(&config).await.expect("the folder can be written");
    if store::mark(&mut store.read().await.expect("a reader"), "demo").await.expect("a mark").is_none() {
        let started = Instant::now();
        let keyring = Keyring::open(&config.key_file(), true).expect("the key");
        let made = demo::build_plan(&store, &keyring, &clock::System, plan, &|_, _, _| {}).await.expect("the province is made");
        println!("made the province in {:.1} s: {} cases, {} referrals", started.elapsed().as_secs_f64(), made.cases, made.referrals);
    }
    store.close().await;
    drop(store);
    let started = Instant::now();
    let app = Arc::new(boot::open(config, Arc::new(clock::System), Access::Write, Indexed::Folder).await.expect("the store opens"));
    search::catch_up(&app).await.expect("the index follows");
    println!("open and index: {:.2} s", started.elapsed().as_secs_f64());
    let log_ins = demo::log_ins(&app).await.expect("log-ins");
    Opened { router: server::router(Arc::clone(&app)), app, log_ins }
}

impl Opened {
    /// The cookie of a demo account.
    pub async fn sign_in(&self, login: &str) -> String {
        let log_in = self.log_ins.iter().find(|log_in| log_in.login == login).expect("there is such an account");
        let body = serde_json::json!({ "login": log_in.login, "password": log_in.password }).to_string();
        let answer = self.router.clone().oneshot(post("/api/v1/session", body).request("")).await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::NO_CONTENT);
        let cookie = answer.headers()[header::SET_COOKIE].to_str().expect("a cookie");
        cookie.split(';').next().expect("a pair").to_owned()
    }
}

/// A request that can be sent again and again.
pub struct Asked {
    method: Method,
    path: String,
    body: String,
}

impl Asked {
    /// It, with somebody's cookie.
    pub fn request(&self, cookie: &str) -> Request<Body> {
        let request = Request::builder().method(&self.method).uri(&self.path).header(header::COOKIE, cookie);
        let request = request.header(header::CONTENT_TYPE, "application/json");
        request.body(Body::from(self.body.clone())).expect("a request")
    }
}

pub fn get(path: &str) -> Asked {
    Asked { method: Method::GET, path: path.into(), body: String::new() }
}

pub fn post(path: &str, body: String) -> Asked {
    Asked { method: Method::POST, path: path.into(), body }
}

/// Prints the head of the table.
pub fn head() {
    println!("{:<34} {:>5} {:>8} {:>8} {:>8} {:>8}", "what", "n", "p50", "p95", "p99", "most");
}

/// Asks again and again; the first round warms up. Prints milliseconds.
pub async fn measure(what: &str, router: &Router, cookie: &str, asked: impl Iterator<Item = Asked>, rounds: usize) {
    let asked: Vec<_> = asked.collect();
    let mut times: Vec<Duration> = Vec::new();
    let begun = Instant::now();
    for round in 0..=rounds {
        // What is very slow is known after one.
        if round > 1 && begun.elapsed() > Duration::from_secs(5) {
            break;
        }
        for asked in &asked {
            let request = asked.request(cookie);
            let started = Instant::now();
            let answer = router.clone().oneshot(request).await.expect("an answer");
            let status = answer.status();
            let body = to_bytes(answer.into_body(), usize::MAX).await.expect("a body");
            let elapsed = started.elapsed();
            assert!(status.is_success(), "{what}: {status} {}", String::from_utf8_lossy(&body));
            if round > 0 {
                times.push(elapsed);
            }
        }
    }
    times.sort();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100].as_secs_f64() * 1_000.0;
    println!("{what:<34} {:>5} {:>8.2} {:>8.2} {:>8.2} {:>8.2}", times.len(), at(50), at(95), at(99), at(100));
}

/// What the process holds of memory.
pub fn resident_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap_or(0) / 1024
}
