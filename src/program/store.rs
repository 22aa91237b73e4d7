//! `activity`, `attendance` and `subsidy`.

use jiff::Timestamp;
use jiff::civil::Date;
use lianjie_index::DivisionCode;
use sqlx::any::AnyRow;

use super::model::{Activity, Delivered, Purpose, Subsidy};
use super::retract::Retracted;
use crate::clock;
use crate::error::Result;
use crate::id::{AccountId, ActivityId, OrganizationId, ProgramId, SubsidyId};
use crate::organization::model::Program;
use crate::organization::store::province;
use crate::store::{Connection, Row};

fn activity(row: &AnyRow) -> Result<Activity> {
    let row = Row::of("activity", row);
    Ok(Activity {
        id: row.parse("id")?,
        program: row.maybe_parse("program_id")?,
        organization: row.parse("organization_id")?,
        division: row.parse("division")?,
        kind: row.name("kind")?,
        topic: row.text("topic")?,
        title: row.text("title")?,
        day: row.parse("day")?,
        sessions: row.count("sessions")?,
        headcount: row.count("headcount")?,
        by: row.parse("by_account")?,
    })
}

macro_rules! activities {
    ($condition:literal) => {
        concat!(
            "SELECT a.id, a.program_id, a.organization_id, a.division, a.kind, a.topic, a.title, a.day, a.sessions, a.headcount, a.by_account,
                    (SELECT COUNT(*) FROM attendance t WHERE t.activity_id = a.id) AS listed
             FROM activity a WHERE ",
            $condition,
            " ORDER BY a.day DESC, a.id DESC LIMIT 200"
        )
    };
}

fn with_listed(rows: &[AnyRow]) -> Result<Vec<(Activity, u32)>> {
    rows.iter().map(|row| Ok((activity(row)?, Row::of("activity", row).count("listed")?))).collect()
}

/// The activities of a project, the last first, each with how many were listed.
pub async fn of_program(db: &mut Connection, program: &ProgramId) -> Result<Vec<(Activity, u32)>> {
    let rows = sqlx::query(activities!("a.program_id = $1")).bind(program.as_str()).fetch_all(db).await?;
    with_listed(&rows)
}

/// What an organization gives of its own, the last first.
pub async fn own(db: &mut Connection, organization: &OrganizationId) -> Result<Vec<(Activity, u32)>> {
    let rows =
        sqlx::query(activities!("a.organization_id = $1 AND a.program_id IS NULL")).bind(organization.as_str()).fetch_all(db).await?;
    with_listed(&rows)
}

