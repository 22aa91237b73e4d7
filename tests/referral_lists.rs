//! The lists of referrals: what a figure of 今日 counts is what its list holds, and a long list is read page by page.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::referrals::one_provider;
use crate::support::referrals::{act, refer};
use crate::support::{Browser, TestApp};

async fn listed(browser: &Browser, query: &str) -> (u64, Vec<String>) {
    let found: Value = browser.get(&format!("/api/v1/referrals?{query}")).await.expect(200).json();
    let ids = found["referrals"].as_array().unwrap().iter().map(|line| line["id"].as_str().unwrap().to_owned()).collect();
    (found["meta"]["total"].as_u64().unwrap(), ids)
}

#[tokio::test]
async fn what_today_counts_is_what_its_list_holds() {
    // A Monday morning: one working day of silence ends on Tuesday.
    let test = TestApp::start_at("2026-11-30T09:00:00+08:00").await;
    let station = test.station_with_case().await;
    let provider = one_provider(&test, "sun", None).await;
    let worker = test.signed_in("worker1").await;
    let mut sent = Vec::new();
    for tier in [2, 3] {
        sent.push(refer(&worker, &test.need(&station.case, "EDU-04", tier, true).await, &provider, json!({})).await);
        test.pass(SignedDuration::from_mins(1));
    }
    let id = |at: usize| sent[at]["id"].as_str().unwrap().to_owned();
    let counted = async |browser: &Browser| {
        let today: Value = browser.get("/api/v1/today").await.expect(200).json();
        (today["overdue"].as_u64().unwrap(), today["due_today"].as_u64().unwrap())
    };
    assert_eq!(counted(&worker).await, (0, 0));
    assert_eq!(listed(&worker, "").await, (2, vec![id(0), id(1)]), "what is due first comes first");

    test.pass(SignedDuration::from_hours(20)); // Tuesday, 05:02: the session has ended
    let worker = test.signed_in("worker1").await;
    assert_eq!(counted(&worker).await, (0, 1));
    assert_eq!(listed(&worker, "list=mine&filter=today").await, (1, vec![id(0)]));
    test.pass(SignedDuration::from_hours(5));
    let worker = test.signed_in("worker1").await;
    assert_eq!(counted(&worker).await, (1, 0));
    assert_eq!(listed(&worker, "list=mine&filter=overdue").await, (1, vec![id(0)]));
    let page = worker.get("/").await.expect(200).text;
    assert!(page.contains("/referrals?list=mine&amp;filter=overdue"));
    let page = worker.get("/referrals?list=mine&filter=overdue").await.expect(200).text;
    assert!(page.contains(&id(0)) && !page.contains(&id(1)));

    // Another worker of the station sees both in the station's list, and chases neither.
    let other = test.signed_in("worker2").await;
    assert_eq!(listed(&other, "list=mine").await.0, 0);
    assert_eq!(listed(&other, "list=station").await.0, 2);
    // What is over leaves the list of what lives; the provider finds the same by its own list.
    act(&test.signed_in("sun").await, &sent[1], "decline", json!({ "reason": "no_capacity" }), 200).await;
    assert_eq!(listed(&worker, "filter=ended").await, (1, vec![id(1)]));
    assert_eq!(listed(&test.signed_in("sun").await, "list=inbox&filter=ended").await, (1, vec![id(1)]));
    let of_case = worker.get(&format!("/referrals?case={}", station.case)).await.expect(200).text;
    assert!(of_case.contains(&id(0)) && of_case.contains(&id(1)));
}

#[tokio::test]
async fn a_long_list_is_read_page_by_page_and_nothing_comes_twice() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let provider = one_provider(&test, "sun", None).await;
    let worker = test.signed_in("worker1").await;
    let mut drafts = BTreeSet::new();
    for _ in 0..103 {
        let need = test.need(&station.case, "EDU-04", 3, true).await;
        drafts.insert(refer(&worker, &need, &provider, json!({ "send": false })).await["id"].as_str().unwrap().to_owned());
    }
    let (total, first) = listed(&worker, "filter=draft").await;
    let (same, second) = listed(&worker, "filter=draft&page=2").await;
    assert_eq!((total, same, first.len(), second.len()), (103, 103, 100, 3));
    assert_eq!(first.into_iter().chain(second).collect::<BTreeSet<_>>(), drafts);
    assert_eq!(listed(&worker, "filter=draft&page=3").await, (103, Vec::new()));
    let page = worker.get("/referrals?filter=draft").await.expect(200).text;
    assert!(page.contains("filter=draft&amp;page=2") || page.contains("filter=draft&#38;page=2"), "the way on");
}
