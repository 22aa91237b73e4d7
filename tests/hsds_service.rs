//! What a service says of itself in HSDS beyond the fields that the standard has everywhere.

use lianjie::exchange::hsds;
use serde_json::Value;

use crate::hsds::{HERE, contents, directory, get};
use crate::support::TestApp;
use crate::support::directory::{Listing, a_service};

#[tokio::test]
async fn a_service_says_what_hsds_has_no_field_for_by_attributes() {
    let test = TestApp::start().await;
    let listing = directory(&test).await;
    let service = get(&test, &format!("/services/{}", listing.service.id)).await;
    assert_eq!(service["minimum_age"], 6);
    assert_eq!(service["organization"]["name"], listing.organization.name.as_str());
    assert_eq!(service["cost_options"][0]["currency"], "CNY");
    assert_eq!((&service["capacities"][0]["available"], &service["capacities"][0]["maximum"]), (&Value::from(3), &Value::from(20)));
    assert_eq!(service["schedules"][0]["byday"], "WE,TH");
    assert_eq!(service["service_at_locations"][0]["service_areas"][0]["extent"], "320116");
    let codes: Vec<&str> =
        service["attributes"].as_array().unwrap().iter().map(|one| one["taxonomy_term"]["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["EDU-13", "delivery:site", "fact:eligibility", "fact:wait_days"]);
    let home = get(&test, "/services?search=喘息&full=true").await;
    assert!(contents(&home)[0].get("service_at_locations").is_none(), "what comes to the child has no location");
    assert_eq!(contents(&home)[0]["service_areas"][0]["extent"], "320115");
}

#[tokio::test]
async fn a_service_by_itself_has_the_phones_of_its_organization_and_the_licence_that_it_needs() {
    let test = TestApp::start().await;
    let hospital = Listing::new(&test, "儿童心理门诊", &["PSY-05", "PSY-03"], HERE).with(|one| {
        one.organization.kind = "医院精神科".into();
        one.organization.phones = vec!["025-57501234".into(), "12345".into(), "13800000000".into()];
    });
    let hospital = hospital.put(&test).await;
    let other = a_service(&test, "沙盘游戏辅导", &["PSY-03"], "320111001").await;
    test.indexed().await;
    let one = get(&test, &format!("/services/{}", hospital.service.id)).await;
    assert_eq!(hsds::faults("service", &one), [""; 0]);
    let phones: Vec<&str> = one["phones"].as_array().unwrap().iter().map(|phone| phone["number"].as_str().unwrap()).collect();
    assert_eq!(phones, ["025-57501234", "12345"]);
    let licence = one["licenses"].as_str().unwrap();
    assert!(licence.contains("PSY-05") && !licence.contains("PSY-03"), "{licence}");
    let facts: Vec<&Value> =
        one["attributes"].as_array().unwrap().iter().filter(|fact| fact["taxonomy_term"]["code"] == "fact:licence").collect();
    assert!(facts.len() == 1 && facts[0]["value"] == "PSY-05", "{facts:?}");
    let page = get(&test, "/services?full=true").await;
    for service in contents(&page) {
        assert!(!service["phones"].as_array().unwrap().is_empty(), "{service}");
    }
    assert!(get(&test, &format!("/services/{}", other.service.id)).await.get("licenses").is_none());
}
