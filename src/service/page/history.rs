//! 修改记录: what an entry was before each change, with a button that puts the old value back.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use lianjie_index::Rule;
use lianjie_index::entry::Schedule;
use rust_i18n::t;
use serde::Deserialize;
use serde_json::Value;

use super::super::actions::{self, Belonging, Change, Difference};
use super::super::api::id_of;
use super::super::hours;
use super::words;
use crate::access::{Action, Actor, decide};
use crate::app::App;
use crate::error::{Error, Result};
use crate::id::{LocationId, PractitionerId, ProgramId};
use crate::locale::Locale;
use crate::organization::api::id_of as organization_id;
use crate::web::{Form, Html, Page, Visit, redirect};

/// One field before and after, in words.
pub(super) struct Line {
    field: &'static str,
    pub label: String,
    pub old: String,
    pub new: String,
    /// Whether a button puts the old value back.
    returns: bool,
}

impl Line {
    pub(super) fn of(app: &App, locale: Locale, one: Difference) -> Self {
        Self {
            field: one.field,
            label: t!(format!("version.field.{}", one.field), locale = locale.tag()).into_owned(),
            old: said(app, locale, one.field, &one.old),
            new: said(app, locale, one.field, &one.new),
            returns: one.returns,
        }
    }
}

/// One change.
struct Shown {
    version: i64,
    when: String,
    by: String,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "service/html/versions.html")]
struct VersionsPage {
    page: Page,
    /// Where the entry is, and its name.
    back: (String, String),
    path: String,
    version: i64,
    changes: Vec<Shown>,
}

/// The changes of an organization.
pub async fn organization_versions(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let (organization, changes) = actions::organization_history(&app, &actor, &organization_id(&id)?).await?;
    let path = format!("/organizations/{}", organization.id);
    let edits = decide(&actor, Action::EditDirectory, &organization).is_allowed();
    Ok(Html(versions_page(&app, &visit, (path, organization.name), organization.version, changes, edits)).into_response())
}

/// The changes of a service.
pub async fn service_versions(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let (service, organization, changes) = actions::service_history(&app, &actor, &id_of(&id)?).await?;
    let edits = decide(&actor, Action::EditDirectory, &organization).is_allowed();
    let path = format!("/services/{}", service.id);
    Ok(Html(versions_page(&app, &visit, (path, service.name), service.version, changes, edits)).into_response())
}

/// The changes of a location.
pub async fn location_versions(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let found = actions::location_history(&app, &actor, &location_id(&id)?).await?;
    Ok(Html(belonging_page(&app, &actor, &visit, &format!("/locations/{}", found.thing.id), &found.thing.name.clone(), found))
        .into_response())
}

/// The changes of a licensed person.
pub async fn practitioner_versions(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let found = actions::practitioner_history(&app, &actor, &practitioner_id(&id)?).await?;
    let path = format!("/practitioners/{}", found.thing.id);
    Ok(Html(belonging_page(&app, &actor, &visit, &path, &found.thing.name.clone(), found)).into_response())
}

/// The changes of a purchased project.
pub async fn program_versions(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let found = actions::program_history(&app, &actor, &program_id(&id)?).await?;
    let path = format!("/programs/{}", found.thing.id);
    Ok(Html(belonging_page(&app, &actor, &visit, &path, &found.thing.name.clone(), found)).into_response())
}

/// The page of a thing of an organization: it leads back to the organization, for such a thing has no page of its own.
fn belonging_page<T>(app: &App, actor: &Actor, visit: &Visit, path: &str, name: &str, found: Belonging<T>) -> VersionsPage {
    let edits = decide(actor, Action::EditDirectory, &found.organization).is_allowed();
    let back = (format!("/organizations/{}", found.organization.id), format!("{} · {name}", found.organization.name));
    VersionsPage { path: format!("{path}/versions"), ..versions_page(app, visit, back, found.version, found.changes, edits) }
}

