//! Timers and the calendar: a data manager edits them, what is under way is counted anew, and a wrong line changes nothing.

use jiff::SignedDuration;
use lianjie::access::{Role, Scope};
use lianjie::calendar::model::Calendar;
use lianjie::referral::sweep;
use serde_json::json;

use crate::referrals::one_provider;
use crate::support::TestApp;
use crate::support::referrals::{act, refer};

async fn managed(now: &str, scope: &str) -> TestApp {
    let test = TestApp::start_at(now).await;
    test.account("data1", None, Role::DataManager, Scope::Division(scope.parse().unwrap())).await;
    test
}

async fn due(test: &TestApp) -> String {
    test.everything("SELECT due_at FROM referral").await
}

#[tokio::test]
async fn a_county_may_give_less_time_and_what_is_under_way_is_counted_anew() {
    let test = managed("2026-09-28T10:00:00+08:00", "320116").await;
    let station = test.station_with_case().await;
    let provider = one_provider(&test, "sun", None).await;
    let need = test.need(&station.case, "EDU-04", 3, false).await;
    refer(&test.signed_in("worker1").await, &need, &provider, json!({})).await;
    assert_eq!(due(&test).await, "2026-09-30T02:00:00.000Z", "two working days");

    let data = test.signed_in("data1").await;
    let page = data.get("/schedule?division=320116").await.expect(200).text;
    assert!(page.contains("placeholder=\"2个工作日\"") && page.contains("name=\"T1.3\" value=\"\""), "the province's counts");
    let refused = data.post("/schedule", &[("division", "320116"), ("T1.3", "4小时"), ("T2.3", "四周")]).await.expect(422);
    assert!(refused.text.contains("没读懂“四周”") && refused.text.contains("value=\"4小时\""), "{}", refused.text);
    assert_eq!(test.everything("SELECT COUNT(*) || '' FROM timer WHERE division <> ''").await, "0", "half of it is not taken");
    data.post("/schedule", &[("division", "320116"), ("T1.3", "4小时"), ("T2.3", "")]).await.expect(303);
    assert!(data.get("/schedule?division=320116").await.expect(200).text.contains("name=\"T1.3\" value=\"4小时\""));
    assert!(data.get("/schedule?division=320102").await.expect(200).text.contains("2个工作日"), "elsewhere as before");
    assert_eq!(due(&test).await, "2026-09-30T02:00:00.000Z", "nobody waits for the counting");
    assert_eq!(sweep(&test.app).await.unwrap().unwrap().reckoned, 1);
    assert_eq!(due(&test).await, "2026-09-28T06:00:00.000Z");
    assert_eq!(sweep(&test.app).await.unwrap().unwrap().reckoned, 0, "once");
    let log = test.everything("SELECT action || ' ' || fields FROM audit_event WHERE action = 'timer.set'").await;
    assert!(log.contains("T1.3=4 hours"), "{log}");

    data.post("/schedule", &[("division", "320116"), ("T1.3", "")]).await.expect(303);
    test.pass(SignedDuration::from_mins(1));
    sweep(&test.app).await.unwrap();
    assert_eq!(due(&test).await, "2026-09-30T02:00:00.000Z", "the province's again");
}

#[tokio::test]
async fn a_holiday_that_is_announced_moves_what_is_due_and_is_taken_back() {
    let test = managed("2026-09-28T10:00:00+08:00", "32").await;
    let station = test.station_with_case().await;
    let provider = one_provider(&test, "sun", None).await;
    let need = test.need(&station.case, "EDU-04", 3, false).await;
    refer(&test.signed_in("worker1").await, &need, &provider, json!({})).await;
    let data = test.signed_in("data1").await;
    let wrong = [("days", "2026-09-29 休 台风停工\n2026-09-01 休 开学"), ("source", "苏政传发〔2026〕1号")];
    let refused = data.post("/schedule/days", &wrong).await.expect(422);
    assert!(refused.text.contains("第 2 行的日子已经过去") && refused.text.contains("台风停工"), "{}", refused.text);
    data.post("/schedule/days", &[("days", "2026-09-29 休 台风停工"), ("source", "")]).await.expect(422);
    assert_eq!(test.everything("SELECT COUNT(*) || '' FROM calendar_day WHERE day = '2026-09-29'").await, "0");
    let right = [("days", "2026-09-29 休 台风停工"), ("source", "苏政传发〔2026〕1号")];
    let to = data.post("/schedule/days", &right).await.expect(303).location.unwrap();
    assert!(data.get(&to).await.expect(200).text.contains("台风停工"));
    // A process that has not followed the edit yet counts by what is stored.
    test.app.calendar.set(Calendar::default());
    sweep(&test.app).await.unwrap();
    assert_eq!(due(&test).await, "2026-10-08T02:00:00.000Z", "a day less before the National Day holiday");

    let day = "2026-09-29".parse().unwrap();
    lianjie::schedule::follow(&test.app).await.unwrap();
    assert!(!test.app.calendar.get().is_worked(day), "a process whose calendar is behind follows what another took in");
    data.post("/schedule/days/2026-09-29/withdraw", &[]).await.expect(303);
    assert!(test.app.calendar.get().is_worked(day));
    sweep(&test.app).await.unwrap();
    assert_eq!(due(&test).await, "2026-09-30T02:00:00.000Z");
    data.post("/schedule/days/2026-09-29/withdraw", &[]).await.expect(404);
    data.post("/schedule/days/2026-02-17/withdraw", &[]).await.expect(409);
    let log = test.everything("SELECT action FROM audit_event WHERE object_type = 'calendar' ORDER BY action").await;
    assert_eq!(log, "calendar.announced\ncalendar.withdrawn");
}

