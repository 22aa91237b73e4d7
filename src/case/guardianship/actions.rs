//! The list and its figures; a page of the list is one event of the log.

use jiff::civil::Date;
use jiff::{SignedDuration, ToSpan};

use super::super::actions::{List, lists, page_of};
use super::super::agreement::EXPIRING;
use super::super::store::Line;
use super::store::{self, Figures, Standing};
use crate::access::{Actor, Class};
use crate::app::App;
use crate::error::Result;

/// A case with how it stands.
#[derive(Debug)]
pub struct Watched {
    /// The case, as lists show it.
    pub line: Line,
    /// How it stands.
    pub standing: Standing,
}

/// A page of a list, and the figures over all of it.
#[derive(Debug)]
pub struct Part {
    /// The cases of the page.
    pub watched: Vec<Watched>,
    /// How many the list holds.
    pub total: usize,
    /// Figures over the list.
    pub figures: Figures,
}

/// Whether something is to be done: no agreement where one is needed, one that ends, no assessment that counts.
fn waits(standing: &Standing, today: Date) -> bool {
    let ending = standing.covered_to.is_some_and(|day| day <= today.saturating_add(EXPIRING.days()));
    standing.is_uncovered() || ending || standing.outcome(today).is_none()
}

/// A page of a list, from 1, those cases first for which something is to be done. Who may not know of guardians sees none.
pub async fn watched(app: &App, actor: &Actor, list: &List, page: usize) -> Result<Part> {
    let today = app.today();
    let mut db = app.store.read().await?;
    let mut all = store::standing(&mut db, &list.within, today).await?;
    let figures = Figures::of(&all, today, today.saturating_add(EXPIRING.days()));
    let total = all.len();
    all.sort_by_cached_key(|standing| (!standing.is_uncovered(), !waits(standing, today), standing.covered_to, standing.case.clone()));
    drop(db);
    let watched = page_of(app, actor, all, page, |standing| &standing.case, Some(Class::Status)).await?;
    let watched = watched.into_iter().map(|(line, _, standing)| Watched { line, standing }).collect();
    Ok(Part { watched, total, figures })
}

/// Within how long of its opening a case is assessed.
const ASSESSED: SignedDuration = SignedDuration::from_hours(14 * 24);

/// How many children of a worker's or station's first list have no assessment that still counts, two weeks after they came.
pub async fn unassessed(app: &App, actor: &Actor) -> Result<usize> {
    let Some(List { within, .. }) = lists(actor).into_iter().next() else { return Ok(0) };
    let count = store::unassessed(&mut *app.store.read().await?, &within, app.today(), app.now() - ASSESSED).await?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// How many children of the person's first list need an agreement and have none; none for who has no list.
pub async fn uncovered(app: &App, actor: &Actor) -> Result<usize> {
    let Some(List { within, .. }) = lists(actor).into_iter().next() else { return Ok(0) };
    let count = store::uncovered(&mut *app.store.read().await?, &within, app.today()).await?;
    Ok(usize::try_from(count).unwrap_or_default())
}
