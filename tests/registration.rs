//! An organization registers by the filled list: its row and those of its services, mended in place, handed in as a whole.

use lianjie::access::{Role, Scope};

use crate::support::directory::Listing;
use crate::support::{Browser, PASSWORD, Page, TestApp};

const FORM: &str = "/organizations/new/list";

/// A filled list: the row of the organization, and those of its services.
fn filled(organization: [&str; 7], services: &[[&str; 4]]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let heads = ["机构名称*", "机构类型*", "所在区县*", "统一社会信用代码", "地址", "联系电话*", "机构简介*"];
    let sheet = book.add_worksheet().set_name("机构").unwrap();
    for (row, cells) in [(0, heads), (1, organization)] {
        for (column, text) in (0u16..).zip(cells) {
            sheet.write(row, column, text).unwrap();
        }
    }
    let sheet = book.add_worksheet().set_name("服务").unwrap();
    let heads = ["服务名称*", "服务类别*", "收费标准", "名额"];
    for (row, cells) in (0u32..).zip(std::iter::once(&heads).chain(services)) {
        for (column, text) in (0u16..).zip(cells) {
            sheet.write(row, column, *text).unwrap();
        }
    }
    book.add_worksheet().set_name("填写说明").unwrap().write(0, 0, "怎么填").unwrap();
    book.save_to_buffer().unwrap()
}

async fn people(test: &TestApp) {
    let county = || Scope::Division("320116".parse().unwrap());
    test.account("registrar1", None, Role::Registrar, county()).await;
    test.account("data1", None, Role::DataManager, Scope::All).await;
    test.account("worker1", None, Role::Worker, county()).await;
}

/// A visitor brings a list with the account `qingteng`.
async fn brought(test: &TestApp, key: &str, file: &[u8]) -> Page {
    let fields = [("contact", "测试·青藤"), ("login", "qingteng"), ("password", PASSWORD), ("key", key)];
    test.visitor().upload(FORM, &fields, "登记.xlsx", file).await
}

/// The page of the list that a log-in leads to.
fn list_of(page: &Page) -> String {
    let next = page.location.as_deref().unwrap().strip_prefix("/login?next=").unwrap_or_else(|| panic!("{page:?}"));
    next.replace("%2F", "/")
}

const QINGTENG: [&str; 7] =
    ["青藤社会工作服务中心", "社工机构", "六合区", "", "六合区长芦街道晨光路8号", "025-57501234", "周末陪孩子读书、运动。"];

async fn names(test: &TestApp) -> String {
    test.everything("SELECT name || ' ' || status FROM organization ORDER BY name").await
}

async fn take(browser: &Browser, list: &str, version: &str, more: &[(&str, &str)]) -> Page {
    browser.post(list, &[more, &[("version", version), ("do", "take")]].concat()).await
}