fn location_id(text: &str) -> Result<LocationId> {
    LocationId::parse(text).map_err(|_| Error::missing("location", text))
}

fn program_id(text: &str) -> Result<ProgramId> {
    ProgramId::parse(text).map_err(|_| Error::missing("program", text))
}

fn practitioner_id(text: &str) -> Result<PractitionerId> {
    PractitionerId::parse(text).map_err(|_| Error::missing("practitioner", text))
}

fn versions_page(app: &App, visit: &Visit, back: (String, String), version: i64, changes: Vec<Change>, edits: bool) -> VersionsPage {
    let locale = visit.locale;
    let shown = changes.into_iter().map(|change| Shown {
        version: change.version,
        when: change.at.to_zoned_datetime(crate::clock::zone()).strftime("%Y-%m-%d %H:%M").to_string(),
        by: change.by.unwrap_or_default(),
        lines: change.fields.into_iter().map(|one| Line::of(app, locale, Difference { returns: one.returns && edits, ..one })).collect(),
    });
    VersionsPage {
        page: Page::titled(visit, "version.title"),
        path: format!("{}/versions", back.0),
        back,
        version,
        changes: shown.collect(),
    }
}

/// A stored value in words.
pub(crate) fn said(app: &App, locale: Locale, field: &str, value: &Value) -> String {
    let tag = locale.tag();
    let word = |root: &str, code: &str| t!(format!("{root}.{code}"), locale = tag).into_owned();
    // What was written before there was a list, and what another directory says, stands as it is.
    let known = |root: &str, code: &str| {
        let key = format!("{root}.{code}");
        Some(t!(key.as_str(), locale = tag).into_owned()).filter(|found| !found.ends_with(&key)).unwrap_or_else(|| code.to_owned())
    };
    let empty = || t!("version.empty", locale = tag).into_owned();
    let one = |text: &str| match field {
        "terms" => text.parse().map_or_else(|_| text.to_owned(), |code| app.vocabulary.get().name(&code, locale.into())),
        "division" => text.parse().map_or_else(|_| text.to_owned(), |code| app.divisions.get().full_name(&code)),
        "kind" => app.categories.get().kind(text, locale),
        "delivery" => word("search.delivery", text),
        "confidentiality" => word("organization.level", text),
        "status" => word("version.status", text),
        "location_type" => word("organization.location_type", text),
        "profession" => word("practice.profession", text),
        "accessibility" => known("search.accessibility", text),
        "languages" => known("search.language", text),
        _ => text.to_owned(),
    };
    let apart = locale.pick("；", "; ");
    match (field, value) {
        ("eligibility", value) if !value.is_null() => {
            Rule::read(value).map_or_else(|_| value.to_string(), |rule| rule_in_words(app, locale, &rule))
        }
        ("fees", Value::Array(list)) if !list.is_empty() => {
            list.iter().map(|one| words::fee(app, locale, one)).collect::<Vec<_>>().join(apart)
        }
        ("sites", Value::Array(list)) if !list.is_empty() => {
            list.iter().map(|one| words::site(locale, one)).collect::<Vec<_>>().join(apart)
        }
        ("areas", Value::Array(list)) if !list.is_empty() => {
            list.iter().map(|one| words::areas(app, locale, one)).collect::<Vec<_>>().join(apart)
        }
        ("locations", Value::Array(list)) => list.iter().filter_map(|one| one["name"].as_str()).collect::<Vec<_>>().join(apart),
        ("budget_fen", Value::Number(fen)) => words::yuan(locale, fen.as_i64().unwrap_or_default()),
        ("point", Value::Object(_)) => words::point(value),
        ("schedule", value) => serde_json::from_value(value.clone()).map_or_else(|_| value.to_string(), |schedule| week(locale, &schedule)),
        (_, Value::Null) => empty(),
        (_, Value::Bool(yes)) => word("version", if *yes { "yes" } else { "no" }),
        (_, Value::String(text)) if text.is_empty() => empty(),
        (_, Value::String(text)) => one(text),
        (_, Value::Array(list)) if list.is_empty() => empty(),
        (_, Value::Array(list)) => list.iter().filter_map(Value::as_str).map(one).collect::<Vec<_>>().join(locale.pick("、", ", ")),
        (_, other) => other.to_string(),
    }
}

