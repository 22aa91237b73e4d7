//! A need put to several: one after the other, or a few at once. Whatever happens, somebody is asked or somebody knows.

use jiff::SignedDuration;
use lianjie::case::model::Outcome;
use lianjie::referral::dispatch::{DispatchState, TABLE};
use lianjie::referral::sweep;
use serde_json::{Value, json};

use crate::support::referrals::{Provider, Station, TOWNSHIP, act};
use crate::support::{Browser, TestApp};

struct Line {
    test: TestApp,
    station: Station,
    need: lianjie::id::NeedId,
    worker: Browser,
    providers: Vec<Provider>,
    hands: Vec<Browser>,
}

const LOGINS: [&str; 3] = ["one", "two", "three"];

/// A station with a need, and three providers of it.
async fn line(tier: u8) -> Line {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let need = test.need(&station.case, "EDU-04", tier, false).await;
    let (mut providers, mut hands) = (Vec::new(), Vec::new());
    for login in LOGINS {
        providers.push(test.provider(login, "社工机构", TOWNSHIP, "EDU-04", None).await);
        hands.push(test.signed_in(login).await);
    }
    let worker = test.signed_in("worker1").await;
    Line { test, station, need, worker, providers, hands }
}

impl Line {
    async fn start(&self, mode: &str, status: u16) -> Value {
        let sites: Vec<String> = self.providers.iter().map(|provider| provider.site.to_string()).collect();
        let body =
            json!({ "need": self.need, "mode": mode, "services_at_locations": sites, "purpose": "serve", "time_windows": "周六上午" });
        let answer = self.worker.send("POST", "/api/v1/dispatches", &body).await;
        assert_eq!(answer.status, status, "{}", answer.text);
        answer.json()
    }

    async fn now(&self, dispatch: &Value) -> (String, Vec<String>) {
        let worker = self.test.signed_in("worker1").await;
        let found = worker.get(&format!("/api/v1/dispatches/{}", dispatch["id"].as_str().unwrap())).await.json();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let states = found["candidates"].as_array().unwrap().iter().map(|one| text(&one["state"])).collect();
        (text(&found["state"]), states)
    }
}

/// A candidate as `act` takes a referral.
fn referral(dispatch: &Value, place: usize) -> Value {
    json!({ "id": dispatch["candidates"][place]["referral"] })
}

fn states(expected: [&str; 3]) -> Vec<String> {
    expected.map(str::to_owned).to_vec()
}

#[test]
fn every_way_between_states_is_as_the_design_says() {
    let design = [
        ("planned", "running"),
        ("planned", "stopped"),
        ("running", "accepted"),
        ("running", "exhausted"),
        ("running", "stopped"),
        ("accepted", "running"),
        ("exhausted", "running"),
    ];
    for from in DispatchState::ALL {
        for to in DispatchState::ALL {
            let expected = design.contains(&(from.name(), to.name()));
            let found = TABLE.iter().any(|(state, next)| state == from && next.contains(to));
            assert_eq!(found, expected, "{from:?} → {to:?}");
        }
    }
    for to in DispatchState::ALL.iter().filter(|to| **to != DispatchState::Stopped) {
        assert!(DispatchState::Stopped.toward(*to).is_err(), "a stopped dispatch does not become {to:?}");
    }
}

#[tokio::test]
async fn in_a_line_the_next_is_asked_when_one_declines() {
    let line = line(2).await;
    let dispatch = line.start("cascade", 201).await;
    assert_eq!(line.now(&dispatch).await, ("running".into(), states(["sent", "queued", "queued"])));
    assert_eq!(line.test.need_state(&line.need).await.state, Outcome::InDispatch);
    let queued = &dispatch["candidates"][1];
    assert_eq!(queued["due_at"], dispatch["candidates"][0]["due_at"], "who waits for a turn waits for who is asked");
    assert_eq!(
        line.hands[1].get(&format!("/api/v1/referrals/{}", queued["referral"].as_str().unwrap())).await.status,
        404,
        "not yet asked"
    );

    act(&line.hands[0], &referral(&dispatch, 0), "decline", json!({ "reason": "no_capacity" }), 200).await;
    assert_eq!(line.now(&dispatch).await, ("running".into(), states(["declined", "sent", "queued"])));
    act(&line.hands[1], &referral(&dispatch, 1), "waitlist", json!({ "expected_day": "2026-12-20" }), 200).await;
    assert_eq!(line.now(&dispatch).await.1, states(["declined", "waitlisted", "queued"]), "a waiting list does not move the line");
    act(&line.hands[1], &referral(&dispatch, 1), "accept", json!({}), 200).await;
    assert_eq!(
        line.now(&dispatch).await,
        ("accepted".into(), states(["declined", "accepted", "queued"])),
        "who is in line stays meanwhile"
    );

    act(&line.hands[1], &referral(&dispatch, 1), "decline", json!({ "reason": "no_capacity" }), 200).await;
    assert_eq!(line.now(&dispatch).await, ("running".into(), states(["declined", "declined", "sent"])), "a late refusal moves it on");
    act(&line.hands[2], &referral(&dispatch, 2), "decline", json!({ "reason": "need_too_complex" }), 200).await;
    assert_eq!(line.now(&dispatch).await, ("exhausted".into(), states(["declined", "declined", "declined"])));
    assert_eq!(line.test.need_state(&line.need).await.state, Outcome::Open);
}