#[tokio::test]
async fn a_visitor_registers_an_organization_with_its_services_by_the_filled_list() {
    let test = TestApp::start().await;
    people(&test).await;
    let form = test.visitor().get(FORM).await.expect(200).text;
    assert!(form.contains("name=\"login\"") && form.contains("/organizations/new/list.xlsx") && !form.contains("on_behalf_of"), "{form}");
    let mut row = QINGTENG;
    (row[3], row[5]) = ("91350100M000100Y44", "找王老师");
    let file = filled(row, &[["周末陪伴", "DEV-02", "免费", "6"], ["放学接送", "EDU-13", "20元/次", ""]]);
    let page = brought(&test, "registration-key-1", &file).await.expect(303);
    let list = list_of(&page);
    assert_eq!(list_of(&brought(&test, "registration-key-1", &file).await.expect(303)), list, "the same form twice brings one list");
    assert!(names(&test).await.is_empty(), "nothing is in the directory before it is handed in");

    // It is of nobody but who brought it.
    for login in ["registrar1", "data1", "worker1"] {
        test.signed_in(login).await.get(&list).await.expect(404);
    }
    assert!(!test.signed_in("data1").await.get("/lists").await.expect(200).text.contains("登记.xlsx"));
    let provider = test.signed_in("qingteng").await;
    assert!(provider.get(FORM).await.expect(200).text.contains("登记.xlsx"), "what is not finished is found again");
    let shown = provider.get(&list).await.expect(200).text;
    for part in ["校验位不对", "这个电话读不懂", "周末陪伴", "id=\"cell-0-2-3\"", "id=\"cell-0-2-5\""] {
        assert!(shown.contains(part), "{part} is missing in {shown}");
    }
    assert!(!shown.contains("name=\"leave\""), "an organization registers as a whole");
    let refused = take(&provider, &list, "1", &[("leave", "1")]).await.expect(422).text;
    assert!(refused.contains("还有 1 行没改好"), "{refused}");

    let mended = [("cell-0-2-3", ""), ("cell-0-2-5", "025-5750 1234")];
    assert_eq!(take(&provider, &list, "2", &mended).await.expect(303).location.as_deref(), Some(list.as_str()));
    assert_eq!(names(&test).await.trim(), "青藤社会工作服务中心 pending");
    let services = test
        .everything(
            "SELECT s.name || ' ' || o.name || ' ' || l.address FROM service s JOIN organization o ON o.id = s.organization_id
             JOIN service_at_location t ON t.service_id = s.id JOIN location l ON l.id = t.location_id ORDER BY s.name",
        )
        .await;
    assert_eq!(services.lines().count(), 2, "{services}");
    assert!(services.contains("周末陪伴 青藤社会工作服务中心 六合区长芦街道晨光路8号"), "{services}");
    let log = test.everything("SELECT action FROM audit_event").await;
    for action in ["list.brought", "list.taken", "organization.registered", "account.granted"] {
        assert!(log.contains(action), "{action} is missing in {log}");
    }

    // Whoever registered it is one of its people from then on, and does not verify it.
    let id = test.everything("SELECT id FROM organization").await.trim().to_owned();
    assert_eq!(test.everything("SELECT organization_id FROM account WHERE login = 'qingteng'").await.trim(), id);
    let provider = test.signed_in("qingteng").await;
    provider.get(&format!("/organizations/{id}/edit")).await.expect(200);
    assert!(provider.get("/organizations/mine").await.expect(200).text.contains("周末陪伴"));
    provider.get(FORM).await.expect(403);
    let step = [("step", "verify"), ("version", "1"), ("back", "/verification")];
    provider.post(&format!("/organizations/{id}/steps"), &step).await.expect(403);
    let registrar = test.signed_in("registrar1").await;
    assert!(registrar.get("/verification").await.expect(200).text.contains("青藤社会工作服务中心"));
    registrar.post(&format!("/organizations/{id}/steps"), &step).await.expect(303);
    assert_eq!(names(&test).await.trim(), "青藤社会工作服务中心 verified");
}

#[tokio::test]
async fn one_that_looks_like_an_entry_is_told_and_a_person_decides_and_may_think_again() {
    let test = TestApp::start().await;
    people(&test).await;
    Listing::new(&test, "四点半课堂", &["DEV-02"], "320116010").put(&test).await;
    let mut row = QINGTENG;
    row[0] = "向阳花 青少年社工服务中心";
    let list = list_of(&brought(&test, "registration-key-2", &filled(row, &[])).await.expect(303));
    let provider = test.signed_in("qingteng").await;
    let shown = provider.get(&list).await.expect(200).text;
    assert!(shown.contains("可能已经登记过") && shown.contains("向阳花青少年社工服务中心"), "{shown}");
    let refused = take(&provider, &list, "1", &[]).await.expect(422).text;
    assert!(refused.contains("看上去已经登记过"), "{refused}");
    let refused = take(&provider, &list, "2", &[("row-0-2", "skip")]).await.expect(422).text;
    assert!(refused.contains("一份表格登记一家机构") && refused.contains("value=\"back\""), "{refused}");
    take(&provider, &list, "3", &[("row-0-2", "distinct")]).await.expect(303);
    assert_eq!(names(&test).await.matches("pending").count(), 1, "{}", names(&test).await);
}

#[tokio::test]
async fn what_the_form_asks_is_asked_of_a_list_too() {
    let test = TestApp::start().await;
    people(&test).await;
    let fields = |text: &'static str, services: &'static str| {
        [("contact", "测试·青藤"), ("login", "qingteng"), ("password", PASSWORD), ("text", text), ("services", services)]
    };
    let visitor = test.visitor();
    let text = "机构名称\t机构类型\t所在区县\t网址\n青藤社会工作服务中心\t社工机构\t六合区\twww.qingteng.example\n";
    let services = "服务名称\t服务机构\t服务类别\n周末陪伴\t别的机构\tDEV-02\n放学接送\t\tEDU-13\n";
    for (login, password) in [("", PASSWORD), ("qingteng", "短")] {
        let refused = [("contact", "测试"), ("login", login), ("password", password), ("text", text)];
        let page = visitor.upload(FORM, &refused, "", b"").await.expect(422).text;
        assert!(page.contains("青藤社会工作服务中心") && !page.contains(PASSWORD), "{page}");
    }
    assert!(test.everything("SELECT id FROM list").await.is_empty());
    let list = list_of(&visitor.upload(FORM, &fields(text, services), "", b"").await.expect(303));
    let provider = test.signed_in("qingteng").await;
    let shown = provider.get(&list).await.expect(200).text;
    // Website, phone and description of the organization, in the columns that were added for what is missing.
    for column in [3, 5, 6] {
        assert!(shown.contains(&format!("aria-describedby=\"cell-0-2-{column}-error\"")), "{column} is taken in {shown}");
    }
    let mended =
        [("cell-0-2-3", ""), ("cell-0-2-5", "025-57501234"), ("cell-0-2-6", "周末陪孩子读书。"), ("version", "1"), ("do", "check")];
    provider.post(&list, &mended).await.expect(303);
    let shown = provider.get(&list).await.expect(200).text;
    assert!(shown.contains("服务只能是它的") && shown.contains("请先写上机构地址"), "{shown}");
    let row = test.everything("SELECT sheets FROM list").await;
    assert!(row.contains("\"kind\":\"services\"") && row.contains("025-57501234"), "{row}");
    // With an address services have a place, and with the cell cleared they are of this organization.
    take(&provider, &list, "2", &[("cell-0-2-4", "六合区长芦街道1号"), ("cell-1-2-1", "")]).await.expect(303);
    assert_eq!(test.everything("SELECT name FROM service").await.lines().count(), 2);
}

