//! The chance that rules let a child in: term E, rule by rule.
//!
//! The product takes 0.70 for each open rule until a service has sent children back. A simulator's
//! rules have few answers, so more is known here: where a listing is silent, how many other
//! listings of the category would take this child; where the family was not asked, how many
//! families have the answer that is wanted; and what this very service did with children of the
//! same answer before. What a listing states can still be surpassed by rules it does not list.

use std::collections::BTreeMap;

use super::{
    directory::Directory,
    eligible::Open,
    protocol::{Key, Need, Question, Service},
};
use crate::matching::{
    chance::{CHANCE, FLOOR},
    rates::{Tally, smooth},
};

/// The chance that rules which no listing mentions let a child in.
const UNLISTED: f64 = 0.95;
/// The weight of what is usual beside what a service did: its rules are the same every time, so few answers tell much.
const OWN_WEIGHT: f64 = 2.0;
/// The weight of the product's prior beside the listings of a category.
const LISTED_WEIGHT: f64 = 6.0;

/// The fact a rule reads, with the child's answer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fact {
    Household(Key),
    Registered(bool),
    /// Any other; also rules that no listing mentions.
    Other,
}

/// How rules have turned out.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Chances {
    /// By category: how many listings that state a rule would take this answer.
    listed: BTreeMap<(Key, Fact), Tally>,
    /// Answers of families.
    families: BTreeMap<Fact, f64>,
    /// What a service did with children of this answer.
    passed: BTreeMap<(usize, Fact), Tally>,
}

impl Chances {
    pub(super) fn new(directory: &Directory) -> Self {
        let mut chances = Self::default();
        let households: std::collections::BTreeSet<&Key> =
            directory.services().iter().filter_map(|listed| listed.service.households.as_ref()).flat_map(|taken| taken.keys()).collect();
        for listed in directory.services() {
            let Service { category, households: taken, hukou, .. } = &listed.service;
            let mut add = |fact: Fact, takes: bool| {
                let tally = chances.listed.entry((category.clone(), fact)).or_default();
                tally.good += f64::from(u8::from(takes));
                tally.tried += 1.0;
            };
            if let Some(taken) = taken {
                households.iter().for_each(|own| add(Fact::Household((*own).clone()), taken.keys().contains(own)));
            }
            if let Some(rule) = hukou {
                add(Fact::Registered(false), rule != "local");
            }
        }
        chances
    }

    /// Counts a family's answer.
    pub(super) fn answered(&mut self, fact: Fact) {
        *self.families.entry(fact).or_default() += 1.0;
    }

    pub(super) fn fade(&mut self, weight: f64) {
        for tally in self.passed.values_mut() {
            tally.good *= weight;
            tally.tried *= weight;
        }
    }

    /// A service has let a child of these open facts in, or not; of several each bears its part.
    pub(super) fn note(&mut self, service: usize, facts: &[Fact], passed: bool) {
        let part = if passed { 1.0 } else { 1.0 / f64::from(u32::try_from(facts.len().max(1)).unwrap_or(u32::MAX)) };
        for fact in facts {
            let tally = self.passed.entry((service, fact.clone())).or_default();
            tally.good += f64::from(u8::from(passed));
            tally.tried += part;
        }
    }

    /// The chance of one rule that a listing does not state.
    fn unstated(&self, category: &Key, service: usize, fact: &Fact) -> f64 {
        let usual = match fact {
            Fact::Other => UNLISTED,
            _ => smooth(self.listed.get(&(category.clone(), fact.clone())), LISTED_WEIGHT, CHANCE),
        };
        smooth(self.passed.get(&(service, fact.clone())), OWN_WEIGHT, usual)
    }

    /// Answers of families so far to one question, with how often each was given.
    pub(super) fn families(&self, question: Question) -> impl Iterator<Item = (&Fact, f64)> {
        let of = move |fact: &Fact| match question {
            Question::Households => matches!(fact, Fact::Household(_)),
            Question::Hukou => matches!(fact, Fact::Registered(_)),
        };
        self.families.iter().filter(move |(fact, _)| of(fact)).map(|(fact, count)| (fact, *count))
    }

    /// The chance that a family's answer is one the service takes.
    fn told(&self, question: Question, service: &Service) -> f64 {
        let mut tally = Tally::default();
        for (fact, count) in self.families(question) {
            tally.tried += count;
            tally.good += if takes(service, fact) { count } else { 0.0 };
        }
        smooth(Some(&tally), 10.0, CHANCE)
    }

    /// Term E.
    pub(super) fn entry(&self, need: &Need, number: usize, service: &Service, open: Open) -> Entry {
        let silent = facts(need, service).iter().map(|fact| self.unstated(&service.category, number, fact)).product::<f64>();
        let households = if open.households { self.told(Question::Households, service) } else { 1.0 };
        let hukou = if open.hukou { self.told(Question::Hukou, service) } else { 1.0 };
        Entry { chance: (silent * households * hukou).max(FLOOR), households, hukou }
    }
}

/// Term E, and the parts of it that questions to the family would settle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Entry {
    pub(super) chance: f64,
    pub(super) households: f64,
    pub(super) hukou: f64,
}

/// Whether a listing takes children of this answer.
pub(super) fn takes(service: &Service, fact: &Fact) -> bool {
    match fact {
        Fact::Household(own) => service.households.as_ref().is_none_or(|taken| taken.keys().contains(own)),
        Fact::Registered(local) => *local || service.hukou.as_deref() != Some("local"),
        Fact::Other => true,
    }
}

/// Answers of the child that a rule the listing does not state may turn on. A rule of registration
/// takes those registered here in any case.
pub(super) fn facts(need: &Need, service: &Service) -> Vec<Fact> {
    let mut facts = vec![Fact::Other];
    if service.households.is_none()
        && let Some(own) = &need.households
    {
        facts.extend(own.keys().iter().cloned().map(Fact::Household));
    }
    if service.hukou.is_none()
        && let Some(own) = &need.hukou
        && own != "local"
    {
        facts.push(Fact::Registered(false));
    }
    facts
}
