//! A list is compared; a person decides upon what is uncertain; who is missing becomes a lead.

use std::collections::{BTreeMap, BTreeSet};

use lianjie_index::DivisionCode;

use super::model::{Comparison, Row, Settle, State};
use super::read::{List, Listed};
use super::store::{self, OnFile};
use crate::access::{Action, Actor, Class, Decision, Role, decide, may_anywhere};
use crate::app::App;
use crate::audit::{self, Event};
use crate::case;
use crate::case::actions::stations;
use crate::case::lead::{Sources, actions as leads};
use crate::error::{Error, Faults, Result};
use crate::id::{CaseId, ComparisonId, OrganizationId};
use crate::organization;
use crate::secret::{ChildKey, Hidden, Words};
use crate::store::{Answered, Connection, Key, Tx, answered, remember};

/// Over whose children the actor compares: the own station's, or the division's.
async fn scope(db: &mut Connection, actor: &Actor) -> Result<(DivisionCode, Option<OrganizationId>)> {
    if let Some(station) = stations(actor).into_iter().next() {
        let found = organization::store::find(db, &station).await?.ok_or_else(|| Error::missing("organization", &station))?;
        return Ok((found.division, Some(station)));
    }
    let division = actor.divisions(Role::Coordinator).chain(actor.divisions(Role::DataManager)).next();
    division.map(|division| (division, None)).ok_or(Error::Forbidden { why: "role" })
}

/// Compares a list; gives the comparison. A key that came before gives the one it made.
pub async fn compare(app: &App, actor: &Actor, department: &str, list: List, key: Option<&Key>) -> Result<ComparisonId> {
    let at = app.now();
    let mut tx = app.begin().await?;
    if let Some(key) = key
        && let Some(before) = answered(&mut tx, key, &actor.reference()).await?
    {
        return ComparisonId::parse(before.location.trim_start_matches("/comparisons/")).map_err(|_| Error::Conflict { why: "repeated" });
    }
    let (division, station) = scope(&mut tx, actor).await?;
    let department = department.trim();
    let mut faults = Faults::new();
    faults.require(!department.is_empty(), "department", "required");
    faults.require(department.chars().count() <= 60, "department", "too_long");
    faults.settle()?;
    let comparison = Comparison {
        id: ComparisonId::new(at),
        division,
        station,
        department: department.to_owned(),
        read_rows: u32::try_from(list.rows.len()).unwrap_or(u32::MAX),
        unread: list.unread,
        by: actor.id.clone(),
        at,
    };
    decide(actor, Action::CompareLists, &comparison).allowed()?;
    let sealing = store::insert(&mut tx, &comparison, &app.keyring).await?;
    let counts = write_rows(app, &mut tx, &comparison, &list.rows, &sealing).await?;
    let fields = counts.iter().map(|(state, count)| format!("{}={count}", state.name()));
    audit::record(&mut tx, actor, Event::new("comparison.made", "comparison", &comparison.id).fields(fields), at).await?;
    if let Some(key) = key {
        let answer = Answered { status: 303, location: format!("/comparisons/{}", comparison.id) };
        remember(&mut tx, key, &actor.reference(), &answer, at).await?;
    }
    tx.commit(at).await?;
    Ok(comparison.id)
}

/// Writes every row with what was found, then ours that the list does not have.
async fn write_rows(app: &App, tx: &mut Tx, comparison: &Comparison, rows: &[Listed], sealing: &ChildKey) -> Result<BTreeMap<State, u32>> {
    let ours = store::open_cases(tx, comparison.station.as_ref(), &comparison.division).await?;
    let mut names = Names::default();
    let mut found: BTreeSet<CaseId> = BTreeSet::new();
    let mut counts: BTreeMap<State, u32> = BTreeMap::new();
    for listed in rows {
        let (state, case, others) = find(app, tx, &ours, &mut names, listed).await?;
        found.extend(case.clone());
        found.extend(others.iter().cloned());
        *counts.entry(state).or_default() += 1;
        let words = Words::of([
            ("name", listed.name.clone()),
            ("number", listed.identity.clone().unwrap_or_default()),
            ("birth", Hidden::new(listed.birth.map(|birth| birth.to_string()).unwrap_or_default())),
            ("place", listed.place.clone()),
            ("others", Hidden::new(others.iter().map(CaseId::as_str).collect::<Vec<_>>().join(" "))),
        ]);
        let row = Row { number: listed.number, state, case, lead: None };
        store::insert_row(tx, &comparison.id, &row, sealing, &words).await?;
    }
    let last = rows.iter().map(|listed| listed.number).max().unwrap_or(0);
    for (number, missing) in (last + 1..).zip(ours.iter().filter(|case| !found.contains(&case.case))) {
        *counts.entry(State::OursOnly).or_default() += 1;
        let row = Row { number, state: State::OursOnly, case: Some(missing.case.clone()), lead: None };
        store::insert_row(tx, &comparison.id, &row, sealing, &Words::default()).await?;
    }
    Ok(counts)
}

