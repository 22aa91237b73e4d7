//! What an instance must fulfil before it is planned, and the sentence that says where it does not.

use std::collections::BTreeMap;

use thiserror::Error;

use super::instance::{Instance, Label, Service, Session};

/// Most needs of one plan: all sets of needs left open are looked at.
pub const MOST_NEEDS: usize = 16;
/// Most ways of one plan: a way is a service in one of its sessions, for one of the needs it covers.
pub const MOST_WAYS: usize = 20_000;
/// Largest figure of a service, a need or a cost.
const LARGEST: i64 = 1_000_000;
/// Largest cost that a plan of the instance might come to; keeps all sums within 64 bits.
const COSTLIEST: i128 = 1 << 30;

/// Why an instance is not planned.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// Too many needs.
    #[error("{0} needs, but a plan has at most {MOST_NEEDS}; plan the most urgent first")]
    TooManyNeeds(usize),
    /// Too many ways.
    #[error("{0} ways to meet the needs, but a plan chooses from at most {MOST_WAYS}; leave out the farthest services, or late sessions")]
    TooManyWays(usize),
    /// A figure out of bounds.
    #[error("{of}: {what} is {is}, but must be from {least} to {most}")]
    Figure {
        /// Whose figure.
        of: String,
        /// Which figure.
        what: &'static str,
        /// What it is.
        is: i64,
        /// The least it may be.
        least: i64,
        /// The most it may be.
        most: i64,
    },
    /// An index with nothing behind it.
    #[error("{of} names need {need}, but needs are numbered below {count}")]
    NoSuchNeed {
        /// What names it.
        of: String,
        /// The index.
        need: usize,
        /// How many needs there are.
        count: usize,
    },
    /// A session ends before it starts.
    #[error("session {session} of service {service} ends at minute {end}, before it starts at minute {start}; give the start first")]
    EndsBeforeStart {
        /// The service's index.
        service: usize,
        /// The session's index in the service.
        session: usize,
        /// Its start.
        start: i64,
        /// Its end.
        end: i64,
    },
    /// Needs that wait for each other.
    #[error("needs {} wait for each other in a circle; drop one of these prerequisites", list(.0))]
    Circle(Vec<usize>),
    /// One site, two ways.
    #[error(
        "services {first} and {second} are at site {site}, but {first_minutes} and {second_minutes} minutes away; \
         give both the same minutes, or the sites different names"
    )]
    TwoWays {
        /// The site.
        site: String,
        /// The service that named it first.
        first: usize,
        /// Its minutes.
        first_minutes: i64,
        /// The service that says otherwise.
        second: usize,
        /// Its minutes.
        second_minutes: i64,
    },
    /// Figures that are each within bounds, but not together.
    #[error("a plan might cost {0} points, but at most {COSTLIEST} are reckoned with; divide all costs by a common factor")]
    TooCostly(i128),
}

/// Looks at every figure of an instance.
pub(super) fn check(instance: &Instance) -> Result<(), Refusal> {
    if instance.needs.len() > MOST_NEEDS {
        return Err(Refusal::TooManyNeeds(instance.needs.len()));
    }
    let ways = instance.services.iter().map(|service| service.sessions.len().max(1).saturating_mul(service.covers.len()));
    let ways = ways.fold(0_usize, usize::saturating_add);
    if ways > MOST_WAYS {
        return Err(Refusal::TooManyWays(ways));
    }
    let limits = [("max_trips", instance.max_trips), ("max_travel", instance.max_travel), ("max_fee", instance.max_fee)];
    for (what, is) in limits {
        within(|| "the family".into(), what, is, i64::MAX)?;
    }
    let cost = &instance.cost;
    let costs = [("unmet", cost.unmet), ("day", cost.day), ("minute", cost.minute), ("agency", cost.agency), ("yuan", cost.yuan)];
    for (what, is) in costs {
        within(|| "the costs".into(), what, is, LARGEST)?;
    }
    check_needs(instance)?;
    for (index, service) in instance.services.iter().enumerate() {
        check_service(index, service, instance.needs.len())?;
    }
    check_sites(instance)?;
    check_sum(instance)
}

