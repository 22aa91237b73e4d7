//! An emergency is started, worked off step by step, and ended.

use std::collections::BTreeMap;

use jiff::Timestamp;
use lianjie_index::DivisionCode;

use super::model::{CAUSES, Done, Emergency, Step};
use super::store;
use crate::access::{Action, Actor, Role, Scope, decide};
use crate::account;
use crate::account::notice::{Message, Notice, leave, leave_with};
use crate::app::App;
use crate::audit::{self, Event};
use crate::case;
use crate::case::actions::{List, still_open};
use crate::case::lead::{Sources, actions as leads};
use crate::case::model::{Case, Risk};
use crate::error::{Error, Faults, Result};
use crate::id::{AccountId, CaseId, EmergencyId, LeadId};
use crate::secret::{ChildKey, Hidden};
use crate::store::{Answered, Connection, Key, Tx, answered, remember};

/// Whom it is about.
#[derive(Debug, Clone)]
pub enum About {
    /// A child on file.
    Case(CaseId),
    /// A child of a lead.
    Lead(LeadId),
    /// A call just now: the township, and what was said.
    Call(DivisionCode, Hidden),
}

/// Starts an emergency; gives its id. The case's risk becomes the highest; the station head and the county are told.
pub async fn start(app: &App, actor: &Actor, about: &About, cause: &str, key: Option<&Key>) -> Result<EmergencyId> {
    let at = app.now();
    let mut tx = app.begin().await?;
    if let Some(key) = key
        && let Some(before) = answered(&mut tx, key, &actor.reference()).await?
    {
        return EmergencyId::parse(before.location.trim_start_matches("/emergencies/")).map_err(|_| Error::Conflict { why: "repeated" });
    }
    if !CAUSES.contains(&cause) {
        return Err(Error::invalid("cause", "required"));
    }
    let emergency = begin(app, &mut tx, actor, about, cause, at).await?;
    store::insert(&mut tx, &emergency).await?;
    audit::record(&mut tx, actor, Event::new("emergency.started", "emergency", &emergency.id).fields([cause]), at).await?;
    tell(app, &mut tx, &emergency, at).await?;
    if let Some(key) = key {
        let answer = Answered { status: 303, location: format!("/emergencies/{}", emergency.id) };
        remember(&mut tx, key, &actor.reference(), &answer, at).await?;
    }
    tx.commit(at).await?;
    Ok(emergency.id)
}

/// Starts one for a case in the caller's transaction; the caller has decided: a meeting does so.
pub async fn start_for_case(app: &App, tx: &mut Tx, actor: &Actor, case: &mut Case, cause: &str, at: Timestamp) -> Result<EmergencyId> {
    raise(app, tx, actor, case, at).await?;
    let emergency = of_case(case, actor, cause, at);
    store::insert(tx, &emergency).await?;
    audit::record(tx, actor, Event::new("emergency.started", "emergency", &emergency.id).fields([cause]), at).await?;
    tell(app, tx, &emergency, at).await?;
    Ok(emergency.id)
}

async fn begin(app: &App, tx: &mut Tx, actor: &Actor, about: &About, cause: &str, at: Timestamp) -> Result<Emergency> {
    match about {
        About::Case(id) => {
            let mut case = case::store::find(tx, id).await?.ok_or_else(|| Error::missing("case", id))?;
            decide(actor, Action::ReadCase, &case).allowed()?;
            decide(actor, Action::FileLead, &case).allowed()?;
            still_open(&case)?;
            raise(app, tx, actor, &mut case, at).await?;
            Ok(of_case(&case, actor, cause, at))
        }
        About::Lead(id) => {
            let lead = case::lead::store::find(tx, id).await?.ok_or_else(|| Error::missing("lead", id))?;
            decide(actor, Action::FileLead, &lead).allowed()?;
            Ok(of_lead(&lead, actor, cause, at))
        }
        About::Call(division, words) => {
            let mut faults = Faults::new();
            faults.require(!words.is_empty(), "words", "required");
            faults.require(words.reveal().chars().count() <= 1_000, "words", "too_long");
            faults.require(division.as_str().len() == 9 && app.divisions.get().has(division), "division", "township");
            faults.settle()?;
            let told = leads::Told {
                source: Sources::Hotline,
                division: division.clone(),
                village: None,
                danger: true,
                words: words.clone(),
                child: Hidden::default(),
                teller: Hidden::default(),
            };
            let lead = leads::file_within(app, tx, actor, &told, at).await?;
            Ok(of_lead(&lead, actor, cause, at))
        }
    }
}

