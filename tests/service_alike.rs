//! A service that looks like another one is told before it is saved.

use lianjie::access::{Role, Scope};
use lianjie::service;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::directory::Listing;

/// The content of a service, ready to be sent.
fn content(name: &str, term: &str) -> Value {
    json!({"name": name, "terms": [term], "delivery": ["phone"], "eligibility": {"all": []}})
}

#[tokio::test]
async fn a_service_that_looks_like_another_of_its_organization_is_told_before_it_is_saved() {
    let test = TestApp::start().await;
    let listing = Listing::new(&test, "四点半课堂", &["DEV-02"], "320116010").put(&test).await;
    let owner = listing.organization.id.clone();
    test.account("provider1", Some(&owner), Role::Provider, Scope::Organization(owner.clone())).await;
    let provider = test.signed_in("provider1").await;
    let new = format!("/organizations/{owner}/services/new");
    let typed = |name: &'static str| {
        vec![("name", name), ("terms", "DEV-02"), ("delivery", "phone"), ("status", "active"), ("who", "all"), ("sites", "none")]
    };
    let usual = [("hukou", "any"), ("season", "always"), ("confidentiality", "public")];
    let form = |name, more: &[(&'static str, &'static str)]| [typed(name), usual.to_vec(), more.to_vec()].concat();
    assert!(!provider.get(&new).await.expect(200).text.contains("name=\"distinct\""), "nothing is asked where nothing is alike");
    let refused = provider.post(&new, &form("“四点半”课堂", &[])).await.expect(422).text;
    assert!(refused.contains("这家机构已有同名服务“四点半课堂”") && refused.contains("name=\"distinct\""), "{refused}");
    let refused = provider.post(&new, &form("四点半课堂服务", &[])).await.expect(422).text;
    assert!(refused.contains("很像的服务“四点半课堂”"), "{refused}");
    provider.post(&new, &form("周末陪伴", &[])).await.expect(303);
    provider.post(&new, &form("四点半课堂", &[("distinct", "1")])).await.expect(303);

    let path = format!("/api/v1/organizations/{owner}/services");
    let refused = provider.send("POST", &path, &content("周末 陪伴", "EDU-13")).await.expect(422).json();
    assert_eq!(refused["errors"][0]["field"], "distinct", "{refused}");
    let mut body = content("周末 陪伴", "EDU-13");
    body["distinct"] = json!(true);
    let made = provider.send("POST", &path, &body).await.expect(201).json();
    assert_eq!(made["service"].get("distinct"), None, "it is said of the write, not of the service");
    let made = format!("/api/v1/services/{}", made["service"]["id"].as_str().unwrap());

    // An edit is asked only where name or need change.
    let mut body = content("周末 陪伴", "EDU-13");
    body["wait_days"] = json!(3);
    provider.send("PUT", &made, &json!({"version": 1, "service": body})).await.expect(200);
    let renamed = content("四点半课堂", "EDU-13");
    let refused = provider.send("PUT", &made, &json!({"version": 2, "service": renamed})).await.expect(422).json();
    assert!(refused["errors"][0]["text"].as_str().unwrap().contains("四点半课堂"), "{refused}");
    let mut renamed = renamed;
    renamed["distinct"] = json!(true);
    provider.send("PUT", &made, &json!({"version": 2, "service": renamed})).await.expect(200);
}

#[tokio::test]
async fn a_service_of_another_organization_at_the_same_place_is_told_unless_it_is_hidden() {
    let test = TestApp::start().await;
    let listing = Listing::new(&test, "四点半课堂", &["DEV-02"], "320116010").put(&test).await;
    let named = |listing: &mut Listing| listing.organization.name = "春晖社会工作服务中心".to_owned();
    let theirs = Listing::new(&test, "周末陪伴", &["EDU-13"], "320116010").with(named).put(&test).await;
    let owner = theirs.organization.id.clone();
    test.account("provider1", Some(&owner), Role::Provider, Scope::Organization(owner.clone())).await;
    let provider = test.signed_in("provider1").await;
    let path = format!("/api/v1/organizations/{owner}/services");
    let mut body = content("四点半课堂", "DEV-02");
    let elsewhere = provider.send("POST", &path, &body).await.expect(201).json();
    assert_eq!(elsewhere["service"]["name"], "四点半课堂", "one that is given elsewhere is another one");
    body["name"] = json!("四点半 课堂");
    body["sites"] = json!([{"location": theirs.location.id.to_string()}]);
    let refused = provider.send("POST", &path, &body).await.expect(422).json();
    let told: Vec<&str> = refused["errors"].as_array().unwrap().iter().map(|one| one["text"].as_str().unwrap()).collect();
    assert!(told.iter().any(|text| text.contains("“向阳花青少年社工服务中心”已有很像的服务“四点半课堂”")), "{told:?}");
    // What the provider may not see is not named.
    let mut tx = test.app.begin().await.unwrap();
    let mut hidden = service::store::find(&mut tx, &listing.service.id).await.unwrap().unwrap();
    hidden.confidentiality = lianjie_index::entry::Level::Workers;
    service::store::update(&mut tx, &mut hidden, test.app.now()).await.unwrap();
    tx.commit(test.app.now()).await.unwrap();
    let refused = provider.send("POST", &path, &body).await.expect(422).text;
    assert!(!refused.contains("向阳花"), "{refused}");
}
