//! Services that one is likely the same as, before it is saved: of the same organization, and of others at the same place.

use super::is_there;
use crate::access::Actor;
use crate::app::App;
use crate::error::{Error, Fault, Result};
use crate::id::{OrganizationId, ServiceId};
use crate::organization;
use crate::organization::model::{Location, Organization};
use crate::organization::store as organizations;
use crate::service::alike::{Alike, Placed, alike};
use crate::service::content::Content;
use crate::service::model::Service;
use crate::service::store;
use crate::store::Connection;

/// Most services that are named.
const MOST: usize = 3;

/// A service of the directory that another is likely the same as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Like {
    /// What speaks for it.
    pub why: Alike,
    /// It.
    pub id: ServiceId,
    /// Its name.
    pub name: String,
}

/// What an organization has: where it is, and its services, each with where it is given.
#[derive(Debug, Clone, Default)]
pub struct Had {
    /// Its locations.
    pub locations: Vec<Location>,
    /// Its services.
    pub services: Vec<(Service, Vec<Location>)>,
}

/// What an organization has.
pub async fn had(db: &mut Connection, organization: &OrganizationId) -> Result<Had> {
    let locations = organizations::locations(db, organization).await?;
    let mut services = Vec::new();
    for service in store::of(db, organization).await? {
        let given = at(db, &service.id, &locations).await?;
        services.push((service, given));
    }
    Ok(Had { locations, services })
}

/// The services of its own organization that one is likely the same as, the surest first.
#[must_use]
pub fn own_likes(app: &App, one: Placed<'_>, had: &Had) -> Vec<Like> {
    let divisions = app.divisions.get();
    let like = |(service, locations): &(Service, Vec<Location>)| {
        let why = alike(one, Placed { service, organization: one.organization, locations }, &divisions.regions)?;
        Some(Like { why, id: service.id.clone(), name: service.name.clone() })
    };
    let mut found: Vec<Like> = had.services.iter().filter_map(like).collect();
    found.sort_by_key(|like| like.why);
    found
}

/// The entries that a service is likely the same as, as faults of the box that says it is another one; the surest first. What the
/// actor may not see is not named.
pub(super) async fn likely(
    db: &mut Connection,
    app: &App,
    actor: &Actor,
    organization: &Organization,
    id: &ServiceId,
    content: &Content,
) -> Result<Vec<Fault>> {
    let mut service = Service::blank(id.clone(), &organization.id);
    content.put_into(&mut service);
    let had = had(db, &organization.id).await?;
    let given = |location: &&Location| content.sites.iter().any(|site| site.location.as_ref() == Some(&location.id));
    let locations: Vec<Location> = had.locations.iter().filter(given).cloned().collect();
    let one = Placed { service: &service, organization, locations: &locations };
    let fault = |like: Like| Fault::new("distinct", like.why.reason()).with("name", like.name);
    let mut faults: Vec<Fault> = own_likes(app, one, &had).into_iter().map(fault).collect();
    for other in beside(db, &organization.id, &locations).await? {
        let Some((service, theirs)) = seen(db, actor, &other).await? else { continue };
        let places = organizations::locations(db, &theirs.id).await?;
        let places = at(db, &service.id, &places).await?;
        let placed = Placed { service: &service, organization: &theirs, locations: &places };
        if let Some(why) = alike(one, placed, &app.divisions.get().regions) {
            faults.push(Fault::new("distinct", why.reason()).with("name", &service.name).with("organization", &theirs.name));
        }
    }
    faults.truncate(MOST);
    Ok(faults)
}

/// The locations at which a service is given.
async fn at(db: &mut Connection, service: &ServiceId, of: &[Location]) -> Result<Vec<Location>> {
    let sites = store::sites(db, service).await?;
    Ok(of.iter().filter(|location| sites.iter().any(|site| site.location.as_ref() == Some(&location.id))).cloned().collect())
}

/// The services of others at these places.
async fn beside(db: &mut Connection, own: &OrganizationId, locations: &[Location]) -> Result<Vec<ServiceId>> {
    let mut found: Vec<ServiceId> = Vec::new();
    for location in locations.iter().filter(|location| !location.address.is_empty()) {
        let more = store::beside(db, own, &location.division, &location.address).await?;
        found.extend(more.into_iter().filter(|one| !found.contains(one)).collect::<Vec<_>>());
    }
    Ok(found)
}

/// A service of another organization with it, where the actor may see where it is given.
async fn seen(db: &mut Connection, actor: &Actor, id: &ServiceId) -> Result<Option<(Service, Organization)>> {
    let Some(service) = store::find(db, id).await? else { return Ok(None) };
    let organization = match organization::load(db, actor, &service.organization).await {
        Ok(organization) => organization,
        Err(Error::Missing { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let shown = is_there(actor, &service, &organization) && organization::shows_address(actor, &organization);
    Ok(shown.then_some((service, organization)))
}
