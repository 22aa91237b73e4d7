//! The lists of cases an actor reaches; each page of a list is one event of the log.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::super::store::{self, Line, Within};
use crate::access::{Action, Actor, Class, Classes, Decision, Role, Scope, decide};
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Result};
use crate::id::CaseId;
use crate::store::Part;

/// How many a page holds.
pub const PAGE: usize = 50;

/// A list an actor may open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// Its name in addresses: `mine`, or `station`, `county`, `village` with a number from the second on.
    pub name: String,
    /// What it holds.
    pub within: Within,
}

/// A page of a list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The cases, each with the classes of fields the actor sees of it.
    pub lines: Vec<(Line, Classes)>,
    /// How many there are in all.
    pub total: usize,
}

/// The lists of an actor: a worker's own first, then those of its grants; the station head's own come last.
#[must_use]
pub fn lists(actor: &Actor) -> Vec<List> {
    let mut found: Vec<List> = Vec::new();
    let mut add = |kind: &str, within: Within| {
        if found.iter().any(|list| list.within == within) {
            return;
        }
        let before = found.iter().filter(|list| list.name.starts_with(kind)).count();
        let name = if before == 0 { kind.to_owned() } else { format!("{kind}{}", before + 1) };
        found.push(List { name, within });
    };
    if actor.is(Role::Worker) {
        add("mine", Within::Worker(actor.id.clone()));
    }
    for grant in &actor.grants {
        match (grant.role, &grant.scope) {
            (Role::Worker | Role::Supervisor, Scope::Organization(id)) => add("station", Within::Station(id.clone())),
            (Role::Coordinator, Scope::Division(code)) => add("county", Within::Division(code.clone())),
            (Role::Coordinator, Scope::All) => add("county", Within::Division("32".parse().expect("a province is a division"))),
            (Role::ChildDirector, Scope::Village(code)) => add("village", Within::Village(code.clone())),
            _ => {}
        }
    }
    if actor.is(Role::Supervisor) {
        add("mine", Within::Worker(actor.id.clone()));
    }
    found
}

/// The list of a name, or the first there is.
pub fn chosen<'a>(lists: &'a [List], name: &str) -> Result<&'a List> {
    lists.iter().find(|list| list.name == name).or_else(|| lists.first()).ok_or(Error::Forbidden { why: "role" })
}

/// A page of a list, numbered from 1. What `decide` does not let through is not in it.
pub async fn list(app: &App, actor: &Actor, list: &List, closed: bool, page: usize) -> Result<Listed> {
    let at = app.now();
    let mut db = app.store.read().await?;
    let total = store::count(&mut db, &list.within, closed).await?;
    let rows = store::lines(&mut db, &list.within, closed, Part::numbered(page, PAGE)).await?;
    let lines: Vec<(Line, Classes)> = rows
        .into_iter()
        .filter_map(|line| match decide(actor, Action::ReadCase, &line) {
            Decision::Mask(classes) => Some((line, classes)),
            _ => None,
        })
        .collect();
    drop(db);
    note_listed(app, actor, lines.len(), at).await?;
    Ok(Listed { lines, total })
}

/// How many cases a page of a list shows that is sorted by something else than the case.
pub const SHOWN: usize = 100;

/// Page `page`, from 1, of what was sorted: each with its case, as far as `decide` lets it through and shows a class where one is
/// needed. It is one event of the log.
pub async fn page_of<T>(
    app: &App,
    actor: &Actor,
    sorted: Vec<T>,
    page: usize,
    case: impl Fn(&T) -> &CaseId,
    needs: Option<Class>,
) -> Result<Vec<(Line, Classes, T)>> {
    let at = app.now();
    let shown: Vec<T> = sorted.into_iter().skip(page.saturating_sub(1).saturating_mul(SHOWN)).take(SHOWN).collect();
    let ids: Vec<CaseId> = shown.iter().map(|one| case(one).clone()).collect();
    let lines = store::briefs(&mut *app.store.read().await?, &ids).await?;
    let mut lines: BTreeMap<CaseId, Line> = lines.into_iter().map(|line| (line.id.clone(), line)).collect();
    let found: Vec<(Line, Classes, T)> = shown
        .into_iter()
        .filter_map(|one| {
            let line = lines.remove(case(&one))?;
            match decide(actor, Action::ReadCase, &line) {
                Decision::Mask(classes) if needs.is_none_or(|class| classes.has(class)) => Some((line, classes, one)),
                _ => None,
            }
        })
        .collect();
    note_listed(app, actor, found.len(), at).await?;
    Ok(found)
}

/// Notes that a list was looked at: one event of the log, with how many cases it held.
pub async fn note_listed(app: &App, actor: &Actor, count: usize, at: Timestamp) -> Result<()> {
    let mut tx = app.begin().await?;
    let event = Event::new("case.listed", "case", "list").fields([format!("count={count}")]);
    audit::record(&mut tx, actor, event, at).await?;
    tx.commit(at).await
}
