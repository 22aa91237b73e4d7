//! 修改记录: every edit keeps what was there, and it can be put back; a hidden address is nowhere on the way.

use lianjie::access::{Role, Scope};
use lianjie::organization::model::LocationType;
use serde_json::{Value, json};

use crate::support::directory::Listing;
use crate::support::{Browser, TestApp};

async fn start() -> (TestApp, Listing, Browser, Browser) {
    let test = TestApp::start().await;
    let listing = Listing::new(&test, "四点半课堂", &["DEV-02"], "320116010").put(&test).await;
    let id = listing.organization.id.clone();
    test.account("provider1", Some(&id), Role::Provider, Scope::Organization(id.clone())).await;
    test.account("registrar1", None, Role::Registrar, Scope::Division("320116".parse().unwrap())).await;
    let provider = test.signed_in("provider1").await;
    let registrar = test.signed_in("registrar1").await;
    (test, listing, provider, registrar)
}

/// What an edit of a service sends: what was read, with something else in it.
pub async fn edit(browser: &Browser, path: &str, change: impl FnOnce(&mut Value)) -> Value {
    let mut service = browser.get(path).await.expect(200).json()["service"].clone();
    let version = service["version"].clone();
    for beside in ["id", "organization", "checked", "unchecked", "version"] {
        service.as_object_mut().unwrap().remove(beside);
    }
    change(&mut service);
    browser.send("PUT", path, &json!({"version": version, "service": service})).await.expect(200).json()["service"].clone()
}

#[tokio::test]
async fn an_edit_keeps_what_was_there_and_one_field_can_be_put_back() {
    let (_test, listing, provider, registrar) = start().await;
    let path = format!("/api/v1/organizations/{}", listing.organization.id);
    provider.send("PATCH", &path, &json!({"version": 1, "description": "换了说法。", "address": "新路 9 号"})).await.expect(200);
    let versions = registrar.get(&format!("{path}/versions")).await.expect(200).json();
    let changed: Vec<_> = versions["versions"][0]["changes"].as_array().unwrap().iter().map(|one| one["field"].as_str().unwrap()).collect();
    assert_eq!((versions["versions"][0]["version"].as_i64(), changed), (Some(1), vec!["description", "address"]));
    assert_eq!(versions["versions"][0]["by"], "测试·provider1");

    let page = format!("/organizations/{}/versions", listing.organization.id);
    let shown = provider.get(&page).await.expect(200);
    assert!(shown.text.contains("<del>测试路 1 号</del>") && shown.text.contains("<ins>新路 9 号</ins>"));
    assert!(!shown.text.contains("测试·provider1</h2>"), "who it was is for those who check");
    provider.post(&page, &[("put_back", "1"), ("field", "address"), ("version", "2")]).await.expect(303);
    let now = provider.get(&path).await.json();
    assert_eq!(
        (now["organization"]["address"].as_str(), now["organization"]["description"].as_str()),
        (Some("测试路 1 号"), Some("换了说法。"))
    );
    provider.post(&page, &[("put_back", "1"), ("field", "address"), ("version", "2")]).await.expect(409);
    provider.post(&page, &[("put_back", "1"), ("field", "status"), ("version", "3")]).await.expect(422);
    provider.post(&page, &[("put_back", "77"), ("version", "3")]).await.expect(404);
}

#[tokio::test]
async fn a_step_is_kept_too_but_is_taken_back_only_by_a_step() {
    let (_test, listing, _provider, registrar) = start().await;
    let path = format!("/api/v1/organizations/{}", listing.organization.id);
    registrar.send("POST", &format!("{path}/steps"), &json!({"step": "suspend", "reason": "电话打不通", "version": 1})).await.expect(200);
    let page = registrar.get(&format!("/organizations/{}/versions", listing.organization.id)).await.expect(200);
    assert!(page.text.contains("<del>已核验</del>") && page.text.contains("<ins>已暂停</ins>"));
    assert!(!page.text.contains("name=\"put_back\""));
}

