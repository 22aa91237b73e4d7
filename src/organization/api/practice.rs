//! Licensed people and purchased projects as JSON.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::actions;
use super::super::model::{Practitioner, Program};
use super::super::practice::{WrittenPractitioner, WrittenProgram, yuan};
use super::id_of;
use crate::access::Actor;
use crate::api::{IdempotencyKey, Json, Problem};
use crate::app::App;
use crate::error::{Error, Result};
use crate::id::{PractitionerId, ProgramId};
use crate::web::Visit;

fn shown() -> bool {
    true
}

/// A licensed person.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PractitionerBody {
    /// Id; given by the server.
    #[serde(default, skip_deserializing)]
    id: String,
    /// Name at work.
    name: String,
    /// `psychologist`, `counsellor`, `psychiatrist`, `therapist`, `social_worker`, `lawyer`, `teacher`.
    profession: String,
    #[serde(default)]
    licence_kind: String,
    /// Last day it holds; empty where it has no end.
    #[serde(default)]
    licence_until: String,
    /// Taxonomy leaves.
    #[serde(default)]
    terms: Vec<String>,
    #[serde(default)]
    languages: Vec<String>,
    /// Whether the name is shown.
    #[serde(default = "shown")]
    listed: bool,
}

impl PractitionerBody {
    fn of(person: &Practitioner) -> Self {
        let written = WrittenPractitioner::of(person);
        Self {
            id: person.id.to_string(),
            name: written.name,
            profession: written.profession,
            licence_kind: written.licence_kind,
            licence_until: written.licence_until,
            terms: written.terms,
            languages: written.languages,
            listed: written.listed,
        }
    }

    fn written(self) -> WrittenPractitioner {
        WrittenPractitioner {
            name: self.name,
            profession: self.profession,
            licence_kind: self.licence_kind,
            licence_until: self.licence_until,
            terms: self.terms,
            languages: self.languages,
            listed: self.listed,
        }
    }
}

/// The people of an organization.
#[derive(Debug, Serialize, ToSchema)]
pub struct PractitionersAnswer {
    practitioners: Vec<PractitionerBody>,
}

/// One person.
#[derive(Debug, Serialize, ToSchema)]
pub struct PractitionerAnswer {
    practitioner: PractitionerBody,
}

/// A purchased project.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProgramBody {
    /// Id; given by the server.
    #[serde(default, skip_deserializing)]
    id: String,
    name: String,
    /// Who pays.
    funder: String,
    /// Code of the division that buys it, there it is seen, paid and counted; absent is where the organization sits.
    #[serde(default)]
    division: String,
    /// First day.
    from: String,
    /// Last day, included; its end closes its services' places.
    to: String,
    /// Budget in yuan, at most two decimals.
    #[serde(default)]
    budget_yuan: String,
    /// Children to be reached.
    #[serde(default)]
    target_children: Option<i64>,
    /// Sessions to be held.
    #[serde(default)]
    target_sessions: Option<i64>,
}

impl ProgramBody {
    fn of(program: &Program) -> Self {
        Self {
            id: program.id.to_string(),
            name: program.name.clone(),
            funder: program.funder.clone(),
            division: program.division.as_ref().map(ToString::to_string).unwrap_or_default(),
            from: program.from.to_string(),
            to: program.to.to_string(),
            budget_yuan: yuan(program.budget_fen),
            target_children: program.target_children,
            target_sessions: program.target_sessions,
        }
    }

    fn written(self) -> WrittenProgram {
        let number = |count: Option<i64>| count.map(|count| count.to_string()).unwrap_or_default();
        WrittenProgram {
            name: self.name,
            funder: self.funder,
            division: self.division,
            from: self.from,
            to: self.to,
            budget_yuan: self.budget_yuan,
            target_children: number(self.target_children),
            target_sessions: number(self.target_sessions),
        }
    }
}

/// The projects of an organization.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProgramsAnswer {
    programs: Vec<ProgramBody>,
}

/// One project.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProgramAnswer {
    program: ProgramBody,
}

