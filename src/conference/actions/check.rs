//! Who checks that an action was done: the person the meeting named, else whoever leads it.

use jiff::civil::Date;

use super::super::model::{Act, Conference};
use super::super::store;
use crate::access::{Action, Actor, Facts, Role, Scope, Who, decide};
use crate::account;
use crate::account::model::{Account, Status};
use crate::app::App;
use crate::case::model::Case;
use crate::error::{Error, Result};
use crate::id::AccountId;
use crate::organization;
use crate::store::Connection;

/// The person named to check an action. Who has left, or may no longer, or reported it, checks nothing: then it is whoever leads the
/// meeting.
pub(super) async fn checker(db: &mut Connection, act: &Act, today: Date) -> Result<Option<Account>> {
    let Some(id) = act.checker.as_ref().filter(|checker| act.reported_by.as_ref() != Some(*checker)) else { return Ok(None) };
    let found = account::store::find(db, id).await?.filter(|account| account.status != Status::Disabled);
    let Some(account) = found else { return Ok(None) };
    let grants = account::store::grants(db, id, today).await?;
    let named = Actor { who: Who::Account, id: id.clone(), grants, organization: account.organization.clone(), ..Actor::visitor() };
    Ok(Some(account).filter(|_| decide(&named, Action::ReportAction, &own(&named, act)).is_allowed()))
}

/// An action as one's own.
fn own(actor: &Actor, act: &Act) -> Facts {
    Facts { thing: "action", id: act.id.to_string(), worker: Some(actor.id.clone()), ..Facts::default() }
}

/// People who could be named: who leads the meeting, the colleagues of the station, and who is there for a body that is invited;
/// each with what it is of.
pub(super) async fn checkers(app: &App, db: &mut Connection, conference: &Conference, case: &Case) -> Result<Vec<(AccountId, String)>> {
    let mut people = vec![conference.chair.clone()];
    people.extend(account::store::colleagues(db, &case.station, app.today()).await?.into_iter().map(|(id, _)| id));
    for body in &conference.invited {
        people.extend(account::store::holders(db, Role::Participant, &Scope::Organization(body.clone()), app.today()).await?);
    }
    let mut found: Vec<(AccountId, String)> = Vec::new();
    for id in people {
        if found.iter().any(|(known, _)| *known == id) {
            continue;
        }
        let Some(account) = account::store::find(db, &id).await? else { continue };
        let body = match &account.organization {
            Some(body) => organization::store::find(db, body).await?.map(|body| body.name),
            None => None,
        };
        found.push((id, body.map_or_else(|| account.name.clone(), |body| format!("{} · {body}", account.name))));
    }
    Ok(found)
}

/// Whether the actor may say that a reported action is done.
pub(super) async fn may_check(db: &mut Connection, actor: &Actor, conference: &Conference, act: &Act, today: Date) -> Result<()> {
    match checker(db, act, today).await? {
        Some(named) if named.id == actor.id => decide(actor, Action::ReportAction, &own(actor, act)).allowed(),
        named => {
            decide(actor, Action::RunMeeting, conference).allowed()?;
            if named.is_some() { Err(Error::Forbidden { why: "other_checker" }) } else { Ok(()) }
        }
    }
}

/// The actions that wait for the actor to check them.
pub(super) async fn waiting(db: &mut Connection, actor: &Actor, today: Date) -> Result<Vec<Act>> {
    let mut found = Vec::new();
    for act in store::acts_to_check(db, &actor.id).await? {
        if checker(db, &act, today).await?.is_some() {
            found.push(act);
        }
    }
    Ok(found)
}
