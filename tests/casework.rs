//! What a station does for a case besides referring: its plan, the assessment of guardianship, agreements on entrusted care.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::cases::plan;

/// Back to where a case begins.
async fn taken_in(test: &TestApp) {
    let mut tx = test.app.begin().await.unwrap();
    sqlx::query("UPDATE \"case\" SET state = 'intake'").execute(&mut *tx).await.unwrap();
    tx.commit(test.app.now()).await.unwrap();
}

async fn assess(test: &TestApp, case: &str) {
    let worker = test.signed_in("worker1").await;
    worker.send("POST", &format!("/api/v1/cases/{case}/steps"), &json!({ "step": "assess" })).await.expect(200);
}

#[tokio::test]
async fn a_plan_is_handed_in_given_back_approved_by_another_and_makes_the_case_active() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    taken_in(&test).await;
    let path = format!("/api/v1/cases/{}/plan", station.case);
    let (worker, head) = (test.signed_in("worker1").await, test.signed_in("head1").await);
    worker.send("PUT", &path, &plan("放学以后有人照看", false)).await.expect(204);
    let draft = worker.get(&path).await.expect(200).json();
    assert_eq!((draft["plan"][0]["state"].as_str(), draft["plan"][0]["submitted"].as_bool()), (Some("draft"), Some(false)));
    let approve = format!("{path}/approve");
    assert!(head.send("POST", &approve, &json!({})).await.expect(409).text.contains("草稿"), "what was not handed in is not approved");

    worker.send("PUT", &path, &plan("放学以后有人照看", true)).await.expect(204);
    assert_eq!(head.get("/api/v1/today").await.json()["plans_to_approve"], 1);
    assert!(head.send("POST", &approve, &json!({})).await.expect(409).text.contains("预估"), "the case is assessed first");
    assess(&test, station.case.as_str()).await;
    worker.send("POST", &approve, &json!({})).await.expect(403);
    head.send("POST", &format!("{path}/return"), &json!({ "remark": "目标要写清楚几点到几点" })).await.expect(204);
    assert!(worker.get(&format!("/cases/{}/plan/edit", station.case)).await.expect(200).text.contains("几点到几点"));
    worker.send("PUT", &path, &plan("四点到六点有人照看", true)).await.expect(204);
    head.send("POST", &approve, &json!({})).await.expect(204);
    let case = worker.get(&format!("/api/v1/cases/{}", station.case)).await.json();
    assert_eq!(case["case"]["state"], "active");
    let stands = worker.get(&path).await.json();
    assert_eq!((stands["plan"][0]["state"].as_str(), stands["plan"].as_array().unwrap().len()), (Some("approved"), 1));
    let log = test.everything("SELECT role || ' ' || action FROM audit_event WHERE action LIKE 'plan.%'").await;
    for line in ["worker plan.written", "worker plan.submitted", "supervisor plan.returned", "supervisor plan.approved"] {
        assert!(log.contains(line), "{line} is not in {log}");
    }
}

#[tokio::test]
async fn nobody_approves_the_plan_they_wrote() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    taken_in(&test).await;
    assess(&test, station.case.as_str()).await;
    let head = test.signed_in("head1").await;
    let path = format!("/api/v1/cases/{}/plan", station.case);
    head.send("PUT", &path, &plan("放学以后有人照看", true)).await.expect(204);
    head.send("POST", &format!("{path}/approve"), &json!({})).await.expect(403);
    assert_eq!(head.get(&path).await.json()["may_approve"], false);
    let county = test.signed_in("county1").await;
    county.send("POST", &format!("{path}/approve"), &json!({})).await.expect(204);
}

