//! What a meeting decides, from what it is dissented, what is agreed on, and what is appended to signed minutes.

use jiff::civil::Date;

use super::super::model::{Act, ActionState, Code, Decision, Dissent, ItemState, Params, State};
use super::super::store;
use super::check;
use super::execute::{self, Frozen};
use super::{load_item, remembered, repeated, unsigned};
use crate::access::{Action, Actor};
use crate::account::notice::{Notice, leave};
use crate::app::App;
use crate::audit::{self, Event};
use crate::case;
use crate::case::model::Case;
use crate::error::{Error, Faults, Result};
use crate::id::{AccountId, ActionId, AgendaItemId, ConferenceId, DecisionId, NeedId, OrganizationId};
use crate::organization;
use crate::secret::{Hidden, Words};
use crate::store::{Key, Tx};

/// What is remembered of a decision that was carried out.
const EXECUTED: &str = "executed";
/// And of one that was not.
const FAILED: &str = "failed";

/// A decision to be made.
#[derive(Debug, Clone)]
pub struct NewDecision {
    /// What.
    pub code: Code,
    /// About which need.
    pub need: Option<NeedId>,
    /// What it needs besides.
    pub params: Params,
    /// Why.
    pub note: Hidden,
}

impl NewDecision {
    fn check(&self) -> Result<()> {
        let mut faults = Faults::new();
        let needs_need = matches!(self.code, Code::Reroute | Code::DeclareGap);
        faults.require(!needs_need || self.need.is_some(), "need", "required");
        faults.require(self.code != Code::Reroute || !self.params.sites.is_empty(), "sites", "required");
        faults.require(self.code != Code::Approve || !self.params.referral.is_empty(), "referral", "required");
        faults.require(self.code != Code::ChangeLead || !self.params.worker.is_empty(), "worker", "required");
        faults.require(!matches!(self.code, Code::RaiseRisk | Code::LowerRisk) || !self.params.risk.is_empty(), "risk", "required");
        faults.require(!matches!(self.code, Code::Close | Code::LowerRisk | Code::DeclareGap) || !self.note.is_empty(), "note", "required");
        faults.require(self.note.reveal().chars().count() <= 200, "note", "too_long_here");
        faults.settle()
    }
}

/// Decides: what is decided is done at once, or it is written down why it could not be. Gives whether it was done.
///
/// # Errors
/// Of bad input nothing is written down; a rule that refuses makes a decision that failed.
pub async fn decide_item(
    app: &App,
    actor: &Actor,
    id: &ConferenceId,
    item: &AgendaItemId,
    new: &NewDecision,
    key: Option<&Key>,
) -> Result<bool> {
    new.check()?;
    if let Some(before) = repeated(&mut *app.store.read().await?, key, actor).await? {
        return Ok(before.location == EXECUTED);
    }
    let frozen = execute::frozen(app, actor, id, item, new).await?;
    match carried_out(app, actor, id, item, new, &frozen, key).await {
        Ok(()) => Ok(true),
        Err(error) => {
            let why = match &error {
                Error::Conflict { why: why @ ("minutes_signed" | "not_in_session" | "changed" | "repeated") } => {
                    return Err(Error::Conflict { why });
                }
                Error::Conflict { why } => format!("conflict.{why}"),
                Error::Forbidden { why } => format!("forbidden.{why}"),
                Error::Transition(_) => "conference.not_from_here".to_owned(),
                _ => return Err(error),
            };
            failed(app, actor, id, item, new, why, key).await.map(|()| false)
        }
    }
}

/// The decision and what it does, in one transaction.
async fn carried_out(
    app: &App,
    actor: &Actor,
    id: &ConferenceId,
    item: &AgendaItemId,
    new: &NewDecision,
    frozen: &Frozen,
    key: Option<&Key>,
) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let (conference, _, case) = load_item(&mut tx, actor, Action::RunMeeting, id, item).await?;
    in_session(&conference)?;
    let (mut tx, created) = execute::execute(app, actor, tx, (id, item), case, new, frozen).await?;
    write_down(app, actor, &mut tx, id, item, new, Ok(created), at).await?;
    remembered(&mut tx, key, actor, EXECUTED, at).await?;
    tx.commit(at).await
}

/// The decision alone, and why it was not carried out.
async fn failed(
    app: &App,
    actor: &Actor,
    id: &ConferenceId,
    item: &AgendaItemId,
    new: &NewDecision,
    why: String,
    key: Option<&Key>,
) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let (conference, ..) = load_item(&mut tx, actor, Action::RunMeeting, id, item).await?;
    in_session(&conference)?;
    write_down(app, actor, &mut tx, id, item, new, Err(why), at).await?;
    remembered(&mut tx, key, actor, FAILED, at).await?;
    tx.commit(at).await
}

