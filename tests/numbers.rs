//! Figures: counted out of records, of all that were sent, each with its list, small ones not shown outside the station.

use calamine::Reader as _;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::referrals::{NAMES, TOWNSHIP, act, refer};
use crate::support::{Browser, TestApp};
use lianjie::access::{Role, Scope};

pub async fn figures(browser: &Browser, query: &str) -> Value {
    browser.get(&format!("/api/v1/numbers{query}")).await.expect(200).json()
}

pub fn figure(numbers: &Value, code: &str) -> (Option<i64>, Option<i64>) {
    let all = numbers["blocks"].as_array().unwrap().iter().flat_map(|block| block["figures"].as_array().unwrap());
    let found = all.into_iter().find(|figure| figure["code"] == code).unwrap_or_else(|| panic!("{code} is not counted: {numbers}"));
    (found["value"].as_i64(), found["of"].as_i64())
}

/// One referral that is answered and verified, one declined late in the day, one never answered, one voided.
async fn world() -> TestApp {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let first = test.provider("first", "社工机构", TOWNSHIP, "EDU-04", None).await;
    let second = test.provider("second", "社工机构", TOWNSHIP, "EDU-04", None).await;
    let (worker, head) = (test.signed_in("worker1").await, test.signed_in("head1").await);
    let (sun, moon) = (test.signed_in("first").await, test.signed_in("second").await);

    let need = test.need(&station.case, "EDU-04", 3, false).await;
    let good = refer(&worker, &need, &first, json!({})).await;
    let accepted = act(&sun, &good, "accept", json!({}), 200).await;
    let served = act(&sun, &accepted, "serve", json!({ "record": "contact", "note": "见过了" }), 200).await;
    let reported = act(&sun, &served, "report", json!({ "outcome": "need_met", "note": "来了八次" }), 200).await;
    act(&worker, &reported, "close", json!({ "outcome": "need_met", "verified_by": "child", "method": "phone" }), 200).await;

    test.need(&station.case, "EDU-05", 3, false).await;
    for (kind, topic) in [("universal", "safety"), ("casework", "companionship"), ("universal", "safety")] {
        let held = json!({ "kind": kind, "topic": topic, "title": "防溺水安全课", "day": "2026-11-20", "sessions": 1, "headcount": 40, "children": if kind == "casework" { "王小明\n李小红\n赵小军" } else { "" } });
        worker.send("POST", "/api/v1/activities", &held).await.expect(204);
    }
    let again = test.need(&station.case, "EDU-04", 3, true).await;
    let no = refer(&worker, &again, &second, json!({})).await;
    act(&moon, &no, "decline", json!({ "reason": "no_capacity" }), 200).await;
    refer(&worker, &again, &first, json!({})).await;
    let third = test.need(&station.case, "EDU-04", 4, true).await;
    let slip = refer(&worker, &third, &second, json!({})).await;
    act(&head, &slip, "void", json!({ "reason": "other", "note": "录错了" }), 200).await;
    test
}

#[tokio::test]
async fn every_share_is_of_all_that_were_sent_and_what_is_unknown_stands_apart() {
    let test = world().await;
    let worker = test.signed_in("worker1").await;
    let now = figures(&worker, "").await;
    let of = |code: &str| figure(&now, code);
    assert_eq!(of("sent"), (Some(3), None), "what was voided does not count");
    assert_eq!(of("answered_in_time"), (Some(2), Some(3)), "a refusal is an answer");
    assert_eq!((of("waiting"), of("unanswered")), ((Some(1), Some(3)), (Some(0), Some(3))));
    assert_eq!(
        (of("accepted"), of("contact_3_days"), of("reported"), of("verified")),
        ((Some(1), Some(3)), (Some(1), Some(3)), (Some(1), Some(3)), (Some(1), Some(3)))
    );
    assert_eq!((of("need_met"), of("need_open")), ((Some(1), Some(4)), (Some(3), Some(4))));
    assert_eq!(of("reroutes"), (Some(1), Some(2)));
    assert_eq!(of("reason"), (Some(1), Some(1)));
    test.pass(SignedDuration::from_hours(24 * 20));
    let worker = test.signed_in("worker1").await;
    let later = figures(&worker, "").await;
    assert_eq!(
        (figure(&later, "waiting"), figure(&later, "unanswered")),
        ((Some(0), Some(3)), (Some(1), Some(3))),
        "silence is an answer of its own"
    );
}

