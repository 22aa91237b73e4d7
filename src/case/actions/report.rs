//! The duty to report: noted when one of the nine situations is found, made when the police have it.

use jiff::Timestamp;

use super::super::model::SITUATIONS;
use super::super::store::{self, ReportDuty};
use super::{load, still_open};
use crate::access::{Action, Actor};
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Faults, Result};
use crate::id::{CaseId, ReportDutyId};

/// Notes situations that must be reported; those that wait already are passed over.
pub async fn note_duty(app: &App, actor: &Actor, id: &CaseId, situations: &[u8]) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let case = load(&mut tx, actor, Action::WriteCase, id).await?;
    still_open(&case)?;
    let mut faults = Faults::new();
    faults.require(!situations.is_empty(), "situations", "required");
    faults.require(situations.iter().all(|number| (1..=SITUATIONS).contains(number)), "situations", "choice");
    faults.settle()?;
    let there = store::report_duties(&mut tx, id).await?;
    for situation in situations {
        if there.iter().any(|duty| duty.situation == *situation && duty.made_at.is_none()) {
            continue;
        }
        let duty = ReportDuty {
            id: ReportDutyId::new(at),
            case: id.clone(),
            situation: *situation,
            found_at: at,
            made_at: None,
            made_to: None,
            receipt_number: None,
        };
        store::insert_report_duty(&mut tx, &duty).await?;
    }
    audit::record(&mut tx, actor, Event::new("case.report_noted", "case", id).fields(["report_duty"]), at).await?;
    tx.commit(at).await
}

/// A report that was made.
#[derive(Debug, Clone)]
pub struct ReportMade {
    /// When the police were told; not later than now.
    pub made_at: Timestamp,
    /// Who took it: a police station.
    pub made_to: String,
    /// Receipt number.
    pub receipt_number: String,
}

/// Records that the police were told; one report may meet several duties.
pub async fn make_report(app: &App, actor: &Actor, id: &CaseId, duties: &[ReportDutyId], made: &ReportMade) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    load(&mut tx, actor, Action::WriteCase, id).await?;
    let there = store::report_duties(&mut tx, id).await?;
    let mut faults = Faults::new();
    faults.require(!duties.is_empty(), "duties", "required");
    faults.require(made.made_at <= at, "made_at", "instant_past");
    faults.require(!made.made_to.trim().is_empty(), "made_to", "required");
    faults.require(made.made_to.chars().count() <= 80, "made_to", "too_long");
    faults.require(made.receipt_number.chars().count() <= 60, "receipt_number", "too_long");
    faults.settle()?;
    for duty in duties {
        if there.iter().all(|known| known.id != *duty) {
            return Err(Error::missing("report_duty", duty));
        }
        store::make_report(&mut tx, duty, made.made_to.trim(), made.receipt_number.trim(), made.made_at, &actor.id).await?;
    }
    audit::record(&mut tx, actor, Event::new("case.report_made", "case", id).fields(["made_at", "made_to", "receipt_number"]), at).await?;
    tx.commit(at).await
}
