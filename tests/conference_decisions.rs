//! What a meeting decides is done at once, or it is written down why it could not be.

use jiff::SignedDuration;
use serde_json::json;

use crate::conference::{decide, on_agenda, sheet, step, world};
use crate::support::referrals::{NAMES, act, refer};
use lianjie::consent::model::Item;

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
async fn whoever_is_asked_by_a_meeting_is_told_what_the_worker_told_the_last_and_a_first_tier_is_asked_at_once() {
    let world = world().await;
    let test = &world.test;
    let worker = test.signed_in("worker1").await;
    for provider in [&world.first, &world.second] {
        test.consent(&world.station, &provider.id, &[Item::Name]).await;
    }
    let told = json!({ "items": ["name"], "time_windows": "周三下午", "safety_notes": "家里有狗" });
    refer(&worker, &world.need, &world.first, told).await;
    let (head, meeting, item) = on_agenda(&world).await;
    step(&head, &meeting, "begin", 204).await;
    let sites = [world.second.site.to_string(), world.first.site.to_string()];
    let reroute = json!({ "code": "reroute", "need": world.need.to_string(), "sites": sites, "parallel": true });
    assert_eq!(decide(&head, &meeting, &item, reroute.clone(), 200).await["executed"], true);
    let asked =
        "SELECT r.state || ' ' || d.mode FROM referral r JOIN dispatch d ON d.id = r.dispatch_id WHERE r.due_at IS NOT NULL ORDER BY r.id";
    assert_eq!(test.everything(asked).await, "sent parallel\nsent parallel");
    let second = test.signed_in("second").await;
    let inbox = second.get("/api/v1/referrals").await.expect(200).json();
    let path = format!("/api/v1/referrals/{}", inbox["referrals"][0]["id"].as_str().unwrap());
    let seen = second.get(&path).await.expect(200);
    assert!(seen.text.contains("周三下午") && seen.text.contains("家里有狗"), "{}", seen.text);
    let accepted = act(&second, &seen.json()["referral"], "accept", json!({}), 200).await;
    assert_eq!(accepted["packet"][0]["text"], NAMES[0]);

    // Without a word on how, one of the first tier is asked at once, another one after another.
    for (tier, mode) in [(1, "parallel"), (3, "cascade")] {
        test.pass(SignedDuration::from_mins(1));
        let need = test.need(&world.station.case, "EDU-04", tier, true).await;
        let body = json!({ "code": "reroute", "need": need.to_string(), "sites": sites });
        assert_eq!(decide(&head, &meeting, &item, body, 200).await["executed"], true);
        assert_eq!(test.everything("SELECT mode FROM dispatch ORDER BY id DESC LIMIT 1").await.trim(), mode);
    }
}

