//! Kleene truth of a rule: yes, no, or ask.

use serde::Serialize;

use super::facts::Residence;
use super::{Atom, Facts, Guardian, Referrer, Rule, Test};
use crate::code::Area;

/// Three-valued truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The facts rule it out.
    No,
    /// The facts do not decide.
    Ask,
    /// The facts allow it.
    Yes,
}

/// A rule evaluated: the verdict and, where it is `ask`, the atoms that leave it open.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation<'a> {
    /// The verdict.
    pub verdict: Verdict,
    /// Atoms whose facts are missing, in the order of the rule; empty unless the verdict is `ask`.
    pub unresolved: Vec<Unresolved<'a>>,
}

/// An atom that the known facts leave open.
pub type Unresolved<'a> = &'a Atom;

impl Rule {
    /// The truth of the rule for these facts.
    #[must_use]
    pub fn verdict(&self, facts: &Facts) -> Verdict {
        self.verdict_by(&|test| test.verdict(facts))
    }

    /// The truth of the rule where `truth` says that of each test.
    #[must_use]
    pub fn verdict_by(&self, truth: &impl Fn(&Test) -> Verdict) -> Verdict {
        match self {
            Self::All(parts) => least(parts, truth, parts.len()),
            Self::Any(parts) => least(parts, truth, 1),
            Self::AtLeast(wanted, parts) => least(parts, truth, *wanted),
            Self::Not(part) => !part.verdict_by(truth),
            Self::Atom(atom) => truth(&atom.test),
        }
    }

    /// Of a rule that says no: the first atom that makes it so.
    #[must_use]
    pub fn culprit(&self, facts: &Facts) -> Option<&Atom> {
        match self {
            Self::All(parts) | Self::Any(parts) | Self::AtLeast(_, parts) => {
                let mut failing = parts.iter().filter(|part| part.verdict(facts) == Verdict::No);
                failing.find_map(|part| part.culprit(facts))
            }
            Self::Not(part) => {
                let mut first = None;
                part.each_atom(&mut |atom| {
                    first = first.or(Some(atom));
                });
                first
            }
            Self::Atom(atom) => Some(atom),
        }
    }

    /// The truth of the rule and what leaves it open.
    #[must_use]
    pub fn evaluate(&self, facts: &Facts) -> Evaluation<'_> {
        let verdict = self.verdict(facts);
        let mut unresolved = Vec::new();
        if verdict == Verdict::Ask {
            self.collect_open(facts, &mut unresolved);
        }
        Evaluation { verdict, unresolved }
    }

    /// Parts already decided cannot change the verdict, so their atoms are not asked about.
    fn collect_open<'a>(&'a self, facts: &Facts, open: &mut Vec<Unresolved<'a>>) {
        match self {
            Self::All(parts) | Self::Any(parts) | Self::AtLeast(_, parts) => {
                for part in parts {
                    if part.verdict(facts) == Verdict::Ask {
                        part.collect_open(facts, open);
                    }
                }
            }
            Self::Not(part) => part.collect_open(facts, open),
            Self::Atom(atom) => {
                if !open.iter().any(|known| known.test == atom.test) {
                    open.push(atom);
                }
            }
        }
    }
}

/// `wanted` of the parts hold: yes when enough do, no when too few still can.
fn least(parts: &[Rule], truth: &impl Fn(&Test) -> Verdict, wanted: usize) -> Verdict {
    let mut yes = 0;
    let mut possible = 0;
    for part in parts {
        match part.verdict_by(truth) {
            Verdict::Yes => yes += 1,
            Verdict::Ask => possible += 1,
            Verdict::No => {}
        }
    }
    if yes >= wanted {
        Verdict::Yes
    } else if yes + possible < wanted {
        Verdict::No
    } else {
        Verdict::Ask
    }
}

impl std::ops::Not for Verdict {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Ask => Self::Ask,
            Self::Yes => Self::No,
        }
    }
}

impl From<bool> for Verdict {
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}

impl Test {
    /// The truth of one test.
    #[must_use]
    pub fn verdict(&self, facts: &Facts) -> Verdict {
        match self {
            Self::AgeMonths(from, to) => {
                known(facts.age_months, |age| from.is_none_or(|from| age >= from) && to.is_none_or(|to| age <= to))
            }
            Self::Category(wanted) => known(facts.categories.as_ref(), |categories| wanted.iter().any(|code| categories.contains(code))),
            Self::Hukou(divisions) => {
                facts.hukou.as_ref().map_or(Verdict::Ask, |hukou| any(divisions, |division| inside(division.as_str(), hukou.as_str())))
            }
            Self::Residence(areas) => facts.residence.as_ref().map_or(Verdict::Ask, |residence| any(areas, |area| residence.lies_in(area))),
            Self::Sex(wanted) => known(facts.sex, |sex| sex == *wanted),
            Self::Holds(papers) => any(papers, |paper| among(facts.holds.get(paper))),
            Self::Diagnosis(wanted) => any(wanted, |code| among(facts.diagnoses.get(code))),
            Self::SchoolStage(wanted) => known(facts.school_stage, |stage| wanted.contains(&stage)),
            Self::Guardian(wanted) => facts.guardian.map_or(Verdict::Ask, |state| state.is(*wanted)),
            Self::ReferredBy(wanted) if wanted.contains(&Referrer::Station) => Verdict::Yes,
            Self::ReferredBy(wanted) => known(facts.referred_by.as_ref(), |asked| wanted.iter().any(|referrer| asked.contains(referrer))),
            Self::MaxMinutes(limit) => known(facts.minutes, |minutes| minutes <= *limit),
        }
    }
}

