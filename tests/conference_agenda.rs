//! What else brings a case up: an emergency, the loop, appointments missed, the chair; what is put off; and what the sheet says
//! of what was tried and of whom to ask.

use jiff::SignedDuration;
use lianjie::referral::sweep;
use serde_json::{Value, json};

use crate::conference::{agenda, called, decide, on_agenda, run, sheet, step, world};
use crate::support::Browser;
use crate::support::referrals::{TOWNSHIP, act, refer};

/// Why the first case of a meeting that is called now is on its agenda, and what the page says of it.
async fn why(head: &Browser) -> (Value, String) {
    let meeting = called(head, &[]).await;
    let first = agenda(head, &meeting).await.first().map(|item| item["why"].clone());
    let page = head.get(&format!("/conferences/{meeting}")).await.expect(200).text;
    let off = json!({ "step": "cancel", "reason": "改期" });
    head.send("POST", &format!("/api/v1/conferences/{meeting}/steps"), &off).await.expect(204);
    (first.unwrap_or_default(), page)
}

#[tokio::test]
async fn an_emergency_that_runs_comes_up_first_and_not_once_it_has_ended() {
    let world = world().await;
    let (worker, head) = (world.test.signed_in("worker1").await, world.test.signed_in("head1").await);
    assert_eq!(why(&head).await.0, Value::Null);
    let start = json!({ "cause": "injury", "case": world.station.case.to_string() });
    let emergency = worker.send("POST", "/api/v1/emergencies", &start).await.expect(201).json()["id"].as_str().unwrap().to_owned();
    let (whys, page) = why(&head).await;
    assert_eq!(whys, json!(["emergency", "red"]), "it has raised the risk, too");
    assert!(page.contains("紧急个案、红色"), "{page}");
    for step in ["contact", "police", "measures", "report"] {
        let done = json!({ "step": step, "note": "做了" });
        head.send("POST", &format!("/api/v1/emergencies/{emergency}/steps"), &done).await.expect(204);
    }
    head.send("POST", &format!("/api/v1/emergencies/{emergency}/end"), &json!({})).await.expect(204);
    assert_eq!(why(&head).await.0, json!(["red"]));
}

#[tokio::test]
async fn a_referral_to_an_organization_that_was_suspended_asks_for_the_meeting() {
    let world = world().await;
    let worker = world.test.signed_in("worker1").await;
    refer(&worker, &world.need, &world.first, json!({})).await;
    let head = world.test.signed_in("head1").await;
    assert_eq!(why(&head).await.0, Value::Null);
    run(&world.test, "UPDATE organization SET status = 'suspended' WHERE name LIKE '%first'").await;
    sweep(&world.test.app).await.unwrap().unwrap();
    let (whys, page) = why(&head).await;
    assert_eq!(whys, json!(["flagged"]));
    assert!(page.contains("转介要上会"), "{page}");
}

#[tokio::test]
async fn a_third_appointment_that_was_missed_comes_up() {
    let world = world().await;
    let worker = world.test.signed_in("worker1").await;
    let sent = refer(&worker, &world.need, &world.first, json!({})).await;
    let hand = world.test.signed_in("first").await;
    act(&hand, &sent, "accept", json!({}), 200).await;
    let head = world.test.signed_in("head1").await;
    let path = format!("/api/v1/referrals/{}/appointments", sent["id"].as_str().unwrap());
    for (missed, expected) in [(1, Value::Null), (2, Value::Null), (3, json!(["no_show"]))] {
        let booked = hand.send("POST", &path, &json!({ "at": format!("2026-11-2{}T15:00", 5 + missed) })).await;
        assert!(booked.status < 300, "{}", booked.text);
        let open = "SELECT id FROM appointment WHERE state = 'booked'";
        let id = world.test.everything(open).await;
        let settled = hand.send("POST", &format!("{path}/{}", id.trim()), &json!({ "state": "no_show" })).await;
        assert!(settled.status < 300, "{}", settled.text);
        let (whys, page) = why(&head).await;
        assert_eq!((whys, page.contains("三次没到")), (expected, missed == 3), "{missed} missed");
    }
}

