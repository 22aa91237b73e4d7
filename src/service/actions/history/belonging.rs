//! The changes of what belongs to an organization: its locations, its licensed people and its projects.

use std::collections::HashMap;

use serde_json::Value;

use super::{Change, Compared, changes, from_inside, kept, restored, value_of};
use crate::access::Actor;
use crate::app::App;
use crate::division;
use crate::error::{Error, Result};
use crate::id::{LocationId, OrganizationId, PractitionerId, ProgramId};
use crate::organization;
use crate::organization::model::{Location, Organization, Practitioner, Program};
use crate::organization::store as organizations;
use crate::organization::version;
use crate::store::Connection;

const LOCATION: Compared = Compared {
    kind: "location",
    edited: &["name", "location_type", "address", "division", "village", "point", "accessibility", "transportation"],
    stepped: &[],
    together: &[("division", "village"), ("village", "division"), ("point", "crs_given"), ("point", "precision_m")],
};
const PRACTITIONER: Compared = Compared {
    kind: "practitioner",
    edited: &["name", "profession", "licence_kind", "licence_until", "terms", "languages", "listed"],
    stepped: &[],
    together: &[],
};

const PROGRAM: Compared = Compared {
    kind: "program",
    edited: &["name", "funder", "from", "to", "budget_fen", "target_children", "target_sessions"],
    stepped: &[],
    together: &[("from", "to"), ("to", "from")],
};

/// A thing of an organization with its changes, newest first.
#[derive(Debug, Clone)]
pub struct Belonging<T> {
    /// The thing.
    pub thing: T,
    /// The version it has now.
    pub version: i64,
    /// Whose it is.
    pub organization: Organization,
    /// Its changes.
    pub changes: Vec<Change>,
}

/// The changes of a location, for those who see its organization from inside. One whose address is kept back from the actor is not
/// there.
pub async fn location_history(app: &App, actor: &Actor, id: &LocationId) -> Result<Belonging<Location>> {
    let mut db = app.store.read().await?;
    let (location, organization) = load_location(&mut db, actor, id).await?;
    let mut bodies = version::of(&mut db, LOCATION.kind, id.as_str()).await?;
    let mut now = value_of(&location);
    let mut villages = HashMap::new();
    for body in bodies.iter_mut().map(|one| &mut one.body).chain([&mut now]) {
        name_village(&mut db, &mut villages, body).await?;
    }
    let changes = changes(&mut db, actor, &organization, now, bodies, &LOCATION).await?;
    Ok(Belonging { version: version::current(&mut db, LOCATION.kind, id.as_str()).await?, thing: location, organization, changes })
}

async fn load_location(db: &mut Connection, actor: &Actor, id: &LocationId) -> Result<(Location, Organization)> {
    let missing = || Error::missing("location", id);
    let location = organizations::location(db, id).await?.ok_or_else(missing)?;
    let organization = owner(db, actor, &location.organization, missing).await?;
    if organization::hides(actor, &organization, &location) {
        return Err(missing());
    }
    from_inside(actor, &organization)?;
    Ok((location, organization))
}

/// The organization of a thing; where it is not there for the actor, neither is the thing.
async fn owner(db: &mut Connection, actor: &Actor, id: &OrganizationId, missing: impl Fn() -> Error) -> Result<Organization> {
    organization::load(db, actor, id).await.map_err(|error| match error {
        Error::Missing { .. } => missing(),
        other => other,
    })
}

/// A village is known by its name, not by twelve digits.
async fn name_village(db: &mut Connection, names: &mut HashMap<String, String>, body: &mut Value) -> Result<()> {
    let Some(code) = body["village"].as_str().map(str::to_owned) else { return Ok(()) };
    if !names.contains_key(&code) {
        let village = division::store::village(db, &code).await?;
        names.insert(code.clone(), village.map_or_else(|| code.clone(), |village| village.name));
    }
    body["village"] = names[&code].clone().into();
    Ok(())
}

/// Puts a version of a location back, or one part of it.
pub async fn put_back_location(app: &App, actor: &Actor, id: &LocationId, old: i64, field: Option<&str>, version: i64) -> Result<Location> {
    let (location, _) = load_location(&mut *app.store.read().await?, actor, id).await?;
    let back = restored(&location, &kept(&mut *app.store.read().await?, &LOCATION, id.as_str(), old).await?, &LOCATION, field)?;
    organization::rewrite_location(app, actor, back, version).await
}

/// The changes of a licensed person, for those who see the organization from inside.
pub async fn practitioner_history(app: &App, actor: &Actor, id: &PractitionerId) -> Result<Belonging<Practitioner>> {
    let mut db = app.store.read().await?;
    let (person, organization) = load_practitioner(&mut db, actor, id).await?;
    let bodies = version::of(&mut db, PRACTITIONER.kind, id.as_str()).await?;
    let changes = changes(&mut db, actor, &organization, value_of(&person), bodies, &PRACTITIONER).await?;
    Ok(Belonging { version: version::current(&mut db, PRACTITIONER.kind, id.as_str()).await?, thing: person, organization, changes })
}

async fn load_practitioner(db: &mut Connection, actor: &Actor, id: &PractitionerId) -> Result<(Practitioner, Organization)> {
    let missing = || Error::missing("practitioner", id);
    let person = organizations::practitioner(db, id).await?.ok_or_else(missing)?;
    let organization = owner(db, actor, &person.organization, missing).await?;
    from_inside(actor, &organization)?;
    Ok((person, organization))
}

/// Puts a version of a licensed person back, or one field of it.
pub async fn put_back_practitioner(
    app: &App,
    actor: &Actor,
    id: &PractitionerId,
    old: i64,
    field: Option<&str>,
    version: i64,
) -> Result<Practitioner> {
    let (person, _) = load_practitioner(&mut *app.store.read().await?, actor, id).await?;
    let back = restored(&person, &kept(&mut *app.store.read().await?, &PRACTITIONER, id.as_str(), old).await?, &PRACTITIONER, field)?;
    organization::rewrite_practitioner(app, actor, &back, version).await
}

/// The changes of a purchased project, for those who see the organization from inside.
pub async fn program_history(app: &App, actor: &Actor, id: &ProgramId) -> Result<Belonging<Program>> {
    let mut db = app.store.read().await?;
    let (program, organization) = load_program(&mut db, actor, id).await?;
    let bodies = version::of(&mut db, PROGRAM.kind, id.as_str()).await?;
    let changes = changes(&mut db, actor, &organization, value_of(&program), bodies, &PROGRAM).await?;
    Ok(Belonging { version: version::current(&mut db, PROGRAM.kind, id.as_str()).await?, thing: program, organization, changes })
}

async fn load_program(db: &mut Connection, actor: &Actor, id: &ProgramId) -> Result<(Program, Organization)> {
    let missing = || Error::missing("program", id);
    let program = organizations::program(db, id).await?.ok_or_else(missing)?;
    let organization = owner(db, actor, &program.organization, missing).await?;
    from_inside(actor, &organization)?;
    Ok((program, organization))
}

/// Puts a version of a purchased project back, or one field of it; its first and last day go together.
pub async fn put_back_program(app: &App, actor: &Actor, id: &ProgramId, old: i64, field: Option<&str>, version: i64) -> Result<Program> {
    let (program, _) = load_program(&mut *app.store.read().await?, actor, id).await?;
    let back = restored(&program, &kept(&mut *app.store.read().await?, &PROGRAM, id.as_str(), old).await?, &PROGRAM, field)?;
    organization::rewrite_program(app, actor, &back, version).await
}
