//! Lists of referrals: a count by state, and one part of the lines. The store picks, sorts and counts; names are looked up only
//! for the lines of the part.

use jiff::{Timestamp, ToSpan};
use lianjie_index::{DivisionCode, TermCode};
use sqlx::any::AnyRow;

use super::super::model::{Filter, Flag, State, Timer, When, shows_brief};
use crate::access::Facts;
use crate::clock;
use crate::error::Result;
use crate::id::{AccountId, CaseId, OrganizationId, ReferralId};
use crate::store::{Connection, Part, Row};

/// Whose referrals a list holds; one for each way a grant reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// Those an account chases.
    Owner(AccountId),
    /// Those of a station's cases.
    Station(OrganizationId),
    /// Those of the cases in a division.
    Division(DivisionCode),
    /// Those that went out to an organization.
    Provider(OrganizationId),
}

/// What of a list is asked for.
#[derive(Debug, Clone)]
pub struct Asked {
    /// In these states.
    pub states: Vec<State>,
    /// By time.
    pub when: When,
    /// Of this case only.
    pub case: Option<CaseId>,
    /// Which lines.
    pub part: Part,
}

impl Asked {
    /// A part of what a filter names.
    #[must_use]
    pub fn filtered(filter: Filter, part: Part) -> Self {
        Self { states: filter.states(), when: filter.when(), case: None, part }
    }
}

/// How many referrals of a list stand in a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Count {
    state: State,
    all: usize,
    overdue: usize,
    today: usize,
}

/// How many referrals a list holds, by state and time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally(Vec<Count>);

impl Tally {
    /// How many stand in some states, by time.
    #[must_use]
    pub fn count(&self, states: &[State], when: When) -> usize {
        let of = |count: &Count| match when {
            When::Any => count.all,
            When::Overdue => count.overdue,
            When::Today => count.today,
        };
        self.0.iter().filter(|count| states.contains(&count.state)).map(of).sum()
    }

    /// How many a filter holds.
    #[must_use]
    pub fn of(&self, filter: Filter) -> usize {
        self.count(&filter.states(), filter.when())
    }
}

/// A line of a list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Id.
    pub id: ReferralId,
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
    /// The facts to decide upon.
    pub facts: Facts,
}

impl Listed {
    /// Whether the provider may still see the brief.
    #[must_use]
    pub fn shows_brief(&self) -> bool {
        shows_brief(self.sent_at, self.state, &self.flags)
    }
}

fn listed(row: &AnyRow) -> Result<Listed> {
    let packed = Row::of("referral", row).packed::<20>("packed")?;
    let due = match (packed.maybe(5)?, packed.maybe_name(6)?) {
        (Some(at), Some(timer)) => Some((at, timer)),
        _ => None,
    };
    let [id, number, _, _, _, _, _, _, flags, hold, _, _, _, village, _, _, _, alias, organization, service] = packed.texts();
    let facts = Facts {
        thing: "referral",
        id: id.to_owned(),
        case: packed.maybe(11)?,
        division: packed.maybe(12)?,
        village: (!village.is_empty()).then(|| village.to_owned()),
        station: packed.maybe(14)?,
        worker: packed.maybe(15)?,
        organization: packed.maybe(16)?,
        draft: packed.name::<State>(2)? == State::Draft,
        ..Facts::default()
    };
    Ok(Listed {
        id: packed.parse(0)?,
        number: number.to_owned(),
        state: packed.name(2)?,
        tier: packed.parse(3)?,
        term: packed.parse(4)?,
        alias: alias.to_owned(),
        organization: organization.to_owned(),
        service: service.to_owned(),
        due,
        overdue: packed.parse(7)?,
        flags: if flags == "[]" { Vec::new() } else { packed.json(8)? },
        on_hold: !hold.is_empty(),
        sent_at: packed.maybe(10)?,
        facts,
    })
}

