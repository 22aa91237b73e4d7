//! Lists of cases: the brief of each, with how far its needs are met. Nothing sealed is read.

use std::collections::BTreeMap;

use jiff::Timestamp;
use lianjie_index::DivisionCode;
use sqlx::any::AnyRow;

use super::super::model::{BirthMonth, Risk, Sex, State};
use crate::access::{Facts, Subject};
use crate::error::Result;
use crate::id::{AccountId, CaseId, OrganizationId};
use crate::store::{Connection, Part, Row, by_ids, some_ids};

/// A case in a list.
#[derive(Debug, Clone)]
pub struct Line {
    /// Id.
    pub id: CaseId,
    /// Number to say on the phone.
    pub number: String,
    /// Alias.
    pub alias: String,
    /// Month of birth; lists show its band.
    pub birth_month: Option<BirthMonth>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Township.
    pub division: DivisionCode,
    /// Village.
    pub village: Option<String>,
    /// Station.
    pub station: OrganizationId,
    /// Who works on it.
    pub worker: AccountId,
    /// Where it stands.
    pub state: State,
    /// Risk.
    pub risk: Option<Risk>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// The most urgent tier of a need that is not settled.
    pub tier: Option<u32>,
    /// Needs not dropped.
    pub needs: u32,
    /// Of these, met or partly met.
    pub met: u32,
    /// Of these, being served.
    pub served: u32,
    /// Of these, nobody offers it.
    pub gaps: u32,
    /// Duties to report that are not made.
    pub unmade: u32,
}

impl Subject for Line {
    fn facts(&self) -> Facts {
        Facts {
            thing: "case",
            id: self.id.to_string(),
            division: Some(self.division.clone()),
            village: self.village.clone(),
            station: Some(self.station.clone()),
            worker: Some(self.worker.clone()),
            case: Some(self.id.clone()),
            red: self.risk.as_ref().is_some_and(Risk::is_red),
            ..Facts::default()
        }
    }
}

/// Whose cases a list holds; one for each way a grant reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Within {
    /// Those an account works on.
    Worker(AccountId),
    /// Those of a station.
    Station(OrganizationId),
    /// Those in a division.
    Division(DivisionCode),
    /// Those in a village.
    Village(String),
}

/// The one text of the list, up to its condition.
macro_rules! lines {
    ($condition:literal) => {
        concat!(
            "SELECT c.id, c.number, c.division, c.village, c.station_id, c.worker_id, c.state, c.risk, c.opened_at, h.alias, h.birth_month, h.sex,
                    (SELECT MIN(n.tier) FROM need n WHERE n.case_id = c.id AND n.state IN ('open', 'in_dispatch', 'being_served', 'gap')) AS tier,
                    (SELECT COUNT(*) FROM need n WHERE n.case_id = c.id AND n.state <> 'no_longer_needed') AS needs,
                    (SELECT COUNT(*) FROM need n WHERE n.case_id = c.id AND n.state IN ('met', 'partly_met')) AS met,
                    (SELECT COUNT(*) FROM need n WHERE n.case_id = c.id AND n.state = 'being_served') AS served,
                    (SELECT COUNT(*) FROM need n WHERE n.case_id = c.id AND n.state = 'gap') AS gaps,
                    (SELECT COUNT(*) FROM report_duty d WHERE d.case_id = c.id AND d.made_at IS NULL) AS unmade
             FROM \"case\" c JOIN child h ON h.id = c.child_id LEFT JOIN risk_level r ON r.code = c.risk WHERE ",
            $condition,
            " AND ($2 = 1 AND c.state = 'closed' OR $2 = 0 AND c.state <> 'closed')
             ORDER BY COALESCE(r.rank, 9), c.opened_at, c.id LIMIT $3 OFFSET $4"
        )
    };
}

/// A page of a list, by risk, then age; closed cases or those that are not.
pub async fn lines(db: &mut Connection, within: &Within, closed: bool, part: Part) -> Result<Vec<Line>> {
    let (text, value) = match within {
        Within::Worker(id) => (lines!("c.worker_id = $1"), id.to_string()),
        Within::Station(id) => (lines!("c.station_id = $1"), id.to_string()),
        Within::Division(code) => (lines!("c.division >= $1 AND c.division < $1 || 'z'"), code.to_string()),
        Within::Village(code) => (lines!("c.village = $1"), code.clone()),
    };
    let rows = sqlx::query(text).bind(value).bind(i64::from(closed)).bind(part.limit).bind(part.offset).fetch_all(db).await?;
    rows.iter().map(read).collect()
}