#[tokio::test]
async fn a_new_version_replaces_the_old_one_only_when_it_is_approved_and_both_are_laid_side_by_side() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    taken_in(&test).await;
    assess(&test, station.case.as_str()).await;
    let (worker, head) = (test.signed_in("worker1").await, test.signed_in("head1").await);
    let path = format!("/api/v1/cases/{}/plan", station.case);
    worker.send("PUT", &path, &plan("放学以后有人照看", true)).await.expect(204);
    head.send("POST", &format!("{path}/approve"), &json!({})).await.expect(204);
    let goal = worker.get(&path).await.json()["plan"][0]["goals"][0]["id"].as_str().unwrap().to_owned();
    worker.send("POST", &format!("{path}/goals/{goal}"), &json!({ "result": "partly" })).await.expect(204);

    let mut second = plan("放学以后有人照看", true);
    second["goals"][0]["id"] = json!(goal);
    second["goals"][0]["measure"] = json!("每周三次陪读");
    let mut added = second["goals"][0].clone();
    (added["goal"], added["id"]) = (json!("周末有人接送"), Value::Null);
    second["goals"].as_array_mut().unwrap().push(added);
    let mut unexplained = second.clone();
    unexplained["reason"] = json!("");
    assert!(worker.send("PUT", &path, &unexplained).await.expect(422).text.contains("为什么改"));
    worker.send("PUT", &path, &second).await.expect(204);
    let both = worker.get(&path).await.json();
    assert_eq!((both["plan"][0]["state"].as_str(), both["plan"][1]["state"].as_str()), (Some("draft"), Some("approved")));
    assert_eq!(both["plan"][0]["goals"][0]["result"], "partly", "what was reached goes on with the goal");
    head.send("POST", &format!("{path}/approve"), &json!({})).await.expect(204);
    let both = worker.get(&path).await.json();
    assert_eq!((both["plan"][0]["state"].as_str(), both["plan"][1]["state"].as_str()), (Some("approved"), Some("replaced")));
    let compared = worker.get(&format!("/cases/{}/plan/compare?from=1&to=2", station.case)).await.expect(200);
    assert!(compared.text.contains("每周两次陪读") && compared.text.contains("每周三次陪读") && compared.text.contains("新增"));
    assert!(worker.get(&format!("/cases/{}/plan/print", station.case)).await.expect(200).text.contains("一对一服务计划"));
}

#[tokio::test]
async fn a_goal_says_what_became_of_its_need_and_what_that_asks_for() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    taken_in(&test).await;
    assess(&test, station.case.as_str()).await;
    let need = test.need(&station.case, "EDU-04", 3, false).await;
    let (worker, head) = (test.signed_in("worker1").await, test.signed_in("head1").await);
    let mut written = plan("放学以后有人照看", true);
    written["goals"][0]["need"] = json!(need.to_string());
    worker.send("PUT", &format!("/api/v1/cases/{}/plan", station.case), &written).await.expect(204);
    let page = format!("/cases/{}/plan", station.case);
    assert!(!worker.get(&page).await.expect(200).text.contains("还没有联系机构"), "a draft asks for nothing yet");
    head.send("POST", &format!("/api/v1/cases/{}/plan/approve", station.case), &json!({})).await.expect(204);
    assert!(worker.get(&page).await.expect(200).text.contains("还没有联系机构"));
    for (state, says) in [("met", "请评估这个目标"), ("gap", "计划要改"), ("no_longer_needed", "不再需要了")] {
        let mut tx = test.app.begin().await.unwrap();
        sqlx::query("UPDATE need SET state = $1 WHERE term = 'EDU-04'").bind(state).execute(&mut *tx).await.unwrap();
        tx.commit(test.app.now()).await.unwrap();
        assert!(worker.get(&page).await.expect(200).text.contains(says), "{state}");
    }
}