#[tokio::test]
async fn a_rest_whose_end_nobody_looked_at_for_a_fortnight_is_overdue_like_the_rest() {
    let world = world().await;
    let worker = world.test.signed_in("worker1").await;
    let sent = refer(&worker, &world.need, &world.first, json!({})).await;
    act(&worker, &sent, "hold", json!({ "reason": "hospital", "until": "2026-11-25" }), 200).await;
    for (days, expected) in [(13, Value::Null), (2, json!(["overdue"]))] {
        world.test.pass(SignedDuration::from_hours(24 * days));
        sweep(&world.test.app).await.unwrap().unwrap();
        assert_eq!(why(&world.test.signed_in("head1").await).await.0, expected);
    }
}

#[tokio::test]
async fn the_chair_adds_a_case_by_its_number_moves_it_up_and_takes_it_off() {
    let world = world().await;
    let (head, meeting, _) = on_agenda(&world).await;
    let station = world.test.everything("SELECT station_id FROM \"case\"").await.trim().parse().unwrap();
    let second = world.test.case_of_number(&station, &world.station.worker, 2).await;
    let elsewhere = world.test.station("城东站", "320106002").await;
    let foreign = world.test.case_of_number(&elsewhere, &world.station.worker, 3).await;
    let numbers = world.test.everything("SELECT id || ' ' || number FROM \"case\"").await;
    let number = |id: &lianjie::id::CaseId| {
        let line = numbers.lines().find(|line| line.starts_with(id.as_str())).unwrap();
        line.rsplit(' ').next().unwrap().to_owned()
    };
    let path = format!("/conferences/{meeting}/agenda");
    let add = async |number: &str, status: u16| head.post(&path, &[("how", "add"), ("number", number)]).await.expect(status).text;
    assert!(add("Z-000000", 422).await.contains("没有这个编号"));
    let of_others = add(&number(&foreign), 422).await;
    assert!(of_others.contains("没有这个编号"), "whose it is not told: {of_others}");
    add(&format!(" {} ", number(&second).to_lowercase()), 303).await;
    let twice = head.post(&path, &[("how", "add"), ("number", &number(&second))]).await;
    assert!([409, 422].contains(&twice.status) && twice.text.contains("已经在议程上"), "{}: {}", twice.status, twice.text);
    let items = agenda(&head, &meeting).await;
    let whys: Vec<_> = items.iter().map(|item| item["why"].clone()).collect();
    assert_eq!(whys, [json!(["proposed"]), json!(["chair"])]);
    assert!(head.get(&format!("/conferences/{meeting}")).await.expect(200).text.contains("主持人加的"));

    let added = items[1]["id"].as_str().unwrap();
    for _ in 0..2 {
        head.post(&path, &[("how", "up"), ("item", added)]).await.expect(303);
    }
    let items = agenda(&head, &meeting).await;
    let order: Vec<_> = items.iter().map(|item| (item["position"].as_u64().unwrap(), item["why"].clone())).collect();
    assert_eq!(order, [(1, json!(["chair"])), (2, json!(["proposed"]))], "the first stays the first");
    world.test.signed_in("worker1").await.post(&path, &[("how", "up"), ("item", added)]).await.expect(403);
    head.post(&path, &[("how", "remove"), ("item", added)]).await.expect(303);
    assert_eq!(agenda(&head, &meeting).await.len(), 1);
}

