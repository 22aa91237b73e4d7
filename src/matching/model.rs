//! A stored case as the matcher may see it, and what is kept of an answer.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use lianjie_index::matching::case::{Case as Request, CaseNeed, CasePlace, Travel};
use lianjie_index::rule::words::Names;
use lianjie_index::rule::{Atom, Diagnosis, Facts, Paper, Rule, Test, Verdict};
use lianjie_index::{Answer, Entry, Language, TermCode, Wgs84};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::case::model::{Case, Child, Need, Outcome, name, named, point};
use crate::error::Error;
use crate::secret::Hidden;

/// The version of the formula's constants; kept with every frozen candidate.
pub const PARAMETERS: &str = "2026-11";

/// Mediation, which is out of the question where something had to be reported.
const MEDIATION: &str = "LAW-09";

/// What of a stored case a request is made of.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The case.
    pub case: &'a Case,
    /// Its child, without identity.
    pub child: &'a Child,
    /// Its needs.
    pub needs: &'a [Need],
    /// Whether one of the nine situations was found.
    pub reported: bool,
    /// Diagnoses, where the asker sees what is sensitive.
    pub diagnoses: Option<&'a Hidden>,
    /// The point of the home, where the asker sees identity; it is rounded to 500 m here.
    pub point: Option<&'a Hidden>,
}

/// Whether a need is still to be matched.
#[must_use]
pub const fn is_matched(need: &Need) -> bool {
    matches!(need.state, Outcome::Open | Outcome::InDispatch | Outcome::Gap)
}

/// The request of a case: age, sex, facts, places and needs; never a name, number, address, alias or case id.
///
/// # Errors
/// [`Error::Invalid`] where the age is not known.
pub fn request(source: &Source<'_>, today: Date) -> Result<Request, Error> {
    let Source { case, child, needs, .. } = source;
    let month = child.birth_month.ok_or_else(|| Error::invalid("birth_month", "birth_needed"))?;
    let home = source.point.and_then(point).map(rounded);
    let wanted: Vec<&Need> = needs.iter().filter(|need| is_matched(need)).collect();
    let diagnoses: BTreeMap<String, bool> = source.diagnoses.and_then(|json| serde_json::from_str(json.reveal()).ok()).unwrap_or_default();
    let mediation: TermCode = MEDIATION.parse().expect("a term");
    Ok(Request {
        id: None,
        text: None,
        age_months: Some(month.age_months(today)),
        sex: child.sex.as_ref().and_then(|sex| named(&name(sex))),
        categories: case.categories.clone(),
        hukou: case.hukou.clone(),
        place: Some(CasePlace {
            division: case.division.clone(),
            longitude: home.map(|home| home.longitude),
            latitude: home.map(|home| home.latitude),
        }),
        risk: case.risk.as_ref().and_then(|risk| named(&risk.0)),
        needs: wanted.iter().map(|need| CaseNeed::Term(need.term.clone())).collect(),
        languages: case.languages.clone(),
        travel: travel(case),
        can_pay: case.can_pay.as_ref().and_then(|level| named(level)),
        holds: case.holds.iter().filter_map(|(code, held)| Some((named::<Paper>(code)?, *held))).collect(),
        diagnoses: diagnoses.iter().filter_map(|(code, made)| Some((named::<Diagnosis>(code)?, *made))).collect(),
        school_stage: case.school_stage.as_ref().and_then(|stage| named(stage)),
        guardian: case.guardian.as_ref().and_then(|guardian| named(guardian)),
        referred_by: Vec::new(),
        avoid: BTreeSet::new(),
        forbid: if source.reported { BTreeSet::from([mediation]) } else { BTreeSet::new() },
        at: None,
        tiers: wanted.iter().map(|need| (need.term.clone(), need.tier.number())).collect(),
    })
}

fn travel(case: &Case) -> Option<Travel> {
    if case.travel.mode.is_none() && case.travel.limit_minutes.is_none() {
        return None;
    }
    let mode = case.travel.mode.as_ref().and_then(|mode| named(mode)).unwrap_or_default();
    Some(Travel { mode, limit_minutes: case.travel.limit_minutes })
}

/// A point moved to a grid of 500 m: near enough to choose by, too coarse to find a door.
#[must_use]
pub fn rounded(point: Wgs84) -> Wgs84 {
    const HALF_A_KM: f64 = 0.5 / 111.195;
    let latitude = (point.latitude / HALF_A_KM).round() * HALF_A_KM;
    let across = HALF_A_KM / latitude.to_radians().cos();
    Wgs84 { longitude: (point.longitude / across).round() * across, latitude }
}

