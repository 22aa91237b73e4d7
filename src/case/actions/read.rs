//! Looking at a case: masked; with what names the child, for a purpose; and who has looked.

use std::collections::BTreeMap;

use super::super::model::{Brief, Case, Child, Guardian, Identity, Item, Need, Purpose, Tier, Writing, items, name};
use super::super::store::{self, Filled, ReportDuty};
use super::needs::default_tier;
use super::{for_approval, load};
use crate::access::{Action, Actor, Class, Classes, Decision, decide};
use crate::account;
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Result};
use crate::id::{AccountId, CaseId, NeedId};
use crate::organization;
use crate::secret::Hidden;
use crate::store::Connection;

/// A case as an actor sees it without saying why.
#[derive(Debug, Clone)]
pub struct View {
    /// The case. What of it may be shown is said by `classes`.
    pub case: Case,
    /// Its child, without identity.
    pub child: Child,
    /// What anybody who may know of it sees.
    pub brief: Brief,
    /// The classes of fields the actor sees.
    pub classes: Classes,
    /// Its needs, most urgent first.
    pub needs: Vec<Need>,
    /// Its duties to report.
    pub duties: Vec<ReportDuty>,
    /// Which sealed fields hold something.
    pub filled: Filled,
    /// Safety notes for staff, where the actor sees care.
    pub care_notes: Option<Hidden>,
    /// Name of the station.
    pub station: String,
    /// Name of the worker.
    pub worker: String,
    /// The tier a new need of it has.
    pub tier: Tier,
    /// What the actor may do to it.
    pub may: May,
}

/// What an actor may do to a case: which forms a page shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "one flag an action")]
pub struct May {
    /// Write needs, facts, reports.
    pub write: bool,
    /// Approve, close, open again.
    pub approve: bool,
    /// Match.
    pub match_: bool,
    /// Draft a referral.
    pub refer: bool,
    /// See who has looked.
    pub who_saw: bool,
    /// See some item for a purpose.
    pub identify: bool,
    /// See how the guardianship stands.
    pub guardianship: bool,
    /// Offer it to another station.
    pub transfer: bool,
}

impl May {
    fn of(actor: &Actor, case: &Case) -> Self {
        let may = |action| decide(actor, action, case).is_allowed();
        Self {
            write: may(Action::WriteCase),
            approve: decide(actor, Action::ApproveCase, &for_approval(case)).is_allowed(),
            match_: may(Action::Match),
            refer: may(Action::Refer),
            who_saw: may(Action::WhoSaw),
            identify: may(Action::IdentifyCase),
            transfer: case.state != super::super::model::State::Closed && may(Action::ApproveCase),
            guardianship: matches!(decide(actor, Action::ReadCase, case), Decision::Mask(classes) if classes.has(Class::Status)),
        }
    }
}

/// The case as the actor sees it; an event of the log, as every view is.
pub async fn view(app: &App, actor: &Actor, id: &CaseId) -> Result<View> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let (case, classes) = masked(&mut tx, actor, Action::ReadCase, id).await?;
    let view = look(app, &mut tx, actor, case, classes).await?;
    let plain = classes.iter().filter(|class| matches!(class, Class::Open | Class::Care | Class::Status));
    audit::record(&mut tx, actor, Event::new("case.viewed", "case", id).fields(plain.map(|class| name(&class))), at).await?;
    tx.commit(at).await?;
    Ok(view)
}

async fn masked(db: &mut Connection, actor: &Actor, action: Action, id: &CaseId) -> Result<(Case, Classes)> {
    let case = store::find(db, id).await?.ok_or_else(|| Error::missing("case", id))?;
    match decide(actor, action, &case) {
        Decision::Mask(classes) => Ok((case, classes)),
        Decision::Allow => Ok((case, Classes::NONE)),
        refused => refused.allowed().map(|()| (case, Classes::NONE)),
    }
}

async fn look(app: &App, db: &mut Connection, actor: &Actor, case: Case, classes: Classes) -> Result<View> {
    let child = store::child(db, &case.child).await?.ok_or_else(|| Error::missing("case", &case.id))?;
    let care_notes = if classes.has(Class::Care) {
        let key = store::child_key(db, &app.keyring, &case.child).await?;
        store::writing(db, &key, &case).await?.care_notes
    } else {
        None
    };
    Ok(View {
        brief: case.brief(&child, app.today()),
        classes,
        needs: store::needs(db, &case.id).await?,
        duties: store::report_duties(db, &case.id).await?,
        filled: store::filled(db, &case.child, &case.id).await?,
        care_notes,
        station: organization::store::find(db, &case.station).await?.map(|station| station.name).unwrap_or_default(),
        worker: account::store::find(db, &case.worker).await?.map(|account| account.name).unwrap_or_default(),
        tier: default_tier(app, db, &case).await?,
        may: May::of(actor, &case),
        case,
        child,
    })
}