impl Guardian {
    /// Who consents is present; who is merely present may yet consent.
    fn is(self, wanted: Self) -> Verdict {
        match (wanted, self) {
            (Self::Present, Self::Consents) => Verdict::Yes,
            (Self::Consents, Self::Present) => Verdict::Ask,
            (wanted, state) => Verdict::from(wanted == state),
        }
    }
}

impl Residence {
    /// Whether the place lies in the area; a place known too coarsely is open.
    #[must_use]
    pub fn lies_in(&self, area: &Area) -> Verdict {
        match area.zone() {
            Some(zone) if self.zones.iter().any(|held| held == zone) => Verdict::Yes,
            Some(zone) if self.partly.iter().any(|held| held == zone) => Verdict::Ask,
            Some(_) => Verdict::No,
            None => inside(area.as_str(), self.division.as_str()),
        }
    }
}

/// Whether `code` lies in `wider`; the other way round it is known too coarsely.
fn inside(wider: &str, code: &str) -> Verdict {
    if code.starts_with(wider) {
        Verdict::Yes
    } else if wider.starts_with(code) {
        Verdict::Ask
    } else {
        Verdict::No
    }
}

fn known<T>(fact: Option<T>, holds: impl FnOnce(T) -> bool) -> Verdict {
    fact.map_or(Verdict::Ask, |fact| Verdict::from(holds(fact)))
}

fn among(fact: Option<&bool>) -> Verdict {
    fact.map_or(Verdict::Ask, |held| Verdict::from(*held))
}

fn any<T>(items: &[T], verdict: impl Fn(&T) -> Verdict) -> Verdict {
    items.iter().map(verdict).max().unwrap_or(Verdict::No)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::{Paper, Sex};

    fn rule(json: &str) -> Rule {
        json.parse().unwrap()
    }

    #[test]
    fn what_is_not_known_is_asked_never_denied() {
        let facts = Facts::default();
        let rule = rule(r#"{"all":[{"holds":["dibao"]},{"age_months":[0,83]},{"category":["ILL"]}]}"#);
        let evaluation = rule.evaluate(&facts);
        assert_eq!(evaluation.verdict, Verdict::Ask);
        assert_eq!(evaluation.unresolved.len(), 3);
    }

    #[test]
    fn one_failing_part_of_all_decides() {
        let facts = Facts { age_months: Some(84), ..Facts::default() };
        let rule = rule(r#"{"all":[{"holds":["dibao"]},{"age_months":[0,83]}]}"#);
        assert_eq!(rule.verdict(&facts), Verdict::No);
    }

    #[test]
    fn one_holding_part_of_any_decides() {
        let mut facts = Facts::default();
        facts.holds.insert(Paper::Dibao, true);
        let rule = rule(r#"{"any":[{"sex":"female"},{"holds":["dibao"]}]}"#);
        assert_eq!(rule.verdict(&facts), Verdict::Yes);
    }

    #[test]
    fn a_place_known_only_by_its_county_is_asked_for_a_township() {
        let residence = Some(Residence::plain("320116".parse().unwrap()));
        let facts = Facts { residence, ..Facts::default() };
        assert_eq!(rule(r#"{"residence":["320116010"]}"#).verdict(&facts), Verdict::Ask);
        assert_eq!(rule(r#"{"residence":["3201"]}"#).verdict(&facts), Verdict::Yes);
        assert_eq!(rule(r#"{"residence":["320111"]}"#).verdict(&facts), Verdict::No);
    }

    #[test]
    fn the_station_has_always_asked() {
        let facts = Facts::default();
        assert_eq!(rule(r#"{"referred_by":["station"]}"#).verdict(&facts), Verdict::Yes);
        assert_eq!(rule(r#"{"referred_by":["court"]}"#).verdict(&facts), Verdict::Ask);
    }

    #[test]
    fn at_least_counts_what_still_can() {
        let facts = Facts { sex: Some(Sex::Male), ..Facts::default() };
        let two = r#"{"at_least":[2,[{"sex":"female"},{"holds":["dibao"]},{"school_stage":["primary"]}]]}"#;
        assert_eq!(rule(two).verdict(&facts), Verdict::Ask);
        let three = two.replace("[2,", "[3,");
        assert_eq!(rule(&three).verdict(&facts), Verdict::No);
    }

    #[test]
    fn an_empty_all_is_open_to_everybody() {
        assert_eq!(rule(r#"{"all":[]}"#).verdict(&Facts::default()), Verdict::Yes);
    }
}
