//! What can be referred to around the demo's stage, by leaf.

use jiff::civil::Date;
use lianjie_index::entry::Level;
use lianjie_index::{Area, DivisionCode};
use std::collections::BTreeMap;

use super::body::Body;
use super::draw::Draw;
use crate::id::{OrganizationId, ServiceAtLocationId};
use crate::organization::model::Status as Organized;
use crate::service::model::Status;

/// A service at a location that takes referrals.
#[derive(Debug, Clone)]
pub struct Offer {
    pub site: ServiceAtLocationId,
    pub organization: OrganizationId,
    division: DivisionCode,
    areas: Vec<Area>,
}

impl Offer {
    /// Whether it reaches a township: as it says, or else its own county.
    fn reaches(&self, town: &DivisionCode) -> bool {
        let at_home = self.division.county() == town.county();
        let within = |area: &Area| area.division().map_or(at_home, |division| division.contains(town));
        if self.areas.is_empty() { at_home } else { self.areas.iter().any(within) }
    }
}

/// All of them.
#[derive(Debug, Default)]
pub struct Offers(BTreeMap<String, Vec<Offer>>);

impl Offers {
    /// Notes what a body offers, as far as it takes referrals on a day.
    pub fn note(&mut self, body: &Body, today: Date) {
        let organization = &body.organization;
        let licensed = body.practitioner.as_ref().is_none_or(|person| person.licence_until.is_none_or(|until| until >= today));
        let over = body.programs.iter().filter(|program| program.to < today).map(|program| &program.id).collect::<Vec<_>>();
        if organization.status != Organized::Verified
            || organization.do_not_refer
            || organization.confidentiality == Level::Restricted
            || !licensed
        {
            return;
        }
        for given in &body.services {
            let service = &given.service;
            let runs = service.program.as_ref().is_none_or(|program| !over.contains(&program));
            if !runs || service.status != Status::Active || service.checked.is_none() || service.do_not_refer {
                continue;
            }
            let Some(site) = given.sites.first() else { continue };
            let offer = Offer {
                site: site.id.clone(),
                organization: organization.id.clone(),
                division: organization.division.clone(),
                areas: site.areas.clone(),
            };
            for term in &service.terms {
                self.0.entry(term.to_string()).or_default().push(offer.clone());
            }
        }
    }

    /// Whether anybody offers a leaf to a township.
    pub fn has(&self, leaf: &str, town: &DivisionCode) -> bool {
        self.0.get(leaf).is_some_and(|offers| offers.iter().any(|offer| offer.reaches(town)))
    }

    /// One for a leaf that reaches a township; a favourite body's first.
    pub fn pick(
        &self,
        draw: &mut Draw,
        leaf: &str,
        town: &DivisionCode,
        favourites: &[OrganizationId],
        not: Option<&ServiceAtLocationId>,
    ) -> Option<&Offer> {
        let fits = |offer: &&Offer| offer.reaches(town) && not != Some(&offer.site);
        let offers: Vec<&Offer> = self.0.get(leaf)?.iter().filter(fits).collect();
        let favourite = offers.iter().find(|offer| favourites.contains(&offer.organization)).filter(|_| draw.chance(70));
        favourite.or_else(|| draw.maybe_one(&offers)).copied()
    }
}
