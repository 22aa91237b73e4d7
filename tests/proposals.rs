//! 建议改成: hours, fees, areas and locations said to be otherwise by anybody who may see them, and taken by one tap.

use lianjie::access::{Role, Scope};
use lianjie::organization::model::LocationType;
use serde_json::json;

use crate::support::directory::Listing;
use crate::support::{Browser, TestApp};

async fn start(change: impl FnOnce(&mut Listing)) -> (TestApp, Listing, Browser, Browser) {
    let test = TestApp::start().await;
    let listing = Listing::new(&test, "四点半课堂", &["DEV-02"], "320116010").with(change).put(&test).await;
    let id = listing.organization.id.clone();
    test.account("provider1", Some(&id), Role::Provider, Scope::Organization(id.clone())).await;
    test.account("registrar1", None, Role::Registrar, Scope::Division("320116".parse().unwrap())).await;
    test.account("worker1", None, Role::Worker, Scope::All).await;
    let (worker, registrar) = (test.signed_in("worker1").await, test.signed_in("registrar1").await);
    (test, listing, worker, registrar)
}

/// Takes the open suggestion of a field of a thing; gives where the answer leads.
async fn take(test: &TestApp, browser: &Browser, subject: &str, field: &str, status: u16) -> Option<String> {
    let query = "SELECT subject || ' ' || field || ' ' || id FROM change_suggestion WHERE state = 'open'";
    let open = test.everything(query).await;
    let id = open.lines().find_map(|line| line.strip_prefix(&format!("{subject} {field} "))).unwrap_or_else(|| panic!("{field}: {open}"));
    let fields = [("taken", "1"), ("back", "/verification")];
    browser.post(&format!("/suggestions/{id}"), &fields).await.expect(status).location
}

#[tokio::test]
async fn what_is_written_into_the_boxes_is_listed_and_one_tap_puts_it_in() {
    let (test, listing, worker, registrar) = start(|_| {}).await;
    let (service, location) = (listing.service.id.to_string(), listing.location.id.to_string());
    let page = format!("/services/{service}/suggestions/new");
    assert!(worker.get(&format!("/services/{service}")).await.expect(200).text.contains(&page));
    let form = worker.get(&page).await.expect(200).text;
    for stands in ["value=\"08:30-18:00\"", "value=\"30\"", "value=\"南京市六合区\"", "value=\"梧桐里 8 号\""] {
        assert!(form.contains(stands), "{stands} is not in its box: {form}");
    }
    let areas = format!("areas_{location}");
    let (address, features) = (format!("address_{location}"), format!("accessibility_{location}"));
    let same = vec![
        ("season", "kept"),
        ("hours_3", "08:30-18:00"),
        ("hours_4", "08:30-18:00"),
        ("fee_hardship", "free"),
        ("fee_hardship_unit", "visit"),
        ("fee_other", "full"),
        ("fee_other_amount", "30"),
        ("fee_other_unit", "visit"),
        ("sites", location.as_str()),
        (areas.as_str(), "六合区"),
        (address.as_str(), "梧桐里 8 号"),
        (features.as_str(), "wheelchair"),
    ];
    assert!(worker.post(&page, &same).await.expect(422).text.contains("没有和现在登记的不一样"));
    let mut wrong = same.clone();
    wrong[1].1 = "18:00-08:00";
    assert!(worker.post(&page, &wrong).await.expect(422).text.contains("value=\"18:00-08:00\""), "it comes back as it was typed");

    let mut other = same;
    other[1].1 = "09:00-17:00";
    other[6].1 = "20";
    other[9].1 = "六合区、江宁区";
    other[10].1 = "梧桐里 18 号";
    other.push(("key", "propose-key-1"));
    worker.post(&page, &other).await.expect(303);
    worker.post(&page, &other).await.expect(303);
    let open = test.everything("SELECT field FROM change_suggestion WHERE state = 'open' ORDER BY field").await;
    assert_eq!(open, "address\nareas\nfees\nschedule", "each once, and what is as it stands not at all");
    let queue = registrar.get("/verification").await.expect(200).text;
    for said in ["周三 09:00-17:00", "有偿 20 元/次", "江宁区", "梧桐里 18 号", "梧桐里站点 · 向阳花"] {
        assert!(queue.contains(said), "{said} is not in the queue: {queue}");
    }
    assert_eq!(test.everything("SELECT address FROM location").await, "梧桐里 8 号", "nothing changes by itself");

    for field in ["schedule", "fees", "areas"] {
        assert_eq!(take(&test, &registrar, &service, field, 303).await.as_deref(), Some("/verification"), "{field} is put in");
    }
    take(&test, &worker, &location, "address", 303).await;
    assert_eq!(test.everything("SELECT address FROM location").await, "梧桐里 18 号");
    assert!(test.everything("SELECT schedule FROM service").await.contains("09:00:00"));
    assert_eq!(test.everything("SELECT CAST(amount_fen AS TEXT) FROM fee ORDER BY amount_fen").await, "0\n2000");
    assert!(test.everything("SELECT areas FROM service_at_location").await.contains("320115"));
    let kept = test.everything("SELECT subject_type FROM record_version ORDER BY subject_type").await;
    assert_eq!(kept, "location\nservice\nservice\nservice", "what was there can be put back");
    let log = test.everything("SELECT action FROM audit_event WHERE action IN ('service.edited', 'location.edited')").await;
    assert_eq!(log.lines().count(), 4);
}

