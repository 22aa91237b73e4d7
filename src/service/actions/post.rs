//! Places as the organization posts them: one more, one less, so many free, nothing changed.

use jiff::civil::Date;

use super::feedback::{FactCheck, note, source_of};
use super::load;
use crate::access::{Action, Actor, Who, decide};
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Result};
use crate::id::{PlaceId, ServiceAtLocationId};
use crate::organization;
use crate::organization::model::{Organization, Status as Standing};
use crate::organization::store::province;
use crate::service::model::{Place, Service, ServiceAtLocation, Status};
use crate::service::{places, store};
use crate::store::{Answered, Key, Tx, answered, remember};

/// What is said about places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Posting {
    /// So many more, or less, than posted.
    By(i64),
    /// So many are free now.
    Free(u32),
    /// So many in all, taken ones among them.
    Capacity(u32),
    /// Nothing changed.
    Same,
}

/// A term the places are for; without one they are for always.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Option<Date>,
}

impl Term {
    /// A new term: its days in order, and none of them in another term of the same service and place.
    fn check(&self, rows: &[Place]) -> Result<()> {
        let last = |to: Option<Date>| to.unwrap_or(Date::MAX);
        if last(self.to) < self.from {
            return Err(Error::invalid("term_to", "term_backwards"));
        }
        let crosses = |row: &Place| row.term_from.is_some_and(|from| from <= last(self.to) && self.from <= last(row.term_to));
        if rows.iter().any(crosses) { Err(Error::invalid("term_from", "places_twice")) } else { Ok(()) }
    }
}

/// What somebody says of places, and on whose word.
#[derive(Debug, Clone, Copy)]
pub struct Word<'a> {
    /// For which term.
    pub term: Option<Term>,
    /// What is said.
    pub posting: Posting,
    /// With whom the station spoke, where it posts for somebody else.
    pub spoke_with: &'a str,
}

/// Most places one row may have.
const MOST: u32 = 10_000;

/// Posts places of a service at a location; gives all its rows. A key that came before changes nothing again.
pub async fn post_places(app: &App, actor: &Actor, id: &ServiceAtLocationId, word: Word<'_>, key: Option<&Key>) -> Result<Vec<Place>> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let site = store::site(&mut tx, id).await?.ok_or_else(|| Error::missing("service_at_location", id))?;
    let (service, organization) = load(&mut tx, actor, &site.service).await?;
    // By a link an organization says how many places are free, and edits nothing.
    let action = if actor.who == Who::Link { Action::ConfirmFreshness } else { Action::EditDirectory };
    decide(actor, action, &organization).allowed()?;
    if organization.status == Standing::Closed || service.status == Status::Defunct {
        return Err(Error::Conflict { why: "service_over" });
    }
    let own = organization::is_own(actor, &organization);
    if !own && !(1..=40).contains(&word.spoke_with.chars().count()) {
        return Err(Error::invalid("spoke_with", if word.spoke_with.is_empty() { "places_spoke" } else { "words_long" }));
    }
    if let Some(key) = key {
        if answered(&mut tx, key, &actor.reference()).await?.is_some() {
            return places::of(&mut tx, id).await;
        }
        let answer = Answered { status: 200, location: "/places".into() };
        remember(&mut tx, key, &actor.reference(), &answer, at).await?;
    }
    let rows = places::of(&mut tx, id).await?;
    let Word { term, posting, spoke_with } = word;
    let row = rows.iter().find(|row| row.term_from == term.map(|term| term.from));
    if let Some(term) = term.filter(|_| row.is_none()) {
        term.check(&rows)?;
    }
    put(&mut tx, app, &site, &organization, row, term, posting, if own { "organization" } else { "worker" }).await?;
    let rows = places::of(&mut tx, id).await?;
    let digest = crate::secret::digest(crate::store::json(&rows).as_bytes());
    let days = app.periods.get().places;
    let source = source_of(actor, &organization);
    let method = if own { "own".to_owned() } else { format!("phone · {spoke_with}") };
    let check = FactCheck { subject: site.service.as_str(), field: "places", digest: &digest, source, method: &method, days };
    note(&mut tx, actor, &check, at).await?;
    audit::record(&mut tx, actor, Event::new("place.posted", "service_at_location", id), at).await?;
    tx.commit(at).await?;
    Ok(rows)
}

#[expect(clippy::too_many_arguments, reason = "the row, what is said of it, and where it belongs")]
async fn put(
    tx: &mut Tx,
    app: &App,
    site: &ServiceAtLocation,
    organization: &Organization,
    row: Option<&Place>,
    term: Option<Term>,
    posting: Posting,
    source: &str,
) -> Result<()> {
    let at = app.now();
    let Some(row) = row else {
        let capacity = match posting {
            Posting::By(by) => u32::try_from(by).map_err(|_| Error::invalid("capacity", "capacity_below_used"))?,
            Posting::Free(count) | Posting::Capacity(count) => count,
            Posting::Same => return Err(Error::invalid("capacity", "places_unposted")),
        };
        if capacity > MOST {
            return Err(Error::invalid("capacity", "capacity_too_large"));
        }
        let place = Place {
            id: PlaceId::new(at),
            service_at_location: site.id.clone(),
            term_from: term.map(|term| term.from),
            term_to: term.and_then(|term| term.to),
            capacity,
            used: 0,
            held: 0,
            source: source.into(),
            as_of: at,
            version: 1,
        };
        return places::post(tx, &place, &province(&organization.division), at).await;
    };
    let (base, add) = match posting {
        Posting::By(by) => ("capacity", by),
        Posting::Free(count) => ("taken", i64::from(count)),
        Posting::Capacity(count) => ("nothing", i64::from(count)),
        Posting::Same => ("capacity", 0),
    };
    if add.unsigned_abs() > u64::from(MOST) {
        return Err(Error::invalid("capacity", "capacity_too_large"));
    }
    places::change(tx, row, base, add, source, at).await
}

/// The places of a service at a location that is there for the actor.
pub async fn posted(app: &App, actor: &Actor, id: &ServiceAtLocationId) -> Result<Vec<Place>> {
    let mut db = app.store.read().await?;
    let site = store::site(&mut db, id).await?.ok_or_else(|| Error::missing("service_at_location", id))?;
    load(&mut db, actor, &site.service).await.map_err(|_| Error::missing("service_at_location", id))?;
    places::of(&mut db, id).await
}

/// A service at a location in 空位.
pub struct Posted {
    /// The service.
    pub service: Service,
    /// Where.
    pub site: ServiceAtLocation,
    /// Name of the location; none where it has none.
    pub location: Option<String>,
    /// Its rows.
    pub places: Vec<Place>,
}

/// Every service at a location of the actor's own organizations, with its places.
pub async fn own_places(app: &App, actor: &Actor) -> Result<Vec<(Organization, Vec<Posted>)>> {
    let mut all = Vec::new();
    for organization in organization::mine(app, actor).await? {
        let mut db = app.store.read().await?;
        let locations = organization::store::locations(&mut db, &organization.id).await?;
        let mut found = Vec::new();
        for service in store::of(&mut db, &organization.id).await? {
            if service.status == Status::Defunct {
                continue;
            }
            for site in store::sites(&mut db, &service.id).await? {
                let location = locations.iter().find(|one| Some(&one.id) == site.location.as_ref()).map(|one| one.name.clone());
                let places = places::of(&mut db, &site.id).await?;
                found.push(Posted { service: service.clone(), site, location, places });
            }
        }
        all.push((organization, found));
    }
    Ok(all)
}
