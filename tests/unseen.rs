//! Nothing is taken, overwritten or lost that the person at the form did not see.

use lianjie::access::{Role, Scope};
use serde_json::json;

use crate::freshness::token_of;
use crate::support::directory::{Listing, a_service};
use crate::support::{Browser, TestApp};
use crate::versions::edit;

const TOWNSHIP: &str = "320116010";

async fn provider(test: &TestApp, listing: &Listing) -> Browser {
    let id = listing.organization.id.clone();
    test.account("provider1", Some(&id), Role::Provider, Scope::Organization(id.clone())).await;
    test.signed_in("provider1").await
}

/// What a hidden box of a page holds.
fn held(page: &str, name: &str) -> String {
    let begin = format!("name=\"{name}\" value=\"");
    let rest = page.split_once(begin.as_str()).unwrap_or_else(|| panic!("{name} is not in {page}")).1;
    rest.split_once('"').unwrap().0.replace("&#43;", "+").replace("&#61;", "=")
}

#[tokio::test]
async fn who_confirms_by_a_link_confirms_what_was_shown() {
    let test = TestApp::start().await;
    let listing = a_service(&test, "四点半课堂", &["EDU-04"], TOWNSHIP).await;
    test.account("registrar1", None, Role::Registrar, Scope::Division("320116".parse().unwrap())).await;
    let token = token_of(&test, "registrar1", listing.organization.id.as_str()).await;
    let (path, phone) = (format!("/c/{token}"), test.visitor());
    let state = held(&phone.get(&path).await.expect(200).text, "state");
    let provider = provider(&test, &listing).await;
    let service = format!("/api/v1/services/{}", listing.service.id);
    edit(&provider, &service, |service| service["schedule"]["weekly"] = json!([{"day": 6, "from": "09:00:00", "to": "11:00:00"}])).await;
    let before = test.everything("SELECT COUNT(*) || '' FROM fact_check").await;
    for said in ["all", "holds"] {
        let told = [("do", said), ("state", state.as_str()), ("service", listing.service.id.as_str())];
        let refused = phone.post(&path, &told).await.expect(422).text;
        assert!(refused.contains("您打开页面以后内容改过了") && refused.contains("周六 09:00-11:00"), "{refused}");
    }
    assert_eq!(test.everything("SELECT COUNT(*) || '' FROM fact_check").await, before, "nothing was confirmed");
    let state = held(&phone.get(&path).await.expect(200).text, "state");
    phone.post(&path, &[("do", "all"), ("state", state.as_str())]).await.expect(303);
}

#[tokio::test]
async fn a_timer_that_somebody_else_changed_meanwhile_is_not_overwritten_unseen() {
    let test = TestApp::start().await;
    test.account("data1", None, Role::DataManager, Scope::Division("320116".parse().unwrap())).await;
    let data = test.signed_in("data1").await;
    data.post("/schedule", &[("division", "320116"), ("was.T1.1", ""), ("T1.1", "2小时")]).await.expect(303);
    // Another page, opened before: its box of T1.1 is empty still.
    let other = [("division", "320116"), ("was.T1.1", ""), ("T1.1", ""), ("was.T2.1", ""), ("T2.1", "3小时")];
    data.post("/schedule", &other).await.expect(303);
    let page = data.get("/schedule?division=320116").await.expect(200).text;
    assert!(page.contains("name=\"T1.1\" value=\"2小时\"") && page.contains("name=\"T2.1\" value=\"3小时\""), "both stand");
    let both = [("division", "320116"), ("was.T1.1", ""), ("T1.1", "5小时")];
    let refused = data.post("/schedule", &both).await.expect(422).text;
    assert!(refused.contains("改成了“2小时”") && refused.contains("value=\"5小时\""), "{refused}");
    data.post("/schedule", &[("division", "320116"), ("was.T1.1", held(&refused, "was.T1.1").as_str()), ("T1.1", "5小时")])
        .await
        .expect(303);
    assert!(data.get("/schedule?division=320116").await.expect(200).text.contains("name=\"T1.1\" value=\"5小时\""));
}

#[tokio::test]
async fn a_point_that_cannot_lie_in_the_division_is_refused() {
    let test = TestApp::start().await;
    let listing = a_service(&test, "四点半课堂", &["EDU-04"], TOWNSHIP).await;
    let provider = provider(&test, &listing).await;
    let path = format!("/api/v1/organizations/{}/locations", listing.organization.id);
    let at = |longitude: f64, latitude: f64| {
        json!({"name": "新站点", "location_type": "physical", "division": TOWNSHIP, "address": "新巷 3 号",
               "longitude": longitude, "latitude": latitude, "crs": "wgs84"})
    };
    let refused = provider.send("POST", &path, &at(123.4, 41.8)).await.expect(422).json();
    assert_eq!((&refused["errors"][0]["field"], &refused["errors"][0]["reason"]), (&json!("longitude"), &json!("point_far")), "{refused}");
    provider.send("POST", &path, &at(118.8, 32.3)).await.expect(201);
}

#[tokio::test]
async fn areas_beside_a_box_that_is_not_ticked_are_told() {
    let test = TestApp::start().await;
    let listing = a_service(&test, "四点半课堂", &["EDU-04"], TOWNSHIP).await;
    let provider = provider(&test, &listing).await;
    let new = format!("/organizations/{}/services/new", listing.organization.id);
    let form = [
        ("name", "周末陪伴"),
        ("terms", "DEV-02"),
        ("delivery", "home"),
        ("status", "active"),
        ("who", "all"),
        ("hukou", "any"),
        ("season", "always"),
        ("confidentiality", "public"),
        ("areas_none", "长芦街道"),
    ];
    let refused = provider.post(&new, &form).await.expect(422).text;
    assert!(refused.contains("写了服务的地方，前面没有打勾") && refused.contains("长芦街道"), "{refused}");
    provider.post(&new, &[form.as_slice(), &[("sites", "none")]].concat()).await.expect(303);
}

#[tokio::test]
async fn the_character_zero_is_left_out_of_addresses_and_refused_in_bodies() {
    let test = TestApp::start().await;
    test.account("worker1", None, Role::Worker, Scope::All).await;
    let (visitor, worker) = (test.visitor(), test.signed_in("worker1").await);
    for path in ["/services?q=%00a&near=%E5%85%AD%00%E5%90%88", "/services?near=%%000", "/hsds/services?search=%00&postcode=%00"] {
        visitor.get(path).await.expect(200);
    }
    visitor.get("/hsds/services?division=%00x").await.expect(422);
    let refused = worker.send("POST", "/api/v1/organizations", &json!({ "name": "字\0字" })).await.expect(422).json();
    assert_eq!(refused["errors"][0]["reason"], "zero", "{refused}");
    let name = "字\0字";
    worker.post("/organizations/new", &[("name", name), ("division", name), ("township", name)]).await.expect(422);
}