/// A case with the items that were asked for; those not asked for are empty.
#[derive(Debug, Clone)]
pub struct Identified {
    /// The case.
    pub view: View,
    /// What is shown.
    pub items: Vec<Item>,
    /// Name, number, address.
    pub identity: Identity,
    /// Guardians: names and phones for contact, states for why a parent is absent.
    pub guardians: Vec<Guardian>,
    /// Account, diagnoses, certificates.
    pub writing: Writing,
    /// The worker's own words of needs.
    pub words: Vec<(NeedId, Hidden)>,
}

/// The items of a case that the actor asks for, and may see. The event is committed before anything is handed out.
pub async fn identify(app: &App, actor: &Actor, id: &CaseId, purpose: Purpose, asked: &[Item]) -> Result<Identified> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let (case, classes) = masked(&mut tx, actor, Action::IdentifyCase, id).await?;
    let permitted = items(classes);
    let shown: Vec<Item> = permitted.into_iter().filter(|item| asked.contains(item)).collect();
    if shown.is_empty() {
        return Err(Error::invalid("items", if asked.is_empty() { "required" } else { "items_not_yours" }));
    }
    let view = look(app, &mut tx, actor, case, classes).await?;
    let found = open_items(app, &mut tx, view, shown.clone()).await?;
    let event = Event::new("case.identified", "case", id).fields(shown.iter().map(name)).purpose(name(&purpose));
    audit::record(&mut tx, actor, event, at).await?;
    tx.commit(at).await?;
    Ok(found)
}

async fn open_items(app: &App, db: &mut Connection, view: View, items: Vec<Item>) -> Result<Identified> {
    let has = |item| items.contains(&item);
    let key = store::child_key(db, &app.keyring, &view.case.child).await?;
    let whole = store::identity(db, &key, &view.case.child).await?;
    let identity = Identity {
        name: whole.name.filter(|_| has(Item::Name)),
        address: whole.address.filter(|_| has(Item::Address)),
        identity_number: whole.identity_number.filter(|_| has(Item::Number)),
        birth_date: whole.birth_date.filter(|_| has(Item::Number)),
        phone: whole.phone.filter(|_| has(Item::Number)),
        point: whole.point.filter(|_| has(Item::Number)),
        school: whole.school.filter(|_| has(Item::Number)),
    };
    let mut guardians = Vec::new();
    if has(Item::Contact) || has(Item::Guardians) {
        guardians = store::guardians(db, &view.case.child).await?;
    }
    if has(Item::Contact) {
        store::names_of_guardians(db, &key, &view.case.child, &mut guardians).await?;
    }
    let mut writing = Writing::default();
    let mut words = Vec::new();
    if has(Item::Narrative) {
        writing = store::writing(db, &key, &view.case).await?;
        for need in &view.needs {
            if let Some(text) = store::words(db, &key, &view.case, &need.id).await? {
                words.push((need.id.clone(), text));
            }
        }
    }
    Ok(Identified { view, items, identity, guardians, writing, words })
}

/// Somebody who did something to a case, or looked.
#[derive(Debug, Clone)]
pub struct Seen {
    /// When, RFC 3339 UTC.
    pub at: String,
    /// Name of the account; empty for the system.
    pub name: String,
    /// Role it mostly acts in.
    pub role: String,
    /// Verb.
    pub action: String,
    /// Field names.
    pub fields: Vec<String>,
    /// Purpose.
    pub purpose: Option<String>,
}

/// Who saw a case (谁看过), newest first.
pub async fn who_saw(app: &App, actor: &Actor, id: &CaseId) -> Result<(Case, Vec<Seen>)> {
    let mut db = app.store.read().await?;
    let case = load(&mut db, actor, Action::WhoSaw, id).await?;
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut seen = Vec::new();
    for event in audit::who_saw(&mut db, "case", id.as_str()).await? {
        if !names.contains_key(&event.actor) {
            let account = match AccountId::parse(&event.actor) {
                Ok(id) => account::store::find(&mut db, &id).await?.map(|account| account.name),
                Err(_) => None,
            };
            names.insert(event.actor.clone(), account.unwrap_or_default());
        }
        seen.push(Seen {
            at: event.at,
            name: names[&event.actor].clone(),
            role: event.role,
            action: event.action,
            fields: serde_json::from_str(&event.fields).unwrap_or_default(),
            purpose: event.purpose,
        });
    }
    Ok((case, seen))
}
