//! The licensed people of an organization and the projects it was commissioned with.
//!
//! A lapsed licence or an ended project takes its services out of matching, so the index is told of every change.

use jiff::Timestamp;
use jiff::civil::Date;

use super::super::model::{Organization, Practitioner, Program};
use super::super::practice::{WrittenPractitioner, WrittenProgram};
use super::super::{store, version};
use super::{is_inside, load};
use crate::access::{Action, Actor, decide};
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Result};
use crate::id::{OrganizationId, PractitionerId, ProgramId};
use crate::store::{Answered, Connection, DIRECTORY, Key, Tx, answered, remember};

/// The people of an organization that is there for the actor; those whose name is not shown only from inside.
pub async fn practitioners(app: &App, actor: &Actor, id: &OrganizationId) -> Result<Vec<Practitioner>> {
    let mut db = app.store.read().await?;
    let organization = load(&mut db, actor, id).await?;
    let mut found = store::practitioners(&mut db, id).await?;
    found.retain(|person| person.listed || is_inside(actor, &organization));
    Ok(found)
}

/// The projects of an organization that is there for the actor.
pub async fn programs(app: &App, actor: &Actor, id: &OrganizationId) -> Result<Vec<Program>> {
    let mut db = app.store.read().await?;
    load(&mut db, actor, id).await?;
    store::programs(&mut db, id).await
}

/// A person the actor may edit.
pub async fn practitioner(app: &App, actor: &Actor, id: &PractitionerId) -> Result<(Organization, Practitioner)> {
    let mut db = app.store.read().await?;
    let missing = || Error::missing("practitioner", id);
    let person = store::practitioner(&mut db, id).await?.ok_or_else(missing)?;
    let organization = load(&mut db, actor, &person.organization).await.map_err(|_| missing())?;
    decide(actor, Action::EditDirectory, &organization).allowed()?;
    Ok((organization, person))
}

/// A project the actor may edit.
pub async fn program(app: &App, actor: &Actor, id: &ProgramId) -> Result<(Organization, Program)> {
    let mut db = app.store.read().await?;
    let missing = || Error::missing("program", id);
    let program = store::program(&mut db, id).await?.ok_or_else(missing)?;
    let organization = load(&mut db, actor, &program.organization).await.map_err(|_| missing())?;
    decide(actor, Action::EditDirectory, &organization).allowed()?;
    Ok((organization, program))
}

/// What a key made before: the last part of its location.
async fn made(tx: &mut Tx, actor: &Actor, key: Option<&Key>) -> Result<Option<String>> {
    let Some(key) = key else { return Ok(None) };
    let before = answered(tx, key, &actor.reference()).await?;
    Ok(before.map(|before| before.location.rsplit('/').next().unwrap_or_default().to_owned()))
}

/// Adds a person, or edits the one of `id`. A key that came before gives what it made.
pub async fn put_practitioner(
    app: &App,
    actor: &Actor,
    owner: &OrganizationId,
    id: Option<&PractitionerId>,
    written: &WrittenPractitioner,
    key: Option<&Key>,
) -> Result<Practitioner> {
    let at = app.now();
    let mut tx = app.begin().await?;
    if let Some(before) = made(&mut tx, actor, key).await? {
        let id = PractitionerId::parse(&before).map_err(|_| Error::Conflict { why: "repeated" })?;
        return store::practitioner(&mut tx, &id).await?.ok_or(Error::Conflict { why: "repeated" });
    }
    let organization = load(&mut tx, actor, owner).await?;
    decide(actor, Action::EditDirectory, &organization).allowed()?;
    let before = match id {
        Some(id) => Some(person_of(&mut tx, owner, id).await?),
        None => None,
    };
    let mut person = before.clone().unwrap_or_else(|| nobody(PractitionerId::new(at), owner));
    written.read_into(&mut person, &app.vocabulary.get()).settle()?;
    if let Some(before) = &before {
        keep_person(&mut tx, actor, before, at).await?;
    }
    store::put_practitioner(&mut tx, &person, &store::province(&organization.division), at).await?;
    let verb = if id.is_some() { "practitioner.edited" } else { "practitioner.added" };
    let change = Changed { owner, kind: "practitioner", id: person.id.as_str(), verb };
    settle(tx, app, actor, change, key).await?;
    Ok(person)
}

/// Writes a person as it is given, if nobody changed it since `version`: an earlier one that is put back. Today's rules hold for it.
pub async fn rewrite_practitioner(app: &App, actor: &Actor, given: &Practitioner, version: i64) -> Result<Practitioner> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let owner = &given.organization;
    let organization = load(&mut tx, actor, owner).await?;
    decide(actor, Action::EditDirectory, &organization).allowed()?;
    let before = person_of(&mut tx, owner, &given.id).await?;
    if version::current(&mut tx, "practitioner", given.id.as_str()).await? != version {
        return Err(Error::Conflict { why: "changed" });
    }
    let mut person = before.clone();
    WrittenPractitioner::of(given).read_into(&mut person, &app.vocabulary.get()).settle()?;
    keep_person(&mut tx, actor, &before, at).await?;
    store::put_practitioner(&mut tx, &person, &store::province(&organization.division), at).await?;
    let change = Changed { owner, kind: "practitioner", id: person.id.as_str(), verb: "practitioner.edited" };
    settle(tx, app, actor, change, None).await?;
    Ok(person)
}

