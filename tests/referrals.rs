//! The loop over HTTP: sent, answered, served, verified; and what never happens.

use lianjie::access::{Role, Scope};
use lianjie::case::model::Outcome;
use lianjie::consent::model::Item;
use lianjie::id::ReferralId;
use lianjie::referral::model::fold;
use lianjie::referral::store;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::referrals::{NAMES, Provider, TOWNSHIP, act, refer};

/// Folding the events gives what is stored, and the log of the provider's side names nobody.
pub async fn whole(test: &TestApp, referral: &Value) {
    let id: ReferralId = referral["id"].as_str().unwrap().parse().unwrap();
    let mut db = test.app.store.read().await.unwrap();
    let stored = store::find(&mut db, &id).await.unwrap().unwrap();
    let events = store::events(&mut db, &id).await.unwrap();
    assert_eq!(fold(&events).unwrap(), stored.standing, "folding gives the stored state");
    assert_eq!(
        stored.due.is_some() && stored.owner.is_some(),
        stored.state().is_live(),
        "who is to act by when, always and only while it lives"
    );
}

/// Nothing that names the child stands in plain text anywhere outside the sealed cells.
async fn nobody_is_named(test: &TestApp) {
    for query in [
        "SELECT brief FROM referral",
        "SELECT facts || COALESCE(note, '') || COALESCE(on_behalf_of, '') FROM referral_event",
        "SELECT template || facts || key FROM notice",
        "SELECT action || object_type || object_ref || fields || COALESCE(purpose, '') FROM audit_event",
        "SELECT answer || key FROM idempotency",
        "SELECT kind || id FROM change",
        "SELECT COALESCE(note, '') FROM service_record",
        "SELECT items || legal_ground FROM release",
    ] {
        let text = test.everything(query).await;
        for name in NAMES {
            assert!(!text.contains(name), "{name} stands in: {query}");
        }
    }
}

pub async fn one_provider(test: &TestApp, login: &str, capacity: Option<u32>) -> Provider {
    test.provider(login, "社工机构", TOWNSHIP, "EDU-04", capacity).await
}

#[tokio::test]
async fn a_need_goes_out_is_answered_served_verified_and_met() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let need = test.need(&station.case, "EDU-04", 2, false).await;
    let provider = one_provider(&test, "sun", Some(3)).await;
    test.consent(&station, &provider.id, &[Item::Name, Item::GuardianPhone]).await;
    let (worker, sun) = (test.signed_in("worker1").await, test.signed_in("sun").await);

    let referral =
        refer(&worker, &need, &provider, json!({ "items": ["name", "guardian_phone", "address"], "time_windows": "周一至周五放学后" }))
            .await;
    assert_eq!((referral["state"].as_str(), referral["due_kind"].as_str()), (Some("sent"), Some("T1")));
    assert_eq!(test.need_state(&need).await.state, Outcome::InDispatch);
    act(&sun, &referral, "acknowledge", json!({}), 200).await;
    let asked = act(&sun, &referral, "ask", json!({ "note": "孩子周末也需要吗？" }), 200).await;
    assert_eq!((asked["state"].as_str(), asked["due_kind"].as_str()), (Some("needs_info"), Some("T10")));
    act(&worker, &referral, "answer", json!({ "note": "只要工作日。" }), 200).await;
    let accepted = act(&sun, &referral, "accept", json!({ "promised_day": "2026-11-30" }), 200).await;
    assert_eq!(accepted["state"], "accepted");
    assert_eq!(accepted["contact_day"], "2026-11-28", "three days after");
    assert_eq!(test.places(&provider.site).await, (3, 1, 0));
    assert_eq!(test.need_state(&need).await.state, Outcome::BeingServed);
    let packet: Vec<_> = accepted["packet"].as_array().unwrap().iter().map(|part| part["item"].as_str().unwrap()).collect();
    assert_eq!(packet, ["name", "guardian_phone"], "the address was asked for, but nobody consented");

    act(&sun, &referral, "serve", json!({ "record": "contact", "note": "奶奶接的电话" }), 200).await;
    let served = act(&sun, &referral, "serve", json!({ "record": "service" }), 200).await;
    assert_eq!((served["state"].as_str(), served["due_kind"].as_str()), (Some("in_service"), Some("T5")));
    act(&sun, &referral, "report", json!({ "outcome": "need_met", "units": 12, "next_step": "none" }), 200).await;
    let disputed = act(&worker, &referral, "dispute", json!({ "note": "奶奶说只去了两次" }), 200).await;
    assert_eq!(disputed["state"], "in_service");
    act(&sun, &referral, "report", json!({ "outcome": "need_met", "units": 20 }), 200).await;
    act(&sun, &referral, "close", json!({ "outcome": "need_met", "verified_by": "guardian", "method": "phone" }), 403).await;
    let closed = act(
        &worker,
        &referral,
        "close",
        json!({ "outcome": "need_met", "verified_by": "guardian", "method": "phone", "satisfaction": 5 }),
        200,
    )
    .await;
    assert_eq!((closed["state"].as_str(), closed["owner"].as_str()), (Some("closed"), Some("")));
    assert_eq!(test.need_state(&need).await.state, Outcome::Met);
    assert_eq!(test.places(&provider.site).await, (3, 0, 0), "the place is free again");
    whole(&test, &referral).await;

    let after = sun.get(&format!("/api/v1/referrals/{}", referral["id"].as_str().unwrap())).await.expect(200);
    let after = after.json()["referral"].clone();
    assert!(after["brief"].is_null() && after["packet"].as_array().unwrap().is_empty(), "after the end only the own records are left");
    assert_eq!(after["records"].as_array().unwrap().len(), 2);
    nobody_is_named(&test).await;
}

