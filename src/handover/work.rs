//! A leaving worker's open work is listed, given to a colleague, and then the account can be disabled.

use jiff::civil::Date;

use super::model::OpenWork;
use super::store;
use crate::access::{Action, Actor, Facts, Role, Scope, decide};
use crate::account;
use crate::account::model::{Account, Status};
use crate::account::notice::{Notice, leave};
use crate::app::App;
use crate::audit::{self, Event};
use crate::case;
use crate::conference;
use crate::error::{Error, Result};
use crate::id::AccountId;
use crate::organization;
use crate::referral;
use crate::store::{Connection, Tx};

/// Somebody of a station, with what they hold.
#[derive(Debug)]
pub struct Person {
    /// The account.
    pub account: Account,
    /// What it holds that is open.
    pub work: OpenWork,
    /// Colleagues it can be given to.
    pub colleagues: Vec<(AccountId, String)>,
}

/// The divisions an account coordinates.
async fn coordinated(db: &mut Connection, id: &AccountId, today: Date) -> Result<Vec<Scope>> {
    let grants = account::store::grants(db, id, today).await?;
    Ok(grants.into_iter().filter(|grant| grant.role == Role::Coordinator).map(|grant| grant.scope).collect())
}

/// The facts of a person's work: one's own, that of the station, that of the county.
async fn facts(db: &mut Connection, account: &Account, today: Date) -> Result<Facts> {
    let station = match &account.organization {
        Some(id) => organization::store::find(db, id).await?,
        None => None,
    };
    let division = match station {
        Some(station) => Some(station.division),
        None => coordinated(db, &account.id, today).await?.into_iter().find_map(|scope| match scope {
            Scope::Division(code) => Some(code),
            _ => None,
        }),
    };
    Ok(Facts {
        thing: "account",
        id: account.id.to_string(),
        division,
        station: account.organization.clone(),
        worker: Some(account.id.clone()),
        ..Facts::default()
    })
}

async fn load(db: &mut Connection, actor: &Actor, id: &AccountId, today: Date) -> Result<Account> {
    let missing = || Error::missing("account", id);
    let account = crate::account::store::find(db, id).await?.ok_or_else(missing)?;
    // Whose work one may not hand over is not known to one.
    if decide(actor, Action::HandOver, &facts(db, &account, today).await?).is_allowed() { Ok(account) } else { Err(missing()) }
}

/// What somebody holds that is open, and to whom it can be given.
pub async fn of(app: &App, actor: &Actor, id: &AccountId) -> Result<Person> {
    let mut db = app.store.read().await?;
    let account = load(&mut db, actor, id, app.today()).await?;
    person(app, &mut db, account).await
}

async fn person(app: &App, db: &mut Connection, account: Account) -> Result<Person> {
    let work = store::open_work(db, &account.id).await?;
    let mut colleagues = match &account.organization {
        Some(station) => account::store::colleagues(db, station, app.today()).await?,
        None => Vec::new(),
    };
    for scope in coordinated(db, &account.id, app.today()).await? {
        for id in account::store::holders(db, Role::Coordinator, &scope, app.today()).await? {
            let found = account::store::find(db, &id).await?.ok_or_else(|| Error::missing("account", &id))?;
            colleagues.push((id, found.name));
        }
    }
    colleagues.sort();
    colleagues.dedup();
    colleagues.retain(|(other, _)| *other != account.id);
    Ok(Person { account, work, colleagues })
}

/// The people whose work the actor may hand over: the station's, or at least oneself.
pub async fn people(app: &App, actor: &Actor) -> Result<Vec<Person>> {
    let mut db = app.store.read().await?;
    let mut found = Vec::new();
    let mut ids = vec![actor.id.clone()];
    for station in case::actions::stations(actor) {
        ids.extend(account::store::colleagues(&mut db, &station, app.today()).await?.into_iter().map(|(id, _)| id));
    }
    for division in actor.divisions(Role::Coordinator) {
        ids.extend(account::store::holders(&mut db, Role::Coordinator, &Scope::Division(division), app.today()).await?);
    }
    ids.sort();
    ids.dedup();
    for id in ids {
        if let Ok(account) = load(&mut db, actor, &id, app.today()).await {
            found.push(person(app, &mut db, account).await?);
        }
    }
    if found.is_empty() { Err(Error::Forbidden { why: "role" }) } else { Ok(found) }
}

