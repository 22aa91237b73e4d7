//! A list is brought, mended, taken in or given up. How it is undone is `undo`'s, how an organization registers by one `registration`'s.

use jiff::Timestamp;

use super::assess::{Assessed, Counts, Standing, assess, rest};
use super::model::{Draft, Edits, List, Made, State};
use super::{registration, store};
use crate::access::{Action, Actor, Role, decide, may_anywhere};
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Fault, Result, Transition};
use crate::exchange::sheet::{self, Kind};
use crate::grid::{self, Grid};
use crate::id::{ListId, OrganizationId};
use crate::locale::Locale;
use crate::organization::store as organizations;
use crate::service::store as services;
use crate::store::{Answered, Connection, Key, Tx, answered, remember};

/// Most rows of a list on a page; longer ones are for the command line.
const MOST: usize = 5_000;

/// What is brought: a file, else what was pasted.
pub struct Brought {
    /// What it lists.
    pub kind: Kind,
    /// Name of the file; empty where it was pasted.
    pub name: String,
    /// The file; empty where it was pasted.
    pub file: Vec<u8>,
    /// What was pasted.
    pub text: String,
}

/// What the actor may bring: a provider its own services, others organizations too.
#[must_use]
pub fn kinds(actor: &Actor) -> &'static [Kind] {
    if [Role::Registrar, Role::DataManager].iter().any(|role| actor.is(*role)) {
        &[Kind::Organizations, Kind::Services]
    } else if may_anywhere(actor, Action::ImportDirectory) {
        &[Kind::Services]
    } else {
        &[]
    }
}

/// Reads a list and keeps it to be mended; gives its id. A key that came before gives the one it made.
pub async fn bring(app: &App, actor: &Actor, brought: Brought, key: Option<&Key>) -> Result<ListId> {
    let at = app.now();
    if !kinds(actor).contains(&brought.kind) {
        return Err(Error::Forbidden { why: "role" });
    }
    let Brought { kind, name, file, text } = brought;
    if file.is_empty() && text.trim().is_empty() {
        return Err(Error::invalid("file", "list_nothing"));
    }
    let named = name.clone();
    let read = move || if file.is_empty() { grid::text("", &text).map(|grid| vec![grid]) } else { grid::read(&named, &file) };
    let grids = app.importing.read(&actor.reference(), read).await?;
    sheet::of_the_directory(&grids, app.today())?;
    let mut tx = app.begin().await?;
    if let Some(before) = brought_before(&mut tx, actor, key).await? {
        return Ok(before);
    }
    let id = keep_tables(&mut tx, actor, (kind, &name), grids, key, at).await?;
    tx.commit(at).await?;
    Ok(id)
}

/// Keeps tables as a list to be mended, within a deed; gives its id.
pub async fn keep_tables(
    tx: &mut Tx,
    actor: &Actor,
    (kind, name): (Kind, &str),
    grids: Vec<Grid>,
    key: Option<&Key>,
    at: Timestamp,
) -> Result<ListId> {
    let mut sheets = sheets(kind, grids)?;
    let (division, organization) = scope(tx, actor).await?;
    if let Some(own) = &organization {
        own_services(tx, own, &mut sheets).await?;
    }
    let list = List {
        id: ListId::new(at),
        kind,
        name: file_name(name),
        division,
        organization,
        sheets,
        registers: false,
        on_behalf_of: String::new(),
        state: State::Open,
        by: Some(actor.id.clone()),
        at,
        taken_at: None,
        version: 1,
    };
    decide(actor, Action::ImportDirectory, &list).allowed()?;
    put(tx, actor, &list, key).await?;
    Ok(list.id)
}

/// Writes a list that was brought.
pub(super) async fn put(tx: &mut Tx, actor: &Actor, list: &List, key: Option<&Key>) -> Result<()> {
    store::insert(tx, list).await?;
    audit::record(tx, actor, Event::new("list.brought", "list", &list.id).fields([list.kind.name()]), list.at).await?;
    if let Some(key) = key {
        let answer = Answered { status: 303, location: format!("/lists/{}", list.id) };
        remember(tx, key, &actor.reference(), &answer, list.at).await?;
    }
    Ok(())
}

