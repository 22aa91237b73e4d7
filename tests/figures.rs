//! Figures of a world so small that each is counted by hand.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::conference::{on_agenda, run, world as meeting};
use crate::numbers::{figure, figures};
use crate::support::TestApp;
use crate::support::referrals::{TOWNSHIP, act, refer};

/// A figure of many: its count and of how many; nothing where it is not told.
fn about(numbers: &Value, code: &str, about: &str) -> Option<(i64, Option<i64>)> {
    let all = numbers["blocks"].as_array().unwrap().iter().flat_map(|block| block["figures"].as_array().unwrap());
    all.into_iter()
        .find(|figure| figure["code"] == code && figure["about"] == about)
        .map(|figure| (figure["value"].as_i64().unwrap(), figure["of"].as_i64()))
}

/// Seven referrals, three of them to the first provider: one closed because nobody asked the family, one accepted and then refused,
/// one being served. Of the four to the second, one is taken back, one on its list, two refused.
async fn world() -> TestApp {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let first = test.provider("first", "社工机构", TOWNSHIP, "EDU-04", None).await;
    let second = test.provider("second", "社工机构", TOWNSHIP, "EDU-04", None).await;
    let need = async || test.need(&station.case, "EDU-04", 3, false).await;
    let (worker, sun) = (test.signed_in("worker1").await, test.signed_in("first").await);
    let asked = refer(&worker, &need().await, &first, json!({})).await;
    let asked = act(&sun, &asked, "accept", json!({}), 200).await;
    let asked = act(&sun, &asked, "serve", json!({ "record": "contact", "note": "见过了" }), 200).await;
    let asked = act(&sun, &asked, "serve", json!({ "record": "service" }), 200).await;
    act(&sun, &asked, "report", json!({ "outcome": "need_met", "note": "来了八次" }), 200).await;
    test.pass(SignedDuration::from_hours(24 * 40));
    lianjie::referral::sweep(&test.app).await.unwrap().unwrap();

    let (worker, sun, moon) = (test.signed_in("worker1").await, test.signed_in("first").await, test.signed_in("second").await);
    let late = refer(&worker, &need().await, &first, json!({})).await;
    let late = act(&sun, &late, "accept", json!({}), 200).await;
    act(&sun, &late, "decline", json!({ "reason": "no_capacity" }), 200).await;
    let served = refer(&worker, &need().await, &first, json!({})).await;
    let served = act(&sun, &served, "accept", json!({}), 200).await;
    act(&sun, &served, "serve", json!({ "record": "contact", "note": "见过了" }), 200).await;

    let back = refer(&worker, &need().await, &second, json!({})).await;
    act(&worker, &back, "withdraw", json!({ "reason": "need_changed" }), 200).await;
    let listed = refer(&worker, &need().await, &second, json!({})).await;
    act(&moon, &listed, "waitlist", json!({ "expected_day": "2027-01-20" }), 200).await;
    for reason in ["not_eligible_age", "no_capacity"] {
        let sent = refer(&worker, &need().await, &second, json!({})).await;
        act(&moon, &sent, "decline", json!({ "reason": reason, "note": "" }), 200).await;
    }
    test
}

const PERIOD: &str = "?from=2026-11-01&to=2027-01-31";

#[tokio::test]
async fn each_measure_of_the_loop_is_what_was_done() {
    let test = world().await;
    let numbers = figures(&test.signed_in("worker1").await, PERIOD).await;
    let expected = [
        ("answered_in_time", 6),
        ("answered_late", 0),
        ("unanswered", 0),
        ("waiting", 0),
        ("taken_back", 1),
        ("accepted", 3),
        ("declined_late", 1),
        ("contact_3_days", 2),
        ("started", 1),
        ("reported", 1),
        ("verified", 0),
        ("unverified", 1),
        ("running", 2),
    ];
    for (code, count) in expected {
        assert_eq!(figure(&numbers, code), (Some(count), Some(7)), "{code}");
    }
    assert_eq!(figure(&numbers, "sent"), (Some(7), None));
    assert_eq!((figure(&numbers, "need_met"), figure(&numbers, "need_unverified")), ((Some(0), Some(7)), (Some(0), Some(7))));
}

