//! A service with where it is given, for which areas and for what fee, as a version keeps it: one page, and each part put back by itself.

use serde_json::{Value, json};

use super::{Change, Compared, changes, from_inside, kept, read, restored, value_of};
use crate::access::{Action, Actor, decide};
use crate::app::App;
use crate::error::{Error, Result};
use crate::id::ServiceId;
use crate::organization::model::{Location, Organization};
use crate::organization::store as organizations;
use crate::organization::version::{self, Kept};
use crate::service::actions::load;
use crate::service::actions::write::rewrite;
use crate::service::content::{Content, Site};
use crate::service::model::{Service, ServiceAtLocation};
use crate::service::store;
use crate::store::Connection;

const SERVICE: Compared = Compared {
    kind: "service",
    edited: &[
        "name",
        "description",
        "terms",
        "delivery",
        "status",
        "eligibility",
        "languages",
        "application",
        "documents",
        "sites",
        "areas",
        "schedule",
        "fees",
        "travel_free",
        "wait_days",
        "confidentiality",
    ],
    stepped: &[],
    together: &[],
};

/// Parts with tables of their own. A version that was kept before they were, or by a merge, does not hold them.
const PARTS: [&str; 3] = ["sites", "areas", "fees"];

/// Keeps a service with all its parts as it is before a change.
pub(crate) async fn keep(db: &mut Connection, actor: &Actor, service: &Service, at: jiff::Timestamp) -> Result<()> {
    let body = whole(db, service).await?;
    organizations::keep_version(db, SERVICE.kind, service.id.as_str(), service.version, &body, &actor.reference(), at).await
}

/// A service with its parts, as stored.
async fn whole(db: &mut Connection, service: &Service) -> Result<Value> {
    let mut body = value_of(service);
    let fees: Vec<_> = store::fees(db, &service.id).await?.into_iter().map(|row| row.fee).collect();
    body["sites"] = value_of(&store::sites(db, &service.id).await?);
    body["fees"] = value_of(&fees);
    Ok(body)
}

/// The changes of a service, newest first, for those who see its organization from inside.
pub async fn service_history(app: &App, actor: &Actor, id: &ServiceId) -> Result<(Service, Organization, Vec<Change>)> {
    let mut db = app.store.read().await?;
    let (service, organization) = load(&mut db, actor, id).await?;
    from_inside(actor, &organization)?;
    let locations = organizations::locations(&mut db, &organization.id).await?;
    let mut now = whole(&mut db, &service).await?;
    apart(&mut now, &locations);
    let mut bodies = version::of(&mut db, SERVICE.kind, id.as_str()).await?;
    let mut after = now.clone();
    for one in &mut bodies {
        apart(&mut one.body, &locations);
        for part in PARTS.into_iter().filter(|part| one.body.get(part).is_none()).collect::<Vec<_>>() {
            one.body[part] = after[part].clone();
        }
        after = one.body.clone();
    }
    let mut changes = changes(&mut db, actor, &organization, now, bodies, &SERVICE).await?;
    changes.iter_mut().for_each(only_common_areas);
    changes.retain(|change| !change.fields.is_empty());
    Ok((service, organization, changes))
}

/// Tells the sites apart: where the service is given, and for which areas from each of them; fees in one order.
fn apart(body: &mut Value, locations: &[Location]) {
    if let Some(fees) = body.get_mut("fees").and_then(Value::as_array_mut) {
        fees.sort_by_key(ToString::to_string);
    }
    let Some(mut sites) = body.get("sites").and_then(Value::as_array).cloned() else { return };
    sites.sort_by_key(|site| site["location"].to_string());
    let name = |site: &Value| locations.iter().find(|one| site["location"] == one.id.as_str()).map(|one| one.name.clone());
    body["areas"] = sites
        .iter()
        .map(|site| json!({"location": site["location"].clone(), "name": name(site), "areas": site["areas"].clone()}))
        .collect::<Vec<_>>()
        .into();
    body["sites"] = sites.iter().map(|site| json!({"location": site["location"].clone(), "name": name(site)})).collect::<Vec<_>>().into();
}

