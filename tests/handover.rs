//! Cases that go to another station, and a leaving worker's work.

use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::referrals::{TOWNSHIP, refer};
use lianjie::access::{Role, Scope};
use lianjie::id::OrganizationId;

/// A live referral of the case, so that something goes with it.
async fn with_referral(test: &TestApp, case: &lianjie::id::CaseId) -> String {
    let provider = test.provider("provider1", "社工机构", TOWNSHIP, "EDU-04", Some(5)).await;
    let need = test.need(case, "EDU-04", 3, false).await;
    let sent = refer(&test.signed_in("worker1").await, &need, &provider, json!({})).await;
    sent["id"].as_str().unwrap().to_owned()
}

fn offer(to: &str) -> Value {
    json!({ "to": to, "division": "320106002", "reason": "moved_away", "words": "随外婆搬到湖南路，课后托管还在等答复" })
}

#[tokio::test]
async fn a_case_that_is_taken_goes_with_its_referrals_and_one_that_is_returned_stays() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let referral = with_referral(&test, &station.case).await;
    let there = test.station("湖南路未保工作站", "320106002").await;
    let colleague = test.of_station("worker9", Role::Worker, &there).await;
    test.of_station("head9", Role::Supervisor, &there).await;
    let (worker, head, head9) = (test.signed_in("worker1").await, test.signed_in("head1").await, test.signed_in("head9").await);
    let path = format!("/api/v1/cases/{}/transfer", station.case);
    worker.send("POST", &path, &offer(there.as_str())).await.expect(403);
    let first = head.send("POST", &path, &offer(there.as_str())).await.expect(201).json()["id"].as_str().unwrap().to_owned();
    head.send("POST", &path, &offer(there.as_str())).await.expect(409);
    assert!(head9.get("/").await.expect(200).text.contains("别的工作站要把一个孩子转过来"));
    assert_eq!(head9.get("/api/v1/today").await.json()["transfers"], 1);
    assert!(head9.get(&format!("/transfers/{first}")).await.expect(200).text.contains("随外婆搬到"));
    head9.get(&format!("/cases/{}", station.case)).await.expect(404);
    head.send("POST", &format!("/api/v1/transfers/{first}/take"), &json!({ "worker": colleague.to_string() })).await.expect(404);
    head9.send("POST", &format!("/api/v1/transfers/{first}/return"), &json!({ "why": "孩子还没到我们这里" })).await.expect(204);
    worker.get(&format!("/cases/{}", station.case)).await.expect(200);

    let second = head.send("POST", &path, &offer(there.as_str())).await.expect(201).json()["id"].as_str().unwrap().to_owned();
    let take = format!("/api/v1/transfers/{second}/take");
    head9.send("POST", &take, &json!({ "worker": station.worker.to_string() })).await.expect(422);
    head9.send("POST", &take, &json!({ "worker": colleague.to_string() })).await.expect(204);
    head9.send("POST", &take, &json!({ "worker": colleague.to_string() })).await.expect(409);
    worker.get(&format!("/cases/{}", station.case)).await.expect(404);
    let new = test.signed_in("worker9").await;
    assert!(new.get("/").await.expect(200).text.contains("现在由您负责"), "who gets it is told");
    let case = new.get(&format!("/api/v1/cases/{}", station.case)).await.expect(200).json();
    assert_eq!(case["case"]["state"], "active", "it keeps its state");
    assert_eq!(new.get("/api/v1/today").await.json()["referrals"][0]["id"], json!(referral));
    assert!(!test.everything("SELECT COALESCE(words, '') FROM transfer").await.contains("外婆"), "sealed in the store");
    let log = test.everything("SELECT role || ' ' || action FROM audit_event").await;
    assert!(log.contains("supervisor case.offered") && log.contains("supervisor case.returned") && log.contains("supervisor case.taken"));
}

