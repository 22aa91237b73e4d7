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
    /// How soon after the case was opened a child is seen first; absent is as soon as any other time.
    pub first: Option<First>,
    /// Days between visits.
    pub days: u16,
    /// Whether holidays are no reason to wait.
    pub by_the_clock: bool,
}

/// How soon a child is seen first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum First {
    /// So many days by the clock; 0 is the same day.
    Days(u16),
    /// So many working days.
    WorkingDays(u16),
}

impl First {
    /// Reads it as an installation writes it with a level of risk: `at once`, `24 h`, `2 d`, `3 working days`.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        if text == "at once" {
            return Some(Self::Days(0));
        }
        let (amount, unit) = text.split_once(' ')?;
        let amount: u16 = amount.parse().ok()?;
        match unit {
            "h" => Some(Self::Days(amount.div_ceil(24))),
            "d" => Some(Self::Days(amount)),
            "working days" => Some(Self::WorkingDays(amount)),
            _ => None,
        }
    }

    /// The last day of it.
    fn after(self, opened: Date, calendar: &Calendar) -> Date {
        match self {
            Self::Days(days) => opened.saturating_add(jiff::ToSpan::days(i64::from(days))),
            Self::WorkingDays(days) => {
                let later = |day: &Date| day.tomorrow().ok();
                let worked = std::iter::successors(later(&opened), later).filter(|day| calendar.is_worked(*day));
                worked.take(usize::from(days)).last().unwrap_or(opened)
            }
        }
    }
}

impl Every {
    /// By the risk of a case. A case whose risk nobody has looked at yet is seen as the third level is.
    #[must_use]
    pub fn of(risk: Option<&Risk>, categories: &Categories) -> Self {
        const UNKNOWN: u8 = 3;
        let level = risk.and_then(|risk| categories.risk(&risk.0)).or_else(|| categories.risks.iter().find(|level| level.rank == UNKNOWN));
        let first = level.and_then(|level| First::of(&level.first_contact));
        Self { first, days: level.map_or(30, |level| level.visit_every), by_the_clock: level.is_some_and(|level| level.rank == 1) }
    }
}

/// When the next visit is due: so many days after the child was last seen. Who was never seen is seen within the time of a first
/// contact after the case was opened, where the risk names one. A day nobody works on
/// moves to the next that is worked; at the highest risk it does not.
#[must_use]
pub fn due(seen: Option<Date>, opened: Date, every: Every, calendar: &Calendar) -> Date {
    if let (None, Some(first)) = (seen, every.first) {
        return first.after(opened, calendar);
    }
    let from = seen.unwrap_or(opened);
    let mut day = from.saturating_add(jiff::ToSpan::days(i64::from(every.days)));
    while !every.by_the_clock && !calendar.is_worked(day) {
        let Ok(next) = day.tomorrow() else { break };
        day = next;
    }
    day
}
