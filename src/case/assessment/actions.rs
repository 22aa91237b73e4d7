//! A family is assessed.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;

use super::super::actions::{load, still_open};
use super::super::model::Case;
use super::super::store as cases;
use super::model::{Assessment, form};
use super::store;
use crate::access::{Action, Actor, Class, Decision, decide};
use crate::account;
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Faults, Result};
use crate::id::{AssessmentId, CaseId};
use crate::organization::store::province;
use crate::secret::{Hidden, Words};
use crate::store::{Answered, Key, answered, remember};

/// What is said of a family.
#[derive(Debug, Clone)]
pub struct Said {
    /// When it was looked at.
    pub day: Date,
    /// The answers, item to option.
    pub answers: BTreeMap<String, String>,
    /// What the answers do not say.
    pub remark: Hidden,
}

/// Records an assessment; gives what follows from it.
pub async fn assess(app: &App, actor: &Actor, id: &CaseId, said: &Said, key: Option<&Key>) -> Result<()> {
    let (at, today, form) = (app.now(), app.today(), form());
    let mut tx = app.begin().await?;
    let case = load(&mut tx, actor, Action::WriteCase, id).await?;
    if let Some(key) = key
        && answered(&mut tx, key, &actor.reference()).await?.is_some()
    {
        return Ok(());
    }
    still_open(&case)?;
    let mut faults = Faults::new();
    faults.require(said.day <= today, "day", "not_yet");
    faults.require(said.remark.reveal().chars().count() <= 1_000, "remark", "too_long");
    let weighed = form.weigh(&said.answers).map_err(|others| faults.join(others)).ok();
    faults.settle()?;
    let (points, outcome) = weighed.ok_or_else(|| Error::invalid("day", "required"))?;
    let assessment = Assessment {
        id: AssessmentId::new(at),
        case: id.clone(),
        form: form.edition.clone(),
        points,
        outcome,
        day: said.day,
        valid_until: said.day.saturating_add(i64::from(form.valid_days).days()),
        by: actor.id.clone(),
    };
    let answers = said.answers.iter().fold(Words::default(), |words, (item, option)| words.with(item, Hidden::new(option.clone())));
    let answers = answers.with("remark", said.remark.clone());
    let child_key = cases::child_key(&mut tx, &app.keyring, &case.child).await?;
    store::insert(&mut tx, &assessment, &province(&case.division), (&child_key, &case.child), &answers, at).await?;
    audit::record(&mut tx, actor, Event::new("assessment.recorded", "case", id).fields([outcome.name()]), at).await?;
    if let Some(key) = key {
        let answer = Answered { status: 303, location: format!("/cases/{id}/assessments") };
        remember(&mut tx, key, &actor.reference(), &answer, at).await?;
    }
    tx.commit(at).await
}

/// The assessments of a case, as its reader may see them.
#[derive(Debug)]
pub struct History {
    /// The case.
    pub case: Case,
    /// Its child's alias.
    pub alias: String,
    /// The assessments, the last first, each with who did it and what was answered.
    pub assessments: Vec<(Assessment, String, Words)>,
    /// Whether the reader sees what was answered.
    pub reads: bool,
    /// Whether the reader may add one.
    pub may_write: bool,
}

/// The assessments of a case. Answers are read by those who see what is sensitive, and the log says so first.
pub async fn history(app: &App, actor: &Actor, id: &CaseId) -> Result<History> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let case = load(&mut tx, actor, Action::ReadCase, id).await?;
    let child = cases::child(&mut tx, &case.child).await?.ok_or_else(|| Error::missing("case", id))?;
    let Decision::Mask(classes) = decide(actor, Action::ReadCase, &case) else { return Err(Error::missing("case", id)) };
    if !classes.has(Class::Status) {
        return Err(Error::Forbidden { why: "role" });
    }
    let reads = classes.has(Class::Sensitive);
    let mut assessments = Vec::new();
    for assessment in store::of_case(&mut tx, id).await? {
        let name = account::store::find(&mut tx, &assessment.by).await?.map(|account| account.name).unwrap_or_default();
        let answers = if reads {
            let key = cases::child_key(&mut tx, &app.keyring, &case.child).await?;
            store::answers(&mut tx, (&key, &case.child), &assessment.id).await?
        } else {
            Words::default()
        };
        assessments.push((assessment, name, answers));
    }
    if reads && !assessments.is_empty() {
        audit::record(&mut tx, actor, Event::new("assessment.viewed", "case", id).fields(["answers"]), at).await?;
    }
    tx.commit(at).await?;
    let may_write = still_open(&case).is_ok() && decide(actor, Action::WriteCase, &case).is_allowed();
    Ok(History { alias: child.alias, assessments, reads, may_write, case })
}