/// Gives everything open to a colleague: the cases, every live referral, the tasks of meetings, and the meetings that were led.
pub async fn hand_over(app: &App, actor: &Actor, from: &AccountId, to: &AccountId) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let account = load(&mut tx, actor, from, app.today()).await?;
    let person = person(app, &mut tx, account).await?;
    if !person.colleagues.iter().any(|(colleague, _)| colleague == to) {
        return Err(Error::invalid("to", "no_colleague"));
    }
    let mut given = 0;
    for held in &person.work.cases {
        // A case of another station stays: its own colleagues go on with it.
        let there = account::store::colleagues(&mut tx, &held.station, app.today()).await?;
        if there.iter().any(|(colleague, _)| colleague == to) {
            tx = give(app, tx, actor, &held.id, to, at).await?;
            given += 1;
        }
    }
    if given == person.work.cases.len() {
        // What is left is what the account owns as somebody else's: a head's approvals.
        referral::store::give(&mut tx, from, to, at).await?;
    }
    conference::store::give(&mut tx, from, to, at).await?;
    let facts = serde_json::json!({ "tier": 2, "cases": given, "link": "/" });
    leave(&mut tx, Notice::Account(to), "work_handed_over", &format!("{from}:handed_over:{at}"), &facts, at).await?;
    let fields = [format!("cases={given}")];
    audit::record(&mut tx, actor, Event::new("account.handed_over", "account", from).fields(fields), at).await?;
    tx.commit(at).await
}

async fn give(app: &App, mut tx: Tx, actor: &Actor, id: &crate::id::CaseId, to: &AccountId, at: jiff::Timestamp) -> Result<Tx> {
    let mut case = case::store::find(&mut tx, id).await?.ok_or_else(|| Error::missing("case", id))?;
    case.worker = to.clone();
    case::store::update(&mut tx, &mut case, at).await?;
    audit::record(&mut tx, actor, Event::new("case.handed_over", "case", id).fields(["worker"]), at).await?;
    referral::reassign(app, tx, id).await
}

/// What stands in the way of disabling an account, for the administrator: how much it holds, never of whom.
pub async fn before_disabling(app: &App, actor: &Actor, id: &AccountId) -> Result<(Account, OpenWork)> {
    let mut db = app.store.read().await?;
    let account = managed(&mut db, actor, id).await?;
    let work = store::open_work(&mut db, id).await?;
    Ok((account, work))
}

async fn managed(db: &mut Connection, actor: &Actor, id: &AccountId) -> Result<Account> {
    let account = crate::account::store::find(db, id).await?.ok_or_else(|| Error::missing("account", id))?;
    decide(actor, Action::ManageAccounts, &Facts { thing: "account", organization: account.organization.clone(), ..Facts::default() })
        .allowed()?;
    Ok(account)
}

/// Disables an account that holds nothing any more; its sessions end with their next request.
pub async fn disable(app: &App, actor: &Actor, id: &AccountId) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let account = managed(&mut tx, actor, id).await?;
    if account.id == actor.id {
        return Err(Error::Conflict { why: "own_account" });
    }
    if account.status == Status::Disabled {
        return Ok(());
    }
    if !store::open_work(&mut tx, id).await?.is_empty() {
        return Err(Error::Conflict { why: "open_work" });
    }
    conference::store::release(&mut tx, id).await?;
    crate::account::store::set_status(&mut tx, id, Status::Disabled, at).await?;
    audit::record(&mut tx, actor, Event::new("account.disabled", "account", id), at).await?;
    tx.commit(at).await
}
