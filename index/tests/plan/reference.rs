//! The plan against every plan there is.

use std::collections::{BTreeMap, BTreeSet};

use crate::generate::{small, without_clock};
use lianjie_index::plan::{Board, Guard, Instance, Visit, alternatives, best, instance::Label};

/// What a choice costs by the words of the format; none where it breaks a rule.
fn cost(instance: &Instance, choice: &[Option<Visit>]) -> Option<i64> {
    let points = instance.cost;
    let (mut cost, mut fees) = (0, 0);
    let mut sessions = BTreeMap::new();
    let mut trips: BTreeMap<(&Label, Option<i64>), i64> = BTreeMap::new();
    for (number, need) in instance.needs.iter().enumerate() {
        let Some(Visit(index, session)) = choice[number] else {
            cost += points.unmet * need.w;
            continue;
        };
        if need.pred.iter().any(|&before| choice[before].is_none()) || *sessions.entry(index).or_insert(session) != session {
            return None;
        }
        let service = &instance.services[index];
        trips.insert((&service.site, session.map(|session| service.sessions[session].0)), service.travel);
        cost += need.w * (1000 - service.covers[&number]) + points.day * need.w * start(instance, choice, number);
    }
    let agencies: BTreeSet<_> = sessions.keys().map(|&index| &instance.services[index].agency).collect();
    let taken: Vec<_> = sessions.iter().filter_map(|(&index, session)| Some((&instance.services[index], (*session)?))).collect();
    for (place, (one, at)) in taken.iter().enumerate() {
        for (other, then) in &taken[place + 1..] {
            let (one_time, other_time) = (one.sessions[*at], other.sessions[*then]);
            let between = if one.site == other.site { 0 } else { 30 };
            let apart = one_time.2 + between <= other_time.1 || other_time.2 + between <= one_time.1;
            if one_time.0 == other_time.0 && !apart {
                return None;
            }
        }
    }
    for &index in sessions.keys() {
        fees += instance.services[index].fee;
    }
    let minutes: i64 = trips.values().map(|travel| 2 * travel).sum();
    let count = i64::try_from(trips.len()).unwrap();
    if count > instance.max_trips || minutes > instance.max_travel || fees > instance.max_fee {
        return None;
    }
    Some(cost + points.minute * minutes + points.agency * i64::try_from(agencies.len()).unwrap() + points.yuan * fees)
}

fn start(instance: &Instance, choice: &[Option<Visit>], need: usize) -> i64 {
    let service = |need: usize| choice[need].map(|Visit(index, _)| &instance.services[index]).unwrap();
    let finish = |before: &usize| start(instance, choice, *before) + service(*before).dur;
    instance.needs[need].pred.iter().map(finish).max().unwrap_or(0) + service(need).wait
}

/// Every choice of the instance that breaks no rule, with its cost.
fn every_plan(instance: &Instance, mut each: impl FnMut(i64, &[Option<Visit>])) {
    let ways: Vec<Vec<Option<Visit>>> = (0..instance.needs.len())
        .map(|need| {
            let mut ways = vec![None];
            for (index, service) in instance.services.iter().enumerate().filter(|(_, service)| service.covers.contains_key(&need)) {
                if service.sessions.is_empty() {
                    ways.push(Some(Visit(index, None)));
                }
                ways.extend((0..service.sessions.len()).map(|session| Some(Visit(index, Some(session)))));
            }
            ways
        })
        .collect();
    let mut places = vec![0; ways.len()];
    loop {
        let choice: Vec<_> = places.iter().zip(&ways).map(|(&place, ways)| ways[place]).collect();
        if let Some(cost) = cost(instance, &choice) {
            each(cost, &choice);
        }
        let Some(next) = (0..places.len()).find(|&need| places[need] + 1 < ways[need].len()) else { return };
        places[next] += 1;
        places[..next].fill(0);
    }
}

fn agree(instance: &Instance) {
    let board = Board::new(instance).unwrap();
    let found = best(&board, Guard::default());
    let mut least = i64::MAX;
    every_plan(instance, |cost, _| least = least.min(cost));
    assert!(found.proved);
    assert_eq!(found.plan.cost, least, "{instance:?}");
    assert_eq!(cost(instance, &found.plan.choice), Some(least), "the plan is one, and costs what it says: {instance:?}");
}

#[test]
fn no_plan_costs_less() {
    for seed in 0..1000 {
        agree(&small(seed));
    }
}

#[test]
fn no_plan_costs_less_where_services_have_no_sessions() {
    for seed in 0..200 {
        agree(&without_clock(small(seed)));
    }
}

#[test]
fn figures_as_large_as_are_accepted_do_not_overflow() {
    for seed in 0..200 {
        let mut instance = small(seed);
        while Board::new(&instance).is_ok() {
            let costs = &mut instance.cost;
            for points in [&mut costs.unmet, &mut costs.day, &mut costs.minute, &mut costs.agency, &mut costs.yuan] {
                *points *= 2;
            }
        }
        let costs = &mut instance.cost;
        for points in [&mut costs.unmet, &mut costs.day, &mut costs.minute, &mut costs.agency, &mut costs.yuan] {
            *points /= 2;
        }
        agree(&instance);
    }
}

#[test]
fn alternatives_are_the_cheapest_with_other_services() {
    for seed in 0..300 {
        let instance = small(seed);
        let board = Board::new(&instance).unwrap();
        let mut least: BTreeMap<Vec<usize>, i64> = BTreeMap::new();
        every_plan(&instance, |cost, choice| {
            let mut services: Vec<usize> = choice.iter().flatten().map(|visit| visit.0).collect();
            services.sort_unstable();
            services.dedup();
            let known = least.entry(services).or_insert(cost);
            *known = cost.min(*known);
        });
        let mut costs: Vec<i64> = least.into_values().collect();
        costs.sort_unstable();
        costs.truncate(3);
        let (plans, proved) = alternatives(&board, 3, Guard::default());
        assert!(proved);
        assert_eq!(plans.iter().map(|plan| plan.cost).collect::<Vec<_>>(), costs, "seed {seed}");
    }
}
