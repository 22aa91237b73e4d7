//! The figures of a scope and a period, and the list behind each.

mod access;
mod blocks;
mod calibration;
mod kept;
mod list;
mod measure;
mod read;

pub use self::access::{Accessible, access};
pub use calibration::{Forecasts, calibration};
pub use kept::{refresh, run_refresh};
pub use list::{Listed, PAGE, Part, list};

use jiff::Timestamp;
use lianjie_index::DivisionCode;

use self::kept::counted;
use super::model::{Block, Over, Period};
use crate::access::{Action, Actor, Facts, Role, decide, may_anywhere};
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Result};
use crate::id::OrganizationId;
use crate::organization;

/// A scope the actor may choose, with what it is called.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Its name in addresses.
    pub name: String,
    /// What it is over.
    pub over: Over,
}

/// The scopes of an actor: its stations, its divisions, its organizations.
#[must_use]
pub fn scopes(actor: &Actor) -> Vec<Choice> {
    let stations = [Role::Worker, Role::Supervisor].into_iter().flat_map(|role| actor.organizations(role)).cloned().map(Over::Station);
    let seeing = [Role::Coordinator, Role::Registrar, Role::DataManager, Role::Auditor];
    let divisions = seeing.into_iter().flat_map(|role| actor.divisions(role)).map(Over::Division);
    let providers = actor.organizations(Role::Provider).cloned().map(Over::Provider);
    let mut found: Vec<Over> = Vec::new();
    for over in stations.chain(divisions).chain(providers) {
        if !found.contains(&over) {
            found.push(over);
        }
    }
    (1..).zip(found).map(|(number, over): (u32, Over)| Choice { name: number.to_string(), over }).collect()
}

/// The figures of a scope.
#[derive(Debug)]
pub struct Numbers {
    /// What they are over.
    pub over: Over,
    /// What that is called.
    pub place: String,
    /// Which days.
    pub period: Period,
    /// As of when.
    pub as_of: Timestamp,
    /// The figures.
    pub blocks: Vec<Block>,
    /// Whether small counts were left out.
    pub suppressed: bool,
}

async fn chosen(app: &App, actor: &Actor, scope: &str) -> Result<(Choice, String)> {
    if !may_anywhere(actor, Action::ReadStatistics) {
        return Err(Error::Forbidden { why: "role" });
    }
    let all = scopes(actor);
    let choice = all.iter().find(|choice| choice.name == scope).or_else(|| all.first()).cloned().ok_or(Error::Forbidden { why: "role" })?;
    let mut db = app.store.read().await?;
    let (facts, place) = match &choice.over {
        Over::Station(id) | Over::Provider(id) => {
            let found = organization::store::find(&mut db, id).await?.ok_or_else(|| Error::missing("organization", id))?;
            let facts =
                Facts { station: Some(id.clone()), organization: Some(id.clone()), division: Some(found.division), ..Facts::default() };
            (facts, found.name)
        }
        Over::Division(code) => (Facts { division: Some(code.clone()), ..Facts::default() }, app.divisions.get().full_name(code)),
    };
    decide(actor, Action::ReadStatistics, &facts).allowed()?;
    Ok((choice, place))
}

/// The figures of a scope and a period.
pub async fn numbers(app: &App, actor: &Actor, scope: &str, period: Period) -> Result<Numbers> {
    let (choice, place) = chosen(app, actor, scope).await?;
    let (as_of, mut blocks) = counted(app, &choice.over, period).await?;
    let suppressed = matches!(choice.over, Over::Division(_));
    if !lists_cases(actor) {
        for figure in blocks.iter_mut().filter(|block| block.children).flat_map(|block| &mut block.figures) {
            figure.opens = false;
        }
    }
    note_read(app, actor, &choice.over).await?;
    Ok(Numbers { over: choice.over, place, period, as_of, blocks, suppressed })
}

/// The division that is looked at: the one asked for within the scope; of a scope wider than a county, where none is asked for,
/// its first county, because a whole province is looked through in a second and a county at once.
fn narrowed(app: &App, over: &Over, place: &str) -> Result<Over> {
    let Over::Division(code) = over else { return Ok(over.clone()) };
    if place.is_empty() {
        let divisions = app.divisions.get();
        let first = divisions.of_level("county").find(|row| code.as_str().len() < 6 && code.contains(&row.code));
        return Ok(Over::Division(first.map_or_else(|| code.clone(), |row| row.code.clone())));
    }
    let named = place.parse().ok().filter(|named: &DivisionCode| code.contains(named) && app.divisions.get().has(named));
    named.map(Over::Division).ok_or_else(|| Error::invalid("place", "choice"))
}

/// The places of a scope that is wider than a county: its counties, and all of it.
#[must_use]
pub fn places(app: &App, over: &Over) -> Vec<DivisionCode> {
    let Over::Division(code) = over else { return Vec::new() };
    let divisions = app.divisions.get();
    let counties = divisions.of_level("county").map(|row| row.code.clone()).filter(|county| code.contains(county));
    if code.as_str().len() < 6 { counties.chain([code.clone()]).collect() } else { Vec::new() }
}

/// Notes in the log over what somebody read figures.
async fn note_read(app: &App, actor: &Actor, over: &Over) -> Result<()> {
    let field = match over {
        Over::Station(id) => format!("station={id}"),
        Over::Division(code) => format!("division={code}"),
        Over::Provider(id) => format!("organization={id}"),
    };
    let at = app.now();
    let mut tx = app.begin().await?;
    audit::record(&mut tx, actor, Event::new("statistics.read", "statistics", "numbers").fields([field]), at).await?;
    tx.commit(at).await
}

/// Whether the actor may open lists of cases and referrals at all.
fn lists_cases(actor: &Actor) -> bool {
    may_anywhere(actor, Action::ReadCase) || actor.is(Role::Provider)
}

/// The name of the scope of an id, for the choice of scopes.
pub async fn named(app: &App, over: &Over) -> Result<String> {
    let of = async |id: &OrganizationId| -> Result<String> {
        Ok(organization::store::find(&mut *app.store.read().await?, id).await?.map(|found| found.name).unwrap_or_default())
    };
    match over {
        Over::Station(id) | Over::Provider(id) => of(id).await,
        Over::Division(code) => Ok(app.divisions.get().full_name(code)),
    }
}
