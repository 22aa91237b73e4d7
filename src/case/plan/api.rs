//! Plans as JSON.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::actions::{chosen, lists};
use super::super::page::case_id;
use super::actions::{self, Content, Written, WrittenGoal};
use super::model::{Goal, Reached, State as Stands};
use crate::access::Actor;
use crate::api::{IdempotencyKey, Json, Meta, Problem, Query};
use crate::app::App;
use crate::error::{Error, Result};
use crate::id::{GoalId, NeedId};
use crate::secret::Hidden;

/// A goal.
#[derive(Debug, Serialize, ToSchema)]
pub struct GoalBody {
    /// The same in every version.
    id: String,
    /// The need it is for.
    need: Option<String>,
    goal: String,
    measure: String,
    /// Body and person.
    responsible: String,
    /// `none`, `family`, `station`, `program`, `public`, `charity`.
    fee_source: Option<String>,
    #[schema(value_type = String)]
    from_day: Date,
    #[schema(value_type = String)]
    review_day: Date,
    result: Reached,
}

/// A version of a plan.
#[derive(Debug, Serialize, ToSchema)]
pub struct VersionBody {
    number: u32,
    state: Stands,
    /// Version of the row: sent back with the next write of the draft.
    version: i64,
    #[schema(value_type = String)]
    review_day: Date,
    submitted: bool,
    written_by: String,
    /// Null until approved.
    approved_by: Option<String>,
    /// How many goals it has, also for who may not read them.
    goal_count: usize,
    child_opinion: String,
    guardian_opinion: String,
    fallback: String,
    reason: String,
    /// What the station head said when giving it back.
    remark: String,
    goals: Vec<GoalBody>,
}

/// The versions of a case's plan, the last first. Texts are empty for who may not read them.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanBody {
    plan: Vec<VersionBody>,
    reads: bool,
    may_write: bool,
    may_approve: bool,
}

/// A goal as it is written.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GoalInput {
    /// The goal it goes on with.
    id: Option<String>,
    need: Option<String>,
    #[schema(value_type = String)]
    goal: Hidden,
    #[serde(default)]
    #[schema(value_type = String)]
    measure: Hidden,
    #[serde(default)]
    #[schema(value_type = String)]
    responsible: Hidden,
    fee_source: Option<String>,
    #[schema(value_type = String)]
    from_day: Date,
    #[schema(value_type = String)]
    review_day: Date,
}

/// The draft of a plan as it is written.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanInput {
    #[schema(value_type = String)]
    review_day: Date,
    #[serde(default)]
    #[schema(value_type = String)]
    child_opinion: Hidden,
    #[serde(default)]
    #[schema(value_type = String)]
    guardian_opinion: Hidden,
    #[serde(default)]
    #[schema(value_type = String)]
    fallback: Hidden,
    /// Why it changes; needed from the second version on.
    #[serde(default)]
    #[schema(value_type = String)]
    reason: Hidden,
    goals: Vec<GoalInput>,
    /// Version of the draft that was read.
    version: Option<i64>,
    /// Whether it is handed to the station head.
    #[serde(default)]
    submit: bool,
}

/// Why a draft is given back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemarkInput {
    #[schema(value_type = String)]
    remark: Hidden,
}

/// How far a goal was reached.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReachedInput {
    result: Reached,
}

/// A case with how its plan stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlannedBody {
    case: String,
    number: String,
    alias: String,
    /// Version in force; null without one.
    in_force: Option<u32>,
    #[schema(value_type = Option<String>)]
    review_day: Option<Date>,
    due: bool,
    /// Whether a draft waits for the station head.
    to_approve: bool,
}

/// Cases with how their plans stand.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlansBody {
    plans: Vec<PlannedBody>,
    meta: Meta,
}

/// Which list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Which {
    /// `mine`, `station`, `county`, `village`; absent is the first the person has.
    #[serde(default)]
    list: Option<String>,
    /// A page of a hundred, from 1.
    #[serde(default)]
    page: Option<usize>,
}

fn goal_body(goal: &Goal) -> GoalBody {
    GoalBody {
        id: goal.id.to_string(),
        need: goal.need.as_ref().map(ToString::to_string),
        goal: goal.words.get("goal").to_owned(),
        measure: goal.words.get("measure").to_owned(),
        responsible: goal.words.get("responsible").to_owned(),
        fee_source: goal.fee_source.clone(),
        from_day: goal.from_day,
        review_day: goal.review_day,
        result: goal.result,
    }
}