#[tokio::test]
async fn a_figure_opens_the_list_it_counts_and_names_nobody_it_should_not() {
    let test = world().await;
    let worker = test.signed_in("worker1").await;
    let now = figures(&worker, "").await;
    let mut opened = 0;
    for found in now["blocks"].as_array().unwrap().iter().flat_map(|block| block["figures"].as_array().unwrap()) {
        if found["opens"] != true {
            continue;
        }
        let (code, about) = (found["code"].as_str().unwrap(), found["about"].as_str().unwrap_or_default());
        let list = worker.get(&format!("/api/v1/numbers/{code}?about={about}")).await.expect(200).json();
        assert_eq!(list["meta"]["total"], found["value"], "{code} {about}");
        let page = worker.get(&format!("/numbers/{code}?about={about}")).await.expect(200);
        assert!(NAMES.iter().all(|name| !page.text.contains(name)));
        opened += 1;
    }
    assert!(opened > 25, "{opened}");
    let children = worker.get("/api/v1/numbers/children").await.expect(200);
    assert_eq!(children.json()["rows"][0]["beside"], "2026-11-20 × 1");
    assert!(!children.text.contains("王小明"), "no name is kept");
    worker.get("/numbers/nothing").await.expect(404);
    assert!(
        worker.get("/numbers").await.expect(200).text.contains("href=\"/numbers/sent?scope=1&#38;from=2026-01-01"),
        "figures are links"
    );
}

#[tokio::test]
async fn outside_the_station_small_counts_are_not_shown() {
    let test = world().await;
    test.account("registrar1", None, Role::Registrar, Scope::Division("320116".parse().unwrap())).await;
    test.account("auditor1", None, Role::Auditor, Scope::All).await;
    for login in ["county1", "registrar1", "auditor1"] {
        let browser = test.signed_in(login).await;
        let numbers = figures(&browser, "").await;
        assert_eq!(numbers["suppressed"], true);
        assert_eq!(figure(&numbers, "on_file"), (None, None), "{login}: one child is not shown");
        assert_eq!(figure(&numbers, "verified").0, None);
        assert_eq!(figure(&numbers, "stations").0, Some(1), "a station is no child");
        assert_eq!((figure(&numbers, "children").0, figure(&numbers, "participations").0), (None, None), "{login}: three came");
        assert_eq!(figure(&numbers, "heads").0, Some(120), "{login}: by head there were many");
        let page = browser.get("/numbers").await.expect(200);
        assert!(page.text.contains("&lt;5") || page.text.contains("&#60;5"), "{login}");
        browser.get("/api/v1/numbers/on_file").await.expect(403);
    }
    let own = figures(&test.signed_in("head1").await, "").await;
    assert_eq!((figure(&own, "on_file").0, figure(&own, "children").0), (Some(1), Some(3)), "the station sees its own");
    test.account("admin1", None, Role::SystemAdmin, Scope::All).await;
    test.signed_in("admin1").await.get("/numbers").await.expect(403);
    let provider = figures(&test.signed_in("second").await, "").await;
    assert_eq!(figure(&provider, "sent"), (Some(1), None), "an organisation sees what was sent to it");
    test.visitor().get("/api/v1/numbers").await.expect(401);
}

