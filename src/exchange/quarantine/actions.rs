//! Rows that were kept aside are looked at, mended, or put away.

use std::collections::BTreeMap;

use super::model::{Aside, tables};
use super::store;
use crate::access::{Action, Actor, Facts, decide};
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Fault, Result};
use crate::exchange::hsds::import::{self, Kind, Options};
use crate::id::QuarantineId;

/// A package is of the whole installation: who mends it answers for its province.
pub fn may(app: &App, actor: &Actor) -> Result<()> {
    let province = app.divisions.get().of_level("province").next().map(|row| row.code.clone());
    decide(actor, Action::MendQuarantine, &Facts { thing: "quarantine", division: province, ..Facts::default() }).allowed()
}

/// The sources with rows aside, and the rows of one.
pub async fn list(app: &App, actor: &Actor, source: &str, limit: i64) -> Result<(Vec<(String, u32)>, Vec<Aside>)> {
    may(app, actor)?;
    let mut db = app.store.read().await?;
    let sources = store::sources(&mut db).await?;
    let chosen = sources.iter().find(|(name, _)| name == source).or_else(|| sources.first());
    let rows = match chosen {
        Some((name, _)) => store::of_source(&mut db, name, limit).await?,
        None => Vec::new(),
    };
    Ok((sources, rows))
}

/// A row.
pub async fn view(app: &App, actor: &Actor, id: &QuarantineId) -> Result<Aside> {
    may(app, actor)?;
    store::find(&mut *app.store.read().await?, id).await?.ok_or_else(|| Error::missing("quarantine", id))
}

/// Reads a row again with other cells, and all that was kept aside of its source with it; gives how many rows came in.
///
/// # Errors
/// The reasons, by column, for which the row still does not read; what was written then stays aside as it was.
pub async fn mend(app: &App, actor: &Actor, id: &QuarantineId, cells: &BTreeMap<String, String>) -> Result<usize> {
    let aside = view(app, actor, id).await?;
    // All of them: what is not read again with the others would be settled unread.
    let rows = store::of_source(&mut *app.store.read().await?, &aside.source, i64::MAX).await?;
    let options = Options { source: aside.source.clone(), ..Options::default() };
    // Looked at first: nothing is written as long as this row does not read.
    let dry = Options { dry_run: true, ..options.clone() };
    let report = import::again(app, actor, tables(&rows, &aside, cells), "3.x", &dry, |_, _| {}).await?;
    let held = report.remarks.iter().filter(|one| one.kind == Kind::HeldBack && (&one.table, one.row) == (&aside.table, aside.number));
    let faults: Vec<Fault> = held.map(|one| Fault::new(one.column.clone(), known(&one.reason))).collect();
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let report = import::again(app, actor, tables(&rows, &aside, cells), "3.x", &options, |_, _| {}).await?;
    Ok(report.tables.values().map(|counted| counted.imported).sum())
}

/// The reason of a name; those for which rows are held back.
fn known(reason: &str) -> &'static str {
    const REASONS: [&str; 9] = [
        "hsds_orphan",
        "hsds_id",
        "hsds_twice",
        "hsds_name",
        "hsds_service",
        "hsds_unused",
        "hsds_licence",
        "hsds_boot_camp",
        "hsds_currency",
    ];
    REASONS.into_iter().find(|known| *known == reason).unwrap_or("hsds_service")
}

/// Puts a row away for good: it is not wanted.
pub async fn put_away(app: &App, actor: &Actor, id: &QuarantineId) -> Result<()> {
    let aside = view(app, actor, id).await?;
    let at = app.now();
    let mut tx = app.begin().await?;
    store::settle(&mut tx, &aside, at).await?;
    let event = Event::new("quarantine.put_away", "quarantine", id).fields([format!("source={}", aside.source)]);
    audit::record(&mut tx, actor, event, at).await?;
    tx.commit(at).await
}
