//! The demo province: one prefecture of it, as every start of the demo makes it.

use std::collections::{BTreeMap, BTreeSet};

use lianjie::clock::Fixed;
use lianjie::demo::{self, Plan, Summary};
use lianjie::organization::model::read_uscc;
use lianjie::secret::Keyring;
use lianjie::store::Store;
use lianjie_index::Rule;
use sqlx::Row;

use crate::support::Database;

async fn built(seed: u64) -> (Database, Store, Summary) {
    let database = Database::fresh().await;
    let store = Store::create(&database.url).await.unwrap();
    let clock = Fixed::at("2026-11-25T09:00:00+08:00".parse().unwrap());
    let plan = Plan { seed, scale: 1, only: Some("3213".into()) };
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
    let empty = texts(&store, "SELECT name FROM service WHERE description = '' OR description LIKE '%{%' OR name LIKE '%{%' OR terms = '[]'").await;
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