#[tokio::test]
async fn universal_services_stand_beside_casework_money_is_counted_and_gaps_are_by_need_and_county() {
    let test = world().await;
    let county = test.signed_in("county1").await;
    let station = test.everything("SELECT id FROM organization WHERE kind = '未保工作站'").await.trim().to_owned();
    let pay = json!({ "station": station, "purpose": "running", "amount_fen": 1_250_000, "day": "2026-03-01", "receipt": "宁财2026-19" });
    county.send("POST", "/api/v1/subsidies", &pay).await.expect(204);
    let numbers = figures(&county, "").await;
    let all: Vec<&Value> = numbers["blocks"].as_array().unwrap().iter().flat_map(|block| block["figures"].as_array().unwrap()).collect();
    let about = |code: &str, about: &str| {
        all.iter().find(|figure| figure["code"] == code && figure["about"] == about).map(|figure| figure["value"].as_i64())
    };
    assert_eq!((about("activity_kind", "universal"), about("activity_kind", "casework")), (Some(Some(2)), Some(Some(1))));
    assert_eq!(about("activity_topic", "safety"), Some(Some(2)));
    assert_eq!(about("paid", "running"), Some(Some(12_500)));
    let payments = county.get("/api/v1/numbers/paid?about=running").await.expect(200).json();
    assert_eq!(payments["meta"]["total"], 1, "money opens its payments");
    let row = &payments["rows"][0];
    assert_eq!((row["name"].as_str(), row["beside"].as_str()), (Some("长芦街道未成年人保护工作站"), Some("2026-03-01 · ¥12500.00")));
    assert_eq!(row["href"], "/programs");
    let list = county.get("/api/v1/numbers/activity_topic?about=safety").await.expect(200).json();
    assert_eq!(list["meta"]["total"], 2);
    let page = county.get("/programs").await.expect(200).text;
    assert!(page.contains("12500.00 / 20000.00"), "what the county paid each station, of its ceiling");

    // Five gaps of one need here and five of another in the next county, so that none is too small to be told.
    let there = test.station("湖南路未保工作站", "320106002").await;
    let worker = test.of_station("worker9", Role::Worker, &there).await;
    let mut cases = vec![(test.case_of_number(&there, &worker, 3).await, "MED-01")];
    let mut tx = test.app.begin().await.unwrap();
    sqlx::query("UPDATE \"case\" SET division = '320106002' WHERE id = $1").bind(cases[0].0.as_str()).execute(&mut *tx).await.unwrap();
    tx.commit(test.app.now()).await.unwrap();
    cases.push((test.everything("SELECT id FROM \"case\" WHERE division LIKE '320116%'").await.trim().parse().unwrap(), "EDU-06"));
    for (case, term) in &cases {
        for _ in 0..5 {
            test.need(case, term, 3, true).await;
        }
    }
    let mut tx = test.app.begin().await.unwrap();
    sqlx::query("UPDATE need SET state = 'gap', reason = '没有' WHERE term IN ('MED-01', 'EDU-06')").execute(&mut *tx).await.unwrap();
    tx.commit(test.app.now()).await.unwrap();
    test.account("province1", None, Role::Coordinator, Scope::Division("32".parse().unwrap())).await;
    let province = test.signed_in("province1").await;
    let numbers = figures(&province, "").await;
    let blocks = numbers["blocks"].as_array().unwrap();
    let places = blocks.iter().find(|block| block["code"] == "gap_places").unwrap()["figures"].as_array().unwrap();
    let told: Vec<(&str, Option<i64>)> =
        places.iter().map(|figure| (figure["about"].as_str().unwrap(), figure["value"].as_i64())).collect();
    assert_eq!(told, [("EDU-06:320116", Some(5)), ("MED-01:320106", Some(5))]);
    let list = province.get("/api/v1/numbers/gap_at?about=MED-01:320106").await.expect(200).json();
    assert_eq!(list["meta"]["total"], 5);
}

#[tokio::test]
async fn days_are_counted_in_china_and_a_wrong_period_is_refused() {
    let test = world().await;
    let mut tx = test.app.begin().await.unwrap();
    // Half past midnight on 1 March in China is still February in Greenwich.
    sqlx::query("UPDATE referral SET sent_at = '2026-02-28T16:30:00.000Z'").execute(&mut *tx).await.unwrap();
    tx.commit(test.app.now()).await.unwrap();
    let worker = test.signed_in("worker1").await;
    assert_eq!(figure(&figures(&worker, "?from=2026-02-01&to=2026-02-28").await, "sent").0, Some(0));
    assert_eq!(figure(&figures(&worker, "?from=2026-03-01&to=2026-03-01").await, "sent").0, Some(3));
    worker.get("/api/v1/numbers?from=2026-03-02&to=2026-03-01").await.expect(422);
    worker.get("/api/v1/numbers?from=gestern").await.expect(422);
}

