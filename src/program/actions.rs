//! An activity is held, a payment made.

use jiff::civil::Date;
use lianjie_index::DivisionCode;

use super::model::{Activity, Delivered, Kind, Purpose, Subsidy, TOPICS, ceiling};
use super::retract::Retracted;
use super::store::{self, StationPaid};
use crate::access::{Action, Actor, Facts, Role, Subject, decide, may_anywhere};
use crate::app::App;
use crate::audit::{self, Event};
use crate::case;
use crate::case::model::read_identity_number;
use crate::error::{Error, Fault, Faults, Result};
use crate::id::{ActivityId, OrganizationId, ProgramId, SubsidyId};
use crate::organization;
use crate::organization::model::{Organization, Program};
use crate::secret::Hidden;
use crate::store::{Answered, Connection, Key, answered, remember};

/// An activity as it is written down.
#[derive(Debug, Clone)]
pub struct Held {
    /// What it is.
    pub kind: Kind,
    /// What it is about.
    pub topic: String,
    /// What it is called.
    pub title: String,
    /// When.
    pub day: Date,
    /// How often it met.
    pub sessions: u32,
    /// Who came and is not listed.
    pub headcount: u32,
    /// Who came, one a line: a case's number, an identity number, or a name. Only hashes are kept.
    pub children: Hidden,
}

/// The facts of what an organization runs: a station's is its people's, a provider's its own, and the division's that buys it.
pub(super) fn facts(organization: &Organization, program: Option<&Program>, id: &str) -> Facts {
    let station = (organization.kind == "未保工作站").then(|| organization.id.clone());
    Facts { thing: "program", id: id.to_owned(), station, division: Some(bought_by(organization, program)), ..organization.facts() }
}

/// The division that buys what an organization gives; its own where it gives of its own.
fn bought_by(organization: &Organization, program: Option<&Program>) -> DivisionCode {
    program.and_then(|program| program.division.as_ref()).unwrap_or(&organization.division).clone()
}

async fn load(db: &mut Connection, actor: &Actor, id: &ProgramId) -> Result<(Program, Organization)> {
    let missing = || Error::missing("program", id);
    let program = organization::store::program(db, id).await?.ok_or_else(missing)?;
    let owner = organization::store::find(db, &program.organization).await?.ok_or_else(missing)?;
    if decide(actor, Action::RunProgram, &facts(&owner, Some(&program), id.as_str())).is_allowed() {
        Ok((program, owner))
    } else {
        Err(missing())
    }
}

/// Writes down an activity of a project.
pub async fn hold(app: &App, actor: &Actor, id: &ProgramId, held: &Held, key: Option<&Key>) -> Result<()> {
    let (program, owner) = load(&mut *app.store.read().await?, actor, id).await?;
    if held.day < program.from || held.day > program.to {
        let fault = Fault::new("day", "outside_term").with("from", program.from).with("to", program.to);
        return Err(Error::Invalid(vec![fault]));
    }
    write(app, actor, &owner, Some(&program), held, key).await
}

/// Writes down an activity that a station gives of its own.
pub async fn hold_own(app: &App, actor: &Actor, held: &Held, key: Option<&Key>) -> Result<()> {
    let station = own_station(app, actor).await?;
    write(app, actor, &station, None, held, key).await
}

/// The station of the actor.
pub async fn own_station(app: &App, actor: &Actor) -> Result<Organization> {
    let id = case::actions::stations(actor).into_iter().next().ok_or(Error::Forbidden { why: "role" })?;
    let station =
        organization::store::find(&mut *app.store.read().await?, &id).await?.ok_or_else(|| Error::missing("organization", &id))?;
    decide(actor, Action::RunProgram, &facts(&station, None, station.id.as_str())).allowed()?;
    Ok(station)
}

