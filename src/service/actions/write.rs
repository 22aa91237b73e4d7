//! Writing services: new ones, and edits that a registrar has yet to check.
//!
//! Written is not confirmed: only what the organization writes itself, or somebody who spoke with it, counts as confirmed today.

use jiff::Timestamp;

use super::alike::likely;
use super::feedback::assure;
use super::history::keep;
use super::law::unlawful;
use super::{at_version, load};
use crate::access::{Action, Actor, Role, decide};
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Fault, Faults, Result};
use crate::id::{OrganizationId, ServiceAtLocationId, ServiceId};
use crate::organization;
use crate::organization::model::Organization;
use crate::organization::store::{self as organizations, province};
use crate::service::content::{Content, Site};
use crate::service::law::Offer;
use crate::service::model::{FeeRow, Service, ServiceAtLocation};
use crate::service::store;
use crate::store::{Answered, Connection, Key, Tx, answered, remember};

/// Adds a service to an organization; gives it back. A key that came before gives what it made.
///
/// `spoke_with` names whom of the organization a station spoke with, where it writes on its behalf; empty where it spoke with nobody.
/// `distinct` says that it is another one than those that look alike.
pub async fn add(
    app: &App,
    actor: &Actor,
    owner: &OrganizationId,
    content: &Content,
    spoke_with: &str,
    distinct: bool,
    key: Option<&Key>,
) -> Result<Service> {
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
    let mut service = Service::blank(ServiceId::new(at), owner);
    let mut faults = check(&mut tx, app, &organization, content).await?;
    if !distinct {
        faults.join(likely(&mut tx, app, actor, &organization, &service.id, content).await?.into());
    }
    faults.settle()?;
    content.put_into(&mut service);
    let method = method_of(actor, &organization, spoke_with)?;
    if let Some(method) = &method {
        assure(&mut tx, app, actor, (&mut service, &content.fees), &organization, method).await?;
    }
    let province = province(&organization.division);
    store::insert(&mut tx, &service, &province, at).await?;
    put_sites(&mut tx, &service.id, &content.sites, &province, at).await?;
    store::replace_fees(&mut tx, &service.id, &content.fees, at).await?;
    audit::record(&mut tx, actor, on_behalf(Event::new("service.added", "service", &service.id), method.as_deref()), at).await?;
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

/// Edits a service that nobody changed since `version`. What a registrar checks waits; matching keeps the checked rule. A new name
/// or need that makes it look like another is refused, unless it is `distinct`.
pub async fn edit(
    app: &App,
    actor: &Actor,
    id: &ServiceId,
    content: &Content,
    spoke_with: &str,
    distinct: bool,
    version: i64,
) -> Result<Service> {
    rewrite(app, actor, id, content, Some((spoke_with, distinct)), version).await
}

/// The same without anybody's word that it holds today or is another one, where an earlier text is put back.
pub(super) async fn rewrite(
    app: &App,
    actor: &Actor,
    id: &ServiceId,
    content: &Content,
    said: Option<(&str, bool)>,
    version: i64,
) -> Result<Service> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let (before, organization) = load(&mut tx, actor, id).await?;
    decide(actor, Action::EditDirectory, &organization).allowed()?;
    at_version(before.version, version)?;
    let mut faults = check(&mut tx, app, &organization, content).await?;
    let renamed = before.name != content.name || before.terms != content.terms;
    if renamed && said.is_some_and(|(_, distinct)| !distinct) {
        faults.join(likely(&mut tx, app, actor, &organization, id, content).await?.into());
    }
    faults.settle()?;
    keep(&mut tx, actor, &before, at).await?;
    let mut service = before;
    content.put_into(&mut service);
    let method = said.map(|(spoke_with, _)| method_of(actor, &organization, spoke_with)).transpose()?.flatten();
    if let Some(method) = &method {
        assure(&mut tx, app, actor, (&mut service, &content.fees), &organization, method).await?;
    }
    service.unchecked = service.checked.as_ref().is_some_and(|checked| *checked != service.to_checked());
    store::update(&mut tx, &mut service, at).await?;
    put_sites(&mut tx, id, &content.sites, &province(&organization.division), at).await?;
    store::replace_fees(&mut tx, id, &content.fees, at).await?;
    audit::record(&mut tx, actor, on_behalf(Event::new("service.edited", "service", id), method.as_deref()), at).await?;
    tx.commit(at).await?;
    Ok(service)
}

/// Whether a station's worker writes on behalf of an organization: then it is asked with whom it spoke.
#[must_use]
pub fn writes_on_behalf(actor: &Actor, organization: &Organization) -> bool {
    !organization::is_own(actor, organization) && !actor.is(Role::Registrar)
}

/// How whoever writes knows that it holds today: by itself, or from the telephone. A registrar's correction confirms nothing.
fn method_of(actor: &Actor, organization: &Organization, spoke_with: &str) -> Result<Option<String>> {
    if organization::is_own(actor, organization) {
        return Ok(Some("own".into()));
    }
    let spoke_with = spoke_with.trim();
    if spoke_with.is_empty() || !writes_on_behalf(actor, organization) {
        return Ok(None);
    }
    if spoke_with.chars().count() > LONGEST_NAME {
        return Err(Error::Invalid(vec![Fault::new("spoke_with", "longer_than").with("most", LONGEST_NAME)]));
    }
    Ok(Some(format!("{PHONE}{spoke_with}")))
}

/// How a call is written down, before the name of who spoke.
const PHONE: &str = "phone · ";
/// Most characters of the name of who spoke.
const LONGEST_NAME: usize = 40;

/// An event, with who spoke for the organization where somebody did.
fn on_behalf(event: Event, method: Option<&str>) -> Event {
    match method.and_then(|method| method.strip_prefix(PHONE)) {
        Some(spoke) => event.purpose(format!("on behalf of {spoke}")),
        None => event,
    }
}

async fn check(db: &mut Connection, app: &App, organization: &Organization, content: &Content) -> Result<Faults> {
    let mut faults = content.faults(&app.vocabulary.get(), &app.divisions.get());
    let offer = Offer { kind: &organization.kind, name: &content.name, description: &content.description, terms: &content.terms };
    for fault in unlawful(db, app, &offer).await? {
        faults.add(fault);
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
    Ok(faults)
}

/// What is wrong with a content that was not wrong before: what an entry lacked already is no reason to refuse a correction.
pub(super) async fn new_faults(
    db: &mut Connection,
    app: &App,
    organization: &Organization,
    before: &Content,
    after: &Content,
) -> Result<Vec<Fault>> {
    let mut faults = [Vec::new(), Vec::new()];
    for (found, content) in faults.iter_mut().zip([before, after]) {
        match check(db, app, organization, content).await?.settle() {
            Ok(()) => {}
            Err(Error::Invalid(wrong)) => *found = wrong,
            Err(other) => return Err(other),
        }
    }
    let [old, mut new] = faults;
    new.retain(|one| !old.iter().any(|known| (&known.field, known.reason) == (&one.field, one.reason)));
    Ok(new)
}

/// Puts sites in the place of those there were; one that is in use stays, and says so.
pub(super) async fn put_sites(tx: &mut Tx, service: &ServiceId, sites: &[Site], province: &str, at: Timestamp) -> Result<()> {
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
