//! The demo accounts: one for each role, at the demo's stage. They have no password until the demo starts.

use std::collections::BTreeMap;

use jiff::Timestamp;
use lianjie_index::DivisionCode;

use super::body::Body;
use super::province::Province;
use crate::access::{Actor, Grant, Role, Scope, Who};
use crate::account::model::{Account, Status, StoredGrant};
use crate::account::{self, store as accounts};
use crate::app::App;
use crate::case::model::Case;
use crate::division::model::Division;
use crate::error::{Error, Result};
use crate::id::{AccountId, GrantId, OrganizationId};
use crate::locale::Locale;
use crate::secret::Hidden;
use crate::store::Tx;
use crate::web::{Size, Theme};

/// Who can be signed in as.
const LOGINS: [(&str, Role); 11] = [
    ("child_director", Role::ChildDirector),
    ("worker", Role::Worker),
    ("supervisor", Role::Supervisor),
    ("coordinator", Role::Coordinator),
    ("registrar", Role::Registrar),
    ("provider1", Role::Provider),
    ("provider2", Role::Provider),
    ("participant", Role::Participant),
    ("data_manager", Role::DataManager),
    ("system_admin", Role::SystemAdmin),
    ("auditor", Role::Auditor),
];

/// One way to sign in to the demo.
#[derive(Debug, Clone)]
pub struct LogIn {
    /// Code of the role, as in `locales/` below `role.`.
    pub role: String,
    /// What is typed to sign in.
    pub login: String,
    /// The password of this start.
    pub password: String,
}

/// Gives every demo account a new password; the old ones end with every start.
///
/// # Errors
/// A store without the demo's accounts has none to give.
pub async fn log_ins(app: &App) -> Result<Vec<LogIn>> {
    if !app.demo {
        return Err(Error::Store("this store is not a demo; its accounts keep their passwords".into()));
    }
    let mut log_ins = Vec::new();
    for (login, role) in LOGINS {
        let password = account::random_password();
        account::set_password(app, &Actor::system(), login, &Hidden::new(password.clone()), false).await?;
        log_ins.push(LogIn { role: role.code().into(), login: login.into(), password });
    }
    Ok(log_ins)
}

/// The bodies the demo accounts belong to.
#[derive(Debug, Clone, Default)]
pub struct Cast {
    /// The station of the stage.
    pub station: Option<OrganizationId>,
    /// The first stations of the townships that have cases.
    pub stations: Vec<(OrganizationId, DivisionCode)>,
    /// A team that fetches children from school.
    pub team: Option<OrganizationId>,
    /// A counselling practice.
    pub practice: Option<OrganizationId>,
    /// The education bureau.
    pub bureau: Option<OrganizationId>,
    /// The county's protection centre.
    pub centre: Option<OrganizationId>,
}

impl Cast {
    /// Notes the bodies of the stage's county, the first of each.
    pub fn note(&mut self, body: &Body, stage: &Division) {
        let organization = &body.organization;
        self.note_station(body);
        let part = match organization.kind.as_str() {
            "未保工作站" => &mut self.station,
            "志愿团队" => &mut self.team,
            "心理咨询机构" => &mut self.practice,
            "教育局" => &mut self.bureau,
            "未保中心" => &mut self.centre,
            _ => return,
        };
        let county_wide = organization.kind == "未保中心";
        if part.is_none() && (county_wide || organization.division == stage.code) {
            *part = Some(organization.id.clone());
        }
    }

    /// Notes a station, the first of its township.
    pub fn note_station(&mut self, body: &Body) {
        let organization = &body.organization;
        if organization.kind == "未保工作站" && !self.stations.iter().any(|(_, town)| *town == organization.division) {
            self.stations.push((organization.id.clone(), organization.division.clone()));
        }
    }
}

/// A worker at a station.
#[derive(Debug, Clone)]
pub struct Post {
    pub worker: AccountId,
    pub station: OrganizationId,
    /// Its township and the villages of it.
    pub town: DivisionCode,
    pub villages: Vec<String>,
}

/// Who has cases; the demo worker is the first.
#[derive(Debug, Clone)]
pub struct Staff {
    pub posts: Vec<Post>,
    pub supervisor: AccountId,
    pub coordinator: AccountId,
    /// Contacts of providers, with their bodies.
    pub contacts: Vec<(OrganizationId, AccountId)>,
}

impl Staff {
    /// The contact of a body that has one.
    pub fn provider(&self, organization: &OrganizationId) -> Option<&AccountId> {
        self.contacts.iter().find(|(known, _)| known == organization).map(|(_, contact)| contact)
    }

    /// Who stands above the worker of a case: the station head, or the county's coordinator; far from the stage nobody else is
    /// there.
    pub fn head<'a>(&'a self, case: &'a Case) -> &'a AccountId {
        let stage = &self.posts[0];
        if case.station == stage.station {
            &self.supervisor
        } else if case.division.county() == stage.town.county() {
            &self.coordinator
        } else {
            &case.worker
        }
    }

