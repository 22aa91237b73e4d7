//! What a meeting puts on paper and into whose hands: the pack in time, the minutes in print, who gets them, who checks an action.

use jiff::SignedDuration;
use lianjie::access::{Role, Scope};
use lianjie::conference::actions::remind_of_packs;
use serde_json::{Value, json};

use crate::conference::{World, called, decide, on_agenda, run, sheet, step, world};
use crate::support::referrals::{NAMES, act, refer};
use crate::support::{Browser, TestApp};

async fn minutes(browser: &Browser, meeting: &str) -> String {
    browser.get(&format!("/conferences/{meeting}/minutes")).await.expect(200).text
}

#[tokio::test]
async fn minutes_in_print_are_one_page_a_case_with_a_watermark_what_was_tried_and_the_risk() {
    let world = world().await;
    let worker = world.test.signed_in("worker1").await;
    for (provider, login) in [(&world.first, "first"), (&world.second, "second")] {
        let sent = refer(&worker, &world.need, provider, json!({})).await;
        act(&world.test.signed_in(login).await, &sent, "decline", json!({ "reason": "not_eligible_age", "note": "" }), 200).await;
    }
    run(&world.test, "UPDATE \"case\" SET risk_before = 'yellow', risk = 'red'").await;
    let (head, meeting, item) = on_agenda(&world).await;
    step(&head, &meeting, "begin", 204).await;
    decide(&head, &meeting, &item, json!({ "code": "keep" }), 200).await;
    step(&head, &meeting, "sign", 204).await;
    run(&world.test, "UPDATE \"case\" SET risk_before = NULL, risk = 'green'").await;
    run(&world.test, "UPDATE referral SET state = 'withdrawn'").await;

    let first = minutes(&head, &meeting).await;
    assert!(first.contains("试过什么、为什么没成") && first.contains("不受理 · 年龄不符合 × 2"), "counts by reason, as they were: {first}");
    assert!(first.contains("risk--red") && first.contains("比上次（"), "risk and trend, as they were");
    assert!(first.contains("class=\"watermark onpaper\"") && first.contains("会商纪要·内部资料 · 第 1 份"), "{first}");
    assert_eq!(first.matches("<article class=\"sheet stack minutes\"").count(), 1);
    assert!(!first.contains("style="), "no style inside the page");
    for name in NAMES {
        assert!(!first.contains(name), "{name} is on paper");
    }
    assert!(minutes(&head, &meeting).await.contains("第 2 份"), "each reading is a copy");
    let log = world.test.everything("SELECT fields FROM audit_event WHERE action = 'conference.minutes_viewed' ORDER BY id").await;
    assert!(log.contains("copy=1") && log.contains("copy=2"), "a paper that is found leads to who took it: {log}");
    let print = head.get("/assets/print.css").await.expect(200).text;
    assert!(print.contains(".minutes { break-before: page;") && print.contains(".watermark { position: fixed;"), "each case begins a page");
    let screen = head.get("/assets/components.css").await.expect(200).text;
    assert!(screen.contains(".onpaper { display: none; }"), "the watermark is on paper only");

    let bureau = minutes(&world.test.signed_in("bureau").await, &meeting).await;
    assert!(!bureau.contains("risk--red") && !bureau.contains("年龄不符合"), "a body reads neither the risk nor what was tried");
}

async fn called_for(head: &Browser, starts_at: &str) -> String {
    let body = json!({ "title": "疑难个案研讨会", "place": "长芦站二楼", "starts_at": starts_at });
    head.send("POST", "/api/v1/conferences", &body).await.expect(201).json()["id"].as_str().unwrap().to_owned()
}

async fn reminders(test: &TestApp) -> usize {
    for _ in 0..2 {
        remind_of_packs(&test.app).await.unwrap();
    }
    test.everything("SELECT id FROM notice WHERE template = 'meeting_pack_due'").await.lines().count()
}

