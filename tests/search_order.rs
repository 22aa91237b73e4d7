//! In what order services are found, and what words beside a need are for.

use crate::search::{COUNTY, HERE, found, names};
use crate::support::TestApp;
use crate::support::directory::{Listing, a_service};

/// 姜堰区, far from 六合区.
const FAR: &str = "321204001";

#[tokio::test]
async fn words_beside_a_need_help_the_order_and_hide_nothing() {
    let test = TestApp::start().await;
    a_service(&test, "四点半放学护送", &["EDU-13"], HERE).await;
    let weekend = Listing::new(&test, "上学路上有人陪", &["EDU-13"], HERE).with(|one| one.service.description = "周末也接送。".into());
    weekend.put(&test).await;
    test.indexed().await;
    let answer = found(&test.visitor(), "q=没人接送 周末").await;
    assert_eq!(names(&answer), ["上学路上有人陪", "四点半放学护送"]);
    assert_eq!(answer["helping"], serde_json::json!(["周末"]));
    let page = test.visitor().get("/services?q=没人接送 周末").await.expect(200).text;
    assert!(page.contains("“周末”不是每条都有，有的排在前面。"), "{page}");
    assert_eq!(names(&found(&test.visitor(), "q=没人接送 没有这样的字").await).len(), 2, "what nobody has hides nothing");
}

#[tokio::test]
async fn a_need_is_read_by_its_sound() {
    let test = TestApp::start().await;
    a_service(&test, "倾听小屋", &["PSY-02"], HERE).await;
    test.indexed().await;
    for words in ["心里咨询", "xinlizixun", "xin li zi xun"] {
        let answer = found(&test.visitor(), &format!("q={words}")).await;
        assert!(answer["needs"][0]["term"].as_str().is_some_and(|term| term.starts_with("PSY")), "{words}: {}", answer["needs"]);
    }
}

#[tokio::test]
async fn what_nobody_can_be_referred_to_comes_last_and_a_name_alike_far_away_not_first() {
    let test = TestApp::start().await;
    let over = Listing::new(&test, "放学护送", &["EDU-13"], HERE);
    over.with(|one| one.service.status = lianjie::service::model::Status::Inactive).put(&test).await;
    a_service(&test, "没人接送找我们", &["EDU-13"], FAR).await;
    a_service(&test, "护学队", &["EDU-13"], HERE).await;
    let worker = crate::search::worker(&test).await;
    test.indexed().await;
    let answer = found(&worker, &format!("q=没人接送&near={COUNTY}")).await;
    assert_eq!(names(&answer), ["护学队", "没人接送找我们", "放学护送"]);
}

#[tokio::test]
async fn what_may_not_be_seen_keeps_nothing_from_being_found() {
    let test = TestApp::start().await;
    a_service(&test, "光福心理小屋", &["PSY-02"], HERE).await;
    let draft = Listing::new(&test, "光复心理小屋", &["PSY-02"], HERE);
    draft.with(|one| one.organization.status = lianjie::organization::model::Status::Draft).put(&test).await;
    test.indexed().await;
    assert_eq!(names(&found(&test.visitor(), "q=光复心理小屋").await), ["光福心理小屋"]);
}
