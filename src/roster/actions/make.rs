//! A department's list is compared with the directory.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lianjie_index::DivisionCode;

use super::super::compare::{self, Directory, Found};
use super::super::model::{Given, Roster, Row, State};
use super::super::read::{self, Listed, Read};
use super::super::store;
use crate::access::{Action, Actor, Role, decide};
use crate::app::App;
use crate::audit::{self, Event};
use crate::duplicate;
use crate::error::{Error, Fault, Faults, Result};
use crate::exchange::sheet;
use crate::grid::Grid;
use crate::id::{OrganizationId, RosterId};
use crate::locale::Locale;
use crate::store::{Answered, Connection, Key, Tx, answered, remember};

/// A list that is brought.
#[derive(Debug, Default)]
pub struct New {
    /// Whose list it is.
    pub department: String,
    /// The area it covers; the actor's own where it is not said.
    pub division: Option<DivisionCode>,
    /// Kinds of organization it covers; empty for all.
    pub kinds: Vec<String>,
    /// Its sheets.
    pub grids: Vec<Grid>,
}

/// The areas a list of the actor's may cover: the own ones, and the counties in them.
#[must_use]
pub fn areas(app: &App, actor: &Actor) -> Vec<DivisionCode> {
    let mut areas: Vec<DivisionCode> = Vec::new();
    let divisions = app.divisions.get();
    for own in actor.divisions(Role::Registrar).chain(actor.divisions(Role::DataManager)) {
        let counties = divisions.of_level("county").map(|row| row.code.clone()).filter(|code| own.contains(code));
        let more: Vec<_> = std::iter::once(own.clone()).chain(counties).filter(|code| !areas.contains(code)).collect();
        areas.extend(more);
    }
    areas
}

/// Compares a list; gives its id. A key that came before gives the one it made.
pub async fn compare(app: &App, actor: &Actor, new: New, locale: Locale, key: Option<&Key>) -> Result<RosterId> {
    let at = app.now();
    if let Some(before) = made(&mut *app.store.read().await?, actor, key).await? {
        return Ok(before);
    }
    let own = areas(app, actor).into_iter().next().ok_or(Error::Forbidden { why: "role" })?;
    let department = new.department.trim().to_owned();
    faults(app, &department, &new).settle()?;
    let mut roster = Roster {
        id: RosterId::new(at),
        division: new.division.unwrap_or(own),
        department,
        kinds: new.kinds,
        read_rows: 0,
        refused: Vec::new(),
        by: actor.id.clone(),
        at,
    };
    decide(actor, Action::ImportDirectory, &roster).allowed()?;
    sheet::of_the_directory(&new.grids, app.today())?;
    let Read { rows, refused } = read::sheets(app, &new.grids, &roster.division, locale)?;
    roster.read_rows = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    roster.refused = refused;
    let (rows, found, lacking) = laid_beside(app, &roster, rows).await?;

    let mut tx = app.begin().await?;
    if let Some(before) = made(&mut tx, actor, key).await? {
        return Ok(before);
    }
    store::insert(&mut tx, &roster).await?;
    let counts = write(&mut tx, &roster, rows, found, lacking).await?;
    let fields = counts.iter().map(|(state, count)| format!("{}={count}", state.name()));
    audit::record(&mut tx, actor, Event::new("roster.compared", "roster", &roster.id).fields(fields), at).await?;
    if let Some(key) = key {
        let answer = Answered { status: 303, location: format!("/rosters/{}", roster.id) };
        remember(&mut tx, key, &actor.reference(), &answer, at).await?;
    }
    tx.commit(at).await?;
    Ok(roster.id)
}

/// What this key made before.
async fn made(db: &mut Connection, actor: &Actor, key: Option<&Key>) -> Result<Option<RosterId>> {
    let Some(key) = key else { return Ok(None) };
    let Some(before) = answered(db, key, &actor.reference()).await? else { return Ok(None) };
    let id = RosterId::parse(before.location.trim_start_matches("/rosters/"));
    id.map(Some).map_err(|_| Error::Conflict { why: "repeated" })
}

fn faults(app: &App, department: &str, new: &New) -> Faults {
    let mut faults = Faults::new();
    faults.require(!department.is_empty(), "department", "required");
    faults.require(department.chars().count() <= 60, "department", "too_long");
    faults.require(new.division.as_ref().is_none_or(|code| app.divisions.get().has(code)), "division", "division");
    let categories = app.categories.get();
    let unknown = new.kinds.iter().find(|kind| categories.kinds.iter().all(|known| known.named.code != **kind));
    if let Some(kind) = unknown {
        faults.add(Fault::new("kinds", "kind_unknown").with("kind", kind));
    }
    faults
}

/// The rows with what was found of each, and the entries that the list lacks.
async fn laid_beside(app: &App, roster: &Roster, rows: Vec<Listed>) -> Result<(Vec<Listed>, Vec<Found>, Vec<OrganizationId>)> {
    // A township's bodies may be entered at its county.
    let below = if roster.division.as_str().len() > 6 { roster.division.county() } else { roster.division.clone() };
    let mut db = app.store.read().await?;
    let codes: BTreeSet<&str> = rows.iter().map(|row| row.record.uscc.as_str()).filter(|code| !code.is_empty()).collect();
    let directory = Directory {
        entries: duplicate::store::organizations(&mut db, below.as_str()).await?,
        codes: store::of_codes(&mut db, &codes.into_iter().collect::<Vec<_>>()).await?,
        answers: store::answers(&mut db, below.as_str()).await?,
    };
    let expected = store::expected(&mut db, &roster.division).await?;
    drop(db);
    let regions = Arc::clone(&app.divisions.get().regions);
    let compared = tokio::task::spawn_blocking(move || {
        let (found, there) = compare::compare(&rows, &directory, &regions);
        (rows, found, there)
    });
    let (rows, found, there) = compared.await.map_err(|error| Error::Store(format!("a list was not compared to the end: {error}")))?;
    let lacking = expected.into_iter().filter(|(id, kind)| covers(roster, kind) && !there.contains(id)).map(|(id, _)| id).collect();
    Ok((rows, found, lacking))
}

/// Whether a list covers a kind of organization.
pub(super) fn covers(roster: &Roster, kind: &str) -> bool {
    roster.kinds.is_empty() || roster.kinds.iter().any(|known| known == kind)
}

/// Writes every row with what was found, then ours that the list lacks.
async fn write(
    tx: &mut Tx,
    roster: &Roster,
    rows: Vec<Listed>,
    found: Vec<Found>,
    lacking: Vec<OrganizationId>,
) -> Result<BTreeMap<State, u32>> {
    let mut counts: BTreeMap<State, u32> = BTreeMap::new();
    let last = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let theirs = rows.into_iter().zip(found).map(|(listed, found)| Row {
        number: listed.number,
        state: found.state,
        mark: listed.mark(),
        given: listed.given,
        alike: found.alike,
        organization: found.organization,
        list: None,
        entry: None,
    });
    let ours = (last.saturating_add(1)..).zip(lacking).map(|(number, organization)| Row {
        number,
        state: State::Ours,
        mark: String::new(),
        given: Given::new(),
        alike: Vec::new(),
        organization: Some(organization),
        list: None,
        entry: None,
    });
    for row in theirs.chain(ours) {
        *counts.entry(row.state).or_default() += 1;
        store::insert_row(tx, &roster.id, &row).await?;
    }
    Ok(counts)
}
