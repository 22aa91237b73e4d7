//! Registering, reading and editing organizations, and the steps they go through.
//!
//! A service follows its organization: the index is told of the organization, and `service` looks after what
//! verification means for services.

use jiff::{Timestamp, ToSpan};
use lianjie_index::entry::Level;

use super::alike::{Alike, alike};
use super::model::{Organization, Status, Step};
use super::written::Written;
use super::{store, suggestion};
use crate::access::{Action, Actor, Facts, Role, Scope, Subject, decide, directory_level};
use crate::account::{self, NewAccount};
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Fault, Faults, Result};
use crate::id::{AccountId, OrganizationId};
use crate::secret::Hidden;
use crate::store::{Answered, Connection, DIRECTORY, Key, Tx, answered, remember};

/// The person an organization registers with: its first account.
#[derive(Debug, Clone, Default)]
pub struct Contact {
    /// Name at work.
    pub name: String,
    /// What is typed to sign in.
    pub login: String,
    /// Password.
    pub password: Hidden,
}

/// What registers an organization.
#[derive(Debug, Clone, Default)]
pub struct Registration {
    /// The entry.
    pub written: Written,
    /// Its first account; a visitor must give one.
    pub contact: Option<Contact>,
    /// Who spoke for the organization, when a worker enters it on its behalf.
    pub on_behalf_of: String,
    /// It is another one than those that look alike.
    pub distinct: bool,
}

/// Registers an organization as a draft; gives it back. A key that came before gives what it made.
pub async fn register(app: &App, actor: &Actor, new: &Registration, key: Option<&Key>) -> Result<Organization> {
    let at = app.now();
    if let Some(before) = registered(&mut *app.store.read().await?, actor, new, key).await? {
        return Ok(before);
    }
    let mut organization = blank(at);
    let mut faults = new.written.read_into(&mut organization, &app.divisions.get(), &app.categories.get());
    let account = new.contact.as_ref().map(|contact| first_account(contact, &organization.id));
    if let Some(account) = &account {
        faults.join(account_faults(account));
    }
    let behalf = on_behalf(actor, &organization);
    if actor.is_signed_in() {
        faults.require(!behalf || !new.on_behalf_of.trim().is_empty(), "on_behalf_of", "required");
    } else {
        faults.require(account.is_some(), "login", "required");
    }
    if !new.distinct && let Some(fault) = likely(app, actor, &organization).await? {
        faults.add(fault);
    }
    faults.settle()?;
    if actor.is_signed_in() {
        decide(actor, Action::EditDirectory, &organization).allowed()?;
    }
    let hash = match &account {
        Some(account) => Some(account::hash(app, &account.password).await?),
        None => None,
    };

    let mut tx = app.begin().await?;
    if let Some(before) = registered(&mut tx, actor, new, key).await? {
        return Ok(before);
    }
    let first = account.as_ref().map(|_| AccountId::new(at));
    organization.entered_by = if actor.is_signed_in() { Some(actor.id.clone()) } else { first.clone() };
    store::insert(&mut tx, &organization, at).await?;
    if let (Some(id), Some(account), Some(hash)) = (first, account, hash) {
        account::insert(&mut tx, app, actor, &id, account, &hash).await?;
    }
    tx.changed(DIRECTORY, "organization", &organization.id);
    let event = Event::new("organization.registered", "organization", &organization.id);
    let event = if behalf { event.purpose(format!("on behalf of {}", new.on_behalf_of.trim())) } else { event };
    audit::record(&mut tx, actor, event, at).await?;
    if let Some(key) = key {
        let answer = Answered { status: 201, location: format!("/organizations/{}", organization.id) };
        remember(&mut tx, key, &actor.reference(), &answer, at).await?;
    }
    tx.commit(at).await?;
    Ok(organization)
}

/// What this key made before. All visitors share one name in the table of keys, so the entry must be the same too.
async fn registered(db: &mut Connection, actor: &Actor, new: &Registration, key: Option<&Key>) -> Result<Option<Organization>> {
    let Some(key) = key else { return Ok(None) };
    let Some(before) = answered(db, key, &actor.reference()).await? else { return Ok(None) };
    let id = before.location.rsplit('/').next().unwrap_or_default();
    let id = OrganizationId::parse(id).map_err(|_| Error::Conflict { why: "repeated" })?;
    let found = store::find(db, &id).await?.filter(|found| found.name == new.written.name.trim());
    found.map(Some).ok_or(Error::Conflict { why: "repeated" })
}

/// The entry that is likely the same one, as a fault of the box that says it is not. A hidden entry is not named.
async fn likely(app: &App, actor: &Actor, organization: &Organization) -> Result<Option<Fault>> {
    let mut db = app.store.read().await?;
    let near = store::candidates(&mut db, organization.code_uscc.as_deref(), organization.division.county().as_str()).await?;
    let found = near.iter().filter_map(|other| Some((alike(organization, other)?, other))).min_by_key(|(why, _)| *why);
    Ok(found.map(|(why, other)| {
        let reason = match why {
            Alike::Code => "alike_code",
            Alike::Name => "alike_name",
            Alike::Phone => "alike_phone",
        };
        let name = if is_there(actor, other) { format!("“{}”", other.name) } else { String::new() };
        Fault::new("distinct", reason).with("name", name)
    }))
}

