//! What each row of a list would become: an entry, one that is there, one that looks like another, or nothing before it is mended.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::model::{Decision, Draft, List};
use super::registration::may_enter;
use super::twice;
use crate::access::{Action, Actor, decide};
use crate::app::App;
use crate::error::{Fault, Result};
use crate::exchange::sheet::{self, Kind, NewService, Own, Prepared};
use crate::id::OrganizationId;
use crate::locale::Locale;
use crate::organization::model::{Location, Organization};
use crate::organization::store as organizations;
use crate::organization::{Like, likeness};
use crate::service::actions::{self, Had};
use crate::service::alike::Placed;
use crate::store::Connection;

/// Where a row stands.
#[derive(Debug)]
pub enum Standing {
    /// It comes in.
    Good(Prepared),
    /// Cells are to be mended: index of the column, if the list has it, and what would do.
    Faulty(Vec<(Option<usize>, String)>),
    /// It looks like an entry that is there, and nobody has said yet whether it is.
    Alike(Twin),
    /// It looks like the row of that number further up, and nobody has said yet whether it is.
    Twice(usize),
    /// It is in the directory, or stands further up in the list.
    There,
    /// Somebody said that it stays out.
    Skipped,
}

/// The entry that a row looks like.
#[derive(Debug)]
pub enum Twin {
    /// An organization.
    Organization(Like),
    /// A service of the same organization.
    Service(actions::Like),
}

/// A row.
#[derive(Debug)]
pub struct Row {
    /// Its number, as the sheet shows it.
    pub number: usize,
    /// Where it stands.
    pub standing: Standing,
}

/// A sheet as it is read now.
#[derive(Debug)]
pub struct Assessed {
    /// What was read.
    pub read: sheet::Sheet,
    /// Its rows, but for those that are no entries.
    pub rows: Vec<Row>,
}

/// Reads a list again, row by row, against the directory.
pub async fn assess(app: &App, db: &mut Connection, actor: &Actor, list: &List, locale: Locale) -> Result<Vec<Assessed>> {
    let mut near = Near::default();
    let mut entering = Entering { app, list, own: None };
    let mut assessed = Vec::new();
    for (read, draft) in sheet::sheets(app, list.given(), list.registers, locale).into_iter().zip(&list.sheets) {
        let kind = list.kind_of(draft);
        let mut faults: BTreeMap<usize, Vec<(Option<usize>, String)>> = BTreeMap::new();
        for refused in &read.refused {
            faults.entry(refused.row).or_default().push((refused.index, refused.remedy.clone()));
        }
        let numbers: BTreeSet<usize> = read.rows.iter().map(|entry| entry.row).chain(faults.keys().copied()).collect();
        let entries: BTreeMap<usize, &sheet::Entry> = read.rows.iter().map(|entry| (entry.row, entry)).collect();
        let mut rows = Vec::new();
        for number in numbers {
            let fields = entries.get(&number).map(|entry| &entry.fields);
            let standing = match (draft.decisions.get(&number), faults.remove(&number), fields) {
                (Some(Decision::Skip), ..) => Standing::Skipped,
                (_, Some(mut faults), fields) => {
                    // All that is wrong with a row is said at once.
                    let more = match fields {
                        Some(fields) => entering.prepare(db, kind, fields).await?.err().unwrap_or_default(),
                        None => Vec::new(),
                    };
                    for fault in more {
                        if faults.iter().all(|(index, _)| *index != column(&read, &fault)) {
                            faults.push((column(&read, &fault), fault.text(locale)));
                        }
                    }
                    Standing::Faulty(faults)
                }
                (_, None, None) => Standing::Skipped,
                (decision, None, Some(fields)) => {
                    let prepared = entering.prepare(db, kind, fields).await?;
                    match prepared.and_then(|prepared| within(actor, list, prepared)) {
                        Ok(prepared) => near.standing(app, db, actor, prepared, decision.copied()).await?,
                        Err(faults) => Standing::Faulty(faults.iter().map(|fault| (column(&read, fault), fault.text(locale))).collect()),
                    }
                }
            };
            rows.push(Row { number, standing });
        }
        assessed.push(Assessed { read, rows });
    }
    twice::mark(&app.divisions.get().regions, list, &mut assessed);
    Ok(assessed)
}

/// The column a fault is about.
fn column(read: &sheet::Sheet, fault: &Fault) -> Option<usize> {
    read.heads.iter().position(|(_, field)| *field == Some(fault.field.as_str()))
}

/// Only what lies where the actor may write comes in.
fn within(actor: &Actor, list: &List, prepared: Prepared) -> Result<Prepared, Vec<Fault>> {
    let (owner, field) = match &prepared {
        Prepared::There => return Ok(prepared),
        // Its organization is the list's own, and its row is asked.
        Prepared::Service(_) if list.registers => return Ok(prepared),
        Prepared::Organization(organization, _) => (organization.as_ref(), "division"),
        Prepared::Service(new) => (&new.organization, "organization"),
    };
    let may = if list.registers { may_enter(actor, owner) } else { decide(actor, Action::ImportDirectory, owner).is_allowed() };
    if may { Ok(prepared) } else { Err(vec![Fault::new(field, "list_outside")]) }
}

/// How the rows of a list become entries: of one by which an organization registers, its services are those of its own row.
struct Entering<'a> {
    app: &'a App,
    list: &'a List,
    own: Option<Own>,
}

