//! A visit, and when the next one is due.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::super::model::Risk;
use crate::calendar::model::Calendar;
use crate::id::{AccountId, CaseId, VisitId};
use crate::taxonomy::model::Categories;

/// How the child was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// At home.
    Home,
    /// At school.
    School,
    /// By telephone: kept, but nobody has seen the child.
    Phone,
    /// After the end of help.
    AfterCare,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Home, Self::School, Self::Phone, Self::AfterCare];

    /// The name, as stored and in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::School => "school",
            Self::Phone => "phone",
            Self::AfterCare => "after_care",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A visit. Its words are sealed, and read apart.
#[derive(Debug, Clone)]
pub struct CaseVisit {
    /// Id.
    pub id: VisitId,
    /// Whose case.
    pub case: CaseId,
    /// Who was there.
    pub by: AccountId,
    /// When.
    pub day: Date,
    /// How.
    pub kind: Kind,
}

/// How often a child is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Every {
    /// Days between visits.
    pub days: u16,
    /// Whether holidays are no reason to wait.
    pub by_the_clock: bool,
}

impl Every {
    /// By the risk of a case. A case whose risk nobody has looked at yet is seen as the third level is.
    #[must_use]
    pub fn of(risk: Option<&Risk>, categories: &Categories) -> Self {
        const UNKNOWN: u8 = 3;
        let level = risk.and_then(|risk| categories.risk(&risk.0)).or_else(|| categories.risks.iter().find(|level| level.rank == UNKNOWN));
        Self { days: level.map_or(30, |level| level.visit_every), by_the_clock: level.is_some_and(|level| level.rank == 1) }
    }
}

/// When the next visit is due: so many days after the child was last seen, or after the case was opened. A day nobody works on
/// moves to the next that is worked; at the highest risk it does not.
#[must_use]
pub fn due(seen: Option<Date>, opened: Date, every: Every, calendar: &Calendar) -> Date {
    let from = seen.unwrap_or(opened);
    let mut day = from.saturating_add(jiff::ToSpan::days(i64::from(every.days)));
    while !every.by_the_clock && !calendar.is_worked(day) {
        let Ok(next) = day.tomorrow() else { break };
        day = next;
    }
    day
}
