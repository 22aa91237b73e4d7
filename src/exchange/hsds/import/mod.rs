//! Reads HSDS of other directories, and our own: 3.x as JSON, 2.x and 3.x as tables, 1.1 as tables.
//!
//! Nothing is dropped silently: every row is taken in, there already, kept aside with the reason, or of a kind that is not kept.
//! What comes in waits for the registrar like every new entry, unless the operator vouches for the source.

mod adapt;
mod alike;
mod attributes;
mod columns;
mod entry;
mod gone;
mod organization;
mod phone;
mod place;
mod report;
mod rows;
mod schedule;
mod service;
mod source;
mod standardise;
mod store;
mod take;

use std::collections::{HashMap, HashSet};
use std::path::Path;

use lianjie_index::{DivisionCode, TermCode, Vocabulary};

use self::attributes::Attributes;
use self::columns::Paths;
use self::entry::{Incoming, IncomingOrganization};
use self::organization::Holders;
use self::rows::Rows;
use self::standardise::Package;
use crate::access::Actor;
use crate::app::App;
use crate::division::model::Divisions;
use crate::error::{Error, Fault, Result};
use crate::id::{LocationId, OrganizationId};
use crate::organization::store as organizations;
use crate::service::law::Offer;
use crate::taxonomy;

pub use adapt::{time, weekdays};
pub use alike::Alike;
pub use columns::Unread;
pub use gone::{Gone, OtherPart};
pub use place::named as place_named;
pub use report::{Counted, Difference, Kind, Remark, Report};
pub use source::Row;
pub use standardise::ByTable;

/// How a source is taken in.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The name of the source: its ids are told apart by it, and what it said before is found again.
    pub source: String,
    /// Where an entry lies that does not say so.
    pub division: Option<DivisionCode>,
    /// Whether its entries count as verified.
    pub vouched: bool,
    /// Whether only the report is wanted.
    pub dry_run: bool,
}

/// What is known here while a source is read.
pub struct Known<'a> {
    divisions: &'a Divisions,
    vocabulary: &'a Vocabulary,
    kinds: Vec<String>,
    /// The kinds of organization that may offer each term.
    providers: HashMap<TermCode, Vec<String>>,
    fallback: DivisionCode,
    vouched: bool,
}

impl Known<'_> {
    /// A division that there is.
    #[must_use]
    pub fn division(&self, code: &str) -> Option<DivisionCode> {
        code.trim().parse().ok().filter(|code| self.divisions.has(code))
    }

    /// What the law says against an offer.
    #[must_use]
    pub fn unlawful(&self, offer: &Offer<'_>) -> Vec<Fault> {
        offer.faults(self.vocabulary, |term| self.providers.get(term).cloned().unwrap_or_default())
    }
}

/// Reads a file or folder and takes in what it holds, in one transaction.
///
/// # Errors
/// A file that is no HSDS at all; a faulty row is in the report.
pub async fn import(app: &App, path: &Path, options: &Options, progress: impl FnMut(u64, u64)) -> Result<Report> {
    let package = standardise::standardise(source::read(path)?);
    taken_in(app, &Actor::system(), package, options, true, progress).await
}

/// Takes in tables in the words of 3.1: those of a file, or rows that were kept aside and are mended now. What they name may be
/// in the directory already.
///
/// # Errors
/// Those of the store; a faulty row is in the report.
pub async fn again(
    app: &App,
    actor: &Actor,
    by_table: ByTable,
    form: &'static str,
    options: &Options,
    progress: impl FnMut(u64, u64),
) -> Result<Report> {
    let package = Package { by_table, form, paths: Paths::new(), given: Vec::new() };
    taken_in(app, actor, package, options, false, progress).await
}

