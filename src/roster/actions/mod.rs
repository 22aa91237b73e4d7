//! A list is laid beside the directory, looked at, and settled row by row.

mod make;
mod settle;

pub use make::{New, areas, compare};
pub use settle::{Said, settle, settle_all};

use std::collections::BTreeMap;

use super::model::{Part, Roster, Row, State};
use super::store;
use crate::access::{Action, Actor, Role, decide};
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Result};
use crate::id::RosterId;
use crate::store::Connection;

/// How many rows a page shows.
pub const PAGE: usize = 100;

async fn load(db: &mut Connection, actor: &Actor, id: &RosterId) -> Result<Roster> {
    let roster = store::find(db, id).await?.ok_or_else(|| Error::missing("roster", id))?;
    decide(actor, Action::ImportDirectory, &roster).allowed()?;
    Ok(roster)
}

/// The lists the actor may look at, the last first.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Roster>> {
    let mut db = app.store.read().await?;
    let divisions: Vec<_> = actor.divisions(Role::Registrar).chain(actor.divisions(Role::DataManager)).collect();
    if divisions.is_empty() {
        return Err(Error::Forbidden { why: "role" });
    }
    let mut found: Vec<Roster> = Vec::new();
    for division in divisions {
        let more = store::of_division(&mut db, &division).await?;
        found.extend(more.into_iter().filter(|one| found.iter().all(|known| known.id != one.id)).collect::<Vec<_>>());
    }
    found.sort_by_key(|roster| std::cmp::Reverse(roster.at));
    Ok(found)
}

/// A list with a part of what was found.
#[derive(Debug)]
pub struct View {
    /// The list.
    pub roster: Roster,
    /// The part that is shown.
    pub part: Part,
    /// Its rows on this page.
    pub rows: Vec<Row>,
    /// How many rows the part has.
    pub total: usize,
    /// How many rows each part has.
    pub parts: BTreeMap<Part, usize>,
    /// How many rows are in each state.
    pub counts: BTreeMap<State, usize>,
}

/// A page of a part, from 1; without one the first part in which there is something.
pub async fn view(app: &App, actor: &Actor, id: &RosterId, part: Option<Part>, page: usize) -> Result<View> {
    let mut db = app.store.read().await?;
    let roster = load(&mut db, actor, id).await?;
    let mut all = store::rows(&mut db, id).await?;
    let (mut parts, mut counts) = (BTreeMap::new(), BTreeMap::new());
    for row in &all {
        *parts.entry(row.part()).or_default() += 1;
        *counts.entry(row.state).or_default() += 1;
    }
    let first = || Part::ALL.into_iter().find(|part| parts.contains_key(part)).unwrap_or(Part::Both);
    let part = part.unwrap_or_else(first);
    all.retain(|row| row.part() == part);
    let place = |state: State| State::ALL.iter().position(|other| *other == state);
    all.sort_by_key(|row| (place(row.state), row.number));
    let total = all.len();
    let rows = all.into_iter().skip(page.saturating_sub(1).saturating_mul(PAGE)).take(PAGE).collect();
    Ok(View { roster, part, rows, total, parts, counts })
}

/// All rows of a list, to be taken away as a file: the log says so.
pub async fn whole(app: &App, actor: &Actor, id: &RosterId) -> Result<(Roster, Vec<Row>)> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let roster = load(&mut tx, actor, id).await?;
    let rows = store::rows(&mut tx, id).await?;
    let event = Event::new("roster.downloaded", "roster", id).fields([format!("count={}", rows.len())]);
    audit::record(&mut tx, actor, event, at).await?;
    tx.commit(at).await?;
    Ok((roster, rows))
}
