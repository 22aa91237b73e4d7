//! Meetings on hard cases: what comes up by itself, decisions that execute, actions, the wall, minutes that stay.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::referrals::{Provider, Station, TOWNSHIP, act, refer};
use crate::support::{Browser, TestApp};
use lianjie::access::{Role, Scope};
use lianjie::id::{NeedId, OrganizationId};

/// A station with a case and a need, two providers, and a body that is invited.
pub struct World {
    pub test: TestApp,
    pub station: Station,
    pub need: NeedId,
    pub first: Provider,
    pub second: Provider,
    pub bureau: OrganizationId,
}

pub async fn world() -> World {
    world_of(TestApp::start().await).await
}

async fn world_of(test: TestApp) -> World {
    let station = test.station_with_case().await;
    let first = test.provider("first", "社工机构", TOWNSHIP, "EDU-04", None).await;
    let second = test.provider("second", "社工机构", TOWNSHIP, "EDU-04", None).await;
    let need = test.need(&station.case, "EDU-04", 2, false).await;
    let bureau = test.offering("bureau-desk", "教育局", "320116", "EDU-01", None).await.id;
    test.account("bureau", Some(&bureau), Role::Participant, Scope::Organization(bureau.clone())).await;
    World { test, station, need, first, second, bureau }
}

pub async fn called(head: &Browser, invite: &[&OrganizationId]) -> String {
    let starts_at = if head.get("/api/v1/me").await.status == 200 { "2027-03-03T14:00:00+08:00" } else { "" };
    let invite: Vec<String> = invite.iter().map(ToString::to_string).collect();
    let body = json!({ "title": "疑难个案研讨会", "place": "长芦站二楼", "starts_at": starts_at, "invite": invite });
    head.send("POST", "/api/v1/conferences", &body).await.expect(201).json()["id"].as_str().unwrap().to_owned()
}

pub async fn step(browser: &Browser, meeting: &str, step: &str, status: u16) {
    browser.send("POST", &format!("/api/v1/conferences/{meeting}/steps"), &json!({ "step": step })).await.expect(status);
}

pub async fn agenda(browser: &Browser, meeting: &str) -> Vec<Value> {
    browser.get(&format!("/api/v1/conferences/{meeting}")).await.expect(200).json()["items"].as_array().unwrap().clone()
}

/// The case put on by its worker, so that it is there.
pub async fn on_agenda(world: &World) -> (Browser, String, String) {
    let worker = world.test.signed_in("worker1").await;
    worker.post(&format!("/cases/{}/proposal", world.station.case), &[("question", "放学到六点谁来管")]).await.expect(303);
    let head = world.test.signed_in("head1").await;
    let meeting = called(&head, &[&world.bureau]).await;
    let items = agenda(&head, &meeting).await;
    let item = items[0]["id"].as_str().unwrap().to_owned();
    (head, meeting, item)
}

pub async fn sheet(browser: &Browser, meeting: &str, item: &str) -> Value {
    browser.get(&format!("/api/v1/conferences/{meeting}/items/{item}")).await.expect(200).json()["sheet"].clone()
}

pub async fn decide(browser: &Browser, meeting: &str, item: &str, body: Value, status: u16) -> Value {
    let answer = browser.send("POST", &format!("/api/v1/conferences/{meeting}/items/{item}/decisions"), &body).await.expect(status);
    if status == 200 { answer.json() } else { Value::Null }
}

pub async fn run(test: &TestApp, statement: &'static str) {
    let mut tx = test.app.begin().await.unwrap();
    sqlx::query(statement).execute(&mut *tx).await.unwrap();
    tx.commit(test.app.now()).await.unwrap();
}

#[tokio::test]
async fn two_refusals_a_gap_and_a_proposal_bring_a_case_up_and_say_so() {
    let world = world().await;
    let worker = world.test.signed_in("worker1").await;
    let head = world.test.signed_in("head1").await;
    let why = async |meeting: &str| agenda(&head, meeting).await.first().map(|item| item["why"].clone());
    assert_eq!(why(&called(&head, &[]).await).await, None, "nothing is hard yet");
    for (provider, login) in [(&world.first, "first"), (&world.second, "second")] {
        let sent = refer(&worker, &world.need, provider, json!({})).await;
        let hand = world.test.signed_in(login).await;
        act(&hand, &sent, "decline", json!({ "reason": "not_eligible_age", "note": "" }), 200).await;
    }
    let second = called(&head, &[]).await;
    assert_eq!(why(&second).await, Some(json!(["declined"])));
    let third = called(&head, &[]).await;
    assert_eq!(why(&third).await, None, "it is on another meeting's agenda");
    head.send("POST", &format!("/api/v1/conferences/{second}/steps"), &json!({ "step": "cancel", "reason": "人不齐" })).await.expect(204);
    worker
        .send("POST", &format!("/api/v1/needs/{}/steps", world.need), &json!({ "step": "declare_gap", "reason": "没有人接" }))
        .await
        .expect(200);
    worker.post(&format!("/cases/{}/proposal", world.station.case), &[("question", "谁来管")]).await.expect(303);
    worker.post(&format!("/cases/{}/proposal", world.station.case), &[("question", "谁来管")]).await.expect(409);
    head.post(&format!("/conferences/{third}/agenda"), &[("how", "fill")]).await.expect(303);
    assert_eq!(why(&third).await, Some(json!(["declined", "gap", "proposed"])), "the most pressing first");
    let page = head.get(&format!("/conferences/{third}")).await.expect(200);
    assert!(page.text.contains("被拒两次以上、没有服务、社工提请"), "{}", page.text);
}

