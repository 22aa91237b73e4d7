//! Organizations found by name or kind, whether they give a service or not: who finds which, on the page, in suggestions and as JSON.

use lianjie::access::{Role, Scope};
use lianjie::organization::model::{LocationType, Status};
use lianjie::search;
use lianjie_index::entry::Level;
use serde_json::Value;

use crate::search::{COUNTY, HERE, found, worker};
use crate::support::directory::Listing;
use crate::support::{Browser, TestApp};

/// An organization that gives no service.
async fn alone(test: &TestApp, name: &str, change: impl FnOnce(&mut Listing)) -> Listing {
    let listing = Listing::new(test, "没有的服务", &["EDU-13"], HERE).with(|one| {
        name.clone_into(&mut one.organization.name);
        one.organization.alternate_name = None;
    });
    listing.with(change).put_alone(test).await
}

fn listed(answer: &Value) -> Vec<String> {
    let mut names: Vec<String> =
        answer["organizations"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect();
    names.sort();
    names
}

async fn called(browser: &Browser, words: &str) -> Vec<String> {
    listed(&browser.get(&format!("/api/v1/organizations?q={words}")).await.expect(200).json())
}

#[tokio::test]
async fn an_organization_without_a_service_is_found_by_name_pinyin_initials_and_kind() {
    let test = TestApp::start().await;
    let club = alone(&test, "启明星儿童之家", |one| {
        one.organization.kind = "未保工作站".into();
        one.location.name = "陆营村儿童关爱点".into();
    })
    .await;
    test.indexed().await;
    let visitor = test.visitor();
    for words in ["启明星儿童之家", "启明星", "qimingxing", "qmxetzj", "启名星儿童之家", "陆营村儿童关爱点"] {
        let answer = found(&visitor, &format!("q={words}&near=")).await;
        assert_eq!(listed(&answer), ["启明星儿童之家"], "{words}");
        assert_eq!(called(&visitor, words).await, ["启明星儿童之家"], "{words}");
    }
    let by_kind = found(&visitor, "q=未保工作站&near=").await;
    assert_eq!(listed(&by_kind), ["启明星儿童之家"]);
    assert_eq!(listed(&found(&visitor, "q=六合区未保工作站&near=").await), ["启明星儿童之家"]);
    assert!(listed(&found(&visitor, "q=徐州市未保工作站&near=").await).is_empty(), "it lies elsewhere");
    let page = visitor.get("/services?q=启明星&near=").await.expect(200).text;
    let link = format!("/organizations/{}", club.organization.id);
    assert!(page.contains(&format!(r#"<a href="{link}">启明星儿童之家</a>"#)), "{page}");
    visitor.get(&link).await.expect(200);
    let suggested = visitor.get("/api/v1/services/suggest?q=启明星").await.expect(200).json();
    assert_eq!(suggested["suggestions"][0]["href"], link);
    assert!(listed(&found(&visitor, "q=启明星&near=&page=2").await).is_empty(), "they stand on the first page alone");
}

#[tokio::test]
async fn each_role_finds_the_organizations_that_the_table_says() {
    let test = TestApp::start().await;
    let worker = worker(&test).await;
    let draft = alone(&test, "草稿之家", |one| one.organization.status = Status::Draft).await;
    alone(&test, "待核之家", |one| one.organization.status = Status::Pending).await;
    alone(&test, "暂停之家", |one| one.organization.status = Status::Suspended).await;
    alone(&test, "关闭之家", |one| one.organization.status = Status::Closed).await;
    alone(&test, "不列之家", |one| one.organization.listed = false).await;
    alone(&test, "内部之家", |one| one.organization.confidentiality = Level::Workers).await;
    alone(&test, "保密之家", |one| {
        one.organization.confidentiality = Level::Restricted;
        one.location.name = "绝密小楼".into();
    })
    .await;
    alone(&test, "过期之家", |one| one.organization.verified_until = Some("2026-11-01".parse().unwrap())).await;
    alone(&test, "勿转之家", |one| one.organization.do_not_refer = true).await;
    alone(&test, "平常之家", |_| {}).await;
    // Nothing but a hidden house, and nothing but a service that is not told: HSDS keeps both back, and so does the search.
    alone(&test, "避难之家", |one| {
        one.location.name = "绝密巷子".into();
        one.location.location_type = LocationType::Redacted;
    })
    .await;
    let secret = Listing::new(&test, "庇护", &["EDU-13"], HERE).with(|one| {
        one.organization.name = "庇护之家".into();
        one.location.name = "绝密院落".into();
        one.service.confidentiality = Level::Workers;
    });
    secret.put(&test).await;
    test.account("provider1", Some(&draft.organization.id), Role::Provider, Scope::Organization(draft.organization.id.clone())).await;
    test.account("coordinator1", None, Role::Coordinator, Scope::Division(COUNTY.parse().unwrap())).await;
    test.account("coordinator2", None, Role::Coordinator, Scope::Division("320111".parse().unwrap())).await;
    test.indexed().await;
    let (visitor, provider) = (test.visitor(), test.signed_in("provider1").await);
    let (coordinator, other) = (test.signed_in("coordinator1").await, test.signed_in("coordinator2").await);

    let publicly = ["平常之家", "过期之家"];
    let for_workers = ["内部之家", "勿转之家", "平常之家", "庇护之家", "待核之家", "过期之家", "避难之家"];
    let all = ["保密之家", "内部之家", "勿转之家", "平常之家", "庇护之家", "待核之家", "过期之家", "避难之家"];
    let sorted = |names: &[&str]| {
        let mut names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        names.sort();
        names
    };
    for (browser, expected, who) in [
        (&visitor, &publicly[..], "visitor"),
        (&provider, &publicly, "provider"),
        (&worker, &for_workers, "worker"),
        (&other, &for_workers, "coordinator of another county"),
        (&coordinator, &all, "coordinator"),
    ] {
        assert_eq!(called(browser, "之家").await, sorted(expected), "{who}");
        for name in
            ["草稿", "待核", "暂停", "关闭", "不列", "内部", "保密", "过期", "勿转", "平常", "庇护", "避难"].map(|one| format!("{one}之家"))
        {
            let seen = expected.contains(&name.as_str());
            let answer = found(browser, &format!("q={name}&near=")).await;
            assert_eq!(listed(&answer).contains(&name), seen, "{name} for the {who}");
            let page = browser.get(&format!("/services?q={name}&near=")).await.expect(200).text;
            assert_eq!(page.contains(&format!("\">{name}</a>")), seen, "{name} on the page of the {who}");
            let suggested = browser.get(&format!("/api/v1/services/suggest?q={name}")).await.expect(200).json();
            let suggested = suggested["suggestions"].as_array().unwrap().iter().any(|one| one["name"] == name.as_str());
            assert_eq!(suggested, seen, "{name} among the suggestions of the {who}");
        }
    }
    for words in ["绝密小楼", "绝密巷子", "绝密院落"] {
        assert!(called(&coordinator, words).await.is_empty(), "{words}: what is not for everybody is not searched by its places");
    }
    let marked = found(&worker, "q=勿转之家&near=").await;
    assert_eq!(marked["organizations"][0]["mark"], "do_not_refer");
}

#[tokio::test]
async fn the_organizations_follow_what_becomes_of_them_and_are_rebuilt() {
    let test = TestApp::start().await;
    let club = alone(&test, "启明星之家", |_| {}).await;
    test.indexed().await;
    let visitor = test.visitor();
    assert_eq!(called(&visitor, "启明星之家").await, ["启明星之家"]);
    test.account("registrar1", None, Role::Registrar, Scope::Division(COUNTY.parse().unwrap())).await;
    let registrar = test.signed_in("registrar1").await;
    let flags = serde_json::json!({ "listed": false, "do_not_refer": false, "reason": "搬走了", "version": 1 });
    registrar.send("PUT", &format!("/api/v1/organizations/{}/flags", club.organization.id), &flags).await.expect(200);
    test.indexed().await;
    assert!(called(&visitor, "启明星之家").await.is_empty());
    let flags = serde_json::json!({ "listed": true, "do_not_refer": false, "reason": "又在了", "version": 2 });
    registrar.send("PUT", &format!("/api/v1/organizations/{}/flags", club.organization.id), &flags).await.expect(200);
    test.app.index.get().post_bodies([]);
    search::reindex(&test.app, |_, _| {}).await.unwrap();
    assert_eq!(called(&visitor, "启明星之家").await, ["启明星之家"]);
    let own = visitor.get("/api/v1/organizations").await;
    assert_eq!(own.status, 401, "the own ones are asked for by who is signed in");
}