#[tokio::test]
async fn silence_moves_the_line_by_itself() {
    let line = line(1).await;
    let dispatch = line.start("cascade", 201).await;
    line.test.pass(SignedDuration::from_hours(5));
    sweep(&line.test.app).await.unwrap();
    assert_eq!(line.now(&dispatch).await, ("running".into(), states(["expired", "sent", "queued"])));
    line.test.pass(SignedDuration::from_hours(5));
    sweep(&line.test.app).await.unwrap();
    line.test.pass(SignedDuration::from_hours(5));
    sweep(&line.test.app).await.unwrap();
    assert_eq!(line.now(&dispatch).await, ("exhausted".into(), states(["expired", "expired", "expired"])));
    let told = line.test.everything("SELECT template FROM notice").await;
    assert!(told.contains("referral_next") && told.contains("referral_on_agenda"), "{told}");
}

#[tokio::test]
async fn at_once_the_first_to_accept_has_it() {
    let line = line(2).await;
    let dispatch = line.start("parallel", 201).await;
    assert_eq!(line.now(&dispatch).await, ("running".into(), states(["sent", "sent", "sent"])));
    let (second, third) = (referral(&dispatch, 1), referral(&dispatch, 2));
    let (second, third, nothing) = (address(&second), address(&third), json!({}));
    let (one, two) = tokio::join!(line.hands[1].send("POST", &second, &nothing), line.hands[2].send("POST", &third, &nothing));
    let mut answers = [one.status, two.status];
    answers.sort_unstable();
    assert_eq!(answers, [200, 409], "two accept at one moment, exactly one has it");
    let (state, mut found) = line.now(&dispatch).await;
    found.sort();
    assert_eq!((state.as_str(), found), ("accepted", vec!["accepted".into(), "superseded".into(), "superseded".into()]));
    let gone = line.hands[0].get(&format!("/api/v1/referrals/{}", referral(&dispatch, 0)["id"].as_str().unwrap())).await.json();
    assert!(gone["brief"].is_null(), "the others do not read the brief any more: {gone}");
}

