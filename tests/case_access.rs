//! Who sees and does what to a case, over HTTP.

use lianjie::access::{Role, Scope};
use serde_json::json;

use crate::cases::{VILLAGE, names_nobody, station_with_worker};
use crate::support::TestApp;
use crate::support::cases::{PLANTED, body, hand_in_plan, open_case, open_json};

#[tokio::test]
async fn another_station_has_no_such_case_and_a_colleague_reads_but_does_not_write() {
    let test = TestApp::start().await;
    let (station, worker) = station_with_worker(&test).await;
    let id = open_case(&worker, "key-other-01", &[]).await;
    let need = worker.get(&format!("/api/v1/cases/{id}")).await.json()["case"]["needs"][0]["id"].as_str().unwrap().to_owned();
    let other = test.station("城东未保工作站", "320106002").await;
    test.of_station("stranger", Role::Worker, &other).await;
    let stranger = test.signed_in("stranger").await;
    for path in ["", "/edit", "/needs", "/reports", "/log", "/identity"].map(|part| format!("/cases/{id}{part}")) {
        stranger.get(&path).await.expect(404);
    }
    stranger.get(&format!("/needs/{need}")).await.expect(404);
    stranger.post(&format!("/cases/{id}/identity"), &[("purpose", "visit"), ("items", "name")]).await.expect(404);
    stranger.post(&format!("/cases/{id}/steps"), &[("step", "assess")]).await.expect(404);
    stranger.send("PATCH", &format!("/api/v1/needs/{need}"), &json!({"tier": 1, "tier_reason": "x"})).await.expect(404);
    assert_eq!(stranger.get("/api/v1/cases").await.json()["meta"]["total"], 0);

    test.of_station("colleague", Role::Worker, &station).await;
    let colleague = test.signed_in("colleague").await;
    let masked = colleague.get(&format!("/api/v1/cases/{id}")).await.expect(200).json();
    assert_eq!(masked["case"]["shown"], json!(["open"]));
    assert_eq!(masked["case"]["status"], json!(null));
    colleague.post(&format!("/cases/{id}/identity"), &[("purpose", "visit"), ("items", "name")]).await.expect(403);
    colleague.get(&format!("/cases/{id}/edit")).await.expect(403);
    colleague.post(&format!("/cases/{id}/steps"), &[("step", "assess")]).await.expect(403);
    colleague.get(&format!("/cases/{id}/log")).await.expect(403);
    let list = colleague.get("/cases?list=station").await.expect(200);
    assert!(list.text.contains("小禾") && !list.text.contains("较高风险"), "a colleague sees no risk\n{}", list.text);
}

#[tokio::test]
async fn a_child_director_sees_name_address_and_contact_of_the_own_village() {
    let test = TestApp::start().await;
    let (_, worker) = station_with_worker(&test).await;
    let id = open_case(&worker, "key-direct-1", &[]).await;
    test.account("director", None, Role::ChildDirector, Scope::Village(VILLAGE.into())).await;
    test.account("neighbour", None, Role::ChildDirector, Scope::Village("320116012202".into())).await;
    let director = test.signed_in("director").await;
    assert_eq!(director.get("/api/v1/cases").await.json()["meta"]["total"], 1);
    let page = director.get(&format!("/cases/{id}")).await.expect(200);
    assert!(!page.text.contains("较高风险") && !page.text.contains("智能匹配"), "{}", page.text);
    let asked = json!({"purpose": "visit", "items": ["name", "address", "contact", "number", "guardians", "narrative"]});
    let shown = director.send("POST", &format!("/api/v1/cases/{id}/identity"), &asked).await.expect(200).json();
    assert_eq!(shown["identity"]["items"], json!(["name", "address", "contact"]));
    assert_eq!(shown["identity"]["name"], PLANTED[0]);
    assert_eq!(shown["identity"]["guardians"][0]["name"], PLANTED[4]);
    assert_eq!(shown["identity"]["guardians"][0]["state"], json!(null), "why a parent is away is not the director's");
    assert_eq!(shown["identity"]["identity_number"], json!(null));
    director.send("POST", &format!("/api/v1/cases/{id}/identity"), &json!({"purpose": "visit", "items": ["number"]})).await.expect(422);
    director.get(&format!("/cases/{id}/edit")).await.expect(403);

    let neighbour = test.signed_in("neighbour").await;
    neighbour.get(&format!("/cases/{id}")).await.expect(404);
    assert_eq!(neighbour.get("/api/v1/cases").await.json()["meta"]["total"], 0);
}