#[tokio::test]
async fn who_leads_is_reminded_once_of_a_pack_two_working_days_before_over_the_festival() {
    // Thursday. Saturday the 14th is worked, the festival lasts from the 15th to the 23rd, the meeting is on Wednesday the 25th.
    let test = TestApp::start_at("2026-02-12T13:00:00+08:00").await;
    test.station_with_case().await;
    let head = test.signed_in("head1").await;
    let meeting = called_for(&head, "2026-02-25T14:00:00+08:00").await;
    let due = async || {
        let head = test.signed_in("head1").await;
        let page = head.get(&format!("/conferences/{meeting}")).await.expect(200).text;
        let said = head.get(&format!("/api/v1/conferences/{meeting}")).await.expect(200).json()["pack_due"] == true;
        assert_eq!(page.contains("离开会不到两个工作日，材料还没有发"), said);
        said
    };
    assert_eq!((reminders(&test).await, due().await), (0, false), "Thursday");
    test.pass(SignedDuration::from_hours(48)); // Saturday 14 February, 13:00
    assert_eq!((reminders(&test).await, due().await), (0, false), "ten hours of the worked Saturday and two days are left, and one hour");
    test.pass(SignedDuration::from_hours(1));
    assert_eq!((reminders(&test).await, due().await), (1, true), "two working days before, which is eleven days by the clock");
    test.pass(SignedDuration::from_hours(24 * 10));
    assert_eq!((reminders(&test).await, due().await), (1, true), "once");
    assert!(test.signed_in("head1").await.get("/").await.expect(200).text.contains("材料还没有发"));
}

#[tokio::test]
async fn a_pack_that_is_out_and_a_meeting_that_is_off_bring_no_reminder() {
    let world = world().await;
    let (head, meeting, _) = on_agenda(&world).await;
    step(&head, &meeting, "send_pack", 204).await;
    let other = called(&head, &[]).await;
    head.send("POST", &format!("/api/v1/conferences/{other}/steps"), &json!({ "step": "cancel", "reason": "人不齐" })).await.expect(204);
    run(&world.test, "UPDATE conference SET starts_at = '2026-11-26T06:00:00.000Z'").await;
    assert_eq!(reminders(&world.test).await, 0);
    let soon = called_for(&head, "2026-11-26T15:00:00+08:00").await;
    assert_eq!(reminders(&world.test).await, 1, "called for tomorrow: at once");
    run(&world.test, "UPDATE conference SET starts_at = '2026-11-24T06:00:00.000Z'").await;
    assert!(head.get(&format!("/conferences/{soon}")).await.expect(200).text.contains("材料还没有发"));
}

