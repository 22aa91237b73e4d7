//! Searching for somebody: at their level, from where they work. Nothing is recorded of who looked for what;
//! that something was looked for in vain is counted ([`gap`]).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lianjie_index::entry::{Level, Moment, Viewer, Visibility};
use lianjie_index::search::{Body, Hits, Mention, Query, Suggestion};
use lianjie_index::{Area, DivisionCode, Language, Vocabulary};

use super::answer::Answer;
use super::ask::{self, Asked, Known, Params};
use super::follow::catch_up;
use super::store::{self, Confirmation, Whole};
use super::told::told;
use super::words::Words;
use super::{gap, place};
use crate::access::{Action, Actor, Facts, Role, Scope, Subject, decide, directory_level, may_anywhere};
use crate::app::App;
use crate::division;
use crate::division::model::Divisions;
use crate::error::{Error, Faults, Result};
use crate::id::ServiceId;
use crate::locale::Locale;
use crate::organization::model::{Organization, Status};
use crate::service::model::{Offering, Place};
use crate::service::{model, places, store as services};
use crate::store::Connection;

/// What a search gives, beside what was asked.
pub struct Found {
    /// What was read from the parameters.
    pub asked: Asked,
    /// The hits.
    pub hits: Hits,
    /// Organizations that the words name, whether services of theirs are among the hits or not.
    pub bodies: Vec<Arc<Body>>,
    /// Phone numbers by organization.
    pub phones: BTreeMap<String, String>,
}

impl Found {
    /// Names in the words that several places bear, unless the place asked about lies in one of them.
    pub fn namesakes<'a>(&'a self, divisions: &'a Divisions) -> impl Iterator<Item = &'a Mention> {
        let area = self.asked.near().and_then(|near| near.area.as_ref());
        let here = area.map(|area| divisions.gazetteer.members(area)).unwrap_or_default();
        let chosen = move |area: &Area| {
            let members = divisions.gazetteer.members(area);
            !here.is_empty() && here.iter().all(|part| members.iter().any(|member| member.contains(part)))
        };
        self.hits.places.iter().filter(move |mention| mention.areas.len() > 1 && !mention.areas.iter().any(&chosen))
    }
}

/// How an actor looks at the directory.
pub async fn viewer(db: &mut Connection, actor: &Actor) -> Result<Viewer> {
    let level = if directory_level(actor) == "workers" { Level::Workers } else { Level::Public };
    let mut restricted = BTreeSet::new();
    if level == Level::Workers && may_anywhere(actor, Action::ReadRestricted) {
        let own = store::restricted(db).await?.into_iter().filter(|organization| reads_restricted(actor, organization));
        restricted.extend(own.map(|organization| organization.id.as_str().into()));
    }
    Ok(Viewer { level, restricted })
}

/// A station is the station of its own entries.
fn reads_restricted(actor: &Actor, organization: &Organization) -> bool {
    let facts = Facts { station: Some(organization.id.clone()), ..organization.facts() };
    decide(actor, Action::ReadRestricted, &facts).is_allowed()
}

/// Where an actor is at work: the division of the grant, else that of the organization.
pub async fn home(db: &mut Connection, actor: &Actor) -> Result<Option<DivisionCode>> {
    let granted = actor.grants.iter().find_map(|grant| match &grant.scope {
        Scope::Division(code) => Some(code.clone()),
        _ => None,
    });
    if granted.is_some() || !actor.is_signed_in() { Ok(granted) } else { store::home(db, &actor.id).await }
}

/// Reads parameters for an actor; what does not read is in the faults.
pub async fn read(app: &App, db: &mut Connection, actor: &Actor, params: &Params) -> Result<(Asked, Faults)> {
    let divisions = app.divisions.get();
    let text = params.near.as_deref().unwrap_or_default();
    let named = !text.trim().is_empty() && !place::is_point(text);
    let meant = if named { division::meant(db, &divisions, text).await? } else { Vec::new() };
    let (now, home) = (ask::local(app.now()), home(db, actor).await?);
    let (mut asked, faults) = params.read(&Known { divisions: &divisions, calendar: &app.calendar.get(), now, home, meant });
    asked.told = told(db, &divisions, &asked.words).await?;
    Ok((asked, faults))
}

/// Searches. With `strict`, parameters that do not read are refused; else they are left out and told.
pub async fn search(app: &App, actor: &Actor, params: &Params, language: Language, strict: bool) -> Result<(Found, Faults)> {
    let mut db = app.store.read().await?;
    let (asked, mut faults) = read(app, &mut db, actor, params).await?;
    if strict {
        std::mem::take(&mut faults).settle()?;
    }
    let viewer = viewer(&mut db, actor).await?;
    let found = find(app, &mut db, asked, viewer, language).await?;
    drop(db);
    gap::actions::note(app, actor, &found).await;
    Ok((found, faults))
}