/// Both texts of a list: how many by state, and a part of the lines, the first due first, then what changed last.
/// `$1` is whose they are, `$2` the moment, `$3` the end of the day (what is due at 24:00 is due today), `$4` a case or nothing.
macro_rules! texts {
    ($whose:literal) => {
        [
            concat!(
                "SELECT r.state, COUNT(*) AS many, COUNT(CASE WHEN r.overdue >= 2 OR r.due_at < $2 THEN 1 END) AS late,
                        COUNT(CASE WHEN r.due_at >= $2 AND r.due_at <= $3 THEN 1 END) AS today
                 FROM ",
                $whose,
                " AND ($4 = '' OR r.case_id = $4) GROUP BY r.state"
            ),
            concat!(
                "SELECT r.id || '|' || r.number || '|' || r.state || '|' || CAST(r.tier AS TEXT) || '|' || n.term
                        || '|' || COALESCE(r.due_at, '') || '|' || COALESCE(r.due_kind, '') || '|' || CAST(r.overdue AS TEXT) || '|' || r.flags
                        || '|' || COALESCE(r.hold_reason, '') || '|' || COALESCE(r.sent_at, '')
                        || '|' || c.id || '|' || c.division || '|' || COALESCE(c.village, '') || '|' || c.station_id || '|' || c.worker_id
                        || '|' || CASE WHEN r.sent_at IS NULL THEN '' ELSE r.organization_id END
                        || '|' || REPLACE(h.alias, '|', '/') || '|' || REPLACE(o.name, '|', '/') || '|' || s.name AS packed
                 FROM (SELECT r.id, COALESCE(r.due_at, 'z') AS due, r.changed_at FROM ",
                $whose,
                " AND ($4 = '' OR r.case_id = $4) AND $5 LIKE '%,' || r.state || ',%'
                  AND ($6 = 'any' OR $6 = 'overdue' AND (r.overdue >= 2 OR r.due_at < $2) OR $6 = 'today' AND r.due_at >= $2 AND r.due_at <= $3)
                  ORDER BY COALESCE(r.due_at, 'z'), r.changed_at DESC, r.id LIMIT $7 OFFSET $8) p
                 JOIN referral r ON r.id = p.id JOIN need n ON n.id = r.need_id JOIN \"case\" c ON c.id = r.case_id
                 JOIN child h ON h.id = c.child_id JOIN organization o ON o.id = r.organization_id
                 JOIN service_at_location l ON l.id = r.service_at_location_id JOIN service s ON s.id = l.service_id
                 ORDER BY p.due, p.changed_at DESC, p.id"
            ),
        ]
    };
}

fn texts(whose: &Whose) -> ([&'static str; 2], &str) {
    const OWNER: [&str; 2] = texts!("referral r WHERE r.owner_id = $1");
    const STATION: [&str; 2] = texts!("\"case\" c JOIN referral r ON r.case_id = c.id WHERE c.station_id = $1");
    const DIVISION: [&str; 2] = texts!("\"case\" c JOIN referral r ON r.case_id = c.id WHERE c.division >= $1 AND c.division < $1 || 'z'");
    const PROVIDER: [&str; 2] = texts!("referral r WHERE r.organization_id = $1 AND r.sent_at IS NOT NULL");
    match whose {
        Whose::Owner(id) => (OWNER, id.as_str()),
        Whose::Station(id) => (STATION, id.as_str()),
        Whose::Division(code) => (DIVISION, code.as_str()),
        Whose::Provider(id) => (PROVIDER, id.as_str()),
    }
}

/// The end of the day of a moment, as stored.
fn midnight(now: Timestamp) -> String {
    clock::stored(clock::start_of(clock::day(now).saturating_add(1.day())))
}

/// How many referrals a list holds, of one case if one is given.
pub async fn tally(db: &mut Connection, whose: &Whose, case: Option<&CaseId>, now: Timestamp) -> Result<Tally> {
    let ([text, _], value) = texts(whose);
    let rows = sqlx::query(text)
        .bind(value)
        .bind(clock::stored(now))
        .bind(midnight(now))
        .bind(case.map_or("", CaseId::as_str))
        .fetch_all(db)
        .await?;
    let count = |row| {
        let row = Row::of("referral", row);
        let many = |column| Ok::<_, crate::error::Error>(row.count(column)? as usize);
        Ok(Count { state: row.name("state")?, all: many("many")?, overdue: many("late")?, today: many("today")? })
    };
    Ok(Tally(rows.iter().map(count).collect::<Result<_>>()?))
}

/// A part of a list.
pub async fn lines(db: &mut Connection, whose: &Whose, asked: &Asked, now: Timestamp) -> Result<Vec<Listed>> {
    let ([_, text], value) = texts(whose);
    let states: Vec<&str> = asked.states.iter().map(|state| state.name()).collect();
    let rows = sqlx::query(text)
        .bind(value)
        .bind(clock::stored(now))
        .bind(midnight(now))
        .bind(asked.case.as_ref().map_or("", CaseId::as_str))
        .bind(format!(",{},", states.join(",")))
        .bind(asked.when.name())
        .bind(asked.part.limit)
        .bind(asked.part.offset)
        .fetch_all(db)
        .await?;
    rows.iter().map(listed).collect()
}
