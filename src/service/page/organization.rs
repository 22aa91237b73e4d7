//! An organization's page with its services, its steps and what is said about it; and 我的服务.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use rust_i18n::t;
use serde::Deserialize;

use super::super::model::Service;
use super::super::{actions, store};
use super::{Line, Said, line, said_of};
use crate::access::{Action, Actor, Subject, decide};
use crate::app::App;
use crate::error::{Error, Result};
use crate::locale::Locale;
use crate::organization::api::id_of;
use crate::organization::model::{Location, Organization, Practitioner, Program, Status, Step};
use crate::organization::suggestion::About;
use crate::organization::{self, Flags};
use crate::web::{Form, FormState, Html, Page, Visit, redirect};

/// A step that may be taken.
struct Stepping {
    name: &'static str,
    label: String,
    needs_reason: bool,
    danger: bool,
}

/// A licensed person.
struct Person {
    id: String,
    name: String,
    profession: String,
    licence: String,
    until: String,
    lapsed: bool,
    listed: bool,
}

/// A purchased project.
struct Project {
    id: String,
    name: String,
    funder: String,
    term: String,
    over: bool,
}

#[derive(Template)]
#[template(path = "service/html/organization.html")]
#[expect(clippy::struct_excessive_bools, reason = "each is a condition of the template")]
struct OrganizationPage {
    page: Page,
    form: FormState,
    organization: Organization,
    kind: String,
    division: String,
    address: Option<String>,
    phones: Vec<String>,
    /// Numbers that are likely somebody's own, for those who edit it.
    private: String,
    state: String,
    tone: &'static str,
    verified_until: String,
    /// What a registration waits for, for those inside.
    waits: String,
    expired: bool,
    inside: bool,
    edits: bool,
    marks: bool,
    services: Vec<Line>,
    /// Each with whether its address is kept back.
    locations: Vec<(bool, Location)>,
    people: Vec<Person>,
    programs: Vec<Project>,
    steps: Vec<Stepping>,
    said: Vec<Said>,
    /// What those outside may say is wrong: value and label.
    wrong: Vec<(&'static str, String)>,
}

fn facts(locale: Locale) -> Vec<(&'static str, String)> {
    let label = |fact: &'static str| (fact, t!(format!("organization.wrong_fact.{fact}"), locale = locale.tag()).into_owned());
    actions::OF_ORGANIZATION.map(label).into()
}

fn tone(status: Status) -> &'static str {
    match status {
        Status::Draft | Status::Closed => "",
        Status::Pending => "warn",
        Status::Verified => "ok",
        Status::Suspended => "bad",
    }
}

fn state(status: Status, locale: Locale) -> String {
    t!(format!("organization.state.{}", status.name()), locale = locale.tag()).into_owned()
}

async fn organization_page(app: &App, visit: &Visit, organization: Organization, form: FormState) -> Result<OrganizationPage> {
    let (actor, locale) = (&visit.actor, visit.locale);
    let inside = organization::is_inside(actor, &organization);
    let edits = decide(actor, Action::EditDirectory, &organization.facts()).is_allowed();
    let services = store::of(&mut *app.store.read().await?, &organization.id).await?;
    let seen = |service: &&Service| inside || is_shown(service, actor, &organization);
    let services = services.iter().filter(seen).map(|service| line(app, locale, service)).collect();
    let said = said(app, actor, &organization, locale).await?;
    let suggests = actor.is_signed_in() && !inside && decide(actor, Action::SuggestChange, &organization.facts()).is_allowed();
    let steps = organization::steps(actor, &organization).into_iter().map(|step| stepping(step, organization.status, locale)).collect();
    let (_, found) = organization::locations(app, actor, &organization.id).await?;
    let locations = found.into_iter().map(|one| (organization::hides(actor, &organization, &one), one)).collect();
    let people = organization::practitioners(app, actor, &organization.id).await?;
    let programs = organization::programs(app, actor, &organization.id).await?;
    let until = organization.verified_until.filter(|_| organization.status == Status::Verified);
    Ok(OrganizationPage {
        page: Page::new(visit, organization.name.clone()),
        form,
        kind: app.categories.get().kind(&organization.kind, locale),
        division: app.divisions.get().full_name(&organization.division),
        address: organization::shows_address(actor, &organization).then(|| organization.address.clone()),
        phones: organization::phones_for(actor, &organization),
        private: if edits { organization.private_phones().join("、") } else { String::new() },
        state: state(organization.status, locale),
        tone: tone(organization.status),
        verified_until: until.map(|day| day.to_string()).unwrap_or_default(),
        waits: if inside { waits(app, &organization, locale).await? } else { String::new() },
        expired: organization.is_expired(app.today()),
        inside,
        edits,
        marks: organization::is_registrars(actor, &organization),
        services,
        locations,
        people: people.into_iter().map(|one| person(app, locale, one)).collect(),
        programs: programs.into_iter().map(|one| project(app, one)).collect(),
        steps,
        said,
        wrong: if suggests { facts(locale) } else { Vec::new() },
        organization,
    })
}

