//! Services from the side of those who give them: written, checked, found; and their places.

use lianjie::access::{Role, Scope};
use lianjie::{search, service};
use serde_json::{Value, json};

use crate::support::directory::Listing;
use crate::support::{Browser, PASSWORD, Page, TestApp};

/// A registrar, a worker and a visitor's organization with its first account.
async fn people(test: &TestApp) -> (Browser, Browser, Browser, String) {
    test.account("registrar1", None, Role::Registrar, Scope::Division("320116".parse().unwrap())).await;
    test.account("worker1", None, Role::Worker, Scope::All).await;
    let body = json!({"key": "services-key-1", "kind": "社工机构", "name": "青藤社会工作服务中心", "division": "320116010",
        "description": "课后照看。", "phones": ["025-1234 5678"], "login": "qingteng", "password": PASSWORD, "contact": "测试"});
    let made = test.visitor().send("POST", "/api/v1/organizations", &body).await.expect(201).json();
    let id = made["organization"]["id"].as_str().unwrap().to_owned();
    (test.signed_in("registrar1").await, test.signed_in("worker1").await, test.signed_in("qingteng").await, id)
}

#[tokio::test]
async fn hours_that_are_the_same_on_all_working_days_are_written_once() {
    let test = TestApp::start().await;
    let (_, _, provider, id) = people(&test).await;
    let own = [("hours_workdays", "08:30-17:30"), ("hours_3", "13:30-17:30"), ("hours_6", "9点-11点半")];
    let usual = form("none", "areas_none").into_iter().filter(|(name, _)| !name.starts_with("hours_") && *name != "delivery");
    let fields: Vec<_> = usual.chain(own).chain([("delivery", "home")]).collect();
    let made = provider.post(&format!("/organizations/{id}/services/new"), &fields).await.expect(303);
    let service = id_at_end(&made).split('?').next().unwrap().to_owned();
    let weekly = test.everything("SELECT schedule FROM service").await;
    let weekly: Value = serde_json::from_str(&weekly).unwrap();
    let of = |day: u64| weekly["weekly"].as_array().unwrap().iter().find(|one| one["day"] == day).map(|one| one["from"].to_string());
    assert_eq!(of(1), of(5));
    assert!(of(3).unwrap().contains("13:30") && of(6).unwrap().contains("09:00"), "{weekly}");
    assert_eq!(of(7), None);
    // Read again: days that differ stand each by themselves, days that do not stand together.
    let edit = format!("/services/{service}/edit");
    assert!(provider.get(&edit).await.expect(200).text.contains("id=\"hours_workdays\" name=\"hours_workdays\" type=\"text\" value=\"\""));
    let again =
        fields.iter().filter(|(name, _)| *name != "hours_3" && *name != "key").copied().chain([("version", "1")]).collect::<Vec<_>>();
    provider.post(&edit, &again).await.expect(303);
    assert!(provider.get(&edit).await.expect(200).text.contains("name=\"hours_workdays\" type=\"text\" value=\"08:30-17:30\""));
    // What does not read is told at the one line.
    let wrong: Vec<_> = again.iter().map(|(name, value)| (*name, if *name == "hours_workdays" { "上午" } else { *value })).collect();
    let refused = provider.post(&edit, &wrong).await.expect(422).text;
    assert_eq!(refused.matches("href=\"#hours_workdays\"").count(), 1, "{refused}");
}

async fn take(browser: &Browser, id: &str, step: &str) {
    let version = browser.get(&format!("/api/v1/organizations/{id}")).await.expect(200).json()["organization"]["version"].to_string();
    browser.post(&format!("/organizations/{id}/steps"), &[("step", step), ("version", &version)]).await.expect(303);
}

/// What a worker finds under a name.
async fn found(test: &TestApp, worker: &Browser) -> Value {
    search::catch_up(&test.app).await.unwrap();
    worker.get("/api/v1/services/search?q=%E9%9D%92%E8%97%A4%E8%AF%BE%E5%90%8E").await.expect(200).json()
}

