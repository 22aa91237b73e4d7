//! A department's list of organizations against the directory: in both, likely the same, missing on either side.

use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::browser::Browser;
use crate::support::directory::Listing;
use lianjie::access::{Role, Scope};
use lianjie_index::entry::Level;

const CODE: &str = "91350100M000100Y43";

/// One of the same code under another name, one much the same, one of the same name and no more, one that is not entered and has a
/// code that cannot be, one whose name is a formula, a note.
const LIST: &str = "六合区社会组织名册\n机构名称\t类型\t统一社会信用代码\t地址\t联系电话\t联系人\n\
                    绿藤儿童关爱中心\t社工机构\t91350100M000100Y43\t\t\t王小二\n\
                    青苗社工服务中心\t社工机构\t\t六合区长芦街道芦花路12号\t025-57501111\t\n\
                    向阳花青少年社工服务中心\t社工机构\t\t\t\t\n\
                    春泥志愿服务队\t社工机构\t91350100M000100Y44\t六合区大厂街道4号\t025-57503333\t\n\
                    =HYPERLINK(\"http://x\")\t社工机构\t\t\t\t\n\
                    注：各街道填写\n";

fn county(code: &str) -> Scope {
    Scope::Division(code.parse().unwrap())
}

/// An organization with a service, found by name, code, address and phone.
async fn entered(test: &TestApp, name: &str, code: Option<&str>, address: &str, phone: &str) -> Listing {
    let listing = Listing::new(test, &format!("{name}的服务"), &["DEV-02"], "320116010").with(|new| {
        new.organization.name = name.into();
        new.organization.code_uscc = code.map(str::to_owned);
        new.organization.address = address.into();
        new.organization.phones = vec![phone.into()];
    });
    listing.put(test).await
}

/// The entries: three that the list has, one that it lacks.
struct World {
    matched: Listing,
    alike: Listing,
    maybe: Listing,
    lacking: Listing,
}

async fn world(test: &TestApp) -> World {
    test.account("data1", None, Role::DataManager, county("320116")).await;
    test.account("registrar1", None, Role::Registrar, county("320116")).await;
    World {
        matched: entered(test, "青藤社会工作服务中心", Some(CODE), "六合区长芦街道1号", "025-57504444").await,
        alike: entered(test, "南京市六合区青苗社会工作服务中心", None, "六合区长芦街道芦花路12号", "025-57501111").await,
        maybe: entered(test, "向阳花青少年社工服务中心", None, "六合区长芦街道学府路7号", "025-57502222").await,
        lacking: entered(test, "新芽康复中心", None, "六合区大厂街道8号", "025-57505555").await,
    }
}

async fn compared(browser: &Browser, list: &str) -> String {
    let body = json!({ "department": "六合区民政局", "list": list });
    browser.send("POST", "/api/v1/rosters", &body).await.expect(201).json()["id"].as_str().unwrap().to_owned()
}

async fn part(browser: &Browser, id: &str, part: &str) -> Value {
    browser.get(&format!("/api/v1/rosters/{id}?part={part}")).await.expect(200).json()
}

fn row(found: &Value, number: u64) -> Value {
    found["rows"].as_array().unwrap().iter().find(|row| row["number"] == number).unwrap().clone()
}

fn is(row: &Value, listing: &Listing) -> bool {
    row["organization"]["id"] == listing.organization.id.as_str()
}

