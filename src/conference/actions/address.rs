//! Who gets the minutes of a meeting.

use super::super::store;
use super::{load, unsigned};
use crate::access::{Action, Actor};
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Result};
use crate::id::{ConferenceId, OrganizationId};
use crate::organization;

/// Names a body, or somebody of it, that gets the minutes, or takes it off the list; not once they are signed.
pub async fn address(app: &App, actor: &Actor, id: &ConferenceId, (body, person): (&OrganizationId, &str), gets: bool) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let conference = load(&mut tx, actor, Action::RunMeeting, id).await?;
    unsigned(&conference)?;
    organization::store::find(&mut tx, body).await?.ok_or_else(|| Error::invalid("receiver", "choice"))?;
    let person = person.trim();
    if person.chars().count() > 40 {
        return Err(Error::invalid("receiver_person", "too_long"));
    }
    if gets {
        store::address(&mut tx, id, (body, person), at).await?;
    } else {
        store::strike(&mut tx, id, (body, person)).await?;
    }
    let field = if gets { "gets" } else { "struck" };
    audit::record(&mut tx, actor, Event::new("conference.addressed", "conference", id).fields([field]), at).await?;
    tx.commit(at).await
}
