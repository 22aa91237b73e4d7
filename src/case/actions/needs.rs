//! Needs: read from words, written down, made more or less urgent, settled.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use lianjie_index::vocabulary::read::SURE;
use lianjie_index::vocabulary::{Sign, Why};
use lianjie_index::{TermCode, matching};

use super::super::model::{Case, Need, NeedStep, Outcome, Sex, Source, Tier};
use super::super::store;
use super::open::rank;
use super::{load, load_need, still_open};
use crate::access::{Action, Actor};
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Fault, Faults, Result};
use crate::id::{CaseId, NeedId};
use crate::secret::Hidden;
use crate::store::{Key, Tx};

/// A need to be written down.
#[derive(Debug, Clone)]
pub struct NewNeed {
    /// Taxonomy leaf.
    pub term: TermCode,
    /// Where it came from.
    pub source: Source,
    /// Urgency, where it is not the default.
    pub tier: Option<Tier>,
    /// Why it is not.
    pub tier_reason: Option<String>,
    /// By when.
    pub target_day: Option<Date>,
    /// Whether more than one provider may serve at a time.
    pub several: bool,
}

impl NewNeed {
    /// A need as it comes, of the default tier.
    #[must_use]
    pub const fn of(term: TermCode, source: Source) -> Self {
        Self { term, source, tier: None, tier_reason: None, target_day: None, several: false }
    }
}

/// What is proposed from a worker's words.
#[derive(Debug, Clone, Default)]
pub struct Proposed {
    /// Leaves, most likely first.
    pub needs: Vec<ProposedNeed>,
    /// Situations that must be reported, each with the word that says so.
    pub situations: BTreeMap<u8, String>,
}

/// A need that words speak of.
#[derive(Debug, Clone)]
pub struct ProposedNeed {
    /// Taxonomy leaf.
    pub term: TermCode,
    /// The words it was read from; none where it follows from another.
    pub words: Vec<String>,
    /// Whether the words leave little doubt.
    pub sure: bool,
}

/// Reads needs and signs of danger from words, as the matcher reads them. The words stay here.
#[must_use]
pub fn propose_needs(app: &App, words: &Hidden, age_months: Option<u16>, sex: Option<Sex>) -> Proposed {
    let sex = sex.map(|sex| match sex {
        Sex::Female => lianjie_index::rule::Sex::Female,
        Sex::Male => lianjie_index::rule::Sex::Male,
    });
    let text: Vec<char> = words.reveal().chars().collect();
    let case = lianjie_index::Case { text: Some(words.reveal().to_owned()), age_months, sex, ..lianjie_index::Case::default() };
    let (rates, rules) = (app.rates.get(), app.public_rules.get());
    let setting = matching::Setting::new(&rates, &rules, app.now(), app.today());
    let read = matching::understand(&app.index.get(), &case, &setting);
    let said = |why: &Why| {
        let (from, to) = why.span();
        text.get(from..to).filter(|words| !words.is_empty()).map(|words| words.iter().collect::<String>())
    };
    let needs = read.needs.iter().map(|need| {
        let mut words: Vec<String> = Vec::new();
        for said in need.why.iter().filter_map(said) {
            if !words.contains(&said) {
                words.push(said);
            }
        }
        ProposedNeed { term: need.term.clone(), words, sure: need.score >= SURE }
    });
    let mut situations = BTreeMap::new();
    for Sign { situation, text, .. } in read.signs {
        if let Some(number) = situation {
            situations.entry(number).or_insert(text);
        }
    }
    Proposed { needs: needs.collect(), situations }
}

/// Checks needs before they are written.
pub(super) fn check_needs(app: &App, needs: &[NewNeed], faults: &mut Faults) {
    let vocabulary = app.vocabulary.get();
    for need in needs {
        if !need.term.is_leaf() || vocabulary.term(&need.term).is_none() {
            faults.add(Fault::new("terms", "term"));
        }
        faults.require(need.tier_reason.as_ref().is_none_or(|reason| reason.chars().count() <= 200), "tier_reason", "too_long");
    }
}

/// Writes needs with the worker's words, and each with its tier: the default unless another was given with a reason.
pub(super) async fn write_needs(
    app: &App,
    tx: &mut Tx,
    case: &Case,
    needs: &[NewNeed],
    words: &Hidden,
    default: Tier,
    at: Timestamp,
) -> Result<()> {
    let key = if words.is_empty() { None } else { Some(store::child_key(tx, &app.keyring, &case.child).await?) };
    for new in needs {
        let tier = new.tier.unwrap_or(default);
        if tier != default && new.tier_reason.as_ref().is_none_or(|reason| reason.trim().is_empty()) {
            return Err(Error::invalid("tier_reason", "tier_reason"));
        }
        let need = Need {
            id: NeedId::new(at),
            case: case.id.clone(),
            term: new.term.clone(),
            tier,
            tier_reason: new.tier_reason.clone().filter(|_| tier != default),
            state: Outcome::Open,
            several: new.several,
            unverified: false,
            target_day: new.target_day,
            reason: None,
            opened_at: at,
            closed_at: None,
            source: new.source,
            version: 1,
        };
        store::insert_need(tx, &need, case, at).await?;
        if let Some(key) = key.as_ref().filter(|_| new.source == Source::Read) {
            store::put_words(tx, key, case, &need.id, words).await?;
        }
    }
    Ok(())
}

/// The tier a need of a case has unless somebody says otherwise.
pub(super) async fn default_tier(app: &App, db: &mut crate::store::Connection, case: &Case) -> Result<Tier> {
    let duties = store::report_duties(db, &case.id).await?;
    Ok(Tier::by_default(rank(app, case.risk.as_ref()), duties.iter().any(|duty| duty.made_at.is_none())))
}

