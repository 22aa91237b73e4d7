//! What a decision does, in the transaction that records it.

use jiff::{Timestamp, ToSpan};
use rust_i18n::t;

use super::super::model::Code;
use super::decide::{NewAct, NewDecision, agree_within};
use super::load_item;
use crate::access::{Action, Actor, decide};
use crate::account;
use crate::app::App;
use crate::audit::{self, Event};
use crate::case;
use crate::case::actions::{close, settle_need, still_open};
use crate::case::model::{Case, NeedStep, Risk};
use crate::consent::model::Purpose;
use crate::emergency;
use crate::error::{Error, Result};
use crate::id::{AccountId, AgendaItemId, ConferenceId, ReferralId, ServiceAtLocationId};
use crate::locale::Locale;
use crate::matching;
use crate::referral;
use crate::referral::dispatch::{self, Candidate, Mode, NewDispatch};
use crate::referral::model::Channel;
use crate::secret::Hidden;
use crate::store::Tx;

/// What is looked up before the transaction: the proposals as they stand, for a dispatch.
#[derive(Debug, Default)]
pub struct Frozen(Vec<Candidate>);

/// Looks up what a decision needs of the matcher.
pub async fn frozen(app: &App, actor: &Actor, id: &ConferenceId, item: &AgendaItemId, new: &NewDecision) -> Result<Frozen> {
    let (Code::Reroute, Some(need)) = (new.code, &new.need) else { return Ok(Frozen::default()) };
    let sites = sites(new)?;
    let (case, term) = {
        let mut db = app.store.read().await?;
        let (_, _, case) = load_item(&mut db, actor, Action::RunMeeting, id, item).await?;
        let need = case::store::need(&mut db, need).await?.filter(|need| need.case == case.id);
        (case, need.ok_or_else(|| Error::invalid("need", "choice"))?.term)
    };
    decide(actor, Action::Dispatch, &case).allowed()?;
    let proposals = matching::actions::frozen(app, actor, &case.id, &term, &sites).await?;
    Ok(Frozen(
        sites.into_iter().zip(proposals).map(|(service_at_location, proposal)| Candidate { service_at_location, proposal }).collect(),
    ))
}

fn sites(new: &NewDecision) -> Result<Vec<ServiceAtLocationId>> {
    new.params.sites.iter().map(|site| ServiceAtLocationId::parse(site).map_err(|_| Error::invalid("sites", "choice"))).collect()
}

/// Does what was decided; gives what it made.
pub async fn execute(
    app: &App,
    actor: &Actor,
    mut tx: Tx,
    (id, item): (&ConferenceId, &AgendaItemId),
    mut case: Case,
    new: &NewDecision,
    frozen: &Frozen,
) -> Result<(Tx, Option<String>)> {
    let at = app.now();
    still_open(&case)?;
    match new.code {
        Code::Keep | Code::Defer => Ok((tx, None)),
        Code::JointVisit => {
            let act = joint_visit(app, &mut tx, &case, new).await?;
            agree_within(app, &mut tx, actor, (id, item, &case), &act, at).await?;
            Ok((tx, Some("actions".to_owned())))
        }
        Code::Reroute => reroute(app, actor, tx, new, frozen).await,
        Code::Approve => {
            let other = || Error::invalid("referral", "choice");
            let id = ReferralId::parse(&new.params.referral).map_err(|_| other())?;
            let found = referral::store::find(&mut tx, &id).await?;
            found.filter(|referral| referral.case == case.id).ok_or_else(other)?;
            let tx = referral::approve_for_meeting(app, actor, tx, &id).await?;
            Ok((tx, Some(format!("referrals/{id}"))))
        }
        Code::ChangeLead => {
            change_lead(app, &mut tx, actor, &mut case, &new.params.worker, at).await?;
            Ok((referral::reassign(app, tx, &case.id).await?, None))
        }
        Code::RaiseRisk | Code::LowerRisk => {
            change_risk(app, &mut tx, actor, &mut case, new, at).await?;
            Ok((tx, None))
        }
        Code::EmergencyRoute => {
            let id = emergency::actions::start_for_case(app, &mut tx, actor, &mut case, "other", at).await?;
            Ok((tx, Some(format!("emergencies/{id}"))))
        }
        Code::DeclareGap => {
            declare_gap(&mut tx, actor, &case, new, at).await?;
            Ok((tx, None))
        }
        Code::Close => {
            decide(actor, Action::ApproveCase, &case).allowed()?;
            close(app, &mut tx, actor, &mut case, Some(new.note.reveal()), at).await?;
            Ok((tx, None))
        }
    }
}

/// Within how many days bodies go to see a child together.
const JOINT_VISIT: i64 = 7;

