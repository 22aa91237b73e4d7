//! 修改记录 of what belongs to an entry: a service's sites, areas, hours and fees, locations and licensed people; each put back by itself.

use lianjie::access::{Role, Scope};
use lianjie::organization::model::LocationType;
use serde_json::{Value, json};

use crate::support::directory::Listing;
use crate::support::{Browser, TestApp};
use crate::versions::edit;

async fn start() -> (TestApp, Listing, Browser, Browser) {
    let test = TestApp::start().await;
    let listing = Listing::new(&test, "四点半课堂", &["DEV-02"], "320116010").put(&test).await;
    let id = listing.organization.id.clone();
    test.account("provider1", Some(&id), Role::Provider, Scope::Organization(id.clone())).await;
    test.account("registrar1", None, Role::Registrar, Scope::Division("320116".parse().unwrap())).await;
    let (provider, registrar) = (test.signed_in("provider1").await, test.signed_in("registrar1").await);
    (test, listing, provider, registrar)
}

/// The fields of the newest change.
async fn changed(browser: &Browser, path: &str) -> Vec<String> {
    let versions = browser.get(&format!("{path}/versions")).await.expect(200).json();
    let fields = versions["versions"][0]["changes"].as_array().unwrap().iter();
    fields.map(|one| one["field"].as_str().unwrap().to_owned()).collect()
}

async fn put_back(browser: &Browser, path: &str, old: i64, field: &str, version: i64, status: u16) -> Value {
    let body = json!({"put_back": old, "field": field, "version": version});
    browser.send("POST", &format!("{path}/versions"), &body).await.expect(status).json()
}

fn location_form<'a>(name: &'a str, address: &'a str, point: (&'a str, &'a str)) -> Vec<(&'a str, &'a str)> {
    vec![
        ("name", name),
        ("location_type", "physical"),
        ("division", "320116010"),
        ("address", address),
        ("longitude", point.0),
        ("latitude", point.1),
        ("crs", "wgs84"),
        ("accessibility", "lift"),
    ]
}

#[tokio::test]
async fn fees_hours_and_areas_are_kept_and_each_is_put_back_by_itself() {
    let (test, listing, provider, registrar) = start().await;
    let path = format!("/api/v1/services/{}", listing.service.id);
    edit(&provider, &path, |service| {
        service["fees"] = json!([{"audience": "other", "level": "low", "amount_fen": 1500, "unit": "hour"}]);
        service["sites"][0]["areas"] = json!(["320102"]);
        service["schedule"] = json!({"weekly": [{"day": 6, "from": "09:00:00", "to": "12:00:00"}]});
    })
    .await;
    assert_eq!(changed(&registrar, &path).await, ["areas", "schedule", "fees"]);
    let shown = registrar.get(&format!("/services/{}/versions", listing.service.id)).await.expect(200).text;
    for part in ["有偿 30 元/次", "低偿 15 元/小时", "六合区", "玄武区", "周六 09:00-12:00", "测试·provider1"] {
        assert!(shown.contains(part), "{part} is not shown: {shown}");
    }

    put_back(&provider, &path, 1, "fees", 2, 200).await;
    let now = provider.get(&path).await.expect(200).json()["service"].clone();
    assert_eq!((now["fees"].as_array().unwrap().len(), now["sites"][0]["areas"][0].as_str()), (2, Some("320102")));
    put_back(&provider, &path, 1, "areas", 3, 200).await;
    put_back(&provider, &path, 1, "schedule", 3, 409).await;
    put_back(&provider, &path, 1, "schedule", 4, 200).await;
    let now = provider.get(&path).await.expect(200).json()["service"].clone();
    assert_eq!(now["sites"][0]["areas"][0], "320116");
    assert_eq!(now["sites"][0]["id"], listing.site.id.as_str(), "the site stays, and its places with it");
    assert_eq!(now["schedule"]["weekly"].as_array().unwrap().len(), 2);
    assert_eq!(changed(&registrar, &path).await, ["schedule"], "what was put back is a version too");
    let log = test.everything("SELECT action FROM audit_event WHERE action = 'service.edited'").await;
    assert_eq!(log.lines().count(), 4);
}