/// Names of children that were opened for this comparison, folded.
#[derive(Default)]
struct Names(BTreeMap<CaseId, String>);

impl Names {
    async fn of(&mut self, app: &App, db: &mut Connection, child: &OnFile) -> Result<&str> {
        if !self.0.contains_key(&child.case) {
            let key = case::store::child_key(db, &app.keyring, &child.child).await?;
            let name = case::store::identity(db, &key, &child.child).await?.name.unwrap_or_default();
            self.0.insert(child.case.clone(), lianjie_index::text::fold(name.reveal()));
        }
        Ok(self.0.get(&child.case).map(String::as_str).unwrap_or_default())
    }
}

/// What of ours a row is: by its number exactly, else by name and year of birth, the same month and place first. Upon those a
/// person decides; others it may be come after the first.
async fn find(
    app: &App,
    db: &mut Connection,
    ours: &[OnFile],
    names: &mut Names,
    listed: &Listed,
) -> Result<(State, Option<CaseId>, Vec<CaseId>)> {
    if let Some(number) = &listed.identity {
        let blind = app.keyring.blind(number);
        if let Some(child) = ours.iter().find(|child| child.blind.as_ref() == Some(&blind)) {
            return Ok((State::Matched, Some(child.case.clone()), Vec::new()));
        }
        if store::is_on_file(db, &blind).await? {
            return Ok((State::Elsewhere, None, Vec::new()));
        }
    }
    let wanted = lianjie_index::text::fold(listed.name.reveal());
    let Some(born) = listed.birth.filter(|_| !wanted.is_empty()) else { return Ok((State::Missing, None, Vec::new())) };
    let places = app.divisions.get().named(listed.place.reveal());
    let mut alike = Vec::new();
    for child in ours {
        // A child whose number we know is another one than a row with another number.
        let open = listed.identity.is_none() || child.blind.is_none();
        if open && child.birth.is_some_and(|birth| birth.year() == born.year()) && names.of(app, db, child).await? == wanted {
            let elsewhere = !places.iter().any(|place| place.contains(&child.division));
            alike.push((child.birth != Some(born), elsewhere, child.case.clone()));
        }
    }
    alike.sort();
    let mut cases = alike.into_iter().map(|(_, _, case)| case);
    match cases.next() {
        Some(first) => Ok((State::Maybe, Some(first), cases.collect())),
        None => Ok((State::Missing, None, Vec::new())),
    }
}

async fn load(db: &mut Connection, actor: &Actor, id: &ComparisonId) -> Result<Comparison> {
    let missing = || Error::missing("comparison", id);
    let comparison = store::find(db, id).await?.ok_or_else(missing)?;
    if decide(actor, Action::CompareLists, &comparison).is_allowed() { Ok(comparison) } else { Err(missing()) }
}

/// Whether the actor sees who the rows are: those who file leads, not the data manager.
fn reads(actor: &Actor, comparison: &Comparison) -> bool {
    decide(actor, Action::FileLead, comparison).is_allowed()
}

/// What a person says of a row.
#[derive(Debug, Clone)]
pub struct Said {
    /// What.
    pub settle: Settle,
    /// The child on file that was seen beside the row, where a person decides upon it.
    pub case: Option<CaseId>,
    /// Township of the lead, where the row does not say one.
    pub division: Option<DivisionCode>,
}