async fn write(app: &App, actor: &Actor, owner: &Organization, program: Option<&Program>, held: &Held, key: Option<&Key>) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    if let Some(key) = key
        && answered(&mut tx, key, &actor.reference()).await?.is_some()
    {
        return Ok(());
    }
    let mut faults = Faults::new();
    faults.require(!held.title.trim().is_empty(), "title", "required");
    faults.require(held.title.chars().count() <= 80, "title", "too_long");
    faults.require(TOPICS.contains(&held.topic.as_str()), "topic", "required");
    faults.require(held.day <= app.today(), "day", "not_yet");
    faults.require((1..=100).contains(&held.sessions), "sessions", "sessions");
    faults.require(held.headcount <= 100_000, "headcount", "sessions");
    let children = faults.keep(children(app, &mut tx, actor, owner, &held.children).await?);
    let nobody = held.headcount == 0 && children.as_ref().is_some_and(Vec::is_empty);
    faults.require(!nobody, "children", "nobody_came");
    faults.settle()?;
    let activity = Activity {
        id: ActivityId::new(at),
        program: program.map(|program| program.id.clone()),
        organization: owner.id.clone(),
        division: bought_by(owner, program),
        kind: held.kind,
        topic: held.topic.clone(),
        title: held.title.trim().to_owned(),
        day: held.day,
        sessions: held.sessions,
        headcount: held.headcount,
        by: actor.id.clone(),
    };
    let children = children.unwrap_or_default();
    store::insert(&mut tx, &activity, &children, at).await?;
    let fields = [held.kind.name().to_owned(), format!("listed={}", children.len())];
    audit::record(&mut tx, actor, Event::new("activity.recorded", "activity", &activity.id).fields(fields), at).await?;
    if let Some(key) = key {
        remember(&mut tx, key, &actor.reference(), &Answered { status: 303, location: "/programs".to_owned() }, at).await?;
    }
    tx.commit(at).await
}

/// Who came, as hashes: a child on file has the same one everywhere, a name one within the organization. Lines that do not read
/// are named by their number.
async fn children(
    app: &App,
    db: &mut Connection,
    actor: &Actor,
    owner: &Organization,
    listed: &Hidden,
) -> Result<std::result::Result<Vec<String>, Fault>> {
    const MOST: usize = 2_000;
    let blind = |text: String| app.keyring.blind(&Hidden::new(text));
    let (mut found, mut wrong) = (Vec::new(), Vec::new());
    let lines = listed.reveal().lines().map(str::trim).filter(|line| !line.is_empty());
    for (number, line) in (1..).zip(lines) {
        if number > MOST {
            return Ok(Err(Fault::new("children", "too_many_rows")));
        }
        let digits = line.chars().filter(char::is_ascii_digit).count();
        let plain = line.to_uppercase();
        if digits >= 15 {
            match read_identity_number(line, app.today()) {
                Ok((number, ..)) => found.push(app.keyring.blind(&number)),
                Err(_) => wrong.push(number),
            }
        } else if plain.len() == 8 && plain.chars().all(|letter| letter.is_ascii_alphanumeric()) {
            let on_file = match store::child_of_case(db, &plain).await? {
                Some((case, child, identity)) => {
                    let case = case::store::find(db, &case).await?;
                    let reads = case.is_some_and(|case| decide(actor, Action::ReadCase, &case).is_allowed());
                    reads.then(|| identity.unwrap_or_else(|| blind(format!("child {child}"))))
                }
                None => None,
            };
            match on_file {
                Some(hash) => found.push(hash),
                None => wrong.push(number),
            }
        } else if line.chars().count() >= 2 && digits == 0 {
            found.push(blind(format!("attendance {} {line}", owner.id)));
        } else {
            wrong.push(number);
        }
    }
    if wrong.is_empty() {
        found.sort();
        found.dedup();
        return Ok(Ok(found));
    }
    let rows = wrong.iter().take(10).map(ToString::to_string).collect::<Vec<_>>().join("、");
    Ok(Err(Fault::new("children", "rows_unread").with("rows", rows)))
}

/// The county pays; who runs a project does not write down its own money.
pub(super) const PAYERS: Role = Role::Coordinator;