/// Leaves of the areas only those of sites before and after: a site that came or went says so itself.
fn only_common_areas(change: &mut Change) {
    let has = |list: &Value, site: &Value| list.as_array().is_some_and(|list| list.iter().any(|one| one["location"] == site["location"]));
    for one in change.fields.iter_mut().filter(|one| one.field == "areas") {
        let common = |list: &Value, other: &Value| -> Value {
            list.as_array().map(|list| list.iter().filter(|site| has(other, site)).cloned().collect::<Vec<_>>()).unwrap_or_default().into()
        };
        (one.old, one.new) = (common(&one.old, &one.new), common(&one.new, &one.old));
    }
    change.fields.retain(|one| one.old != one.new);
}

/// Puts a version of a service back, or one part of it.
pub async fn put_back_service(app: &App, actor: &Actor, id: &ServiceId, old: i64, field: Option<&str>, version: i64) -> Result<Service> {
    let mut db = app.store.read().await?;
    let (service, organization) = load(&mut db, actor, id).await?;
    from_inside(actor, &organization)?;
    decide(actor, Action::EditDirectory, &organization).allowed()?;
    let kept = kept(&mut db, &SERVICE, id.as_str(), old).await?;
    let back = restored(&service, &kept, &SERVICE, field)?;
    let (sites, fees) = (store::sites(&mut db, id).await?, store::fees(&mut db, id).await?);
    drop(db);
    let wants = |part: &str| field.is_none_or(|only| only == part);
    let mut content = Content::of(&back, &sites, &fees);
    if (wants("sites") || wants("areas"))
        && let Some(before) = part::<Vec<ServiceAtLocation>>(&kept, "sites", field)?
    {
        content.sites = sites_back(&sites, &before, wants("sites"), wants("areas"));
    }
    if wants("fees")
        && let Some(before) = part(&kept, "fees", field)?
    {
        content.fees = before;
    }
    rewrite(app, actor, id, &content, None, version).await
}

/// A part that a version holds; one that is asked for by name must be there.
fn part<T: serde::de::DeserializeOwned>(kept: &Kept, name: &str, field: Option<&str>) -> Result<Option<T>> {
    match kept.body.get(name) {
        Some(value) => read(value.clone(), kept).map(Some),
        None if field.is_some() => Err(Error::missing("record_version", &kept.version)),
        None => Ok(None),
    }
}

/// The sites of an earlier version, their areas, or both. A site that still stands keeps its id, and with it its places.
pub(in crate::service) fn sites_back(now: &[ServiceAtLocation], before: &[ServiceAtLocation], places: bool, areas: bool) -> Vec<Site> {
    let of = |list: &[ServiceAtLocation], site: &ServiceAtLocation| {
        list.iter().find(|one| one.id == site.id).or_else(|| list.iter().find(|one| one.location == site.location)).cloned()
    };
    let stand = if places { before } else { now };
    let back = |site: &ServiceAtLocation| {
        let (current, old) = (of(now, site), of(before, site));
        let from = if areas { old.or(current.clone()) } else { current.clone().or(old) };
        Site {
            id: current.map(|one| one.id),
            location: site.location.clone(),
            areas: from.map_or_else(|| site.areas.clone(), |one| one.areas),
        }
    };
    stand.iter().map(back).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{LocationId, ServiceAtLocationId};

    fn site(service: &ServiceId, location: &LocationId, area: &str) -> ServiceAtLocation {
        let at = "2026-11-25T01:00:00Z".parse().unwrap();
        ServiceAtLocation {
            id: ServiceAtLocationId::new(at),
            service: service.clone(),
            location: Some(location.clone()),
            areas: vec![area.parse().unwrap()],
        }
    }

    #[test]
    fn a_site_that_still_stands_keeps_its_id_and_one_that_went_comes_anew() {
        let at = "2026-11-25T01:00:00Z".parse().unwrap();
        let (service, one, other) = (ServiceId::new(at), LocationId::new(at), LocationId::new(at));
        let before = [site(&service, &one, "320116"), site(&service, &other, "320116")];
        let now = [ServiceAtLocation { areas: vec!["320102".parse().unwrap()], ..before[0].clone() }];
        let places = sites_back(&now, &before, true, false);
        assert_eq!((places.len(), places[0].id.as_ref(), places[1].id.as_ref()), (2, Some(&now[0].id), None));
        assert_eq!((&places[0].areas, &places[1].areas), (&now[0].areas, &before[1].areas));
        let areas = sites_back(&now, &before, false, true);
        assert_eq!((areas.len(), &areas[0].areas), (1, &before[0].areas));
    }
}
