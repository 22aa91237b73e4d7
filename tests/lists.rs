//! Lists on the page: brought, mended in place, told of duplicates, taken in as a whole, undone within a day.

use jiff::SignedDuration;
use lianjie::access::{Role, Scope};
use lianjie::id::OrganizationId;

use crate::support::TestApp;
use crate::support::directory::Listing;

/// A good row, one with two faults, one that is in the directory, a note.
const LIST: &str = "机构登记表\n机构名称\t类型\t统一社会信用代码\t地址\t电话\n\
                    青藤社会工作服务中心\t社工机构\t91350100M000100Y43\t六合区长芦街道1号\t025-57501234\n\
                    新芽康复中心\t康复机构\t91350100M000100Y44\t六合区大厂街道4号\t找王老师\n\
                    向阳花 青少年社工服务中心\t社工机构\t\t六合区测试路1号\t\n\
                    注：各街道填写\n";

async fn people(test: &TestApp) {
    let county = || Scope::Division("320116".parse().unwrap());
    test.account("data1", None, Role::DataManager, county()).await;
    test.account("registrar1", None, Role::Registrar, county()).await;
    test.account("worker1", None, Role::Worker, county()).await;
    Listing::new(test, "四点半课堂", &["DEV-02"], "320116010").put(test).await;
}

async fn brought(test: &TestApp, text: &str) -> String {
    let data = test.signed_in("data1").await;
    let page = data.upload("/lists", &[("kind", "organizations"), ("text", text), ("key", "list-key-1")], "", b"").await.expect(303);
    page.location.unwrap()
}

#[tokio::test]
async fn two_rows_of_a_list_that_are_alike_are_told_and_a_person_decides() {
    let test = TestApp::start().await;
    people(&test).await;
    let rows = "机构名称,类型,地址,电话\n南京市六合区青藤社会工作服务中心,社工机构,六合区长芦街道虚构路1号,025-57501111\n\
                青藤社工服务中心,社工机构,六合区长芦街道虚构路1号,025-57501111\n新芽康复中心,康复机构,六合区大厂街道2号,025-57502222\n";
    let list = brought(&test, rows).await;
    let data = test.signed_in("data1").await;
    let page = data.get(&list).await.expect(200).text;
    assert!(page.contains("和本表里的这一行很像：2 南京市六合区青藤社会工作服务中心"), "{page}");
    data.post(&list, &[("version", "1"), ("do", "take")]).await.expect(422);
    let answers = [("version", "2"), ("row-0-3", "skip"), ("do", "take")];
    data.post(&list, &answers).await.expect(303);
    let names = names(&test).await;
    assert!(names.contains("南京市六合区青藤") && names.contains("新芽") && names.matches("青藤").count() == 1, "{names}");
}

#[tokio::test]
async fn an_account_brings_one_file_at_a_time() {
    let test = TestApp::start().await;
    people(&test).await;
    let account = test.everything("SELECT id FROM account WHERE login = 'data1'").await;
    let turn = test.app.importing.take(account.trim()).unwrap();
    let data = test.signed_in("data1").await;
    let form = [("kind", "organizations"), ("text", LIST), ("key", "list-key-2")];
    let busy = data.upload("/lists", &form, "", b"").await.expect(409).text;
    assert!(busy.contains("上一份文件还在读"), "{busy}");
    drop(turn);
    data.upload("/lists", &form, "", b"").await.expect(303);
}

#[tokio::test]
async fn a_file_that_would_unfold_is_refused_in_a_sentence() {
    let test = TestApp::start().await;
    people(&test).await;
    let data = test.signed_in("data1").await;
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().write(1_048_575, 16_383, "x").unwrap();
    let form = [("kind", "organizations"), ("text", ""), ("key", "list-key-3")];
    let refused = data.upload("/lists", &form, "名单.xlsx", &book.save_to_buffer().unwrap()).await.expect(422).text;
    assert!(refused.contains("最多 5 万行"), "{refused}");
}

async fn names(test: &TestApp) -> String {
    test.everything("SELECT name || ' ' || status FROM organization WHERE name LIKE '%中心' ORDER BY name").await
}