#[tokio::test]
async fn a_joint_visit_is_an_action_of_the_worker_and_an_approval_lets_the_referral_out_by_another_hand() {
    let world = world().await;
    let worker = world.test.signed_in("worker1").await;
    let waits = refer(&worker, &world.need, &world.first, json!({ "items": ["narrative"] })).await;
    assert_eq!(waits["state"], "pending_approval");
    let (head, meeting, item) = on_agenda(&world).await;
    step(&head, &meeting, "begin", 204).await;
    assert_eq!(decide(&head, &meeting, &item, json!({ "code": "joint_visit", "note": "和教育局一起去" }), 200).await["executed"], true);
    let mine = worker.get("/api/v1/actions").await.expect(200);
    assert!(mine.text.contains("联合走访：和教育局一起去") && mine.text.contains("2026-12-02"), "{}", mine.text);
    assert_eq!(sheet(&head, &meeting, &item).await["decisions"][0]["created"], "actions");

    let approve = json!({ "code": "approve", "referral": waits["id"] });
    assert_eq!(decide(&head, &meeting, &item, approve.clone(), 200).await["executed"], true);
    let read = worker.get(&format!("/api/v1/referrals/{}", waits["id"].as_str().unwrap())).await.json();
    assert_eq!(read["referral"]["state"], "sent");
    // What the head wrote, the head does not approve, in a meeting as little as elsewhere.
    let own =
        refer(&head, &world.test.need(&world.station.case, "EDU-04", 3, true).await, &world.second, json!({ "items": ["narrative"] }))
            .await;
    assert_eq!(own["state"], "pending_approval");
    assert_eq!(decide(&head, &meeting, &item, json!({ "code": "approve", "referral": own["id"] }), 200).await["executed"], false);
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
async fn the_sheet_says_which_way_the_risk_went_who_agreed_and_which_papers_are_there() {
    let world = world().await;
    let (head, meeting, item) = on_agenda(&world).await;
    let page = format!("/conferences/{meeting}/items/{item}");
    assert!(!head.get(&page).await.expect(200).text.contains("class=\"trend\""), "it never changed");
    step(&head, &meeting, "begin", 204).await;
    let bureau = world.bureau.to_string();
    let come = [("body", bureau.as_str()), ("person", "基教科"), ("attended", "yes")];
    head.post(&format!("/conferences/{meeting}/invitations"), &come).await.expect(303);
    let long = "长".repeat(41);
    head.post(&format!("/conferences/{meeting}/invitations"), &[("body", bureau.as_str()), ("person", &long)]).await.expect(422);
    assert_eq!(decide(&head, &meeting, &item, json!({ "code": "raise_risk", "risk": "red" }), 200).await["executed"], true);
    assert_eq!(decide(&head, &meeting, &item, json!({ "code": "keep" }), 200).await["executed"], true);
    let seen = head.get(&page).await.expect(200).text;
    assert!(seen.contains("比上次（黄") && seen.contains("↑"), "{seen}");
    assert!(seen.contains("基教科") && seen.contains("监护评估 · <span class=\"late\">没有"), "who came, and what is missing");
    let name = world.test.everything("SELECT o.name FROM organization o JOIN invitation i ON i.organization_id = o.id").await;
    let dissent = json!({ "decision": 2, "body": name, "reason": "学位已满", "next_step": "再报一次", "due_day": "2026-12-20" });
    head.send("POST", &format!("/api/v1/conferences/{meeting}/items/{item}/dissents"), &dissent).await.expect(204);
    let decisions = sheet(&head, &meeting, &item).await["decisions"].clone();
    assert_eq!((&decisions[0]["agreed"], decisions[1].get("agreed")), (&json!([name]), None), "{decisions}");
    let pack = world.test.signed_in("bureau").await.get(&page).await.expect(200).text;
    assert!(!pack.contains("class=\"trend\"") && !pack.contains("监护评估"), "bodies see neither risk nor papers");
    let wall = head.get(&format!("/conferences/{meeting}/wall/{item}")).await.expect(200).text;
    assert!(wall.contains("class=\"trend\"") && !wall.contains("监护评估"));
    let path = format!("/api/v1/conferences/{meeting}/items/{item}");
    head.send("PATCH", &path, &json!({ "danger": "一个人在家", "safety": "邻居看着" })).await.expect(204);
    head.send("PATCH", &path, &json!({ "next_review": "2026-11-30", "safety": "" })).await.expect(204);
    let kept = sheet(&head, &meeting, &item).await;
    assert_eq!(kept["next_review"], "2026-11-30");
    for (text, said) in [("question", "放学到六点谁来管"), ("danger", "一个人在家"), ("safety", "")] {
        assert_eq!(kept["words"][text], said, "what is not sent stays, an empty text goes: {text}");
    }
    step(&head, &meeting, "sign", 204).await;
    let minutes = head.get(&format!("/conferences/{meeting}/minutes")).await.expect(200).text;
    for text in ["同意：", "会上要看的材料", "2026-11-30", "放学到六点谁来管"] {
        assert!(minutes.contains(text), "the minutes say {text}: {minutes}");
    }
}
