//! Registering: by a visitor with a first account, by a registrar, or by a worker on somebody's behalf.

use super::super::alike::{Alike, likely as likely_among};
use super::super::model::Organization;
use super::super::store;
use super::super::written::Written;
use super::{is_own, is_there, load};
use crate::access::{Action, Actor, Facts, Role, Scope, decide, may_anywhere};
use crate::account::{self, NewAccount};
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Fault, Faults, Result};
use crate::id::{AccountId, OrganizationId};
use crate::secret::Hidden;
use crate::store::{Answered, Connection, DIRECTORY, Key, answered, remember};

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
    /// From which network a visitor comes.
    pub peer: String,
}

/// Whether somebody who is signed in may register an organization: a registrar, or who writes on its behalf. A provider that is one
/// already edits its own.
pub fn may_register(actor: &Actor) -> Result<()> {
    let somewhere = actor.scopes(Role::Registrar).next().is_some();
    let facts = Facts { thing: "page", ..Facts::default() };
    if somewhere { Ok(()) } else { decide(actor, Action::EditDirectory, &facts).allowed() }
}

/// Registers an organization as a draft; gives it back. A key that came before gives what it made.
pub async fn register(app: &App, actor: &Actor, new: &Registration, key: Option<&Key>) -> Result<Organization> {
    let at = app.now();
    if actor.is_signed_in() && !may_anywhere(actor, Action::EditDirectory) {
        return Err(Error::Forbidden { why: "role" });
    }
    if let Some(before) = registered(&mut *app.store.read().await?, actor, new, key).await? {
        return Ok(before);
    }
    let mut organization = Organization::blank(at);
    let mut faults = new.written.read_into(&mut organization, &app.divisions.get(), &app.categories.get());
    let account = new.contact.as_ref().map(|contact| first_account(contact, Some(&organization.id)));
    if let Some(account) = &account {
        faults.join(account_faults(account));
    }
    let behalf = on_behalf(actor, &organization);
    if actor.is_signed_in() {
        faults.require(!behalf || !new.on_behalf_of.trim().is_empty(), "on_behalf_of", "required");
    } else {
        faults.require(account.is_some(), "login", "required");
    }
    if !new.distinct
        && let Some(fault) = likely(app, actor, &organization).await?
    {
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
    if !actor.is_signed_in() {
        account::allow_registering(&mut tx, &new.peer, at).await?;
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
    Ok(likeness(app, actor, organization, &near).map(|like| fault(&like)))
}

/// The entry that one is likely the same as once it is called, placed or numbered otherwise, and was not before.
///
/// # Errors
/// [`Error`] when there is no such organization for the actor, or it is not theirs to edit.
pub async fn renamed_like(app: &App, actor: &Actor, id: &OrganizationId, written: &Written) -> Result<Option<Fault>> {
    let mut db = app.store.read().await?;
    let before = load(&mut db, actor, id).await?;
    decide(actor, Action::EditDirectory, &before).allowed()?;
    let mut after = before.clone();
    if written.read_into(&mut after, &app.divisions.get(), &app.categories.get()).settle().is_err() {
        // What does not read is told by whoever saves it.
        return Ok(None);
    }
    let told_by = |one: &Organization| (one.name.clone(), one.code_uscc.clone(), one.division.county());
    if told_by(&before) == told_by(&after) {
        return Ok(None);
    }
    let mut near = store::candidates(&mut db, after.code_uscc.as_deref(), after.division.county().as_str()).await?;
    if let Some(known) = likeness(app, actor, &before, &near) {
        near.retain(|other| other.id != known.id);
    }
    Ok(likeness(app, actor, &after, &near).map(|like| fault(&like)))
}

fn fault(like: &Like) -> Fault {
    let name = if like.name.is_empty() { String::new() } else { format!("“{}”", like.name) };
    Fault::new("distinct", like.why.reason()).with("name", name)
}

/// An entry of the directory that another is likely the same as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Like {
    /// What speaks for it.
    pub why: Alike,
    /// It.
    pub id: OrganizationId,
    /// Its name; empty if it is hidden from whoever asks.
    pub name: String,
}

/// Which of some entries one is likely the same as.
#[must_use]
pub fn likeness(app: &App, actor: &Actor, organization: &Organization, near: &[Organization]) -> Option<Like> {
    let (why, other) = likely_among(organization, near, &app.divisions.get().regions)?;
    let name = if is_there(actor, other) { other.name.clone() } else { String::new() };
    Some(Like { why, id: other.id.clone(), name })
}

/// Whether the actor speaks for somebody else: a worker, not the registrar, nor the organization itself.
#[must_use]
pub fn on_behalf(actor: &Actor, organization: &Organization) -> bool {
    let workers = [Role::Worker, Role::Supervisor, Role::Coordinator];
    workers.iter().any(|role| actor.is(*role)) && !actor.is(Role::Registrar) && !is_own(actor, organization)
}

/// The account of the person an organization registers with; of nobody's yet, where the organization is still to be read.
#[must_use]
pub fn first_account(contact: &Contact, organization: Option<&OrganizationId>) -> NewAccount {
    NewAccount {
        login: contact.login.trim().to_lowercase(),
        name: contact.name.trim().to_owned(),
        organization: organization.cloned(),
        password: contact.password.clone(),
        must_change: false,
        grants: organization.map(|own| (Role::Provider, Scope::Organization(own.clone()))).into_iter().collect(),
    }
}

/// The faults of the account; its name is the form's `contact`, the entry's own field is called `name`.
#[must_use]
pub fn account_faults(account: &NewAccount) -> Faults {
    account::check(account).renamed("name", "contact")
}
