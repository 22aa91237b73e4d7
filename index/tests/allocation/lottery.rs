//! Ties by lot, and waiting.

use lianjie_index::allocation::{Instance, Lottery, Rule, allocate, allocate_by_lot, lottery::lot};
use proptest::{prelude::*, test_runner::Config};
use rand::{SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;

use crate::small::Small;

fn config() -> Config {
    let cases = std::env::var("LIANJIE_PROPERTY_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(10_000);
    Config { cases, failure_persistence: None, ..Config::default() }
}

fn lottery(needs: &[usize], services: &[usize]) -> Lottery {
    let lots = |kind: &str, list: &[usize]| list.iter().map(|id| lot(&[kind, &id.to_string()])).collect();
    Lottery { needs: lots("need", needs), services: lots("service", services) }
}

/// The same with needs and services in another order; at each position stands the old one.
fn shuffled(small: &Small, needs: &[usize], services: &[usize]) -> Small {
    let new = |old: u32| services.iter().position(|&service| service == old as usize).unwrap() as u32;
    let mut other = small.clone();
    other.services = services.iter().map(|&service| small.services[service]).collect();
    other.needs = needs.iter().map(|&need| small.needs[need].clone()).collect();
    for need in &mut other.needs {
        need.3.iter_mut().for_each(|pair| pair.0 = new(pair.0));
        need.3.reverse();
    }
    other
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn listing_needs_and_services_otherwise_changes_nothing(small in Small::any(true), seed in any::<u64>(), rule in 0..3_usize) {
        let rule = [Rule::Util, Rule::Lex, Rule::parse("maxmin", None).unwrap()][rule].clone();
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let (mut needs, mut services): (Vec<usize>, Vec<usize>) = ((0..small.needs.len()).collect(), (0..small.services.len()).collect());
        let straight = allocate_by_lot(&small.instance(), &rule, &lottery(&needs, &services)).unwrap();
        needs.shuffle(&mut rng);
        services.shuffle(&mut rng);
        let other = shuffled(&small, &needs, &services).instance();
        let other = allocate_by_lot(&other, &rule, &lottery(&needs, &services)).unwrap();
        for (position, &need) in needs.iter().enumerate() {
            let place = other.place[position].map(|service| services[service as usize] as u32);
            prop_assert_eq!(place, straight.place[need]);
        }
        prop_assert_eq!(other.certificate.utility, straight.certificate.utility);
    }

    #[test]
    fn lots_never_cost_a_unit(small in Small::any(true), rule in 0..3_usize) {
        let rule = [Rule::Util, Rule::Lex, Rule::parse("maxmin", None).unwrap()][rule].clone();
        let all = |count: usize| (0..count).collect::<Vec<_>>();
        let instance = small.instance();
        let drawn = allocate_by_lot(&instance, &rule, &lottery(&all(small.needs.len()), &all(small.services.len()))).unwrap();
        prop_assert!(drawn.certificate.proved);
        prop_assert_eq!(drawn.certificate.utility, allocate(&instance, &rule).unwrap().certificate.utility);
    }

    #[test]
    fn of_two_needs_alike_the_higher_lot_is_served_first(small in Small::some(false), lots in prop::collection::vec(any::<u64>(), 12)) {
        let mut twins = small.clone();
        twins.needs[1] = twins.needs[0].clone();
        let lottery = Lottery { needs: lots[..twins.needs.len()].to_vec(), services: (0..twins.services.len() as u64).collect() };
        let drawn = allocate_by_lot(&twins.instance(), &Rule::Util, &lottery).unwrap();
        // Lots are drawn by their first 16 bits.
        prop_assume!(lots[0] >> 48 != lots[1] >> 48);
        let (first, last) = if lots[0] > lots[1] { (0, 1) } else { (1, 0) };
        prop_assert!(drawn.place[first].is_some() || drawn.place[last].is_none());
    }

    #[test]
    fn a_need_that_has_waited_longer_is_never_served_less_surely(small in Small::some(false), weeks in prop::collection::vec(0..60_u32, 12), more in 1..30_u32) {
        let count = small.needs.len();
        let worth = |instance: &Instance, weeks: &[u32]| allocate(&instance.waiting(weeks).unwrap(), &Rule::Util).unwrap().certificate.utility;
        let mut without = small.clone();
        without.needs[0].3.clear();
        let mut longer = weeks[..count].to_vec();
        longer[0] += more;
        let gains = |weeks: &[u32]| worth(&small.instance(), weeks) - worth(&without.instance(), weeks);
        prop_assert!(gains(&longer) >= gains(&weeks[..count]));
    }
}

#[test]
fn every_one_of_equal_needs_is_drawn_about_as_often() {
    let small = Small { needs: vec![(2, 0, 0, vec![(0, 500)]); 5], services: vec![(2, None)], org_cap: Vec::new() };
    let cases = ["a", "b", "c", "d", "e"];
    let mut times = [0; 5];
    for meeting in 0..1000 {
        let lottery = Lottery::draw(&format!("2026-{meeting}"), &cases, &["s"]);
        let drawn = allocate_by_lot(&small.instance(), &Rule::Util, &lottery).unwrap();
        drawn.place.iter().zip(&mut times).for_each(|(place, times)| *times += u32::from(place.is_some()));
    }
    assert!(times.iter().all(|times| (340..460).contains(times)), "{times:?}");
}

#[test]
fn a_lot_is_the_same_on_every_machine() {
    // Worked out by another program.
    assert_eq!(lot(&["need", "2026-03-02", "C-1"]), 0x3c78_555b_88dc_a5ac);
    assert_ne!(lot(&["ab", "c"]), lot(&["a", "bc"]));
}
