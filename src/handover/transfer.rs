//! A case is offered to another station, which takes it or gives it back.

use jiff::Timestamp;
use lianjie_index::DivisionCode;
use rand::RngExt;

use super::model::{REASONS, State, Transfer};
use super::store;
use crate::access::{Action, Actor, Facts, Role, Scope, decide};
use crate::account;
use crate::account::notice::{Notice, leave};
use crate::app::App;
use crate::audit::{self, Event};
use crate::case;
use crate::case::actions::{case_given, load as load_case, still_open};
use crate::case::model::{Case, alias};
use crate::emergency;
use crate::error::{Error, Faults, Result};
use crate::id::{AccountId, CaseId, OrganizationId, TransferId};
use crate::organization;
use crate::organization::store::province;
use crate::referral;
use crate::secret::{Hidden, Words};
use crate::store::{Connection, Tx};

/// An offer.
#[derive(Debug, Clone)]
pub struct Offer {
    /// Station that is to have the case.
    pub to: OrganizationId,
    /// Township in which the child lives then.
    pub division: DivisionCode,
    /// Why: one of [`REASONS`].
    pub reason: String,
    /// What the other station must know.
    pub words: Hidden,
}

/// Most characters of a text.
const LONGEST: usize = 1_000;

/// Offers a case to another station.
pub async fn offer(app: &App, actor: &Actor, id: &CaseId, offer: &Offer) -> Result<TransferId> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let case = case::store::find(&mut tx, id).await?.ok_or_else(|| Error::missing("case", id))?;
    decide(actor, Action::ApproveCase, &case).allowed()?;
    still_open(&case)?;
    let to = organization::store::find(&mut tx, &offer.to).await?.filter(|to| to.kind == "未保工作站");
    let mut faults = Faults::new();
    faults.require(to.is_some() && offer.to != case.station, "to", "other_station");
    faults.require(REASONS.contains(&offer.reason.as_str()), "reason", "required");
    faults.require(!offer.words.is_empty(), "words", "required");
    faults.require(offer.words.reveal().chars().count() <= LONGEST, "words", "too_long");
    faults.require(offer.division.as_str().len() == 9 && app.divisions.get().has(&offer.division), "division", "township");
    faults.settle()?;
    let transfer = Transfer {
        id: TransferId::new(at),
        case: id.clone(),
        from: case.station.clone(),
        to: offer.to.clone(),
        to_division: offer.division.clone(),
        state: State::Offered,
        reason: offer.reason.clone(),
        offered_by: actor.id.clone(),
        offered_at: at,
        answered_at: None,
        version: 1,
    };
    let key = case::store::child_key(&mut tx, &app.keyring, &case.child).await?;
    let words = Words::of([("words", offer.words.clone())]);
    store::insert(&mut tx, &transfer, &province(&case.division), (&key, &case.child), &words).await?;
    audit::record(&mut tx, actor, Event::new("case.offered", "case", id).fields(["transfer"]), at).await?;
    tell(app, &mut tx, &transfer.to, "transfer_offered", &transfer.id, at).await?;
    tx.commit(at).await?;
    Ok(transfer.id)
}

/// Tells the heads of a station.
async fn tell(app: &App, tx: &mut Tx, station: &OrganizationId, template: &str, id: &TransferId, at: Timestamp) -> Result<()> {
    let facts = serde_json::json!({ "tier": 2, "link": format!("/transfers/{id}") });
    for head in account::store::holders(tx, Role::Supervisor, &Scope::Organization(station.clone()), app.today()).await? {
        leave(tx, Notice::Account(&head), template, &format!("{id}:{template}"), &facts, at).await?;
    }
    Ok(())
}

/// The facts of the other station's side: its head answers.
async fn receiving(db: &mut Connection, transfer: &Transfer) -> Result<Facts> {
    let to = organization::store::find(db, &transfer.to).await?;
    Ok(Facts {
        thing: "transfer",
        id: transfer.id.to_string(),
        division: to.map(|to| to.division),
        station: Some(transfer.to.clone()),
        ..Facts::default()
    })
}

