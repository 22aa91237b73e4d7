//! Projects at work: one child is counted once, names are not kept, money stays within its ceilings.

use lianjie::access::{Role, Scope};
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::referrals::{Provider, TOWNSHIP};

struct World {
    test: TestApp,
    provider: Provider,
    program: String,
    number: String,
}

/// A provider with a project of 2026, budget 3,000 yuan, and a case of a station.
async fn world() -> World {
    let test = TestApp::start().await;
    test.station_with_case().await;
    let provider = test.provider("sun", "社工机构", TOWNSHIP, "EDU-04", None).await;
    let owner = test.signed_in("sun").await;
    let body = json!({ "name": "爱心暑托班", "funder": "县民政局", "from": "2026-07-01", "to": "2026-12-31", "budget_yuan": "3000",
                       "target_children": 20, "target_sessions": 10 });
    let path = format!("/api/v1/organizations/{}/programs", provider.id);
    let made = owner.send("POST", &path, &body).await;
    assert!(made.status == 200 || made.status == 201, "{}", made.text);
    let program = test.everything("SELECT id FROM program").await.trim().to_owned();
    let number = test.everything("SELECT number FROM \"case\"").await.trim().to_owned();
    World { test, provider, program, number }
}

fn held(day: &str, children: &str, headcount: u32) -> Value {
    json!({ "kind": "grouped", "topic": "after_school", "title": "四点半课堂", "day": day, "sessions": 2, "headcount": headcount, "children": children })
}

#[tokio::test]
async fn a_child_that_comes_twice_is_one_child_and_two_participations() {
    let world = world().await;
    let owner = world.test.signed_in("sun").await;
    let path = format!("/api/v1/programs/{}/activities", world.program);
    owner.send("POST", &path, &held("2026-07-10", "王小明\n李小红", 0)).await.expect(204);
    owner.send("POST", &path, &held("2026-07-17", " 王小明 \n\n王小明\n320000201503170024", 30)).await.expect(204);
    let delivery = owner.get(&format!("/api/v1/programs/{}/delivery", world.program)).await.expect(200).json();
    let delivered = &delivery["delivered"];
    let count = |name: &str| delivered[name].as_u64().unwrap();
    assert_eq!((count("activities"), count("sessions"), count("children"), count("participations"), count("headcount")), (2, 4, 3, 4, 30));
    let stored = world.test.everything("SELECT child_hash || ' ' || title FROM attendance t JOIN activity a ON a.id = t.activity_id").await;
    assert!(!stored.contains("王小明") && !stored.contains("3200002015"), "no name and no number is kept");
    assert!(owner.get(&format!("/programs/{}", world.program)).await.expect(200).text.contains("3 <small> / 20</small>"));
    let twice = [
        ("key", "activity-key-1"),
        ("kind", "grouped"),
        ("topic", "camp"),
        ("title", "夏令营"),
        ("day", "2026-08-01"),
        ("sessions", "1"),
        ("headcount", "5"),
    ];
    for _ in 0..2 {
        owner.post(&format!("/programs/{}/activities", world.program), &twice).await.expect(303);
    }
    let delivery = owner.get(&format!("/api/v1/programs/{}/delivery", world.program)).await.json();
    assert_eq!(delivery["delivered"]["activities"], 3, "sent twice, held once");
}

#[tokio::test]
async fn a_stations_own_activity_counts_a_child_on_file_by_its_number_wherever_it_comes() {
    let world = world().await;
    let worker = world.test.signed_in("worker1").await;
    worker.send("POST", "/api/v1/activities", &held("2026-11-20", &world.number, 0)).await.expect(204);
    worker.send("POST", "/api/v1/activities", &held("2026-11-21", &world.number.to_lowercase(), 0)).await.expect(204);
    let hashes = world.test.everything("SELECT COUNT(DISTINCT child_hash) || ' ' || COUNT(*) FROM attendance").await;
    assert_eq!(hashes, "1 2");
    let owner = world.test.signed_in("sun").await;
    let refused = owner
        .send("POST", &format!("/api/v1/programs/{}/activities", world.program), &held("2026-07-10", &world.number, 0))
        .await
        .expect(422);
    assert!(refused.text.contains("第 1 行"), "a case that is not the provider's is not known to it: {}", refused.text);
    owner.get("/activities").await.expect(403);
}

