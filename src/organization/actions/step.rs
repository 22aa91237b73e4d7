//! The steps an organization goes through, and what a registrar marks beside them.

use jiff::ToSpan;

use super::super::model::{Organization, Step};
use super::super::store;
use super::{at_version, is_own, load};
use crate::access::{Action, Actor, Facts, Subject, decide};
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Fault, Faults, Result};
use crate::id::OrganizationId;
use crate::store::{DIRECTORY, Tx};

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

/// The steps the actor may take now.
#[must_use]
pub fn steps(actor: &Actor, organization: &Organization) -> Vec<Step> {
    let open = |step: &Step| organization.step(*step).is_ok() && may_step(actor, organization, *step).is_ok();
    Step::ALL.into_iter().filter(open).collect()
}

/// Takes a step in the transaction of the caller, who looks after what it means for services.
pub async fn step(
    tx: &mut Tx,
    app: &App,
    actor: &Actor,
    id: &OrganizationId,
    step: Step,
    reason: &str,
    version: i64,
) -> Result<Organization> {
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

    store::keep_version(tx, "organization", id.as_str(), before.version, &before, &actor.reference(), at).await?;
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
    store::keep_version(&mut tx, "organization", id.as_str(), organization.version, &organization, &actor.reference(), at).await?;
    organization.listed = flags.listed;
    organization.do_not_refer = flags.do_not_refer;
    store::update(&mut tx, &mut organization, at).await?;
    tx.changed(DIRECTORY, "organization", id);
    let event = Event::new("organization.marked", "organization", id).fields(["listed", "do_not_refer"]).purpose(reason.trim());
    audit::record(&mut tx, actor, event, at).await?;
    tx.commit(at).await?;
    Ok(organization)
}
