//! Lists of departments compared with ours: by number, by name with a person deciding, who is missing on either side.

use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::referrals::TOWNSHIP;
use lianjie::access::{Role, Scope};

/// Our girl by her number, by her name, somebody unknown, and a row that does not read.
const LIST: &str = "姓名\t身份证号\t出生年月\t住址\n欧阳晓禾\t320000201503170024\t\t长芦街道\n欧阳晓禾\t\t2015-03\t长芦街道\n钱小满\t\t2017-09\t龙池街道某村\n孙小雨\t320000201503170025\t\t\n";

async fn compared(test: &TestApp, login: &str) -> String {
    let browser = test.signed_in(login).await;
    let body = json!({ "department": "县教育局", "list": LIST });
    browser.send("POST", "/api/v1/comparisons", &body).await.expect(201).json()["id"].as_str().unwrap().to_owned()
}

fn row(found: &Value, number: u64) -> Value {
    found["rows"].as_array().unwrap().iter().find(|row| row["number"] == number).unwrap().clone()
}

#[tokio::test]
async fn rows_are_found_by_number_then_by_name_and_month_and_bad_ones_are_named() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let id = compared(&test, "worker1").await;
    let worker = test.signed_in("worker1").await;
    let found = worker.get(&format!("/api/v1/comparisons/{id}")).await.expect(200).json();
    assert_eq!(found["comparison"]["unread"], json!([{ "number": 5, "reason": found["comparison"]["unread"][0]["reason"] }]));
    assert_eq!((row(&found, 2)["state"].as_str(), row(&found, 2)["case"].as_str()), (Some("matched"), Some(station.case.as_str())));
    assert_eq!((row(&found, 3)["state"].as_str(), row(&found, 4)["state"].as_str()), (Some("maybe"), Some("missing")));
    assert!(!test.everything("SELECT COALESCE(words, '') FROM comparison_row").await.contains("钱小满"), "sealed in the store");
    let page = worker.get(&format!("/comparisons/{id}")).await.expect(200);
    assert!(page.text.contains("行 5：") && page.text.contains("钱小满"), "{}", page.text);
    let log = test.everything("SELECT role || ' ' || action || ' ' || fields FROM audit_event").await;
    assert!(log.contains("worker comparison.made") && log.contains("worker comparison.viewed") && !log.contains("钱小满"));
}

#[tokio::test]
async fn a_person_decides_and_who_is_missing_becomes_a_lead_of_its_township() {
    let test = TestApp::start().await;
    test.station_with_case().await;
    let id = compared(&test, "worker1").await;
    let worker = test.signed_in("worker1").await;
    let rows = format!("/api/v1/comparisons/{id}/rows");
    let seen = row(&worker.get(&format!("/api/v1/comparisons/{id}")).await.json(), 3)["case"].clone();
    let unseen = worker.send("POST", &format!("{rows}/3"), &json!({ "settle": "same" })).await.expect(409);
    assert!(unseen.text.contains("别人"), "nobody decides upon a child that was not seen: {}", unseen.text);
    worker.send("POST", &format!("{rows}/3"), &json!({ "settle": "same", "case": seen })).await.expect(204);
    worker.send("POST", &format!("{rows}/3"), &json!({ "settle": "other", "case": seen })).await.expect(409);
    worker.send("POST", &format!("{rows}/2"), &json!({ "settle": "lead" })).await.expect(409);
    worker.post(&format!("/comparisons/{id}/rows/4"), &[("settle", "lead"), ("division", "")]).await.expect(303);
    let found = worker.get(&format!("/api/v1/comparisons/{id}")).await.json();
    assert_eq!((row(&found, 3)["state"].as_str(), row(&found, 4)["state"].as_str()), (Some("same"), Some("lead")));
    let lead = worker.get(&format!("/api/v1/leads/{}", row(&found, 4)["lead"].as_str().unwrap())).await.expect(200).json();
    assert_eq!(lead["lead"]["source"], "comparison");
    assert!(lead["child"].as_str().unwrap().contains("钱小满") && lead["words"] == "县教育局", "{lead}");
    assert!(lead["lead"]["division"].as_str().unwrap().starts_with("320116"));
}