#[tokio::test]
async fn rows_that_do_not_read_are_named_and_nothing_is_stored() {
    let world = world().await;
    let owner = world.test.signed_in("sun").await;
    let page = format!("/programs/{}/activities", world.program);
    let fields = |children: &'static str, day: &'static str| {
        [
            ("kind", "grouped"),
            ("topic", "camp"),
            ("title", "夏令营"),
            ("day", day),
            ("sessions", "1"),
            ("headcount", ""),
            ("children", children),
        ]
    };
    let refused = owner.post(&page, &fields("王小明\n12345\n320000201503170025\n李", "2026-08-01")).await.expect(422);
    assert!(refused.text.contains("第 2、3、4 行") && refused.text.contains("王小明"), "{}", refused.text);
    let refused = owner.post(&page, &fields("王小明", "2026-06-30")).await.expect(422);
    assert!(refused.text.contains("2026-07-01 到 2026-12-31"), "{}", refused.text);
    let refused = owner.post(&page, &fields("", "2026-08-01")).await.expect(422);
    assert!(refused.text.contains("名单和人数"));
    assert!(world.test.everything("SELECT id FROM activity").await.is_empty());
    for (login, status) in [("head1", 404), ("worker1", 404), ("county1", 200)] {
        world.test.signed_in(login).await.get(&format!("/programs/{}", world.program)).await.expect(status);
    }
    world.test.visitor().get("/programs").await.expect(303);
}

#[tokio::test]
async fn money_stays_within_the_budget_and_the_ceiling_and_the_county_pays() {
    let world = world().await;
    let county = world.test.signed_in("county1").await;
    let path = format!("/api/v1/programs/{}/subsidies", world.program);
    let pay = |fen: i64| json!({ "purpose": "project", "amount_fen": fen, "day": "2026-11-01", "receipt": "宁财2026-18" });
    world.test.signed_in("sun").await.send("POST", &path, &pay(100)).await.expect(403);
    county.send("POST", &path, &pay(200_000)).await.expect(204);
    let refused = county.send("POST", &path, &pay(100_001)).await.expect(422);
    assert!(refused.text.contains("预算 3000.00 元，已拨 2000.00 元，还能拨 1000.00 元"), "{}", refused.text);
    county.send("POST", &path, &pay(100_000)).await.expect(204);
    assert_eq!(county.get("/api/v1/programs").await.json()["programs"][0]["delivered"]["paid_fen"], 300_000);

    let station = world.test.everything("SELECT id FROM organization WHERE kind = '未保工作站'").await.trim().to_owned();
    let run =
        |fen: i64, day: &str| json!({ "station": station, "purpose": "running", "amount_fen": fen, "day": day, "receipt": "宁财2026-19" });
    county.send("POST", "/api/v1/subsidies", &run(2_000_000, "2026-03-01")).await.expect(204);
    let refused = county.send("POST", "/api/v1/subsidies", &run(100, "2026-11-01")).await.expect(422);
    assert!(refused.text.contains("上限 20000.00 元"), "{}", refused.text);
    county.send("POST", "/api/v1/subsidies", &run(2_000_000, "2025-12-31")).await.expect(204);
    county.send("POST", "/api/v1/subsidies", &json!({ "station": world.provider.id.to_string(), "purpose": "running", "amount_fen": 1, "day": "2026-11-01", "receipt": "x" })).await.expect(422);
    let refused = county
        .post(
            "/subsidies",
            &[("station", &station), ("purpose", "building"), ("amount", "一万"), ("paid_day", "2026-11-01"), ("receipt", "x")],
        )
        .await
        .expect(422);
    assert!(refused.text.contains("2000.50"));
    assert!(
        world.test.signed_in("head1").await.get("/activities").await.expect(200).text.contains("20000.00"),
        "the station sees what it was paid"
    );
}