#[tokio::test]
async fn refusals_are_counted_by_organisation_by_service_and_why_and_each_opens_its_list() {
    let test = world().await;
    let worker = test.signed_in("worker1").await;
    let numbers = figures(&worker, PERIOD).await;
    let (first, second) = ("四点半课堂 · 向阳花first", "四点半课堂 · 向阳花second");
    let expected = [
        ("refused_by", "向阳花second".to_owned(), 2, 4),
        ("refused_by", "向阳花first".to_owned(), 1, 3),
        ("refused_service", second.to_owned(), 2, 4),
        ("refused_service", first.to_owned(), 1, 3),
        ("refused_why", format!("no_capacity:{second}"), 1, 2),
        ("refused_why", format!("not_eligible_age:{second}"), 1, 2),
        ("refused_why", format!("no_capacity:{first}"), 1, 1),
        ("reason", "no_capacity".to_owned(), 2, 3),
        ("reason", "not_eligible_age".to_owned(), 1, 3),
    ];
    for (code, of, count, all) in &expected {
        assert_eq!(about(&numbers, code, of), Some((*count, Some(*all))), "{code} {of}");
        let list = worker.get(&format!("/api/v1/numbers/{code}{PERIOD}&about={of}")).await.expect(200).json();
        assert_eq!(list["meta"]["total"], *count, "{code} {of}");
    }
    let block = numbers["blocks"].as_array().unwrap().iter().find(|block| block["code"] == "refused_services").unwrap();
    assert_eq!(block["figures"][0]["about"], second, "what is refused most comes first");
    let page = worker.get(&format!("/numbers{PERIOD}")).await.expect(200).text;
    assert!(page.contains("哪项服务婉拒得多") && page.contains("四点半课堂 · 向阳花second · 年龄不符合"), "{page}");
    let own = figures(&test.signed_in("second").await, PERIOD).await;
    assert_eq!(about(&own, "refused_service", second), Some((2, Some(4))), "an organisation sees its own");
    assert_eq!(about(&own, "refused_service", first), None);
    let county = figures(&test.signed_in("county1").await, PERIOD).await;
    assert!(county.to_string().contains(second), "{county}");
    let shown = county["blocks"].as_array().unwrap().iter().find(|block| block["code"] == "refused_services").unwrap();
    assert!(shown["figures"].as_array().unwrap().iter().all(|figure| figure["value"].is_null() && figure["opens"] == false), "small ones");
}

#[tokio::test]
async fn days_are_a_median_and_a_ninetieth_percentile_of_five_or_more_and_open_no_list() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let first = test.provider("first", "社工机构", TOWNSHIP, "EDU-04", None).await;
    let worker = test.signed_in("worker1").await;
    // Accepted on these days, met after as many again, reported and closed after as many again.
    let apart = [0_i64, 1, 2, 3, 9];
    let mut sent = Vec::new();
    for _ in apart {
        sent.push(refer(&worker, &test.need(&station.case, "EDU-04", 3, false).await, &first, json!({})).await);
    }
    for day in 0..=27 {
        let here = |times: i64| apart.iter().enumerate().filter(move |(_, apart)| **apart * times == day).map(|(at, _)| at);
        if (1..=3).any(|times| here(times).next().is_some()) {
            let (sun, worker) = (test.signed_in("first").await, test.signed_in("worker1").await);
            for at in here(1) {
                sent[at] = act(&sun, &sent[at], "accept", json!({}), 200).await;
            }
            for at in here(2) {
                sent[at] = act(&sun, &sent[at], "serve", json!({ "record": "contact", "note": "见过了" }), 200).await;
            }
            for at in here(3) {
                sent[at] = act(&sun, &sent[at], "report", json!({ "outcome": "need_met", "note": "好" }), 200).await;
                act(&worker, &sent[at], "close", json!({ "outcome": "need_met", "verified_by": "child", "method": "phone" }), 200).await;
            }
        }
        if day == 3 {
            let numbers = figures(&test.signed_in("worker1").await, "").await;
            assert_eq!(about(&numbers, "days_to_answer", "median"), None, "of four nobody can tell a usual time");
        }
        test.pass(SignedDuration::from_hours(24));
    }
    let worker = test.signed_in("worker1").await;
    let numbers = figures(&worker, "").await;
    for (code, median, ninetieth) in
        [("days_to_answer", 2, 9), ("days_to_contact", 2, 9), ("days_to_report", 2, 9), ("days_to_close", 6, 27)]
    {
        assert_eq!(about(&numbers, code, "median"), Some((median, None)), "{code}");
        assert_eq!(about(&numbers, code, "p90"), Some((ninetieth, None)), "{code}");
        let closed = worker.get(&format!("/api/v1/numbers/{code}?about=median")).await.expect(403);
        assert!(closed.text.contains("没有名单"), "{}", closed.text);
    }
    for code in ["heads", "searched_at"] {
        worker.get(&format!("/api/v1/numbers/{code}")).await.expect(403);
    }
    let page = worker.get("/numbers").await.expect(200).text;
    assert!(page.contains("没有名单可以点开"), "and the page says so");
}