#[tokio::test]
async fn what_is_live_goes_to_whose_it_is_there_and_an_emergency_goes_along() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let referral = with_referral(&test, &station.case).await;
    // One more waits for the head's approval: a sensitive item.
    let provider = test.provider("provider2", "社工机构", TOWNSHIP, "EDU-05", Some(5)).await;
    let need = test.need(&station.case, "EDU-05", 3, false).await;
    let worker = test.signed_in("worker1").await;
    let waits = refer(&worker, &need, &provider, json!({ "items": ["narrative"] })).await;
    assert_eq!(waits["state"], "pending_approval");
    let start = json!({ "case": station.case.to_string(), "cause": "violence" });
    worker.send("POST", "/api/v1/emergencies", &start).await.expect(201);

    let there = test.station("湖南路未保工作站", "320106002").await;
    let colleague = test.of_station("worker9", Role::Worker, &there).await;
    test.of_station("head9", Role::Supervisor, &there).await;
    let (head, head9) = (test.signed_in("head1").await, test.signed_in("head9").await);
    let path = format!("/api/v1/cases/{}/transfer", station.case);
    let id = head.send("POST", &path, &offer(there.as_str())).await.expect(201).json()["id"].as_str().unwrap().to_owned();
    head9.send("POST", &format!("/api/v1/transfers/{id}/take"), &json!({ "worker": colleague.to_string() })).await.expect(204);

    let owners = "SELECT r.id || ' ' || a.login || ' ' || CASE WHEN r.due_at IS NULL THEN 'never' ELSE 'due' END
                  FROM referral r JOIN account a ON a.id = r.owner_id ORDER BY a.login DESC";
    let waiting = waits["id"].as_str().unwrap();
    assert_eq!(test.everything(owners).await, format!("{referral} worker9 due\n{waiting} head9 due"), "an approval is the new head's");
    let events = test.everything("SELECT referral_id || ' ' || kind FROM referral_event ORDER BY at, number").await;
    assert!(events.ends_with("retier") && events.matches("retier").count() == 2, "each has an event of it: {events}");
    let running = test.everything("SELECT station_id || ' ' || division FROM emergency").await;
    assert_eq!(running.trim(), format!("{there} 320106002"));
    assert_eq!(head9.get("/api/v1/today").await.json()["emergencies"], 1);
    assert_eq!(head.get("/api/v1/today").await.json()["emergencies"], 0);
}

#[tokio::test]
async fn a_wrong_offer_is_refused_with_sentences() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let head = test.signed_in("head1").await;
    let page = format!("/cases/{}/transfer", station.case);
    assert!(head.get(&page).await.expect(200).text.contains("转给别的工作站"));
    let fields = [("to", ""), ("division", ""), ("reason", "moved_away"), ("words", "搬走了")];
    let refused = head.post(&page, &fields).await.expect(422);
    assert!(refused.text.contains("必须填写") && refused.text.contains("搬走了"));
    let own = test.everything("SELECT station_id FROM \"case\"").await;
    let refused = head.send("POST", &format!("/api/v1{page}"), &offer(own.trim())).await.expect(422);
    assert!(refused.text.contains("另一个工作站"), "{}", refused.text);
}

#[tokio::test]
async fn an_account_is_disabled_only_when_a_colleague_has_its_work() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let referral = with_referral(&test, &station.case).await;
    test.account("admin1", None, Role::SystemAdmin, Scope::All).await;
    let (admin, head) = (test.signed_in("admin1").await, test.signed_in("head1").await);
    let worker = test.signed_in("worker1").await;
    let disable = format!("/api/v1/accounts/{}/disable", station.worker);
    head.send("POST", &disable, &json!({})).await.expect(403);
    assert!(admin.send("POST", &disable, &json!({})).await.expect(409).text.contains("交接"));
    assert!(admin.get(&format!("/accounts/{}/disable", station.worker)).await.expect(200).text.contains("在办个案 1"));

    let path = format!("/api/v1/handover/{}", station.worker);
    test.signed_in("worker2").await.get(&path).await.expect(404);
    let work = head.get(&path).await.expect(200).json();
    assert_eq!((work["cases"].as_array().unwrap().len(), work["referrals"].as_array().unwrap().len()), (1, 1));
    let colleague = test.everything("SELECT id FROM account WHERE login = 'worker2'").await;
    head.send("POST", &path, &json!({ "to": station.worker.to_string() })).await.expect(422);
    head.post(&format!("/handover/{}", station.worker), &[("to", colleague.trim())]).await.expect(303);
    let work = head.get(&path).await.expect(200).json();
    assert!(work["cases"].as_array().unwrap().is_empty() && work["referrals"].as_array().unwrap().is_empty());
    let other = test.signed_in("worker2").await;
    assert!(other.get("/").await.expect(200).text.contains("把工作交接给您：个案 1 个"), "who gets it is told");
    assert_eq!(other.get("/api/v1/today").await.json()["referrals"][0]["id"], json!(referral));
    other.get(&format!("/cases/{}/plan/edit", station.case)).await.expect(200);
    admin.send("POST", &disable, &json!({})).await.expect(204);
    worker.get("/api/v1/me").await.expect(401);
}

