//! Opening a case (建档).

use std::collections::BTreeSet;

use jiff::Timestamp;
use lianjie_index::CategoryCode;
use rand::RngExt;

use super::super::lead::actions as lead;
use super::super::model::{Case, Child, Guardian, Identity, Known, Reading, Risk, State, Tier, Written, alias, categories};
use super::super::store::{self, ReportDuty};
use super::needs::{NewNeed, write_needs};
use crate::access::{Action, Actor, Facts, Role, decide};
use crate::app::App;
use crate::audit::{self, Event};
use crate::division;
use crate::error::{Error, Fault, Faults, Result};
use crate::id::{self, CaseId, ChildId, GuardianId, LeadId, OrganizationId, ReportDutyId};
use crate::organization;
use crate::organization::store::province;
use crate::secret::Hidden;
use crate::store::{Answered, Connection, Key, Tx, answered, remember};

/// What opens a case.
#[derive(Debug, Clone, Default)]
pub struct NewCase {
    /// The station; the actor's own where it says none.
    pub station: Option<OrganizationId>,
    /// What is known.
    pub written: Written,
    /// Situations that must be reported.
    pub situations: Vec<u8>,
    /// Needs, picked or confirmed.
    pub needs: Vec<NewNeed>,
    /// The worker's own words about what is needed.
    pub words: Hidden,
    /// The lead it comes from.
    pub lead: Option<LeadId>,
}

/// What a case would be, before it is opened.
#[derive(Debug, Clone)]
pub struct Check {
    /// What was read.
    pub known: Known,
    /// The alias it would have.
    pub alias: String,
    /// The categories that follow from guardians and flags.
    pub computed: Vec<CategoryCode>,
    /// The tier a need of it has unless somebody says otherwise.
    pub tier: Tier,
}

/// The stations an actor may open a case in.
#[must_use]
pub fn stations(actor: &Actor) -> Vec<OrganizationId> {
    let found: BTreeSet<_> = actor.organizations(Role::Worker).chain(actor.organizations(Role::Supervisor)).cloned().collect();
    found.into_iter().collect()
}

/// The station an actor opens a case in: the one named, or the first it is granted.
pub fn station_of(actor: &Actor, named: Option<&OrganizationId>) -> Result<OrganizationId> {
    let station = named.cloned().or_else(|| stations(actor).into_iter().next()).ok_or(Error::Forbidden { why: "role" })?;
    decide(
        actor,
        Action::OpenCase,
        &Facts { thing: "organization", id: station.to_string(), station: Some(station.clone()), ..Facts::default() },
    )
    .allowed()?;
    Ok(station)
}

/// An alias for a child of a station, to be proposed in the form.
pub async fn propose_alias(app: &App, actor: &Actor) -> Result<String> {
    let station = station_of(actor, None)?;
    let taken = taken(&mut *app.store.read().await?, &station).await?;
    Ok(alias::propose(None, &taken, rand::rng().random_range(0..1_000)))
}

/// Reads what was written and says what the case would be; stores nothing.
pub async fn check(app: &App, actor: &Actor, new: &NewCase) -> Result<Check> {
    let station = station_of(actor, new.station.as_ref())?;
    let mut db = app.store.read().await?;
    checked(app, &mut db, actor, &station, new).await.map(|(check, _)| check)
}

