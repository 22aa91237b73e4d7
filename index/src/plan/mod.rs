//! The plan of one child: for each need a service and a session, or nothing, at the least cost
//! together.
//!
//! The best service for each need alone makes a bad week: four trips where two would do, two
//! sessions at one time, a subsidy that waits for a certificate nobody is getting. The plan weighs
//! all needs at once and is exact: no other plan costs less, which the tests check against every
//! plan there is. How: sets of needs left open (`search`), a lower bound for each
//! (`relaxation`), and a search below it (`descent`). Source: `docs/MATCHING.md`, "Plan for one
//! child".
//!
//! What is a candidate, and what its expected utility is, is decided elsewhere; here are only
//! figures, and no child.

mod alternative;
mod board;
mod check;
mod descent;
mod draft;
pub mod greedy;
mod guard;
pub mod instance;
mod needs;
mod order;
mod pool;
mod price;
mod prices;
mod relaxation;
mod search;
mod simplex;

pub use alternative::alternatives;
pub use board::Board;
pub use check::{MOST_NEEDS, Refusal};
pub use guard::Guard;
pub use instance::{Instance, Line, Visit};
pub use price::{Price, Prices, prices_of_limits};

use draft::Draft;
use guard::Count;
use pool::Pool;
use serde::Serialize;

/// A plan and what it comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// For each need what is taken; none where it stays open.
    pub choice: Vec<Option<Visit>>,
    /// For each need the day on which its service starts, from today; none where it stays open.
    pub start_day: Vec<Option<i64>>,
    /// Points.
    pub cost: i64,
    /// Trips a week.
    pub trips: i64,
    /// Minutes a week on the way.
    pub minutes_week: i64,
    /// Yuan a week.
    pub fee_week: i64,
}

/// The best plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Best {
    /// The plan.
    pub plan: Plan,
    /// Whether no plan costs less; otherwise the search was ended by its guard, and this is the
    /// best it had found.
    pub proved: bool,
    /// Steps the search took.
    pub steps: u64,
}

/// Finds the best plan.
#[must_use]
pub fn best(board: &Board, guard: Guard) -> Best {
    let (mut found, proved, steps) = best_few(board, 1, &[], guard);
    Best { plan: found.remove(0), proved, steps }
}

/// The best plans of which no two have the same services, cheapest first; whether they are proved
/// to be, and the steps it took. Starts from plans already known.
fn best_few(board: &Board, keep: usize, known: &[Draft], guard: Guard) -> (Vec<Plan>, bool, u64) {
    let mut pool = Pool::new(keep);
    let mut count = Count::new(guard);
    pool.offer(board, Draft::default());
    pool.offer(board, greedy::marginal_draft(board));
    for draft in known {
        pool.offer(board, *draft);
    }
    search::search(board, &mut pool, &mut count);
    (pool.drafts().map(|draft| Plan::of(board, &draft)).collect(), count.within(), count.steps)
}

impl Plan {
    fn of(board: &Board, draft: &Draft) -> Self {
        let sum = draft.sum(board).expect("only drafts that break no rule are kept");
        let mut start_day = vec![None; board.needs.len()];
        for (number, need) in board.needs.iter().enumerate() {
            start_day[need.index] = draft.get(number).map(|_| sum.start[number]);
        }
        let [trips, minutes_week, fee_week] = sum.week;
        Self { choice: board.choice(draft), start_day, cost: sum.cost, trips, minutes_week, fee_week }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, from_value, json};

    fn service(agency: &str, site: &str, wait: i64, covers: Value, sessions: Value) -> Value {
        json!({"agency": agency, "site": site, "travel": 20, "wait": wait, "dur": 10, "fee": 0, "covers": covers, "sessions": sessions})
    }

    fn instance(needs: Value, services: Vec<Value>, max_trips: i64) -> Instance {
        from_value(json!({"needs": needs, "services": services, "max_trips": max_trips, "max_travel": 300, "max_fee": 50})).unwrap()
    }

    fn planned(instance: &Instance) -> Best {
        best(&Board::new(instance).unwrap(), Guard::default())
    }

    #[test]
    fn without_needs_or_candidates_the_plan_is_empty() {
        let nothing = planned(&instance(json!([]), Vec::new(), 3));
        assert_eq!((nothing.plan.cost, nothing.plan.choice.len(), nothing.proved), (0, 0, true));
        let open = planned(&instance(json!([{"w": 2}]), Vec::new(), 3));
        assert_eq!((open.plan.cost, open.plan.choice), (3000, vec![None]));
    }

    #[test]
    fn one_service_meets_two_needs_in_one_session() {
        let both = service("a", "a", 5, json!({"0": 700, "1": 700}), json!([[1, 540, 600], [2, 540, 600]]));
        let alone = service("b", "b", 5, json!({"0": 720}), json!([[1, 540, 600]]));
        let plan = planned(&instance(json!([{"w": 1}, {"w": 1}]), vec![alone, both], 3)).plan;
        assert_eq!(plan.choice[0].unwrap().0, 1);
        assert_eq!(plan.choice[0], plan.choice[1]);
        assert_eq!((plan.trips, plan.minutes_week), (1, 40));
        assert_eq!(plan.cost, 2 * 300 + 2 * 5 * 5 + 40 + 60);
    }

    #[test]
    fn thirty_minutes_lie_between_two_sites_and_none_within_one() {
        let needs = json!([{"w": 4}, {"w": 4}]);
        let first = service("a", "a", 5, json!({"0": 700}), json!([[1, 540, 600]]));
        let at = |site: &str, start: i64| {
            let second = service("b", site, 5, json!({"1": 700}), json!([[1, start, start + 60]]));
            planned(&instance(needs.clone(), vec![first.clone(), second], 3)).plan.choice.iter().flatten().count()
        };
        assert_eq!((at("b", 629), at("b", 630)), (1, 2));
        assert_eq!((at("a", 599), at("a", 600)), (1, 2));
    }

    #[test]
    fn a_need_starts_when_all_its_prerequisites_are_finished() {
        let of = |need: &str, wait: i64| service("a", "a", wait, json!({need: 700}), json!([]));
        let needs = json!([{"w": 1}, {"w": 1}, {"w": 1, "pred": [0, 1]}]);
        let plan = planned(&instance(needs, vec![of("0", 3), of("1", 20), of("2", 7)], 3)).plan;
        assert_eq!(plan.start_day, [Some(3), Some(20), Some(37)]);
        assert_eq!(plan.choice[2], Some(Visit(2, None)));
    }

    #[test]
    fn a_search_ended_by_its_guard_says_so_and_keeps_the_best_it_had() {
        let services = (0..40).map(|index| {
            service(
                &index.to_string(),
                &index.to_string(),
                index,
                json!({(index % 4).to_string(): 500 + index}),
                json!([[index % 5, 540, 600]]),
            )
        });
        let board = Board::new(&instance(json!([{"w": 1}, {"w": 1}, {"w": 2}, {"w": 4}]), services.collect(), 2)).unwrap();
        let ended = best(&board, Guard { steps: 10 });
        assert!(!ended.proved);
        assert!(ended.plan.cost <= greedy::marginal(&board).cost);
        assert!(best(&board, Guard::default()).proved);
    }
}
