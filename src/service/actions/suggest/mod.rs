//! What somebody says is otherwise about an entry: kept, listed for whoever settles it, and put in where there is a field for it.

mod propose;
mod settle;
mod value;

use super::load;
use crate::access::{Action, Actor, Facts, Subject, decide};
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Fault, Result};
use crate::id::{OrganizationId, ServiceId};
use crate::organization;
use crate::organization::model::Organization;
use crate::organization::suggestion::{self, About, Suggestion};
use crate::store::{Answered, Key, answered, remember};

pub use propose::{Proposal, propose, propose_location, suggestible};
pub use settle::{Settled, settle};

/// The facts of a service that may be said to be wrong.
pub const OF_SERVICE: [&str; 12] = [
    "phones",
    "schedule",
    "address",
    "fees",
    "eligibility",
    "places",
    "existence",
    "description",
    "application",
    "wait_days",
    "website",
    "other",
];
/// The facts of an organization that may be said to be wrong.
pub const OF_ORGANIZATION: [&str; 6] = ["phones", "address", "website", "description", "existence", "other"];
/// Most characters of what somebody says.
const LONGEST: usize = 500;
/// How many are listed.
const MOST: i64 = 200;

/// Keeps what somebody says is wrong about a service; for the organization and the registrar to settle.
pub async fn suggest(app: &App, actor: &Actor, id: &ServiceId, field: &str, suggested: &str, key: Option<&Key>) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    if let Some(key) = key
        && answered(&mut tx, key, &actor.reference()).await?.is_some()
    {
        return Ok(());
    }
    let (service, organization) = load(&mut tx, actor, id).await?;
    decide(actor, Action::SuggestChange, &organization).allowed()?;
    well_said(&OF_SERVICE, field, suggested)?;
    let new = Suggestion::new(&service.id, field, suggested.trim().to_owned(), &actor.id, at);
    suggestion::insert(&mut tx, &new).await?;
    audit::record(&mut tx, actor, Event::new("service.suggested", "service", id).fields([field]), at).await?;
    if let Some(key) = key {
        let answer = Answered { status: 201, location: format!("/services/{id}") };
        remember(&mut tx, key, &actor.reference(), &answer, at).await?;
    }
    tx.commit(at).await
}

/// Keeps what somebody signed in says is wrong about an organization they may see.
pub async fn suggest_organization(
    app: &App,
    actor: &Actor,
    id: &OrganizationId,
    field: &str,
    suggested: &str,
    key: Option<&Key>,
) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    if let Some(key) = key
        && answered(&mut tx, key, &actor.reference()).await?.is_some()
    {
        return Ok(());
    }
    let organization = organization::load(&mut tx, actor, id).await?;
    decide(actor, Action::SuggestChange, &organization).allowed()?;
    well_said(&OF_ORGANIZATION, field, suggested)?;
    let new = Suggestion::new(id, field, suggested.trim().to_owned(), &actor.id, at);
    suggestion::insert(&mut tx, &new).await?;
    audit::record(&mut tx, actor, Event::new("organization.suggested", "organization", id).fields([field]), at).await?;
    if let Some(key) = key {
        let answer = Answered { status: 201, location: format!("/organizations/{id}") };
        remember(&mut tx, key, &actor.reference(), &answer, at).await?;
    }
    tx.commit(at).await
}

fn well_said(fields: &[&str], field: &str, suggested: &str) -> Result<()> {
    if !fields.contains(&field) {
        return Err(Error::invalid("field", "unknown_fact"));
    }
    if suggested.chars().count() > LONGEST {
        return Err(Error::Invalid(vec![Fault::new("suggested", "longer_than").with("most", LONGEST)]));
    }
    Ok(())
}

/// The open suggestions about an organization and its services, if the actor sees it from inside.
pub async fn suggestions(app: &App, actor: &Actor, organization: &Organization) -> Result<Vec<About>> {
    if !organization::is_inside(actor, organization) {
        return Ok(Vec::new());
    }
    suggestion::about_organization(&mut *app.store.read().await?, &organization.id, MOST).await
}

/// The open suggestions that wait for a registrar, oldest first.
pub async fn to_settle(app: &App, actor: &Actor) -> Result<Vec<About>> {
    let mut db = app.store.read().await?;
    let mut found: Vec<About> = Vec::new();
    for below in organization::registrar_scopes(actor) {
        let more = suggestion::below(&mut db, &below, MOST).await?;
        found.extend(more.into_iter().filter(|one| found.iter().all(|known| known.suggestion.id != one.suggestion.id)).collect::<Vec<_>>());
    }
    Ok(found)
}

/// Whether the actor may settle a suggestion about an organization or its service.
#[must_use]
pub fn may_settle(actor: &Actor, organization: &Organization, about: &About) -> bool {
    may(actor, organization, about.is_registrars(), &about.suggestion).is_ok()
}

fn may(actor: &Actor, organization: &Organization, registrars: bool, suggestion: &Suggestion) -> Result<()> {
    if registrars {
        let facts = Facts { author: Some(suggestion.by.clone()), ..organization.facts() };
        return decide(actor, Action::VerifyDirectory, &facts).allowed();
    }
    decide(actor, Action::EditDirectory, organization).allowed()
}
