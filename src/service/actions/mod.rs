//! What is done with services: written, checked, confirmed, filled.

mod feedback;
mod verify;

pub use feedback::{confirm, settle, suggest, suggestions};
pub use verify::{check, step_organization};

use crate::access::Actor;
use crate::error::{Error, Result};
use crate::id::ServiceId;
use crate::organization;
use crate::organization::model::Organization;
use crate::store::Connection;

use super::model::Service;
use super::store;

/// A service with its organization, if they are there for the actor.
pub(super) async fn load(db: &mut Connection, actor: &Actor, id: &ServiceId) -> Result<(Service, Organization)> {
    let missing = || Error::missing("service", id);
    let service = store::find(db, id).await?.ok_or_else(missing)?;
    let organization = organization::load(db, actor, &service.organization).await.map_err(|error| match error {
        Error::Missing { .. } => missing(),
        other => other,
    })?;
    Ok((service, organization))
}

/// Fails where somebody changed the thing meanwhile.
pub(super) fn at_version(found: i64, read: i64) -> Result<()> {
    if found == read { Ok(()) } else { Err(Error::Conflict { why: "changed" }) }
}
