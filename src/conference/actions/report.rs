//! Actions: what a body is to do, what it reports, and who checks that.

use jiff::ToSpan;

use super::super::model::{Act, ActionState, Conference};
use super::super::store;
use super::check;
use super::sheet::veil_of;
use crate::access::{Action, Actor, Facts, decide};
use crate::account::notice::{Notice, leave};
use crate::app::App;
use crate::audit::{self, Event};
use crate::case;
use crate::clock;
use crate::error::{Error, Faults, Result};
use crate::id::{ActionId, OrganizationId};
use crate::secret::{Hidden, Words};
use crate::store::{Connection, Tx};

/// An action of the reader's body.
pub struct Mine {
    /// The action.
    pub act: Act,
    /// What is to be done, what shows it, what was said; what names the child or its family is veiled.
    pub words: Words,
    /// The child's alias.
    pub alias: String,
    /// Whether the reader is to check it, rather than to do it.
    pub checks: bool,
}

/// Whether the actor answers for an action: it is the actor's own, or that of the actor's body where nobody of it is named.
pub(super) fn facts(actor: &Actor, act: &Act) -> Facts {
    let own = match &act.account {
        Some(account) => *account == actor.id,
        None => actor.organization.as_ref() == Some(&act.organization),
    };
    Facts { thing: "action", id: act.id.to_string(), worker: own.then(|| actor.id.clone()), ..Facts::default() }
}

/// The actions the actor is to check, then those it answers for, what is open first.
pub async fn mine(app: &App, actor: &Actor) -> Result<Vec<Mine>> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let mut found = Vec::new();
    for act in check::waiting(&mut tx, actor, app.today()).await? {
        found.push(Mine { checks: true, ..whole(app, &mut tx, act).await? });
    }
    let bodies: Vec<OrganizationId> = actor.organization.iter().cloned().collect();
    for body in &bodies {
        for act in store::acts_of_organization(&mut tx, body, 100).await? {
            let known = found.iter().any(|mine| mine.act.id == act.id);
            if !known && decide(actor, Action::ReportAction, &facts(actor, &act)).is_allowed() {
                found.push(whole(app, &mut tx, act).await?);
            }
        }
    }
    audit::record(&mut tx, actor, Event::new("action.listed", "action", "list").fields([format!("count={}", found.len())]), at).await?;
    tx.commit(at).await?;
    Ok(found)
}

pub(super) async fn whole(app: &App, db: &mut Connection, act: Act) -> Result<Mine> {
    let item = store::item(db, &act.item).await?.ok_or_else(|| Error::missing("action", &act.id))?;
    let case = case::store::find(db, &item.case).await?.ok_or_else(|| Error::missing("action", &act.id))?;
    let child = case::store::child(db, &case.child).await?.ok_or_else(|| Error::missing("action", &act.id))?;
    let key = case::store::child_key(db, &app.keyring, &case.child).await?;
    let found = store::acts(db, &act.item, (&key, &case.child)).await?.into_iter().find(|(other, _)| other.id == act.id);
    let mut words = found.map(|(_, words)| words).unwrap_or_default();
    let veil = veil_of(app, db, &case).await?;
    for name in ["what", "evidence", "said"] {
        let veiled = veil.over(words.get(name));
        words = words.with(name, Hidden::new(veiled));
    }
    Ok(Mine { words, alias: child.alias, act, checks: false })
}

/// How many of them should be done and are not.
pub async fn late(app: &App, actor: &Actor) -> Result<usize> {
    let Some(body) = &actor.organization else { return Ok(0) };
    Ok(usize::try_from(store::late_acts(&mut *app.store.read().await?, body, &actor.id, app.today()).await?).unwrap_or_default())
}

