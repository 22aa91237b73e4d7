//! The list and its figures; a page of the list is one event of the log.

use std::collections::BTreeMap;

use jiff::ToSpan;

use super::super::actions::{List, lists, note_listed};
use super::super::agreement::EXPIRING;
use super::super::store::{self as cases, Line};
use super::store::{self, Figures, Standing};
use crate::access::{Action, Actor, Class, Decision, decide};
use crate::app::App;
use crate::error::Result;
use crate::id::CaseId;

/// How many cases one list looks at.
const MOST: i64 = 5_000;

/// A case with how it stands.
#[derive(Debug)]
pub struct Watched {
    /// The case, as lists show it.
    pub line: Line,
    /// How it stands.
    pub standing: Standing,
}

impl Watched {
    /// Whether something is to be done: no agreement where one is needed, one that ends, no assessment that counts.
    #[must_use]
    pub fn waits(&self, today: jiff::civil::Date) -> bool {
        let ending = self.standing.covered_to.is_some_and(|day| day <= today.saturating_add(EXPIRING.days()));
        let uncovered = self.standing.needs_agreement && self.standing.covered_to.is_none();
        uncovered || ending || self.standing.outcome(today).is_none()
    }
}

/// The cases of a list, those first for which something is to be done; and the figures. Who may not know of guardians sees none.
pub async fn watched(app: &App, actor: &Actor, list: &List) -> Result<(Vec<Watched>, Figures)> {
    let (at, today) = (app.now(), app.today());
    let mut db = app.store.read().await?;
    let lines = cases::briefs(&mut db, &list.within, MOST).await?;
    let all = store::standing(&mut db, &list.within, today).await?;
    drop(db);
    let figures = Figures::of(&all, today, today.saturating_add(EXPIRING.days()));
    let mut standing: BTreeMap<CaseId, Standing> = all.into_iter().map(|standing| (standing.case.clone(), standing)).collect();
    let sees = |line: &Line| matches!(decide(actor, Action::ReadCase, line), Decision::Mask(classes) if classes.has(Class::Status));
    let mut found: Vec<Watched> = lines
        .into_iter()
        .filter(|line| sees(line))
        .filter_map(|line| standing.remove(&line.id).map(|standing| Watched { line, standing }))
        .collect();
    found.sort_by_key(|watched| {
        let uncovered = watched.standing.needs_agreement && watched.standing.covered_to.is_none();
        (!uncovered, !watched.waits(today), watched.standing.covered_to, watched.line.id.clone())
    });
    note_listed(app, actor, found.len(), at).await?;
    Ok((found, figures))
}

/// How many children of the person's first list need an agreement and have none; none for who has no list.
pub async fn uncovered(app: &App, actor: &Actor) -> Result<usize> {
    let Some(List { within, .. }) = lists(actor).into_iter().next() else { return Ok(0) };
    let count = store::uncovered(&mut *app.store.read().await?, &within, app.today()).await?;
    Ok(usize::try_from(count).unwrap_or_default())
}
