//! What of the directory the public may read: nothing that is confidential, hidden or not to be referred to.

use std::collections::BTreeSet;

use jiff::civil::Date;
use lianjie_index::entry::Level;

use super::object::Object;
use super::store;
use super::terms::Terms;
use super::write::{self, Parts, Posted, Written};
use crate::app::App;
use crate::calendar::model::Calendar;
use crate::division::model::Divisions;
use crate::error::Result;
use crate::id::{OrganizationId, ProgramId, ServiceId};
use crate::locale::Locale;
use crate::organization::model::{Location, Organization, Status};
use crate::organization::store as organizations;
use crate::search::Words;
use crate::search::disclosure::{Disclosure, is_public};
use crate::search::store::{self as directory, Whole};
use crate::service::model::Offering;
use crate::service::{places, stated, store as services};
use crate::store::Connection;

/// A service as far as the public may know it.
#[derive(Debug)]
pub struct Public {
    /// It, at each place the public may know of; at least one.
    pub offerings: Vec<Offering>,
    /// What belongs to it.
    pub posted: Posted,
}

/// A service, as far as the public may know it.
pub async fn service(db: &mut Connection, id: &ServiceId, today: Date) -> Result<Option<Public>> {
    match directory::whole(db, id).await? {
        Some(whole) => public(db, &whole, today).await,
        None => Ok(None),
    }
}

async fn public(db: &mut Connection, whole: &Whole, today: Date) -> Result<Option<Public>> {
    let id = &whole.service.id;
    let mut offerings: Vec<Offering> = whole.offerings().filter(|offering| is_public(offering, today)).collect();
    if offerings.is_empty() {
        return Ok(None);
    }
    offerings.sort_by(|one, other| one.site.id.cmp(&other.site.id));
    let mut posted = Posted {
        fees: services::fees(db, id).await?,
        modified: store::modified(db, id).await?,
        confirmed: store::confirmed(db, id.as_str(), &stated::of_service(&whole.service, &whole.fees)).await?,
        places: Vec::new(),
    };
    posted.fees.sort_by(|one, other| one.id.cmp(&other.id));
    for offering in &offerings {
        posted.places.extend(places::of(db, &offering.site.id).await?);
    }
    Ok(Some(Public { offerings, posted }))
}

/// What of an organization the public may know.
#[derive(Debug)]
pub struct Known {
    /// It.
    pub organization: Organization,
    /// Its services that the public may read.
    pub services: Vec<Public>,
    /// Its locations that are told.
    pub locations: Vec<Location>,
}

/// Whether an organization is the public's to know of, as far as that is said of itself.
fn is_open(organization: &Organization) -> bool {
    let listed = organization.status == Status::Verified && organization.listed;
    listed && !organization.do_not_refer && organization.confidentiality == Level::Public
}

/// An organization, as far as the public may know it: by a service that may be read, or by itself where nothing of it is kept back
/// on purpose.
pub async fn known(db: &mut Connection, id: &OrganizationId, today: Date) -> Result<Option<Known>> {
    let Some(mut organization) = organizations::find(db, id).await?.filter(is_open) else { return Ok(None) };
    let locations = organizations::locations(db, id).await?;
    let disclosure = Disclosure::of(db, id, &locations, today).await?;
    if disclosure.is_withheld() {
        return Ok(None);
    }
    let mut services = Vec::new();
    for whole in &disclosure.services {
        services.extend(public(db, whole, today).await?);
    }
    services.sort_by(|one, other| first_id(one).cmp(&first_id(other)));
    let (mut locations, withheld): (Vec<Location>, Vec<Location>) = locations.into_iter().partition(|place| disclosure.tells(place));
    // What a location does not say its organization does not say either.
    if withheld.iter().any(|place| place.address == organization.address) {
        organization.address.clear();
    }
    locations.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(Some(Known { organization, services, locations }))
}

fn first_id(public: &Public) -> Option<&ServiceId> {
    public.offerings.first().map(|offering| &offering.service.id)
}

/// What writing needs, held for as long as one answer or package is made.
pub struct Names {
    terms: Terms,
    words: Words,
    divisions: std::sync::Arc<Divisions>,
    calendar: std::sync::Arc<Calendar>,
    today: Date,
}

impl Names {
    /// The names of a running product.
    #[must_use]
    pub fn of(app: &App) -> Self {
        Self {
            terms: Terms::of(app),
            words: Words::of(app, Locale::Zh),
            divisions: app.divisions.get(),
            calendar: app.calendar.get(),
            today: app.today(),
        }
    }

    /// The taxonomies.
    #[must_use]
    pub const fn terms(&self) -> &Terms {
        &self.terms
    }

    /// The day that counts.
    #[must_use]
    pub const fn today(&self) -> Date {
        self.today
    }

    /// What [`write`] asks for.
    #[must_use]
    pub fn written(&self) -> Written<'_> {
        Written { terms: &self.terms, words: &self.words, divisions: &self.divisions, calendar: &self.calendar, today: self.today }
    }
}

/// How much of the services of an organization is written into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Services {
    /// Each by itself.
    Compact,
    /// Each with all that belongs to it.
    Full,
}

/// An organization with what belongs to it, if the public may know of it.
pub async fn organization(db: &mut Connection, id: &OrganizationId, names: &Names, with: Services) -> Result<Option<Object>> {
    let Some(Known { organization: found, services: public, locations }) = known(db, id, names.today).await? else { return Ok(None) };
    let parent_is_public = match &found.parent {
        Some(parent) => known(db, parent, names.today).await?.is_some(),
        None => false,
    };
    let projects: BTreeSet<ProgramId> =
        public.iter().flat_map(|one| &one.offerings).filter_map(|one| one.program.as_ref()).map(|one| one.id.clone()).collect();
    let mut programs = organizations::programs(db, id).await?;
    programs.retain(|program| projects.contains(&program.id));
    programs.sort_by(|one, other| one.id.cmp(&other.id));
    let confirmed = store::confirmed(db, id.as_str(), &[stated::of_phones(&found.phones)]).await?;
    let written = names.written();
    let parts = Parts { locations: &locations, programs: &programs, confirmed: &confirmed, parent_is_public };
    let object = write::organization(&found, &parts, &written);
    let inside = public.iter().filter_map(|one| match with {
        Services::Compact => one.offerings.first().map(|first| write::service_compact(first, &one.posted, &written)),
        Services::Full => write::service(&one.offerings, &one.posted, &written),
    });
    // Whose they are is said by where they stand.
    let inside = inside.map(|mut service| {
        service.0.shift_remove("organization");
        service
    });
    Ok(Some(object.list("services", inside.collect())))
}
