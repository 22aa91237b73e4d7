//! What stands to choose while a referral is written: needs, services, items; and the days that count by default.

use jiff::Timestamp;
use jiff::civil::Date;

use super::super::model::{Event, State, Timer, Timers, due, needs_approval};
use super::super::store;
use super::draft::{station_pays, undecided};
use super::read::View;
use crate::access::{Action as Access, Actor, Role, decide};
use crate::app::App;
use crate::case::model::{Case, Child, Need, Outcome, State as CaseState};
use crate::case::store as cases;
use crate::clock;
use crate::consent::model::Item;
use crate::consent::store as consents;
use crate::error::{Error, Result};
use crate::id::{NeedId, ReferralId, ServiceAtLocationId};
use crate::service::model::{Offering, Place};
use crate::service::{places, store as services};
use crate::store::Connection;

/// A service that could be asked, with its free places where some are posted.
#[derive(Debug)]
pub struct Candidate {
    /// The service at its location.
    pub offering: Offering,
    /// Free places.
    pub free: Option<u32>,
}

/// The needs of the actor's cases that nobody serves, most urgent first, each with its case and the child's alias.
///
/// With a service, only those it offers something for.
pub async fn open_needs(app: &App, actor: &Actor, site: Option<&ServiceAtLocationId>) -> Result<Vec<(Need, Case, String)>> {
    let mut db = app.store.read().await?;
    let offered = match site {
        Some(site) => services::offering(&mut db, site).await?.map(|offering| offering.service.terms),
        None => None,
    };
    let mut mine = cases::of_worker(&mut db, &actor.id, 200).await?;
    for station in actor.organizations(Role::Supervisor) {
        mine.extend(cases::of_station(&mut db, station, 200).await?.into_iter().filter(|case| case.worker != actor.id));
    }
    let mut found = Vec::new();
    for case in mine.into_iter().filter(|case| case.state != CaseState::Closed) {
        let Some(child) = cases::child(&mut db, &case.child).await? else { continue };
        for need in cases::needs(&mut db, &case.id).await? {
            let waits = matches!(need.state, Outcome::Open | Outcome::InDispatch) || (need.state == Outcome::BeingServed && need.several);
            if waits && offered.as_ref().is_none_or(|terms| terms.contains(&need.term)) {
                found.push((need, case.clone(), child.alias.clone()));
            }
        }
    }
    found.sort_by_key(|(need, _, _)| (need.state != Outcome::Open, need.tier, need.opened_at));
    Ok(found)
}

/// The need of the referral that is followed, if one is.
pub async fn need_followed(app: &App, actor: &Actor, follows: Option<&ReferralId>) -> Result<Option<NeedId>> {
    let Some(id) = follows else { return Ok(None) };
    let mut db = app.store.read().await?;
    let referral = store::find(&mut db, id).await?.ok_or_else(|| Error::missing("referral", id))?;
    let case = cases::find(&mut db, &referral.case).await?.ok_or_else(|| Error::missing("case", &referral.case))?;
    decide(actor, Access::RerouteReferral, &referral.facts(&case)).allowed()?;
    Ok(Some(referral.need))
}

async fn need_and_case(db: &mut Connection, actor: &Actor, id: &NeedId, follows: Option<&ReferralId>) -> Result<(Need, Case)> {
    let need = cases::need(db, id).await?.ok_or_else(|| Error::missing("need", id))?;
    let case = cases::find(db, &need.case).await?.ok_or_else(|| Error::missing("case", &need.case))?;
    let access = if follows.is_some() { Access::RerouteReferral } else { Access::Refer };
    decide(actor, access, &case).allowed()?;
    Ok((need, case))
}

async fn candidate(db: &mut Connection, app: &App, site: &ServiceAtLocationId) -> Result<Option<Candidate>> {
    let Some(offering) = services::offering(db, site).await? else { return Ok(None) };
    let rows = places::of(db, site).await?;
    Ok(Some(Candidate { free: places::row_for(&rows, app.today()).map(Place::free), offering }))
}

/// How many services are offered to choose from.
const OFFERED: usize = 30;

/// Services that offer what a need asks for and are open to matching, near ones first. The matcher ranks better.
pub async fn candidates(app: &App, actor: &Actor, id: &NeedId, follows: Option<&ReferralId>) -> Result<(Need, Case, Vec<Candidate>)> {
    let mut db = app.store.read().await?;
    let (need, case) = need_and_case(&mut db, actor, id, follows).await?;
    undecided(&need, None)?;
    let mut found = Vec::new();
    for site in store::sites_for(&mut db, &need.term, &case.division, 2 * OFFERED).await? {
        if found.len() == OFFERED {
            break;
        }
        if let Some(candidate) =
            candidate(&mut db, app, &site).await?.filter(|candidate| candidate.offering.visibility(app.today()).matching)
        {
            found.push(candidate);
        }
    }
    Ok((need, case, found))
}

/// What the step of sharing needs: the need, its case and child, the service, and the items there is a ground for.
pub async fn sharing(
    app: &App,
    actor: &Actor,
    id: &NeedId,
    site: &ServiceAtLocationId,
    follows: Option<&ReferralId>,
) -> Result<(Need, Case, Child, Candidate, Vec<Item>)> {
    let mut db = app.store.read().await?;
    let (need, case) = need_and_case(&mut db, actor, id, follows).await?;
    let child = cases::child(&mut db, &case.child).await?.ok_or_else(|| Error::missing("child", &case.child))?;
    let candidate = candidate(&mut db, app, site).await?.ok_or_else(|| Error::missing("service", site))?;
    undecided(&need, Some(&candidate.offering))?;
    let held = consents::for_recipient(&mut db, &case.id, &candidate.offering.organization.id).await?;
    let granted = held.iter().filter(|consent| consent.holds(app.today())).flat_map(|consent| consent.items.clone()).collect();
    Ok((need, case, child, candidate, granted))
}

/// The days that count where nobody says another, and what sending would mean.
#[derive(Debug, Clone, Copy)]
pub struct Defaults {
    /// First contact after an acceptance now.
    pub contact_day: Date,
    /// First service after an acceptance now.
    pub promised_day: Date,
    /// When the provider is to acknowledge what is sent now.
    pub answer_by: Timestamp,
    /// Whether another person must let it go out.
    pub needs_approval: bool,
}

/// The days that count for a referral now.
pub async fn defaults(app: &App, view: &View) -> Result<Defaults> {
    let rows = store::timers(&mut *app.store.read().await?).await?;
    let timers = Timers::at(&rows, &view.case.division);
    let (calendar, tier) = (app.calendar.get(), view.referral.standing.tier);
    let after = |timer: Timer| clock::day(calendar.after(view.now, timers.length(timer, tier)));
    let mut sent = view.referral.standing.clone();
    sent.apply(&Event::Send { ahead: false }, State::Sent, view.now);
    Ok(Defaults {
        contact_day: after(Timer::T3),
        promised_day: after(Timer::T4),
        answer_by: due(&sent, &timers, &calendar).map_or(view.now, |due| due.at),
        needs_approval: needs_approval(&view.case, &view.offering, &view.referral.items, station_pays(&view.offering, app.today())),
    })
}
