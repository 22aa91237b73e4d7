//! A lead, and where it may go.

use jiff::{SignedDuration, Timestamp};
use lianjie_index::DivisionCode;
use serde::{Deserialize, Serialize};

use crate::access::{Facts, Subject};
use crate::calendar::model::{Calendar, Length};
use crate::error::Transition;
use crate::id::{AccountId, CaseId, LeadId, OrganizationId};

/// Who tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sources {
    /// A village or residents' committee.
    Village,
    /// A school or kindergarten.
    School,
    /// The police.
    Police,
    /// A hospital.
    Hospital,
    /// A hotline.
    Hotline,
    /// A list of a department that was compared with ours.
    Comparison,
    /// Anybody else: a neighbour, a relative, the child.
    Other,
}

impl Sources {
    /// Those a person may name; comparing lists names its own.
    pub const TOLD: [Self; 6] = [Self::Village, Self::School, Self::Police, Self::Hospital, Self::Hotline, Self::Other];

    /// The name, as stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Village => "village",
            Self::School => "school",
            Self::Police => "police",
            Self::Hospital => "hospital",
            Self::Hotline => "hotline",
            Self::Comparison => "comparison",
            Self::Other => "other",
        }
    }
}

/// Where a lead stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nobody has looked.
    New,
    /// Somebody was there.
    Visited,
    /// A case was opened.
    Opened,
    /// There is nothing in it, and the station head has said why.
    Dismissed,
}

impl State {
    /// The name, as stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Visited => "visited",
            Self::Opened => "opened",
            Self::Dismissed => "dismissed",
        }
    }
}

/// A step of a lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Somebody was there.
    Visit,
    /// A case is opened.
    Open,
    /// There is nothing in it.
    Dismiss,
}

/// A lead, without its words.
#[derive(Debug, Clone)]
pub struct Lead {
    /// Id.
    pub id: LeadId,
    /// Number to say on the phone.
    pub number: String,
    /// Township.
    pub division: DivisionCode,
    /// Village, where one is known.
    pub village: Option<String>,
    /// Station that looks.
    pub station: OrganizationId,
    /// Who told.
    pub source: Sources,
    /// Whether the child may be in danger now.
    pub danger: bool,
    /// Where it stands.
    pub state: State,
    /// When somebody must have looked; once somebody has, when it must be decided.
    pub due_at: Timestamp,
    /// When somebody did.
    pub visited_at: Option<Timestamp>,
    /// Why it was dismissed.
    pub reason: Option<String>,
    /// The case it became.
    pub case: Option<CaseId>,
    /// Who filed it.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
    /// Version, for compare-and-set.
    pub version: i64,
}

impl Lead {
    /// When somebody must have looked: two hours by the clock where there may be danger, else three working days.
    #[must_use]
    pub fn due(filed: Timestamp, danger: bool, calendar: &Calendar) -> Timestamp {
        if danger { filed + SignedDuration::from_hours(2) } else { calendar.after(filed, Length::WorkingDays(3)) }
    }

    /// Where a step leads.
    ///
    /// # Errors
    /// [`Transition`] once a case was opened or it was dismissed.
    pub fn step(&self, step: Step) -> Result<State, Transition> {
        match (self.state, step) {
            (State::New, Step::Visit) => Ok(State::Visited),
            (State::New | State::Visited, Step::Open) => Ok(State::Opened),
            (State::New | State::Visited, Step::Dismiss) => Ok(State::Dismissed),
            (from, step) => {
                let action = match step {
                    Step::Visit => "visit",
                    Step::Open => "open",
                    Step::Dismiss => "dismiss",
                };
                Err(Transition { thing: "lead", from: from.name(), action })
            }
        }
    }

    /// When it must be decided, once somebody has looked: a day by the clock where there may be danger, else five working days.
    #[must_use]
    pub fn decide_by(visited: Timestamp, danger: bool, calendar: &Calendar) -> Timestamp {
        if danger { visited + SignedDuration::from_hours(24) } else { calendar.after(visited, Length::WorkingDays(5)) }
    }

    /// Whether somebody should have looked, or decided, and nobody has.
    #[must_use]
    pub fn is_late(&self, now: Timestamp) -> bool {
        matches!(self.state, State::New | State::Visited) && self.due_at < now
    }
}

impl Subject for Lead {
    fn facts(&self) -> Facts {
        Facts {
            thing: "lead",
            id: self.id.to_string(),
            division: Some(self.division.clone()),
            village: self.village.clone(),
            station: Some(self.station.clone()),
            ..Facts::default()
        }
    }
}
