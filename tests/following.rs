//! The index follows the directory: after each change, over restarts, and when the day turns.

use jiff::SignedDuration;
use lianjie::organization::model::Program;
use lianjie::organization::store as organizations;
use lianjie::search;
use lianjie::service::store as services;
use lianjie::store::{DIRECTORY, last_number};
use serde_json::Value;

use crate::search::{HERE, found, names, worker};
use crate::support::TestApp;
use crate::support::directory::{Listing, a_service};

#[tokio::test]
async fn while_an_edit_waits_search_and_public_read_what_was_checked() {
    let test = TestApp::start().await;
    let worker = worker(&test).await;
    let mut listing = a_service(&test, "四点半放学护送", &["EDU-13"], HERE).await;
    listing.service.name = "高价一对一接送".into();
    listing.service.description = "新写的说明".into();
    listing.service.unchecked = true;
    let mut tx = test.app.begin().await.unwrap();
    services::update(&mut tx, &mut listing.service, test.app.now()).await.unwrap();
    tx.commit(test.app.now()).await.unwrap();
    test.indexed().await;
    let answer = found(&test.visitor(), "q=接送").await;
    assert_eq!((names(&answer), answer["services"][0]["mark"].as_str()), (vec!["四点半放学护送"], Some("edited")));
    let public = test.visitor().get(&listing.page()).await.expect(200).text;
    assert!(!public.contains("新写的说明") && public.contains("四点半放学护送"));
    let seen = worker.get(&listing.page()).await.expect(200).text;
    assert!(seen.contains("新写的说明") && seen.contains("新（待核）"), "a worker sees the new text, marked");
}

#[tokio::test]
async fn the_index_follows_after_the_commit_and_a_place_at_once() {
    let test = TestApp::start().await;
    let follower = tokio::spawn(search::follow(std::sync::Arc::clone(&test.app)));
    let listing = a_service(&test, "四点半放学护送", &["EDU-13"], HERE).await;
    let visitor = test.visitor();
    let mut answer = Value::Null;
    for _ in 0..100 {
        answer = found(&visitor, "q=接送").await;
        if answer["meta"]["total"] == 1 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    follower.abort();
    assert_eq!(answer["services"][0]["places"]["free"], 3);

    let at = test.app.now();
    let mut tx = test.app.begin().await.unwrap();
    lianjie::service::places::post_full(&mut tx, &listing.site.id, "32", at).await.unwrap();
    services::replace_fees(&mut tx, &listing.service.id, &[], at).await.unwrap();
    tx.commit(at).await.unwrap();
    test.indexed().await;
    let answer = found(&visitor, "q=接送").await;
    assert_eq!(answer["services"][0]["places"]["free"], 0);
    assert!(answer["services"][0]["fee"].is_null(), "the fees went with the same commit");
    assert_eq!(search::catch_up(&test.app).await.unwrap(), 0, "a second round has nothing to do");
}

#[tokio::test]
async fn a_rebuilt_index_equals_the_followed_one() {
    let test = TestApp::start().await;
    for (name, term) in [("四点半放学护送", "EDU-13"), ("沙盘游戏辅导", "PSY-03"), ("周末绘本馆", "DEV-02")] {
        a_service(&test, name, &[term], HERE).await;
        test.indexed().await;
    }
    let visitor = test.visitor();
    let followed = found(&visitor, "near=320116012").await;
    let mut told = Vec::new();
    assert_eq!(search::reindex(&test.app, |done, all| told.push((done, all))).await.unwrap(), 3);
    assert_eq!(told.last(), Some(&(3, 3)));
    assert_eq!(found(&visitor, "near=320116012").await, followed);
}

#[tokio::test]
async fn an_index_of_another_store_and_one_whose_outbox_was_lost_are_rebuilt() {
    let test = TestApp::start().await;
    a_service(&test, "四点半放学护送", &["EDU-13"], HERE).await;
    let index = test.app.index.get();
    let stray = lianjie::search::entry::entry(&offering(&test, "沙盘游戏辅导").await, test.app.today());
    index.rebuild([stray], 9_000).unwrap();
    test.indexed().await;
    assert_eq!(found(&test.visitor(), "q=").await["meta"]["total"], 2, "the stray entry is not all there is");

    let number = last_number(&mut test.app.store.read().await.unwrap(), DIRECTORY).await.unwrap();
    assert_eq!(index.last_number(), number);
    let mut tx = test.app.begin().await.unwrap();
    sqlx::query("DELETE FROM change").execute(&mut *tx).await.unwrap();
    tx.commit(test.app.now()).await.unwrap();
    index.rebuild([], 1).unwrap();
    test.indexed().await;
    assert_eq!((index.len(), index.last_number()), (2, number));
}

async fn offering(test: &TestApp, name: &str) -> lianjie::service::model::Offering {
    let listing = a_service(test, name, &["PSY-03"], HERE).await;
    services::offering(&mut test.app.store.read().await.unwrap(), &listing.site.id).await.unwrap().unwrap()
}

#[tokio::test]
async fn when_the_day_turns_what_has_run_out_is_marked() {
    let test = TestApp::start().await;
    let listing = Listing::new(&test, "四点半放学护送", &["EDU-13"], HERE)
        .with(|one| one.organization.verified_until = Some("2026-11-25".parse().unwrap()));
    listing.put(&test).await;
    let over = Listing::new(&test, "项目里的接送", &["EDU-13"], HERE).with(|one| {
        one.program = Some(Program {
            id: lianjie::id::ProgramId::new(one.organization.verified_at.unwrap()),
            organization: one.organization.id.clone(),
            name: "平安上学路".into(),
            funder: "民政局".into(),
            division: None,
            from: "2026-01-01".parse().unwrap(),
            to: "2026-11-25".parse().unwrap(),
            budget_fen: 0,
            target_children: None,
            target_sessions: None,
        });
    });
    over.put(&test).await;
    test.indexed().await;
    let visitor = test.visitor();
    assert_eq!(found(&visitor, "q=平安上学路").await["meta"]["total"], 1, "a service is found by its project");
    test.pass(SignedDuration::from_hours(24));
    test.indexed().await;
    let answer = found(&visitor, "q=接送").await;
    assert_eq!((names(&answer), answer["services"][0]["mark"].as_str()), (vec!["四点半放学护送"], Some("expired")));
}

#[tokio::test]
async fn an_organization_that_changes_its_name_is_found_by_the_new_one() {
    let test = TestApp::start().await;
    let mut listing = a_service(&test, "四点半放学护送", &["EDU-13"], HERE).await;
    test.indexed().await;
    listing.organization.name = "白鹭青少年服务社".into();
    let at = test.app.now();
    let mut tx = test.app.begin().await.unwrap();
    organizations::update(&mut tx, &mut listing.organization, at).await.unwrap();
    services::touch_all(&mut tx, &listing.organization.id).await.unwrap();
    tx.commit(at).await.unwrap();
    test.indexed().await;
    assert_eq!(found(&test.visitor(), "q=bailu").await["meta"]["total"], 1);
    assert_eq!(found(&test.visitor(), "q=向阳花").await["meta"]["total"], 0);
}