#[tokio::test]
async fn what_was_written_down_wrongly_is_taken_back_is_counted_nowhere_and_is_kept() {
    let world = world().await;
    let (owner, county) = (world.test.signed_in("sun").await, world.test.signed_in("county1").await);
    let program = format!("/programs/{}", world.program);
    for day in ["2026-07-10", "2026-07-11"] {
        owner.send("POST", &format!("/api/v1{program}/activities"), &held(day, "王小明", 3)).await.expect(204);
    }
    let pay = json!({ "purpose": "project", "amount_fen": 300_000, "day": "2026-11-01", "receipt": "宁财2026-18" });
    county.send("POST", &format!("/api/v1{program}/subsidies"), &pay).await.expect(204);
    let delivery = async || owner.get(&format!("/api/v1{program}/delivery")).await.expect(200).json();
    let (activity, payment) = (delivery().await["activities"][0]["id"].clone(), delivery().await["payments"][0]["id"].clone());
    let (activity, payment) = (activity.as_str().unwrap(), payment.as_str().unwrap());

    world.test.signed_in("worker1").await.post(&format!("/activities/{activity}/retract"), &[("reason", "twice")]).await.expect(404);
    owner.post(&format!("/activities/{activity}/retract"), &[("reason", "王小明没来")]).await.expect(422);
    owner.post(&format!("/subsidies/{payment}/retract"), &[("reason", "wrong")]).await.expect(403);
    assert_eq!(delivery().await["delivered"]["activities"], 2, "nothing happened");

    let to = owner.post(&format!("/activities/{activity}/retract"), &[("reason", "twice")]).await.expect(303).location.unwrap();
    let page = owner.get(&to).await.expect(200).text;
    assert!(page.contains("已撤销的记录") && page.contains("记重了"), "{page}");
    county.send("POST", &format!("/api/v1/subsidies/{payment}/retract"), &json!({ "reason": "wrong" })).await.expect(204);
    let now = delivery().await;
    let count = |name: &str| now["delivered"][name].as_u64().unwrap();
    assert_eq!((count("activities"), count("children"), count("participations"), count("headcount"), count("paid_fen")), (1, 1, 1, 3, 0));
    county.send("POST", &format!("/api/v1{program}/subsidies"), &pay).await.expect(204);
    owner.post(&format!("/activities/{activity}/retract"), &[("reason", "twice")]).await.expect(404);
    let kept = world
        .test
        .everything("SELECT kind || ' ' || day || ' ' || what || ' ' || reason || ' ' || content FROM retracted ORDER BY kind")
        .await;
    assert!(
        kept.contains("activity 2026-07-11 四点半课堂 twice") && kept.contains("\"listed\":1") && kept.contains("\"amount_fen\":300000"),
        "{kept}"
    );
    let log = world.test.everything("SELECT action || ' ' || fields FROM audit_event WHERE action LIKE '%.retracted'").await;
    assert!(log.contains("activity.retracted") && log.contains("subsidy.retracted") && !log.contains("王小明"), "{log}");
    assert!(county.get("/programs").await.expect(200).text.contains("给工作站拨款"));
}