/// Settles a row: it is the child on file, it is another, or it becomes a lead.
pub async fn settle(app: &App, actor: &Actor, id: &ComparisonId, number: u32, said: &Said) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let comparison = load(&mut tx, actor, id).await?;
    if !reads(actor, &comparison) {
        return Err(Error::Forbidden { why: "role" });
    }
    let rows = store::rows(&mut tx, id).await?;
    let found = rows.into_iter().find(|(row, _)| row.number == number);
    let (row, cell) = found.ok_or_else(|| Error::missing("comparison", id))?;
    let to = row.state.settle(said.settle)?;
    // Upon another child than the one that was seen nobody decides.
    if row.state == State::Maybe && matches!(said.settle, Settle::Same | Settle::Other) && row.case != said.case {
        return Err(Error::Conflict { why: "changed" });
    }
    if row.state == State::Maybe {
        let key = store::key(&mut tx, &app.keyring, id).await?;
        let words = store::open(&key, id, cell.as_deref())?;
        let others: Vec<CaseId> = words.get("others").split_whitespace().filter_map(|case| CaseId::parse(case).ok()).collect();
        // Those it turned out not to be are missing in the list.
        let not: Vec<&CaseId> = match said.settle {
            Settle::Same => others.iter().collect(),
            Settle::Other => row.case.iter().collect(),
            _ => Vec::new(),
        };
        store::ours_only(&mut tx, id, number, &not).await?;
        if let (Settle::Other, Some(seen), Some((next, rest))) = (said.settle, &row.case, others.split_first()) {
            let left = rest.iter().map(CaseId::as_str).collect::<Vec<_>>().join(" ");
            let words = words.with("others", Hidden::new(left));
            store::offer_next(&mut tx, id, number, (seen, next), (&key, &words)).await?;
            audit::record(&mut tx, actor, Event::new("comparison.settled", "comparison", id).fields([said.settle.name()]), at).await?;
            return tx.commit(at).await;
        }
    }
    let lead = if said.settle == Settle::Lead {
        let told = if row.state == State::OursOnly {
            of_ours(&mut tx, &comparison, row.case.as_ref()).await?
        } else {
            let key = store::key(&mut tx, &app.keyring, id).await?;
            of_theirs(app, &comparison, &store::open(&key, id, cell.as_deref())?, said.division.as_ref())?
        };
        Some(leads::file_within(app, &mut tx, actor, &told, at).await?.id)
    } else {
        None
    };
    store::settle(&mut tx, id, &row, to, lead.as_ref(), &actor.id).await?;
    audit::record(&mut tx, actor, Event::new("comparison.settled", "comparison", id).fields([said.settle.name()]), at).await?;
    tx.commit(at).await
}

/// What is told of a child of the list that nobody has a file of: it goes to the township it lives in.
fn of_theirs(app: &App, comparison: &Comparison, words: &Words, given: Option<&DivisionCode>) -> Result<leads::Told> {
    let divisions = app.divisions.get();
    let said = divisions.named(words.get("place")).into_iter().find(|code| comparison.division.county().contains(code));
    let township = [given.cloned(), said, Some(comparison.division.clone())].into_iter().flatten().find(|code| code.as_str().len() == 9);
    let division = township.ok_or_else(|| Error::invalid("division", "township"))?;
    let child = ["name", "number", "birth", "place"].map(|name| words.get(name)).join(" ");
    Ok(told(comparison, division, child.trim()))
}

/// What is told of a child on file here that the list does not have: its alias and the number of its case say who it is.
async fn of_ours(db: &mut Connection, comparison: &Comparison, case: Option<&CaseId>) -> Result<leads::Told> {
    let missing = || Error::missing("case", &comparison.id);
    let case = case::store::find(db, case.ok_or_else(missing)?).await?.ok_or_else(missing)?;
    let child = case::store::child(db, &case.child).await?.ok_or_else(missing)?;
    Ok(told(comparison, case.division.clone(), &format!("{} {}", child.alias, case.number)))
}

fn told(comparison: &Comparison, division: DivisionCode, child: &str) -> leads::Told {
    leads::Told {
        source: Sources::Comparison,
        division,
        village: None,
        danger: false,
        words: Hidden::new(comparison.department.clone()),
        child: Hidden::new(child),
        teller: Hidden::default(),
    }
}

