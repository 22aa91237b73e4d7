//! A plan is read: one with what it says, and how those of a list stand.

use std::collections::HashMap;

use super::super::model::{Goal, PlanVersion, State};
use super::super::store::{self, Standing};
use super::case_facts;
use crate::access::{Action, Actor, Class, Decision, Facts, decide};
use crate::account;
use crate::app::App;
use crate::audit::{self, Event};
use crate::case::actions::{List, lists, load, note_listed, still_open};
use crate::case::model::{Case, Need};
use crate::case::store::{self as cases, Line};
use crate::error::{Error, Result};
use crate::id::CaseId;
use crate::secret::Words;
use crate::store::Connection;

/// A version with what it says.
#[derive(Debug)]
pub struct Content {
    /// The version.
    pub plan: PlanVersion,
    /// The texts of the whole; empty for who may not read them.
    pub words: Words,
    /// Its goals; none for who may not read them.
    pub goals: Vec<Goal>,
    /// How many goals it has, for everybody.
    pub count: usize,
    /// Who wrote it.
    pub writer: String,
    /// Who approved it.
    pub approver: String,
}

/// The plan of a case as its reader may see it.
#[derive(Debug)]
pub struct View {
    /// The case.
    pub case: Case,
    /// Its child's alias.
    pub alias: String,
    /// Needs a goal may be for.
    pub needs: Vec<Need>,
    /// All versions, the last first, each with what it says.
    pub versions: Vec<Content>,
    /// Whether the reader may read what is sealed.
    pub reads: bool,
    /// Whether the reader may write.
    pub may_write: bool,
    /// Whether the reader may approve the draft that waits.
    pub may_approve: bool,
}

impl View {
    /// The version in force.
    #[must_use]
    pub fn current(&self) -> Option<&Content> {
        self.versions.iter().find(|content| content.plan.state == State::Approved)
    }

    /// The draft.
    #[must_use]
    pub fn draft(&self) -> Option<&Content> {
        self.versions.iter().find(|content| content.plan.state == State::Draft)
    }
}

/// The plan of a case. What it says is read by those who see what is sensitive, and the log says so first.
pub async fn view(app: &App, actor: &Actor, id: &CaseId) -> Result<View> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let case = load(&mut tx, actor, Action::ReadCase, id).await?;
    let child = cases::child(&mut tx, &case.child).await?.ok_or_else(|| Error::missing("case", id))?;
    let reads = matches!(decide(actor, Action::ReadCase, &case), Decision::Mask(classes) if classes.has(Class::Sensitive));
    let mut versions = Vec::new();
    for plan in store::of_case(&mut tx, id).await? {
        versions.push(content(app, &mut tx, &case, plan, reads).await?);
    }
    if reads && !versions.is_empty() {
        audit::record(&mut tx, actor, Event::new("plan.viewed", "case", id).fields(["plan"]), at).await?;
    }
    let needs = cases::needs(&mut tx, id).await?;
    tx.commit(at).await?;
    let open = still_open(&case).is_ok();
    let may_approve = versions.first().is_some_and(|content| {
        let facts = Facts { author: Some(content.plan.written_by.clone()), ..case_facts(&case) };
        content.plan.submitted_at.is_some() && content.plan.state == State::Draft && decide(actor, Action::ApproveCase, &facts).is_allowed()
    });
    let may_write = open && decide(actor, Action::WriteCase, &case).is_allowed();
    Ok(View { alias: child.alias, needs, versions, reads, may_write, may_approve: open && may_approve, case })
}

async fn content(app: &App, db: &mut Connection, case: &Case, plan: PlanVersion, reads: bool) -> Result<Content> {
    let (words, goals) = if reads {
        let key = cases::child_key(db, &app.keyring, &case.child).await?;
        (store::words(db, (&key, &case.child), &plan.id).await?, store::goals(db, (&key, &case.child), &plan.id).await?)
    } else {
        (Words::default(), Vec::new())
    };
    let count = usize::try_from(store::count_goals(db, &plan.id).await?).unwrap_or_default();
    let writer = account::store::find(db, &plan.written_by).await?.map(|account| account.name).unwrap_or_default();
    let approver = match &plan.approved_by {
        Some(id) => account::store::find(db, id).await?.map(|account| account.name).unwrap_or_default(),
        None => String::new(),
    };
    Ok(Content { plan, words, goals, count, writer, approver })
}

/// A case with how its plan stands.
#[derive(Debug)]
pub struct Planned {
    /// The case, as lists show it.
    pub line: Line,
    /// The plan in force.
    pub current: Option<Standing>,
    /// The draft.
    pub draft: Option<Standing>,
    /// Whether the reader may know the risk.
    pub sees_risk: bool,
}

/// How many cases one list looks at.
const MOST: i64 = 5_000;

/// The cases of a list with their plans: drafts that wait, then cases without a plan, then by the day of review.
pub async fn planned(app: &App, actor: &Actor, list: &List) -> Result<Vec<Planned>> {
    let at = app.now();
    let mut db = app.store.read().await?;
    let lines = cases::briefs(&mut db, &list.within, MOST).await?;
    let mut standing: HashMap<(CaseId, State), Standing> =
        store::standing(&mut db, &list.within).await?.into_iter().map(|plan| ((plan.case.clone(), plan.state), plan)).collect();
    let mut found: Vec<Planned> = lines
        .into_iter()
        .filter_map(|line| {
            let Decision::Mask(classes) = decide(actor, Action::ReadCase, &line) else { return None };
            let mut of = |state: State| standing.remove(&(line.id.clone(), state));
            Some(Planned { current: of(State::Approved), draft: of(State::Draft), sees_risk: classes.has(Class::Status), line })
        })
        .collect();
    found.sort_by_key(|planned| {
        let waits = planned.draft.as_ref().is_some_and(|draft| draft.submitted);
        (!waits, planned.current.is_some(), planned.current.as_ref().map(|plan| plan.review_day), planned.line.id.clone())
    });
    drop(db);
    note_listed(app, actor, found.len(), at).await?;
    Ok(found)
}

/// What of the plans of a list waits: drafts for an approval, reviews that are due.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waits {
    /// Drafts handed in.
    pub to_approve: usize,
    /// Plans in force whose day of review has come.
    pub to_review: usize,
}

/// What of the plans of the person's first list waits; nothing for who has no list.
pub async fn waits(app: &App, actor: &Actor) -> Result<Waits> {
    let Some(List { within, .. }) = lists(actor).into_iter().next() else { return Ok(Waits::default()) };
    let standing = store::standing(&mut *app.store.read().await?, &within).await?;
    let today = app.today();
    let count = |which: &dyn Fn(&Standing) -> bool| standing.iter().filter(|plan| which(plan)).count();
    Ok(Waits {
        to_approve: count(&|plan| plan.submitted && plan.state == State::Draft),
        to_review: count(&|plan| plan.state == State::Approved && plan.review_day <= today),
    })
}