/// A transfer that waits for the actor's answer, and its case.
async fn waiting(tx: &mut Tx, actor: &Actor, id: &TransferId) -> Result<(Transfer, Case)> {
    let missing = || Error::missing("transfer", id);
    let transfer = store::find(tx, id).await?.ok_or_else(missing)?;
    decide(actor, Action::ApproveCase, &receiving(tx, &transfer).await?).allowed()?;
    let case = case::store::find(tx, &transfer.case).await?.ok_or_else(missing)?;
    Ok((transfer, case))
}

/// Takes a case: it keeps its state, and a worker of the station goes on with it and with every live referral.
pub async fn take(app: &App, actor: &Actor, id: &TransferId, worker: &AccountId) -> Result<CaseId> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let (mut transfer, mut case) = waiting(&mut tx, actor, id).await?;
    transfer.state = transfer.answer(true)?;
    still_open(&case)?;
    let people = account::store::colleagues(&mut tx, &transfer.to, app.today()).await?;
    if !people.iter().any(|(person, _)| person == worker) {
        return Err(Error::invalid("worker", "no_colleague"));
    }
    other_alias(&mut tx, &case, &transfer.to, at).await?;
    case.station = transfer.to.clone();
    case.division = transfer.to_division.clone();
    case.village = None;
    case.worker = worker.clone();
    case::store::update(&mut tx, &mut case, at).await?;
    emergency::store::give(&mut tx, &case.id, &case.station, &case.division).await?;
    let mut tx = referral::reassign(app, tx, &case.id).await?;
    let key = case::store::child_key(&mut tx, &app.keyring, &case.child).await?;
    let words = store::words(&mut tx, (&key, &case.child), id).await?;
    store::answer(&mut tx, &transfer, &actor.id, (&key, &case.child), &words, at).await?;
    audit::record(&mut tx, actor, Event::new("case.taken", "case", &case.id).fields(["transfer"]), at).await?;
    tell(app, &mut tx, &transfer.from, "transfer_taken", id, at).await?;
    case_given(&mut tx, &case, actor, at).await?;
    tx.commit(at).await?;
    Ok(case.id)
}

/// Two children of a station have two aliases: one that comes with somebody else's gets another.
async fn other_alias(tx: &mut Tx, case: &Case, station: &OrganizationId, at: Timestamp) -> Result<()> {
    let taken = case::store::take_aliases(tx, station).await?.into_iter().collect();
    let mut child = case::store::child(tx, &case.child).await?.ok_or_else(|| Error::missing("case", &case.id))?;
    if !std::collections::BTreeSet::contains(&taken, &child.alias) {
        return Ok(());
    }
    child.alias = alias::propose(None, &taken, rand::rng().random_range(0..1_000));
    case::store::update_child(tx, &mut child, at).await
}

/// Gives a case back, and says why; it stays where it was.
pub async fn give_back(app: &App, actor: &Actor, id: &TransferId, why: &Hidden) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let (mut transfer, case) = waiting(&mut tx, actor, id).await?;
    transfer.state = transfer.answer(false)?;
    let mut faults = Faults::new();
    faults.require(!why.is_empty(), "why", "required");
    faults.require(why.reveal().chars().count() <= LONGEST, "why", "too_long");
    faults.settle()?;
    let key = case::store::child_key(&mut tx, &app.keyring, &case.child).await?;
    let words = store::words(&mut tx, (&key, &case.child), id).await?.with("why", why.clone());
    store::answer(&mut tx, &transfer, &actor.id, (&key, &case.child), &words, at).await?;
    audit::record(&mut tx, actor, Event::new("case.returned", "case", &case.id).fields(["transfer"]), at).await?;
    tell(app, &mut tx, &transfer.from, "transfer_returned", id, at).await?;
    tx.commit(at).await
}

