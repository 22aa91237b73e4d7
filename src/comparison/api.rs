//! Comparisons as JSON.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use lianjie_index::DivisionCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::actions::{self, Said};
use super::model::{Comparison, Settle, State as Stands, Unread};
use super::read;
use crate::access::Actor;
use crate::api::{IdempotencyKey, Json, Meta, Problem, Query};
use crate::app::App;
use crate::clock;
use crate::error::{Error, Result};
use crate::id::{CaseId, ComparisonId};
use crate::secret::Hidden;

/// A comparison.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComparisonBody {
    id: String,
    department: String,
    read_rows: u32,
    /// Rows that did not read, each with the key of the reason.
    unread: Vec<Unread>,
    at: String,
}

/// Comparisons, the last first.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComparisonsBody {
    comparisons: Vec<ComparisonBody>,
    meta: Meta,
}

/// A list to be compared: one child a line, with tabs or commas; a head helps.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListInput {
    /// Whose list it is.
    department: String,
    #[schema(value_type = String)]
    list: Hidden,
}

/// A row.
#[derive(Debug, Serialize, ToSchema)]
pub struct RowBody {
    number: u32,
    state: Stands,
    name: String,
    birth: String,
    place: String,
    /// The child on file: the one found, or the one it may be.
    case: Option<String>,
    alias: String,
    /// Of a child it may be: the name as far as the reader sees it, the month of birth or the band, the township.
    ours: Option<OursBody>,
    lead: Option<String>,
}

/// What tells a child on file apart.
#[derive(Debug, Serialize, ToSchema)]
pub struct OursBody {
    name: String,
    birth: String,
    division: String,
}

/// A comparison with its rows; none for who may not know whom they are.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComparisonAnswer {
    comparison: ComparisonBody,
    /// How many there are of each state.
    #[schema(value_type = Object)]
    counts: BTreeMap<String, usize>,
    /// Rows of the page, those first upon which somebody decides.
    rows: Vec<RowBody>,
    settles: bool,
    /// How many rows there are on all pages.
    meta: Meta,
}

/// What a person says of a row.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettleInput {
    settle: Settle,
    /// The child on file that was seen beside the row; needed where it may be that child.
    #[schema(value_type = Option<String>)]
    case: Option<CaseId>,
    /// Township of the lead, where the row does not say one.
    #[schema(value_type = Option<String>)]
    division: Option<DivisionCode>,
}

/// Which page.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Which {
    /// A page of a hundred rows, from 1.
    #[serde(default)]
    page: Option<usize>,
}

/// The comparison that was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct MadeBody {
    id: String,
}

fn body(comparison: &Comparison) -> ComparisonBody {
    ComparisonBody {
        id: comparison.id.to_string(),
        department: comparison.department.clone(),
        read_rows: comparison.read_rows,
        unread: comparison.unread.clone(),
        at: clock::stored(comparison.at),
    }
}

/// The id in an address; anything else is not there.
pub fn comparison_id(text: &str) -> Result<ComparisonId> {
    ComparisonId::parse(text).map_err(|_| Error::missing("comparison", text))
}

/// The comparisons of the person's station or division.
#[utoipa::path(get, path = "/api/v1/comparisons", tag = "comparison", responses((status = 200, body = ComparisonsBody), (status = 403, body = Problem)))]
pub async fn list(State(app): State<Arc<App>>, actor: Actor) -> Result<Json<ComparisonsBody>> {
    let found = actions::list(&app, &actor).await?;
    Ok(Json(ComparisonsBody { meta: Meta { total: found.len() as u64 }, comparisons: found.iter().map(body).collect() }))
}

/// Compares a list.
#[utoipa::path(post, path = "/api/v1/comparisons", tag = "comparison", request_body = ListInput, responses((status = 201, body = MadeBody), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn compare(
    State(app): State<Arc<App>>,
    actor: Actor,
    IdempotencyKey(key): IdempotencyKey,
    Json(input): Json<ListInput>,
) -> Result<(StatusCode, Json<MadeBody>)> {
    let list = read::text(input.list.reveal(), app.today())?;
    let id = actions::compare(&app, &actor, &input.department, list, key.as_ref()).await?;
    Ok((StatusCode::CREATED, Json(MadeBody { id: id.to_string() })))
}

/// A comparison with its rows.
#[utoipa::path(get, path = "/api/v1/comparisons/{id}", tag = "comparison", params(("id" = String, Path), Which), responses((status = 200, body = ComparisonAnswer), (status = 404, body = Problem)))]
pub async fn read(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Query(which): Query<Which>,
) -> Result<Json<ComparisonAnswer>> {
    let view = actions::view(&app, &actor, &comparison_id(&id)?, which.page.unwrap_or(1)).await?;
    let rows = view.rows.iter().map(|shown| RowBody {
        number: shown.row.number,
        state: shown.row.state,
        name: shown.words.get("name").to_owned(),
        birth: shown.words.get("birth").to_owned(),
        place: shown.words.get("place").to_owned(),
        case: shown.row.case.as_ref().map(ToString::to_string),
        alias: shown.alias.clone(),
        ours: shown.ours.as_ref().map(|(name, birth, division)| OursBody {
            name: name.reveal().to_owned(),
            birth: birth.clone(),
            division: division.to_string(),
        }),
        lead: shown.row.lead.as_ref().map(ToString::to_string),
    });
    Ok(Json(ComparisonAnswer {
        counts: view.counts.iter().map(|(state, count)| (state.name().to_owned(), *count)).collect(),
        rows: rows.collect(),
        comparison: body(&view.comparison),
        settles: view.settles,
        meta: Meta { total: view.total as u64 },
    }))
}

/// Settles a row: it is the child on file, it is another (then the next it may be is offered, as long as there is one), it becomes a
/// lead, or nothing is to be done.
#[utoipa::path(post, path = "/api/v1/comparisons/{id}/rows/{number}", tag = "comparison", params(("id" = String, Path), ("number" = u32, Path)), request_body = SettleInput, responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn settle(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((id, number)): Path<(String, u32)>,
    Json(input): Json<SettleInput>,
) -> Result<StatusCode> {
    let said = Said { settle: input.settle, case: input.case, division: input.division };
    actions::settle(&app, &actor, &comparison_id(&id)?, number, &said).await?;
    Ok(StatusCode::NO_CONTENT)
}
