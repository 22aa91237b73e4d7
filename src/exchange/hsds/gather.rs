//! What of the directory the public may read: nothing that is confidential, hidden or not to be referred to.

use std::collections::BTreeSet;

use jiff::civil::Date;
use lianjie_index::entry::{Level, Mark, Shown};

use super::object::Object;
use super::store;
use super::terms::Terms;
use super::write::{self, Posted, Written};
use crate::app::App;
use crate::calendar::model::Calendar;
use crate::division::model::Divisions;
use crate::error::Result;
use crate::id::{OrganizationId, ServiceId};
use crate::locale::Locale;
use crate::organization::model::Organization;
use crate::organization::store as organizations;
use crate::search::Words;
use crate::search::store as directory;
use crate::service::model::Offering;
use crate::service::{places, store as services};
use crate::store::Connection;

/// A service as far as the public may know it.
#[derive(Debug)]
pub struct Public {
    /// It, at each place the public may know of; at least one.
    pub offerings: Vec<Offering>,
    /// What belongs to it.
    pub posted: Posted,
}

impl Public {
    /// Whose it is.
    #[must_use]
    pub fn organization(&self) -> Option<&Organization> {
        self.offerings.first().map(|offering| &offering.organization)
    }
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
    let Some(whole) = directory::whole(db, id).await? else { return Ok(None) };
    let mut offerings: Vec<Offering> = whole.offerings().filter(|offering| is_public(offering, today)).collect();
    if offerings.is_empty() {
        return Ok(None);
    }
    offerings.sort_by(|one, other| one.site.id.cmp(&other.site.id));
    let mut posted = Posted { fees: services::fees(db, id).await?, modified: store::modified(db, id).await?, places: Vec::new() };
    posted.fees.sort_by(|one, other| one.id.cmp(&other.id));
    for offering in &offerings {
        posted.places.extend(places::of(db, &offering.site.id).await?);
    }
    Ok(Some(Public { offerings, posted }))
}

/// The services of an organization that the public may read.
pub async fn services_of(db: &mut Connection, id: &OrganizationId, today: Date) -> Result<Vec<Public>> {
    let mut found = Vec::new();
    for one in services::of(db, id).await? {
        found.extend(service(db, &one.id, today).await?);
    }
    found.sort_by(|one, other| first_id(one).cmp(&first_id(other)));
    Ok(found)
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

/// An organization with what belongs to it, if the public may read any service of it.
pub async fn organization(db: &mut Connection, id: &OrganizationId, names: &Names, with: Services) -> Result<Option<Object>> {
    let public = services_of(db, id, names.today).await?;
    let Some(found) = public.first().and_then(Public::organization).cloned() else { return Ok(None) };
    let parent_is_public = match &found.parent {
        Some(parent) => !services_of(db, parent, names.today).await?.is_empty(),
        None => false,
    };
    // A location that only confidential services are given at is not told.
    let offerings = || public.iter().flat_map(|one| &one.offerings);
    let known: BTreeSet<&str> = offerings().filter_map(|one| one.location.as_ref()).map(|place| place.id.as_str()).collect();
    let mut locations = organizations::locations(db, id).await?;
    locations.retain(|place| known.contains(place.id.as_str()));
    locations.sort_by(|one, other| one.id.cmp(&other.id));
    let projects: BTreeSet<&str> = offerings().filter_map(|one| one.program.as_ref()).map(|one| one.id.as_str()).collect();
    let mut programs = organizations::programs(db, id).await?;
    programs.retain(|program| projects.contains(program.id.as_str()));
    programs.sort_by(|one, other| one.id.cmp(&other.id));
    let object = write::organization(&found, &locations, &programs, parent_is_public, &names.terms, &names.divisions);
    let written = names.written();
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
