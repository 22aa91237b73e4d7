//! The timers over the sweep, one by one: who is told when one runs out and when twice its time is over; rests and their end;
//! the looks after the end.

use jiff::SignedDuration;
use lianjie::referral::sweep;
use serde_json::{Value, json};

use crate::referrals::{one_provider, whole};
use crate::support::TestApp;
use crate::support::referrals::{TOWNSHIP, act, refer};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

const fn hours(count: i64) -> SignedDuration {
    SignedDuration::from_hours(count)
}

/// A station with a need of a tier that was put to a provider.
struct Sent {
    test: TestApp,
    referral: Value,
}

async fn sent(tier: u8) -> Sent {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let need = test.need(&station.case, "EDU-04", tier, false).await;
    let provider = one_provider(&test, "sun", None).await;
    let referral = refer(&test.signed_in("worker1").await, &need, &provider, json!({})).await;
    Sent { test, referral }
}

impl Sent {
    /// Somebody does something to it.
    async fn act(&self, login: &str, action: &str, body: Value, status: u16) -> Value {
        act(&self.test.signed_in(login).await, &self.referral, action, body, status).await
    }

    /// Who was told that it is overdue, in order.
    async fn told(&self) -> Vec<String> {
        let rows = "SELECT a.login FROM notice n JOIN account a ON a.id = n.account_id WHERE n.template IN ('referral_overdue', 'referral_heartbeat', 'referral_waitlist_review') ORDER BY n.id";
        self.test.everything(rows).await.lines().map(str::to_owned).collect()
    }

    /// Whose it is, the timer that runs, the step of the ladder.
    async fn stands(&self) -> String {
        let row = "SELECT a.login || ' ' || r.due_kind || ' ' || r.overdue FROM referral r JOIN account a ON a.id = r.owner_id";
        self.test.everything(row).await
    }

    /// Lets time pass and looks twice: nobody is told a second time.
    async fn later(&self, time: SignedDuration) {
        self.test.pass(time);
        for _ in 0..2 {
            sweep(&self.test.app).await.unwrap().unwrap();
        }
    }

    /// Nobody is told before the timer has run out, its owner is then, and the station head when twice its time is over.
    async fn climbs(&self, timer: &str, length: SignedDuration, owner: &str) {
        let before = self.told().await.len();
        let new = async || self.told().await.split_off(before);
        self.later(length - MINUTE).await;
        assert_eq!((self.stands().await, new().await), (format!("worker1 {timer} 0"), vec![]), "{timer}: in time");
        self.later(MINUTE * 2).await;
        assert_eq!((self.stands().await, new().await), (format!("{owner} {timer} 2"), vec![owner.to_owned()]), "{timer}: run out");
        self.later(length - MINUTE * 2).await;
        assert_eq!(new().await.len(), 1, "{timer}: not yet twice");
        self.later(MINUTE * 2).await;
        assert_eq!(
            (self.stands().await, new().await),
            (format!("{owner} {timer} 4"), vec![owner.to_owned(), "head1".to_owned()]),
            "{timer}"
        );
        self.later(hours(24 * 9)).await;
        assert_eq!(new().await.len(), 2, "{timer}: the ladder has no further step");
        whole(&self.test, &self.referral).await;
    }
}

#[tokio::test]
async fn a_first_contact_that_is_not_made_is_told_the_owner_and_then_the_station_head() {
    // Accepted at nine: the third day is over with its last hour. The first tier has 24 hours by the clock, not until a day ends.
    for (tier, length) in [(1, hours(24)), (2, hours(3 * 24 + 15)), (3, hours(3 * 24 + 15))] {
        let sent = sent(tier).await;
        let accepted = sent.act("sun", "accept", json!({}), 200).await;
        assert_eq!((accepted["due_kind"].as_str(), accepted["tier"].as_u64()), (Some("T3"), Some(u64::from(tier))));
        sent.climbs("T3", length, "worker1").await;
    }
    // What the provider promises counts, where it is sooner than the clock of the first tier.
    let sent = sent(1).await;
    let today = sent.act("sun", "accept", json!({ "contact_day": "2026-11-25" }), 200).await;
    assert_eq!(today["due_at"], "2026-11-25T16:00:00.000Z");
}

#[tokio::test]
async fn a_first_service_that_is_not_given_on_the_promised_day_is_told() {
    for (tier, days) in [(1, 3), (2, 14), (4, 30)] {
        let sent = sent(tier).await;
        sent.act("sun", "accept", json!({}), 200).await;
        sent.act("sun", "serve", json!({ "record": "contact" }), 200).await;
        sent.climbs("T4", hours(days * 24 + 15), "worker1").await;
    }
    let sent = sent(2).await;
    sent.act("sun", "accept", json!({ "promised_day": "2026-11-30" }), 200).await;
    let met = sent.act("sun", "serve", json!({ "record": "contact" }), 200).await;
    assert_eq!((met["due_kind"].as_str(), met["due_at"].as_str()), (Some("T4"), Some("2026-11-30T16:00:00.000Z")), "what was promised");
}

