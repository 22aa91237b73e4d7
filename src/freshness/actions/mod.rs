//! The queue of old facts; a link is made for an organization, and answered.

mod ask;

pub use ask::{APART, mail, remind, way_in};

use jiff::{SignedDuration, Timestamp, ToSpan};
use lianjie_index::DivisionCode;
use lianjie_index::entry::{Fee, Level};

use super::store::{self, Stale};
use crate::access::{Action, Actor, Facts, Held, Role, decide};
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Result};
use crate::id::{OrganizationId, ServiceAtLocationId, ServiceId};
use crate::link::{self, Link, Made, Purpose, actions as links, dead};
use crate::organization;
use crate::organization::model::{Location, Organization, Status as Standing};
use crate::secret::digest;
use crate::service::actions as services;
use crate::service::actions::{Posting, Word};
use crate::service::model::{Place, Service, ServiceAtLocation, Status};
use crate::service::{places, store as entries};
use crate::store::{Connection, Part};

/// How many a page shows.
pub const PAGE: usize = 50;

/// Which facts are old.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// That it exists, its hours and telephone.
    #[default]
    Facts,
    /// Its free places.
    Places,
    /// Whether it exists at all: a department's list lacks its organization.
    Doubts,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Facts, Self::Places, Self::Doubts];

    /// The name, as in addresses and `locales/`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Facts => "facts",
            Self::Places => "places",
            Self::Doubts => "doubts",
        }
    }

    /// Reads a name; anything unknown is facts.
    #[must_use]
    pub fn of(name: &str) -> Self {
        Self::ALL.into_iter().find(|known| known.name() == name).unwrap_or_default()
    }
}

/// Where the actor asks: a registrar or coordinator in the division, a station's people in the county.
async fn division(db: &mut Connection, actor: &Actor) -> Result<DivisionCode> {
    if let Some(division) = actor.divisions(Role::Registrar).chain(actor.divisions(Role::Coordinator)).next() {
        return Ok(division);
    }
    let Some(station) = actor.organizations(Role::Worker).chain(actor.organizations(Role::Supervisor)).next() else {
        return Err(Error::Forbidden { why: "role" });
    };
    let found = organization::store::find(db, station).await?.ok_or_else(|| Error::missing("organization", station))?;
    Ok(found.division.county())
}

/// A page of what is old, from 1, and how much there is.
pub async fn queue(app: &App, actor: &Actor, kind: Kind, page: usize) -> Result<(Vec<Stale>, usize)> {
    let mut db = app.store.read().await?;
    let division = division(&mut db, actor).await?;
    let part = Part::numbered(page, PAGE);
    let (mut found, total) = match kind {
        Kind::Facts => {
            let since = app.today().saturating_sub(app.periods.get().hours.days());
            store::unconfirmed(&mut db, &division, since, app.today(), part).await?
        }
        Kind::Places => {
            let since = app.now() - SignedDuration::from_hours(24 * app.periods.get().places);
            store::unposted(&mut db, &division, since, app.today(), part).await?
        }
        Kind::Doubts => store::doubted(&mut db, &division, doubts_since(app), app.today(), part).await?,
    };
    found.retain(|stale| {
        let facts = Facts {
            thing: "organization",
            id: stale.organization.to_string(),
            organization: Some(stale.organization.clone()),
            division: Some(stale.division.clone()),
            ..Facts::default()
        };
        decide(actor, Action::ConfirmFreshness, &facts).is_allowed()
    });
    Ok((found, total))
}

/// Since when the word of a department counts: afterwards whether it exists is old anyway.
fn doubts_since(app: &App) -> Timestamp {
    app.now() - SignedDuration::from_hours(24 * app.periods.get().existence)
}

/// Has asked anew whether an organization exists, within a deed of another folder: a department's list lacks it.
pub async fn doubt(db: &mut Connection, actor: &Actor, organization: &Organization, department: &str, at: Timestamp) -> Result<()> {
    decide(actor, Action::ImportDirectory, organization).allowed()?;
    store::doubt(db, &organization.id, department, &actor.id, at).await?;
    audit::record(db, actor, Event::new("organization.doubted", "organization", &organization.id), at).await
}

/// Makes a link by which an organization confirms what is listed of it; one made before ends. It is shown once.
pub async fn make(app: &App, actor: &Actor, id: &OrganizationId) -> Result<Made> {
    let at = app.now();
    let mut tx = app.begin().await?;
    may_link(&mut tx, actor, id).await?;
    let made = links::make(app, &mut tx, actor, Purpose::Confirmation, id.as_str(), at).await?;
    audit::record(&mut tx, actor, Event::new("link.made", "organization", id), at).await?;
    tx.commit(at).await?;
    Ok(made)
}

