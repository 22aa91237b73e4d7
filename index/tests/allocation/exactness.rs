//! A thousand seeded instances of each kind against the references.

use lianjie_index::allocation::{Allocation, Fault, Floors, Fraction, Instance, Rule, Share, allocate, label::Id};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::{
    crowd,
    reference::{Worth, everything, programme, rank},
    small::Small,
};

const CASES: u64 = 1000;

/// Draws with orgs every other time; the last hundred small enough to try everything.
fn each(mut check: impl FnMut(&Small, &Instance, bool)) {
    for seed in 0..CASES {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let tiny = seed >= CASES - 300;
        let small = if tiny { Small::draw(&mut rng, 0..=6, 4, seed % 2 == 0) } else { Small::draw(&mut rng, 0..=24, 8, seed % 2 == 0) };
        check(&small, &small.instance(), tiny);
    }
}

fn optimum(instance: &Instance, rule: &Rule) -> Allocation {
    let allocation = allocate(instance, rule).unwrap();
    assert!(allocation.certificate.proved, "{:?}", allocation.certificate);
    allocation
}

fn tiers(instance: &Instance) -> Vec<u32> {
    instance.needs().tier.iter().map(|&tier| u32::from(tier) - 1).collect()
}

#[test]
fn the_largest_utility_is_that_of_the_references() {
    each(|_, instance, tiny| {
        let found = optimum(instance, &Rule::Util).certificate.utility;
        assert_eq!(Some(found), programme(instance, &[], &[]));
        if tiny {
            let one = vec![0; instance.needs().tier.len()];
            assert_eq!(Some(found), everything(instance, &one, 1).into_iter().map(|worth| worth.1).max());
        }
    });
}

#[test]
fn the_most_urgent_are_served_as_in_the_references() {
    each(|_, instance, tiny| {
        let allocation = optimum(instance, &Rule::Lex);
        let floors = allocation.floors.clone().unwrap();
        assert_eq!(counts(&allocation, &floors.of, 4), floors.least);
        assert_eq!(Some(allocation.certificate.utility), programme(instance, &floors.of, &floors.least));
        if instance.services().org_cap.is_empty() {
            assert_eq!(floors.least, ranks(instance));
        }
        if tiny {
            let best = everything(instance, &tiers(instance), 4).into_iter().max();
            assert_eq!(best, Some((floors.least, allocation.certificate.utility)));
        }
    });
}

#[test]
fn the_smallest_share_is_that_of_the_references() {
    each(|_, instance, tiny| {
        let allocation = optimum(instance, &Rule::Level(Share::WHOLE));
        let floors = allocation.floors.clone().unwrap();
        assert_eq!(Some(allocation.certificate.utility), programme(instance, &floors.of, &floors.least));
        if tiny && !floors.of.is_empty() {
            let sizes = instance.places_of_life().sizes();
            let smallest = |worth: &Worth| {
                let shares = worth.0.iter().zip(&sizes).map(|(&served, &of)| Fraction { served, of });
                shares.min_by(|a, b| a.compare(*b)).unwrap()
            };
            let all = everything(instance, &floors.of, sizes.len());
            let best = all.iter().max_by(|a, b| smallest(a).compare(smallest(b)).then(a.1.cmp(&b.1))).unwrap();
            assert!(allocation.level.unwrap().compare(smallest(best)).is_eq());
            assert_eq!(allocation.certificate.utility, best.1);
        }
    });
}

#[test]
fn a_share_of_the_level_is_kept_at_the_least_cost() {
    each(|_, instance, _| {
        let allocation = optimum(instance, &Rule::Level(Share::parse("0.9").unwrap()));
        let floors = allocation.floors.clone().unwrap();
        let counts = counts(&allocation, &floors.of, floors.least.len());
        assert!(counts.iter().zip(&floors.least).all(|(count, least)| count >= least));
        assert_eq!(Some(allocation.certificate.utility), programme(instance, &floors.of, &floors.least));
    });
}

#[test]
fn floors_are_kept_or_refused_as_in_the_references() {
    let (mut kept, mut refused, mut rng) = (0, 0, ChaCha8Rng::seed_from_u64(7));
    each(|_, instance, tiny| {
        let of = tiers(instance);
        let least: Vec<u32> = (0..4).map(|_| rng.random_range(0..3)).collect();
        let names = (1..=4).map(Id::Number).collect();
        let floors = Floors { names, of: of.clone(), least: least.clone() };
        match allocate(instance, &Rule::Floors(floors)) {
            Ok(allocation) => {
                kept += 1;
                assert!(allocation.certificate.proved);
                assert_eq!(Some(allocation.certificate.utility), programme(instance, &of, &least));
            }
            Err(Fault::Infeasible { groups, asked, possible }) => {
                refused += 1;
                assert_eq!(programme(instance, &of, &least), None);
                assert!(asked > possible);
                if tiny {
                    let bound = |worth: &Worth| groups.iter().map(|group| u64::from(worth.0[group.parse::<usize>().unwrap() - 1])).sum();
                    assert_eq!(everything(instance, &of, 4).iter().map(bound).max(), Some(possible));
                }
            }
            Err(fault) => panic!("{fault}"),
        }
    });
    assert!(kept > 100 && refused > 100, "{kept} kept, {refused} refused");
}

#[test]
fn crowds_of_a_county_are_proved_under_every_rule() {
    for (organizations, seed) in [(false, 1), (true, 1), (true, 2), (true, 3)] {
        let instance = crowd::Crowd { organizations, seed, ..crowd::COUNTY }.instance();
        for rule in [Rule::Util, Rule::Lex, Rule::Level(Share::WHOLE), Rule::Level(Share::parse("0.9").unwrap())] {
            optimum(&instance, &rule);
        }
    }
}

fn counts(allocation: &Allocation, of: &[u32], groups: usize) -> Vec<u32> {
    let mut counts = vec![0; groups];
    for (&group, place) in of.iter().zip(&allocation.place) {
        counts[group as usize] += u32::from(place.is_some());
    }
    counts
}

/// Differences of the ranks of tiers 1, 1 to 2, 1 to 3 and all.
fn ranks(instance: &Instance) -> Vec<u32> {
    let members =
        |tier: u8| (0..).zip(&instance.needs().tier).filter(move |(_, own)| **own <= tier).map(|(need, _)| need).collect::<Vec<u32>>();
    let ranks: Vec<u32> = (0..=4).map(|tier| rank(instance, &members(tier))).collect();
    ranks.windows(2).map(|pair| pair[1] - pair[0]).collect()
}