fn of_case(case: &Case, actor: &Actor, cause: &str, at: Timestamp) -> Emergency {
    Emergency {
        id: EmergencyId::new(at),
        division: case.division.clone(),
        village: case.village.clone(),
        station: case.station.clone(),
        case: Some(case.id.clone()),
        lead: None,
        cause: cause.to_owned(),
        started_by: actor.id.clone(),
        started_at: at,
        ended_at: None,
        done: Vec::new(),
        version: 1,
    }
}

fn of_lead(lead: &case::lead::Lead, actor: &Actor, cause: &str, at: Timestamp) -> Emergency {
    Emergency {
        id: EmergencyId::new(at),
        division: lead.division.clone(),
        village: lead.village.clone(),
        station: lead.station.clone(),
        case: None,
        lead: Some(lead.id.clone()),
        cause: cause.to_owned(),
        started_by: actor.id.clone(),
        started_at: at,
        ended_at: None,
        done: Vec::new(),
        version: 1,
    }
}

/// The risk of the case becomes the highest there is.
async fn raise(app: &App, tx: &mut Tx, actor: &Actor, case: &mut Case, at: Timestamp) -> Result<()> {
    let highest = app.categories.get().risks.first().map(|level| Risk(level.named.code.clone()));
    if case.risk == highest || highest.is_none() {
        return Ok(());
    }
    case.risk = highest;
    case::store::update(tx, case, at).await?;
    audit::record(tx, actor, Event::new("case.changed", "case", &case.id).fields(["risk"]), at).await
}

/// Tells the heads of the station and the coordinators of the county, day and night.
async fn tell(app: &App, tx: &mut Tx, emergency: &Emergency, at: Timestamp) -> Result<()> {
    tell_of(app, tx, emergency, Some(&emergency.started_by), ("emergency_started", "started", 1), at).await
}

async fn tell_of(
    app: &App,
    tx: &mut Tx,
    emergency: &Emergency,
    but: Option<&AccountId>,
    (template, key, tier): (&'static str, &str, u8),
    at: Timestamp,
) -> Result<()> {
    let facts = serde_json::json!({ "tier": tier, "link": format!("/emergencies/{}", emergency.id) });
    let told = Message { template, key: &format!("{}:{key}", emergency.id), facts: &facts };
    leave_with(app, tx, (&[Role::Supervisor], &Scope::Organization(emergency.station.clone())), but, told, at).await?;
    leave_with(app, tx, (&[Role::Coordinator], &Scope::Division(emergency.division.county())), but, told, at).await
}

/// Tells the same people, and whoever started it, of each step that is late, once.
pub async fn remind(app: &App) -> Result<()> {
    let at = app.now();
    let running = store::all_running(&mut *app.store.read().await?).await?;
    let late = |emergency: &Emergency, step: Step| emergency.done(step).is_none() && emergency.is_late(step, at);
    if !running.iter().any(|emergency| Step::ALL.into_iter().any(|step| late(emergency, step))) {
        return Ok(());
    }
    let mut tx = app.begin().await?;
    for emergency in running {
        for step in Step::ALL.into_iter().filter(|step| late(&emergency, *step)) {
            // What can wait until morning does not wake anybody.
            let tier = if step.is_needed() { 1 } else { 2 };
            tell_of(app, &mut tx, &emergency, None, ("emergency_late", step.name(), tier), at).await?;
            let facts = serde_json::json!({ "tier": tier, "link": format!("/emergencies/{}", emergency.id) });
            let key = format!("{}:{}", emergency.id, step.name());
            leave(&mut tx, Notice::Account(&emergency.started_by), "emergency_late", &key, &facts, at).await?;
        }
    }
    tx.commit(at).await
}

async fn load(db: &mut Connection, actor: &Actor, id: &EmergencyId) -> Result<Emergency> {
    let emergency = store::find(db, id).await?.ok_or_else(|| Error::missing("emergency", id))?;
    decide(actor, Action::FileLead, &emergency).allowed()?;
    Ok(emergency)
}

/// Under whose key the notes are: the lead's as long as it began with one, else the child's.
async fn key(app: &App, db: &mut Connection, emergency: &Emergency) -> Result<(ChildKey, String)> {
    if let Some(lead) = &emergency.lead {
        return Ok((case::lead::store::key(db, &app.keyring, lead).await?, lead.to_string()));
    }
    let id = emergency.case.as_ref().ok_or_else(|| Error::missing("case", &emergency.id))?;
    let case = case::store::find(db, id).await?.ok_or_else(|| Error::missing("case", id))?;
    Ok((case::store::child_key(db, &app.keyring, &case.child).await?, case.child.to_string()))
}

/// Says that a step was done, now, and what was done.
pub async fn step(app: &App, actor: &Actor, id: &EmergencyId, step: Step, note: &Hidden) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let emergency = load(&mut tx, actor, id).await?;
    emergency.running("step")?;
    if emergency.done(step).is_some() {
        return Err(Error::Conflict { why: "changed" });
    }
    let mut faults = Faults::new();
    faults.require(!note.is_empty(), "note", "emergency_note");
    faults.require(note.reveal().chars().count() <= 1_000, "note", "too_long");
    faults.settle()?;
    let (key, owner) = key(app, &mut tx, &emergency).await?;
    let done = Done { step, at, by: actor.id.clone() };
    store::insert_step(&mut tx, id, &done, (&key, &owner), note).await?;
    audit::record(&mut tx, actor, Event::new("emergency.stepped", "emergency", id).fields([step.name()]), at).await?;
    tx.commit(at).await
}