/// Writes an activity with who came.
pub async fn insert(db: &mut Connection, activity: &Activity, children: &[String], at: Timestamp) -> Result<()> {
    sqlx::query(
        "INSERT INTO activity (id, province, program_id, organization_id, division, kind, topic, title, day, sessions, headcount, by_account, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(activity.id.as_str())
    .bind(province(&activity.division))
    .bind(activity.program.as_ref().map(ProgramId::as_str))
    .bind(activity.organization.as_str())
    .bind(activity.division.as_str())
    .bind(activity.kind.name())
    .bind(&activity.topic)
    .bind(&activity.title)
    .bind(activity.day.to_string())
    .bind(i64::from(activity.sessions))
    .bind(i64::from(activity.headcount))
    .bind(activity.by.as_str())
    .bind(clock::stored(at))
    .execute(&mut *db)
    .await?;
    for child in children {
        sqlx::query("INSERT INTO attendance (activity_id, child_hash) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(activity.id.as_str())
            .bind(child)
            .execute(&mut *db)
            .await?;
    }
    Ok(())
}

/// What a project has given and cost.
pub async fn delivered(db: &mut Connection, program: &ProgramId) -> Result<Delivered> {
    let row = sqlx::query(
        "SELECT $1 AS id, COUNT(*) AS activities, CAST(COALESCE(SUM(sessions), 0) AS BIGINT) AS sessions,
                CAST(COALESCE(SUM(headcount), 0) AS BIGINT) AS headcount,
                (SELECT COUNT(DISTINCT t.child_hash) FROM attendance t JOIN activity b ON b.id = t.activity_id WHERE b.program_id = $1) AS children,
                (SELECT COUNT(*) FROM attendance t JOIN activity b ON b.id = t.activity_id WHERE b.program_id = $1) AS participations,
                (SELECT CAST(COALESCE(SUM(s.amount_fen), 0) AS BIGINT) FROM subsidy s WHERE s.program_id = $1) AS paid
         FROM activity WHERE program_id = $1",
    )
    .bind(program.as_str())
    .fetch_one(db)
    .await?;
    let row = Row::of("program", &row);
    Ok(Delivered {
        activities: row.count("activities")?,
        sessions: row.count("sessions")?,
        children: row.count("children")?,
        participations: row.count("participations")?,
        headcount: row.count("headcount")?,
        paid_fen: row.int("paid")?,
    })
}

macro_rules! subsidies {
    ($condition:literal) => {
        concat!(
            "SELECT id, division, kind, program_id, organization_id, amount_fen, day, receipt, by_account FROM subsidy WHERE ",
            $condition,
            " ORDER BY day DESC, id DESC LIMIT 200"
        )
    };
}

/// The payments of a project.
pub async fn subsidies(db: &mut Connection, program: &ProgramId) -> Result<Vec<Subsidy>> {
    let rows = sqlx::query(subsidies!("program_id = $1")).bind(program.as_str()).fetch_all(db).await?;
    rows.iter().map(subsidy).collect()
}

/// The payments to a station for itself.
pub async fn subsidies_of(db: &mut Connection, organization: &OrganizationId) -> Result<Vec<Subsidy>> {
    let rows = sqlx::query(subsidies!("organization_id = $1 AND program_id IS NULL")).bind(organization.as_str()).fetch_all(db).await?;
    rows.iter().map(subsidy).collect()
}

/// The payments to the stations of a division for themselves, the last first.
pub async fn subsidies_in(db: &mut Connection, division: &DivisionCode) -> Result<Vec<Subsidy>> {
    let query = sqlx::query(subsidies!("division >= $1 AND division < $1 || 'z' AND program_id IS NULL")).bind(division.to_string());
    query.fetch_all(db).await?.iter().map(subsidy).collect()
}

/// A payment.
pub async fn subsidy_of(db: &mut Connection, id: &SubsidyId) -> Result<Option<Subsidy>> {
    let row = sqlx::query(subsidies!("id = $1")).bind(id.as_str()).fetch_optional(db).await?;
    row.as_ref().map(subsidy).transpose()
}

/// An activity, with how many were listed.
pub async fn activity_of(db: &mut Connection, id: &ActivityId) -> Result<Option<(Activity, u32)>> {
    let rows = sqlx::query(activities!("a.id = $1")).bind(id.as_str()).fetch_all(db).await?;
    Ok(with_listed(&rows)?.pop())
}

/// Removes an activity and who was listed.
pub async fn delete_activity(db: &mut Connection, id: &ActivityId) -> Result<()> {
    sqlx::query("DELETE FROM attendance WHERE activity_id = $1").bind(id.as_str()).execute(&mut *db).await?;
    sqlx::query("DELETE FROM activity WHERE id = $1").bind(id.as_str()).execute(db).await?;
    Ok(())
}

/// Removes a payment.
pub async fn delete_subsidy(db: &mut Connection, id: &SubsidyId) -> Result<()> {
    sqlx::query("DELETE FROM subsidy WHERE id = $1").bind(id.as_str()).execute(db).await?;
    Ok(())
}

/// Keeps what is taken back as it stood.
pub async fn keep_retracted(
    db: &mut Connection,
    (kind, id): (&str, &str),
    (owner, program): (&OrganizationId, Option<&ProgramId>),
    taken: &Retracted,
    content: &serde_json::Value,
    (by, at): (&AccountId, Timestamp),
) -> Result<()> {
    sqlx::query(
        "INSERT INTO retracted (id, kind, organization_id, program_id, day, what, content, reason, by_account, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(id)
    .bind(kind)
    .bind(owner.as_str())
    .bind(program.map(ProgramId::as_str))
    .bind(taken.day.to_string())
    .bind(&taken.what)
    .bind(content.to_string())
    .bind(taken.reason.name())
    .bind(by.as_str())
    .bind(clock::stored(at))
    .execute(db)
    .await?;
    Ok(())
}

/// What was taken back of an organization: of one of its projects, or of its own.
pub async fn retracted(db: &mut Connection, owner: &OrganizationId, program: Option<&ProgramId>) -> Result<Vec<Retracted>> {
    let rows = sqlx::query(
        "SELECT id, day, what, reason FROM retracted WHERE organization_id = $1 AND COALESCE(program_id, '') = $2
         ORDER BY day DESC, id DESC LIMIT 200",
    )
    .bind(owner.as_str())
    .bind(program.map_or("", ProgramId::as_str))
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("retracted", row);
            Ok(Retracted { day: row.parse("day")?, what: row.text("what")?, reason: row.name("reason")? })
        })
        .collect()
}

fn subsidy(row: &AnyRow) -> Result<Subsidy> {
    let row = Row::of("subsidy", row);
    Ok(Subsidy {
        id: row.parse("id")?,
        division: row.parse("division")?,
        purpose: row.name("kind")?,
        program: row.maybe_parse("program_id")?,
        organization: row.parse("organization_id")?,
        amount_fen: row.int("amount_fen")?,
        day: row.parse("day")?,
        receipt: row.text("receipt")?,
        by: row.parse("by_account")?,
    })
}

/// Writes a payment.
pub async fn pay(db: &mut Connection, subsidy: &Subsidy, at: Timestamp) -> Result<()> {
    sqlx::query(
        "INSERT INTO subsidy (id, province, division, kind, program_id, organization_id, amount_fen, day, receipt, by_account, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(subsidy.id.as_str())
    .bind(province(&subsidy.division))
    .bind(subsidy.division.as_str())
    .bind(subsidy.purpose.name())
    .bind(subsidy.program.as_ref().map(ProgramId::as_str))
    .bind(subsidy.organization.as_str())
    .bind(subsidy.amount_fen)
    .bind(subsidy.day.to_string())
    .bind(&subsidy.receipt)
    .bind(subsidy.by.as_str())
    .bind(clock::stored(at))
    .execute(db)
    .await?;
    Ok(())
}

/// What a station was paid for itself.
#[derive(Debug, Clone)]
pub struct StationPaid {
    /// The station.
    pub station: OrganizationId,
    /// Its name.
    pub name: String,
    /// Its township.
    pub division: DivisionCode,
    /// For building, ever, in fen.
    pub building_fen: i64,
    /// For running, in one year, in fen.
    pub running_fen: i64,
}

/// What the stations of a division were paid for themselves: for building ever, for running in a year.
pub async fn paid_to_stations(db: &mut Connection, division: &DivisionCode, year: i16) -> Result<Vec<StationPaid>> {
    let rows = sqlx::query(
        "SELECT o.id, o.name, o.division,
                CAST(COALESCE(SUM(CASE WHEN s.kind = 'building' THEN s.amount_fen END), 0) AS BIGINT) AS building,
                CAST(COALESCE(SUM(CASE WHEN s.kind = 'running' AND s.day >= $2 AND s.day <= $3 THEN s.amount_fen END), 0) AS BIGINT) AS running
         FROM organization o LEFT JOIN subsidy s ON s.organization_id = o.id AND s.program_id IS NULL
         WHERE o.kind = '未保工作站' AND o.status IN ('pending', 'verified') AND o.division >= $1 AND o.division < $1 || 'z'
         GROUP BY o.id, o.name, o.division, o.pinyin ORDER BY o.pinyin, o.id LIMIT 500",
    )
    .bind(division.as_str())
    .bind(format!("{year:04}-01-01"))
    .bind(format!("{year:04}-12-31"))
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("organization", row);
            Ok(StationPaid {
                station: row.parse("id")?,
                name: row.text("name")?,
                division: row.parse("division")?,
                building_fen: row.int("building")?,
                running_fen: row.int("running")?,
            })
        })
        .collect()
}