#[tokio::test]
async fn who_gets_the_minutes_is_named_printed_and_fixed_when_they_are_signed() {
    let world = world().await;
    let station = world.test.everything("SELECT organization_id FROM account WHERE login = 'head1'").await.trim().to_owned();
    world.test.account("desk", Some(&world.first.id), Role::Participant, Scope::Organization(world.first.id.clone())).await;
    let (head, meeting, item) = on_agenda(&world).await;
    let path = format!("/conferences/{meeting}/receivers");
    head.post(&format!("/conferences/{meeting}/invitations"), &[("body", world.first.id.as_str())]).await.expect(303);
    let listed = async || {
        let found: Value = head.get(&format!("/api/v1/conferences/{meeting}")).await.expect(200).json();
        let of = |one: &Value| format!("{}/{}", one["name"].as_str().unwrap(), one["person"].as_str().unwrap());
        let mut all: Vec<String> = found["receivers"].as_array().unwrap().iter().map(of).collect();
        all.sort();
        all
    };
    assert_eq!(listed().await, ["向阳花bureau-desk/", "向阳花first/"], "whoever is invited");
    head.post(&path, &[("receiver", world.first.id.as_str()), ("receiver_person", ""), ("gets", "no")]).await.expect(303);
    head.post(&path, &[("receiver", &station), ("receiver_person", "周站长"), ("gets", "yes")]).await.expect(303);
    let elsewhere = world.second.id.to_string();
    world.test.account("guest", Some(&world.second.id), Role::Participant, Scope::Organization(world.second.id.clone())).await;
    head.post(&path, &[("receiver", ""), ("gets", "yes")]).await.expect(422);
    let path_json = format!("/api/v1/conferences/{meeting}/receivers");
    let twice = json!({ "organization": station, "person": "周站长", "gets": true });
    head.send("POST", &path_json, &twice).await.expect(204);
    world.test.signed_in("bureau").await.send("POST", &path_json, &twice).await.expect(403);
    assert_eq!(listed().await, ["向阳花bureau-desk/", "长芦街道未成年人保护工作站/周站长"]);
    assert!(head.get(&format!("/conferences/{meeting}")).await.expect(200).text.contains("长芦街道未成年人保护工作站 · 周站长"));

    // It was not invited, and still gets what comes of it.
    let guest = world.test.signed_in("guest").await;
    head.send("POST", &path_json, &json!({ "organization": elsewhere, "gets": true })).await.expect(204);
    guest.get(&format!("/conferences/{meeting}")).await.expect(404);
    let desk = world.test.signed_in("desk").await;
    let sheet_path = format!("/conferences/{meeting}/items/{item}");
    desk.get(&sheet_path).await.expect(200);

    step(&head, &meeting, "begin", 204).await;
    step(&head, &meeting, "sign", 204).await;
    desk.get(&sheet_path).await.expect(404);
    desk.get(&format!("/api/v1{sheet_path}")).await.expect(404);
    assert!(minutes(&guest, &meeting).await.contains("会商纪要"));
    guest.get(&sheet_path).await.expect(200);
    assert_eq!(sheet(&head, &meeting, &item).await["receivers"].as_array().unwrap().len(), 3, "on the sheet, and in what is signed");
    let page = minutes(&head, &meeting).await;
    assert!(
        page.contains("纪要发给")
            && page.contains("<li>长芦街道未成年人保护工作站 · 周站长</li>")
            && page.contains("<li>向阳花bureau-desk</li>")
    );
    let late = head.send("POST", &path_json, &json!({ "organization": world.first.id, "gets": true })).await.expect(409);
    assert!(late.text.contains("补充纪要"), "{}", late.text);
    run(&world.test, "UPDATE organization SET name = '改了名的单位' WHERE kind = '教育局'").await;
    assert!(minutes(&head, &meeting).await.contains("<li>向阳花bureau-desk</li>"), "frozen");

    minutes(&world.test.signed_in("bureau").await, &meeting).await;
    let refused = world.test.signed_in("desk").await.get(&format!("/conferences/{meeting}/minutes")).await.expect(403);
    assert!(refused.text.contains("没有发给您的单位"), "{}", refused.text);
    let told = world
        .test
        .everything(
            "SELECT DISTINCT o.name FROM notice n JOIN organization o ON o.id = n.organization_id WHERE n.template = 'meeting_minutes'",
        )
        .await;
    let mut told: Vec<&str> = told.lines().collect();
    told.sort_unstable();
    assert_eq!(
        told,
        ["向阳花second", "改了名的单位", "长芦街道未成年人保护工作站"],
        "who gets them is told, invited or not, and nobody else"
    );
}

/// An action of the bureau's that somebody is named to check; gives its id.
async fn agreed(world: &World, head: &Browser, (meeting, item): (&str, &str), checker: &str, status: u16) -> String {
    let action = json!({ "what": "联系学校", "organization": world.bureau.to_string(), "person": "测试·bureau", "due_day": "2026-12-04", "checker": checker });
    head.send("POST", &format!("/api/v1/conferences/{meeting}/items/{item}/actions"), &action).await.expect(status);
    world.test.everything("SELECT id FROM action ORDER BY number DESC LIMIT 1").await.trim().to_owned()
}