#[tokio::test]
async fn what_is_declined_is_rerouted_and_the_reason_acts() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let need = test.need(&station.case, "EDU-04", 3, false).await;
    let (first, second) = (one_provider(&test, "sun", Some(5)).await, one_provider(&test, "moon", None).await);
    let (worker, sun) = (test.signed_in("worker1").await, test.signed_in("sun").await);
    let referral = refer(&worker, &need, &first, json!({})).await;
    act(&sun, &referral, "decline", json!({ "reason": "other" }), 422).await;
    act(&sun, &referral, "decline", json!({ "reason": "not_eligible_age" }), 200).await;
    assert_eq!(test.need_state(&need).await.state, Outcome::Open);
    let suggested = test.everything("SELECT field || ' ' || suggested FROM change_suggestion").await;
    assert_eq!(suggested, "eligibility not_eligible_age");
    let next = refer(&worker, &need, &second, json!({ "follows": referral["id"] })).await;
    assert_eq!(next["follows"], referral["id"]);
    whole(&test, &referral).await;
    whole(&test, &next).await;
}

#[tokio::test]
async fn of_two_who_accept_at_once_exactly_one_serves() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let need = test.need(&station.case, "EDU-04", 2, false).await;
    let (first, second) = (one_provider(&test, "sun", Some(1)).await, one_provider(&test, "moon", Some(1)).await);
    let worker = test.signed_in("worker1").await;
    let (sun, moon) = (test.signed_in("sun").await, test.signed_in("moon").await);
    let one = refer(&worker, &need, &first, json!({})).await;
    let other = refer(&worker, &need, &second, json!({})).await;
    let path = |referral: &Value| format!("/api/v1/referrals/{}/actions/accept", referral["id"].as_str().unwrap());
    let (empty, one_path, other_path) = (json!({}), path(&one), path(&other));
    let (a, b) = tokio::join!(sun.send("POST", &one_path, &empty), moon.send("POST", &other_path, &empty));
    let mut statuses = [a.status, b.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "{} / {}", a.text, b.text);
    let states = test.everything("SELECT state FROM referral ORDER BY state").await;
    assert_eq!(states, "accepted\nsuperseded");
    let used = test.places(&first.site).await.1 + test.places(&second.site).await.1;
    assert_eq!(used, 1);
    whole(&test, &one).await;
    whole(&test, &other).await;
}

#[tokio::test]
async fn a_second_live_referral_to_the_same_service_is_refused() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let need = test.need(&station.case, "EDU-04", 2, true).await;
    let provider = one_provider(&test, "sun", None).await;
    let worker = test.signed_in("worker1").await;
    refer(&worker, &need, &provider, json!({})).await;
    let body = json!({ "need": need, "service_at_location": provider.site, "purpose": "serve", "send": true });
    let twin = worker.send("POST", "/api/v1/referrals", &body).await.expect(409);
    assert!(twin.text.contains("已经有一份转介"), "{}", twin.text);
}

