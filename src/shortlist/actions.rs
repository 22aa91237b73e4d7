//! A list is begun, filled, shared, looked at and deleted by whom it belongs to; a station's people fill what is shared with them.

use super::model::{self, MOST_LISTS, MOST_SERVICES, Shortlist};
use super::store;
use crate::access::{Action, Actor, Role, decide, may_anywhere};
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Faults, Result};
use crate::id::{OrganizationId, ServiceId, ShortlistId};
use crate::search::{self, Seen};
use crate::store::{Answered, Connection, Key, answered, remember};

/// The stations with whose people the actor shares lists.
fn stations(actor: &Actor) -> Vec<OrganizationId> {
    let mut found: Vec<_> = actor.organizations(Role::Worker).chain(actor.organizations(Role::Supervisor)).cloned().collect();
    found.sort();
    found.dedup();
    found
}

/// The station a list of the actor is shared with: the own one, else the first.
#[must_use]
pub fn station(actor: &Actor) -> Option<OrganizationId> {
    actor.own(&[Role::Worker, Role::Supervisor]).cloned().or_else(|| stations(actor).into_iter().next())
}

fn may_keep(actor: &Actor) -> Result<()> {
    if may_anywhere(actor, Action::KeepShortlist) { Ok(()) } else { Err(Error::Forbidden { why: "role" }) }
}

/// A list that the actor may look into and fill; any other is not there.
async fn load(db: &mut Connection, actor: &Actor, id: &ShortlistId) -> Result<Shortlist> {
    let missing = || Error::missing(ShortlistId::KIND, id);
    let list = store::find(db, id).await?.ok_or_else(missing)?;
    if decide(actor, Action::KeepShortlist, &list).is_allowed() { Ok(list) } else { Err(missing()) }
}

/// Whether the list is the actor's own: to be renamed, shared, deleted.
#[must_use]
pub fn owns(actor: &Actor, list: &Shortlist) -> bool {
    decide(actor, Action::KeepShortlist, &list.own_facts()).is_allowed()
}

async fn load_own(db: &mut Connection, actor: &Actor, id: &ShortlistId) -> Result<Shortlist> {
    let list = load(db, actor, id).await?;
    if owns(actor, &list) { Ok(list) } else { Err(Error::Forbidden { why: "shortlist_owner" }) }
}

/// The person's own lists, then what others share with the person's stations.
pub async fn lists(app: &App, actor: &Actor) -> Result<Vec<Shortlist>> {
    may_keep(actor)?;
    let mut db = app.store.read().await?;
    let mut found = store::of_account(&mut db, &actor.id).await?;
    for station in stations(actor) {
        found.extend(store::of_station(&mut db, &station, &actor.id).await?);
    }
    Ok(found)
}

/// A service of a list.
pub struct Entry {
    /// Which.
    pub service: ServiceId,
    /// The service; none where it is no longer there for the reader.
    pub seen: Option<Seen>,
}

/// A list with its services.
pub struct View {
    /// The list.
    pub list: Shortlist,
    /// Its services, as they were put in.
    pub entries: Vec<Entry>,
    /// Whether the reader owns it.
    pub owns: bool,
}

/// A list; each service as its page would be shown to the reader.
pub async fn view(app: &App, actor: &Actor, id: &ShortlistId) -> Result<View> {
    let (list, services) = {
        let mut db = app.store.read().await?;
        let list = load(&mut db, actor, id).await?;
        (list, store::entries(&mut db, id).await?)
    };
    let mut entries = Vec::with_capacity(services.len());
    for service in services {
        let seen = match search::service(app, actor, &service).await {
            Ok(seen) => Some(seen),
            Err(Error::Missing { .. }) => None,
            Err(error) => return Err(error),
        };
        entries.push(Entry { service, seen });
    }
    Ok(View { owns: owns(actor, &list), list, entries })
}

