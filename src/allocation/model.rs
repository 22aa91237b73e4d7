//! The instance of needs and places, made out of what the matcher answered, and the table that comes out.

use std::collections::HashMap;

use jiff::Timestamp;
use lianjie_index::allocation::explain::{Explained, Outcome, explain};
use lianjie_index::allocation::fairness::Fairness;
use lianjie_index::allocation::instance::{Candidates, Instance, NONE, Needs, Services, WEIGHTS};
use lianjie_index::allocation::label::{Id, Labels};
use lianjie_index::allocation::swap::{Swap, swap_cost};
use lianjie_index::allocation::{Allocation, Fault, Lottery, Rule, allocate, allocate_by_lot};
use lianjie_index::matching::answer::Proposed;

use crate::case::model::{Need, Outcome as Stands};
use crate::matching::actions::Matched;

/// Up to so many needs the cost of every swap is worked out by allocating anew; above, it is a lower bound.
const EXACT: usize = 80;
/// Holders of a place who are looked at for one who has none, and how many of them are shown.
const HOLDERS: usize = 6;
const SHOWN: usize = 2;
/// A week, in seconds.
const WEEK: i64 = 7 * 24 * 3600;

/// A need that asks for a place, with what it may use.
pub struct Asking {
    /// The need.
    pub need: Need,
    /// The number of its case.
    pub number: String,
    /// The child's alias.
    pub alias: String,
    /// Township of the child.
    pub town: String,
    /// The first category of the child.
    pub category: String,
    /// Whole weeks since it was written down.
    pub weeks: u32,
    /// Whether the reader may refer it.
    pub may_refer: bool,
    /// What the matcher proposes for it, best first.
    pub services: Vec<Proposed>,
}

/// A service at a location that at least one need may use.
struct Offered {
    /// The service at the location.
    site: String,
    /// Free places, where they are posted; without, nothing says that they are scarce.
    free: Option<u32>,
}

/// What is allocated.
pub struct Table {
    /// The needs, most urgent first, then who has waited longest.
    pub askings: Vec<Asking>,
    offered: Vec<Offered>,
    instance: Instance,
    lottery: Lottery,
}

/// Somebody else who could have a place, and what that would cost in needs completed, weighted by urgency.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Other {
    /// Which asking.
    pub asking: usize,
    /// What it would cost.
    pub cost: f64,
    /// Whether that is the cost, or the least it can be.
    pub exact: bool,
    /// Whether it would break the rule, such as a less urgent need before a more urgent one.
    pub breaks_rule: bool,
}

/// What became of a need.
#[derive(Debug, Clone, PartialEq)]
pub enum Became {
    /// It gets a place, by the proposal of that number.
    Placed { proposal: usize, scarce: bool, second: Option<Other> },
    /// All places it may use went to others; whose place it could have at which cost, where that was worked out.
    Without { instead: Option<Vec<Other>> },
    /// There is no service for it: no place was refused to it.
    NoService,
}

impl Became {
    /// Its name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Placed { .. } => "placed",
            Self::Without { .. } => "without",
            Self::NoService => "no_service",
        }
    }
}

/// What comes out.
pub struct Run {
    /// Of each asking.
    pub became: Vec<Became>,
    /// Who is served how often.
    pub fairness: Fairness,
    /// Needs completed that are to be expected, weighted by urgency.
    pub expected: f64,
    /// What the rule costs of it.
    pub price: f64,
}

impl Table {
    /// The needs of some cases that nobody is asked for. `meeting` is what the lots are drawn with.
    pub fn of(matched: Vec<Matched>, meeting: &str, now: Timestamp) -> Result<Self, Fault> {
        let mut askings: Vec<Asking> = matched.into_iter().flat_map(|matched| askings(matched, now)).collect();
        askings.sort_by(|a, b| (a.need.tier, b.weeks, &a.number).cmp(&(b.need.tier, a.weeks, &b.number)));
        let (mut offered, mut numbers): (Vec<Offered>, HashMap<String, u32>) = (Vec::new(), HashMap::new());
        let mut candidates = Candidates { ptr: vec![0], ..Candidates::default() };
        for asking in &askings {
            for service in &asking.services {
                let number = *numbers.entry(service.service_at_location.to_string()).or_insert_with_key(|site| {
                    offered.push(Offered { site: site.clone(), free: service.places.free });
                    u32::try_from(offered.len() - 1).unwrap_or(u32::MAX)
                });
                candidates.svc.push(number);
                candidates.u.push(service.utility.clamp(1, 1000));
            }
            candidates.ptr.push(u32::try_from(candidates.svc.len()).unwrap_or(u32::MAX));
        }
        let labels = |of: &dyn Fn(&Asking) -> String| askings.iter().map(|asking| Id::Text(of(asking))).collect::<Labels>();
        let needs = Needs {
            child: labels(&|asking| asking.need.case.to_string()),
            county: labels(&|asking| asking.town.chars().take(6).collect()),
            town: labels(&|asking| asking.town.clone()),
            category: labels(&|asking| asking.category.clone()),
            tier: askings.iter().map(|asking| asking.need.tier.number()).collect(),
        };
        let unbounded = u32::try_from(askings.len()).unwrap_or(u32::MAX);
        let services = Services {
            town: Labels::same(offered.len()),
            category: Labels::same(offered.len()),
            cap: offered.iter().map(|offered| offered.free.unwrap_or(unbounded)).collect(),
            org: vec![NONE; offered.len()],
            org_cap: Vec::new(),
        };
        let weeks: Vec<u32> = askings.iter().map(|asking| asking.weeks).collect();
        let instance = Instance::new(needs, services, candidates, WEIGHTS)?.waiting(&weeks)?;
        let cases: Vec<&str> = askings.iter().map(|asking| asking.need.id.as_str()).collect();
        let sites: Vec<&str> = offered.iter().map(|offered| offered.site.as_str()).collect();
        let lottery = Lottery::draw(meeting, &cases, &sites);
        Ok(Self { askings, offered, instance, lottery })
    }

