//! A plan is written, handed in, approved or given back, and looked at again.

mod list;
mod view;

use jiff::Timestamp;
use jiff::civil::Date;

use super::model::{FEE_SOURCES, GOALS, Goal, PlanVersion, Reached, State};
use super::store;
use crate::access::{Action, Actor, Facts, decide};
use crate::app::App;
use crate::audit::{self, Event};
use crate::case::actions::{load, still_open, take};
use crate::case::model::{Case, CaseStep, Need, State as CaseState};
use crate::case::store as cases;
use crate::error::{Error, Faults, Result};
use crate::id::{CaseId, GoalId, NeedId, PlanVersionId};
use crate::organization::store::province;
use crate::secret::{Hidden, Words};
use crate::store::{Answered, Key, Tx, answered, remember};

pub use list::{Planned, Waits, planned, waits};
pub use view::{Content, View, view};

/// A goal as it is written.
#[derive(Debug, Clone)]
pub struct WrittenGoal {
    /// The goal it goes on with, if it is one of the version before.
    pub id: Option<GoalId>,
    /// The need it is for.
    pub need: Option<NeedId>,
    /// What is to be reached, so that it can be seen whether it was.
    pub goal: Hidden,
    /// By what.
    pub measure: Hidden,
    /// By whom: body and person.
    pub responsible: Hidden,
    /// Who pays.
    pub fee_source: Option<String>,
    /// First day.
    pub from_day: Date,
    /// When it is looked at.
    pub review_day: Date,
}

/// A plan as it is written.
#[derive(Debug, Clone)]
pub struct Written {
    /// When the whole is looked at again.
    pub review_day: Date,
    /// What the child says to it.
    pub child_opinion: Hidden,
    /// What the guardian says to it.
    pub guardian_opinion: Hidden,
    /// What is done if it does not work.
    pub fallback: Hidden,
    /// Why it changes; from the second version on.
    pub reason: Hidden,
    /// Its goals.
    pub goals: Vec<WrittenGoal>,
    /// Version of the draft that was read, if one was.
    pub version: Option<i64>,
    /// Whether it is handed to the station head.
    pub submit: bool,
}

/// Most characters of a text.
const LONGEST: usize = 500;

/// Writes the draft of a plan: begins one, or goes on with the one there is.
pub async fn write(app: &App, actor: &Actor, id: &CaseId, written: &Written, key: Option<&Key>) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let case = load(&mut tx, actor, Action::WriteCase, id).await?;
    if let Some(key) = key
        && answered(&mut tx, key, &actor.reference()).await?.is_some()
    {
        return Ok(());
    }
    still_open(&case)?;
    let versions = store::of_case(&mut tx, id).await?;
    let needs = cases::needs(&mut tx, id).await?;
    check(app, written, &versions, &needs)?;

    let child_key = cases::child_key(&mut tx, &app.keyring, &case.child).await?;
    let sealing = (&child_key, &case.child);
    let mut before = Vec::new();
    for version in &versions {
        before.extend(store::goals(&mut tx, sealing, &version.id).await?);
    }
    let goals: Vec<Goal> = written.goals.iter().map(|goal| goal_of(goal, &before, at)).collect();
    let words = words_of(written);
    let plan = match versions.into_iter().next() {
        Some(mut draft) if draft.state == State::Draft => {
            if written.version.is_some_and(|read| read != draft.version) {
                return Err(Error::Conflict { why: "changed" });
            }
            draft.review_day = written.review_day;
            draft.submitted_at = written.submit.then_some(at);
            draft.written_by = actor.id.clone();
            draft.written_at = at;
            store::update(&mut tx, &mut draft, Some((sealing, &words))).await?;
            draft
        }
        last => {
            let draft = begun(&case, actor, written, last.map_or(1, |last| last.number + 1), at);
            store::insert(&mut tx, &draft, &province(&case.division), sealing, &words).await?;
            draft
        }
    };
    store::replace_goals(&mut tx, &plan.id, sealing, &goals).await?;
    let verb = if written.submit { "plan.submitted" } else { "plan.written" };
    let event = Event::new(verb, "case", id).fields([format!("version={}", plan.number), format!("goals={}", goals.len())]);
    audit::record(&mut tx, actor, event, at).await?;
    if let Some(key) = key {
        let answer = Answered { status: 303, location: format!("/cases/{id}/plan") };
        remember(&mut tx, key, &actor.reference(), &answer, at).await?;
    }
    tx.commit(at).await
}

