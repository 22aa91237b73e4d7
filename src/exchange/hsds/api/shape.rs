//! One thing of the directory in the shape that was asked for.

use super::super::gather::{self, Names, Services};
use super::super::object::Object;
use super::super::write;
use crate::error::Result;
use crate::id::{OrganizationId, ServiceAtLocationId, ServiceId};
use crate::service::store as services;
use crate::store::Connection;

/// What is answered, and how much of it.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// A service: id and change.
    ServiceMinimal,
    /// A service by itself.
    ServiceCompact,
    /// A service with all that belongs to it.
    Service,
    /// An organization by itself.
    OrganizationCompact,
    /// An organization with all that belongs to it.
    Organization(Services),
    /// A service at a location, with both by themselves.
    SiteCompact,
    /// A service at a location, with both and what belongs to them.
    Site,
}

/// The thing of an id; absent where there is none that the public may read.
pub async fn object(db: &mut Connection, names: &Names, shape: Shape, id: &str) -> Result<Option<Object>> {
    match shape {
        Shape::ServiceMinimal | Shape::ServiceCompact | Shape::Service => {
            let Ok(id) = ServiceId::parse(id) else { return Ok(None) };
            service(db, names, shape, &id).await
        }
        Shape::OrganizationCompact => {
            let Ok(id) = OrganizationId::parse(id) else { return Ok(None) };
            let known = gather::known(db, &id, names.today()).await?;
            Ok(known.map(|known| write::organization_compact(&known.organization)))
        }
        Shape::Organization(with) => {
            let Ok(id) = OrganizationId::parse(id) else { return Ok(None) };
            gather::organization(db, &id, names, with).await
        }
        Shape::SiteCompact | Shape::Site => {
            let Ok(id) = ServiceAtLocationId::parse(id) else { return Ok(None) };
            site(db, names, shape, &id).await
        }
    }
}

async fn service(db: &mut Connection, names: &Names, shape: Shape, id: &ServiceId) -> Result<Option<Object>> {
    let Some(public) = gather::service(db, id, names.today()).await? else { return Ok(None) };
    let Some(first) = public.offerings.first() else { return Ok(None) };
    Ok(match shape {
        Shape::ServiceMinimal => Some(write::service_minimal(first, &public.posted)),
        Shape::Service => write::service(&public.offerings, &public.posted, &names.written()),
        _ => Some(write::service_compact(first, &public.posted, &names.written())),
    })
}

async fn site(db: &mut Connection, names: &Names, shape: Shape, id: &ServiceAtLocationId) -> Result<Option<Object>> {
    let Some(stored) = services::site(db, id).await? else { return Ok(None) };
    let Some(public) = gather::service(db, &stored.service, names.today()).await? else { return Ok(None) };
    let written = names.written();
    let found = write::sites(&public.offerings, &written).into_iter().find(|(offering, _)| offering.site.id == *id);
    let Some((offering, site)) = found else { return Ok(None) };
    let whole = matches!(shape, Shape::Site).then(|| write::service(&public.offerings, &public.posted, &written)).flatten();
    let mut service = whole.unwrap_or_else(|| write::service_compact(offering, &public.posted, &written));
    // The service's other places would hold this one again.
    service.0.shift_remove("service_at_locations");
    Ok(Some(site.one("service", Some(service))))
}
