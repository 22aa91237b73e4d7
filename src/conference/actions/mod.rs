//! What is done to a meeting: load, decide, rule, save, record, commit.

mod address;
mod agenda;
mod call;
mod check;
mod decide;
mod execute;
pub mod link;
mod minutes;
mod options;
mod pack;
mod report;
mod sheet;

pub use address::address;
pub use agenda::{Arrange, Written, arrange, fill, propose, write};
pub use call::{NewConference, View, bodies, call, invite, lines, may_call, reschedule, step, view};
pub use decide::{NewAct, NewDecision, NewDissent, agree, amend, decide_item, dissent};
pub use minutes::frozen;
pub use options::{Offered, options};
pub use pack::{remind_of_ends, remind_of_packs};
pub use report::{Mine, Reported, late, mine, remind, report};
pub use sheet::{Opened, open, veiled};

use jiff::Timestamp;

use super::model::{Conference, Item};
use super::store;
use crate::access::{Action, Actor, Facts, Role, Subject, decide};
use crate::case;
use crate::case::model::Case;
use crate::error::{Error, Result};
use crate::id::{AgendaItemId, ConferenceId};
use crate::store::{Answered, Connection, Key, answered, remember};

/// The meeting of an id, if the actor may do this to it.
pub async fn load(db: &mut Connection, actor: &Actor, action: Action, id: &ConferenceId) -> Result<Conference> {
    let conference = store::find(db, id).await?.ok_or_else(|| Error::missing("conference", id))?;
    if action != Action::ReadMeeting && decide(actor, action, &conference).is_allowed() {
        return Ok(conference);
    }
    decide(actor, Action::ReadMeeting, &facts(db, actor, &conference).await?).allowed()?;
    if action == Action::ReadMeeting { Ok(conference) } else { Err(Error::Forbidden { why: "role" }) }
}

/// Whether the actor reads the agenda as one of a body that is invited.
fn is_invited(actor: &Actor, conference: &Conference) -> bool {
    actor.organizations(Role::Participant).any(|body| conference.invited.contains(body))
}

/// Whether the actor's body is on the list of who gets the minutes.
async fn is_addressed(db: &mut Connection, actor: &Actor, conference: &Conference) -> Result<bool> {
    let receivers = store::receivers(db, &conference.id).await?;
    Ok(actor.organizations(Role::Participant).any(|body| receivers.iter().any(|receiver| receiver.body == *body)))
}

/// The facts of a meeting for a reader: a worker reads the one in which a case of the own comes up, and a body that gets the minutes
/// one that is signed.
async fn facts(db: &mut Connection, actor: &Actor, conference: &Conference) -> Result<Facts> {
    let mut facts = conference.facts();
    if conference.signed_at.is_some() {
        facts.invited.extend(store::receivers(db, &conference.id).await?.into_iter().map(|receiver| receiver.body));
    }
    for item in store::items(db, &conference.id).await? {
        if let Some(case) = case::store::find(db, &item.case).await?
            && case.worker == actor.id
        {
            facts.worker = Some(case.worker);
            facts.station.get_or_insert(case.station);
            break;
        }
    }
    Ok(facts)
}

/// An item of a meeting with its case, if the actor may do this to the meeting.
async fn load_item(
    db: &mut Connection,
    actor: &Actor,
    action: Action,
    conference: &ConferenceId,
    id: &AgendaItemId,
) -> Result<(Conference, Item, Case)> {
    let conference = load(db, actor, action, conference).await?;
    let missing = || Error::missing("agenda_item", id);
    let item = store::item(db, id).await?.filter(|item| item.conference == conference.id).ok_or_else(missing)?;
    let case = case::store::find(db, &item.case).await?.ok_or_else(missing)?;
    Ok((conference, item, case))
}

/// What was answered for this key, if it came before: what is sent twice is done once.
async fn repeated(db: &mut Connection, key: Option<&Key>, actor: &Actor) -> Result<Option<Answered>> {
    match key {
        Some(key) => answered(db, key, &actor.reference()).await,
        None => Ok(None),
    }
}

/// Remembers what is answered for a key.
async fn remembered(db: &mut Connection, key: Option<&Key>, actor: &Actor, answer: &str, at: Timestamp) -> Result<()> {
    match key {
        Some(key) => remember(db, key, &actor.reference(), &Answered { status: 303, location: answer.to_owned() }, at).await,
        None => Ok(()),
    }
}

/// A meeting whose minutes are signed is not written in: what comes later is appended.
fn unsigned(conference: &Conference) -> Result<()> {
    if conference.is_open() { Ok(()) } else { Err(Error::Conflict { why: "minutes_signed" }) }
}