#[tokio::test]
async fn a_red_case_without_a_meeting_comes_up_and_the_day_of_review_counts_over_the_festival() {
    // Friday before the Spring Festival of 2026, which lasts from the 15th to the 23rd; the 14th is worked.
    let world = world_of(TestApp::start_at("2026-02-13T09:00:00+08:00").await).await;
    run(&world.test, "UPDATE \"case\" SET risk = 'red'").await;
    let head = world.test.signed_in("head1").await;
    let meeting = called(&head, &[]).await;
    let item = agenda(&head, &meeting).await[0].clone();
    assert_eq!(item["why"], json!(["red"]));
    let item = item["id"].as_str().unwrap();
    step(&head, &meeting, "begin", 204).await;
    let late = head
        .send("PATCH", &format!("/api/v1/conferences/{meeting}/items/{item}"), &json!({ "next_review": "2026-03-10" }))
        .await
        .expect(422);
    assert!(late.text.contains("7 天内"), "{}", late.text);
    decide(&head, &meeting, item, json!({ "code": "keep" }), 200).await;
    step(&head, &meeting, "sign", 204).await;
    assert_eq!(sheet(&head, &meeting, item).await["next_review"], "2026-02-20", "seven days, in the middle of the festival");
    // The meeting was planned for March; what counts is when it was.
    run(&world.test, "UPDATE conference SET starts_at = '2026-02-13T01:00:00.000Z'").await;
    assert!(agenda(&head, &called(&head, &[]).await).await.is_empty(), "it has just been discussed");
    world.test.pass(SignedDuration::from_hours(24 * 7));
    let head = world.test.signed_in("head1").await;
    let why = agenda(&head, &called(&head, &[]).await).await[0]["why"].clone();
    assert_eq!(why, json!(["review"]), "on the seventh day it is reviewed; red without a meeting counts from the eighth");
}

#[tokio::test]
async fn what_is_overdue_for_a_fortnight_and_an_unanswered_first_tier_come_up() {
    let world = world().await;
    let worker = world.test.signed_in("worker1").await;
    refer(&worker, &world.need, &world.first, json!({})).await;
    let head = world.test.signed_in("head1").await;
    run(&world.test, "UPDATE referral SET due_at = '2026-11-11T01:00:00.001Z'").await;
    assert!(agenda(&head, &called(&head, &[]).await).await.is_empty(), "not yet fourteen days");
    run(&world.test, "UPDATE referral SET due_at = '2026-11-11T00:59:59.000Z'").await;
    let meeting = called(&head, &[]).await;
    assert_eq!(agenda(&head, &meeting).await[0]["why"], json!(["overdue"]));
    run(&world.test, "UPDATE referral SET tier = 1, state = 'expired', due_at = NULL, due_kind = NULL, owner_id = NULL, tick_at = NULL")
        .await;
    head.send("POST", &format!("/api/v1/conferences/{meeting}/steps"), &json!({ "step": "cancel", "reason": "改期" })).await.expect(204);
    assert_eq!(agenda(&head, &called(&head, &[]).await).await[0]["why"], json!(["tier_1_expired"]));
}

