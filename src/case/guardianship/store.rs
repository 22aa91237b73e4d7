//! How each case of a list stands, and the figures over them.

use jiff::Timestamp;
use jiff::civil::Date;

use super::super::assessment::Outcome;
use super::super::store::Within;
use crate::clock;
use crate::error::Result;
use crate::id::CaseId;
use crate::store::{Connection, Row};

/// How one case stands.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The case.
    pub case: CaseId,
    /// Whether a parent works elsewhere and none is there: it needs an agreement.
    pub needs_agreement: bool,
    /// Last day of the agreement that covers the child today.
    pub covered_to: Option<Date>,
    /// What the last assessment found, and until when it counts.
    pub assessed: Option<(Outcome, Date)>,
}

impl Standing {
    /// Whether it needs an agreement and has none that covers the child.
    #[must_use]
    pub const fn is_uncovered(&self) -> bool {
        self.needs_agreement && self.covered_to.is_none()
    }

    /// What the last assessment found, if it still counts.
    #[must_use]
    pub fn outcome(&self, today: Date) -> Option<Outcome> {
        self.assessed.filter(|(_, until)| *until >= today).map(|(outcome, _)| outcome)
    }
}

/// One case: `$1` is what the list is of, `$2` the day.
macro_rules! standing {
    ($condition:literal) => {
        concat!(
            "SELECT c.id, CASE WHEN EXISTS (SELECT 1 FROM guardian g WHERE g.child_id = c.child_id AND g.relation IN ('father', 'mother') AND g.state = 'away')
                          AND NOT EXISTS (SELECT 1 FROM guardian g WHERE g.child_id = c.child_id AND g.relation IN ('father', 'mother') AND g.state = 'present')
                         THEN 1 ELSE 0 END AS needs,
                    (SELECT MAX(k.to_day) FROM care_agreement k
                      WHERE k.case_id = c.id AND k.state = 'signed' AND k.from_day <= $2 AND k.to_day >= $2) AS covered_to,
                    (SELECT MIN(k.from_day || '|' || k.to_day) FROM care_agreement k
                      WHERE k.case_id = c.id AND k.state = 'signed' AND k.from_day > $2) AS renewed,
                    (SELECT x.valid_until || '|' || x.result FROM assessment x
                      WHERE x.case_id = c.id ORDER BY x.day DESC, x.id DESC LIMIT 1) AS assessed
             FROM \"case\" c
             WHERE c.state <> 'closed' AND ",
            $condition
        )
    };
}

/// How many of them need an agreement and have none that covers them.
macro_rules! uncovered {
    ($condition:literal) => {
        concat!("SELECT COUNT(*) FROM (", standing!($condition), ") f WHERE f.needs = 1 AND f.covered_to IS NULL")
    };
}

/// How many children of a list need an agreement and have none.
pub async fn uncovered(db: &mut Connection, within: &Within, today: Date) -> Result<i64> {
    let (text, value) = match within {
        Within::Worker(id) => (uncovered!("c.worker_id = $1"), id.to_string()),
        Within::Station(id) => (uncovered!("c.station_id = $1"), id.to_string()),
        Within::Division(code) => (uncovered!("c.division >= $1 AND c.division < $1 || 'z'"), code.to_string()),
        Within::Village(code) => (uncovered!("c.village = $1"), code.clone()),
    };
    Ok(sqlx::query_scalar(text).bind(value).bind(today.to_string()).fetch_one(db).await?)
}

macro_rules! unassessed {
    ($condition:literal) => {
        concat!(
            "SELECT COUNT(*) FROM \"case\" c WHERE c.state <> 'closed' AND c.opened_at < $3
               AND NOT EXISTS (SELECT 1 FROM assessment x WHERE x.case_id = c.id AND x.valid_until >= $2) AND ",
            $condition
        )
    };
}

/// How many children of a worker or station that were on file before an instant have no assessment that still counts; none is
/// counted for wider lists, whose figures stand on the page of guardianship.
pub async fn unassessed(db: &mut Connection, within: &Within, today: Date, before: Timestamp) -> Result<i64> {
    let (text, value) = match within {
        Within::Worker(id) => (unassessed!("c.worker_id = $1"), id.to_string()),
        Within::Station(id) => (unassessed!("c.station_id = $1"), id.to_string()),
        Within::Division(_) | Within::Village(_) => return Ok(0),
    };
    let query = sqlx::query_scalar(text).bind(value).bind(today.to_string()).bind(clock::stored(before));
    Ok(query.fetch_one(db).await?)
}

