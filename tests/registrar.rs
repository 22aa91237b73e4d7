//! What waits for the registrar: what others say about an entry, and verifications that end.

use jiff::SignedDuration;
use lianjie::access::{Role, Scope};
use lianjie_index::entry::Level;
use serde_json::json;

use crate::support::TestApp;
use crate::support::directory::{Listing, a_service};
use crate::support::referrals::TOWNSHIP;

fn suggestion_in(page: &str, text: &str) -> String {
    let row = page.split("<li").find(|row| row.contains(text)).unwrap_or_else(|| panic!("{text} is not listed: {page}"));
    row.split("action=\"/suggestions/").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_suggestion_is_a_task_and_taking_it_writes_what_can_be_written() {
    let test = TestApp::start().await;
    let one = a_service(&test, "四点半课堂", &["EDU-04"], TOWNSHIP).await;
    let id = one.organization.id.clone();
    test.account("provider1", Some(&id), Role::Provider, Scope::Organization(id.clone())).await;
    test.account("registrar1", None, Role::Registrar, Scope::Division("320116".parse().unwrap())).await;
    test.account("registrar2", None, Role::Registrar, Scope::Division("320102".parse().unwrap())).await;
    test.account("worker1", None, Role::Worker, Scope::All).await;
    let worker = test.signed_in("worker1").await;
    for (field, text) in
        [("phones", "025-0000 0007、025-0000 0008"), ("phones", "打不通了"), ("wait_days", "9 天"), ("schedule", "周六也开")]
    {
        let fields = [("field", field), ("suggested", text)];
        worker.post(&format!("/services/{}/suggestions", one.service.id), &fields).await.expect(303);
    }
    let (registrar, provider) = (test.signed_in("registrar1").await, test.signed_in("provider1").await);
    let waits = async |browser: &crate::support::Browser| browser.get("/api/v1/today").await.expect(200).json()["to_settle"].clone();
    assert_eq!((waits(&registrar).await, waits(&provider).await), (json!(4), json!(4)));
    let elsewhere = test.signed_in("registrar2").await;
    assert_eq!(waits(&elsewhere).await, json!(0));
    assert!(!elsewhere.get("/verification").await.expect(200).text.contains("025-0000 0007"));

    let list = registrar.get("/verification").await.expect(200).text;
    let back = [("taken", "1"), ("back", "/verification")];
    let new_phones = suggestion_in(&list, "025-0000 0007");
    let done = registrar.post(&format!("/suggestions/{new_phones}"), &back).await.expect(303);
    assert_eq!(done.location.as_deref(), Some("/verification"));
    assert_eq!(test.everything("SELECT phones FROM organization").await, r#"["025-0000 0007","025-0000 0008"]"#);
    let unclear = suggestion_in(&list, "打不通了");
    let done = registrar.post(&format!("/suggestions/{unclear}"), &back).await.expect(303);
    assert_eq!(done.location, Some(format!("/organizations/{id}")), "it is written by hand");
    assert!(test.everything("SELECT phones FROM organization").await.contains("0007"));

    let mine = provider.get("/organizations/mine").await.expect(200).text;
    let days = suggestion_in(&mine, "9 天");
    provider.post(&format!("/suggestions/{days}"), &[("taken", "1"), ("back", "/organizations/mine")]).await.expect(303);
    assert_eq!(test.everything("SELECT CAST(wait_days AS TEXT) FROM service").await, "9");
    let saturday = suggestion_in(&mine, "周六也开");
    elsewhere.post(&format!("/suggestions/{saturday}"), &[("taken", "1")]).await.expect(403);
    provider.post(&format!("/suggestions/{saturday}"), &[("back", "https://elsewhere.example")]).await.expect(303);
    assert_eq!((waits(&registrar).await, waits(&provider).await), (json!(0), json!(0)));
    let log = test.everything("SELECT action || ' ' || fields FROM audit_event WHERE action = 'suggestion.settled'").await;
    assert!(log.contains("written") && log.contains("by_hand") && log.contains("refused"), "{log}");
    let versions = test.everything("SELECT subject_type FROM record_version ORDER BY subject_type").await;
    assert_eq!(versions, "organization\nservice", "what was there can be put back");
}

#[tokio::test]
async fn who_sees_an_organization_may_say_that_it_is_otherwise() {
    let test = TestApp::start().await;
    let sun = test.provider("sun", "社工机构", TOWNSHIP, "EDU-04", None).await;
    test.provider("moon", "社工机构", TOWNSHIP, "EDU-04", None).await;
    let kept = Listing::new(&test, "庇护所", &["EDU-04"], TOWNSHIP).with(|one| one.organization.confidentiality = Level::Restricted);
    let kept = kept.put(&test).await;
    test.account("registrar1", None, Role::Registrar, Scope::Division("320116".parse().unwrap())).await;
    let (moon, path) = (test.signed_in("moon").await, format!("/organizations/{}/suggestions", sun.id));
    assert!(moon.get(&format!("/organizations/{}", sun.id)).await.expect(200).text.contains(&path));
    let fields = [("key", "wrong-key-1"), ("field", "website"), ("suggested", "https://sun.example")];
    moon.post(&path, &fields).await.expect(303);
    moon.post(&path, &fields).await.expect(303);
    moon.post(&path, &[("field", "kind"), ("suggested", "医院")]).await.expect(422);
    moon.send("POST", &format!("/api/v1{path}"), &json!({ "field": "existence", "suggested": "搬走了" })).await.expect(204);
    moon.post(&format!("/organizations/{}/suggestions", kept.organization.id), &fields[1..]).await.expect(404);
    assert!(test.visitor().post(&path, &fields).await.expect(303).location.unwrap().starts_with("/login"));
    let owner = test.signed_in("sun").await;
    assert!(!owner.get(&format!("/organizations/{}", sun.id)).await.expect(200).text.contains(&path), "who edits it needs not say so");
    let list = test.signed_in("registrar1").await.get("/verification").await.expect(200).text;
    assert!(list.contains("搬走了"));
    let website = suggestion_in(&list, "https://sun.example");
    owner.post(&format!("/suggestions/{website}"), &[("taken", "1")]).await.expect(303);
    let websites = test.everything("SELECT COALESCE(website, '') FROM organization").await;
    assert_eq!(websites.matches("https://sun.example").count(), 1);
    assert_eq!(test.everything("SELECT field FROM change_suggestion WHERE state = 'open'").await, "existence");
}

#[tokio::test]
async fn a_verification_that_ends_soon_or_is_over_waits_for_the_registrar() {
    let test = TestApp::start().await;
    test.account("registrar1", None, Role::Registrar, Scope::Division("320116".parse().unwrap())).await;
    let until = async |name: &str, day: &str| {
        let listing = Listing::new(&test, "四点半课堂", &["EDU-04"], TOWNSHIP).with(|one| {
            one.organization.name = name.into();
            one.organization.description = "课后照看孩子。".into();
            one.organization.verified_until = Some(day.parse().unwrap());
        });
        listing.put(&test).await.organization.id
    };
    let over = until("过了期的机构", "2026-11-01").await;
    until("快到期的机构", "2026-12-25").await;
    until("还早的机构", "2026-12-26").await;
    let registrar = test.signed_in("registrar1").await;
    let count = async || test.signed_in("registrar1").await.get("/api/v1/today").await.expect(200).json()["to_renew"].clone();
    assert_eq!(count().await, json!(2));
    assert!(registrar.get("/").await.expect(200).text.contains("/verification#ending"));
    let list = registrar.get("/verification").await.expect(200).text;
    assert!(list.contains("过了期的机构") && list.contains("快到期的机构") && !list.contains("还早的机构"));
    assert!(list.find("过了期的机构").unwrap() < list.find("快到期的机构").unwrap(), "the longest over first");
    let fields = [("step", "verify"), ("version", "1"), ("back", "/verification")];
    registrar.post(&format!("/organizations/{over}/steps"), &fields).await.expect(303);
    assert_eq!(count().await, json!(1));
    assert!(!registrar.get("/verification").await.expect(200).text.contains("过了期的机构"));
    test.pass(SignedDuration::from_hours(24));
    assert_eq!(count().await, json!(2), "thirty days before it ends");
}

#[tokio::test]
async fn an_organization_that_is_renamed_to_another_is_told() {
    let test = TestApp::start().await;
    let named = async |name: &str, phone: &str| {
        let listing = Listing::new(&test, "四点半课堂", &["EDU-04"], TOWNSHIP).with(|one| {
            one.organization.name = name.into();
            one.organization.phones = vec![phone.into()];
        });
        listing.put(&test).await.organization.id.to_string()
    };
    named("青藤社工服务中心", "025-11111111").await;
    let id = named("向阳儿童之家", "025-22222222").await;
    test.account("registrar1", None, Role::Registrar, Scope::Division("320116".parse().unwrap())).await;
    let registrar = test.signed_in("registrar1").await;
    let (path, change) = (format!("/api/v1/organizations/{id}"), json!({ "version": 1, "name": "青藤社工 服务中心" }));
    let told = registrar.send("PATCH", &path, &change).await.expect(422).json();
    assert_eq!(told["errors"][0]["field"], "distinct", "{told}");
    assert!(told.to_string().contains("青藤社工服务中心"));
    // Who may not edit it learns nothing of what stands beside it.
    test.account("auditor1", None, Role::Auditor, Scope::All).await;
    test.signed_in("auditor1").await.send("PATCH", &path, &change).await.expect(403);
    // Another edit is not asked about, and who says that it is another one is believed.
    registrar.send("PATCH", &path, &json!({ "version": 1, "description": "下午开放。" })).await.expect(200);
    registrar.send("PATCH", &path, &json!({ "version": 2, "name": "青藤社工 服务中心", "distinct": true })).await.expect(200);
    registrar.send("PATCH", &path, &json!({ "version": 3, "address": "长芦街道9号" })).await.expect(200);
}

#[tokio::test]
async fn what_waits_says_when_it_was_changed_and_whether_it_has_a_code() {
    let test = TestApp::start().await;
    Listing::new(&test, "四点半课堂", &["EDU-04"], TOWNSHIP)
        .with(|one| {
            one.organization.status = lianjie::organization::model::Status::Pending;
            one.organization.code_uscc = None;
        })
        .put(&test)
        .await;
    test.account("registrar1", None, Role::Registrar, Scope::Division("320116".parse().unwrap())).await;
    test.pass(SignedDuration::from_hours(72));
    let list = test.signed_in("registrar1").await.get("/verification").await.expect(200).text;
    assert!(list.contains("，3 天前") && list.contains("没有填社会信用代码"), "{list}");
}
