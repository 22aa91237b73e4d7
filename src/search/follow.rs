//! Keeping the index true to the store: it follows the outbox, the calendar, and is rebuilt when it cannot.
//!
//! A change names a service, never what became of it: the service is read anew, so that applying a change twice
//! is the same as once. The number of the last change is committed with the index. Places are posted beside it,
//! without a commit, and so are organizations, which are found whether they give a service or not. Words that the
//! installation edited are read anew, and nothing is indexed for them. A new index (an edited taxonomy or division) is
//! filled by [`reindex`].

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;
use lianjie_index::search::{Body, Change as Indexed};
use lianjie_index::{Entry, Index, Places};

use super::body::body;
use super::disclosure::Disclosure;
use super::entry::entry;
use super::store;
use crate::app::App;
use crate::error::{Error, Result};
use crate::id::{OrganizationId, ServiceAtLocationId, ServiceId};
use crate::organization::model::{Location, LocationType, Organization};
use crate::organization::store as organizations;
use crate::service::model::Place;
use crate::service::{places, store as services};
use crate::store::{Change, Connection, DIRECTORY, changes_after, last_number};
use crate::taxonomy;

/// Changes that are read and committed at once.
const ROUND: i64 = 1000;
/// Behind by more than this, everything is read anew: that is quicker.
const FAR_BEHIND: i64 = 6000;
/// Services that are read at once for a rebuild.
const STRETCH: i64 = 500;
/// How long to wait for a sign of a change before looking all the same.
const PATIENCE: Duration = Duration::from_secs(2);

/// Follows the store until the process ends. One task a process.
pub async fn follow(app: Arc<App>) {
    loop {
        if let Err(error) = catch_up(&app).await {
            tracing::error!(error = %error, "the search index could not follow the store");
            tokio::time::sleep(PATIENCE).await;
        }
        tokio::select! {
            () = app.store.written() => {}
            () = tokio::time::sleep(PATIENCE) => {}
        }
    }
}

/// Brings the index up to the store as it is now. Answers how many services were read anew.
pub async fn catch_up(app: &App) -> Result<u64> {
    let mut followed = app.followed.lock().await;
    let today = app.today();
    let mut read = 0;
    let mut rebuilt = false;
    if let Some(fresh) = follow_outbox(app, today).await? {
        read += fresh;
    } else {
        rebuilt = true;
        if app.index.get().is_empty() {
            tracing::info!("the search index is built from the store");
        } else {
            tracing::warn!("the search index does not belong to this store, or fell too far behind; it is rebuilt");
        }
        taxonomy::follow(app).await?;
        read += rebuild(app, today, |_, _| {}).await?;
    }
    // What changes of places were skipped with the rest is posted again below.
    if *followed == Some(today) && !rebuilt {
        return Ok(read);
    }
    let mut db = app.store.read().await?;
    if followed.is_none() && !holds_all(&mut db, &app.index.get()).await? {
        tracing::warn!("the search index holds other entries than the store; it is rebuilt");
        read += rebuild(app, today, |_, _| {}).await?;
    }
    let since = followed.unwrap_or(Date::MIN);
    read += turn_day(app, &mut db, since, today).await?;
    post_all(&mut db, &app.index.get(), today).await?;
    post_bodies(app, &mut db, today).await?;
    *followed = Some(today);
    Ok(read)
}

/// Builds the index anew from the store, while searches go on with the old one. `progress` is told services done, and all.
pub async fn reindex(app: &App, progress: impl FnMut(u64, u64)) -> Result<u64> {
    let mut followed = app.followed.lock().await;
    let today = app.today();
    let read = rebuild(app, today, progress).await?;
    let mut db = app.store.read().await?;
    post_all(&mut db, &app.index.get(), today).await?;
    post_bodies(app, &mut db, today).await?;
    *followed = Some(today);
    Ok(read)
}

