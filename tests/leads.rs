//! Leads and emergencies: filed, looked at in time, settled; the clock of an emergency, and who is told.

use jiff::SignedDuration;
use serde_json::json;

use crate::cases::VILLAGE;
use crate::support::TestApp;
use crate::support::cases::body;
use crate::support::referrals::TOWNSHIP;
use lianjie::access::{Role, Scope};

fn told(danger: bool) -> serde_json::Value {
    json!({ "source": "school", "division": TOWNSHIP, "danger": danger, "words": "三天没来上学，电话没人接", "child": "三年级 欧阳晓禾",
            "teller": "班主任 13900004444" })
}

#[tokio::test]
async fn a_lead_is_looked_at_within_three_working_days_and_becomes_a_case() {
    let test = TestApp::start_at("2026-02-13T09:00:00+08:00").await; // Friday before the Spring Festival; the 14th is worked
    test.station_with_case().await;
    let worker = test.signed_in("worker1").await;
    let id = worker.send("POST", "/api/v1/leads", &told(false)).await.expect(201).json()["id"].as_str().unwrap().to_owned();
    let lead = worker.get(&format!("/api/v1/leads/{id}")).await.expect(200).json();
    assert!(lead["lead"]["due_at"].as_str().unwrap().starts_with("2026-02-25"), "14, 24, 25 February are worked: {lead}");
    test.pass(SignedDuration::from_hours(24 * 10));
    let worker = test.signed_in("worker1").await;
    assert_eq!(worker.get("/api/v1/today").await.json()["leads"], 0, "the festival is no delay");
    test.pass(SignedDuration::from_hours(24 * 3));
    let worker = test.signed_in("worker1").await;
    assert_eq!(worker.get("/api/v1/today").await.json()["leads"], 1);
    worker.send("POST", &format!("/api/v1/leads/{id}/visit"), &json!({ "found": "奶奶住院，孩子一个人在家" })).await.expect(204);
    assert_eq!(worker.get("/api/v1/today").await.json()["leads"], 0);

    let mut case = body("小麦", VILLAGE);
    case["lead"] = json!(id);
    let opened = worker.send("POST", "/api/v1/cases", &case).await.expect(201).json()["case"]["id"].clone();
    let lead = worker.get(&format!("/api/v1/leads/{id}")).await.json();
    assert_eq!((lead["lead"]["state"].as_str(), &lead["lead"]["case"]), (Some("opened"), &opened));
    case["facts"]["alias"] = json!("小谷");
    worker.send("POST", "/api/v1/cases", &case).await.expect(409);
    let form = worker.get(&format!("/cases/new?lead={id}")).await.expect(200);
    assert!(form.text.contains(&format!("name=\"lead\" value=\"{id}\"")));
}

#[tokio::test]
async fn a_lead_that_was_looked_at_is_decided_within_five_working_days() {
    let test = TestApp::start_at("2026-02-13T09:00:00+08:00").await; // Friday before the Spring Festival; the 14th is worked
    test.station_with_case().await;
    let worker = test.signed_in("worker1").await;
    let id = worker.send("POST", "/api/v1/leads", &told(false)).await.expect(201).json()["id"].as_str().unwrap().to_owned();
    worker.send("POST", &format!("/api/v1/leads/{id}/visit"), &json!({ "found": "奶奶住院，孩子一个人在家" })).await.expect(204);
    let due = worker.get(&format!("/api/v1/leads/{id}")).await.json()["lead"]["due_at"].as_str().unwrap().to_owned();
    assert!(due.starts_with("2026-02-27"), "14 and 24 to 27 February: {due}");
    let undecided = async || {
        lianjie::case::lead::actions::remind(&test.app).await.unwrap();
        test.everything("SELECT template FROM notice").await.lines().filter(|line| *line == "lead_undecided").count()
    };
    test.pass(SignedDuration::from_hours(24 * 13));
    assert_eq!(undecided().await, 0, "Thursday the 26th");
    test.pass(SignedDuration::from_hours(24 * 2));
    assert_eq!((undecided().await, undecided().await), (1, 1), "Saturday, once");
    assert_eq!(test.signed_in("worker1").await.get("/api/v1/today").await.json()["leads"], 1);
}

