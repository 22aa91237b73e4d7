//! Opening, reading, showing and changing cases, over HTTP.

use lianjie::access::Role;
use lianjie::id::OrganizationId;
use serde_json::json;

use crate::support::cases::{PLANTED, body, open_case, open_json, send_form};
use crate::support::{Browser, TestApp};

/// The village of the planted case.
pub const VILLAGE: &str = "320116012201";

/// A station with a worker signed in.
pub async fn station_with_worker(test: &TestApp) -> (OrganizationId, Browser) {
    let station = test.station("长芦未保工作站", "320116012").await;
    test.of_station("worker1", Role::Worker, &station).await;
    let worker = test.signed_in("worker1").await;
    (station, worker)
}

/// Asserts that no planted text stands there.
#[track_caller]
pub fn names_nobody(text: &str, place: &str) {
    for planted in PLANTED {
        assert!(!text.contains(planted), "{planted} stands in {place}:\n{text}");
    }
}

#[tokio::test]
async fn a_worker_opens_a_case_in_two_steps() {
    let test = TestApp::start().await;
    let (_, worker) = station_with_worker(&test).await;
    let form = worker.get("/cases/new").await.expect(200);
    assert!(form.text.contains("生殖器官或隐私部位") && form.text.contains("长芦街道"), "{}", form.text);

    let confirm = send_form(&worker, "key-one-0001", &[("words", "放学没人接，最近厌学")]).await.expect(200);
    assert!(confirm.text.contains("“厌学”") && confirm.text.contains("“放学没人接”"), "needs come with their words\n{}", confirm.text);
    assert!(confirm.text.contains("事实无人抚养儿童、贫困家庭儿童"), "categories are computed\n{}", confirm.text);

    let id = open_case(&worker, "key-one-0001", &[("words", "放学没人接，最近厌学"), ("read", "PSY-05"), ("terms", "EDU-04")]).await;
    let page = worker.get(&format!("/cases/{id}")).await.expect(200);
    assert!(page.text.contains("小禾") && page.text.contains("9–11 岁") && page.text.contains("长芦街道"), "{}", page.text);
    names_nobody(&page.text, "the page of the case");
}

#[tokio::test]
async fn a_form_sent_twice_opens_one_case() {
    let test = TestApp::start().await;
    let (_, worker) = station_with_worker(&test).await;
    let first = open_case(&worker, "key-twice-01", &[]).await;
    let again = open_case(&worker, "key-twice-01", &[]).await;
    assert_eq!(first, again);
    assert_eq!(worker.get("/api/v1/cases").await.json()["meta"]["total"], 1);

    let sent =
        worker.send_with("POST", "/api/v1/cases", &body("小川", VILLAGE), &[("idempotency-key", "json-key-0001")]).await.expect(201).json();
    let again =
        worker.send_with("POST", "/api/v1/cases", &body("小川", VILLAGE), &[("idempotency-key", "json-key-0001")]).await.expect(201).json();
    assert_eq!(sent["case"]["id"], again["case"]["id"]);
}

#[tokio::test]
async fn a_refused_form_is_given_back_as_typed_with_every_fault() {
    let test = TestApp::start().await;
    let (_, worker) = station_with_worker(&test).await;
    let wrong =
        [("identity_number", "320000201503170025"), ("alias", "小欧"), ("division", ""), ("limit_minutes", "很久"), ("hukou", "999999")];
    let page = send_form(&worker, "key-wrong-01", &wrong).await.expect(422);
    for said in ["校验位不对", "请选孩子现在住的街道", "1 到 600", "没有这个地方"] {
        assert!(page.text.contains(said), "{said} is not said\n{}", page.text);
    }
    assert!(page.text.contains("value=\"很久\"") && page.text.contains(PLANTED[2]), "what was typed comes back");
    let alias = send_form(&worker, "key-wrong-02", &[("alias", "小欧")]).await.expect(422);
    assert!(alias.text.contains("化名里有真名的字"), "{}", alias.text);
    assert_eq!(worker.get("/api/v1/cases").await.json()["meta"]["total"], 0);
}

