//! Choosing for one child: gates, the expected utility of each service that passes, questions,
//! and what would have to change for the others.
//!
//! `EU = E * P * A * S * C * F * D`, one file a factor. Ranks use whole thousandths; ties go by
//! validity, minutes, fee, wait, places, and last a hash of stable ids. The worker decides; nothing
//! here predicts what a family is like. Source: `docs/MATCHING.md`.

pub(crate) mod acceptance;
pub mod answer;
mod ask;
pub mod calibration;
pub mod case;
pub(crate) mod chance;
pub(crate) mod completion;
mod contradiction;
pub(crate) mod delay;
mod first;
pub(crate) mod fit;
mod forbid;
mod needs;
pub(crate) mod place;
mod prerequisite;
mod propose;
pub mod rates;
#[cfg(test)]
mod readings;
pub(crate) mod rules;
pub(crate) mod start;
pub(crate) mod utility;
mod week;
mod why_not;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

pub use answer::Answer;
pub use case::{Case, CaseError};
pub use forbid::is_decision;
pub use prerequisite::{Cycle, check_order};
pub use rates::Rates;

use crate::{
    code::{DivisionCode, ServiceId, TermCode},
    entry::{Fee, Viewer},
    language::Language,
    rule::{Facts, Rule},
    search::{
        Index, IndexError,
        index::{Posted, Snapshot},
    },
    vocabulary::{Sign, read::SURE},
};
use answer::{Limits, Need, Warning, WhyNot};
use forbid::Forbidden;
use propose::Bench;

/// Under what a case is matched.
#[derive(Debug, Clone)]
pub struct Setting<'a> {
    /// What the loop has learnt.
    pub rates: &'a Rates,
    /// Programmes and prohibitions of the state.
    pub public_rules: &'a [PublicRule],
    /// Now; ages of facts count from it.
    pub now: Timestamp,
    /// Today in Asia/Shanghai; the day asked for where the case names none.
    pub today: Date,
    /// The language of texts.
    pub language: Language,
    /// Who asks.
    pub viewer: Viewer,
    /// Whether schools are closed these weeks.
    pub school_break: bool,
    /// What the family can do in a week, where a plan is wanted.
    pub limits: Option<Limits>,
}

impl<'a> Setting<'a> {
    /// As a worker asks in Chinese, on a day of school, without a plan; what is otherwise is set over it.
    #[must_use]
    pub fn new(rates: &'a Rates, public_rules: &'a [PublicRule], now: Timestamp, today: Date) -> Self {
        Self { rates, public_rules, now, today, language: Language::Zh, viewer: Viewer::worker(), school_break: false, limits: None }
    }
}

/// A programme or prohibition of the state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicRule {
    /// Its id.
    pub id: String,
    /// Where it holds.
    pub division: DivisionCode,
    /// What it does where its eligibility says yes.
    pub kind: PublicRuleKind,
    /// The terms it is about.
    pub terms: Vec<TermCode>,
    /// Of a prerequisite: the term that its terms come before.
    #[serde(default)]
    pub before: Option<TermCode>,
    /// Whom it is for.
    pub eligibility: Rule,
    /// Of an entitlement: the fee that then applies.
    #[serde(default)]
    pub fee: Option<Fee>,
    /// First day it holds.
    #[serde(default)]
    pub valid_from: Option<Date>,
    /// Last day it holds.
    #[serde(default)]
    pub valid_to: Option<Date>,
    /// The rule of a wider division that it replaces.
    #[serde(default)]
    pub overrides: Option<String>,
    /// Where it is written, for the people who read why.
    #[serde(default)]
    pub source: String,
}

/// What a public rule does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PublicRuleKind {
    /// Its fee applies; it excludes nobody.
    Entitlement,
    /// Its terms come before another.
    Prerequisite,
    /// Its terms are not proposed.
    Forbid,
}

