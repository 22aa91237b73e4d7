//! A lead is filed, looked at, and settled: by a case, or by a word of the station head.

use jiff::Timestamp;
use lianjie_index::DivisionCode;

use super::super::actions::{List, lists, stations};
use super::super::store::Within;
use super::model::{Lead, Sources, State, Step};
use super::store;
use crate::access::{Action, Actor, Role, Scope, decide};
use crate::account;
use crate::account::notice::{Message, leave_with};
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Faults, Result};
use crate::id::{self, AccountId, CaseId, LeadId, OrganizationId};
use crate::secret::{Hidden, Words};
use crate::store::{Answered, Key, Tx, answered, remember};

/// What is told of a child.
#[derive(Debug, Clone)]
pub struct Told {
    /// Who tells.
    pub source: Sources,
    /// Township.
    pub division: DivisionCode,
    /// Village.
    pub village: Option<String>,
    /// Whether the child may be in danger now.
    pub danger: bool,
    /// What happened.
    pub words: Hidden,
    /// Which child, and where: what is known.
    pub child: Hidden,
    /// Who told, and how to call back; kept secret.
    pub teller: Hidden,
}

/// Most characters of a text.
const LONGEST: usize = 1_000;

/// Files a lead; gives its id. A key that came before gives the lead it made.
pub async fn file(app: &App, actor: &Actor, told: &Told, key: Option<&Key>) -> Result<LeadId> {
    let at = app.now();
    let mut tx = app.begin().await?;
    if let Some(key) = key
        && let Some(before) = answered(&mut tx, key, &actor.reference()).await?
    {
        return LeadId::parse(before.location.trim_start_matches("/leads/")).map_err(|_| Error::Conflict { why: "repeated" });
    }
    check(app, told)?;
    let lead = file_within(app, &mut tx, actor, told, at).await?;
    if let Some(key) = key {
        let answer = Answered { status: 303, location: format!("/leads/{}", lead.id) };
        remember(&mut tx, key, &actor.reference(), &answer, at).await?;
    }
    tx.commit(at).await?;
    Ok(lead.id)
}

fn check(app: &App, told: &Told) -> Result<()> {
    let mut faults = Faults::new();
    faults.require(!told.words.is_empty(), "words", "required");
    for (name, text) in [("words", &told.words), ("child", &told.child), ("teller", &told.teller)] {
        faults.require(text.reveal().chars().count() <= LONGEST, name, "too_long");
    }
    faults.require(told.division.as_str().len() == 9 && app.divisions.get().has(&told.division), "division", "township");
    faults.settle()
}

/// Files a lead in the caller's transaction: emergencies and comparisons of lists do so too.
pub async fn file_within(app: &App, tx: &mut Tx, actor: &Actor, told: &Told, at: Timestamp) -> Result<Lead> {
    let station = station_for(tx, actor, &told.division).await?;
    let lead = Lead {
        id: LeadId::new(at),
        number: id::number(&mut rand::rng()),
        division: told.division.clone(),
        village: told.village.clone().or_else(|| own_village(actor)),
        station,
        source: told.source,
        danger: told.danger,
        state: State::New,
        due_at: Lead::due(at, told.danger, &app.calendar.get()),
        visited_at: None,
        reason: None,
        case: None,
        by: actor.id.clone(),
        at,
        version: 1,
    };
    decide(actor, Action::FileLead, &lead).allowed()?;
    let words = Words::of([("words", told.words.clone()), ("child", told.child.clone()), ("teller", told.teller.clone())]);
    let (key_id, key) = store::make_key(tx, &app.keyring, &lead.id).await?;
    store::insert(tx, &lead, (&key_id, &key), &words).await?;
    audit::record(tx, actor, Event::new("lead.filed", "lead", &lead.id).fields([lead.source.name()]), at).await?;
    let template = if lead.danger { "lead_danger" } else { "lead_filed" };
    tell(app, tx, (&[Role::Worker, Role::Supervisor], Some(&lead.by)), &lead, (template, "filed"), at).await?;
    Ok(lead)
}

