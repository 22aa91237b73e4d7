//! Leads as JSON.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use lianjie_index::DivisionCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::actions::chosen;
use super::actions::{self, Told};
use super::model::{Lead, Sources, State as Stands};
use crate::access::Actor;
use crate::api::{IdempotencyKey, Json, Meta, Problem, Query};
use crate::app::App;
use crate::clock;
use crate::error::{Error, Result};
use crate::id::LeadId;
use crate::secret::Hidden;

/// A lead in a list; its words are read one by one.
#[derive(Debug, Serialize, ToSchema)]
pub struct LeadBody {
    id: String,
    number: String,
    division: String,
    village: Option<String>,
    source: Sources,
    danger: bool,
    state: Stands,
    /// RFC 3339 UTC: when somebody must have looked.
    due_at: String,
    late: bool,
    visited_at: Option<String>,
    reason: Option<String>,
    case: Option<String>,
    filed_at: String,
}

/// Leads.
#[derive(Debug, Serialize, ToSchema)]
pub struct LeadsBody {
    leads: Vec<LeadBody>,
    meta: Meta,
}

/// A lead with its words; null for who may not read them.
#[derive(Debug, Serialize, ToSchema)]
pub struct LeadAnswer {
    lead: LeadBody,
    words: Option<String>,
    child: Option<String>,
    /// Who told. Kept secret: never passed on.
    teller: Option<String>,
    found: Option<String>,
}

/// What is told of a child.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeadInput {
    source: Sources,
    /// Township, 9 digits.
    #[schema(value_type = String)]
    division: DivisionCode,
    village: Option<String>,
    #[serde(default)]
    danger: bool,
    #[schema(value_type = String)]
    words: Hidden,
    #[serde(default)]
    #[schema(value_type = String)]
    child: Hidden,
    #[serde(default)]
    #[schema(value_type = String)]
    teller: Hidden,
}

/// What was found.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FoundInput {
    #[schema(value_type = String)]
    found: Hidden,
}

/// Why there is nothing in it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DismissInput {
    reason: String,
}

/// The lead that was filed.
#[derive(Debug, Serialize, ToSchema)]
pub struct FiledBody {
    id: String,
}

/// Which leads.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Which {
    /// `station`, `county`, `village`; absent is the first the person has.
    #[serde(default)]
    list: Option<String>,
    /// Those that are settled instead.
    #[serde(default)]
    settled: bool,
}

fn body(lead: &Lead, now: jiff::Timestamp) -> LeadBody {
    LeadBody {
        id: lead.id.to_string(),
        number: lead.number.clone(),
        division: lead.division.to_string(),
        village: lead.village.clone(),
        source: lead.source,
        danger: lead.danger,
        state: lead.state,
        due_at: clock::stored(lead.due_at),
        late: lead.is_late(now),
        visited_at: lead.visited_at.map(clock::stored),
        reason: lead.reason.clone(),
        case: lead.case.as_ref().map(ToString::to_string),
        filed_at: clock::stored(lead.at),
    }
}

/// The id in an address; anything else is not there.
pub fn lead_id(text: &str) -> Result<LeadId> {
    LeadId::parse(text).map_err(|_| Error::missing("lead", text))
}

/// Leads nobody has settled, by when somebody must look.
#[utoipa::path(get, path = "/api/v1/leads", tag = "case", params(Which), responses((status = 200, body = LeadsBody), (status = 403, body = Problem)))]
pub async fn list(State(app): State<Arc<App>>, actor: Actor, Query(which): Query<Which>) -> Result<Json<LeadsBody>> {
    let lists = actions::lead_lists(&actor);
    let chosen = chosen(&lists, which.list.as_deref().unwrap_or_default())?;
    let found = actions::waiting(&app, &actor, chosen, which.settled).await?;
    let now = app.now();
    Ok(Json(LeadsBody { meta: Meta { total: found.len() as u64 }, leads: found.iter().map(|lead| body(lead, now)).collect() }))
}

/// Files a lead.
#[utoipa::path(post, path = "/api/v1/leads", tag = "case", request_body = LeadInput, responses((status = 201, body = FiledBody), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn file(
    State(app): State<Arc<App>>,
    actor: Actor,
    IdempotencyKey(key): IdempotencyKey,
    Json(input): Json<LeadInput>,
) -> Result<(StatusCode, Json<FiledBody>)> {
    let told = Told {
        source: input.source,
        division: input.division,
        village: input.village,
        danger: input.danger,
        words: input.words,
        child: input.child,
        teller: input.teller,
    };
    let id = actions::file(&app, &actor, &told, key.as_ref()).await?;
    Ok((StatusCode::CREATED, Json(FiledBody { id: id.to_string() })))
}

/// A lead.
#[utoipa::path(get, path = "/api/v1/leads/{id}", tag = "case", params(("id" = String, Path)), responses((status = 200, body = LeadAnswer), (status = 404, body = Problem)))]
pub async fn read(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>) -> Result<Json<LeadAnswer>> {
    let view = actions::view(&app, &actor, &lead_id(&id)?).await?;
    let text = |name: &str| view.words.as_ref().map(|words| words.get(name).to_owned());
    Ok(Json(LeadAnswer {
        words: text("words"),
        child: text("child"),
        teller: text("teller"),
        found: text("found"),
        lead: body(&view.lead, app.now()),
    }))
}

/// Somebody was there.
#[utoipa::path(post, path = "/api/v1/leads/{id}/visit", tag = "case", params(("id" = String, Path)), request_body = FoundInput, responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn visit(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>, Json(input): Json<FoundInput>) -> Result<StatusCode> {
    actions::visit(&app, &actor, &lead_id(&id)?, &input.found).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// There is nothing in it.
#[utoipa::path(post, path = "/api/v1/leads/{id}/dismiss", tag = "case", params(("id" = String, Path)), request_body = DismissInput, responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn dismiss(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Json(input): Json<DismissInput>,
) -> Result<StatusCode> {
    actions::dismiss(&app, &actor, &lead_id(&id)?, &input.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