#[tokio::test]
async fn a_list_is_mended_in_place_and_taken_in_as_a_whole() {
    let test = TestApp::start().await;
    people(&test).await;
    let list = brought(&test, LIST).await;
    assert_eq!(brought(&test, LIST).await, list, "the same form twice brings one list");
    let data = test.signed_in("data1").await;
    let page = data.get(&list).await.expect(200).text;
    assert!(page.contains("id=\"cell-0-4-2\" name=\"cell-0-4-2\" value=\"91350100M000100Y44\""), "{page}");
    assert!(page.contains("校验位不对") && page.contains("这个电话读不懂") && page.contains("注释") && page.contains("标题"));
    assert!(page.contains("可能已经登记过") && page.contains("向阳花青少年社工服务中心"));
    let refused = data.post(&list, &[("version", "1"), ("do", "take")]).await.expect(422).text;
    assert!(refused.contains("有 1 行看上去已经登记过") && refused.contains("还有 1 行没改好"), "{refused}");
    assert!(!names(&test).await.contains("青藤"), "nothing is taken in by halves");
    let mended = [("version", "2"), ("cell-0-4-2", ""), ("cell-0-4-4", "025-5750 5678"), ("row-0-5", "skip"), ("do", "take")];
    assert_eq!(data.post(&list, &mended).await.expect(303).location.as_deref(), Some(list.as_str()));
    assert_eq!(names(&test).await.lines().count(), 3, "{}", names(&test).await);
    assert!(names(&test).await.contains("新芽康复中心 pending"));
    assert_eq!(test.everything("SELECT phones FROM organization WHERE name = '新芽康复中心'").await.trim(), "[\"025-57505678\"]");
    data.post(&list, &[("version", "4"), ("do", "take")]).await.expect(409);
    let log = test.everything("SELECT action || ' ' || fields FROM audit_event WHERE action LIKE 'list.%'").await;
    assert!(log.contains("list.brought") && log.contains("list.taken [\"new=2\",\"left=0\"]"), "{log}");
    // Who brought it in does not verify it.
    let queue = test.signed_in("registrar1").await.get("/verification").await.expect(200).text;
    assert!(queue.contains("新芽康复中心"));
}

#[tokio::test]
async fn what_is_not_mended_yet_becomes_a_list_of_its_own() {
    let test = TestApp::start().await;
    people(&test).await;
    let list = brought(&test, LIST).await;
    let data = test.signed_in("data1").await;
    let answers = [("version", "1"), ("row-0-5", "distinct"), ("leave", "1"), ("do", "take")];
    let rest = data.post(&list, &answers).await.expect(303).location.unwrap();
    assert_ne!(rest, list);
    let page = data.get(&rest).await.expect(200).text;
    assert!(page.contains("id=\"cell-0-4-4\"") && page.contains("新芽康复中心") && !page.contains("青藤"), "{page}");
    assert!(names(&test).await.contains("青藤社会工作服务中心 pending") && !names(&test).await.contains("新芽"));
}

#[tokio::test]
async fn a_list_is_undone_within_a_day_but_for_what_somebody_changed() {
    let test = TestApp::start().await;
    people(&test).await;
    let list = brought(
        &test,
        "机构名称,类型,地址,电话\n青藤中心,社工机构,六合区长芦街道1号,025-1111111\n新芽中心,康复机构,六合区大厂街道2号,025-2222222\n常青中心,社工机构,六合区龙池街道3号,025-3333333\n",
    )
    .await;
    let data = test.signed_in("data1").await;
    data.post(&list, &[("version", "1"), ("do", "take")]).await.expect(303);
    let signed: OrganizationId = test.everything("SELECT id FROM organization WHERE name = '常青中心'").await.trim().parse().unwrap();
    test.account("provider1", Some(&signed), Role::Provider, Scope::Organization(signed.clone())).await;
    assert_eq!(test.everything("SELECT sheets FROM list").await.trim(), "[]", "what was taken in keeps no cells");
    let id = test.everything("SELECT id FROM organization WHERE name = '新芽中心'").await.trim().to_owned();
    let registrar = test.signed_in("registrar1").await;
    let step = [("step", "return"), ("reason", "请补充简介"), ("version", "1"), ("back", "/verification")];
    registrar.post(&format!("/organizations/{id}/steps"), &step).await.expect(303);
    data.post(&format!("{list}/undo"), &[("version", "3")]).await.expect(303);
    let names = names(&test).await;
    assert!(names.contains("青藤中心 closed") && names.contains("新芽中心 draft"), "{names}");
    assert!(names.contains("常青中心 pending"), "somebody signs in for it: {names}");
    data.post(&format!("{list}/undo"), &[("version", "4")]).await.expect(409);
}

#[tokio::test]
async fn after_a_day_a_list_stays() {
    let test = TestApp::start().await;
    people(&test).await;
    let list = brought(&test, "机构名称,类型,地址\n青藤中心,社工机构,六合区长芦街道1号\n").await;
    let data = test.signed_in("data1").await;
    data.post(&list, &[("version", "1"), ("do", "take")]).await.expect(303);
    test.pass(SignedDuration::from_hours(25));
    let data = test.signed_in("data1").await;
    let refused = data.post(&format!("{list}/undo"), &[("version", "3")]).await.expect(409);
    assert!(refused.text.contains("已超过 24 小时"), "{}", refused.text);
    assert!(!data.get(&list).await.expect(200).text.contains("/undo"));
}