/// Whether the actor speaks for somebody else: a worker, not the registrar, nor the organization itself.
fn on_behalf(actor: &Actor, organization: &Organization) -> bool {
    let workers = [Role::Worker, Role::Supervisor, Role::Coordinator];
    workers.iter().any(|role| actor.is(*role)) && !actor.is(Role::Registrar) && !is_own(actor, organization)
}

fn first_account(contact: &Contact, organization: &OrganizationId) -> NewAccount {
    NewAccount {
        login: contact.login.trim().to_lowercase(),
        name: contact.name.trim().to_owned(),
        organization: Some(organization.clone()),
        password: contact.password.clone(),
        must_change: false,
        grants: vec![(Role::Provider, Scope::Organization(organization.clone()))],
    }
}

/// The faults of the account; its name is the form's `contact`, the entry's own field is called `name`.
fn account_faults(account: &NewAccount) -> Faults {
    account::check(account).renamed("name", "contact")
}

pub(super) fn blank(at: Timestamp) -> Organization {
    Organization {
        id: OrganizationId::new(at),
        kind: String::new(),
        name: String::new(),
        alternate_name: None,
        description: String::new(),
        code_uscc: None,
        division: "32".parse().expect("two digits are a division"),
        address: String::new(),
        phones: Vec::new(),
        website: None,
        parent: None,
        status: Status::Draft,
        status_reason: None,
        entered_by: None,
        verified_at: None,
        verified_until: None,
        confidentiality: Level::Public,
        listed: true,
        do_not_refer: false,
        version: 1,
    }
}

/// Whether the actor is one of the organization's own people.
#[must_use]
pub fn is_own(actor: &Actor, organization: &Organization) -> bool {
    actor.organizations(Role::Provider).any(|own| *own == organization.id)
}

/// Whether the actor may check the entry; who wrote it does not matter here.
#[must_use]
pub fn is_registrars(actor: &Actor, organization: &Organization) -> bool {
    decide(actor, Action::VerifyDirectory, &Facts { author: None, ..organization.facts() }).is_allowed()
}

/// Whether the actor may read what is restricted about it.
#[must_use]
pub fn reads_restricted(actor: &Actor, organization: &Organization) -> bool {
    let facts = Facts { station: Some(organization.id.clone()), ..organization.facts() };
    is_own(actor, organization) || decide(actor, Action::ReadRestricted, &facts).is_allowed()
}

/// Whether the actor sees the entry from inside: its people, who entered it, and who checks it.
#[must_use]
pub fn is_inside(actor: &Actor, organization: &Organization) -> bool {
    let wrote = actor.is_signed_in() && organization.entered_by.as_ref() == Some(&actor.id);
    wrote || is_own(actor, organization) || is_registrars(actor, organization)
}

/// Whether the actor may be shown the address.
#[must_use]
pub fn shows_address(actor: &Actor, organization: &Organization) -> bool {
    organization.confidentiality != Level::Restricted || is_inside(actor, organization) || reads_restricted(actor, organization)
}

/// An organization, by direct link: the table "Visible to whom" says to whom it is there.
pub async fn view(app: &App, actor: &Actor, id: &OrganizationId) -> Result<Organization> {
    let found = store::find(&mut *app.store.read().await?, id).await?;
    let organization = found.filter(|found| is_there(actor, found));
    organization.ok_or_else(|| Error::missing("organization", id))
}

fn is_there(actor: &Actor, organization: &Organization) -> bool {
    if is_inside(actor, organization) {
        return true;
    }
    let works = directory_level(actor) == "workers";
    let stands = match organization.status {
        Status::Draft => false,
        Status::Verified if organization.listed => true,
        _ => works,
    };
    stands
        && match organization.confidentiality {
            Level::Public => true,
            Level::Workers => works,
            Level::Restricted => reads_restricted(actor, organization),
        }
}

/// Edits an entry that nobody changed since `version`.
///
/// Name, kind and code of a verified entry keep their value until a registrar takes the new one.
pub async fn edit(app: &App, actor: &Actor, id: &OrganizationId, written: &Written, version: i64) -> Result<Organization> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let before = load(&mut tx, actor, id).await?;
    decide(actor, Action::EditDirectory, &before).allowed()?;
    at_version(&before, version)?;
    let mut organization = before.clone();
    written.read_into(&mut organization, &app.divisions.get(), &app.categories.get()).settle()?;
    if before.verified_at.is_some() && !is_registrars(actor, &before) {
        propose(&mut tx, actor, &before, &mut organization, at).await?;
    }
    store::keep_version(&mut tx, "organization", id.as_str(), before.version, &before, &actor.reference(), at).await?;
    store::update(&mut tx, &mut organization, at).await?;
    tx.changed(DIRECTORY, "organization", id);
    let event = Event::new("organization.edited", "organization", id).fields(changed_fields(&Written::of(&before), written));
    audit::record(&mut tx, actor, event, at).await?;
    tx.commit(at).await?;
    Ok(organization)
}