#[tokio::test]
async fn who_is_invited_and_who_has_something_to_do_is_told_in_time_and_once() {
    let world = world().await;
    let (head, meeting, item) = on_agenda(&world).await;
    let notices = "SELECT template FROM notice WHERE template LIKE 'action%' OR template LIKE 'meeting%' ORDER BY due_at, template";
    assert_eq!(world.test.everything(notices).await.trim(), "meeting_invited");
    let action = json!({ "what": "联系学校", "organization": world.bureau.to_string(), "person": "测试·bureau", "due_day": "2026-12-04" });
    head.send("POST", &format!("/api/v1/conferences/{meeting}/items/{item}/actions"), &action).await.expect(204);
    let told = async |days: i64| {
        world.test.pass(SignedDuration::from_hours(24 * days));
        for _ in 0..2 {
            lianjie::conference::actions::remind(&world.test.app).await.unwrap();
        }
        world.test.everything("SELECT template || ' ' || CASE WHEN account_id IS NULL THEN 'body' ELSE 'person' END FROM notice WHERE template IN ('action_due', 'action_late') ORDER BY id").await
    };
    assert_eq!(told(6).await.trim(), "", "three days before"); // 1 December
    assert_eq!(told(1).await.lines().count(), 1, "two days before"); // 2 December
    assert_eq!(told(2).await.lines().count(), 1, "on the day itself nothing new"); // 4 December
    let late = told(1).await; // 5 December
    assert_eq!(late.lines().filter(|line| line.starts_with("action_late")).count(), 2, "who does it, and who leads: {late}");
}

#[tokio::test]
async fn an_action_is_reported_by_its_body_checked_by_another_and_comes_first_at_the_next_meeting() {
    let world = world().await;
    let (head, meeting, item) = on_agenda(&world).await;
    step(&head, &meeting, "begin", 204).await;
    let action = json!({ "what": "联系学校办托管", "evidence": "学校回函", "organization": world.bureau.to_string(), "person": "李科长", "due_day": "2026-12-04" });
    let actions = format!("/api/v1/conferences/{meeting}/items/{item}/actions");
    head.send("POST", &actions, &action).await.expect(204);
    let bureau = world.test.signed_in("bureau").await;
    assert!(bureau.get("/").await.expect(200).text.contains("会商定了一件由您做的事"));
    let mine = bureau.get("/api/v1/actions").await.expect(200).json();
    let id = mine["actions"][0]["id"].as_str().unwrap().to_owned();
    world
        .test
        .signed_in("first")
        .await
        .send("POST", &format!("/api/v1/actions/{id}"), &json!({ "what": "done", "said": "好了" }))
        .await
        .expect(404);
    let refused = bureau.post(&format!("/actions/{id}"), &[("what", "done"), ("said", "")]).await.expect(422);
    assert!(refused.text.contains("必须填写"));
    decide(&head, &meeting, &item, json!({ "code": "keep" }), 200).await;
    step(&head, &meeting, "sign", 204).await;

    world.test.pass(SignedDuration::from_hours(24 * 10)); // Saturday 5 December: the day after
    let (bureau, head) = (world.test.signed_in("bureau").await, world.test.signed_in("head1").await);
    assert_eq!(bureau.get("/api/v1/today").await.json()["actions"], 1, "overdue is a flag");
    let next = called(&head, &[]).await;
    let up = agenda(&head, &next).await[0].clone();
    assert_eq!(up["why"], json!(["action_overdue"]));
    run(&world.test, "UPDATE conference SET starts_at = '2026-11-25T01:00:00.000Z' WHERE state = 'signed'").await;
    bureau.send("POST", &format!("/api/v1/actions/{id}"), &json!({ "what": "done", "said": "学校同意了" })).await.expect(204);
    bureau.send("POST", &format!("/api/v1/actions/{id}"), &json!({ "what": "done", "said": "再报" })).await.expect(409);
    bureau.send("POST", &format!("/api/v1/actions/{id}"), &json!({ "what": "checked" })).await.expect(403);
    let last = sheet(&head, &next, up["id"].as_str().unwrap()).await["last_actions"][0].clone();
    assert_eq!((last["state"].as_str(), last["said"].as_str(), last["checked"].as_bool()), (Some("done"), Some("学校同意了"), Some(false)));
    head.send("POST", &format!("/api/v1/actions/{id}"), &json!({ "what": "checked" })).await.expect(204);
    assert_eq!(sheet(&head, &next, up["id"].as_str().unwrap()).await["last_actions"][0]["checked"], true);
    assert!(!world.test.everything("SELECT words FROM action").await.contains("托管"), "sealed in the store");
}

