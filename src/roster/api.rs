//! Compared lists of organizations as JSON.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use lianjie_index::DivisionCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::actions::{self, New, Said};
use super::model::{Given, Part, Point, Roster, Row, Settle, State as Stands, Unread};
use crate::access::Actor;
use crate::api::{IdempotencyKey, Json, Meta, Problem, Query};
use crate::app::App;
use crate::clock;
use crate::error::{Error, Result};
use crate::grid;
use crate::id::{OrganizationId, RosterId};
use crate::web::Visit;

/// A list that was compared.
#[derive(Debug, Serialize, ToSchema)]
pub struct RosterBody {
    id: String,
    department: String,
    /// The area it covers.
    division: String,
    /// Kinds of organization it covers; empty for all.
    kinds: Vec<String>,
    read_rows: u32,
    /// Cells that did not read; their rows were compared without them.
    refused: Vec<Unread>,
    at: String,
}

/// Lists that were compared, the last first.
#[derive(Debug, Serialize, ToSchema)]
pub struct RostersBody {
    rosters: Vec<RosterBody>,
    meta: Meta,
}

/// A list to be compared: a head, then one organization a line, with tabs or commas.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RosterInput {
    /// Whose list it is.
    department: String,
    /// The area it covers; the person's own where it is not said.
    #[schema(value_type = Option<String>)]
    division: Option<DivisionCode>,
    /// Kinds of organization it covers; empty for all.
    #[serde(default)]
    kinds: Vec<String>,
    list: String,
}

/// The list that was compared.
#[derive(Debug, Serialize, ToSchema)]
pub struct RosterMadeBody {
    id: String,
}

/// The entry beside a row.
#[derive(Debug, Serialize, ToSchema)]
pub struct RosterEntryBody {
    id: String,
    /// Empty if the entry is not shown.
    name: String,
    code: String,
    address: String,
    phones: Vec<String>,
    /// Whether something is listed of it that can be asked about.
    asks: bool,
}

/// A row.
#[derive(Debug, Serialize, ToSchema)]
pub struct RosterRowBody {
    number: u32,
    state: Stands,
    /// What the list says, by field; empty for an entry that it lacks.
    #[schema(value_type = Object)]
    given: Given,
    /// The entry it is, or the likeliest it may be.
    organization: Option<RosterEntryBody>,
    /// How likely they are the same, 0 to 1, where the engine compared them.
    score: Option<f64>,
    /// What speaks for it and against it.
    points: Vec<Point>,
    /// The import it went to.
    list: Option<String>,
}

/// A list with a part of its rows.
#[derive(Debug, Serialize, ToSchema)]
pub struct RosterAnswer {
    roster: RosterBody,
    /// How many rows there are in each state.
    #[schema(value_type = Object)]
    counts: BTreeMap<String, usize>,
    /// The part that is shown.
    part: Part,
    rows: Vec<RosterRowBody>,
    /// How many rows the part has on all pages.
    meta: Meta,
}

/// Which part, and which page of it.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Which {
    /// `maybe`, `theirs`, `ours`, `both`; the first in which there is something where it is not said.
    #[serde(default)]
    #[param(inline)]
    part: Option<Part>,
    /// A page of a hundred rows, from 1.
    #[serde(default)]
    page: Option<usize>,
}

/// What a person says of a row.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RosterSettleInput {
    settle: Settle,
    /// The entry that was seen beside the row; needed for `same` and `other`.
    #[schema(value_type = Option<String>)]
    organization: Option<OrganizationId>,
}

/// What a person says of all rows that wait for it: `list` or `ask`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RosterAllInput {
    settle: Settle,
}

/// What became of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct RosterSettledBody {
    /// The import they went to.
    list: Option<String>,
    /// Of how many rows it was said.
    rows: usize,
}

fn body(roster: &Roster) -> RosterBody {
    RosterBody {
        id: roster.id.to_string(),
        department: roster.department.clone(),
        division: roster.division.to_string(),
        kinds: roster.kinds.clone(),
        read_rows: roster.read_rows,
        refused: roster.refused.clone(),
        at: clock::stored(roster.at),
    }
}

