//! Who gets which place: a meeting's needs and a station's, who came second, what a swap costs, and who may look.

use jiff::SignedDuration;
use serde_json::Value;

use crate::conference::{called, on_agenda, world};
use crate::support::TestApp;
use crate::support::referrals::{Station, TOWNSHIP};
use lianjie::id::CaseId;

fn rows(body: &Value) -> Vec<(String, u64, bool)> {
    let rows = body["rows"].as_array().unwrap().iter();
    rows.map(|row| (row["became"].as_str().unwrap().to_owned(), row["tier"].as_u64().unwrap(), row["scarce"].as_bool().unwrap())).collect()
}

/// A station with two more cases, one service with one free place, and a need for it in each case, the first the most urgent.
async fn scarce() -> (TestApp, Station, Vec<CaseId>) {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let home = test.everything("SELECT station_id FROM \"case\"").await.trim().parse().unwrap();
    let mut cases = vec![station.case.clone()];
    for number in 1..3 {
        cases.push(test.case_of_number(&home, &station.worker, number).await);
    }
    test.provider("sun", "社工机构", TOWNSHIP, "EDU-04", Some(1)).await;
    for (case, tier) in cases.iter().zip([2, 3, 3]) {
        test.need(case, "EDU-04", tier, false).await;
    }
    test.indexed().await;
    (test, station, cases)
}

#[tokio::test]
async fn the_last_place_goes_to_the_most_urgent_and_the_swap_is_priced() {
    let (test, _, _) = scarce().await;
    let head = test.signed_in("head1").await;
    let body = head.get("/api/v1/allocation").await.expect(200).json();
    let mut found = rows(&body);
    found.sort();
    assert_eq!(found, [("placed".into(), 2, true), ("without".into(), 3, false), ("without".into(), 3, false)]);
    let placed = body["rows"].as_array().unwrap().iter().find(|row| row["became"] == "placed").unwrap();
    // Giving the place to one of tier 3 loses what it does at weight 4, and wins what it does there at weight 2.
    let utility = placed["utility"].as_f64().unwrap() / 1000.0;
    let cost = placed["second"]["cost"].as_f64().unwrap();
    assert!(0.0 < cost && cost < utility * 4.0, "{cost} against {utility}");
    assert_eq!((&placed["second"]["exact"], &placed["second"]["breaks_rule"]), (&Value::Bool(true), &Value::Bool(true)));
    let without = body["rows"].as_array().unwrap().iter().find(|row| row["became"] == "without").unwrap();
    assert_eq!(without["instead"][0]["need"], placed["need"]);
    assert_eq!(body["fairness"]["tiers"], serde_json::json!([{"group": "2", "served": 1, "of": 1}, {"group": "3", "served": 0, "of": 2}]));

    // The page says the same, by alias, and sends nothing.
    let page = head.get("/allocation?objective=util").await.expect(200).text;
    assert!(
        page.contains("排第二的是 小川")
            && !page.contains("不合现在选的规则")
            && page.contains("没轮到")
            && page.contains("/referrals/new?need="),
        "{page}"
    );
    assert_eq!(test.everything("SELECT state FROM referral").await, "");
    for name in crate::support::referrals::NAMES {
        assert!(!page.contains(name), "{name}");
    }
    let log = "SELECT action || ' ' || CAST(COUNT(*) AS TEXT) FROM audit_event WHERE action IN ('allocation.run', 'case.matched') GROUP BY action ORDER BY action";
    assert_eq!(test.everything(log).await, "allocation.run 2\ncase.matched 6", "each case is in the log, each time");
}

#[tokio::test]
async fn waiting_raises_a_need_and_between_equals_a_lot_decides_that_stays() {
    let (test, station, cases) = scarce().await;
    let head = test.signed_in("head1").await;
    let winner =
        |body: &Value| body["rows"].as_array().unwrap().iter().find(|row| row["became"] == "placed").map(|row| row["case"].clone());
    let before = winner(&head.get("/api/v1/allocation?objective=util").await.expect(200).json());
    assert_eq!(before, winner(&head.get("/api/v1/allocation?objective=util").await.expect(200).json()), "the same lot all week");
    assert_eq!(before.unwrap(), station.case.to_string());
    // Half a year later another of tier 2 has only just come: who waited counts twice, though no more than tier 1.
    test.pass(SignedDuration::from_hours(24 * 7 * 26));
    test.need(&cases[1], "EDU-04", 2, false).await;
    let head = test.signed_in("head1").await;
    let body = head.get("/api/v1/allocation?objective=util").await.expect(200).json();
    assert_eq!(winner(&body).unwrap(), station.case.to_string());
    let weeks: Vec<u64> = body["rows"].as_array().unwrap().iter().map(|row| row["weeks"].as_u64().unwrap()).collect();
    assert!(weeks.contains(&26) && weeks.contains(&0), "{weeks:?}");
}

#[tokio::test]
async fn a_meeting_allocates_for_its_agenda_and_nobody_else_may_look() {
    let world = world().await;
    world.test.indexed().await;
    let (head, meeting, _) = on_agenda(&world).await;
    let body = head.get(&format!("/api/v1/conferences/{meeting}/allocation")).await.expect(200).json();
    assert_eq!(rows(&body), [("placed".into(), 2, false)], "places that nobody posted are not scarce");
    let page = head.get(&format!("/conferences/{meeting}/allocation")).await.expect(200).text;
    assert!(page.contains("名额够用，不用比"), "{page}");
    assert!(head.get(&format!("/conferences/{meeting}")).await.expect(200).text.contains(&format!("/conferences/{meeting}/allocation")));

    for login in ["worker1", "worker2", "bureau", "first"] {
        let other = world.test.signed_in(login).await;
        let status = other.get(&format!("/conferences/{meeting}/allocation")).await.status;
        assert!(status == 403 || status == 404, "{login} {status}");
        other.get("/allocation").await.expect(403);
        other.get("/api/v1/allocation").await.expect(403);
    }
    world.test.visitor().get("/api/v1/allocation").await.expect(401);
    let county = world.test.signed_in("county1").await;
    assert_eq!(rows(&county.get("/api/v1/allocation?objective=floor").await.expect(200).json()), [("placed".into(), 2, false)]);
    county.get("/api/v1/allocation?area=320102").await.expect(403);
    county.get("/api/v1/allocation?objective=best").await.expect(422);
    assert!(called(&head, &[]).await != meeting);
}