#[tokio::test]
async fn signed_minutes_stay_as_they_were_and_what_is_new_is_appended() {
    let world = world().await;
    let (head, meeting, item) = on_agenda(&world).await;
    step(&head, &meeting, "begin", 204).await;
    let words = json!({ "danger": "一个人在家到八点", "child_words": "我怕黑", "contingency": "站里先管到六点" });
    head.send("PATCH", &format!("/api/v1/conferences/{meeting}/items/{item}"), &words).await.expect(204);
    decide(&head, &meeting, &item, json!({ "code": "keep", "note": "再看两周" }), 200).await;
    let dissent = json!({ "decision": 1, "body": "教育局", "reason": "等不了两周", "next_step": "一周后再议", "due_day": "2026-12-02" });
    head.send("POST", &format!("/api/v1/conferences/{meeting}/items/{item}/dissents"), &dissent).await.expect(204);
    head.get(&format!("/conferences/{meeting}/minutes")).await.expect(409);
    step(&head, &meeting, "sign", 204).await;
    let minutes = format!("/conferences/{meeting}/minutes");
    let first = head.get(&minutes).await.expect(200);
    for text in ["我怕黑", "再看两周", "等不了两周", "站里先管到六点", "签发"] {
        assert!(first.text.contains(text), "{text}");
    }
    let hash = world.test.everything("SELECT minutes_hash FROM conference").await;
    run(&world.test, "UPDATE need SET state = 'met'").await;
    run(&world.test, "UPDATE child SET alias = '小树'").await;
    assert!(!head.get(&minutes).await.expect(200).text.contains("小树"), "frozen");
    for (path, body) in [
        (format!("/api/v1/conferences/{meeting}/items/{item}/decisions"), json!({ "code": "keep" })),
        (format!("/api/v1/conferences/{meeting}/items/{item}/dissents"), dissent),
        (
            format!("/api/v1/conferences/{meeting}/items/{item}/actions"),
            json!({ "what": "联系学校", "organization": world.bureau.to_string(), "person": "李科长", "due_day": "2026-12-04" }),
        ),
    ] {
        let refused = head.send("POST", &path, &body).await.expect(409);
        assert!(refused.text.contains("补充纪要"), "the way to amend: {}", refused.text);
    }
    head.send("PATCH", &format!("/api/v1/conferences/{meeting}/items/{item}"), &words).await.expect(409);
    step(&head, &meeting, "sign", 409).await;
    head.post(&minutes, &[("item", &item), ("text", "学校当晚已答应")]).await.expect(303);
    let amended = head.get(&minutes).await.expect(200);
    assert!(amended.text.contains("学校当晚已答应") && amended.text.contains(hash.trim()), "the digest is still that of what was signed");
    assert!(!world.test.everything("SELECT minutes FROM agenda_item").await.contains("怕黑"), "sealed in the store");
    // The dissent is due: the case is on the agenda again.
    world.test.pass(SignedDuration::from_hours(24 * 7));
    let head = world.test.signed_in("head1").await;
    assert_eq!(agenda(&head, &called(&head, &[]).await).await[0]["why"], json!(["dissent"]));
}

#[tokio::test]
async fn what_is_sent_twice_is_done_once() {
    let world = world().await;
    let (head, meeting, item) = on_agenda(&world).await;
    step(&head, &meeting, "send_pack", 204).await;
    step(&head, &meeting, "begin", 204).await;
    let path = format!("/conferences/{meeting}/items/{item}/decisions");
    for _ in 0..2 {
        head.post(&path, &[("key", "decision-key-1"), ("code", "keep")]).await.expect(303);
    }
    assert_eq!(sheet(&head, &meeting, &item).await["decisions"].as_array().unwrap().len(), 1);
    let approve = json!({ "code": "approve", "referral": "01J00000000000000000000000" });
    decide(&head, &meeting, &item, approve, 422).await;
}

#[tokio::test]
async fn a_proposal_waits_again_when_its_item_goes_and_what_a_meeting_put_off_comes_up_next_time() {
    let world = world().await;
    let (head, meeting, item) = on_agenda(&world).await;
    head.post(&format!("/conferences/{meeting}/agenda"), &[("how", "remove"), ("item", &item)]).await.expect(303);
    head.post(&format!("/conferences/{meeting}/agenda"), &[("how", "fill")]).await.expect(303);
    assert_eq!(agenda(&head, &meeting).await[0]["why"], json!(["proposed"]), "taken off, it waits again");
    let cancel = json!({ "step": "cancel", "reason": "人不齐" });
    head.send("POST", &format!("/api/v1/conferences/{meeting}/steps"), &cancel).await.expect(204);
    let meeting = called(&head, &[]).await;
    assert_eq!(agenda(&head, &meeting).await[0]["why"], json!(["proposed"]), "called off, it waits again");
    for (name, status) in [("send_pack", 204), ("begin", 204), ("sign", 204)] {
        step(&head, &meeting, name, status).await;
    }
    world.test.pass(SignedDuration::from_hours(24 * 200));
    let head = world.test.signed_in("head1").await;
    let body = json!({ "title": "疑难个案研讨会", "place": "长芦站二楼", "starts_at": "2027-07-01T14:00:00+08:00" });
    let next = head.send("POST", "/api/v1/conferences", &body).await.expect(201).json()["id"].as_str().unwrap().to_owned();
    let why = agenda(&head, &next).await[0]["why"].clone();
    assert!(why.as_array().unwrap().contains(&json!("put_off")), "{why}");
}
