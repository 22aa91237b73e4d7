//! Whose a live referral is: an account of the sender's side, always.

use jiff::civil::Date;

use super::super::model::{Owner, Referral, owner};
use super::work::Work;
use crate::access::{Role, Scope};
use crate::account;
use crate::account::model::Status;
use crate::case::model::Case;
use crate::error::Result;
use crate::id::{AccountId, OrganizationId};
use crate::store::Connection;

/// Who answers for a referral: an account of the sender's side, always.
pub(super) async fn owner_account(db: &mut Connection, referral: &Referral, case: &Case, today: Date) -> Result<AccountId> {
    let heads = supervisors(db, &case.station, today).await?;
    let wanted = owner(&referral.standing, heads.contains(&referral.author));
    let other_head = heads.iter().find(|head| **head != referral.author).or(heads.first()).cloned();
    let working = account::store::find(db, &case.worker).await?.is_some_and(|account| account.status != Status::Disabled);
    match wanted {
        Owner::Worker if working => return Ok(case.worker.clone()),
        Owner::Worker | Owner::Supervisor => {
            if let Some(head) = other_head {
                return Ok(head);
            }
        }
        Owner::Coordinator => {}
    }
    let coordinator = coordinator(db, case, today).await?;
    Ok(coordinator.or(other_head).unwrap_or_else(|| case.worker.clone()))
}

/// The heads of a station.
pub(super) async fn supervisors(db: &mut Connection, station: &OrganizationId, today: Date) -> Result<Vec<AccountId>> {
    account::store::holders(db, Role::Supervisor, &Scope::Organization(station.clone()), today).await
}

/// The nearest coordinator of a case's place.
async fn coordinator(db: &mut Connection, case: &Case, today: Date) -> Result<Option<AccountId>> {
    for code in case.division.upwards() {
        let Ok(code) = code.parse() else { continue };
        if let Some(first) = account::store::holders(db, Role::Coordinator, &Scope::Division(code), today).await?.into_iter().next() {
            return Ok(Some(first));
        }
    }
    Ok(account::store::holders(db, Role::Coordinator, &Scope::All, today).await?.into_iter().next())
}

/// Who would own the referral now.
pub(super) async fn current_owner(work: &mut Work<'_>) -> Result<AccountId> {
    owner_account(&mut work.tx, &work.referral, &work.case, work.today).await
}