/// Makes others who pay the same organization wait until this transaction ends.
pub async fn hold(db: &mut Connection, organization: &OrganizationId) -> Result<()> {
    sqlx::query("UPDATE organization SET version = version WHERE id = $1").bind(organization.as_str()).execute(db).await?;
    Ok(())
}

/// What was paid under the same ceiling: to a station ever or within a year, or for a project.
pub async fn paid(
    db: &mut Connection,
    organization: &OrganizationId,
    purpose: Purpose,
    program: Option<&ProgramId>,
    day: Date,
) -> Result<i64> {
    let (from, to) = match purpose {
        Purpose::Running => (format!("{:04}-01-01", day.year()), format!("{:04}-12-31", day.year())),
        Purpose::Building | Purpose::Project => ("0000-01-01".to_owned(), "9999-12-31".to_owned()),
    };
    Ok(sqlx::query_scalar(
        "SELECT CAST(COALESCE(SUM(amount_fen), 0) AS BIGINT) FROM subsidy
         WHERE organization_id = $1 AND kind = $2 AND day >= $3 AND day <= $4 AND ($5 IS NULL OR program_id = $5)",
    )
    .bind(organization.as_str())
    .bind(purpose.name())
    .bind(from)
    .bind(to)
    .bind(program.map(ProgramId::as_str))
    .fetch_one(db)
    .await?)
}