#[tokio::test]
async fn an_action_is_on_time_until_its_day_is_over_in_china() {
    let world = meeting().await;
    let (head, at, item) = on_agenda(&world).await;
    let action = json!({ "what": "联系学校", "organization": world.bureau.to_string(), "person": "李科长", "due_day": "2026-12-04" });
    for _ in 0..3 {
        head.send("POST", &format!("/api/v1/conferences/{at}/items/{item}/actions"), &action).await.expect(204);
    }
    let ids = world.test.everything("SELECT id FROM action ORDER BY number").await;
    let ids: Vec<&str> = ids.lines().collect();
    let done = json!({ "what": "done", "said": "学校同意了" });
    world.test.pass(SignedDuration::from_mins((24 * 9 + 14) * 60 + 59)); // Friday 4 December, 23:59
    world.test.signed_in("bureau").await.send("POST", &format!("/api/v1/actions/{}", ids[0]), &done).await.expect(204);
    let now = async || figure(&figures(&world.test.signed_in("head1").await, "?to=2026-12-31").await, "actions_on_time");
    assert_eq!(now().await, (Some(1), Some(3)));
    world.test.pass(SignedDuration::from_mins(2)); // Saturday, 00:01
    world.test.signed_in("bureau").await.send("POST", &format!("/api/v1/actions/{}", ids[1]), &done).await.expect(204);
    assert_eq!(now().await, (Some(1), Some(3)), "a minute late, and one that nobody has done");
    let list = world.test.signed_in("head1").await.get("/api/v1/numbers/actions_on_time?to=2026-12-31").await.expect(200).json();
    assert_eq!(list["meta"]["total"], 1);
}

#[tokio::test]
async fn organisations_projects_and_activities_are_those_of_the_period_and_of_the_place() {
    let test = world().await;
    // One that nobody referred to, one next door, one that is not verified, and one that is hidden from no count.
    let third = test.provider("third", "社工机构", TOWNSHIP, "EDU-05", None).await;
    test.provider("there", "社工机构", "320106002", "EDU-04", None).await;
    test.provider("new", "社工机构", TOWNSHIP, "EDU-04", None).await;
    run(&test, "UPDATE organization SET status = 'pending' WHERE name = '向阳花new'").await;
    let project = |name: &str, from: &str, to: &str| json!({ "name": name, "funder": "县民政局", "from": from, "to": to, "budget_yuan": "3000", "target_children": 20, "target_sessions": 10 });
    let owner = test.signed_in("third").await;
    let path = format!("/api/v1/organizations/{}/programs", third.id);
    for (name, from, to) in [
        ("前年", "2025-01-01", "2026-10-31"),
        ("头一天", "2026-01-01", "2026-11-01"),
        ("末一天", "2027-01-31", "2027-12-31"),
        ("明年", "2027-02-01", "2027-12-31"),
    ] {
        let made = owner.send("POST", &path, &project(name, from, to)).await;
        assert!([200, 201].contains(&made.status), "{}", made.text);
    }
    let worker = test.signed_in("worker1").await;
    for day in ["2026-10-31", "2026-11-01", "2026-11-20", "2027-01-02"] {
        let held = json!({ "kind": "universal", "topic": "safety", "title": "防溺水安全课", "day": day, "sessions": 1, "headcount": 40, "children": "" });
        worker.send("POST", "/api/v1/activities", &held).await.expect(204);
    }
    let county = figures(&test.signed_in("county1").await, PERIOD).await;
    let station = figures(&worker, PERIOD).await;
    let of = |numbers: &Value, code: &str| figure(numbers, code).0.unwrap();
    assert_eq!(
        (of(&county, "providers"), of(&station, "providers")),
        (3, 2),
        "verified, of the county; the station's are those it referred to"
    );
    assert_eq!((of(&county, "programs"), of(&station, "programs")), (2, 0), "one day in the period is enough");
    assert_eq!((of(&county, "activities"), of(&station, "activities")), (3, 3), "the first and the last day count");
    assert_eq!((of(&county, "stations"), of(&station, "stations")), (1, 1));
    let list = test.signed_in("county1").await.get(&format!("/api/v1/numbers/programs{PERIOD}")).await.expect(200).json();
    let names: Vec<&str> = list["rows"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["头一天", "末一天"]);
}
