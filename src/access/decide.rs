//! The one place that knows who may.

use jiff::Timestamp;
use lianjie_index::DivisionCode;

use super::table::{Reach, cell};
use super::{Action, Actor, Class, Classes, Role, Scope, Who};
use crate::error::{Error, Result};
use crate::id::{AccountId, CaseId, OrganizationId};

/// What must be known of a thing to decide upon it. Unknown facts grant nothing.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// What it is, and its id: for the refusal.
    pub thing: &'static str,
    /// Id for the refusal.
    pub id: String,
    /// Division it lies in.
    pub division: Option<DivisionCode>,
    /// Village, where one is known.
    pub village: Option<String>,
    /// Station that keeps it.
    pub station: Option<OrganizationId>,
    /// Organization it belongs to, or that it was sent to.
    pub organization: Option<OrganizationId>,
    /// Account it is assigned to.
    pub worker: Option<AccountId>,
    /// Account that wrote it.
    pub author: Option<AccountId>,
    /// Case it belongs to.
    pub case: Option<CaseId>,
    /// Whether it is a draft nobody else has seen.
    pub draft: bool,
    /// Whether the case's risk is the highest.
    pub red: bool,
    /// Bodies invited to the meeting it belongs to.
    pub invited: Vec<OrganizationId>,
    /// The instant asked about, for tickets.
    pub at: Option<Timestamp>,
}

/// A thing that can be decided upon.
pub trait Subject {
    /// Its facts.
    fn facts(&self) -> Facts;
}

impl Subject for Facts {
    fn facts(&self) -> Facts {
        self.clone()
    }
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Yes, for everything the action shows.
    Allow,
    /// Yes, but only these field classes.
    Mask(Classes),
    /// Not the actor's: answered like a thing that is not there.
    NotYours {
        /// Table name.
        thing: &'static str,
        /// Id asked for.
        id: String,
    },
    /// The actor's, but not this deed. `why` is a key below `forbidden.` in `locales/`.
    NotThis {
        /// Key of the reason.
        why: &'static str,
    },
}

impl Decision {
    /// Whether it is a yes.
    #[must_use]
    pub const fn is_allowed(&self) -> bool {
        matches!(self, Self::Allow | Self::Mask(_))
    }

    /// Goes on, or fails with 404 or 403.
    pub fn allowed(self) -> Result<()> {
        match self {
            Self::Allow | Self::Mask(_) => Ok(()),
            Self::NotYours { thing, id } => Err(Error::Missing { thing, id }),
            Self::NotThis { why } => Err(Error::Forbidden { why }),
        }
    }
}

/// Decides whether `actor` may do `action` to `subject`.
#[must_use]
pub fn decide(actor: &Actor, action: Action, subject: &impl Subject) -> Decision {
    let facts = subject.facts();
    match actor.who {
        Who::Timer | Who::System => return Decision::Allow,
        Who::Visitor => return not_yours(facts),
        Who::Link => return if holds(actor, action, &facts) { Decision::Allow } else { not_yours(facts) },
        Who::Account => {}
    }
    let reached =
        actor.grants.iter().any(|grant| cell(action, grant.role).iter().any(|reach| reaches(actor, &grant.scope, *reach, &facts)));
    if !reached {
        return if sees(actor, &facts) { Decision::NotThis { why: "role" } } else { not_yours(facts) };
    }
    if action.needs_second_person() && facts.author.as_ref() == Some(&actor.id) {
        return Decision::NotThis { why: "second_person" };
    }
    match action {
        Action::ReadCase | Action::IdentifyCase => Decision::Mask(classes(actor, &facts)),
        _ => Decision::Allow,
    }
}

/// Whether a link opens this: the one thing, to read and to answer.
fn holds(actor: &Actor, action: Action, facts: &Facts) -> bool {
    let opens = matches!(
        (facts.thing, action),
        ("referral", Action::ReadReferral | Action::AnswerReferral)
            | ("action", Action::ReportAction)
            | ("organization", Action::ConfirmFreshness | Action::SuggestChange)
    );
    opens && actor.held.as_ref().is_some_and(|held| held.thing == facts.thing && held.id == facts.id)
}

fn not_yours(facts: Facts) -> Decision {
    Decision::NotYours { thing: facts.thing, id: facts.id }
}

