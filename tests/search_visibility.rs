//! Who sees what: the table of visibility by role, addresses that are kept, and all facts in both languages.

use lianjie::access::{Role, Scope};
use lianjie::organization::model::{LocationType, Status};
use lianjie_index::entry::Level;
use serde_json::Value;

use crate::search::{COUNTY, HERE, found, names, worker};
use crate::support::TestApp;
use crate::support::directory::{Listing, a_service};

#[tokio::test]
async fn each_role_sees_what_the_table_says() {
    let test = TestApp::start().await;
    let worker = worker(&test).await;
    let put = |name: &'static str, change: fn(&mut Listing)| Listing::new(&test, name, &["EDU-13"], HERE).with(change);
    let draft = put("草稿的接送", |one| one.organization.status = Status::Draft).put(&test).await;
    let pending = put("待核的接送", |one| one.organization.status = Status::Pending).put(&test).await;
    let suspended = put("暂停的接送", |one| one.organization.status = Status::Suspended).put(&test).await;
    let workers = put("内部的接送", |one| one.service.confidentiality = Level::Workers).put(&test).await;
    let refuge = put("保密的接送", |one| one.organization.confidentiality = Level::Restricted).put(&test).await;
    let expired = put("过期的接送", |one| one.organization.verified_until = Some("2026-11-01".parse().unwrap())).put(&test).await;
    let refused = put("勿转的接送", |one| one.service.do_not_refer = true).put(&test).await;
    test.account("provider1", Some(&draft.organization.id), Role::Provider, Scope::Organization(draft.organization.id.clone())).await;
    test.account("coordinator1", None, Role::Coordinator, Scope::Division(COUNTY.parse().unwrap())).await;
    test.account("coordinator2", None, Role::Coordinator, Scope::Division("320111".parse().unwrap())).await;
    test.indexed().await;
    let (visitor, provider) = (test.visitor(), test.signed_in("provider1").await);
    let (coordinator, other) = (test.signed_in("coordinator1").await, test.signed_in("coordinator2").await);

    let search = "q=接送&near=&per_page=50";
    let sorted = |answer: Value| {
        let mut names: Vec<String> = names(&answer).into_iter().map(|name| name.trim_end_matches("的接送").to_owned()).collect();
        names.sort();
        names
    };
    let for_workers = ["内部", "勿转", "待核", "过期"];
    assert_eq!(sorted(found(&visitor, search).await), ["过期"]);
    assert_eq!(sorted(found(&provider, search).await), ["过期"]);
    assert_eq!(sorted(found(&worker, search).await), for_workers);
    assert_eq!(sorted(found(&other, search).await), for_workers);
    assert_eq!(sorted(found(&coordinator, search).await), ["保密", "内部", "勿转", "待核", "过期"]);

    for (listing, name, visitors, workers_, providers, coordinators) in [
        (&draft, "draft", 404, 404, 200, 404),
        (&pending, "pending", 404, 200, 404, 200),
        (&suspended, "suspended", 404, 200, 404, 200),
        (&workers, "workers", 404, 200, 404, 200),
        (&refuge, "refuge", 404, 404, 404, 200),
        (&expired, "expired", 200, 200, 200, 200),
        (&refused, "do not refer", 404, 200, 404, 200),
    ] {
        for (browser, status, who) in [
            (&visitor, visitors, "visitor"),
            (&worker, workers_, "worker"),
            (&provider, providers, "provider"),
            (&coordinator, coordinators, "coordinator"),
        ] {
            for path in [listing.page(), format!("{}/card", listing.page()), format!("/api/v1{}/card", listing.page())] {
                assert_eq!(browser.get(&path).await.status, status, "{name} for the {who}: {path}");
            }
        }
    }
}

#[tokio::test]
async fn a_confidential_address_is_in_no_page_and_no_answer() {
    let test = TestApp::start().await;
    let refuge = Listing::new(&test, "临时庇护", &["EMG-02"], HERE).with(|one| {
        one.location.location_type = LocationType::Redacted;
        one.location.address = "绝密巷 77 号".into();
        one.location.name = "绝密小楼".into();
        one.location.transportation = Some("绝密公交站".into());
    });
    let refuge = refuge.put(&test).await;
    let worker = worker(&test).await;
    test.indexed().await;
    let point = refuge.location.point.unwrap();
    let card = format!("/api/v1{}/card", refuge.page());
    for path in ["/services?q=庇护", "/api/v1/services/search?q=庇护", &refuge.page(), &format!("{}/card", refuge.page()), &card] {
        let text = worker.get(path).await.expect(200).text;
        assert!(text.contains("临时庇护"), "{path} shows the service");
        for secret in ["绝密", "长芦街道</dd>", &format!("{:.4}", point.longitude)] {
            assert!(!text.contains(secret), "{path} shows {secret}");
        }
    }
    assert_eq!(found(&worker, "q=绝密小楼").await["meta"]["total"], 0, "the name of the place is not searched");
    let answer = found(&worker, "q=庇护").await;
    assert!(answer["services"][0]["distance_km"].is_number(), "distance is taken from the seat of the county");
}

#[tokio::test]
async fn the_pages_say_all_facts_in_both_languages() {
    let test = TestApp::start().await;
    let worker = worker(&test).await;
    let listing = a_service(&test, "四点半放学护送", &["EDU-13"], HERE).await;
    test.indexed().await;
    let page = worker.get("/services?q=没人接送").await.expect(200).text;
    for text in [
        "四点半放学护送",
        "已核验",
        "无偿",
        "满 6 岁、未满 15 岁",
        "截至 11-25",
        "对应需求：上学交通与接送",
        "服务南京市六合区",
        "025-0000 0001",
    ] {
        assert!(page.contains(text), "the list says {text}");
    }
    assert!(page.contains(&format!("/referrals/new?service_at_location={}", listing.site.id)), "a worker may refer from here");
    let page = worker.get(&listing.page()).await.expect(200).text;
    for text in ["梧桐里 8 号", "户口簿", "打电话报名", "30 元/次", "困境儿童", "现在开放", "08:30–18:00", "信息有误", "核验到 2027-06-30"]
    {
        assert!(page.contains(text), "the page says {text}");
    }
    worker.post("/preferences", &[("locale", "en"), ("back", "/services")]).await.expect(303);
    for path in ["/services?q=没人接送", &listing.page(), &format!("{}/card", listing.page())] {
        let page = worker.get(path).await.expect(200).text;
        assert!(page.contains(r#"<html lang="en""#) && page.contains("from 6 years to under 15 years"), "{path} is in English");
        assert!(!page.contains("search.") && !page.contains("thing."), "{path} has a key without a text");
    }
}
