//! The clocks of the loop: the ladder over holidays and worked Saturdays, and what ends by itself.

use jiff::SignedDuration;
use lianjie::case::model::Outcome;
use lianjie::referral::sweep;
use serde_json::{Value, json};

use crate::referrals::{one_provider, whole};
use crate::support::TestApp;
use crate::support::referrals::{TOWNSHIP, act, refer};

#[tokio::test]
async fn silence_climbs_the_ladder_over_a_holiday_and_each_is_told_once() {
    // Wednesday before the National Day holiday of 2026: Thursday to the next Wednesday are free.
    let test = TestApp::start_at("2026-09-30T10:00:00+08:00").await;
    let station = test.station_with_case().await;
    let need = test.need(&station.case, "EDU-04", 2, false).await;
    let provider = one_provider(&test, "sun", Some(1)).await;
    let worker = test.signed_in("worker1").await;
    let referral = refer(&worker, &need, &provider, json!({ "hold_place": true })).await;
    assert_eq!(referral["due_at"], "2026-10-08T02:00:00.000Z", "one working day, holidays do not count");
    let id = referral["id"].as_str().unwrap();
    let step = async |hours: i64| {
        test.pass(SignedDuration::from_hours(hours));
        sweep(&test.app).await.unwrap().unwrap();
        sweep(&test.app).await.unwrap().unwrap();
        test.everything("SELECT state || ' ' || overdue FROM referral").await
    };
    assert_eq!(step(1).await, "sent 0");
    assert_eq!(step(24 * 7 + 3).await, "sent 1", "half of the working day is over on the first morning after");
    assert_eq!(step(21).await, "sent 2");
    assert_eq!(step(12).await, "sent 3");
    assert_eq!(step(24 * 2).await, "expired 0");
    assert_eq!(test.need_state(&need).await.state, Outcome::Open);
    assert_eq!(test.places(&provider.site).await, (1, 0, 0), "the hold lapsed or was given back");
    let notices = test.everything("SELECT template FROM notice WHERE template LIKE 'referral_%' ORDER BY due_at, template").await;
    assert_eq!(
        notices.lines().collect::<Vec<_>>(),
        [
            "referral_sent",
            "referral_reminder",
            "referral_overdue",
            "referral_overdue",
            "referral_choose",
            "referral_expired",
            "referral_expired"
        ]
    );
    assert!(test.everything("SELECT facts FROM notice").await.contains(&format!("/referrals/{id}")));
    whole(&test, &referral).await;
}

#[tokio::test]
async fn a_saturday_that_is_worked_counts_and_the_spring_festival_does_not() {
    // Friday, 13 February 2026. Saturday is worked for the festival, which lasts from the 15th to the 23rd.
    let test = TestApp::start_at("2026-02-13T10:00:00+08:00").await;
    let station = test.station_with_case().await;
    let provider = one_provider(&test, "sun", None).await;
    let worker = test.signed_in("worker1").await;
    let first = refer(&worker, &test.need(&station.case, "EDU-04", 2, false).await, &provider, json!({})).await;
    assert_eq!(first["due_at"], "2026-02-14T02:00:00.000Z", "one working day later is the Saturday");
    test.pass(SignedDuration::from_hours(24));
    let worker = test.signed_in("worker1").await;
    let other = test.provider("moon", "社工机构", TOWNSHIP, "EDU-05", None).await;
    let second = refer(&worker, &test.need(&station.case, "EDU-05", 2, false).await, &other, json!({})).await;
    assert_eq!(second["due_at"], "2026-02-24T02:00:00.000Z", "the whole festival lies between");
    let state = async |id: &Value| {
        test.everything("SELECT id || ' ' || state FROM referral")
            .await
            .lines()
            .find(|line| line.starts_with(id.as_str().unwrap()))
            .unwrap()
            .rsplit(' ')
            .next()
            .unwrap()
            .to_owned()
    };
    for _ in 0..9 {
        test.pass(SignedDuration::from_hours(24));
        sweep(&test.app).await.unwrap().unwrap();
    }
    assert_eq!(state(&second["id"]).await, "sent", "nobody is late during the festival");
    test.pass(SignedDuration::from_hours(3 * 24));
    for _ in 0..5 {
        sweep(&test.app).await.unwrap().unwrap();
    }
    assert_eq!(state(&second["id"]).await, "expired");
}

