//! What others say about an entry: it still holds, or nobody is reached.

use jiff::{SignedDuration, Timestamp};
use lianjie_index::entry::Fee;

use super::history::keep;
use super::load;
use crate::access::{Action, Actor, Role, decide};
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::Result;
use crate::id::{FactCheckId, ServiceId};
use crate::organization;
use crate::organization::model::Organization;
use crate::service::model::{Service, Status};
use crate::service::stated;
use crate::service::store;
use crate::store::{Connection, Tx};

/// Confirms that a service is as the entry says, today.
pub async fn confirm(app: &App, actor: &Actor, id: &ServiceId, method: &str) -> Result<()> {
    confirm_all(app, actor, std::slice::from_ref(id), method).await
}

/// Confirms several services at once, as one call to their organization does: all of them, or none.
pub async fn confirm_all(app: &App, actor: &Actor, ids: &[ServiceId], method: &str) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    for id in ids {
        confirm_one(&mut tx, app, actor, id, method).await?;
    }
    tx.commit(at).await
}

async fn confirm_one(tx: &mut Tx, app: &App, actor: &Actor, id: &ServiceId, method: &str) -> Result<()> {
    let at = app.now();
    let (mut service, organization) = load(tx, actor, id).await?;
    decide(actor, Action::ConfirmFreshness, &organization).allowed()?;
    let method = if METHODS.contains(&method) { method } else { "phone" };
    let fees: Vec<Fee> = store::fees(tx, id).await?.into_iter().map(|row| row.fee).collect();
    assure(tx, app, actor, (&mut service, &fees), &organization, method).await?;
    if !organization.phones.is_empty() {
        let (_, digest) = stated::of_phones(&organization.phones);
        let (source, days) = (source_of(actor, &organization), app.periods.get().hours);
        let check = FactCheck { subject: organization.id.as_str(), field: "phones", digest: &digest, source, method, days };
        note(tx, actor, &check, at).await?;
    }
    store::update(tx, &mut service, at).await?;
    audit::record(tx, actor, Event::new("service.confirmed", "service", id), at).await
}

/// Notes of each fact that a service states that it holds today, and takes the service as confirmed; it is still to be written.
pub(super) async fn assure(
    db: &mut Connection,
    app: &App,
    actor: &Actor,
    (service, fees): (&mut Service, &[Fee]),
    organization: &Organization,
    method: &str,
) -> Result<()> {
    let periods = app.periods.get();
    let mut facts = vec![("existence", stated::of(&service.to_checked()), periods.existence)];
    facts.extend(stated::of_service(service, fees).into_iter().map(|(field, digest)| (field, digest, periods.hours)));
    let source = source_of(actor, organization);
    for (field, digest, days) in facts {
        let check = FactCheck { subject: service.id.as_str(), field, digest: &digest, source, method, days };
        note(db, actor, &check, app.now()).await?;
    }
    service.assured_at = Some(app.today());
    Ok(())
}

/// On so many days it is tried before what nobody can confirm is hidden.
const TRIED: i64 = 3;

/// Notes that nobody could be reached about a service. What was not reached on three days since it was last confirmed is hidden, not
/// deleted; gives whether it is.
pub async fn unreached(app: &App, actor: &Actor, id: &ServiceId) -> Result<bool> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let (mut service, organization) = load(&mut tx, actor, id).await?;
    decide(actor, Action::ConfirmFreshness, &organization).allowed()?;
    let digest = stated::of(&service.to_checked());
    let check = FactCheck {
        subject: id.as_str(),
        field: "existence",
        digest: &digest,
        source: source_of(actor, &organization),
        method: UNREACHED,
        days: 0,
    };
    note(&mut tx, actor, &check, at).await?;
    audit::record(&mut tx, actor, Event::new("service.unreached", "service", id), at).await?;
    let hidden = service.status == Status::Active && store::days_unreached(&mut tx, id).await? >= TRIED;
    if hidden {
        keep(&mut tx, actor, &service, at).await?;
        service.status = Status::Inactive;
        store::update(&mut tx, &mut service, at).await?;
        audit::record(&mut tx, actor, Event::new("service.hidden", "service", id), at).await?;
    }
    tx.commit(at).await?;
    Ok(hidden)
}

/// The method of a check in which nobody was reached: it says that somebody tried, not that anything holds.
const UNREACHED: &str = "unreached";

/// How somebody knows that a fact holds.
const METHODS: [&str; 4] = ["phone", "visit", "own", "document"];

/// A check of a fact.
pub(super) struct FactCheck<'a> {
    pub subject: &'a str,
    pub field: &'a str,
    pub digest: &'a str,
    pub source: &'a str,
    pub method: &'a str,
    pub days: i64,
}

/// Keeps that a fact was checked.
pub(super) async fn note(db: &mut Connection, actor: &Actor, check: &FactCheck<'_>, at: Timestamp) -> Result<()> {
    let until = at + SignedDuration::from_hours(24 * check.days);
    store::insert_fact_check(
        db,
        &FactCheckId::new(at),
        check.subject,
        [check.field, check.digest, check.source, check.method],
        &actor.id,
        at,
        until,
    )
    .await
}

/// In whose name the actor says so.
pub(super) fn source_of(actor: &Actor, organization: &Organization) -> &'static str {
    if organization::is_own(actor, organization) {
        "organization"
    } else if actor.is(Role::Registrar) {
        "registrar"
    } else {
        "worker"
    }
}