#[tokio::test]
async fn rows_are_found_by_code_then_all_in_all_and_who_is_missing_is_told_on_either_side() {
    let test = TestApp::start().await;
    let world = world(&test).await;
    let elsewhere = Listing::new(&test, "鼓楼的服务", &["DEV-02"], "320106002").with(|new| new.organization.name = "鼓楼童行社".into());
    elsewhere.put(&test).await;
    let refuge = Listing::new(&test, "庇护", &["EMG-03"], "320116010").with(|new| {
        new.organization.name = "静安庇护所".into();
        new.organization.confidentiality = Level::Restricted;
    });
    refuge.put(&test).await;
    let data = test.signed_in("data1").await;
    let id = compared(&data, LIST).await;
    let both = part(&data, &id, "both").await;
    assert_eq!(both["counts"], json!({ "matched": 1, "alike": 1, "maybe": 1, "theirs": 2, "ours": 1 }), "{both}");
    assert!(row(&both, 1)["state"] == "matched" && is(&row(&both, 1), &world.matched), "by its code, whatever its name: {both}");
    let second = row(&both, 2);
    assert!(second["state"] == "alike" && is(&second, &world.alike) && second["score"].as_f64().unwrap() >= 0.95, "{second}");
    let points = second["points"].as_array().unwrap();
    assert!(points.iter().any(|point| point["comparison"] == "phone" && point["points"].as_i64().unwrap() > 0), "{second}");
    let maybe = row(&part(&data, &id, "maybe").await, 3);
    assert!(is(&maybe, &world.maybe) && maybe["points"].as_array().unwrap().len() > 2, "{maybe}");
    let theirs = part(&data, &id, "theirs").await;
    assert_eq!(row(&theirs, 4)["given"]["name"], "春泥志愿服务队");
    let refused = &theirs["roster"]["refused"][0];
    assert!(refused["row"] == 6 && refused["value"] == "91350100M000100Y44" && refused["remedy"].as_str().unwrap().contains("校验位"));
    let ours = part(&data, &id, "ours").await;
    assert!(is(&row(&ours, 6), &world.lacking) && ours["meta"]["total"] == 1, "no refuge, and none of another county: {ours}");

    let page = data.get(&format!("/rosters/{id}")).await.expect(200).text;
    assert!(page.contains("很像，要看一看") && page.contains("是同一家") && page.contains("名称主干"), "{page}");
    test.signed_in("data1").await.speaking("en").get(&format!("/rosters/{id}?part=ours")).await.expect(200);
    assert!(!test.everything("SELECT given FROM roster_row").await.contains("王小二"), "names of persons are not kept");
    let log = test.everything("SELECT role || ' ' || action || ' ' || fields FROM audit_event").await;
    assert!(log.contains("data_manager roster.compared") && log.contains("ours=1"), "{log}");
}

#[tokio::test]
async fn of_a_refuge_and_of_a_draft_is_told_that_there_is_one_and_nothing_else() {
    let test = TestApp::start().await;
    world(&test).await;
    for (name, address, code) in [("庇护甲", "六合区静水路9号", "91350100M000100Y43"), ("草稿乙", "六合区新开路5号", "91110000802100433B")]
    {
        let listing = Listing::new(&test, "服务", &["EMG-03"], "320116010").with(|new| {
            new.organization.name = name.into();
            new.organization.address = address.into();
            new.organization.code_uscc = Some(code.into());
            if name == "庇护甲" {
                new.organization.confidentiality = Level::Restricted;
            } else {
                new.organization.status = lianjie::organization::model::Status::Draft;
            }
        });
        listing.put(&test).await;
    }
    let data = test.signed_in("data1").await;
    let list = "机构名称,统一社会信用代码\n某处一,91350100M000100Y43\n某处二,91110000802100433B\n";
    let mut tx = test.app.begin().await.unwrap();
    sqlx::query("UPDATE organization SET code_uscc = NULL WHERE name = '青藤社会工作服务中心'").execute(&mut *tx).await.unwrap();
    tx.commit(test.app.now()).await.unwrap();
    let id = compared(&data, list).await;
    let found = part(&data, &id, "both").await;
    assert_eq!(found["counts"]["matched"], 2, "{found}");
    let page = data.get(&format!("/rosters/{id}?part=both")).await.expect(200).text;
    assert_eq!(page.matches("一家不公开的机构").count(), 2, "{page}");
    let file = data.file(&format!("/rosters/{id}/file.xlsx")).await;
    let sheets = format!("{:?}", lianjie::grid::read("x.xlsx", &file).unwrap());
    for hidden in ["静水路", "新开路", "庇护甲", "草稿乙"] {
        assert!(!page.contains(hidden) && !found.to_string().contains(hidden) && !sheets.contains(hidden), "{hidden}");
    }
}

