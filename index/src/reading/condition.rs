//! When a rule holds: conditions over facts read and facts stated.
//!
//! `a & b | c & !d`: any of the alternatives, of which every part. A condition is known to hold or
//! it is not: what nobody knows does not hold, and `!` asks that it is not known.

use super::{Fact, Known, Person, Reading};
use crate::{
    code::{CategoryCode, TermCode},
    rule::{Diagnosis, Guardian, Paper, Sex, Stage},
    vocabulary::read::SURE,
};

/// Alternatives, each with its parts.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Condition(Vec<Vec<Part>>);

#[derive(Debug, Clone, PartialEq)]
struct Part {
    not: bool,
    test: Test,
}

/// Of whom a state is told.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Whose {
    One(Person),
    /// Father and mother, each.
    Each,
    /// Father or mother.
    Parent,
    /// A grown-up of the family.
    Carer,
    Any,
}

#[derive(Debug, Clone, PartialEq)]
enum Test {
    State { whose: Whose, what: Vec<String>, at_least: u16, below: u16 },
    Age { at_least: u16, below: u16 },
    Sex(Sex),
    In(Vec<CategoryCode>),
    Holds(Paper, bool),
    Has(Vec<Diagnosis>),
    Need(Vec<TermCode>),
    Stage(Stage),
    Guardian(Guardian),
    Risk(Vec<String>),
    Elsewhere,
}

/// A named value of one of the rule enumerations.
fn value<T: serde::de::DeserializeOwned>(name: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(name.to_owned())).ok()
}

impl Condition {
    /// Reads a condition; none where it is not one.
    pub(super) fn read(text: &str) -> Option<Self> {
        let part = |text: &str| {
            let text = text.trim();
            let (not, text) = text.strip_prefix('!').map_or((false, text), |rest| (true, rest));
            Some(Part { not, test: Test::read(text)? })
        };
        let all = |text: &str| text.split('&').map(part).collect::<Option<Vec<Part>>>();
        text.split('|').map(all).collect::<Option<Vec<_>>>().map(Self)
    }

    /// The facts of the first alternative that holds; none where none does.
    pub(super) fn holds<'a>(&self, reading: &'a Reading, known: &Known) -> Option<Vec<&'a Fact>> {
        self.0.iter().find_map(|parts| {
            let mut facts = Vec::new();
            for part in parts {
                match (part.test.holds(reading, known), part.not) {
                    (Some(found), false) => facts.extend(found),
                    (None, true) => {}
                    _ => return None,
                }
            }
            Some(facts)
        })
    }

    /// The codes of states it asks for.
    #[cfg(test)]
    pub(super) fn codes(&self) -> impl Iterator<Item = &str> {
        self.0.iter().flatten().flat_map(|part| match &part.test {
            Test::State { what, .. } => what.iter().map(String::as_str).collect(),
            _ => Vec::new(),
        })
    }
}

impl Test {
    fn read(text: &str) -> Option<Self> {
        if text == "elsewhere" {
            return Some(Self::Elsewhere);
        }
        let (text, at_least, below) = bounds(text)?;
        if text == "age" {
            return Some(Self::Age { at_least, below });
        }
        if let Some((whose, what)) = text.split_once(':') {
            let whose = match whose {
                "each" => Whose::Each,
                "parent" => Whose::Parent,
                "carer" => Whose::Carer,
                "any" => Whose::Any,
                name => Whose::One(Person::named(name)?),
            };
            return Some(Self::State { whose, what: what.split('/').map(str::to_owned).collect(), at_least, below });
        }
        let (key, named) = text.split_once('=')?;
        Some(match key {
            "sex" => Self::Sex(value(named)?),
            "in" => Self::In(named.split('/').map(|code| code.parse().ok()).collect::<Option<_>>()?),
            "holds" => Self::Holds(value(named)?, true),
            "lacks" => Self::Holds(value(named)?, false),
            "has" => Self::Has(named.split('/').map(value).collect::<Option<_>>()?),
            "need" => Self::Need(named.split('/').map(|code| code.parse().ok()).collect::<Option<_>>()?),
            "stage" => Self::Stage(value(named)?),
            "guardian" => Self::Guardian(value(named)?),
            "risk" => Self::Risk(named.split('/').map(str::to_owned).collect()),
            _ => return None,
        })
    }