#[tokio::test]
async fn who_works_with_the_loop_reads_and_only_the_data_manager_of_the_place_edits() {
    let test = managed("2026-09-28T10:00:00+08:00", "320116").await;
    test.station_with_case().await;
    let timer = |code: &str, amount: i64| json!({ "timers": [{ "code": code, "tier": 2, "amount": amount, "unit": "hours" }] });
    for login in ["worker1", "head1", "county1"] {
        let reader = test.signed_in(login).await;
        let page = reader.get("/schedule?division=320116").await.expect(200).text;
        assert!(page.contains("1个工作日") && !page.contains("name=\"T1.1\""), "{login} reads");
        reader.get("/schedule/days?year=2026").await.expect(200);
        reader.post("/schedule", &[("division", "320116"), ("T1.2", "1小时")]).await.expect(403);
        reader.send("PUT", "/api/v1/timers?division=320116", &timer("T1", 1)).await.expect(403);
        reader.post("/schedule/days", &[("days", "2026-12-01 休 试"), ("source", "试")]).await.expect(403);
    }
    let data = test.signed_in("data1").await;
    data.send("PUT", "/api/v1/timers?division=320102", &timer("T1", 1)).await.expect(403);
    data.send("PUT", "/api/v1/timers?division=32", &timer("T1", 1)).await.expect(403);
    for (code, amount) in [("T8", 1), ("T99", 1), ("T1", 0), ("T1", -4), ("T1", 100_000), ("T1", i64::MAX)] {
        data.send("PUT", "/api/v1/timers?division=320116", &timer(code, amount)).await.expect(422);
    }
    data.send("PUT", "/api/v1/timers?division=999999", &timer("T1", 1)).await.expect(403);
    let set = data.send("PUT", "/api/v1/timers?division=320116", &timer("T1", 6)).await.expect(200).json();
    let own: Vec<_> = set["timers"].as_array().unwrap().iter().filter(|timer| timer["own"] == true).collect();
    assert_eq!((own.len(), &own[0]["amount"], &own[0]["unit"]), (1, &json!(6), &json!("hours")));
    data.send("POST", "/api/v1/calendar", &json!({ "days": [], "source": "x" })).await.expect(403);
    data.send("DELETE", "/api/v1/calendar/2026-10-01", &json!({})).await.expect(403);
    one_provider(&test, "sun", None).await;
    test.signed_in("sun").await.get("/schedule").await.expect(200);
    test.visitor().get("/schedule").await.expect(303);
}

