//! What a body without an account was asked to do: a one-time link to its own actions of one meeting, and to nothing else.

use super::super::model::{Act, State};
use super::super::store;
use super::load;
use super::report::{Mine, Reported, facts, report, whole};
use crate::access::{Action, Actor, Held, decide};
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Result};
use crate::id::{ActionId, ConferenceId, OrganizationId};
use crate::link::{self, Link, Made, Purpose, actions as links, dead};
use crate::organization;
use crate::store::Connection;

/// Makes a link for a body that has something to do after a meeting; one made before ends.
pub async fn make(app: &App, actor: &Actor, id: &ConferenceId, body: &OrganizationId) -> Result<Made> {
    let at = app.now();
    let mut tx = app.begin().await?;
    load(&mut tx, actor, Action::RunMeeting, id).await?;
    if store::open_acts(&mut tx, id, Some(body)).await?.is_empty() {
        return Err(Error::Conflict { why: "no_open_action" });
    }
    let made = links::make(app, &mut tx, actor, Purpose::Actions, &format!("{id}/{body}"), at).await?;
    audit::record(&mut tx, actor, Event::new("link.made", "conference", id), at).await?;
    tx.commit(at).await?;
    Ok(made)
}

/// The bodies that have something open after a meeting, with their names and how much.
pub async fn owing(db: &mut Connection, id: &ConferenceId) -> Result<Vec<(OrganizationId, String, usize)>> {
    let mut found: Vec<(OrganizationId, String, usize)> = Vec::new();
    for act in store::open_acts(db, id, None).await? {
        if let Some((.., count)) = found.iter_mut().find(|(body, ..)| *body == act.organization) {
            *count += 1;
        } else {
            let name = organization::store::find(db, &act.organization).await?.map(|body| body.name).unwrap_or_default();
            found.push((act.organization, name, 1));
        }
    }
    Ok(found)
}

/// The meeting and the body of a link.
fn of(link: &Link) -> Result<(ConferenceId, OrganizationId)> {
    let (meeting, body) = link.subject.split_once('/').ok_or_else(dead)?;
    Ok((ConferenceId::parse(meeting).map_err(|_| dead())?, OrganizationId::parse(body).map_err(|_| dead())?))
}

/// The link of a token, while its body has something open.
pub async fn find(app: &App, token: &str) -> Result<Link> {
    let mut db = app.store.read().await?;
    let link = links::find(app, &mut db, Purpose::Actions, token).await?;
    if open_acts(&mut db, &link).await?.is_empty() { Err(dead()) } else { Ok(link) }
}

async fn open_acts(db: &mut Connection, link: &Link) -> Result<Vec<Act>> {
    let (meeting, body) = of(link)?;
    match store::find(db, &meeting).await? {
        Some(conference) if conference.state != State::Cancelled => store::open_acts(db, &meeting, Some(&body)).await,
        _ => Ok(Vec::new()),
    }
}

/// Who holds a link: the body, for one of its actions.
async fn holder(db: &mut Connection, link: &Link, id: String) -> Result<Actor> {
    let (_, body) = of(link)?;
    let name = organization::store::find(db, &body).await?.map(|found| found.name).unwrap_or_default();
    Ok(Actor::link(body, name, Held { thing: "action", id, link: link.id.clone() }))
}

/// Opens a link with its code. Gives the pass to keep.
pub async fn open(app: &App, link: &Link, code: &str) -> Result<String> {
    let (meeting, _) = of(link)?;
    let actor = holder(&mut *app.store.read().await?, link, String::new()).await?;
    links::open(app, link, code, &actor, ("conference", meeting.as_str())).await
}

/// What the body of a link still has to do.
pub async fn tasks(app: &App, link: &Link) -> Result<Vec<Mine>> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let mut found = Vec::new();
    for act in open_acts(&mut tx, link).await? {
        let actor = holder(&mut tx, link, act.id.to_string()).await?;
        decide(&actor, Action::ReportAction, &facts(&actor, &act)).allowed()?;
        audit::record(&mut tx, &actor, Event::new("action.viewed", "action", &act.id), at).await?;
        found.push(whole(app, &mut tx, act).await?);
    }
    tx.commit(at).await?;
    Ok(found)
}

/// Reports on one of them; the last one uses the link up. Gives how many are still open.
pub async fn tell(app: &App, held: &Link, id: &ActionId, what: &Reported) -> Result<usize> {
    if !matches!(what, Reported::Done(_) | Reported::NotPossible(_)) {
        return Err(Error::Forbidden { why: "letter" });
    }
    let mut db = app.store.read().await?;
    if !open_acts(&mut db, held).await?.iter().any(|act| act.id == *id) {
        return Err(dead());
    }
    let actor = holder(&mut db, held, id.to_string()).await?;
    drop(db);
    report(app, &actor, id, what).await?;
    let left = open_acts(&mut *app.store.read().await?, held).await?.len();
    if left == 0 {
        // What is open ends the link in the transaction of the report; this only keeps when it was used.
        let at = app.now();
        let mut tx = app.begin().await?;
        link::using(&mut tx, &held.id, at).await?;
        tx.commit(at).await?;
    }
    Ok(left)
}
