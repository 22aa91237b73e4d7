//! What is done to a case: load, decide, rule, save, record, commit.
//!
//! What must be asked of referrals is asked by `referral`, which lies to the right: it calls [`close`],
//! [`settle_need`] and [`dispatch_need`] in its own transaction, with what it knows.

mod edit;
mod give;
mod list;
mod needs;
mod open;
mod read;
mod report;
mod steps;

use crate::access::{Action, Actor, Facts, Subject, decide};
use crate::error::{Error, Result};
use crate::id::{CaseId, NeedId};
use crate::store::Connection;

use super::model::{Case, Need};
use super::store;

pub use edit::{begin_edit, edit, written};
pub use give::case_given;
pub use list::{List, Listed, PAGE, SHOWN, chosen, list, lists, note_listed, page_of};
pub use needs::{
    NeedChange, NewNeed, Proposed, ProposedNeed, add_needs, change_need, dispatch_need, propose_needs, settle_need, step_need,
};
pub use open::{Check, NewCase, check, open, propose_alias, station_of, stations};
pub use read::{Identified, May, Seen, View, identify, view, who_saw};
pub use report::{ReportMade, make_report, note_duty};
pub(super) use steps::take;
pub use steps::{close, step};

/// The case of an id, if the actor may do this to it.
pub async fn load(db: &mut Connection, actor: &Actor, action: Action, id: &CaseId) -> Result<Case> {
    let case = store::find(db, id).await?.ok_or_else(|| Error::missing("case", id))?;
    if action.needs_second_person() {
        decide(actor, action, &for_approval(&case)).allowed()?;
    } else {
        decide(actor, action, &case).allowed()?;
    }
    Ok(case)
}

/// The facts for an approval: whoever opened the case wrote its plan, and another approves it.
#[must_use]
pub fn for_approval(case: &Case) -> Facts {
    Facts { author: Some(case.opened_by.clone()), ..case.facts() }
}

/// The need of an id with its case, if the actor may do this to it.
pub async fn load_need(db: &mut Connection, actor: &Actor, action: Action, id: &NeedId) -> Result<(Need, Case)> {
    let missing = || Error::missing("need", id);
    let need = store::need(db, id).await?.ok_or_else(missing)?;
    let case = store::find(db, &need.case).await?.ok_or_else(missing)?;
    decide(actor, action, &Facts { thing: "need", id: id.to_string(), ..case.facts() }).allowed()?;
    Ok((need, case))
}

/// A case that is closed is not written in any more.
pub fn still_open(case: &Case) -> Result<()> {
    if case.state == super::model::State::Closed { Err(Error::Conflict { why: "case_closed" }) } else { Ok(()) }
}