fn version_body(content: &Content) -> VersionBody {
    let text = |name: &str| content.words.get(name).to_owned();
    VersionBody {
        number: content.plan.number,
        state: content.plan.state,
        version: content.plan.version,
        review_day: content.plan.review_day,
        submitted: content.plan.submitted_at.is_some(),
        written_by: content.writer.clone(),
        approved_by: content.plan.approved_by.as_ref().map(|_| content.approver.clone()),
        goal_count: content.count,
        child_opinion: text("child_opinion"),
        guardian_opinion: text("guardian_opinion"),
        fallback: text("fallback"),
        reason: text("reason"),
        remark: text("remark"),
        goals: content.goals.iter().map(goal_body).collect(),
    }
}

/// The plan of a case.
#[utoipa::path(get, path = "/api/v1/cases/{id}/plan", tag = "case", params(("id" = String, Path)), responses((status = 200, body = PlanBody), (status = 404, body = Problem)))]
pub async fn read(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>) -> Result<Json<PlanBody>> {
    let view = actions::view(&app, &actor, &case_id(&id)?).await?;
    let plan = view.versions.iter().map(version_body).collect();
    Ok(Json(PlanBody { plan, reads: view.reads, may_write: view.may_write, may_approve: view.may_approve }))
}

/// Writes the draft of a plan, and hands it in where it says so.
#[utoipa::path(put, path = "/api/v1/cases/{id}/plan", tag = "case", params(("id" = String, Path)), request_body = PlanInput, responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn write(
    State(app): State<Arc<App>>,
    actor: Actor,
    IdempotencyKey(key): IdempotencyKey,
    Path(id): Path<String>,
    Json(input): Json<PlanInput>,
) -> Result<StatusCode> {
    let written = Written {
        review_day: input.review_day,
        child_opinion: input.child_opinion,
        guardian_opinion: input.guardian_opinion,
        fallback: input.fallback,
        reason: input.reason,
        goals: input.goals.into_iter().map(written_goal).collect::<Result<_>>()?,
        version: input.version,
        submit: input.submit,
    };
    actions::write(&app, &actor, &case_id(&id)?, &written, key.as_ref()).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn written_goal(input: GoalInput) -> Result<WrittenGoal> {
    let id = input.id.map(|id| GoalId::parse(&id)).transpose().map_err(|_| Error::invalid("goals", "choice"))?;
    let need = input.need.map(|need| NeedId::parse(&need)).transpose().map_err(|_| Error::invalid("goals", "choice"))?;
    Ok(WrittenGoal {
        id,
        need,
        goal: input.goal,
        measure: input.measure,
        responsible: input.responsible,
        fee_source: input.fee_source,
        from_day: input.from_day,
        review_day: input.review_day,
    })
}

/// Approves the draft that was handed in; an assessed case becomes active by it.
#[utoipa::path(post, path = "/api/v1/cases/{id}/plan/approve", tag = "case", params(("id" = String, Path)), responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn approve(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>) -> Result<StatusCode> {
    actions::approve(&app, &actor, &case_id(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives the draft back with a remark.
#[utoipa::path(post, path = "/api/v1/cases/{id}/plan/return", tag = "case", params(("id" = String, Path)), request_body = RemarkInput, responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn give_back(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Json(input): Json<RemarkInput>,
) -> Result<StatusCode> {
    actions::give_back(&app, &actor, &case_id(&id)?, &input.remark).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Says how far a goal of the plan in force was reached.
#[utoipa::path(post, path = "/api/v1/cases/{id}/plan/goals/{goal}", tag = "case", params(("id" = String, Path), ("goal" = String, Path)), request_body = ReachedInput, responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn settle(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((id, goal)): Path<(String, String)>,
    Json(input): Json<ReachedInput>,
) -> Result<StatusCode> {
    let goal = GoalId::parse(&goal).map_err(|_| Error::missing("goal", &goal))?;
    actions::settle_goal(&app, &actor, &case_id(&id)?, &goal, input.result).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Cases with how their plans stand: drafts that wait first, then those without a plan, then by the day of review.
#[utoipa::path(get, path = "/api/v1/plans", tag = "case", params(Which), responses((status = 200, body = PlansBody), (status = 403, body = Problem)))]
pub async fn planned(State(app): State<Arc<App>>, actor: Actor, Query(which): Query<Which>) -> Result<Json<PlansBody>> {
    let lists = lists(&actor);
    let chosen = chosen(&lists, which.list.as_deref().unwrap_or_default())?;
    let (found, waits) = actions::planned(&app, &actor, chosen, which.page.unwrap_or(1)).await?;
    let (meta, today) = (Meta { total: waits.cases as u64 }, app.today());
    let plans = found.into_iter().map(|planned| PlannedBody {
        case: planned.line.id.to_string(),
        number: planned.line.number,
        alias: planned.line.alias,
        in_force: planned.standing.current.map(|(number, _)| number),
        review_day: planned.standing.current.map(|(_, review)| review),
        due: planned.standing.is_due(today),
        to_approve: planned.standing.submitted,
    });
    Ok(Json(PlansBody { plans: plans.collect(), meta }))
}