/// Names of the facts a request carries, for the log.
#[must_use]
pub fn facts_used(request: &Request) -> Vec<&'static str> {
    [
        ("age_months", request.age_months.is_some()),
        ("sex", request.sex.is_some()),
        ("categories", !request.categories.is_empty()),
        ("hukou", request.hukou.is_some()),
        ("residence", request.place.is_some()),
        ("point", request.place.as_ref().is_some_and(|place| place.longitude.is_some())),
        ("holds", !request.holds.is_empty()),
        ("diagnoses", !request.diagnoses.is_empty()),
        ("travel", request.travel.is_some()),
        ("can_pay", request.can_pay.is_some()),
        ("school_stage", request.school_stage.is_some()),
        ("guardian", request.guardian.is_some()),
    ]
    .into_iter()
    .filter_map(|(fact, there)| there.then_some(fact))
    .collect()
}

/// What a dispatch keeps of a candidate: the proposal as it stood, its rank, and what stood beside it.
#[must_use]
pub fn freeze(answer: &Answer, need: &TermCode, site: &str, at: Timestamp) -> Option<Value> {
    let proposal = answer.proposals.iter().find(|proposal| proposal.need == *need)?;
    let rank = proposal.services.iter().position(|service| service.service_at_location.as_str() == site)?;
    let shown: Vec<&str> = proposal.services.iter().map(|service| service.service_at_location.as_str()).collect();
    Some(json!({
        "at": at.to_string(),
        "parameters": PARAMETERS,
        "rank": rank + 1,
        "considered": proposal.considered,
        "shown": shown,
        "candidate": proposal.services[rank],
    }))
}

/// A condition of a service against the facts of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tick {
    /// Whether it holds.
    pub verdict: Verdict,
    /// What is wanted.
    pub text: String,
    /// What to ask, where it is open.
    pub question: String,
}

/// The conditions of an entry, each with whether it holds.
#[must_use]
pub fn ticks(entry: &Entry, facts: &Facts, language: Language, names: &impl Names) -> Vec<Tick> {
    let areas = (!entry.areas.is_empty()).then(|| Rule::test(Test::Residence(entry.areas.clone())));
    let rule = entry.eligibility.clone();
    let parts = match rule {
        Some(Rule::All(parts)) => parts,
        Some(rule) => vec![rule],
        None => Vec::new(),
    };
    parts.into_iter().chain(areas).filter_map(|part| tick(&part, facts, language, names)).collect()
}

fn tick(rule: &Rule, facts: &Facts, language: Language, names: &impl Names) -> Option<Tick> {
    let mut atoms: Vec<&Atom> = Vec::new();
    rule.each_atom(&mut |atom| atoms.push(atom));
    let first = atoms.first()?;
    let verdict = rule.verdict(facts);
    let said: Vec<String> = atoms.iter().map(|atom| atom.requirement(language, names)).collect();
    let text = match rule {
        Rule::Not(_) => format!("{}{}", language.of("不可：", "not: "), said.join(language.of("、", ", "))),
        _ => said.join(language.of("或", " or ")),
    };
    let open = atoms.iter().find(|atom| atom.test.verdict(facts) == Verdict::Ask).unwrap_or(first);
    let question = if verdict == Verdict::Ask { open.question(language, names) } else { String::new() };
    Some(Tick { verdict, text, question })
}

/// What the loop counts of a service, an organization, a group of the taxonomy, or a service at a location.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Accepted, of those answered; refusals for lack of places or for rules are not counted.
    Accepted,
    /// Completed, of those begun.
    Completed,
    /// Answered that it is full; of a service at a location.
    Full,
    /// Returned as not eligible, of those whose rules were open.
    Ineligible,
    /// Left unanswered.
    Unanswered,
    /// Days from sending to the first service (hits), over how many (tries).
    Waited,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_moved_to_a_grid_of_half_a_kilometre() {
        let home = Wgs84 { longitude: 118.78743, latitude: 32.26241 };
        let grid = rounded(home);
        let apart = home.distance_km(grid);
        assert!(apart > 0.0 && apart <= 0.36, "{apart} km");
        let neighbour = Wgs84 { longitude: grid.longitude + 0.001, latitude: grid.latitude - 0.001 };
        assert!(rounded(neighbour).distance_km(grid) < 0.001, "neighbours share a point");
    }
}
