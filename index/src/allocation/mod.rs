//! Allocation between children: who gets which of the places there are.
//!
//! Each need takes at most one place of a service it may use; the sum of tier weight times expected
//! utility is as large as it can be, under the capacities of services and organisations and under
//! the chosen [`Rule`]. The result is exact and proves itself: prices of places bound what any
//! allocation could reach ([`Certificate`]). Whole numbers only, so it is the same on every machine.
//!
//! Read in this order: [`instance`] (what is asked, with `json` and `binary` to read it), `values`
//! (what a pair is worth), `auction` (prices that are nearly right), `network` (what right means),
//! `exact` and `route` (making them right), `floors`, `lex` and `maxmin` (rules), [`certificate`]
//! (the proof). For the meeting: [`lottery`] and [`waiting`] (order), [`explain`], [`swap`] and
//! [`fairness`] (what people are shown), [`greedy`] (what simpler ways would lose).
//! The engine refuses no child and decides nothing: people do. Source: `docs/MATCHING.md`, "Allocation".

mod auction;
mod binary;
pub mod certificate;
mod exact;
pub mod explain;
pub mod fairness;
pub mod fault;
mod floors;
pub mod greedy;
pub mod instance;
mod json;
pub mod label;
mod lex;
mod lists;
pub mod lottery;
mod maxmin;
mod network;
mod reach;
mod route;
mod rule;
mod shortlist;
pub mod swap;
mod values;
pub mod waiting;

pub use certificate::Certificate;
pub use fault::Fault;
pub use floors::Floors;
pub use instance::Instance;
pub use lottery::Lottery;
pub use maxmin::{Fraction, Share};
pub use rule::Rule;

use instance::NONE;
use network::Network;
use values::Values;

/// Who gets what, and the proof that it cannot be better.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allocation {
    /// The service each need gets.
    pub place: Vec<Option<u32>>,
    /// The proof.
    pub certificate: Certificate,
    /// The floors the rule came to.
    pub floors: Option<Floors>,
    /// The max-min level, where the rule asked for it.
    pub level: Option<Fraction>,
}

/// Allocates by a rule.
///
/// # Errors
/// [`Fault::Infeasible`] where floors cannot be met, with the groups that bind;
/// [`Fault::TooLarge`] where the sums could leave 64 bits.
pub fn allocate(instance: &Instance, rule: &Rule) -> Result<Allocation, Fault> {
    allocate_drawn(instance, rule, &[])
}

/// Allocates by a rule and, between allocations that are equally good, by lot: nothing of the
/// result depends on the order in which needs and services are listed.
///
/// # Errors
/// As [`allocate`].
pub fn allocate_by_lot(instance: &Instance, rule: &Rule, lottery: &Lottery) -> Result<Allocation, Fault> {
    let order = lottery.order(instance)?;
    let drawn = allocate_drawn(&order.sorted(instance), &order.sorted_rule(rule), &order.draws(instance))?;
    Ok(order.restored(drawn))
}

fn allocate_drawn(instance: &Instance, rule: &Rule, draws: &[u32]) -> Result<Allocation, Fault> {
    let values = Values::new(instance, draws)?;
    let room = room(instance);
    let outcome = auction::run(&values, instance.services(), &room);
    let doubtful = outcome.doubtful.clone();
    let mut network = Network::new(&values, instance.services(), &room, outcome);
    exact::finish(&mut network, &doubtful);

    let rule::Floored { floors, level } = rule.floors(instance, &mut network)?;
    if let Some(floors) = &floors {
        floors::raise(&mut network, floors)?;
    }
    network.lift();
    let place = (0..values.needs()).map(|need| Some(network.service(need)).filter(|&service| service != NONE)).collect();
    let certificate = certificate::certify(instance, &values, &network, floors.as_ref());
    Ok(Allocation { place, certificate, floors, level })
}

/// How many needs each service can ever have: its places, or one more than may use it, so that
/// places that are surely free are seen to be.
fn room(instance: &Instance) -> Vec<u32> {
    let mut asked = vec![1; instance.services().cap.len()];
    for &service in &instance.candidates().svc {
        asked[service as usize] += 1;
    }
    instance.services().cap.iter().zip(asked).map(|(&cap, asked)| cap.min(asked)).collect()
}