/// A joint visit is an action of the worker: whoever goes along is said in the note.
async fn joint_visit(app: &App, tx: &mut Tx, case: &Case, new: &NewDecision) -> Result<NewAct> {
    let worker = account::store::find(tx, &case.worker).await?.map(|account| account.name).unwrap_or_default();
    let what = t!("decision.code.joint_visit", locale = Locale::Zh.tag()).into_owned();
    let note = new.note.reveal();
    Ok(NewAct {
        what: Hidden::new(if note.is_empty() { what } else { format!("{what}：{note}").chars().take(120).collect() }),
        evidence: Hidden::default(),
        organization: case.station.clone(),
        account: Some(case.worker.clone()),
        person: worker,
        backup: String::new(),
        due_day: app.today().saturating_add(JOINT_VISIT.days()),
        checker: None,
    })
}

/// Others are asked, in the order of the decision: whoever was asked and has not accepted is told off.
async fn reroute(app: &App, actor: &Actor, mut tx: Tx, new: &NewDecision, frozen: &Frozen) -> Result<(Tx, Option<String>)> {
    let need = new.need.clone().ok_or_else(|| Error::invalid("need", "required"))?;
    let tier = case::store::need(&mut tx, &need).await?.ok_or_else(|| Error::invalid("need", "choice"))?.tier;
    // What the worker chose for whoever was asked last holds for those who are asked now.
    let asked = referral::store::of_need(&mut tx, &need).await?;
    let last = asked.into_iter().rfind(|referral| referral.standing.sent_at.is_some());
    let tx = referral::take_back_for_meeting(app, actor, tx, &need).await?;
    let sites = sites(new)?;
    let fits = sites.len() <= Mode::Parallel.room();
    let mode = match (sites.len(), new.params.parallel) {
        (1, _) => Mode::Single,
        (_, Some(true)) if !fits => return Err(Error::invalid("sites", "dispatch_at_once")),
        (_, Some(true)) => Mode::Parallel,
        (_, None) if fits && tier.number() == 1 => Mode::Parallel,
        _ => Mode::Cascade,
    };
    let dispatch = match last {
        Some(last) => NewDispatch::like(&last, mode, sites),
        None => NewDispatch {
            mode,
            sites,
            need,
            purpose: Purpose::Serve,
            items: Vec::new(),
            time_windows: String::new(),
            safety_notes: String::new(),
            mobility: String::new(),
            share_sex: false,
            follows: None,
        },
    };
    let candidates = frozen.0.clone();
    let (tx, id) = dispatch::start_within(app, actor, tx, &dispatch, candidates, Channel::Meeting).await?;
    Ok((tx, Some(format!("dispatches/{id}"))))
}

async fn change_lead(app: &App, tx: &mut Tx, actor: &Actor, case: &mut Case, worker: &str, at: Timestamp) -> Result<()> {
    let worker = AccountId::parse(worker).map_err(|_| Error::invalid("worker", "choice"))?;
    let people = account::store::colleagues(tx, &case.station, app.today()).await?;
    if !people.iter().any(|(person, _)| *person == worker) {
        return Err(Error::invalid("worker", "choice"));
    }
    case.worker = worker;
    case::store::update(tx, case, at).await?;
    case::actions::case_given(tx, case, actor, at).await?;
    audit::record(tx, actor, Event::new("case.handed_over", "case", &case.id).fields(["worker"]).purpose("meeting"), at).await
}

/// A raise goes up, a lowering down; anything else is a slip.
async fn change_risk(app: &App, tx: &mut Tx, actor: &Actor, case: &mut Case, new: &NewDecision, at: Timestamp) -> Result<()> {
    let categories = app.categories.get();
    let to = categories.risk(&new.params.risk).ok_or_else(|| Error::invalid("risk", "choice"))?;
    let before = case.risk.as_ref().and_then(|risk| categories.risk(&risk.0)).map_or(u8::MAX, |level| level.rank);
    let fits = if new.code == Code::RaiseRisk { to.rank < before } else { to.rank > before && before != u8::MAX };
    if !fits {
        return Err(Error::invalid("risk", "risk_direction"));
    }
    case.risk = Some(Risk(to.named.code.clone()));
    case::store::update(tx, case, at).await?;
    audit::record(tx, actor, Event::new("case.changed", "case", &case.id).fields(["risk"]).purpose("meeting"), at).await
}

async fn declare_gap(tx: &mut Tx, actor: &Actor, case: &Case, new: &NewDecision, at: Timestamp) -> Result<()> {
    let id = new.need.as_ref().ok_or_else(|| Error::invalid("need", "required"))?;
    let mut need = case::store::need(tx, id).await?.filter(|need| need.case == case.id).ok_or_else(|| Error::invalid("need", "choice"))?;
    let live = referral::store::of_need(tx, id).await?.iter().any(|referral| referral.state().is_live());
    let reason = (!new.note.is_empty()).then(|| new.note.reveal());
    settle_need(tx, actor, &mut need, NeedStep::DeclareGap, reason, live, at).await
}
