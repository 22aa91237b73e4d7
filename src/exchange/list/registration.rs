//! An organization registers by the filled list: its own row and those of its services, read and mended like any other list, by the
//! rules of the form, and handed in to the registrar as a whole.

use super::actions::{brought_before, file_name, put};
use super::assess::{Assessed, Standing};
use super::model::{Draft, List, Made, State};
use super::store;
use crate::access::{Action, Actor, Role, decide};
use crate::account;
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Fault, Faults, Result};
use crate::exchange::sheet::{self, Kind, Prepared};
use crate::grid::{self, Grid};
use crate::id::{AccountId, ListId};
use crate::organization::model::Organization;
use crate::organization::{self, Contact};
use crate::store::{Key, Tx};

/// Most rows of a list by which one organization registers.
const MOST: usize = 200;
/// Most characters of who spoke for the organization.
const LONGEST_NAME: usize = 80;

/// What an organization registers with: a file, else what was pasted.
#[derive(Default)]
pub struct Registering {
    /// Name of the file; empty where it was pasted.
    pub name: String,
    /// The file; empty where it was pasted.
    pub file: Vec<u8>,
    /// The pasted row of the organization, with its head.
    pub text: String,
    /// The pasted rows of its services, with their head.
    pub services: String,
    /// Its first account; a visitor must give one.
    pub contact: Option<Contact>,
    /// Who spoke for the organization, when a worker brings the list on its behalf.
    pub on_behalf_of: String,
    /// From which network a visitor comes.
    pub peer: String,
}

/// Whether the actor may register an organization: a visitor, somebody who did not finish yet, and whom the form lets.
pub fn may(actor: &Actor) -> Result<()> {
    if actor.is_signed_in() && !actor.grants.is_empty() { organization::may_register(actor) } else { Ok(()) }
}

/// Whether the actor may register an organization there, as the form asks too.
#[must_use]
pub fn may_enter(actor: &Actor, organization: &Organization) -> bool {
    actor.grants.is_empty() || decide(actor, Action::EditDirectory, organization).is_allowed()
}

/// Reads a list and keeps it to be mended, a visitor's with the account that goes on with it; gives its id. A key that came before
/// gives the one it made.
pub async fn bring(app: &App, actor: &Actor, new: Registering, key: Option<&Key>) -> Result<ListId> {
    let at = app.now();
    may(actor)?;
    if let Some(before) = brought_before(&mut *app.store.read().await?, actor, key).await? {
        return Ok(before);
    }
    let Registering { name, file, text, services, contact, on_behalf_of, peer } = new;
    let on_behalf_of = on_behalf_of.trim().to_owned();
    let mut faults = Faults::new();
    faults.require(!file.is_empty() || !text.trim().is_empty(), "file", "list_nothing");
    let behalf = organization::on_behalf(actor, &Organization::blank(at));
    faults.require(!behalf || !on_behalf_of.is_empty(), "on_behalf_of", "required");
    if on_behalf_of.chars().count() > LONGEST_NAME {
        faults.add(Fault::new("on_behalf_of", "longer_than").with("most", LONGEST_NAME));
    }
    let account = contact.filter(|_| !actor.is_signed_in()).map(|contact| organization::first_account(&contact, None));
    faults.require(account.is_some() || actor.is_signed_in(), "login", "required");
    if let Some(account) = &account {
        faults.join(organization::account_faults(account));
    }
    faults.settle()?;

    let who = if actor.is_signed_in() { actor.reference() } else { format!("visitor {peer}") };
    if !actor.is_signed_in() {
        // Reading costs: what is no list at all counts as a try too.
        let mut tx = app.begin().await?;
        account::allow_registering(&mut tx, &peer, at).await?;
        tx.commit(at).await?;
    }
    let named = name.clone();
    let read = move || if file.is_empty() { pasted(&text, &services) } else { grid::read(&named, &file) };
    let grids = app.importing.read(&who, read).await?;
    sheet::of_the_directory(&grids, app.today())?;
    let sheets = drafts(grids)?;
    let hash = match &account {
        Some(account) => Some(account::hash(app, &account.password).await?),
        None => None,
    };

    let mut tx = app.begin().await?;
    if let Some(before) = brought_before(&mut tx, actor, key).await? {
        return Ok(before);
    }
    let mut by = actor.id.clone();
    if let (Some(account), Some(hash)) = (account, hash) {
        by = AccountId::new(at);
        account::insert(&mut tx, app, actor, &by, account, &hash).await?;
    }
    let list = List {
        id: ListId::new(at),
        kind: Kind::Organizations,
        name: file_name(&name),
        division: Organization::blank(at).division,
        organization: None,
        sheets,
        registers: true,
        on_behalf_of: if behalf { on_behalf_of } else { String::new() },
        state: State::Open,
        by: Some(by),
        at,
        taken_at: None,
        version: 1,
    };
    put(&mut tx, actor, &list, key).await?;
    tx.commit(at).await?;
    Ok(list.id)
}

