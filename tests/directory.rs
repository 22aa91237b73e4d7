//! The directory from the side of those who write it: registering, verifying, editing, confirming.

use lianjie::access::{Role, Scope};
use lianjie::organization::model::Status;
use lianjie_index::entry::Level;
use serde_json::{Value, json};

use crate::support::directory::Listing;
use crate::support::{Browser, PASSWORD, TestApp};

fn registration(key: &str, name: &str) -> Value {
    json!({"key": key, "kind": "社工机构", "name": name, "division": "320116010", "address": "测试路 8 号", "description": "课后照看。",
        "phones": ["025-1234 5678"], "login": "qingteng", "password": PASSWORD, "contact": "测试·青藤"})
}

async fn registrar(test: &TestApp) -> Browser {
    test.account("registrar1", None, Role::Registrar, Scope::Division("320116".parse().unwrap())).await;
    test.signed_in("registrar1").await
}

#[tokio::test]
async fn a_visitor_registers_once_however_often_the_write_is_sent() {
    let test = TestApp::start().await;
    let visitor = test.visitor();
    let body = registration("visitor-key-1", "青藤社会工作服务中心");
    let first = visitor.send("POST", "/api/v1/organizations", &body).await.expect(201).json();
    let again = visitor.send("POST", "/api/v1/organizations", &body).await.expect(201).json();
    assert_eq!(first, again);
    // The key of another, with another entry, shows nothing of it.
    let other = registration("visitor-key-1", "别的机构名称");
    let refused = visitor.send("POST", "/api/v1/organizations", &other).await.expect(409);
    assert!(!refused.text.contains("青藤"));
    let id = first["organization"]["id"].as_str().unwrap();
    assert_eq!(first["organization"]["status"], "draft");
    visitor.get(&format!("/api/v1/organizations/{id}")).await.expect(404);
    let provider = test.signed_in("qingteng").await;
    provider.get(&format!("/organizations/{id}")).await.expect(200);
    assert!(provider.get("/organizations/mine").await.expect(200).text.contains("青藤社会工作服务中心"));
}

#[tokio::test]
async fn the_form_makes_one_draft_and_gives_refused_fields_back_as_typed() {
    let test = TestApp::start().await;
    let visitor = test.visitor();
    let mut fields = vec![
        ("key", "form-key-1"),
        ("name", "青藤社会工作服务中心"),
        ("kind", "社工机构"),
        ("division", "320116"),
        ("township", "没有这个镇"),
        ("phones", "025-12345678、打给王老师"),
        ("code_uscc", "91350100M000100Y4"),
        ("login", "qingteng"),
        ("password", "短"),
        ("contact", "测试"),
    ];
    let page = visitor.post_raw("/organizations/new", &fields).await.expect(422);
    for part in ["打给王老师", "没有“没有这个镇”", "18 位", "密码至少", "青藤社会工作服务中心"] {
        assert!(page.text.contains(part), "{part} is missing in {}", page.text);
    }
    fields.retain(|(name, _)| !["township", "phones", "code_uscc", "password"].contains(name));
    fields.extend([("township", "长芦街道"), ("phones", "025-12345678"), ("password", PASSWORD)]);
    let done = visitor.post_raw("/organizations/new", &fields).await.expect(303);
    assert_eq!(done.location.as_deref(), Some("/login?next=%2Forganizations%2Fmine"));
    visitor.post_raw("/organizations/new", &fields).await.expect(303);
    let provider = test.signed_in("qingteng").await;
    let mine = provider.get("/organizations/mine").await.expect(200);
    assert_eq!(mine.text.matches("<h2><a href=\"/organizations/").count(), 1);
}

#[tokio::test]
async fn refusals_are_in_the_language_asked_for() {
    let test = TestApp::start().await;
    let mut body = registration("language-key-1", "青藤");
    body["code_uscc"] = json!("91350100M000100Y44");
    let zh = test.visitor().send("POST", "/api/v1/organizations", &body).await.expect(422).json();
    assert_eq!(zh["errors"][0]["field"], "code_uscc");
    assert!(zh["errors"][0]["text"].as_str().unwrap().contains("统一社会信用代码"));
    let en = test.visitor().speaking("en").send("POST", "/api/v1/organizations", &body).await.expect(422).json();
    assert!(en["errors"][0]["text"].as_str().unwrap().contains("check character"), "{en}");
}