/// How many rows a page shows.
pub const PAGE: usize = 100;

/// A row as its reader may see it.
pub struct Shown {
    /// The row.
    pub row: Row,
    /// Its words; empty for who may not read them.
    pub words: Words,
    /// Alias of the child on file.
    pub alias: String,
    /// Of a child it may be: name as far as the reader sees it, month of birth, township.
    pub ours: Option<(Hidden, String, DivisionCode)>,
}

/// A comparison with a page of its rows.
pub struct View {
    /// The comparison.
    pub comparison: Comparison,
    /// Rows of the page; none for who may not know whom they are.
    pub rows: Vec<Shown>,
    /// How many there are of each state.
    pub counts: BTreeMap<State, usize>,
    /// How many rows there are.
    pub total: usize,
    /// Whether the reader decides.
    pub settles: bool,
}

/// A comparison, and a page of its rows from 1, those first upon which somebody decides. Rows name children: the log says who looked
/// before they are shown.
pub async fn view(app: &App, actor: &Actor, id: &ComparisonId, page: usize) -> Result<View> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let comparison = load(&mut tx, actor, id).await?;
    let settles = reads(actor, &comparison);
    let mut all = store::rows(&mut tx, id).await?;
    let mut counts: BTreeMap<State, usize> = BTreeMap::new();
    for (row, _) in &all {
        *counts.entry(row.state).or_default() += 1;
    }
    let (mut rows, total) = (Vec::new(), all.len());
    if settles {
        let place = |state: State| State::ALL.iter().position(|other| *other == state);
        all.sort_by_key(|(row, _)| (place(row.state), row.number));
        let key = store::key(&mut tx, &app.keyring, id).await?;
        for (row, cell) in all.into_iter().skip(page.saturating_sub(1).saturating_mul(PAGE)).take(PAGE) {
            let words = store::open(&key, id, cell.as_deref())?;
            rows.push(shown(app, &mut tx, actor, row, words).await?);
        }
        audit::record(&mut tx, actor, Event::new("comparison.viewed", "comparison", id).fields(["rows"]), at).await?;
    }
    tx.commit(at).await?;
    Ok(View { comparison, rows, counts, total, settles })
}

/// A row beside the child on file; where a person is to decide, with what tells the two apart.
async fn shown(app: &App, tx: &mut Tx, actor: &Actor, row: Row, words: Words) -> Result<Shown> {
    let case = match &row.case {
        Some(id) => case::store::find(tx, id).await?,
        None => None,
    };
    let Some(case) = case else { return Ok(Shown { row, words, alias: String::new(), ours: None }) };
    // A case that has gone elsewhere since is not shown any more.
    let Decision::Mask(classes) = decide(actor, Action::ReadCase, &case) else {
        return Ok(Shown { row, words, alias: String::new(), ours: None });
    };
    let child = case::store::child(tx, &case.child).await?.ok_or_else(|| Error::missing("case", &case.id))?;
    let mut ours = None;
    if row.state == State::Maybe {
        let (name, born) = if classes.has(Class::Identity) {
            let key = case::store::child_key(tx, &app.keyring, &case.child).await?;
            let logged = Event::new("comparison.viewed", "case", &case.id).fields(["name"]);
            audit::record(tx, actor, logged, app.now()).await?;
            let name = case::store::identity(tx, &key, &case.child).await?.name.unwrap_or_default();
            (name, child.birth_month.map(|month| month.to_string()))
        } else {
            (Hidden::default(), child.birth_month.map(|month| month.band(app.today()).to_string()))
        };
        ours = Some((name, born.unwrap_or_default(), case.division.clone()));
    }
    Ok(Shown { row, words, alias: child.alias, ours })
}

/// The comparisons of the actor's station or division.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Comparison>> {
    if !may_anywhere(actor, Action::CompareLists) {
        return Err(Error::Forbidden { why: "role" });
    }
    let mut db = app.store.read().await?;
    match scope(&mut db, actor).await? {
        (_, Some(station)) => store::of_station(&mut db, &station).await,
        (division, None) => store::of_division(&mut db, &division).await,
    }
}
