//! The needs of a meeting, a station or a county are matched and allocated together. Nothing is kept.

use lianjie_index::allocation::{Fault, Rule, Share};

use super::model::{Run, Table};
use super::store;
use crate::access::{Action, Actor, Role};
use crate::app::App;
use crate::audit::Event;
use crate::case::store::Within;
use crate::conference::{self, model::Conference};
use crate::error::{Error, Result};
use crate::id::{CaseId, ConferenceId};
use crate::locale::Locale;
use crate::matching::actions::{LeftOut, match_cases};

/// Cases that are allocated together at most, the most urgent first.
pub const MOST: i64 = 50;

/// By which rule places are allocated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Objective {
    /// Most needs of tier 1, then of tier 2, and so on.
    #[default]
    Lex,
    /// As many needs completed as can be, weighted by urgency.
    Util,
    /// The same, but every township gets at least nine tenths of the share that all of them could have.
    Floor,
}

impl Objective {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Lex, Self::Util, Self::Floor];

    /// The name in an address.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lex => "lex",
            Self::Util => "util",
            Self::Floor => "floor",
        }
    }

    /// Reads a name; the default where it is empty.
    pub fn read(name: &str) -> Result<Self> {
        let known = Self::ALL.into_iter().find(|objective| objective.name() == name);
        known.or_else(|| name.is_empty().then(Self::default)).ok_or_else(|| Error::invalid("objective", "choice"))
    }

    fn rule(self) -> Rule {
        match self {
            Self::Lex => Rule::Lex,
            Self::Util => Rule::Util,
            Self::Floor => Rule::Level(Share::of_thousandths(900).expect("a share")),
        }
    }
}

/// What was allocated, and what came out.
pub struct Allocated {
    /// The needs and places.
    pub table: Table,
    /// Who gets what.
    pub run: Run,
    /// Cases that could not be taken along.
    pub left_out: Vec<LeftOut>,
    /// How many cases have needs that nobody is asked for.
    pub cases: usize,
}

/// The needs of the cases on a meeting's agenda.
pub async fn meeting(app: &App, actor: &Actor, id: &ConferenceId, objective: Objective, locale: Locale) -> Result<(Conference, Allocated)> {
    let mut db = app.store.read().await?;
    let conference = conference::actions::load(&mut db, actor, Action::Allocate, id).await?;
    let mut cases: Vec<CaseId> = Vec::new();
    for item in conference::store::items(&mut db, id).await? {
        if !cases.contains(&item.case) {
            cases.push(item.case);
        }
    }
    drop(db);
    let event = Event::new("allocation.run", "conference", id);
    let allocated = run(app, actor, &cases, cases.len(), (event, id.as_str()), objective, locale).await?;
    Ok((conference, allocated))
}

/// What the actor may allocate for: the own stations, the own counties.
#[must_use]
pub fn areas(actor: &Actor) -> Vec<Within> {
    let stations = actor.organizations(Role::Supervisor).map(|station| Within::Station(station.clone()));
    stations.chain(actor.divisions(Role::Coordinator).map(Within::Division)).collect()
}

/// The needs of an area; its lots are drawn anew each week.
pub async fn area(app: &App, actor: &Actor, within: &Within, objective: Objective, locale: Locale) -> Result<Allocated> {
    if !areas(actor).contains(within) {
        return Err(Error::Forbidden { why: "role" });
    }
    let (cases, all) = store::cases(&mut *app.store.read().await?, within, MOST).await?;
    let event = match within {
        Within::Station(id) => Event::new("allocation.run", "organization", id),
        Within::Division(code) => Event::new("allocation.run", "division", code),
        Within::Worker(_) | Within::Village(_) => return Err(Error::Forbidden { why: "role" }),
    };
    let week = app.today().iso_week_date();
    let lot = format!("{}-W{:02}", week.year(), week.week());
    run(app, actor, &cases, all, (event, &lot), objective, locale).await
}

async fn run(
    app: &App,
    actor: &Actor,
    cases: &[CaseId],
    all: usize,
    (event, lot): (Event, &str),
    objective: Objective,
    locale: Locale,
) -> Result<Allocated> {
    let (matched, left_out) = match_cases(app, actor, Action::Allocate, cases, event, locale).await?;
    let refused = |fault: Fault| Error::Store(format!("the allocation: {fault}"));
    let table = Table::of(matched, lot, app.now()).map_err(refused)?;
    let run = table.run(&objective.rule()).map_err(refused)?;
    Ok(Allocated { table, run, left_out, cases: all })
}
