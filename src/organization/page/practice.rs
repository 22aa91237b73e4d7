//! The forms of licensed people and of purchased projects.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use lianjie_index::DivisionCode;
use rust_i18n::t;
use serde::Deserialize;

use super::super::actions;
use super::super::api::id_of;
use super::super::model::Organization;
use super::super::practice::{PROFESSIONS, WrittenPractitioner, WrittenProgram};
use super::{editable, languages};
use crate::access::Actor;
use crate::app::App;
use crate::error::{Error, Result};
use crate::id::{PractitionerId, ProgramId};
use crate::web::{Choice, Form, FormState, Html, Page, Visit, redirect};

/// A group of terms.
struct Group {
    label: String,
    terms: Vec<Choice>,
    ticked: usize,
}

#[derive(Template)]
#[template(path = "organization/html/practitioner.html")]
struct PractitionerPage {
    page: Page,
    form: FormState,
    action: String,
    organization: Organization,
    professions: Vec<Choice>,
    groups: Vec<Group>,
    languages: Vec<Choice>,
}

fn practitioner_page(
    app: &App,
    visit: &Visit,
    organization: Organization,
    form: FormState,
    id: Option<&PractitionerId>,
) -> PractitionerPage {
    let locale = visit.locale;
    let vocabulary = app.vocabulary.get();
    let heads = vocabulary.terms().filter(|term| !term.code.is_leaf());
    let group = |head: &lianjie_index::vocabulary::Term| {
        let leaves = vocabulary.leaves(&head.code).map(|leaf| (leaf.to_string(), vocabulary.name(leaf, locale.into())));
        let terms = form.options("terms", leaves);
        Group { label: vocabulary.name(&head.code, locale.into()), ticked: terms.iter().filter(|term| term.selected).count(), terms }
    };
    let word = |code: &str| (code.to_owned(), t!(format!("practice.profession.{code}"), locale = locale.tag()).into_owned());
    PractitionerPage {
        page: Page::titled(visit, if id.is_some() { "practice.edit_practitioner" } else { "practice.new_practitioner" }),
        action: id
            .map_or_else(|| format!("/organizations/{}/practitioners/new", organization.id), |id| format!("/practitioners/{id}/edit")),
        professions: form.options("profession", PROFESSIONS.map(word)),
        groups: heads.map(group).collect(),
        languages: languages(&form, locale),
        organization,
        form,
    }
}

/// A person's fields.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct PractitionerFields {
    name: String,
    profession: String,
    licence_kind: String,
    licence_until: String,
    terms: Vec<String>,
    languages: Vec<String>,
    listed: Option<String>,
}

impl From<PractitionerFields> for WrittenPractitioner {
    fn from(fields: PractitionerFields) -> Self {
        Self {
            languages: fields.languages.into_iter().filter(|language| !language.is_empty()).collect(),
            name: fields.name,
            profession: fields.profession,
            licence_kind: fields.licence_kind,
            licence_until: fields.licence_until,
            terms: fields.terms,
            listed: fields.listed.is_some(),
        }
    }
}

/// The form for a new person.
pub async fn new_practitioner(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let organization = editable(&app, &actor, &id).await?;
    let form = FormState::filled([("listed", "1")]);
    Ok(Html(practitioner_page(&app, &visit, organization, form, None)).into_response())
}

