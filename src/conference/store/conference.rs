//! `conference` and `invitation`.

use jiff::Timestamp;
use lianjie_index::DivisionCode;
use sqlx::any::AnyRow;

use super::super::model::Conference;
use crate::clock;
use crate::error::{Error, Result};
use crate::id::{AccountId, ConferenceId, OrganizationId};
use crate::organization::store::province;
use crate::store::{Connection, Row};

macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "SELECT id, number, division, station_id, title, place, starts_at, state, called_by, chair_id, signed_by, signed_at, minutes_hash,
                    reason, version FROM conference ",
            $rest
        )
    };
}

fn read(row: &AnyRow) -> Result<Conference> {
    let row = Row::of("conference", row);
    Ok(Conference {
        id: row.parse("id")?,
        number: row.text("number")?,
        division: row.parse("division")?,
        station: row.maybe_parse("station_id")?,
        title: row.text("title")?,
        place: row.text("place")?,
        starts_at: row.parse("starts_at")?,
        state: row.name("state")?,
        called_by: row.parse("called_by")?,
        chair: row.parse("chair_id")?,
        signed_by: row.maybe_parse("signed_by")?,
        signed_at: row.maybe_parse("signed_at")?,
        minutes_hash: row.maybe_text("minutes_hash")?,
        reason: row.maybe_text("reason")?,
        invited: Vec::new(),
        version: row.int("version")?,
    })
}

async fn with_invited(db: &mut Connection, mut conference: Conference) -> Result<Conference> {
    conference.invited = attended(db, &conference.id).await?.into_iter().map(|invited| invited.body).collect();
    Ok(conference)
}

/// One meeting, with who is invited.
pub async fn find(db: &mut Connection, id: &ConferenceId) -> Result<Option<Conference>> {
    let row = sqlx::query(columns!("WHERE id = $1")).bind(id.as_str()).fetch_optional(&mut *db).await?;
    match row.as_ref().map(read).transpose()? {
        Some(conference) => Ok(Some(with_invited(db, conference).await?)),
        None => Ok(None),
    }
}

/// Meetings of stations, of divisions, to which bodies are invited, and those in which a case of a worker comes up: the latest
/// first.
pub async fn lines(
    db: &mut Connection,
    stations: &[OrganizationId],
    divisions: &[DivisionCode],
    bodies: &[OrganizationId],
    worker: &AccountId,
    limit: i64,
) -> Result<Vec<Conference>> {
    let mut found: Vec<Conference> = Vec::new();
    for station in stations {
        let rows = sqlx::query(columns!("WHERE station_id = $1 ORDER BY starts_at DESC, id LIMIT $2"));
        let rows = rows.bind(station.as_str()).bind(limit).fetch_all(&mut *db).await?;
        found.extend(rows.iter().map(read).collect::<Result<Vec<_>>>()?);
    }
    for division in divisions {
        let rows = sqlx::query(columns!("WHERE division >= $1 AND division < $1 || 'z' ORDER BY starts_at DESC, id LIMIT $2"));
        let rows = rows.bind(division.to_string()).bind(limit).fetch_all(&mut *db).await?;
        found.extend(rows.iter().map(read).collect::<Result<Vec<_>>>()?);
    }
    for body in bodies {
        let rows = sqlx::query(columns!(
            "WHERE id IN (SELECT v.conference_id FROM invitation v WHERE v.organization_id = $1) ORDER BY starts_at DESC, id LIMIT $2"
        ));
        let rows = rows.bind(body.as_str()).bind(limit).fetch_all(&mut *db).await?;
        found.extend(rows.iter().map(read).collect::<Result<Vec<_>>>()?);
    }
    let rows = sqlx::query(columns!(
        "WHERE id IN (SELECT i.conference_id FROM \"case\" c JOIN agenda_item i ON i.case_id = c.id WHERE c.worker_id = $1)
         ORDER BY starts_at DESC, id LIMIT $2"
    ));
    let rows = rows.bind(worker.as_str()).bind(limit).fetch_all(&mut *db).await?;
    found.extend(rows.iter().map(read).collect::<Result<Vec<_>>>()?);
    found.sort_by(|one, other| other.starts_at.cmp(&one.starts_at).then_with(|| one.id.cmp(&other.id)));
    found.dedup_by(|one, other| one.id == other.id);
    let mut whole = Vec::new();
    for conference in found {
        whole.push(with_invited(db, conference).await?);
    }
    Ok(whole)
}

/// The meetings that are still planned and begin after one instant and by another, the next first.
pub async fn planned(db: &mut Connection, after: Timestamp, by: Timestamp) -> Result<Vec<Conference>> {
    let rows = sqlx::query(columns!("WHERE state = 'planned' AND starts_at > $1 AND starts_at <= $2 ORDER BY starts_at, id LIMIT 200"));
    let rows = rows.bind(clock::stored(after)).bind(clock::stored(by)).fetch_all(db).await?;
    rows.iter().map(read).collect()
}

