//! The loop by its pages, as people click it; and that every code has its words.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use lianjie::case::model::Outcome;
use lianjie::consent::model::Item;
use lianjie::id::NeedId;
use lianjie::referral::model::{
    Action, AppointmentState, Decline, End, Hold, Method, NextStep, Outcome as CameOf, Record, State, Timer, VerifiedBy, Withdraw,
};
use serde_json::json;

use crate::support::referrals::{NAMES, Provider, Station, TOWNSHIP, act, refer};
use crate::support::{Browser, TestApp};

/// Asserts that a page names nobody.
#[track_caller]
fn names_nobody(page: &str, what: &str) {
    for name in NAMES {
        assert!(!page.contains(name), "{what} names {name}");
    }
}

async fn stage() -> (TestApp, Station, Provider, NeedId, Browser, Browser) {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let need = test.need(&station.case, "EDU-04", 2, false).await;
    let provider = test.provider("sun", "社工机构", TOWNSHIP, "EDU-04", Some(1)).await;
    let (worker, sun) = (test.signed_in("worker1").await, test.signed_in("sun").await);
    (test, station, provider, need, worker, sun)
}

#[tokio::test]
async fn a_worker_and_a_provider_click_a_need_through_to_met() {
    let (test, station, provider, need, worker, sun) = stage().await;
    let needs = worker.get("/referrals/new").await.expect(200).text;
    assert!(needs.contains(&format!("/referrals/new?need={need}")));
    let from_service = worker.get(&format!("/referrals/new?service_at_location={}", provider.site)).await.expect(200).text;
    assert!(
        from_service.contains(&format!("need={need}&amp;service_at_location={}", provider.site))
            || from_service.contains(&format!("need={need}&#38;service_at_location={}", provider.site))
    );
    let services = worker.get(&format!("/referrals/new?need={need}")).await.expect(200).text;
    assert!(services.contains("四点半课堂"));
    let share = worker.get(&format!("/referrals/new?need={need}&service_at_location={}", provider.site)).await.expect(200).text;
    names_nobody(&share, "the step of sharing");

    let site = provider.site.to_string();
    let form = |windows: &'static str| {
        vec![
            ("key", "draftdraft123456"),
            ("need", need.as_str()),
            ("service_at_location", &site),
            ("purpose", "serve"),
            ("items", "name"),
            ("items", "guardian_phone"),
            ("time_windows", windows),
            ("share_sex", "1"),
        ]
    };
    let refused = worker.post("/referrals", &form("晓禾放学以后")).await.expect(422).text;
    assert!(refused.contains("请改用“孩子”") && refused.contains("value=\"晓禾放学以后\""), "given back as typed, with what would do");
    let draft = worker.post("/referrals", &form("放学以后")).await.expect(303).location.unwrap();
    let check = worker.get(&draft).await.expect(200).text;
    assert!(check.contains("放学以后") && check.contains("11-26 星期四 09:00"), "what is shared, and who answers by when");
    sun.get(&draft).await.expect(404);

    let consents = format!("/cases/{}/consents", station.case);
    let back = draft.trim_start_matches("/referrals/").to_owned();
    let recipient = provider.id.to_string();
    worker.get(&format!("{consents}?recipient={recipient}&back={back}")).await.expect(200);
    let consent = |giver: &'static str| {
        vec![
            ("recipient", recipient.as_str()),
            ("back", &back),
            ("items", "name"),
            ("items", "guardian_phone"),
            ("purpose", "serve"),
            ("ground", "consent"),
            ("given_by", giver),
            ("evidence", "纸质同意书，存站"),
            ("from_day", "2026-11-25"),
            ("to_day", "2027-05-25"),
        ]
    };
    let suspect = worker.post(&consents, &consent("father")).await.expect(422).text;
    assert!(suspect.contains("涉嫌伤害孩子"));
    assert_eq!(worker.post(&consents, &consent("grandparent")).await.expect(303).location.as_deref(), Some(draft.as_str()));
    worker.post(&format!("{draft}/actions/send"), &[]).await.expect(303);

    let inbox = sun.get("/inbox").await.expect(200).text;
    names_nobody(&inbox, "待答复");
    assert!(inbox.contains("小川") && inbox.contains("放学以后"));
    names_nobody(&sun.get(&draft).await.expect(200).text, "the brief");
    sun.get(&format!("{draft}?act=decline")).await.expect(200);
    sun.post(&format!("{draft}/actions/decline"), &[]).await.expect(422);
    let accept = sun.get(&format!("{draft}?act=accept")).await.expect(200).text;
    assert!(accept.contains("11-28 星期六"), "the day that counts if none is promised");
    sun.post(&format!("{draft}/actions/accept"), &[("promised_day", "2026-11-30")]).await.expect(303);
    let packet = sun.get(&draft).await.expect(200).text;
    assert!(packet.contains(NAMES[0]) && packet.contains(NAMES[5]) && !packet.contains(NAMES[2]));
    names_nobody(&worker.get(&draft).await.expect(200).text, "the sender's page");

    sun.post(&format!("{draft}/appointments"), &[("at", "明天")]).await.expect(422);
    sun.post(&format!("{draft}/appointments"), &[("at", "2026-11-30 15:00"), ("key", "bookbook12345678")]).await.expect(303);
    sun.post(&format!("{draft}/actions/serve"), &[("record", "service"), ("units", "2")]).await.expect(303);
    sun.post(&format!("{draft}/actions/report"), &[("outcome", "need_met"), ("next_step", "none")]).await.expect(303);
    worker.post(&format!("{draft}/actions/close"), &[("outcome", "need_met"), ("verified_by", "guardian")]).await.expect(422);
    worker
        .post(&format!("{draft}/actions/close"), &[("outcome", "need_met"), ("verified_by", "guardian"), ("method", "home_visit")])
        .await
        .expect(303);
    assert_eq!(test.need_state(&need).await.state, Outcome::Met);
    let after = sun.get(&draft).await.expect(200).text;
    names_nobody(&after, "the provider's page after the end");
    assert!(!after.contains("小川") && !after.contains("放学以后") && after.contains("做了服务 × 2"));
    let over = sun.get("/inbox?part=over").await.expect(200).text;
    assert!(!over.contains("小川"));
}