/// A row is one text: a county has thousands.
macro_rules! packed {
    ($condition:literal) => {
        concat!(
            "SELECT f.id || '|' || CAST(f.needs AS TEXT) || '|' || COALESCE(f.covered_to, '') || '|' || COALESCE(f.assessed, '|')
                    || '|' || COALESCE(f.renewed, '|') AS packed
             FROM (",
            standing!($condition),
            ") f"
        )
    };
}

/// The cases of a list.
pub async fn standing(db: &mut Connection, within: &Within, today: Date) -> Result<Vec<Standing>> {
    let (text, value) = match within {
        Within::Worker(id) => (packed!("c.worker_id = $1"), id.to_string()),
        Within::Station(id) => (packed!("c.station_id = $1"), id.to_string()),
        Within::Division(code) => (packed!("c.division >= $1 AND c.division < $1 || 'z'"), code.to_string()),
        Within::Village(code) => (packed!("c.village = $1"), code.clone()),
    };
    let rows = sqlx::query(text).bind(value).bind(today.to_string()).fetch_all(db).await?;
    rows.iter()
        .map(|row| {
            let packed = Row::of("case", row).packed::<7>("packed")?;
            let outcome = packed.maybe_name(4)?;
            let renewed = packed.maybe::<Date>(5)?.zip(packed.maybe::<Date>(6)?);
            let covered: Option<Date> = packed.maybe(2)?;
            // A renewal that goes on the day after is in force as long as both.
            let goes_on = |day: Date| renewed.filter(|(from, _)| day.tomorrow().is_ok_and(|next| *from <= next)).map_or(day, |(_, to)| to);
            Ok(Standing {
                case: packed.parse(0)?,
                needs_agreement: packed.texts()[1] == "1",
                covered_to: covered.map(goes_on),
                assessed: outcome.zip(packed.maybe(3)?),
            })
        })
        .collect()
}

/// The figures of a list, today.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Figures {
    /// Children on file.
    pub cases: u32,
    /// Of these, with an assessment that still counts.
    pub assessed: u32,
    /// Of these, whose guardians are able.
    pub able: u32,
    /// Children with a parent who works elsewhere and none who is there.
    pub needing: u32,
    /// Of these, covered by a signed agreement.
    pub covered: u32,
    /// Agreements whose last day is near.
    pub expiring: u32,
}

impl Figures {
    /// The figures over some cases, today; an agreement that ends until a day is near its end.
    #[must_use]
    pub fn of(all: &[Standing], today: Date, near: Date) -> Self {
        let count = |which: &dyn Fn(&Standing) -> bool| u32::try_from(all.iter().filter(|one| which(one)).count()).unwrap_or(u32::MAX);
        Self {
            cases: count(&|_| true),
            assessed: count(&|one| one.outcome(today).is_some()),
            able: count(&|one| one.outcome(today) == Some(Outcome::Able)),
            needing: count(&|one| one.needs_agreement),
            covered: count(&|one| one.needs_agreement && one.covered_to.is_some()),
            expiring: count(&|one| one.covered_to.is_some_and(|day| day <= near)),
        }
    }
}

/// Cases that stand alike: a row for each would cost more than all else that figures read.
macro_rules! alike {
    ($condition:literal) => {
        concat!(
            "SELECT f.needs, f.covered, f.outcome, COUNT(*) AS many
             FROM (SELECT s.needs, CASE WHEN s.covered_to IS NULL THEN 0 ELSE 1 END AS covered,
                          CASE WHEN s.assessed >= $2 THEN SUBSTR(s.assessed, 12) ELSE '' END AS outcome
                   FROM (",
            standing!($condition),
            ") s) f GROUP BY f.needs, f.covered, f.outcome"
        )
    };
}

/// What is done for the children of a list, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Duties {
    /// Children on file.
    pub cases: usize,
    /// Of these, with an assessment that still counts.
    pub assessed: usize,
    /// Of these, whose guardians are able.
    pub able: usize,
    /// Children with a parent who works elsewhere and none who is there.
    pub needing: usize,
    /// Of these, covered by a signed agreement.
    pub covered: usize,
}

/// What is done for the children of a list, today.
pub async fn duties(db: &mut Connection, within: &Within, today: Date) -> Result<Duties> {
    let (text, value) = match within {
        Within::Worker(id) => (alike!("c.worker_id = $1"), id.to_string()),
        Within::Station(id) => (alike!("c.station_id = $1"), id.to_string()),
        Within::Division(code) => (alike!("c.division >= $1 AND c.division < $1 || 'z'"), code.to_string()),
        Within::Village(code) => (alike!("c.village = $1"), code.clone()),
    };
    let rows = sqlx::query(text).bind(value).bind(today.to_string()).fetch_all(db).await?;
    let mut duties = Duties::default();
    for row in &rows {
        let row = Row::of("case", row);
        let (many, outcome) = (row.count("many")? as usize, row.text("outcome")?);
        let (needs, covered) = (row.flag("needs")?, row.flag("covered")?);
        let add = |to: &mut usize, holds: bool| *to += if holds { many } else { 0 };
        add(&mut duties.cases, true);
        add(&mut duties.assessed, !outcome.is_empty());
        add(&mut duties.able, outcome == Outcome::Able.name());
        add(&mut duties.needing, needs);
        add(&mut duties.covered, needs && covered);
    }
    Ok(duties)
}
