//! Registering, reading and editing organizations, and the steps they go through.
//!
//! A service follows its organization: the index is told of the organization, and `service` looks after what
//! verification means for services.

mod location;
mod practice;
mod register;
mod step;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use lianjie_index::entry::{Level, Viewer, Visibility};
use lianjie_index::search::Body;

use super::model::{Organization, Status};
use super::written::Written;
use super::{store, suggestion};
use crate::access::{Action, Actor, Facts, Role, Scope, Subject, decide, directory_level, may_anywhere};
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Result};
use crate::id::OrganizationId;
use crate::store::{Connection, DIRECTORY, Tx};

pub use location::{
    ACCESSIBILITY, WrittenLocation, amend_location, by_the_rules, hides, location, locations, put_location, rewrite_location, village_name,
};
pub use practice::{practitioner, practitioners, program, programs, put_practitioner, put_program, rewrite_practitioner, rewrite_program};
pub use register::{Contact, Like, Registration, account_faults, first_account, likeness, may_register, on_behalf, register, renamed_like};
pub use step::{Flags, mark, step, steps};

/// Whether the actor is one of the organization's own people.
#[must_use]
pub fn is_own(actor: &Actor, organization: &Organization) -> bool {
    let by_link = actor.held.as_ref().is_some_and(|held| held.thing == "organization" && held.id == organization.id.as_str());
    by_link || actor.organizations(Role::Provider).any(|own| *own == organization.id)
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
    organization.still_of(actor) || is_own(actor, organization) || is_registrars(actor, organization)
}

/// Whether the actor may be shown the address.
#[must_use]
pub fn shows_address(actor: &Actor, organization: &Organization) -> bool {
    organization.confidentiality != Level::Restricted || is_inside(actor, organization) || reads_restricted(actor, organization)
}

/// The numbers the actor may read: a private one is for who works with the directory, and for the organization itself.
#[must_use]
pub fn phones_for(actor: &Actor, organization: &Organization) -> Vec<String> {
    let all = is_inside(actor, organization) || directory_level(actor) == "workers";
    if all { organization.phones.clone() } else { organization.public_phones() }
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

/// Edits an entry that nobody changed since `version`, in the transaction of the caller, who looks after what it means for services.
///
/// Name, kind and code of a verified entry keep their value until a registrar takes the new one.
pub async fn edit(tx: &mut Tx, app: &App, actor: &Actor, id: &OrganizationId, written: &Written, version: i64) -> Result<Organization> {
    let at = app.now();
    let before = load(tx, actor, id).await?;
    decide(actor, Action::EditDirectory, &before).allowed()?;
    at_version(&before, version)?;
    let mut organization = before.clone();
    written.read_into(&mut organization, &app.divisions.get(), &app.categories.get()).settle()?;
    if before.verified_at.is_some() && !is_registrars(actor, &before) {
        propose(tx, actor, &before, &mut organization, at).await?;
    }
    store::keep_version(tx, "organization", id.as_str(), before.version, &before, &actor.reference(), at).await?;
    store::update(tx, &mut organization, at).await?;
    tx.changed(DIRECTORY, "organization", id);
    let event = Event::new("organization.edited", "organization", id).fields(changed_fields(&Written::of(&before), written));
    audit::record(tx, actor, event, at).await?;
    Ok(organization)
}

/// Turns a new name, kind or code into suggestions, and puts the old ones back.
async fn propose(db: &mut Connection, actor: &Actor, before: &Organization, after: &mut Organization, at: Timestamp) -> Result<()> {
    let old = Written::of(before);
    let new = Written::of(after);
    for (field, old, new) in [("name", old.name, new.name), ("kind", old.kind, new.kind), ("code_uscc", old.code_uscc, new.code_uscc)] {
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
        ("office_phones", old.office_phones != new.office_phones),
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

/// The organizations the actor is a person of, or entered; the own ones first.
pub async fn mine(app: &App, actor: &Actor) -> Result<Vec<Organization>> {
    let mut db = app.store.read().await?;
    let mut found = Vec::new();
    for id in actor.organizations(Role::Provider) {
        found.extend(store::find(&mut db, id).await?);
    }
    for entered in store::entered_by(&mut db, &actor.id).await? {
        if found.iter().all(|known: &Organization| known.id != entered.id) {
            found.push(entered);
        }
    }
    Ok(found)
}

/// Organizations that are told by their name.
const MOST_CALLED: usize = 50;

/// The organizations whose name or kind words name, of those that a search shows the actor and that are there for the actor.
pub async fn called(app: &App, actor: &Actor, words: &str) -> Result<Vec<Organization>> {
    let works = directory_level(actor) == "workers";
    let viewer = if works { Viewer::worker() } else { Viewer::public() };
    let named_roles = works && may_anywhere(actor, Action::ReadRestricted);
    let sees = |body: &Body| {
        let open = Visibility { level: Level::Public, ..body.visibility };
        match body.visibility.level {
            // Whose restricted entries the actor reads is asked of each below.
            Level::Restricted => named_roles && viewer.finds(open, &body.id),
            _ => viewer.finds(body.visibility, &body.id),
        }
    };
    let words: String = words.chars().take(60).collect();
    let bodies = app.index.get().bodies(&words, None, MOST_CALLED, sees);
    let mut db = app.store.read().await?;
    let mut found = Vec::with_capacity(bodies.len());
    for body in bodies {
        let id = OrganizationId::parse(body.id.as_str()).map_err(|_| Error::missing("organization", &body.id))?;
        found.extend(store::find(&mut db, &id).await?.filter(|one| is_there(actor, one)));
    }
    Ok(found)
}

/// The organizations that wait for the actor to verify them, by the longest wait.
pub async fn pending(app: &App, actor: &Actor) -> Result<Vec<Organization>> {
    let mut db = app.store.read().await?;
    let mut found: Vec<Organization> = Vec::new();
    for below in registrar_scopes(actor) {
        let more = store::of_status(&mut db, Status::Pending, &below, 200).await?;
        found.extend(more.into_iter().filter(|one| found.iter().all(|known| known.id != one.id)).collect::<Vec<_>>());
    }
    Ok(found)
}

/// How many days before its end a verification is to be renewed.
const ENDING: i64 = 30;

/// The last day of a verification that ends soon, as seen from a day.
#[must_use]
pub fn ends_by(today: Date) -> Date {
    today.saturating_add(ENDING.days())
}

/// The verified organizations of the actor's divisions whose verification ends soon or is over, the longest over first.
pub async fn ending(app: &App, actor: &Actor) -> Result<Vec<Organization>> {
    let mut db = app.store.read().await?;
    let mut found: Vec<Organization> = Vec::new();
    for below in registrar_scopes(actor) {
        let more = store::ending(&mut db, &below, ends_by(app.today()), 200).await?;
        found.extend(more.into_iter().filter(|one| found.iter().all(|known| known.id != one.id)).collect::<Vec<_>>());
    }
    Ok(found)
}

/// The division prefixes an actor is registrar of; empty for all.
#[must_use]
pub fn registrar_scopes(actor: &Actor) -> Vec<String> {
    let prefix = |scope: &Scope| match scope {
        Scope::All => Some(String::new()),
        Scope::Division(code) => Some(code.to_string()),
        Scope::Village(_) | Scope::Organization(_) => None,
    };
    actor.scopes(Role::Registrar).filter_map(prefix).collect()
}
