//! The demo province: one prefecture of it, as every start of the demo makes it.

use std::collections::{BTreeMap, BTreeSet};

use lianjie::clock::Fixed;
use lianjie::demo::{self, Plan, Summary};
use lianjie::organization::model::read_uscc;
use lianjie::referral::model::{State, fold};
use lianjie::referral::store as referrals;
use lianjie::secret::Keyring;
use lianjie::store::Store;
use lianjie_index::Rule;
use sqlx::Row;

use crate::support::Database;

async fn built(seed: u64) -> (Database, Store, Summary) {
    built_of(seed, Some("3213")).await
}

async fn built_of(seed: u64, only: Option<&str>) -> (Database, Store, Summary) {
    let database = Database::fresh().await;
    let store = Store::create(&database.url).await.unwrap();
    let clock = Fixed::at("2026-11-25T09:00:00+08:00".parse().unwrap());
    let plan = Plan { seed, only: only.map(str::to_owned), ..Plan::default() };
    let summary = demo::build_plan(&store, &Keyring::from_root(&[7; 32]), &clock, &plan, &|_, _, _| ()).await.unwrap();
    (database, store, summary)
}

async fn texts(store: &Store, sql: &'static str) -> Vec<String> {
    let mut db = store.read().await.unwrap();
    sqlx::query(sql).fetch_all(&mut *db).await.unwrap().iter().map(|row| row.get(0)).collect()
}

#[tokio::test]
async fn a_demo_prefecture_is_complete_and_belongs_to_nobody() {
    let (_database, store, summary) = built(1).await;
    assert!(summary.stations >= 100 && summary.services > 500 && summary.programs > 80, "{summary:?}");

    for code in texts(&store, "SELECT code_uscc FROM organization WHERE code_uscc IS NOT NULL").await {
        assert_eq!(read_uscc(&code).unwrap(), code);
        assert_eq!(&code[2..6], "3299", "{code} names a division that exists");
    }
    for phones in texts(&store, "SELECT phones FROM organization").await {
        let digits: String = phones.chars().filter(char::is_ascii_digit).collect();
        assert!(digits.starts_with("05270000"), "{phones} could be somebody's");
    }
    for rule in texts(&store, "SELECT eligibility FROM service WHERE eligibility IS NOT NULL").await {
        assert!(rule.parse::<Rule>().is_ok(), "{rule}");
    }
    let empty =
        texts(&store, "SELECT name FROM service WHERE description = '' OR description LIKE '%{%' OR name LIKE '%{%' OR terms = '[]'").await;
    assert_eq!(empty, Vec::<String>::new(), "services without words or with an unfilled slot");
}

#[tokio::test]
async fn services_are_worded_differently_and_states_are_mixed() {
    let (_database, store, _) = built(1).await;
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for description in texts(&store, "SELECT description FROM service").await {
        *seen.entry(description).or_default() += 1;
    }
    let (words, most) = seen.iter().max_by_key(|(_, times)| **times).unwrap();
    assert!(*most <= 5, "{most} services say: {words}");

    let states: BTreeSet<String> = texts(&store, "SELECT DISTINCT status FROM organization").await.into_iter().collect();
    assert_eq!(states, ["pending", "suspended", "verified"].map(str::to_owned).into());
}

#[tokio::test]
async fn the_same_seed_makes_the_same_records_and_another_seed_others() {
    let ids = "SELECT id FROM service_at_location ORDER BY id";
    let (_first, one, _) = built(1).await;
    let (_second, again, _) = built(1).await;
    let (_third, other, _) = built(2).await;
    let one = texts(&one, ids).await;
    assert_eq!(one, texts(&again, ids).await);
    assert_ne!(one, texts(&other, ids).await);
}

#[tokio::test]
async fn every_role_has_an_account_and_the_worker_belongs_to_a_station() {
    let (_database, store, _) = built(1).await;
    let workers = texts(
        &store,
        "SELECT o.kind FROM account a JOIN role_grant g ON g.account_id = a.id AND g.role = 'worker' AND g.scope = a.organization_id
         JOIN organization o ON o.id = a.organization_id WHERE a.login = 'worker'",
    )
    .await;
    assert_eq!(workers, ["未保工作站"]);
    let roles = texts(&store, "SELECT DISTINCT role FROM role_grant").await;
    assert_eq!(roles.len(), lianjie::access::Role::ALL.len());
    let passwords = texts(&store, "SELECT login FROM account WHERE password_hash IS NOT NULL").await;
    assert!(passwords.is_empty(), "a password lies in the store before the demo starts: {passwords:?}");
}