/// The list that a key made before.
pub(super) async fn brought_before(db: &mut Connection, actor: &Actor, key: Option<&Key>) -> Result<Option<ListId>> {
    let Some(key) = key else { return Ok(None) };
    let Some(before) = answered(db, key, &actor.reference()).await? else { return Ok(None) };
    let id = ListId::parse(before.location.trim_start_matches("/lists/"));
    id.map(Some).map_err(|_| Error::Conflict { why: "repeated" })
}

/// The name of a file without where it lay.
pub(super) fn file_name(name: &str) -> String {
    name.rsplit(['/', '\\']).next().unwrap_or_default().chars().take(80).collect()
}

/// The sheets that have a head, each with the columns it lacks and cannot do without.
fn sheets(kind: Kind, grids: Vec<Grid>) -> Result<Vec<Draft>> {
    let drafts: Vec<Draft> = grids
        .into_iter()
        .filter_map(|grid| {
            let head = sheet::head_of(kind, &grid)?;
            let lacking = sheet::lacking(kind, &grid, false);
            let mut draft = Draft::new(grid);
            draft.add_columns(head, &lacking);
            Some(draft)
        })
        .collect();
    if drafts.is_empty() {
        return Err(Error::invalid("file", "list_no_head"));
    }
    if drafts.iter().map(|draft| draft.grid.rows.len()).sum::<usize>() > MOST + 20 * drafts.len() {
        return Err(Error::invalid("file", "list_rows"));
    }
    Ok(drafts)
}

/// A provider's services are its own, where its list does not say whose they are.
async fn own_services(db: &mut Connection, own: &OrganizationId, sheets: &mut [Draft]) -> Result<()> {
    let Some(organization) = organizations::find(db, own).await? else { return Ok(()) };
    for draft in sheets {
        if let Some(column) = sheet::column_of(Kind::Services, &draft.grid, "organization") {
            Edits { fills: vec![(0, column, organization.name.clone())], ..Edits::default() }
                .apply(Kind::Services, std::slice::from_mut(draft));
        }
    }
    Ok(())
}

/// Where the actor may bring lists for.
async fn scope(db: &mut Connection, actor: &Actor) -> Result<(lianjie_index::DivisionCode, Option<OrganizationId>)> {
    if let Some(division) = actor.divisions(Role::Registrar).chain(actor.divisions(Role::DataManager)).next() {
        return Ok((division, None));
    }
    let own = actor.organizations(Role::Provider).next().cloned().ok_or(Error::Forbidden { why: "role" })?;
    let found = organizations::find(db, &own).await?.ok_or_else(|| Error::missing("organization", &own))?;
    Ok((found.division, Some(own)))
}

/// The lists the actor may look at, the last first.
pub async fn lists(app: &App, actor: &Actor) -> Result<Vec<List>> {
    if kinds(actor).is_empty() {
        return Err(Error::Forbidden { why: "role" });
    }
    let mut db = app.store.read().await?;
    let mut found = store::brought_by(&mut db, &actor.id).await?;
    for division in actor.divisions(Role::Registrar).chain(actor.divisions(Role::DataManager)) {
        let others = store::of_division(&mut db, &division).await?;
        let new: Vec<List> = others.into_iter().filter(|one| found.iter().all(|known| known.id != one.id)).collect();
        found.extend(new);
    }
    found.sort_by_key(|list| std::cmp::Reverse(list.at));
    Ok(found)
}

/// A list that is the actor's to look at; one by which an organization registers is of nobody but who brought it.
pub(super) async fn load(db: &mut Connection, actor: &Actor, id: &ListId) -> Result<List> {
    let missing = || Error::missing("list", id);
    let list = store::find(db, id).await?.ok_or_else(missing)?;
    if !list.registers {
        decide(actor, Action::ImportDirectory, &list).allowed()?;
    } else if !actor.is_signed_in() || list.by.as_ref() != Some(&actor.id) {
        return Err(missing());
    }
    Ok(list)
}

/// A list with where each row stands.
pub async fn view(app: &App, actor: &Actor, id: &ListId, locale: Locale) -> Result<(List, Vec<Assessed>)> {
    let mut db = app.store.read().await?;
    let list = load(&mut db, actor, id).await?;
    let sheets = if list.state == State::Open { assess(app, &mut db, actor, &list, locale).await? } else { Vec::new() };
    Ok((list, sheets))
}