#[tokio::test]
async fn an_entry_that_looks_alike_is_saved_only_when_said_to_be_another() {
    let test = TestApp::start().await;
    Listing::new(&test, "四点半课堂", &["DEV-02"], "320116010").put(&test).await;
    let mut body = registration("alike-key-1", "向阳花（青少年）社工服务中心");
    body["name"] = json!("向阳花 青少年社工服务中心");
    let refused = test.visitor().send("POST", "/api/v1/organizations", &body).await.expect(422).json();
    assert_eq!((refused["errors"][0]["field"].as_str(), refused["errors"][0]["reason"].as_str()), (Some("distinct"), Some("alike_name")));
    assert!(refused["errors"][0]["text"].as_str().unwrap().contains("“向阳花青少年社工服务中心”"));
    body["distinct"] = json!(true);
    test.visitor().send("POST", "/api/v1/organizations", &body).await.expect(201);
}

#[tokio::test]
async fn a_worker_enters_on_behalf_of_somebody_named_and_a_coordinator_does_not_verify() {
    let test = TestApp::start().await;
    test.account("worker1", None, Role::Worker, Scope::All).await;
    test.account("coordinator1", None, Role::Coordinator, Scope::Division("320116".parse().unwrap())).await;
    test.account("auditor1", None, Role::Auditor, Scope::All).await;
    let worker = test.signed_in("worker1").await;
    let mut body = registration("behalf-key-1", "青藤社会工作服务中心");
    for field in ["login", "password", "contact"] {
        body.as_object_mut().unwrap().remove(field);
    }
    let refused = worker.send("POST", "/api/v1/organizations", &body).await.expect(422).json();
    assert_eq!(refused["errors"][0]["field"], "on_behalf_of");
    body["on_behalf_of"] = json!("王主任，电话告知");
    let made = worker.send("POST", "/api/v1/organizations", &body).await.expect(201).json();
    let id = made["organization"]["id"].as_str().unwrap();
    let steps = format!("/api/v1/organizations/{id}/steps");
    worker.send("POST", &steps, &json!({"step": "submit", "version": 1})).await.expect(200);
    let coordinator = test.signed_in("coordinator1").await;
    coordinator.send("POST", &steps, &json!({"step": "verify", "version": 2})).await.expect(403);
    test.signed_in("auditor1").await.send("POST", "/api/v1/organizations", &registration("auditor-key-1", "审计办的")).await.expect(403);
    let registrar = registrar(&test).await;
    let queue = registrar.get("/verification").await.expect(200);
    assert!(queue.text.contains("青藤社会工作服务中心"));
    registrar.post(&format!("/organizations/{id}/steps"), &[("step", "return"), ("version", "2")]).await.expect(422);
    registrar
        .post(&format!("/organizations/{id}/steps"), &[("step", "verify"), ("version", "2"), ("back", "/verification")])
        .await
        .expect(303);
    assert!(!registrar.get("/verification").await.text.contains("青藤社会工作服务中心"));
    coordinator.get("/verification").await.expect(403);
}

