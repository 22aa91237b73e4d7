//! A plan is read, with what it says.

use super::super::model::{Goal, PlanVersion, State};
use super::super::store;
use super::case_facts;
use crate::access::{Action, Actor, Class, Decision, Facts, decide};
use crate::account;
use crate::app::App;
use crate::audit::{self, Event};
use crate::case::actions::{load, still_open};
use crate::case::model::{Case, Need};
use crate::case::store as cases;
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