#[tokio::test]
async fn a_program_says_values_and_what_is_none_is_refused() {
    let (test, listing, worker, registrar) = start(|_| {}).await;
    let service = format!("/api/v1/services/{}/suggestions", listing.service.id);
    let location = format!("/api/v1/locations/{}/suggestions", listing.location.id);
    let schedule = json!({"weekly": [{"day": 6, "from": "09:00:00", "to": "12:00:00"}]});
    worker.send("POST", &service, &json!({"field": "schedule", "value": schedule})).await.expect(204);
    for (field, value) in [
        ("schedule", json!({"weekly": [{"day": 9, "from": "09:00:00", "to": "12:00:00"}]})),
        ("fees", json!([{"audience": "other", "level": "full", "amount_fen": 99_999_999_999_i64}])),
        ("areas", json!([{"location": listing.location.id, "areas": ["329999"]}])),
        ("fees", json!("涨价了")),
        ("phones", json!(["110"])),
    ] {
        worker.send("POST", &service, &json!({"field": field, "value": value})).await.expect(422);
    }
    let point = json!({"longitude": 118.8, "latitude": 32.2});
    worker.send("POST", &location, &json!({"field": "point", "value": point})).await.expect(204);
    let swapped = json!({"longitude": 32.2, "latitude": 118.8});
    worker.send("POST", &location, &json!({"field": "point", "value": swapped})).await.expect(422);
    worker.send("POST", &location, &json!({"field": "accessibility", "value": ["sauna"]})).await.expect(422);
    worker.send("POST", &location, &json!({"field": "organization", "suggested": "别家"})).await.expect(422);
    assert_eq!(test.everything("SELECT id FROM change_suggestion").await.lines().count(), 2);
    take(&test, &registrar, listing.service.id.as_str(), "schedule", 303).await;
    take(&test, &registrar, listing.location.id.as_str(), "point", 303).await;
    assert_eq!(test.everything("SELECT crs_given || ' ' || CAST(precision_m AS TEXT) FROM location").await, "wgs84 20");
    test.visitor().send("POST", &location, &json!({"field": "address", "suggested": "别处"})).await.expect(401);
}

#[tokio::test]
async fn who_does_not_answer_for_an_entry_takes_nothing() {
    let (test, listing, worker, _registrar) = start(|_| {}).await;
    let path = format!("/api/v1/locations/{}/suggestions", listing.location.id);
    worker.send("POST", &path, &json!({"field": "address", "suggested": "梧桐里 18 号"})).await.expect(204);
    test.account("registrar2", None, Role::Registrar, Scope::Division("320111".parse().unwrap())).await;
    let other = lianjie::id::OrganizationId::new(test.app.now());
    test.account("provider2", Some(&other), Role::Provider, Scope::Organization(other.clone())).await;
    for login in ["registrar2", "provider2"] {
        take(&test, &test.signed_in(login).await, listing.location.id.as_str(), "address", 403).await;
    }
    let owner = test.signed_in("provider1").await;
    assert!(owner.get("/organizations/mine").await.expect(200).text.contains("梧桐里 18 号"));
    take(&test, &owner, listing.location.id.as_str(), "address", 303).await;
    assert_eq!(test.everything("SELECT address FROM location").await, "梧桐里 18 号");
}

#[tokio::test]
async fn a_location_that_is_kept_back_has_no_box_and_takes_no_suggestion() {
    let (test, listing, worker, _registrar) = start(|one| {
        one.location.location_type = LocationType::Redacted;
        one.location.address = "保密路 5 号".into();
    })
    .await;
    let form = worker.get(&format!("/services/{}/suggestions/new", listing.service.id)).await.expect(200).text;
    assert!(!form.contains("保密路") && !form.contains("梧桐里站点") && form.contains("value=\"南京市六合区\""), "{form}");
    let path = format!("/api/v1/locations/{}/suggestions", listing.location.id);
    worker.send("POST", &path, &json!({"field": "address", "suggested": "保密路 6 号"})).await.expect(404);
    assert_eq!(test.everything("SELECT id FROM change_suggestion").await, "");
}

#[tokio::test]
async fn a_suggestion_that_breaks_a_rule_by_now_is_written_by_hand() {
    let (test, listing, worker, registrar) = start(|_| {}).await;
    let path = format!("/api/v1/services/{}/suggestions", listing.service.id);
    let areas = json!([{"location": listing.location.id, "areas": ["320102"]}]);
    worker.send("POST", &path, &json!({"field": "areas", "value": areas})).await.expect(204);
    let mut tx = test.app.begin().await.unwrap();
    sqlx::query("UPDATE change_suggestion SET suggested = replace(suggested, '320102', '329999')").execute(&mut *tx).await.unwrap();
    tx.commit(test.app.now()).await.unwrap();
    let back = take(&test, &registrar, listing.service.id.as_str(), "areas", 303).await;
    assert_eq!(back, Some(format!("/organizations/{}", listing.organization.id)));
    assert!(test.everything("SELECT areas FROM service_at_location").await.contains("320116"), "it stays as it was");
}