#[tokio::test]
async fn a_project_is_not_paid_beyond_its_ceiling_however_large_its_budget() {
    let world = world().await;
    let body = json!({ "name": "守护成长", "funder": "县民政局", "from": "2026-01-01", "to": "2026-12-31", "budget_yuan": "500000",
                       "target_children": 200, "target_sessions": 100 });
    let path = format!("/api/v1/organizations/{}/programs", world.provider.id);
    let made = world.test.signed_in("sun").await.send("POST", &path, &body).await;
    assert!(made.status < 300, "{}", made.text);
    let program = world.test.everything("SELECT id FROM program WHERE name = '守护成长'").await.trim().to_owned();
    let county = world.test.signed_in("county1").await;
    let path = format!("/api/v1/programs/{program}/subsidies");
    let pay = |fen: i64| json!({ "purpose": "project", "amount_fen": fen, "day": "2026-11-01", "receipt": "宁财2026-18" });
    let refused = county.send("POST", &path, &pay(20_000_001)).await.expect(422);
    assert!(refused.text.contains("超过补助上限：上限 200000.00 元，已拨 0.00 元，还能拨 200000.00 元"), "{}", refused.text);
    county.send("POST", &path, &pay(19_999_999)).await.expect(204);
    let refused = county.send("POST", &path, &pay(2)).await.expect(422);
    assert!(refused.text.contains("还能拨 0.01 元"), "{}", refused.text);
    county.send("POST", &path, &pay(1)).await.expect(204);
    let page = format!("/programs/{program}");
    assert!(county.get(&page).await.expect(200).text.contains("每个项目最多 200000.00 元"), "it is said before it is hit");
    let fields = [("amount", "0.01"), ("paid_day", "2026-11-02"), ("receipt", "宁财2026-19")];
    let refused = county.post(&format!("{page}/subsidies"), &fields).await.expect(422);
    assert!(refused.text.contains("上限 200000.00 元，已拨 200000.00 元，还能拨 0.00 元"), "{}", refused.text);
    assert!(refused.text.contains("value=\"宁财2026-19\""), "what was typed is there");
    // Another project has a ceiling of its own.
    county.send("POST", &format!("/api/v1/programs/{}/subsidies", world.program), &pay(300_000)).await.expect(204);
}

#[tokio::test]
async fn the_county_that_buys_a_project_sees_and_pays_it_wherever_the_body_sits() {
    let world = world().await;
    let test = &world.test;
    test.account("elsewhere", None, Role::Coordinator, Scope::Division("320106".parse().unwrap())).await;
    let owner = test.signed_in("sun").await;
    let body = json!({ "name": "鼓楼亲子夜校", "funder": "鼓楼区民政局", "division": "320106", "from": "2026-07-01", "to": "2026-12-31",
                       "budget_yuan": "3000" });
    let path = format!("/api/v1/organizations/{}/programs", world.provider.id);
    owner
        .send("POST", &path, &json!({ "name": "甲", "funder": "乙", "division": "999999", "from": "2026-07-01", "to": "2026-12-31" }))
        .await
        .expect(422);
    let made = owner.send("POST", &path, &body).await;
    let id = made.json()["program"]["id"].as_str().unwrap().to_owned();
    owner.send("POST", &format!("/api/v1/programs/{id}/activities"), &held("2026-07-10", "王小明", 0)).await.expect(204);

    let (there, here) = (test.signed_in("elsewhere").await, test.signed_in("county1").await);
    assert!(there.get("/programs").await.expect(200).text.contains("鼓楼亲子夜校"));
    assert!(!here.get("/programs").await.expect(200).text.contains("鼓楼亲子夜校"), "the county it sits in does not buy it");
    here.get(&format!("/programs/{id}")).await.expect(404);
    let payment = json!({ "purpose": "project", "amount_fen": 100_000, "day": "2026-08-01", "receipt": "鼓-1" });
    here.send("POST", &format!("/api/v1/programs/{id}/subsidies"), &payment).await.expect(404);
    there.send("POST", &format!("/api/v1/programs/{id}/subsidies"), &payment).await.expect(204);
    let divisions = test.everything("SELECT division FROM subsidy UNION ALL SELECT division FROM activity").await;
    assert!(divisions.lines().all(|line| line == "320106"), "it is counted where it is bought: {divisions}");
    let form = owner.get(&format!("/programs/{id}/edit")).await.expect(200).text;
    assert!(form.contains("value=\"320106\" selected"), "{form}");
    assert!(owner.get(&format!("/programs/{}/edit", world.program)).await.expect(200).text.contains("value=\"320116\" selected"));
}