#[tokio::test]
async fn overridden_categories_need_a_reason_and_keep_it() {
    let test = TestApp::start().await;
    let (_, worker) = station_with_worker(&test).await;
    let page = send_form(&worker, "key-over-001", &[("categories", "LEFT"), ("step", "open")]).await.expect(422);
    assert!(page.text.contains("按监护人和情况得出"), "the second step comes back\n{}", page.text);
    let id = open_case(&worker, "key-over-002", &[("categories", "LEFT"), ("categories_reason", "街道认定")]).await;
    let case = worker.get(&format!("/api/v1/cases/{id}")).await.expect(200).json();
    assert_eq!(case["case"]["status"]["categories"], json!(["LEFT"]));
    assert_eq!(case["case"]["status"]["categories_reason"], "街道认定");
}

#[tokio::test]
async fn a_number_finds_the_open_case_and_says_whose_only_to_its_own() {
    let test = TestApp::start().await;
    let (_, worker) = station_with_worker(&test).await;
    let id = open_case(&worker, "key-dup-0001", &[]).await;
    let number = worker.get(&format!("/api/v1/cases/{id}")).await.json()["case"]["number"].as_str().unwrap().to_owned();
    let own = send_form(&worker, "key-dup-0002", &[("alias", "小川")]).await.expect(422);
    assert!(own.text.contains(&number), "one's own is named\n{}", own.text);

    let other = test.station("城东未保工作站", "320106002").await;
    test.of_station("worker2", Role::Worker, &other).await;
    let foreign =
        send_form(&test.signed_in("worker2").await, "key-dup-0003", &[("division", "320106002"), ("village", "")]).await.expect(422);
    assert!(
        foreign.text.contains("在别处已经有在办档案") && !foreign.text.contains(&number) && !foreign.text.contains("长芦"),
        "{}",
        foreign.text
    );
}

#[tokio::test]
async fn identity_is_shown_for_a_purpose_and_the_log_has_it() {
    let test = TestApp::start().await;
    let (_, worker) = station_with_worker(&test).await;
    let id = open_case(&worker, "key-ident-01", &[]).await;
    let path = format!("/cases/{id}/identity");
    let asked = worker.get(&path).await.expect(200);
    names_nobody(&asked.text, "the form that asks for the purpose");
    worker.post(&path, &[("items", "name")]).await.expect(422);
    worker.post(&path, &[("purpose", "visit")]).await.expect(422);
    assert!(!test.dump("SELECT action FROM audit_event").await.contains("case.identified"), "nothing was shown yet");

    let shown = worker.post(&path, &[("purpose", "visit"), ("items", "name"), ("items", "address")]).await.expect(200);
    assert!(shown.text.contains(PLANTED[0]) && shown.text.contains(PLANTED[2]));
    for unasked in [PLANTED[1], PLANTED[3], PLANTED[4], PLANTED[5], PLANTED[6]] {
        assert!(!shown.text.contains(unasked), "{unasked} was not asked for");
    }
    let events = test.dump("SELECT action || ' ' || fields || ' ' || COALESCE(purpose, '') FROM audit_event").await;
    assert!(events.contains("case.identified [\"name\",\"address\"] visit"), "{events}");

    let whole = json!({"purpose": "report", "items": ["name", "number", "contact", "guardians", "narrative"]});
    let answer = worker.send("POST", &format!("/api/v1/cases/{id}/identity"), &whole).await.expect(200).json();
    assert_eq!(answer["identity"]["identity_number"], PLANTED[1]);
    assert_eq!(answer["identity"]["narrative"], PLANTED[6]);
    assert_eq!(answer["identity"]["guardians"][0]["state"], "imprisoned");
    assert_eq!(answer["identity"]["diagnoses"]["adhd"], true);
    assert_eq!(answer["identity"]["address"], json!(null));
}

