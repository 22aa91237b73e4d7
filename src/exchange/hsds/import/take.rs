//! What was read goes into the store, in one transaction with its log.

use std::collections::{HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::super::confirmed::Confirmed;
use super::Options;
use super::alike::likely;
use super::entry::{Incoming, IncomingOrganization, IncomingService, fields};
use super::gone::gone;
use super::report::{Counted, Difference, Report};
use super::rows::Rows;
use super::store::{self as kept, Said};
use crate::access::Actor;
use crate::app::App;
use crate::audit::{self, Event};
use crate::clock;
use crate::error::Result;
use crate::exchange::list::{Entry, keep, was_undone};
use crate::exchange::sheet::Kind;
use crate::id::{FactCheckId, QuarantineId};
use crate::organization::model::Status;
use crate::organization::store as organizations;
use crate::organization::suggestion::{self, Suggestion};
use crate::secret::digest;
use crate::service::actions::keep as keep_service;
use crate::service::model::Status as Offered;
use crate::service::{places, store as services};
use crate::store::{self, DIRECTORY, Tx};

/// What became of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Became {
    New,
    Same,
    Differs,
}

/// Takes in; with a dry run nothing stays. `whole` says that it is all that the source says.
pub async fn take(
    app: &App,
    actor: &Actor,
    mut rows: Rows,
    incoming: Incoming,
    options: &Options,
    whole: bool,
    mut progress: impl FnMut(u64, u64),
) -> Result<Report> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let mut became: HashMap<String, Became> = HashMap::new();
    let total = (incoming.organizations.len() + incoming.services.len()) as u64;
    let mut done = 0;
    let mut differences = Vec::new();
    let mut made: Vec<Entry> = Vec::new();
    let source = &options.source;
    if whole {
        (rows.report.gone, rows.report.other_part) = gone(&mut tx, &rows, source, at).await?;
    }
    for one in &incoming.organizations {
        let id = &one.organization.id;
        if one.stored {
            add_locations(&mut tx, one, at).await?;
            continue;
        }
        let before = match organizations::find(&mut tx, id).await? {
            None => Found::Nothing,
            Some(old) if old.status == Status::Closed && was_undone(&mut tx, id.as_str(), old.version).await? => Found::Undone(old.version),
            Some(_) => Found::There,
        };
        let state =
            settled(&mut tx, source, ("organization", id.as_str(), before), &fields(one, "organization"), &mut differences, at).await?;
        if state == Became::New {
            made.push(("organization", id.to_string(), put_organization(&mut tx, actor, one, before, at).await?));
        }
        keep_confirmed(&mut tx, id.as_str(), &store::json(&one.organization.phones), &one.confirmed, at).await?;
        became.insert(id.to_string(), state);
        done += 1;
        progress(done, total);
    }
    for one in &incoming.services {
        let id = &one.service.id;
        let before = match services::find(&mut tx, id).await? {
            None => Found::Nothing,
            Some(old) if old.status == Offered::Defunct && was_undone(&mut tx, id.as_str(), old.version).await? => {
                Found::Undone(old.version)
            }
            Some(_) => Found::There,
        };
        let state = settled(&mut tx, source, ("service", id.as_str(), before), &fields(one, "service"), &mut differences, at).await?;
        if state == Became::New {
            made.push(("service", id.to_string(), put_service(&mut tx, actor, one, before, at).await?));
        }
        keep_confirmed(&mut tx, id.as_str(), &store::json(&one.service.to_checked()), &one.confirmed, at).await?;
        if state == Became::New {
            note(&mut tx, one, app.periods.get().existence, at).await?;
        }
        became.insert(id.to_string(), state);
        done += 1;
        progress(done, total);
    }
    let new: HashSet<String> = made.iter().map(|(_, id, _)| id.clone()).collect();
    rows.report.alike = likely(app, &mut tx, &incoming, &new).await?;
    keep_aside(&mut tx, app, &rows, &options.source, at).await?;
    settle(&mut rows, &became, differences);
    if options.dry_run {
        return Ok(rows.report);
    }
    let count = |state| became.values().filter(|one| **one == state).count();
    let event = Event::new("directory.imported", "directory", &options.source).fields([
        format!("new={}", count(Became::New)),
        format!("differing={}", count(Became::Differs)),
        format!("gone={}", rows.report.gone.len()),
    ]);
    audit::record(&mut tx, actor, event, at).await?;
    // What is mended on the page comes in with what it hangs on, and is undone there.
    if whole && !made.is_empty() {
        let kind = if incoming.organizations.iter().any(|one| !one.stored) { Kind::Organizations } else { Kind::Services };
        rows.report.batch = Some(keep(&mut tx, app, actor, kind, source, &made).await?);
    }
    tx.commit(at).await?;
    Ok(rows.report)
}