#[tokio::test]
async fn a_verified_name_stays_until_the_registrar_takes_the_new_one() {
    let test = TestApp::start().await;
    let listing = Listing::new(&test, "四点半课堂", &["DEV-02"], "320116010").put(&test).await;
    let id = listing.organization.id.clone();
    test.account("provider1", Some(&id), Role::Provider, Scope::Organization(id.clone())).await;
    let provider = test.signed_in("provider1").await;
    let path = format!("/api/v1/organizations/{id}");
    let body = json!({"version": 1, "name": "向阳花新名称", "description": "换了说法。"});
    let after = provider.send("PATCH", &path, &body).await.expect(200).json();
    assert_eq!(after["organization"]["name"], "向阳花青少年社工服务中心");
    assert_eq!(after["organization"]["description"], "换了说法。");
    provider.send("PATCH", &path, &body).await.expect(409);
    let registrar = registrar(&test).await;
    let page = registrar.get(&format!("/organizations/{id}")).await.expect(200);
    let suggestion = page.text.split("action=\"/suggestions/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    provider.post(&format!("/suggestions/{suggestion}"), &[("taken", "1")]).await.expect(403);
    registrar.post(&format!("/suggestions/{suggestion}"), &[("taken", "1")]).await.expect(303);
    assert_eq!(provider.get(&path).await.json()["organization"]["name"], "向阳花新名称");
}

#[tokio::test]
async fn a_restricted_entry_is_there_for_named_roles_only() {
    let test = TestApp::start().await;
    let secret = Listing::new(&test, "临时庇护", &["EMG-02"], "320116010")
        .with(|one| {
            one.organization.confidentiality = Level::Restricted;
            one.organization.address = "保密路 5 号".into();
        })
        .put(&test)
        .await;
    let path = format!("/organizations/{}", secret.organization.id);
    test.account("worker1", None, Role::Worker, Scope::All).await;
    test.account("coordinator1", None, Role::Coordinator, Scope::Division("320116".parse().unwrap())).await;
    test.account("provider2", None, Role::Provider, Scope::Organization(lianjie::id::OrganizationId::new(test.app.now()))).await;
    for login in ["worker1", "provider2"] {
        let browser = test.signed_in(login).await;
        browser.get(&path).await.expect(404);
        browser.get(&format!("/api/v1{path}")).await.expect(404);
    }
    test.visitor().get(&path).await.expect(404);
    assert!(test.signed_in("coordinator1").await.get(&path).await.expect(200).text.contains("保密路 5 号"));
}

#[tokio::test]
async fn who_sees_an_entry_in_each_status() {
    let test = TestApp::start().await;
    test.account("worker1", None, Role::Worker, Scope::All).await;
    let worker = test.signed_in("worker1").await;
    for (status, for_worker, for_visitor) in [
        (Status::Draft, 404, 404),
        (Status::Pending, 200, 404),
        (Status::Verified, 200, 200),
        (Status::Suspended, 200, 404),
        (Status::Closed, 200, 404),
    ] {
        let listing =
            Listing::new(&test, "四点半课堂", &["DEV-02"], "320116010").with(|one| one.organization.status = status).put(&test).await;
        let path = format!("/organizations/{}", listing.organization.id);
        worker.get(&path).await.expect(for_worker);
        test.visitor().get(&path).await.expect(for_visitor);
    }
}

#[tokio::test]
async fn a_wrong_fact_is_told_and_a_right_one_confirmed() {
    let test = TestApp::start().await;
    let listing = Listing::new(&test, "四点半课堂", &["DEV-02"], "320116010").put(&test).await;
    let id = listing.organization.id.clone();
    test.account("worker1", None, Role::Worker, Scope::All).await;
    test.account("provider1", Some(&id), Role::Provider, Scope::Organization(id.clone())).await;
    let worker = test.signed_in("worker1").await;
    let suggest = format!("/services/{}/suggestions", listing.service.id);
    let fields = [("key", "suggest-key-1"), ("field", "phones"), ("suggested", "打不通")];
    worker.post(&suggest, &fields).await.expect(303);
    worker.post(&suggest, &fields).await.expect(303);
    worker.post(&suggest, &[("field", "weather")]).await.expect(422);
    test.visitor().post(&suggest, &fields).await.expect(303).location.filter(|place| place.starts_with("/login")).unwrap();
    let provider = test.signed_in("provider1").await;
    let page = provider.get(&format!("/organizations/{id}")).await.expect(200);
    assert_eq!(page.text.matches("打不通").count(), 1);
    let suggestion = page.text.split("action=\"/suggestions/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    provider.post(&format!("/suggestions/{suggestion}"), &[("taken", "1")]).await.expect(303);
    assert!(!provider.get(&format!("/organizations/{id}")).await.text.contains("打不通"));
    worker.post(&format!("/services/{}/confirmations", listing.service.id), &[("method", "phone")]).await.expect(303);
    let card = worker.get(&listing.page()).await.expect(200);
    assert!(card.text.contains("服务还在"), "the confirmation is shown");
}

#[tokio::test]
async fn a_network_that_registers_again_and_again_is_asked_to_wait() {
    let test = TestApp::start().await;
    let visitor = test.visitor();
    let names = ["春", "夏", "秋", "冬", "晨", "暮"];
    for (nth, name) in names.iter().enumerate() {
        let mut body = registration(&format!("many-key-{nth}"), &format!("{name}社会工作服务中心"));
        body["login"] = json!(format!("login{nth}"));
        body["distinct"] = json!(true);
        body["phones"] = json!([]);
        let page = visitor.send("POST", "/api/v1/organizations", &body).await;
        assert_eq!(page.status, if nth < 5 { 201 } else { 503 }, "{}", page.text);
    }
    let visitor_list = visitor.get("/api/v1/organizations").await;
    visitor_list.expect(401);
    let own = test.signed_in("login0").await.get("/api/v1/organizations").await.expect(200).json();
    assert_eq!((own["meta"]["total"].as_u64(), own["organizations"][0]["name"].as_str()), (Some(1), Some("春社会工作服务中心")));
    let pending = test.signed_in("login0").await.get("/api/v1/organizations?list=pending").await.expect(200).json();
    assert_eq!(pending["meta"]["total"], 0, "who is no registrar has nothing to verify");
    test.signed_in("login0").await.get("/api/v1/organizations?list=all").await.expect(422);
}
