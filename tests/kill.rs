//! A server is killed in the middle of writing: what was acknowledged is there, and the index catches up.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use reqwest::Client;
use serde_json::{Value, json};

/// The product as its own process, on a store in a folder.
struct Server {
    process: Child,
    address: SocketAddr,
}

impl Server {
    fn start(folder: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_lianjie"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().rsplit("http://").next().unwrap().parse().unwrap_or_else(|_| panic!("no address in {line:?}"));
        Self { process, address }
    }

    /// SIGKILL: no chance to tidy up.
    fn kill(mut self) {
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

fn registration(number: usize) -> Value {
    json!({
        "key": format!("kill-test-{number:04}"),
        "kind": "社工机构",
        "name": format!("断电试验社会工作服务中心{number:03}"),
        "division": "320116010",
        "description": "写到一半就断电的试验。",
        "phones": ["025-0000 0000"],
        "login": format!("kill{number:03}"),
        "password": format!("断电也不会丢的第{number:03}句话啊啊"),
        "contact": "试验"
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_before_a_kill_is_there_and_the_index_catches_up() {
    let folder = tempfile::tempdir().unwrap();
    let made = Command::new(env!("CARGO_BIN_EXE_lianjie")).args(["migrate", "--data"]).arg(folder.path()).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let client = Client::builder().timeout(Duration::from_secs(20)).build().unwrap();

    let mut acknowledged: Vec<(usize, String)> = Vec::new();
    let mut next = 0;
    for round in 0..3u64 {
        let server = Server::start(folder.path());
        let base = format!("http://{}", server.address);
        let writes = tokio::spawn({
            let client = client.clone();
            async move {
                let mut done = Vec::new();
                for number in next..next + 34 {
                    match client.post(format!("{base}/api/v1/organizations")).json(&registration(number)).send().await {
                        Ok(answer) if answer.status().is_success() => {
                            let body: Value = answer.json().await.unwrap();
                            done.push((number, body["organization"]["id"].as_str().unwrap().to_owned()));
                        }
                        Ok(answer) => panic!("{} {}", answer.status(), answer.text().await.unwrap()),
                        Err(_) => break,
                    }
                }
                done
            }
        });
        tokio::time::sleep(Duration::from_millis(900 + 400 * round)).await;
        server.kill();
        let done = writes.await.unwrap();
        next += 34;
        acknowledged.extend(done);
    }
    assert!(!acknowledged.is_empty(), "nothing was acknowledged before the kills");

    let server = Server::start(folder.path());
    let base = format!("http://{}", server.address);
    for (number, id) in &acknowledged {
        // Sent again with the same key, the write is known and makes nothing new.
        let again = client.post(format!("{base}/api/v1/organizations")).json(&registration(*number)).send().await.unwrap();
        assert!(again.status().is_success() || again.status() == 303, "write {number} ({id}) is gone: {}", again.status());
        assert!(again.text().await.unwrap().contains(id.as_str()), "write {number} was made twice");
    }
    drop(server);
    let indexed = Command::new(env!("CARGO_BIN_EXE_lianjie")).args(["doctor", "--json", "--data"]).arg(folder.path()).output().unwrap();
    assert!(String::from_utf8_lossy(&indexed.stdout).contains("\"whole\""), "{}", String::from_utf8_lossy(&indexed.stdout));
}
