//! What always holds of an allocation; `LIANJIE_PROPERTY_CASES` cases each, 10,000 where it is not set.

use lianjie_index::allocation::{Allocation, Fault, Floors, Instance, Rule, Share, allocate, greedy, label::Id};
use proptest::{prelude::*, test_runner::Config};

use crate::{
    reference::{programme, rank},
    small::Small,
};

fn config() -> Config {
    let cases = std::env::var("LIANJIE_PROPERTY_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(10_000);
    Config { cases, failure_persistence: None, ..Config::default() }
}

fn rule() -> impl Strategy<Value = Rule> {
    let share = |thousandths| Rule::Level(Share::of_thousandths(thousandths).unwrap());
    prop_oneof![Just(Rule::Util), Just(Rule::Lex), (0..=1000_u16).prop_map(share)]
}

fn util(small: &Small) -> i64 {
    allocate(&small.instance(), &Rule::Util).unwrap().certificate.utility
}

/// Whether each need has at most one place it may use, and no service or organisation too many.
fn keeps_to_the_rules(instance: &Instance, allocation: &Allocation) -> bool {
    let services = instance.services();
    let (mut load, mut org_load) = (vec![0; services.cap.len()], vec![0; services.org_cap.len()]);
    for (need, place) in (0..).zip(&allocation.place) {
        let Some(service) = *place else { continue };
        if instance.pair(need, service).is_none() {
            return false;
        }
        load[service as usize] += 1;
        if let Some(load) = org_load.get_mut(services.org[service as usize] as usize) {
            *load += 1;
        }
    }
    let within = |load: &[u32], cap: &[u32]| load.iter().zip(cap).all(|(load, cap)| load <= cap);
    within(&load, &services.cap) && within(&org_load, &services.org_cap)
}

fn tier_counts(instance: &Instance, allocation: &Allocation, up_to: u8) -> u32 {
    let rows = instance.needs().tier.iter().zip(&allocation.place);
    rows.map(|(&tier, place)| u32::from(tier <= up_to && place.is_some())).sum()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_capacity_is_broken_and_the_bound_is_met(small in Small::any(true), rule in rule()) {
        let instance = small.instance();
        let allocation = allocate(&instance, &rule).unwrap();
        prop_assert!(keeps_to_the_rules(&instance, &allocation));
        prop_assert_eq!(greedy::utility(&instance, &allocation.place), allocation.certificate.utility);
        prop_assert!(allocation.certificate.proved && allocation.certificate.gap == 0);
        prop_assert!(allocation.certificate.price.iter().all(|&price| price >= 0));
    }

    #[test]
    fn a_free_place_costs_nothing(small in Small::any(false)) {
        let instance = small.instance();
        let allocation = allocate(&instance, &Rule::Util).unwrap();
        for (service, &(cap, _)) in (0..).zip(&small.services) {
            let load = allocation.place.iter().filter(|place| **place == Some(service)).count();
            prop_assert!(load >= cap as usize || allocation.certificate.price[service as usize] == 0);
        }
    }

    #[test]
    fn no_greedy_way_does_better(small in Small::any(true)) {
        let instance = small.instance();
        for place in [greedy::first_come(&instance), greedy::urgent_first(&instance)] {
            prop_assert!(greedy::utility(&instance, &place) <= util(&small));
        }
    }

    #[test]
    fn a_place_more_never_lowers_the_utility_and_gains_no_more_than_its_price(small in Small::any(true), at in any::<prop::sample::Index>()) {
        let before = allocate(&small.instance(), &Rule::Util).unwrap().certificate;
        let mut more = small.clone();
        let service = at.index(more.services.len());
        more.services[service].0 += 1;
        let gain = util(&more) - before.utility;
        // The organisation's part of the price is paid for its bound, which stays.
        let own = before.price[service] - small.services[service].1.map_or(0, |org| before.org_price[org as usize]);
        prop_assert!((0..=own).contains(&gain), "{} at a price of {}", gain, own);
    }

    #[test]
    fn a_candidate_more_never_lowers_the_utility(small in Small::some(true), need in any::<prop::sample::Index>(), u in 1..=1000_u16) {
        let mut more = small.clone();
        let pairs = &mut more.needs[need.index(small.needs.len())].3;
        let Some(service) = (0..small.services.len() as u32).find(|service| pairs.iter().all(|pair| pair.0 != *service)) else { return Ok(()) };
        pairs.push((service, u));
        prop_assert!(util(&more) >= util(&small));
    }

    // Where being served is a matter of a tie, a need that rises may lose it: the tie is then between
    // others. A need that every best allocation serves is served by every one after it rose.
    #[test]
    fn a_need_that_must_be_served_under_lex_stays_so_when_its_tier_rises(mut small in Small::some(false), need in any::<prop::sample::Index>()) {
        let need = need.index(small.needs.len());
        small.needs[need].0 = small.needs[need].0.max(2);
        let mut risen = small.clone();
        risen.needs[need].0 -= 1;
        prop_assert!(!must_be_served(&small, need) || must_be_served(&risen, need));
    }

    #[test]
    fn the_counts_of_lex_are_the_ranks_of_the_tiers(small in Small::any(false)) {
        let instance = small.instance();
        let allocation = allocate(&instance, &Rule::Lex).unwrap();
        for tier in 1..=4 {
            let members: Vec<u32> = (0..).zip(&small.needs).filter(|(_, need)| need.0 <= tier).map(|(need, _)| need).collect();
            prop_assert_eq!(tier_counts(&instance, &allocation, tier), rank(&instance, &members));
        }
    }

    #[test]
    fn floors_are_met_or_the_groups_that_bind_are_named(small in Small::any(true), least in prop::collection::vec(0..4_u32, 3)) {
        let instance = small.instance();
        let of: Vec<u32> = small.needs.iter().map(|need| need.2).collect();
        let floors = Floors { names: (0..3).map(Id::Number).collect(), of: of.clone(), least: least.clone() };
        match allocate(&instance, &Rule::Floors(floors)) {
            Ok(allocation) => for group in 0..3 {
                let served = of.iter().zip(&allocation.place).filter(|(own, place)| **own == group && place.is_some()).count();
                prop_assert!(served >= least[group as usize] as usize);
            },
            Err(Fault::Infeasible { groups, asked, possible }) => {
                prop_assert!(asked > possible);
                let named: u32 = groups.iter().map(|group| least[group.parse::<usize>().unwrap()]).sum();
                prop_assert_eq!(asked, u64::from(named));
                // So many of the named groups together can be served, and not one more.
                let own: Vec<u32> = groups.iter().map(|group| group.parse().unwrap()).collect();
                let named: Vec<u32> = of.iter().map(|group| u32::from(!own.contains(group))).collect();
                let can = |least: u64| programme(&instance, &named, &[u32::try_from(least).unwrap(), 0]).is_some();
                prop_assert!(can(possible) && !can(possible + 1));
            }
            Err(fault) => prop_assert!(false, "{fault}"),
        }
    }

    #[test]
    fn a_rule_never_raises_the_utility_and_a_lower_floor_never_costs_more(small in Small::any(true), low in 0..=1000_u16, high in 0..=1000_u16) {
        let instance = small.instance();
        let of = |share: u16| allocate(&instance, &Rule::Level(Share::of_thousandths(share).unwrap())).unwrap().certificate.utility;
        prop_assert!(of(low.max(high)) <= of(low.min(high)) && of(low) <= util(&small));
        prop_assert!(allocate(&instance, &Rule::Lex).unwrap().certificate.utility <= util(&small));
    }
}

/// Whether no best allocation under `lex` leaves the need out: without it the counts or the utility fall.
fn must_be_served(small: &Small, need: usize) -> bool {
    let worth = |small: &Small| {
        let instance = small.instance();
        let allocation = allocate(&instance, &Rule::Lex).unwrap();
        (allocation.floors.unwrap().least, allocation.certificate.utility)
    };
    let mut without = small.clone();
    without.needs[need].3.clear();
    worth(&without) < worth(small)
}