#[tokio::test]
async fn the_head_approves_what_another_wrote_and_gives_back_with_a_remark() {
    let (test, station, provider, need, worker, sun) = stage().await;
    let referral = refer(&worker, &need, &provider, json!({ "items": ["narrative"] })).await;
    let path = format!("/referrals/{}", referral["id"].as_str().unwrap());
    sun.get(&path).await.expect(404);
    let head = test.signed_in("head1").await;
    assert!(head.get("/referrals?filter=approval").await.expect(200).text.contains(&path));
    assert!(!worker.get(&path).await.expect(200).text.contains("批准发出"));
    assert!(head.get(&path).await.expect(200).text.contains("批准发出"));
    head.post(&format!("{path}/actions/return"), &[]).await.expect(422);
    head.post(&format!("{path}/actions/return"), &[("note", "经过不必给机构")]).await.expect(303);
    assert_eq!(test.need_state(&need).await.state, Outcome::Open);
    worker.post(&format!("{path}/actions/send"), &[]).await.expect(303);
    head.post(&format!("{path}/actions/approve"), &[]).await.expect(303);
    sun.get(&path).await.expect(200);
    assert!(head.get(&format!("/referrals?case={}", station.case)).await.expect(200).text.contains(&path));
    let county = test.signed_in("county1").await;
    let seen = county.get(&path).await.expect(200).text;
    names_nobody(&seen, "the coordinator's page");
    assert!(!seen.contains("经过不必给机构"), "a note is not for who sees the case masked");
}

#[tokio::test]
async fn the_loop_teaches_the_matcher_what_a_service_does() {
    let (test, station, provider, need, worker, sun) = stage().await;
    let referral = refer(&worker, &need, &provider, json!({})).await;
    act(&sun, &referral, "accept", json!({}), 200).await;
    let next = test.need(&station.case, "EDU-04", 2, false).await;
    let refused = refer(&worker, &next, &provider, json!({})).await;
    act(&sun, &refused, "decline", json!({ "reason": "no_capacity" }), 200).await;
    act(&sun, &referral, "serve", json!({ "record": "service" }), 200).await;
    act(&sun, &referral, "end", json!({ "reason": "moved_away" }), 200).await;
    let learnt = test
        .everything("SELECT measure || ' ' || hits || '/' || tries || ' ' || subject FROM service_rate ORDER BY measure, subject")
        .await;
    let counts: Vec<String> = learnt.lines().map(|line| line.rsplit_once(' ').unwrap().0.to_owned()).collect();
    assert_eq!(counts, ["accepted 1/1", "accepted 1/1", "accepted 1/1", "full 1/1", "ineligible 0/1", "waited 0/1"]);
    assert!(learnt.contains("accepted 1/1 EDU") && learnt.contains(&format!("full 1/1 {}", provider.site)), "{learnt}");
}