/// What is read of a case before anything is matched.
#[derive(Debug, Clone, PartialEq)]
pub struct Understood {
    /// Needs, best first; none that may not be proposed.
    pub needs: Vec<Need>,
    /// Signs of danger of the child.
    pub signs: Vec<Sign>,
}

/// Reads the needs of a case and its signs of danger.
#[must_use]
pub fn understand(index: &Index, case: &Case, setting: &Setting<'_>) -> Understood {
    let case = &case.with_age();
    let facts = case.facts(index.gazetteer(), setting.today);
    let mut read = needs::read(index, case, setting, &facts);
    let forbidden = Forbidden::new(case, &read, setting, &facts);
    read.leave_out(&forbidden);
    Understood { needs: read.needs, signs: read.signs }
}

/// Matches a case.
///
/// # Errors
/// [`IndexError`] when a file of the index cannot be read.
pub fn answer(index: &Index, case: &Case, setting: &Setting<'_>) -> Result<Answer, IndexError> {
    let case = &case.with_age();
    let (snapshot, posted) = (index.snapshot(), index.posted());
    let facts = case.facts(index.gazetteer(), setting.today);
    let mut read = needs::read(index, case, setting, &facts);
    let bench = bench(index, &snapshot, &posted, case, setting, &read, facts);

    let mut warnings = read.warnings(case, index, setting);
    let first_step = read.first_step(setting.language);
    let meant = read.needs.iter().filter(|need| read.picked || need.score >= SURE);
    warnings.extend(meant.filter_map(|need| prohibition(&bench, need)));
    read.leave_out(&bench.forbidden);
    let proposals = read.needs.iter().map(|need| bench.propose(need)).collect::<Result<Vec<_>, _>>()?;
    let plan = setting.limits.and_then(|limits| week::plan(index, case, setting, &read.needs, &proposals, limits));
    Ok(Answer { id: case.id.clone(), first_step, needs: read.needs, proposals, plan, warnings })
}

/// Why a service stands where it stands for a need of the case, which need not be among those the
/// case names.
///
/// # Errors
/// [`IndexError`] when a file of the index cannot be read.
pub fn why_not(index: &Index, case: &Case, setting: &Setting<'_>, need: &TermCode, service: &ServiceId) -> Result<WhyNot, IndexError> {
    let case = &case.with_age();
    let (snapshot, posted) = (index.snapshot(), index.posted());
    let facts = case.facts(index.gazetteer(), setting.today);
    let read = needs::read(index, case, setting, &facts);
    let known = read.needs.iter().find(|known| known.term == *need).cloned();
    let need = known.unwrap_or_else(|| Need {
        term: need.clone(),
        zh: index.vocabulary().name(need, Language::Zh),
        en: index.vocabulary().name(need, Language::En),
        score: 1000,
        tier: case.tiers.get(need).copied().unwrap_or_else(|| case.tier()),
        why: Vec::new(),
        waits_for: Vec::new(),
    });
    bench(index, &snapshot, &posted, case, setting, &read, facts).why_not(&need, service)
}

fn bench<'a>(
    index: &'a Index,
    snapshot: &'a Snapshot,
    posted: &'a Posted,
    case: &'a Case,
    setting: &'a Setting<'a>,
    read: &needs::Read,
    facts: Facts,
) -> Bench<'a> {
    let point = case.point(index.gazetteer());
    let forbidden = Forbidden::new(case, read, setting, &facts);
    let shores = case.division().map(|home| index.gazetteer().shores(home)).unwrap_or_default();
    Bench { index, snapshot, posted, case, setting, facts, point, shores, forbidden }
}

/// The warning that a need may not be met by a plain referral.
fn prohibition(bench: &Bench<'_>, need: &Need) -> Option<Warning> {
    let language = bench.setting.language;
    let why = bench.forbidden.law(&need.term, language)?;
    let text = format!("{}{}{why}", language.of(&need.zh, &need.en), language.of("：", ": "));
    Some(Warning { code: "forbidden", text, terms: vec![need.term.clone()] })
}
