//! Who reads what of a meeting: the wall, the pack of a body that is invited, the heads of stations, a body without an account.

use lianjie::access::{Role, Scope};
use serde_json::json;

use crate::conference::{World, agenda, called, decide, on_agenda, run, sheet, step, world};
use crate::support::Browser;
use crate::support::referrals::NAMES;

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