#[tokio::test]
async fn what_was_told_is_sealed_and_read_by_the_station_and_the_village() {
    let test = TestApp::start().await;
    test.station_with_case().await;
    test.account("director1", None, Role::ChildDirector, Scope::Village(VILLAGE.into())).await;
    test.account("director2", None, Role::ChildDirector, Scope::Village("320116012999".into())).await;
    let director = test.signed_in("director1").await;
    let id = director.send("POST", "/api/v1/leads", &told(false)).await.expect(201).json()["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/leads/{id}");
    assert!(!test.everything("SELECT words FROM lead").await.contains("上学"), "sealed in the store");
    for (login, status, reads) in [("director1", 200, true), ("worker1", 200, true), ("head1", 200, true), ("county1", 200, false)] {
        let page = test.signed_in(login).await.get(&path).await.expect(status);
        assert_eq!(page.text.contains("没来上学"), reads, "{login}");
    }
    test.signed_in("director2").await.get(&path).await.expect(404);
    test.visitor().get(&path).await.expect(401);
    let list = test.signed_in("county1").await.get("/leads").await.expect(200);
    assert!(!list.text.contains("上学") && list.text.contains("学校"));
    let log = test.everything("SELECT role || ' ' || action || ' ' || fields FROM audit_event").await;
    assert!(log.contains("child_director lead.filed") && log.contains("worker lead.viewed") && !log.contains("coordinator lead.viewed"));
    assert!(!log.contains("上学") && !log.contains("班主任"));
}

#[tokio::test]
async fn the_station_is_told_of_a_lead_at_once_and_its_head_again_when_nobody_has_looked() {
    let test = TestApp::start_at("2026-02-16T22:00:00+08:00").await; // the eve of the Spring Festival, at night
    test.station_with_case().await;
    test.account("director1", None, Role::ChildDirector, Scope::Village(VILLAGE.into())).await;
    let told_of = "SELECT a.login || ' ' || n.template FROM notice n JOIN account a ON a.id = n.account_id ORDER BY n.template, a.login";
    let director = test.signed_in("director1").await;
    let id = director.send("POST", "/api/v1/leads", &told(true)).await.expect(201).json()["id"].as_str().unwrap().to_owned();
    assert_eq!(test.everything(told_of).await, "head1 lead_danger\nworker1 lead_danger\nworker2 lead_danger");
    let facts = test.everything("SELECT facts FROM notice").await;
    assert!(facts.contains("\"tier\":1") && !facts.contains("上学") && !facts.contains("欧阳"), "a number and a link: {facts}");
    assert!(test.signed_in("head1").await.get("/").await.expect(200).text.contains(&format!("/leads/{id}")));

    let late = async |minutes: i64| {
        test.pass(SignedDuration::from_mins(minutes));
        for _ in 0..2 {
            lianjie::case::lead::actions::remind(&test.app).await.unwrap();
        }
        test.everything("SELECT CAST(COUNT(*) AS TEXT) FROM notice WHERE template = 'lead_late'").await.trim().to_owned()
    };
    assert_eq!(late(119).await, "0");
    assert_eq!(late(2).await, "1", "two hours are two hours, festival or not, and it is said once");
    let worker = test.signed_in("worker1").await;
    worker.send("POST", &format!("/api/v1/leads/{id}/visit"), &json!({ "found": "孩子在家" })).await.expect(204);
    let second = worker.send("POST", "/api/v1/leads", &told(true)).await.expect(201).json()["id"].as_str().unwrap().to_owned();
    let own = test
        .everything("SELECT CAST(COUNT(*) AS TEXT) FROM notice n JOIN account a ON a.id = n.account_id WHERE a.login = 'worker1'")
        .await;
    assert_eq!(own.trim(), "1", "nobody is told of the own lead");
    worker.send("POST", &format!("/api/v1/leads/{second}/visit"), &json!({ "found": "孩子在家" })).await.expect(204);
    assert_eq!(late(180).await, "1", "what was looked at is not late");
}