fn row(row: &Row) -> RosterRowBody {
    let entry = row.organization.as_ref().zip(row.entry.as_ref()).map(|(id, entry)| RosterEntryBody {
        id: id.to_string(),
        name: entry.name.clone(),
        code: entry.code.clone(),
        address: entry.address.clone(),
        phones: entry.phones.clone(),
        asks: entry.asks,
    });
    let shown = entry.as_ref().is_some_and(|entry| !entry.name.is_empty());
    let beside = row.alike.first().filter(|one| shown && Some(&one.organization) == row.organization.as_ref());
    RosterRowBody {
        number: row.number,
        state: row.state,
        given: row.given.clone(),
        organization: entry,
        score: beside.map(|one| one.score),
        points: beside.map(|one| one.points.clone()).unwrap_or_default(),
        list: row.list.as_ref().map(ToString::to_string),
    }
}

/// The id in an address; anything else is not there.
pub fn roster_id(text: &str) -> Result<RosterId> {
    RosterId::parse(text).map_err(|_| Error::missing("roster", text))
}

/// The compared lists of the person's divisions.
#[utoipa::path(get, path = "/api/v1/rosters", tag = "roster", responses((status = 200, body = RostersBody), (status = 403, body = Problem)))]
pub async fn list(State(app): State<Arc<App>>, actor: Actor) -> Result<Json<RostersBody>> {
    let found = actions::list(&app, &actor).await?;
    Ok(Json(RostersBody { meta: Meta { total: found.len() as u64 }, rosters: found.iter().map(body).collect() }))
}

/// Compares a list of organizations with the directory.
#[utoipa::path(post, path = "/api/v1/rosters", tag = "roster", request_body = RosterInput, responses((status = 201, body = RosterMadeBody), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn compare(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    IdempotencyKey(key): IdempotencyKey,
    Json(input): Json<RosterInput>,
) -> Result<(StatusCode, Json<RosterMadeBody>)> {
    let RosterInput { department, division, kinds, list } = input;
    let grids = app.importing.read(&actor.reference(), move || grid::text("", &list).map(|grid| vec![grid])).await?;
    let id = actions::compare(&app, &actor, New { department, division, kinds, grids }, visit.locale, key.as_ref()).await?;
    Ok((StatusCode::CREATED, Json(RosterMadeBody { id: id.to_string() })))
}

/// A compared list with a part of its rows.
#[utoipa::path(get, path = "/api/v1/rosters/{id}", tag = "roster", params(("id" = String, Path), Which), responses((status = 200, body = RosterAnswer), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn read(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Query(which): Query<Which>,
) -> Result<Json<RosterAnswer>> {
    let view = actions::view(&app, &actor, &roster_id(&id)?, which.part, which.page.unwrap_or(1)).await?;
    Ok(Json(RosterAnswer {
        roster: body(&view.roster),
        counts: view.counts.iter().map(|(state, count)| (state.name().to_owned(), *count)).collect(),
        part: view.part,
        rows: view.rows.iter().map(row).collect(),
        meta: Meta { total: view.total as u64 },
    }))
}

/// Settles a row: it is the entry, it is another (then the next it may be is offered, as long as there is one), it goes into an import,
/// whether the entry exists is asked anew, or nothing is to be done.
#[utoipa::path(post, path = "/api/v1/rosters/{id}/rows/{number}", tag = "roster", params(("id" = String, Path), ("number" = u32, Path)), request_body = RosterSettleInput, responses((status = 200, body = RosterSettledBody), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn settle(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((id, number)): Path<(String, u32)>,
    Json(input): Json<RosterSettleInput>,
) -> Result<Json<RosterSettledBody>> {
    let said = Said { settle: input.settle, organization: input.organization };
    let list = actions::settle(&app, &actor, &roster_id(&id)?, number, &said).await?;
    Ok(Json(RosterSettledBody { list: list.as_ref().map(ToString::to_string), rows: 1 }))
}

/// Says the same of all rows that wait for it: those only theirs go into one import, those only ours are asked anew.
#[utoipa::path(post, path = "/api/v1/rosters/{id}", tag = "roster", params(("id" = String, Path)), request_body = RosterAllInput, responses((status = 200, body = RosterSettledBody), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn settle_all(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Json(input): Json<RosterAllInput>,
) -> Result<Json<RosterSettledBody>> {
    let (list, rows) = actions::settle_all(&app, &actor, &roster_id(&id)?, input.settle).await?;
    Ok(Json(RosterSettledBody { list: list.as_ref().map(ToString::to_string), rows }))
}
