//! Reading a case: what a worker's paragraph says of whom, and what follows from it.
//!
//! `words.csv` lists what is looked for (`lexicon`); `facts` tells whose state each word is, `harm`
//! who does what to whom, `times` how old somebody is and for how long something has been so, `said` in what ways people
//! say what a rule is about; `rules/*.toml` say what needs follow. Nothing here understands a sentence: a fact is
//! shown with its words, and the worker takes off what was not meant.
//! Source: `docs/MATCHING.md`, "Reading a case".

mod condition;
mod facts;
mod harm;
mod lexicon;
mod number;
mod person;
mod rules;
mod said;
#[cfg(test)]
mod texts;
mod times;

use std::collections::BTreeMap;

use crate::{
    code::{CategoryCode, DivisionCode, TermCode},
    rule::{Diagnosis, Guardian, Paper, Sex, Stage},
};

pub use facts::read;
pub use person::Person;
pub use rules::{Held, Inference, rule, rules};

/// Something a text says of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Of whom.
    pub who: Person,
    /// What: a code of `words.csv`, or `age`, `carer`, `only_carer`, `frail`, `cannot_care`,
    /// `bullied`, `bully`, `beaten`, `witness`, `hits_family`, `teacher_harm`, `assaulted`, `molested`.
    pub what: &'static str,
    /// For how long, or how old, in months.
    pub months: Option<u16>,
    /// Index of its first character in the text.
    pub from: usize,
    /// Index after its last character.
    pub to: usize,
    /// The clause it stands in, as characters from and to.
    pub clause: (usize, usize),
}

/// What is read of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// The facts, in the order of the text.
    pub facts: Vec<Fact>,
    /// Of each clause with its characters, whom it speaks of where that is not the child.
    pub of_others: Vec<(usize, usize)>,
    /// Wordings of rules.
    said: Vec<Said>,
}

/// A wording of a rule that stands in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Said {
    /// The number of the rule.
    rule: usize,
    /// Index of its first character.
    from: usize,
    /// Index after its last character.
    to: usize,
}

/// What is known of a case beside its words. Absent means unknown.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Completed months of age.
    pub age_months: Option<u16>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Categories stated.
    pub categories: Vec<CategoryCode>,
    /// Household registration.
    pub hukou: Option<DivisionCode>,
    /// Where the child lives.
    pub division: Option<DivisionCode>,
    /// Papers held and not held.
    pub holds: BTreeMap<Paper, bool>,
    /// Diagnoses made and excluded.
    pub diagnoses: BTreeMap<Diagnosis, bool>,
    /// Stage of school.
    pub school_stage: Option<Stage>,
    /// The guardian's state.
    pub guardian: Option<Guardian>,
    /// Risk level of the case.
    pub risk: Option<&'static str>,
    /// Needs already read, with how sure the words are.
    pub needs: BTreeMap<TermCode, u16>,
    /// Whether there is a sign of danger.
    pub danger: bool,
}

impl Reading {
    /// The first fact of that kind of that person.
    #[must_use]
    pub fn fact(&self, who: Person, what: &str) -> Option<&Fact> {
        self.facts.iter().find(|fact| fact.who == who && fact.what == what)
    }

    /// The child's age in months, as the text tells it.
    #[must_use]
    pub fn age_months(&self) -> Option<u16> {
        self.fact(Person::Child, "age").and_then(|fact| fact.months)
    }

    /// The child's sex, where the text tells only one.
    #[must_use]
    pub fn sex(&self) -> Option<Sex> {
        match (self.fact(Person::Child, "girl"), self.fact(Person::Child, "boy")) {
            (Some(_), None) => Some(Sex::Female),
            (None, Some(_)) => Some(Sex::Male),
            _ => None,
        }
    }

    /// The stage of school the text tells.
    #[must_use]
    pub fn stage(&self) -> Option<(Stage, &Fact)> {
        let stages = [("senior", Stage::Senior), ("junior", Stage::Junior), ("primary", Stage::Primary), ("preschool", Stage::Preschool)];
        stages.into_iter().find_map(|(what, stage)| Some((stage, self.fact(Person::Child, what)?)))
    }

    /// Whether these characters stand in a part that speaks of somebody else.
    #[must_use]
    pub fn of_another(&self, from: usize, to: usize) -> bool {
        self.of_others.iter().any(|(start, end)| *start <= from && to <= *end)
    }
}
