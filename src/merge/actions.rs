//! Two entries are looked at side by side and merged; a merge is undone. What else two may be is in `answers`.

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::model::{Kind, Merge, Relied, taken};
use super::store;
use crate::access::{Actor, Role};
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Result};
use crate::id::{MergeId, OrganizationId, ServiceId};
use crate::organization::model::{Organization, Status as Standing};
use crate::organization::{self, store as organizations};
use crate::service::actions::{against_organization, keep, lawful, unlawful};
use crate::service::law::Offer;
use crate::service::model::{Service, Status};
use crate::service::store as services;
use crate::store::{Connection, DIRECTORY, Tx};

/// An entry of either kind, with the organization whose registrar may merge it.
pub(super) struct Entry {
    pub(super) id: String,
    pub(super) version: i64,
    pub(super) owner: Organization,
    value: Value,
}

impl Entry {
    /// What it is called.
    pub(super) fn name(&self) -> String {
        self.value["name"].as_str().unwrap_or_default().to_owned()
    }
}

/// Two entries beside each other.
#[derive(Debug, Clone)]
pub struct Beside {
    /// Their names.
    pub names: [String; 2],
    /// Their versions.
    pub versions: [i64; 2],
    /// The fields in which they differ: name, and both values.
    pub differing: Vec<(&'static str, Value, Value)>,
    /// The fields in which they agree.
    pub same: Vec<(&'static str, Value)>,
    /// Who relies on each.
    pub relied: [Relied; 2],
}

fn value_of(entry: &impl Serialize) -> Value {
    serde_json::to_value(entry).expect("models are plain data with text keys")
}

fn back<T: DeserializeOwned>(value: Value, id: &str) -> Result<T> {
    serde_json::from_value(value).map_err(|_| Error::Row { table: "merge", column: "kept_before", row: id.to_owned() })
}

/// An entry that the actor checks; others are told that there is none.
pub(super) async fn load(db: &mut Connection, actor: &Actor, kind: Kind, id: &str) -> Result<Entry> {
    let missing = || Error::missing(kind.name(), &id);
    let (owner, version, value) = match kind {
        Kind::Organization => {
            let found = organizations::find(db, &OrganizationId::parse(id).map_err(|_| missing())?).await?.ok_or_else(missing)?;
            (found.clone(), found.version, value_of(&found))
        }
        Kind::Service => {
            let found = services::find(db, &ServiceId::parse(id).map_err(|_| missing())?).await?.ok_or_else(missing)?;
            let owner = organizations::find(db, &found.organization).await?.ok_or_else(missing)?;
            (owner, found.version, value_of(&found))
        }
    };
    if organization::is_registrars(actor, &owner) { Ok(Entry { id: id.to_owned(), version, owner, value }) } else { Err(missing()) }
}

async fn relied(db: &mut Connection, kind: Kind, id: &str) -> Result<Relied> {
    Ok(match kind {
        Kind::Organization => {
            let id = OrganizationId::parse(id).map_err(|_| Error::missing(kind.name(), &id))?;
            Relied {
                people: store::people(db, &id).await?,
                referrals: store::referrals_to(db, &id).await?,
                programs: store::programs(db, &id).await?,
            }
        }
        // What referrals rely on of a service goes over with them.
        Kind::Service => Relied::default(),
    })
}

/// Two entries side by side.
pub async fn beside(app: &App, actor: &Actor, kind: Kind, a: &str, b: &str) -> Result<Beside> {
    let mut db = app.store.read().await?;
    let (one, other) = (load(&mut db, actor, kind, a).await?, load(&mut db, actor, kind, b).await?);
    let (mut differing, mut same) = (Vec::new(), Vec::new());
    for field in kind.fields() {
        let (left, right) = (one.value[*field].clone(), other.value[*field].clone());
        if left == right { same.push((*field, left)) } else { differing.push((*field, left, right)) }
    }
    Ok(Beside {
        names: [one.name(), other.name()],
        versions: [one.version, other.version],
        differing,
        same,
        relied: [relied(&mut db, kind, a).await?, relied(&mut db, kind, b).await?],
    })
}

/// What a person decided of two entries.
#[derive(Debug, Clone)]
pub struct Decided {
    /// The entry that stays, and the version that was looked at.
    pub kept: (String, i64),
    /// The entry that goes.
    pub gone: (String, i64),
    /// The fields whose value is taken from the entry that goes.
    pub from_gone: Vec<String>,
}

/// Makes two entries one.
pub async fn merge(app: &App, actor: &Actor, kind: Kind, decided: &Decided) -> Result<MergeId> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let (kept, gone) = (load(&mut tx, actor, kind, &decided.kept.0).await?, load(&mut tx, actor, kind, &decided.gone.0).await?);
    if kept.id == gone.id || (kept.version, gone.version) != (decided.kept.1, decided.gone.1) {
        return Err(Error::Conflict { why: "changed" });
    }
    relied(&mut tx, kind, &gone.id).await?.settle()?;
    let merged = taken(kind, &kept.value, &gone.value, &decided.from_gone)?;
    for entry in [&kept, &gone] {
        match kind {
            Kind::Service => keep(&mut tx, actor, &back(entry.value.clone(), &entry.id)?, at).await?,
            Kind::Organization => {
                organizations::keep_version(&mut tx, kind.name(), &entry.id, entry.version, &entry.value, &actor.reference(), at).await?;
            }
        }
    }
    let mut made = Merge {
        id: MergeId::new(at),
        kind,
        kept: kept.id.clone(),
        gone: gone.id.clone(),
        kept_before: kept.value.clone(),
        gone_before: gone.value.clone(),
        kept_version: kept.version + 1,
        gone_version: gone.version + 1,
        moved: super::model::Moved::new(),
        by: actor.id.clone(),
        at,
        undone_at: None,
    };
    match kind {
        Kind::Organization => {
            let (mut into, from): (Organization, Organization) = (back(merged, &kept.id)?, back(gone.value, &gone.id)?);
            // A branch that is merged with its body is none.
            into.parent = into.parent.filter(|parent| *parent != from.id);
            made.moved = store::move_over(&mut tx, &from.id, &into.id, at).await?;
            // Another kind of body may not take over all that one offered.
            lawful(against_organization(&mut tx, app, &into).await?)?;
            close(&mut tx, from, &into, at).await?;
            write(&mut tx, into, at).await?;
        }
        Kind::Service => {
            let (into, from): (Service, Service) = (back(merged, &kept.id)?, back(gone.value, &gone.id)?);
            lawful(unlawful(&mut tx, app, &Offer::of(&kept.owner, &into)).await?)?;
            made.moved = store::move_sites(&mut tx, &from.id, &into.id, at).await?;
            made.moved.insert("fee".to_owned(), store::move_fees(&mut tx, &from.id, &into.id).await?);
            services::set_went_into(&mut tx, &into.id, None).await?;
            services::set_went_into(&mut tx, &from.id, Some(&into.id)).await?;
            services::update(&mut tx, &mut Service { unchecked: true, ..into }, at).await?;
            services::update(&mut tx, &mut Service { status: Status::Defunct, ..from }, at).await?;
        }
    }
    store::insert(&mut tx, &made, &organizations::province(&kept.owner.division)).await?;
    let event = Event::new("entry.merged", kind.name(), &kept.id).fields([format!("gone={}", gone.id)]);
    audit::record(&mut tx, actor, event, at).await?;
    tx.commit(at).await?;
    Ok(made.id)
}

/// Closes an organization that went into another.
async fn close(tx: &mut Tx, from: Organization, into: &Organization, at: Timestamp) -> Result<()> {
    let mut from = Organization { status: Standing::Closed, status_reason: Some(format!("已并入 {}", into.name)), ..from };
    organizations::update(tx, &mut from, at).await?;
    tx.changed(DIRECTORY, "organization", &from.id);
    Ok(())
}

async fn write(tx: &mut Tx, mut organization: Organization, at: Timestamp) -> Result<()> {
    organizations::update(tx, &mut organization, at).await?;
    tx.changed(DIRECTORY, "organization", &organization.id);
    services::touch_all(tx, &organization.id).await
}

/// The merges the actor may undo, the last first.
pub async fn merges(app: &App, actor: &Actor) -> Result<Vec<(Merge, bool)>> {
    let mut db = app.store.read().await?;
    let province = actor.divisions(Role::Registrar).next().map(|division| organizations::province(&division)).unwrap_or_default();
    let mut found = Vec::new();
    for merge in store::last(&mut db, &province).await? {
        let Ok(kept) = load(&mut db, actor, merge.kind, &merge.kept).await else { continue };
        let gone = load(&mut db, actor, merge.kind, &merge.gone).await;
        let as_it_was = kept.version == merge.kept_version && gone.is_ok_and(|gone| gone.version == merge.gone_version);
        found.push((merge.clone(), merge.undone_at.is_none() && as_it_was));
    }
    Ok(found)
}

/// Makes two of one again, as long as nobody has changed either since.
pub async fn undo(app: &App, actor: &Actor, id: &MergeId) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let made = store::find(&mut tx, id).await?.ok_or_else(|| Error::missing("merge", id))?;
    let (kept, gone) = (load(&mut tx, actor, made.kind, &made.kept).await?, load(&mut tx, actor, made.kind, &made.gone).await?);
    if made.undone_at.is_some() || (kept.version, gone.version) != (made.kept_version, made.gone_version) {
        return Err(Error::Conflict { why: "merge_changed" });
    }
    match made.kind {
        Kind::Organization => {
            let into: Organization = back(made.kept_before, &made.kept)?;
            let from: Organization = back(made.gone_before, &made.gone)?;
            store::move_back(&mut tx, &made.moved, &into.id, &from.id, at).await?;
            write(&mut tx, Organization { version: kept.version, ..into }, at).await?;
            write(&mut tx, Organization { version: gone.version, ..from }, at).await?;
        }
        Kind::Service => {
            let into: Service = back(made.kept_before, &made.kept)?;
            let from: Service = back(made.gone_before, &made.gone)?;
            for (table, ids) in &made.moved {
                match table.as_str() {
                    "fee" => store::give_fees(&mut tx, ids, &into.id, &from.id).await?,
                    _ => store::give_sites(&mut tx, ids, &into.id, &from.id, at).await?,
                }
            }
            services::set_went_into(&mut tx, &from.id, None).await?;
            services::update(&mut tx, &mut Service { version: kept.version, ..into }, at).await?;
            services::update(&mut tx, &mut Service { version: gone.version, ..from }, at).await?;
        }
    }
    store::undone(&mut tx, id, at).await?;
    audit::record(&mut tx, actor, Event::new("entry.merge_undone", made.kind.name(), &made.kept), at).await?;
    tx.commit(at).await
}
