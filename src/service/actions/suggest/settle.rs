//! Taking or refusing what somebody suggests: what reads as a value of the field is put in by that one tap.

use jiff::Timestamp;

use super::may;
use super::value::{into_location, into_service};
use crate::access::Actor;
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Result};
use crate::id::{ChangeSuggestionId, LocationId, OrganizationId, ServiceId};
use crate::organization::model::{Location, Organization, Step};
use crate::organization::store as organizations;
use crate::organization::suggestion::{self, GONE, REGISTRARS, Suggestion};
use crate::organization::{self, Written};
use crate::service::actions::history::keep;
use crate::service::actions::law::{against_organization, lawful, unlawful};
use crate::service::actions::write::{new_faults, put_sites};
use crate::service::content::Content;
use crate::service::law::Offer;
use crate::service::model::Service;
use crate::service::store;
use crate::store::{Connection, DIRECTORY, Tx};

/// What a suggestion is about.
enum About {
    Organization(OrganizationId),
    Service(Box<Service>),
    Location(Box<Location>),
}

impl About {
    /// Finds what an id is of.
    async fn load(db: &mut Connection, subject: &str) -> Result<Option<Self>> {
        if let Ok(id) = ServiceId::parse(subject)
            && let Some(service) = store::find(db, &id).await?
        {
            return Ok(Some(Self::Service(Box::new(service))));
        }
        if let Ok(id) = LocationId::parse(subject)
            && let Some(location) = organizations::location(db, &id).await?
        {
            return Ok(Some(Self::Location(Box::new(location))));
        }
        Ok(OrganizationId::parse(subject).ok().map(Self::Organization))
    }

    /// Whose it is.
    fn owner(&self) -> OrganizationId {
        match self {
            Self::Organization(id) => id.clone(),
            Self::Service(service) => service.organization.clone(),
            Self::Location(location) => location.organization.clone(),
        }
    }
}

/// What became of a suggestion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// Whose entry it is about.
    pub organization: OrganizationId,
    /// Whether it was taken though it could not be put in: then somebody writes it by hand.
    pub by_hand: bool,
}

/// Takes or refuses a suggestion. What is taken is put in where there is a field for it and the text reads as its value; a new name,
/// kind or code of an organization is the registrar's to take.
pub async fn settle(app: &App, actor: &Actor, id: &ChangeSuggestionId, taken: bool) -> Result<Settled> {
    let at = app.now();
    let missing = || Error::missing("change_suggestion", id);
    let mut tx = app.begin().await?;
    let found = suggestion::find(&mut tx, id).await?.ok_or_else(missing)?;
    let about = About::load(&mut tx, &found.subject).await?.ok_or_else(missing)?;
    let owner = about.owner();
    let organization = organization::load(&mut tx, actor, &owner).await?;
    let registrars = matches!(about, About::Organization(_)) && REGISTRARS.contains(&found.field.as_str());
    may(actor, &organization, registrars, &found)?;
    let written = match about {
        _ if !taken => false,
        About::Location(location) => write_location(&mut tx, app, actor, (&organization, location.as_ref()), &found).await?,
        // What is wrong about a service may be wrong about who gives it.
        About::Service(_) | About::Organization(_) if matches!(found.field.as_str(), "phones" | "website") => {
            write_organization(&mut tx, app, actor, &organization, &found, at).await?
        }
        About::Service(service) => write_service(&mut tx, app, actor, (&organization, *service), &found, at).await?,
        About::Organization(id) if found.field == GONE => {
            let closed = organization::step(&mut tx, app, actor, &id, Step::Close, &found.suggested, organization.version).await;
            closed.map(|_| true)?
        }
        About::Organization(_) if found.field == "locations" => add_locations(&mut tx, app, actor, &organization, &found).await?,
        About::Organization(_) => write_organization(&mut tx, app, actor, &organization, &found, at).await?,
    };
    let by_hand = taken && !written;
    suggestion::settle(&mut tx, id, taken, &actor.id, at).await?;
    let how = if taken { ["taken", if by_hand { "by_hand" } else { "written" }] } else { ["refused", "unchanged"] };
    audit::record(&mut tx, actor, Event::new("suggestion.settled", "change_suggestion", id).fields(how), at).await?;
    tx.commit(at).await?;
    Ok(Settled { organization: owner, by_hand })
}

/// Puts a suggested value into an organization; false where there is no field for it, or the text is no value of it.
async fn write_organization(
    tx: &mut Tx,
    app: &App,
    actor: &Actor,
    before: &Organization,
    found: &Suggestion,
    at: Timestamp,
) -> Result<bool> {
    let mut written = Written::of(before);
    if !put(&mut written, &found.field, found.suggested.clone()) {
        return Ok(false);
    }
    let mut organization = before.clone();
    let read = written.read_into(&mut organization, &app.divisions.get(), &app.categories.get()).settle();
    if REGISTRARS.contains(&found.field.as_str()) {
        read?;
    } else if read.is_err() {
        return Ok(false);
    }
    lawful(against_organization(tx, app, &organization).await?)?;
    organizations::keep_version(tx, "organization", before.id.as_str(), before.version, before, &actor.reference(), at).await?;
    organizations::update(tx, &mut organization, at).await?;
    tx.changed(DIRECTORY, "organization", &before.id);
    let event = Event::new("organization.edited", "organization", &before.id).fields([found.field.as_str()]);
    audit::record(tx, actor, event, at).await?;
    Ok(true)
}

