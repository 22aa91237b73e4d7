//! A server is killed in the middle of writing: what was acknowledged is there, and the index catches up.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use lianjie::access::{Actor, Role, Scope};
use lianjie::account::{self, NewAccount};
use lianjie::boot::{self, Indexed};
use lianjie::config::Settings;
use lianjie::id::OrganizationId;
use lianjie::organization::store as organizations;
use lianjie::secret::Hidden;
use lianjie::store::Access;
use lianjie_index::entry::Level;
use reqwest::Client;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::support::PASSWORD;
use crate::support::referrals::{TOWNSHIP, organization};

/// How many writes there are in all, and how many are under way at once.
const WRITES: usize = 100;
const AT_ONCE: usize = 4;

/// The product as its own process, on a store in a folder.
pub struct Server {
    process: Child,
    address: SocketAddr,
}

impl Server {
    fn start(folder: &Path) -> Self {
        Self::start_with(folder, None)
    }

    /// The same with a configuration.
    pub fn start_with(folder: &Path, config: Option<&Path>) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_lianjie"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(folder)
            .args(config.into_iter().flat_map(|file| [Path::new("--config"), file]))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().rsplit("http://").next().unwrap().parse().unwrap_or_else(|_| panic!("no address in {line:?}"));
        Self { process, address }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// SIGKILL: no chance to tidy up.
    pub fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Makes a store with a verified body, its contact `sun`, and a worker.
pub async fn prepare(folder: &Path) -> OrganizationId {
    let made = Command::new(env!("CARGO_BIN_EXE_lianjie")).args(["migrate", "--data"]).arg(folder).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let config = Settings { data: Some(folder.into()), ..Settings::default() }.settle();
    let app = boot::open(config, Arc::new(lianjie::clock::System), Access::Write, Indexed::Memory).await.unwrap();
    let at = app.now();
    let body = organization("社工机构", "断电试验社会工作服务中心", TOWNSHIP, Level::Public, at);
    let mut tx = app.begin().await.unwrap();
    organizations::insert(&mut tx, &body, at).await.unwrap();
    tx.commit(at).await.unwrap();
    for (login, role) in [("sun", Role::Provider), ("worker1", Role::Worker)] {
        let new = NewAccount {
            login: login.into(),
            name: login.into(),
            organization: Some(body.id.clone()),
            password: Hidden::new(PASSWORD),
            must_change: false,
            grants: vec![(role, Scope::Organization(body.id.clone()))],
        };
        account::create(&app, &Actor::system(), new).await.unwrap();
    }
    app.store.close().await;
    body.id
}

async fn signed_in(server: &Server, login: &str) -> Client {
    let client = Client::builder().cookie_store(true).timeout(Duration::from_secs(20)).build().unwrap();
    let answer = client.post(server.url("/login")).form(&[("login", login), ("password", PASSWORD)]).send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.status());
    client
}

fn name(number: usize) -> String {
    format!("断电试验第{number:03}小队")
}

/// Adds a service; nothing where the server died over it.
async fn add(client: &Client, url: &str, number: usize) -> Option<String> {
    let body =
        json!({ "name": name(number), "terms": ["EDU-13"], "delivery": ["home"], "sites": [{ "areas": [TOWNSHIP] }], "distinct": true });
    let request = client.post(url).header("idempotency-key", format!("kill-test-{number:04}")).json(&body);
    let answer = request.send().await.ok()?;
    let status = answer.status();
    let text = answer.text().await.ok()?;
    assert!(status.is_success(), "{status} {text}");
    Some(serde_json::from_str::<Value>(&text).unwrap()["service"]["id"].as_str().unwrap().to_owned())
}

/// Writes what is left until the server dies, or everything is written; every acknowledged write is told at once.
async fn write(client: Client, url: String, next: Arc<AtomicUsize>, told: mpsc::UnboundedSender<(usize, String)>) {
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= WRITES {
            return;
        }
        match add(&client, &url, number).await {
            Some(id) => told.send((number, id)).unwrap(),
            None => return,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_before_a_kill_is_there_and_the_index_catches_up() {
    let folder = tempfile::tempdir().unwrap();
    let body = prepare(folder.path()).await;
    let path = format!("/api/v1/organizations/{body}/services");
    let next = Arc::new(AtomicUsize::new(0));
    let mut acknowledged: Vec<(usize, String)> = Vec::new();
    let mut cut_short = 0;

    for until in [25, 50, 75] {
        let server = Server::start(folder.path());
        let client = signed_in(&server, "sun").await;
        let (tell, mut told) = mpsc::unbounded_channel();
        let writers: Vec<_> =
            (0..AT_ONCE).map(|_| tokio::spawn(write(client.clone(), server.url(&path), Arc::clone(&next), tell.clone()))).collect();
        drop(tell);
        while acknowledged.len() < until {
            acknowledged.push(told.recv().await.expect("writes go on"));
        }
        server.kill();
        while let Some(one) = told.recv().await {
            acknowledged.push(one);
        }
        for writer in writers {
            writer.await.unwrap();
        }
        cut_short += next.load(Ordering::Relaxed).min(WRITES) - acknowledged.len() - cut_short;
    }
    assert!(cut_short > 0, "a kill falls between a write and its answer");

    let server = Server::start(folder.path());
    let client = signed_in(&server, "sun").await;
    for (number, id) in &acknowledged {
        // Sent again with the same key, the write is known and makes nothing new.
        assert_eq!(add(&client, &server.url(&path), *number).await.as_ref(), Some(id), "write {number}");
    }
    let whole = Command::new(env!("CARGO_BIN_EXE_lianjie")).args(["audit", "verify", "--data"]).arg(folder.path()).output().unwrap();
    assert!(whole.status.success(), "{}", String::from_utf8_lossy(&whole.stdout));
    let worker = signed_in(&server, "worker1").await;
    for (number, id) in &acknowledged {
        found(&worker, &server, &name(*number), id).await;
    }
}

/// Waits until the search finds a service by its name.
async fn found(client: &Client, server: &Server, name: &str, id: &str) {
    let mut last = String::new();
    for _ in 0..100 {
        let answer = client.get(server.url(&format!("/api/v1/services/search?q={name}"))).send().await.unwrap();
        last = answer.text().await.unwrap();
        let services: Value = serde_json::from_str(&last).unwrap();
        if services["services"].as_array().unwrap().iter().any(|service| service["id"] == id) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the search does not find {name}: {last}");
}