/// Tells people of the station that is to look; the number is all that is said.
async fn tell(
    app: &App,
    tx: &mut Tx,
    (roles, but): (&[Role], Option<&AccountId>),
    lead: &Lead,
    (template, key): (&'static str, &str),
    at: Timestamp,
) -> Result<()> {
    let facts =
        serde_json::json!({ "number": lead.number, "tier": if lead.danger { 1 } else { 3 }, "link": format!("/leads/{}", lead.id) });
    let told = Message { template, key: &format!("{}:{key}", lead.id), facts: &facts };
    leave_with(app, tx, (roles, &Scope::Organization(lead.station.clone())), but, told, at).await
}

/// Tells the heads of stations of leads nobody has looked at in time, once of each.
pub async fn remind(app: &App) -> Result<()> {
    let at = app.now();
    let late = store::overdue(&mut *app.store.read().await?, at).await?;
    if late.is_empty() {
        return Ok(());
    }
    let mut tx = app.begin().await?;
    for lead in late {
        let what = if lead.state == State::Visited { ("lead_undecided", "undecided") } else { ("lead_late", "late") };
        tell(app, &mut tx, (&[Role::Supervisor], None), &lead, what, at).await?;
        store::told_late(&mut tx, &lead.id).await?;
    }
    tx.commit(at).await
}

/// A worker's lead is the own station's to look at; else it is the station's that looks after the township.
async fn station_for(tx: &mut Tx, actor: &Actor, township: &DivisionCode) -> Result<OrganizationId> {
    let own = stations(actor).into_iter().next();
    match own {
        Some(station) => Ok(station),
        None => store::station_of(tx, township).await?.ok_or_else(|| Error::invalid("division", "no_station")),
    }
}

/// A child director tells of the own village.
fn own_village(actor: &Actor) -> Option<String> {
    actor.grants.iter().find_map(|grant| match (&grant.role, &grant.scope) {
        (Role::ChildDirector, Scope::Village(code)) => Some(code.clone()),
        _ => None,
    })
}

async fn load(tx: &mut Tx, actor: &Actor, id: &LeadId) -> Result<Lead> {
    let lead = store::find(tx, id).await?.ok_or_else(|| Error::missing("lead", id))?;
    decide(actor, Action::FileLead, &lead).allowed()?;
    Ok(lead)
}

/// Whether the actor reads what was told: those of the station and of the village, not the county.
fn reads(actor: &Actor, lead: &Lead) -> bool {
    decide(actor, Action::OpenCase, lead).is_allowed() || decide(actor, Action::RecordVisit, lead).is_allowed()
}

/// Somebody was there; what was found is kept with what was told.
pub async fn visit(app: &App, actor: &Actor, id: &LeadId, found: &Hidden) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let mut lead = load(&mut tx, actor, id).await?;
    if !reads(actor, &lead) {
        return Err(Error::Forbidden { why: "role" });
    }
    lead.state = lead.step(Step::Visit)?;
    let mut faults = Faults::new();
    faults.require(!found.is_empty(), "found", "required");
    faults.require(found.reveal().chars().count() <= LONGEST, "found", "too_long");
    faults.settle()?;
    lead.visited_at = Some(at);
    lead.due_at = Lead::decide_by(at, lead.danger, &app.calendar.get());
    let key = store::key(&mut tx, &app.keyring, id).await?;
    let words = store::words(&mut tx, &key, id).await?.with("found", found.clone());
    store::update(&mut tx, &lead, Some((&key, &words))).await?;
    audit::record(&mut tx, actor, Event::new("lead.visited", "lead", id), at).await?;
    tx.commit(at).await
}

/// There is nothing in it; the station head says why.
pub async fn dismiss(app: &App, actor: &Actor, id: &LeadId, reason: &str) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let mut lead = load(&mut tx, actor, id).await?;
    decide(actor, Action::ApproveCase, &lead).allowed()?;
    lead.state = lead.step(Step::Dismiss)?;
    let reason = reason.trim();
    let mut faults = Faults::new();
    faults.require(!reason.is_empty(), "reason", "required");
    faults.require(reason.chars().count() <= 200, "reason", "too_long");
    faults.settle()?;
    lead.reason = Some(reason.to_owned());
    store::update(&mut tx, &lead, None).await?;
    audit::record(&mut tx, actor, Event::new("lead.dismissed", "lead", id), at).await?;
    tx.commit(at).await
}