#[tokio::test]
async fn a_site_that_went_is_put_back_and_one_in_use_is_not_taken_out_again() {
    let (test, listing, provider, registrar) = start().await;
    let path = format!("/api/v1/services/{}", listing.service.id);
    let body = json!({"name": "河边站点", "location_type": "physical", "address": "河边路 2 号"});
    let added = format!("/api/v1/organizations/{}/locations", listing.organization.id);
    let other = provider.send("POST", &added, &body).await.expect(201).json()["location"]["id"].as_str().unwrap().to_owned();
    edit(&provider, &path, |service| {
        service["sites"].as_array_mut().unwrap().push(json!({"location": other, "areas": ["320116"]}));
    })
    .await;
    assert_eq!(changed(&registrar, &path).await, ["sites"], "the areas of a new site come with it");
    put_back(&provider, &path, 1, "sites", 2, 200).await;
    assert_eq!(provider.get(&path).await.json()["service"]["sites"].as_array().unwrap().len(), 1);
    put_back(&provider, &path, 2, "sites", 3, 200).await;
    let now = provider.get(&path).await.json()["service"]["sites"].clone();
    assert_eq!((now.as_array().unwrap().len(), now.to_string().contains(&other)), (2, true));

    let mut tx = test.app.begin().await.unwrap();
    sqlx::query(
        "INSERT INTO place (id, province, service_at_location_id, capacity, used, source, as_of, changed_at)
         SELECT 'place-of-the-river', '32', id, 3, 1, 'organization', '2026-11-25T01:00:00.000Z', '2026-11-25T01:00:00.000Z'
         FROM service_at_location WHERE location_id = $1",
    )
    .bind(&other)
    .execute(&mut *tx)
    .await
    .unwrap();
    tx.commit(test.app.now()).await.unwrap();
    let refused = put_back(&provider, &path, 1, "sites", 4, 422).await;
    assert!(refused["errors"][0]["text"].as_str().unwrap().contains("不能去掉"), "{refused}");
    assert_eq!(provider.get(&path).await.json()["service"]["sites"].as_array().unwrap().len(), 2, "nothing is half put back");
}

#[tokio::test]
async fn a_location_keeps_what_was_there_and_gives_one_field_back() {
    let (test, listing, provider, registrar) = start().await;
    let (path, form) = (format!("/api/v1/locations/{}", listing.location.id), format!("/locations/{}/edit", listing.location.id));
    provider.post(&form, &location_form("梧桐里站点", "新巷 3 号", ("118.80", "32.20"))).await.expect(303);
    assert_eq!(changed(&registrar, &path).await, ["address", "point", "accessibility"]);
    let page = format!("/locations/{}/versions", listing.location.id);
    let shown = provider.get(&page).await.expect(200).text;
    assert!(shown.contains("<del>梧桐里 8 号</del>") && shown.contains("<ins>新巷 3 号</ins>") && shown.contains("118.8, 32.2 (WGS-84)"));
    assert!(shown.contains("<del>轮椅可进</del>") && shown.contains("<ins>有电梯</ins>") && !shown.contains("provider1</h2>"));
    provider.post("/preferences", &[("locale", "en"), ("back", "/account")]).await.expect(303);
    assert!(provider.get(&page).await.expect(200).text.contains("Accessibility"));

    provider.post(&page, &[("put_back", "1"), ("field", "address"), ("version", "2")]).await.expect(303);
    put_back(&provider, &path, 1, "point", 2, 409).await;
    put_back(&provider, &path, 1, "point", 3, 200).await;
    put_back(&provider, &path, 1, "organization", 4, 422).await;
    put_back(&provider, &path, 9, "address", 4, 404).await;
    let now = lianjie::organization::store::location(&mut test.app.store.read().await.unwrap(), &listing.location.id).await.unwrap();
    let now = now.unwrap();
    let (point, before) = (now.point.unwrap(), listing.location.point.unwrap());
    assert_eq!(now.address, "梧桐里 8 号");
    // What is read from text again may differ in the last of its sixteen digits.
    assert!(point.distance_km(before) < 1e-6, "{point:?} {before:?}");
    assert_eq!(now.crs_given, listing.location.crs_given, "a point is put back as it was given");
    assert_eq!(now.accessibility, ["lift"], "the rest stays");
    let log = test.everything("SELECT fields FROM audit_event WHERE action = 'location.edited'").await;
    assert_eq!(log.lines().count(), 3, "{log}");
}

