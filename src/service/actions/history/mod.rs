//! What an entry was before each change, and putting a version, or one field of it, back.
//!
//! Putting back is an edit like any other: of a verified entry the registrar has to check it. It confirms nothing.

mod belonging;
mod whole;

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::verify::edit_organization;
use crate::access::Actor;
use crate::account;
use crate::app::App;
use crate::error::{Error, Result};
use crate::id::{AccountId, OrganizationId};
use crate::organization::model::Organization;
use crate::organization::version::{self, Kept};
use crate::organization::{self, Written};
use crate::service::model::Service;
use crate::store::Connection;

pub use belonging::{
    Belonging, location_history, practitioner_history, program_history, put_back_location, put_back_practitioner, put_back_program,
};
pub(crate) use whole::keep;
pub(in crate::service) use whole::sites_back;
pub use whole::{put_back_service, service_history};

/// What is compared of a kind of entry.
struct Compared {
    /// Table name.
    kind: &'static str,
    /// Fields an edit changes: they can be put back.
    edited: &'static [&'static str],
    /// Fields that a step or a mark changes.
    stepped: &'static [&'static str],
    /// Fields, each with another that is put back with it: neither says anything without the other.
    together: &'static [(&'static str, &'static str)],
}

const ORGANIZATION: Compared = Compared {
    kind: "organization",
    edited: &[
        "name",
        "kind",
        "alternate_name",
        "description",
        "code_uscc",
        "division",
        "address",
        "phones",
        "office_phones",
        "website",
        "confidentiality",
    ],
    stepped: &["status", "listed", "do_not_refer"],
    together: &[],
};

/// One field before and after a change.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Name of the field.
    pub field: &'static str,
    /// Before.
    pub old: Value,
    /// After.
    pub new: Value,
    /// Whether the old value can be put back.
    pub returns: bool,
}

/// A change of an entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The version the entry had before it.
    pub version: i64,
    /// When.
    pub at: Timestamp,
    /// Name of who made it, for those who check entries.
    pub by: Option<String>,
    /// What became otherwise.
    pub fields: Vec<Difference>,
}

/// The changes of an organization, newest first, for those who see it from inside.
pub async fn organization_history(app: &App, actor: &Actor, id: &OrganizationId) -> Result<(Organization, Vec<Change>)> {
    let mut db = app.store.read().await?;
    let organization = organization::load(&mut db, actor, id).await?;
    from_inside(actor, &organization)?;
    let kept = version::of(&mut db, ORGANIZATION.kind, id.as_str()).await?;
    let changes = changes(&mut db, actor, &organization, value_of(&organization), kept, &ORGANIZATION).await?;
    Ok((organization, changes))
}

fn from_inside(actor: &Actor, organization: &Organization) -> Result<()> {
    if organization::is_inside(actor, organization) { Ok(()) } else { Err(Error::Forbidden { why: "role" }) }
}

/// Compares each version with the one after it, the last with what stands now.
async fn changes(
    db: &mut Connection,
    actor: &Actor,
    organization: &Organization,
    now: Value,
    kept: Vec<Kept>,
    compared: &Compared,
) -> Result<Vec<Change>> {
    let named = organization::is_registrars(actor, organization);
    let mut after = now;
    let mut changes = Vec::new();
    for one in kept {
        let fields = compared.edited.iter().chain(compared.stepped).filter(|field| one.body[**field] != after[**field]);
        let difference = |field: &&'static str| Difference {
            field,
            old: one.body[*field].clone(),
            new: after[*field].clone(),
            returns: compared.edited.contains(field),
        };
        let found: Vec<Difference> = fields.map(difference).collect();
        let by = if named { name_of(db, &one.by).await? } else { None };
        if !found.is_empty() {
            changes.push(Change { version: one.version, at: one.at, by, fields: found });
        }
        after = one.body;
    }
    Ok(changes)
}

/// What a registrar has not seen of a service yet: each field as it was checked, and as it is now.
#[must_use]
pub fn unchecked(service: &Service) -> Vec<Difference> {
    let now = value_of(&service.to_checked());
    let before = service.checked.as_ref().map_or(Value::Null, value_of);
    let fields = ["name", "description", "terms", "eligibility"].into_iter().filter(|field| now[*field] != before[*field]);
    fields.map(|field| Difference { field, old: before[field].clone(), new: now[field].clone(), returns: false }).collect()
}

async fn name_of(db: &mut Connection, by: &str) -> Result<Option<String>> {
    let Ok(id) = AccountId::parse(by) else { return Ok(None) };
    Ok(account::store::find(db, &id).await?.map(|account| account.name))
}

fn value_of(entry: &impl Serialize) -> Value {
    serde_json::to_value(entry).expect("models are plain data with text keys")
}

/// An entry with the fields of a version put back, or only one of them.
fn restored<T: Serialize + DeserializeOwned>(now: &T, kept: &Kept, compared: &Compared, only: Option<&str>) -> Result<T> {
    let chosen: Vec<&str> = compared.edited.iter().copied().filter(|field| only.is_none_or(|only| *field == only)).collect();
    if chosen.is_empty() {
        return Err(Error::invalid("field", "unknown_fact"));
    }
    let mut value = value_of(now);
    for field in chosen {
        value[field] = kept.body[field].clone();
        for (_, other) in compared.together.iter().filter(|(one, _)| *one == field) {
            value[*other] = kept.body[*other].clone();
        }
    }
    read(value, kept)
}

/// A part of a kept version, read.
fn read<T: DeserializeOwned>(value: Value, kept: &Kept) -> Result<T> {
    serde_json::from_value(value).map_err(|_| Error::Row { table: "record_version", column: "body", row: kept.version.to_string() })
}

async fn kept(db: &mut Connection, compared: &Compared, id: &str, version: i64) -> Result<Kept> {
    let found = version::find(db, compared.kind, id, version).await?;
    found.ok_or_else(|| Error::missing("record_version", &version))
}

/// Puts a version of an organization back, or one field of it.
pub async fn put_back_organization(
    app: &App,
    actor: &Actor,
    id: &OrganizationId,
    old: i64,
    field: Option<&str>,
    version: i64,
) -> Result<Organization> {
    let organization = organization::view(app, actor, id).await?;
    from_inside(actor, &organization)?;
    let back = restored(&organization, &kept(&mut *app.store.read().await?, &ORGANIZATION, id.as_str(), old).await?, &ORGANIZATION, field)?;
    edit_organization(app, actor, id, &Written::of(&back), true, version).await
}