#[tokio::test]
async fn columns_are_named_by_hand_and_blanks_filled_at_once() {
    let test = TestApp::start().await;
    people(&test).await;
    let list = brought(&test, "名称,所在,联系电话\n青藤中心,六合区长芦街道1号,025-1111111\n新芽中心,六合区大厂街道2号,025-2222222\n").await;
    let data = test.signed_in("data1").await;
    let page = data.get(&list).await.expect(200).text;
    assert!(page.contains("name=\"column-0-1\"") && page.contains("name=\"fill-0-3\""), "{page}");
    let answers = [("version", "1"), ("column-0-1", "address"), ("fill-0-3", "社工机构"), ("do", "take")];
    data.post(&list, &answers).await.expect(303);
    assert_eq!(names(&test).await.matches("pending").count(), 2);
}

#[tokio::test]
async fn a_provider_brings_its_own_services_and_nobody_elses() {
    let test = TestApp::start().await;
    people(&test).await;
    let named = |listing: &mut Listing| listing.organization.name = "青藤社工中心".to_owned();
    let own = Listing::new(&test, "作业辅导", &["DEV-02"], "320116012").with(named).put(&test).await.organization.id;
    test.account("provider1", Some(&own), Role::Provider, Scope::Organization(own.clone())).await;
    let provider = test.signed_in("provider1").await;
    let refused = provider.upload("/lists", &[("kind", "organizations"), ("text", LIST)], "", b"").await;
    assert_eq!(refused.status, 403);
    let text = "服务名称,服务机构,服务类别\n周末陪伴,青藤社工中心,DEV-02\n暑期托管,向阳花青少年社工服务中心,DEV-02\n";
    let page = provider.upload("/lists", &[("kind", "services"), ("text", text)], "", b"").await.expect(303).location.unwrap();
    let shown = provider.get(&page).await.expect(200).text;
    assert!(shown.contains("它不在您负责的区域或机构里"), "{shown}");
    provider.post(&page, &[("version", "1"), ("leave", "1"), ("do", "take")]).await.expect(303);
    // A list that does not say whose the services are is of who brings it.
    let text = "服务名称,服务类别,收费标准,名额\n假期阅读,DEV-02,免费,12\n";
    let page = provider.upload("/lists", &[("kind", "services"), ("text", text)], "", b"").await.expect(303).location.unwrap();
    provider.post(&page, &[("version", "1"), ("do", "take")]).await.expect(303);
    let services = test
        .everything("SELECT s.name || ' ' || o.name FROM service s JOIN organization o ON o.id = s.organization_id ORDER BY s.id")
        .await;
    assert!(
        services.contains("周末陪伴 青藤社工中心") && services.contains("假期阅读 青藤社工中心") && !services.contains("暑期托管"),
        "{services}"
    );
    test.signed_in("worker1").await.get("/lists").await.expect(403);
    test.signed_in("worker1").await.get(&page).await.expect(403);
}

#[tokio::test]
async fn an_empty_list_can_be_fetched_filled_in_and_brought_back() {
    let test = TestApp::start().await;
    people(&test).await;
    let data = test.signed_in("data1").await;
    let template = data.file("/lists/templates/organizations.xlsx").await;
    assert!(template.starts_with(b"PK"));
    data.get("/lists/templates/children.xlsx").await.expect(404);
    let empty = data.upload("/lists", &[("kind", "organizations")], "空表.xlsx", &template).await.expect(303).location.unwrap();
    assert!(data.get(&empty).await.expect(200).text.contains("空表.xlsx"));
    let refused = data.upload("/lists", &[("kind", "organizations")], "x.xlsx", b"PK nothing").await.expect(422);
    assert!(refused.text.contains("这不是能读的表格"));
    let refused = data.upload("/lists", &[("kind", "organizations"), ("text", "天气很好")], "", b"").await.expect(422);
    assert!(refused.text.contains("没有找到表头"));
    data.post(&format!("{empty}/drop"), &[("version", "1")]).await.expect(303);
    assert_eq!(test.everything("SELECT sheets FROM list").await.trim(), "[]");
}