/// What a rule requires; one that is more than a list of requirements is shown as it is written.
fn rule_in_words(app: &App, locale: Locale, rule: &Rule) -> String {
    let plain = match rule {
        Rule::All(parts) => parts.iter().all(|part| matches!(part, Rule::Atom(_))),
        Rule::Atom(_) => true,
        _ => false,
    };
    if !plain {
        return rule.to_string();
    }
    let divisions = app.divisions.get();
    let mut said = Vec::new();
    rule.each_atom(&mut |atom| said.push(atom.requirement(locale.into(), &*divisions.gazetteer)));
    if said.is_empty() { t!("service.who.all", locale = locale.tag()).into_owned() } else { said.join(locale.pick("；", "; ")) }
}

/// The openings of a week, days with the same together.
fn week(locale: Locale, schedule: &Schedule) -> String {
    let days = hours::together((1..=7u8).map(|day| (day, hours::write(day, &schedule.weekly))));
    let days: Vec<String> = days.into_iter().map(|(first, last, text)| format!("{} {text}", hours::days(first, last, locale))).collect();
    if days.is_empty() { t!("version.empty", locale = locale.tag()).into_owned() } else { days.join(locale.pick("，", ", ")) }
}

/// Puts a version of a location back.
pub async fn put_back_location(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Form { value, .. }: Form<PutBack>,
) -> Result<Response> {
    let id = location_id(&id)?;
    actions::put_back_location(&app, &actor, &id, value.put_back, value.field(), value.version).await?;
    redirect(&format!("/locations/{id}/versions"), Some("put_back"))
}

/// Puts a version of a licensed person back.
pub async fn put_back_practitioner(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Form { value, .. }: Form<PutBack>,
) -> Result<Response> {
    let id = practitioner_id(&id)?;
    actions::put_back_practitioner(&app, &actor, &id, value.put_back, value.field(), value.version).await?;
    redirect(&format!("/practitioners/{id}/versions"), Some("put_back"))
}

/// Puts a version of a purchased project back.
pub async fn put_back_program(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Form { value, .. }: Form<PutBack>,
) -> Result<Response> {
    let id = program_id(&id)?;
    actions::put_back_program(&app, &actor, &id, value.put_back, value.field(), value.version).await?;
    redirect(&format!("/programs/{id}/versions"), Some("put_back"))
}

/// What is put back.
#[derive(Debug, Deserialize)]
#[expect(clippy::struct_field_names, reason = "the name in the form")]
pub struct PutBack {
    put_back: i64,
    #[serde(default)]
    field: String,
    version: i64,
}

impl PutBack {
    fn field(&self) -> Option<&str> {
        (!self.field.is_empty()).then_some(self.field.as_str())
    }
}

/// Puts a version of an organization back.
pub async fn put_back_organization(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Form { value, .. }: Form<PutBack>,
) -> Result<Response> {
    let id = organization_id(&id)?;
    actions::put_back_organization(&app, &actor, &id, value.put_back, value.field(), value.version).await?;
    redirect(&format!("/organizations/{id}/versions"), Some("put_back"))
}

/// Puts a version of a service back.
pub async fn put_back_service(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Form { value, .. }: Form<PutBack>,
) -> Result<Response> {
    let id = id_of(&id)?;
    actions::put_back_service(&app, &actor, &id, value.put_back, value.field(), value.version).await?;
    redirect(&format!("/services/{id}/versions"), Some("put_back"))
}