#[tokio::test]
async fn a_late_step_of_an_emergency_is_told_once_to_those_who_answer_for_it() {
    let test = TestApp::start_at("2026-02-16T22:00:00+08:00").await;
    test.station_with_case().await;
    let worker = test.signed_in("worker1").await;
    let fields = [("cause", "unattended"), ("division", TOWNSHIP), ("words", "两个孩子反锁在家")];
    worker.post("/emergency", &fields).await.expect(303);
    let late = async |minutes: i64| {
        test.pass(SignedDuration::from_mins(minutes));
        for _ in 0..2 {
            lianjie::emergency::actions::remind(&test.app).await.unwrap();
        }
        let text =
            "SELECT a.login FROM notice n JOIN account a ON a.id = n.account_id WHERE n.template = 'emergency_late' ORDER BY a.login";
        test.everything(text).await
    };
    assert_eq!(late(30).await.trim(), "", "half an hour is in time");
    // Contact and police are both late: each is told to the head, the county, and who started it.
    assert_eq!(late(1).await, "county1\ncounty1\nhead1\nhead1\nworker1\nworker1");
}

#[tokio::test]
async fn only_the_station_head_says_that_there_is_nothing_in_it_and_why() {
    let test = TestApp::start().await;
    test.station_with_case().await;
    let (worker, head) = (test.signed_in("worker1").await, test.signed_in("head1").await);
    let id = worker.send("POST", "/api/v1/leads", &told(false)).await.expect(201).json()["id"].as_str().unwrap().to_owned();
    let dismiss = format!("/api/v1/leads/{id}/dismiss");
    worker.send("POST", &dismiss, &json!({ "reason": "查无此人" })).await.expect(403);
    let refused = head.post(&format!("/leads/{id}/steps"), &[("step", "dismiss"), ("reason", "")]).await.expect(422);
    assert!(refused.text.contains("必须填写"));
    head.send("POST", &dismiss, &json!({ "reason": "查无此人" })).await.expect(204);
    worker.send("POST", &format!("/api/v1/leads/{id}/visit"), &json!({ "found": "没人" })).await.expect(409);
    let wrong = json!({ "source": "school", "division": "3201", "words": "" });
    let refused = worker.send("POST", "/api/v1/leads", &wrong).await.expect(422);
    assert!(refused.text.contains("街道") && refused.text.contains("words"), "{}", refused.text);
}