#[tokio::test]
async fn what_a_plan_says_is_sealed_and_read_by_few() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let path = format!("/api/v1/cases/{}/plan", station.case);
    let worker = test.signed_in("worker1").await;
    worker.send("PUT", &path, &plan("妈妈酗酒时孩子到邻居家", true)).await.expect(204);
    let stored =
        test.everything("SELECT COALESCE(p.words, '') || g.words FROM plan_version p JOIN goal g ON g.plan_version_id = p.id").await;
    assert!(!stored.contains("酗酒") && !stored.contains("陪读"), "sealed in the store");
    let county = test.signed_in("county1").await;
    let masked = county.get(&path).await.expect(200);
    assert!(!masked.text.contains("酗酒") && masked.json()["plan"][0]["goal_count"] == 1, "the county knows that, not what");
    county.get(&format!("/cases/{}/plan/print", station.case)).await.expect(403);
    county.send("PUT", &path, &plan("别的", false)).await.expect(403);
    test.signed_in("worker2").await.send("PUT", &path, &plan("别的", false)).await.expect(403);
    let log = test.everything("SELECT role || ' ' || action || ' ' || fields FROM audit_event").await;
    assert!(!log.contains("酗酒") && !log.contains("coordinator plan.viewed"));
}

#[tokio::test]
async fn a_plan_form_that_is_refused_comes_back_as_typed_and_gives_more_rows() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let worker = test.signed_in("worker1").await;
    let page = format!("/cases/{}/plan/edit", station.case);
    let typed = [
        ("goal_3", "周末有人陪"),
        ("measure_3", "志愿者"),
        ("responsible_3", ""),
        ("from_3", "2026-12-01"),
        ("review_3", "2026-11-30"),
        ("review_day", "2026-11-01"),
        ("step", "submit"),
    ];
    let refused = worker.post(&page, &typed).await.expect(422);
    for text in ["周末有人陪", "志愿者", "今天以后", "开始那天之后", "问过孩子"] {
        assert!(refused.text.contains(text), "{text} is not in {}", refused.text);
    }
    assert!(refused.text.contains("id=\"goal_1\"") && refused.text.contains("href=\"#review_1\""), "rows close up");
    let more = worker.post(&page, &[("goal_1", "周末有人陪"), ("rows", "3"), ("step", "rows")]).await.expect(200);
    assert!(more.text.contains("id=\"goal_6\"") && more.text.contains("周末有人陪"));
}

fn answers(change: &[(&str, &str)]) -> Value {
    let mut answers = json!({
        "time": "every_day", "health": "good", "violence": "none", "neglect": "met", "addiction": "none",
        "income": "enough", "home": "safe", "bond": "close", "child": "well", "support": "good"
    });
    for (item, option) in change {
        answers[*item] = json!(option);
    }
    answers
}

#[tokio::test]
async fn an_assessment_counts_for_half_a_year_and_its_answers_are_sealed() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let path = format!("/api/v1/cases/{}/assessments", station.case);
    let worker = test.signed_in("worker1").await;
    let said = json!({ "day": "2026-11-25", "answers": answers(&[("violence", "injury")]), "remark": "后背有淤青" });
    worker.send("POST", &path, &said).await.expect(204);
    let found = worker.get(&path).await.expect(200).json();
    assert_eq!((found["assessments"][0]["result"].as_str(), found["assessments"][0]["valid"].as_bool()), (Some("unable"), Some(true)));
    assert_eq!(found["assessments"][0]["valid_until"], "2027-05-26");
    let page = worker.get(&format!("/cases/{}/assessments", station.case)).await.expect(200);
    assert!(page.text.contains("打出过伤") && page.text.contains("强制报告"), "concerns and what follows are said");
    assert!(!test.everything("SELECT answers FROM assessment").await.contains("injury"), "sealed in the store");
    let county = test.signed_in("county1").await.get(&path).await.expect(200);
    assert!(county.json()["assessments"][0]["result"] == "unable" && !county.text.contains("淤青") && !county.text.contains("injury"));
    let mut missing = answers(&[]);
    missing.as_object_mut().unwrap().remove("home");
    let refused = worker.send("POST", &path, &json!({ "day": "2026-11-25", "answers": missing })).await.expect(422);
    assert!(refused.text.contains("item_home"), "{}", refused.text);

    let figures = |list: Value| (list["figures"]["assessed"].as_u64(), list["figures"]["able"].as_u64());
    assert_eq!(figures(worker.get("/api/v1/guardianship").await.json()), (Some(1), Some(0)));
    test.pass(SignedDuration::from_hours(24 * 200));
    let worker = test.signed_in("worker1").await;
    assert_eq!(figures(worker.get("/api/v1/guardianship").await.json()), (Some(0), Some(0)), "after half a year it counts no more");
}

