//! What is done with services: written, checked, confirmed, filled.

mod alike;
mod feedback;
mod history;
mod law;
mod post;
mod suggest;
mod verify;
mod write;

pub use alike::{Had, Like, had, own_likes};
pub use feedback::{confirm, confirm_all, unreached};
pub(crate) use history::keep;
pub use history::{
    Belonging, Change, Difference, location_history, organization_history, practitioner_history, program_history, put_back_location,
    put_back_organization, put_back_practitioner, put_back_program, put_back_service, service_history, unchecked,
};
pub use law::{against_organization, lawful, unlawful};
pub use post::{Posted, Posting, Term, Word, own_places, post_places, posted};
pub use suggest::{
    OF_ORGANIZATION, OF_SERVICE, Proposal, Settled, may_settle, propose, propose_location, settle, suggest, suggest_organization,
    suggestible, suggestions, to_settle,
};
pub use verify::{check, edit_organization, step_organization};
pub use write::{add, edit, editable, parts, writes_on_behalf};

use lianjie_index::entry::Level;

use crate::access::{Actor, directory_level};
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
    if !is_there(actor, &service, &organization) {
        return Err(missing());
    }
    Ok((service, organization))
}

/// Whether the service itself is not kept from the actor.
fn is_there(actor: &Actor, service: &Service, organization: &Organization) -> bool {
    organization::is_inside(actor, organization)
        || match service.confidentiality {
            Level::Public => true,
            Level::Workers => directory_level(actor) == "workers",
            Level::Restricted => organization::reads_restricted(actor, organization),
        }
}

/// Fails where somebody changed the thing meanwhile.
pub(super) fn at_version(found: i64, read: i64) -> Result<()> {
    if found == read { Ok(()) } else { Err(Error::Conflict { why: "changed" }) }
}
