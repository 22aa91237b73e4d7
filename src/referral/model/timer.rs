//! Timers: how long each may take, by tier and division, and where the steps of the ladder lie.

use jiff::{SignedDuration, Timestamp};
use lianjie_index::DivisionCode;

use super::state::named;
use super::{Flag, Standing, State};
use crate::calendar::model::{Calendar, Length};
use crate::clock;

named! {
    /// What is timed. No timer is a legal limit.
    Timer {
        /// Acknowledge.
        T1 = "T1",
        /// Decide.
        T2 = "T2",
        /// First contact.
        T3 = "T3",
        /// First service.
        T4 = "T4",
        /// A sign of life while it is served.
        T5 = "T5",
        /// Review of a waiting list.
        T6 = "T6",
        /// Verify after the report.
        T7 = "T7",
        /// Look again after the end.
        T8 = "T8",
        /// The consent is about to lapse.
        T9 = "T9",
        /// Answer a question, approve.
        T10 = "T10",
        /// The provider answers a request to take it back.
        Withdrawal = "withdrawal",
        /// It rests.
        Hold = "hold",
    }
}

/// A row of the table `timer`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Division; empty = everywhere.
    pub division: String,
    /// Timer.
    pub timer: Timer,
    /// Tier.
    pub tier: u8,
    /// How long.
    pub length: Length,
}

/// What a division said of a timer before it was edited; nothing of its own where there is no length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Before {
    /// Division; empty = everywhere.
    pub division: String,
    /// Timer.
    pub timer: Timer,
    /// Tier.
    pub tier: u8,
    /// How long.
    pub length: Option<Length>,
    /// Until when.
    pub until: Timestamp,
}

const fn hours(count: i64) -> Length {
    Length::Clock(SignedDuration::from_hours(count))
}

const fn days(count: i64) -> Length {
    Length::Clock(SignedDuration::from_hours(24 * count))
}

const fn working(count: i64) -> Length {
    Length::WorkingDays(count)
}

/// The defaults, for tiers 1 to 4; a county may edit the table.
#[rustfmt::skip]
pub const DEFAULTS: [(Timer, [Length; 4]); 10] = [
    (Timer::T1, [hours(4), working(1), working(2), working(2)]),
    (Timer::T2, [days(1), working(2), working(5), working(5)]),
    (Timer::T3, [hours(24), days(3), days(3), days(3)]),
    (Timer::T4, [days(3), days(14), days(30), days(30)]),
    (Timer::T5, [days(7), days(14), days(30), days(30)]),
    (Timer::T6, [days(3), days(7), days(14), days(14)]),
    (Timer::T7, [days(3), working(5), working(10), working(10)]),
    (Timer::T8, [days(7), days(30), days(90), days(90)]),
    (Timer::T9, [days(14), days(14), days(14), days(14)]),
    (Timer::T10, [hours(4), working(1), working(3), working(3)]),
];

/// When the family is looked at again after the end, in days.
#[must_use]
pub const fn after_care(tier: u8) -> &'static [i64] {
    match tier {
        1 => &[7, 30, 90],
        2 => &[30, 90],
        _ => &[90],
    }
}

/// The longest rest.
pub const LONGEST_HOLD: SignedDuration = SignedDuration::from_hours(24 * 30);
/// How long the provider has to agree to a withdrawal.
const WITHDRAWAL: Length = working(2);

/// The timers that count for one case.
#[derive(Debug, Clone, Default)]
pub struct Timers(Vec<Row>);

impl Timers {
    /// Of all rows those that count at a place: for each timer and tier that of the narrowest division.
    #[must_use]
    pub fn at(rows: &[Row], place: &DivisionCode) -> Self {
        let mut chosen: Vec<Row> = Vec::new();
        for row in rows.iter().filter(|row| place.as_str().starts_with(&row.division)) {
            match chosen.iter_mut().find(|known| known.timer == row.timer && known.tier == row.tier) {
                Some(known) if known.division.len() < row.division.len() => *known = row.clone(),
                Some(_) => {}
                None => chosen.push(row.clone()),
            }
        }
        Self(chosen)
    }

    /// How long one timer ran at a place for a tier at an instant, where many places are asked about.
    #[must_use]
    pub fn length_at(rows: &[Row], before: &[Before], place: &DivisionCode, (timer, tier): (Timer, u8), at: Timestamp) -> Length {
        let tier = tier.clamp(1, 4);
        let own = |division: &str| {
            let then = before.iter().filter(|row| (row.timer, row.tier) == (timer, tier) && row.division == division && row.until > at);
            match then.min_by_key(|row| row.until) {
                Some(row) => row.length,
                None => rows.iter().find(|row| (row.timer, row.tier) == (timer, tier) && row.division == division).map(|row| row.length),
            }
        };
        // From the place itself to the empty division, which is everywhere.
        let code = place.as_str();
        (0..=code.len()).rev().find_map(|end| own(&code[..end])).unwrap_or_else(|| Self::default().length(timer, tier))
    }