async fn person_of(db: &mut Connection, owner: &OrganizationId, id: &PractitionerId) -> Result<Practitioner> {
    let found = store::practitioner(db, id).await?.filter(|one| one.organization == *owner);
    found.ok_or_else(|| Error::missing("practitioner", id))
}

/// Keeps a person as it was before a change.
async fn keep_person(db: &mut Connection, actor: &Actor, before: &Practitioner, at: Timestamp) -> Result<()> {
    let version = version::current(db, "practitioner", before.id.as_str()).await?;
    store::keep_version(db, "practitioner", before.id.as_str(), version, before, &actor.reference(), at).await
}

/// Adds a project, or edits the one of `id`. A key that came before gives what it made.
pub async fn put_program(
    app: &App,
    actor: &Actor,
    owner: &OrganizationId,
    id: Option<&ProgramId>,
    written: &WrittenProgram,
    key: Option<&Key>,
) -> Result<Program> {
    let at = app.now();
    let mut tx = app.begin().await?;
    if let Some(before) = made(&mut tx, actor, key).await? {
        let id = ProgramId::parse(&before).map_err(|_| Error::Conflict { why: "repeated" })?;
        return store::program(&mut tx, &id).await?.ok_or(Error::Conflict { why: "repeated" });
    }
    let organization = load(&mut tx, actor, owner).await?;
    decide(actor, Action::EditDirectory, &organization).allowed()?;
    let before = match id {
        Some(id) => Some(program_of(&mut tx, owner, id).await?),
        None => None,
    };
    let mut program = before.clone().unwrap_or_else(|| nothing(ProgramId::new(at), owner, app.today()));
    let mut faults = written.read_into(&mut program);
    let known = program.division.as_ref().is_none_or(|code| app.divisions.get().has(code));
    faults.require(known, "division", "unknown_division");
    faults.settle()?;
    program.division.get_or_insert_with(|| organization.division.county());
    if let Some(before) = &before {
        keep_program(&mut tx, actor, before, at).await?;
    }
    store::put_program(&mut tx, &program, &store::province(&organization.division), at).await?;
    let verb = if id.is_some() { "program.edited" } else { "program.added" };
    let change = Changed { owner, kind: "program", id: program.id.as_str(), verb };
    settle(tx, app, actor, change, key).await?;
    Ok(program)
}

/// Writes a project as it is given, if nobody changed it since `version`: an earlier one that is put back. Today's rules hold for it.
pub async fn rewrite_program(app: &App, actor: &Actor, given: &Program, version: i64) -> Result<Program> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let owner = &given.organization;
    let organization = load(&mut tx, actor, owner).await?;
    decide(actor, Action::EditDirectory, &organization).allowed()?;
    let before = program_of(&mut tx, owner, &given.id).await?;
    if version::current(&mut tx, "program", given.id.as_str()).await? != version {
        return Err(Error::Conflict { why: "changed" });
    }
    let mut program = before.clone();
    WrittenProgram::of(given).read_into(&mut program).settle()?;
    keep_program(&mut tx, actor, &before, at).await?;
    store::put_program(&mut tx, &program, &store::province(&organization.division), at).await?;
    let change = Changed { owner, kind: "program", id: program.id.as_str(), verb: "program.edited" };
    settle(tx, app, actor, change, None).await?;
    Ok(program)
}

async fn program_of(db: &mut Connection, owner: &OrganizationId, id: &ProgramId) -> Result<Program> {
    let found = store::program(db, id).await?.filter(|one| one.organization == *owner);
    found.ok_or_else(|| Error::missing("program", id))
}

/// Keeps a project as it was before a change.
async fn keep_program(db: &mut Connection, actor: &Actor, before: &Program, at: Timestamp) -> Result<()> {
    let version = version::current(db, "program", before.id.as_str()).await?;
    store::keep_version(db, "program", before.id.as_str(), version, before, &actor.reference(), at).await
}

/// What was changed, for the index, the log and the key.
struct Changed<'a> {
    owner: &'a OrganizationId,
    kind: &'static str,
    id: &'a str,
    verb: &'static str,
}

async fn settle(mut tx: Tx, app: &App, actor: &Actor, change: Changed<'_>, key: Option<&Key>) -> Result<()> {
    let at = app.now();
    tx.changed(DIRECTORY, "organization", change.owner);
    audit::record(&mut tx, actor, Event::new(change.verb, change.kind, change.id), at).await?;
    if let Some(key) = key {
        let answer = Answered { status: 201, location: format!("/{}s/{}", change.kind, change.id) };
        remember(&mut tx, key, &actor.reference(), &answer, at).await?;
    }
    tx.commit(at).await
}

fn nobody(id: PractitionerId, organization: &OrganizationId) -> Practitioner {
    Practitioner {
        id,
        organization: organization.clone(),
        name: String::new(),
        profession: String::new(),
        licence_kind: None,
        licence_until: None,
        terms: Vec::new(),
        languages: Vec::new(),
        listed: false,
    }
}

fn nothing(id: ProgramId, organization: &OrganizationId, day: Date) -> Program {
    Program {
        id,
        organization: organization.clone(),
        name: String::new(),
        funder: String::new(),
        division: None,
        from: day,
        to: day,
        budget_fen: 0,
        target_children: None,
        target_sessions: None,
    }
}
