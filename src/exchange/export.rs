//! The public directory: what anybody may read, and nothing that is confidential, hidden or not to be referred to.

use lianjie_index::entry::{Level, Mark, Shown};

use super::model::{CostOption, Identifier, PublicDirectory, PublicLocation, PublicOrganization, PublicPhone, PublicService, PublicSite};
use crate::app::App;
use crate::error::Result;
use crate::organization::model::{Location, LocationType, Organization, Status};
use crate::organization::store as organizations;
use crate::service::model::Offering;
use crate::service::store as services;

/// Gathers what the public may see.
pub async fn public_directory(app: &App) -> Result<PublicDirectory> {
    const EVERY: i64 = i64::MAX;
    let today = app.today();
    let mut db = app.store.read().await?;
    let mut directory = PublicDirectory { version: "3.1", organizations: Vec::new(), services: Vec::new() };
    for organization in organizations::of_status(&mut db, Status::Verified, "", EVERY).await? {
        if organization.confidentiality != Level::Public || !organization.listed || organization.do_not_refer {
            continue;
        }
        let before = directory.services.len();
        for service in services::of(&mut db, &organization.id).await? {
            let offerings = services::offerings(&mut db, &service.id).await?;
            let open: Vec<Offering> = offerings.into_iter().filter(|offering| is_public(offering, today)).collect();
            directory.services.extend(service_of(&open));
        }
        if directory.services.len() > before {
            let locations = organizations::locations(&mut db, &organization.id).await?;
            directory.organizations.push(organization_of(organization, locations));
        }
    }
    Ok(directory)
}

fn is_public(offering: &Offering, today: jiff::civil::Date) -> bool {
    let visibility = offering.visibility(today);
    let shown = matches!(visibility.search, Shown::Yes | Shown::Marked(Mark::Expired | Mark::Edited));
    shown && visibility.level == Level::Public && !offering.hides_address()
}

fn organization_of(organization: Organization, locations: Vec<Location>) -> PublicOrganization {
    PublicOrganization {
        id: organization.id.to_string(),
        name: organization.name,
        description: organization.description,
        alternate_name: organization.alternate_name,
        website: organization.website,
        phones: organization.phones.into_iter().map(|number| PublicPhone { number }).collect(),
        organization_identifiers: organization
            .code_uscc
            .into_iter()
            .map(|identifier| Identifier { identifier_type: "USCC", identifier })
            .collect(),
        locations: locations.into_iter().filter(|place| place.location_type != LocationType::Redacted).map(location_of).collect(),
    }
}

fn location_of(location: Location) -> PublicLocation {
    PublicLocation {
        id: location.id.to_string(),
        location_type: organizations::name_of(&location.location_type),
        name: location.name,
        address: location.address,
        division: location.division.to_string(),
        latitude: location.point.map(|point| point.latitude),
        longitude: location.point.map(|point| point.longitude),
    }
}

fn service_of(offerings: &[Offering]) -> Option<PublicService> {
    let first = offerings.first()?;
    let checked = first.service.checked.as_ref()?;
    Some(PublicService {
        id: first.service.id.to_string(),
        organization_id: first.organization.id.to_string(),
        name: checked.name.clone(),
        description: checked.description.clone(),
        status: "active",
        taxonomy_terms: checked.terms.iter().map(ToString::to_string).collect(),
        application_process: first.service.application.clone(),
        assured_date: first.service.assured_at.map(|day| day.to_string()),
        service_at_locations: offerings
            .iter()
            .map(|offering| PublicSite {
                id: offering.site.id.to_string(),
                location_id: offering.site.location.as_ref().map(ToString::to_string),
                service_areas: offering.site.areas.iter().map(ToString::to_string).collect(),
            })
            .collect(),
        cost_options: first
            .fees
            .iter()
            .map(|fee| CostOption {
                option: fee.audience.to_string(),
                currency: "CNY",
                amount: fee.amount().and_then(|fen| i32::try_from(fen).ok()).map(|fen| f64::from(fen) / 100.0),
                amount_description: format!("{} / {}", organizations::name_of(&fee.level), fee.unit.as_deref().unwrap_or("visit")),
            })
            .collect(),
    })
}
