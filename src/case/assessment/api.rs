//! Assessments as JSON.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::page::case_id;
use super::actions::{self, Said};
use super::model::{Outcome, form};
use crate::access::Actor;
use crate::api::{IdempotencyKey, Json, Problem};
use crate::app::App;
use crate::error::Result;
use crate::secret::Hidden;

/// An assessment.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssessmentBody {
    id: String,
    /// Edition of the form.
    form: String,
    #[schema(value_type = String)]
    day: Date,
    /// Included.
    #[schema(value_type = String)]
    valid_until: Date,
    valid: bool,
    points: u32,
    result: Outcome,
    by: String,
    /// Item to option; empty for who may not read them.
    answers: BTreeMap<String, String>,
    remark: String,
}

/// The assessments of a case, the last first.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssessmentsBody {
    assessments: Vec<AssessmentBody>,
}

/// What is said of a family.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssessmentInput {
    #[schema(value_type = String)]
    day: Date,
    /// Item to option, as in `seed-data/guardianship-assessment.toml`.
    answers: BTreeMap<String, String>,
    #[serde(default)]
    #[schema(value_type = String)]
    remark: Hidden,
}

/// The assessments of a case.
#[utoipa::path(get, path = "/api/v1/cases/{id}/assessments", tag = "case", params(("id" = String, Path)), responses((status = 200, body = AssessmentsBody), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn history(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>) -> Result<Json<AssessmentsBody>> {
    let history = actions::history(&app, &actor, &case_id(&id)?).await?;
    let today = app.today();
    let assessments = history.assessments.into_iter().map(|(assessment, by, words)| {
        let answer = |code: &str| Some((code.to_owned(), words.get(code).to_owned())).filter(|(_, value)| !value.is_empty());
        AssessmentBody {
            id: assessment.id.to_string(),
            form: assessment.form,
            day: assessment.day,
            valid_until: assessment.valid_until,
            valid: assessment.valid_until >= today,
            points: assessment.points,
            result: assessment.outcome,
            by,
            answers: form().items.iter().filter_map(|item| answer(&item.code)).collect(),
            remark: words.get("remark").to_owned(),
        }
    });
    Ok(Json(AssessmentsBody { assessments: assessments.collect() }))
}

/// Records an assessment.
#[utoipa::path(post, path = "/api/v1/cases/{id}/assessments", tag = "case", params(("id" = String, Path)), request_body = AssessmentInput, responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn assess(
    State(app): State<Arc<App>>,
    actor: Actor,
    IdempotencyKey(key): IdempotencyKey,
    Path(id): Path<String>,
    Json(input): Json<AssessmentInput>,
) -> Result<StatusCode> {
    let said = Said { day: input.day, answers: input.answers, remark: input.remark };
    actions::assess(&app, &actor, &case_id(&id)?, &said, key.as_ref()).await?;
    Ok(StatusCode::NO_CONTENT)
}