#[tokio::test]
async fn an_appointment_is_booked_by_who_serves_and_settled_once() {
    let (test, _, provider, need, worker, sun) = stage().await;
    let referral = refer(&worker, &need, &provider, json!({})).await;
    let path = format!("/api/v1/referrals/{}/appointments", referral["id"].as_str().unwrap());
    let body = json!({ "at": "2026-11-30T15:00" });
    sun.send("POST", &path, &body).await.expect(409);
    act(&sun, &referral, "accept", json!({}), 200).await;
    test.signed_in("worker2").await.send("POST", &path, &body).await.expect(403);
    sun.send("POST", &path, &json!({ "at": "2026-11-20T15:00" })).await.expect(422);
    let booked = sun.send("POST", &path, &body).await.expect(201).json()["referral"]["appointments"][0].clone();
    assert_eq!((booked["at"].as_str(), booked["state"].as_str()), (Some("2026-11-30T07:00:00.000Z"), Some("booked")));
    let one = format!("{path}/{}", booked["id"].as_str().unwrap());
    worker.send("POST", &one, &json!({ "state": "rescheduled", "at": "2026-12-01 15:00" })).await.expect(200);
    sun.send("POST", &one, &json!({ "state": "no_show" })).await.expect(200);
    sun.send("POST", &one, &json!({ "state": "attended" })).await.expect(409);
}

#[tokio::test]
async fn a_consent_about_to_lapse_is_told_and_a_lapsed_one_stops_the_view() {
    let (test, station, provider, need, worker, sun) = stage().await;
    test.consent(&station, &provider.id, &[Item::Name]).await;
    let referral = refer(&worker, &need, &provider, json!({ "items": ["name"] })).await;
    act(&sun, &referral, "accept", json!({}), 200).await;
    act(&sun, &referral, "serve", json!({ "record": "service" }), 200).await;
    for (days, told) in [(160, 0), (8, 1), (3, 1), (7, 2)] {
        test.pass(jiff::SignedDuration::from_hours(24 * days));
        lianjie::referral::sweep(&test.app).await.unwrap().unwrap();
        let notices = test.everything("SELECT template FROM notice WHERE template = 'consent_lapses'").await;
        assert_eq!(notices.lines().count(), told, "after {days} more days");
    }
    test.pass(jiff::SignedDuration::from_hours(24 * 4));
    lianjie::referral::sweep(&test.app).await.unwrap().unwrap();
    let flags = test.everything("SELECT hold_reason || flags FROM referral").await;
    assert_eq!(flags, "consent[\"consent_blocked\"]");
}

/// The keys of a locale file: names joined by dots.
fn keys(file: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("locales").join(file)).unwrap();
    let (mut path, mut found): (Vec<String>, _) = (Vec::new(), BTreeSet::new());
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let depth = (line.len() - line.trim_start().len()) / 2;
        let (name, rest) = line.trim().split_once(':').unwrap();
        path.truncate(depth);
        path.push(name.to_owned());
        if rest.contains("zh-CN:") && rest.contains("en:") {
            found.insert(path.join("."));
        }
    }
    found
}

#[test]
fn every_code_of_the_loop_has_its_words_in_both_languages() {
    let words = keys("loop.yml");
    let need = |root: &str, codes: Vec<&str>| {
        for code in codes {
            assert!(words.contains(&format!("{root}.{code}")), "{root}.{code} has no words");
        }
    };
    need("referral.state", State::ALL.iter().map(|one| one.name()).collect());
    need("referral.action", Action::ALL.iter().map(|one| one.name()).chain(["draft"]).collect());
    need("referral.decline", Decline::ALL.iter().map(|one| one.name()).collect());
    need("referral.withdraw", Withdraw::ALL.iter().map(|one| one.name()).collect());
    need("referral.end", End::ALL.iter().map(|one| one.name()).collect());
    need("referral.hold", Hold::ALL.iter().map(|one| one.name()).collect());
    need("referral.outcome", CameOf::ALL.iter().map(|one| one.name()).collect());
    need("referral.verified_by", VerifiedBy::ALL.iter().map(|one| one.name()).collect());
    need("referral.method", Method::ALL.iter().map(|one| one.name()).collect());
    need("referral.record", Record::ALL.iter().map(|one| one.name()).collect());
    need("referral.next_step", NextStep::ALL.iter().map(|one| one.name()).collect());
    need("referral.timer", Timer::ALL.iter().map(|one| one.name()).collect());
    need("appointment.state", AppointmentState::ALL.iter().map(|one| one.name()).collect());
    let items = keys("consent.yml");
    for item in Item::ALL {
        assert!(items.contains(&format!("item.{}", item.name())), "{} has no words", item.name());
    }
}

#[test]
fn every_notice_the_loop_leaves_has_its_words() {
    let words = keys("referral.yml");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/referral/actions");
    let mut seen = 0;
    for file in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let text = fs::read_to_string(file.path()).unwrap();
        for part in text.split('"').filter(|part| part.starts_with("referral_") || *part == "consent_lapses") {
            if part == "referral_live" {
                continue;
            }
            seen += 1;
            assert!(words.contains(&format!("notification.{part}")), "the notice {part} has no words");
        }
    }
    assert!(seen > 30, "the notices were found: {seen}");
}
