//! What a list brought into the directory is taken out again within a day; and what the command line took in is kept as a list too,
//! so that it can be.

use jiff::Timestamp;

use super::actions::{file_name, load, still};
use super::model::{List, Made, State};
use super::store;
use crate::access::Actor;
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Result};
use crate::exchange::sheet::Kind;
use crate::id::{AccountId, ListId, OrganizationId, ServiceId};
use crate::merge;
use crate::organization::model::Status as Stands;
use crate::organization::store as organizations;
use crate::service::actions::keep as keep_service;
use crate::service::model::Status;
use crate::service::store as services;
use crate::store::{DIRECTORY, Tx};

/// An entry that was made: its table, its id, and the version that was written.
pub type Entry = (&'static str, String, i64);

/// Keeps what the command line took in as a list that is in the directory, in the transaction that takes it in. Its cells are not
/// kept, and it lies in the province.
pub async fn keep(tx: &mut Tx, app: &App, actor: &Actor, kind: Kind, name: &str, made: &[Entry]) -> Result<ListId> {
    let at = app.now();
    let province = app.divisions.get().of_level("province").next().map(|row| row.code.clone());
    let list = List {
        id: ListId::new(at),
        kind,
        name: file_name(name),
        division: province.ok_or_else(|| Error::Store("no division is loaded; run `lianjie migrate` first".into()))?,
        organization: None,
        sheets: Vec::new(),
        registers: false,
        on_behalf_of: String::new(),
        state: State::Taken,
        by: actor.is_signed_in().then(|| actor.id.clone()),
        at,
        taken_at: Some(at),
        version: 1,
    };
    store::insert(tx, &list).await?;
    for (table, subject, version) in made {
        store::insert_entry(tx, &list.id, (table, subject), *version).await?;
    }
    let event = Event::new("list.taken", "list", &list.id).fields([format!("new={}", made.len()), "left=0".to_owned()]);
    audit::record(tx, actor, event, at).await?;
    Ok(list.id)
}

/// Undoes a batch by what the command line calls it; gives how many entries went and stayed.
///
/// # Errors
/// There is no such batch, it was undone before, or it came in over a day ago.
pub async fn undo_batch(app: &App, actor: &Actor, batch: &str) -> Result<(usize, usize)> {
    let id = ListId::parse(batch).map_err(|_| Error::missing("list", batch))?;
    let list = load(&mut *app.store.read().await?, actor, &id).await?;
    undo(app, actor, &id, list.version).await
}

/// Takes out again what a list brought in, within a day; what somebody has changed since stays. Gives how many went and stayed.
pub async fn undo(app: &App, actor: &Actor, id: &ListId, version: i64) -> Result<(usize, usize)> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let mut list = load(&mut tx, actor, id).await?;
    still(&list, State::Taken, "undo", version)?;
    if !list.may_be_undone(at) {
        return Err(Error::Conflict { why: "list_late" });
    }
    let (mut gone, mut stayed) = (0, 0);
    let mut entries = store::entries(&mut tx, id).await?;
    entries.sort();
    for (made, version) in entries {
        let went = match made {
            Made::Organization(id) => close(&mut tx, actor, (&id, version), list.by.as_ref(), at).await?,
            Made::Service(id) => end(&mut tx, actor, (&id, version), at).await?,
        };
        if went { gone += 1 } else { stayed += 1 }
    }
    list.state = State::Undone;
    store::update(&mut tx, &mut list).await?;
    let event = Event::new("list.undone", "list", id).fields([format!("gone={gone}"), format!("stayed={stayed}")]);
    audit::record(&mut tx, actor, event, at).await?;
    tx.commit(at).await?;
    Ok((gone, stayed))
}

/// Closes an organization that is as the list wrote it, for which nobody signs in but who brought the list, and which no child is
/// sent to.
async fn close(tx: &mut Tx, actor: &Actor, (id, version): (&OrganizationId, i64), by: Option<&AccountId>, at: Timestamp) -> Result<bool> {
    let Some(mut organization) = organizations::find(tx, id).await? else { return Ok(false) };
    let used = services::of(tx, id).await?.iter().any(|service| service.status != Status::Defunct);
    let used = used || merge::is_of_others(tx, id, by).await? || merge::referrals_to(tx, id).await? > 0;
    if organization.version != version || organization.status == Stands::Closed || used {
        return Ok(false);
    }
    organizations::keep_version(tx, "organization", id.as_str(), version, &organization, &actor.reference(), at).await?;
    organization.status = Stands::Closed;
    organization.status_reason = Some("导入已撤销".to_owned());
    organizations::update(tx, &mut organization, at).await?;
    tx.changed(DIRECTORY, "organization", id);
    Ok(true)
}

/// Ends a service that is as the list wrote it, of which nobody has posted places and to which no child was referred.
async fn end(tx: &mut Tx, actor: &Actor, (id, version): (&ServiceId, i64), at: Timestamp) -> Result<bool> {
    let Some(mut service) = services::find(tx, id).await? else { return Ok(false) };
    if service.version != version || service.status == Status::Defunct || services::is_used(tx, id).await? {
        return Ok(false);
    }
    keep_service(tx, actor, &service, at).await?;
    service.status = Status::Defunct;
    services::update(tx, &mut service, at).await?;
    Ok(true)
}