#[tokio::test]
async fn a_brief_that_names_somebody_is_refused_field_by_field() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let need = test.need(&station.case, "EDU-04", 2, false).await;
    let provider = one_provider(&test, "sun", None).await;
    let worker = test.signed_in("worker1").await;
    for (field, text, reason) in [
        ("time_windows", "晓禾放学后", "redact_name"),
        ("safety_notes", "欧阳建国脾气急", "redact_name"),
        ("mobility", "住滨江花园，坐轮椅", "redact_address"),
        ("safety_notes", "来前打13900002222", "redact_phone"),
    ] {
        let body = json!({ "need": need, "service_at_location": provider.site, "purpose": "serve", field: text });
        let refused = worker.send("POST", "/api/v1/referrals", &body).await.expect(422).json();
        assert_eq!(
            (refused["errors"][0]["field"].as_str(), refused["errors"][0]["reason"].as_str()),
            (Some(field), Some(reason)),
            "{text}"
        );
        assert!(!refused.to_string().contains(text), "a refusal repeats nothing");
    }
    let referral = refer(&worker, &need, &provider, json!({})).await;
    let sun = test.signed_in("sun").await;
    act(&sun, &referral, "ask", json!({ "note": "怎么联系？" }), 200).await;
    act(&worker, &referral, "answer", json!({ "note": "打13900002222" }), 422).await;
}

#[tokio::test]
async fn a_provider_of_another_organization_finds_nothing() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let need = test.need(&station.case, "EDU-04", 2, false).await;
    let provider = one_provider(&test, "sun", None).await;
    one_provider(&test, "moon", None).await;
    let (worker, moon) = (test.signed_in("worker1").await, test.signed_in("moon").await);
    let draft = refer(&worker, &need, &provider, json!({ "send": false })).await;
    let path = format!("/api/v1/referrals/{}", draft["id"].as_str().unwrap());
    test.signed_in("sun").await.get(&path).await.expect(404);
    act(&worker, &draft, "send", json!({}), 200).await;
    moon.get(&path).await.expect(404);
    act(&moon, &draft, "accept", json!({}), 404).await;
    assert_eq!(moon.get("/api/v1/referrals").await.expect(200).json()["meta"]["total"], 0);
    act(&test.signed_in("worker2").await, &draft, "withdraw", json!({ "reason": "need_changed" }), 403).await;
}

#[tokio::test]
async fn a_consent_taken_back_stops_what_lives_on_it_at_once() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let need = test.need(&station.case, "EDU-04", 2, false).await;
    let provider = one_provider(&test, "sun", Some(2)).await;
    let consent = test.consent(&station, &provider.id, &[Item::Name]).await;
    let (worker, sun) = (test.signed_in("worker1").await, test.signed_in("sun").await);
    let referral = refer(&worker, &need, &provider, json!({ "items": ["name"] })).await;
    let accepted = act(&sun, &referral, "accept", json!({}), 200).await;
    assert_eq!(accepted["packet"][0]["text"], NAMES[0]);
    let path = format!("/api/v1/cases/{}/consents/{consent}/revoke", station.case);
    sun.send("POST", &path, &json!({})).await.expect(404);
    assert_eq!(worker.send("POST", &path, &json!({})).await.expect(200).json()["resting"], 1);
    let seen = sun.get(&format!("/api/v1/referrals/{}", referral["id"].as_str().unwrap())).await.expect(200).json()["referral"].clone();
    assert!(seen["brief"].is_null() && seen["packet"].as_array().unwrap().is_empty());
    assert_eq!((seen["hold_reason"].as_str(), seen["flags"][0].as_str()), (Some("consent"), Some("consent_blocked")));
    act(&sun, &referral, "serve", json!({ "record": "contact" }), 409).await;
    act(&worker, &referral, "lift", json!({}), 409).await;
    test.consent(&station, &provider.id, &[Item::Name]).await;
    act(&worker, &referral, "lift", json!({}), 200).await;
    act(&sun, &referral, "serve", json!({ "record": "contact" }), 200).await;
    whole(&test, &referral).await;
}