/// A payment as it is written down.
#[derive(Debug, Clone)]
pub struct Paid {
    /// What for.
    pub purpose: Purpose,
    /// How much, in fen.
    pub amount_fen: i64,
    /// When.
    pub day: Date,
    /// Number of the paper.
    pub receipt: String,
}

/// Pays for a project: within its budget and the ceiling of its place.
pub async fn pay(app: &App, actor: &Actor, id: &ProgramId, paid: &Paid, key: Option<&Key>) -> Result<()> {
    let (program, owner) = load(&mut *app.store.read().await?, actor, id).await?;
    pay_out(app, actor, &owner, Some(&program), &Paid { purpose: Purpose::Project, ..paid.clone() }, key).await
}

/// Pays a station for its building or its running.
pub async fn pay_station(app: &App, actor: &Actor, station: &OrganizationId, paid: &Paid, key: Option<&Key>) -> Result<()> {
    let found = organization::store::find(&mut *app.store.read().await?, station).await?;
    let station = found.filter(|found| found.kind == "未保工作站").ok_or_else(|| Error::invalid("station", "choice"))?;
    if paid.purpose == Purpose::Project {
        return Err(Error::invalid("purpose", "choice"));
    }
    pay_out(app, actor, &station, None, paid, key).await
}

async fn pay_out(app: &App, actor: &Actor, owner: &Organization, program: Option<&Program>, paid: &Paid, key: Option<&Key>) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    decide(actor, Action::RunProgram, &facts(owner, program, owner.id.as_str())).allowed()?;
    if !actor.is(PAYERS) {
        return Err(Error::Forbidden { why: "role" });
    }
    if let Some(key) = key
        && answered(&mut tx, key, &actor.reference()).await?.is_some()
    {
        return Ok(());
    }
    let mut faults = Faults::new();
    faults.require(paid.amount_fen > 0, "amount", "amount");
    faults.require(paid.day <= app.today(), "day", "not_yet");
    faults.require(!paid.receipt.trim().is_empty(), "receipt", "required");
    faults.require(paid.receipt.chars().count() <= 60, "receipt", "too_long");
    faults.settle()?;
    let id = program.map(|program| &program.id);
    // Two payments at once are counted one after the other.
    store::hold(&mut tx, &owner.id).await?;
    let before = store::paid(&mut tx, &owner.id, paid.purpose, id, paid.day).await?;
    within(before, paid.amount_fen, program.map(|program| program.budget_fen), "over_budget")?;
    within(before, paid.amount_fen, ceiling(paid.purpose, &bought_by(owner, program)), "over_ceiling")?;
    let subsidy = Subsidy {
        id: SubsidyId::new(at),
        division: bought_by(owner, program),
        purpose: paid.purpose,
        program: id.cloned(),
        organization: owner.id.clone(),
        amount_fen: paid.amount_fen,
        day: paid.day,
        receipt: paid.receipt.trim().to_owned(),
        by: actor.id.clone(),
    };
    store::pay(&mut tx, &subsidy, at).await?;
    let fields = [paid.purpose.name().to_owned(), format!("fen={}", paid.amount_fen)];
    audit::record(&mut tx, actor, Event::new("subsidy.paid", "subsidy", &subsidy.id).fields(fields), at).await?;
    if let Some(key) = key {
        remember(&mut tx, key, &actor.reference(), &Answered { status: 303, location: "/programs".to_owned() }, at).await?;
    }
    tx.commit(at).await
}

/// That a payment stays within a limit; what is left is said.
fn within(before: i64, amount: i64, limit: Option<i64>, reason: &'static str) -> Result<()> {
    match limit {
        Some(limit) if before + amount > limit => {
            let yuan = |fen: i64| format!("{}.{:02}", fen / 100, fen % 100);
            let fault = Fault::new("amount", reason)
                .with("limit", yuan(limit))
                .with("paid", yuan(before))
                .with("left", yuan((limit - before).max(0)));
            Err(Error::Invalid(vec![fault]))
        }
        _ => Ok(()),
    }
}

