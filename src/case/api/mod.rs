//! Cases and needs as JSON.

mod body;
mod identity;

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::actions::{self, NeedChange, NewCase};
use super::agreement::api as agreements;
use super::assessment::api as assessments;
use super::guardianship::api as guardianship;
use super::lead::api as leads;
use super::model::{CaseStep, NeedStep, Tier, Written, named};
use super::plan::api as plans;
use super::visit::api as visits;
use crate::access::Actor;
use crate::api::{IdempotencyKey, Json, Meta, Problem, Query};
use crate::app::App;
use crate::error::{Error, Result};
use crate::id::{CaseId, NeedId, OrganizationId};
use crate::locale::Locale;
use crate::secret::Hidden;
use body::{CaseBody, FactsIn, LineBody, NeedBody, NeedIn};

pub use identity::{identity, make, note};

/// The folder's JSON routes, for the document.
#[derive(OpenApi)]
#[openapi(paths(
    list,
    open,
    read,
    change,
    add_needs,
    change_need,
    step_need,
    step,
    identity::identity,
    identity::note,
    identity::make,
    guardianship::watched,
    assessments::history,
    assessments::assess,
    agreements::view,
    agreements::write,
    agreements::sign,
    agreements::end,
    leads::list,
    leads::file,
    leads::read,
    leads::visit,
    leads::dismiss,
    plans::planned,
    plans::read,
    plans::write,
    plans::approve,
    plans::give_back,
    plans::settle,
    visits::coming,
    visits::history,
    visits::record
))]
pub struct Api;

/// The id in an address; anything else is not there.
fn case_id(text: &str) -> Result<CaseId> {
    CaseId::parse(text).map_err(|_| Error::missing("case", text))
}

fn need_id(text: &str) -> Result<NeedId> {
    NeedId::parse(text).map_err(|_| Error::missing("need", text))
}

/// Which cases.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct Which {
    /// `mine`, `station`, `county`, `village`; the first the actor has where absent.
    #[serde(default)]
    list: String,
    /// Closed ones instead of those that are not.
    #[serde(default)]
    closed: bool,
    /// Page of 50, from 1.
    page: Option<usize>,
}

/// Cases.
#[derive(Debug, Serialize, ToSchema)]
pub struct CasesBody {
    cases: Vec<LineBody>,
    meta: Meta,
}

/// One case.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseAnswer {
    case: CaseBody,
}

/// One need.
#[derive(Debug, Serialize, ToSchema)]
pub struct NeedAnswer {
    need: NeedBody,
}

/// The cases of a list, masked; one event of the log a page.
#[utoipa::path(get, path = "/api/v1/cases", tag = "case", params(Which),
    responses((status = 200, body = CasesBody), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub async fn list(State(app): State<Arc<App>>, actor: Actor, Query(which): Query<Which>) -> Result<Json<CasesBody>> {
    let lists = actions::lists(&actor);
    let chosen = if which.list.is_empty() { lists.first() } else { lists.iter().find(|list| list.name == which.list) };
    let chosen = chosen.ok_or(Error::Forbidden { why: "role" })?;
    let listed = actions::list(&app, &actor, chosen, which.closed, which.page.unwrap_or(1)).await?;
    let cases = listed.lines.iter().map(|(line, classes)| body::line(&app, line, *classes)).collect();
    Ok(Json(CasesBody { cases, meta: Meta { total: listed.total as u64 } }))
}

/// What opens a case.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenCase {
    /// The station; the actor's own where absent.
    station: Option<String>,
    facts: FactsIn,
    /// Situations that must be reported: numbers 1 to 9.
    #[serde(default)]
    situations: Vec<u8>,
    #[serde(default)]
    needs: Vec<NeedIn>,
    /// The worker's own words about what is needed; kept with the needs that were read from them.
    #[serde(default)]
    #[schema(value_type = String)]
    words: Hidden,
    /// The lead it comes from.
    lead: Option<String>,
}

