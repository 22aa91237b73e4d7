//! Values that somebody writes into the boxes of hours, fees, areas and locations: each becomes a suggestion that is taken by one tap.

use serde_json::Value;

use super::value::{into_location, into_service};
use crate::access::{Action, Actor, decide};
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Fault, Result};
use crate::id::{LocationId, ServiceId};
use crate::organization;
use crate::organization::model::{Location, Organization};
use crate::organization::store as organizations;
use crate::organization::suggestion::{self, Suggestion};
use crate::service::actions::load;
use crate::service::actions::write::new_faults;
use crate::service::content::Content;
use crate::service::model::Service;
use crate::service::store;
use crate::store::{Answered, Connection, Key, Tx, answered, json, remember};

/// The fields of a location that may be said to be otherwise.
const OF_LOCATION: [&str; 8] = ["name", "location_type", "address", "division", "village", "point", "accessibility", "transportation"];
/// The fields of a service that take a value; others are said in words.
const OF_SERVICE: [&str; 3] = ["schedule", "fees", "areas"];
/// Most characters of a value.
const LONGEST: usize = 4000;

/// What somebody says should stand in a service and at its locations.
#[derive(Debug, Default)]
pub struct Proposal {
    /// `schedule`, `fees` or `areas` of the service, each with its value as it is stored.
    pub values: Vec<(String, Value)>,
    /// Fields of its locations, each with its text.
    pub locations: Vec<(LocationId, Vec<(String, String)>)>,
}

/// A service that the actor may say something about.
pub async fn suggestible(app: &App, actor: &Actor, id: &ServiceId) -> Result<(Service, Organization)> {
    let (service, organization) = load(&mut *app.store.read().await?, actor, id).await?;
    decide(actor, Action::SuggestChange, &organization).allowed()?;
    Ok((service, organization))
}

/// Keeps what somebody says should stand in a service and at its locations; gives how much of it is other than what stands there.
///
/// # Errors
/// [`Error::Invalid`] where a value breaks a rule of the entry: then nothing is kept.
pub async fn propose(app: &App, actor: &Actor, id: &ServiceId, proposal: &Proposal, key: Option<&Key>) -> Result<usize> {
    let at = app.now();
    let mut tx = app.begin().await?;
    if let Some(key) = key
        && answered(&mut tx, key, &actor.reference()).await?.is_some()
    {
        return Ok(proposal.values.len() + proposal.locations.len());
    }
    let (service, organization) = load(&mut tx, actor, id).await?;
    decide(actor, Action::SuggestChange, &organization).allowed()?;
    let mut said = 0;
    for (field, value) in &proposal.values {
        said += usize::from(of_service(&mut tx, app, actor, (&service, &organization), field, value).await?);
    }
    for (location, fields) in &proposal.locations {
        let location = seen(&mut tx, actor, &organization, location).await?;
        for (field, text) in fields {
            said += usize::from(of_location(&mut tx, app, actor, (&location, &organization), field, text).await?);
        }
    }
    if let Some(key) = key {
        let answer = Answered { status: 201, location: format!("/services/{id}") };
        remember(&mut tx, key, &actor.reference(), &answer, at).await?;
    }
    tx.commit(at).await?;
    Ok(said)
}

/// Keeps what somebody says should stand at a location they may see.
pub async fn propose_location(app: &App, actor: &Actor, id: &LocationId, field: &str, text: &str, key: Option<&Key>) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    if let Some(key) = key
        && answered(&mut tx, key, &actor.reference()).await?.is_some()
    {
        return Ok(());
    }
    let missing = || Error::missing("location", id);
    let found = organizations::location(&mut tx, id).await?.ok_or_else(missing)?;
    let organization = organization::load(&mut tx, actor, &found.organization).await.map_err(|_| missing())?;
    let location = seen(&mut tx, actor, &organization, id).await?;
    decide(actor, Action::SuggestChange, &organization).allowed()?;
    of_location(&mut tx, app, actor, (&location, &organization), field, text).await?;
    if let Some(key) = key {
        let answer = Answered { status: 201, location: format!("/locations/{id}") };
        remember(&mut tx, key, &actor.reference(), &answer, at).await?;
    }
    tx.commit(at).await
}

/// A location of an organization whose address is not kept back from the actor.
async fn seen(db: &mut Connection, actor: &Actor, organization: &Organization, id: &LocationId) -> Result<Location> {
    let found = organizations::location(db, id).await?.filter(|one| one.organization == organization.id);
    found.filter(|one| !organization::hides(actor, organization, one)).ok_or_else(|| Error::missing("location", id))
}

/// Keeps a value of a service, unless it stands there already; says whether it was kept.
async fn of_service(
    tx: &mut Tx,
    app: &App,
    actor: &Actor,
    (service, organization): (&Service, &Organization),
    field: &str,
    value: &Value,
) -> Result<bool> {
    if !OF_SERVICE.contains(&field) {
        return Err(Error::invalid("field", "unknown_fact"));
    }
    let text = short(field, json(value))?;
    let (sites, fees) = (store::sites(tx, &service.id).await?, store::fees(tx, &service.id).await?);
    let now = Content::of(service, &sites, &fees);
    let content = into_service(field, &text, (service, &sites, &fees)).ok_or_else(|| Error::invalid(field, "no_value"))?;
    let same = match field {
        "schedule" => content.schedule == now.schedule,
        "areas" => content.sites == now.sites,
        _ => sorted(&content) == sorted(&now),
    };
    if same {
        return Ok(false);
    }
    let wrong = new_faults(tx, app, organization, &now, &content).await?;
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    suggestion::insert(tx, &Suggestion::new(&service.id, field, text, &actor.id, app.now())).await?;
    audit::record(tx, actor, Event::new("service.suggested", "service", &service.id).fields([field]), app.now()).await?;
    Ok(true)
}

fn sorted(content: &Content) -> Vec<String> {
    let mut fees: Vec<String> = content.fees.iter().map(json).collect();
    fees.sort();
    fees
}

/// Keeps a text of a field of a location, unless it stands there already; says whether it was kept.
async fn of_location(
    tx: &mut Tx,
    app: &App,
    actor: &Actor,
    (location, organization): (&Location, &Organization),
    field: &str,
    text: &str,
) -> Result<bool> {
    if !OF_LOCATION.contains(&field) {
        return Err(Error::invalid("field", "unknown_fact"));
    }
    let text = short(field, text.trim().to_owned())?;
    let after = into_location(field, &text, location).ok_or_else(|| Error::invalid(field, "no_value"))?;
    if after == *location {
        return Ok(false);
    }
    organization::by_the_rules(tx, app, organization, after).await?;
    suggestion::insert(tx, &Suggestion::new(&location.id, field, text, &actor.id, app.now())).await?;
    audit::record(tx, actor, Event::new("location.suggested", "location", &location.id).fields([field]), app.now()).await?;
    Ok(true)
}

fn short(field: &str, text: String) -> Result<String> {
    if text.chars().count() > LONGEST {
        return Err(Error::Invalid(vec![Fault::new(field, "longer_than").with("most", LONGEST)]));
    }
    Ok(text)
}
