//! Writing services: new ones, and edits that a registrar has yet to check.

use jiff::Timestamp;
use lianjie_index::TermCode;

use super::{at_version, load};
use crate::access::{Action, Actor, decide};
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Fault, Result};
use crate::id::{OrganizationId, ServiceAtLocationId, ServiceId};
use crate::organization;
use crate::organization::model::Organization;
use crate::organization::store::{self as organizations, province};
use crate::service::content::{Content, Site, is_licensed, may_offer};
use crate::service::model::{FeeRow, Service, ServiceAtLocation};
use crate::service::store;
use crate::store::{Answered, Connection, Key, Tx, answered, remember};
use crate::taxonomy;

/// Adds a service to an organization; gives it back. A key that came before gives what it made.
pub async fn add(app: &App, actor: &Actor, owner: &OrganizationId, content: &Content, key: Option<&Key>) -> Result<Service> {
    let at = app.now();
    let mut tx = app.begin().await?;
    if let Some(key) = key
        && let Some(before) = answered(&mut tx, key, &actor.reference()).await?
    {
        let made = before.location.rsplit('/').next().and_then(|id| ServiceId::parse(id).ok());
        let made = made.ok_or(Error::Conflict { why: "repeated" })?;
        return store::find(&mut tx, &made).await?.ok_or(Error::Conflict { why: "repeated" });
    }
    let organization = organization::load(&mut tx, actor, owner).await?;
    decide(actor, Action::EditDirectory, &organization).allowed()?;
    check(&mut tx, app, &organization, content).await?;
    let mut service = Service::blank(ServiceId::new(at), owner);
    content.put_into(&mut service);
    service.assured_at = Some(app.today());
    let province = province(&organization.division);
    store::insert(&mut tx, &service, &province, at).await?;
    put_sites(&mut tx, &service.id, &content.sites, &province, at).await?;
    store::replace_fees(&mut tx, &service.id, &content.fees, at).await?;
    audit::record(&mut tx, actor, Event::new("service.added", "service", &service.id), at).await?;
    if let Some(key) = key {
        let answer = Answered { status: 201, location: format!("/services/{}", service.id) };
        remember(&mut tx, key, &actor.reference(), &answer, at).await?;
    }
    tx.commit(at).await?;
    Ok(service)
}

/// A service with its organization, that is the actor's to edit.
pub async fn editable(app: &App, actor: &Actor, id: &ServiceId) -> Result<(Service, Organization)> {
    let (service, organization) = load(&mut *app.store.read().await?, actor, id).await?;
    decide(actor, Action::EditDirectory, &organization).allowed()?;
    Ok((service, organization))
}

/// Where a service is given, and its fees.
pub async fn parts(app: &App, id: &ServiceId) -> Result<(Vec<ServiceAtLocation>, Vec<FeeRow>)> {
    let mut db = app.store.read().await?;
    Ok((store::sites(&mut db, id).await?, store::fees(&mut db, id).await?))
}

/// Edits a service that nobody changed since `version`. What a registrar checks waits; matching keeps the checked rule.
pub async fn edit(app: &App, actor: &Actor, id: &ServiceId, content: &Content, version: i64) -> Result<Service> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let (before, organization) = load(&mut tx, actor, id).await?;
    decide(actor, Action::EditDirectory, &organization).allowed()?;
    at_version(before.version, version)?;
    check(&mut tx, app, &organization, content).await?;
    organizations::keep_version(&mut tx, "service", id.as_str(), before.version, &before, &actor.reference(), at).await?;
    let mut service = before;
    content.put_into(&mut service);
    service.assured_at = Some(app.today());
    service.unchecked = service.checked.as_ref().is_some_and(|checked| *checked != service.to_checked());
    store::update(&mut tx, &mut service, at).await?;
    put_sites(&mut tx, id, &content.sites, &province(&organization.division), at).await?;
    store::replace_fees(&mut tx, id, &content.fees, at).await?;
    audit::record(&mut tx, actor, Event::new("service.edited", "service", id), at).await?;
    tx.commit(at).await?;
    Ok(service)
}

async fn check(db: &mut Connection, app: &App, organization: &Organization, content: &Content) -> Result<()> {
    let vocabulary = app.vocabulary.get();
    let mut faults = content.faults(&vocabulary, &app.divisions.get());
    for term in content.terms.iter().filter(|term| is_licensed(term)) {
        let providers = taxonomy::store::providers(db, term).await?;
        if !may_offer(&organization.kind, &providers) {
            faults.add(licence_fault(term, &vocabulary.name(term, lianjie_index::Language::Zh), &providers));
        }
    }
    let own = organizations::locations(db, &organization.id).await?;
    let known = |site: &Site| site.location.as_ref().is_none_or(|id| own.iter().any(|location| location.id == *id));
    faults.require(content.sites.iter().all(known), "sites", "unknown_location");
    if let Some(id) = &content.program {
        let found = organizations::program(db, id).await?;
        faults.require(found.is_some_and(|program| program.organization == organization.id), "program", "unknown_program");
    }
    if let Some(id) = &content.practitioner {
        let found = organizations::practitioner(db, id).await?;
        faults.require(found.is_some_and(|person| person.organization == organization.id), "practitioner", "unknown_practitioner");
    }
    faults.settle()
}

fn licence_fault(term: &TermCode, name: &str, providers: &[String]) -> Fault {
    Fault::new("terms", "licence").with("term", format!("{name}（{term}）")).with("kinds", providers.join("、"))
}

/// Puts sites in the place of those there were; one that is in use stays, and says so.
async fn put_sites(tx: &mut Tx, service: &ServiceId, sites: &[Site], province: &str, at: Timestamp) -> Result<()> {
    let mut old = store::sites(tx, service).await?;
    for site in sites {
        let same = |known: &ServiceAtLocation| site.id.as_ref().map_or(known.location == site.location, |id| known.id == *id);
        let id = match old.iter().position(same) {
            Some(position) => old.swap_remove(position).id,
            None => ServiceAtLocationId::new(at),
        };
        let put = ServiceAtLocation { id, service: service.clone(), location: site.location.clone(), areas: site.areas.clone() };
        store::put_site(tx, &put, province, at).await?;
    }
    for gone in old {
        if !store::remove_site(tx, &gone.id).await? {
            return Err(Error::invalid("sites", "site_in_use"));
        }
    }
    Ok(())
}
