//! Codes that a case shares with the eligibility grammar, and how a code is written and read.

use lianjie_index::rule::{Diagnosis, Paper, Stage};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The papers a family can hold, in the order of the form.
pub const PAPERS: [Paper; 8] = [
    Paper::DisabilityCertificate,
    Paper::Dibao,
    Paper::NearPoor,
    Paper::ResidencePermit,
    Paper::RecognitionDefacto,
    Paper::DiagnosisReport,
    Paper::SchoolRoll,
    Paper::HouseholdRegister,
];

/// The diagnoses rules may ask for.
pub const DIAGNOSES: [Diagnosis; 10] = [
    Diagnosis::Visual,
    Diagnosis::Hearing,
    Diagnosis::Speech,
    Diagnosis::Limb,
    Diagnosis::Intellectual,
    Diagnosis::Mental,
    Diagnosis::Autism,
    Diagnosis::DevelopmentalDelay,
    Diagnosis::Adhd,
    Diagnosis::SeriousIllness,
];

/// The stages of school.
pub const STAGES: [Stage; 5] = [Stage::Preschool, Stage::Primary, Stage::Junior, Stage::Senior, Stage::None];

/// Languages and dialects: the words of the directory.
pub use crate::service::model::LANGUAGES;

/// The wire name of a unit variant.
#[must_use]
pub fn name(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The unit variant of a wire name.
#[must_use]
pub fn named<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_value(text.into()).ok()
}
