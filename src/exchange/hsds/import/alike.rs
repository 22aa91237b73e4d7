//! Which of the entries that come in look like others, of the directory or of the file itself: told in the report and nothing more.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde::Serialize;

use super::entry::{Incoming, IncomingService};
use crate::app::App;
use crate::error::Result;
use crate::id::{OrganizationId, ServiceId};
use crate::locale::Locale;
use crate::organization::likest_of_many;
use crate::organization::model::{Location, Organization};
use crate::organization::store as organizations;
use crate::service::actions::{had, own_likes};
use crate::service::alike::{Placed, alike};
use crate::store::Connection;

/// An entry that came in and looks like another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Alike {
    /// `organization` or `service`.
    pub table: String,
    /// Which.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The one it looks like.
    pub other: String,
    /// The name of that.
    pub other_name: String,
    /// Name of what speaks for it.
    pub reason: String,
}

impl Alike {
    /// What speaks for it, in words, as lists tell it.
    #[must_use]
    pub fn why(&self, locale: Locale) -> String {
        rust_i18n::t!(format!("list.alike.{}", self.reason), locale = locale.tag()).into_owned()
    }
}

/// Looks at what is new, once it is written: each pair is told once.
pub async fn likely(app: &App, db: &mut Connection, incoming: &Incoming, new: &HashSet<String>) -> Result<Vec<Alike>> {
    let mut found = of_organizations(app, db, incoming, new).await?;
    found.extend(of_services(app, db, incoming, new).await?);
    Ok(found)
}

async fn of_organizations(app: &App, db: &mut Connection, incoming: &Incoming, new: &HashSet<String>) -> Result<Vec<Alike>> {
    let some: Vec<&Organization> =
        incoming.organizations.iter().map(|one| &one.organization).filter(|one| new.contains(one.id.as_str())).collect();
    let counties: BTreeSet<String> = some.iter().map(|one| one.division.county().to_string()).collect();
    let mut all: Vec<Organization> = Vec::new();
    for county in &counties {
        all.extend(organizations::candidates(db, None, county).await?);
    }
    for code in some.iter().filter_map(|one| one.code_uscc.as_deref()) {
        all.extend(organizations::of_code(db, code).await?);
    }
    all.sort_by(|one, other| one.id.cmp(&other.id));
    all.dedup_by(|one, other| one.id == other.id);
    let regions = &app.divisions.get().regions;
    let mut told: HashSet<(OrganizationId, OrganizationId)> = HashSet::new();
    let mut found = Vec::new();
    for (one, why, other) in likest_of_many(&some, &all, regions) {
        if told.insert((one.id.clone(), other.id.clone())) && !told.contains(&(other.id.clone(), one.id.clone())) {
            found.push(Alike {
                table: "organization".to_owned(),
                id: one.id.to_string(),
                name: one.name.clone(),
                other: other.id.to_string(),
                other_name: other.name.clone(),
                reason: why.reason().to_owned(),
            });
        }
    }
    Ok(found)
}

async fn of_services(app: &App, db: &mut Connection, incoming: &Incoming, new: &HashSet<String>) -> Result<Vec<Alike>> {
    let mut by_owner: HashMap<&OrganizationId, Vec<&IncomingService>> = HashMap::new();
    for one in incoming.services.iter().filter(|one| new.contains(one.service.id.as_str())) {
        by_owner.entry(&one.service.organization).or_default().push(one);
    }
    let mut found = Vec::new();
    // In the order of the file.
    for owner in &incoming.organizations {
        let Some(some) = by_owner.get(&owner.organization.id) else { continue };
        let placed = |one: &IncomingService, all: &[Location]| -> Vec<Location> {
            all.iter().filter(|place| one.sites.iter().any(|site| site.location.as_ref() == Some(&place.id))).cloned().collect()
        };
        // An organization that is new has no services but those of the file.
        let is_new = new.contains(owner.organization.id.as_str());
        let had = if is_new { None } else { Some(had(db, &owner.organization.id).await?) };
        let locations = had.as_ref().map_or(&owner.locations, |had| &had.locations);
        let mut before: Vec<(&IncomingService, Vec<Location>)> = Vec::new();
        for one in some {
            let here = placed(one, locations);
            let own = Placed { service: &one.service, organization: &owner.organization, locations: &here };
            let fresh = |id: &ServiceId| some.iter().any(|other| other.service.id == *id);
            let stored = had.iter().flat_map(|had| own_likes(app, own, had)).find(|like| !fresh(&like.id));
            let stored = stored.map(|like| (like.why, like.id.to_string(), like.name));
            let twin = stored.or_else(|| {
                before.iter().find_map(|(other, there)| {
                    let other_placed = Placed { service: &other.service, organization: &owner.organization, locations: there };
                    let why = alike(own, other_placed, &app.divisions.get().regions)?;
                    Some((why, other.service.id.to_string(), other.service.name.clone()))
                })
            });
            if let Some((why, other, other_name)) = twin {
                found.push(Alike {
                    table: "service".to_owned(),
                    id: one.service.id.to_string(),
                    name: one.service.name.clone(),
                    other,
                    other_name,
                    reason: why.reason().to_owned(),
                });
            }
            before.push((one, here));
        }
    }
    Ok(found)
}
