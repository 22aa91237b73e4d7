//! Visits: how often by risk, over holidays, who may record and read them, and who is overdue.

use jiff::SignedDuration;
use jiff::civil::Date;
use lianjie::case::visit::{Every, First, due};
use serde_json::json;

use crate::support::TestApp;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

#[tokio::test]
async fn days_are_counted_over_holidays_and_make_up_workdays() {
    let test = TestApp::start().await;
    let calendar = test.app.calendar.get();
    let (weekly, monthly) = (Every { first: None, days: 7, by_the_clock: true }, Every { first: None, days: 30, by_the_clock: false });
    let next = |seen: &str, every| due(Some(day(seen)), day("2026-01-01"), every, &calendar);
    // Spring Festival 2026: 15 to 23 February; Saturday the 14th and the 28th are worked.
    assert!(!calendar.is_worked(day("2026-02-17")) && calendar.is_worked(day("2026-02-28")));
    assert_eq!(next("2026-02-10", weekly), day("2026-02-17"), "danger does not wait for the festival");
    assert_eq!(next("2026-01-18", monthly), day("2026-02-24"), "the others are seen when work begins again");
    assert_eq!(next("2026-01-29", monthly), day("2026-02-28"), "a Saturday that is worked is a day like others");
    assert_eq!(next("2026-03-05", monthly), day("2026-04-07"), "Qingming moves the fourth of April past the holiday");
    assert_eq!(due(None, day("2026-03-02"), monthly, &calendar), day("2026-04-01"), "never seen: counted from the opening");
    // The case was opened on the Friday before the festival: the first contact of each level of risk.
    let first = |text: &str| due(None, day("2026-02-13"), Every { first: First::of(text), ..monthly }, &calendar);
    assert_eq!(first("at once"), day("2026-02-13"));
    assert_eq!(first("24 h"), day("2026-02-14"), "danger is seen on the next day, whatever it is");
    assert_eq!(first("3 working days"), day("2026-02-25"), "the worked Saturday, then the first two days after the festival");
    assert_eq!((First::of(""), First::of("soon")), (None, None), "what is not stated counts as any other time");
}

#[tokio::test]
async fn a_visit_moves_the_next_a_call_does_not_and_a_change_of_risk_counts_at_once() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let worker = test.signed_in("worker1").await;
    let path = format!("/api/v1/cases/{}/visits", station.case);
    let first = worker.get(&path).await.expect(200).json();
    assert_eq!(
        (first["due"].as_str(), first["every_days"].as_u64()),
        (Some("2026-11-26"), Some(15)),
        "yellow, opened on 25 November: seen first within a day"
    );
    worker.send("POST", &path, &json!({ "day": "2026-11-25", "kind": "phone", "note": "奶奶说都好" })).await.expect(204);
    assert_eq!(worker.get(&path).await.json()["due"], "2026-11-26", "nobody has seen the child");

    test.pass(SignedDuration::from_hours(24 * 20));
    let worker = test.signed_in("worker1").await;
    let late = worker.get("/api/v1/visits").await.expect(200).json();
    assert_eq!((late["visits"][0]["overdue"].as_bool(), late["meta"]["total"].as_u64()), (Some(true), Some(1)));
    assert_eq!(worker.get("/api/v1/today").await.json()["visits"], 1);
    assert!(worker.get("/").await.expect(200).text.contains("走访逾期"));
    assert!(worker.get("/visits").await.expect(200).text.contains("晚了 19 天"));
    worker.send("POST", &path, &json!({ "day": "2026-12-15", "kind": "home", "note": "孩子在写作业" })).await.expect(204);
    assert_eq!(worker.get(&path).await.json()["due"], "2026-12-30");
    assert_eq!(worker.get("/api/v1/today").await.json()["visits"], 0);

    let mut tx = test.app.begin().await.unwrap();
    sqlx::query("UPDATE \"case\" SET risk = 'red' WHERE id = $1").bind(station.case.as_str()).execute(&mut *tx).await.unwrap();
    tx.commit(test.app.now()).await.unwrap();
    assert_eq!(worker.get(&path).await.json()["due"], "2026-12-22", "a week after the visit");
}

#[tokio::test]
async fn what_was_found_is_sealed_logged_and_read_by_few() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let path = format!("/api/v1/cases/{}/visits", station.case);
    let body = json!({ "day": "2026-11-25", "kind": "home", "note": "爸爸又喝酒，孩子躲在灶间" });
    let worker = test.signed_in("worker1").await;
    worker.send("POST", &path, &body).await.expect(204);
    assert!(!test.everything("SELECT COALESCE(note, '') || kind FROM visit").await.contains("喝酒"), "sealed in the store");
    let read = worker.get(&path).await.expect(200);
    assert!(read.text.contains("喝酒"));
    let head = test.signed_in("head1").await;
    assert!(head.get(&format!("/cases/{}/visits", station.case)).await.expect(200).text.contains("喝酒"));
    let county = test.signed_in("county1").await;
    let masked = county.get(&path).await.expect(200);
    assert!(!masked.text.contains("喝酒") && masked.json()["visits"][0]["kind"] == "home", "the county knows that, not what");
    county.send("POST", &path, &body).await.expect(403);
    let colleague = test.signed_in("worker2").await;
    colleague.send("POST", &path, &body).await.expect(403);
    assert!(!colleague.get(&path).await.expect(200).text.contains("喝酒"), "another's case is seen masked");
    test.visitor().get(&path).await.expect(401);
    let log = test.everything("SELECT role || ' ' || action || ' ' || fields FROM audit_event").await;
    assert!(log.contains("worker visit.recorded") && log.contains("supervisor visit.viewed"), "{log}");
    assert!(!log.contains("喝酒") && !log.contains("coordinator visit.viewed"));
}

#[tokio::test]
async fn a_wrong_visit_is_refused_with_a_sentence_and_comes_back_as_typed() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let worker = test.signed_in("worker1").await;
    let page = format!("/cases/{}/visits", station.case);
    for (day, kind, sentence) in [
        ("2026-11-26", "home", "还没有到"),
        ("2026-11-01", "home", "还没有建档"),
        ("昨天", "home", "2026-11-30"),
        ("", "home", "必须填写"),
        ("2026-11-25", "", "必须填写"),
    ] {
        let refused = worker.post(&page, &[("day", day), ("kind", kind), ("note", "孩子很好")]).await.expect(422);
        assert!(refused.text.contains(sentence) && refused.text.contains("孩子很好"), "{day} {kind}: {}", refused.text);
    }
    let said = [("key", "visit-key-1"), ("day", "2026-11-25"), ("kind", "home"), ("note", "孩子很好")];
    worker.post(&page, &said).await.expect(303);
    worker.post(&page, &said).await.expect(303);
    let visits = worker.get(&format!("/api/v1/cases/{}/visits", station.case)).await.json();
    assert_eq!(visits["visits"].as_array().unwrap().len(), 1, "a form sent twice makes one visit");
}