#[tokio::test]
async fn many_are_counted_part_by_part_and_who_waits_for_a_turn_follows() {
    let test = managed("2026-09-28T10:00:00+08:00", "32").await;
    let station = test.station_with_case().await;
    let (sun, moon) = (one_provider(&test, "sun", None).await, one_provider(&test, "moon", None).await);
    let need = test.need(&station.case, "EDU-04", 3, false).await;
    let worker = test.signed_in("worker1").await;
    let sites = [sun.site.to_string(), moon.site.to_string()];
    let body = json!({ "need": need, "mode": "cascade", "services_at_locations": sites, "purpose": "serve" });
    worker.send("POST", "/api/v1/dispatches", &body).await.expect(201);
    let before = test.everything("SELECT state || ' ' || due_at FROM referral ORDER BY state DESC").await;
    assert_eq!(before, "sent 2026-09-30T02:00:00.000Z\nqueued 2026-09-30T02:00:00.000Z");
    let data = test.signed_in("data1").await;
    let timers = json!({ "timers": [{ "code": "T1", "tier": 3, "amount": 8, "unit": "hours" }] });
    data.send("PUT", "/api/v1/timers?division=32", &timers).await.expect(200);
    assert_eq!(sweep(&test.app).await.unwrap().unwrap().reckoned, 2);
    let after = test.everything("SELECT state || ' ' || due_at FROM referral ORDER BY state DESC").await;
    assert_eq!(after, "sent 2026-09-28T10:00:00.000Z\nqueued 2026-09-28T10:00:00.000Z");
    // Steps that were taken stay taken: the next one is looked for where it lies now.
    test.pass(SignedDuration::from_hours(5));
    sweep(&test.app).await.unwrap();
    assert_eq!(test.everything("SELECT overdue || '' FROM referral WHERE state = 'sent'").await, "1");
}

#[tokio::test]
async fn how_long_facts_stay_fresh_is_for_the_installation_to_say() {
    let test = managed("2026-09-28T10:00:00+08:00", "32").await;
    test.station_with_case().await;
    let sun = one_provider(&test, "sun", Some(2)).await;
    test.pass(SignedDuration::from_hours(24 * 10));
    let (data, worker) = (test.signed_in("data1").await, test.signed_in("worker1").await);
    let service = test.everything("SELECT service_id FROM service_at_location").await;
    let queued = async || test.signed_in("worker1").await.get("/freshness?kind=places").await.expect(200).text.contains(&service);
    assert!(!queued().await, "ten days are fresh");
    assert!(worker.get("/schedule/periods").await.expect(200).text.contains("<dd>14 "));
    worker.post("/schedule/periods", &[("places", "7"), ("hours", "180"), ("existence", "365")]).await.expect(403);
    let refused = data.post("/schedule/periods", &[("places", "七天"), ("hours", "180"), ("existence", "0")]).await.expect(422);
    assert!(refused.text.contains("1 到 1000") && refused.text.contains("七天"), "{}", refused.text);
    assert!(!queued().await, "nothing was taken");
    data.post("/schedule/periods", &[("places", "7"), ("hours", "180"), ("existence", "365")]).await.expect(303);
    assert!(queued().await, "ten days are old now");
    assert_eq!(data.get("/api/v1/freshness-periods").await.expect(200).json()["places"], 7);
    let log = test.everything("SELECT fields FROM audit_event WHERE action = 'period.set'").await;
    assert!(log.contains("places=7"), "{log}");
    assert_eq!(test.places(&sun.site).await, (2, 0, 0));
}

#[tokio::test]
async fn what_was_answered_in_time_stays_so_when_the_time_is_cut_afterwards() {
    let test = managed("2026-09-07T10:00:00+08:00", "320116").await;
    let station = test.station_with_case().await;
    let sun = one_provider(&test, "sun", None).await;
    let need = test.need(&station.case, "EDU-04", 3, false).await;
    let referral = refer(&test.signed_in("worker1").await, &need, &sun, json!({})).await;
    test.pass(SignedDuration::from_hours(24));
    act(&test.signed_in("sun").await, &referral, "accept", json!({}), 200).await;
    let in_time = async || {
        let numbers = test.signed_in("worker1").await.get("/api/v1/numbers?from=2026-01-01&to=2026-12-31").await.expect(200).json();
        let figures = numbers["blocks"].as_array().unwrap().iter().flat_map(|block| block["figures"].as_array().unwrap().clone());
        figures.into_iter().find(|figure| figure["code"] == "answered_in_time").unwrap()["value"].clone()
    };
    assert_eq!(in_time().await, 1, "a day of five working days");
    let cut = [("division", "320116"), ("T2.3", "4小时")];
    test.signed_in("data1").await.post("/schedule", &cut).await.expect(303);
    assert_eq!(in_time().await, 1, "it was in time by what counted then");
    test.pass(SignedDuration::from_hours(1));
    let again = test.need(&station.case, "EDU-04", 3, false).await;
    let later = refer(&test.signed_in("worker1").await, &again, &sun, json!({})).await;
    test.pass(SignedDuration::from_hours(24));
    act(&test.signed_in("sun").await, &later, "accept", json!({}), 200).await;
    assert_eq!(in_time().await, 1, "the next one was late by what counts now");
}