#[tokio::test]
async fn every_leaf_has_a_provider_every_kind_a_body_and_no_two_bodies_read_alike() {
    let (_database, store, summary) = built_of(1, None).await;
    assert_eq!((summary.stations, summary.programs, summary.cases), (1_464, 1_864, 200), "{summary:?}");

    let social = texts(
        &store,
        "SELECT id FROM organization WHERE kind IN ('社工机构', '志愿团队', '基金会', '慈善组织') AND status <> 'pending' AND name NOT LIKE '%慈善总会'",
    )
    .await;
    assert!((470..=521).contains(&social.len()), "{} social organisations in order", social.len());
    let holder = "SELECT o.name FROM account a JOIN organization o ON o.id = a.organization_id WHERE a.login = 'worker'";
    assert_eq!(texts(&store, holder).await, ["长芦街道未成年人保护工作站"]);

    let given: BTreeSet<String> = texts(&store, "SELECT DISTINCT terms FROM service").await.into_iter().collect();
    let given: BTreeSet<String> = given.iter().flat_map(|terms| serde_json::from_str::<Vec<String>>(terms).unwrap()).collect();
    let leaves = texts(&store, "SELECT code FROM taxonomy_term WHERE parent IS NOT NULL AND parent <> ''").await;
    assert_eq!(leaves.len(), 160);
    let nobody: Vec<_> = leaves.iter().filter(|leaf| !given.contains(*leaf)).collect();
    assert!(nobody.is_empty(), "leaves without a provider: {nobody:?}");

    // Care points are locations of the stations.
    let kinds = "SELECT code FROM organization_kind WHERE code <> '关爱点' AND code NOT IN (SELECT kind FROM organization)";
    assert_eq!(texts(&store, kinds).await, Vec::<String>::new(), "kinds without a body");

    // Duplicates made on purpose wait to be verified; they alone have another body's number.
    let mut phones: BTreeMap<String, usize> = BTreeMap::new();
    for phone in texts(&store, "SELECT phones FROM organization WHERE status <> 'pending'").await {
        *phones.entry(phone.chars().filter(char::is_ascii_digit).collect()).or_default() += 1;
    }
    assert_eq!(phones.iter().filter(|(_, bodies)| **bodies > 1).count(), 0, "unrelated bodies share a telephone");

    let mut said: BTreeMap<String, usize> = BTreeMap::new();
    for description in texts(&store, "SELECT description FROM organization").await {
        assert!(!description.contains('{'), "a slot was not filled: {description}");
        *said.entry(description).or_default() += 1;
    }
    let (words, most) = said.iter().max_by_key(|(_, times)| **times).unwrap();
    assert!(*most <= 5, "{most} bodies say: {words}");
}

#[tokio::test]
async fn cases_are_sealed_and_have_open_needs() {
    let (_database, store, summary) = built(1).await;
    assert_eq!(summary.cases, 200);
    let legible =
        texts(&store, "SELECT id FROM child WHERE name LIKE '%雨%' OR identity_number LIKE '320000%' OR address LIKE '%号'").await;
    assert!(legible.is_empty(), "{} children can be read without a key", legible.len());
    let without = texts(&store, "SELECT c.number FROM \"case\" c WHERE NOT EXISTS (SELECT 1 FROM need n WHERE n.case_id = c.id)").await;
    assert!(without.is_empty(), "cases without a need: {without:?}");
    let mine = "SELECT c.number FROM \"case\" c JOIN account a ON a.id = c.worker_id WHERE a.login = 'worker'";
    assert!(texts(&store, mine).await.len() > 50);
}

#[tokio::test]
async fn referrals_stand_in_every_state_and_each_live_one_has_an_owner_and_a_due_time() {
    let (_database, store, summary) = built(1).await;
    assert!((300..=520).contains(&summary.referrals), "{} referrals", summary.referrals);
    let states: BTreeSet<String> = texts(&store, "SELECT DISTINCT state FROM referral").await.into_iter().collect();
    let all: BTreeSet<String> = State::ALL.iter().map(|state| state.name().to_owned()).collect();
    assert_eq!(states, all);

    for id in texts(&store, "SELECT id FROM referral").await {
        let id = id.parse().unwrap();
        let mut db = store.read().await.unwrap();
        let referral = referrals::find(&mut db, &id).await.unwrap().unwrap();
        let events = referrals::events(&mut db, &id).await.unwrap();
        assert_eq!(fold(&events).as_ref(), Some(&referral.standing), "{} is not what its events fold into", referral.number);
        assert!(events.is_sorted_by_key(|event| event.at));
        let live = referral.state().is_live();
        assert_eq!((referral.owner.is_some(), referral.due.is_some()), (live, live), "{} is {}", referral.number, referral.state().name());
    }
}

#[tokio::test]
async fn a_demo_that_was_broken_off_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let begun = Store::create(&format!("sqlite://{}", folder.path().join("lianjie.db").display())).await.unwrap();
    let mut tx = begun.begin().await.unwrap();
    lianjie::store::set_mark(&mut tx, "demo", "1").await.unwrap();
    tx.commit("2026-11-25T01:00:00Z".parse().unwrap()).await.unwrap();
    begun.close().await;
    drop(begun);

    let made = std::process::Command::new(env!("CARGO_BIN_EXE_lianjie"))
        .args(["demo", "--prepare", "--data"])
        .arg(folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&made.stdout);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    assert!(said.contains("重新建立") && said.contains("the demo province is in"), "{said}");
}

#[tokio::test]
async fn a_plan_for_measuring_gives_every_township_cases_that_are_consistent() {
    let database = Database::fresh().await;
    let store = Store::create(&database.url).await.unwrap();
    let clock = Fixed::at("2026-11-25T09:00:00+08:00".parse().unwrap());
    let plan = Plan { seed: 3, only: Some("3213".into()), cases: 1_200, everywhere: true, ..Plan::default() };
    let summary = demo::build_plan(&store, &Keyring::from_root(&[7; 32]), &clock, &plan, &|_, _, _| ()).await.unwrap();
    assert_eq!(summary.cases, 1_200);
    let stations = texts(&store, "SELECT DISTINCT station_id FROM \"case\"").await.len();
    assert!(stations > 80, "cases at {stations} stations");
    let lost = texts(&store, "SELECT id FROM referral WHERE state IN ('sent', 'acknowledged', 'accepted', 'in_service') AND (owner_id IS NULL OR due_at IS NULL)").await;
    assert_eq!(lost, Vec::<String>::new(), "live referrals without owner or due time");
}