#[tokio::test]
async fn an_emergency_runs_by_the_clock_raises_the_risk_and_is_told_at_once() {
    let test = TestApp::start_at("2026-02-16T23:40:00+08:00").await; // New Year's Eve, at night
    let station = test.station_with_case().await;
    let worker = test.signed_in("worker1").await;
    let start = json!({ "cause": "injury", "case": station.case.to_string() });
    let id = worker.send("POST", "/api/v1/emergencies", &start).await.expect(201).json()["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/emergencies/{id}");
    let emergency = worker.get(&path).await.expect(200).json();
    assert_eq!(emergency["emergency"]["steps"][2]["due_at"], "2026-02-16T17:40:00.000Z", "two hours, festival or not");
    assert_eq!(worker.get(&format!("/api/v1/cases/{}", station.case)).await.json()["case"]["status"]["risk"], "red");
    for login in ["head1", "county1"] {
        let page = test.signed_in(login).await.get("/").await.expect(200);
        assert!(page.text.contains("有紧急个案启动") && page.text.contains(&format!("/emergencies/{id}")), "{login}");
    }
    let steps = format!("{path}/steps");
    worker.send("POST", &steps, &json!({ "step": "contact", "note": "" })).await.expect(422);
    worker.send("POST", &steps, &json!({ "step": "contact", "note": "已到孩子身边" })).await.expect(204);
    worker.send("POST", &steps, &json!({ "step": "contact", "note": "再来一次" })).await.expect(409);
    test.pass(SignedDuration::from_mins(31));
    let worker = test.signed_in("worker1").await;
    let emergency = worker.get(&path).await.json();
    assert_eq!(
        (emergency["emergency"]["next"].as_str(), emergency["emergency"]["steps"][1]["late"].as_bool()),
        (Some("police"), Some(true))
    );
    assert!(worker.get(&format!("/emergencies/{id}")).await.expect(200).text.contains("晚了 1 分钟"));
    let head = test.signed_in("head1").await;
    assert!(head.send("POST", &format!("{path}/end"), &json!({})).await.expect(409).text.contains("书面报告"));
    for step in ["police", "measures", "report"] {
        head.send("POST", &steps, &json!({ "step": step, "note": "做了" })).await.expect(204);
    }
    worker.send("POST", &format!("{path}/end"), &json!({})).await.expect(403);
    head.send("POST", &format!("{path}/end"), &json!({})).await.expect(204);
    assert_eq!(head.get("/api/v1/today").await.json()["emergencies"], 0);
    assert!(!test.everything("SELECT COALESCE(note, '') FROM emergency_step").await.contains("身边"), "sealed in the store");
    assert!(!test.signed_in("county1").await.get(&path).await.expect(200).text.contains("身边"), "the county sees when, not what");
}

#[tokio::test]
async fn a_call_becomes_a_lead_and_an_emergency_which_follows_it_into_its_case() {
    let test = TestApp::start().await;
    test.station_with_case().await;
    let worker = test.signed_in("worker1").await;
    let fields =
        [("key", "call-key-1"), ("cause", "unattended"), ("division", TOWNSHIP), ("words", "两个孩子反锁在家"), ("case", ""), ("lead", "")];
    let refused = worker.post("/emergency", &[("cause", ""), ("division", TOWNSHIP), ("words", "两个孩子反锁在家")]).await.expect(422);
    assert!(refused.text.contains("反锁在家"), "what was typed is there");
    let first = worker.post("/emergency", &fields).await.expect(303);
    let again = worker.post("/emergency", &fields).await.expect(303);
    assert_eq!(first.location, again.location, "sent twice, one emergency");
    let id = first.location.unwrap().trim_start_matches("/emergencies/").split('?').next().unwrap().to_owned();
    let emergency = worker.get(&format!("/api/v1/emergencies/{id}")).await.expect(200).json();
    let lead = emergency["emergency"]["lead"].as_str().unwrap().to_owned();
    let mut case = body("小麦", VILLAGE);
    case["lead"] = json!(lead);
    let opened = worker.send("POST", "/api/v1/cases", &case).await.expect(201).json()["case"]["id"].clone();
    assert_eq!(worker.get(&format!("/api/v1/emergencies/{id}")).await.json()["emergency"]["case"], opened);
    test.account("head2", None, Role::Supervisor, Scope::Organization(test.station("城东站", "320106002").await)).await;
    test.signed_in("head2").await.get(&format!("/emergencies/{id}")).await.expect(404);
}

