//! What a meeting is shown: rows, swaps, shares.

use lianjie_index::allocation::{
    Instance, Rule, allocate,
    explain::{Explained, Outcome, explain},
    fairness::Fairness,
    swap::{Swap, swap_cost},
};
use proptest::{prelude::*, test_runner::Config};

use crate::small::Small;

/// Two places for three needs: the third has the least to gain.
fn three() -> Instance {
    let needs =
        vec![(1, 0, 0, vec![(0, 500), (1, 400)]), (2, 0, 1, vec![(0, 600)]), (4, 0, 1, vec![(0, 900), (1, 300)]), (3, 0, 1, vec![])];
    Small { needs, services: vec![(1, None), (1, None)], org_cap: Vec::new() }.instance()
}

#[test]
fn every_row_says_what_came_second_and_what_it_would_cost() {
    let instance = three();
    let allocation = allocate(&instance, &Rule::Util).unwrap();
    assert_eq!(allocation.place, [Some(1), Some(0), None, None]);
    let rows = explain(&instance, &allocation);
    let Outcome::Served(first) = &rows[0].outcome else { panic!("{:?}", rows[0]) };
    assert_eq!((first.service, first.utility, first.value), (1, 400, 3200));
    assert_eq!(first.other_service.map(|second| second.which), Some(0));
    assert!(matches!(rows[2].outcome, Outcome::Outbid { short, .. } if short >= 0));
    assert_eq!(rows[3].outcome, Outcome::NoCandidates);
    let json = serde_json::to_string(&rows[3]).unwrap();
    assert_eq!(json, r#"{"need":3,"outcome":"no_candidates"}"#);
}

#[test]
fn a_swap_costs_what_allocating_anew_says() {
    let instance = three();
    let allocation = allocate(&instance, &Rule::Util).unwrap();
    let cost = |taker, holder| swap_cost(&instance, &allocation, taker, holder).unwrap();
    // Need 2 in place 1 leaves need 0 with place 0 and need 1 without: 300 + 4000 against 3200 + 2400.
    assert_eq!(cost(2, 0), Swap::Costs { cost: 1300, utility: 4300 });
    assert_eq!(cost(1, 0), Swap::NotACandidate);
    assert_eq!(cost(0, 2), Swap::NoPlace);
    assert_eq!(cost(0, 0), Swap::Costs { cost: 0, utility: 5600 });
}

#[test]
fn shares_are_reported_by_tier_town_and_household() {
    let instance = three();
    let allocation = allocate(&instance, &Rule::Util).unwrap();
    let fairness = Fairness::of(&instance, &allocation, allocation.certificate.utility);
    let least = fairness.least.unwrap();
    assert_eq!((least.group.to_string(), least.share.served, least.share.of), ("1".to_owned(), 1, 3));
    assert_eq!((fairness.tiers.len(), fairness.price_of_rule), (4, 0));
    assert_eq!(serde_json::to_string(&fairness.towns[0]).unwrap(), r#"{"group":0,"served":1,"of":1}"#);
}

fn config() -> Config {
    let cases = std::env::var("LIANJIE_PROPERTY_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(10_000);
    Config { cases, failure_persistence: None, ..Config::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_swap_never_gains_and_costs_at_least_what_the_prices_say(small in Small::any(true), lex in any::<bool>()) {
        let instance = small.instance();
        let allocation = allocate(&instance, if lex { &Rule::Lex } else { &Rule::Util }).unwrap();
        for Explained { need, outcome } in explain(&instance, &allocation) {
            let Outcome::Served(served) = outcome else { continue };
            let Some(other) = served.other_need else { continue };
            if let Swap::Costs { cost, .. } = swap_cost(&instance, &allocation, other.which, need).unwrap() {
                prop_assert!(cost >= served.swap.unwrap(), "{} for {:?}", cost, served);
            }
        }
    }
}