fn check_needs(instance: &Instance) -> Result<(), Refusal> {
    let count = instance.needs.len();
    for (index, need) in instance.needs.iter().enumerate() {
        let of = || format!("need {index}");
        within(of, "w", need.w, LARGEST)?;
        if let Some(&need) = need.pred.iter().find(|&&pred| pred >= count) {
            return Err(Refusal::NoSuchNeed { of: of(), need, count });
        }
    }
    circle(instance).map_or(Ok(()), |needs| Err(Refusal::Circle(needs)))
}

/// The needs of a circle of prerequisites, each waiting for the next, the smallest index first.
fn circle(instance: &Instance) -> Option<Vec<usize>> {
    let mut open: Vec<usize> = (0..instance.needs.len()).collect();
    loop {
        let waits = |need: &usize| instance.needs[*need].pred.iter().any(|pred| open.contains(pred));
        let (stay, free): (Vec<usize>, Vec<usize>) = open.iter().copied().partition(waits);
        if free.is_empty() {
            break;
        }
        open = stay;
    }
    // Whoever is left waits for somebody who is left: following them comes round in the end.
    let mut way = vec![*open.first()?];
    loop {
        let last = *way.last().expect("the way has a start");
        let next = *instance.needs[last].pred.iter().find(|pred| open.contains(pred))?;
        if let Some(start) = way.iter().position(|need| *need == next) {
            let mut needs = way.split_off(start);
            let least = needs.iter().enumerate().min_by_key(|(_, need)| **need).map_or(0, |(place, _)| place);
            needs.rotate_left(least);
            return Some(needs);
        }
        way.push(next);
    }
}

fn check_service(index: usize, service: &Service, needs: usize) -> Result<(), Refusal> {
    let of = || format!("service {index}");
    for (what, is) in [("travel", service.travel), ("wait", service.wait), ("dur", service.dur), ("fee", service.fee)] {
        within(of, what, is, LARGEST)?;
    }
    for (&need, &utility) in &service.covers {
        if need >= needs {
            return Err(Refusal::NoSuchNeed { of: of(), need, count: needs });
        }
        within(|| format!("service {index}, need {need}"), "the expected utility", utility, 1000)?;
    }
    for (session, &Session(day, start, end)) in service.sessions.iter().enumerate() {
        let of = || format!("service {index}, session {session}");
        for (what, is) in [("the day", day), ("the start", start), ("the end", end)] {
            within(of, what, is, LARGEST)?;
        }
        if end < start {
            return Err(Refusal::EndsBeforeStart { service: index, session, start, end });
        }
    }
    Ok(())
}

/// A trip is one site on one day, so a site has one way to it.
fn check_sites(instance: &Instance) -> Result<(), Refusal> {
    let mut ways: BTreeMap<&Label, (usize, i64)> = BTreeMap::new();
    for (second, service) in instance.services.iter().enumerate() {
        let (first, first_minutes) = *ways.entry(&service.site).or_insert((second, service.travel));
        if first_minutes != service.travel {
            let site = serde_json::to_string(&service.site).expect("a label is JSON");
            return Err(Refusal::TwoWays { site, first, first_minutes, second, second_minutes: service.travel });
        }
    }
    Ok(())
}

/// The most that a plan might cost: the costliest service for every need, each after all others.
fn check_sum(instance: &Instance) -> Result<(), Refusal> {
    let most = |figure: fn(&Service) -> i64| i128::from(instance.services.iter().map(figure).max().unwrap_or(0));
    let [unmet, day, minute, agency, yuan] =
        [instance.cost.unmet, instance.cost.day, instance.cost.minute, instance.cost.agency, instance.cost.yuan].map(i128::from);
    let weight: i128 = instance.needs.iter().map(|need| i128::from(need.w)).sum();
    let count = i128::try_from(instance.needs.len()).expect("few needs");
    let days = count * (most(|service| service.wait) + most(|service| service.dur));
    let visit = minute * 2 * most(|service| service.travel) + agency + yuan * most(|service| service.fee);
    let sum = weight * (unmet + 1000 + day * days) + count * visit;
    if sum > COSTLIEST { Err(Refusal::TooCostly(sum)) } else { Ok(()) }
}

fn within(of: impl Fn() -> String, what: &'static str, is: i64, most: i64) -> Result<(), Refusal> {
    if (0..=most).contains(&is) { Ok(()) } else { Err(Refusal::Figure { of: of(), what, is, least: 0, most }) }
}