/// Opens a case; gives the id. A key that came before gives the case it made.
pub async fn open(app: &App, actor: &Actor, new: &NewCase, key: Option<&Key>) -> Result<CaseId> {
    let at = app.now();
    let mut tx = app.begin().await?;
    if let Some(key) = key
        && let Some(before) = answered(&mut tx, key, &actor.reference()).await?
    {
        return CaseId::parse(before.location.trim_start_matches("/cases/")).map_err(|_| Error::Conflict { why: "repeated" });
    }
    let station = station_of(actor, new.station.as_ref())?;
    let (check, child) = checked(app, &mut tx, actor, &station, new).await?;

    let child = write_child(app, &mut tx, child, &check, at).await?;
    let case = case_of(&child, &station, &check, actor, at);
    store::insert(&mut tx, &case, at).await?;
    let sealing = store::child_key(&mut tx, &app.keyring, &child.id).await?;
    store::put_writing(&mut tx, &sealing, &case, &check.known.writing).await?;
    for situation in &new.situations {
        let duty = ReportDuty {
            id: ReportDutyId::new(at),
            case: case.id.clone(),
            situation: *situation,
            found_at: at,
            made_at: None,
            made_to: None,
            receipt_number: None,
        };
        store::insert_report_duty(&mut tx, &duty).await?;
    }
    write_needs(app, &mut tx, &case, &new.needs, &new.words, check.tier, at).await?;

    if let Some(lead) = &new.lead {
        lead::opened_within(&mut tx, actor, lead, &case.id, at).await?;
    }

    let mut event = Event::new("case.opened", "case", &case.id);
    event.fields = new.situations.iter().map(|_| "report_duty".to_owned()).chain(new.needs.iter().map(|_| "need".to_owned())).collect();
    audit::record(&mut tx, actor, event, at).await?;
    if let Some(key) = key {
        let answer = Answered { status: 303, location: format!("/cases/{}", case.id) };
        remember(&mut tx, key, &actor.reference(), &answer, at).await?;
    }
    tx.commit(at).await?;
    Ok(case.id)
}

/// Everything that can be refused, at once; and the child, if the number is known from a closed case.
async fn checked(app: &App, db: &mut Connection, actor: &Actor, station: &OrganizationId, new: &NewCase) -> Result<(Check, Option<Child>)> {
    organization::store::find(db, station).await?.ok_or_else(|| Error::missing("organization", station))?;
    let known = read(app, &new.written)?;
    let mut faults = Faults::new();
    faults.require(known.birth_month.is_some(), "birth_month", "birth_needed");
    faults.require(new.situations.iter().all(|number| (1..=super::super::model::SITUATIONS).contains(number)), "situations", "choice");
    super::needs::check_needs(app, &new.needs, &mut faults);
    village_fits(db, &known, &mut faults).await?;

    let child = match &known.identity.identity_number {
        Some(number) => store::children_by_blind(db, &app.keyring.blind(number)).await?.into_iter().next(),
        None => None,
    };
    if let Some(child) = &child
        && let Some(open) = store::of_child_open(db, &child.id).await?
    {
        faults.add(already_open(db, actor, &open).await?);
    }

    let mut taken = taken(db, station).await?;
    if let Some(child) = &child {
        taken.remove(&child.alias);
    }
    let alias = match (&known.alias, &child) {
        (Some(chosen), _) => faults.keep(alias::check(chosen, known.identity.name.as_ref(), &taken).map(|()| chosen.clone())),
        (None, Some(child)) if !taken.contains(&child.alias) => Some(child.alias.clone()),
        (None, _) => Some(alias::propose(known.identity.name.as_ref(), &taken, rand::rng().random_range(0..1_000))),
    };
    faults.settle()?;
    let computed = categories(&known.guardians, &known.flags, known.birth_month, app.today());
    let rank = rank(app, known.risk.as_ref());
    let check = Check { alias: alias.unwrap_or_default(), computed, tier: Tier::by_default(rank, !new.situations.is_empty()), known };
    Ok((check, child))
}

/// Reads what was written against the divisions, categories and day of the installation.
pub(super) fn read(app: &App, written: &Written) -> Result<Known> {
    let at = app.now();
    let (divisions, categories) = (app.divisions.get(), app.categories.get());
    written.read(&mut Reading { divisions: &divisions, categories: &categories, today: app.today(), fresh: &mut || GuardianId::new(at) })
}

/// The rank of a level of risk.
pub(super) fn rank(app: &App, risk: Option<&Risk>) -> Option<u8> {
    risk.and_then(|risk| app.categories.get().risk(&risk.0).map(|level| level.rank))
}

