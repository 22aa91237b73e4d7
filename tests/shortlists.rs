//! Saved lists: begun on a service, shared with the station, printed; each service only as its reader may see it.

use lianjie::access::{Role, Scope};
use lianjie::id::OrganizationId;
use lianjie_index::entry::Level;
use serde_json::{Value, json};

use crate::search::HERE;
use crate::support::directory::{Listing, a_service};
use crate::support::{Browser, TestApp};

/// A station with a service of its own; its people log in by these names.
async fn station(test: &TestApp, name: &str, people: &[(&str, Role)]) -> Listing {
    let station = Listing::new(test, "站点日间照料", &["COO-01"], HERE).with(|one| {
        one.organization.kind = "未保工作站".into();
        one.organization.name = name.into();
        one.service.confidentiality = Level::Restricted;
    });
    let station = station.put(test).await;
    let id: &OrganizationId = &station.organization.id;
    for (login, role) in people {
        test.account(login, Some(id), *role, Scope::Organization(id.clone())).await;
    }
    station
}

async fn begin(browser: &Browser, name: &str, first: &Listing) -> String {
    let input = json!({ "name": name, "service": first.service.id.to_string() });
    let begun = browser.send("POST", "/api/v1/shortlists", &input).await.expect(201).json();
    format!("/api/v1/shortlists/{}", begun["id"].as_str().unwrap())
}

async fn share(owner: &Browser, list: &str, shared: bool) {
    let read = owner.get(list).await.expect(200).json();
    let said = json!({ "name": read["shortlist"]["name"], "shared": shared, "version": read["shortlist"]["version"] });
    owner.send("PUT", list, &said).await.expect(204);
}