/// What a registration that is not verified waits for, of whom, and when it was last changed.
async fn waits(app: &App, organization: &Organization, locale: Locale) -> Result<String> {
    match organization.status {
        Status::Draft => Ok(t!("organization.waits_draft", locale = locale.tag()).into_owned()),
        Status::Pending => {
            let changed = organization::store::changed_at(&mut *app.store.read().await?, &organization.id).await?;
            let place = app.divisions.get().full_name(&organization.division.county());
            let since = super::queue::since(app, locale, changed);
            Ok(t!("organization.waits_pending", locale = locale.tag(), place = place, since = since).into_owned())
        }
        _ => Ok(String::new()),
    }
}

fn person(app: &App, locale: Locale, one: Practitioner) -> Person {
    Person {
        id: one.id.to_string(),
        profession: t!(format!("practice.profession.{}", one.profession), locale = locale.tag()).into_owned(),
        lapsed: one.licence_until.is_some_and(|until| until < app.today()),
        until: one.licence_until.map(|day| day.to_string()).unwrap_or_default(),
        licence: one.licence_kind.unwrap_or_default(),
        name: one.name,
        listed: one.listed,
    }
}

fn project(app: &App, one: Program) -> Project {
    Project {
        id: one.id.to_string(),
        name: one.name,
        funder: one.funder,
        term: format!("{} – {}", one.from, one.to),
        over: one.to < app.today(),
    }
}

/// Whether a service is shown beside its organization to those outside.
fn is_shown(service: &Service, actor: &Actor, organization: &Organization) -> bool {
    use lianjie_index::entry::Level;
    let works = crate::access::directory_level(actor) == "workers";
    let level = match service.confidentiality {
        Level::Public => true,
        Level::Workers => works,
        Level::Restricted => organization::reads_restricted(actor, organization),
    };
    level && (works || service.checked.is_some()) && service.status != super::super::model::Status::Defunct
}

fn stepping(step: Step, status: Status, locale: Locale) -> Stepping {
    let renewing = step == Step::Verify && status == Status::Verified;
    let key = if renewing { "organization.renew".to_owned() } else { format!("organization.action.{}", step.name()) };
    Stepping {
        name: step.name(),
        label: t!(key, locale = locale.tag()).into_owned(),
        needs_reason: step.needs_reason(),
        danger: matches!(step, Step::Suspend | Step::Close),
    }
}

/// What is said about an organization and its services.
async fn said(app: &App, actor: &Actor, organization: &Organization, locale: Locale) -> Result<Vec<Said>> {
    let found = actions::suggestions(app, actor, organization).await?;
    let one = |about: About| {
        let settles = actions::may_settle(actor, organization, &about);
        said_of(app, about, settles, locale)
    };
    Ok(found.into_iter().map(one).collect())
}