/// The meetings whose hour is over by an instant and that were neither held nor called off, or whose minutes nobody signed.
pub async fn left_open(db: &mut Connection, by: Timestamp) -> Result<Vec<Conference>> {
    let rows = sqlx::query(columns!(
        "WHERE state IN ('planned', 'pack_sent', 'in_session') AND starts_at <= $1 ORDER BY starts_at DESC, id LIMIT 200"
    ));
    let rows = rows.bind(clock::stored(by)).fetch_all(db).await?;
    rows.iter().map(read).collect()
}

/// Writes a new meeting.
pub async fn insert(db: &mut Connection, conference: &Conference, at: Timestamp) -> Result<()> {
    sqlx::query(
        "INSERT INTO conference (id, number, province, division, station_id, title, place, starts_at, state, called_by, chair_id, signed_by,
                                 signed_at, minutes_hash, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
    )
    .bind(conference.id.as_str())
    .bind(&conference.number)
    .bind(province(&conference.division))
    .bind(conference.division.as_str())
    .bind(conference.station.as_ref().map(OrganizationId::as_str))
    .bind(&conference.title)
    .bind(&conference.place)
    .bind(clock::stored(conference.starts_at))
    .bind(conference.state.name())
    .bind(conference.called_by.as_str())
    .bind(conference.chair.as_str())
    .bind(conference.signed_by.as_ref().map(AccountId::as_str))
    .bind(conference.signed_at.map(clock::stored))
    .bind(&conference.minutes_hash)
    .bind(clock::stored(at))
    .execute(db)
    .await?;
    Ok(())
}

/// Writes where a meeting stands, if nobody else has in between.
pub async fn update(db: &mut Connection, conference: &mut Conference, at: Timestamp) -> Result<()> {
    let done = sqlx::query(
        "UPDATE conference SET state = $3, signed_by = $4, signed_at = $5, minutes_hash = $6, reason = $7, changed_at = $8,
                title = $9, place = $10, starts_at = $11, version = version + 1
         WHERE id = $1 AND version = $2",
    )
    .bind(conference.id.as_str())
    .bind(conference.version)
    .bind(conference.state.name())
    .bind(conference.signed_by.as_ref().map(AccountId::as_str))
    .bind(conference.signed_at.map(clock::stored))
    .bind(&conference.minutes_hash)
    .bind(&conference.reason)
    .bind(clock::stored(at))
    .bind(&conference.title)
    .bind(&conference.place)
    .bind(clock::stored(conference.starts_at))
    .execute(db)
    .await?;
    if done.rows_affected() == 0 {
        return Err(Error::Conflict { why: "changed" });
    }
    conference.version += 1;
    Ok(())
}

/// Counts a copy of signed minutes; gives its number.
pub async fn next_copy(db: &mut Connection, id: &ConferenceId) -> Result<i64> {
    let text = "UPDATE conference SET copies = copies + 1 WHERE id = $1 RETURNING copies";
    Ok(sqlx::query_scalar(text).bind(id.as_str()).fetch_one(db).await?)
}

/// Invites a body, or notes whether it was there; nothing is lost of what was noted before.
pub async fn invite(
    db: &mut Connection,
    conference: &ConferenceId,
    (body, person): (&OrganizationId, &str),
    attended: Option<bool>,
    at: Timestamp,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO invitation (conference_id, organization_id, attended, at, person) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (conference_id, organization_id) DO UPDATE SET attended = COALESCE($3, invitation.attended),
            person = CASE WHEN $5 = '' THEN invitation.person ELSE $5 END",
    )
    .bind(conference.as_str())
    .bind(body.as_str())
    .bind(attended.map(i64::from))
    .bind(clock::stored(at))
    .bind(person)
    .execute(db)
    .await?;
    Ok(())
}

/// A body that is invited.
#[derive(Debug, Clone)]
pub struct Invited {
    /// Which.
    pub body: OrganizationId,
    /// Who of it; empty where nobody is named.
    pub person: String,
    /// Whether it was there; none: not known yet.
    pub attended: Option<bool>,
}

/// The bodies invited, and whether they were there.
pub async fn attended(db: &mut Connection, conference: &ConferenceId) -> Result<Vec<Invited>> {
    let rows =
        sqlx::query("SELECT organization_id AS id, attended, person FROM invitation WHERE conference_id = $1 ORDER BY at, organization_id")
            .bind(conference.as_str())
            .fetch_all(db)
            .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("invitation", row);
            Ok(Invited { body: row.parse("id")?, person: row.text("person")?, attended: row.maybe_int("attended")?.map(|flag| flag == 1) })
        })
        .collect()
}

/// Bodies of a county that can be invited, departments first.
pub async fn bodies(db: &mut Connection, county: &DivisionCode) -> Result<Vec<(OrganizationId, String)>> {
    let rows = sqlx::query(
        "SELECT id, name FROM organization WHERE status IN ('pending', 'verified') AND division >= $1 AND division < $1 || 'z'
         ORDER BY CASE WHEN kind IN ('民政局', '街道民政办', '派出所', '检察院', '法院', '教育局', '卫健部门', '残联', '妇联', '团委', '司法所', '未保中心', '未保工作站', '学校', '村居委会') THEN 0 ELSE 1 END, pinyin, id LIMIT 500",
    )
    .bind(county.to_string())
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("organization", row);
            Ok((row.parse("id")?, row.text("name")?))
        })
        .collect()
}
