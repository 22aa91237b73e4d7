//! Who refers: rules that workers follow today, the policy, and the oracle.

use std::collections::BTreeSet;

use lianjie_index::policy::{
    Expected, Options, Policy,
    protocol::{Key, Message, Need, Outcome, Reply, Service, Week},
};

use super::{
    luck::{For, share},
    oracle, people,
    year::{Year, breaks, fit, number, way},
};

/// A rule a worker follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Any service of the category, the age and the area.
    Random,
    /// The first that a search of words finds; rules are not read.
    Text,
    /// The nearest of the category, the age and the area.
    Nearest,
    /// No stated rule broken; the best tags, then the nearest.
    Careful,
}

/// Who refers.
pub enum Contender {
    Worker { rule: Rule, seed: u64, directory: Vec<Service>, barred: BTreeSet<(Key, Key)> },
    Ours(Box<Policy>),
    Oracle,
}

impl Contender {
    pub fn worker(rule: Rule, seed: u64) -> Self {
        Self::Worker { rule, seed, directory: Vec::new(), barred: BTreeSet::new() }
    }

    pub fn ours(options: Options) -> Self {
        Self::Ours(Box::new(Policy::new(options)))
    }

    /// Answers a message; only the oracle looks at the year itself.
    pub fn answer(&mut self, message: Message, year: &Year<'_>) -> Option<Reply> {
        match (self, message) {
            (Self::Ours(policy), message) => policy.answer(message).expect("the county sends what the policy can answer"),
            (Self::Worker { directory, .. }, Message::Init(init)) => {
                *directory = init.directory;
                None
            }
            (Self::Worker { rule, seed, directory, barred }, Message::Week(week)) => Some(refer(*rule, *seed, directory, barred, &week)),
            (Self::Oracle, Message::Week(week)) => Some(oracle::refer(year, &week)),
            _ => None,
        }
    }

    pub fn expected(&self, need: &Key) -> Option<Expected> {
        match self {
            Self::Ours(policy) => policy.expected(need),
            _ => None,
        }
    }
}

/// A worker's week: each need goes to the first by the rule that was not tried; when all were, to
/// the first that did not say the child is not eligible.
fn refer(rule: Rule, seed: u64, directory: &[Service], barred: &mut BTreeSet<(Key, Key)>, week: &Week) -> Reply {
    for event in week.events.iter().filter(|event| event.outcome == Outcome::Ineligible) {
        barred.extend(event.service.clone().map(|service| (event.need.clone(), service)));
    }
    let mut refer = Vec::new();
    for need in &week.open {
        let usable = |service: &&Service| passes(rule, need, service) && !barred.contains(&(need.id.clone(), service.id.clone()));
        let mut usable: Vec<&Service> = directory.iter().filter(usable).collect();
        if usable.iter().any(|service| !need.tried.contains(&service.id)) {
            usable.retain(|service| !need.tried.contains(&service.id));
        }
        let first = usable.iter().min_by(|a, b| place(rule, seed, need, a, week.week).total_cmp(&place(rule, seed, need, b, week.week)));
        refer.extend(first.map(|service| (need.id.clone(), service.id.clone())));
    }
    Reply::Week { refer, ask: Vec::new() }
}

fn passes(rule: Rule, need: &Need, service: &Service) -> bool {
    if need.category != service.category {
        return false;
    }
    match rule {
        Rule::Text => true,
        Rule::Careful => !breaks(need, service),
        Rule::Random | Rule::Nearest => {
            let loose = Need { households: None, hukou: None, ..need.clone() };
            !breaks(&loose, service)
        }
    }
}

/// The lower, the sooner it is chosen.
fn place(rule: Rule, seed: u64, need: &Need, service: &Service, week: i64) -> f64 {
    let person = people::Need { told: need.clone(), age: 0.0, household: 0, local: true, ready: 0.0 };
    let key = [number(&need.id) as u64, number(&service.id) as u64, week as u64];
    match rule {
        Rule::Random => share(seed, For::Random, &key),
        // Names and descriptions say more or less what the tags say.
        Rule::Text => -fit(&person, service) + 0.3 * share(seed, For::Words, &key[1..2]),
        Rule::Nearest => way(&person, service),
        Rule::Careful => way(&person, service) - 1_000.0 * (fit(&person, service) * 10.0).round(),
    }
}