#[tokio::test]
async fn what_a_provider_sees_of_each_item_at_each_stage() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let need = test.need(&station.case, "EDU-04", 2, false).await;
    let provider = test.provider("sun", "学校", TOWNSHIP, "EDU-04", None).await;
    test.consent(&station, &provider.id, &[Item::Name, Item::Risk, Item::Diagnoses, Item::Narrative, Item::AbsenceCause]).await;
    let (worker, head, sun) = (test.signed_in("worker1").await, test.signed_in("head1").await, test.signed_in("sun").await);
    let items = json!(["name", "identity_number", "risk", "diagnoses", "narrative", "absence_cause", "address"]);
    let referral = refer(&worker, &need, &provider, json!({ "items": items })).await;
    assert_eq!(referral["state"], "pending_approval", "a sensitive item is looked at by another person");
    act(&worker, &referral, "approve", json!({}), 403).await;
    act(&head, &referral, "approve", json!({}), 200).await;
    let path = format!("/api/v1/referrals/{}", referral["id"].as_str().unwrap());
    let brief = sun.get(&path).await.expect(200).text;
    for name in NAMES {
        assert!(!brief.contains(name), "{name} stands in the brief");
    }
    let accepted = act(&sun, &referral, "accept", json!({}), 200).await;
    let packet: Vec<_> = accepted["packet"].as_array().unwrap().iter().map(|part| part["item"].as_str().unwrap()).collect();
    assert_eq!(packet, ["name", "risk"], "a school has no diagnosis, no account, no secret, whatever was ticked");
    let released = test.everything("SELECT items FROM release").await;
    assert_eq!(released, "[\"name\",\"risk\"]");
    let log = test.everything("SELECT action || ' ' || fields FROM audit_event WHERE action LIKE 'referral.%' ORDER BY id").await;
    assert!(log.contains("referral.released [\"name\",\"risk\"]") && log.contains("referral.viewed [\"name\",\"risk\""), "{log}");
}

#[tokio::test]
async fn a_call_is_written_down_with_the_same_weight() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let need = test.need(&station.case, "EDU-04", 2, false).await;
    let provider = one_provider(&test, "sun", Some(1)).await;
    let worker = test.signed_in("worker1").await;
    let referral = refer(&worker, &need, &provider, json!({})).await;
    act(&worker, &referral, "accept", json!({}), 403).await;
    act(&worker, &referral, "accept", json!({ "spoke_with": "周敏" }), 422).await;
    act(&worker, &referral, "accept", json!({ "spoke_with": "周敏", "spoke_at": "2026-11-25T10:00" }), 422).await;
    act(&worker, &referral, "accept", json!({ "spoke_with": "周敏", "spoke_at": "2026-11-25T08:40" }), 200).await;
    let event = test.everything("SELECT channel || ' ' || on_behalf_of || ' ' || actor FROM referral_event WHERE kind = 'accept'").await;
    assert_eq!(event, format!("phone 周敏 · 2026-11-25 08:40 {}", station.worker));
    act(
        &test.signed_in("worker2").await,
        &referral,
        "serve",
        json!({ "record": "contact", "spoke_with": "周敏", "spoke_at": "2026-11-25T08:50" }),
        403,
    )
    .await;
}

#[tokio::test]
async fn a_write_that_comes_twice_is_done_once() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let need = test.need(&station.case, "EDU-04", 2, false).await;
    let provider = one_provider(&test, "sun", None).await;
    let worker = test.signed_in("worker1").await;
    let site = provider.site.to_string();
    let form = [("key", "abcdefgh12345678"), ("need", need.as_str()), ("service_at_location", &site), ("purpose", "serve")];
    let first = worker.post("/referrals", &form).await.expect(303).location.unwrap();
    let again = worker.post("/referrals", &form).await.expect(303).location.unwrap();
    assert_eq!(first, again);
    assert_eq!(test.everything("SELECT id FROM referral").await.lines().count(), 1);
    worker.post(&format!("{first}/actions/send"), &[("key", "sendsend12345678")]).await.expect(303);
    worker.post(&format!("{first}/actions/send"), &[("key", "sendsend12345678")]).await.expect(303);
    assert_eq!(test.everything("SELECT kind FROM referral_event WHERE kind = 'send'").await.lines().count(), 1);
}