/// A project with what it has given.
#[derive(Debug)]
pub struct Line {
    /// The project.
    pub program: Program,
    /// Name of who runs it.
    pub organization: String,
    /// What it has given and cost.
    pub delivered: Delivered,
}

/// The projects the actor runs or oversees.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Line>> {
    if !may_anywhere(actor, Action::RunProgram) {
        return Err(Error::Forbidden { why: "role" });
    }
    let mut db = app.store.read().await?;
    let mut found = Vec::new();
    for organization in
        actor.organizations(Role::Provider).chain(actor.organizations(Role::Supervisor)).chain(actor.organizations(Role::Worker))
    {
        found.extend(store::programs_of(&mut db, organization).await?);
    }
    for division in actor.divisions(Role::Coordinator) {
        found.extend(store::programs_in(&mut db, &division).await?);
    }
    let mut lines = Vec::new();
    for (program, organization) in found {
        let delivered = store::delivered(&mut db, &program.id).await?;
        lines.push(Line { program, organization, delivered });
    }
    Ok(lines)
}

/// A project with its activities and payments.
#[derive(Debug)]
pub struct View {
    /// The project.
    pub program: Program,
    /// Who runs it.
    pub owner: Organization,
    /// What it has given and cost.
    pub delivered: Delivered,
    /// Its activities, with how many were listed.
    pub activities: Vec<(Activity, u32)>,
    /// Its payments.
    pub subsidies: Vec<Subsidy>,
    /// What was taken back of both.
    pub retracted: Vec<Retracted>,
    /// Whether the reader pays.
    pub pays: bool,
}

/// A project with its activities and payments.
pub async fn view(app: &App, actor: &Actor, id: &ProgramId) -> Result<View> {
    let mut db = app.store.read().await?;
    let (program, owner) = load(&mut db, actor, id).await?;
    let delivered = store::delivered(&mut db, id).await?;
    let activities = store::of_program(&mut db, id).await?;
    let subsidies = store::subsidies(&mut db, id).await?;
    let retracted = store::retracted(&mut db, &owner.id, Some(id)).await?;
    Ok(View { program, owner, delivered, activities, subsidies, retracted, pays: actor.is(PAYERS) })
}

/// What a station gives of its own, and what it was paid for itself.
#[derive(Debug)]
pub struct Own {
    /// The station.
    pub station: Organization,
    /// Its activities, with how many were listed.
    pub activities: Vec<(Activity, u32)>,
    /// What it was paid.
    pub subsidies: Vec<Subsidy>,
    /// What was taken back of both.
    pub retracted: Vec<Retracted>,
}

/// What the actor's station gives of its own, and what it was paid for itself.
pub async fn own(app: &App, actor: &Actor) -> Result<Own> {
    let station = own_station(app, actor).await?;
    let mut db = app.store.read().await?;
    let activities = store::own(&mut db, &station.id).await?;
    let subsidies = store::subsidies_of(&mut db, &station.id).await?;
    let retracted = store::retracted(&mut db, &station.id, None).await?;
    Ok(Own { station, activities, subsidies, retracted })
}

/// What a coordinator paid to stations for themselves, the last first.
pub async fn payments(app: &App, actor: &Actor) -> Result<Vec<Subsidy>> {
    let mut db = app.store.read().await?;
    let mut found = Vec::new();
    for division in actor.divisions(PAYERS) {
        found.extend(store::subsidies_in(&mut db, &division).await?);
    }
    Ok(found)
}

/// The stations a coordinator pays, by name, with what they were paid for themselves: for building ever, for running this year.
pub async fn stations(app: &App, actor: &Actor) -> Result<Vec<StationPaid>> {
    let mut db = app.store.read().await?;
    let mut found = Vec::new();
    for division in actor.divisions(Role::Coordinator) {
        found.extend(store::paid_to_stations(&mut db, &division, app.today().year()).await?);
    }
    Ok(found)
}