#[tokio::test]
async fn what_today_s_rules_refuse_is_not_put_back_and_a_sentence_says_why() {
    let test = TestApp::start().await;
    let listing = Listing::new(&test, "四点半课堂", &["DEV-02"], "320116010")
        .with(|one| one.location.accessibility = vec!["ramp at the back door".into()])
        .put(&test)
        .await;
    let id = listing.organization.id.clone();
    test.account("provider1", Some(&id), Role::Provider, Scope::Organization(id.clone())).await;
    let provider = test.signed_in("provider1").await;
    let form = format!("/locations/{}/edit", listing.location.id);
    provider.post(&form, &location_form("梧桐里站点", "梧桐里 8 号", ("", ""))).await.expect(303);
    let page = format!("/locations/{}/versions", listing.location.id);
    assert!(provider.get(&page).await.expect(200).text.contains("ramp at the back door"), "an old value stays readable");
    let path = format!("/api/v1/locations/{}", listing.location.id);
    let refused = put_back(&provider, &path, 1, "accessibility", 2, 422).await;
    assert!(refused["errors"][0]["text"].as_str().unwrap().contains("没有这一种无障碍设施"), "{refused}");
    let stands = test.everything("SELECT accessibility || ' ' || version FROM location").await;
    assert_eq!(stands, "[\"lift\"] 2", "nothing was written");
}

#[tokio::test]
async fn a_licensed_person_is_kept_too_and_a_language_off_the_list_does_not_come_back() {
    let (test, listing, provider, registrar) = start().await;
    let body =
        json!({"name": "孟岚", "profession": "counsellor", "terms": ["PSY-03"], "languages": ["手语"], "licence_until": "2027-05-31"});
    let people = format!("/api/v1/organizations/{}/practitioners", listing.organization.id);
    let id = provider.send("POST", &people, &body).await.expect(201).json()["practitioner"]["id"].as_str().unwrap().to_owned();
    let mut tx = test.app.begin().await.unwrap();
    sqlx::query("UPDATE practitioner SET languages = '[\"苏北话\"]'").execute(&mut *tx).await.unwrap();
    tx.commit(test.app.now()).await.unwrap();
    let edit = format!("/practitioners/{id}/edit");
    let form = provider.get(&edit).await.expect(200).text;
    assert!(form.contains("value=\"苏北话\" checked") && form.contains("value=\"手语\""), "a choice, with what stands there: {form}");

    let path = format!("/api/v1/practitioners/{id}");
    let mut other = body.clone();
    other["name"] = json!("孟兰");
    provider.send("PUT", &path, &other).await.expect(200);
    let shown = registrar.get(&format!("/practitioners/{id}/versions")).await.expect(200).text;
    assert!(shown.contains("<del>孟岚</del>") && shown.contains("<del>苏北话</del>") && shown.contains("测试·provider1"));
    put_back(&provider, &path, 1, "name", 2, 200).await;
    let refused = put_back(&provider, &path, 1, "languages", 3, 422).await;
    assert_eq!(refused["errors"][0]["reason"], "unknown_language", "{refused}");
    other["languages"] = json!(["普通话、手语"]);
    let refused = provider.send("PUT", &path, &other).await.expect(422).json();
    assert!(refused["errors"][0]["text"].as_str().unwrap().contains("请从列表里选"), "{refused}");
    assert_eq!(test.everything("SELECT name || ' ' || languages FROM practitioner").await, "孟岚 [\"手语\"]");
}

#[tokio::test]
async fn the_days_of_a_project_are_put_back_together_and_its_budget_by_itself() {
    let (test, listing, provider, registrar) = start().await;
    let body = json!({"name": "护苗暖心", "funder": "六合区民政局", "from": "2026-01-01", "to": "2026-12-31", "budget_yuan": "120000"});
    let programs = format!("/api/v1/organizations/{}/programs", listing.organization.id);
    let id = provider.send("POST", &programs, &body).await.expect(201).json()["program"]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/programs/{id}");
    let mut other = body.clone();
    (other["from"], other["to"], other["budget_yuan"]) = (json!("2027-01-01"), json!("2027-06-30"), json!("90000.50"));
    provider.send("PUT", &path, &other).await.expect(200);
    assert_eq!(changed(&registrar, &path).await, ["from", "to", "budget_fen"]);
    let shown = registrar.get(&format!("/programs/{id}/versions")).await.expect(200).text;
    assert!(shown.contains("<del>120000 元</del>") && shown.contains("<ins>90000.50 元</ins>"), "{shown}");
    put_back(&provider, &path, 1, "to", 2, 200).await;
    put_back(&provider, &path, 1, "budget_fen", 2, 409).await;
    let stands = test.everything("SELECT from_day || ' ' || to_day || ' ' || CAST(budget_fen AS TEXT) FROM program").await;
    assert_eq!(stands, "2026-01-01 2026-12-31 9000050", "an end before the beginning is nothing");
    put_back(&provider, &path, 1, "budget_fen", 3, 200).await;
    assert_eq!(test.everything("SELECT CAST(budget_fen AS TEXT) FROM program").await, "12000000");
    test.account("worker1", None, Role::Worker, Scope::All).await;
    test.signed_in("worker1").await.get(&format!("{path}/versions")).await.expect(403);
}

