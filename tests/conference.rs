//! Meetings on hard cases: what comes up by itself, decisions that execute, actions, the wall, minutes that stay.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::referrals::{NAMES, Provider, Station, TOWNSHIP, act, refer};
use crate::support::{Browser, TestApp};
use lianjie::access::{Role, Scope};
use lianjie::id::{NeedId, OrganizationId};

/// A station with a case and a need, two providers, and a body that is invited.
struct World {
    test: TestApp,
    station: Station,
    need: NeedId,
    first: Provider,
    second: Provider,
    bureau: OrganizationId,
}

async fn world() -> World {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let first = test.provider("first", "社工机构", TOWNSHIP, "EDU-04", None).await;
    let second = test.provider("second", "社工机构", TOWNSHIP, "EDU-04", None).await;
    let need = test.need(&station.case, "EDU-04", 2, false).await;
    let bureau = test.offering("bureau-desk", "教育局", "320116", "EDU-01", None).await.id;
    test.account("bureau", Some(&bureau), Role::Participant, Scope::Organization(bureau.clone())).await;
    World { test, station, need, first, second, bureau }
}

async fn called(head: &Browser, invite: &[&OrganizationId]) -> String {
    let starts_at = if head.get("/api/v1/me").await.status == 200 { "2027-03-03T14:00:00+08:00" } else { "" };
    let invite: Vec<String> = invite.iter().map(ToString::to_string).collect();
    let body = json!({ "title": "疑难个案研讨会", "place": "长芦站二楼", "starts_at": starts_at, "invite": invite });
    head.send("POST", "/api/v1/conferences", &body).await.expect(201).json()["id"].as_str().unwrap().to_owned()
}

async fn step(browser: &Browser, meeting: &str, step: &str, status: u16) {
    browser.send("POST", &format!("/api/v1/conferences/{meeting}/steps"), &json!({ "step": step })).await.expect(status);
}

async fn agenda(browser: &Browser, meeting: &str) -> Vec<Value> {
    browser.get(&format!("/api/v1/conferences/{meeting}")).await.expect(200).json()["items"].as_array().unwrap().clone()
}

/// The case put on by its worker, so that it is there.
async fn on_agenda(world: &World) -> (Browser, String, String) {
    let worker = world.test.signed_in("worker1").await;
    worker.post(&format!("/cases/{}/proposal", world.station.case), &[("question", "放学到六点谁来管")]).await.expect(303);
    let head = world.test.signed_in("head1").await;
    let meeting = called(&head, &[&world.bureau]).await;
    let items = agenda(&head, &meeting).await;
    let item = items[0]["id"].as_str().unwrap().to_owned();
    (head, meeting, item)
}

async fn sheet(browser: &Browser, meeting: &str, item: &str) -> Value {
    browser.get(&format!("/api/v1/conferences/{meeting}/items/{item}")).await.expect(200).json()["sheet"].clone()
}

async fn decide(browser: &Browser, meeting: &str, item: &str, body: Value, status: u16) -> Value {
    let answer = browser.send("POST", &format!("/api/v1/conferences/{meeting}/items/{item}/decisions"), &body).await.expect(status);
    if status == 200 { answer.json() } else { Value::Null }
}