#[tokio::test]
async fn ours_that_the_list_does_not_have_are_listed_and_others_see_no_names() {
    let test = TestApp::start().await;
    test.station_with_case().await;
    let worker = test.signed_in("worker1").await;
    let body = json!({ "department": "县教育局", "list": "钱小满,2017-09" });
    let id = worker.send("POST", "/api/v1/comparisons", &body).await.expect(201).json()["id"].as_str().unwrap().to_owned();
    let found = worker.get(&format!("/api/v1/comparisons/{id}")).await.json();
    assert_eq!((found["counts"]["ours_only"].as_u64(), found["counts"]["missing"].as_u64()), (Some(1), Some(1)));
    worker.send("POST", &format!("/api/v1/comparisons/{id}/rows/2"), &json!({ "settle": "lead" })).await.expect(204);
    let filed = worker.get(&format!("/api/v1/comparisons/{id}")).await.json();
    let lead = worker.get(&format!("/api/v1/leads/{}", row(&filed, 2)["lead"].as_str().unwrap())).await.expect(200).json();
    assert!(lead["child"].as_str().unwrap().starts_with('小') && !lead["child"].as_str().unwrap().contains("欧阳"), "by alias: {lead}");
    test.account("data1", None, Role::DataManager, Scope::Division("320116".parse().unwrap())).await;
    let data = test.signed_in("data1").await.get(&format!("/api/v1/comparisons/{id}")).await.expect(200);
    assert!(!data.text.contains("钱小满") && data.json()["counts"]["missing"] == 1, "counts, and no names");
    test.signed_in("data1").await.send("POST", &format!("/api/v1/comparisons/{id}/rows/1"), &json!({ "settle": "lead" })).await.expect(403);
    let elsewhere = test.station("城东站", "320106002").await;
    test.of_station("worker8", Role::Worker, &elsewhere).await;
    let other = test.signed_in("worker8").await;
    other.get(&format!("/comparisons/{id}")).await.expect(404);
    let id = compared(&test, "worker8").await;
    let found = other.get(&format!("/api/v1/comparisons/{id}")).await.json();
    assert_eq!(
        (row(&found, 2)["state"].as_str(), row(&found, 2)["case"].is_null()),
        (Some("elsewhere"), true),
        "that she is on file, not where"
    );
    test.provider("sun", "社工机构", TOWNSHIP, "EDU-04", None).await;
    test.signed_in("sun").await.get("/comparisons").await.expect(403);
    let refused = worker.send("POST", "/api/v1/comparisons", &json!({ "department": "", "list": LIST })).await.expect(422);
    assert!(refused.text.contains("department"));
}

#[tokio::test]
async fn of_several_children_of_a_name_the_one_of_the_place_comes_first_and_the_next_after_it() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let home: lianjie::id::OrganizationId = test.everything("SELECT station_id FROM \"case\"").await.trim().parse().unwrap();
    // The same name once more, without a number, in another township and month.
    let twin = test.case_of_number(&home, &station.worker, 7).await;
    let mut tx = test.app.begin().await.unwrap();
    for text in [
        "UPDATE child SET birth_month = '2015-09', blind_identity = NULL WHERE id = (SELECT child_id FROM \"case\" WHERE id = $1)",
        "UPDATE \"case\" SET division = '320116011' WHERE id = $1",
    ] {
        sqlx::query(text).bind(twin.as_str()).execute(&mut *tx).await.unwrap();
    }
    tx.commit(test.app.now()).await.unwrap();
    let worker = test.signed_in("worker1").await;
    let own = test.app.divisions.get().name(&"320116011".parse().unwrap());
    let list = format!("姓名\t出生年月\t住址\n欧阳晓禾\t2015-09\t{own}\n欧阳晓禾\t2014-09\t{own}\n");
    let body = json!({ "department": "县教育局", "list": list });
    let id = worker.send("POST", "/api/v1/comparisons", &body).await.expect(201).json()["id"].as_str().unwrap().to_owned();
    let read = async || worker.get(&format!("/api/v1/comparisons/{id}")).await.expect(200).json();
    let found = read().await;
    assert_eq!((row(&found, 2)["state"].as_str(), row(&found, 2)["case"].as_str()), (Some("maybe"), Some(twin.as_str())));
    assert_eq!(row(&found, 3)["state"], "missing", "another year is another child");
    let page = worker.get(&format!("/comparisons/{id}")).await.expect(200).text;
    assert!(page.contains("档案里：") && page.contains("2015-09"), "what tells the two apart stands beside it");
    let log = test.everything("SELECT action || ' ' || fields FROM audit_event WHERE object_type = 'case' ORDER BY id").await;
    assert!(log.contains("comparison.viewed") && log.contains("name"), "{log}");
    let rows = format!("/api/v1/comparisons/{id}/rows");
    assert_eq!(found["counts"]["ours_only"], Value::Null, "both may be in the list");
    let other = |case: &lianjie::id::CaseId| json!({ "settle": "other", "case": case.to_string() });
    worker.send("POST", &format!("{rows}/2"), &other(&twin)).await.expect(204);
    assert_eq!(row(&read().await, 2)["case"].as_str(), Some(station.case.as_str()), "the next it may be");
    worker.send("POST", &format!("{rows}/2"), &other(&twin)).await.expect(409);
    assert_eq!(read().await["counts"]["ours_only"], 1, "who it is not is missing in the list");
    worker.send("POST", &format!("{rows}/2"), &other(&station.case)).await.expect(204);
    let found = read().await;
    assert_eq!((row(&found, 2)["state"].as_str(), &row(&found, 2)["case"]), (Some("missing"), &Value::Null), "there is no further one");
    assert_eq!(found["counts"]["ours_only"], 2);
    worker.send("POST", &format!("{rows}/2"), &json!({ "settle": "nothing" })).await.expect(204);
    worker.send("POST", &format!("{rows}/2"), &json!({ "settle": "lead" })).await.expect(409);
    assert_eq!(read().await["counts"]["nothing"], 1);
}