#[tokio::test]
async fn a_rule_that_is_put_back_is_checked_like_any_edit_and_matching_waits_for_it() {
    let (test, listing, provider, registrar) = start().await;
    let path = format!("/api/v1/services/{}", listing.service.id);
    let narrow = json!({"all": [{"age_months": [72, 143]}, {"hukou": ["320116"]}]});
    let after = edit(&provider, &path, |service| service["eligibility"] = narrow.clone()).await;
    assert_eq!((after["unchecked"].as_bool(), after["version"].as_i64()), (Some(true), Some(2)));
    let page = format!("/services/{}/versions", listing.service.id);
    let shown = registrar.get(&page).await.expect(200);
    assert!(shown.text.contains("南京市六合区"), "a rule is shown in words: {}", shown.text);

    let queue = registrar.get("/verification").await.expect(200);
    assert!(queue.text.contains("<ins>满") && queue.text.contains("<del>满"), "old and new stand side by side: {}", queue.text);
    registrar.send("POST", &format!("{path}/checks"), &json!({"version": 2})).await.expect(200);
    let body = json!({"put_back": 1, "field": "eligibility", "version": 3});
    let back = provider.send("POST", &format!("{path}/versions"), &body).await.expect(200).json();
    assert_eq!(back["unchecked"], true);
    let stored = lianjie::service::store::find(&mut test.app.store.read().await.unwrap(), &listing.service.id).await.unwrap().unwrap();
    assert_eq!(stored.eligibility, listing.service.eligibility);
    assert_eq!(serde_json::to_value(stored.rule().unwrap()).unwrap(), narrow, "matching reads the checked rule");
    // Where it is given and what it costs are as they were.
    let (sites, fees) = {
        let mut db = test.app.store.read().await.unwrap();
        let sites = lianjie::service::store::sites(&mut db, &listing.service.id).await.unwrap();
        (sites, lianjie::service::store::fees(&mut db, &listing.service.id).await.unwrap())
    };
    assert_eq!((sites.len(), sites[0].id.clone(), fees.len()), (1, listing.site.id.clone(), 2));
}

#[tokio::test]
async fn changes_are_for_those_inside() {
    let (test, listing, provider, _registrar) = start().await;
    let path = format!("/api/v1/organizations/{}", listing.organization.id);
    provider.send("PATCH", &path, &json!({"version": 1, "description": "换了说法。"})).await.expect(200);
    test.account("worker1", None, Role::Worker, Scope::All).await;
    let other = lianjie::id::OrganizationId::new(test.app.now());
    test.account("provider2", Some(&other), Role::Provider, Scope::Organization(other.clone())).await;
    let pages = [format!("/organizations/{}/versions", listing.organization.id), format!("/services/{}/versions", listing.service.id)];
    for login in ["worker1", "provider2"] {
        let browser = test.signed_in(login).await;
        for page in &pages {
            browser.get(page).await.expect(403);
            browser.get(&format!("/api/v1{page}")).await.expect(403);
            let body = json!({"put_back": 1, "version": 2});
            browser.send("POST", &format!("/api/v1{page}"), &body).await.expect(403);
        }
    }
    for page in &pages {
        test.visitor().get(&format!("/api/v1{page}")).await.expect(401);
    }
}

#[tokio::test]
async fn the_form_of_a_hidden_location_is_not_there_for_a_worker_who_may_not_read_it() {
    let test = TestApp::start().await;
    let listing = Listing::new(&test, "临时庇护", &["EMG-02"], "320116010")
        .with(|one| {
            one.location.location_type = LocationType::Redacted;
            one.location.address = "保密路 5 号".into();
        })
        .put(&test)
        .await;
    let id = listing.organization.id.clone();
    test.account("worker1", None, Role::Worker, Scope::All).await;
    test.account("provider1", Some(&id), Role::Provider, Scope::Organization(id.clone())).await;
    let page = format!("/locations/{}/edit", listing.location.id);
    let worker = test.signed_in("worker1").await;
    worker.get(&page).await.expect(404);
    let fields = [("name", "换个名字"), ("location_type", "physical"), ("division", "320116"), ("address", "明处 1 号")];
    worker.post(&page, &fields).await.expect(404);
    let seen = worker.get(&format!("/api/v1/organizations/{id}/locations")).await.expect(200);
    assert!(!seen.text.contains("保密路"));
    assert!(test.signed_in("provider1").await.get(&page).await.expect(200).text.contains("保密路 5 号"));
}