/// Everything that can be refused, at once. A draft may be unfinished; what is handed in may not.
fn check(app: &App, written: &Written, versions: &[PlanVersion], needs: &[Need]) -> Result<()> {
    let mut faults = Faults::new();
    let today = app.today();
    let changes = versions.iter().any(|version| version.state != State::Draft);
    faults.require(written.review_day > today, "review_day", "not_past");
    faults.require(!changes || !written.reason.is_empty(), "reason", "plan_reason");
    faults.require(written.goals.len() <= GOALS, "goal_1", "plan_goals_many");
    if written.submit {
        faults.require(!written.goals.is_empty(), "goal_1", "plan_goals_none");
        faults.require(!written.child_opinion.is_empty(), "child_opinion", "plan_opinion");
    }
    for (name, length) in words_of(written).lengths() {
        faults.require(length <= LONGEST, name, "too_long");
    }
    for (number, goal) in written.goals.iter().enumerate() {
        let field = |name: &str| format!("{name}_{}", number + 1);
        for (name, text) in [("goal", &goal.goal), ("measure", &goal.measure), ("responsible", &goal.responsible)] {
            faults.require(!text.is_empty() || (name != "goal" && !written.submit), &field(name), "required");
            faults.require(text.reveal().chars().count() <= LONGEST, &field(name), "too_long");
        }
        faults.require(goal.review_day >= goal.from_day, &field("review"), "plan_days");
        let known = |need: &NeedId| needs.iter().any(|there| there.id == *need);
        faults.require(goal.need.as_ref().is_none_or(known), &field("need"), "choice");
        faults.require(goal.fee_source.as_ref().is_none_or(|source| FEE_SOURCES.contains(&source.as_str())), &field("fee"), "choice");
    }
    faults.settle()
}

fn words_of(written: &Written) -> Words {
    Words::of([
        ("child_opinion", written.child_opinion.clone()),
        ("guardian_opinion", written.guardian_opinion.clone()),
        ("fallback", written.fallback.clone()),
        ("reason", written.reason.clone()),
    ])
}

/// The goal that is stored: it goes on with one of the versions before, how far that was reached included, or is new.
fn goal_of(goal: &WrittenGoal, before: &[Goal], at: Timestamp) -> Goal {
    let old = goal.id.as_ref().and_then(|id| before.iter().find(|there| there.id == *id));
    Goal {
        id: old.map_or_else(|| GoalId::new(at), |old| old.id.clone()),
        need: goal.need.clone(),
        words: Words::of([("goal", goal.goal.clone()), ("measure", goal.measure.clone()), ("responsible", goal.responsible.clone())]),
        fee_source: goal.fee_source.clone(),
        from_day: goal.from_day,
        review_day: goal.review_day,
        result: old.map_or(Reached::Open, |old| old.result),
    }
}

fn begun(case: &Case, actor: &Actor, written: &Written, number: u32, at: Timestamp) -> PlanVersion {
    PlanVersion {
        id: PlanVersionId::new(at),
        case: case.id.clone(),
        number,
        state: State::Draft,
        review_day: written.review_day,
        submitted_at: written.submit.then_some(at),
        written_by: actor.id.clone(),
        written_at: at,
        approved_by: None,
        approved_at: None,
        version: 1,
    }
}

