//! Matching stored cases and free ones, over HTTP and by file.

use lianjie::access::{Actor, Role, Scope};
use lianjie::id::{CaseId, OrganizationId};
use lianjie::locale::Locale;
use lianjie::matching::actions::{frozen, learn, match_case};
use lianjie::matching::model::{Measure, freeze};
use lianjie::matching::{match_file, store};
use lianjie_index::{Change, Entry};
use serde_json::{Value, json};

use crate::support::cases::{PLANTED, body, open_case, open_json};
use crate::support::{Browser, TestApp};

/// A service in 长芦街道: open to everybody who lives in the county, unless `more` says otherwise.
pub fn service(id: &str, term: &str, more: &Value) -> Entry {
    let mut entry = json!({
        "site": format!("site-{id}"), "service": id, "organization": format!("org-{id}"),
        "name": format!("测试服务{id}"), "organization_name": format!("测试机构{id}"), "kind": "社工机构",
        "terms": [term], "delivery": ["site"], "eligibility": {"all": []}, "areas": ["320116"],
        "division": "320116012", "point": {"longitude": 118.79, "latitude": 32.27},
        "fees": [{"audience": "hardship", "level": "free"}], "wait_days": 7, "assured_at": "2026-11-20T00:00:00Z",
        "visibility": {"search": "yes", "matching": true, "level": "public"}
    });
    for (key, value) in more.as_object().unwrap() {
        entry[key] = value.clone();
    }
    serde_json::from_value(entry).unwrap()
}

/// A directory of four services for the planted child's needs.
pub fn directory(test: &TestApp) {
    let entries = [
        service("near", "DEV-02", &json!({})),
        service("adhd", "DEV-02", &json!({"eligibility": {"diagnosis": ["adhd"]}, "point": {"longitude": 118.80, "latitude": 32.30}})),
        service("small", "DEV-02", &json!({"eligibility": {"age_months": [36, 83]}})),
        service("paper", "DEV-02", &json!({"eligibility": {"all": [{"holds": ["disability_certificate"]}, {"age_months": [0, 215]}]}})),
        service(
            "refuge",
            "EMG-02",
            &json!({"visibility": {"search": "yes", "matching": true, "level": "restricted"}, "point_hidden": true}),
        ),
        service("mediator", "LAW-09", &json!({"kind": "司法所"})),
        service("rehab", "REH-04", &json!({"fees": [{"audience": "other", "level": "full", "amount_fen": 12000}]})),
    ];
    let changes = entries.into_iter().map(|entry| Change { service: entry.service.clone(), entries: vec![entry] }).collect();
    test.app.index.get().apply(changes, 1).unwrap();
}

async fn world() -> (TestApp, OrganizationId, Browser) {
    let test = TestApp::start().await;
    directory(&test);
    let station = test.station("长芦未保工作站", "320116012").await;
    test.of_station("worker1", Role::Worker, &station).await;
    let worker = test.signed_in("worker1").await;
    (test, station, worker)
}

