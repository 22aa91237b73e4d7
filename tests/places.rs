//! Places: posted by who gives the service, counted once, never fewer than are taken.

use lianjie::access::{Role, Scope};
use lianjie::id::OrganizationId;
use serde_json::json;

use crate::support::directory::Listing;
use crate::support::{Page, TestApp};

#[tokio::test]
async fn places_are_posted_by_their_organization_and_never_fall_below_what_is_taken() {
    let test = TestApp::start().await;
    let listing = Listing::new(&test, "四点半课堂", &["DEV-02"], "320116010").put(&test).await;
    let owner = listing.organization.id.clone();
    test.account("provider1", Some(&owner), Role::Provider, Scope::Organization(owner.clone())).await;
    test.account("provider2", None, Role::Provider, Scope::Organization(OrganizationId::new(test.app.now()))).await;
    test.account("auditor1", None, Role::Auditor, Scope::All).await;
    let path = format!("/api/v1/service_at_locations/{}/places", listing.site.id);
    let provider = test.signed_in("provider1").await;
    let counts = |page: Page| {
        let row = page.expect(200).json()["places"][0].clone();
        (row["capacity"].as_i64().unwrap(), row["used"].as_i64().unwrap(), row["free"].as_i64().unwrap())
    };
    assert_eq!(counts(provider.get(&path).await), (20, 17, 3));
    assert_eq!(counts(provider.send("PUT", &path, &json!({"by": 1})).await), (21, 17, 4));
    assert_eq!(counts(provider.send("PUT", &path, &json!({"free": 0})).await), (17, 17, 0));
    let refused = provider.send("PUT", &path, &json!({"by": -1})).await.expect(422).json();
    assert_eq!(refused["errors"][0]["reason"], "capacity_below_used");
    provider.send("PUT", &path, &json!({"by": 1, "free": 2})).await.expect(422);
    assert_eq!(counts(provider.send("PUT", &path, &json!({})).await), (17, 17, 0));

    let (site, key) = (listing.site.id.to_string(), "press-key-1");
    let press = [("key", key), ("site", site.as_str()), ("do", "more")];
    provider.post("/places", &press).await.expect(303);
    provider.post("/places", &press).await.expect(303);
    assert_eq!(counts(provider.get(&path).await), (18, 17, 1), "a press sent twice counts once");
    let low = provider.post("/places", &[("site", site.as_str()), ("free", "很多"), ("do", "set")]).await.expect(422);
    assert!(low.text.contains("请填一个整数"));

    for login in ["provider2", "auditor1"] {
        test.signed_in(login).await.send("PUT", &path, &json!({"by": 1})).await.expect(403);
    }
    test.visitor().send("PUT", &path, &json!({"by": 1})).await.expect(401);
}

#[tokio::test]
async fn two_who_add_at_once_both_count() {
    let test = TestApp::start().await;
    let listing = Listing::new(&test, "四点半课堂", &["DEV-02"], "320116010").put(&test).await;
    let owner = listing.organization.id.clone();
    test.account("provider1", Some(&owner), Role::Provider, Scope::Organization(owner.clone())).await;
    let provider = test.signed_in("provider1").await;
    let path = format!("/api/v1/service_at_locations/{}/places", listing.site.id);
    let more = json!({"by": 1});
    let (a, b, c) =
        tokio::join!(provider.send("PUT", &path, &more), provider.send("PUT", &path, &more), provider.send("PUT", &path, &more));
    assert_eq!((a.status, b.status, c.status), (200, 200, 200));
    assert_eq!(provider.get(&path).await.json()["places"][0]["capacity"], 23);
}