/// Applies what the outbox says; `None` where the index and the outbox do not fit, or are too far apart.
async fn follow_outbox(app: &App, today: Date) -> Result<Option<u64>> {
    let index = app.index.get();
    let mut db = app.store.read().await?;
    let mut read = 0;
    loop {
        let reached = index.last_number();
        let last = last_number(&mut db, DIRECTORY).await?;
        if last == reached {
            return Ok(Some(read));
        }
        if last < reached || last - reached > FAR_BEHIND {
            return Ok(None);
        }
        let changes = changes_after(&mut db, DIRECTORY, reached, ROUND).await?;
        let Some(number) = changes.last().map(|change| change.number) else { return Ok(None) };
        if changes.first().map(|change| change.number) != Some(reached + 1) {
            return Ok(None);
        }
        if changes.iter().any(|change| change.kind == taxonomy::EVERYDAY_WORD) {
            taxonomy::follow_in(app, &mut db).await?;
        }
        read += apply(app, &mut db, &index, &changes, number, today).await?;
    }
}

/// Applies one round of changes.
async fn apply(app: &App, db: &mut Connection, index: &Arc<Index>, changes: &[Change], number: i64, today: Date) -> Result<u64> {
    let mut touched: BTreeSet<ServiceId> = BTreeSet::new();
    let mut posted: BTreeSet<ServiceAtLocationId> = BTreeSet::new();
    let mut bodies: BTreeSet<OrganizationId> = BTreeSet::new();
    for change in changes {
        match change.kind.as_str() {
            "service" => {
                let service: ServiceId = id_of(change)?;
                // A service that is kept back may keep back whose it is.
                bodies.extend(services::find(db, &service).await?.map(|service| service.organization));
                touched.insert(service);
            }
            "place" => drop(posted.insert(id_of(change)?)),
            "organization" => {
                let organization: OrganizationId = id_of(change)?;
                touched.extend(services::of(db, &organization).await?.into_iter().map(|service| service.id));
                bodies.insert(organization);
            }
            _ => {}
        }
    }
    // Places and organizations first: an entry that is found has them from its first moment, and nothing is lost if reading fails.
    for site in posted {
        let rows = places::of(db, &site).await?;
        index.set_places(&site.as_str().into(), on_day(&rows, today));
    }
    for id in bodies {
        let found: Vec<Organization> = organizations::find(db, &id).await?.into_iter().collect();
        index.set_body(&id.as_str().into(), bodies_of(app, db, &found, today).await?.pop());
    }
    let changed = read_anew(db, &touched, today).await?;
    let count = changed.len();
    commit(index, changed, number).await?;
    Ok(u64::try_from(count).unwrap_or(u64::MAX))
}

fn id_of<T: std::str::FromStr>(change: &Change) -> Result<T> {
    change.id.parse().map_err(|_| Error::Row { table: "change", column: "id", row: change.number.to_string() })
}

async fn read_anew(db: &mut Connection, services: &BTreeSet<ServiceId>, today: Date) -> Result<Vec<Indexed>> {
    let mut changed = Vec::with_capacity(services.len());
    for id in services {
        let whole = store::whole(db, id).await?;
        let entries = whole.iter().flat_map(store::Whole::offerings).map(|offering| entry(&offering, today)).collect();
        changed.push(Indexed { service: id.as_str().into(), entries });
    }
    Ok(changed)
}

/// Commits on a thread that may wait for the disk.
async fn commit(index: &Arc<Index>, changes: Vec<Indexed>, number: i64) -> Result<()> {
    let index = Arc::clone(index);
    blocking(move || index.apply(changes, number)).await
}

async fn blocking(work: impl FnOnce() -> Result<(), lianjie_index::search::IndexError> + Send + 'static) -> Result<()> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| Error::Store(format!("writing the search index was cut short: {error}")))?.map_err(Error::from)
}

/// Reads anew what ran out between two days, and commits what is thereby seen otherwise.
async fn turn_day(app: &App, db: &mut Connection, since: Date, today: Date) -> Result<u64> {
    let index = app.index.get();
    let expired = store::expired_between(db, since, today).await?.into_iter().collect();
    let changed = read_anew(db, &expired, today).await?;
    let differs = |one: &Entry| index.entry(&one.site).is_none_or(|known| known.visibility != one.visibility);
    let changed: Vec<Indexed> = changed.into_iter().filter(|change| change.entries.iter().any(differs)).collect();
    let count = changed.len();
    if count > 0 {
        commit(&index, changed, index.last_number()).await?;
    }
    Ok(u64::try_from(count).unwrap_or(u64::MAX))
}

