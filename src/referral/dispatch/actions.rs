//! What people do with a dispatch: start it, add to it, stop it.

use super::super::actions::{Deed, NewReferral, Work, send, take_back, was_done, write_draft};
use super::super::model::{Action, Channel, Referral, Withdraw};
use super::model::{Candidate, Dispatch, DispatchState, Mode};
use super::store;
use crate::access::{Action as Access, Actor, Facts, Subject, decide};
use crate::app::App;
use crate::audit;
use crate::case::model::{Case, Need};
use crate::case::store as cases;
use crate::consent::model::{Item, Purpose};
use crate::error::{Error, Faults, Result};
use crate::id::{DispatchId, NeedId, ReferralId, ServiceAtLocationId};
use crate::matching;
use crate::organization::store::province;
use crate::store::{Answered, Connection, Key, Tx, remember};

/// What a dispatch is written from: one need, and what all its candidates see alike.
#[derive(Debug, Clone)]
pub struct NewDispatch {
    /// Which need.
    pub need: NeedId,
    /// How they are asked.
    pub mode: Mode,
    /// Whom, in order.
    pub sites: Vec<ServiceAtLocationId>,
    /// For what.
    pub purpose: Purpose,
    /// What is seen after acceptance, as far as consents for the one who accepts allow.
    pub items: Vec<Item>,
    /// When the child can come.
    pub time_windows: String,
    /// What staff must know to be safe.
    pub safety_notes: String,
    /// How the child moves.
    pub mobility: String,
    /// Whether the sex matters.
    pub share_sex: bool,
    /// The ended referral it follows.
    pub follows: Option<ReferralId>,
}

impl NewDispatch {
    /// Others are asked what one was asked: the same brief, the same items.
    #[must_use]
    pub fn like(referral: &Referral, mode: Mode, sites: Vec<ServiceAtLocationId>) -> Self {
        let brief = &referral.brief;
        Self {
            need: referral.need.clone(),
            mode,
            sites,
            purpose: referral.purpose,
            items: referral.items.clone(),
            time_windows: brief.time_windows.clone(),
            safety_notes: brief.safety_notes.clone(),
            mobility: brief.mobility.clone(),
            share_sex: brief.sex.is_some(),
            follows: None,
        }
    }

    fn check(&self) -> Result<()> {
        let mut faults = Faults::new();
        let mut sites: Vec<_> = self.sites.iter().collect();
        sites.sort();
        sites.dedup();
        faults.require(!sites.is_empty(), "site", "required");
        faults.require(sites.len() == self.sites.len(), "site", "dispatch_twice");
        faults.require(
            sites.len() <= self.mode.room(),
            "site",
            if self.mode == Mode::Parallel { "dispatch_at_once" } else { "dispatch_line" },
        );
        faults.settle()
    }

    fn referral(&self, site: &ServiceAtLocationId) -> NewReferral {
        NewReferral {
            need: self.need.clone(),
            site: site.clone(),
            purpose: self.purpose,
            items: self.items.clone(),
            time_windows: self.time_windows.clone(),
            safety_notes: self.safety_notes.clone(),
            mobility: self.mobility.clone(),
            share_sex: self.share_sex,
            hold_place: false,
            follows: self.follows.clone(),
        }
    }
}

/// Starts a dispatch: everybody in it has a referral, and those whose turn it is are asked. Gives its id; of a write that comes
/// twice the id of the first.
pub async fn start(app: &App, actor: &Actor, new: &NewDispatch, channel: Channel, key: Option<&Key>) -> Result<DispatchId> {
    if let Some(key) = key
        && let Some(done) = was_done(app, actor, key).await?
    {
        let id = done.location.rsplit('/').next().unwrap_or_default();
        return DispatchId::parse(id).map_err(|_| Error::Conflict { why: "repeated" });
    }
    let proposals = proposals(app, actor, new).await?;
    let now = app.now();
    let (mut tx, id) = start_within(app, actor, app.begin().await?, new, proposals, channel).await?;
    if let Some(key) = key {
        remember(&mut tx, key, &actor.reference(), &Answered { status: 303, location: format!("/dispatches/{id}") }, now).await?;
    }
    tx.commit(now).await?;
    Ok(id)
}

