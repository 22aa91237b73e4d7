//! An emergency, its steps, and by when each must be done.

use jiff::{SignedDuration, Timestamp};
use lianjie_index::DivisionCode;
use serde::{Deserialize, Serialize};

use crate::access::{Facts, Subject};
use crate::error::Transition;
use crate::id::{AccountId, CaseId, EmergencyId, LeadId, OrganizationId};

/// What starts one.
pub const CAUSES: [&str; 7] = ["injury", "violence", "abuse", "unattended", "self_harm", "missing", "other"];

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Somebody is with the child, or speaks to it.
    Contact,
    /// The police know.
    Police,
    /// The child is safe: a doctor, a place to sleep, a person who stays.
    Measures,
    /// The county has it in writing.
    Report,
    /// Somebody is guardian for the time being, or it was found that nobody needs to be.
    Guardianship,
    /// The guardianship was assessed.
    Assessment,
    /// The plan was written.
    Plan,
}

impl Step {
    /// All of them, in their order.
    pub const ALL: [Self; 7] =
        [Self::Contact, Self::Police, Self::Measures, Self::Report, Self::Guardianship, Self::Assessment, Self::Plan];

    /// The name, as stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Police => "police",
            Self::Measures => "measures",
            Self::Report => "report",
            Self::Guardianship => "guardianship",
            Self::Assessment => "assessment",
            Self::Plan => "plan",
        }
    }

    /// Within how long after the start. "At once" is half an hour: what is later is late.
    #[must_use]
    pub const fn within(self) -> SignedDuration {
        match self {
            Self::Contact | Self::Police => SignedDuration::from_mins(30),
            Self::Measures => SignedDuration::from_hours(2),
            Self::Report => SignedDuration::from_hours(24),
            Self::Guardianship => SignedDuration::from_hours(72),
            Self::Assessment | Self::Plan => SignedDuration::from_hours(7 * 24),
        }
    }

    /// Whether an emergency cannot end without it.
    #[must_use]
    pub const fn is_needed(self) -> bool {
        matches!(self, Self::Contact | Self::Police | Self::Measures | Self::Report)
    }
}

/// A step that was done.
#[derive(Debug, Clone)]
pub struct Done {
    /// Which.
    pub step: Step,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: AccountId,
}

/// An emergency.
#[derive(Debug, Clone)]
pub struct Emergency {
    /// Id.
    pub id: EmergencyId,
    /// Township.
    pub division: DivisionCode,
    /// Village, where one is known.
    pub village: Option<String>,
    /// Station that acts.
    pub station: OrganizationId,
    /// The child's case, if it has one: its own, or the one its lead became.
    pub case: Option<CaseId>,
    /// The lead it began with.
    pub lead: Option<LeadId>,
    /// What started it: one of [`CAUSES`].
    pub cause: String,
    /// Who started it.
    pub started_by: AccountId,
    /// When.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Steps that were done.
    pub done: Vec<Done>,
    /// Version, for compare-and-set.
    pub version: i64,
}

impl Emergency {
    /// When a step was done.
    #[must_use]
    pub fn done(&self, step: Step) -> Option<&Done> {
        self.done.iter().find(|done| done.step == step)
    }

    /// By when a step must be done.
    #[must_use]
    pub fn due(&self, step: Step) -> Timestamp {
        self.started_at + step.within()
    }

    /// Whether a step is late: it was done late, or is still to be done and its time is over.
    #[must_use]
    pub fn is_late(&self, step: Step, now: Timestamp) -> bool {
        self.done(step).map_or(now, |done| done.at) > self.due(step)
    }

    /// The next step that is to be done, by its time.
    #[must_use]
    pub fn next(&self) -> Option<Step> {
        if self.ended_at.is_some() {
            return None;
        }
        Step::ALL.into_iter().find(|step| self.done(*step).is_none())
    }

    /// Something can be done to it.
    ///
    /// # Errors
    /// [`Transition`] once it has ended.
    pub fn running(&self, action: &'static str) -> Result<(), Transition> {
        if self.ended_at.is_none() { Ok(()) } else { Err(Transition { thing: "emergency", from: "ended", action }) }
    }

    /// Whether everything is done without which it cannot end.
    #[must_use]
    pub fn may_end(&self) -> bool {
        Step::ALL.into_iter().filter(|step| step.is_needed()).all(|step| self.done(step).is_some())
    }
}

impl Subject for Emergency {
    fn facts(&self) -> Facts {
        Facts {
            thing: "emergency",
            id: self.id.to_string(),
            division: Some(self.division.clone()),
            village: self.village.clone(),
            station: Some(self.station.clone()),
            case: self.case.clone(),
            ..Facts::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begun(at: &str) -> Emergency {
        let at: Timestamp = at.parse().unwrap();
        Emergency {
            id: EmergencyId::new(at),
            division: "320116001".parse().unwrap(),
            village: None,
            station: OrganizationId::new(at),
            case: None,
            lead: Some(LeadId::new(at)),
            cause: "injury".to_owned(),
            started_by: AccountId::new(at),
            started_at: at,
            ended_at: None,
            done: Vec::new(),
            version: 1,
        }
    }

    #[test]
    fn the_clock_runs_through_the_night_of_the_festival() {
        // New Year's Eve, 23:30 in China.
        let emergency = begun("2026-02-16T15:30:00Z");
        assert_eq!(emergency.due(Step::Measures).to_string(), "2026-02-16T17:30:00Z");
        assert!(emergency.is_late(Step::Contact, "2026-02-16T16:00:01Z".parse().unwrap()));
        assert!(!emergency.is_late(Step::Report, "2026-02-17T15:30:00Z".parse().unwrap()));
    }

    #[test]
    fn it_ends_only_when_the_child_is_safe_and_those_who_must_know_do() {
        let mut emergency = begun("2026-03-02T01:00:00Z");
        for step in [Step::Contact, Step::Measures, Step::Report] {
            emergency.done.push(Done { step, at: emergency.started_at, by: emergency.started_by.clone() });
        }
        assert!(!emergency.may_end() && emergency.next() == Some(Step::Police));
        emergency.done.push(Done { step: Step::Police, at: emergency.started_at, by: emergency.started_by.clone() });
        assert!(emergency.may_end() && emergency.next() == Some(Step::Guardianship));
    }
}