/// What there is of an entry before it comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Nothing,
    There,
    /// It came in before and that was undone, which made it this version: it is written anew.
    Undone(i64),
}

/// Whether an entry is new; else compares what a source says now with what it said before. What differs becomes a suggestion for
/// whoever keeps the entry.
async fn settled(
    tx: &mut Tx,
    source: &str,
    (table, id, found): (&str, &str, Found),
    now: &Said,
    differences: &mut Vec<Difference>,
    at: Timestamp,
) -> Result<Became> {
    let before = kept::said(tx, source, id).await?;
    kept::keep(tx, source, id, now, at).await?;
    if found != Found::There {
        return Ok(Became::New);
    }
    let Some(before) = before else { return Ok(Became::Same) };
    let mut became = Became::Same;
    for (field, value) in now {
        // What counts up or is set here says nothing about the source.
        if matches!(field.as_str(), "version" | "verified_at" | "status_reason" | "checked" | "unchecked") {
            continue;
        }
        let was = before.get(field).map(String::as_str).unwrap_or_default();
        if was == value {
            continue;
        }
        became = Became::Differs;
        if field == "locations" {
            differing_locations(tx, id, was, value, at).await?;
        } else {
            suggestion::insert(tx, &Suggestion::new(&id, field, value.clone(), &Actor::system().id, at)).await?;
        }
        differences.push(Difference {
            table: table.to_owned(),
            id: id.to_owned(),
            field: field.clone(),
            before: was.to_owned(),
            now: value.clone(),
        });
    }
    Ok(became)
}

/// What of a location another release may say otherwise.
const OF_LOCATION: [&str; 8] = ["name", "location_type", "address", "division", "village", "point", "accessibility", "transportation"];

