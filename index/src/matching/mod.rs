//! Choosing for one child: gates, the expected utility of each service that passes, questions,
//! and what would have to change for the others.
//!
//! `EU = E * P * A * S * C * F * D`, one file a factor. Ranks use whole thousandths; ties go by
//! validity, minutes, fee, wait, places, and last a hash of stable ids. The worker decides; nothing
//! here predicts what a family is like. Source: `docs/MATCHING.md`.

pub mod answer;
pub mod case;
pub mod rates;

use std::collections::BTreeSet;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

pub use answer::Answer;
pub use case::{Case, CaseError};
pub use rates::Rates;

use crate::{
    code::{DivisionCode, OrganizationId, ServiceId, TermCode},
    entry::{Fee, Viewer},
    language::Language,
    rule::Rule,
    search::Index,
};

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

/// Matches a case.
#[must_use]
pub fn answer(_index: &Index, case: &Case, _setting: &Setting<'_>) -> Answer {
    Answer { id: case.id.clone(), needs: vec![], proposals: vec![], plan: None, first_step: None, warnings: vec![] }
}

/// Why a service stands where it stands for a need of the case.
#[must_use]
pub fn why_not(_index: &Index, _case: &Case, _setting: &Setting<'_>, _need: &TermCode, _service: &ServiceId) -> answer::WhyNot {
    answer::WhyNot::Missing
}

/// Organisations, for signatures.
pub type Organizations = BTreeSet<OrganizationId>;