    /// The facts read that make it hold, none of them where it holds by what is stated.
    fn holds<'a>(&self, reading: &'a Reading, known: &Known) -> Option<Vec<&'a Fact>> {
        let stated = |holds: bool| holds.then(Vec::new);
        match self {
            Self::State { whose, what, at_least, below } => {
                let fits = |fact: &&Fact| {
                    what.iter().any(|code| code == fact.what)
                        && fact.months.map_or(*at_least == 0, |months| (*at_least..*below).contains(&months))
                };
                of(*whose, reading, &fits)
            }
            Self::Age { at_least, below } => {
                let age = known.age_months.or_else(|| reading.age_months());
                stated(age.is_some_and(|age| (*at_least..*below).contains(&age)))
            }
            Self::Sex(sex) => stated(known.sex.or_else(|| reading.sex()) == Some(*sex)),
            Self::In(codes) => stated(known.categories.iter().any(|category| codes.contains(category))),
            Self::Holds(paper, held) => stated(known.holds.get(paper) == Some(held)),
            Self::Has(diagnoses) => stated(diagnoses.iter().any(|diagnosis| known.diagnoses.get(diagnosis) == Some(&true))),
            Self::Need(terms) => stated(terms.iter().any(|term| known.needs.get(term).is_some_and(|score| *score >= SURE))),
            Self::Stage(stage) => stated(known.school_stage == Some(*stage)),
            Self::Guardian(guardian) => stated(known.guardian == Some(*guardian)),
            Self::Risk(levels) => stated(levels.iter().any(|level| known.risk == Some(level.as_str()))),
            Self::Elsewhere => {
                let places = known.hukou.as_ref().zip(known.division.as_ref());
                let apart = places.is_some_and(|(hukou, home)| hukou.as_str().get(..4) != home.as_str().get(..4));
                if apart { Some(Vec::new()) } else { reading.fact(Person::Child, "moved").map(|fact| vec![fact]) }
            }
        }
    }
}

/// The facts of these persons that fit; each parent must have one where each is asked.
fn of<'a>(whose: Whose, reading: &'a Reading, fits: &impl Fn(&&Fact) -> bool) -> Option<Vec<&'a Fact>> {
    let first = |wanted: &dyn Fn(Person) -> bool| reading.facts.iter().filter(|fact| wanted(fact.who)).find(|fact| fits(fact));
    match whose {
        Whose::One(person @ (Person::Father | Person::Mother)) => {
            first(&|who| who == person || who == Person::Parents).map(|fact| vec![fact])
        }
        Whose::One(person) => first(&|who| who == person).map(|fact| vec![fact]),
        Whose::Parent => first(&|who| who.is_parent()).map(|fact| vec![fact]),
        Whose::Carer => first(&|who| who.is_carer()).map(|fact| vec![fact]),
        Whose::Any => first(&|_| true).map(|fact| vec![fact]),
        Whose::Each => {
            let father = first(&|who| matches!(who, Person::Father | Person::Parents))?;
            let mother = first(&|who| matches!(who, Person::Mother | Person::Parents))?;
            Some(if father == mother { vec![father] } else { vec![father, mother] })
        }
    }
}

/// A test without its bounds, with them: `>=` and `<`, once.
fn bounds(text: &str) -> Option<(&str, u16, u16)> {
    if let Some((text, number)) = text.split_once(">=") {
        return Some((text.trim(), number.trim().parse().ok()?, u16::MAX));
    }
    if let Some((text, number)) = text.split_once('<') {
        return Some((text.trim(), 0, number.trim().parse().ok()?));
    }
    Some((text, 0, u16::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(condition: &str, text: &str) -> bool {
        Condition::read(condition).unwrap().holds(&super::super::read(text), &Known::default()).is_some()
    }

    #[test]
    fn each_parent_must_be_in_a_state_where_each_is_asked() {
        assert!(holds("each:prison/lost", "爸爸在坐牢，妈妈失联半年"));
        assert!(holds("each:dead", "父母双亡"));
        assert!(!holds("each:prison/lost", "爸爸在坐牢，妈妈在家"));
    }

    #[test]
    fn what_is_not_known_does_not_hold_and_not_asks_that_it_is_not_known() {
        assert!(holds("!child:moved & parent:prison", "爸爸在坐牢"));
        assert!(!holds("age<168", "爸爸在坐牢"));
        assert!(holds("age<168 & age>=96", "孩子9岁"));
        assert!(holds("grandparent:age>=780", "奶奶72岁") && !holds("grandparent:age>=780", "奶奶58岁"));
    }

    #[test]
    fn a_condition_that_is_none_is_refused() {
        for text in ["", "child", "who:x", "sex=none", "age>=old", "in=poor"] {
            assert_eq!(Condition::read(text), None, "{text}");
        }
    }
}
