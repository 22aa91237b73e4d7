//! The outbox across a kill: a process dies between claiming a mail and marking it as sent, and the mail is neither lost nor a second
//! one.
//!
//! Killed before it spoke to the mail server, the mail goes out once. Killed after the server had taken it and before the answer was
//! heard, nobody can know, so it goes again: at least once, under the same `Message-ID`, by which the receiver knows it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use lianjie::account::notice::{Notice, leave};
use lianjie::app::App;
use lianjie::boot::{self, Indexed};
use lianjie::config::Settings;
use lianjie::id::AccountId;
use lianjie::store::Access;
use serde_json::json;

use crate::kill::{Server, prepare};
use crate::support::post::{Post, Silent, body};

/// The store of a folder whose server is dead.
async fn opened(folder: &Path) -> App {
    let config = Settings { data: Some(folder.into()), ..Settings::default() }.settle();
    boot::open(config, Arc::new(lianjie::clock::System), Access::Write, Indexed::Memory).await.unwrap()
}

async fn run(app: &App, statement: &'static str) {
    let mut tx = app.begin().await.unwrap();
    sqlx::query(statement).execute(&mut *tx).await.unwrap();
    tx.commit(app.now()).await.unwrap();
}

async fn states(app: &App) -> String {
    let mut db = app.store.read().await.unwrap();
    let rows: Vec<String> = sqlx::query_scalar("SELECT state FROM delivery ORDER BY id").fetch_all(&mut *db).await.unwrap();
    rows.join(" ")
}

async fn until(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..600 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{what} did not come");
}

/// Leaves two notices of the first tier, kills the server where the mail server falls silent, and starts it again. Gives the letters.
async fn letters(silent: Silent, expected: usize) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    prepare(folder.path()).await;
    let (post, address) = Post::open().await;
    let config = folder.path().join("mail.toml");
    std::fs::write(&config, format!("[mail]\nserver = \"{address}\"\nfrom = \"lianjie@mail.example\"\n")).unwrap();

    let app = opened(folder.path()).await;
    run(&app, "UPDATE account SET mail = 'sun@provider.example' WHERE login = 'sun'").await;
    let id: String =
        sqlx::query_scalar("SELECT id FROM account WHERE login = 'sun'").fetch_one(&mut *app.store.read().await.unwrap()).await.unwrap();
    let mut tx = app.begin().await.unwrap();
    for key in ["one", "two"] {
        let facts = json!({ "tier": 1, "day": "2026-12-04", "link": format!("/actions?{key}") });
        leave(&mut tx, Notice::Account(&AccountId::parse(&id).unwrap()), "action_due", key, &facts, app.now()).await.unwrap();
    }
    tx.commit(app.now()).await.unwrap();
    app.store.close().await;
    drop(app);

    *post.silent.lock().unwrap() = Some(silent);
    let server = Server::start_with(folder.path(), Some(&config));
    until("the claim", || post.waiting() == 1).await;
    server.kill();
    *post.silent.lock().unwrap() = None;

    let app = opened(folder.path()).await;
    assert_eq!(states(&app).await, "sending sending", "claimed, and not marked as sent");
    // The two minutes that a claim holds are over.
    run(&app, "UPDATE delivery SET claimed_until = '2020-01-01T00:00:00.000Z'").await;
    app.store.close().await;
    drop(app);

    let server = Server::start_with(folder.path(), Some(&config));
    until("the mail", || post.letters().len() >= expected).await;
    // What is written after the answer is waited for, and a second pass would have come by then.
    tokio::time::sleep(Duration::from_secs(22)).await;
    server.kill();
    let app = opened(folder.path()).await;
    assert_eq!(states(&app).await, "sent sent");
    app.store.close().await;
    post.letters()
}

fn name(letter: &str) -> &str {
    letter.lines().find(|line| line.starts_with("Message-ID")).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_whose_sender_was_killed_before_it_spoke_goes_out_once() {
    let letters = letters(Silent::AtFirst, 1).await;
    assert_eq!(letters.len(), 1, "{letters:#?}");
    assert_eq!(body(&letters[0]).matches("/actions?").count(), 2, "with all that it was to say");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_whose_sender_was_killed_before_it_heard_the_answer_goes_again_under_the_same_name() {
    let letters = letters(Silent::AtLast, 2).await;
    assert_eq!(letters.len(), 2, "nobody knows whether it was taken: at least once");
    assert_eq!(name(&letters[0]), name(&letters[1]), "the receiver knows it as the same");
    assert_eq!(body(&letters[0]), body(&letters[1]), "what has come in since does not change it");
}