/// The entries a list made, with their names.
pub async fn made(app: &App, list: &List) -> Result<Vec<(Made, String)>> {
    let mut db = app.store.read().await?;
    let mut named = Vec::new();
    for (made, _) in store::entries(&mut db, &list.id).await? {
        let name = match &made {
            Made::Organization(id) => organizations::find(&mut db, id).await?.map(|found| found.name),
            Made::Service(id) => services::find(&mut db, id).await?.map(|found| found.name),
        };
        named.extend(name.map(|name| (made, name)));
    }
    Ok(named)
}

/// Fails unless a list stands where it must, as it was looked at.
pub(super) fn still(list: &List, wanted: State, action: &'static str, version: i64) -> Result<()> {
    if list.state != wanted {
        return Err(Transition { thing: "list", from: list.state.name(), action }.into());
    }
    if list.version != version {
        return Err(Error::Conflict { why: "changed" });
    }
    Ok(())
}

/// Keeps what a person changed; gives the version it has now.
pub async fn mend(app: &App, actor: &Actor, id: &ListId, edits: Edits, version: i64) -> Result<i64> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let mut list = load(&mut tx, actor, id).await?;
    still(&list, State::Open, "mend", version)?;
    edits.apply(list.kind, &mut list.sheets);
    store::update(&mut tx, &mut list).await?;
    audit::record(&mut tx, actor, Event::new("list.mended", "list", id), at).await?;
    tx.commit(at).await?;
    Ok(list.version)
}

/// Takes a list in, in one transaction. Rows to be mended are left out if `leave` says so, and become a list of their own,
/// whose id is given.
pub async fn take(app: &App, actor: &Actor, id: &ListId, version: i64, leave: bool) -> Result<Option<ListId>> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let mut list = load(&mut tx, actor, id).await?;
    still(&list, State::Open, "take", version)?;
    let sheets = assess(app, &mut tx, actor, &list, Locale::Zh).await?;
    let counts = Counts::of(&sheets);
    let mut faults = Vec::new();
    if counts.alike > 0 {
        faults.push(Fault::new("alike", "list_alike").with("rows", counts.alike));
    }
    if counts.faulty > 0 && list.registers {
        faults.push(Fault::new("mend", "registration_faulty").with("rows", counts.faulty));
    } else if counts.faulty > 0 && !leave {
        faults.push(Fault::new("leave", "list_faulty").with("rows", counts.faulty));
    }
    if faults.is_empty() && list.registers {
        faults.extend(registration::not_one(&sheets));
    } else if faults.is_empty() && counts.good == 0 {
        faults.push(Fault::new("finish", "list_nothing_good"));
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let rest = leave_rest(&mut tx, &list, rest(&list, &sheets), at).await?;
    for row in sheets.into_iter().flat_map(|sheet| sheet.rows) {
        let Standing::Good(prepared) = row.standing else { continue };
        if let Some((table, subject)) = prepared.put(&mut tx, Some(&actor.id), at).await? {
            store::insert_entry(&mut tx, id, (table, &subject), 1).await?;
        }
    }
    if list.registers {
        registration::settle(&mut tx, app, actor, &list).await?;
    }
    list.state = State::Taken;
    list.taken_at = Some(at);
    // What is undone is known by its entries: the cells, with names and numbers of people beside what was taken, are kept no longer.
    list.sheets = Vec::new();
    store::update(&mut tx, &mut list).await?;
    let event = Event::new("list.taken", "list", id).fields([format!("new={}", counts.good), format!("left={}", counts.faulty)]);
    audit::record(&mut tx, actor, event, at).await?;
    tx.commit(at).await?;
    Ok(rest)
}

async fn leave_rest(tx: &mut Tx, list: &List, sheets: Vec<Draft>, at: Timestamp) -> Result<Option<ListId>> {
    if sheets.is_empty() {
        return Ok(None);
    }
    let rest = List { id: ListId::new(at), sheets, state: State::Open, at, taken_at: None, version: 1, ..list.clone() };
    store::insert(tx, &rest).await?;
    Ok(Some(rest.id))
}

/// Gives a list up: its cells are forgotten.
pub async fn drop(app: &App, actor: &Actor, id: &ListId, version: i64) -> Result<List> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let mut list = load(&mut tx, actor, id).await?;
    still(&list, State::Open, "drop", version)?;
    list.state = State::Dropped;
    list.sheets = Vec::new();
    store::update(&mut tx, &mut list).await?;
    audit::record(&mut tx, actor, Event::new("list.dropped", "list", id), at).await?;
    tx.commit(at).await?;
    Ok(list)
}