fn list(needs: &[usize]) -> String {
    needs.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, from_value, json};

    fn refusal(change: impl Fn(&mut Value)) -> String {
        let mut instance = json!({
            "id": 1, "needs": [{"w": 8}, {"w": 4, "pred": [0]}, {"w": 1, "pred": [1]}],
            "services": [
                {"agency": 1, "site": 1, "travel": 20, "wait": 7, "dur": 30, "fee": 0, "covers": {"0": 600}, "sessions": [[1, 540, 600]]},
                {"agency": 2, "site": 2, "travel": 30, "wait": 7, "dur": 30, "fee": 0, "covers": {"1": 600}, "sessions": [[1, 540, 600]]}
            ],
            "max_trips": 3, "max_travel": 200, "max_fee": 50
        });
        change(&mut instance);
        check(&from_value(instance).unwrap()).map_or_else(|refusal| refusal.to_string(), |()| String::new())
    }

    #[test]
    fn a_sound_instance_passes() {
        assert_eq!(refusal(|_| ()), "");
    }

    #[test]
    fn more_ways_than_a_plan_chooses_from_are_refused() {
        let sessions = |count: usize| json!((0..count).map(|day| [day, 540, 600]).collect::<Vec<_>>());
        assert_eq!(refusal(|instance| instance["services"][0]["sessions"] = sessions(MOST_WAYS - 1)), "");
        let fault = refusal(|instance| instance["services"][0]["sessions"] = sessions(MOST_WAYS));
        assert_eq!(
            fault,
            "20001 ways to meet the needs, but a plan chooses from at most 20000; leave out the farthest services, or late sessions"
        );
    }

    #[test]
    fn needs_that_wait_for_each_other_are_named() {
        let fault = refusal(|instance| instance["needs"][0]["pred"] = json!([2]));
        assert_eq!(fault, "needs 0, 2, 1 wait for each other in a circle; drop one of these prerequisites");
        let fault = refusal(|instance| instance["needs"][1]["pred"] = json!([0, 1]));
        assert_eq!(fault, "needs 1 wait for each other in a circle; drop one of these prerequisites");
    }

    #[test]
    fn an_index_with_nothing_behind_it_is_refused() {
        let fault = refusal(|instance| instance["needs"][0]["pred"] = json!([3]));
        assert_eq!(fault, "need 0 names need 3, but needs are numbered below 3");
        let fault = refusal(|instance| instance["services"][1]["covers"] = json!({"9": 10}));
        assert_eq!(fault, "service 1 names need 9, but needs are numbered below 3");
    }

    #[test]
    fn negative_figures_are_refused_with_their_place() {
        let fault = refusal(|instance| instance["max_fee"] = json!(-1));
        assert_eq!(fault, "the family: max_fee is -1, but must be from 0 to 9223372036854775807");
        let fault = refusal(|instance| instance["services"][0]["wait"] = json!(-2));
        assert_eq!(fault, "service 0: wait is -2, but must be from 0 to 1000000");
        let fault = refusal(|instance| instance["services"][0]["covers"]["0"] = json!(1001));
        assert_eq!(fault, "service 0, need 0: the expected utility is 1001, but must be from 0 to 1000");
    }

    #[test]
    fn a_session_that_ends_before_it_starts_is_refused() {
        let fault = refusal(|instance| instance["services"][1]["sessions"] = json!([[1, 540, 600], [2, 540, 500]]));
        assert_eq!(fault, "session 1 of service 1 ends at minute 500, before it starts at minute 540; give the start first");
    }

    #[test]
    fn a_site_with_two_ways_to_it_is_refused() {
        let fault = refusal(|instance| instance["services"][1]["site"] = json!(1));
        assert!(fault.starts_with("services 0 and 1 are at site 1, but 20 and 30 minutes away"), "{fault}");
    }

    #[test]
    fn figures_that_would_overflow_together_are_refused() {
        let fault = refusal(|instance| instance["cost"] = json!({"day": 1_000_000}));
        assert!(fault.ends_with("divide all costs by a common factor"), "{fault}");
        let needs = vec![json!({"w": 1}); 17];
        assert!(refusal(|instance| instance["needs"] = json!(needs)).starts_with("17 needs"));
    }
}