#[tokio::test]
async fn the_first_tier_runs_through_the_night_and_goes_to_the_meeting() {
    let test = TestApp::start_at("2026-11-27T19:00:00+08:00").await;
    let station = test.station_with_case().await;
    let need = test.need(&station.case, "EDU-04", 1, false).await;
    let provider = test.provider("sun", "社工机构", "320111", "EDU-04", None).await;
    let worker = test.signed_in("worker1").await;
    let referral = refer(&worker, &need, &provider, json!({})).await;
    assert_eq!(referral["state"], "sent", "another county's provider, but at night it goes at once and the head confirms");
    test.pass(SignedDuration::from_hours(5));
    sweep(&test.app).await.unwrap().unwrap();
    let state = test.everything("SELECT state || ' ' || flags FROM referral").await;
    assert_eq!(state, "expired [\"on_agenda\",\"to_confirm\"]", "the night ends nothing: it is still to be confirmed");

    // The head finds it in the morning, and whoever wrote it does not confirm it.
    let head = test.signed_in("head1").await;
    let number = referral["number"].as_str().unwrap();
    assert!(head.get("/").await.expect(200).text.contains(number), "it stands on the head's page");
    assert_eq!(head.get("/api/v1/today").await.expect(200).json()["to_confirm"], 1);
    let worker = test.signed_in("worker1").await;
    act(&worker, &referral, "confirm", json!({}), 403).await;
    act(&head, &referral, "confirm", json!({}), 200).await;
    act(&head, &referral, "confirm", json!({}), 409).await;
    assert_eq!(test.everything("SELECT flags FROM referral").await, "[\"on_agenda\"]");
    assert_eq!(head.get("/api/v1/today").await.expect(200).json()["to_confirm"], 0);
    assert!(test.everything("SELECT template FROM notice").await.contains("referral_confirmed"), "the worker hears of it");
    whole(&test, &referral).await;
}

#[tokio::test]
async fn what_waits_its_turn_at_night_is_confirmed_when_it_went_out() {
    let test = TestApp::start_at("2026-11-27T22:00:00+08:00").await;
    let station = test.station_with_case().await;
    let need = test.need(&station.case, "EDU-04", 1, false).await;
    let mut sites = Vec::new();
    for login in ["sun", "moon"] {
        sites.push(test.provider(login, "社工机构", "320111", "EDU-04", None).await.site.to_string());
    }
    let worker = test.signed_in("worker1").await;
    let body = json!({ "need": need, "mode": "cascade", "services_at_locations": sites, "purpose": "serve" });
    worker.send("POST", "/api/v1/dispatches", &body).await.expect(201);
    let states = "SELECT state || ' ' || COALESCE(flags, '') FROM referral ORDER BY state DESC";
    assert_eq!(test.everything(states).await, "sent [\"to_confirm\"]\nqueued [\"to_confirm\"]");
    let head = test.signed_in("head1").await;
    head.get("/").await.expect(200);
    assert_eq!(head.get("/api/v1/today").await.expect(200).json()["to_confirm"], 1, "what has not gone out is not to be confirmed yet");
}

#[tokio::test]
async fn what_a_stations_only_head_sent_at_night_waits_for_the_coordinator() {
    let test = TestApp::start_at("2026-11-27T22:00:00+08:00").await;
    let station = test.station_with_case().await;
    let need = test.need(&station.case, "EDU-04", 1, false).await;
    let provider = test.provider("sun", "社工机构", "320111", "EDU-04", None).await;
    let head = test.signed_in("head1").await;
    let referral = refer(&head, &need, &provider, json!({})).await;
    assert_eq!(head.get("/api/v1/today").await.expect(200).json()["to_confirm"], 0, "not by who wrote it");
    let county = test.signed_in("county1").await;
    assert_eq!(county.get("/api/v1/today").await.expect(200).json()["to_confirm"], 1);
    assert!(county.get("/").await.expect(200).text.contains(referral["number"].as_str().unwrap()));
    act(&county, &referral, "confirm", json!({}), 200).await;
    assert_eq!(county.get("/api/v1/today").await.expect(200).json()["to_confirm"], 0);
}