#[tokio::test]
async fn the_form_that_changes_a_case_shows_why_a_parent_is_away_and_the_log_has_it() {
    let test = TestApp::start().await;
    let (_, worker) = station_with_worker(&test).await;
    let id = open_case(&worker, "key-begin-01", &[]).await;
    assert!(!worker.get(&format!("/cases/{id}")).await.expect(200).text.contains("服刑"), "the page of the case does not say why");
    let form = worker.get(&format!("/cases/{id}/edit")).await.expect(200);
    assert!(form.text.contains("<option value=\"imprisoned\" selected>"), "{}", form.text);
    names_nobody(&form.text, "the form");
    let events = test.dump("SELECT action || ' ' || fields || ' ' || COALESCE(purpose, '') FROM audit_event").await;
    assert!(events.contains("case.identified [\"guardians\"] correction"), "{events}");
}

#[tokio::test]
async fn what_names_a_child_stands_nowhere_it_was_not_asked_for() {
    let test = TestApp::start().await;
    let (station, worker) = station_with_worker(&test).await;
    test.of_station("head1", Role::Supervisor, &station).await;
    let id =
        open_case(&worker, "key-plant-01", &[("situations", "6"), ("words", PLANTED[6]), ("read", "VIC-02"), ("terms", "VIC-02")]).await;
    let need = worker.get(&format!("/api/v1/cases/{id}")).await.json()["case"]["needs"][0]["id"].as_str().unwrap().to_owned();
    worker.post(&format!("/cases/{id}/identity"), &[("purpose", "visit"), ("items", "name")]).await.expect(200);

    let head = test.signed_in("head1").await;
    for browser in [&worker, &head] {
        for path in ["", "/edit", "/needs", "/reports", "/log", "/identity"].map(|part| format!("/cases/{id}{part}")) {
            names_nobody(&browser.get(&path).await.expect(200).text, &path);
        }
        for path in
            ["/cases".into(), "/cases?list=station".into(), format!("/needs/{need}"), "/api/v1/cases".into(), format!("/api/v1/cases/{id}")]
        {
            names_nobody(&browser.get(&path).await.expect(200).text, &path);
        }
    }
    for table in [
        "SELECT kind || id FROM change",
        "SELECT action || object_ref || fields || COALESCE(purpose, '') FROM audit_event",
        "SELECT key || answer FROM idempotency",
        "SELECT alias || COALESCE(name, '') || COALESCE(identity_number, '') || COALESCE(address, '') || COALESCE(blind_identity, '') || COALESCE(birth_date, '') FROM child",
        "SELECT COALESCE(name, '') || COALESCE(phone, '') FROM guardian",
        "SELECT COALESCE(narrative, '') || COALESCE(diagnoses, '') FROM \"case\"",
        "SELECT COALESCE(words, '') FROM need",
    ] {
        let rows = test.dump(table).await;
        names_nobody(&rows, table);
        assert!(!rows.contains("2015-03-17"), "the day of birth stands in {table}");
    }
}

#[tokio::test]
async fn a_situation_makes_a_duty_tier_one_and_holds_the_closing() {
    let test = TestApp::start().await;
    let (station, worker) = station_with_worker(&test).await;
    test.of_station("head1", Role::Supervisor, &station).await;
    let id = open_case(&worker, "key-report-1", &[("situations", "6")]).await;
    let case = worker.get(&format!("/api/v1/cases/{id}")).await.json();
    assert_eq!(case["case"]["needs"][0]["tier"], 1);
    let need = case["case"]["needs"][0]["id"].as_str().unwrap();
    let page = worker.get(&format!("/cases/{id}")).await.expect(200);
    assert!(page.text.contains("立即报警 110"), "{}", page.text);

    worker.post(&format!("/needs/{need}/steps"), &[("step", "met_elsewhere")]).await.expect(303);
    let head = test.signed_in("head1").await;
    let refused = head.post(&format!("/cases/{id}/steps"), &[("step", "close"), ("reason", "目标达成")]).await.expect(409);
    assert!(refused.text.contains("强制报告还没有登记"), "{}", refused.text);
    for browser in [&worker, &head] {
        let today = browser.get("/").await.expect(200);
        assert!(today.text.contains("强制报告还没有做") && !today.text.contains("被遗弃"), "that it waits is shown, not what it is");
    }

    let reports = worker.get(&format!("/cases/{id}/reports")).await.expect(200);
    assert!(reports.text.contains("被遗弃或长期处于无人照料状态"));
    let duty = test.dump("SELECT id FROM report_duty").await;
    let late = [("duties", duty.as_str()), ("made_at", "2026-11-26T09:00"), ("made_to", "长芦派出所")];
    worker.post(&format!("/cases/{id}/reports/made"), &late).await.expect(422);
    let made = [("duties", duty.as_str()), ("made_at", "2026-11-25T08:40"), ("made_to", "长芦派出所"), ("receipt_number", "J-17")];
    worker.post(&format!("/cases/{id}/reports/made"), &made).await.expect(303);
    assert!(!worker.get(&format!("/cases/{id}")).await.text.contains("立即报警 110"));
    assert!(!head.get("/").await.text.contains("强制报告还没有做"));
    head.post(&format!("/cases/{id}/steps"), &[("step", "close")]).await.expect(422);
    head.post(&format!("/cases/{id}/steps"), &[("step", "close"), ("reason", "目标达成")]).await.expect(303);
    worker.send("PATCH", &format!("/api/v1/cases/{id}"), &json!({"facts": {"risk": "green"}})).await.expect(409);
}