/// That the village lies in the township; villages that are not loaded cannot be compared.
pub(super) async fn village_fits(db: &mut Connection, known: &Known, faults: &mut Faults) -> Result<()> {
    let Some(village) = &known.village else { return Ok(()) };
    let villages = division::store::villages(db, &known.division).await?;
    let fits = villages.is_empty() || villages.iter().any(|row| row.code == *village);
    faults.require(fits, "village", "village_elsewhere");
    Ok(())
}

/// That the child has an open case: its number, if the actor may know of it, and not whose, if not.
async fn already_open(db: &mut Connection, actor: &Actor, id: &CaseId) -> Result<Fault> {
    let case = store::find(db, id).await?.ok_or_else(|| Error::missing("case", id))?;
    let known = decide(actor, Action::ReadCase, &case).is_allowed();
    let fault = if known {
        Fault::new("identity_number", "case_open_here").with("number", &case.number)
    } else {
        Fault::new("identity_number", "case_open_elsewhere")
    };
    Ok(fault)
}

pub(super) async fn taken(db: &mut Connection, station: &OrganizationId) -> Result<BTreeSet<String>> {
    Ok(store::take_aliases(db, station).await?.into_iter().collect())
}

/// Writes the child, or goes on with the one that is there.
async fn write_child(app: &App, tx: &mut Tx, before: Option<Child>, check: &Check, at: Timestamp) -> Result<Child> {
    let Known { identity, birth_month, sex, guardians, division, .. } = &check.known;
    let child = if let Some(mut child) = before {
        child.alias.clone_from(&check.alias);
        child.birth_month = birth_month.or(child.birth_month);
        child.sex = sex.or(child.sex);
        store::update_child(tx, &mut child, at).await?;
        child
    } else {
        let id = ChildId::new(at);
        let (key_id, _, wrapped) = app.keyring.make(id.as_str());
        let child = Child { id, alias: check.alias.clone(), birth_month: *birth_month, sex: *sex, key_id: key_id.clone(), version: 1 };
        store::insert_child(tx, &child, &province(division), at).await?;
        store::insert_key(tx, &key_id, &child.id, &wrapped, &app.keyring).await?;
        child
    };
    let key = store::child_key(tx, &app.keyring, &child.id).await?;
    let identity = over(store::identity(tx, &key, &child.id).await?, identity);
    store::put_identity(tx, &app.keyring, &key, &child.id, &identity, at).await?;
    let fresh: Vec<Guardian> = guardians.iter().map(|guardian| Guardian { id: GuardianId::new(at), ..guardian.clone() }).collect();
    store::replace_guardians(tx, &key, &child.id, &fresh).await?;
    Ok(child)
}

/// What is given, over what is kept.
pub(super) fn over(kept: Identity, given: &Identity) -> Identity {
    let or = |given: &Option<Hidden>, kept: Option<Hidden>| given.clone().or(kept);
    Identity {
        name: or(&given.name, kept.name),
        identity_number: or(&given.identity_number, kept.identity_number),
        birth_date: or(&given.birth_date, kept.birth_date),
        phone: or(&given.phone, kept.phone),
        address: or(&given.address, kept.address),
        point: or(&given.point, kept.point),
        school: or(&given.school, kept.school),
    }
}

fn case_of(child: &Child, station: &OrganizationId, check: &Check, actor: &Actor, at: Timestamp) -> Case {
    let known = check.known.clone();
    let (categories, categories_reason) = match known.overriding {
        Some((categories, reason)) => (categories, Some(reason)),
        None => (check.computed.clone(), None),
    };
    Case {
        id: CaseId::new(at),
        number: id::number(&mut rand::rng()),
        child: child.id.clone(),
        station: station.clone(),
        division: known.division,
        village: known.village,
        hukou: known.hukou,
        worker: actor.id.clone(),
        opened_by: actor.id.clone(),
        state: State::Intake,
        risk: known.risk,
        opened_at: at,
        closed_at: None,
        closed_reason: None,
        flags: known.flags,
        categories,
        categories_reason,
        holds: known.holds,
        school_stage: known.school_stage,
        languages: known.languages,
        travel: known.travel,
        can_pay: known.can_pay,
        guardian: known.guardian,
        version: 1,
    }
}