async fn find(app: &App, db: &mut Connection, mut asked: Asked, viewer: Viewer, language: Language) -> Result<Found> {
    let index = app.index.get();
    let bodies = bodies(app, &asked, &viewer);
    let mut hits = index.search(&query(app, &asked, viewer.clone(), language))?;
    if hits.hits.is_empty() && hits.total > 0 && asked.cursor.is_none() {
        // A page behind the last one: the list has become shorter since its link was made.
        asked.page = hits.total.div_ceil(asked.per_page);
        hits = index.search(&query(app, &asked, viewer, language))?;
    }
    let mut phones = BTreeMap::new();
    for hit in &hits.hits {
        let organization = hit.entry.organization.as_str();
        if !phones.contains_key(organization)
            && let Some(phone) = store::phone(db, organization).await?
        {
            phones.insert(organization.to_owned(), phone);
        }
    }
    Ok(Found { asked, hits, bodies, phones })
}

/// Organizations that are told beside the hits.
const MOST_BODIES: usize = 5;

/// The organizations that the words name; on the first page, unless one is looked at already.
fn bodies(app: &App, asked: &Asked, viewer: &Viewer) -> Vec<Arc<Body>> {
    if asked.words.trim().is_empty() || asked.page > 1 || asked.cursor.is_some() || asked.filters.organization.is_some() {
        return Vec::new();
    }
    let home = asked.place.as_ref().and_then(|place| place.division(&app.divisions.get()));
    app.index.get().bodies(&asked.words, home.as_ref(), MOST_BODIES, |body| viewer.finds(body.visibility, &body.id))
}

/// Searches for the person at the machine: at the workers' level, without restricted entries. `near` is as in [`Params`]. The answer serialises as the JSON route's, and displays as lines for a terminal.
/// An index in memory is filled first, so that a command can search beside a running server.
pub async fn search_text(app: &App, words: &str, near: Option<&str>, limit: usize, locale: Locale) -> Result<Answer> {
    let near = Some(near.unwrap_or_default().to_owned());
    let params = Params { q: words.to_owned(), near, per_page: limit.to_string(), ..Params::default() };
    if app.index.get().is_empty() {
        catch_up(app).await?;
    }
    let mut db = app.store.read().await?;
    let (asked, faults) = read(app, &mut db, &Actor::system(), &params).await?;
    faults.settle()?;
    let found = find(app, &mut db, asked, Viewer::worker(), locale.into()).await?;
    Ok(Answer::of(app, &found, &Words::of(app, locale)))
}

/// How words would be understood, and the first hundred of what they would find, were the vocabulary this one. Nothing is counted.
pub async fn trial(app: &App, actor: &Actor, words: &str, vocabulary: Arc<Vocabulary>) -> Result<Hits> {
    let params = Params { q: words.to_owned(), per_page: "100".into(), ..Params::default() };
    let mut db = app.store.read().await?;
    let (asked, _) = read(app, &mut db, actor, &params).await?;
    let viewer = viewer(&mut db, actor).await?;
    let query = Query { facets: false, ..query(app, &asked, viewer, Language::default()) };
    Ok(app.index.get().reading(vocabulary).search(&query)?)
}

/// What the index is asked.
#[must_use]
pub fn query(app: &App, asked: &Asked, viewer: Viewer, language: Language) -> Query {
    let division = asked.place.as_ref().and_then(|place| place.division(&app.divisions.get()));
    let first = (asked.page - 1).saturating_mul(asked.per_page);
    Query {
        taken_off: asked.taken_off.clone(),
        places_off: asked.places_off.clone(),
        places_told: asked.told.clone(),
        filters: asked.filters.clone(),
        near: asked.near().cloned(),
        sort: asked.sort,
        offset: asked.cursor.as_ref().map_or(first, |cursor| cursor.skipped),
        after: asked.cursor.as_ref().map(|cursor| cursor.after.clone()),
        limit: asked.per_page,
        viewer,
        language,
        periods: *app.periods.get(),
        facets: true,
        moment: Some(ask::moment(&app.calendar.get(), ask::local(app.now()), division.as_ref())),
        ..Query::new(asked.words.clone(), app.now())
    }
}

/// Names that typed words may mean.
pub async fn suggest(app: &App, actor: &Actor, words: &str, limit: usize) -> Result<Vec<Suggestion>> {
    let viewer = viewer(&mut *app.store.read().await?, actor).await?;
    let words: String = words.chars().take(60).collect();
    Ok(app.index.get().suggest(&words, &viewer, limit))
}

