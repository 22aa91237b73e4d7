//! A visit is recorded; who is overdue is listed.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::super::actions::{List, lists, load, page_of, still_open};
use super::super::model::Case;
use super::super::store::{self as cases, Line, Within};
use super::model::{CaseVisit, Every, Kind, due};
use super::store::{self, Seen};
use crate::access::{Action, Actor, Class, Classes, Decision, decide};
use crate::account;
use crate::app::App;
use crate::audit::{self, Event};
use crate::clock;
use crate::error::{Error, Faults, Result};
use crate::id::{CaseId, VisitId};
use crate::organization::store::province;
use crate::secret::Hidden;
use crate::store::{Answered, Connection, Key, answered, remember};

/// What is said of a visit.
#[derive(Debug, Clone)]
pub struct Said {
    /// When.
    pub day: Date,
    /// How.
    pub kind: Kind,
    /// What was found; sealed.
    pub note: Hidden,
}

/// Most characters of a note.
const LONGEST: usize = 2_000;

/// Records a visit. `key` makes a write that comes twice be done once.
pub async fn record(app: &App, actor: &Actor, id: &CaseId, said: &Said, key: Option<&Key>) -> Result<()> {
    let (at, today) = (app.now(), app.today());
    let mut tx = app.begin().await?;
    let case = load(&mut tx, actor, Action::RecordVisit, id).await?;
    if let Some(key) = key
        && answered(&mut tx, key, &actor.reference()).await?.is_some()
    {
        return Ok(());
    }
    still_open(&case)?;
    let mut faults = Faults::new();
    let opened = clock::day(case.opened_at);
    faults.require(said.day <= today, "day", "not_yet");
    faults.require(said.day >= opened.min(today), "day", "visit_before");
    faults.require(said.note.reveal().chars().count() <= LONGEST, "note", "too_long");
    faults.settle()?;
    let visit = CaseVisit { id: VisitId::new(at), case: id.clone(), by: actor.id.clone(), day: said.day, kind: said.kind };
    let sealing = cases::child_key(&mut tx, &app.keyring, &case.child).await?;
    store::insert(&mut tx, &visit, &province(&case.division), (&sealing, &case.child), Some(&said.note), at).await?;
    audit::record(&mut tx, actor, Event::new("visit.recorded", "case", id).fields([said.kind.name()]), at).await?;
    if let Some(key) = key {
        let answer = Answered { status: 303, location: format!("/cases/{id}/visits") };
        remember(&mut tx, key, &actor.reference(), &answer, at).await?;
    }
    tx.commit(at).await
}

/// The visits of a case, as its reader may see them.
#[derive(Debug)]
pub struct History {
    /// The case.
    pub case: Case,
    /// Its child's alias.
    pub alias: String,
    /// The visits, the last first, each with the name of who was there and what was found.
    pub visits: Vec<(CaseVisit, String, Option<Hidden>)>,
    /// When the next is due; none once the case is closed.
    pub due: Option<Date>,
    /// How often the child is seen.
    pub every: Every,
    /// Whether the reader may record one.
    pub may_record: bool,
}

/// The visits of a case. What was found is read by those who see what is sensitive, and the log says so first.
pub async fn history(app: &App, actor: &Actor, id: &CaseId) -> Result<History> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let case = load(&mut tx, actor, Action::ReadCase, id).await?;
    let child = cases::child(&mut tx, &case.child).await?.ok_or_else(|| Error::missing("case", id))?;
    let reads = matches!(decide(actor, Action::ReadCase, &case), Decision::Mask(classes) if classes.has(Class::Sensitive));
    let mut notes = if reads {
        let key = cases::child_key(&mut tx, &app.keyring, &case.child).await?;
        store::notes(&mut tx, &key, &case.child, id).await?
    } else {
        BTreeMap::default()
    };
    if !notes.is_empty() {
        audit::record(&mut tx, actor, Event::new("visit.viewed", "case", id).fields(["note"]), at).await?;
    }
    let mut visits = Vec::new();
    for visit in store::of_case(&mut tx, id, 200).await? {
        let name = account::store::find(&mut tx, &visit.by).await?.map(|account| account.name).unwrap_or_default();
        let note = notes.remove(&visit.id);
        visits.push((visit, name, note));
    }
    let seen = store::seen(&mut tx, id).await?;
    tx.commit(at).await?;
    let every = Every::of(case.risk.as_ref(), &app.categories.get());
    let open = still_open(&case).is_ok();
    Ok(History {
        due: open.then(|| due(seen, clock::day(case.opened_at), every, &app.calendar.get())),
        may_record: open && decide(actor, Action::RecordVisit, &case).is_allowed(),
        alias: child.alias,
        case,
        visits,
        every,
    })
}

/// A case with its next visit.
#[derive(Debug)]
pub struct Coming {
    /// The case, as lists show it.
    pub line: Line,
    /// When the child was last seen.
    pub seen: Option<Date>,
    /// When the next visit is due.
    pub due: Date,
    /// Whether the reader may know the risk.
    pub sees_risk: bool,
}

/// The day of a case's next visit, the case, and when the child was last seen.
type Next = (Date, CaseId, Option<Date>);

/// How many visits of a list there are to make, and how many are overdue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// Cases.
    pub cases: usize,
    /// Of these, past their day.
    pub late: usize,
}

/// A page of a list's cases by their next visit, from 1, the longest overdue first. It is one event of the log.
pub async fn coming(app: &App, actor: &Actor, list: &List, page: usize) -> Result<(Vec<Coming>, Due)> {
    let today = app.today();
    let mut all = days(app, &mut *app.store.read().await?, &list.within).await?;
    all.sort();
    let figures = Due { cases: all.len(), late: all.iter().filter(|(due, ..)| *due < today).count() };
    let found = page_of(app, actor, all, page, |(_, case, _)| case, None).await?;
    let coming = |(line, classes, (due, _, seen)): (Line, Classes, Next)| Coming { line, seen, due, sees_risk: classes.has(Class::Status) };
    Ok((found.into_iter().map(coming).collect(), figures))
}

/// When the next visit of each case of a list is due, and when the child was last seen.
async fn days(app: &App, db: &mut Connection, within: &Within) -> Result<Vec<Next>> {
    let (categories, calendar) = (app.categories.get(), app.calendar.get());
    let day = |seen: Seen| {
        let every = Every::of(seen.risk.as_ref(), &categories);
        (due(seen.day, clock::day(seen.opened_at), every, &calendar), seen.case, seen.day)
    };
    Ok(store::seen_within(db, within).await?.into_iter().map(day).collect())
}

/// How many visits of the first list of a person are overdue; none for who has no list.
pub async fn overdue(app: &App, actor: &Actor) -> Result<usize> {
    let Some(List { within, .. }) = lists(actor).into_iter().next() else { return Ok(0) };
    let today = app.today();
    let all = days(app, &mut *app.store.read().await?, &within).await?;
    Ok(all.iter().filter(|(due, ..)| *due < today).count())
}