/// The proposals as they stand, one for each site that is among them.
async fn proposals(app: &App, actor: &Actor, new: &NewDispatch) -> Result<Vec<Candidate>> {
    let (need, case) = need_and_case(&mut *app.store.read().await?, &new.need).await?;
    decide(actor, Access::Dispatch, &case).allowed()?;
    let frozen = matching::actions::frozen(app, actor, &case.id, &need.term, &new.sites).await?;
    Ok(new.sites.iter().cloned().zip(frozen).map(|(service_at_location, proposal)| Candidate { service_at_location, proposal }).collect())
}

async fn need_and_case(db: &mut Connection, id: &NeedId) -> Result<(Need, Case)> {
    let need = cases::need(db, id).await?.ok_or_else(|| Error::missing("need", id))?;
    let case = cases::find(db, &need.case).await?.ok_or_else(|| Error::missing("case", &need.case))?;
    Ok((need, case))
}

/// The same in a transaction that is under way: a meeting decides and dispatches at once.
pub async fn start_within(
    app: &App,
    actor: &Actor,
    mut tx: Tx,
    new: &NewDispatch,
    candidates: Vec<Candidate>,
    channel: Channel,
) -> Result<(Tx, DispatchId)> {
    new.check()?;
    let now = app.now();
    let (need, case) = need_and_case(&mut tx, &new.need).await?;
    decide(actor, Access::Dispatch, &case).allowed()?;
    let dispatch =
        Dispatch { id: DispatchId::new(now), need: need.id.clone(), mode: new.mode, candidates, state: DispatchState::Planned, version: 1 };
    store::insert(&mut tx, &dispatch, &need, &province(&case.division), now).await?;
    let started = audit::Event::new("dispatch.started", "dispatch", &dispatch.id).fields([new.mode.name()]).purpose(new.purpose.name());
    audit::record(&mut tx, actor, started, now).await?;
    let mut drafts = Vec::new();
    for site in &new.sites {
        drafts.push(write_draft(app, actor, &mut tx, &new.referral(site), &dispatch.id, channel).await?);
    }
    for draft in drafts {
        tx = put_out(app, actor, tx, &draft, channel).await?;
    }
    Ok((tx, dispatch.id))
}

/// A dispatch of one that is not sent yet: its referral is a draft, looked at once more before it goes.
pub async fn draft_alone(
    app: &App,
    actor: &Actor,
    tx: &mut Tx,
    new: &NewReferral,
    proposal: Option<serde_json::Value>,
    channel: Channel,
) -> Result<Referral> {
    let now = app.now();
    let (need, case) = need_and_case(tx, &new.need).await?;
    let candidates = vec![Candidate { service_at_location: new.site.clone(), proposal }];
    let dispatch = Dispatch {
        id: DispatchId::new(now),
        need: need.id.clone(),
        mode: Mode::Single,
        candidates,
        state: DispatchState::Planned,
        version: 1,
    };
    store::insert(tx, &dispatch, &need, &province(&case.division), now).await?;
    write_draft(app, actor, tx, new, &dispatch.id, channel).await
}

async fn put_out(app: &App, actor: &Actor, tx: Tx, draft: &Referral, channel: Channel) -> Result<Tx> {
    let mut work = Work::dispatched(app, actor, tx, &draft.id, Action::Send, channel).await?;
    send(&mut work).await?;
    Ok(work.tx)
}

/// Loads a dispatch with its case, for somebody who may start, extend or stop it.
async fn load(db: &mut Connection, actor: &Actor, id: &DispatchId) -> Result<(Dispatch, Case)> {
    let dispatch = store::find(db, id).await?.ok_or_else(|| Error::missing("dispatch", id))?;
    let (_, case) = need_and_case(db, &dispatch.need).await?;
    decide(actor, Access::ReadCase, &facts(id, &case)).allowed()?;
    Ok((dispatch, case))
}

/// The facts to decide upon.
fn facts(id: &DispatchId, case: &Case) -> Facts {
    Facts { thing: "dispatch", id: id.to_string(), ..case.facts() }
}

/// A dispatch as it stands, with its need, its case and its referrals in order.
pub async fn view(app: &App, actor: &Actor, id: &DispatchId) -> Result<(Dispatch, Need, Case, Vec<Referral>)> {
    let mut db = app.store.read().await?;
    let (dispatch, case) = load(&mut db, actor, id).await?;
    let (need, _) = need_and_case(&mut db, &dispatch.need).await?;
    let referrals = store::referrals(&mut db, &dispatch).await?;
    Ok((dispatch, need, case, referrals))
}

