//! Searches that gave nothing: counted without words and persons, shown beside the gaps, forgotten after a year.

use jiff::SignedDuration;
use lianjie::access::{Role, Scope};
use lianjie::search::gap;
use serde_json::Value;

use crate::numbers::figures;
use crate::search::{HERE, found, worker};
use crate::support::directory::a_service;
use crate::support::{Browser, TestApp};

async fn counted(test: &TestApp) -> Vec<String> {
    let rows = test
        .everything(
            "SELECT division || ' ' || terms || ' ' || filters || ' ' || CAST(n AS TEXT) FROM search_gap ORDER BY day, terms, filters",
        )
        .await;
    rows.lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn a_search_in_vain_is_counted_once_a_day_without_its_words() {
    let test = TestApp::start().await;
    let worker = worker(&test).await;
    a_service(&test, "四点半放学护送", &["EDU-13"], HERE).await;
    test.indexed().await;
    for query in ["q=没人接送", "q=四点半放学护送", "fee=low"] {
        found(&worker, query).await;
    }
    found(&test.visitor(), "q=人工耳蜗语训").await;
    assert!(counted(&test).await.is_empty(), "what was found, asks for no need, or is asked by a visitor does not count");

    for query in ["q=没人接送&fee=low", "q=没人接送&fee=low", "q=没人接送&fee=low&page=2", "q=王小明在哪里"] {
        assert_eq!(found(&worker, query).await["meta"]["total"], 0, "{query}");
    }
    worker.get("/services?q=没人接送&fee=low").await.expect(200);
    assert_eq!(counted(&test).await, [r#"320116 ["EDU-13"] ["fee"] 1"#, r#"320116 ["unread"] [] 1"#]);
    let marks = test.everything("SELECT mark FROM search_gap_counted").await;
    assert!(marks.lines().count() == 2 && !marks.contains("worker"), "{marks}");

    test.pass(SignedDuration::from_hours(24));
    let worker = test.signed_in("worker1").await;
    found(&worker, "q=没人接送&fee=low").await;
    assert_eq!(counted(&test).await.len(), 3, "another day counts anew");
    gap::actions::forget(&test.app).await.unwrap();
    assert_eq!(test.everything("SELECT mark FROM search_gap_counted").await.lines().count(), 1, "marks live for a day");
    assert_eq!(counted(&test).await.len(), 3);
    test.pass(SignedDuration::from_hours(24 * 366));
    gap::actions::forget(&test.app).await.unwrap();
    assert!(counted(&test).await.is_empty(), "counts live for a year");
}

/// The figures of searches in vain, by need and county.
async fn told(browser: &Browser) -> Vec<(String, Option<i64>)> {
    let numbers = figures(browser, "").await;
    let blocks = numbers["blocks"].as_array().unwrap();
    let figures = blocks.iter().filter(|block| block["code"] == "searched").flat_map(|block| block["figures"].as_array().unwrap());
    let told = |figure: &Value| (figure["about"].as_str().unwrap().to_owned(), figure["value"].as_i64());
    figures.map(told).collect()
}

#[tokio::test]
async fn searches_in_vain_stand_beside_the_gaps_and_small_counts_are_left_out() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let mut tx = test.app.begin().await.unwrap();
    for (division, terms, n) in [
        ("320116", r#"["EDU-13"]"#, 7),
        ("320116", r#"["unread"]"#, 9),
        ("320106", r#"["REH-06","REH-09"]"#, 6),
        ("320106", r#"["REH-06"]"#, 2),
    ] {
        sqlx::query("INSERT INTO search_gap (day, division, terms, filters, n) VALUES ('2026-11-20', $1, $2, '[]', $3)")
            .bind(division)
            .bind(terms)
            .bind(i64::from(n))
            .execute(&mut *tx)
            .await
            .unwrap();
    }
    tx.commit(test.app.now()).await.unwrap();
    test.account("data1", None, Role::DataManager, Scope::Division("3201".parse().unwrap())).await;
    let data = test.signed_in("data1").await;
    let expected = [("unread:320116", 9), ("REH-06:320106", 8), ("EDU-13:320116", 7), ("REH-09:320106", 6)];
    assert_eq!(told(&data).await, expected.map(|(about, value)| (about.to_owned(), Some(value))));
    let page = data.get("/numbers").await.expect(200).text;
    assert!(page.contains("搜了没有结果") && page.contains("没看懂要什么 · 南京市六合区"), "{page}");
    data.get("/api/v1/numbers/searched_at?about=EDU-13:320116").await.expect(403);
    assert!(!page.contains("/everyday-words\">没看懂"), "who may not add words is not sent there");
    test.account("data3", None, Role::DataManager, Scope::Division("32".parse().unwrap())).await;
    let page = test.signed_in("data3").await.get("/numbers").await.expect(200).text;
    assert!(page.contains("/everyday-words\">没看懂"), "who may is");
    assert_eq!(told(&test.signed_in("county1").await).await.len(), 2, "a county sees its own");
    assert!(told(&test.signed_in("worker1").await).await.is_empty(), "a station has none of its own");

    let mut tx = test.app.begin().await.unwrap();
    sqlx::query("UPDATE search_gap SET n = 3 WHERE terms = '[\"EDU-13\"]'").execute(&mut *tx).await.unwrap();
    tx.commit(test.app.now()).await.unwrap();
    test.account("data2", None, Role::DataManager, Scope::Division("320116".parse().unwrap())).await;
    // What was counted an hour ago is counted anew.
    test.pass(SignedDuration::from_hours(1));
    let small = told(&test.signed_in("data2").await).await;
    let hidden = ["unread:320116", "EDU-13:320116"].map(|about| (about.to_owned(), None));
    assert_eq!(small, hidden, "three are not told, nor what would give them away");
    let _ = station;
}