    /// Bodies whose contacts sign in: they get more to do.
    pub fn favourites(&self) -> Vec<OrganizationId> {
        self.contacts.iter().map(|(organization, _)| organization.clone()).collect()
    }
}

/// An account in a role, as the log names it.
pub fn account(id: &AccountId, role: Role) -> Actor {
    Actor { who: Who::Account, id: id.clone(), grants: vec![Grant { role, scope: Scope::All }], ..Actor::visitor() }
}

/// Makes the accounts with their grants, and a worker at each further station, who never signs in.
pub async fn make(tx: &mut Tx, province: &Province, stage: &Division, cast: &Cast, at: Timestamp) -> Result<Staff> {
    let (mut posts, mut contacts, mut heads) = (Vec::new(), Vec::new(), BTreeMap::new());
    for (login, role) in LOGINS {
        let (organization, scopes) = belongs(province, stage, cast, login)?;
        let id = insert(tx, province, login, role, organization.clone(), scopes, at).await?;
        match (role, organization) {
            (Role::Worker, Some(station)) => posts.push(post(province, id, station, &stage.code)),
            (Role::Provider, Some(body)) => contacts.push((body, id)),
            _ => {
                heads.insert(role, id);
            }
        }
    }
    for (nth, (station, town)) in cast.stations.iter().filter(|(_, town)| *town != stage.code).enumerate() {
        let scopes = vec![Scope::Organization(station.clone())];
        let worker = insert(tx, province, &format!("worker-{:02}", nth + 2), Role::Worker, Some(station.clone()), scopes, at).await?;
        posts.push(post(province, worker, station.clone(), town));
    }
    let mut head = |role: Role| heads.remove(&role).ok_or_else(|| Error::Store(format!("the demo has no {role}")));
    Ok(Staff { posts, supervisor: head(Role::Supervisor)?, coordinator: head(Role::Coordinator)?, contacts })
}

fn post(province: &Province, worker: AccountId, station: OrganizationId, town: &DivisionCode) -> Post {
    let villages = province.divisions.find(town).map(|town| province.villages(town)).unwrap_or_default();
    Post { worker, station, town: town.clone(), villages: villages.iter().map(|(code, _)| code.clone()).collect() }
}

async fn insert(
    tx: &mut Tx,
    province: &Province,
    login: &str,
    role: Role,
    organization: Option<OrganizationId>,
    scopes: Vec<Scope>,
    at: Timestamp,
) -> Result<AccountId> {
    let mut draw = province.draw(&format!("account/{login}"));
    let account = Account {
        id: AccountId::from_parts(province.at, draw.bytes()),
        login: login.into(),
        name: province.names.person(&mut draw),
        organization,
        locale: Locale::default().tag().into(),
        theme: Theme::default().name().into(),
        text_size: Size::default().name().into(),
        status: Status::Invited,
        must_change: false,
    };
    accounts::insert(tx, &account, None, at).await?;
    for scope in scopes {
        let id = GrantId::from_parts(province.at, draw.bytes());
        let grant = StoredGrant { id, account: account.id.clone(), role, scope, valid_from: province.days_ago(300), valid_to: None };
        accounts::insert_grant(tx, &grant, None).await?;
    }
    Ok(account.id)
}

/// Where an account belongs, and what its grants reach.
fn belongs(province: &Province, stage: &Division, cast: &Cast, login: &str) -> Result<(Option<OrganizationId>, Vec<Scope>)> {
    let missing = || Error::Store(format!("the demo has no body for the account \"{login}\""));
    let of = |part: &Option<OrganizationId>| part.clone().ok_or_else(missing);
    let above = |length: usize| {
        let code = stage.code.as_str().get(..length).and_then(|code| code.parse().ok());
        code.map(Scope::Division).ok_or_else(missing)
    };
    let village = province.villages(stage).first().map(|(code, _)| Scope::Village(code.clone()));
    Ok(match login {
        "child_director" => (Some(of(&cast.station)?), vec![village.ok_or_else(missing)?]),
        "worker" | "supervisor" => (Some(of(&cast.station)?), vec![Scope::Organization(of(&cast.station)?)]),
        "coordinator" => (Some(of(&cast.centre)?), vec![above(6)?]),
        "registrar" => (Some(of(&cast.centre)?), vec![above(6)?]),
        "provider1" => (Some(of(&cast.team)?), vec![Scope::Organization(of(&cast.team)?)]),
        "provider2" => (Some(of(&cast.practice)?), vec![Scope::Organization(of(&cast.practice)?)]),
        "participant" => (Some(of(&cast.bureau)?), vec![Scope::Organization(of(&cast.bureau)?), above(6)?]),
        "data_manager" => (None, vec![above(2)?]),
        _ => (None, vec![Scope::All]),
    })
}
