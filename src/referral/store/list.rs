//! Lists of referrals, by fixed SQL with the scopes of the person.

use jiff::Timestamp;
use lianjie_index::{DivisionCode, TermCode};
use sqlx::any::AnyRow;

use super::super::model::{Flag, Referral, State, Timer};
use super::referral::{read, select};
use crate::access::{Actor, Role, Scope};
use crate::error::Result;
use crate::id::{CaseId, DispatchId, NeedId, ReferralId, ServiceAtLocationId};
use crate::store::{Connection, Row};

/// The referrals of a need, oldest first.
pub async fn of_need(db: &mut Connection, need: &NeedId) -> Result<Vec<Referral>> {
    let rows = sqlx::query(select!("WHERE need_id = $1 ORDER BY id")).bind(need.as_str()).fetch_all(db).await?;
    rows.iter().map(read).collect()
}

/// The referrals of a dispatch, oldest first.
pub async fn of_dispatch(db: &mut Connection, dispatch: &DispatchId) -> Result<Vec<Referral>> {
    let rows = sqlx::query(select!("WHERE dispatch_id = $1 ORDER BY id")).bind(dispatch.as_str()).fetch_all(db).await?;
    rows.iter().map(read).collect()
}

/// Services at locations that offer a leaf, of verified organizations, those of the same county first.
pub async fn sites_for(db: &mut Connection, term: &TermCode, place: &DivisionCode, limit: i64) -> Result<Vec<ServiceAtLocationId>> {
    let rows = sqlx::query(
        "SELECT l.id FROM service_at_location l JOIN service s ON s.id = l.service_id JOIN organization o ON o.id = s.organization_id
         WHERE s.terms LIKE $1 AND s.status = 'active' AND o.status = 'verified' AND o.division LIKE $2
         ORDER BY CASE WHEN o.division LIKE $3 THEN 0 WHEN o.division LIKE $4 THEN 1 ELSE 2 END, o.pinyin, l.id LIMIT $5",
    )
    .bind(format!("%\"{term}\"%"))
    .bind(format!("{}%", place.as_str().get(..2).unwrap_or_default()))
    .bind(format!("{}%", place.county()))
    .bind(format!("{}%", place.as_str().get(..4).unwrap_or_default()))
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows.iter().map(|row| Row::of("service_at_location", row).parse("id")).collect()
}

/// Which part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Filter {
    /// Whatever is live.
    #[default]
    Live,
    /// Live, and past its time.
    Overdue,
    /// Waits for approval.
    Approval,
    /// Waits for the provider's answer.
    Waiting,
    /// Accepted or served.
    Served,
    /// Waits for verification.
    Reported,
    /// Drafts.
    Draft,
    /// Come to an end.
    Ended,
}

impl Filter {
    /// All of them, in the order of the tabs.
    pub const ALL: [Self; 8] =
        [Self::Live, Self::Overdue, Self::Approval, Self::Waiting, Self::Served, Self::Reported, Self::Draft, Self::Ended];

    /// The name, as in addresses and `locales/`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Overdue => "overdue",
            Self::Approval => "approval",
            Self::Waiting => "waiting",
            Self::Served => "served",
            Self::Reported => "reported",
            Self::Draft => "draft",
            Self::Ended => "ended",
        }
    }

    /// Reads a name; anything unknown is what is live.
    #[must_use]
    pub fn of(name: &str) -> Self {
        Self::ALL.into_iter().find(|known| known.name() == name).unwrap_or_default()
    }

    /// Whether a referral belongs to it.
    #[must_use]
    pub fn has(self, listed: &Listed, now: Timestamp) -> bool {
        let state = listed.state;
        match self {
            Self::Live => state.is_live(),
            Self::Overdue => state.is_live() && (listed.overdue >= 2 || listed.due.is_some_and(|(at, _)| at < now)),
            Self::Approval => state == State::PendingApproval,
            Self::Waiting => matches!(state, State::Queued | State::Sent | State::Acknowledged | State::NeedsInfo | State::Waitlisted),
            Self::Served => matches!(state, State::Accepted | State::InService),
            Self::Reported => state == State::Reported,
            Self::Draft => state == State::Draft,
            Self::Ended => state.is_terminal() && state != State::Voided,
        }
    }
}

/// A line of a list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Id.
    pub id: ReferralId,
    /// Its case.
    pub case: CaseId,
    /// Number.
    pub number: String,
    /// State.
    pub state: State,
    /// Tier.
    pub tier: u8,
    /// What is needed.
    pub term: TermCode,
    /// The child's alias.
    pub alias: String,
    /// Name of the organization.
    pub organization: String,
    /// Name of the service.
    pub service: String,
    /// When what is due.
    pub due: Option<(Timestamp, Timer)>,
    /// Step of the ladder.
    pub overdue: u8,
    /// What lies over the state.
    pub flags: Vec<Flag>,
    /// Whether it rests.
    pub on_hold: bool,
    /// When it went out.
    pub sent_at: Option<Timestamp>,
    /// When it last changed.
    pub changed_at: Timestamp,
    /// Promised day of the first contact.
    pub contact_day: Option<jiff::civil::Date>,
    /// Promised day of the first service.
    pub promised_day: Option<jiff::civil::Date>,
}

