//! Who acts.

use jiff::Timestamp;
use lianjie_index::DivisionCode;

use super::Role;
use crate::id::{AccountId, CaseId, LinkId, OrganizationId};

/// Where a grant holds.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The installation.
    All,
    /// A division and what lies in it.
    Division(DivisionCode),
    /// One village: a statistical code of twelve digits.
    Village(String),
    /// An organization: a station, a provider, a body.
    Organization(OrganizationId),
}

impl Scope {
    /// Reads a stored scope: `*`, a division code, a village code of 12 digits, or an organization id.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "*" => Some(Self::All),
            code if code.len() == 12 && code.bytes().all(|byte| byte.is_ascii_digit()) => Some(Self::Village(code.into())),
            code if code.len() < 12 => code.parse().ok().map(Self::Division),
            id => OrganizationId::parse(id).ok().map(Self::Organization),
        }
    }
}

impl std::fmt::Display for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::All => f.write_str("*"),
            Self::Division(code) => code.fmt(f),
            Self::Village(code) => f.write_str(code),
            Self::Organization(id) => id.fmt(f),
        }
    }
}

/// A role in a scope.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Grant {
    /// What.
    pub role: Role,
    /// Where.
    pub scope: Scope,
}

/// An approved access to one case that is not the actor's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// Which case.
    pub case: CaseId,
    /// Until when.
    pub valid_to: Timestamp,
}

/// What kind of actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Who {
    /// Somebody not signed in.
    #[default]
    Visitor,
    /// A signed-in account.
    Account,
    /// Who holds a one-time link and gave its code.
    Link,
    /// The sweep of the timers.
    Timer,
    /// The product itself, in the transaction of somebody's deed.
    System,
}

/// The one thing that a link opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Table name.
    pub thing: &'static str,
    /// Its id.
    pub id: String,
    /// The link, as the log names it.
    pub link: LinkId,
}

/// Who acts, with all that [`super::decide`] needs to know.
#[derive(Debug, Clone)]
pub struct Actor {
    /// Kind.
    pub who: Who,
    /// The account; nil for the others.
    pub id: AccountId,
    /// Display name, for pages.
    pub name: String,
    /// The organization the account belongs to.
    pub organization: Option<OrganizationId>,
    /// Grants that hold today.
    pub grants: Vec<Grant>,
    /// Tickets that hold now.
    pub tickets: Vec<Ticket>,
    /// What a link opens for its holder.
    pub held: Option<Held>,
}

impl Actor {
    fn without_account(who: Who) -> Self {
        let id = AccountId::from_parts(Timestamp::UNIX_EPOCH, [0; 10]);
        Self { who, id, name: String::new(), organization: None, grants: Vec::new(), tickets: Vec::new(), held: None }
    }

    /// Somebody not signed in.
    #[must_use]
    pub fn visitor() -> Self {
        Self::without_account(Who::Visitor)
    }

    /// The sweep of the timers.
    #[must_use]
    pub fn timer() -> Self {
        Self::without_account(Who::Timer)
    }

    /// Who holds a link: the organization it was sent to, for one thing.
    #[must_use]
    pub fn link(organization: OrganizationId, name: String, held: Held) -> Self {
        Self { name, organization: Some(organization), held: Some(held), ..Self::without_account(Who::Link) }
    }

    /// The product itself.
    #[must_use]
    pub fn system() -> Self {
        Self::without_account(Who::System)
    }

    /// Whether a person is signed in.
    #[must_use]
    pub fn is_signed_in(&self) -> bool {
        self.who == Who::Account
    }

    /// Whether some grant has this role.
    #[must_use]
    pub fn is(&self, role: Role) -> bool {
        self.grants.iter().any(|grant| grant.role == role)
    }

    /// The scopes of one role.
    pub fn scopes(&self, role: Role) -> impl Iterator<Item = &Scope> {
        self.grants.iter().filter(move |grant| grant.role == role).map(|grant| &grant.scope)
    }

    /// The divisions of one role; who is granted everything has the province.
    pub fn divisions(&self, role: Role) -> impl Iterator<Item = DivisionCode> {
        self.scopes(role).filter_map(|scope| match scope {
            Scope::Division(code) => Some(code.clone()),
            Scope::All => "32".parse().ok(),
            Scope::Village(_) | Scope::Organization(_) => None,
        })
    }

    /// The organizations of one role.
    pub fn organizations(&self, role: Role) -> impl Iterator<Item = &OrganizationId> {
        self.scopes(role).filter_map(|scope| match scope {
            Scope::Organization(id) => Some(id),
            _ => None,
        })
    }

    /// The own organization, if the actor has one of these roles there.
    #[must_use]
    pub fn own(&self, roles: &[Role]) -> Option<&OrganizationId> {
        let holds = |own: &&OrganizationId| roles.iter().any(|role| self.organizations(*role).any(|id| id == *own));
        self.organization.as_ref().filter(holds)
    }

    /// How the log names the actor.
    #[must_use]
    pub fn reference(&self) -> String {
        match self.who {
            Who::Visitor => "visitor".into(),
            Who::Account => self.id.to_string(),
            Who::Link => self.held.as_ref().map_or_else(|| "link".into(), |held| format!("link {}", held.link)),
            Who::Timer => "timer".into(),
            Who::System => "system".into(),
        }
    }

    /// The role under which the actor mostly acts: the first granted one.
    #[must_use]
    pub fn role(&self) -> &'static str {
        match self.who {
            Who::Visitor => "visitor",
            Who::Link => "link",
            Who::Account => self.grants.first().map_or("none", |grant| grant.role.code()),
            Who::Timer => "timer",
            Who::System => "system",
        }
    }
}
