//! What would have to change for a child to be taken: the cheapest set of atoms to turn.
//!
//! Cost, in thousandths: `data` 500, `obtain` 1000, `negotiate` 2000, `wait` 1000 + months/12,
//! `fixed` none. A part the facts leave open costs nothing: it is asked about, not changed.
//! `all` adds up, `any` takes the least, `at_least k` the k least, `not` works on the complement.
//! Source: `docs/MATCHING.md`, "What would have to change".

use jiff::{ToSpan, civil::Date};
use serde::{Serialize, Serializer};

use super::{Atom, Class, Facts, Rule, Test, Verdict};

/// The cheapest change that lets the child in.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Relaxation {
    /// The atoms to turn, in the order of the rule.
    pub atoms: Vec<Atom>,
    /// The hardest class among them.
    pub class: Class,
    /// What it costs, in thousandths; printed as a number with three decimals.
    #[serde(serialize_with = "thousandths")]
    pub cost: u32,
    /// From which day, where it is time that must pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_day: Option<Date>,
    /// How many months of age are missing, where it is time that must pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub months: Option<u16>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
fn thousandths<S: Serializer>(cost: &u32, into: S) -> Result<S::Ok, S::Error> {
    into.serialize_f64(f64::from(*cost) / 1000.0)
}

/// A set of atoms to turn and what that costs.
#[derive(Clone, Default)]
struct Set<'a> {
    cost: u32,
    turns: Vec<Turn<'a>>,
}

#[derive(Clone)]
struct Turn<'a> {
    atom: &'a Atom,
    class: Class,
    months: Option<u16>,
}

impl Rule {
    /// The cheapest relaxation of a rule that says no; `None` when nothing opens it, or nothing
    /// needs to change.
    #[must_use]
    pub fn relax(&self, facts: &Facts) -> Option<Relaxation> {
        let set = self.cheapest(true, facts)?;
        let class = set.turns.iter().map(|turn| turn.class).max()?;
        let months = set.turns.iter().filter_map(|turn| turn.months).max();
        let from_day = months.and_then(|months| facts.day.checked_add(i64::from(months).months()).ok());
        let atoms = set.turns.into_iter().map(|turn| turn.atom.clone()).collect();
        Some(Relaxation { atoms, class, cost: set.cost, from_day, months })
    }

    /// The cheapest set that makes the rule `wanted`, or leaves it open.
    fn cheapest(&self, wanted: bool, facts: &Facts) -> Option<Set<'_>> {
        match self {
            Self::All(parts) if wanted => take(parts, parts.len(), wanted, facts),
            Self::All(parts) => take(parts, 1, wanted, facts),
            Self::Any(parts) if wanted => take(parts, 1, wanted, facts),
            Self::Any(parts) => take(parts, parts.len(), wanted, facts),
            Self::AtLeast(count, parts) if wanted => take(parts, *count, wanted, facts),
            Self::AtLeast(count, parts) => take(parts, (parts.len() + 1).checked_sub(*count)?, wanted, facts),
            Self::Not(part) => part.cheapest(!wanted, facts),
            Self::Atom(atom) => turn(atom, wanted, facts),
        }
    }
}

/// The `count` cheapest parts together; none when too few can be turned.
fn take<'a>(parts: &'a [Rule], count: usize, wanted: bool, facts: &Facts) -> Option<Set<'a>> {
    let sets = parts.iter().map(|part| part.cheapest(wanted, facts)).enumerate();
    let mut sets: Vec<(usize, Set)> = sets.filter_map(|(n, set)| set.map(|set| (n, set))).collect();
    if sets.len() < count {
        return None;
    }
    sets.sort_by_key(|(n, set)| (set.cost, *n));
    sets.truncate(count);
    sets.sort_by_key(|(n, _)| *n);

    let mut whole = Set::default();
    for (_, set) in sets {
        whole.cost = whole.cost.saturating_add(set.cost);
        whole.turns.extend(set.turns);
    }
    Some(whole)
}

fn turn<'a>(atom: &'a Atom, wanted: bool, facts: &Facts) -> Option<Set<'a>> {
    let holds = atom.test.verdict(facts);
    if holds == Verdict::Ask || (holds == Verdict::Yes) == wanted {
        return Some(Set::default());
    }
    let (class, months) = match (atom.class(), months_to_wait(&atom.test, wanted, facts)) {
        (Class::Wait, None) if matches!(atom.test, Test::AgeMonths(..)) => return None,
        (class, months) => (class, months.filter(|_| class == Class::Wait)),
    };
    let cost = match class {
        Class::Data => 500,
        Class::Obtain => 1000,
        Class::Negotiate => 2000,
        Class::Wait => 1000 + u32::from(months.unwrap_or(0)) * 1000 / 12,
        Class::Fixed => return None,
    };
    Some(Set { cost, turns: vec![Turn { atom, class, months }] })
}

/// Months until age makes the test `wanted`; none when the age is past it.
fn months_to_wait(test: &Test, wanted: bool, facts: &Facts) -> Option<u16> {
    let Test::AgeMonths(from, to) = test else { return None };
    let age = facts.age_months?;
    let goal = if wanted { (*from)? } else { to.as_ref()?.checked_add(1)? };
    goal.checked_sub(age).filter(|months| *months > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(age: u16) -> Facts {
        Facts { age_months: Some(age), day: "2026-11-25".parse().unwrap(), ..Facts::default() }
    }

    fn relax(json: &str, facts: &Facts) -> Option<Relaxation> {
        json.parse::<Rule>().unwrap().relax(facts)
    }

    #[test]
    fn a_child_too_young_waits_until_the_month_is_reached() {
        let found = relax(r#"{"age_months":[36,83]}"#, &facts(32)).unwrap();
        assert_eq!((found.class, found.cost, found.months), (Class::Wait, 1333, Some(4)));
        assert_eq!(found.from_day, Some("2027-03-25".parse().unwrap()));
    }

    #[test]
    fn a_child_too_old_waits_in_vain() {
        assert_eq!(relax(r#"{"age_months":[36,83]}"#, &facts(90)), None);
    }

    #[test]
    fn the_cheaper_alternative_is_taken() {
        let mut facts = facts(90);
        facts.holds.insert(crate::rule::Paper::Dibao, false);
        let found = relax(r#"{"any":[{"max_minutes":10},{"holds":["dibao"]}]}"#, &Facts { minutes: Some(20), ..facts });
        assert_eq!(found.unwrap().class, Class::Obtain);
    }

    #[test]
    fn a_negated_age_waits_until_it_is_left() {
        let found = relax(r#"{"not":{"age_months":[0,35]}}"#, &facts(30)).unwrap();
        assert_eq!(found.months, Some(6));
    }
}
