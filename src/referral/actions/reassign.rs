//! The case went to another worker or station: whose its live referrals are, and by when what is due, is worked out anew.

use super::super::model::{Action, Event};
use super::super::store;
use super::work::Work;
use crate::access::Actor;
use crate::app::App;
use crate::error::Result;
use crate::id::CaseId;
use crate::store::Tx;

/// Gives each live referral of a case to whose it is now; each has an event of it.
pub async fn reassign(app: &App, mut tx: Tx, case: &CaseId) -> Result<Tx> {
    let system = Actor::system();
    for id in store::live_of_case(&mut tx, case).await? {
        let mut work = Work::within(app, &system, tx, &id, Action::Retier).await?;
        let (to, tier) = (work.step()?, work.referral.standing.tier);
        work.happen(Event::Retier { tier }, to, None).await?;
        tx = work.tx;
    }
    Ok(tx)
}