fn ids(list: &Value) -> Vec<&str> {
    list["services"].as_array().unwrap().iter().map(|entry| entry["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_list_is_begun_on_a_service_filled_and_printed() {
    let test = TestApp::start().await;
    station(&test, "长芦未成年人保护工作站", &[("worker1", Role::Worker)]).await;
    let escort = a_service(&test, "四点半放学护送", &["EDU-13"], HERE).await;
    let play = a_service(&test, "沙盘游戏辅导", &["PSY-03"], HERE).await;
    test.indexed().await;
    let worker = test.signed_in("worker1").await;
    let form = format!("{}/shortlist", escort.page());
    for path in [escort.page(), "/services?q=没人接送".into()] {
        assert!(worker.get(&path).await.expect(200).text.contains(&form), "{path} leads to the form");
        assert!(!test.visitor().get(&path).await.expect(200).text.contains("/shortlist"), "{path} offers a visitor no list");
    }
    assert!(worker.get(&form).await.expect(200).text.contains("不要写孩子的姓名"));
    let refused = worker.post(&form, &[("key", "shortlist-key-0"), ("name", "")]).await.expect(422).text;
    assert!(refused.contains("请选一个清单"), "{refused}");
    let fields = [("key", "shortlist-key-1"), ("name", "放学后去哪儿")];
    let list = worker.post(&form, &fields).await.expect(303).location.unwrap();
    assert_eq!(worker.post(&form, &fields).await.expect(303).location.as_deref(), Some(&*list), "sent twice, begun once");
    assert_eq!(test.everything("SELECT COUNT(*) || '' FROM saved_list").await, "1");

    let id = list.trim_start_matches("/shortlists/");
    let more = format!("{}/shortlist", play.page());
    assert!(worker.get(&more).await.expect(200).text.contains("放学后去哪儿（1）"));
    for _ in 0..2 {
        worker.post(&more, &[("list", id), ("name", "")]).await.expect(303);
    }
    let page = worker.get(&list).await.expect(200).text;
    for text in [
        "四点半放学护送",
        "沙盘游戏辅导",
        "梧桐里 8 号",
        "025-0000 0001",
        "08:30–18:00",
        "30 元/次",
        "打电话报名",
        "data-print",
        "2026-11-25",
    ] {
        assert!(page.contains(text), "the list says {text}");
    }
    assert!(worker.get("/shortlists").await.expect(200).text.contains("放学后去哪儿"));
    let remove = |service: &Listing| format!("{list}/services/{}/remove", service.service.id);
    worker.post(&remove(&escort), &[]).await.expect(303);
    worker.post(&remove(&escort), &[]).await.expect(404);
    assert!(!worker.get(&list).await.expect(200).text.contains("四点半放学护送"));

    assert!(page.contains(r#"name="name" type="text" value="放学后去哪儿""#), "its name is in its field");
    worker.post(&list, &[("name", ""), ("version", "1")]).await.expect(422);
    worker.post(&list, &[("name", "周末去哪儿"), ("version", "1")]).await.expect(303);
    worker.post(&list, &[("name", "又一个名字"), ("version", "1")]).await.expect(409);
    worker.post("/preferences", &[("locale", "en"), ("back", "/")]).await.expect(303);
    for path in ["/shortlists", &*list, &*form] {
        let page = worker.get(path).await.expect(200).text;
        assert!(
            page.contains(r#"<html lang="en""#) && !page.contains("shortlist.") && !page.contains("search."),
            "{path} has all its texts"
        );
    }
    worker.post(&format!("{list}/delete"), &[]).await.expect(303);
    worker.get(&list).await.expect(404);
    assert_eq!(test.everything("SELECT COUNT(*) || '' FROM saved_entry").await, "0");

    let log =
        test.everything("SELECT action || ' ' || object_ref || ' ' || fields FROM audit_event WHERE object_type = 'saved_list'").await;
    for verb in ["begun", "collected", "taken_out", "renamed", "deleted"] {
        assert!(log.contains(&format!("shortlist.{verb} {id}")), "{verb}: {log}");
    }
    assert!(!log.contains("去哪儿"), "the name of a list is in no log: {log}");
}

#[tokio::test]
async fn a_station_shares_a_list_and_only_its_owner_renames_or_deletes_it() {
    let test = TestApp::start().await;
    station(&test, "长芦未成年人保护工作站", &[("worker1", Role::Worker), ("worker2", Role::Worker)]).await;
    station(&test, "葛塘未成年人保护工作站", &[("worker3", Role::Worker)]).await;
    let escort = a_service(&test, "四点半放学护送", &["EDU-13"], HERE).await;
    let play = a_service(&test, "沙盘游戏辅导", &["PSY-03"], HERE).await;
    let provider = &play.organization.id;
    test.account("provider1", Some(provider), Role::Provider, Scope::Organization(provider.clone())).await;
    let owner = test.signed_in("worker1").await;
    let (colleague, stranger) = (test.signed_in("worker2").await, test.signed_in("worker3").await);
    let list = begin(&owner, "放学后去哪儿", &escort).await;
    let page = list.trim_start_matches("/api/v1").to_owned();
    let add = json!({ "service": play.service.id.to_string() });
    let said = json!({ "name": "别的名字", "shared": false, "version": 2 });
    for browser in [&colleague, &stranger] {
        browser.get(&list).await.expect(404);
        browser.get(&page).await.expect(404);
        browser.send("POST", &format!("{list}/services"), &add).await.expect(404);
        browser.send("PUT", &list, &said).await.expect(404);
        browser.send("DELETE", &list, &json!({})).await.expect(404);
        assert_eq!(browser.get("/api/v1/shortlists").await.expect(200).json()["meta"]["total"], 0);
    }

    share(&owner, &list, true).await;
    colleague.send("POST", &format!("{list}/services"), &add).await.expect(204);
    let read = colleague.get(&list).await.expect(200).json();
    assert_eq!(ids(&read), [escort.service.id.as_str(), play.service.id.as_str()], "in the order in which they were put in");
    assert_eq!((read["shortlist"]["own"].as_bool(), read["shortlist"]["shared"].as_bool()), (Some(false), Some(true)));
    assert!(colleague.get("/shortlists").await.expect(200).text.contains("放学后去哪儿"));
    let shown = colleague.get(&page).await.expect(200).text;
    assert!(
        shown.contains("四点半放学护送") && !shown.contains("确认删除") && !shown.contains("name=\"shared\""),
        "nothing only the owner may"
    );
    colleague.send("PUT", &list, &said).await.expect(403);
    colleague.send("DELETE", &list, &json!({})).await.expect(403);
    colleague.post(&format!("{page}/delete"), &[]).await.expect(403);
    stranger.get(&list).await.expect(404);
    stranger.send("DELETE", &format!("{list}/services/{}", play.service.id), &json!({})).await.expect(404);

    share(&owner, &list, false).await;
    colleague.get(&list).await.expect(404);
    let provider = test.signed_in("provider1").await;
    let own = begin(&provider, "自己的", &play).await;
    let refused = provider.send("PUT", &own, &json!({ "name": "自己的", "shared": true, "version": 1 })).await.expect(422).text;
    assert!(refused.contains("shared"), "{refused}");
    let log = test.everything("SELECT action FROM audit_event WHERE object_type = 'saved_list' ORDER BY action").await;
    assert!(log.contains("shortlist.shared") && log.contains("shortlist.unshared"), "{log}");
}

#[tokio::test]
async fn what_the_reader_may_not_see_is_in_the_list_without_its_name() {
    let test = TestApp::start().await;
    let people = [("supervisor1", Role::Supervisor), ("worker1", Role::Worker)];
    let station = station(&test, "长芦未成年人保护工作站", &people).await;
    let escort = a_service(&test, "四点半放学护送", &["EDU-13"], HERE).await;
    let (supervisor, worker) = (test.signed_in("supervisor1").await, test.signed_in("worker1").await);
    let list = begin(&supervisor, "给新同事", &station).await;
    supervisor.send("POST", &format!("{list}/services"), &json!({ "service": escort.service.id.to_string() })).await.expect(204);
    share(&supervisor, &list, true).await;
    assert_eq!(supervisor.get(&list).await.expect(200).json()["services"][0]["card"]["name"], "站点日间照料");

    worker.get(&station.page()).await.expect(404);
    let read = worker.get(&list).await.expect(200);
    assert!(!read.text.contains("日间照料"), "{}", read.text);
    let read = read.json();
    assert_eq!((read["services"][0]["listed"].as_bool(), read["services"][1]["listed"].as_bool()), (Some(false), Some(true)));
    let page = worker.get(list.trim_start_matches("/api/v1")).await.expect(200).text;
    assert!(page.contains("已不再列出") && page.contains("四点半放学护送") && !page.contains("日间照料"));
    let service = station.service.id.to_string();
    let mine = begin(&worker, "我自己的", &escort).await;
    worker.send("POST", &format!("{mine}/services"), &json!({ "service": service })).await.expect(404);
    worker.send("POST", "/api/v1/shortlists", &json!({ "name": "试试", "service": service })).await.expect(404);
    worker.get(&format!("{}/shortlist", station.page())).await.expect(404);
    worker.send("DELETE", &format!("{list}/services/{service}"), &json!({})).await.expect(204);
}

#[tokio::test]
async fn a_list_holds_sixty_services_and_a_person_a_hundred_lists() {
    let test = TestApp::start().await;
    station(&test, "长芦未成年人保护工作站", &[("worker1", Role::Worker)]).await;
    let worker = test.signed_in("worker1").await;
    let first = a_service(&test, "四点半放学护送", &["EDU-13"], HERE).await;
    let list = begin(&worker, "长长的", &first).await;
    let services = format!("{list}/services");
    for number in 1..60 {
        let more = a_service(&test, &format!("护送小队{number}"), &["EDU-13"], HERE).await;
        worker.send("POST", &services, &json!({ "service": more.service.id.to_string() })).await.expect(204);
    }
    let over = a_service(&test, "第六十一队", &["EDU-13"], HERE).await;
    let refused = worker.send("POST", &services, &json!({ "service": over.service.id.to_string() })).await.expect(422).text;
    assert!(refused.contains("60"), "{refused}");
    worker.send("POST", &services, &json!({ "service": first.service.id.to_string() })).await.expect(204);
    assert_eq!(worker.get(&list).await.expect(200).json()["shortlist"]["services"], 60);

    for number in 1..100 {
        worker.send("POST", "/api/v1/shortlists", &json!({ "name": format!("清单{number}") })).await.expect(201);
    }
    worker.send("POST", "/api/v1/shortlists", &json!({ "name": "第一百零一个" })).await.expect(422);
    assert_eq!(worker.get("/api/v1/shortlists").await.expect(200).json()["meta"]["total"], 100);
}

#[tokio::test]
async fn who_keeps_no_lists_has_none() {
    let test = TestApp::start().await;
    test.account("auditor1", None, Role::Auditor, Scope::All).await;
    let auditor = test.signed_in("auditor1").await;
    auditor.get("/shortlists").await.expect(403);
    auditor.send("POST", "/api/v1/shortlists", &json!({ "name": "试试" })).await.expect(403);
    assert!(!auditor.get("/").await.expect(200).text.contains("/shortlists"));
    test.visitor().get("/api/v1/shortlists").await.expect(401);
    assert!(test.visitor().get("/shortlists").await.expect(303).location.unwrap().starts_with("/login"));
}
