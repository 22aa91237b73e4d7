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
