//! A link is made, opened with its code, and answered once.

use super::super::actions::{self as loops, Deed, View};
use super::super::model::{Action, Channel, State};
use super::super::store as referrals;
use crate::access::{Action as Access, Actor, Held, decide};
use crate::app::App;
use crate::audit;
use crate::case::store as cases;
use crate::consent::model::Channel as Way;
use crate::error::{Error, Result};
use crate::id::ReferralId;
use crate::link::{self, Link, Made, Purpose, actions as links, dead};
use crate::locale::Locale;
use crate::organization::store as organizations;
use crate::store::{Connection, Key};

/// What the holder of a link may answer.
pub const ANSWERS: [Action; 4] = [Action::Accept, Action::Waitlist, Action::Ask, Action::Decline];

/// Makes a link for a referral that waits for an answer. Token and code are shown once.
pub async fn make(app: &App, actor: &Actor, id: &ReferralId) -> Result<Made> {
    let now = app.now();
    let mut tx = app.begin().await?;
    let referral = referrals::find(&mut tx, id).await?.ok_or_else(|| Error::missing("referral", id))?;
    let case = cases::find(&mut tx, &referral.case).await?.ok_or_else(|| Error::missing("referral", id))?;
    decide(actor, Access::Refer, &referral.facts(&case)).allowed()?;
    if !referral.state().awaits_provider() {
        return Err(Error::Conflict { why: "link_late" });
    }
    let made = links::make(app, &mut tx, actor, Purpose::Referral, id.as_str(), now).await?;
    audit::record(&mut tx, actor, audit::Event::new("link.made", "referral", id), now).await?;
    tx.commit(now).await?;
    Ok(made)
}

/// The link of a token, while it opens something: its time runs, and the referral still waits for the answer.
pub async fn find(app: &App, token: &str) -> Result<Link> {
    let mut db = app.store.read().await?;
    let link = links::find(app, &mut db, Purpose::Referral, token).await?;
    let referral = referrals::find(&mut db, &referral(&link)?).await?.ok_or_else(dead)?;
    let waits = referral.state().awaits_provider() || referral.state() == State::NeedsInfo;
    if waits && referral.shows_brief() { Ok(link) } else { Err(dead()) }
}

/// Opens a link with its code: the referral counts as seen. Gives the pass to keep.
pub async fn open(app: &App, link: &Link, code: &str) -> Result<String> {
    let id = referral(link)?;
    let actor = holder(&mut *app.store.read().await?, link).await?;
    let pass = links::open(app, link, code, &actor, ("referral", id.as_str())).await?;
    match loops::act(app, &actor, &id, Action::Acknowledge, &Deed::default(), Channel::Link, None).await {
        // Seen before, or past the point where that matters.
        Ok(_) | Err(Error::Transition(_)) => Ok(pass),
        Err(error) => Err(error),
    }
}

/// The referral a link opens.
fn referral(link: &Link) -> Result<ReferralId> {
    ReferralId::parse(&link.subject).map_err(|_| dead())
}

/// Who answers by a link: the provider, for this one referral.
async fn holder(db: &mut Connection, link: &Link) -> Result<Actor> {
    let referral = referrals::find(db, &referral(link)?).await?.ok_or_else(dead)?;
    let name = organizations::find(db, &referral.organization).await?.map(|organization| organization.name).unwrap_or_default();
    let held = Held { thing: "referral", id: link.subject.clone(), link: link.id.clone() };
    Ok(Actor::link(referral.organization, name, held))
}

/// What the holder sees: the brief while it may be seen, never the packet.
pub async fn view(app: &App, link: &Link, locale: Locale) -> Result<View> {
    let actor = holder(&mut *app.store.read().await?, link).await?;
    loops::view(app, &actor, &referral(link)?, locale, Way::Link).await
}

/// Gives the answer. A question leaves the link open; any other answer uses it up.
pub async fn answer(app: &App, held: &Link, action: Action, deed: &Deed, key: Option<&Key>) -> Result<()> {
    if !ANSWERS.contains(&action) {
        return Err(Error::Forbidden { why: "letter" });
    }
    let actor = holder(&mut *app.store.read().await?, held).await?;
    loops::act(app, &actor, &referral(held)?, action, deed, Channel::Link, key).await?;
    // The referral's state ends the link in the transaction of the answer; this only keeps when it was used.
    if action != Action::Ask {
        let now = app.now();
        let mut tx = app.begin().await?;
        link::using(&mut tx, &held.id, now).await?;
        tx.commit(now).await?;
    }
    Ok(())
}