/// Whether the index holds the store's services at locations, and no others.
async fn holds_all(db: &mut Connection, index: &Index) -> Result<bool> {
    let sites = store::site_ids(db).await?;
    Ok(sites.len() == index.len() && sites.iter().all(|site| index.entry(&site.as_str().into()).is_some()))
}

/// Reads everything, in stretches, and replaces the index by it. What changes meanwhile has a higher number and is followed.
async fn rebuild(app: &App, today: Date, mut progress: impl FnMut(u64, u64)) -> Result<u64> {
    let mut db = app.store.read().await?;
    let number = last_number(&mut db, DIRECTORY).await?;
    let all = store::count(&mut db).await?;
    let mut entries: Vec<Entry> = Vec::new();
    let mut done = 0;
    let mut last = String::new();
    loop {
        let ids = services::ids_after(&mut db, &last, STRETCH).await?;
        let (Some(from), Some(to)) = (ids.first(), ids.last()) else { break };
        for whole in store::between(&mut db, from, to).await? {
            entries.extend(whole.offerings().map(|offering| entry(&offering, today)));
            done += 1;
        }
        last = to.to_string();
        progress(done, all.max(done));
    }
    drop(db);
    let index = app.index.get();
    blocking(move || index.rebuild(entries, number)).await?;
    Ok(done)
}

/// Posts the places of every service at a location.
async fn post_all(db: &mut Connection, index: &Index, today: Date) -> Result<()> {
    let mut by_site: BTreeMap<ServiceAtLocationId, Vec<Place>> = BTreeMap::new();
    let mut last = String::new();
    loop {
        let rows = places::all_after(db, &last, ROUND).await?;
        let Some(row) = rows.last() else { break };
        last = row.id.to_string();
        for row in rows {
            by_site.entry(row.service_at_location.clone()).or_default().push(row);
        }
    }
    for (site, rows) in by_site {
        index.set_places(&site.as_str().into(), on_day(&rows, today));
    }
    Ok(())
}

/// Posts every organization, as it is found on a day.
async fn post_bodies(app: &App, db: &mut Connection, today: Date) -> Result<()> {
    let mut bodies = Vec::new();
    let mut last = String::new();
    loop {
        let stretch = store::organizations_after(db, &last, ROUND).await?;
        let Some(end) = stretch.last() else { break };
        last = end.id.to_string();
        bodies.extend(bodies_of(app, db, &stretch, today).await?);
    }
    app.index.get().post_bodies(bodies);
    Ok(())
}

/// Organizations, in the order of their ids, as they are found on a day.
async fn bodies_of(app: &App, db: &mut Connection, stretch: &[Organization], today: Date) -> Result<Vec<Body>> {
    let (Some(first), Some(end)) = (stretch.first(), stretch.last()) else { return Ok(Vec::new()) };
    let mut places: BTreeMap<OrganizationId, Vec<String>> = BTreeMap::new();
    for (organization, name) in store::place_names(db, &first.id, &end.id).await? {
        places.entry(organization).or_default().push(name);
    }
    let mut withheld = BTreeSet::new();
    for id in store::keeping_back(db, &first.id, &end.id).await? {
        let locations = organizations::locations(db, &id).await?;
        let disclosure = Disclosure::of(db, &id, &locations, today).await?;
        let told = |place: &&Location| place.location_type == LocationType::Physical && disclosure.tells(place);
        places.insert(id.clone(), locations.iter().filter(told).map(|place| place.name.clone()).collect());
        if disclosure.is_withheld() {
            withheld.insert(id);
        }
    }
    let categories = app.categories.get();
    let body = |one: &Organization| body(one, places.remove(&one.id).unwrap_or_default(), withheld.contains(&one.id), &categories, today);
    Ok(stretch.iter().filter_map(body).collect())
}

/// The places that count on a day, as the index shows them.
fn on_day(rows: &[Place], day: Date) -> Option<Places> {
    places::row_for(rows, day).map(|row| Places { capacity: row.capacity, used: row.used, held: row.held, as_of: row.as_of })
}