#[tokio::test]
async fn a_file_of_some_megabytes_is_read_and_a_larger_one_is_refused_with_what_would_do() {
    let test = TestApp::start().await;
    people(&test).await;
    let data = test.signed_in("data1").await;
    let row = format!("青藤中心,社工机构,六合区长芦街道1号,{}\n", "陪".repeat(400));
    let list = ["机构名称,类型,地址,简介\n", &row.repeat(2_000)].concat();
    assert!(list.len() > 2 << 20);
    data.upload("/lists", &[("kind", "organizations")], "名单.csv", list.as_bytes()).await.expect(303);
    let refused = data.upload("/lists", &[("kind", "organizations")], "名单.csv", &vec![b'x'; 9 << 20]).await.expect(422);
    assert!(refused.text.contains("文件超过 8 MB"), "{}", refused.text);
    let long = ["机构名称,类型,地址\n", &"青藤中心,社工机构,六合区\n".repeat(6_000)].concat();
    let refused = data.upload("/lists", &[("kind", "organizations")], "名单.csv", long.as_bytes()).await.expect(422);
    assert!(refused.text.contains("一次最多 5000 行"), "{}", refused.text);
}

#[tokio::test]
async fn a_row_that_was_left_out_is_taken_up_again() {
    let test = TestApp::start().await;
    people(&test).await;
    let rows = "机构名称,类型,地址,电话\n青藤中心,社工机构,六合区长芦街道1号,025-1111111\n新芽中心,康复机构,六合区大厂街道2号,找王老师\n";
    let list = brought(&test, rows).await;
    let data = test.signed_in("data1").await;
    let left = [("version", "1"), ("row-0-2", "skip"), ("row-0-3", "skip"), ("do", "check")];
    data.post(&list, &left).await.expect(303);
    let shown = data.get(&list).await.expect(200).text;
    for name in ["row-0-2", "row-0-3"] {
        assert!(shown.contains(&format!("name=\"{name}\" value=\"back\"")), "{shown}");
    }
    let refused = data.post(&list, &[("version", "2"), ("do", "take")]).await.expect(422).text;
    assert!(refused.contains("没有能收的行"), "{refused}");
    // One comes in as it is, the other is to be mended like any other row.
    let refused = data.post(&list, &[("version", "3"), ("row-0-2", "back"), ("row-0-3", "back"), ("do", "take")]).await.expect(422).text;
    assert!(refused.contains("id=\"cell-0-3-3\"") && !refused.contains("value=\"back\""), "{refused}");
    data.post(&list, &[("version", "4"), ("cell-0-3-3", ""), ("do", "take")]).await.expect(303);
    assert_eq!(names(&test).await.matches("pending").count(), 2, "{}", names(&test).await);
}

#[tokio::test]
async fn a_service_of_a_list_that_looks_like_another_of_its_organization_is_decided_by_a_person() {
    let test = TestApp::start().await;
    people(&test).await;
    let data = test.signed_in("data1").await;
    let text = "服务名称,服务机构,服务类别\n“四点半”课堂,向阳花青少年社工服务中心,DEV-02\n法律咨询,向阳花青少年社工服务中心,DEV-02\n";
    let list = data.upload("/lists", &[("kind", "services"), ("text", text)], "", b"").await.expect(303).location.unwrap();
    let page = data.get(&list).await.expect(200).text;
    assert!(page.contains("这家机构已有同名服务：") && page.contains("四点半课堂</a>") && page.contains("是同一项，不再登记"), "{page}");
    data.post(&list, &[("version", "1"), ("do", "take")]).await.expect(422);
    data.post(&list, &[("version", "2"), ("row-0-2", "skip"), ("do", "take")]).await.expect(303);
    let services = test.everything("SELECT name FROM service ORDER BY name").await;
    assert!(services.contains("法律咨询") && services.lines().count() == 2, "{services}");
}

#[tokio::test]
async fn a_list_of_children_is_no_list_of_the_directory() {
    let test = TestApp::start().await;
    people(&test).await;
    let data = test.signed_in("data1").await;
    let text = "姓名\t身份证号\t居住地址\t联系电话\n某童\t\t六合区长芦街道1号\t025-57501234\n";
    for kind in ["organizations", "services"] {
        let refused = data.upload("/lists", &[("kind", kind), ("text", text), ("key", "list-key-2")], "", b"").await.expect(422).text;
        assert!(refused.contains("这像是儿童名单"), "{refused}");
    }
    let compared = [("department", "县民政局"), ("text", text), ("key", "list-key-3")];
    let refused = data.upload("/rosters", &compared, "", b"").await.expect(422).text;
    assert!(refused.contains("这像是儿童名单"), "{refused}");
    assert_eq!(test.everything("SELECT id FROM list").await, "", "nothing of it is kept");
    assert_eq!(test.everything("SELECT id FROM roster").await, "");
}