fn program(row: &AnyRow) -> Result<(Program, String)> {
    let row = Row::of("program", row);
    let program = Program {
        id: row.parse("id")?,
        organization: row.parse("organization_id")?,
        name: row.text("name")?,
        funder: row.text("funder")?,
        division: row.maybe_parse("division")?,
        from: row.parse("from_day")?,
        to: row.parse("to_day")?,
        budget_fen: row.int("budget_fen")?,
        target_children: row.maybe_int("target_children")?,
        target_sessions: row.maybe_int("target_sessions")?,
    };
    Ok((program, row.text("organization_name")?))
}

macro_rules! programs {
    ($condition:literal) => {
        concat!(
            "SELECT p.id, p.organization_id, p.name, p.funder, p.division, p.from_day, p.to_day, p.budget_fen, p.target_children, p.target_sessions,
                    o.name AS organization_name
             FROM program p JOIN organization o ON o.id = p.organization_id WHERE ",
            $condition,
            " ORDER BY p.to_day DESC, p.id LIMIT 500"
        )
    };
}

/// The projects of an organization, those that end last first.
pub async fn programs_of(db: &mut Connection, organization: &OrganizationId) -> Result<Vec<(Program, String)>> {
    let rows = sqlx::query(programs!("p.organization_id = $1")).bind(organization.as_str()).fetch_all(db).await?;
    rows.iter().map(program).collect()
}

/// The projects that a division buys.
pub async fn programs_in(db: &mut Connection, division: &DivisionCode) -> Result<Vec<(Program, String)>> {
    let rows = sqlx::query(programs!("p.division >= $1 AND p.division < $1 || 'z'")).bind(division.to_string()).fetch_all(db).await?;
    rows.iter().map(program).collect()
}

/// A child on file by the number of its case: its hash for counting is made of this.
pub async fn child_of_case(db: &mut Connection, number: &str) -> Result<Option<(crate::id::CaseId, crate::id::ChildId, Option<String>)>> {
    let row =
        sqlx::query("SELECT c.id, c.child_id, h.blind_identity FROM \"case\" c JOIN child h ON h.id = c.child_id WHERE c.number = $1")
            .bind(number)
            .fetch_optional(db)
            .await?;
    row.map(|row| {
        let row = Row::of("case", &row);
        Ok((row.parse("id")?, row.parse("child_id")?, row.maybe_text("blind_identity")?))
    })
    .transpose()
}