#[tokio::test]
async fn a_person_decides_what_is_alike_and_is_not_asked_again() {
    let test = TestApp::start().await;
    let world = world(&test).await;
    let data = test.signed_in("data1").await;
    let id = compared(&data, LIST).await;
    let rows = format!("/api/v1/rosters/{id}/rows");
    let said = |settle: &str, listing: &Listing| json!({ "settle": settle, "organization": listing.organization.id.as_str() });
    data.send("POST", &format!("{rows}/3"), &json!({ "settle": "same" })).await.expect(409);
    data.send("POST", &format!("{rows}/3"), &said("same", &world.alike)).await.expect(409);
    data.send("POST", &format!("{rows}/1"), &said("other", &world.matched)).await.expect(409);
    data.send("POST", &format!("{rows}/3"), &said("same", &world.maybe)).await.expect(200);
    assert_eq!(row(&part(&data, &id, "both").await, 3)["state"], "same");
    data.send("POST", &format!("{rows}/2"), &said("other", &world.alike)).await.expect(200);
    assert_eq!(row(&part(&data, &id, "theirs").await, 2)["state"], "theirs");
    let ours = part(&data, &id, "ours").await;
    assert!(ours["rows"].as_array().unwrap().iter().any(|row| is(row, &world.alike)), "what a row is not is missing in the list: {ours}");

    // The same list a second time, by somebody else: nothing is left to decide.
    let registrar = test.signed_in("registrar1").await;
    let again = compared(&registrar, LIST).await;
    let found = part(&registrar, &again, "both").await;
    assert_eq!(found["counts"], json!({ "matched": 1, "same": 1, "theirs": 3, "ours": 2 }), "{found}");
    registrar.send("POST", &format!("/api/v1/rosters/{again}/rows/3"), &said("other", &world.maybe)).await.expect(200);
    let third = compared(&registrar, LIST).await;
    assert_eq!(part(&registrar, &third, "both").await["counts"], json!({ "matched": 1, "theirs": 4, "ours": 3 }), "the last word counts");
    let log = test.everything("SELECT action || ' ' || fields FROM audit_event WHERE action LIKE 'roster.%'").await;
    assert!(log.contains("roster.settled [\"same\"]") && log.contains("roster.settled [\"other\"]"), "{log}");
}

#[tokio::test]
async fn what_the_list_lacks_is_in_the_queue_until_somebody_says_that_it_exists() {
    let test = TestApp::start().await;
    let world = world(&test).await;
    let registrar = test.signed_in("registrar1").await;
    let id = compared(&registrar, LIST).await;
    let service = world.lacking.service.id.to_string();
    let queue = async |kind: &str| test.signed_in("registrar1").await.get(&format!("/freshness?kind={kind}")).await.expect(200).text;
    assert!(!queue("doubts").await.contains(&service));
    registrar.post(&format!("/rosters/{id}/rows/6"), &[("settle", "ask"), ("part", "ours")]).await.expect(303);
    let doubts = queue("doubts").await;
    assert!(doubts.contains(&service) && doubts.contains("名册里没有：六合区民政局"), "{doubts}");
    assert!(!doubts.contains(world.matched.service.id.as_str()) && !queue("facts").await.contains(&service), "it was confirmed of late");
    registrar.send("POST", &format!("/api/v1/rosters/{id}/rows/6"), &json!({ "settle": "ask" })).await.expect(409);
    registrar.post(&format!("/services/{service}/unreached"), &[("back", "/freshness?kind=doubts")]).await.expect(303);
    assert!(queue("doubts").await.contains(&service), "that nobody was reached says nothing");
    registrar.send("POST", &format!("/api/v1/services/{service}/confirmations"), &json!({ "method": "phone" })).await.expect(204);
    assert!(!queue("doubts").await.contains(&service), "somebody said that it exists");
    let log = test.everything("SELECT action || ' ' || object_type FROM audit_event").await;
    assert!(log.contains("organization.doubted organization"), "{log}");
}