#[tokio::test]
async fn changes_of_what_belongs_to_an_entry_are_for_those_inside() {
    let (test, listing, provider, _registrar) = start().await;
    let body = json!({"name": "孟岚", "profession": "counsellor"});
    let people = format!("/api/v1/organizations/{}/practitioners", listing.organization.id);
    let person = provider.send("POST", &people, &body).await.expect(201).json()["practitioner"]["id"].as_str().unwrap().to_owned();
    test.account("worker1", None, Role::Worker, Scope::All).await;
    test.account("registrar2", None, Role::Registrar, Scope::Division("320111".parse().unwrap())).await;
    let other = lianjie::id::OrganizationId::new(test.app.now());
    test.account("provider2", Some(&other), Role::Provider, Scope::Organization(other.clone())).await;
    let pages = [format!("/locations/{}/versions", listing.location.id), format!("/practitioners/{person}/versions")];
    let body = json!({"put_back": 1, "version": 1});
    for login in ["worker1", "registrar2", "provider2"] {
        let browser = test.signed_in(login).await;
        for page in &pages {
            browser.get(page).await.expect(403);
            browser.get(&format!("/api/v1{page}")).await.expect(403);
            browser.post(page, &[("put_back", "1"), ("version", "1")]).await.expect(403);
            browser.send("POST", &format!("/api/v1{page}"), &body).await.expect(403);
        }
    }
    for page in &pages {
        test.visitor().get(&format!("/api/v1{page}")).await.expect(401);
        test.visitor().send("POST", &format!("/api/v1{page}"), &body).await.expect(401);
    }
}

#[tokio::test]
async fn an_address_that_is_confidential_now_is_in_no_history_for_those_outside() {
    let test = TestApp::start().await;
    let listing = Listing::new(&test, "临时庇护", &["EMG-02"], "320116010")
        .with(|one| one.location.address = "旧的保密路 5 号".into())
        .put(&test)
        .await;
    let id = listing.organization.id.clone();
    test.account("provider1", Some(&id), Role::Provider, Scope::Organization(id.clone())).await;
    test.account("worker1", None, Role::Worker, Scope::All).await;
    test.account("registrar1", None, Role::Registrar, Scope::Division("320116".parse().unwrap())).await;
    let provider = test.signed_in("provider1").await;
    let mut fields = location_form("梧桐里站点", "新的保密路 6 号", ("", ""));
    fields[1].1 = "redacted";
    provider.post(&format!("/locations/{}/edit", listing.location.id), &fields).await.expect(303);
    let stored = test.everything("SELECT location_type FROM location").await;
    assert_eq!(stored, serde_json::to_value(LocationType::Redacted).unwrap().as_str().unwrap());

    let worker = test.signed_in("worker1").await;
    let page = format!("/locations/{}/versions", listing.location.id);
    for path in [page.clone(), format!("/api/v1{page}"), format!("/organizations/{id}"), format!("/api/v1/organizations/{id}/locations")] {
        assert!(!worker.get(&path).await.text.contains("保密路"), "{path}");
    }
    worker.get(&page).await.expect(404);
    worker.send("POST", &format!("/api/v1{page}"), &json!({"put_back": 1, "field": "address", "version": 2})).await.expect(404);
    for login in ["provider1", "registrar1"] {
        let shown = test.signed_in(login).await.get(&page).await.expect(200).text;
        assert!(shown.contains("旧的保密路 5 号") && shown.contains("新的保密路 6 号"), "{login}");
    }
    let events = test.everything("SELECT object_ref || fields || COALESCE(purpose, '') FROM audit_event").await;
    assert!(!events.contains("保密路"), "the log names fields, not addresses");
}
