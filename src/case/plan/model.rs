//! A version of a plan, its goals, and what changed between two.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::id::{AccountId, CaseId, GoalId, NeedId, PlanVersionId};
use crate::secret::Words;

/// Most goals of a version: a plan with more is not carried out.
pub const GOALS: usize = 12;

/// Who pays: the family, the station, a project, the public hand, a foundation, nobody.
pub const FEE_SOURCES: [&str; 6] = ["none", "family", "station", "program", "public", "charity"];

/// Where a version stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Being written.
    Draft,
    /// In force.
    Approved,
    /// Was in force.
    Replaced,
}

impl State {
    /// The name, as stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Approved => "approved",
            Self::Replaced => "replaced",
        }
    }
}

/// How far a goal was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reached {
    /// Not looked at yet, or worked on.
    Open,
    /// Reached.
    Reached,
    /// In part.
    Partly,
    /// Not.
    NotReached,
}

impl Reached {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Open, Self::Reached, Self::Partly, Self::NotReached];

    /// The name, as stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Reached => "reached",
            Self::Partly => "partly",
            Self::NotReached => "not_reached",
        }
    }
}

/// A version of a case's plan, without what is sealed.
#[derive(Debug, Clone)]
pub struct PlanVersion {
    /// Id.
    pub id: PlanVersionId,
    /// Whose case.
    pub case: CaseId,
    /// 1, 2, …
    pub number: u32,
    /// Where it stands.
    pub state: State,
    /// When the whole is looked at again.
    pub review_day: Date,
    /// When it was handed to the station head.
    pub submitted_at: Option<Timestamp>,
    /// Who wrote it last.
    pub written_by: AccountId,
    /// When.
    pub written_at: Timestamp,
    /// Who approved it.
    pub approved_by: Option<AccountId>,
    /// When.
    pub approved_at: Option<Timestamp>,
    /// Version of the row, for compare-and-set.
    pub version: i64,
}

impl PlanVersion {
    /// Whether it is the one that counts.
    #[must_use]
    pub fn is_in_force(&self) -> bool {
        self.state == State::Approved
    }
}

/// A goal of a version.
#[derive(Debug, Clone)]
pub struct Goal {
    /// Id, the same in every version.
    pub id: GoalId,
    /// The need it is for, if it is for one.
    pub need: Option<NeedId>,
    /// `goal`, `measure`, `responsible`.
    pub words: Words,
    /// Who pays: one of [`FEE_SOURCES`].
    pub fee_source: Option<String>,
    /// First day.
    pub from_day: Date,
    /// When it is looked at.
    pub review_day: Date,
    /// How far it was reached.
    pub result: Reached,
}

/// What became of a goal from one version to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change<'a> {
    /// New.
    Added(&'a Goal),
    /// Left out.
    Dropped(&'a Goal),
    /// Put in other words, days or hands: before, after.
    Changed(&'a Goal, &'a Goal),
    /// As before.
    Kept(&'a Goal),
}

impl PartialEq for Goal {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
            && self.need == other.need
            && self.words == other.words
            && self.fee_source == other.fee_source
            && (self.from_day, self.review_day) == (other.from_day, other.review_day)
    }
}

impl Eq for Goal {}

/// What changed from `before` to `after`: the goals of `after` in their order, then those left out.
#[must_use]
pub fn changes<'a>(before: &'a [Goal], after: &'a [Goal]) -> Vec<Change<'a>> {
    let of = |goals: &'a [Goal], id: &GoalId| goals.iter().find(|goal| goal.id == *id);
    let now = after.iter().map(|goal| match of(before, &goal.id) {
        None => Change::Added(goal),
        Some(old) if old == goal => Change::Kept(goal),
        Some(old) => Change::Changed(old, goal),
    });
    now.chain(before.iter().filter(|goal| of(after, &goal.id).is_none()).map(Change::Dropped)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Hidden;

    fn goal(id: &GoalId, measure: &str) -> Goal {
        let day = "2026-03-02".parse().unwrap();
        let words = Words::of([("measure", Hidden::new(measure))]);
        Goal { id: id.clone(), need: None, words, fee_source: None, from_day: day, review_day: day, result: Reached::Open }
    }

    #[test]
    fn versions_are_compared_goal_by_goal() {
        let at = "2026-03-02T01:00:00Z".parse().unwrap();
        let (one, two, three, four) = (GoalId::new(at), GoalId::new(at), GoalId::new(at), GoalId::new(at));
        let before = [goal(&one, "每周两次"), goal(&two, "陪同就诊"), goal(&three, "补办户口")];
        let mut after = [goal(&two, "陪同就诊"), goal(&one, "每周三次"), goal(&four, "周末托管")];
        after[0].result = Reached::Reached;
        let found: Vec<_> = changes(&before, &after)
            .into_iter()
            .map(|change| match change {
                Change::Added(goal) => ("added", goal.id.clone()),
                Change::Dropped(goal) => ("dropped", goal.id.clone()),
                Change::Changed(_, goal) => ("changed", goal.id.clone()),
                Change::Kept(goal) => ("kept", goal.id.clone()),
            })
            .collect();
        assert_eq!(found, [("kept", two), ("changed", one), ("added", four), ("dropped", three)], "a result is no change of the plan");
    }
}
