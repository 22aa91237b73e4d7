//! What always holds of a plan (`docs/MATCHING.md`, properties, group 9).

use crate::generate::{self, permute, turned};
use lianjie_index::plan::{Best, Board, Guard, Instance, Plan, best, greedy, instance::Costs};
use proptest::prelude::*;

fn plan(instance: &Instance) -> Best {
    best(&Board::new(instance).unwrap(), Guard::default())
}

/// Instances of up to four needs, and every fourth of five to eight.
fn instances() -> impl Strategy<Value = Instance> {
    any::<u32>().prop_map(|seed| turned(u64::from(seed)))
}

/// What a plan takes, without the numbers of services: agency, site and session.
fn taken(instance: &Instance, plan: &Plan) -> Vec<String> {
    let mut taken: Vec<String> = plan
        .choice
        .iter()
        .flatten()
        .map(|visit| {
            let service = &instance.services[visit.0];
            let session = visit.1.map(|session| service.sessions[session]);
            format!("{:?} {:?} {:?} {} {}", service.agency, service.site, session, service.wait, service.fee)
        })
        .collect();
    taken.sort();
    taken
}

fn cases() -> u32 {
    std::env::var("LIANJIE_PROPERTY_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(10_000)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn prerequisites_are_met_nothing_clashes_and_limits_are_kept(instance in instances()) {
        let Best { plan, proved, .. } = plan(&instance);
        prop_assert!(proved);
        prop_assert!(plan.trips <= instance.max_trips && plan.minutes_week <= instance.max_travel && plan.fee_week <= instance.max_fee);
        for (number, need) in instance.needs.iter().enumerate() {
            let Some(visit) = plan.choice[number] else { continue };
            let service = &instance.services[visit.0];
            prop_assert!(service.covers.contains_key(&number));
            for &before in &need.pred {
                let Some(prerequisite) = plan.choice[before] else { return Err(TestCaseError::fail("a prerequisite is open")) };
                let ready = plan.start_day[before].unwrap() + instance.services[prerequisite.0].dur;
                prop_assert!(plan.start_day[number].unwrap() >= ready + service.wait);
            }
            for other in plan.choice.iter().flatten() {
                if other.0 == visit.0 {
                    prop_assert_eq!(other.1, visit.1);
                    continue;
                }
                let elsewhere = &instance.services[other.0];
                let (Some(one), Some(two)) = (visit.1, other.1) else { continue };
                let (one, two) = (service.sessions[one], elsewhere.sessions[two]);
                let between = if service.site == elsewhere.site { 0 } else { 30 };
                prop_assert!(one.0 != two.0 || one.2 + between <= two.1 || two.2 + between <= one.1);
            }
        }
    }

    #[test]
    fn no_greedy_plan_costs_less(instance in instances()) {
        let board = Board::new(&instance).unwrap();
        let least = best(&board, Guard::default()).plan.cost;
        prop_assert!(least <= greedy::alone(&board).cost);
        prop_assert!(least <= greedy::marginal(&board).cost);
    }

    /// A need that others wait for takes these along when it goes, so only the last of a chain is
    /// dropped. Without it the plan costs at most as much as before; with it, at most its penalty
    /// more than without.
    #[test]
    fn a_need_costs_something_between_nothing_and_its_penalty(instance in instances()) {
        let last = (0..instance.needs.len()).rev().find(|need| instance.needs.iter().all(|other| !other.pred.contains(need)));
        let Some(last) = last else { return Ok(()) };
        let with = plan(&instance).plan.cost;
        let without = plan(&generate::without(&instance, last)).plan.cost;
        let penalty = instance.cost.unmet * instance.needs[last].w;
        prop_assert!(without <= with && with <= without + penalty, "{} {} {}", without, with, penalty);
    }

    #[test]
    fn another_candidate_never_costs_more(instance in instances()) {
        let with = plan(&instance).plan.cost;
        let mut fewer = instance.clone();
        fewer.services.pop();
        prop_assert!(with <= plan(&fewer).plan.cost);
    }

    /// Utilities are not points, so their costs are scaled by weights: `w` times k and the shared
    /// costs times k.
    #[test]
    fn scaling_all_costs_scales_the_optimum(instance in instances(), by in 1_i64..=9) {
        let mut scaled = instance.clone();
        let Costs { unmet, day, minute, agency, yuan } = instance.cost;
        scaled.cost = Costs { unmet, day, minute: minute * by, agency: agency * by, yuan: yuan * by };
        for need in &mut scaled.needs {
            need.w *= by;
        }
        prop_assert_eq!(plan(&scaled).plan.cost, by * plan(&instance).plan.cost);
    }

    #[test]
    fn the_order_of_needs_services_and_sessions_does_not_matter(instance in instances(), seed in any::<u64>()) {
        let other = permute(&instance, seed);
        let (one, two) = (plan(&instance), plan(&other));
        prop_assert_eq!(one.plan.cost, two.plan.cost);
        prop_assert_eq!(one.steps, two.steps);
        prop_assert_eq!(taken(&instance, &one.plan), taken(&other, &two.plan));
    }

    #[test]
    fn a_wider_limit_never_costs_more(instance in instances(), trips in 0_i64..3, minutes in 0_i64..90, yuan in 0_i64..50) {
        let mut wider = instance.clone();
        wider.max_trips += trips;
        wider.max_travel += minutes;
        wider.max_fee += yuan;
        prop_assert!(plan(&wider).plan.cost <= plan(&instance).plan.cost);
    }
}