impl Entering<'_> {
    async fn prepare(&mut self, db: &mut Connection, kind: Kind, fields: &Map<String, Value>) -> Result<Result<Prepared, Vec<Fault>>> {
        if !self.list.registers {
            return Ok(sheet::prepare(self.app, db, kind, fields).await?.map_err(|fault| vec![fault]));
        }
        if kind == Kind::Services {
            let blank = Own { organization: Organization::blank(self.app.now()), location: None, settled: false };
            let own = self.own.as_ref().unwrap_or(&blank);
            return Ok(sheet::own_service(self.app, db, fields, own).await?.map_err(|fault| vec![fault]));
        }
        let registered = sheet::registered(self.app, fields);
        if self.own.as_ref().is_none_or(|own| !own.settled) {
            self.own = Some(match &registered {
                Ok((organization, location)) => Own {
                    organization: organization.as_ref().clone(),
                    location: location.as_ref().map(|location| location.id.clone()),
                    settled: true,
                },
                Err(_) => {
                    let kind = fields.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned();
                    let organization = Organization { kind, ..Organization::blank(self.app.now()) };
                    Own { organization, location: None, settled: false }
                }
            });
        }
        Ok(registered.map(|(organization, location)| Prepared::Organization(organization, location)))
    }
}

/// Entries that a row may be one with, kept by county, and what of the list itself was seen.
#[derive(Default)]
pub struct Near {
    counties: BTreeMap<String, Vec<Organization>>,
    owners: BTreeMap<OrganizationId, Had>,
    seen: BTreeSet<(String, String)>,
}

impl Near {
    async fn standing(
        &mut self,
        app: &App,
        db: &mut Connection,
        actor: &Actor,
        prepared: Prepared,
        decision: Option<Decision>,
    ) -> Result<Standing> {
        let key = match &prepared {
            Prepared::There => return Ok(Standing::There),
            Prepared::Organization(one, _) => (one.division.to_string(), one.name.clone()),
            Prepared::Service(new) => (new.organization.id.to_string(), new.service.name.clone()),
        };
        if !self.seen.insert(key) {
            return Ok(Standing::There);
        }
        let twin = if decision == Some(Decision::Distinct) { None } else { self.twin(app, db, actor, &prepared).await? };
        Ok(twin.map_or(Standing::Good(prepared), Standing::Alike))
    }

    /// The entry that a row is likely the same as.
    pub async fn twin(&mut self, app: &App, db: &mut Connection, actor: &Actor, prepared: &Prepared) -> Result<Option<Twin>> {
        Ok(match prepared {
            Prepared::Organization(one, _) => self.like(app, db, actor, one).await?.map(Twin::Organization),
            Prepared::Service(new) => self.same(app, db, new).await?.map(Twin::Service),
            Prepared::There => None,
        })
    }

    /// The service of its organization that a new one is likely the same as.
    async fn same(&mut self, app: &App, db: &mut Connection, new: &NewService) -> Result<Option<actions::Like>> {
        let owner = &new.organization.id;
        if !self.owners.contains_key(owner) {
            let had = actions::had(db, owner).await?;
            self.owners.insert(owner.clone(), had);
        }
        let Some(had) = self.owners.get(owner) else { return Ok(None) };
        let locations: Vec<Location> = had.locations.iter().filter(|one| new.location() == Some(&one.id)).cloned().collect();
        let one = Placed { service: &new.service, organization: &new.organization, locations: &locations };
        Ok(actions::own_likes(app, one, had).into_iter().next())
    }

    async fn like(&mut self, app: &App, db: &mut Connection, actor: &Actor, one: &Organization) -> Result<Option<Like>> {
        if let Some(code) = &one.code_uscc {
            let same = organizations::of_code(db, code).await?;
            if let Some(like) = likeness(app, actor, one, &same) {
                return Ok(Some(like));
            }
        }
        let county = one.division.county().to_string();
        if !self.counties.contains_key(&county) {
            let found = organizations::candidates(db, None, &county).await?;
            self.counties.insert(county.clone(), found);
        }
        Ok(self.counties.get(&county).and_then(|near| likeness(app, actor, one, near)))
    }
}

/// How many rows of a list stand where.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Come in.
    pub good: usize,
    /// To be mended.
    pub faulty: usize,
    /// To be decided.
    pub alike: usize,
    /// There already.
    pub there: usize,
    /// Left out.
    pub skipped: usize,
}

impl Counts {
    /// Of all sheets.
    #[must_use]
    pub fn of(sheets: &[Assessed]) -> Self {
        let mut counts = Self::default();
        for row in sheets.iter().flat_map(|sheet| &sheet.rows) {
            match row.standing {
                Standing::Good(_) => counts.good += 1,
                Standing::Faulty(_) => counts.faulty += 1,
                Standing::Alike(_) | Standing::Twice(_) => counts.alike += 1,
                Standing::There => counts.there += 1,
                Standing::Skipped => counts.skipped += 1,
            }
        }
        counts
    }
}

/// The sheets of the rows that could not come in, with their heads: a list of its own, so that nothing is lost.
#[must_use]
pub fn rest(list: &List, sheets: &[Assessed]) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for (draft, assessed) in list.sheets.iter().zip(sheets) {
        let left = |number: usize| assessed.rows.iter().any(|row| row.number == number && matches!(row.standing, Standing::Faulty(_)));
        let Some(head) = assessed.read.header_row.filter(|_| assessed.rows.iter().any(|row| left(row.number))) else { continue };
        let mut draft = draft.clone();
        draft.grid.rows.retain(|(number, _)| *number <= head || left(*number));
        drafts.push(draft);
    }
    drafts
}