fn form<'a>(location: &'a str, areas: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("key", "service-key-1"),
        ("name", "青藤课后照看"),
        ("terms", "DEV-02"),
        ("delivery", "site"),
        ("languages", "普通话"),
        ("languages", "吴语"),
        ("status", "active"),
        ("who", "some"),
        ("age_from", "6"),
        ("age_to", "14"),
        ("hukou", "any"),
        ("sites", location),
        (areas, "六合区、长芦街道"),
        ("hours_1", "16:30-18:00"),
        ("season", "term_time"),
        ("fee_hardship", "free"),
        ("fee_other", "full"),
        ("fee_other_amount", "30"),
        ("fee_other_unit", "visit"),
        ("wait_days", "5"),
    ]
}

fn id_at_end(page: &Page) -> String {
    page.location.as_deref().unwrap().rsplit('/').next().unwrap().to_owned()
}

#[tokio::test]
async fn an_organization_comes_into_the_directory_from_registering_to_being_found() {
    let test = TestApp::start().await;
    let (registrar, worker, provider, id) = people(&test).await;
    let place = [
        ("key", "location-key-1"),
        ("name", "梧桐里站点"),
        ("location_type", "physical"),
        ("division", "320116"),
        ("township", "长芦"),
        ("longitude", "118.796683"),
        ("latitude", "32.059572"),
        ("crs", "gcj02"),
    ];
    provider.post(&format!("/organizations/{id}/locations/new"), &place).await.expect(303);
    provider.post(&format!("/organizations/{id}/locations/new"), &place).await.expect(303);
    let locations = provider.get(&format!("/api/v1/organizations/{id}/locations")).await.expect(200).json();
    assert_eq!(locations["locations"].as_array().unwrap().len(), 1);
    let stored = locations["locations"][0]["longitude"].as_f64().unwrap();
    assert!((stored - 118.791_49).abs() < 0.000_01, "{stored}");
    let location = locations["locations"][0]["id"].as_str().unwrap().to_owned();

    let areas = format!("areas_{location}");
    let made = provider.post(&format!("/organizations/{id}/services/new"), &form(&location, &areas)).await.expect(303);
    let service = id_at_end(&made);
    let again = provider.post(&format!("/organizations/{id}/services/new"), &form(&location, &areas)).await.expect(303);
    assert_eq!(id_at_end(&again), service, "a double submit makes one service");
    let written = provider.get(&format!("/api/v1/services/{service}")).await.expect(200).json()["service"].clone();
    assert_eq!(written["eligibility"], json!({"all": [{"age_months": [72, 179]}]}));
    assert_eq!(written["sites"][0]["areas"], json!(["320116", "320116012"]));
    assert_eq!(written["fees"].as_array().unwrap().len(), 2);
    assert_eq!(written["languages"], json!(["普通话", "吴语"]));

    let site = written["sites"][0]["id"].as_str().unwrap();
    provider.post("/places", &[("key", "places-key-1"), ("site", site), ("free", "20"), ("do", "set")]).await.expect(303);
    let edited = provider.get(&format!("/services/{service}/edit")).await.expect(200).text;
    assert!(
        edited.contains(r#"value="吴语" checked"#) && edited.contains(r#"value="中原官话">"#),
        "one list of languages, those given ticked"
    );

    assert_eq!(found(&test, &worker).await["meta"]["total"], 0, "a draft is found by nobody");
    take(&provider, &id, "submit").await;
    let marked = found(&test, &worker).await;
    assert_eq!(marked["meta"]["total"], 1);
    assert_eq!((marked["services"][0]["mark"].as_str(), marked["services"][0]["verified"].as_bool()), (Some("pending"), Some(false)));
    take(&registrar, &id, "verify").await;
    let clear = found(&test, &worker).await;
    assert_eq!((clear["services"][0]["mark"].as_str(), clear["services"][0]["verified"].as_bool()), (None, Some(true)));
    take(&registrar, &id, "verify").await;
}

#[tokio::test]
async fn a_language_that_is_not_on_the_list_is_kept() {
    let test = TestApp::start().await;
    let listing = Listing::new(&test, "四点半课堂", &["DEV-02"], "320116010").with(|one| one.service.languages = vec!["赣榆话".into()]);
    let listing = listing.put(&test).await;
    let id = &listing.organization.id;
    test.account("provider1", Some(id), Role::Provider, Scope::Organization(id.clone())).await;
    let page = test.signed_in("provider1").await.get(&format!("{}/edit", listing.page())).await.expect(200).text;
    assert!(page.contains(r#"value="赣榆话" checked"#) && page.contains(r#"value="吴语">"#), "{page}");
}

#[tokio::test]
async fn an_edit_waits_and_matching_keeps_the_checked_rule() {
    let test = TestApp::start().await;
    let listing = Listing::new(&test, "四点半课堂", &["DEV-02"], "320116010").put(&test).await;
    let owner = listing.organization.id.clone();
    test.account("provider1", Some(&owner), Role::Provider, Scope::Organization(owner.clone())).await;
    test.account("registrar1", None, Role::Registrar, Scope::Division("320116".parse().unwrap())).await;
    let provider = test.signed_in("provider1").await;
    let path = format!("/api/v1/services/{}", listing.service.id);
    let mut content = provider.get(&path).await.expect(200).json()["service"].clone();
    for beside in ["id", "organization", "checked", "unchecked", "version"] {
        content.as_object_mut().unwrap().remove(beside);
    }
    let stored = async || service::store::find(&mut test.app.store.read().await.unwrap(), &listing.service.id).await.unwrap().unwrap();
    let old = stored().await.rule().cloned();

    // A fact that needs no check leaves the entry as it was; its version tells.
    content["wait_days"] = json!(9);
    let same = provider.send("PUT", &path, &json!({"version": 1, "service": content})).await.expect(200).json();
    assert_eq!((same["service"]["unchecked"].as_bool(), same["service"]["version"].as_i64()), (Some(false), Some(2)));
    provider.send("PUT", &path, &json!({"version": 1, "service": content})).await.expect(409);

    content["eligibility"] = json!({"all": [{"age_months": [0, 83]}]});
    provider.send("PUT", &path, &json!({"version": 2, "service": content})).await.expect(200);
    assert!(stored().await.unchecked);
    assert_eq!(stored().await.rule().cloned(), old, "matching reads the checked rule");
    let registrar = test.signed_in("registrar1").await;
    assert!(registrar.get("/verification").await.expect(200).text.contains("四点半课堂"));
    provider.post(&format!("/services/{}/checks", listing.service.id), &[("version", "3")]).await.expect(403);
    registrar.post(&format!("/services/{}/checks", listing.service.id), &[("version", "2")]).await.expect(409);
    registrar.post(&format!("/services/{}/checks", listing.service.id), &[("version", "3")]).await.expect(303);
    assert_ne!(stored().await.rule().cloned(), old);
    assert!(!stored().await.unchecked);
}

#[tokio::test]
async fn a_licensed_term_is_refused_in_a_sentence() {
    let test = TestApp::start().await;
    let (_, _, provider, id) = people(&test).await;
    let path = format!("/api/v1/organizations/{id}/services");
    let body = |term: &str| json!({"name": "儿童精神科", "terms": [term], "delivery": ["online"]});
    let refused = provider.send("POST", &path, &body("PSY-05")).await.expect(422).json();
    let text = refused["errors"][0]["text"].as_str().unwrap();
    assert!(text.contains("依法只能由") && text.contains("医院精神科"), "{text}");
    for term in ["GUA-05", "BEH-03", "MED-02", "EMG-02"] {
        provider.send("POST", &path, &body(term)).await.expect(422);
    }
    provider.send("POST", &path, &body("PSY-02")).await.expect(201);
    let mut hard = body("PSY-02");
    hard["eligibility"] = json!({"all": [{"shoe_size": [1, 2]}]});
    let refused = provider.send("POST", &path, &hard).await.expect(422).json();
    assert_eq!(refused["errors"][0]["field"], "eligibility");
}

#[tokio::test]
async fn a_refused_form_of_a_service_is_given_back_as_typed() {
    let test = TestApp::start().await;
    let (_, _, provider, id) = people(&test).await;
    let fields = [
        ("name", "青藤课后照看"),
        ("terms", "DEV-02"),
        ("delivery", "site"),
        ("who", "some"),
        ("age_from", "14"),
        ("age_to", "6"),
        ("hours_2", "17:00-08:00"),
        ("sites", "none"),
        ("areas_none", "没有这个地方"),
        ("fee_other", "full"),
    ];
    let page = provider.post(&format!("/organizations/{id}/services/new"), &fields).await.expect(422);
    for part in ["青藤课后照看", "17:00-08:00", "最小不能大于最大", "开始要早于结束", "没有找到“没有这个地方”", "低偿或有偿要写金额"]
    {
        assert!(page.text.contains(part), "{part} is missing in {}", page.text);
    }
    // A condition is never dropped in silence.
    let open: Vec<_> = fields.iter().map(|(name, value)| (*name, if *name == "who" { "all" } else { *value })).collect();
    let page = provider.post(&format!("/organizations/{id}/services/new"), &open).await.expect(422);
    assert!(page.text.contains("下面填了条件"));
}

#[tokio::test]
async fn a_confidential_location_is_kept_from_those_outside() {
    let test = TestApp::start().await;
    let (registrar, worker, provider, id) = people(&test).await;
    let place = [
        ("name", "安全屋"),
        ("location_type", "redacted"),
        ("division", "320116"),
        ("address", "保密路 5 号"),
        ("longitude", "118.8"),
        ("latitude", "32.1"),
        ("crs", "wgs84"),
    ];
    provider.post(&format!("/organizations/{id}/locations/new"), &place).await.expect(303);
    take(&provider, &id, "submit").await;
    take(&registrar, &id, "verify").await;
    let (page, api) = (format!("/organizations/{id}"), format!("/api/v1/organizations/{id}/locations"));
    assert!(provider.get(&page).await.expect(200).text.contains("保密路 5 号"));
    for browser in [&worker, &test.visitor()] {
        assert!(!browser.get(&page).await.expect(200).text.contains("保密路"));
        let body = browser.get(&api).await.expect(200);
        assert!(!body.text.contains("保密路") && !body.text.contains("118.8"), "{}", body.text);
    }
}

#[tokio::test]
async fn a_camp_against_the_network_is_refused_wherever_it_is_written() {
    let test = TestApp::start().await;
    let (_, _, provider, id) = people(&test).await;
    let path = format!("/api/v1/organizations/{id}/services");
    let body =
        |name: &str, description: &str| json!({"name": name, "description": description, "terms": ["BEH-01"], "delivery": ["phone"]});
    for (name, description, field) in [
        ("青少年戒网瘾学校", "", "name"),
        ("成长特训营", "帮孩子告别网瘾。", "name"),
        ("成长课堂", "军事化管理，改变叛逆的孩子。", "description"),
    ] {
        let refused = provider.send("POST", &path, &body(name, description)).await.expect(422).json();
        let error = refused["errors"].as_array().unwrap().iter().find(|one| one["reason"] == "boot_camp").unwrap();
        assert_eq!(error["field"], field, "{refused}");
        assert!(error["text"].as_str().unwrap().contains("不能进目录"), "{refused}");
    }
    let body = body("网瘾干预小组", "和家长一起谈，这里不做封闭训练。");
    provider.send("POST", &path, &body).await.expect(201);
    let camp = json!({"key": "services-key-9", "kind": "社工机构", "name": "阳光戒网瘾学校", "division": "320116010",
        "description": "", "phones": ["025-1234 5679"], "login": "yangguang", "password": PASSWORD, "contact": "测试"});
    let refused = test.visitor().send("POST", "/api/v1/organizations", &camp).await.expect(422).json();
    assert_eq!(refused["errors"][0]["reason"], "boot_camp", "{refused}");
}

#[tokio::test]
async fn nobody_verifies_what_the_law_forbids() {
    let test = TestApp::start().await;
    let listing = Listing::new(&test, "儿童精神科门诊", &["PSY-05"], "320116010")
        .with(|one| {
            one.service.unchecked = true;
            one.organization.description = "给孩子和家长做心理服务。".into();
        })
        .put(&test)
        .await;
    test.account("registrar1", None, Role::Registrar, Scope::Division("320116".parse().unwrap())).await;
    let registrar = test.signed_in("registrar1").await;
    let path = format!("/api/v1/services/{}/checks", listing.service.id);
    let refused = registrar.send("POST", &path, &json!({"version": 1})).await.expect(422).json();
    assert_eq!(refused["errors"][0]["reason"], "licence", "{refused}");
    let organization = listing.organization.id.to_string();
    let refused =
        registrar.post(&format!("/organizations/{organization}/steps"), &[("step", "verify"), ("version", "1")]).await.expect(422);
    assert!(refused.text.contains("服务“儿童精神科门诊”写的") && refused.text.contains("医院精神科"), "{}", refused.text);
    assert_eq!(test.everything("SELECT unchecked || ' ' || version FROM service").await, "1 1", "nothing was ticked off");
    let mut tx = test.app.begin().await.unwrap();
    sqlx::query("UPDATE organization SET kind = '医院精神科'").execute(&mut *tx).await.unwrap();
    tx.commit(test.app.now()).await.unwrap();
    registrar.send("POST", &path, &json!({"version": 1})).await.expect(200);
}

#[tokio::test]
async fn another_kind_of_a_verified_organization_is_held_against_the_law_at_once() {
    let test = TestApp::start().await;
    let listing = Listing::new(&test, "儿童精神科门诊", &["PSY-05"], "320116010")
        .with(|one| one.organization.kind = "医院精神科".into())
        .put(&test)
        .await;
    let id = listing.organization.id.clone();
    test.account("registrar1", None, Role::Registrar, Scope::Division("320116".parse().unwrap())).await;
    test.account("provider1", Some(&id), Role::Provider, Scope::Organization(id.clone())).await;
    let registrar = test.signed_in("registrar1").await;
    let (path, page) = (format!("/api/v1/organizations/{id}"), format!("/organizations/{id}/edit"));
    let other = json!({"version": 1, "kind": "社工机构"});
    let refused = registrar.send("PATCH", &path, &other).await.expect(422).json();
    assert_eq!((refused["errors"][0]["field"].as_str(), refused["errors"][0]["reason"].as_str()), (Some("kind"), Some("offer_licence")));
    let fields = [
        ("version", "1"),
        ("kind", "社工机构"),
        ("name", "向阳花青少年社工服务中心"),
        ("division", "320116010"),
        ("phones", "025-0000 0001"),
    ];
    let refused = registrar.post(&page, &fields).await.expect(422).text;
    assert!(refused.contains("服务“儿童精神科门诊”写的") && refused.contains("value=\"025-0000 0001\""), "the form comes back: {refused}");
    assert_eq!(test.everything("SELECT kind || ' ' || version FROM organization").await, "医院精神科 1", "nothing was written");
    assert_eq!(test.everything("SELECT subject FROM record_version").await, "");
    // Its own people only suggest another kind: the registrar is asked when it is taken.
    test.signed_in("provider1").await.send("PATCH", &path, &other).await.expect(200);
    assert_eq!(test.everything("SELECT field FROM change_suggestion").await, "kind");
    registrar.send("PATCH", &path, &json!({"version": 2, "kind": "医院"})).await.expect(200);
}