#[tokio::test]
async fn what_a_village_a_hospital_and_a_hotline_tell_is_filed_under_who_told_it() {
    let test = TestApp::start().await;
    test.station_with_case().await;
    test.account("director1", None, Role::ChildDirector, Scope::Village(VILLAGE.into())).await;
    let (worker, director) = (test.signed_in("worker1").await, test.signed_in("director1").await);
    let form = worker.get("/leads/new").await.expect(200).text;
    for (source, called) in [("village", "村（居）委会"), ("hospital", "医院"), ("hotline", "热线")] {
        assert!(form.contains(&format!("value=\"{source}\"")) && form.contains(called), "{source} stands to choose");
        let mut told = told(false);
        told["source"] = json!(source);
        let by = if source == "village" { &director } else { &worker };
        let id = by.send("POST", "/api/v1/leads", &told).await.expect(201).json()["id"].as_str().unwrap().to_owned();
        let lead = worker.get(&format!("/api/v1/leads/{id}")).await.expect(200).json();
        assert_eq!((lead["lead"]["source"].as_str(), lead["lead"]["state"].as_str()), (Some(source), Some("new")));
        let fields = [("source", source), ("division", TOWNSHIP), ("words", "孩子一个人在家好几天")];
        let filed = worker.post("/leads", &fields).await.expect(303).location.unwrap();
        assert!(worker.get(&filed).await.expect(200).text.contains(called), "{source}: the page says who told");
    }
    let stored = test.everything("SELECT source FROM lead ORDER BY source").await;
    assert_eq!(stored, "hospital\nhospital\nhotline\nhotline\nvillage\nvillage");
    let list = worker.get("/leads").await.expect(200).text;
    assert!(["村（居）委会", "医院", "热线"].iter().all(|called| list.matches(called).count() >= 2), "{list}");
    let made_up = [("source", "comparison"), ("division", TOWNSHIP), ("words", "孩子一个人在家好几天")];
    worker.post("/leads", &made_up).await.expect(422);
}

#[tokio::test]
async fn temporary_guardianship_is_a_step_of_an_emergency_with_three_days_and_a_word() {
    let test = TestApp::start_at("2026-02-16T23:40:00+08:00").await; // New Year's Eve, at night
    let station = test.station_with_case().await;
    let worker = test.signed_in("worker1").await;
    let start = json!({ "cause": "unattended", "case": station.case.to_string() });
    let id = worker.send("POST", "/api/v1/emergencies", &start).await.expect(201).json()["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/emergencies/{id}");
    let step = |emergency: &serde_json::Value| {
        let steps = emergency["emergency"]["steps"].as_array().unwrap().clone();
        steps.into_iter().find(|step| step["step"] == "guardianship").unwrap()
    };
    let before = step(&worker.get(&path).await.expect(200).json());
    assert_eq!((before["due_at"].as_str(), before["late"].as_bool()), (Some("2026-02-19T15:40:00.000Z"), Some(false)), "72 hours");
    let page = format!("/emergencies/{id}");
    let shown = worker.get(&page).await.expect(200).text;
    assert!(shown.contains("临时监护") && shown.contains("谁来临时监护，或者查明不需要。"), "{shown}");
    worker.post(&format!("{page}/steps"), &[("step", "guardianship"), ("note", "")]).await.expect(422);

    test.pass(SignedDuration::from_hours(73));
    let worker = test.signed_in("worker1").await;
    assert_eq!(step(&worker.get(&path).await.json())["late"], true, "festival or not");
    worker.post(&format!("{page}/steps"), &[("step", "guardianship"), ("note", "县未保中心临时监护，送到中心")]).await.expect(303);
    let done = step(&worker.get(&path).await.json());
    assert!(done["done_at"].is_string() && done["late"] == true, "done, and it was late: {done}");
    assert!(worker.get(&page).await.expect(200).text.contains("县未保中心临时监护"), "who is guardian stands on the page");
    assert!(!test.everything("SELECT COALESCE(note, '') FROM emergency_step").await.contains("中心"), "sealed in the store");
    // It is not one of those without which an emergency cannot end: nobody may need to be guardian for now.
    let head = test.signed_in("head1").await;
    for step in ["contact", "police", "measures", "report"] {
        head.send("POST", &format!("{path}/steps"), &json!({ "step": step, "note": "做了" })).await.expect(204);
    }
    head.send("POST", &format!("{path}/end"), &json!({})).await.expect(204);
}
