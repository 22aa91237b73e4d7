//! What of a station's other work waits: leads, emergencies, plans, agreements, transfers.

use crate::access::Actor;
use crate::app::App;
use crate::case::{guardianship, lead, plan, visit};
use crate::conference;
use crate::emergency;
use crate::error::Result;
use crate::handover::transfer;

/// How much of each waits; nothing for who has no list of cases.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Casework {
    /// Emergencies that run.
    pub emergencies: usize,
    /// Leads nobody has looked at in time.
    pub leads: usize,
    /// Visits that are overdue.
    pub visits: usize,
    /// Plans that wait for an approval.
    pub plans_to_approve: usize,
    /// Plans that are due for review.
    pub plans_to_review: usize,
    /// Children in entrusted care without an agreement.
    pub uncovered: usize,
    /// Children two weeks on file without an assessment of guardianship that still counts; of workers and stations.
    pub unassessed: usize,
    /// Cases other stations offer.
    pub transfers: usize,
    /// Actions of meetings that are overdue.
    pub actions: usize,
}

/// What waits for a person.
pub async fn of(app: &App, actor: &Actor) -> Result<Casework> {
    // Each is over all cases of a list; none waits for another.
    let (plans, emergencies, leads, visits, uncovered, unassessed, transfers, actions) = tokio::try_join!(
        plan::actions::waits(app, actor),
        emergency::actions::running(app, actor),
        lead::actions::late(app, actor),
        visit::actions::overdue(app, actor),
        guardianship::actions::uncovered(app, actor),
        guardianship::actions::unassessed(app, actor),
        transfer::offered(app, actor),
        conference::actions::late(app, actor),
    )?;
    Ok(Casework {
        emergencies,
        leads,
        visits,
        plans_to_approve: plans.to_approve,
        plans_to_review: plans.to_review,
        uncovered,
        unassessed,
        transfers,
        actions,
    })
}