/// Tells whoever has an open action two days before its day, and the same and who leads the meeting once it is past.
pub async fn remind(app: &App) -> Result<()> {
    let (at, today) = (app.now(), app.today());
    let due = store::acts_due(&mut *app.store.read().await?, today, today.saturating_add(2.days())).await?;
    if due.is_empty() {
        return Ok(());
    }
    let mut tx = app.begin().await?;
    for act in due {
        let late = act.due_day < today;
        let template = if late { "action_late" } else { "action_due" };
        let (key, facts) = (format!("{}:{template}", act.id), serde_json::json!({ "tier": 3, "day": act.due_day, "link": "/actions" }));
        let to = act.account.as_ref().map_or(Notice::Organization(&act.organization), Notice::Account);
        leave(&mut tx, to, template, &key, &facts, at).await?;
        if late && let Some(conference) = store::find(&mut tx, &act.conference).await? {
            let facts = serde_json::json!({ "tier": 3, "day": act.due_day, "link": format!("/conferences/{}", conference.id) });
            leave(&mut tx, Notice::Account(&conference.chair), "action_late", &key, &facts, at).await?;
        }
        store::told(&mut tx, &act.id, late).await?;
    }
    tx.commit(at).await
}

/// What is said of an action.
#[derive(Debug, Clone)]
pub enum Reported {
    /// It is done, and what shows it.
    Done(Hidden),
    /// It cannot be done, and why.
    NotPossible(Hidden),
    /// The meeting has found that it was not done.
    NotDone,
    /// Somebody else has seen that it is done.
    Checked,
}

/// Reports on an action: its owner that it is done or cannot be, who leads the meeting that it was not; that it is, the
/// person named to check it, or else who leads the meeting, unless it reported that itself.
pub async fn report(app: &App, actor: &Actor, id: &ActionId, what: &Reported) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let missing = || Error::missing("action", id);
    let mut act = store::act(&mut tx, id).await?.ok_or_else(missing)?;
    let conference = store::find(&mut tx, &act.conference).await?.ok_or_else(missing)?;
    match what {
        Reported::Done(text) | Reported::NotPossible(text) => {
            decide(actor, Action::ReportAction, &facts(actor, &act)).allowed()?;
            act.state = act.report(if matches!(what, Reported::Done(_)) { ActionState::Done } else { ActionState::NotPossible })?;
            said(app, &mut tx, &act, text).await?;
            (act.reported_by, act.reported_at) = (actor.is_signed_in().then(|| actor.id.clone()), Some(at));
            tell(&mut tx, &conference, &act, at).await?;
        }
        Reported::NotDone => {
            decide(actor, Action::RunMeeting, &conference).allowed()?;
            act.state = act.report(ActionState::NotDone)?;
        }
        Reported::Checked => {
            check::may_check(&mut tx, actor, &conference, &act, app.today()).await?;
            if !act.waits_to_be_checked() {
                return Err(Error::Conflict { why: "nothing_to_check" });
            }
            if act.reported_by.as_ref() == Some(&actor.id) {
                return Err(Error::Forbidden { why: "second_person" });
            }
            act.checked_by = Some(actor.id.clone());
        }
    }
    store::report_act(&mut tx, &act).await?;
    let field = if matches!(what, Reported::Checked) { "checked" } else { act.state.name() };
    audit::record(&mut tx, actor, Event::new("action.reported", "action", id).fields([field]), at).await?;
    tx.commit(at).await
}

async fn said(app: &App, tx: &mut Tx, act: &Act, text: &Hidden) -> Result<()> {
    let mut faults = Faults::new();
    faults.require(!text.is_empty(), "said", "required");
    faults.require(text.reveal().chars().count() <= 200, "said", "too_long_here");
    faults.settle()?;
    let item = store::item(tx, &act.item).await?.ok_or_else(|| Error::missing("action", &act.id))?;
    let case = case::store::find(tx, &item.case).await?.ok_or_else(|| Error::missing("action", &act.id))?;
    let key = case::store::child_key(tx, &app.keyring, &case.child).await?;
    store::set_act_words(tx, &act.id, (&key, &case.child), "said", text.clone()).await
}

/// Who leads the meeting is told, and who is to check it.
async fn tell(tx: &mut Tx, conference: &Conference, act: &Act, at: jiff::Timestamp) -> Result<()> {
    let facts = serde_json::json!({ "tier": 3, "link": format!("/conferences/{}", conference.id) });
    leave(tx, Notice::Account(&conference.chair), "action_reported", &format!("{}:reported", act.id), &facts, at).await?;
    if act.state == ActionState::Done
        && let Some(checker) = check::checker(tx, act, clock::day(at)).await?
    {
        let facts = serde_json::json!({ "tier": 3, "link": "/actions" });
        leave(tx, Notice::Account(&checker.id), "action_to_check", &format!("{}:to_check", act.id), &facts, at).await?;
    }
    Ok(())
}