fn in_session(conference: &super::super::model::Conference) -> Result<()> {
    unsigned(conference)?;
    if conference.state == State::InSession { Ok(()) } else { Err(Error::Conflict { why: "not_in_session" }) }
}

#[expect(clippy::too_many_arguments, reason = "the parts of one row")]
async fn write_down(
    app: &App,
    actor: &Actor,
    tx: &mut Tx,
    id: &ConferenceId,
    item: &AgendaItemId,
    new: &NewDecision,
    outcome: std::result::Result<Option<String>, String>,
    at: jiff::Timestamp,
) -> Result<()> {
    let mut item = store::item(tx, item).await?.ok_or_else(|| Error::missing("agenda_item", item))?;
    let case = case::store::find(tx, &item.case).await?.ok_or_else(|| Error::missing("case", &item.case))?;
    item.state = if new.code == Code::Defer { ItemState::Deferred } else { ItemState::Discussed };
    store::update_item(tx, &mut item, None).await?;
    let (executed, created, why_failed) = match outcome {
        Ok(created) => (true, created, None),
        Err(why) => (false, None, Some(why)),
    };
    let decision = Decision {
        id: DecisionId::new(at),
        item: item.id.clone(),
        number: store::next_decision(tx, &item.id).await?,
        code: new.code,
        need: new.need.clone(),
        params: new.params.clone(),
        executed,
        created,
        why_failed,
        by: actor.id.clone(),
        at,
    };
    let key = case::store::child_key(tx, &app.keyring, &case.child).await?;
    store::insert_decision(tx, &decision, (&key, &case.child), &Words::of([("note", new.note.clone())])).await?;
    let fields = [new.code.name(), if executed { "executed" } else { "failed" }];
    audit::record(tx, actor, Event::new("conference.decided", "conference", id).fields(fields), at).await
}

/// A dissent to be written down.
#[derive(Debug, Clone)]
pub struct NewDissent {
    /// From which decision, by its number.
    pub decision: u32,
    /// Which body dissents.
    pub body: String,
    /// Why.
    pub reason: Hidden,
    /// What comes next.
    pub next_step: Hidden,
    /// By when.
    pub due_day: Date,
}

/// Writes down that a body dissents, and what comes next; on its day the case is on the agenda again.
pub async fn dissent(app: &App, actor: &Actor, id: &ConferenceId, item: &AgendaItemId, new: &NewDissent, key: Option<&Key>) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    if repeated(&mut tx, key, actor).await?.is_some() {
        return Ok(());
    }
    remembered(&mut tx, key, actor, "dissent", at).await?;
    let (conference, item, case) = load_item(&mut tx, actor, Action::RunMeeting, id, item).await?;
    unsigned(&conference)?;
    let key = case::store::child_key(&mut tx, &app.keyring, &case.child).await?;
    let sealing = (&key, &case.child);
    let decisions = store::decisions(&mut tx, &item.id, sealing).await?;
    let decision = decisions.iter().find(|(decision, _)| decision.number == new.decision);
    let mut faults = Faults::new();
    faults.require(decision.is_some(), "decision", "choice");
    faults.require(!new.body.trim().is_empty(), "body", "required");
    faults.require(new.body.chars().count() <= 60, "body", "too_long_here");
    for (name, text) in [("reason", &new.reason), ("next_step", &new.next_step)] {
        faults.require(!text.is_empty(), name, "required");
        faults.require(text.reveal().chars().count() <= 200, name, "too_long_here");
    }
    faults.require(new.due_day > app.today(), "due_day", "not_past");
    faults.settle()?;
    let Some((decision, _)) = decision else { return Err(Error::invalid("decision", "choice")) };
    let row = Dissent { decision: decision.id.clone(), body: new.body.trim().to_owned(), due_day: new.due_day };
    let words = Words::of([("reason", new.reason.clone()), ("next_step", new.next_step.clone())]);
    store::insert_dissent(&mut tx, &row, sealing, &words, at).await?;
    audit::record(&mut tx, actor, Event::new("conference.dissented", "conference", id), at).await?;
    tx.commit(at).await
}

/// An action to be agreed on.
#[derive(Debug, Clone)]
pub struct NewAct {
    /// What is to be done.
    pub what: Hidden,
    /// What shows that it is.
    pub evidence: Hidden,
    /// Which body.
    pub organization: OrganizationId,
    /// Whose account that is, where it is known; else it is looked up by the name.
    pub account: Option<AccountId>,
    /// Who of it.
    pub person: String,
    /// Who if that person cannot.
    pub backup: String,
    /// By when, included.
    pub due_day: Date,
    /// Who checks it; none: whoever leads the meeting.
    pub checker: Option<AccountId>,
}