fn listed(row: &AnyRow) -> Result<Listed> {
    let packed = Row::of("referral", row).packed::<18>("packed")?;
    let due = match (packed.maybe(6)?, packed.maybe_name(7)?) {
        (Some(at), Some(timer)) => Some((at, timer)),
        _ => None,
    };
    let [_, _, number, _, _, _, _, _, _, flags, hold, _, _, _, _, alias, organization, service] = packed.texts();
    Ok(Listed {
        id: packed.parse(0)?,
        case: packed.parse(1)?,
        number: number.to_owned(),
        state: packed.name(3)?,
        tier: packed.parse(4)?,
        term: packed.parse(5)?,
        alias: alias.to_owned(),
        organization: organization.to_owned(),
        service: service.to_owned(),
        due,
        overdue: packed.parse(8)?,
        flags: if flags == "[]" { Vec::new() } else { packed.json(9)? },
        on_hold: !hold.is_empty(),
        sent_at: packed.maybe(11)?,
        changed_at: packed.parse(12)?,
        contact_day: packed.maybe(13)?,
        promised_day: packed.maybe(14)?,
    })
}

/// How many live lines a list has at most, and how many others.
const LONGEST: i64 = 500;

/// The one text of a list, up to its condition and order; an end of `live` or `rest` takes what is due, or what is not.
macro_rules! lines {
    ($condition:literal, live) => {
        lines!($condition, "r.due_at IS NOT NULL ORDER BY r.due_at, r.changed_at DESC")
    };
    ($condition:literal, rest) => {
        lines!($condition, "r.due_at IS NULL ORDER BY r.changed_at DESC")
    };
    ($condition:literal, $end:literal) => {
        concat!(
            "SELECT r.id || '|' || r.case_id || '|' || r.number || '|' || r.state || '|' || CAST(r.tier AS TEXT) || '|' || n.term
                    || '|' || COALESCE(r.due_at, '') || '|' || COALESCE(r.due_kind, '') || '|' || CAST(r.overdue AS TEXT) || '|' || r.flags
                    || '|' || COALESCE(r.hold_reason, '') || '|' || COALESCE(r.sent_at, '') || '|' || r.changed_at
                    || '|' || COALESCE(r.contact_day, '') || '|' || COALESCE(r.promised_day, '')
                    || '|' || REPLACE(ch.alias, '|', '/') || '|' || REPLACE(o.name, '|', '/') || '|' || s.name AS packed
             FROM referral r JOIN need n ON n.id = r.need_id JOIN \"case\" c ON c.id = r.case_id JOIN child ch ON ch.id = c.child_id
                  JOIN organization o ON o.id = r.organization_id JOIN service_at_location l ON l.id = r.service_at_location_id
                  JOIN service s ON s.id = l.service_id
             WHERE ",
            $condition,
            " AND ",
            $end,
            " LIMIT $2"
        )
    };
}

/// Both texts for one condition: what is live by when it is due, then the rest, the latest first.
macro_rules! both {
    ($condition:literal) => {
        [lines!($condition, live), lines!($condition, rest)]
    };
}

async fn read_lines(db: &mut Connection, texts: [&'static str; 2], value: &str) -> Result<Vec<Listed>> {
    let mut found = Vec::new();
    for text in texts {
        for row in &sqlx::query(text).bind(value).bind(LONGEST).fetch_all(&mut *db).await? {
            found.push(listed(row)?);
        }
    }
    Ok(found)
}

/// The referrals of the sender's side that a person may see: a station's for its workers and head, a county's for the coordinator.
pub async fn of_sender(db: &mut Connection, actor: &Actor) -> Result<Vec<Listed>> {
    const STATION: [&str; 2] = both!("c.station_id = $1");
    const DIVISION: [&str; 2] = both!("c.division >= $1 AND c.division < $1 || 'z'");
    let mut found: Vec<Listed> = Vec::new();
    for station in actor.organizations(Role::Worker).chain(actor.organizations(Role::Supervisor)) {
        found.extend(read_lines(db, STATION, station.as_str()).await?);
    }
    for scope in actor.scopes(Role::Coordinator) {
        match scope {
            Scope::All => found.extend(read_lines(db, DIVISION, "").await?),
            Scope::Division(code) => found.extend(read_lines(db, DIVISION, code.as_str()).await?),
            Scope::Village(_) | Scope::Organization(_) => {}
        }
    }
    found.sort_by(|a, b| a.id.cmp(&b.id));
    found.dedup_by(|a, b| a.id == b.id);
    found.sort_by_key(|listed| (listed.due.map_or(Timestamp::MAX, |(at, _)| at), std::cmp::Reverse(listed.changed_at)));
    Ok(found)
}

/// The referrals that went out to a person's organizations.
pub async fn of_provider(db: &mut Connection, actor: &Actor) -> Result<Vec<Listed>> {
    const PROVIDER: [&str; 2] = both!("r.organization_id = $1 AND r.sent_at IS NOT NULL");
    let mut found = Vec::new();
    for organization in actor.organizations(Role::Provider) {
        found.extend(read_lines(db, PROVIDER, organization.as_str()).await?);
    }
    Ok(found)
}
