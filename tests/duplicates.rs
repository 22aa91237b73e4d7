//! What is there twice: lists of records by the command's format, and the directory itself.

use lianjie::duplicate::{self, Kind};

use crate::support::TestApp;
use crate::support::directory::{Listing, a_service};

fn ids(test: &TestApp, kind: Kind, text: &str) -> Vec<(String, String)> {
    duplicate::records(&test.app.divisions.get().regions, kind, text).unwrap().into_iter().map(|pair| (pair.a, pair.b)).collect()
}

#[tokio::test]
async fn records_of_one_body_are_a_pair_and_branches_and_namesakes_are_not() {
    let test = TestApp::start().await;
    let text = r#"{"id":"1","name":"南京市六合区青藤社会工作服务中心","address":"六合区长芦街道芦花路12号","phone":"025-57501234","uscc":"","county":"六合区"}
{"id":"2","name":"青藤社工服务中心（六合）","address":"长芦街道芦花路十二号","phone":"57501234","uscc":"","county":"六合区"}
{"id":"3","name":"青藤社会工作服务中心大厂分中心","address":"大厂街道幸福路3号","phone":"025-57509999","uscc":"","county":"六合区"}

{"id":"4","name":"青藤社会工作服务中心","address":"鼓楼区中山北路1号","phone":"0516-83001234","uscc":"","county":"徐州市鼓楼区"}"#;
    assert_eq!(ids(&test, Kind::Org, text), [("1".to_owned(), "2".to_owned())]);
}

#[tokio::test]
async fn twins_are_two_and_a_child_written_twice_is_one() {
    let test = TestApp::start().await;
    let text = r#"{"id":"1","name":"张小梅","sex":"女","birth":"2015-03-07","guardian":"张建国","phone":"13900001111","address":"长芦街道1号","school":"长芦小学","id4":"0024","county":"六合区"}
{"id":"2","name":"张晓梅","sex":"女","birth":"2015.3.7","guardian":"张建国","phone":"1390000 1111","address":"","school":"","id4":"0024","county":"六合区"}
{"id":"3","name":"张小兰","sex":"女","birth":"2015-03-07","guardian":"张建国","phone":"13900001111","address":"长芦街道1号","school":"长芦小学","id4":"0048","county":"六合区"}"#;
    assert_eq!(ids(&test, Kind::Child, text), [("1".to_owned(), "2".to_owned())]);
    let refused = duplicate::records(&test.app.divisions.get().regions, Kind::Child, "{\"id\":\"1\"}\n{\"name\": \"张小梅\"")
        .unwrap_err()
        .to_string();
    assert!(refused.contains("line 2") && !refused.contains("张小梅"), "{refused}");
}

#[tokio::test]
async fn the_directory_tells_what_it_holds_twice_with_what_speaks_for_it() {
    let test = TestApp::start().await;
    for name in ["南京市六合区新芽社会工作服务中心", "六合新芽社工服务中心"] {
        Listing::new(&test, "四点半课堂", &["DEV-02"], "320116012")
            .with(|one| {
                one.organization.name = name.into();
                one.organization.phones = vec!["025-57501234".into()];
                one.organization.address = "南京市六合区长芦街道芦花路12号".into();
                one.organization.website = Some("https://www.xinya-shegong.org.cn/".into());
            })
            .put(&test)
            .await;
    }
    a_service(&test, "沙盘游戏辅导", &["PSY-04"], "320115001").await;
    let clusters = duplicate::directory(&test.app, "").await.unwrap();
    let bodies: Vec<_> = clusters.iter().filter(|cluster| cluster.kind == "organization").collect();
    assert_eq!(bodies.len(), 1, "{clusters:#?}");
    assert_eq!(bodies[0].members.len(), 2);
    let pair = &bodies[0].pairs[0];
    let says = |comparison: &str| pair.evidence.iter().any(|row| row.comparison == comparison && row.level == "same");
    assert!(pair.score > 0.9 && says("phone") && says("website") && says("point"), "{pair:#?}");
}