fn address(referral: &Value) -> String {
    format!("/api/v1/referrals/{}/actions/accept", referral["id"].as_str().unwrap())
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_a_sentence() {
    let line = line(2).await;
    let sites: Vec<String> = line.providers.iter().map(|provider| provider.site.to_string()).collect();
    let twice = [&sites[0], &sites[0]];
    let many: Vec<&String> = sites.iter().chain(&sites).collect();
    for (mode, sites, field) in [
        ("cascade", json!(twice), "site"),
        ("parallel", json!(many), "site"),
        ("cascade", json!([]), "site"),
        ("sideways", json!(sites), "mode"),
    ] {
        let body = json!({ "need": line.need, "mode": mode, "services_at_locations": sites, "purpose": "serve" });
        let answer = line.worker.send("POST", "/api/v1/dispatches", &body).await;
        assert_eq!((answer.status, answer.json()["errors"][0]["field"].as_str()), (422, Some(field)), "{}", answer.text);
    }
    let body =
        json!({ "need": line.need, "mode": "cascade", "services_at_locations": sites, "purpose": "serve", "safety_notes": "欧阳晓禾怕狗" });
    let answer = line.worker.send("POST", "/api/v1/dispatches", &body).await;
    assert_eq!(answer.status, 422, "the brief names nobody");
    assert!(line.test.everything("SELECT id FROM dispatch").await.is_empty(), "nothing is half written");
    let stranger = line.hands[0].send("POST", "/api/v1/dispatches", &body).await;
    assert_eq!(stranger.status, 404);
}

#[tokio::test]
async fn it_is_stopped_with_a_reason_and_extended_at_the_end() {
    let line = line(2).await;
    let sites: Vec<String> = line.providers[..2].iter().map(|provider| provider.site.to_string()).collect();
    let body = json!({ "need": line.need, "mode": "cascade", "services_at_locations": sites, "purpose": "serve" });
    let dispatch = line.worker.send("POST", "/api/v1/dispatches", &body).await.json();
    let id = dispatch["id"].as_str().unwrap();
    let add = json!({ "service_at_location": line.providers[2].site });
    let grown = line.worker.send("POST", &format!("/api/v1/dispatches/{id}/candidates"), &add).await;
    assert_eq!((grown.status, grown.json()["candidates"][2]["state"].as_str()), (200, Some("queued")), "{}", grown.text);
    assert_eq!(line.worker.send("POST", &format!("/api/v1/dispatches/{id}/candidates"), &add).await.status, 422, "nobody is asked twice");

    let refused = line.worker.send("POST", &format!("/api/v1/dispatches/{id}/stop"), &json!({ "reason": "other" })).await;
    assert_eq!(refused.status, 422, "another reason needs words");
    let stopped = line.worker.send("POST", &format!("/api/v1/dispatches/{id}/stop"), &json!({ "reason": "need_changed" })).await;
    assert_eq!(stopped.status, 200, "{}", stopped.text);
    assert_eq!(line.now(&dispatch).await, ("stopped".into(), states(["withdrawn", "withdrawn", "withdrawn"])));
    let over = line.worker.send("POST", &format!("/api/v1/dispatches/{id}/stop"), &json!({ "reason": "need_changed" })).await;
    assert_eq!(over.status, 409, "{}", over.text);
    assert_eq!(line.test.need_state(&line.need).await.state, Outcome::Open);
}

#[tokio::test]
async fn a_met_need_lets_the_line_go() {
    let line = line(2).await;
    let dispatch = line.start("cascade", 201).await;
    let first = referral(&dispatch, 0);
    act(&line.hands[0], &first, "accept", json!({}), 200).await;
    act(&line.hands[0], &first, "serve", json!({ "record": "service", "day": "2026-11-25" }), 200).await;
    act(&line.hands[0], &first, "report", json!({ "outcome": "need_met", "next_step": "none" }), 200).await;
    act(&line.worker, &first, "close", json!({ "outcome": "need_met", "verified_by": "guardian", "method": "phone" }), 200).await;
    assert_eq!(line.now(&dispatch).await, ("accepted".into(), states(["closed", "withdrawn", "withdrawn"])));
    assert_eq!(line.test.need_state(&line.need).await.state, Outcome::Met);
}

#[tokio::test]
async fn on_the_pages_a_line_is_chosen_ordered_and_watched() {
    let line = line(2).await;
    let sites: Vec<String> = line.providers.iter().map(|provider| format!("&site={}", provider.site)).collect();
    let form = line.worker.get(&format!("/dispatches/new?need={}{}", line.need, sites.concat())).await;
    assert_eq!(form.status, 200, "{}", form.text);
    assert!(form.text.contains("依次问") && form.text.contains("上移"));
    let need = line.need.to_string();
    let sites: Vec<String> = line.providers.iter().map(|provider| provider.site.to_string()).collect();
    let mut fields = vec![("need", need.as_str()), ("mode", "cascade"), ("purpose", "serve")];
    fields.extend(sites.iter().map(|site| ("site", site.as_str())));
    let sent = line.worker.post("/dispatches", &fields).await.expect(303);
    let page = line.worker.get(&sent.location.unwrap()).await.expect(200);
    assert!(page.text.contains("正在问") && page.text.contains("待发送"), "{}", page.text);
    assert!(page.text.contains(&format!("/cases/{}", line.station.case)));
    line.worker.post("/dispatches", &[("need", need.as_str())]).await.expect(422);
}

#[tokio::test]
async fn danger_is_asked_about_at_once_and_the_rest_in_line_unless_somebody_chooses_otherwise() {
    for (tier, usual) in [(1, "parallel"), (2, "cascade"), (4, "cascade")] {
        let line = line(tier).await;
        let sites: Vec<String> = line.providers.iter().map(|provider| format!("&site={}", provider.site)).collect();
        let sites = sites.concat();
        let chosen = async |mode: &str| {
            let page = line.worker.get(&format!("/dispatches/new?need={}{mode}{sites}", line.need)).await.expect(200).text;
            let ways = ["cascade", "parallel"];
            let checked = ways.into_iter().filter(|way| page.contains(&format!("value=\"{way}\" checked"))).collect::<Vec<_>>();
            assert_eq!(checked.len(), 1, "one of the two: {page}");
            checked[0]
        };
        assert_eq!(chosen("").await, usual, "tier {tier}");
        assert_eq!((chosen("&mode=cascade").await, chosen("&mode=parallel").await), ("cascade", "parallel"), "tier {tier}");
    }
}
