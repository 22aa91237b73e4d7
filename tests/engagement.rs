//! While a family is helped somebody says so from time to time, and when it has stopped whoever chases hears of it.

use jiff::SignedDuration;
use lianjie::referral::sweep;
use serde_json::json;

use crate::referrals::{one_provider, whole};
use crate::support::TestApp;
use crate::support::referrals::{act, refer};

#[tokio::test]
async fn a_sign_of_life_starts_the_time_anew_and_its_end_is_told() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let need = test.need(&station.case, "EDU-04", 2, false).await;
    let provider = one_provider(&test, "sun", None).await;
    let (worker, sun) = (test.signed_in("worker1").await, test.signed_in("sun").await);
    let referral = refer(&worker, &need, &provider, json!({})).await;
    act(&sun, &referral, "engage", json!({ "engagement": "engaged" }), 409).await;
    act(&sun, &referral, "accept", json!({}), 200).await;
    act(&sun, &referral, "serve", json!({ "record": "service" }), 200).await;
    let due = async || test.everything("SELECT due_kind || ' ' || due_at || ' ' || overdue FROM referral").await;
    let first = due().await;
    assert!(first.starts_with("T5 "), "{first}");

    // Nothing is heard for a fortnight: both sides are asked, once.
    test.pass(SignedDuration::from_hours(24 * 15));
    sweep(&test.app).await.unwrap().unwrap();
    sweep(&test.app).await.unwrap().unwrap();
    assert!(due().await.ends_with(" 2"));
    let asked = test.everything("SELECT COUNT(*) || '' FROM notice WHERE template = 'referral_heartbeat'").await;
    assert_eq!(asked, "2", "the owner and the provider");

    let (worker, sun) = (test.signed_in("worker1").await, test.signed_in("sun").await);
    act(&worker, &referral, "engage", json!({}), 422).await;
    act(&sun, &referral, "engage", json!({ "engagement": "engaged" }), 200).await;
    let anew = due().await;
    assert!(anew.ends_with(" 0") && anew != first, "{anew}");

    act(&sun, &referral, "engage", json!({ "engagement": "not_engaged", "note": "三次没有来" }), 200).await;
    assert_eq!(due().await, anew, "that it has stopped buys no time");
    assert_eq!(test.everything("SELECT COUNT(*) || '' FROM notice WHERE template = 'referral_not_engaged'").await, "1");
    let id = referral["id"].as_str().unwrap();
    let page = worker.get(&format!("/referrals/{id}")).await.expect(200).text;
    assert!(page.contains("说明是否还在服务：已经中断"), "{page}");
    whole(&test, &referral).await;
}

#[tokio::test]
async fn who_waits_for_a_place_is_asked_to_look_again_and_shown_where() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let need = test.need(&station.case, "EDU-04", 2, false).await;
    let provider = one_provider(&test, "sun", None).await;
    let (worker, sun) = (test.signed_in("worker1").await, test.signed_in("sun").await);
    let referral = refer(&worker, &need, &provider, json!({})).await;
    act(&sun, &referral, "waitlist", json!({ "expected_day": "2026-12-20" }), 200).await;
    let id = referral["id"].as_str().unwrap();
    let elsewhere = format!("/match?need={need}");
    assert!(worker.get(&format!("/referrals/{id}")).await.expect(200).text.contains(&elsewhere));
    assert!(!sun.get(&format!("/referrals/{id}")).await.expect(200).text.contains(&elsewhere), "the provider is shown no others");
    test.pass(SignedDuration::from_hours(24 * 8));
    sweep(&test.app).await.unwrap().unwrap();
    assert_eq!(test.everything("SELECT COUNT(*) || '' FROM notice WHERE template = 'referral_waitlist_review'").await, "1");
}
