//! `plan_version` and `goal`.

use jiff::civil::Date;
use sqlx::any::AnyRow;

use super::super::store::Within;
use super::model::{Goal, PlanVersion};
use crate::clock;
use crate::error::{Error, Result};
use crate::id::{AccountId, CaseId, ChildId, GoalId, NeedId, PlanVersionId};
use crate::secret::{ChildKey, Place, Words};
use crate::store::{Connection, Row};

/// Whose key opens the words.
pub type Sealing<'a> = (&'a ChildKey, &'a ChildId);

fn place(child: &ChildId) -> Place<'_> {
    Place { table: "plan_version", child: child.as_str(), field: "words" }
}

fn goal_place(child: &ChildId) -> Place<'_> {
    Place { table: "goal", child: child.as_str(), field: "words" }
}

fn read(row: &AnyRow) -> Result<PlanVersion> {
    let row = Row::of("plan_version", row);
    Ok(PlanVersion {
        id: row.parse("id")?,
        case: row.parse("case_id")?,
        number: row.count("number")?,
        state: row.name("state")?,
        review_day: row.parse("review_day")?,
        submitted_at: row.maybe_parse("submitted_at")?,
        written_by: row.parse("written_by")?,
        written_at: row.parse("written_at")?,
        approved_by: row.maybe_parse("approved_by")?,
        approved_at: row.maybe_parse("approved_at")?,
        version: row.int("version")?,
    })
}

/// The versions of a case's plan, the last first.
pub async fn of_case(db: &mut Connection, case: &CaseId) -> Result<Vec<PlanVersion>> {
    let rows = sqlx::query(
        "SELECT id, case_id, number, state, review_day, submitted_at, written_by, written_at, approved_by, approved_at, version
         FROM plan_version WHERE case_id = $1 ORDER BY number DESC",
    )
    .bind(case.as_str())
    .fetch_all(db)
    .await?;
    rows.iter().map(read).collect()
}

/// The words of a version: the caller has asked `decide` and records the view.
pub async fn words(db: &mut Connection, (key, child): Sealing<'_>, id: &PlanVersionId) -> Result<Words> {
    let cell: Option<String> = sqlx::query_scalar("SELECT words FROM plan_version WHERE id = $1").bind(id.as_str()).fetch_one(db).await?;
    Ok(Words::open(key, place(child), cell.as_deref())?)
}

/// The goals of a version, in their order: the caller has asked `decide` and records the view.
pub async fn goals(db: &mut Connection, (key, child): Sealing<'_>, id: &PlanVersionId) -> Result<Vec<Goal>> {
    let rows = sqlx::query(
        "SELECT id, need_id, words, fee_source, from_day, review_day, result FROM goal WHERE plan_version_id = $1 ORDER BY position",
    )
    .bind(id.as_str())
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("goal", row);
            Ok(Goal {
                id: row.parse("id")?,
                need: row.maybe_parse("need_id")?,
                words: Words::open(key, goal_place(child), Some(&row.text("words")?))?,
                fee_source: row.maybe_text("fee_source")?,
                from_day: row.parse("from_day")?,
                review_day: row.parse("review_day")?,
                result: row.name("result")?,
            })
        })
        .collect()
}

/// How many goals a version has.
pub async fn count_goals(db: &mut Connection, id: &PlanVersionId) -> Result<i64> {
    Ok(sqlx::query_scalar("SELECT COUNT(*) FROM goal WHERE plan_version_id = $1").bind(id.as_str()).fetch_one(db).await?)
}