/// Begins a list, perhaps with its first service. A key that came before gives the list it made.
pub async fn make(app: &App, actor: &Actor, name: &str, service: Option<&ServiceId>, key: Option<&Key>) -> Result<ShortlistId> {
    may_keep(actor)?;
    let mut faults = Faults::new();
    let name = faults.keep(model::name("name", name));
    faults.settle()?;
    if let Some(service) = service {
        search::service(app, actor, service).await?;
    }
    let at = app.now();
    let mut tx = app.begin().await?;
    if let Some(key) = key
        && let Some(before) = answered(&mut tx, key, &actor.reference()).await?
    {
        return ShortlistId::parse(before.location.trim_start_matches("/shortlists/")).map_err(|_| Error::Conflict { why: "repeated" });
    }
    if store::of_account(&mut tx, &actor.id).await?.len() >= MOST_LISTS {
        return Err(Error::invalid("name", "shortlists_many"));
    }
    let list = Shortlist {
        id: ShortlistId::new(at),
        owner: actor.id.clone(),
        owner_name: actor.name.clone(),
        station: None,
        name: name.unwrap_or_default(),
        services: 0,
        version: 1,
        at,
    };
    store::insert(&mut tx, &list).await?;
    audit::record(&mut tx, actor, Event::new("shortlist.begun", ShortlistId::KIND, &list.id), at).await?;
    if let Some(service) = service {
        store::put(&mut tx, &list.id, service, at).await?;
        audit::record(&mut tx, actor, Event::new("shortlist.collected", ShortlistId::KIND, &list.id).fields([service]), at).await?;
    }
    if let Some(key) = key {
        let answer = Answered { status: 303, location: format!("/shortlists/{}", list.id) };
        remember(&mut tx, key, &actor.reference(), &answer, at).await?;
    }
    tx.commit(at).await?;
    Ok(list.id)
}

/// Puts a service that the actor may see into a list; one that is in it stays where it is.
pub async fn add(app: &App, actor: &Actor, id: &ShortlistId, service: &ServiceId) -> Result<()> {
    search::service(app, actor, service).await?;
    let at = app.now();
    let mut tx = app.begin().await?;
    let list = load(&mut tx, actor, id).await?;
    if !store::put(&mut tx, id, service, at).await? {
        let full = list.services >= MOST_SERVICES && !store::entries(&mut tx, id).await?.contains(service);
        return if full { Err(Error::invalid("list", "shortlist_full")) } else { Ok(()) };
    }
    audit::record(&mut tx, actor, Event::new("shortlist.collected", ShortlistId::KIND, id).fields([service]), at).await?;
    tx.commit(at).await
}

/// Takes a service out of a list, also one that is no longer there.
pub async fn remove(app: &App, actor: &Actor, id: &ShortlistId, service: &ServiceId) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    load(&mut tx, actor, id).await?;
    if !store::take_out(&mut tx, id, service).await? {
        return Err(Error::missing("service", service));
    }
    audit::record(&mut tx, actor, Event::new("shortlist.taken_out", ShortlistId::KIND, id).fields([service]), at).await?;
    tx.commit(at).await
}

/// What the owner says of a list.
pub struct Edit<'a> {
    /// Its name.
    pub name: &'a str,
    /// Whether the owner's station shares it.
    pub shared: bool,
    /// The version that was looked at.
    pub version: i64,
}

/// Renames a list, shares it with the owner's station, or keeps it to oneself again.
pub async fn edit(app: &App, actor: &Actor, id: &ShortlistId, edit: &Edit<'_>) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let before = load_own(&mut tx, actor, id).await?;
    let mut faults = Faults::new();
    let name = faults.keep(model::name("name", edit.name)).unwrap_or_default();
    let station = if edit.shared { before.station.clone().or_else(|| station(actor)) } else { None };
    faults.require(!edit.shared || station.is_some(), "shared", "shortlist_no_station");
    faults.settle()?;
    let verbs = [
        (before.name != name, "shortlist.renamed"),
        (before.station.is_none() && station.is_some(), "shortlist.shared"),
        (before.station.is_some() && station.is_none(), "shortlist.unshared"),
    ];
    if verbs.iter().all(|(happened, _)| !happened) {
        return Ok(());
    }
    store::update(&mut tx, &Shortlist { name, station, version: edit.version, ..before }).await?;
    for (_, verb) in verbs.into_iter().filter(|(happened, _)| *happened) {
        audit::record(&mut tx, actor, Event::new(verb, ShortlistId::KIND, id), at).await?;
    }
    tx.commit(at).await
}

/// Deletes a list; its services stay in the directory.
pub async fn delete(app: &App, actor: &Actor, id: &ShortlistId) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    load_own(&mut tx, actor, id).await?;
    store::delete(&mut tx, id).await?;
    audit::record(&mut tx, actor, Event::new("shortlist.deleted", ShortlistId::KIND, id), at).await?;
    tx.commit(at).await
}