fn pasted(text: &str, services: &str) -> Result<Vec<Grid>> {
    let mut grids = vec![grid::text("", text)?];
    if !services.trim().is_empty() {
        grids.push(grid::text("", services)?);
    }
    Ok(grids)
}

/// The sheets that have a head, that of the organization first, each with the columns it lacks and cannot do without.
fn drafts(grids: Vec<Grid>) -> Result<Vec<Draft>> {
    let mut drafts: Vec<Draft> = Vec::new();
    for grid in grids {
        let is_first = drafts.iter().all(|draft| draft.kind != Some(Kind::Organizations));
        let Some(kind) = sheet::kind_of(&grid.name, is_first) else { continue };
        let Some(head) = sheet::head_of(kind, &grid) else { continue };
        let lacking = sheet::lacking(kind, &grid, true);
        let mut draft = Draft { kind: Some(kind), ..Draft::new(grid) };
        draft.add_columns(head, &lacking);
        drafts.push(draft);
    }
    drafts.sort_by_key(|draft| draft.kind != Some(Kind::Organizations));
    if drafts.first().is_none_or(|draft| draft.kind != Some(Kind::Organizations)) {
        return Err(Error::invalid("file", "list_no_head"));
    }
    if drafts.iter().map(|draft| draft.grid.rows.len()).sum::<usize>() > MOST + 20 * drafts.len() {
        return Err(Error::invalid("file", "registration_rows"));
    }
    Ok(drafts)
}

/// The lists the actor has brought to register by, that are not given up; the last first.
pub async fn lists(app: &App, actor: &Actor) -> Result<Vec<List>> {
    if !actor.is_signed_in() {
        return Ok(Vec::new());
    }
    let mut found = store::brought_by(&mut *app.store.read().await?, &actor.id).await?;
    found.retain(|list| list.registers && list.state != State::Dropped);
    Ok(found)
}

/// The fault of a list that registers no organization, or several.
pub fn not_one(sheets: &[Assessed]) -> Option<Fault> {
    let rows = sheets.iter().flat_map(|sheet| &sheet.rows);
    let count = rows.filter(|row| matches!(row.standing, Standing::Good(Prepared::Organization(..)))).count();
    (count != 1).then(|| Fault::new("finish", "registration_one"))
}

/// What registering means beside the entries: it stands in the log, and whoever came for the organization becomes one of its people.
pub async fn settle(tx: &mut Tx, app: &App, actor: &Actor, list: &List) -> Result<()> {
    let made = store::entries(tx, &list.id).await?;
    let Some(id) = made.into_iter().find_map(|(made, _)| if let Made::Organization(id) = made { Some(id) } else { None }) else {
        return Ok(());
    };
    let event = Event::new("organization.registered", "organization", &id);
    let behalf = !list.on_behalf_of.is_empty();
    let event = if behalf { event.purpose(format!("on behalf of {}", list.on_behalf_of)) } else { event };
    audit::record(tx, actor, event, app.now()).await?;
    if actor.grants.is_empty() {
        account::join(tx, app, actor, &id, Role::Provider).await?;
    }
    Ok(())
}
