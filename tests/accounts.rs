//! Signing in and out.

use jiff::SignedDuration;
use lianjie::access::{Role, Scope};

use crate::support::{PASSWORD, TestApp};

#[tokio::test]
async fn a_person_signs_in_and_out() {
    let test = TestApp::start().await;
    test.account("admin1", None, Role::SystemAdmin, Scope::All).await;
    let browser = test.signed_in("admin1").await;
    let me = browser.get("/api/v1/me").await.expect(200).json();
    assert_eq!(me["grants"][0]["role"], "system_admin");
    browser.get("/account").await.expect(200);
    browser.post("/logout", &[]).await.expect(303);
    browser.get("/api/v1/me").await.expect(401);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_say_the_same() {
    let test = TestApp::start().await;
    test.account("worker1", None, Role::Worker, Scope::All).await;
    let wrong = test.visitor().post_raw("/login", &[("login", "worker1"), ("password", "这不是那个密码吧吧吧")]).await.expect(422);
    let unknown = test.visitor().post_raw("/login", &[("login", "worker1"), ("password", "这不是那个密码吧吧吧")]).await.expect(422);
    assert_eq!(wrong.text, unknown.text);
}

#[tokio::test]
async fn too_many_tries_are_slowed_down_and_never_locked_out() {
    let test = TestApp::start().await;
    test.account("worker1", None, Role::Worker, Scope::All).await;
    let visitor = test.visitor();
    for _ in 0..7 {
        visitor.post_raw("/login", &[("login", "worker1"), ("password", "错的密码错的密码错的密码")]).await;
    }
    visitor.post_raw("/login", &[("login", "worker1"), ("password", PASSWORD)]).await.expect(503);
    test.pass(SignedDuration::from_mins(16));
    visitor.post_raw("/login", &[("login", "worker1"), ("password", PASSWORD)]).await.expect(303);
}

#[tokio::test]
async fn a_session_ends_when_nobody_is_there() {
    let test = TestApp::start().await;
    test.account("worker1", None, Role::Worker, Scope::All).await;
    let browser = test.signed_in("worker1").await;
    test.pass(SignedDuration::from_mins(29));
    browser.get("/api/v1/me").await.expect(200);
    test.pass(SignedDuration::from_mins(31));
    browser.get("/api/v1/me").await.expect(401);
}

#[tokio::test]
async fn a_form_without_its_token_changes_nothing() {
    let test = TestApp::start().await;
    test.account("worker1", None, Role::Worker, Scope::All).await;
    let browser = test.signed_in("worker1").await;
    browser.post_raw("/preferences", &[("locale", "en")]).await.expect(403);
    browser.post("/preferences", &[("locale", "en"), ("back", "/account")]).await.expect(303);
    browser.post("/preferences", &[("locale", "en"), ("back", "https://example.org/")]).await;
    assert_eq!(browser.post("/preferences", &[("locale", "en"), ("back", "//example.org")]).await.location.as_deref(), Some("/"));
}

#[tokio::test]
async fn a_visitor_is_sent_to_the_log_in_and_back() {
    let test = TestApp::start().await;
    let page = test.visitor().get("/account").await.expect(303);
    assert_eq!(page.location.as_deref(), Some("/login?next=%2Faccount"));
}

#[tokio::test]
async fn every_refusal_of_the_api_is_a_problem_in_the_language_asked_for() {
    let test = TestApp::start().await;
    let visitor = test.visitor();
    let body = visitor.send("POST", "/api/v1/session", &serde_json::json!({"login": "x", "pass": "y"})).await.expect(422).json();
    assert_eq!(body["type"], "/problems/invalid");
    assert_eq!(body["errors"][0]["field"], "body");
    let missing = visitor.get("/api/v1/nothing").await.expect(404).json();
    assert_eq!(missing["title"], "没有找到");
}