#[tokio::test]
async fn what_a_meeting_decides_to_put_off_is_written_down_and_comes_up_at_the_next() {
    let world = world().await;
    let (head, meeting, item) = on_agenda(&world).await;
    step(&head, &meeting, "begin", 204).await;
    assert_eq!(decide(&head, &meeting, &item, json!({ "code": "defer", "note": "等教育局的回函" }), 200).await["executed"], true);
    assert_eq!(agenda(&head, &meeting).await[0]["state"], "deferred");
    let decided = sheet(&head, &meeting, &item).await["decisions"][0].clone();
    assert_eq!((decided["code"].as_str(), decided["note"].as_str()), (Some("defer"), Some("等教育局的回函")));
    step(&head, &meeting, "sign", 204).await;
    let minutes = head.get(&format!("/conferences/{meeting}/minutes")).await.expect(200).text;
    assert!(minutes.contains("下次再议") && minutes.contains("等教育局的回函"), "{minutes}");
    assert_eq!(sheet(&head, &meeting, &item).await["next_review"], Value::Null, "put off is not reviewed in three months");
    // The day of the meeting comes: the next one has it on its agenda, though nothing else speaks for it.
    run(&world.test, "UPDATE conference SET starts_at = '2026-11-25T01:00:00.000Z'").await;
    world.test.pass(SignedDuration::from_hours(24));
    assert_eq!(why(&world.test.signed_in("head1").await).await.0, json!(["put_off"]));
}

#[tokio::test]
async fn the_sheet_counts_what_was_tried_by_reason_and_offers_whom_to_ask() {
    let world = world().await;
    let test = &world.test;
    let worker = test.signed_in("worker1").await;
    test.need(&world.station.case, "PSY-03", 3, false).await;
    for (provider, login, reason) in
        [(&world.first, "first", "no_capacity"), (&world.second, "second", "not_eligible_age"), (&world.first, "first", "no_capacity")]
    {
        let sent = refer(&worker, &world.need, provider, json!({})).await;
        act(&test.signed_in(login).await, &sent, "decline", json!({ "reason": reason, "note": "" }), 200).await;
    }
    let third = test.provider("third", "社工机构", TOWNSHIP, "EDU-04", Some(7)).await;
    let sent = refer(&worker, &world.need, &third, json!({})).await;
    act(&worker, &sent, "withdraw", json!({ "reason": "wrong_provider" }), 200).await;
    test.indexed().await;
    let (head, meeting, item) = on_agenda(&world).await;
    step(&head, &meeting, "begin", 204).await;
    let tried = sheet(&head, &meeting, &item).await["tried"].clone();
    let expected = json!([["declined", "no_capacity", 2], ["declined", "not_eligible_age", 1], ["withdrawn", "wrong_provider", 1]]);
    assert_eq!(tried, expected, "by how often, not by when");

    let page = head.get(&format!("/conferences/{meeting}/items/{item}")).await.expect(200).text;
    let part = |from: &str, to: &str| page.split_once(from).unwrap().1.split_once(to).unwrap().0.to_owned();
    let third_part = part("<h2>3 · 试过什么、为什么没成</h2>", "</section>");
    let lines: Vec<&str> = third_part.split("<li>").skip(1).map(|line| line.split("</li>").next().unwrap()).collect();
    assert_eq!(lines, ["不受理 · 没有空位 × 2", "不受理 · 年龄不符合 × 1", "已撤回 · 发错了机构 × 1"]);

    let options = part("<legend>5 · 可以找谁（按顺序问）</legend>", "</fieldset>");
    assert!(options.contains(&format!("name=\"site\" value=\"{}\"", third.site)), "{options}");
    assert!(
        options.contains("四点半课堂 · 向阳花third") && options.contains("7 个 · 截至 2026-11-25"),
        "who, and how many places are free: {options}"
    );
    assert!(options.matches("name=\"site\"").count() <= 3, "three for a need at most");
    assert!(options.contains("没有合适的服务；可以认定缺口。"), "of the need that nobody serves: {options}");
    let bureau = test.signed_in("bureau").await.get(&format!("/conferences/{meeting}/items/{item}")).await.expect(200).text;
    assert!(!bureau.contains("没有空位") && !bureau.contains("name=\"site\""), "bodies see neither");
}