#[tokio::test]
async fn a_coordinator_sees_status_and_care_and_identity_of_red_cases_only() {
    let test = TestApp::start().await;
    let (_, worker) = station_with_worker(&test).await;
    let yellow = open_case(&worker, "key-coord-01", &[("care_notes", "上门时有狗")]).await;
    test.account("coord1", None, Role::Coordinator, Scope::Division("320116".parse().unwrap())).await;
    let coordinator = test.signed_in("coord1").await;
    let page = coordinator.get(&format!("/cases/{yellow}")).await.expect(200);
    assert!(page.text.contains("较高风险") && page.text.contains("上门时有狗"), "{}", page.text);
    names_nobody(&page.text, "the coordinator's page");
    let asked = json!({"purpose": "supervision", "items": ["name"]});
    coordinator.send("POST", &format!("/api/v1/cases/{yellow}/identity"), &asked).await.expect(403);
    worker.send("PATCH", &format!("/api/v1/cases/{yellow}"), &json!({"facts": {"risk": "red"}})).await.expect(200);
    let shown = coordinator.send("POST", &format!("/api/v1/cases/{yellow}/identity"), &asked).await.expect(200).json();
    assert_eq!(shown["identity"]["name"], PLANTED[0]);
}

#[tokio::test]
async fn nobody_approves_the_case_they_opened() {
    let test = TestApp::start().await;
    let (station, worker) = station_with_worker(&test).await;
    test.of_station("head1", Role::Supervisor, &station).await;
    let head = test.signed_in("head1").await;
    let own = open_json(&head, &body("小林", VILLAGE)).await;
    head.send("POST", &format!("/api/v1/cases/{own}/steps"), &json!({"step": "assess"})).await.expect(200);
    head.send("POST", &format!("/api/v1/cases/{own}/steps"), &json!({"step": "approve"})).await.expect(403);
    let page = head.get(&format!("/cases/{own}")).await.expect(200);
    assert!(!page.text.contains("value=\"approve\""), "what is refused is not offered");

    let other = open_json(&worker, &body("小川", VILLAGE)).await;
    worker.send("POST", &format!("/api/v1/cases/{other}/steps"), &json!({"step": "assess"})).await.expect(200);
    worker.send("POST", &format!("/api/v1/cases/{other}/steps"), &json!({"step": "approve"})).await.expect(403);
    head.send("POST", &format!("/api/v1/cases/{other}/steps"), &json!({"step": "approve"})).await.expect(409);
    hand_in_plan(&worker, &other).await;
    let approved = head.send("POST", &format!("/api/v1/cases/{other}/steps"), &json!({"step": "approve"})).await.expect(200).json();
    assert_eq!(approved["case"]["state"], "active");
}

#[tokio::test]
async fn who_has_looked_is_seen_and_a_page_of_a_list_is_one_event() {
    let test = TestApp::start().await;
    let (_, worker) = station_with_worker(&test).await;
    let id = open_case(&worker, "key-look-001", &[]).await;
    worker.get(&format!("/cases/{id}")).await.expect(200);
    worker.get("/cases").await.expect(200);
    let log = worker.get(&format!("/cases/{id}/log")).await.expect(200);
    assert!(log.text.contains("查看（遮盖）") && log.text.contains("建档") && log.text.contains("测试·worker1"), "{}", log.text);
    assert!(log.text.contains("公开项、照护项、身份状况</td>"), "only what was shown is in it: {}", log.text);
    let events = test.dump("SELECT action || ' ' || fields FROM audit_event WHERE action = 'case.listed'").await;
    assert_eq!(events, "case.listed [\"count=1\"]");
}

#[tokio::test]
async fn who_keeps_no_cases_opens_none() {
    let test = TestApp::start().await;
    test.account("registrar", None, Role::Registrar, Scope::Division("320116".parse().unwrap())).await;
    let registrar = test.signed_in("registrar").await;
    registrar.get("/cases").await.expect(403);
    registrar.get("/cases/new").await.expect(403);
    registrar.send("POST", "/api/v1/cases", &body("小川", VILLAGE)).await.expect(403);
    test.visitor().get("/cases").await.expect(303);
    test.visitor().get("/api/v1/cases").await.expect(401);
}