/// Suggests of each location what a newer release says otherwise, and those that it has more; one that is gone is only in the report.
async fn differing_locations(tx: &mut Tx, organization: &str, was: &str, now: &str, at: Timestamp) -> Result<()> {
    let list = |text: &str| serde_json::from_str::<Vec<Value>>(text).unwrap_or_default();
    let (before, mut after) = (list(was), list(now));
    let by = Actor::system().id;
    for location in &after {
        let Some(old) = before.iter().find(|old| old["id"] == location["id"]) else { continue };
        let id = location["id"].as_str().unwrap_or_default();
        for field in OF_LOCATION.into_iter().filter(|field| old[*field] != location[*field]) {
            let said = match &location[field] {
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            suggestion::insert(tx, &Suggestion::new(&id, field, said, &by, at)).await?;
        }
    }
    after.retain(|location| before.iter().all(|old| old["id"] != location["id"]));
    if !after.is_empty() {
        suggestion::insert(tx, &Suggestion::new(&organization, "locations", Value::from(after).to_string(), &by, at)).await?;
    }
    Ok(())
}

/// Writes an organization with what belongs to it; gives its version.
async fn put_organization(tx: &mut Tx, actor: &Actor, one: &IncomingOrganization, found: Found, at: Timestamp) -> Result<i64> {
    let mut organization = one.organization.clone();
    if let Found::Undone(version) = found {
        if let Some(undone) = organizations::find(tx, &organization.id).await? {
            let by = actor.reference();
            organizations::keep_version(tx, "organization", organization.id.as_str(), version, &undone, &by, at).await?;
        }
        organization.version = version;
        organizations::update(tx, &mut organization, at).await?;
    } else {
        organizations::insert(tx, &organization, at).await?;
    }
    for location in &one.locations {
        organizations::put_location(tx, location, at).await?;
    }
    let province = organizations::province(&one.organization.division);
    for program in &one.programs {
        organizations::put_program(tx, program, &province, at).await?;
    }
    tx.changed(DIRECTORY, "organization", &one.organization.id);
    Ok(organization.version)
}

/// Gives an organization that is there the locations it does not have yet.
async fn add_locations(tx: &mut Tx, one: &IncomingOrganization, at: Timestamp) -> Result<()> {
    for location in &one.locations {
        if organizations::location(tx, &location.id).await?.is_none() {
            organizations::put_location(tx, location, at).await?;
        }
    }
    Ok(())
}

/// Writes a service with what belongs to it; gives its version.
async fn put_service(tx: &mut Tx, actor: &Actor, one: &IncomingService, found: Found, at: Timestamp) -> Result<i64> {
    let organization = organizations::find(tx, &one.service.organization).await?;
    let province = organization.map(|found| organizations::province(&found.division)).unwrap_or_default();
    let mut service = one.service.clone();
    if let Found::Undone(version) = found {
        if let Some(undone) = services::find(tx, &service.id).await? {
            keep_service(tx, actor, &undone, at).await?;
        }
        service.version = version;
        services::update(tx, &mut service, at).await?;
        services::replace_fees(tx, &service.id, &[], at).await?;
        for old in services::sites(tx, &service.id).await?.iter().filter(|old| one.sites.iter().all(|site| site.id != old.id)) {
            services::remove_site(tx, &old.id).await?;
        }
    } else {
        services::insert(tx, &service, &province, at).await?;
    }
    for site in &one.sites {
        services::put_site(tx, site, &province, at).await?;
    }
    for fee in &one.fees {
        services::insert_fee(tx, fee).await?;
    }
    for place in &one.places {
        places::post(tx, place, &province, at).await?;
    }
    Ok(service.version)
}

/// Keeps what the source says of facts that were confirmed there: it is the source's word, not ours.
async fn keep_confirmed(tx: &mut Tx, subject: &str, about: &str, confirmed: &[Confirmed], at: Timestamp) -> Result<()> {
    let digest = digest(about.as_bytes());
    for said in confirmed {
        kept::keep_confirmed(tx, &FactCheckId::new(at), (subject, &digest), said, &Actor::system().id).await?;
    }
    Ok(())
}

/// Notes on which day the source says that the service was confirmed, where it says no more than the day.
async fn note(tx: &mut Tx, one: &IncomingService, days: i64, at: Timestamp) -> Result<()> {
    let Some(day) = one.service.assured_at.filter(|_| one.confirmed.iter().all(|said| said.field != "existence")) else { return Ok(()) };
    let said = clock::start_of(day);
    let digest = digest(store::json(&one.service.to_checked()).as_bytes());
    let fact = ["existence", digest.as_str(), "import", "import"];
    let until = said + SignedDuration::from_hours(24 * days);
    services::insert_fact_check(tx, &FactCheckId::new(at), one.service.id.as_str(), fact, &Actor::system().id, said, until).await
}

async fn keep_aside(tx: &mut Tx, app: &App, rows: &Rows, source: &str, at: Timestamp) -> Result<()> {
    kept::forget_aside(tx, source, at).await?;
    for (remark, cells) in rows.aside() {
        let id = QuarantineId::new(app.now());
        let place = format!("{}:{}", remark.table, remark.row);
        store::keep_aside(tx, &id, source, &place, &remark.column, &remark.reason, &store::json(&cells), at).await?;
    }
    Ok(())
}

/// Counts every row by what became of the entry it belongs to.
fn settle(rows: &mut Rows, became: &HashMap<String, Became>, differences: Vec<Difference>) {
    let left_out = rows.left_out();
    let owned = std::mem::take(&mut rows.owned);
    for (place, owner) in owned.into_iter().filter(|(place, _)| !left_out.contains(place)) {
        let add: fn(&mut Counted) = match became.get(&owner) {
            Some(Became::Same) => |counted| counted.unchanged += 1,
            Some(Became::Differs) => |counted| counted.differing += 1,
            Some(Became::New) | None => continue,
        };
        rows.report.count(&place.table, add);
    }
    rows.report.differences = differences;
    rows.report.settle();
}