/// Ends an emergency: the child is safe, and those who must know do. The station head or the county does so.
pub async fn end(app: &App, actor: &Actor, id: &EmergencyId) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let emergency = load(&mut tx, actor, id).await?;
    decide(actor, Action::ApproveCase, &emergency).allowed()?;
    emergency.running("end")?;
    if !emergency.may_end() {
        return Err(Error::Conflict { why: "emergency_unfinished" });
    }
    store::end(&mut tx, &emergency, actor.id.as_str(), at).await?;
    audit::record(&mut tx, actor, Event::new("emergency.ended", "emergency", id), at).await?;
    tx.commit(at).await
}

/// An emergency as its reader may see it.
#[derive(Debug)]
pub struct View {
    /// The emergency.
    pub emergency: Emergency,
    /// Who started it.
    pub started_by: String,
    /// What was done, by step; none for who may not read it.
    pub notes: BTreeMap<String, Hidden>,
    /// Names of those who did the steps.
    pub names: BTreeMap<String, String>,
    /// Whether the reader may end it.
    pub may_end: bool,
}

/// An emergency. Its notes are read by the station and the village; the county sees what was done and when.
pub async fn view(app: &App, actor: &Actor, id: &EmergencyId) -> Result<View> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let emergency = load(&mut tx, actor, id).await?;
    let reads = decide(actor, Action::OpenCase, &emergency).is_allowed() || decide(actor, Action::RecordVisit, &emergency).is_allowed();
    let notes = if reads {
        let (key, owner) = key(app, &mut tx, &emergency).await?;
        store::notes(&mut tx, (&key, &owner), id).await?
    } else {
        BTreeMap::default()
    };
    if !notes.is_empty() {
        audit::record(&mut tx, actor, Event::new("emergency.viewed", "emergency", id).fields(["note"]), at).await?;
    }
    let mut names = BTreeMap::new();
    for by in emergency.done.iter().map(|done| &done.by).chain([&emergency.started_by]) {
        if let Some(account) = account::store::find(&mut tx, by).await? {
            names.insert(by.to_string(), account.name);
        }
    }
    tx.commit(at).await?;
    let may_end = emergency.ended_at.is_none() && decide(actor, Action::ApproveCase, &emergency).is_allowed();
    let started_by = names.get(emergency.started_by.as_str()).cloned().unwrap_or_default();
    Ok(View { emergency, started_by, notes, names, may_end })
}

/// The emergencies of a list.
pub async fn list(app: &App, actor: &Actor, list: &List) -> Result<Vec<Emergency>> {
    let found = store::lines(&mut *app.store.read().await?, &list.within, 50).await?;
    Ok(found.into_iter().filter(|emergency| decide(actor, Action::FileLead, emergency).is_allowed()).collect())
}

/// How many emergencies of the person's first list run.
pub async fn running(app: &App, actor: &Actor) -> Result<usize> {
    let Some(List { within, .. }) = leads::lead_lists(actor).into_iter().next() else { return Ok(0) };
    Ok(usize::try_from(store::running(&mut *app.store.read().await?, &within).await?).unwrap_or_default())
}
