//! Licensed people and purchased projects: written by the organization, and what their end means for its services.

use lianjie::access::{Role, Scope};
use lianjie::service::store as services;
use lianjie_index::entry::{Mark, Shown};
use serde_json::{Value, json};

use crate::support::directory::Listing;
use crate::support::{Browser, TestApp};

async fn start() -> (TestApp, Listing, Browser, String) {
    let test = TestApp::start().await;
    let listing = Listing::new(&test, "心理咨询", &["PSY-03"], "320116010").put(&test).await;
    let id = listing.organization.id.clone();
    test.account("provider1", Some(&id), Role::Provider, Scope::Organization(id.clone())).await;
    let provider = test.signed_in("provider1").await;
    (test, listing, provider, format!("/organizations/{id}"))
}

/// The service as the API gives it, ready to be sent back.
async fn content(browser: &Browser, listing: &Listing) -> (Value, Value) {
    let mut service = browser.get(&format!("/api/v1/services/{}", listing.service.id)).await.expect(200).json()["service"].clone();
    let version = service["version"].clone();
    for beside in ["id", "organization", "checked", "unchecked", "version"] {
        service.as_object_mut().unwrap().remove(beside);
    }
    (service, version)
}

async fn shown(test: &TestApp, listing: &Listing) -> (Shown, bool) {
    let offering = services::offering(&mut test.app.store.read().await.unwrap(), &listing.site.id).await.unwrap().unwrap();
    let visibility = offering.visibility(test.app.today());
    (visibility.search, visibility.matching)
}

#[tokio::test]
async fn a_lapsed_licence_takes_the_services_of_a_person_out_of_matching() {
    let (test, listing, provider, page) = start().await;
    let fields = [
        ("key", "person-key-1"),
        ("name", "孟岚"),
        ("profession", "psychiatrist"),
        ("licence_kind", "医师执业证书（精神卫生）"),
        ("licence_until", "2027-05-31"),
        ("terms", "PSY-03"),
        ("languages", "普通话"),
        ("languages", "手语"),
        ("listed", "1"),
    ];
    provider.post(&format!("{page}/practitioners/new"), &fields).await.expect(303);
    provider.post(&format!("{page}/practitioners/new"), &fields).await.expect(303);
    let people = test.visitor().get(&format!("/api/v1{page}/practitioners")).await.expect(200).json()["practitioners"].clone();
    assert_eq!(people.as_array().unwrap().len(), 1, "a double submit makes one");
    assert_eq!((people[0]["name"].as_str(), people[0]["languages"][1].as_str()), (Some("孟岚"), Some("手语")));
    let id = people[0]["id"].as_str().unwrap();

    let (mut service, version) = content(&provider, &listing).await;
    service["practitioner"] = json!(id);
    let path = format!("/api/v1/services/{}", listing.service.id);
    let after = provider.send("PUT", &path, &json!({"version": version, "service": service})).await.expect(200).json();
    assert_eq!(after["service"]["practitioner"], id);
    assert_eq!(shown(&test, &listing).await, (Shown::Yes, true));
    assert!(provider.get(&format!("/services/{}/edit", listing.service.id)).await.expect(200).text.contains("孟岚"));

    let edit = format!("/practitioners/{id}/edit");
    assert!(provider.get(&edit).await.expect(200).text.contains("value=\"2027-05-31\""));
    let lapsed: Vec<_> =
        fields.into_iter().map(|(name, value)| (name, if name == "licence_until" { "2026-11-24" } else { value })).collect();
    provider.post(&edit, &lapsed[1..]).await.expect(303);
    assert_eq!(shown(&test, &listing).await, (Shown::Marked(Mark::LicenceLapsed), false));
    assert!(provider.get(&page).await.expect(200).text.contains("证书已过期"));
}

#[tokio::test]
async fn a_project_that_is_over_takes_its_services_out_of_matching() {
    let (test, listing, provider, page) = start().await;
    let body = json!({"name": "护苗暖心", "funder": "六合区民政局", "from": "2026-01-01", "to": "2026-12-31", "budget_yuan": "120000", "target_children": 60});
    let made = provider.send("POST", &format!("/api/v1{page}/programs"), &body).await.expect(201).json();
    let id = made["program"]["id"].as_str().unwrap();
    let (mut service, version) = content(&provider, &listing).await;
    service["program"] = json!(id);
    let path = format!("/api/v1/services/{}", listing.service.id);
    provider.send("PUT", &path, &json!({"version": version, "service": service})).await.expect(200);
    assert_eq!(shown(&test, &listing).await, (Shown::Yes, true));
    let mut over = body.clone();
    over["to"] = json!("2026-11-24");
    provider.send("PUT", &format!("/api/v1/programs/{id}"), &over).await.expect(200);
    assert_eq!(shown(&test, &listing).await, (Shown::Marked(Mark::ProgramOver), false));
    let form = provider.get(&format!("/programs/{id}/edit")).await.expect(200);
    assert!(form.text.contains("value=\"120000\"") && form.text.contains("value=\"2026-11-24\""));
}

