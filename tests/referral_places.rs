//! What a referral holds while it lives: a place, and its case open.

use jiff::SignedDuration;
use serde_json::json;

use crate::referrals::one_provider;
use crate::support::TestApp;
use crate::support::referrals::{act, refer};

#[tokio::test]
async fn a_live_referral_keeps_a_case_open_whatever_its_needs_say() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let need = test.need(&station.case, "EDU-04", 3, false).await;
    let provider = one_provider(&test, "sun", None).await;
    let sent = refer(&test.signed_in("worker1").await, &need, &provider, json!({})).await;
    let mut tx = test.app.begin().await.unwrap();
    sqlx::query("UPDATE need SET state = 'met'").execute(&mut *tx).await.unwrap();
    tx.commit(test.app.now()).await.unwrap();
    let head = test.signed_in("head1").await;
    let close = format!("/api/v1/cases/{}/steps", station.case);
    let body = json!({ "step": "close", "reason": "目标达成" });
    let refused = head.send("POST", &close, &body).await.expect(409);
    assert!(refused.text.contains("转介"), "{}", refused.text);
    act(&test.signed_in("sun").await, &sent, "decline", json!({ "reason": "no_capacity" }), 200).await;
    let mut tx = test.app.begin().await.unwrap();
    sqlx::query("UPDATE need SET state = 'met'").execute(&mut *tx).await.unwrap();
    tx.commit(test.app.now()).await.unwrap();
    head.send("POST", &close, &body).await.expect(200);
}

#[tokio::test]
async fn a_place_that_is_held_is_counted_lapses_after_two_days_and_is_used_by_an_acceptance() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let provider = one_provider(&test, "sun", Some(2)).await;
    let worker = test.signed_in("worker1").await;
    let first = refer(&worker, &test.need(&station.case, "EDU-04", 3, true).await, &provider, json!({ "hold_place": true })).await;
    refer(&worker, &test.need(&station.case, "EDU-04", 3, true).await, &provider, json!({ "hold_place": true })).await;
    assert_eq!(test.places(&provider.site).await, (2, 0, 2));
    let third = json!({ "need": test.need(&station.case, "EDU-04", 3, true).await.to_string(), "service_at_location": provider.site.to_string(),
                        "purpose": "serve", "hold_place": true, "send": true });
    worker.send("POST", "/api/v1/referrals", &third).await.expect(409);
    let accepted = act(&test.signed_in("sun").await, &first, "accept", json!({}), 200).await;
    assert_eq!((accepted["state"].as_str(), test.places(&provider.site).await), (Some("accepted"), (2, 1, 1)), "its own hold is used");
    test.pass(SignedDuration::from_hours(47));
    lianjie::referral::sweep(&test.app).await.unwrap();
    assert_eq!(test.places(&provider.site).await, (2, 1, 1), "not yet");
    test.pass(SignedDuration::from_hours(2));
    lianjie::referral::sweep(&test.app).await.unwrap();
    assert_eq!(test.places(&provider.site).await, (2, 1, 0), "nobody is kept out for longer");
}

#[tokio::test]
async fn the_last_place_is_never_given_twice() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let provider = one_provider(&test, "sun", Some(1)).await;
    let (worker, sun) = (test.signed_in("worker1").await, test.signed_in("sun").await);
    let mut paths = Vec::new();
    for _ in 0..4 {
        let need = test.need(&station.case, "EDU-04", 2, false).await;
        let referral = refer(&worker, &need, &provider, json!({})).await;
        paths.push(format!("/api/v1/referrals/{}/actions/accept", referral["id"].as_str().unwrap()));
    }
    let empty = json!({});
    let answers = tokio::join!(
        sun.send("POST", &paths[0], &empty),
        sun.send("POST", &paths[1], &empty),
        sun.send("POST", &paths[2], &empty),
        sun.send("POST", &paths[3], &empty)
    );
    let statuses = [answers.0.status, answers.1.status, answers.2.status, answers.3.status];
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert_eq!(test.places(&provider.site).await, (1, 1, 0));
    let refused = [&answers.0, &answers.1, &answers.2, &answers.3].into_iter().find(|page| page.status == 409).unwrap();
    assert!(refused.text.contains("空位已经满了"), "{}", refused.text);
    let path = paths.iter().zip(statuses).find(|(_, status)| *status == 409).unwrap().0;
    sun.send("POST", path, &json!({ "override_full": true })).await.expect(200);
    assert_eq!(test.places(&provider.site).await, (2, 2, 0), "the provider took one more than it posted");
}

#[tokio::test]
async fn two_refusals_for_want_of_places_close_the_places() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let provider = one_provider(&test, "sun", Some(5)).await;
    let (worker, sun) = (test.signed_in("worker1").await, test.signed_in("sun").await);
    for round in 0..2 {
        let need = test.need(&station.case, "EDU-04", 3, false).await;
        let referral = refer(&worker, &need, &provider, json!({})).await;
        act(&sun, &referral, "decline", json!({ "reason": "no_capacity" }), 200).await;
        assert_eq!(test.places(&provider.site).await.0, if round == 0 { 5 } else { 0 });
        test.pass(SignedDuration::from_mins(1));
    }
}