/// Opens a case. `Idempotency-Key` makes a repeated request answer with the case it made.
#[utoipa::path(post, path = "/api/v1/cases", tag = "case", request_body = OpenCase,
    responses((status = 201, body = CaseAnswer), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn open(
    State(app): State<Arc<App>>,
    actor: Actor,
    locale: Locale,
    IdempotencyKey(key): IdempotencyKey,
    Json(sent): Json<OpenCase>,
) -> Result<Response> {
    let station = sent.station.map(|id| OrganizationId::parse(&id).map_err(|_| Error::missing("organization", &id))).transpose()?;
    let written = sent.facts.over(Written::default());
    let lead = sent.lead.map(|id| leads::lead_id(&id)).transpose()?;
    let new = NewCase { station, written, situations: sent.situations, needs: body::needs(sent.needs)?, words: sent.words, lead };
    let id = actions::open(&app, &actor, &new, key.as_ref()).await?;
    let case = body::case(&app, locale, &actions::view(&app, &actor, &id).await?);
    Ok((StatusCode::CREATED, [(header::LOCATION, format!("/api/v1/cases/{id}"))], Json(CaseAnswer { case })).into_response())
}

async fn seen(app: &App, actor: &Actor, locale: Locale, id: &CaseId) -> Result<Json<CaseAnswer>> {
    let view = actions::view(app, actor, id).await?;
    Ok(Json(CaseAnswer { case: body::case(app, locale, &view) }))
}

/// A case, masked to what the actor sees.
#[utoipa::path(get, path = "/api/v1/cases/{id}", tag = "case", params(("id" = String, Path, description = "Id of the case")),
    responses((status = 200, body = CaseAnswer), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn read(State(app): State<Arc<App>>, actor: Actor, locale: Locale, Path(id): Path<String>) -> Result<Json<CaseAnswer>> {
    seen(&app, &actor, locale, &case_id(&id)?).await
}

/// What changes a case.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeCase {
    /// The version that was looked at.
    version: Option<i64>,
    facts: FactsIn,
}

/// Changes what is known; what is absent stays.
#[utoipa::path(patch, path = "/api/v1/cases/{id}", tag = "case", request_body = ChangeCase, params(("id" = String, Path, description = "Id of the case")),
    responses((status = 200, body = CaseAnswer), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn change(
    State(app): State<Arc<App>>,
    actor: Actor,
    locale: Locale,
    Path(id): Path<String>,
    Json(sent): Json<ChangeCase>,
) -> Result<Json<CaseAnswer>> {
    let id = case_id(&id)?;
    let (case, written) = actions::written(&app, &actor, &id).await?;
    // What was read just now is what is written over: a change in between is a conflict, not a loss.
    let version = sent.version.unwrap_or(case.version);
    actions::edit(&app, &actor, &id, &sent.facts.over(written), Some(version)).await?;
    seen(&app, &actor, locale, &id).await
}

/// A step of a case.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepIn {
    /// Of a case `assess`, `approve`, `follow_up`, `resume`, `close`, `reopen`; of a need `met_elsewhere`, `declare_gap`,
    /// `close_gap`, `drop`, `reopen`.
    step: String,
    /// Why; closing, opening again, dropping and declaring a gap need one.
    #[serde(default)]
    reason: String,
}

/// Takes a step of a case.
#[utoipa::path(post, path = "/api/v1/cases/{id}/steps", tag = "case", request_body = StepIn, params(("id" = String, Path, description = "Id of the case")),
    responses((status = 200, body = CaseAnswer), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn step(
    State(app): State<Arc<App>>,
    actor: Actor,
    locale: Locale,
    Path(id): Path<String>,
    Json(sent): Json<StepIn>,
) -> Result<Json<CaseAnswer>> {
    let id = case_id(&id)?;
    let step: CaseStep = named(&sent.step).ok_or_else(|| Error::invalid("step", "choice"))?;
    actions::step(&app, &actor, &id, step, Some(&sent.reason)).await?;
    seen(&app, &actor, locale, &id).await
}

/// Needs to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddNeeds {
    needs: Vec<NeedIn>,
    /// The worker's own words, kept with those that were read from them.
    #[serde(default)]
    #[schema(value_type = String)]
    words: Hidden,
}

/// Adds needs; those that are there and not settled are passed over.
#[utoipa::path(post, path = "/api/v1/cases/{id}/needs", tag = "case", request_body = AddNeeds, params(("id" = String, Path, description = "Id of the case")),
    responses((status = 200, body = CaseAnswer), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn add_needs(
    State(app): State<Arc<App>>,
    actor: Actor,
    locale: Locale,
    IdempotencyKey(key): IdempotencyKey,
    Path(id): Path<String>,
    Json(sent): Json<AddNeeds>,
) -> Result<Json<CaseAnswer>> {
    let id = case_id(&id)?;
    actions::add_needs(&app, &actor, &id, &body::needs(sent.needs)?, &sent.words, key.as_ref()).await?;
    seen(&app, &actor, locale, &id).await
}

/// What changes a need; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeNeed {
    /// The version that was looked at.
    version: Option<i64>,
    /// Urgency 1 to 4.
    tier: Option<u8>,
    /// Why it is not the case's own.
    #[serde(default)]
    tier_reason: String,
    /// By when; empty is no day.
    target_day: Option<String>,
    several: Option<bool>,
}

/// Changes a need.
#[utoipa::path(patch, path = "/api/v1/needs/{id}", tag = "case", request_body = ChangeNeed, params(("id" = String, Path, description = "Id of the need")),
    responses((status = 200, body = NeedAnswer), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn change_need(
    State(app): State<Arc<App>>,
    actor: Actor,
    locale: Locale,
    Path(id): Path<String>,
    Json(sent): Json<ChangeNeed>,
) -> Result<Json<NeedAnswer>> {
    let tier = sent.tier.map(Tier::new).transpose().map_err(|fault| Error::Invalid(vec![fault]))?;
    let day = |text: String| if text.is_empty() { Ok(None) } else { text.parse().map(Some) };
    let target_day = sent.target_day.map(day).transpose().map_err(|_| Error::invalid("target_day", "day"))?;
    let change = NeedChange { tier: tier.map(|tier| (tier, sent.tier_reason)), target_day, several: sent.several, version: sent.version };
    let need = actions::change_need(&app, &actor, &need_id(&id)?, change).await?;
    need_answer(&app, &actor, locale, &need).await
}

/// Takes a step of a need of which no referral is live.
#[utoipa::path(post, path = "/api/v1/needs/{id}/steps", tag = "case", request_body = StepIn, params(("id" = String, Path, description = "Id of the need")),
    responses((status = 200, body = NeedAnswer), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn step_need(
    State(app): State<Arc<App>>,
    actor: Actor,
    locale: Locale,
    Path(id): Path<String>,
    Json(sent): Json<StepIn>,
) -> Result<Json<NeedAnswer>> {
    let step: NeedStep = named(&sent.step).ok_or_else(|| Error::invalid("step", "choice"))?;
    let need = actions::step_need(&app, &actor, &need_id(&id)?, step, Some(&sent.reason)).await?;
    need_answer(&app, &actor, locale, &need).await
}

async fn need_answer(app: &App, actor: &Actor, locale: Locale, need: &super::model::Need) -> Result<Json<NeedAnswer>> {
    let view = actions::view(app, actor, &need.case).await?;
    Ok(Json(NeedAnswer { need: body::need(app, locale, need, view.classes) }))
}