#[tokio::test]
async fn in_time_is_counted_in_working_days_over_the_spring_festival() {
    // Friday, 13 February 2026. Saturday is worked; the festival lasts from the 15th to the 23rd. Two working days later is the 24th.
    let test = TestApp::start_at("2026-02-13T10:00:00+08:00").await;
    let station = test.station_with_case().await;
    let first = test.provider("first", "社工机构", TOWNSHIP, "EDU-04", None).await;
    let second = test.provider("second", "社工机构", TOWNSHIP, "EDU-05", None).await;
    let third = test.provider("third", "社工机构", TOWNSHIP, "EDU-06", None).await;
    let worker = test.signed_in("worker1").await;
    let mut sent = Vec::new();
    for (term, provider) in [("EDU-04", &first), ("EDU-05", &second), ("EDU-06", &third)] {
        sent.push(refer(&worker, &test.need(&station.case, term, 2, false).await, provider, json!({})).await);
    }
    let now = async || {
        let numbers = figures(&test.signed_in("worker1").await, "").await;
        ["answered_in_time", "answered_late", "waiting", "unanswered"].map(|code| figure(&numbers, code).0.unwrap())
    };
    test.pass(SignedDuration::from_hours(10 * 24));
    assert_eq!(now().await, [0, 0, 3, 0], "nine days of holiday are no silence");
    test.pass(SignedDuration::from_hours(23));
    act(&test.signed_in("first").await, &sent[0], "accept", json!({}), 200).await;
    test.pass(SignedDuration::from_hours(2));
    assert_eq!(now().await, [1, 0, 0, 2], "two working days are over");
    act(&test.signed_in("second").await, &sent[1], "accept", json!({}), 200).await;
    assert_eq!(now().await, [1, 1, 0, 1]);
}

#[tokio::test]
async fn the_spreadsheet_opens_and_holds_the_figures() {
    let test = world().await;
    let file = test.signed_in("worker1").await.file("/numbers.xlsx").await;
    let mut book = calamine::Xlsx::new(std::io::Cursor::new(file)).expect("a spreadsheet opens");
    let names = book.sheet_names();
    assert!(names.contains(&"转介".to_owned()) && names.contains(&"需要".to_owned()), "{names:?}");
    let rows = book.worksheet_range("转介").unwrap();
    let row = rows.rows().find(|row| row[0] == *"发出的转介").expect("the figure is there");
    assert_eq!(row[1], calamine::Data::Float(3.0), "a count is a number");
    let all: String = rows.rows().flatten().map(ToString::to_string).collect();
    assert!(all.contains("长芦街道未成年人保护工作站") && all.contains("核实结案") && NAMES.iter().all(|name| !all.contains(name)));
}

#[tokio::test]
async fn figures_of_a_prefecture_are_kept_say_as_of_when_and_are_counted_anew() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    test.account("data1", None, Role::DataManager, Scope::Division("3201".parse().unwrap())).await;
    let needs = async || {
        let data = test.signed_in("data1").await;
        let body = data.get("/api/v1/numbers").await.expect(200).json();
        let block = body["blocks"].as_array().unwrap().iter().find(|block| block["code"] == "article").unwrap().clone();
        let programs = block["figures"].as_array().unwrap().iter().find(|figure| figure["code"] == "stations").unwrap()["value"].clone();
        (body["as_of"].as_str().unwrap().to_owned(), programs.as_i64().unwrap())
    };
    let (first, before) = needs().await;
    test.station("新站", "320116010").await;
    test.pass(SignedDuration::from_mins(10));
    assert_eq!(needs().await, (first.clone(), before), "kept, and it says since when");
    lianjie::statistics::actions::refresh(&test.app).await.unwrap();
    let (second, after) = needs().await;
    assert!(second > first && after == before + 1, "{second} {after}");
    test.pass(SignedDuration::from_hours(24));
    lianjie::statistics::actions::refresh(&test.app).await.unwrap();
    let kept = test.everything("SELECT to_day FROM figures").await;
    assert_eq!(kept.trim(), "2026-11-26", "a period that runs to today goes on");
    let _ = station;
}

#[tokio::test]
async fn the_list_behind_a_figure_is_read_page_by_page() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    for _ in 0..203 {
        test.need(&station.case, "EDU-04", 3, true).await;
    }
    let worker = test.signed_in("worker1").await;
    let (open, _) = figure(&figures(&worker, "").await, "need_open");
    let mut seen = std::collections::BTreeSet::new();
    for (page, rows) in [(1, 200), (2, usize::try_from(open.unwrap()).unwrap() - 200), (3, 0)] {
        let found: Value = worker.get(&format!("/api/v1/numbers/need_open?page={page}")).await.expect(200).json();
        assert_eq!(found["meta"]["total"].as_i64(), open);
        let rows_of = found["rows"].as_array().unwrap();
        assert_eq!(rows_of.len(), rows, "page {page}");
        seen.extend(rows_of.iter().map(|row| row["href"].as_str().unwrap().to_owned()));
    }
    assert_eq!(seen.len(), usize::try_from(open.unwrap()).unwrap(), "nothing comes twice");
    assert!(worker.get("/numbers/need_open?page=2").await.expect(200).text.contains("rel=\"prev\""));
}
