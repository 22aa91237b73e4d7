//! A person decides: the same or another, into an import, asked anew, nothing.

use jiff::Timestamp;

use super::super::model::{Given, Roster, Row, Settle, State};
use super::super::read::KEPT;
use super::super::store;
use super::load;
use super::make::covers;
use crate::access::Actor;
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Result};
use crate::exchange;
use crate::exchange::sheet::Kind;
use crate::freshness;
use crate::grid::{Cell, Grid};
use crate::id::{ListId, OrganizationId, RosterId};
use crate::organization::store as organizations;
use crate::store::Tx;

/// What a person says of a row.
#[derive(Debug, Clone)]
pub struct Said {
    /// What.
    pub settle: Settle,
    /// The entry that was seen beside the row, where a person decides upon it.
    pub organization: Option<OrganizationId>,
}

/// Settles a row; gives the import it went to, if it did.
pub async fn settle(app: &App, actor: &Actor, id: &RosterId, number: u32, said: &Said) -> Result<Option<ListId>> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let roster = load(&mut tx, actor, id).await?;
    let rows = store::rows(&mut tx, id).await?;
    let row = rows.into_iter().find(|row| row.number == number).ok_or_else(|| Error::missing("roster", id))?;
    let to = row.state.settle(said.settle)?;
    // Upon another entry than the one that was seen nobody decides.
    if matches!(said.settle, Settle::Same | Settle::Other) && row.organization != said.organization {
        return Err(Error::Conflict { why: "changed" });
    }
    let mut list = None;
    match said.settle {
        Settle::Same | Settle::Other => told(&mut tx, actor, &roster, &row, said.settle == Settle::Same, at).await?,
        Settle::List => list = Some(into_import(app, &mut tx, actor, &roster, vec![row], at).await?),
        Settle::Ask => ask(&mut tx, actor, &roster, &row, at).await?,
        Settle::Nothing => store::settle(&mut tx, id, &row, &Row { state: to, ..row.clone() }, &actor.id).await?,
    }
    audit::record(&mut tx, actor, Event::new("roster.settled", "roster", id).fields([said.settle.name()]), at).await?;
    tx.commit(at).await?;
    Ok(list)
}

/// Says the same of every row that waits for it: all that are only theirs go into one import, all that are only ours are asked anew.
/// Gives the import, and of how many rows it was said.
pub async fn settle_all(app: &App, actor: &Actor, id: &RosterId, settle: Settle) -> Result<(Option<ListId>, usize)> {
    let at = app.now();
    let state = settle.of_all().ok_or_else(|| Error::invalid("settle", "roster_one_by_one"))?;
    let mut tx = app.begin().await?;
    let roster = load(&mut tx, actor, id).await?;
    let mut rows = store::rows(&mut tx, id).await?;
    rows.retain(|row| row.state == state);
    if state == State::Ours {
        rows.retain(|row| row.entry.as_ref().is_some_and(|entry| entry.asks));
    }
    if rows.is_empty() {
        return Err(Error::Conflict { why: "roster_none" });
    }
    let count = rows.len();
    let mut list = None;
    if state == State::Theirs {
        list = Some(into_import(app, &mut tx, actor, &roster, rows, at).await?);
    } else {
        for row in &rows {
            ask(&mut tx, actor, &roster, row, at).await?;
        }
    }
    let event = Event::new("roster.settled", "roster", id).fields([settle.name().to_owned(), format!("count={count}")]);
    audit::record(&mut tx, actor, event, at).await?;
    tx.commit(at).await?;
    Ok((list, count))
}

