//! A case: one child's file at a station.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use lianjie_index::{CategoryCode, DivisionCode};
use serde::{Deserialize, Serialize};

use super::{AgeBand, Child, Flag, Sex};
use crate::access::{Facts, Subject};
use crate::error::Transition;
use crate::id::{AccountId, CaseId, ChildId, OrganizationId};
use crate::secret::Hidden;

/// Where a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Taken in.
    Intake,
    /// Assessed; the plan waits for the supervisor.
    Assessed,
    /// Being worked on.
    Active,
    /// Looked after now and then.
    FollowUp,
    /// Closed.
    Closed,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Intake, Self::Assessed, Self::Active, Self::FollowUp, Self::Closed];

    /// The name, as stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Assessed => "assessed",
            Self::Active => "active",
            Self::FollowUp => "follow_up",
            Self::Closed => "closed",
        }
    }
}

/// A step of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseStep {
    /// The worker has assessed.
    Assess,
    /// The supervisor approves the plan.
    Approve,
    /// The worker goes over to looking after.
    FollowUp,
    /// The worker takes it up again.
    Resume,
    /// The supervisor closes.
    Close,
    /// The supervisor opens again, within 30 days.
    Reopen,
}

impl CaseStep {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Assess, Self::Approve, Self::FollowUp, Self::Resume, Self::Close, Self::Reopen];

    /// The name, as in `locales/` below `case.action.`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Assess => "assess",
            Self::Approve => "approve",
            Self::FollowUp => "follow_up",
            Self::Resume => "resume",
            Self::Close => "close",
            Self::Reopen => "reopen",
        }
    }

    /// Whether only a supervisor takes it.
    #[must_use]
    pub const fn is_supervisors(self) -> bool {
        matches!(self, Self::Approve | Self::Close | Self::Reopen)
    }
}

/// Risk: the code of a level of the editable table `risk_level`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Risk(pub String);

impl Risk {
    /// Whether it is the highest of the default table.
    #[must_use]
    pub fn is_red(&self) -> bool {
        self.0 == "red"
    }
}

/// A case.
#[derive(Debug, Clone)]
pub struct Case {
    /// Id.
    pub id: CaseId,
    /// Number to say on the phone.
    pub number: String,
    /// Whose.
    pub child: ChildId,
    /// Station that keeps it.
    pub station: OrganizationId,
    /// Township of residence.
    pub division: DivisionCode,
    /// Village, for the child director's scope.
    pub village: Option<String>,
    /// Division of household registration.
    pub hukou: Option<DivisionCode>,
    /// Who works on it.
    pub worker: AccountId,
    /// Who opened it.
    pub opened_by: AccountId,
    /// Where it stands.
    pub state: State,
    /// Risk.
    pub risk: Option<Risk>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// Why it was closed.
    pub closed_reason: Option<String>,
    /// What else makes the child belong to a category.
    pub flags: Vec<Flag>,
    /// Categories, computed or overridden.
    pub categories: Vec<CategoryCode>,
    /// Why they were overridden.
    pub categories_reason: Option<String>,
    /// Papers held (true) and known not to be held (false); absent = unknown. Codes of the eligibility grammar.
    pub holds: BTreeMap<String, bool>,
    /// `preschool`, `primary`, `junior`, `senior`, `none`.
    pub school_stage: Option<String>,
    /// Languages and dialects.
    pub languages: Vec<String>,
    /// How the family travels: `{"mode", "limit_minutes"}`.
    pub travel: Travel,
    /// The highest fee level the family can pay: `free`, `low`, `full`.
    pub can_pay: Option<String>,
    /// Whether a guardian is `present`, `consents`, or is `absent`.
    pub guardian: Option<String>,
    /// Version, for compare-and-set.
    pub version: i64,
}

/// How the family travels.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Travel {
    /// `walk`, `ebike`, `bus`, `car`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    /// Minutes one way that the family accepts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit_minutes: Option<u16>,
}

/// The texts of a case that are ciphertext.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Writing {
    /// Safety notes for staff, mobility.
    pub care_notes: Option<Hidden>,
    /// The worker's account of it.
    pub narrative: Option<Hidden>,
    /// Diagnoses made (true) and excluded (false), as JSON with the codes of the eligibility grammar.
    pub diagnoses: Option<Hidden>,
    /// Details of certificates.
    pub certificates: Option<Hidden>,
}

/// What anybody who may know of a case sees of it.
#[derive(Debug, Clone)]
pub struct Brief {
    /// Alias.
    pub alias: String,
    /// Age band.
    pub age_band: Option<AgeBand>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Township.
    pub division: DivisionCode,
}

impl Case {
    /// Where a step leads, on a day.
    ///
    /// # Errors
    /// [`Transition`] for every step the state does not allow; what else stands in the way of closing is asked
    /// by the action.
    pub fn step(&self, step: CaseStep, today: Date) -> Result<State, Transition> {
        use State::{Active, Assessed, Closed, FollowUp, Intake};
        let closed_lately = self.closed_at.is_some_and(|at| (today - crate::clock::day(at)).get_days() <= 30);
        match (self.state, step) {
            (Intake, CaseStep::Assess) => Ok(Assessed),
            (Assessed, CaseStep::Approve) | (FollowUp, CaseStep::Resume) => Ok(Active),
            (Active, CaseStep::FollowUp) => Ok(FollowUp),
            (Intake | Assessed | Active | FollowUp, CaseStep::Close) => Ok(Closed),
            (Closed, CaseStep::Reopen) if closed_lately => Ok(Active),
            (from, step) => Err(Transition { thing: "case", from: from.name(), action: step.name() }),
        }
    }

    /// What anybody who may know of it sees.
    #[must_use]
    pub fn brief(&self, child: &Child, today: Date) -> Brief {
        Brief {
            alias: child.alias.clone(),
            age_band: child.birth_month.map(|month| month.band(today)),
            sex: child.sex,
            division: self.division.clone(),
        }
    }
}

impl Subject for Case {
    fn facts(&self) -> Facts {
        Facts {
            thing: "case",
            id: self.id.to_string(),
            division: Some(self.division.clone()),
            village: self.village.clone(),
            station: Some(self.station.clone()),
            worker: Some(self.worker.clone()),
            author: None,
            case: Some(self.id.clone()),
            red: self.risk.as_ref().is_some_and(Risk::is_red),
            ..Facts::default()
        }
    }
}