#[tokio::test]
async fn a_consent_needs_who_may_say_yes_and_never_a_suspect() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let provider = one_provider(&test, "sun", None).await;
    test.account("elsewhere1", None, Role::Worker, Scope::Organization(provider.id.clone())).await;
    let worker = test.signed_in("worker1").await;
    let path = format!("/api/v1/cases/{}/consents", station.case);
    let body = |more: Value| {
        let mut body = json!({ "recipient": provider.id, "items": ["name"], "purpose": "serve", "ground": "consent", "given_by": ["grandparent"],
            "evidence": "纸质同意书", "to_day": "2027-05-01" });
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        body
    };
    for (more, reason) in [
        (json!({ "given_by": ["father"] }), "consent_suspected"),
        (json!({ "given_by": ["mother"] }), "consent_guardian"),
        (json!({ "given_by": [] }), "consent_guardian"),
        (json!({ "items": ["diagnoses"] }), "item_kind"),
        (json!({ "items": [] }), "consent_items"),
        (json!({ "evidence": "" }), "consent_evidence"),
        (json!({ "evidence": "欧阳建国签字" }), "redact_name"),
        (json!({ "to_day": "2028-05-01" }), "consent_long"),
        (json!({ "ground": "statutory" }), "consent_article"),
    ] {
        let refused = worker.send("POST", &path, &body(more.clone())).await.expect(422).json();
        assert_eq!(refused["errors"][0]["reason"], reason, "{more}");
    }
    worker.send("POST", &path, &body(json!({}))).await.expect(201);
    worker.send("POST", &path, &body(json!({ "ground": "statutory", "article": "未成年人保护法第十一条" }))).await.expect(201);
    assert_eq!(worker.get(&path).await.expect(200).json()["meta"]["total"], 2);
    test.signed_in("elsewhere1").await.send("POST", &path, &body(json!({}))).await.expect(404);
}

#[tokio::test]
async fn what_an_authority_decides_is_no_plain_referral() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let worker = test.signed_in("worker1").await;
    let home = test.provider("home", "儿童福利院", TOWNSHIP, "GUA-05", None).await;
    let sun = test.provider("sun", "社工机构", TOWNSHIP, "EDU-04", None).await;
    let plain = test.need(&station.case, "EDU-04", 3, false).await;
    for (term, authority) in [("GUA-05", "民政部门决定"), ("GUA-07", "民政部门评估、登记"), ("BEH-03", "专门教育指导委员会评估")]
    {
        let need = test.need(&station.case, term, 3, false).await;
        let body = json!({ "need": need, "service_at_location": sun.site, "purpose": "serve" });
        let refused = worker.send("POST", "/api/v1/referrals", &body).await.expect(409);
        assert!(refused.text.contains(authority), "{term}: {}", refused.text);
        let body = json!({ "need": need, "mode": "cascade", "services_at_locations": [sun.site], "purpose": "serve" });
        let refused = worker.send("POST", "/api/v1/dispatches", &body).await.expect(409);
        assert!(refused.text.contains(authority), "{term}: {}", refused.text);
        let page = worker.get(&format!("/referrals/new?need={need}")).await.expect(409);
        assert!(page.text.contains(authority), "{term}: {}", page.text);
    }
    let body = json!({ "need": plain, "service_at_location": home.site, "purpose": "serve" });
    let refused = worker.send("POST", "/api/v1/referrals", &body).await.expect(409);
    assert!(refused.text.contains("民政部门决定"), "it offers nothing else: {}", refused.text);
    assert_eq!(test.everything("SELECT id FROM referral UNION ALL SELECT id FROM dispatch").await, "", "nothing was written");
    worker
        .send("POST", "/api/v1/referrals", &json!({ "need": plain, "service_at_location": sun.site, "purpose": "serve" }))
        .await
        .expect(201);
}

#[tokio::test]
async fn what_an_authority_decides_has_no_button_to_refer() {
    let test = TestApp::start().await;
    test.station_with_case().await;
    let home = test.provider("home", "儿童福利院", TOWNSHIP, "GUA-05", None).await;
    let sun = test.provider("sun", "社工机构", TOWNSHIP, "EDU-04", None).await;
    test.indexed().await;
    let worker = test.signed_in("worker1").await;
    for (provider, refers) in [(&home, false), (&sun, true)] {
        let link = format!("/referrals/new?service_at_location={}", provider.site);
        let organization = format!("/services?organization={}", provider.id);
        let found = worker.get(&organization).await.expect(200).text;
        assert!(found.contains("四点半课堂"), "{found}");
        assert_eq!(found.contains(&link), refers, "{found}");
        let site = lianjie::service::store::site(&mut test.app.store.read().await.unwrap(), &provider.site).await.unwrap().unwrap();
        let page = worker.get(&format!("/services/{}", site.service)).await.expect(200).text;
        assert_eq!(page.contains(&link), refers, "{page}");
        assert_eq!(page.contains("民政部门决定"), !refers, "who decides is said instead");
    }
}
