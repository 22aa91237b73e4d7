//! What a wider limit would bring: "one more trip a week would start rehabilitation 15 days earlier".

use serde::Serialize;

use super::{Board, Guard, Instance, Plan, Refusal, best_few};

/// One more trip.
const TRIP: i64 = 1;
/// Half an hour more on the way.
const MINUTES: i64 = 30;
/// Ten yuan more.
const YUAN: i64 = 10;

/// The prices of the family's limits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Prices {
    /// Of one more trip a week.
    pub trips: Price,
    /// Of 30 more minutes a week on the way.
    pub minutes: Price,
    /// Of 10 more yuan a week.
    pub fee: Price,
}

/// What one step of a limit is worth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Price {
    /// By how much the limit was raised: trips, minutes or yuan.
    pub step: i64,
    /// Points that the best plan then costs less; 0 where the limit does not bind.
    pub saved: i64,
    /// Needs, by index, that are then met.
    pub newly_served: Vec<usize>,
    /// Needs, by index, that then start earlier, and by how many days.
    pub earlier: Vec<(usize, i64)>,
    /// Whether both plans are proved to be the best.
    pub proved: bool,
}

/// Plans again with each limit one step wider, and compares with the best plan.
///
/// # Errors
/// [`Refusal`] where the instance is none that may be planned.
pub fn prices_of_limits(instance: &Instance, guard: Guard) -> Result<Prices, Refusal> {
    let board = Board::new(instance)?;
    let (mut found, proved, _) = best_few(&board, 1, &[], guard);
    let best = found.remove(0);
    let price = |step: i64, raise: fn(&mut Instance, i64)| {
        let mut wider = instance.clone();
        raise(&mut wider, step);
        let board = Board::new(&wider)?;
        let known = board.draft(&best.choice).expect("what fits a week fits a longer one");
        let (mut found, wider_proved, _) = best_few(&board, 1, &[known], guard);
        Ok(Price::between(step, &best, &found.remove(0), proved && wider_proved))
    };
    Ok(Prices {
        trips: price(TRIP, |wider, step| wider.max_trips = wider.max_trips.saturating_add(step))?,
        minutes: price(MINUTES, |wider, step| wider.max_travel = wider.max_travel.saturating_add(step))?,
        fee: price(YUAN, |wider, step| wider.max_fee = wider.max_fee.saturating_add(step))?,
    })
}

impl Price {
    fn between(step: i64, before: &Plan, after: &Plan, proved: bool) -> Self {
        let saved = before.cost - after.cost;
        let mut price = Self { step, saved, newly_served: Vec::new(), earlier: Vec::new(), proved };
        if saved == 0 {
            return price;
        }
        for (need, days) in before.start_day.iter().zip(&after.start_day).enumerate() {
            match days {
                (None, Some(_)) => price.newly_served.push(need),
                (Some(then), Some(now)) if now < then => price.earlier.push((need, then - now)),
                _ => {}
            }
        }
        price
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{from_value, json};

    #[test]
    fn one_more_trip_starts_a_service_earlier() {
        let service = |site: &str, need: &str, wait: i64| json!({"agency": "a", "site": site, "travel": 5, "wait": wait, "dur": 0, "fee": 0, "covers": {need: 500}});
        let instance: Instance = from_value(json!({
            "needs": [{"w": 8}, {"w": 8}], "services": [service("here", "0", 5), service("here", "1", 20), service("there", "1", 5)],
            "max_trips": 1, "max_travel": 100, "max_fee": 0
        }))
        .unwrap();
        let prices = prices_of_limits(&instance, Guard::default()).unwrap();
        assert_eq!(prices.trips, Price { step: 1, saved: 15 * 5 * 8 - 10, newly_served: vec![], earlier: vec![(1, 15)], proved: true });
        assert_eq!((prices.minutes.saved, prices.fee.saved), (0, 0));
    }
}
