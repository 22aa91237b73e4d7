//! Entries that are one: looked at side by side, merged by a registrar, undone, told apart for good.

use lianjie::access::{Role, Scope};

use crate::conference::run;
use crate::support::TestApp;
use crate::support::browser::Browser;
use crate::support::directory::Listing;

/// Two entries of one body, each with a service, and the registrar of their county.
async fn two(test: &TestApp) -> (Browser, Listing, Listing) {
    let one = Listing::new(test, "四点半课堂", &["DEV-02"], "320116010").put(test).await;
    let other = Listing::new(test, "周末陪伴", &["DEV-02"], "320116010")
        .with(|listing| {
            "向阳花青少年社工中心".clone_into(&mut listing.organization.name);
            "社区里的老牌子。".clone_into(&mut listing.organization.description);
        })
        .put(test)
        .await;
    test.account("registrar1", None, Role::Registrar, Scope::Division("320116".parse().unwrap())).await;
    test.account("registrar2", None, Role::Registrar, Scope::Division("320111".parse().unwrap())).await;
    (test.signed_in("registrar1").await, one, other)
}

fn pair(one: &Listing, other: &Listing) -> String {
    let (a, b) = (one.organization.id.to_string(), other.organization.id.to_string());
    format!("/duplicates/organization/{}/{}", a.clone().min(b.clone()), a.max(b))
}

async fn services(test: &TestApp) -> String {
    let query =
        "SELECT s.name || ' ' || o.name || ' ' || o.status FROM service s JOIN organization o ON o.id = s.organization_id ORDER BY s.name";
    test.everything(query).await
}

#[tokio::test]
async fn what_looks_alike_is_shown_with_what_speaks_for_it_and_made_one() {
    let test = TestApp::start().await;
    let (registrar, one, other) = two(&test).await;
    let list = registrar.get("/duplicates").await.expect(200).text;
    assert!(list.contains("向阳花青少年社会工作") || list.contains("向阳花青少年社工中心"), "{list}");
    assert!(list.contains("地址 相同 +") && list.contains(&pair(&one, &other)), "{list}");
    let page = registrar.get(&pair(&one, &other)).await.expect(200).text;
    assert!(page.contains("社区里的老牌子。") && page.contains("name=\"description\" value=\"right\""), "{page}");

    let keep = one.organization.id.to_string();
    let keep_is_left = pair(&one, &other).contains(&format!("organization/{keep}"));
    let description = if keep_is_left { "right" } else { "left" };
    let decided = [("keep", keep.as_str()), ("description", description), ("left_version", "1"), ("right_version", "1"), ("do", "merge")];
    registrar.post(&pair(&one, &other), &decided).await.expect(303);
    let after = services(&test).await;
    assert_eq!(after, "周末陪伴 向阳花青少年社工服务中心 verified\n四点半课堂 向阳花青少年社工服务中心 verified");
    let kept = registrar.get(&format!("/api/v1/organizations/{keep}")).await.expect(200).json();
    assert_eq!(kept["organization"]["description"], "社区里的老牌子。");
    let gone = test.everything("SELECT status || ' ' || status_reason FROM organization WHERE name = '向阳花青少年社工中心'").await;
    assert_eq!(gone, "closed 已并入 向阳花青少年社工服务中心");
    registrar.post(&pair(&one, &other), &decided).await.expect(409);

    let id = test.everything("SELECT id FROM merge").await;
    test.signed_in("registrar2").await.post(&format!("/merges/{id}/undo"), &[]).await.expect(404);
    registrar.post(&format!("/merges/{id}/undo"), &[]).await.expect(303);
    let again = services(&test).await;
    assert_eq!(again, "周末陪伴 向阳花青少年社工中心 verified\n四点半课堂 向阳花青少年社工服务中心 verified");
    registrar.post(&format!("/merges/{id}/undo"), &[]).await.expect(409);
    let log = test.everything("SELECT action FROM audit_event WHERE action LIKE 'entry.%' ORDER BY action").await;
    assert_eq!(log, "entry.merge_undone\nentry.merged");
}

