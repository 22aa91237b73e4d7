//! Verification: the steps and edits of an organization with what they mean for its services.

use super::law::{against_organization, lawful, unlawful};
use super::{at_version, load};
use crate::access::{Action, Actor, decide};
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Fault, Result};
use crate::id::{OrganizationId, ServiceId};
use crate::organization::model::{Organization, Status, Step};
use crate::organization::{self, Written};
use crate::service::law::Offer;
use crate::service::model::Service;
use crate::service::store;

/// Takes a step of an organization. Verifying it checks every service as it stands.
pub async fn step_organization(
    app: &App,
    actor: &Actor,
    id: &OrganizationId,
    step: Step,
    reason: &str,
    version: i64,
) -> Result<Organization> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let organization = organization::step(&mut tx, app, actor, id, step, reason, version).await?;
    if step == Step::Verify {
        lawful(against_organization(&mut tx, app, &organization).await?)?;
        for mut service in store::of(&mut tx, id).await? {
            if !tick(&mut service) {
                continue;
            }
            store::update(&mut tx, &mut service, at).await?;
            audit::record(&mut tx, actor, Event::new("service.checked", "service", &service.id), at).await?;
        }
    }
    tx.commit(at).await?;
    Ok(organization)
}

/// Edits an organization that nobody changed since `version`. Where its kind becomes another, the law is asked at once whether such a
/// body may offer what it offers. What it becomes likely the same as is told, unless it is said that it is another one.
pub async fn edit_organization(
    app: &App,
    actor: &Actor,
    id: &OrganizationId,
    written: &Written,
    distinct: bool,
    version: i64,
) -> Result<Organization> {
    if !distinct && let Some(fault) = organization::renamed_like(app, actor, id, written).await? {
        return Err(Error::Invalid(vec![fault]));
    }
    let mut tx = app.begin().await?;
    let before = organization::load(&mut tx, actor, id).await?;
    let organization = organization::edit(&mut tx, app, actor, id, written, version).await?;
    if organization.kind != before.kind {
        let against = against_organization(&mut tx, app, &organization).await?;
        lawful(against.into_iter().map(|fault| Fault { field: "kind".into(), ..fault }).collect())?;
    }
    tx.commit(app.now()).await?;
    Ok(organization)
}

/// Ticks off what is new about one service of a verified organization.
pub async fn check(app: &App, actor: &Actor, id: &ServiceId, version: i64) -> Result<Service> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let (mut service, organization) = load(&mut tx, actor, id).await?;
    decide(actor, Action::VerifyDirectory, &organization).allowed()?;
    if organization.status != Status::Verified {
        return Err(Error::Conflict { why: "organization_unverified" });
    }
    at_version(service.version, version)?;
    lawful(unlawful(&mut tx, app, &Offer::of(&organization, &service)).await?)?;
    if tick(&mut service) {
        store::update(&mut tx, &mut service, at).await?;
        audit::record(&mut tx, actor, Event::new("service.checked", "service", id), at).await?;
        tx.commit(at).await?;
    }
    Ok(service)
}

/// Whether there was anything to tick off.
fn tick(service: &mut Service) -> bool {
    let now = service.to_checked();
    let new = service.unchecked || service.checked.as_ref() != Some(&now);
    service.checked = Some(now);
    service.unchecked = false;
    new
}