#[tokio::test]
async fn a_service_nobody_hears_of_is_told_and_every_record_is_a_sign_of_life() {
    for (tier, days) in [(1, 7), (2, 14), (3, 30)] {
        let sent = sent(tier).await;
        sent.act("sun", "accept", json!({}), 200).await;
        sent.act("sun", "serve", json!({ "record": "service" }), 200).await;
        sent.later(hours(days * 24 - 1)).await;
        let alive = sent.act("sun", "serve", json!({ "record": "contact" }), 200).await;
        assert_eq!((alive["due_kind"].as_str(), alive["overdue"].as_u64()), (Some("T5"), Some(0)));
        sent.climbs("T5", hours(days * 24), "worker1").await;
    }
}

#[tokio::test]
async fn a_waiting_list_is_looked_at_again_and_looking_starts_the_time_anew() {
    for (tier, days) in [(1, 3), (2, 7), (4, 14)] {
        let sent = sent(tier).await;
        sent.act("sun", "waitlist", json!({ "expected_day": "2027-03-01" }), 200).await;
        sent.later(hours(days * 24 - 1)).await;
        let looked = sent.act("worker1", "chase", json!({}), 200).await;
        assert_eq!((looked["due_kind"].as_str(), looked["state"].as_str()), (Some("T6"), Some("waitlisted")));
        sent.climbs("T6", hours(days * 24), "worker1").await;
        assert_eq!(sent.test.everything("SELECT state FROM referral").await, "waitlisted", "it is asked about, never ended by itself");
    }
}

#[tokio::test]
async fn a_question_nobody_answers_becomes_the_station_heads_who_answers_withdraws_or_reroutes() {
    // Wednesday at nine: four hours by the clock, a working day, and three of them over the weekend.
    for (tier, length, way) in [(1, hours(4), "answer"), (2, hours(24), "withdraw"), (1, hours(4), "reroute")] {
        let sent = sent(tier).await;
        sent.act("sun", "ask", json!({ "note": "周末也需要吗？" }), 200).await;
        assert_eq!(sent.stands().await, "worker1 T10 0");
        sent.climbs("T10", length, "head1").await;
        let head = sent.test.signed_in("head1").await;
        let mine = head.get("/api/v1/today").await.expect(200).json();
        assert_eq!((mine["overdue"].as_u64(), &mine["referrals"][0]["id"]), (Some(1), &sent.referral["id"]), "it is on the head's list");
        if way == "answer" {
            sent.act("head1", "answer", json!({ "note": "只要工作日。" }), 200).await;
            assert_eq!(sent.stands().await, "worker1 T2 0", "answered, it is the worker's again");
            continue;
        }
        sent.act("head1", "withdraw", json!({ "reason": "no_response_rerouted" }), 200).await;
        if way == "reroute" {
            let other = sent.test.provider("moon", "社工机构", TOWNSHIP, "EDU-04", None).await;
            let need = sent.referral["need"].as_str().unwrap().parse().unwrap();
            let next = refer(&head, &need, &other, json!({ "follows": sent.referral["id"] })).await;
            assert_eq!((next["state"].as_str(), &next["follows"]), (Some("sent"), &sent.referral["id"]));
        }
    }
    let sent = sent(3).await;
    let asked = sent.act("sun", "ask", json!({ "note": "周末也需要吗？" }), 200).await;
    assert_eq!(asked["due_at"], "2026-11-30T01:00:00.000Z", "Thursday, Friday, Monday");
}

#[tokio::test]
async fn a_rest_ends_by_being_asked_about_again() {
    let sent = sent(2).await;
    sent.act("worker1", "hold", json!({ "reason": "hospital", "until": "2026-11-30" }), 200).await;
    sent.climbs("hold", hours(5 * 24 + 15), "worker1").await;
    assert_eq!(sent.test.everything("SELECT state FROM referral").await, "sent", "it does not expire while it rests");
    let again = sent.act("worker1", "hold", json!({ "reason": "hospital", "until": "2026-12-30" }), 200).await;
    assert_eq!((again["overdue"].as_u64(), again["due_at"].as_str()), (Some(0), Some("2026-12-30T16:00:00.000Z")), "asked, it rests again");
}