/// A service as a person sees it.
pub struct Seen {
    /// The service with all that belongs to it.
    pub whole: Whole,
    /// Places, by service at a location.
    pub places: Vec<Vec<Place>>,
    /// The last confirmation of each fact.
    pub confirmations: Vec<Confirmation>,
    /// One offering, for its visibility; of a service without a location too.
    pub offering: Offering,
    /// Whether it is of the person's own organization, or the person's to check.
    pub own: bool,
    /// Whether the person reads at the workers' level.
    pub works: bool,
    /// The service it was merged into, and its name.
    pub went_into: Option<(ServiceId, String)>,
}

/// The service that a merged one went into, and its name, where it is there for the person: an old link leads there.
pub async fn successor(
    db: &mut Connection,
    actor: &Actor,
    id: &ServiceId,
    today: jiff::civil::Date,
) -> Result<Option<(ServiceId, String)>> {
    let Some(into) = services::went_into(db, id).await? else { return Ok(None) };
    let whole = store::whole(db, &into).await?.filter(|whole| is_whole_there(actor, whole, today));
    Ok(whole.map(|whole| (into, whole.service.name)))
}

/// A service, by direct link: the table "Visible to whom" says to whom it is there.
pub async fn service(app: &App, actor: &Actor, id: &ServiceId) -> Result<Seen> {
    let mut db = app.store.read().await?;
    let missing = || Error::missing("service", id);
    let whole = store::whole(&mut db, id).await?.ok_or_else(missing)?;
    if !is_whole_there(actor, &whole, app.today()) {
        return Err(missing());
    }
    let offering = one_offering(&whole);
    let works = directory_level(actor) == "workers";
    let own = is_own(actor, &whole.organization);
    let mut places = Vec::with_capacity(whole.sites.len());
    for (site, _) in &whole.sites {
        places.push(places::of(&mut db, &site.id).await?);
    }
    let confirmations = store::confirmations(&mut db, &whole).await?;
    let went_into = successor(&mut db, actor, id, app.today()).await?;
    Ok(Seen { whole, places, confirmations, offering, own, works, went_into })
}

/// Whether workers find an entry as it stands.
#[must_use]
pub fn is_found_by_workers(seen: &Seen, day: jiff::civil::Date) -> bool {
    let viewer = Viewer { level: Level::Workers, restricted: BTreeSet::new() };
    viewer.finds(seen.offering.visibility(day), &seen.whole.organization.id.as_str().into())
}

/// Whether it is of the person's own organization, entered by the person, or the person's to check: then it is there in every state.
fn is_own(actor: &Actor, organization: &Organization) -> bool {
    let facts = Facts { author: None, ..organization.facts() };
    actor.organizations(Role::Provider).any(|own| *own == organization.id)
        || organization.still_of(actor)
        || decide(actor, Action::VerifyDirectory, &facts).is_allowed()
}

fn is_whole_there(actor: &Actor, whole: &Whole, day: jiff::civil::Date) -> bool {
    is_own(actor, &whole.organization) || is_there(actor, &one_offering(whole), directory_level(actor) == "workers", day)
}

/// One offering of a service, for its visibility.
fn one_offering(whole: &Whole) -> Offering {
    whole.offerings().next().unwrap_or_else(|| without_location(whole))
}

fn is_there(actor: &Actor, offering: &Offering, works: bool, day: jiff::civil::Date) -> bool {
    let visibility = offering.visibility(day);
    let readable = match visibility.level {
        Level::Public => true,
        Level::Workers => works,
        Level::Restricted => reads_restricted(actor, &offering.organization),
    };
    let stands = match offering.organization.status {
        Status::Draft => false,
        // What was taken out is found by nobody, but a worker's old link still says what became of it.
        _ if works => true,
        _ => Viewer::public().finds(Visibility { level: Level::Public, ..visibility }, &"".into()),
    };
    readable && stands
}

/// The moment now, where a service is given.
#[must_use]
pub fn moment_at(app: &App, seen: &Seen) -> Moment {
    let division = seen.offering.location.as_ref().map_or(&seen.whole.organization.division, |place| &place.division);
    ask::moment(&app.calendar.get(), ask::local(app.now()), Some(division))
}

/// The offering of a service that is given nowhere yet.
fn without_location(whole: &Whole) -> Offering {
    let site = model::ServiceAtLocation {
        id: crate::id::ServiceAtLocationId::from_parts(jiff::Timestamp::UNIX_EPOCH, [0; 10]),
        service: whole.service.id.clone(),
        location: None,
        areas: Vec::new(),
    };
    Offering {
        site,
        service: whole.service.clone(),
        organization: whole.organization.clone(),
        location: None,
        program: whole.program.clone(),
        practitioner: whole.practitioner.clone(),
        fees: whole.fees.clone(),
    }
}
