//! `application/problem+json` (RFC 9457).

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::error::{Error, Fault};
use crate::locale::Locale;

/// A refused field of a problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Refusal {
    /// The field.
    pub field: String,
    /// Name of the reason, for programs.
    pub reason: String,
    /// What, why, and what would do, in the language asked for.
    pub text: String,
    /// What may be meant instead.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Meaning>,
}

/// A value that a refused field may mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Meaning {
    /// What the field takes.
    pub value: String,
    /// Its name.
    pub name: String,
}

impl Refusal {
    fn of(fault: &Fault, locale: Locale) -> Self {
        let meaning = |(value, name): &(String, String)| Meaning { value: value.clone(), name: name.clone() };
        Self {
            field: fault.field.clone(),
            reason: fault.reason.into(),
            text: fault.text(locale),
            choices: fault.choices.iter().map(meaning).collect(),
        }
    }
}

/// What went wrong, for programs and for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// `/problems/` and the name of the class of error.
    #[serde(rename = "type")]
    pub kind: String,
    /// The class in words.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// A sentence: what, why, what would do.
    pub detail: String,
    /// The refused fields.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Refusal>,
    /// The number under which an inner fault stands in the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

impl Problem {
    /// Words an error.
    #[must_use]
    pub fn of(error: &Error, locale: Locale, reference: Option<String>) -> Self {
        let errors = match error {
            Error::Invalid(faults) => faults.iter().map(|fault| Refusal::of(fault, locale)).collect(),
            _ => Vec::new(),
        };
        Self {
            kind: format!("/problems/{}", error.code()),
            title: rust_i18n::t!(format!("error.title.{}", error.code()), locale = locale.tag()).into_owned(),
            status: error.status(),
            detail: error.text(locale),
            errors,
            reference,
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let kind = (header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        (status, [kind], axum::Json(self).into_response().into_body()).into_response()
    }
}