fn agreement(from: &str, to: &str) -> Value {
    json!({
        "relation": "grandparent", "parents": "欧阳建国、李梅", "carer": "王奶奶", "phone": "13900003333", "duties": "吃住、接送",
        "money": "每月 800 元", "emergency": "奶奶先做主", "from_day": from, "to_day": to, "contact_every": 7,
        "school_told": true, "committee_told": true, "carer_checked": true
    })
}

async fn send_away(test: &TestApp) {
    let mut tx = test.app.begin().await.unwrap();
    sqlx::query("UPDATE guardian SET state = 'away' WHERE relation IN ('father', 'mother')").execute(&mut *tx).await.unwrap();
    tx.commit(test.app.now()).await.unwrap();
}

#[tokio::test]
async fn a_child_two_weeks_on_file_without_a_valid_assessment_stands_on_today() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let unassessed = async |login: &str| test.signed_in(login).await.get("/api/v1/today").await.json()["unassessed"].as_u64().unwrap();
    assert_eq!(unassessed("worker1").await, 0, "there are two weeks to make it");
    test.pass(SignedDuration::from_hours(24 * 15));
    assert_eq!((unassessed("worker1").await, unassessed("worker2").await), (1, 0), "its worker's");
    assert!(test.signed_in("worker1").await.get("/").await.expect(200).text.contains("没有有效的监护评估"));
    let said = json!({ "day": "2026-12-09", "answers": answers(&[]) });
    let made = test.signed_in("worker1").await.send("POST", &format!("/api/v1/cases/{}/assessments", station.case), &said).await;
    assert!(made.status < 300, "{}", made.text);
    assert_eq!(unassessed("worker1").await, 0);
    test.pass(SignedDuration::from_hours(24 * 500));
    assert_eq!(unassessed("worker1").await, 1, "it counts no longer than it says");
}

#[tokio::test]
async fn an_agreement_covers_until_its_last_day_is_flagged_before_it_and_expires_after() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    send_away(&test).await;
    let path = format!("/api/v1/cases/{}/agreements", station.case);
    let worker = test.signed_in("worker1").await;
    let covered = |list: &Value| (list["figures"]["needing"].as_u64().unwrap(), list["figures"]["covered"].as_u64().unwrap());
    assert_eq!(covered(&worker.get("/api/v1/guardianship").await.json()), (1, 0));
    assert_eq!(worker.get("/api/v1/today").await.json()["uncovered"], 1);
    // Until the eve of the Spring Festival of 2027, 5 February.
    worker.send("POST", &path, &agreement("2026-11-25", "2027-02-05")).await.expect(204);
    let id = worker.get(&path).await.json()["agreements"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(covered(&worker.get("/api/v1/guardianship").await.json()), (1, 0), "a draft covers nobody");
    worker.send("POST", &format!("/api/v1/agreements/{id}/sign"), &json!({ "day": "2026-11-25" })).await.expect(204);
    assert_eq!(covered(&worker.get("/api/v1/guardianship").await.json()), (1, 1));
    assert!(worker.get("/guardianship").await.expect(200).text.contains("100 %"));
    let stands = worker.get(&path).await.json();
    assert_eq!((stands["covered"].as_bool(), stands["agreements"][0]["expires_soon"].as_bool()), (Some(true), Some(false)));

    test.pass(SignedDuration::from_hours(24 * 43)); // 7 January 2027: 29 days before the last
    let worker = test.signed_in("worker1").await;
    assert_eq!(worker.get(&path).await.json()["agreements"][0]["expires_soon"], true);
    assert_eq!(worker.get("/api/v1/guardianship").await.json()["figures"]["expiring"], 1);
    test.pass(SignedDuration::from_hours(24 * 29)); // 5 February: the last day still covers
    let worker = test.signed_in("worker1").await;
    assert_eq!(covered(&worker.get("/api/v1/guardianship").await.json()), (1, 1));
    test.pass(SignedDuration::from_hours(24)); // 6 February, New Year's Day: no holiday lengthens it
    let worker = test.signed_in("worker1").await;
    assert_eq!(covered(&worker.get("/api/v1/guardianship").await.json()), (1, 0));
    assert_eq!(lianjie::case::agreement::actions::expire(&test.app).await.unwrap(), 1);
    assert_eq!(lianjie::case::agreement::actions::expire(&test.app).await.unwrap(), 0, "once");
    assert_eq!(test.everything("SELECT state FROM care_agreement").await.trim(), "expired");
}