/// Writes a new version.
pub async fn insert(db: &mut Connection, plan: &PlanVersion, province: &str, (key, child): Sealing<'_>, words: &Words) -> Result<()> {
    sqlx::query(
        "INSERT INTO plan_version (id, case_id, province, number, state, review_day, words, submitted_at, written_by, written_at,
                                   approved_by, approved_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(plan.id.as_str())
    .bind(plan.case.as_str())
    .bind(province)
    .bind(i64::from(plan.number))
    .bind(plan.state.name())
    .bind(plan.review_day.to_string())
    .bind(words.seal(key, place(child)))
    .bind(plan.submitted_at.map(clock::stored))
    .bind(plan.written_by.as_str())
    .bind(clock::stored(plan.written_at))
    .bind(plan.approved_by.as_ref().map(AccountId::as_str))
    .bind(plan.approved_at.map(clock::stored))
    .execute(db)
    .await
    .map_err(Error::from)?;
    Ok(())
}

/// Writes a version that is there, if nobody else has in between; its words too where some are given.
pub async fn update(db: &mut Connection, plan: &mut PlanVersion, words: Option<(Sealing<'_>, &Words)>) -> Result<()> {
    let sealed = words.map(|((key, child), words)| words.seal(key, place(child)));
    let done = sqlx::query(
        "UPDATE plan_version SET state = $3, review_day = $4, submitted_at = $5, written_by = $6, written_at = $7, approved_by = $8,
                approved_at = $9, words = CASE WHEN $10 = 1 THEN $11 ELSE words END, version = version + 1
         WHERE id = $1 AND version = $2",
    )
    .bind(plan.id.as_str())
    .bind(plan.version)
    .bind(plan.state.name())
    .bind(plan.review_day.to_string())
    .bind(plan.submitted_at.map(clock::stored))
    .bind(plan.written_by.as_str())
    .bind(clock::stored(plan.written_at))
    .bind(plan.approved_by.as_ref().map(AccountId::as_str))
    .bind(plan.approved_at.map(clock::stored))
    .bind(i64::from(sealed.is_some()))
    .bind(sealed.flatten())
    .execute(db)
    .await?;
    if done.rows_affected() == 0 {
        return Err(Error::Conflict { why: "changed" });
    }
    plan.version += 1;
    Ok(())
}

/// Puts these goals in the place of a version's.
pub async fn replace_goals(db: &mut Connection, id: &PlanVersionId, (key, child): Sealing<'_>, goals: &[Goal]) -> Result<()> {
    sqlx::query("DELETE FROM goal WHERE plan_version_id = $1").bind(id.as_str()).execute(&mut *db).await?;
    for (position, goal) in (0i64..).zip(goals) {
        sqlx::query(
            "INSERT INTO goal (id, plan_version_id, position, need_id, words, fee_source, from_day, review_day, result)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(goal.id.as_str())
        .bind(id.as_str())
        .bind(position)
        .bind(goal.need.as_ref().map(NeedId::as_str))
        .bind(goal.words.seal(key, goal_place(child)))
        .bind(&goal.fee_source)
        .bind(goal.from_day.to_string())
        .bind(goal.review_day.to_string())
        .bind(goal.result.name())
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// How the plan of a case of a list stands.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Whose case.
    pub case: CaseId,
    /// The version in force, with the day it is looked at again: the earliest of its own and those of its goals that are open.
    pub current: Option<(u32, Date)>,
    /// Whether there is a draft.
    pub drafted: bool,
    /// Whether it waits for the station head.
    pub submitted: bool,
}

impl Standing {
    /// Whether the day of review has come.
    #[must_use]
    pub fn is_due(&self, today: Date) -> bool {
        self.current.is_some_and(|(_, review)| review <= today)
    }
}

/// The one text of the list, up to its condition; a row is one text, for a county has thousands.
macro_rules! standing {
    ($condition:literal) => {
        concat!(
            "SELECT c.id || '|' || COALESCE(CAST(p.number AS TEXT), '') || '|' || COALESCE(p.review_day, '')
                    || '|' || COALESCE((SELECT MIN(g.review_day) FROM goal g WHERE g.plan_version_id = p.id AND g.result = 'open'), '')
                    || '|' || CASE WHEN d.id IS NULL THEN '' WHEN d.submitted_at IS NULL THEN 'draft' ELSE 'submitted' END AS packed
             FROM \"case\" c LEFT JOIN plan_version p ON p.case_id = c.id AND p.state = 'approved'
                  LEFT JOIN plan_version d ON d.case_id = c.id AND d.state = 'draft'
             WHERE c.state <> 'closed' AND ",
            $condition
        )
    };
}

/// How the plans of a list's cases stand.
pub async fn standing(db: &mut Connection, within: &Within) -> Result<Vec<Standing>> {
    let (text, value) = match within {
        Within::Worker(id) => (standing!("c.worker_id = $1"), id.to_string()),
        Within::Station(id) => (standing!("c.station_id = $1"), id.to_string()),
        Within::Division(code) => (standing!("c.division >= $1 AND c.division < $1 || 'z'"), code.to_string()),
        Within::Village(code) => (standing!("c.village = $1"), code.clone()),
    };
    let rows = sqlx::query(text).bind(value).fetch_all(db).await?;
    rows.iter()
        .map(|row| {
            let packed = Row::of("plan_version", row).packed::<5>("packed")?;
            let (number, whole, goal) = (packed.maybe(1)?, packed.maybe::<Date>(2)?, packed.maybe::<Date>(3)?);
            let review = whole.map(|whole| goal.map_or(whole, |day| day.min(whole)));
            let draft = packed.texts()[4];
            Ok(Standing {
                case: packed.parse(0)?,
                current: number.zip(review),
                drafted: !draft.is_empty(),
                submitted: draft == "submitted",
            })
        })
        .collect()
}

/// Marks how far a goal was reached, in the plan in force and in the draft that goes on with it.
pub async fn settle_goal(db: &mut Connection, case: &CaseId, goal: &GoalId, result: &str) -> Result<bool> {
    let done = sqlx::query(
        "UPDATE goal SET result = $3 WHERE id = $2
         AND plan_version_id IN (SELECT p.id FROM plan_version p WHERE p.case_id = $1 AND p.state IN ('approved', 'draft'))",
    )
    .bind(case.as_str())
    .bind(goal.as_str())
    .bind(result)
    .execute(db)
    .await?;
    Ok(done.rows_affected() > 0)
}