/// Whether one more may be asked.
fn room(dispatch: &Dispatch, referrals: &[Referral]) -> Result<()> {
    match (dispatch.mode, dispatch.state) {
        (Mode::Single, _) => return Err(Error::Conflict { why: "dispatch_single" }),
        (_, DispatchState::Stopped | DispatchState::Accepted) => return Err(Error::Conflict { why: "dispatch_over" }),
        _ => {}
    }
    let live = referrals.iter().filter(|referral| referral.state().is_live()).count();
    if dispatch.mode == Mode::Parallel && live >= dispatch.mode.room() {
        return Err(Error::invalid("site", "dispatch_at_once"));
    }
    if dispatch.candidates.len() >= super::model::IN_LINE { Err(Error::invalid("site", "dispatch_line")) } else { Ok(()) }
}

/// Adds a candidate at the end of the line; where nobody is asked, it is asked at once.
pub async fn extend(
    app: &App,
    actor: &Actor,
    id: &DispatchId,
    site: &ServiceAtLocationId,
    channel: Channel,
    key: Option<&Key>,
) -> Result<()> {
    if let Some(key) = key
        && was_done(app, actor, key).await?.is_some()
    {
        return Ok(());
    }
    let now = app.now();
    let (case, term, known) = {
        let mut db = app.store.read().await?;
        let (dispatch, case) = load(&mut db, actor, id).await?;
        let (need, _) = need_and_case(&mut db, &dispatch.need).await?;
        (case.id, need.term, dispatch.candidates.iter().any(|candidate| candidate.service_at_location == *site))
    };
    if known {
        return Err(Error::invalid("site", "dispatch_twice"));
    }
    let proposal = matching::actions::frozen(app, actor, &case, &term, std::slice::from_ref(site)).await?.pop().flatten();
    let mut tx = app.begin().await?;
    let (mut dispatch, case) = load(&mut tx, actor, id).await?;
    decide(actor, Access::Dispatch, &facts(id, &case)).allowed()?;
    let referrals = store::referrals(&mut tx, &dispatch).await?;
    room(&dispatch, &referrals)?;
    let first = referrals.into_iter().next().ok_or_else(|| Error::missing("dispatch", id))?;
    dispatch.candidates.push(Candidate { service_at_location: site.clone(), proposal });
    store::update(&mut tx, &mut dispatch, None).await?;
    let new = NewDispatch::like(&first, dispatch.mode, vec![site.clone()]).referral(site);
    audit::record(&mut tx, actor, audit::Event::new("dispatch.extended", "dispatch", id), now).await?;
    let draft = write_draft(app, actor, &mut tx, &new, id, channel).await?;
    let mut tx = put_out(app, actor, tx, &draft, channel).await?;
    if let Some(key) = key {
        remember(&mut tx, key, &actor.reference(), &Answered { status: 303, location: format!("/dispatches/{id}") }, now).await?;
    }
    tx.commit(now).await
}

/// Stops it: whoever has not taken the need on is told off, with the reason.
pub async fn stop(app: &App, actor: &Actor, id: &DispatchId, deed: &Deed, channel: Channel) -> Result<()> {
    let reason = Deed::code("reason", &deed.reason, Withdraw::of)?;
    let note = deed.words_for(reason == Withdraw::Other)?;
    let now = app.now();
    let mut tx = app.begin().await?;
    let (dispatch, case) = load(&mut tx, actor, id).await?;
    decide(actor, Access::Dispatch, &facts(id, &case)).allowed()?;
    let waiting = |referral: &Referral| referral.state().is_live() && !referral.state().is_accepted();
    let all = store::referrals(&mut tx, &dispatch).await?;
    if !all.iter().any(waiting) {
        return Err(Error::Conflict { why: "dispatch_over" });
    }
    audit::record(&mut tx, actor, audit::Event::new("dispatch.stopped", "dispatch", id).fields([reason.name()]), now).await?;
    for referral in all.into_iter().filter(waiting) {
        let mut work = Work::dispatched(app, actor, tx, &referral.id, Action::Withdraw, channel).await?;
        // With the first that is taken back the line may have been told off already.
        if work.referral.state().is_live() {
            let to = work.step()?;
            take_back(&mut work, reason, to, note).await?;
        }
        tx = work.tx;
    }
    let mut dispatch = store::find(&mut tx, id).await?.ok_or_else(|| Error::missing("dispatch", id))?;
    if dispatch.state == DispatchState::Running || dispatch.state == DispatchState::Exhausted {
        dispatch.state = DispatchState::Stopped;
        store::update(&mut tx, &mut dispatch, Some(reason.name())).await?;
    }
    tx.commit(now).await
}