/// Adds needs to a case; those that are there already and not settled are passed over.
pub async fn add_needs(app: &App, actor: &Actor, id: &CaseId, needs: &[NewNeed], words: &Hidden, key: Option<&Key>) -> Result<usize> {
    let at = app.now();
    let mut tx = app.begin().await?;
    if let Some(key) = key
        && crate::store::answered(&mut tx, key, &actor.reference()).await?.is_some()
    {
        return Ok(0);
    }
    let case = load(&mut tx, actor, Action::WriteCase, id).await?;
    still_open(&case)?;
    let mut faults = Faults::new();
    faults.require(!needs.is_empty(), "terms", "needs_none");
    check_needs(app, needs, &mut faults);
    faults.settle()?;
    let there = store::needs(&mut tx, id).await?;
    let fresh: Vec<NewNeed> =
        needs.iter().filter(|new| there.iter().all(|need| need.state.is_final() || need.term != new.term)).cloned().collect();
    if fresh.is_empty() {
        return Err(Error::invalid("terms", "needs_there"));
    }
    let default = default_tier(app, &mut tx, &case).await?;
    write_needs(app, &mut tx, &case, &fresh, words, default, at).await?;
    audit::record(&mut tx, actor, Event::new("case.needs_added", "case", id).fields(fresh.iter().map(|need| need.term.clone())), at)
        .await?;
    if let Some(key) = key {
        let answer = crate::store::Answered { status: 303, location: format!("/cases/{id}") };
        crate::store::remember(&mut tx, key, &actor.reference(), &answer, at).await?;
    }
    tx.commit(at).await?;
    Ok(fresh.len())
}

/// What is changed of a need; absent stays.
#[derive(Debug, Clone, Default)]
pub struct NeedChange {
    /// Another tier, with why.
    pub tier: Option<(Tier, String)>,
    /// Another day.
    pub target_day: Option<Option<Date>>,
    /// Whether more than one provider may serve at a time.
    pub several: Option<bool>,
    /// The version that was looked at.
    pub version: Option<i64>,
}

/// Changes a need. The due times of its live referrals follow in `referral`, whose sweep compares tiers.
pub async fn change_need(app: &App, actor: &Actor, id: &NeedId, change: NeedChange) -> Result<Need> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let (mut need, case) = load_need(&mut tx, actor, Action::WriteCase, id).await?;
    still_open(&case)?;
    if change.version.is_some_and(|version| version != need.version) {
        return Err(Error::Conflict { why: "changed" });
    }
    let mut fields = Vec::new();
    if let Some((tier, reason)) = change.tier
        && tier != need.tier
    {
        let default = default_tier(app, &mut tx, &case).await?;
        if tier != default && reason.trim().is_empty() {
            return Err(Error::invalid("tier_reason", "tier_reason"));
        }
        need.tier = tier;
        need.tier_reason = Some(reason.trim().to_owned()).filter(|reason| !reason.is_empty());
        fields.push("tier");
    }
    if let Some(day) = change.target_day {
        need.target_day = day;
        fields.push("target_day");
    }
    if let Some(several) = change.several {
        need.several = several;
        fields.push("several");
    }
    store::update_need(&mut tx, &mut need, at).await?;
    audit::record(&mut tx, actor, Event::new("need.changed", "need", id).fields(fields), at).await?;
    tx.commit(at).await?;
    Ok(need)
}

/// A step a person takes on a need of which no referral is live. While it is in dispatch or served, `referral` withdraws
/// first and calls [`settle_need`].
pub async fn step_need(app: &App, actor: &Actor, id: &NeedId, step: NeedStep, reason: Option<&str>) -> Result<Need> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let (mut need, case) = load_need(&mut tx, actor, Action::WriteCase, id).await?;
    still_open(&case)?;
    if matches!(step, NeedStep::VerifyMet | NeedStep::VerifyPartly | NeedStep::VerifyNot) {
        return Err(Error::Conflict { why: "verify_by_referral" });
    }
    // By `Outcome::of_referrals` a need is in one of these two as long as a referral of it is live.
    let live = matches!(need.state, Outcome::InDispatch | Outcome::BeingServed);
    if live && step == NeedStep::MetElsewhere {
        return Err(Error::Conflict { why: "referral_live" });
    }
    settle_need(&mut tx, actor, &mut need, step, reason, live, at).await?;
    tx.commit(at).await?;
    Ok(need)
}

/// Takes a step on a need in the caller's transaction and records it. `live`: whether a referral of it is live.
pub async fn settle_need(
    tx: &mut Tx,
    actor: &Actor,
    need: &mut Need,
    step: NeedStep,
    reason: Option<&str>,
    live: bool,
    at: Timestamp,
) -> Result<()> {
    let state = need.step(step, live)?;
    let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
    if step.needs_reason() && reason.is_none() {
        return Err(Error::invalid("reason", "required"));
    }
    if reason.is_some_and(|reason| reason.chars().count() > 200) {
        return Err(Error::invalid("reason", "too_long"));
    }
    store::settle(tx, need, state, reason.map(str::to_owned), at).await?;
    audit::record(tx, actor, Event::new("need.stepped", "need", &need.id).fields([step.name(), state.name()]), at).await
}

/// Puts a need where its referrals put it: one accepted, one live, or none. For `referral`, in its own transaction.
pub async fn dispatch_need(tx: &mut Tx, need: &mut Need, accepted: bool, live: bool, unverified: bool, at: Timestamp) -> Result<()> {
    let state = Outcome::of_referrals(accepted, live);
    if need.state == state && need.unverified == unverified {
        return Ok(());
    }
    need.unverified = unverified;
    store::settle(tx, need, state, None, at).await
}