    /// Allocates by a rule.
    pub fn run(&self, rule: &Rule) -> Result<Run, Fault> {
        let allocation = allocate_by_lot(&self.instance, rule, &self.lottery)?;
        let best = allocate(&self.instance, &Rule::Util)?.certificate.utility;
        let fairness = Fairness::of(&self.instance, &allocation, best);
        let became = explain(&self.instance, &allocation).iter().map(|row| self.became(row, &allocation)).collect::<Result<_, _>>()?;
        let (expected, price) = (self.completed(allocation.certificate.utility), self.completed(fairness.price_of_rule));
        Ok(Run { became, fairness, expected, price })
    }

    fn became(&self, row: &Explained, allocation: &Allocation) -> Result<Became, Fault> {
        let asking = &self.askings[row.need as usize];
        Ok(match &row.outcome {
            Outcome::NoCandidates => Became::NoService,
            Outcome::Served(served) => {
                let site = &self.offered[served.service as usize];
                let proposal = asking.services.iter().position(|service| service.service_at_location.as_str() == site.site);
                let second = match (served.other_need, served.swap) {
                    // Where places stay free nobody came second.
                    (Some(other), Some(bound)) if served.price > 0 => self.other(allocation, other.which, row.need, bound)?,
                    _ => None,
                };
                Became::Placed { proposal: proposal.unwrap_or_default(), scarce: served.price > 0, second }
            }
            Outcome::Outbid { .. } if self.askings.len() > EXACT => Became::Without { instead: None },
            Outcome::Outbid { .. } => Became::Without { instead: Some(self.instead(row.need, allocation)?) },
        })
    }

    /// What it would cost if `taker` had the place of `holder`; of many needs only the least it can cost.
    fn other(&self, allocation: &Allocation, taker: u32, holder: u32, bound: i64) -> Result<Option<Other>, Fault> {
        if self.askings.len() > EXACT {
            return Ok(Some(Other { asking: taker as usize, cost: self.completed(bound), exact: false, breaks_rule: false }));
        }
        self.swap(allocation, taker, holder)
    }

    /// What it costs if `taker` has the place of `holder`, by allocating anew.
    fn swap(&self, allocation: &Allocation, taker: u32, holder: u32) -> Result<Option<Other>, Fault> {
        let asking = taker as usize;
        let costs = |swap: &Swap, breaks_rule: bool| match swap {
            Swap::Costs { cost, .. } => Some(Other { asking, cost: self.completed(*cost), exact: true, breaks_rule }),
            Swap::NoPlace | Swap::NotACandidate | Swap::AgainstTheRule => None,
        };
        let swap = swap_cost(&self.instance, allocation, taker, holder)?;
        if swap == Swap::AgainstTheRule {
            // A meeting may decide against the rule, and then wants to know the cost all the same.
            let without_rule = Allocation { floors: None, ..allocation.clone() };
            return Ok(costs(&swap_cost(&self.instance, &without_rule, taker, holder)?, true));
        }
        Ok(costs(&swap, false))
    }

    /// Whose place one who has none could have, at the least cost.
    fn instead(&self, taker: u32, allocation: &Allocation) -> Result<Vec<Other>, Fault> {
        let usable = |service: u32| self.instance.pair(taker, service).is_some();
        let mut holders: Vec<(i64, u32)> = (0..)
            .zip(&allocation.place)
            .filter_map(|(holder, place)| {
                let service = place.filter(|service| usable(*service))?;
                Some((self.instance.value(holder, self.instance.pair(holder, service)?), holder))
            })
            .collect();
        holders.sort_unstable();
        let mut others = Vec::new();
        for (_, holder) in holders.into_iter().take(HOLDERS) {
            if let Some(other) = self.swap(allocation, taker, holder)? {
                others.push(Other { asking: holder as usize, ..other });
            }
        }
        others.sort_by(|a, b| a.cost.total_cmp(&b.cost).then(a.asking.cmp(&b.asking)));
        others.truncate(SHOWN);
        Ok(others)
    }

    /// Weighted utility as needs completed, weighted by urgency.
    #[expect(clippy::cast_precision_loss, reason = "sums of a few hundred needs")]
    fn completed(&self, utility: i64) -> f64 {
        utility as f64 / (1000.0 * f64::from(self.instance.unit()))
    }
}

fn askings(matched: Matched, now: Timestamp) -> impl Iterator<Item = Asking> {
    let Matched { case, child, needs, may_refer, answer, .. } = matched;
    let waits = move |need: &Need| u32::try_from((now.as_second() - need.opened_at.as_second()).max(0) / WEEK).unwrap_or(u32::MAX);
    let nobody_asked: Vec<Need> = needs.into_iter().filter(|need| matches!(need.state, Stands::Open | Stands::Gap)).collect();
    nobody_asked.into_iter().map(move |need| {
        let proposal = answer.proposals.iter().find(|proposal| proposal.need == need.term);
        Asking {
            weeks: waits(&need),
            number: case.number.clone(),
            alias: child.alias.clone(),
            town: case.division.to_string(),
            category: case.categories.first().map(ToString::to_string).unwrap_or_default(),
            may_refer,
            services: proposal.map(|proposal| proposal.services.clone()).unwrap_or_default(),
            need,
        }
    })
}