#[tokio::test]
async fn who_registers_by_a_list_is_who_registers_by_the_form() {
    let test = TestApp::start().await;
    people(&test).await;
    let own = Listing::new(&test, "四点半课堂", &["DEV-02"], "320116010").put(&test).await.organization.id;
    test.account("provider1", Some(&own), Role::Provider, Scope::Organization(own.clone())).await;
    let text =
        "机构名称,机构类型,所在区县,地址,联系电话,机构简介\n青藤社会工作服务中心,社工机构,六合区,六合区长芦街道1号,025-57501234,陪伴\n";
    for login in ["provider1", "data1"] {
        let person = test.signed_in(login).await;
        person.get(FORM).await.expect(403);
        assert_eq!(person.upload(FORM, &[("text", text)], "", b"").await.status, 403, "{login}");
    }
    let worker = test.signed_in("worker1").await;
    assert!(worker.get(FORM).await.expect(200).text.contains("name=\"on_behalf_of\""));
    worker.upload(FORM, &[("text", text)], "", b"").await.expect(422);
    let made = worker.upload(FORM, &[("text", text), ("on_behalf_of", "王主任，电话告知")], "", b"").await.expect(303);
    let list = made.location.unwrap();
    take(&worker, &list, "1", &[]).await.expect(303);
    let log = test.everything("SELECT COALESCE(purpose, '') FROM audit_event WHERE action = 'organization.registered'").await;
    assert_eq!(log.trim(), "on behalf of 王主任，电话告知");
    let roles = test.everything("SELECT role FROM role_grant g JOIN account a ON a.id = g.account_id WHERE a.login = 'worker1'").await;
    assert_eq!(roles.trim(), "worker", "who writes on its behalf is none of its people");
    // A registrar registers where it may write, and nowhere else.
    let registrar = test.signed_in("registrar1").await;
    let elsewhere = text.replace("六合区,六合区长芦街道1号", "玄武区,玄武区1号").replace("青藤", "新芽");
    let list = registrar.upload(FORM, &[("text", elsewhere.as_str())], "", b"").await.expect(303).location.unwrap();
    assert!(registrar.get(&list).await.expect(200).text.contains("它不在您负责的区域或机构里"));
    take(&registrar, &list, "1", &[]).await.expect(422);
}

#[tokio::test]
async fn a_registration_is_taken_back_within_a_day_and_the_empty_list_leads_back_to_the_page() {
    let test = TestApp::start().await;
    people(&test).await;
    let visitor = test.visitor();
    let template = visitor.file("/organizations/new/list.xlsx").await;
    assert!(template.starts_with(b"PK"));
    let empty = list_of(&brought(&test, "registration-key-3", &template).await.expect(303));
    let provider = test.signed_in("qingteng").await;
    let refused = take(&provider, &empty, "1", &[]).await.expect(422).text;
    assert!(refused.contains("一份表格登记一家机构"), "{refused}");
    let dropped = provider.post(&format!("{empty}/drop"), &[("version", "2")]).await.expect(303);
    assert_eq!(dropped.location.as_deref(), Some(FORM));

    let file = filled(QINGTENG, &[["周末陪伴", "DEV-02", "免费", "6"]]);
    let list = provider.upload(FORM, &[("key", "registration-key-4")], "登记.xlsx", &file).await.expect(303).location.unwrap();
    take(&provider, &list, "1", &[]).await.expect(303);
    provider.post(&format!("{list}/undo"), &[("version", "3")]).await.expect(303);
    assert_eq!(names(&test).await.trim(), "青藤社会工作服务中心 closed");
    assert_eq!(test.everything("SELECT status FROM service").await.trim(), "defunct");
}