async fn run(test: &TestApp, statement: &'static str) {
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
    let world = world().await;
    run(&world.test, "UPDATE \"case\" SET risk = 'red'").await;
    let head = world.test.signed_in("head1").await;
    let meeting = called(&head, &[]).await;
    let item = agenda(&head, &meeting).await[0].clone();
    assert_eq!(item["why"], json!(["red"]));
    let item = item["id"].as_str().unwrap();
    step(&head, &meeting, "begin", 204).await;
    let late = head
        .send("PATCH", &format!("/api/v1/conferences/{meeting}/items/{item}"), &json!({ "next_review": "2026-12-20" }))
        .await
        .expect(422);
    assert!(late.text.contains("7 天内"), "{}", late.text);
    decide(&head, &meeting, item, json!({ "code": "keep" }), 200).await;
    step(&head, &meeting, "sign", 204).await;
    assert_eq!(sheet(&head, &meeting, item).await["next_review"], "2026-12-02", "seven days, whatever holidays there are");
    // The meeting was planned for March; what counts is when it was.
    run(&world.test, "UPDATE conference SET starts_at = '2026-11-25T01:00:00.000Z'").await;
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
async fn a_decision_to_reroute_takes_back_asks_the_others_in_order_and_is_in_the_ledger() {
    let world = world().await;
    let worker = world.test.signed_in("worker1").await;
    let old = refer(&worker, &world.need, &world.first, json!({})).await;
    let (head, meeting, item) = on_agenda(&world).await;
    let reroute = json!({ "code": "reroute", "need": world.need.to_string(), "sites": [world.second.site.to_string(), world.first.site.to_string()] });
    let early = head.send("POST", &format!("/api/v1/conferences/{meeting}/items/{item}/decisions"), &reroute).await.expect(409);
    assert!(early.text.contains("会还没开"));
    step(&head, &meeting, "begin", 204).await;
    assert_eq!(decide(&head, &meeting, &item, reroute, 200).await["executed"], true);
    let before = worker.get(&format!("/api/v1/referrals/{}", old["id"].as_str().unwrap())).await.json();
    assert_eq!(before["referral"]["state"], "withdrawn");
    let states = world.test.everything("SELECT r.state || ' ' || d.mode FROM referral r JOIN dispatch d ON d.id = r.dispatch_id WHERE r.state IN ('sent', 'queued') ORDER BY r.state DESC").await;
    assert_eq!(states, "sent cascade\nqueued cascade");
    let channel = world.test.everything("SELECT DISTINCT channel FROM referral_event WHERE kind = 'withdraw'").await;
    assert_eq!(channel.trim(), "meeting");
    let decided = sheet(&head, &meeting, &item).await["decisions"][0].clone();
    assert!(decided["executed"] == true && decided["created"].as_str().unwrap().starts_with("dispatches/"), "{decided}");
    assert_eq!(world.test.signed_in("second").await.get("/api/v1/today").await.expect(200).json()["to_answer"], 1);
}

#[tokio::test]
async fn a_decision_that_a_rule_refuses_is_written_down_as_failed_and_changes_nothing() {
    let world = world().await;
    let worker = world.test.signed_in("worker1").await;
    refer(&worker, &world.need, &world.first, json!({})).await;
    let (head, meeting, item) = on_agenda(&world).await;
    step(&head, &meeting, "begin", 204).await;
    let before =
        world.test.everything("SELECT state || ' ' || version FROM referral UNION ALL SELECT state || ' ' || version FROM need").await;
    for body in [
        json!({ "code": "close", "note": "都办好了" }),
        json!({ "code": "declare_gap", "need": world.need.to_string(), "note": "没有人接" }),
    ] {
        assert_eq!(decide(&head, &meeting, &item, body, 200).await["executed"], false);
    }
    let after =
        world.test.everything("SELECT state || ' ' || version FROM referral UNION ALL SELECT state || ' ' || version FROM need").await;
    assert_eq!(before, after, "nothing half done");
    let page = head.get(&format!("/conferences/{meeting}/items/{item}")).await.expect(200);
    assert!(page.text.contains("没执行成") && page.text.contains("转介"), "the reason stands beside it");
    for (body, sentence) in [
        (json!({ "code": "reroute", "need": world.need.to_string() }), "sites"),
        (json!({ "code": "lower_risk", "risk": "red", "note": "好转" }), "更低"),
        (json!({ "code": "change_lead", "worker": "nobody" }), "worker"),
    ] {
        let refused = head.send("POST", &format!("/api/v1/conferences/{meeting}/items/{item}/decisions"), &body).await.expect(422);
        assert!(refused.text.contains(sentence), "{body}: {}", refused.text);
    }
    assert_eq!(sheet(&head, &meeting, &item).await["decisions"].as_array().unwrap().len(), 2, "bad input is not written down");
}

#[tokio::test]
async fn decisions_change_risk_lead_and_gap_start_an_emergency_and_close() {
    let world = world().await;
    let (head, meeting, item) = on_agenda(&world).await;
    step(&head, &meeting, "begin", 204).await;
    let other = world.test.everything("SELECT id FROM account WHERE login = 'worker2'").await;
    for body in [
        json!({ "code": "declare_gap", "need": world.need.to_string(), "note": "没有人接" }),
        json!({ "code": "raise_risk", "risk": "red" }),
        json!({ "code": "lower_risk", "risk": "blue", "note": "外婆来了" }),
        json!({ "code": "emergency_route" }),
        json!({ "code": "change_lead", "worker": other.trim() }),
        json!({ "code": "joint_visit" }),
        json!({ "code": "close", "note": "转长期照护" }),
    ] {
        assert_eq!(decide(&head, &meeting, &item, body.clone(), 200).await["executed"], true, "{body}");
    }
    let case = world.test.everything("SELECT state || ' ' || risk || ' ' || closed_reason FROM \"case\"").await;
    assert_eq!(case, "closed red 转长期照护", "the emergency has raised the risk again");
    assert_eq!(world.test.everything("SELECT state FROM need").await, "gap");
    assert_eq!(world.test.everything("SELECT a.login FROM \"case\" c JOIN account a ON a.id = c.worker_id").await, "worker2");
    let log =
        world.test.everything("SELECT role || ' ' || action || ' ' || fields FROM audit_event WHERE action = 'conference.decided'").await;
    assert_eq!(log.lines().count(), 7);
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
async fn nothing_on_the_wall_names_anybody_and_each_case_shown_is_one_event() {
    let world = world().await;
    let (head, meeting, item) = on_agenda(&world).await;
    step(&head, &meeting, "begin", 204).await;
    let words = json!({ "danger": "欧阳晓禾被欧阳建国锁在滨江花园3栋502室", "child_words": "晓禾说怕", "safety": "电话 13900001111" });
    head.send("PATCH", &format!("/api/v1/conferences/{meeting}/items/{item}"), &words).await.expect(204);
    let action = json!({ "what": "接欧阳晓禾回站", "organization": world.bureau.to_string(), "person": "李科长", "due_day": "2026-12-04" });
    head.send("POST", &format!("/api/v1/conferences/{meeting}/items/{item}/actions"), &action).await.expect(204);
    let wall = head.get(&format!("/conferences/{meeting}/wall/{item}")).await.expect(200);
    for name in NAMES.into_iter().chain(["晓禾"]) {
        assert!(!wall.text.contains(name), "{name} is on the wall");
    }
    assert!(wall.text.contains("小川") && wall.text.contains("接＊＊回站") && wall.text.contains("＊＊说怕"));
    let log = world.test.everything("SELECT action || ' ' || fields FROM audit_event WHERE action = 'conference.projected'").await;
    assert_eq!(log.lines().count(), 1, "{log}");
    world.test.signed_in("worker1").await.get(&format!("/conferences/{meeting}/wall/{item}")).await.expect(403);
    world.test.signed_in("bureau").await.get(&format!("/conferences/{meeting}/wall/{item}")).await.expect(403);
}

#[tokio::test]
async fn who_is_invited_sees_the_pack_and_nobody_else_knows_of_the_meeting() {
    let world = world().await;
    let (head, meeting, item) = on_agenda(&world).await;
    let path = format!("/api/v1/conferences/{meeting}");
    let words = json!({ "question": "放学到六点谁来管", "danger": "一个人在家到八点" });
    head.send("PATCH", &format!("{path}/items/{item}"), &words).await.expect(204);
    for (login, status) in [("head1", 200), ("worker1", 200), ("worker2", 404), ("county1", 200), ("bureau", 200), ("first", 404)] {
        world.test.signed_in(login).await.get(&path).await.expect(status);
    }
    world.test.account("other-body", Some(&world.first.id), Role::Participant, Scope::Organization(world.first.id.clone())).await;
    world.test.signed_in("other-body").await.get(&path).await.expect(404);
    world.test.visitor().get(&path).await.expect(401);
    let bureau = world.test.signed_in("bureau").await;
    let pack = bureau.get(&format!("{path}/items/{item}")).await.expect(200);
    assert!(pack.text.contains("放学到六点谁来管") && pack.text.contains("小川"), "what is asked, about whom by alias");
    assert!(!pack.text.contains("八点") && !pack.text.contains("yellow"), "not what was found, nor the risk");
    bureau.send("PATCH", &format!("{path}/items/{item}"), &words).await.expect(403);
    step(&bureau, &meeting, "send_pack", 403).await;
    step(&head, &meeting, "send_pack", 204).await;
    assert!(world.test.signed_in("bureau").await.get("/").await.expect(200).text.contains("请您参加会商"));
    let county = world.test.signed_in("county1").await;
    step(&county, &meeting, "begin", 204).await;
}

#[tokio::test]
async fn the_invitation_is_a_calendar_file_that_names_no_child() {
    let world = world().await;
    let (head, meeting, _) = on_agenda(&world).await;
    let file = head.get(&format!("/conferences/{meeting}/invitation.ics")).await.expect(200).text;
    let lines: Vec<&str> = file.lines().collect();
    assert_eq!((lines.first(), lines.last()), (Some(&"BEGIN:VCALENDAR"), Some(&"END:VCALENDAR")));
    assert!(file.contains("DTSTART:20270303T060000Z") && file.contains("疑难个案研讨会") && file.contains("长芦站二楼"), "{file}");
    assert!(!file.contains("小川") && NAMES.iter().all(|name| !file.contains(name)));
    let refused = head.post("/conferences", &[("title", ""), ("place", "二楼"), ("day", "2026-11-01"), ("time", "下午")]).await.expect(422);
    assert!(refused.text.contains("14:00") && refused.text.contains("二楼"));
    world.test.signed_in("worker1").await.get("/conferences/new").await.expect(404);
}

/// A county meeting of the coordinator, with the case of the station on its agenda.
async fn county_meeting(world: &World) -> (Browser, String, String) {
    world.test.account("county", None, Role::Coordinator, Scope::Division("320116".parse().unwrap())).await;
    let worker = world.test.signed_in("worker1").await;
    worker.post(&format!("/cases/{}/proposal", world.station.case), &[("question", "欧阳晓禾放学后谁来管")]).await.expect(303);
    let county = world.test.signed_in("county").await;
    let meeting = called(&county, &[&world.bureau]).await;
    let item = agenda(&county, &meeting).await[0]["id"].as_str().unwrap().to_owned();
    (county, meeting, item)
}

#[tokio::test]
async fn a_station_head_reads_a_county_meeting_for_the_own_case_and_does_not_lead_it() {
    let world = world().await;
    let (county, meeting, item) = county_meeting(&world).await;
    run(&world.test, "UPDATE \"case\" SET worker_id = (SELECT id FROM account WHERE login = 'head1')").await;
    step(&county, &meeting, "send_pack", 204).await;
    step(&county, &meeting, "begin", 204).await;
    let head = world.test.signed_in("head1").await;
    assert_eq!(agenda(&head, &meeting).await.len(), 1, "the own case");
    assert!(head.get("/conferences").await.text.contains("疑难个案研讨会"));
    decide(&head, &meeting, &item, json!({ "code": "keep" }), 403).await;
    step(&head, &meeting, "sign", 403).await;
    let other = world.test.signed_in("worker1").await;
    other.get(&format!("/conferences/{meeting}")).await.expect(404);
}

#[tokio::test]
async fn the_pack_of_a_body_says_nothing_of_risk_and_names_nobody() {
    let world = world().await;
    run(&world.test, "UPDATE \"case\" SET risk = 'red'").await;
    let (county, meeting, item) = county_meeting(&world).await;
    step(&county, &meeting, "send_pack", 204).await;
    step(&county, &meeting, "begin", 204).await;
    decide(&county, &meeting, &item, json!({ "code": "lower_risk", "risk": "yellow", "note": "已经搬到奶奶家" }), 200).await;
    let act =
        json!({ "what": "给欧阳晓禾联系学校", "organization": world.bureau.to_string(), "person": "刘老师", "due_day": "2026-12-04" });
    county.send("POST", &format!("/api/v1/conferences/{meeting}/items/{item}/actions"), &act).await.expect(204);
    let bureau = world.test.signed_in("bureau").await;
    assert_eq!(agenda(&bureau, &meeting).await[0]["why"], json!([]));
    let pack = sheet(&bureau, &meeting, &item).await;
    let listed = bureau.get("/api/v1/actions").await.expect(200).text;
    for text in [pack.to_string(), listed] {
        assert!(text.contains("＊＊") && NAMES.iter().all(|name| !text.contains(name)), "{text}");
        assert!(!text.contains("red") && !text.contains("lower_risk"), "{text}");
    }
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

#[tokio::test]
async fn a_body_without_an_account_reports_its_actions_by_a_link_and_by_nothing_else() {
    let world = world().await;
    let (head, meeting, item) = on_agenda(&world).await;
    for what in ["给欧阳晓禾联系学校", "开证明"] {
        let act = json!({ "what": what, "organization": world.first.id.to_string(), "person": "孙老师", "due_day": "2026-12-04" });
        head.send("POST", &format!("/api/v1/conferences/{meeting}/items/{item}/actions"), &act).await.expect(204);
    }
    let links = format!("/conferences/{meeting}/links");
    assert!(head.get(&format!("/conferences/{meeting}")).await.text.contains("发一次性链接"));
    head.post(&links, &[("body", world.second.id.as_str())]).await.expect(409);
    world.test.signed_in("worker1").await.post(&links, &[("body", world.first.id.as_str())]).await.expect(403);
    let made = head.post(&links, &[("body", world.first.id.as_str())]).await.expect(200).text;
    let token: String = made.split_once("/t/").unwrap().1.chars().take_while(char::is_ascii_alphanumeric).collect();
    let code: String = made.split_once("class=\"number\">").unwrap().1.chars().take(7).collect();
    let (link, phone) = (format!("/t/{token}"), world.test.visitor());

    assert!(phone.get(&link).await.expect(200).text.contains("验证码"));
    phone.post(&format!("{link}/code"), &[("code", "000000x")]).await.expect(422);
    phone.post(&format!("{link}/code"), &[("code", &code)]).await.expect(303);
    let page = phone.get(&link).await.expect(200).text;
    assert!(page.contains("开证明") && page.contains("给＊＊联系学校"), "{page}");
    let id = |nth: usize| page.split("/actions/").nth(nth).unwrap().split('"').next().unwrap();
    let refused = phone.post(&format!("{link}/actions/{}", id(1)), &[("what", "done"), ("said", "")]).await.expect(422);
    assert!(refused.text.contains("errors") || refused.text.contains("error"));
    phone.post(&format!("{link}/actions/{}", id(1)), &[("what", "not_done")]).await.expect(403);
    phone.post(&format!("{link}/actions/{}", id(1)), &[("what", "done"), ("said", "已经联系")]).await.expect(303);
    let last = phone.post(&format!("{link}/actions/{}", id(2)), &[("what", "not_possible"), ("said", "缺户口本")]).await.expect(303);
    assert_eq!(last.location.as_deref(), Some("/t/done"));
    let gone = phone.get(&link).await.expect(410).text;
    assert!(
        NAMES.iter().all(|name| !gone.contains(name)) && !gone.contains("孙老师"),
        "a link that is used up says nothing of whose it is"
    );
    let states = world.test.everything("SELECT state FROM action ORDER BY number").await;
    assert!(states.contains("done") && states.contains("not_possible"), "{states}");
    let log = world.test.everything("SELECT role || ' ' || action FROM audit_event").await;
    assert!(log.contains("link action.reported") && log.contains("link action.viewed"), "{log}");
}