/// Fails unless the actor may ask the organization by a link, and a link may show what is listed of it.
async fn may_link(db: &mut Connection, actor: &Actor, id: &OrganizationId) -> Result<()> {
    let organization = organization::load(db, actor, id).await?;
    decide(actor, Action::ConfirmFreshness, &organization).allowed()?;
    if organization.status != Standing::Verified {
        return Err(Error::Conflict { why: "organization_unverified" });
    }
    if confirmable(&organization) { Ok(()) } else { Err(Error::Forbidden { why: "role" }) }
}

/// Whether a link may show what is listed of an organization: a refuge is confirmed on the phone.
fn confirmable(organization: &Organization) -> bool {
    organization.status == Standing::Verified && organization.confidentiality != Level::Restricted
}

/// Where a service is given, as its organization confirms it.
#[derive(Debug)]
pub struct Site {
    /// The service there.
    pub site: ServiceAtLocation,
    /// The location; absent where it is given without one.
    pub location: Option<Location>,
    /// The places that count today.
    pub place: Option<Place>,
}

/// A service as its organization confirms it.
#[derive(Debug)]
pub struct Asked {
    /// The service.
    pub service: Service,
    /// What it costs.
    pub fees: Vec<Fee>,
    /// Where it is given.
    pub sites: Vec<Site>,
}

/// What a link opens: the organization, and what is listed of it.
pub async fn opened(app: &App, token: &str) -> Result<(Link, Organization, Vec<Asked>)> {
    let mut db = app.store.read().await?;
    let link = links::find(app, &mut db, Purpose::Confirmation, token).await?;
    let id = OrganizationId::parse(&link.subject).map_err(|_| dead())?;
    let organization = organization::store::find(&mut db, &id).await?.filter(confirmable).ok_or_else(dead)?;
    let locations = organization::store::locations(&mut db, &id).await?;
    let shown = |service: &Service| service.status == Status::Active && service.confidentiality != Level::Restricted;
    let mut asked = Vec::new();
    for service in entries::of(&mut db, &id).await?.into_iter().filter(shown) {
        let mut sites = Vec::new();
        for site in entries::sites(&mut db, &service.id).await? {
            let location = locations.iter().find(|location| site.location.as_ref() == Some(&location.id)).cloned();
            let rows = places::of(&mut db, &site.id).await?;
            sites.push(Site { location, place: places::row_for(&rows, app.today()).cloned(), site });
        }
        let fees = entries::fees(&mut db, &service.id).await?.into_iter().map(|row| row.fee);
        asked.push(Asked { fees: fees.collect(), service, sites });
    }
    Ok((link, organization, asked))
}

/// What the holder of a link says.
#[derive(Debug, Clone)]
pub enum Said {
    /// All of it still holds.
    All,
    /// One service still holds.
    Holds(ServiceId),
    /// So many places are free now.
    Free(ServiceAtLocationId, u32),
    /// Something has changed.
    Changed(ServiceId, String),
}

/// What the screen shows, as one word: who says that it holds says it of this.
#[must_use]
pub fn state(organization: &Organization, asked: &[Asked]) -> String {
    let of = |asked: &Asked| {
        let Asked { service, fees, sites } = asked;
        let sites: Vec<_> = sites.iter().map(|site| (&site.site.id, &site.site.areas)).collect();
        format!("{:?}", (&service.id, &service.name, &service.terms, &service.schedule, fees, sites))
    };
    let told: Vec<String> = asked.iter().map(of).collect();
    digest(format!("{:?}{told:?}", organization.phones).as_bytes())
}

/// Takes the answer; `state` is what the screen showed, empty where none was shown. That all holds uses the link up; gives whether it
/// is.
pub async fn answer(app: &App, token: &str, said: &Said, shown: &str) -> Result<bool> {
    let (link, organization, asked) = opened(app, token).await?;
    if matches!(said, Said::All | Said::Holds(_)) && !shown.is_empty() && shown != state(&organization, &asked) {
        return Err(Error::invalid("state", "seen_changed"));
    }
    let held = Held { thing: "organization", id: organization.id.to_string(), link: link.id.clone() };
    let holder = Actor::link(organization.id.clone(), organization.name.clone(), held);
    let own = |id: &ServiceId| asked.iter().any(|asked| asked.service.id == *id);
    match said {
        Said::All => {
            for asked in &asked {
                services::confirm(app, &holder, &asked.service.id, "own").await?;
            }
            let at = app.now();
            let mut tx = app.begin().await?;
            link::using(&mut tx, &link.id, at).await?;
            tx.commit(at).await?;
            return Ok(true);
        }
        Said::Holds(id) if own(id) => services::confirm(app, &holder, id, "own").await?,
        Said::Changed(id, text) if own(id) => services::suggest(app, &holder, id, "other", text, None).await?,
        Said::Free(site, free) if asked.iter().any(|asked| asked.sites.iter().any(|there| there.site.id == *site)) => {
            services::post_places(app, &holder, site, Word { term: None, posting: Posting::Free(*free), spoke_with: "" }, None).await?;
        }
        _ => return Err(dead()),
    }
    Ok(false)
}