#[tokio::test]
async fn who_puts_it_to_rest_says_why_and_until_when_and_thirty_days_are_the_most() {
    let sent = sent(2).await;
    for (body, says) in [
        (json!({ "until": "2026-12-01" }), "reason"),
        (json!({ "reason": "holiday", "until": "2026-12-01" }), "reason"),
        (json!({ "reason": "consent", "until": "2026-12-01" }), "同意撤回"),
        (json!({ "reason": "other", "until": "2026-12-01" }), "note"),
        (json!({ "reason": "hospital" }), "until"),
        (json!({ "reason": "hospital", "until": "2026-11-24" }), "until"),
        (json!({ "reason": "hospital", "until": "2026-12-26" }), "最多暂停 30 天"),
    ] {
        let refused = sent.act("worker1", "hold", body.clone(), 422).await;
        assert!(refused.to_string().contains(says), "{body}: {refused}");
    }
    sent.act("worker1", "lift", json!({}), 409).await;
    // Half of the working day is used when it is put to rest, and half is left when it goes on.
    sent.later(hours(12)).await;
    let rests = sent.act("worker1", "hold", json!({ "reason": "hospital", "until": "2026-12-25" }), 200).await;
    assert_eq!((rests["state"].as_str(), rests["hold_reason"].as_str()), (Some("sent"), Some("hospital")));
    assert_eq!((rests["due_kind"].as_str(), rests["due_at"].as_str()), (Some("hold"), Some("2026-12-25T16:00:00.000Z")), "thirty days");
    let page = sent.test.signed_in("worker1").await.get(&format!("/referrals/{}", sent.referral["id"].as_str().unwrap())).await.expect(200);
    assert!(page.text.contains(" · 住院"), "the page says why it rests: {}", page.text);
    assert!(sent.test.everything("SELECT template FROM notice").await.contains("referral_held"), "the provider is told");
    sent.later(hours(12 * 24)).await;
    assert_eq!(sent.stands().await, "worker1 hold 0", "nobody is late meanwhile");
    let goes_on = sent.act("worker1", "lift", json!({}), 200).await;
    assert_eq!((goes_on["due_kind"].as_str(), &goes_on["hold_until"]), (Some("T1"), &Value::Null));
    assert_eq!(goes_on["due_at"], "2026-12-08T01:00:00.000Z", "counted anew from Monday at 21: the half that was left");
    // The provider may, too.
    sent.act("sun", "hold", json!({ "reason": "other", "note": "等学校回函", "until": "2026-12-10" }), 200).await;
    sent.act("sun", "lift", json!({}), 200).await;
    whole(&sent.test, &sent.referral).await;
}

#[tokio::test]
async fn of_the_first_tier_only_the_station_head_puts_to_rest_and_takes_up() {
    let sent = sent(1).await;
    let hold = json!({ "reason": "in_custody", "until": "2026-11-26" });
    for login in ["worker1", "sun"] {
        let refused = sent.act(login, "hold", hold.clone(), 403).await;
        assert!(refused.to_string().contains("只有站长"), "{login}: {refused}");
    }
    sent.act("head1", "hold", hold, 200).await;
    for login in ["worker1", "sun"] {
        sent.act(login, "lift", json!({}), 403).await;
    }
    let goes_on = sent.act("head1", "lift", json!({}), 200).await;
    assert_eq!((goes_on["due_kind"].as_str(), goes_on["due_at"].as_str()), (Some("T1"), Some("2026-11-25T05:00:00.000Z")));
}

#[tokio::test]
async fn after_a_verified_end_the_worker_looks_again_the_oftener_the_more_urgent_it_was() {
    for (tier, outcome, days) in [
        (1, "need_met", vec!["2026-12-02", "2026-12-25", "2027-02-23"]),
        (2, "need_met", vec!["2026-12-25", "2027-02-23"]),
        (3, "need_partly_met", vec!["2027-02-23"]),
        (4, "need_met", vec!["2027-02-23"]),
        (1, "not_met", vec![]),
    ] {
        let sent = sent(tier).await;
        sent.act("sun", "accept", json!({}), 200).await;
        sent.act("sun", "report", json!({ "outcome": outcome }), 200).await;
        sent.act("worker1", "close", json!({ "outcome": outcome, "verified_by": "guardian", "method": "phone" }), 200).await;
        let due = "SELECT a.login || ' ' || substr(n.due_at, 1, 10) FROM notice n JOIN account a ON a.id = n.account_id
                   WHERE n.template = 'referral_after_care' ORDER BY n.due_at";
        let expected: Vec<String> = days.iter().map(|day| format!("worker1 {day}")).collect();
        assert_eq!(sent.test.everything(due).await.lines().collect::<Vec<_>>(), expected, "tier {tier}, {outcome}");
    }
    // Each comes on its day, on 今日.
    let sent = sent(1).await;
    sent.act("sun", "accept", json!({}), 200).await;
    sent.act("sun", "report", json!({ "outcome": "need_met" }), 200).await;
    sent.act("worker1", "close", json!({ "outcome": "need_met", "verified_by": "child", "method": "home_visit" }), 200).await;
    let told = async || sent.test.signed_in("worker1").await.get("/").await.expect(200).text.matches("该回访了").count();
    assert_eq!(told().await, 0);
    for (days, seen) in [(6, 0), (1, 1), (22, 1), (1, 2), (60, 3)] {
        sent.later(hours(24 * days)).await;
        assert_eq!(told().await, seen, "after {days} more days");
    }
}