/// Agrees on an action; the body is told.
pub async fn agree(app: &App, actor: &Actor, id: &ConferenceId, item: &AgendaItemId, new: &NewAct, key: Option<&Key>) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    if repeated(&mut tx, key, actor).await?.is_some() {
        return Ok(());
    }
    remembered(&mut tx, key, actor, "action", at).await?;
    let (conference, item, case) = load_item(&mut tx, actor, Action::RunMeeting, id, item).await?;
    unsigned(&conference)?;
    if let Some(checker) = &new.checker {
        let known = check::checkers(app, &mut tx, &conference, &case).await?.iter().any(|(id, _)| id == checker);
        if !known {
            return Err(Error::invalid("checker", "choice"));
        }
    }
    agree_within(app, &mut tx, actor, (id, &item.id, &case), new, at).await?;
    tx.commit(at).await
}

/// The same in the transaction of a decision that is carried out by an action.
pub async fn agree_within(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    (id, item, case): (&ConferenceId, &AgendaItemId, &Case),
    new: &NewAct,
    at: jiff::Timestamp,
) -> Result<()> {
    let body = organization::store::find(tx, &new.organization).await?;
    let mut faults = Faults::new();
    faults.require(body.is_some(), "organization", "choice");
    faults.require(!new.what.is_empty(), "what", "required");
    faults.require(!new.person.trim().is_empty(), "person", "required");
    for (name, length) in [
        ("what", new.what.reveal().chars().count()),
        ("evidence", new.evidence.reveal().chars().count()),
        ("person", new.person.chars().count()),
        ("backup", new.backup.chars().count()),
    ] {
        faults.require(length <= 120, name, "too_long_here");
    }
    faults.require(new.due_day > app.today(), "due_day", "not_past");
    let account = match &new.account {
        Some(account) => Some(account.clone()),
        None => store::person_of(tx, &new.organization, new.person.trim()).await?,
    };
    faults.require(new.checker.is_none() || new.checker != account, "checker", "checker_is_owner");
    faults.settle()?;
    let act = Act {
        id: ActionId::new(at),
        conference: id.clone(),
        item: item.clone(),
        number: store::next_act(tx, id).await?,
        organization: new.organization.clone(),
        person: new.person.trim().to_owned(),
        account,
        backup: new.backup.trim().to_owned(),
        due_day: new.due_day,
        state: ActionState::Open,
        reported_by: None,
        reported_at: None,
        checker: new.checker.clone(),
        checked_by: None,
        version: 1,
    };
    let key = case::store::child_key(tx, &app.keyring, &case.child).await?;
    let words = Words::of([("what", new.what.clone()), ("evidence", new.evidence.clone())]);
    store::insert_act(tx, &act, (&key, &case.child), &words).await?;
    let facts = serde_json::json!({ "tier": 2, "link": "/actions" });
    let to = act.account.as_ref().map_or(Notice::Organization(&act.organization), Notice::Account);
    leave(tx, to, "action_agreed", &format!("{}:agreed", act.id), &facts, at).await?;
    audit::record(tx, actor, Event::new("conference.agreed", "conference", id).fields(["action"]), at).await
}

/// Appends to signed minutes; what was signed stays as it was.
pub async fn amend(app: &App, actor: &Actor, id: &ConferenceId, item: &AgendaItemId, text: &Hidden, key: Option<&Key>) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    if repeated(&mut tx, key, actor).await?.is_some() {
        return Ok(());
    }
    remembered(&mut tx, key, actor, "amendment", at).await?;
    let (conference, item, case) = load_item(&mut tx, actor, Action::RunMeeting, id, item).await?;
    if conference.state != State::Signed {
        return Err(Error::Conflict { why: "minutes_unsigned" });
    }
    let mut faults = Faults::new();
    faults.require(!text.is_empty(), "text", "required");
    faults.require(text.reveal().chars().count() <= 500, "text", "too_long_here");
    faults.settle()?;
    let key = case::store::child_key(&mut tx, &app.keyring, &case.child).await?;
    let words = Words::of([("text", text.clone())]);
    store::insert_amendment(&mut tx, id, &item.id, (&key, &case.child), &words, &actor.id, at).await?;
    audit::record(&mut tx, actor, Event::new("conference.amended", "conference", id), at).await?;
    tx.commit(at).await
}