fn ids(proposals: &Value, list: &str) -> Vec<String> {
    proposals[0][list].as_array().unwrap().iter().map(|service| service["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_stored_case_is_matched_with_reasons_and_the_log_has_it() {
    let (test, _, worker) = world().await;
    let id = open_case(&worker, "key-match-01", &[("terms", "DEV-02")]).await;
    let answer = worker.send("POST", &format!("/api/v1/cases/{id}/match"), &json!({})).await.expect(200).json();
    assert_eq!(ids(&answer["proposals"], "services"), ["near", "adhd"]);
    let mut excluded = ids(&answer["proposals"], "excluded");
    excluded.sort();
    assert_eq!(excluded, ["paper", "small"]);
    assert_eq!(answer["needs"][0]["tier"], 2, "the need's own tier");
    insta::assert_json_snapshot!("stored_case", answer);

    let events = test.dump("SELECT action || ' ' || object_ref || ' ' || fields FROM audit_event WHERE action = 'case.matched'").await;
    assert!(events.contains(id.as_str()) && events.contains("\"diagnoses\"") && events.contains("\"point\""), "{events}");
}

#[tokio::test]
async fn a_request_names_nobody_and_rounds_the_home() {
    let (test, station, worker) = world().await;
    let id = open_case(&worker, "key-match-02", &[("terms", "DEV-02")]).await;
    let me = worker.get("/api/v1/me").await.json()["id"].as_str().unwrap().parse().unwrap();
    let mut actor = Actor::visitor();
    actor.who = lianjie::access::Who::Account;
    actor.id = me;
    actor.grants = vec![lianjie::access::Grant { role: Role::Worker, scope: Scope::Organization(station) }];
    let matched = match_case(&test.app, &actor, &id, Locale::Zh).await.unwrap();
    let said = format!("{:?}", matched.request);
    for secret in PLANTED.iter().copied().chain([
        "小禾",
        id.as_str(),
        matched.child.id.as_str(),
        matched.case.number.as_str(),
        "118.78743",
        "32.26241",
        "320116012201",
    ]) {
        assert!(!said.contains(secret), "{secret} is in the request: {said}");
    }
    let place = matched.request.place.as_ref().unwrap();
    let home = place.longitude.zip(place.latitude).unwrap();
    assert!((home.0 - 118.78743).abs() < 0.004 && (home.1 - 32.26241).abs() < 0.003, "{home:?}");

    let term = matched.needs[0].term.clone();
    let kept = freeze(&matched.answer, &term, "site-adhd", test.app.now()).unwrap();
    assert_eq!((&kept["rank"], &kept["shown"], &kept["parameters"]), (&json!(2), &json!(["site-near", "site-adhd"]), &json!("2026-11")));
    assert_eq!(kept["candidate"]["utility"], matched.answer.proposals[0].services[1].utility);
    assert!(freeze(&matched.answer, &term, "site-small", test.app.now()).is_none(), "what was not proposed is not kept as if it were");
    let unknown = lianjie::id::ServiceAtLocationId::new(test.app.now());
    assert!(frozen(&test.app, &actor, &id, &term, std::slice::from_ref(&unknown)).await.unwrap() == [None]);
}

#[tokio::test]
async fn what_the_asker_may_not_see_is_unknown_to_the_matcher() {
    let (test, station, worker) = world().await;
    let id = open_case(&worker, "key-match-03", &[("terms", "DEV-02")]).await;
    test.account("coord1", None, Role::Coordinator, Scope::Division("320116".parse().unwrap())).await;
    let path = format!("/api/v1/cases/{id}/match");
    let answer = test.signed_in("coord1").await.send("POST", &path, &json!({})).await.expect(200).json();
    let adhd = answer["proposals"][0]["services"].as_array().unwrap().iter().find(|service| service["id"] == "adhd").unwrap();
    assert_eq!(adhd["eligible"], "ask", "a diagnosis is not the coordinator's: {adhd}");

    test.of_station("colleague", Role::Worker, &station).await;
    test.signed_in("colleague").await.send("POST", &path, &json!({})).await.expect(403);
    let other = test.station("城东未保工作站", "320106002").await;
    test.of_station("stranger", Role::Worker, &other).await;
    let stranger = test.signed_in("stranger").await;
    stranger.send("POST", &path, &json!({})).await.expect(404);
    stranger.get(&format!("/cases/{id}/match")).await.expect(404);
}

#[tokio::test]
async fn the_page_says_why_and_why_not() {
    let (_test, _, worker) = world().await;
    let id = open_case(&worker, "key-match-04", &[("terms", "DEV-02")]).await;
    let page = worker.get(&format!("/cases/{id}/match")).await.expect(200).text;
    for said in [
        "测试服务near",
        "测试服务adhd",
        "每 100 次这样的转介",
        "接收条件都符合",
        "需有诊断：多动症",
        "没有登记空位",
        "服务范围包含现住的街道",
    ] {
        assert!(page.contains(said), "{said} is not said\n{page}");
    }
    assert!(page.contains("需残疾人证（可先申办）"), "what would do is said\n{page}");
    assert!(page.contains("/referrals/new?need=") && page.contains("&#38;service_at_location=site-near"), "{page}");
    for planted in PLANTED {
        assert!(!page.contains(planted), "{planted} stands on the page");
    }
    let asked = worker.get(&format!("/cases/{id}/match?q=测试服务small")).await.expect(200).text;
    assert!(asked.contains("&#38;service=small#why"), "{asked}");
    let why = worker.get(&format!("/cases/{id}/match?service=small")).await.expect(200).text;
    assert!(why.contains("条件不符：满 3 岁、未满 7 岁") && why.contains("这一条没有变通的余地"), "{why}");
    let why = worker.get(&format!("/cases/{id}/match?service=adhd")).await.expect(200).text;
    assert!(why.contains("排第 2"), "{why}");
    let why = worker.get(&format!("/cases/{id}/match?service=mediator")).await.expect(200).text;
    assert!(why.contains("它做的是：家庭与邻里纠纷调解"), "{why}");
    assert!(worker.get(&format!("/cases/{id}/match?service=nobody")).await.expect(200).text.contains("目录里没有这项服务"));
}

#[tokio::test]
async fn a_case_without_an_open_need_has_nothing_to_match() {
    let (_test, _, worker) = world().await;
    let id = open_json(&worker, &json!({"facts": {"birth_month": "2015-03", "division": "320116012"}})).await;
    let page = worker.get(&format!("/cases/{id}/match")).await.expect(200).text;
    assert!(page.contains("没有要匹配的需要"), "{page}");
}

#[tokio::test]
async fn restricted_entries_are_matched_for_workers_only() {
    let (test, _, worker) = world().await;
    let case = json!({"age_months": 130, "place": {"division": "320116012"}, "needs": [{"term": "EMG-02"}]});
    let answer = worker.send("POST", "/api/v1/match", &case).await.expect(200).json();
    assert_eq!(ids(&answer["proposals"], "services"), ["refuge"]);
    let provider = test.station("某机构", "320116012").await;
    test.account("provider1", Some(&provider), Role::Provider, Scope::Organization(provider.clone())).await;
    let answer = test.signed_in("provider1").await.send("POST", "/api/v1/match", &case).await.expect(200).json();
    assert!(ids(&answer["proposals"], "services").is_empty(), "a refuge is not the public's: {answer}");
    test.visitor().send("POST", "/api/v1/match", &case).await.expect(401);
}

#[tokio::test]
async fn a_free_case_with_an_unknown_key_is_refused_by_name() {
    let (_test, _, worker) = world().await;
    let named = json!({"age_months": 130, "place": {"division": "320116012"}, "name": "某某"});
    let problem = worker.send("POST", "/api/v1/match", &named).await.expect(422).json();
    assert!(problem["errors"][0]["text"].as_str().unwrap().contains("unknown field `name`"), "{problem}");
}

#[tokio::test]
async fn harm_forbids_mediation_and_says_by_which_rule() {
    let (_test, _, worker) = world().await;
    let case = json!({"age_months": 130, "place": {"division": "320116012"}, "categories": ["HARM"], "needs": [{"term": "LAW-09"}]});
    let answer = worker.send("POST", "/api/v1/match", &case).await.expect(200).json();
    assert!(ids(&answer["proposals"], "services").is_empty(), "{answer}");
    let warned = answer["warnings"].as_array().unwrap().iter().any(|warning| warning["text"].as_str().unwrap().contains("不安排调解"));
    assert!(warned, "{answer}");
    let unharmed = json!({"age_months": 130, "place": {"division": "320116012"}, "categories": ["GENERAL"], "needs": [{"term": "LAW-09"}]});
    let answer = worker.send("POST", "/api/v1/match", &unharmed).await.expect(200).json();
    assert_eq!(ids(&answer["proposals"], "services"), ["mediator"]);
}

#[tokio::test]
async fn a_report_that_is_due_forbids_mediation_too() {
    let (_test, _, worker) = world().await;
    let mut case = body("小川", "320116012201");
    case["situations"] = json!([4]);
    case["needs"] = json!([{"term": "LAW-09"}]);
    let id = open_json(&worker, &case).await;
    let answer = worker.send("POST", &format!("/api/v1/cases/{id}/match"), &json!({})).await.expect(200).json();
    assert!(ids(&answer["proposals"], "services").is_empty(), "{answer}");
    assert!(answer["plan"].is_object() || answer["plan"].is_null(), "the plan stands in the answer of a stored case too");
    assert!(worker.get(&format!("/cases/{id}/match")).await.expect(200).text.contains("不安排调解"));
}

#[tokio::test]
async fn what_the_state_pays_is_free() {
    let (_test, _, worker) = world().await;
    let fee = async |hukou: &str| {
        let case = json!({"age_months": 60, "hukou": hukou, "place": {"division": "320116012"}, "diagnoses": {"autism": true}, "needs": [{"term": "REH-04"}]});
        let answer = worker.send("POST", "/api/v1/match", &case).await.expect(200).json();
        answer["proposals"][0]["services"][0]["fee_fen"].clone()
    };
    assert_eq!(fee("320583").await, json!(0), "registered in Jiangsu");
    assert_eq!(fee("34").await, json!(12000), "registered elsewhere");
}

#[tokio::test]
async fn what_the_loop_learns_moves_the_ranking() {
    let (test, _, worker) = world().await;
    let case = json!({"age_months": 130, "place": {"division": "320116012"}, "diagnoses": {"adhd": true}, "needs": [{"term": "DEV-02"}]});
    let first = worker.send("POST", "/api/v1/match", &case).await.expect(200).json();
    assert_eq!(ids(&first["proposals"], "services")[0], "near");
    let today = test.app.today();
    let mut tx = test.app.begin().await.unwrap();
    for _ in 0..2 {
        store::count(&mut tx, "near", Measure::Unanswered, today, 1, 1).await.unwrap();
    }
    tx.commit(test.app.now()).await.unwrap();
    learn(&test.app).await.unwrap();
    let after = worker.send("POST", "/api/v1/match", &case).await.expect(200).json();
    assert_eq!(ids(&after["proposals"], "services")[0], "adhd", "two unanswered referrals weigh");
}

#[tokio::test]
async fn files_are_answered_in_their_order_and_a_fault_names_its_line() {
    let (test, _, _) = world().await;
    let line = |id: &str, term: &str| {
        json!({"id": id, "age_months": 130, "place": {"division": "320116012"}, "needs": [{"term": term}]}).to_string()
    };
    let lines = format!("{}\n\n{}\n", line("b", "DEV-02"), line("a", "EMG-02"));
    let answers = match_file(&test.app, &lines, true, Locale::En).unwrap();
    let answered: Vec<Value> = answers.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&answered[0]["id"], &answered[1]["id"]), (&json!("b"), &json!("a")));
    assert_eq!(answered[1]["proposals"][0]["services"][0]["id"], "refuge");
    let fault = match_file(&test.app, &format!("{}\n{{\"age\":1}}", line("b", "DEV-02")), true, Locale::En).unwrap_err().to_string();
    assert!(fault.starts_with("line 2: case: unknown field `age`"), "{fault}");
    assert!(match_file(&test.app, &line("b", "DEV-02"), false, Locale::Zh).unwrap().contains("\"eligible\": \"yes\""));
}