/// The licensed people of an organization; those whose name is not shown only from inside.
#[utoipa::path(get, path = "/api/v1/organizations/{id}/practitioners", tag = "organization", params(("id" = String, Path)),
    responses((status = 200, body = PractitionersAnswer), (status = 404, body = Problem)))]
pub async fn practitioners(State(app): State<Arc<App>>, visit: Visit, Path(id): Path<String>) -> Result<Json<PractitionersAnswer>> {
    let found = actions::practitioners(&app, &visit.actor, &id_of(&id)?).await?;
    Ok(Json(PractitionersAnswer { practitioners: found.iter().map(PractitionerBody::of).collect() }))
}

/// Adds a licensed person. `Idempotency-Key` makes a repeated request answer with what it made.
#[utoipa::path(post, path = "/api/v1/organizations/{id}/practitioners", tag = "organization", params(("id" = String, Path)), request_body = PractitionerBody,
    responses((status = 201, body = PractitionerAnswer), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn add_practitioner(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    IdempotencyKey(key): IdempotencyKey,
    Json(sent): Json<PractitionerBody>,
) -> Result<Response> {
    let person = actions::put_practitioner(&app, &actor, &id_of(&id)?, None, &sent.written(), key.as_ref()).await?;
    Ok((StatusCode::CREATED, Json(PractitionerAnswer { practitioner: PractitionerBody::of(&person) })).into_response())
}

/// Writes a licensed person anew.
#[utoipa::path(put, path = "/api/v1/practitioners/{id}", tag = "organization", params(("id" = String, Path)), request_body = PractitionerBody,
    responses((status = 200, body = PractitionerAnswer), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn edit_practitioner(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Json(sent): Json<PractitionerBody>,
) -> Result<Json<PractitionerAnswer>> {
    let id = PractitionerId::parse(&id).map_err(|_| Error::missing("practitioner", &id))?;
    let (organization, _) = actions::practitioner(&app, &actor, &id).await?;
    let person = actions::put_practitioner(&app, &actor, &organization.id, Some(&id), &sent.written(), None).await?;
    Ok(Json(PractitionerAnswer { practitioner: PractitionerBody::of(&person) }))
}

/// The projects of an organization.
#[utoipa::path(get, path = "/api/v1/organizations/{id}/programs", tag = "organization", params(("id" = String, Path)),
    responses((status = 200, body = ProgramsAnswer), (status = 404, body = Problem)))]
pub async fn programs(State(app): State<Arc<App>>, visit: Visit, Path(id): Path<String>) -> Result<Json<ProgramsAnswer>> {
    let found = actions::programs(&app, &visit.actor, &id_of(&id)?).await?;
    Ok(Json(ProgramsAnswer { programs: found.iter().map(ProgramBody::of).collect() }))
}

/// Adds a project. `Idempotency-Key` makes a repeated request answer with what it made.
#[utoipa::path(post, path = "/api/v1/organizations/{id}/programs", tag = "organization", params(("id" = String, Path)), request_body = ProgramBody,
    responses((status = 201, body = ProgramAnswer), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn add_program(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    IdempotencyKey(key): IdempotencyKey,
    Json(sent): Json<ProgramBody>,
) -> Result<Response> {
    let program = actions::put_program(&app, &actor, &id_of(&id)?, None, &sent.written(), key.as_ref()).await?;
    Ok((StatusCode::CREATED, Json(ProgramAnswer { program: ProgramBody::of(&program) })).into_response())
}

/// Writes a project anew.
#[utoipa::path(put, path = "/api/v1/programs/{id}", tag = "organization", params(("id" = String, Path)), request_body = ProgramBody,
    responses((status = 200, body = ProgramAnswer), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn edit_program(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Json(sent): Json<ProgramBody>,
) -> Result<Json<ProgramAnswer>> {
    let id = ProgramId::parse(&id).map_err(|_| Error::missing("program", &id))?;
    let (organization, _) = actions::program(&app, &actor, &id).await?;
    let program = actions::put_program(&app, &actor, &organization.id, Some(&id), &sent.written(), None).await?;
    Ok(Json(ProgramAnswer { program: ProgramBody::of(&program) }))
}