/// The page of an organization.
pub async fn show(State(app): State<Arc<App>>, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let organization = organization::view(&app, &visit.actor, &id_of(&id)?).await?;
    Ok(Html(organization_page(&app, &visit, organization, FormState::new()).await?).into_response())
}

/// The step's form.
#[derive(Debug, Deserialize)]
pub struct StepForm {
    step: Step,
    #[serde(default)]
    reason: String,
    version: i64,
    #[serde(default)]
    back: String,
}

/// Takes a step, or gives the page back with what is missing.
pub async fn step(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    Form { value, typed, .. }: Form<StepForm>,
) -> Result<Response> {
    let id = id_of(&id)?;
    match actions::step_organization(&app, &actor, &id, value.step, &value.reason, value.version).await {
        Ok(_) => {
            let page = format!("/organizations/{id}");
            let back = if value.back.is_empty() || value.step == Step::Close { page.as_str() } else { &value.back };
            redirect(back, Some("organization_stepped"))
        }
        Err(error) => refused(&app, &visit, &id, typed, error).await,
    }
}

async fn refused(app: &App, visit: &Visit, id: &crate::id::OrganizationId, typed: Vec<(String, String)>, error: Error) -> Result<Response> {
    let form = FormState::refused(typed, error, visit.locale)?;
    let organization = organization::view(app, &visit.actor, id).await?;
    Ok(Html(organization_page(app, visit, organization, form).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
}

/// Saves the edit of an organization, or gives its form back.
pub async fn save(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    Form { value, typed, .. }: Form<organization::Fields>,
) -> Result<Response> {
    let id = id_of(&id)?;
    let organization = organization::view(&app, &actor, &id).await?;
    let written = value.written_over(&organization);
    match actions::edit_organization(&app, &actor, &id, &written, value.is_distinct(), value.version()).await {
        Ok(_) => redirect(&format!("/organizations/{id}"), Some("saved")),
        Err(error) => {
            let organization = organization::view(&app, &actor, &id).await?;
            organization::refused_edit(&app, &visit, typed, error, &organization)
        }
    }
}

/// The registrar's marks.
#[derive(Debug, Deserialize)]
pub struct MarkForm {
    listed: Option<String>,
    do_not_refer: Option<String>,
    #[serde(default)]
    reason: String,
    version: i64,
}

/// Marks an organization.
pub async fn mark(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    Form { value, typed, .. }: Form<MarkForm>,
) -> Result<Response> {
    let id = id_of(&id)?;
    let flags = Flags { listed: value.listed.is_some(), do_not_refer: value.do_not_refer.is_some() };
    match organization::mark(&app, &actor, &id, flags, &value.reason, value.version).await {
        Ok(_) => redirect(&format!("/organizations/{id}"), Some("saved")),
        Err(error) => refused(&app, &visit, &id, typed, error).await,
    }
}

/// An organization in 我的服务.
struct Mine {
    id: String,
    name: String,
    state: String,
    tone: &'static str,
    services: Vec<Line>,
    said: Vec<Said>,
}

#[derive(Template)]
#[template(path = "service/html/mine.html")]
struct MinePage {
    page: Page,
    organizations: Vec<Mine>,
}

/// 我的服务: one's own organizations and those one entered, with their services.
pub async fn mine(State(app): State<Arc<App>>, actor: Actor, visit: Visit) -> Result<Response> {
    let mut organizations = Vec::new();
    for organization in organization::mine(&app, &actor).await? {
        let services = store::of(&mut *app.store.read().await?, &organization.id).await?;
        organizations.push(Mine {
            said: said(&app, &actor, &organization, visit.locale).await?,
            id: organization.id.to_string(),
            name: organization.name,
            state: state(organization.status, visit.locale),
            tone: tone(organization.status),
            services: services.iter().map(|service| line(&app, visit.locale, service)).collect(),
        });
    }
    Ok(Html(MinePage { page: Page::titled(&visit, "nav.mine"), organizations }).into_response())
}