/// The draft that waits for another person's word, and its case.
async fn waiting(tx: &mut Tx, actor: &Actor, id: &CaseId) -> Result<(Case, PlanVersion, Vec<PlanVersion>)> {
    let case = cases::find(tx, id).await?.ok_or_else(|| Error::missing("case", id))?;
    decide(actor, Action::ReadCase, &case).allowed()?;
    let mut versions = store::of_case(tx, id).await?;
    let draft = match versions.first() {
        Some(first) if first.state == State::Draft => versions.remove(0),
        _ => return Err(Error::Conflict { why: "plan_missing" }),
    };
    decide(actor, Action::ApproveCase, &Facts { author: Some(draft.written_by.clone()), thing: "plan", ..case_facts(&case) }).allowed()?;
    still_open(&case)?;
    if draft.submitted_at.is_none() {
        return Err(Error::Conflict { why: "plan_unfinished" });
    }
    Ok((case, draft, versions))
}

fn case_facts(case: &Case) -> Facts {
    crate::access::Subject::facts(case)
}

/// Approves the draft that was handed in: it is in force, and what was before is not. An assessed case becomes active by it.
pub async fn approve(app: &App, actor: &Actor, id: &CaseId) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    approve_within(app, &mut tx, actor, id, at).await?;
    tx.commit(at).await
}

/// As [`approve`], in the caller's transaction.
pub(in crate::case) async fn approve_within(app: &App, tx: &mut Tx, actor: &Actor, id: &CaseId, at: Timestamp) -> Result<Case> {
    let (mut case, mut draft, others) = waiting(tx, actor, id).await?;
    if case.state == CaseState::Intake {
        return Err(Error::Conflict { why: "assess_first" });
    }
    for mut old in others.into_iter().filter(|version| version.state == State::Approved) {
        old.state = State::Replaced;
        store::update(tx, &mut old, None).await?;
    }
    draft.state = State::Approved;
    draft.approved_by = Some(actor.id.clone());
    draft.approved_at = Some(at);
    store::update(tx, &mut draft, None).await?;
    let event = Event::new("plan.approved", "case", id).fields([format!("version={}", draft.number)]);
    audit::record(tx, actor, event, at).await?;
    if case.state == CaseState::Assessed {
        take(app, tx, actor, &mut case, CaseStep::Approve, None, at).await?;
    }
    Ok(case)
}

/// Gives the draft back with a remark.
pub async fn give_back(app: &App, actor: &Actor, id: &CaseId, remark: &Hidden) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let (case, mut draft, _) = waiting(&mut tx, actor, id).await?;
    let mut faults = Faults::new();
    faults.require(!remark.is_empty(), "remark", "required");
    faults.require(remark.reveal().chars().count() <= LONGEST, "remark", "too_long");
    faults.settle()?;
    let child_key = cases::child_key(&mut tx, &app.keyring, &case.child).await?;
    let sealing = (&child_key, &case.child);
    let words = store::words(&mut tx, sealing, &draft.id).await?.with("remark", remark.clone());
    draft.submitted_at = None;
    store::update(&mut tx, &mut draft, Some((sealing, &words))).await?;
    let event = Event::new("plan.returned", "case", id).fields([format!("version={}", draft.number)]);
    audit::record(&mut tx, actor, event, at).await?;
    tx.commit(at).await
}

/// Says how far a goal of the plan in force was reached.
pub async fn settle_goal(app: &App, actor: &Actor, id: &CaseId, goal: &GoalId, result: Reached) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let case = load(&mut tx, actor, Action::WriteCase, id).await?;
    still_open(&case)?;
    let versions = store::of_case(&mut tx, id).await?;
    if !versions.iter().any(PlanVersion::is_in_force) {
        return Err(Error::Conflict { why: "plan_missing" });
    }
    if !store::settle_goal(&mut tx, id, goal, result.name()).await? {
        return Err(Error::missing("goal", goal));
    }
    audit::record(&mut tx, actor, Event::new("plan.reviewed", "case", id).fields([result.name()]), at).await?;
    tx.commit(at).await
}