#[tokio::test]
async fn why_not_is_answered_for_the_need_of_that_case() {
    let (_test, _, worker) = world().await;
    let id = open_case(&worker, "key-match-05", &[("terms", "DEV-02")]).await;
    let other = open_json(&worker, &body("小川", "320116012201")).await;
    let need = worker.get(&format!("/api/v1/cases/{id}")).await.json()["case"]["needs"][0]["id"].clone();
    let asked = json!({"need": need, "service": "paper"});
    let why = worker.send("POST", &format!("/api/v1/cases/{id}/why_not"), &asked).await.expect(200).json();
    assert_eq!((&why["why_not"]["kind"], &why["why_not"]["fact"]), (&json!("excluded"), &json!("holds")));
    worker.send("POST", &format!("/api/v1/cases/{other}/why_not"), &asked).await.expect(404);
    let _: CaseId = other.parse().unwrap();
}

#[tokio::test]
async fn a_gap_is_proposed_again_when_a_service_for_it_appears() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let need = test.need(&station.case, "EDU-04", 2, false).await;
    let worker = test.signed_in("worker1").await;
    let before = test.provider("old", "社工机构", "320116012", "EDU-04", None).await;
    test.pass(jiff::SignedDuration::from_mins(1));
    let declared = json!({ "step": "declare_gap", "reason": "没有人接" });
    worker.send("POST", &format!("/api/v1/needs/{need}/steps"), &declared).await.expect(200);
    let told = async || {
        lianjie::matching::look_again(&test.app).await.unwrap();
        lianjie::matching::look_again(&test.app).await.unwrap();
        test.everything("SELECT facts FROM notice WHERE template = 'gap_may_close'").await
    };
    assert_eq!(told().await, "", "what was there before was looked at before: {}", before.id);
    test.pass(jiff::SignedDuration::from_mins(1));
    test.provider("sun", "社工机构", "320116012", "EDU-04", None).await;
    lianjie::search::catch_up(&test.app).await.unwrap();
    let facts = told().await;
    assert_eq!(facts.lines().count(), 1, "once: {facts}");
    assert!(facts.contains(&format!("/needs/{need}")), "{facts}");
}
