//! What is done to a referral: each deed loads, asks who may, applies the table, saves, records, commits.

mod after;
mod answer;
mod appointment;
mod choose;
mod consent;
mod deed;
mod draft;
mod learn;
mod letter;
mod list;
mod meeting;
mod need;
mod owner;
mod packet;
mod read;
mod reassign;
mod reckon;
mod send;
mod serve;
mod sweep;
mod work;

use crate::access::Actor;
use crate::app::App;
use crate::error::{Error, Result};
use crate::id::ReferralId;
use crate::store::Key;

use super::model::{Action, Channel, Referral};

pub use appointment::{book, settle};
pub use choose::{Candidate, Defaults, candidates, defaults, need_followed, open_needs, sharing};
pub use consent::revoke_consent;
pub use deed::Deed;
pub(super) use draft::write_draft;
pub use draft::{NewReferral, draft};
pub use letter::verb;
pub use list::{List, PAGE, list, list_of, list_of_case, list_with_briefs, lists};
pub use meeting::{approve_for_meeting, take_back_for_meeting};
pub use need::met_elsewhere;
pub use packet::{choosable, release as release_packet};
pub use read::{View, view};
pub use reassign::reassign;
pub use reckon::ask_to_reckon;
pub(super) use send::{send, take_back};
pub use sweep::{Swept, sweep};
pub(super) use work::{Work, was_done};

/// Does what the action says. `key` makes a write that comes twice be done once.
pub async fn act(
    app: &App,
    actor: &Actor,
    id: &ReferralId,
    action: Action,
    deed: &Deed,
    channel: Channel,
    key: Option<&Key>,
) -> Result<Option<Referral>> {
    let location = format!("/referrals/{id}");
    if let Some(key) = key
        && work::was_done(app, actor, key).await?.is_some()
    {
        return Ok(None);
    }
    let mut work = match work::Work::open(app, actor, id, action, deed, channel).await {
        Ok(work) => work,
        Err(error) => return Err(work::tell_supervisor(app, id, action, error).await),
    };
    let done = match action {
        Action::Send => send::send(&mut work).await,
        Action::Approve => send::approve(&mut work).await,
        Action::Return => send::give_back(&mut work, deed).await,
        Action::Release => send::release(&mut work).await,
        Action::Confirm => send::confirm(&mut work).await,
        Action::Engage => serve::engage(&mut work, deed).await,
        Action::Chase => send::chase(&mut work).await,
        Action::Acknowledge => answer::acknowledge(&mut work).await,
        Action::Ask => answer::ask(&mut work, deed).await,
        Action::Answer => answer::answer(&mut work, deed).await,
        Action::Accept => answer::accept(&mut work, deed).await,
        Action::Waitlist => answer::waitlist(&mut work, deed).await,
        Action::Decline => answer::decline(&mut work, deed).await,
        Action::Withdraw => send::withdraw(&mut work, deed).await,
        Action::Expire => send::expire(&mut work, deed).await,
        Action::Hold => serve::hold(&mut work, deed).await,
        Action::Lift => serve::lift(&mut work).await,
        Action::Serve => serve::serve(&mut work, deed).await,
        Action::Report => serve::report(&mut work, deed).await,
        Action::End => serve::end(&mut work, deed).await,
        Action::RequestWithdrawal => serve::request_withdrawal(&mut work, deed).await,
        Action::ConfirmWithdrawal => serve::confirm_withdrawal(&mut work).await,
        Action::Close => after::close(&mut work, deed).await,
        Action::Dispute => after::dispute(&mut work, deed).await,
        Action::Reopen => after::reopen(&mut work, deed).await,
        Action::Void => after::void(&mut work, deed).await,
        // Made by writing the next referral, by the acceptance of another, or by the sweep.
        Action::Reroute | Action::Supersede | Action::Overdue | Action::Retier => Err(Error::Forbidden { why: "letter" }),
    };
    match done {
        Ok(()) => work.commit(key, &location).await.map(Some),
        Err(error) => {
            drop(work);
            Err(work::tell_supervisor(app, id, action, error).await)
        }
    }
}