/// `whole` says that it is all that the source says, and not some rows of it.
async fn taken_in(
    app: &App,
    actor: &Actor,
    package: Package,
    options: &Options,
    whole: bool,
    progress: impl FnMut(u64, u64),
) -> Result<Report> {
    let mut rows = Rows::new(package.by_table, &options.source, package.form);
    let stored = Stored::named_by(app, &rows).await?;
    let incoming = understood(app, &mut rows, stored, options, &package.paths)?;
    rows.report.columns.extend(package.given);
    take::take(app, actor, rows, incoming, options, whole, progress).await
}

/// What is found in the bytes of a zip or of JSON, without looking at the store or writing to it.
///
/// # Errors
/// As [`import`].
pub fn examine(app: &App, bytes: Vec<u8>, options: &Options) -> Result<Report> {
    let package = standardise::standardise(source::of_bytes(Path::new(&options.source), bytes)?);
    let mut rows = Rows::new(package.by_table, &options.source, package.form);
    understood(app, &mut rows, Stored::default(), options, &package.paths)?;
    rows.report.columns.extend(package.given);
    rows.report.settle();
    Ok(rows.report)
}

fn understood(app: &App, rows: &mut Rows, mut stored: Stored, options: &Options, paths: &Paths) -> Result<Incoming> {
    let (divisions, vocabulary) = (app.divisions.get(), app.vocabulary.get());
    let province = divisions.of_level("province").next().map(|row| row.code.clone());
    let fallback =
        options.division.clone().or(province).ok_or_else(|| Error::Store("no division is loaded; run `lianjie migrate` first".into()))?;
    let known = Known {
        divisions: &divisions,
        vocabulary: &vocabulary,
        kinds: app.categories.get().kinds.iter().map(|kind| kind.named.code.clone()).collect(),
        providers: std::mem::take(&mut stored.providers),
        fallback,
        vouched: options.vouched,
    };
    let attributes = Attributes::of_package(rows);
    let incoming = read(rows, &known, &attributes, stored, app.now());
    rows.settle();
    rows.report.columns = columns::unread(rows, !attributes.is_foreign(), paths);
    Ok(incoming)
}

/// The columns in which rows name an organization.
const NAME_AN_ORGANIZATION: [(&str, &str); 3] =
    [("service", "organization_id"), ("location", "organization_id"), ("organization", "parent_organization_id")];

/// What the directory has of what a package names and does not hold itself.
#[derive(Default)]
struct Stored {
    organizations: HashMap<String, IncomingOrganization>,
    locations: HashMap<String, LocationId>,
    providers: HashMap<TermCode, Vec<String>>,
}

impl Stored {
    /// Looks for the organizations and locations that rows name, and for who may offer what.
    async fn named_by(app: &App, rows: &Rows) -> Result<Self> {
        let mut db = app.store.read().await?;
        let mut stored = Self { providers: taxonomy::store::all_providers(&mut db).await?, ..Self::default() };
        for theirs in rows.named("organization", &NAME_AN_ORGANIZATION) {
            let Ok(id) = OrganizationId::parse(&rows.id("organization", &theirs)) else { continue };
            if let Some(organization) = organizations::find(&mut db, &id).await? {
                let named =
                    IncomingOrganization { organization, locations: Vec::new(), programs: Vec::new(), confirmed: Vec::new(), stored: true };
                stored.organizations.insert(theirs, named);
            }
        }
        for theirs in rows.named("location", &[("service_at_location", "location_id")]) {
            let Ok(id) = LocationId::parse(&rows.id("location", &theirs)) else { continue };
            if organizations::location(&mut db, &id).await?.is_some() {
                stored.locations.insert(theirs, id);
            }
        }
        Ok(stored)
    }
}

fn read(rows: &mut Rows, known: &Known<'_>, attributes: &Attributes, stored: Stored, at: jiff::Timestamp) -> Incoming {
    let mut organizations = organization::organizations(rows, known, attributes, at);
    for (theirs, named) in stored.organizations {
        organizations.entry(theirs).or_insert(named);
    }
    let mut locations = organization::locations(rows, known, attributes, &holders(rows), &mut organizations);
    for (theirs, id) in stored.locations {
        locations.entry(theirs).or_insert(id);
    }
    let around = service::Around { organizations: &organizations, locations: &locations, attributes, at };
    let services = service::services(rows, known, &around);
    drop_strange_parents(rows, &mut organizations);
    Incoming { organizations: parents_first(organizations.into_values().collect()), services }
}

