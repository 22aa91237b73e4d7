//! Visits as JSON.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::actions::{chosen, lists};
use super::super::page::case_id;
use super::actions::{self, Said};
use super::model::Kind;
use crate::access::Actor;
use crate::api::{IdempotencyKey, Json, Meta, Problem, Query};
use crate::app::App;
use crate::error::Result;
use crate::secret::Hidden;

/// A visit.
#[derive(Debug, Serialize, ToSchema)]
pub struct VisitBody {
    id: String,
    #[schema(value_type = String)]
    day: Date,
    kind: Kind,
    /// Who was there.
    by: String,
    /// What was found; null for who may not read it.
    note: Option<String>,
}

/// The visits of a case, the last first.
#[derive(Debug, Serialize, ToSchema)]
pub struct VisitsBody {
    /// When the next is due; null once the case is closed.
    #[schema(value_type = Option<String>)]
    due: Option<Date>,
    /// Days between visits, by the risk of today.
    every_days: u16,
    visits: Vec<VisitBody>,
}

/// What is said of a visit.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VisitInput {
    #[schema(value_type = String)]
    day: Date,
    kind: Kind,
    /// What was found; sealed under the child's key.
    #[serde(default)]
    #[schema(value_type = String)]
    note: Hidden,
}

/// A case with its next visit.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComingBody {
    case: String,
    number: String,
    alias: String,
    risk: Option<String>,
    #[schema(value_type = Option<String>)]
    seen: Option<Date>,
    #[schema(value_type = String)]
    due: Date,
    overdue: bool,
}

/// Cases by their next visit, the longest overdue first.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComingsBody {
    visits: Vec<ComingBody>,
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

/// Who is to be seen next.
#[utoipa::path(get, path = "/api/v1/visits", tag = "case", params(Which), responses((status = 200, body = ComingsBody), (status = 403, body = Problem)))]
pub async fn coming(State(app): State<Arc<App>>, actor: Actor, Query(which): Query<Which>) -> Result<Json<ComingsBody>> {
    let lists = lists(&actor);
    let chosen = chosen(&lists, which.list.as_deref().unwrap_or_default())?;
    let (found, due) = actions::coming(&app, &actor, chosen, which.page.unwrap_or(1)).await?;
    let (meta, today) = (Meta { total: due.cases as u64 }, app.today());
    let visits = found.into_iter().map(|coming| ComingBody {
        case: coming.line.id.to_string(),
        number: coming.line.number,
        alias: coming.line.alias,
        risk: coming.line.risk.filter(|_| coming.sees_risk).map(|risk| risk.0),
        seen: coming.seen,
        due: coming.due,
        overdue: coming.due < today,
    });
    Ok(Json(ComingsBody { visits: visits.collect(), meta }))
}

/// The visits of a case.
#[utoipa::path(get, path = "/api/v1/cases/{id}/visits", tag = "case", params(("id" = String, Path)), responses((status = 200, body = VisitsBody), (status = 404, body = Problem)))]
pub async fn history(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>) -> Result<Json<VisitsBody>> {
    let history = actions::history(&app, &actor, &case_id(&id)?).await?;
    let visits = history.visits.into_iter().map(|(visit, by, note)| VisitBody {
        id: visit.id.to_string(),
        day: visit.day,
        kind: visit.kind,
        by,
        note: note.map(|note| note.reveal().to_owned()),
    });
    Ok(Json(VisitsBody { due: history.due, every_days: history.every.days, visits: visits.collect() }))
}

/// Records a visit.
#[utoipa::path(post, path = "/api/v1/cases/{id}/visits", tag = "case", params(("id" = String, Path)), request_body = VisitInput, responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn record(
    State(app): State<Arc<App>>,
    actor: Actor,
    IdempotencyKey(key): IdempotencyKey,
    Path(id): Path<String>,
    Json(input): Json<VisitInput>,
) -> Result<StatusCode> {
    let said = Said { day: input.day, kind: input.kind, note: input.note };
    actions::record(&app, &actor, &case_id(&id)?, &said, key.as_ref()).await?;
    Ok(StatusCode::NO_CONTENT)
}
