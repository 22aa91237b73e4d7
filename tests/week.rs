//! The plan of a case: what first, what waits for what, in the hours there are, within what the family can do.

use lianjie_index::Change;
use serde_json::{Value, json};

use crate::matching::service;
use crate::support::TestApp;
use crate::support::cases::{body, open_json};
use lianjie::access::{Role, Scope};

/// A child with two needs, of which one waits for the other by the public rules, and services near and far.
async fn world() -> (TestApp, String, crate::support::Browser) {
    let test = TestApp::start().await;
    let station = test.station("长芦街道未成年人保护工作站", "320116012").await;
    test.account("worker1", Some(&station), Role::Worker, Scope::Organization(station.clone())).await;
    let hours = json!({"weekly": [{"day": 2, "from": "09:00:00", "to": "18:30:00"}, {"day": 6, "from": "09:00:00", "to": "12:00:00"}]});
    let entries = [
        service("near", "DEV-02", &json!({ "schedule": hours })),
        service("far", "DEV-02", &json!({"point": {"longitude": 118.95, "latitude": 32.45}})),
        service("talk", "PSY-02", &json!({ "schedule": hours })),
        service("papers", "IDD-01", &json!({"kind": "派出所"})),
        service("school", "EDU-02", &json!({"kind": "教育局"})),
    ];
    let changes = entries.into_iter().map(|entry| Change { service: entry.service.clone(), entries: vec![entry] }).collect();
    test.app.index.get().apply(changes, 1).unwrap();
    let worker = test.signed_in("worker1").await;
    let needs = ["DEV-02", "PSY-02", "IDD-01", "EDU-02"].map(|term| json!({ "term": term }));
    let mut case = body("小苗", "320116012201");
    case["needs"] = json!(needs);
    case["facts"]["holds"] = json!({"household_register": false});
    case["facts"]["school_stage"] = json!("primary");
    let id = open_json(&worker, &case).await;
    (test, id, worker)
}

fn choice<'a>(plan: &'a Value, need: &str) -> Option<&'a Value> {
    plan["choices"].as_array().unwrap().iter().find(|choice| choice["need"] == need)
}

#[tokio::test]
async fn a_plan_keeps_the_order_the_hours_of_school_and_the_familys_limits() {
    let (test, id, worker) = world().await;
    let page = worker.get(&format!("/cases/{id}/week")).await.expect(200).text;
    for said in ["先后", "周二", "16:30–17:30", "办一次", "要等"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(page.contains("/referrals/new?need="));
    // No trip: what is done once stays, what is weekly does not come in, and the page says what a trip would bring.
    let none = worker.get(&format!("/cases/{id}/week?trips=0")).await.expect(200).text;
    assert!(none.contains("没有排进去") && none.contains("一周多跑 1 趟"), "{none}");
    let typed = worker.get(&format!("/cases/{id}/week?trips=many")).await.expect(200).text;
    assert!(typed.contains("一周最多跑几趟要写 0 到"), "{typed}");
    test.account("registrar1", None, Role::Registrar, Scope::Division("320116".parse().unwrap())).await;
    let stranger = test.signed_in("registrar1").await;
    let status = stranger.get(&format!("/cases/{id}/week")).await.status;
    assert!(status == 403 || status == 404, "{status}");
    assert!(test.dump("SELECT action FROM audit_event").await.contains("case.matched"));
}

#[tokio::test]
async fn a_free_case_is_answered_with_a_plan() {
    let (_test, _, worker) = world().await;
    let case = json!({"age_months": 120, "place": {"division": "320116012"}, "school_stage": "primary", "holds": {"household_register": false},
        "needs": [{"term": "DEV-02"}, {"term": "PSY-02"}, {"term": "IDD-01"}, {"term": "EDU-02"}]});
    let plan = worker.send("POST", "/api/v1/match", &case).await.expect(200).json()["plan"].clone();
    let (papers, school) = (choice(&plan, "IDD-01").unwrap(), choice(&plan, "EDU-02").unwrap());
    assert!(papers["start_day"].as_i64() < school["start_day"].as_i64(), "{plan}");
    assert_eq!(school["waits_for"], json!(["IDD-01"]));
    assert_eq!((&papers["once"], &papers["session"]), (&json!(true), &Value::Null));
    let talk = &choice(&plan, "PSY-02").unwrap()["session"];
    let homework = &choice(&plan, "DEV-02").unwrap()["session"];
    for hours in [talk, homework] {
        let (day, from) = (hours["day"].as_u64().unwrap(), hours["from"].as_u64().unwrap());
        assert!(day == 6 || from >= 990, "outside of school: {hours}");
    }
    assert_ne!(talk, homework, "two sessions do not overlap");
    assert!(plan["trips"].as_i64().unwrap() <= plan["limits"][0].as_i64().unwrap());
}