#[tokio::test]
async fn all_that_the_list_lacks_is_asked_at_once_but_what_nothing_is_listed_of() {
    let test = TestApp::start().await;
    let world = world(&test).await;
    let bare = Listing::new(&test, "停了的服务", &["DEV-02"], "320116010").with(|new| {
        new.organization.name = "旧时光社区基金会".into();
        new.organization.phones = vec!["025-57506666".into()];
        new.organization.address = "六合区雄州街道3号".into();
        new.service.status = lianjie::service::model::Status::Inactive;
    });
    let bare = bare.put(&test).await;
    let data = test.signed_in("data1").await;
    let id = compared(&data, LIST).await;
    let ours = part(&data, &id, "ours").await;
    let number = ours["rows"].as_array().unwrap().iter().find(|row| is(row, &bare)).unwrap()["number"].clone();
    let refused = data.send("POST", &format!("/api/v1/rosters/{id}/rows/{number}"), &json!({ "settle": "ask" })).await.expect(409);
    assert!(refused.text.contains("没有在册的服务"), "{}", refused.text);
    data.send("POST", &format!("/api/v1/rosters/{id}"), &json!({ "settle": "same" })).await.expect(422);
    let done = data.send("POST", &format!("/api/v1/rosters/{id}"), &json!({ "settle": "ask" })).await.expect(200).json();
    assert_eq!(done, json!({ "list": null, "rows": 1 }));
    assert!(test.everything("SELECT organization_id FROM doubt").await.contains(world.lacking.organization.id.as_str()));
    data.send("POST", &format!("/api/v1/rosters/{id}"), &json!({ "settle": "ask" })).await.expect(409);
    data.send("POST", &format!("/api/v1/rosters/{id}/rows/{number}"), &json!({ "settle": "nothing" })).await.expect(200);
    assert_eq!(part(&data, &id, "ours").await["counts"]["nothing"], 1);
}

#[tokio::test]
async fn who_is_only_in_theirs_goes_into_an_import_where_cells_are_mended() {
    let test = TestApp::start().await;
    world(&test).await;
    let data = test.signed_in("data1").await;
    let id = compared(&data, LIST).await;
    let made = data.send("POST", &format!("/api/v1/rosters/{id}/rows/4"), &json!({ "settle": "list" })).await.expect(200).json();
    let list = format!("/lists/{}", made["list"].as_str().unwrap());
    let page = data.get(&list).await.expect(200).text;
    assert!(page.contains("春泥志愿服务队") && page.contains("value=\"91350100M000100Y44\"") && page.contains("校验位不对"), "{page}");
    assert_eq!(row(&part(&data, &id, "theirs").await, 4)["state"], "listed");
    data.send("POST", &format!("/api/v1/rosters/{id}/rows/4"), &json!({ "settle": "list" })).await.expect(409);
    let rest = data.post(&format!("/rosters/{id}"), &[("settle", "list")]).await.expect(303).location.unwrap();
    assert!(rest.starts_with("/lists/") && rest != list, "{rest}");
    assert!(data.get(&rest).await.expect(200).text.contains("HYPERLINK"));
    assert_eq!(part(&data, &id, "theirs").await["counts"]["listed"], 2);
}