/// The cases of some ids, in their order, without how far their needs are met: the part of a long list that is shown. Each row is
/// one text; the alias comes last.
pub async fn briefs(db: &mut Connection, ids: &[CaseId]) -> Result<Vec<Line>> {
    const TEXT: &str = concat!(
        "SELECT c.id || '|' || c.number || '|' || COALESCE(h.birth_month, '') || '|' || COALESCE(h.sex, '') || '|' || c.division
                || '|' || COALESCE(c.village, '') || '|' || c.station_id || '|' || c.worker_id || '|' || c.state || '|' || COALESCE(c.risk, '')
                || '|' || c.opened_at || '|' || h.alias AS packed
         FROM \"case\" c JOIN child h ON h.id = c.child_id WHERE c.id IN ",
        some_ids!()
    );
    let wanted: Vec<&str> = ids.iter().map(CaseId::as_str).collect();
    let mut found: BTreeMap<CaseId, Line> = BTreeMap::new();
    for row in &by_ids(db, TEXT, &wanted).await? {
        let line = read_brief(row)?;
        found.insert(line.id.clone(), line);
    }
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

fn read_brief(row: &AnyRow) -> Result<Line> {
    let packed = Row::of("case", row).packed::<12>("packed")?;
    let [_, number, _, _, _, village, _, _, _, risk, _, alias] = packed.texts();
    Ok(Line {
        id: packed.parse(0)?,
        number: number.to_owned(),
        alias: alias.to_owned(),
        birth_month: packed.maybe(2)?,
        sex: packed.maybe_name(3)?,
        division: packed.parse(4)?,
        village: Some(village.to_owned()).filter(|village| !village.is_empty()),
        station: packed.parse(6)?,
        worker: packed.parse(7)?,
        state: packed.name(8)?,
        risk: Some(risk.to_owned()).filter(|risk| !risk.is_empty()).map(Risk),
        opened_at: packed.parse(10)?,
        tier: None,
        needs: 0,
        met: 0,
        served: 0,
        gaps: 0,
        unmade: 0,
    })
}

/// How many the list holds in all.
pub async fn count(db: &mut Connection, within: &Within, closed: bool) -> Result<usize> {
    let (text, value) = match within {
        Within::Worker(id) => (
            "SELECT COUNT(*) FROM \"case\" WHERE worker_id = $1 AND ($2 = 1 AND state = 'closed' OR $2 = 0 AND state <> 'closed')",
            id.to_string(),
        ),
        Within::Station(id) => (
            "SELECT COUNT(*) FROM \"case\" WHERE station_id = $1 AND ($2 = 1 AND state = 'closed' OR $2 = 0 AND state <> 'closed')",
            id.to_string(),
        ),
        Within::Division(code) => (
            "SELECT COUNT(*) FROM \"case\" WHERE division >= $1 AND division < $1 || 'z' AND ($2 = 1 AND state = 'closed' OR $2 = 0 AND state <> 'closed')",
            code.to_string(),
        ),
        Within::Village(code) => (
            "SELECT COUNT(*) FROM \"case\" WHERE village = $1 AND ($2 = 1 AND state = 'closed' OR $2 = 0 AND state <> 'closed')",
            code.clone(),
        ),
    };
    let count: i64 = sqlx::query_scalar(text).bind(value).bind(i64::from(closed)).fetch_one(db).await?;
    Ok(usize::try_from(count).unwrap_or_default())
}

fn read(row: &AnyRow) -> Result<Line> {
    let row = Row::of("case", row);
    Ok(Line {
        id: row.parse("id")?,
        number: row.text("number")?,
        alias: row.text("alias")?,
        birth_month: row.maybe_parse("birth_month")?,
        sex: row.maybe_name("sex")?,
        division: row.parse("division")?,
        village: row.maybe_text("village")?,
        station: row.parse("station_id")?,
        worker: row.parse("worker_id")?,
        state: row.name("state")?,
        risk: row.maybe_text("risk")?.map(Risk),
        opened_at: row.parse("opened_at")?,
        tier: row.maybe_int("tier")?.and_then(|tier| u32::try_from(tier).ok()),
        needs: row.count("needs")?,
        met: row.count("met")?,
        served: row.count("served")?,
        gaps: row.count("gaps")?,
        unmade: row.count("unmade")?,
    })
}