/// Whether one grant's reach covers the thing.
fn reaches(actor: &Actor, scope: &Scope, reach: Reach, facts: &Facts) -> bool {
    match reach {
        Reach::Anywhere | Reach::OnBehalf => true,
        Reach::Assigned => in_station(scope, facts) && facts.worker.as_ref() == Some(&actor.id),
        Reach::Village => matches!(scope, Scope::Village(code) if facts.village.as_ref() == Some(code)),
        Reach::Station => in_station(scope, facts),
        Reach::County => in_subtree(scope, facts),
        Reach::RedCounty => facts.red && in_subtree(scope, facts),
        Reach::Own => matches!(scope, Scope::Organization(id) if facts.organization.as_ref() == Some(id)),
        Reach::Meeting => matches!(scope, Scope::Organization(id) if facts.invited.contains(id)),
        Reach::Ticket => {
            actor.tickets.iter().any(|ticket| facts.case.as_ref() == Some(&ticket.case) && facts.at.is_none_or(|at| at <= ticket.valid_to))
        }
        Reach::OwnDraft => facts.draft && in_station(scope, facts) && facts.author.as_ref() == Some(&actor.id),
        Reach::Self_ => facts.worker.as_ref() == Some(&actor.id),
    }
}

fn in_station(scope: &Scope, facts: &Facts) -> bool {
    matches!(scope, Scope::Organization(id) if facts.station.as_ref() == Some(id))
}

fn in_subtree(scope: &Scope, facts: &Facts) -> bool {
    match scope {
        Scope::All => true,
        Scope::Division(code) => facts.division.as_ref().is_some_and(|division| code.contains(division)),
        Scope::Village(_) | Scope::Organization(_) => false,
    }
}

/// Whether the actor may know of the thing at all: then a refusal says why.
fn sees(actor: &Actor, facts: &Facts) -> bool {
    let read = match facts.thing {
        "case" | "child" | "need" | "consent" | "plan" => Action::ReadCase,
        "referral" | "dispatch" => Action::ReadReferral,
        "conference" => Action::ReadMeeting,
        "lead" | "emergency" | "transfer" => Action::FileLead,
        "action" => Action::ReportAction,
        _ => Action::SearchDirectory,
    };
    actor.grants.iter().any(|grant| cell(read, grant.role).iter().any(|reach| reaches(actor, &grant.scope, *reach, facts)))
}

/// Whether the actor holds a role that reaches for `action` at all, somewhere: what navigation shows.
#[must_use]
pub fn may_anywhere(actor: &Actor, action: Action) -> bool {
    actor.grants.iter().any(|grant| !cell(action, grant.role).is_empty())
}

/// What the actor sees of a case's fields, by class.
#[must_use]
pub fn classes(actor: &Actor, facts: &Facts) -> Classes {
    const MASKED: Classes = Classes::of(&[Class::Open]);
    const DIRECTOR: Classes = Classes::of(&[Class::Open, Class::Contact, Class::Identity]);
    const COORDINATOR: Classes = Classes::of(&[Class::Open, Class::Care, Class::Status]);
    const WHOLE: Classes = Classes::of(&[Class::Open, Class::Care, Class::Status, Class::Contact, Class::Identity, Class::Sensitive]);
    if matches!(actor.who, Who::Timer | Who::System) {
        return Classes::NONE;
    }
    actor.grants.iter().fold(Classes::NONE, |seen, grant| {
        let reached = |action| cell(action, grant.role).iter().any(|reach| reaches(actor, &grant.scope, *reach, facts));
        let identified = reached(Action::IdentifyCase);
        seen.and(match grant.role {
            Role::ChildDirector if identified => DIRECTOR,
            Role::Worker | Role::Supervisor | Role::Coordinator if identified => WHOLE,
            Role::Coordinator if reached(Action::ReadCase) => COORDINATOR,
            Role::Worker | Role::Supervisor | Role::Participant if reached(Action::ReadCase) => MASKED,
            _ => Classes::NONE,
        })
    })
}

/// The level at which the actor reads the directory: workers' or public.
#[must_use]
pub fn directory_level(actor: &Actor) -> &'static str {
    let outside = |role: Role| matches!(role, Role::Provider | Role::Participant);
    if actor.grants.iter().any(|grant| !outside(grant.role)) { "workers" } else { "public" }
}
