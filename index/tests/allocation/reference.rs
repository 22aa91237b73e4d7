//! Slow references that share nothing with the engine: a linear programme, and trying everything.

use lianjie_index::allocation::{Instance, instance::NONE};
use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOutcome};

/// The best weighted utility with at least `least[g]` of each group served, by linear programming:
/// the programme of a network flow has a whole optimum. Nothing where it cannot be.
pub fn programme(instance: &Instance, of: &[u32], least: &[u32]) -> Option<i64> {
    let (services, candidates) = (instance.services(), instance.candidates());
    let mut problem = Problem::new(OptimizationDirection::Maximize);
    let mut by_service = vec![Vec::new(); services.cap.len()];
    let mut by_org = vec![Vec::new(); services.org_cap.len()];
    let mut by_group = vec![Vec::new(); least.len()];
    for need in 0..instance.needs().tier.len() as u32 {
        let mut own = Vec::new();
        for pair in instance.pairs(need) {
            let variable = problem.add_var(instance.value(need, pair) as f64, (0.0, 1.0));
            let service = candidates.svc[pair] as usize;
            own.push((variable, 1.0));
            by_service[service].push((variable, 1.0));
            if services.org[service] != NONE {
                by_org[services.org[service] as usize].push((variable, 1.0));
            }
            if let Some(group) = of.get(need as usize) {
                by_group[*group as usize].push((variable, 1.0));
            }
        }
        if !own.is_empty() {
            problem.add_constraint(own, ComparisonOp::Le, 1.0);
        }
    }
    for (list, &cap) in by_service.into_iter().zip(&services.cap).chain(by_org.into_iter().zip(&services.org_cap)) {
        if !list.is_empty() {
            problem.add_constraint(list, ComparisonOp::Le, f64::from(cap));
        }
    }
    for (list, &least) in by_group.into_iter().zip(least) {
        if !list.is_empty() {
            problem.add_constraint(list, ComparisonOp::Ge, f64::from(least));
        } else if least > 0 {
            return None;
        }
    }
    if instance.candidates().svc.is_empty() {
        return Some(0);
    }
    match problem.solve() {
        Ok(SolveOutcome::Solution(solution)) => Some(solution.objective().round() as i64),
        Err(microlp::Error::Infeasible) => None,
        other => panic!("no limit was set, and no programme is unbounded: {other:?}"),
    }
}

/// What an allocation comes to: how many of each group are served, and the weighted utility.
pub type Worth = (Vec<u32>, i64);

/// Every worth that some allocation has, by trying all of them.
pub fn everything(instance: &Instance, of: &[u32], groups: usize) -> std::collections::HashSet<Worth> {
    let mut found = std::collections::HashSet::new();
    let mut left = (instance.services().cap.clone(), instance.services().org_cap.clone());
    try_from(instance, of, 0, &mut left, &mut (vec![0; groups], 0), &mut found);
    found
}

fn try_from(
    instance: &Instance,
    of: &[u32],
    need: u32,
    left: &mut (Vec<u32>, Vec<u32>),
    worth: &mut Worth,
    found: &mut std::collections::HashSet<Worth>,
) {
    if need as usize == of.len() {
        found.insert(worth.clone());
        return;
    }
    try_from(instance, of, need + 1, left, worth, found);
    for pair in instance.pairs(need) {
        let service = instance.candidates().svc[pair] as usize;
        let org = instance.services().org[service] as usize;
        if left.0[service] == 0 || left.1.get(org) == Some(&0) {
            continue;
        }
        let change = |left: &mut (Vec<u32>, Vec<u32>), by: i32| {
            left.0[service] = left.0[service].wrapping_add_signed(by);
            left.1.get_mut(org).into_iter().for_each(|left| *left = left.wrapping_add_signed(by));
        };
        change(left, -1);
        worth.0[of[need as usize] as usize] += 1;
        worth.1 += instance.value(need, pair);
        try_from(instance, of, need + 1, left, worth, found);
        worth.1 -= instance.value(need, pair);
        worth.0[of[need as usize] as usize] -= 1;
        change(left, 1);
    }
}

/// How many needs of a set can be served at once, by augmenting along one path after the other.
pub fn rank(instance: &Instance, members: &[u32]) -> u32 {
    // Every place is a row of its own; an organisation's bound is left to `everything`.
    assert!(instance.services().org_cap.is_empty(), "only places are counted");
    let mut holder: Vec<Vec<Option<u32>>> = instance.services().cap.iter().map(|&cap| vec![None; cap as usize]).collect();
    let mut served = 0;
    for &need in members {
        let mut seen = vec![false; holder.len()];
        served += u32::from(augment(instance, need, &mut seen, &mut holder));
    }
    served
}

fn augment(instance: &Instance, need: u32, seen: &mut [bool], holder: &mut Vec<Vec<Option<u32>>>) -> bool {
    for pair in instance.pairs(need) {
        let service = instance.candidates().svc[pair] as usize;
        if std::mem::replace(&mut seen[service], true) {
            continue;
        }
        for place in 0..holder[service].len() {
            let free = match holder[service][place] {
                None => true,
                Some(other) => augment(instance, other, seen, holder),
            };
            if free {
                holder[service][place] = Some(need);
                return true;
            }
        }
    }
    false
}
