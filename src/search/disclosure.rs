//! What the public is told of an organization: the same for the search as for what is given on in HSDS.
//!
//! A refuge is not told of because the one service it has is not, and a house that only secret services use is not told either.

use std::collections::BTreeSet;

use jiff::civil::Date;
use lianjie_index::entry::{Level, Mark, Shown};

use super::store::{self, Whole};
use crate::error::Result;
use crate::id::{LocationId, OrganizationId};
use crate::organization::model::{Location, LocationType};
use crate::service::model::Offering;
use crate::service::store as services;
use crate::store::Connection;

/// Whether an offering is the public's to read.
#[must_use]
pub fn is_public(offering: &Offering, today: Date) -> bool {
    let visibility = offering.visibility(today);
    let shown = matches!(visibility.search, Shown::Yes | Shown::Marked(Mark::Expired | Mark::Edited));
    shown && visibility.level == Level::Public && !offering.hides_address()
}

/// Whether a service is kept from the public on purpose, and does not merely wait or rest.
fn is_secret(offering: &Offering) -> bool {
    offering.service.confidentiality != Level::Public || offering.service.do_not_refer || offering.hides_address()
}

/// What of an organization's services is open, and what is kept back on purpose.
#[derive(Debug)]
pub struct Disclosure {
    /// Its services, with all that belongs to them.
    pub services: Vec<Whole>,
    /// Whether the public may read one of them.
    open: bool,
    /// Whether a service, or a location, is kept back on purpose.
    keeps_back: bool,
    /// Where open services are given.
    open_places: BTreeSet<LocationId>,
    /// Where secret ones are.
    secret_places: BTreeSet<LocationId>,
}

impl Disclosure {
    /// Reads what an organization gives; `locations` are all it has.
    pub async fn of(db: &mut Connection, id: &OrganizationId, locations: &[Location], today: Date) -> Result<Self> {
        let mut found = Self {
            services: Vec::new(),
            open: false,
            keeps_back: locations.iter().any(|place| place.location_type == LocationType::Redacted),
            open_places: BTreeSet::new(),
            secret_places: BTreeSet::new(),
        };
        for one in services::of(db, id).await? {
            let Some(whole) = store::whole(db, &one.id).await? else { continue };
            found.keeps_back |= one.confidentiality != Level::Public || one.do_not_refer;
            for offering in whole.offerings() {
                let place = offering.location.as_ref().map(|place| place.id.clone());
                if is_public(&offering, today) {
                    found.open = true;
                    found.open_places.extend(place);
                } else if is_secret(&offering) {
                    found.secret_places.extend(place);
                }
            }
            found.services.push(whole);
        }
        Ok(found)
    }

    /// Whether the public is not told of the organization at all.
    #[must_use]
    pub const fn is_withheld(&self) -> bool {
        !self.open && self.keeps_back
    }

    /// Whether a location is told.
    #[must_use]
    pub fn tells(&self, place: &Location) -> bool {
        place.location_type != LocationType::Redacted && (self.open_places.contains(&place.id) || !self.secret_places.contains(&place.id))
    }
}