/// A transfer in a list.
#[derive(Debug)]
pub struct Line {
    /// The transfer.
    pub transfer: Transfer,
    /// The child's alias.
    pub alias: String,
    /// Number of the case.
    pub number: String,
    /// Name of the station that has it, or had it.
    pub from: String,
    /// Name of the station that is to have it, or has it.
    pub to: String,
}

async fn line(db: &mut Connection, transfer: Transfer) -> Result<Option<Line>> {
    let Some(case) = case::store::find(db, &transfer.case).await? else { return Ok(None) };
    let Some(child) = case::store::child(db, &case.child).await? else { return Ok(None) };
    let from = organization::store::find(db, &transfer.from).await?.map(|station| station.name).unwrap_or_default();
    let to = organization::store::find(db, &transfer.to).await?.map(|station| station.name).unwrap_or_default();
    Ok(Some(Line { alias: child.alias, number: case.number, from, to, transfer }))
}

/// The transfers from and to the stations of the actor.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Line>> {
    let stations: Vec<OrganizationId> = actor.organizations(Role::Supervisor).cloned().collect();
    if stations.is_empty() {
        return Err(Error::Forbidden { why: "role" });
    }
    let mut db = app.store.read().await?;
    let mut found = Vec::new();
    for station in &stations {
        for transfer in store::of_station(&mut db, station, 50).await? {
            found.extend(line(&mut db, transfer).await?);
        }
    }
    Ok(found)
}

/// How many cases other stations offer to the actor's.
pub async fn offered(app: &App, actor: &Actor) -> Result<usize> {
    if !actor.is(Role::Supervisor) {
        return Ok(0);
    }
    let own =
        |line: &&Line| line.transfer.state == State::Offered && actor.organizations(Role::Supervisor).any(|id| *id == line.transfer.to);
    Ok(list(app, actor).await?.iter().filter(own).count())
}

/// A transfer as its reader may see it.
#[derive(Debug)]
pub struct View {
    /// The transfer with names.
    pub line: Line,
    /// What was written: by the one station, and by the other.
    pub words: Words,
    /// Who can go on with the case; empty for who does not answer.
    pub people: Vec<(AccountId, String)>,
}

/// A transfer: both stations' heads and the county read what was written, and the log says so first.
pub async fn view(app: &App, actor: &Actor, id: &TransferId) -> Result<View> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let missing = || Error::missing("transfer", id);
    let transfer = store::find(&mut tx, id).await?.ok_or_else(missing)?;
    let case = case::store::find(&mut tx, &transfer.case).await?.ok_or_else(missing)?;
    let answers = decide(actor, Action::ApproveCase, &receiving(&mut tx, &transfer).await?).is_allowed();
    if !answers && !decide(actor, Action::ApproveCase, &case).is_allowed() {
        return Err(missing());
    }
    let key = case::store::child_key(&mut tx, &app.keyring, &case.child).await?;
    let words = store::words(&mut tx, (&key, &case.child), id).await?;
    audit::record(&mut tx, actor, Event::new("case.viewed", "case", &case.id).fields(["transfer"]), at).await?;
    let waits = transfer.state == State::Offered;
    let people = if answers && waits { account::store::colleagues(&mut tx, &transfer.to, app.today()).await? } else { Vec::new() };
    let line = line(&mut tx, transfer).await?.ok_or_else(missing)?;
    tx.commit(at).await?;
    Ok(View { line, words, people })
}

/// What the form of an offer needs: the case, its child's alias, and stations to choose from.
pub async fn begin(app: &App, actor: &Actor, id: &CaseId) -> Result<(Case, String, Vec<(OrganizationId, String)>)> {
    let mut db = app.store.read().await?;
    let case = load_case(&mut db, actor, Action::ReadCase, id).await?;
    decide(actor, Action::ApproveCase, &case).allowed()?;
    let child = case::store::child(&mut db, &case.child).await?.ok_or_else(|| Error::missing("case", id))?;
    let stations = store::stations(&mut db, &case.station).await?;
    Ok((case, child.alias, stations))
}