#[tokio::test]
async fn a_list_of_some_kinds_lacks_only_those_and_a_file_brings_one_list_however_often_it_is_sent() {
    let test = TestApp::start().await;
    let world = world(&test).await;
    let mut tx = test.app.begin().await.unwrap();
    sqlx::query("UPDATE organization SET kind = '康复机构' WHERE id = $1")
        .bind(world.lacking.organization.id.as_str())
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit(test.app.now()).await.unwrap();
    let data = test.signed_in("data1").await;
    let form = |kind: &'static str| {
        [
            ("department", "六合区民政局"),
            ("division", "320116"),
            ("kinds", kind),
            ("text", ""),
            ("key", if kind == "学校" { "roster-key-1" } else { "roster-key-2" }),
        ]
    };
    let bring = async |kind: &'static str| {
        let page = data.upload("/rosters", &form(kind), "名册.csv", "机构名称,地址\n春泥志愿服务队,六合区大厂街道4号\n".as_bytes()).await;
        page.expect(303).location.unwrap()
    };
    let schools = bring("学校").await;
    assert_eq!(bring("学校").await, schools, "the same form twice brings one list");
    let of = async |page: &str| part(&data, page.trim_start_matches("/rosters/"), "ours").await["meta"]["total"].clone();
    assert_eq!((of(&schools).await, of(&bring("康复机构").await).await), (json!(0), json!(1)));
    let refused = data.send("POST", "/api/v1/rosters", &json!({ "department": "", "kinds": ["没有"], "list": LIST })).await.expect(422);
    assert!(refused.text.contains("department") && refused.text.contains("kinds"), "{}", refused.text);
    data.send("POST", "/api/v1/rosters", &json!({ "department": "局", "list": "随便写的" })).await.expect(422);
}

#[tokio::test]
async fn what_was_found_is_taken_away_as_a_file_without_formulas() {
    let test = TestApp::start().await;
    world(&test).await;
    let data = test.signed_in("data1").await;
    let id = compared(&data, LIST).await;
    let file = data.file(&format!("/rosters/{id}/file.xlsx")).await;
    let sheets = lianjie::grid::read("x.xlsx", &file).unwrap();
    let texts = |name: &str| {
        let sheet = sheets.iter().find(|sheet| sheet.name == name).unwrap_or_else(|| panic!("no sheet {name}"));
        sheet.rows.iter().flat_map(|(_, row)| row.iter().map(|cell| cell.text.clone())).collect::<Vec<_>>()
    };
    assert!(texts("只有名册里有").contains(&"'=HYPERLINK(\"http://x\")".to_owned()), "{:?}", texts("只有名册里有"));
    assert!(texts("只有名录里有").contains(&"新芽康复中心".to_owned()));
    assert!(texts("两边都有").contains(&"绿藤儿童关爱中心".to_owned()) && texts("两边都有").contains(&"青藤社会工作服务中心".to_owned()));
    let log = test.everything("SELECT action FROM audit_event").await;
    assert!(log.contains("roster.downloaded"), "{log}");
}

#[tokio::test]
async fn a_list_is_its_own_countys_and_those_of_others_are_refused() {
    let test = TestApp::start().await;
    let world = world(&test).await;
    test.account("registrar2", None, Role::Registrar, county("320106")).await;
    test.account("city1", None, Role::Registrar, county("3201")).await;
    let own = world.maybe.organization.id.clone();
    test.account("provider1", Some(&own), Role::Provider, Scope::Organization(own.clone())).await;
    let id = compared(&test.signed_in("registrar1").await, LIST).await;
    let other = test.signed_in("registrar2").await;
    for path in [format!("/rosters/{id}"), format!("/api/v1/rosters/{id}"), format!("/rosters/{id}/file.xlsx")] {
        other.get(&path).await.expect(403);
    }
    other.send("POST", &format!("/api/v1/rosters/{id}/rows/6"), &json!({ "settle": "ask" })).await.expect(403);
    other.send("POST", &format!("/api/v1/rosters/{id}"), &json!({ "settle": "list" })).await.expect(403);
    assert!(!other.get("/rosters").await.expect(200).text.contains(&id));
    let body = json!({ "department": "局", "division": "320116", "list": LIST });
    other.send("POST", "/api/v1/rosters", &body).await.expect(403);
    assert_eq!(test.everything("SELECT COUNT(*) || '' FROM doubt").await.trim(), "0");
    test.signed_in("city1").await.get(&format!("/rosters/{id}")).await.expect(200);
    let provider = test.signed_in("provider1").await;
    provider.get("/rosters").await.expect(403);
    provider.get(&format!("/rosters/{id}")).await.expect(403);
    provider.send("POST", "/api/v1/rosters", &body).await.expect(403);
    test.visitor().get("/rosters").await.expect(303);
}