#[tokio::test]
async fn refused_fields_come_back_as_typed_in_both_languages() {
    let (_test, _listing, provider, page) = start().await;
    let fields = [("name", "护苗暖心"), ("funder", ""), ("from", "2026-12-31"), ("to", "2026-01-01"), ("budget_yuan", "十二万")];
    let refused = provider.post(&format!("{page}/programs/new"), &fields).await.expect(422);
    for part in ["最后一天不能早于第一天", "预算请填数字", "value=\"十二万\"", "value=\"护苗暖心\"", "href=\"#funder\""]
    {
        assert!(refused.text.contains(part), "{part} is missing");
    }
    provider.post("/preferences", &[("locale", "en"), ("back", "/account")]).await.expect(303);
    let body = json!({"name": "孟岚", "profession": "lawyer"});
    let refused = provider.send("POST", &format!("/api/v1{page}/practitioners"), &body).await.expect(422).json();
    assert_eq!(refused["errors"][0]["field"], "licence_kind");
    assert!(refused["errors"][0]["text"].as_str().unwrap().contains("must be filled in"));
}

#[tokio::test]
async fn what_belongs_to_another_organization_is_not_taken() {
    let (test, listing, provider, _page) = start().await;
    let other = Listing::new(&test, "别家的服务", &["PSY-03"], "320116010").put(&test).await;
    test.account("provider2", Some(&other.organization.id), Role::Provider, Scope::Organization(other.organization.id.clone())).await;
    let stranger = test.signed_in("provider2").await;
    let body = json!({"name": "护苗暖心", "funder": "六合区民政局", "from": "2026-01-01", "to": "2026-12-31"});
    let theirs = format!("/api/v1/organizations/{}/programs", other.organization.id);
    let id = stranger.send("POST", &theirs, &body).await.expect(201).json()["program"]["id"].as_str().unwrap().to_owned();
    provider.send("POST", &theirs, &body).await.expect(403);
    provider.send("PUT", &format!("/api/v1/programs/{id}"), &body).await.expect(403);
    provider.get(&format!("/programs/{id}/edit")).await.expect(403);
    test.visitor().send("POST", &theirs, &body).await.expect(401);
    let (mut service, version) = content(&provider, &listing).await;
    service["program"] = json!(id);
    let path = format!("/api/v1/services/{}", listing.service.id);
    let refused = provider.send("PUT", &path, &json!({"version": version, "service": service})).await.expect(422).json();
    assert_eq!(
        (refused["errors"][0]["field"].as_str(), refused["errors"][0]["reason"].as_str()),
        (Some("program"), Some("unknown_program"))
    );
}

#[tokio::test]
async fn a_name_that_is_not_to_be_shown_stays_inside() {
    let (test, listing, provider, page) = start().await;
    let body = json!({"name": "孟岚", "profession": "counsellor", "listed": false});
    let made = provider.send("POST", &format!("/api/v1{page}/practitioners"), &body).await.expect(201).json();
    let (mut service, version) = content(&provider, &listing).await;
    service["practitioner"] = made["practitioner"]["id"].clone();
    let path = format!("/api/v1/services/{}", listing.service.id);
    provider.send("PUT", &path, &json!({"version": version, "service": service})).await.expect(200);
    test.account("worker1", None, Role::Worker, Scope::All).await;
    let worker = test.signed_in("worker1").await;
    for place in [page.clone(), format!("/api/v1{page}/practitioners"), listing.page(), format!("/services/{}/edit", listing.service.id)] {
        assert!(!worker.get(&place).await.expect(200).text.contains("孟岚"), "{place}");
    }
    // The worker's form keeps who gives the service, without the name.
    let form = worker.get(&format!("/services/{}/edit", listing.service.id)).await.expect(200);
    assert!(form.text.contains(made["practitioner"]["id"].as_str().unwrap()));
    assert!(provider.get(&page).await.expect(200).text.contains("孟岚"));
}
