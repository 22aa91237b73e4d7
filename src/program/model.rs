//! An activity, a payment, and what may be paid at most.

use std::sync::LazyLock;

use jiff::civil::Date;
use lianjie_index::DivisionCode;
use serde::{Deserialize, Serialize};

use crate::id::{AccountId, ActivityId, OrganizationId, ProgramId, SubsidyId};

/// What an activity is to those who come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Work with one child.
    Casework,
    /// A group that meets.
    Grouped,
    /// Open to all children of the place (普惠).
    Universal,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Casework, Self::Grouped, Self::Universal];

    /// The name, as stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Casework => "casework",
            Self::Grouped => "grouped",
            Self::Universal => "universal",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What it is about.
pub const TOPICS: [&str; 8] = ["safety", "after_school", "camp", "counselling", "companionship", "family", "culture", "other"];

/// An activity.
#[derive(Debug, Clone)]
pub struct Activity {
    /// Id.
    pub id: ActivityId,
    /// The project it belongs to; none for what a station gives of its own.
    pub program: Option<ProgramId>,
    /// Who gives it.
    pub organization: OrganizationId,
    /// Where.
    pub division: DivisionCode,
    /// What it is.
    pub kind: Kind,
    /// What it is about: one of [`TOPICS`].
    pub topic: String,
    /// What it is called.
    pub title: String,
    /// When.
    pub day: Date,
    /// How often it met.
    pub sessions: u32,
    /// Who came and was not listed one by one.
    pub headcount: u32,
    /// Who wrote it down.
    pub by: AccountId,
}

/// What money is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Building a station, once.
    Building,
    /// Running it, each year.
    Running,
    /// A project.
    Project,
}

impl Purpose {
    /// The name, as stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Building => "building",
            Self::Running => "running",
            Self::Project => "project",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        [Self::Building, Self::Running, Self::Project].into_iter().find(|kind| kind.name() == name)
    }
}

/// A payment.
#[derive(Debug, Clone)]
pub struct Subsidy {
    /// Id.
    pub id: SubsidyId,
    /// Where.
    pub division: DivisionCode,
    /// What for.
    pub purpose: Purpose,
    /// The project, if it is for one.
    pub program: Option<ProgramId>,
    /// Who gets it.
    pub organization: OrganizationId,
    /// How much, in fen.
    pub amount_fen: i64,
    /// When.
    pub day: Date,
    /// Number of the paper.
    pub receipt: String,
    /// Who wrote it down.
    pub by: AccountId,
}

/// The most that is paid in a division, in yuan.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ceiling {
    division: DivisionCode,
    building: i64,
    running: i64,
    project: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ceilings {
    ceilings: Vec<Ceiling>,
}

/// The most that is paid for a purpose in a division, in fen: once for building, each year for running, once for each project.
/// None where no row covers the division.
#[must_use]
pub fn ceiling(purpose: Purpose, division: &DivisionCode) -> Option<i64> {
    static CEILINGS: LazyLock<Vec<Ceiling>> = LazyLock::new(|| {
        let text = crate::seed::text("subsidy-ceilings.toml").expect("the ceilings are carried in the binary");
        toml::from_str::<Ceilings>(&text).expect("a test reads the ceilings").ceilings
    });
    let covering = CEILINGS.iter().filter(|row| row.division.contains(division));
    let row = covering.max_by_key(|row| row.division.as_str().len())?;
    Some(
        100 * match purpose {
            Purpose::Building => row.building,
            Purpose::Running => row.running,
            Purpose::Project => row.project,
        },
    )
}

/// What was given and spent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Delivered {
    /// Activities.
    pub activities: u32,
    /// How often they met.
    pub sessions: u32,
    /// Children listed one by one, each counted once.
    pub children: u32,
    /// Participations of those who were listed.
    pub participations: u32,
    /// Participations counted by head: how many children these are is not known.
    pub headcount: u32,
    /// What was paid, in fen.
    pub paid_fen: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_narrower_division_has_its_own_ceiling_and_elsewhere_there_is_none() {
        let at = |code: &str| ceiling(Purpose::Running, &code.parse().unwrap());
        assert_eq!(at("320583100"), Some(2_000_000));
        assert_eq!(at("320116012"), Some(2_000_000));
        assert_eq!(at("330106001"), None);
        assert_eq!(ceiling(Purpose::Project, &"320583".parse().unwrap()), Some(20_000_000));
    }
}