/// A case was opened of it, in the transaction that opens the case.
pub async fn opened_within(tx: &mut Tx, actor: &Actor, id: &LeadId, case: &CaseId, at: Timestamp) -> Result<()> {
    let mut lead = load(tx, actor, id).await?;
    decide(actor, Action::OpenCase, &lead).allowed()?;
    lead.state = lead.step(Step::Open)?;
    lead.case = Some(case.clone());
    store::update(tx, &lead, None).await?;
    audit::record(tx, actor, Event::new("lead.opened", "lead", id).fields(["case"]), at).await
}

/// What an actor may do to a lead.
#[derive(Debug, Clone, Copy, Default)]
pub struct May {
    /// Say what was found.
    pub visit: bool,
    /// Open a case.
    pub open: bool,
    /// Say that there is nothing in it.
    pub dismiss: bool,
}

/// A lead as its reader may see it.
#[derive(Debug)]
pub struct View {
    /// The lead.
    pub lead: Lead,
    /// Who filed it.
    pub filed_by: String,
    /// Its words; none for who may not read them.
    pub words: Option<Words>,
    /// What the reader may do.
    pub may: May,
}

/// A lead. Its words are an event of the log before they are shown.
pub async fn view(app: &App, actor: &Actor, id: &LeadId) -> Result<View> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let lead = load(&mut tx, actor, id).await?;
    let filed_by = account::store::find(&mut tx, &lead.by).await?.map(|account| account.name).unwrap_or_default();
    let words = if reads(actor, &lead) {
        let key = store::key(&mut tx, &app.keyring, id).await?;
        audit::record(&mut tx, actor, Event::new("lead.viewed", "lead", id).fields(["words"]), at).await?;
        Some(store::words(&mut tx, &key, id).await?)
    } else {
        None
    };
    tx.commit(at).await?;
    let may = May {
        visit: words.is_some() && lead.step(Step::Visit).is_ok(),
        open: lead.step(Step::Open).is_ok() && decide(actor, Action::OpenCase, &lead).is_allowed(),
        dismiss: lead.step(Step::Dismiss).is_ok() && decide(actor, Action::ApproveCase, &lead).is_allowed(),
    };
    Ok(View { lead, filed_by, words, may })
}

/// The lists of leads an actor has: those of its cases, but no one's own, for a lead is nobody's yet.
#[must_use]
pub fn lead_lists(actor: &Actor) -> Vec<List> {
    lists(actor).into_iter().filter(|list| !matches!(list.within, Within::Worker(_))).collect()
}

/// The leads of a list, those first that must be looked at first.
pub async fn waiting(app: &App, actor: &Actor, list: &List, settled: bool) -> Result<Vec<Lead>> {
    const MOST: i64 = 500;
    let found = store::lines(&mut *app.store.read().await?, &list.within, settled, MOST).await?;
    Ok(found.into_iter().filter(|lead| decide(actor, Action::FileLead, lead).is_allowed()).collect())
}

/// How many leads of the person's first list nobody has looked at in time.
pub async fn late(app: &App, actor: &Actor) -> Result<usize> {
    let Some(List { within, .. }) = lead_lists(actor).into_iter().next() else { return Ok(0) };
    let late = store::late(&mut *app.store.read().await?, &within, app.now()).await?;
    Ok(usize::try_from(late).unwrap_or_default())
}

/// Where a new lead of the person most likely is: the township of the own station or village, if it has one.
pub async fn home(app: &App, actor: &Actor) -> Result<Option<DivisionCode>> {
    if !crate::access::may_anywhere(actor, Action::FileLead) {
        return Err(Error::Forbidden { why: "role" });
    }
    let mut db = app.store.read().await?;
    if let Some(village) = own_village(actor) {
        return crate::division::store::township_of_village(&mut db, &village).await;
    }
    let Some(station) = stations(actor).into_iter().next() else { return Ok(None) };
    Ok(crate::organization::store::find(&mut db, &station).await?.map(|station| station.division))
}

/// The county whose townships are offered where nothing was chosen yet.
pub async fn county(app: &App, actor: &Actor) -> Result<DivisionCode> {
    if let Some(home) = home(app, actor).await? {
        return Ok(home.county());
    }
    let granted = actor.divisions(Role::Coordinator).next();
    let divisions = app.divisions.get();
    let first = divisions.of_level("county").find(|row| granted.as_ref().is_none_or(|code| code.contains(&row.code)));
    first.map(|row| row.code.clone()).ok_or_else(|| Error::invalid("division", "township"))
}