/// Remembers whether a row is the entry beside it. If it is not, the next one it may be takes its place, as long as there is one; the
/// entries it is not are missing in the list.
async fn told(tx: &mut Tx, actor: &Actor, roster: &Roster, row: &Row, same: bool, at: Timestamp) -> Result<()> {
    let seen = row.organization.clone().ok_or_else(|| Error::missing("organization", &roster.id))?;
    store::answer(tx, &row.mark, &seen, same, &actor.id, at).await?;
    let (this, others): (Vec<_>, Vec<_>) = row.alike.iter().cloned().partition(|one| one.organization == seen);
    let (now, not) = if same {
        let not: Vec<OrganizationId> = others.into_iter().map(|one| one.organization).collect();
        (Row { state: State::Same, alike: this, ..row.clone() }, not)
    } else {
        let next = others.first().map(|one| one.organization.clone());
        let state = if next.is_some() { State::Maybe } else { State::Theirs };
        (Row { state, alike: others, organization: next, ..row.clone() }, vec![seen.clone()])
    };
    store::settle(tx, &roster.id, row, &now, &actor.id).await?;
    if same {
        store::found_after_all(tx, &roster.id, &seen).await?;
    }
    let expected = store::expected(tx, &roster.division).await?;
    for id in not {
        if expected.iter().any(|(known, kind)| *known == id && covers(roster, kind)) {
            store::lacks(tx, &roster.id, &id).await?;
        }
    }
    Ok(())
}

/// Has asked anew whether an entry exists. Where nothing is listed of it that can be asked about, its page is the place.
async fn ask(tx: &mut Tx, actor: &Actor, roster: &Roster, row: &Row, at: Timestamp) -> Result<()> {
    let id = row.organization.as_ref().ok_or_else(|| Error::missing("organization", &roster.id))?;
    if row.entry.as_ref().is_none_or(|entry| !entry.asks) {
        return Err(Error::Conflict { why: "roster_no_service" });
    }
    let organization = organizations::find(tx, id).await?.ok_or_else(|| Error::missing("organization", id))?;
    freshness::actions::doubt(tx, actor, &organization, &roster.department, at).await?;
    store::settle(tx, &roster.id, row, &Row { state: State::Asked, ..row.clone() }, &actor.id).await
}

/// Brings rows as a list to be mended, looked at for duplicates and taken in.
async fn into_import(app: &App, tx: &mut Tx, actor: &Actor, roster: &Roster, rows: Vec<Row>, at: Timestamp) -> Result<ListId> {
    let county = (roster.division.as_str().len() == 6).then(|| app.divisions.get().full_name(&roster.division));
    let grid = grid(&roster.department, rows.iter().map(|row| &row.given), county.as_deref().unwrap_or_default());
    let list = exchange::keep_tables(tx, actor, (Kind::Organizations, &roster.department), vec![grid], None, at).await?;
    for row in rows {
        store::settle(tx, &roster.id, &row, &Row { state: State::Listed, list: Some(list.clone()), ..row.clone() }, &actor.id).await?;
    }
    Ok(list)
}

/// Rows as a table with a head; where one names no county, that of the list is meant.
fn grid<'a>(name: &str, rows: impl Iterator<Item = &'a Given>, county: &str) -> Grid {
    let head = KEPT.iter().map(|(_, head)| Cell::text(head)).collect();
    let cell = |given: &Given, field: &str| {
        let said = given.get(field).map(String::as_str).unwrap_or_default();
        Cell::text(if field == "division" && said.is_empty() { county } else { said })
    };
    let rows = rows.map(|given| KEPT.iter().map(|(field, _)| cell(given, field)).collect());
    Grid { name: name.to_owned(), rows: (1..).zip(std::iter::once(head).chain(rows)).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_a_table_that_lists_are_read_from() {
        let given = Given::from([("name".to_owned(), "新芽康复中心".to_owned()), ("phone".to_owned(), "025-57502222".to_owned())]);
        let table = grid("县民政局", std::iter::once(&given), "南京市六合区");
        assert_eq!(table.rows.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [1, 2]);
        let texts: Vec<&str> = table.rows[1].1.iter().map(|cell| cell.text.as_str()).collect();
        assert_eq!(texts, ["新芽康复中心", "", "", "南京市六合区", "", "025-57502222", "", ""]);
        let (row, rows) = exchange::sheet::head_of(Kind::Organizations, &table).unwrap();
        assert_eq!((row, rows), (0, 1));
    }
}
