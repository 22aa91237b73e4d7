//! Agreements as JSON.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::page::case_id;
use super::actions::{self, Step, Written};
use super::model::State as Stands;
use crate::access::Actor;
use crate::api::{IdempotencyKey, Json, Problem};
use crate::app::App;
use crate::error::{Error, Result};
use crate::id::CareAgreementId;
use crate::secret::Hidden;

/// An agreement.
#[derive(Debug, Serialize, ToSchema)]
pub struct AgreementBody {
    id: String,
    state: Stands,
    relation: String,
    #[schema(value_type = String)]
    from_day: Date,
    /// Included.
    #[schema(value_type = String)]
    to_day: Date,
    /// Whether its last day is near.
    expires_soon: bool,
    /// Days within which the parents must be in touch.
    contact_every: u8,
    school_told: bool,
    committee_told: bool,
    #[schema(value_type = Option<String>)]
    signed_day: Option<Date>,
    #[schema(value_type = Option<String>)]
    ended_day: Option<Date>,
    ended_reason: Option<String>,
    /// Empty for who may not read it, as the five below.
    parents: String,
    carer: String,
    phone: String,
    duties: String,
    money: String,
    emergency: String,
}

/// The agreements of a case, the last first.
#[derive(Debug, Serialize, ToSchema)]
pub struct AgreementsBody {
    agreements: Vec<AgreementBody>,
    /// Whether a parent works elsewhere and none is there.
    needed: bool,
    /// Whether one that is signed runs today.
    covered: bool,
}

/// What is written in an agreement.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreementInput {
    /// `grandparent`, `relative`, `neighbour`, `foster`, `other`.
    relation: String,
    #[schema(value_type = String)]
    parents: Hidden,
    #[schema(value_type = String)]
    carer: Hidden,
    #[schema(value_type = String)]
    phone: Hidden,
    #[schema(value_type = String)]
    duties: Hidden,
    #[serde(default)]
    #[schema(value_type = String)]
    money: Hidden,
    #[serde(default)]
    #[schema(value_type = String)]
    emergency: Hidden,
    #[schema(value_type = String)]
    from_day: Date,
    #[schema(value_type = String)]
    to_day: Date,
    /// 1 to 7 days.
    contact_every: u8,
    #[serde(default)]
    school_told: bool,
    #[serde(default)]
    committee_told: bool,
    /// That nothing excludes the carer: no record of harm, addiction, failure before.
    carer_checked: bool,
}

/// When it was signed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInput {
    #[schema(value_type = String)]
    day: Date,
}

/// When and why it ended.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndInput {
    #[schema(value_type = String)]
    day: Date,
    reason: String,
}

/// The agreements of a case.
#[utoipa::path(get, path = "/api/v1/cases/{id}/agreements", tag = "case", params(("id" = String, Path)), responses((status = 200, body = AgreementsBody), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn view(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>) -> Result<Json<AgreementsBody>> {
    let view = actions::view(&app, &actor, &case_id(&id)?).await?;
    let today = app.today();
    let covered = view.agreements.iter().any(|(agreement, _)| agreement.covers(today));
    let agreements = view.agreements.into_iter().map(|(agreement, words)| {
        let text = |name: &str| words.get(name).to_owned();
        AgreementBody {
            id: agreement.id.to_string(),
            state: agreement.state_on(today),
            expires_soon: agreement.expires_soon(today),
            from_day: agreement.from_day,
            to_day: agreement.to_day,
            contact_every: agreement.contact_every,
            school_told: agreement.school_told,
            committee_told: agreement.committee_told,
            signed_day: agreement.signed_day,
            ended_day: agreement.ended_day,
            relation: agreement.relation,
            ended_reason: agreement.ended_reason,
            parents: text("parents"),
            carer: text("carer"),
            phone: text("phone"),
            duties: text("duties"),
            money: text("money"),
            emergency: text("emergency"),
        }
    });
    Ok(Json(AgreementsBody { agreements: agreements.collect(), needed: view.needed, covered }))
}

/// Writes an agreement as a draft.
#[utoipa::path(post, path = "/api/v1/cases/{id}/agreements", tag = "case", params(("id" = String, Path)), request_body = AgreementInput, responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn write(
    State(app): State<Arc<App>>,
    actor: Actor,
    IdempotencyKey(key): IdempotencyKey,
    Path(id): Path<String>,
    Json(input): Json<AgreementInput>,
) -> Result<StatusCode> {
    let written = Written {
        relation: input.relation,
        parents: input.parents,
        carer: input.carer,
        phone: input.phone,
        duties: input.duties,
        money: input.money,
        emergency: input.emergency,
        from_day: input.from_day,
        to_day: input.to_day,
        contact_every: input.contact_every,
        school_told: input.school_told,
        committee_told: input.committee_told,
        carer_checked: input.carer_checked,
    };
    actions::write(&app, &actor, &case_id(&id)?, &written, key.as_ref()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The id in an address; anything else is not there.
pub fn agreement_id(text: &str) -> Result<CareAgreementId> {
    CareAgreementId::parse(text).map_err(|_| Error::missing("care_agreement", text))
}

/// All have signed.
#[utoipa::path(post, path = "/api/v1/agreements/{id}/sign", tag = "case", params(("id" = String, Path)), request_body = SignInput, responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn sign(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>, Json(input): Json<SignInput>) -> Result<StatusCode> {
    actions::step(&app, &actor, &agreement_id(&id)?, &Step::Sign(input.day)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// It ends before its last day.
#[utoipa::path(post, path = "/api/v1/agreements/{id}/end", tag = "case", params(("id" = String, Path)), request_body = EndInput, responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn end(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>, Json(input): Json<EndInput>) -> Result<StatusCode> {
    actions::step(&app, &actor, &agreement_id(&id)?, &Step::End(input.day, input.reason)).await?;
    Ok(StatusCode::NO_CONTENT)
}