/// Adds a person, or gives the form back.
pub async fn add_practitioner(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    Form { value, typed, key }: Form<PractitionerFields>,
) -> Result<Response> {
    let owner = id_of(&id)?;
    match actions::put_practitioner(&app, &actor, &owner, None, &value.into(), key.as_ref()).await {
        Ok(_) => redirect(&format!("/organizations/{owner}"), Some("saved")),
        Err(error) => {
            let form = FormState::refused(typed, error, visit.locale)?;
            let organization = editable(&app, &actor, &id).await?;
            Ok(Html(practitioner_page(&app, &visit, organization, form, None)).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

fn practitioner_id(text: &str) -> Result<PractitionerId> {
    PractitionerId::parse(text).map_err(|_| Error::missing("practitioner", text))
}

/// The form of a person.
pub async fn edit_practitioner(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let id = practitioner_id(&id)?;
    let (organization, person) = actions::practitioner(&app, &actor, &id).await?;
    let written = WrittenPractitioner::of(&person);
    let mut typed: Vec<(&str, String)> = written.terms.into_iter().map(|term| ("terms", term)).collect();
    typed.extend(written.languages.into_iter().map(|language| ("languages", language)));
    typed.extend([
        ("name", written.name),
        ("profession", written.profession),
        ("licence_kind", written.licence_kind),
        ("licence_until", written.licence_until),
        ("listed", if written.listed { "1" } else { "" }.to_owned()),
    ]);
    Ok(Html(practitioner_page(&app, &visit, organization, FormState::filled(typed), Some(&id))).into_response())
}

/// Saves a person, or gives the form back.
pub async fn save_practitioner(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    Form { value, typed, .. }: Form<PractitionerFields>,
) -> Result<Response> {
    let id = practitioner_id(&id)?;
    let (organization, _) = actions::practitioner(&app, &actor, &id).await?;
    match actions::put_practitioner(&app, &actor, &organization.id, Some(&id), &value.into(), None).await {
        Ok(_) => redirect(&format!("/organizations/{}", organization.id), Some("saved")),
        Err(error) => {
            let form = FormState::refused(typed, error, visit.locale)?;
            Ok(Html(practitioner_page(&app, &visit, organization, form, Some(&id))).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

#[derive(Template)]
#[template(path = "organization/html/program.html")]
struct ProgramPage {
    page: Page,
    form: FormState,
    action: String,
    organization: Organization,
    /// Who may buy it: the counties and cities, that of the organization first chosen.
    divisions: Vec<Choice>,
}

fn program_page(app: &App, visit: &Visit, organization: Organization, form: FormState, id: Option<&ProgramId>) -> ProgramPage {
    let divisions = app.divisions.get();
    let rows = ["county", "prefecture", "province"].into_iter().flat_map(|level| divisions.of_level(level));
    let typed = form.value("division").parse::<DivisionCode>().ok();
    let chosen = typed.as_ref().unwrap_or(&organization.division).county();
    let divisions = rows.map(|row| Choice {
        selected: row.code == chosen,
        value: row.code.to_string(),
        label: divisions.full_name(&row.code),
        ..Choice::default()
    });
    ProgramPage {
        divisions: divisions.collect(),
        page: Page::titled(visit, if id.is_some() { "practice.edit_program" } else { "practice.new_program" }),
        action: id.map_or_else(|| format!("/organizations/{}/programs/new", organization.id), |id| format!("/programs/{id}/edit")),
        organization,
        form,
    }
}

/// A project's fields.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ProgramFields {
    name: String,
    funder: String,
    division: String,
    from: String,
    to: String,
    budget_yuan: String,
    target_children: String,
    target_sessions: String,
}

impl From<ProgramFields> for WrittenProgram {
    fn from(fields: ProgramFields) -> Self {
        Self {
            name: fields.name,
            funder: fields.funder,
            division: fields.division,
            from: fields.from,
            to: fields.to,
            budget_yuan: fields.budget_yuan,
            target_children: fields.target_children,
            target_sessions: fields.target_sessions,
        }
    }
}

/// The form for a new project.
pub async fn new_program(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let organization = editable(&app, &actor, &id).await?;
    Ok(Html(program_page(&app, &visit, organization, FormState::new(), None)).into_response())
}

/// Adds a project, or gives the form back.
pub async fn add_program(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    Form { value, typed, key }: Form<ProgramFields>,
) -> Result<Response> {
    let owner = id_of(&id)?;
    match actions::put_program(&app, &actor, &owner, None, &value.into(), key.as_ref()).await {
        Ok(_) => redirect(&format!("/organizations/{owner}"), Some("saved")),
        Err(error) => {
            let form = FormState::refused(typed, error, visit.locale)?;
            let organization = editable(&app, &actor, &id).await?;
            Ok(Html(program_page(&app, &visit, organization, form, None)).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

fn program_id(text: &str) -> Result<ProgramId> {
    ProgramId::parse(text).map_err(|_| Error::missing("program", text))
}

/// The form of a project.
pub async fn edit_program(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let id = program_id(&id)?;
    let (organization, program) = actions::program(&app, &actor, &id).await?;
    let written = WrittenProgram::of(&program);
    let typed = [
        ("name", written.name),
        ("funder", written.funder),
        ("division", written.division),
        ("from", written.from),
        ("to", written.to),
        ("budget_yuan", written.budget_yuan),
        ("target_children", written.target_children),
        ("target_sessions", written.target_sessions),
    ];
    Ok(Html(program_page(&app, &visit, organization, FormState::filled(typed), Some(&id))).into_response())
}

/// Saves a project, or gives the form back.
pub async fn save_program(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    Form { value, typed, .. }: Form<ProgramFields>,
) -> Result<Response> {
    let id = program_id(&id)?;
    let (organization, _) = actions::program(&app, &actor, &id).await?;
    match actions::put_program(&app, &actor, &organization.id, Some(&id), &value.into(), None).await {
        Ok(_) => redirect(&format!("/organizations/{}", organization.id), Some("saved")),
        Err(error) => {
            let form = FormState::refused(typed, error, visit.locale)?;
            Ok(Html(program_page(&app, &visit, organization, form, Some(&id))).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}