#[tokio::test]
async fn a_meeting_that_is_led_is_handed_over_before_and_a_task_falls_to_the_body() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let home: OrganizationId = test.everything("SELECT station_id FROM \"case\"").await.trim().parse().unwrap();
    let second = test.account("head2", Some(&home), Role::Supervisor, Scope::Organization(home.clone())).await;
    test.account("admin1", None, Role::SystemAdmin, Scope::All).await;
    let bureau = test.offering("bureau-desk", "教育局", "320116", "EDU-01", None).await.id;
    let clerk = test.account("clerk", Some(&bureau), Role::Participant, Scope::Organization(bureau.clone())).await;
    let (admin, head) = (test.signed_in("admin1").await, test.signed_in("head1").await);
    test.signed_in("worker1").await.post(&format!("/cases/{}/proposal", station.case), &[("question", "谁来管")]).await.expect(303);
    let meeting = json!({ "title": "疑难个案研讨会", "place": "二楼", "starts_at": "2026-12-03T14:00:00+08:00" });
    let meeting = head.send("POST", "/api/v1/conferences", &meeting).await.expect(201).json()["id"].as_str().unwrap().to_owned();
    let items = head.get(&format!("/api/v1/conferences/{meeting}")).await.json()["items"].clone();
    let action = json!({ "what": "联系学校", "organization": bureau.to_string(), "person": "测试·clerk", "due_day": "2026-12-04" });
    let path = format!("/api/v1/conferences/{meeting}/items/{}/actions", items[0]["id"].as_str().unwrap());
    head.send("POST", &path, &action).await.expect(204);

    let disable = format!("/api/v1/accounts/{}/disable", station.head);
    admin.send("POST", &disable, &json!({})).await.expect(409);
    let work = format!("/api/v1/handover/{}", station.head);
    assert_eq!(head.get(&work).await.expect(200).json()["meetings"], 1);
    head.send("POST", &work, &json!({ "to": second.to_string() })).await.expect(204);
    admin.send("POST", &disable, &json!({})).await.expect(204);
    let led = test.everything("SELECT chair_id FROM conference").await;
    assert_eq!(led.trim(), second.as_str());

    admin.send("POST", &format!("/api/v1/accounts/{clerk}/disable"), &json!({})).await.expect(204);
    test.account("clerk2", Some(&bureau), Role::Participant, Scope::Organization(bureau.clone())).await;
    let tasks = test.signed_in("clerk2").await.get("/api/v1/actions").await.expect(200).json();
    assert_eq!(tasks["actions"][0]["state"], "open", "whoever is there answers for it");
}

#[tokio::test]
async fn what_a_coordinator_leads_is_handed_to_another_of_the_county() {
    let test = TestApp::start().await;
    test.station_with_case().await;
    let first = test.everything("SELECT id FROM account WHERE login = 'county1'").await.trim().to_owned();
    let second = test.account("county2", None, Role::Coordinator, Scope::Division("320116".parse().unwrap())).await;
    test.account("elsewhere", None, Role::Coordinator, Scope::Division("320106".parse().unwrap())).await;
    test.account("admin1", None, Role::SystemAdmin, Scope::All).await;
    let (admin, own) = (test.signed_in("admin1").await, test.signed_in("county1").await);
    let meeting = json!({ "title": "县级会商", "place": "民政局", "starts_at": "2026-12-03T14:00:00+08:00" });
    own.send("POST", "/api/v1/conferences", &meeting).await.expect(201);
    let disable = format!("/api/v1/accounts/{first}/disable");
    admin.send("POST", &disable, &json!({})).await.expect(409);
    let path = format!("/api/v1/handover/{first}");
    test.signed_in("elsewhere").await.get(&path).await.expect(404);
    let other = test.signed_in("county2").await;
    assert_eq!(other.get(&path).await.expect(200).json()["meetings"], 1, "another of the county sees what is open");
    other.send("POST", &path, &json!({ "to": second.to_string() })).await.expect(204);
    admin.send("POST", &disable, &json!({})).await.expect(204);
    assert_eq!(test.everything("SELECT chair_id FROM conference").await.trim(), second.as_str());
}