#[tokio::test]
async fn danger_in_the_words_is_put_before_the_worker() {
    let test = TestApp::start().await;
    let (_, worker) = station_with_worker(&test).await;
    let confirm = send_form(&worker, "key-words-01", &[("words", "被爸爸打，身上多处淤青"), ("terms", "")]).await.expect(200);
    assert!(confirm.text.contains("立即报警 110"), "{}", confirm.text);
    let ticked = confirm.text.split("<label").any(|part| part.contains("value=\"4\"") && part.contains("checked"));
    assert!(ticked, "the fourth situation is ticked\n{}", confirm.text);
}

#[tokio::test]
async fn needs_are_read_from_words_and_confirmed_by_ticks() {
    let test = TestApp::start().await;
    let (_, worker) = station_with_worker(&test).await;
    let id = open_json(&worker, &body("小川", VILLAGE)).await;
    let path = format!("/cases/{id}/needs");
    let proposed = worker.post(&path, &[("key", "key-needs-01"), ("words", "最近厌学，不想上学")]).await.expect(200);
    assert!(proposed.text.contains("“厌学”"), "{}", proposed.text);
    assert_eq!(
        worker.get(&format!("/api/v1/cases/{id}")).await.json()["case"]["needs"].as_array().unwrap().len(),
        1,
        "nothing is stored yet"
    );
    let term = proposed.text.split("name=\"read\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let fields = [("key", "key-needs-01"), ("words", "最近厌学，不想上学"), ("read", &term), ("terms", &term), ("step", "add")];
    worker.post(&path, &fields).await.expect(303);
    worker.post(&path, &fields).await.expect(303);
    let needs = worker.get(&format!("/api/v1/cases/{id}")).await.json()["case"]["needs"].clone();
    assert_eq!(needs.as_array().unwrap().len(), 2, "{needs}");
    assert!(needs.as_array().unwrap().iter().any(|need| need["term"] == term.as_str() && need["source"] == "read"));
    worker.post(&path, &[("key", "key-needs-02")]).await.expect(422);
    worker.send("POST", &format!("/api/v1/cases/{id}/needs"), &json!({"needs": [{"term": "NIX-01"}]})).await.expect(422);
}

#[tokio::test]
async fn a_tier_other_than_the_default_needs_a_reason() {
    let test = TestApp::start().await;
    let (_, worker) = station_with_worker(&test).await;
    let id = open_json(&worker, &body("小川", VILLAGE)).await;
    let need = worker.get(&format!("/api/v1/cases/{id}")).await.json()["case"]["needs"][0].clone();
    assert_eq!(need["tier"], 3, "blue is 3");
    let path = format!("/api/v1/needs/{}", need["id"].as_str().unwrap());
    worker.send("PATCH", &path, &json!({"tier": 2})).await.expect(422);
    worker.send("PATCH", &path, &json!({"tier": 2, "tier_reason": "下周考试", "version": 9})).await.expect(409);
    let changed =
        worker.send("PATCH", &path, &json!({"tier": 2, "tier_reason": "下周考试", "target_day": "2026-12-01"})).await.expect(200).json();
    assert_eq!(changed["need"]["tier"], 2);
    assert_eq!(changed["need"]["target_day"], "2026-12-01");

    worker.send("PATCH", &format!("/api/v1/cases/{id}"), &json!({"facts": {"risk": "red"}})).await.expect(200);
    let after = worker.get(&format!("/api/v1/cases/{id}")).await.json()["case"]["needs"][0].clone();
    assert_eq!(after["tier"], 2, "a change of risk sets no tier");
}

#[tokio::test]
async fn a_change_keeps_what_is_sealed_and_loses_nothing_in_between() {
    let test = TestApp::start().await;
    let (_, worker) = station_with_worker(&test).await;
    let id = open_case(&worker, "key-edit-001", &[]).await;
    let case = worker.get(&format!("/api/v1/cases/{id}")).await.json()["case"].clone();
    let version = case["version"].to_string();
    let mut fields = vec![
        ("version", version.as_str()),
        ("alias", "小禾"),
        ("birth_month", "2015-03"),
        ("division", "320116012"),
        ("father_state", "dead"),
    ];
    fields.extend([("mother_state", "dead"), ("risk", "yellow")]);
    worker.post(&format!("/cases/{id}/edit"), &fields).await.expect(303);
    worker.post(&format!("/cases/{id}/edit"), &fields).await.expect(409);
    let asked = json!({"purpose": "correction", "items": ["name", "number", "contact", "narrative"]});
    let kept = worker.send("POST", &format!("/api/v1/cases/{id}/identity"), &asked).await.expect(200).json()["identity"].clone();
    assert_eq!(
        (kept["name"].as_str(), kept["identity_number"].as_str(), kept["narrative"].as_str()),
        (Some(PLANTED[0]), Some(PLANTED[1]), Some(PLANTED[6]))
    );
    assert_eq!(kept["guardians"][0]["name"], PLANTED[4], "the father's name stays under his new state");
    let after = worker.get(&format!("/api/v1/cases/{id}")).await.json()["case"].clone();
    assert_eq!(after["status"]["categories"], json!(["ORPHAN"]), "categories follow");
}

#[tokio::test]
async fn a_report_that_is_not_made_stands_first_on_the_page_of_today_before_what_is_overdue() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let worker = test.signed_in("worker1").await;
    let provider = test.provider("sun", "社工机构", "320116012", "EDU-04", None).await;
    let need = test.need(&station.case, "EDU-04", 1, false).await;
    crate::support::referrals::refer(&worker, &need, &provider, json!({})).await;
    let mut tx = test.app.begin().await.unwrap();
    sqlx::query("UPDATE referral SET due_at = '2026-11-01T01:00:00.000Z'").execute(&mut *tx).await.unwrap();
    tx.commit(test.app.now()).await.unwrap();
    let lines = async |login: &str| {
        let page = test.signed_in(login).await.get("/").await.expect(200).text;
        let list = page.split_once("<ul class=\"tasks tasks--do\">").unwrap().1.split_once("</ul>").unwrap().0.to_owned();
        list.split("<li").skip(1).map(|line| (line.contains("强制报告还没有做"), line.contains("/referrals/"))).collect::<Vec<_>>()
    };
    assert_eq!(lines("worker1").await, [(false, true)], "the referral is the most pressing");
    let id = open_case(&worker, "key-report-first-1", &[("situations", "6"), ("identity_number", ""), ("birth_month", "2017-05")]).await;
    assert_eq!(lines("worker1").await, [(true, false), (false, true)], "however long the referral is overdue");
    assert_eq!(test.signed_in("worker1").await.get("/api/v1/today").await.json()["unreported"], 1);
    assert_eq!(lines("head1").await, [(true, false)], "the head has it first, too");
    let duty = test.dump("SELECT id FROM report_duty").await;
    let made = [("duties", duty.as_str()), ("made_at", "2026-11-25T08:40"), ("made_to", "长芦派出所"), ("receipt_number", "J-17")];
    worker.post(&format!("/cases/{id}/reports/made"), &made).await.expect(303);
    assert_eq!(lines("worker1").await, [(false, true)]);
}