#[tokio::test]
async fn a_merge_is_not_undone_over_somebodys_change() {
    let test = TestApp::start().await;
    let (registrar, one, other) = two(&test).await;
    let keep = one.organization.id.to_string();
    registrar
        .post(&pair(&one, &other), &[("keep", &keep), ("left_version", "1"), ("right_version", "1"), ("do", "merge")])
        .await
        .expect(303);
    let step = [("step", "suspend"), ("reason", "核查"), ("version", "2"), ("back", "/verification")];
    registrar.post(&format!("/organizations/{keep}/steps"), &step).await.expect(303);
    let id = test.everything("SELECT id FROM merge").await;
    let refused = registrar.post(&format!("/merges/{id}/undo"), &[]).await.expect(409);
    assert!(refused.text.contains("有人改过其中一条"), "{}", refused.text);
    assert!(!registrar.get("/duplicates").await.expect(200).text.contains("/undo"));
}

#[tokio::test]
async fn what_people_rely_on_stays() {
    let test = TestApp::start().await;
    let (registrar, one, other) = two(&test).await;
    let own = other.organization.id.clone();
    test.account("provider1", Some(&own), Role::Provider, Scope::Organization(own.clone())).await;
    let page = registrar.get(&pair(&one, &other)).await.expect(200).text;
    assert!(page.contains("有 1 个人用它的账户登录"), "{page}");
    let keep = one.organization.id.to_string();
    let decided = [("keep", keep.as_str()), ("left_version", "1"), ("right_version", "1"), ("do", "merge")];
    let refused = registrar.post(&pair(&one, &other), &decided).await.expect(422);
    assert!(refused.text.contains("请留下这一条"), "{}", refused.text);
    assert!(services(&test).await.contains("周末陪伴 向阳花青少年社工中心"), "nothing was moved");
}

#[tokio::test]
async fn who_says_that_two_are_not_the_same_is_not_asked_again() {
    let test = TestApp::start().await;
    let (registrar, one, other) = two(&test).await;
    registrar.post(&pair(&one, &other), &[("left_version", "1"), ("right_version", "1"), ("do", "distinct")]).await.expect(303);
    let page = registrar.get("/duplicates").await.expect(200).text;
    assert!(!page.contains("tasks__state") && page.contains(&format!("{}/retract", pair(&one, &other))), "answered, not asked: {page}");
    assert_eq!(lianjie::duplicate::directory(&test.app, "").await.unwrap().len(), 0, "nor does the command tell of them");
    test.signed_in("registrar2").await.get(&pair(&one, &other)).await.expect(404);
    test.visitor().get("/duplicates").await.expect(303);
}

#[tokio::test]
async fn services_of_one_body_are_made_one_and_two_again() {
    const FEES: &str = "SELECT f.id || ' ' || s.name FROM fee f JOIN service s ON s.id = f.service_id ORDER BY f.id";
    const F1: &str = "01a22808-e000-7000-8000-000000000001";
    const F2: &str = "01a22808-e000-7000-8000-000000000002";
    const F3: &str = "01a22808-e000-7000-8000-000000000003";
    let test = TestApp::start().await;
    let (registrar, one, _) = two(&test).await;
    let same = Listing::new(&test, "四点半小课堂", &["DEV-02"], "320116010");
    let twin = same.put(&test).await;
    let (a, b) = (one.service.id.to_string(), twin.service.id.to_string());
    let mut tx = test.app.begin().await.unwrap();
    for (id, service, audience) in [(F1, &a, "hardship"), (F2, &b, "hardship"), (F3, &b, "LEFT")] {
        sqlx::query(
            "INSERT INTO fee (id, service_id, audience, level, amount_fen, unit, payer) VALUES ($1, $2, $3, 'free', 0, 'visit', 'body')",
        )
        .bind(id)
        .bind(service.as_str())
        .bind(audience)
        .execute(&mut *tx)
        .await
        .unwrap();
    }
    tx.commit(test.app.now()).await.unwrap();
    let before = test.everything(FEES).await;
    assert!(before.contains(&format!("{F3} 四点半小课堂")), "{before}");
    let path = format!("/duplicates/service/{a}/{b}");
    assert!(registrar.get(&path).await.expect(200).text.contains("四点半小课堂"));
    registrar.post(&path, &[("keep", &a), ("left_version", "1"), ("right_version", "1"), ("do", "merge")]).await.expect(303);
    assert_eq!(test.everything("SELECT status FROM service WHERE name = '四点半小课堂'").await, "defunct");
    let merged = test.everything(FEES).await;
    assert!(merged.contains(&format!("{F2} 四点半小课堂")), "what both say of the same children stays as the one that stays says it");
    assert!(!merged.contains(&format!("{F3} 四点半小课堂")), "for whom it said nothing it says now what the other said: {merged}");
    assert!(registrar.get(&format!("/services/{b}")).await.expect(200).text.contains(&format!("/services/{a}\"")), "it says where it went");
    let old = test.visitor().get(&format!("/services/{b}")).await.expect(303);
    assert_eq!(old.location, Some(format!("/services/{a}")), "an old link leads to the one that stays");
    test.account("worker1", None, Role::Worker, Scope::Division("320116".parse().unwrap())).await;
    let worker = test.signed_in("worker1").await;
    assert!(worker.get(&format!("/services/{b}")).await.expect(200).text.contains(&format!("/services/{a}\"")));
    run(&test, "UPDATE service SET confidentiality = 'restricted' WHERE name <> '四点半小课堂'").await;
    let page = worker.get(&format!("/services/{b}")).await.expect(200).text;
    assert!(!page.contains(&a), "what is not there for the reader is not named: {page}");
    run(&test, "UPDATE service SET confidentiality = 'public'").await;
    let id = test.everything("SELECT id FROM merge").await;
    registrar.post(&format!("/merges/{id}/undo"), &[]).await.expect(303);
    assert_eq!(test.everything("SELECT COUNT(went_into) || '' FROM service").await, "0");
    assert_eq!(test.everything("SELECT status FROM service WHERE name = '四点半小课堂'").await, "active");
    assert_eq!(test.everything(FEES).await, before);
}