/// A parent that is not there is none, and it is said.
fn drop_strange_parents(rows: &mut Rows, organizations: &mut HashMap<String, IncomingOrganization>) {
    let ids: HashSet<OrganizationId> = organizations.values().map(|one| one.organization.id.clone()).collect();
    for row in rows.of("organization") {
        let Some(one) = row.cells.get("id").and_then(|theirs| organizations.get_mut(theirs)).filter(|one| !one.stored) else { continue };
        let own = &mut one.organization;
        if own.parent.as_ref().is_some_and(|parent| *parent == own.id || !ids.contains(parent)) {
            own.parent = None;
            rows.adapted("organization", &row, "parent_organization_id", "hsds_parent");
        }
    }
}

/// Organizations in the order in which they can be written: a branch after its parent, whatever their depth. Of those that are each
/// other's parents the first is nobody's branch.
fn parents_first(mut organizations: Vec<IncomingOrganization>) -> Vec<IncomingOrganization> {
    organizations.sort_by(|one, other| one.organization.id.cmp(&other.organization.id));
    let mut ordered: Vec<IncomingOrganization> = Vec::with_capacity(organizations.len());
    let mut written: HashSet<OrganizationId> = HashSet::new();
    while !organizations.is_empty() {
        let (mut next, later): (Vec<_>, Vec<_>) = organizations
            .into_iter()
            .partition(|one| one.stored || one.organization.parent.as_ref().is_none_or(|parent| written.contains(parent)));
        organizations = later;
        if next.is_empty() {
            let mut first = organizations.remove(0);
            first.organization.parent = None;
            next.push(first);
        }
        written.extend(next.iter().map(|one| one.organization.id.clone()));
        ordered.append(&mut next);
    }
    ordered
}

/// The organization of the first service at each location.
fn holders(rows: &Rows) -> Holders {
    let organizations: HashMap<String, String> = rows
        .of("service")
        .into_iter()
        .filter_map(|row| Some((row.cells.get("id")?.clone(), row.cells.get("organization_id")?.clone())))
        .collect();
    let mut holders = Holders::new();
    for row in rows.of("service_at_location") {
        let service = row.cells.get("service_id").and_then(|id| organizations.get(id));
        if let (Some(location), Some(organization)) = (row.cells.get("location_id"), service) {
            holders.entry(location.clone()).or_insert_with(|| organization.clone());
        }
    }
    holders
}

#[cfg(test)]
mod tests {
    use super::*;

    fn organization(id: &str, parent: Option<&str>) -> IncomingOrganization {
        let id_of = |end: &str| OrganizationId::parse(&format!("00000000-0000-4000-8000-00000000000{end}")).unwrap();
        let blank = crate::organization::model::Organization::blank(jiff::Timestamp::UNIX_EPOCH);
        let organization = crate::organization::model::Organization { id: id_of(id), parent: parent.map(id_of), ..blank };
        IncomingOrganization { organization, locations: Vec::new(), programs: Vec::new(), confirmed: Vec::new(), stored: false }
    }

    #[test]
    fn a_branch_of_a_branch_comes_after_both_and_a_circle_is_opened() {
        let order = |all: Vec<IncomingOrganization>| -> Vec<(char, bool)> {
            let told =
                |one: &IncomingOrganization| (one.organization.id.as_str().chars().last().unwrap(), one.organization.parent.is_some());
            parents_first(all).iter().map(told).collect()
        };
        let deep = vec![organization("1", Some("2")), organization("2", Some("3")), organization("3", None)];
        assert_eq!(order(deep), [('3', false), ('2', true), ('1', true)]);
        let circle = vec![organization("1", Some("2")), organization("2", Some("1"))];
        assert_eq!(order(circle), [('1', false), ('2', true)]);
    }
}
