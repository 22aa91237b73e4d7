//! A meeting is moved and who is invited is told; one that was not held, or not signed, is said and lets its cases go.

use jiff::SignedDuration;
use lianjie::conference::actions::remind_of_ends;
use serde_json::{Value, json};

use crate::conference::{agenda, called, on_agenda, run, step, world};
use crate::support::TestApp;

async fn told(test: &TestApp, template: &'static str) -> usize {
    for _ in 0..2 {
        remind_of_ends(&test.app).await.unwrap();
    }
    test.everything("SELECT template FROM notice").await.lines().filter(|line| *line == template).count()
}

#[tokio::test]
async fn a_meeting_is_moved_before_it_sits_and_who_is_invited_is_told() {
    let world = world().await;
    let (head, meeting, _) = on_agenda(&world).await;
    let path = format!("/conferences/{meeting}");
    let page = head.get(&path).await.expect(200).text;
    assert!(page.contains("改时间或地点") && page.contains("value=\"2027-03-03\"") && page.contains("value=\"14:00\""), "as it is: {page}");
    let before = head.get(&format!("{path}/invitation.ics")).await.expect(200).text;

    let typed = [("title", "疑难个案研讨会"), ("day", "2027-03-05"), ("time", "09:30"), ("place", "长芦站三楼")];
    head.post(&format!("{path}/time"), &typed).await.expect(303);
    let page = head.get(&path).await.expect(200).text;
    assert!(page.contains("2027-03-05 09:30") && page.contains("长芦站三楼"), "{page}");
    let after = head.get(&format!("{path}/invitation.ics")).await.expect(200).text;
    let sequence = |file: &str| file.lines().find_map(|line| line.strip_prefix("SEQUENCE:")?.trim().parse::<u32>().ok()).unwrap();
    assert!(after.contains("DTSTART:20270305T013000Z") && sequence(&after) > sequence(&before), "{after}");
    assert!(world.test.signed_in("bureau").await.get("/").await.expect(200).text.contains("改了时间或地点"), "who is invited");
    assert!(world.test.everything("SELECT action FROM audit_event").await.contains("conference.moved"));

    let refused = head.post(&format!("{path}/time"), &[("title", ""), ("day", "2020-01-01"), ("time", "9:30"), ("place", "楼下")]).await;
    assert!(refused.status == 422 && refused.text.contains("value=\"楼下\""), "what was typed is kept: {}", refused.text);
    let body = json!({ "title": "会", "place": "站里", "starts_at": "2027-03-08T09:00:00+08:00" });
    world.test.signed_in("bureau").await.send("PATCH", &format!("/api/v1{path}"), &body).await.expect(403);
    head.send("PATCH", &format!("/api/v1{path}"), &body).await.expect(204);
    step(&head, &meeting, "begin", 204).await;
    head.send("PATCH", &format!("/api/v1{path}"), &body).await.expect(409);
    assert!(!head.get(&path).await.expect(200).text.contains("改时间或地点"), "one that sits stays where it is");
}

#[tokio::test]
async fn a_meeting_nobody_held_is_said_and_lets_its_cases_go() {
    let world = world().await;
    let (head, meeting, _) = on_agenda(&world).await;
    let other = called(&head, &[]).await;
    let fill = async || {
        head.post(&format!("/conferences/{other}/agenda"), &[("how", "fill")]).await.expect(303);
        agenda(&head, &other).await.len()
    };
    run(&world.test, "UPDATE agenda_proposal SET taken_at = NULL").await;
    assert_eq!((fill().await, told(&world.test, "meeting_lapsed").await), (0, 0), "the case is on the first");
    run(
        &world.test,
        "UPDATE conference SET starts_at = '2026-11-24T14:00:00.000Z' WHERE version = 1 AND id IN (SELECT conference_id FROM agenda_item)",
    )
    .await;
    assert_eq!(told(&world.test, "meeting_lapsed").await, 0, "twelve hours late at most");
    world.test.pass(SignedDuration::from_hours(24));
    let head = world.test.signed_in("head1").await;
    assert_eq!(told(&world.test, "meeting_lapsed").await, 1, "once");
    assert!(head.get("/").await.expect(200).text.contains("没有开，也没有取消"));
    head.post(&format!("/conferences/{other}/agenda"), &[("how", "fill")]).await.expect(303);
    assert_eq!(agenda(&head, &other).await.len(), 1, "what waits for a meeting comes up at the next");
    let state: Value = head.get(&format!("/api/v1/conferences/{meeting}")).await.expect(200).json();
    assert_eq!(state["conference"]["state"], "planned");
}

#[tokio::test]
async fn minutes_that_nobody_signs_are_asked_for_after_three_working_days() {
    // Wednesday; three working days later is Monday.
    let world = world().await;
    let (head, meeting, _) = on_agenda(&world).await;
    run(&world.test, "UPDATE conference SET starts_at = '2026-11-25T06:00:00.000Z'").await;
    step(&head, &meeting, "begin", 204).await;
    world.test.pass(SignedDuration::from_hours(24 * 3));
    assert_eq!(told(&world.test, "meeting_unsigned").await, 0, "Saturday");
    world.test.pass(SignedDuration::from_hours(24 * 2 + 6));
    assert_eq!(told(&world.test, "meeting_unsigned").await, 1, "Monday afternoon, once");
}