#[tokio::test]
async fn merges_make_no_ring() {
    let test = TestApp::start().await;
    let (registrar, one, _) = two(&test).await;
    let twin = Listing::new(&test, "四点半小课堂", &["DEV-02"], "320116010").put(&test).await;
    let (a, b) = (one.service.id.to_string(), twin.service.id.to_string());
    let path = format!("/duplicates/service/{a}/{b}");
    registrar.post(&path, &[("keep", &a), ("left_version", "1"), ("right_version", "1"), ("do", "merge")]).await.expect(303);
    // Given again, it went nowhere.
    run(&test, "UPDATE service SET status = 'active' WHERE name = '四点半小课堂'").await;
    let page = registrar.get(&format!("/services/{b}")).await.expect(200).text;
    assert!(!page.contains(&format!("/services/{a}\"")), "{page}");
    registrar.post(&path, &[("keep", &b), ("left_version", "2"), ("right_version", "2"), ("do", "merge")]).await.expect(303);
    let old = test.visitor().get(&format!("/services/{a}")).await.expect(303);
    assert_eq!(old.location, Some(format!("/services/{b}")));
    assert_eq!(test.everything("SELECT COUNT(went_into) || '' FROM service").await, "1");
}

#[tokio::test]
async fn a_merge_makes_no_offer_that_the_law_forbids() {
    let test = TestApp::start().await;
    let (registrar, one, other) = two(&test).await;
    let mut tx = test.app.begin().await.unwrap();
    sqlx::query("UPDATE organization SET kind = '医院精神科' WHERE id = $1")
        .bind(other.organization.id.as_str())
        .execute(&mut *tx)
        .await
        .unwrap();
    sqlx::query("UPDATE service SET terms = '[\"PSY-05\"]' WHERE id = $1").bind(other.service.id.as_str()).execute(&mut *tx).await.unwrap();
    tx.commit(test.app.now()).await.unwrap();
    let keep = one.organization.id.to_string();
    let decided = [("keep", keep.as_str()), ("left_version", "1"), ("right_version", "1"), ("do", "merge")];
    let refused = registrar.post(&pair(&one, &other), &decided).await.expect(422);
    assert!(refused.text.contains("依法只能由") && refused.text.contains("周末陪伴"), "{}", refused.text);
    assert!(services(&test).await.contains("周末陪伴 向阳花青少年社工中心 verified"), "nothing went over");
}

/// The parent of an organization as it is stored; empty where it has none.
async fn parent(test: &TestApp, id: &str) -> String {
    let rows = test.everything("SELECT id || ' ' || COALESCE(parent_id, '') FROM organization").await;
    rows.lines().find_map(|row| row.strip_prefix(id)).unwrap().trim().to_owned()
}

