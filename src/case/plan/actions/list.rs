//! How the plans of a list's cases stand. A page of the list is one event of the log.

use jiff::civil::Date;

use super::super::store::{self, Standing};
use crate::access::{Actor, Class, Classes};
use crate::app::App;
use crate::case::actions::{List, lists, page_of};
use crate::case::store::Line;
use crate::error::Result;

/// A case with how its plan stands.
#[derive(Debug)]
pub struct Planned {
    /// The case, as lists show it.
    pub line: Line,
    /// How its plan stands.
    pub standing: Standing,
    /// Whether the reader may know the risk.
    pub sees_risk: bool,
}

/// How many plans of a list stand how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waits {
    /// Cases.
    pub cases: usize,
    /// Of these, with a plan in force.
    pub with_plan: usize,
    /// Drafts handed in.
    pub to_approve: usize,
    /// Plans in force whose day of review has come.
    pub to_review: usize,
}

impl Waits {
    fn of(all: &[Standing], today: Date) -> Self {
        let count = |which: &dyn Fn(&Standing) -> bool| all.iter().filter(|plan| which(plan)).count();
        Self {
            cases: all.len(),
            with_plan: count(&|plan| plan.current.is_some()),
            to_approve: count(&|plan| plan.submitted),
            to_review: count(&|plan| plan.is_due(today)),
        }
    }
}

/// A page of a list, from 1: drafts that wait, then cases without a plan, then by the day of review; and how many stand how.
pub async fn planned(app: &App, actor: &Actor, list: &List, page: usize) -> Result<(Vec<Planned>, Waits)> {
    let mut all = store::standing(&mut *app.store.read().await?, &list.within).await?;
    let waits = Waits::of(&all, app.today());
    all.sort_by_cached_key(|plan| (!plan.submitted, plan.current.map(|(_, review)| review), plan.case.clone()));
    let found = page_of(app, actor, all, page, |plan| &plan.case, None).await?;
    let planned = |(line, classes, standing): (Line, Classes, Standing)| Planned { line, standing, sees_risk: classes.has(Class::Status) };
    Ok((found.into_iter().map(planned).collect(), waits))
}

/// What of the plans of the person's first list waits; nothing for who has no list.
pub async fn waits(app: &App, actor: &Actor) -> Result<Waits> {
    let Some(List { within, .. }) = lists(actor).into_iter().next() else { return Ok(Waits::default()) };
    Ok(Waits::of(&store::standing(&mut *app.store.read().await?, &within).await?, app.today()))
}