/// Puts a suggested text in where there is a field for it; says whether there is.
fn put(written: &mut Written, field: &str, value: String) -> bool {
    if value.trim().is_empty() {
        return false;
    }
    match field {
        "name" => written.name = value,
        "kind" => written.kind = value,
        "code_uscc" => written.code_uscc = value,
        "alternate_name" => written.alternate_name = value,
        "description" => written.description = value,
        "address" => written.address = value,
        "website" => written.website = value,
        // A source of several numbers says them as a list, a person with commas between them.
        "phones" => {
            let several = || value.split(['、', '，', ',', '；', ';', '\n']).map(str::to_owned).collect();
            written.phones = serde_json::from_str(&value).unwrap_or_else(|_| several());
        }
        _ => return false,
    }
    true
}

/// Puts a suggested value into a service; false where the text is no value of the field, or the entry would break a rule that it keeps
/// now. The registrar checks it like any edit.
async fn write_service(
    tx: &mut Tx,
    app: &App,
    actor: &Actor,
    (organization, before): (&Organization, Service),
    found: &Suggestion,
    at: Timestamp,
) -> Result<bool> {
    let (sites, fees) = (store::sites(tx, &before.id).await?, store::fees(tx, &before.id).await?);
    let Some(content) = into_service(&found.field, &found.suggested, (&before, &sites, &fees)) else { return Ok(false) };
    let offer = Offer { kind: &organization.kind, name: &content.name, description: &content.description, terms: &content.terms };
    lawful(unlawful(tx, app, &offer).await?)?;
    if !new_faults(tx, app, organization, &Content::of(&before, &sites, &fees), &content).await?.is_empty() {
        return Ok(false);
    }
    keep(tx, actor, &before, at).await?;
    let mut service = before;
    content.put_into(&mut service);
    service.unchecked = service.checked.as_ref().is_some_and(|checked| *checked != service.to_checked());
    store::update(tx, &mut service, at).await?;
    match found.field.as_str() {
        "sites" | "areas" => put_sites(tx, &service.id, &content.sites, &organizations::province(&organization.division), at).await?,
        "fees" => store::replace_fees(tx, &service.id, &content.fees, at).await?,
        _ => {}
    }
    let event = Event::new("service.edited", "service", &service.id).fields([found.field.as_str()]);
    audit::record(tx, actor, event, at).await?;
    Ok(true)
}

/// Puts a suggested value into a location; false where the text is no value of the field.
async fn write_location(
    tx: &mut Tx,
    app: &App,
    actor: &Actor,
    (organization, before): (&Organization, &Location),
    found: &Suggestion,
) -> Result<bool> {
    if organization::hides(actor, organization, before) {
        return Err(Error::missing("change_suggestion", &found.id));
    }
    let Some(after) = into_location(&found.field, &found.suggested, before) else { return Ok(false) };
    by_the_rules(organization::amend_location(tx, app, actor, (organization, Some(before)), after).await)
}

/// Adds the locations that a newer release of a source has and we have not.
async fn add_locations(tx: &mut Tx, app: &App, actor: &Actor, organization: &Organization, found: &Suggestion) -> Result<bool> {
    let Ok(locations) = serde_json::from_str::<Vec<Location>>(&found.suggested) else { return Ok(false) };
    let mut added = false;
    for location in locations.into_iter().filter(|one| one.organization == organization.id) {
        if organizations::location(tx, &location.id).await?.is_none() {
            added |= by_the_rules(organization::amend_location(tx, app, actor, (organization, None), location).await)?;
        }
    }
    Ok(added)
}

/// Whether it was written; what today's rules refuse is written by hand.
fn by_the_rules<T>(written: Result<T>) -> Result<bool> {
    match written {
        Ok(_) => Ok(true),
        Err(Error::Invalid(_)) => Ok(false),
        Err(other) => Err(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_numbers_are_told_apart_and_empty_words_change_nothing() {
        let mut written = Written::default();
        assert!(put(&mut written, "phones", "025-0000 0002、025-0000 0003".into()));
        assert_eq!(written.phones, ["025-0000 0002", "025-0000 0003"]);
        assert!(put(&mut written, "phones", r#"["110","120"]"#.into()));
        assert_eq!(written.phones, ["110", "120"]);
        assert!(!put(&mut written, "phones", " ".into()) && !put(&mut written, "existence", "没有了".into()));
        assert_eq!(written.phones, ["110", "120"]);
    }
}