#[tokio::test]
async fn a_branch_gets_its_body_for_a_parent_and_that_is_taken_back() {
    let test = TestApp::start().await;
    let (registrar, one, other) = two(&test).await;
    let path = pair(&one, &other);
    let ids: Vec<&str> = path.rsplit('/').take(2).collect();
    let (right, left) = (ids[0], ids[1]);
    let page = registrar.get(&path).await.expect(200).text;
    assert!(page.contains("value=\"left_branch\"") && page.contains("value=\"site\""), "{page}");
    let said = |answer: &'static str, version: &'static str| [("left_version", version), ("right_version", version), ("do", answer)];

    registrar.post(&path, &said("right_branch", "7")).await.expect(409);
    assert_eq!(parent(&test, right).await, "", "somebody changed it since");
    test.signed_in("registrar2").await.post(&path, &said("right_branch", "1")).await.expect(404);
    registrar.post(&path, &said("right_branch", "1")).await.expect(303);
    registrar.post(&path, &said("right_branch", "1")).await.expect(303);
    assert_eq!(parent(&test, right).await, left);
    let list = registrar.get("/duplicates").await.expect(200).text;
    assert!(list.contains("前一个是后一个的分支") && list.contains(&format!("{path}/retract")), "{list}");
    assert_eq!(lianjie::duplicate::directory(&test.app, "").await.unwrap().len(), 0, "they are not asked about again");
    registrar.post(&path, &said("site", "2")).await.expect(409);

    registrar.post(&format!("{path}/retract"), &[]).await.expect(303);
    assert_eq!(parent(&test, right).await, "");
    assert_eq!(lianjie::duplicate::directory(&test.app, "").await.unwrap().len(), 1);
    registrar.post(&format!("{path}/retract"), &[]).await.expect(404);
    let log = test.everything("SELECT action FROM audit_event WHERE action LIKE 'entry.%' ORDER BY action").await;
    assert_eq!(log, "entry.branch_told\nentry.retracted");
}

#[tokio::test]
async fn nobody_becomes_a_branch_of_its_own_branch() {
    let test = TestApp::start().await;
    let (registrar, one, other) = two(&test).await;
    let path = pair(&one, &other);
    let right = path.rsplit('/').next().unwrap().to_owned();
    let left = path.rsplit('/').nth(1).unwrap().to_owned();
    let mut tx = test.app.begin().await.unwrap();
    sqlx::query("UPDATE organization SET parent_id = $1 WHERE id = $2").bind(&left).bind(&right).execute(&mut *tx).await.unwrap();
    tx.commit(test.app.now()).await.unwrap();
    let refused = registrar.post(&path, &[("left_version", "1"), ("right_version", "1"), ("do", "left_branch")]).await.expect(422);
    assert!(refused.text.contains("不能倒过来"), "{}", refused.text);
    assert_eq!(parent(&test, &left).await, "");
    assert_eq!(lianjie::duplicate::directory(&test.app, "").await.unwrap().len(), 0, "a branch and its body are not asked about");
}

#[tokio::test]
async fn two_bodies_at_one_site_are_remembered_as_such_and_asked_about_again_when_that_is_taken_back() {
    let test = TestApp::start().await;
    let (registrar, one, other) = two(&test).await;
    let path = pair(&one, &other);
    registrar.post(&path, &[("left_version", "1"), ("right_version", "1"), ("do", "site")]).await.expect(303);
    assert_eq!(test.everything("SELECT answer FROM distinct_pair").await, "site");
    assert!(registrar.get("/duplicates").await.expect(200).text.contains("同一个地方的两家机构"));
    assert_eq!(lianjie::duplicate::directory(&test.app, "").await.unwrap().len(), 0);
    test.signed_in("registrar2").await.post(&format!("{path}/retract"), &[]).await.expect(404);
    registrar.post(&format!("{path}/retract"), &[]).await.expect(303);
    assert_eq!(lianjie::duplicate::directory(&test.app, "").await.unwrap().len(), 1);
    let services = format!("/duplicates/service/{}/{}", one.service.id, other.service.id);
    registrar.post(&services, &[("left_version", "1"), ("right_version", "1"), ("do", "site")]).await.expect(422);
}