#[tokio::test]
async fn a_coming_term_has_places_of_its_own() {
    let test = TestApp::start().await;
    let listing = Listing::new(&test, "四点半课堂", &["DEV-02"], "320116010").put(&test).await;
    let owner = listing.organization.id.clone();
    test.account("provider1", Some(&owner), Role::Provider, Scope::Organization(owner.clone())).await;
    let provider = test.signed_in("provider1").await;
    let site = listing.site.id.to_string();
    let winter = |from: &'static str, to: &'static str| {
        [("new", "1"), ("site", site.as_str()), ("term_from", from), ("term_to", to), ("free", "8"), ("do", "set")]
    };
    provider.post("/places", &winter("2027-01-25", "2027-02-20")).await.expect(303);
    assert!(provider.get("/places").await.expect(200).text.contains("2027-01-25 – 2027-02-20"));
    for (from, to, sentence) in [
        ("2027-02-20", "2027-03-01", "已经登记过空位"),
        ("2027-04-20", "2027-04-01", "不能早于"),
        ("", "2027-04-01", "必须填写"),
        ("2027-04-01", "", "必须填写"),
        ("四月", "2027-04-30", "2026-11-30"),
    ] {
        let refused = provider.post("/places", &winter(from, to)).await.expect(422);
        assert!(refused.text.contains(sentence), "{from} {to}: {}", refused.text);
        assert!(to.is_empty() || refused.text.contains(&format!("value=\"{to}\"")), "the form comes back as it was typed");
    }
    provider.post("/places", &winter("2027-04-01", "2027-04-30")).await.expect(303);
}

#[tokio::test]
async fn a_row_that_was_refused_can_be_sent_again_and_again() {
    let test = TestApp::start().await;
    let listing = Listing::new(&test, "四点半课堂", &["DEV-02"], "320116010").put(&test).await;
    let owner = listing.organization.id.clone();
    test.account("provider1", Some(&owner), Role::Provider, Scope::Organization(owner.clone())).await;
    let provider = test.signed_in("provider1").await;
    let site = listing.site.id.to_string();
    let mut page = provider.get("/places").await.expect(200);
    for free in ["很多", "-3", "99999", "5"] {
        let row = page.text.split_once("name=\"key\" value=\"").unwrap().1;
        let key: String = row.chars().take_while(|letter| *letter != '"').collect();
        page = provider.post("/places", &[("key", key.as_str()), ("site", &site), ("free", free), ("do", "set")]).await;
        assert_eq!(page.status, if free == "5" { 303 } else { 422 }, "{}", page.text);
    }
}

#[tokio::test]
async fn who_posts_for_an_organization_says_who_spoke_and_what_has_ended_has_no_places() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let listing = Listing::new(&test, "四点半课堂", &["DEV-02"], "320116010").put(&test).await;
    let path = format!("/api/v1/service_at_locations/{}/places", listing.site.id);
    let worker = test.signed_in("worker1").await;
    let refused = worker.send("PUT", &path, &json!({"by": 1})).await.expect(422).json();
    assert_eq!(refused["errors"][0]["field"], "spoke_with");
    worker.send("PUT", &path, &json!({"by": 1, "spoke_with": "王主任"})).await.expect(200);
    assert!(test.everything("SELECT method FROM fact_check").await.contains("phone · 王主任"));
    let mut tx = test.app.begin().await.unwrap();
    sqlx::query("UPDATE organization SET status = 'closed' WHERE id = $1")
        .bind(listing.organization.id.as_str())
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit(test.app.now()).await.unwrap();
    let over = worker.send("PUT", &path, &json!({"by": 1, "spoke_with": "王主任"})).await;
    assert_eq!(over.status, 409, "{}", over.text);
    drop(station);
}

#[tokio::test]
async fn two_first_postings_at_one_moment_are_answered_not_broken() {
    let test = TestApp::start().await;
    let listing = Listing::new(&test, "四点半课堂", &["DEV-02"], "320116010").put(&test).await;
    let owner = listing.organization.id.clone();
    test.account("provider1", Some(&owner), Role::Provider, Scope::Organization(owner.clone())).await;
    let provider = test.signed_in("provider1").await;
    let path = format!("/api/v1/service_at_locations/{}/places", listing.site.id);
    let body = json!({"free": 4, "term_from": "2027-01-25", "term_to": "2027-02-20"});
    let (a, b, c, d) = tokio::join!(
        provider.send("PUT", &path, &body),
        provider.send("PUT", &path, &body),
        provider.send("PUT", &path, &body),
        provider.send("PUT", &path, &body)
    );
    for page in [&a, &b, &c, &d] {
        assert!(matches!(page.status, 200 | 409), "{}", page.text);
    }
    let rows = provider.get(&path).await.json()["places"].as_array().unwrap().len();
    assert_eq!(rows, 2, "the usual row and one for the term");
}