#[tokio::test]
async fn what_is_reported_done_waits_for_the_person_named_to_check_it() {
    let world = world().await;
    let id_of = async |login: &'static str| {
        let all = world.test.everything("SELECT login || ' ' || id FROM account").await;
        all.lines().find_map(|line| line.strip_prefix(login)?.strip_prefix(' ').map(str::to_owned)).unwrap()
    };
    let (head, meeting, item) = on_agenda(&world).await;
    let place = (meeting.as_str(), item.as_str());
    agreed(&world, &head, place, &id_of("first").await, 422).await;
    let own = head
        .post(
            &format!("/conferences/{meeting}/items/{item}/actions"),
            &[
                ("what", "联系学校"),
                ("organization", world.bureau.as_str()),
                ("person", "测试·bureau"),
                ("due_day", "2026-12-04"),
                ("checker", &id_of("bureau").await),
            ],
        )
        .await
        .expect(422);
    assert!(own.text.contains("做的人不能自己核实"), "{}", own.text);
    let action = agreed(&world, &head, place, &id_of("worker2").await, 204).await;
    let line = sheet(&head, &meeting, &item).await["actions"][0].clone();
    assert_eq!(line["checker"], "测试·worker2");
    let (bureau, other) = (world.test.signed_in("bureau").await, world.test.signed_in("worker2").await);
    let path = format!("/api/v1/actions/{action}");
    other.send("POST", &path, &json!({ "what": "checked" })).await.expect(409);
    bureau.send("POST", &path, &json!({ "what": "done", "said": "学校同意了" })).await.expect(204);
    assert!(other.get("/").await.expect(200).text.contains("报做完了，由您核实"), "who is to check it is told");
    let refused = head.send("POST", &path, &json!({ "what": "checked" })).await.expect(403);
    assert!(refused.text.contains("由别人核实"), "{}", refused.text);
    bureau.send("POST", &path, &json!({ "what": "checked" })).await.expect(403);
    world.test.signed_in("worker1").await.send("POST", &path, &json!({ "what": "checked" })).await.expect(404);
    let mine = other.get("/actions").await.expect(200).text;
    assert!(mine.contains("会上定了由您核实") && mine.contains("联系学校"), "{mine}");
    other.post(&format!("/actions/{action}"), &[("what", "checked")]).await.expect(303);
    assert_eq!(sheet(&head, &meeting, &item).await["actions"][0]["checked"], true);
    assert!(!other.get("/actions").await.expect(200).text.contains("联系学校"), "it is off the desk");

    // Whoever was named and is no longer there is waited for no longer.
    let second = agreed(&world, &head, place, &id_of("worker2").await, 204).await;
    bureau.send("POST", &format!("/api/v1/actions/{second}"), &json!({ "what": "done", "said": "好了" })).await.expect(204);
    run(&world.test, "UPDATE account SET status = 'disabled' WHERE login = 'worker2'").await;
    head.send("POST", &format!("/api/v1/actions/{second}"), &json!({ "what": "checked" })).await.expect(204);

    // Nor is who has no task any more.
    run(&world.test, "UPDATE account SET status = 'active' WHERE login = 'worker2'").await;
    let third = agreed(&world, &head, place, &id_of("worker2").await, 204).await;
    bureau.send("POST", &format!("/api/v1/actions/{third}"), &json!({ "what": "done", "said": "好了" })).await.expect(204);
    run(&world.test, "UPDATE role_grant SET valid_from = '2026-01-01', valid_to = '2026-01-31' WHERE account_id = (SELECT id FROM account WHERE login = 'worker2')").await;
    let gone = world.test.signed_in("worker2").await.get("/actions").await;
    assert!(!gone.text.contains("联系学校"), "{}", gone.text);
    head.send("POST", &format!("/api/v1/actions/{third}"), &json!({ "what": "checked" })).await.expect(204);
}