#[tokio::test]
async fn a_renewal_signed_early_leaves_no_day_uncovered_and_the_worker_is_told_before_an_end() {
    // Friday before the Spring Festival of 2026; the agreement ends in the middle of it, on the 20th.
    let test = TestApp::start_at("2026-01-20T09:00:00+08:00").await;
    let station = test.station_with_case().await;
    send_away(&test).await;
    let path = format!("/api/v1/cases/{}/agreements", station.case);
    let sign = async |from: &str, to: &str, day: &str| {
        let worker = test.signed_in("worker1").await;
        worker.send("POST", &path, &agreement(from, to)).await.expect(204);
        let all = worker.get(&path).await.json();
        let draft = all["agreements"].as_array().unwrap().iter().find(|row| row["state"] == "draft").unwrap()["id"].clone();
        worker.send("POST", &format!("/api/v1/agreements/{}/sign", draft.as_str().unwrap()), &json!({ "day": day })).await.expect(204);
    };
    let figures = async || {
        let found = test.signed_in("worker1").await.get("/api/v1/guardianship").await.json();
        ["needing", "covered", "expiring"].map(|figure| found["figures"][figure].as_u64().unwrap())
    };
    let told = async || {
        lianjie::case::agreement::actions::remind(&test.app).await.unwrap();
        test.everything("SELECT template FROM notice WHERE template LIKE 'agreement_%' ORDER BY id").await
    };
    sign("2026-01-20", "2026-02-20", "2026-01-20").await;
    assert_eq!((figures().await, told().await.trim()), ([1, 1, 0], ""));
    test.pass(SignedDuration::from_hours(24)); // 30 days before
    assert_eq!((figures().await, told().await.as_str()), ([1, 1, 1], "agreement_ends"));
    assert_eq!(told().await, "agreement_ends", "once");
    test.pass(SignedDuration::from_hours(24 * 23)); // 13 February, a week before
    assert_eq!(told().await, "agreement_ends\nagreement_ends_soon");

    sign("2026-02-21", "2027-02-20", "2026-02-13").await;
    assert_eq!(test.everything("SELECT state FROM care_agreement ORDER BY from_day").await, "signed\nsigned");
    assert_eq!(figures().await, [1, 1, 0], "it goes on the day after: nothing ends soon");
    for day in 14..=28 {
        test.pass(SignedDuration::from_hours(24));
        lianjie::case::agreement::actions::expire(&test.app).await.unwrap();
        assert_eq!(figures().await, [1, 1, 0], "covered on the {day}th of February");
    }
    assert_eq!(test.everything("SELECT state FROM care_agreement ORDER BY from_day").await, "expired\nsigned");
    // One that begins before the other is over takes its place on its first day.
    sign("2026-03-10", "2027-03-09", "2026-02-28").await;
    test.pass(SignedDuration::from_hours(24 * 10)); // 10 March
    assert_eq!(lianjie::case::agreement::actions::expire(&test.app).await.unwrap(), 1);
    assert_eq!(
        test.everything("SELECT state || ' ' || COALESCE(ended_reason, '') FROM care_agreement ORDER BY from_day").await,
        "expired \nended renewed\nsigned "
    );
    assert_eq!(figures().await, [1, 1, 0]);
}