#[tokio::test]
async fn what_nobody_verifies_closes_unverified_and_the_need_stays_open() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let need = test.need(&station.case, "EDU-04", 2, false).await;
    let provider = one_provider(&test, "sun", None).await;
    let (worker, sun) = (test.signed_in("worker1").await, test.signed_in("sun").await);
    let referral = refer(&worker, &need, &provider, json!({})).await;
    act(&sun, &referral, "accept", json!({}), 200).await;
    act(&sun, &referral, "report", json!({ "outcome": "need_met" }), 200).await;
    test.pass(SignedDuration::from_hours(24 * 20));
    sweep(&test.app).await.unwrap().unwrap();
    assert_eq!(
        test.everything("SELECT state || ' ' || verified_by || ' ' || flags FROM referral").await,
        "closed not_verified [\"unverified\"]"
    );
    let need = test.need_state(&need).await;
    assert_eq!((need.state, need.unverified), (Outcome::Open, true));
    let head = test.signed_in("head1").await;
    act(&head, &referral, "reopen", json!({ "note": "家庭要求继续" }), 200).await;
    assert_eq!(test.need_state(&need.id).await.state, Outcome::BeingServed);
    whole(&test, &referral).await;
}

#[tokio::test]
async fn taking_back_after_acceptance_asks_the_provider_first() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let need = test.need(&station.case, "EDU-04", 2, false).await;
    let provider = one_provider(&test, "sun", Some(1)).await;
    let (worker, sun) = (test.signed_in("worker1").await, test.signed_in("sun").await);
    let referral = refer(&worker, &need, &provider, json!({})).await;
    act(&sun, &referral, "accept", json!({}), 200).await;
    act(&worker, &referral, "withdraw", json!({ "reason": "moved_away" }), 409).await;
    act(&sun, &referral, "confirm_withdrawal", json!({}), 409).await;
    let asked = act(&worker, &referral, "request_withdrawal", json!({ "reason": "moved_away" }), 200).await;
    assert_eq!((asked["state"].as_str(), asked["due_kind"].as_str()), (Some("accepted"), Some("withdrawal")));
    test.pass(SignedDuration::from_hours(24 * 5));
    sweep(&test.app).await.unwrap().unwrap();
    assert_eq!(test.everything("SELECT state FROM referral").await, "ended");
    assert_eq!(test.places(&provider.site).await, (1, 0, 0));
    whole(&test, &referral).await;
}

#[tokio::test]
async fn a_need_met_elsewhere_takes_its_referrals_back() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let need = test.need(&station.case, "EDU-04", 2, false).await;
    let provider = one_provider(&test, "sun", None).await;
    let worker = test.signed_in("worker1").await;
    let referral = refer(&worker, &need, &provider, json!({})).await;
    worker.send("POST", &format!("/api/v1/needs/{need}/met_elsewhere"), &json!({})).await.expect(204);
    assert_eq!(test.need_state(&need).await.state, Outcome::Met);
    assert_eq!(
        test.everything("SELECT state || ' ' || (SELECT reason FROM referral_event WHERE kind = 'withdraw') FROM referral").await,
        "withdrawn need_met_elsewhere"
    );
    whole(&test, &referral).await;
}

#[tokio::test]
async fn a_change_of_tier_and_a_disabled_account_reach_the_loop() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let need = test.need(&station.case, "EDU-04", 3, false).await;
    let provider = one_provider(&test, "sun", None).await;
    let worker = test.signed_in("worker1").await;
    refer(&worker, &need, &provider, json!({})).await;
    let mut tx = test.app.begin().await.unwrap();
    sqlx::query("UPDATE need SET tier = 1").execute(&mut *tx).await.unwrap();
    sqlx::query("UPDATE account SET status = 'disabled' WHERE login = 'worker1'").execute(&mut *tx).await.unwrap();
    tx.commit(test.app.now()).await.unwrap();
    sweep(&test.app).await.unwrap().unwrap();
    let row = test.everything("SELECT tier || ' ' || due_at || ' ' || owner_id FROM referral").await;
    assert_eq!(row, format!("1 2026-11-25T05:00:00.000Z {}", station.head));
    let events = test.everything("SELECT kind FROM referral_event").await.lines().count();
    sweep(&test.app).await.unwrap().unwrap();
    assert_eq!(test.everything("SELECT kind FROM referral_event").await.lines().count(), events, "nothing is repeated");
}

#[tokio::test]
async fn the_store_itself_refuses_a_live_referral_without_owner_or_due_time() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let provider = one_provider(&test, "sun", None).await;
    let need = test.need(&station.case, "EDU-04", 2, false).await;
    refer(&test.signed_in("worker1").await, &need, &provider, json!({})).await;
    for text in ["UPDATE referral SET owner_id = NULL", "UPDATE referral SET due_at = NULL, due_kind = NULL, tick_at = NULL"] {
        let mut tx = test.app.begin().await.unwrap();
        let refused = sqlx::query(text).execute(&mut *tx).await.unwrap_err();
        assert!(refused.as_database_error().is_some_and(sqlx::error::DatabaseError::is_check_violation), "{text}: {refused}");
    }
}