/// Turns a new name, kind or code into suggestions, and puts the old ones back.
async fn propose(db: &mut Connection, actor: &Actor, before: &Organization, after: &mut Organization, at: Timestamp) -> Result<()> {
    let old = Written::of(before);
    let new = Written::of(after);
    for (field, old, new) in
        [("name", old.name, new.name), ("kind", old.kind, new.kind), ("code_uscc", old.code_uscc, new.code_uscc)]
    {
        if old != new {
            suggestion::insert(db, &suggestion::Suggestion::new(&before.id, field, new, &actor.id, at)).await?;
        }
    }
    after.name.clone_from(&before.name);
    after.kind.clone_from(&before.kind);
    after.code_uscc.clone_from(&before.code_uscc);
    Ok(())
}

fn changed_fields(old: &Written, new: &Written) -> Vec<&'static str> {
    let fields = [
        ("kind", old.kind != new.kind),
        ("name", old.name != new.name),
        ("alternate_name", old.alternate_name != new.alternate_name),
        ("description", old.description != new.description),
        ("code_uscc", old.code_uscc != new.code_uscc),
        ("division", old.division != new.division),
        ("address", old.address != new.address),
        ("phones", old.phones != new.phones),
        ("website", old.website != new.website),
        ("confidentiality", old.confidentiality != new.confidentiality),
    ];
    fields.into_iter().filter(|(_, changed)| *changed).map(|(field, _)| field).collect()
}

/// The organization, if it is there for the actor.
pub async fn load(db: &mut Connection, actor: &Actor, id: &OrganizationId) -> Result<Organization> {
    let found = store::find(db, id).await?.filter(|found| is_there(actor, found));
    found.ok_or_else(|| Error::missing("organization", id))
}

fn at_version(organization: &Organization, version: i64) -> Result<()> {
    if organization.version == version { Ok(()) } else { Err(Error::Conflict { why: "changed" }) }
}

/// Whether the actor may take a step.
fn may_step(actor: &Actor, organization: &Organization, step: Step) -> Result<()> {
    let anyone = Facts { author: None, ..organization.facts() };
    match step {
        // Nobody verifies what they entered.
        Step::Verify => decide(actor, Action::VerifyDirectory, organization).allowed(),
        Step::Submit => decide(actor, Action::EditDirectory, organization).allowed(),
        Step::Close if is_own(actor, organization) => Ok(()),
        Step::Return | Step::Suspend | Step::Resume | Step::Close | Step::Reopen => {
            decide(actor, Action::VerifyDirectory, &anyone).allowed()
        }
    }
}

/// Takes a step in the transaction of the caller, who looks after what it means for services.
pub async fn step(tx: &mut Tx, app: &App, actor: &Actor, id: &OrganizationId, step: Step, reason: &str, version: i64) -> Result<Organization> {
    let at = app.now();
    let before = load(tx, actor, id).await?;
    may_step(actor, &before, step)?;
    let status = before.step(step)?;
    at_version(&before, version)?;
    let mut faults = Faults::new();
    faults.require(!step.needs_reason() || !reason.trim().is_empty(), "reason", "required");
    if reason.chars().count() > 500 {
        faults.add(Fault::new("reason", "longer_than").with("most", 500));
    }
    if matches!(step, Step::Submit | Step::Verify) {
        faults.require(!before.phones.is_empty(), "phones", "required");
        faults.require(!before.description.is_empty(), "description", "required");
    }
    faults.settle()?;

    let mut organization = before;
    organization.status = status;
    organization.status_reason = step.needs_reason().then(|| reason.trim().to_owned());
    if step == Step::Verify {
        organization.verified_at = Some(at);
        organization.verified_until = Some(app.today().saturating_add(1.year()));
    }
    store::update(tx, &mut organization, at).await?;
    tx.changed(DIRECTORY, "organization", id);
    let event = Event::new("organization.stepped", "organization", id).fields([step.name(), status.name()]);
    audit::record(tx, actor, event, at).await?;
    Ok(organization)
}

/// What a registrar marks about an organization beside its status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flags {
    /// Whether it is listed at all.
    pub listed: bool,
    /// Whether workers are told not to refer there.
    pub do_not_refer: bool,
}

/// Marks an organization; the reason is kept in the log.
pub async fn mark(app: &App, actor: &Actor, id: &OrganizationId, flags: Flags, reason: &str, version: i64) -> Result<Organization> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let mut organization = load(&mut tx, actor, id).await?;
    decide(actor, Action::VerifyDirectory, &Facts { author: None, ..organization.facts() }).allowed()?;
    at_version(&organization, version)?;
    if reason.trim().is_empty() {
        return Err(Error::invalid("reason", "required"));
    }
    organization.listed = flags.listed;
    organization.do_not_refer = flags.do_not_refer;
    store::update(&mut tx, &mut organization, at).await?;
    tx.changed(DIRECTORY, "organization", id);
    let event = Event::new("organization.marked", "organization", id).fields(["listed", "do_not_refer"]).purpose(reason.trim());
    audit::record(&mut tx, actor, event, at).await?;
    tx.commit(at).await?;
    Ok(organization)
}
