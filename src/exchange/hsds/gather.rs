//! What of the directory the public may read: nothing that is confidential, hidden or not to be referred to.

use std::collections::BTreeSet;

use jiff::civil::Date;
use lianjie_index::entry::{Level, Mark, Shown};

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
use crate::organization::model::{Location, LocationType, Organization, Status};
use crate::organization::store as organizations;
use crate::search::Words;
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

/// Whether an offering is the public's to read.
#[must_use]
pub fn is_public(offering: &Offering, today: Date) -> bool {
    let visibility = offering.visibility(today);
    let shown = matches!(visibility.search, Shown::Yes | Shown::Marked(Mark::Expired | Mark::Edited));
    shown && visibility.level == Level::Public && !offering.hides_address()
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

/// Whether a service is kept from the public on purpose, and does not merely wait or rest.
fn is_secret(offering: &Offering) -> bool {
    offering.service.confidentiality != Level::Public || offering.service.do_not_refer || offering.hides_address()
}

/// An organization, as far as the public may know it: by a service that may be read, or by itself where nothing of it is kept back
/// on purpose. A refuge is not told of because the one service it has is not.
pub async fn known(db: &mut Connection, id: &OrganizationId, today: Date) -> Result<Option<Known>> {
    let Some(mut organization) = organizations::find(db, id).await?.filter(is_open) else { return Ok(None) };
    let (mut services, mut open, mut secret) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    let mut keeps_back = false;
    for one in services::of(db, id).await? {
        let Some(whole) = directory::whole(db, &one.id).await? else { continue };
        keeps_back |= one.confidentiality != Level::Public || one.do_not_refer;
        for offering in whole.offerings() {
            let place = offering.location.as_ref().map(|place| place.id.clone());
            if is_public(&offering, today) {
                open.extend(place);
            } else if is_secret(&offering) {
                secret.extend(place);
            }
        }
        services.extend(public(db, &whole, today).await?);
    }
    services.sort_by(|one, other| first_id(one).cmp(&first_id(other)));
    let (mut locations, withheld): (Vec<Location>, Vec<Location>) =
        organizations::locations(db, id).await?.into_iter().partition(|place| {
            // A location that only secret services are given at is not told.
            place.location_type != LocationType::Redacted && (open.contains(&place.id) || !secret.contains(&place.id))
        });
    keeps_back |= withheld.iter().any(|place| place.location_type == LocationType::Redacted);
    if services.is_empty() && keeps_back {
        return Ok(None);
    }
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
