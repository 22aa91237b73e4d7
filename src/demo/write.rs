//! Writes bodies through the folders' stores.

use jiff::Timestamp;

use super::body::Body;
use crate::error::Result;
use crate::organization::store as organizations;
use crate::service::{places, store as services};
use crate::store::Tx;

/// Writes a body with all that belongs to it.
pub async fn write(tx: &mut Tx, body: &Body, at: Timestamp) -> Result<()> {
    let province = organizations::province(&body.organization.division);
    organizations::insert(tx, &body.organization, at).await?;
    for location in &body.locations {
        organizations::put_location(tx, location, at).await?;
    }
    if let Some(practitioner) = &body.practitioner {
        organizations::put_practitioner(tx, practitioner, &province, at).await?;
    }
    for program in &body.programs {
        organizations::put_program(tx, program, &province, at).await?;
    }
    for given in &body.services {
        services::insert(tx, &given.service, &province, at).await?;
        for fee in &given.fees {
            services::insert_fee(tx, fee).await?;
        }
        for site in &given.sites {
            services::put_site(tx, site, &province, at).await?;
        }
        for place in &given.places {
            places::post(tx, place, &province, at).await?;
        }
    }
    Ok(())
}