#[tokio::test]
async fn an_agreement_is_renewed_refused_with_sentences_and_names_nobody_to_the_county() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    send_away(&test).await;
    let path = format!("/api/v1/cases/{}/agreements", station.case);
    let worker = test.signed_in("worker1").await;
    for (field, value, sentence) in [
        ("contact_every", json!(30), "至少每周"),
        ("carer_checked", json!(false), "核对"),
        ("to_day", json!("2026-11-20"), "开始之后"),
        ("relation", json!("stranger"), "relation"),
        ("carer", json!(""), "carer"),
    ] {
        let mut wrong = agreement("2026-11-25", "2027-11-24");
        wrong[field] = value;
        let refused = worker.send("POST", &path, &wrong).await.expect(422);
        assert!(refused.text.contains(sentence), "{field}: {}", refused.text);
    }
    for to in ["2027-11-24", "2028-11-24"] {
        worker.send("POST", &path, &agreement("2026-11-25", to)).await.expect(204);
        let all = worker.get(&path).await.json();
        let draft = all["agreements"].as_array().unwrap().iter().find(|row| row["state"] == "draft").unwrap()["id"].clone();
        let sign = format!("/api/v1/agreements/{}/sign", draft.as_str().unwrap());
        worker.send("POST", &sign, &json!({ "day": "2026-11-25" })).await.expect(204);
        worker.send("POST", &sign, &json!({ "day": "2026-11-25" })).await.expect(409);
    }
    assert_eq!(
        test.everything("SELECT state || ' ' || COALESCE(ended_reason, '') FROM care_agreement ORDER BY to_day").await,
        "ended renewed\nsigned "
    );
    assert!(!test.everything("SELECT words FROM care_agreement").await.contains("王奶奶"), "sealed in the store");
    let county = test.signed_in("county1").await.get(&path).await.expect(200);
    assert!(county.json()["covered"] == true && !county.text.contains("王奶奶") && !county.text.contains("13900003333"));
    test.signed_in("worker2").await.get(&path).await.expect(403);
    assert!(worker.get(&format!("/cases/{}/agreements", station.case)).await.expect(200).text.contains("王奶奶"));
}

#[tokio::test]
async fn a_plan_waits_on_the_page_of_today_from_the_day_of_its_review() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    taken_in(&test).await;
    assess(&test, station.case.as_str()).await;
    let path = format!("/api/v1/cases/{}/plan", station.case);
    let (worker, head) = (test.signed_in("worker1").await, test.signed_in("head1").await);
    // Its goal is looked at on 28 December, the whole of it on 26 February.
    worker.send("PUT", &path, &plan("放学以后有人照看", true)).await.expect(204);
    head.send("POST", &format!("{path}/approve"), &json!({})).await.expect(204);
    let waits = async |days: i64| {
        test.pass(SignedDuration::from_hours(24 * days));
        let worker = test.signed_in("worker1").await;
        let count = worker.get("/api/v1/today").await.expect(200).json()["plans_to_review"].as_u64().unwrap();
        let page = worker.get("/").await.expect(200).text;
        assert_eq!(page.contains("<b>1</b><span>计划到期评估</span>"), count == 1, "the page says what the count says: {page}");
        count
    };
    assert_eq!((waits(0).await, waits(32).await, waits(1).await), (0, 0, 1), "not on the 27th, on the 28th");
    let worker = test.signed_in("worker1").await;
    assert_eq!(test.signed_in("head1").await.get("/api/v1/today").await.json()["plans_to_review"], 1, "the head sees it, too");
    let goal = worker.get(&path).await.json()["plan"][0]["goals"][0]["id"].as_str().unwrap().to_owned();
    worker.send("POST", &format!("{path}/goals/{goal}"), &json!({ "result": "partly" })).await.expect(204);
    assert_eq!((waits(0).await, waits(59).await, waits(1).await), (0, 0, 1), "the goal was looked at, the whole plan is in February");
}