    /// How long a timer runs for a tier.
    #[must_use]
    pub fn length(&self, timer: Timer, tier: u8) -> Length {
        if timer == Timer::Withdrawal {
            return WITHDRAWAL;
        }
        let tier = tier.clamp(1, 4);
        let default = || DEFAULTS.iter().find(|(known, _)| *known == timer).map_or(days(30), |(_, lengths)| lengths[usize::from(tier) - 1]);
        self.0.iter().find(|row| row.timer == timer && row.tier == tier).map_or_else(default, |row| row.length)
    }
}

/// What is due next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// Which timer runs.
    pub timer: Timer,
    /// When it has run out.
    pub at: Timestamp,
    /// When the sweep looks next; absent when the ladder has no further step.
    pub tick: Option<Timestamp>,
}

/// The timer that runs; absent while nothing is waited for.
#[must_use]
pub fn running(standing: &Standing) -> Option<Timer> {
    if !standing.state.is_live() {
        return None;
    }
    if standing.hold.is_some() {
        return Some(Timer::Hold);
    }
    Some(match standing.state {
        State::Sent => Timer::T1,
        State::Acknowledged => Timer::T2,
        State::Waitlisted => Timer::T6,
        State::Accepted | State::InService if standing.has(Flag::WithdrawalRequested) => Timer::Withdrawal,
        State::Accepted => Timer::T3,
        State::InService if standing.served => Timer::T5,
        State::InService => Timer::T4,
        State::Reported => Timer::T7,
        _ => Timer::T10,
    })
}

/// The steps of the ladder in percent of the timer's length.
#[must_use]
pub const fn ladder(timer: Timer) -> &'static [(u8, i32)] {
    match timer {
        Timer::T1 | Timer::T2 => &[(1, 50), (2, 100), (3, 150), (4, 200)],
        _ => &[(2, 100), (4, 200)],
    }
}

/// What is due; absent while nothing is waited for. Never absent for a live referral.
#[must_use]
pub fn due(standing: &Standing, timers: &Timers, calendar: &Calendar) -> Option<Due> {
    let timer = running(standing)?;
    let at = instant(standing, timer, 100, timers, calendar);
    let next = ladder(timer).iter().find(|(step, _)| *step > standing.overdue);
    let tick = next.map(|(_, percent)| instant(standing, timer, *percent, timers, calendar));
    Some(Due { timer, at, tick })
}

/// Where a share of the running timer lies.
fn instant(standing: &Standing, timer: Timer, percent: i32, timers: &Timers, calendar: &Calendar) -> Timestamp {
    let from = standing.due_from.unwrap_or(Timestamp::UNIX_EPOCH);
    let end_of = |day: jiff::civil::Date| clock::start_of(day.tomorrow().unwrap_or(day));
    let promised = match timer {
        Timer::Hold => standing.hold.map(|(_, until)| until),
        // A day is promised; the first tier runs on the clock, and is not given until the end of it.
        Timer::T3 if standing.tier == 1 => {
            let by_the_clock = calendar.after(from, timers.length(Timer::T3, 1));
            standing.contact_day.map(|day| end_of(day).min(by_the_clock))
        }
        Timer::T3 => standing.contact_day.map(end_of),
        Timer::T4 => standing.promised_day.map(end_of),
        _ => None,
    };
    if let Some(promised) = promised {
        let promised = promised.max(from);
        return promised + promised.duration_since(from) * (percent - 100) / 100;
    }
    let spent = if matches!(timer, Timer::T1 | Timer::T2) { SignedDuration::from_secs(standing.spent_s) } else { SignedDuration::ZERO };
    calendar.after_part(from, timers.length(timer, standing.tier), percent, spent)
}

/// Seconds of the provider's clock that are used at an instant: nothing unless its answer is waited for.
#[must_use]
pub fn spent(standing: &Standing, at: Timestamp, timers: &Timers, calendar: &Calendar) -> i64 {
    let Some(timer @ (Timer::T1 | Timer::T2)) = running(standing) else { return 0 };
    let from = standing.due_from.unwrap_or(at);
    calendar.spent(from, at, timers.length(timer, standing.tier)).as_secs()
}

/// Whose a live referral is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// The case's worker.
    Worker,
    /// The station head.
    Supervisor,
    /// The coordinator.
    Coordinator,
}

/// Who chases: the worker; the station head while it waits for approval or when the worker did not answer in time;
/// the coordinator when the station head wrote it.
#[must_use]
pub fn owner(standing: &Standing, by_supervisor: bool) -> Owner {
    match standing.state {
        State::PendingApproval if by_supervisor => Owner::Coordinator,
        State::PendingApproval => Owner::Supervisor,
        State::NeedsInfo if standing.overdue >= 2 => Owner::Supervisor,
        _ if standing.has(Flag::ConsentBlocked) && standing.overdue >= 2 => Owner::Supervisor,
        _ => Owner::Worker,
    }
}
