//! Which days are worked, and how working time is counted.
//!
//! Working time is the time of working days, all 24 hours of them: a day counted from Friday noon ends on
//! Monday noon. Source: the State Council's yearly notices, as gathered in `seed-data/calendar-china.csv`.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use jiff::{SignedDuration, Timestamp};
use lianjie_index::DivisionCode;

use crate::clock;

/// How a day differs from Monday-to-Friday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A public holiday.
    Holiday,
    /// A weekend day that is worked (调休).
    Workday,
}

impl Kind {
    /// Its name in the store and the API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Holiday => "holiday",
            Self::Workday => "workday",
        }
    }
}

/// A stretch of the school year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchoolTerm {
    /// `autumn`, `winter_break`, `spring`, `summer_break`.
    pub term: String,
    /// First day.
    pub from: Date,
    /// Last day, included.
    pub to: Date,
    /// Division it is said for; the narrowest counts.
    pub scope: DivisionCode,
    /// `all`, `compulsory`, `high`.
    pub stage: String,
    /// Whether a date is assumed rather than published.
    pub assumed: bool,
}

/// A length of time as a timer states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// By the clock.
    Clock(SignedDuration),
    /// In working days.
    WorkingDays(i64),
}

/// The days that differ, and the terms.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    days: BTreeMap<Date, (Kind, String)>,
    terms: Vec<SchoolTerm>,
}

const DAY: SignedDuration = SignedDuration::from_hours(24);

impl Calendar {
    /// A calendar of the days that differ and the school terms.
    #[must_use]
    pub fn new(days: impl IntoIterator<Item = (Date, Kind, String)>, terms: Vec<SchoolTerm>) -> Self {
        Self { days: days.into_iter().map(|(day, kind, name)| (day, (kind, name))).collect(), terms }
    }

    /// Whether the day is worked.
    #[must_use]
    pub fn is_worked(&self, day: Date) -> bool {
        match self.days.get(&day) {
            Some((kind, _)) => *kind == Kind::Workday,
            None => !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday),
        }
    }

    /// Whether the year of the day has been announced; a deadline in a year that has not is provisional.
    #[must_use]
    pub fn is_announced(&self, day: Date) -> bool {
        self.days.keys().any(|known| known.year() == day.year())
    }

    /// The name of the holiday on a day.
    #[must_use]
    pub fn holiday(&self, day: Date) -> Option<&str> {
        self.days.get(&day).filter(|(kind, _)| *kind == Kind::Holiday).map(|(_, name)| name.as_str())
    }

    /// What a weekend day is worked for, where it is (调休).
    #[must_use]
    pub fn make_up_workday(&self, day: Date) -> Option<&str> {
        self.days.get(&day).filter(|(kind, _)| *kind == Kind::Workday).map(|(_, name)| name.as_str())
    }

    /// The days that differ from one day to another, both included, with what for.
    pub fn differing(&self, from: Date, to: Date) -> impl Iterator<Item = (Date, Kind, &str)> {
        self.days.iter().filter(move |(day, _)| (from..=to).contains(*day)).map(|(day, (kind, name))| (*day, *kind, name.as_str()))
    }

    /// The instant a length of time after another.
    #[must_use]
    pub fn after(&self, from: Timestamp, length: Length) -> Timestamp {
        match length {
            Length::Clock(length) => from.saturating_add(length).unwrap_or(Timestamp::MAX),
            Length::WorkingDays(days) => self.after_working(from, DAY * i32::try_from(days).unwrap_or(i32::MAX)),
        }
    }

    /// The same for a share of the length, in percent: where a ladder's step lies.
    #[must_use]
    pub fn after_share(&self, from: Timestamp, length: Length, percent: i32) -> Timestamp {
        match length {
            Length::Clock(length) => self.after(from, Length::Clock(length * percent / 100)),
            Length::WorkingDays(days) => self.after_working(from, DAY * i32::try_from(days).unwrap_or(i32::MAX / 200) * percent / 100),
        }
    }

    /// The instant at which a share of the length has run, of which some was used before `from`.
    #[must_use]
    pub fn after_part(&self, from: Timestamp, length: Length, percent: i32, used: SignedDuration) -> Timestamp {
        let whole = match length {
            Length::Clock(length) => length,
            Length::WorkingDays(days) => DAY * i32::try_from(days).unwrap_or(i32::MAX / 200),
        };
        let left = (whole * percent / 100 - used).max(SignedDuration::ZERO);
        match length {
            Length::Clock(_) => self.after(from, Length::Clock(left)),
            Length::WorkingDays(_) => self.after_working(from, left),
        }
    }

    /// How much of a length was used between two instants: by the clock, or in time of working days.
    #[must_use]
    pub fn spent(&self, from: Timestamp, to: Timestamp, length: Length) -> SignedDuration {
        if matches!(length, Length::Clock(_)) {
            return to.duration_since(from).max(SignedDuration::ZERO);
        }
        let (mut spent, mut at, mut day) = (SignedDuration::ZERO, from, clock::day(from));
        while at < to {
            let tomorrow = day.tomorrow().unwrap_or(Date::MAX);
            let end = clock::start_of(tomorrow).min(to);
            if self.is_worked(day) {
                spent += end.duration_since(at);
            }
            if tomorrow == Date::MAX {
                break;
            }
            at = end;
            day = tomorrow;
        }
        spent
    }

    fn after_working(&self, from: Timestamp, mut length: SignedDuration) -> Timestamp {
        let mut at = from;
        let mut day = clock::day(at);
        loop {
            let tomorrow = day.tomorrow().unwrap_or(Date::MAX);
            let end = clock::start_of(tomorrow);
            if self.is_worked(day) {
                let left = end.duration_since(at);
                if length < left || tomorrow == Date::MAX {
                    return at + length;
                }
                length -= left;
            }
            at = end;
            day = tomorrow;
        }
    }

    /// The school term of a day at a place: the row of the narrowest scope.
    #[must_use]
    pub fn term(&self, day: Date, place: &DivisionCode) -> Option<&SchoolTerm> {
        self.terms
            .iter()
            .filter(|term| term.from <= day && day <= term.to && term.scope.contains(place) && term.stage != "high")
            .max_by_key(|term| (term.scope.as_str().len(), term.stage != "all"))
    }

    /// The school break of a day: `summer`, `winter`; absent in term time and where nothing is known.
    #[must_use]
    pub fn school_break(&self, day: Date, place: &DivisionCode) -> Option<&'static str> {
        match self.term(day, place)?.term.as_str() {
            "winter_break" => Some("winter"),
            "summer_break" => Some("summer"),
            "spring_break" => Some("spring"),
            "autumn_break" => Some("autumn"),
            _ => None,
        }
    }

    /// The next stretch of the school year of one kind that ends on or after a day.
    #[must_use]
    pub fn next_term(&self, kind: &str, day: Date, place: &DivisionCode) -> Option<&SchoolTerm> {
        self.terms
            .iter()
            .filter(|term| term.term == kind && term.to >= day && term.scope.contains(place))
            .min_by_key(|term| (term.from, std::cmp::Reverse(term.scope.as_str().len())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar() -> Calendar {
        let day = |text: &str| text.parse::<Date>().unwrap();
        Calendar::new(
            [
                (day("2026-02-16"), Kind::Holiday, "春节".into()),
                (day("2026-02-17"), Kind::Holiday, "春节".into()),
                (day("2026-02-14"), Kind::Workday, "春节调休上班".into()),
            ],
            Vec::new(),
        )
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_working_day_from_friday_noon_ends_on_monday_noon() {
        let due = calendar().after(at("2026-03-06T12:00:00+08:00"), Length::WorkingDays(1));
        assert_eq!(due, at("2026-03-09T12:00:00+08:00"));
    }

    #[test]
    fn a_make_up_workday_is_worked_and_a_holiday_is_not() {
        let calendar = calendar();
        let due = calendar.after(at("2026-02-13T12:00:00+08:00"), Length::WorkingDays(2));
        assert_eq!(due, at("2026-02-18T12:00:00+08:00"), "Friday, worked Saturday, then two days of Spring Festival");
    }

    #[test]
    fn what_begins_on_a_sunday_is_counted_from_monday() {
        let due = calendar().after(at("2026-03-08T20:00:00+08:00"), Length::WorkingDays(1));
        assert_eq!(due, at("2026-03-10T00:00:00+08:00"));
    }

    #[test]
    fn half_of_two_working_days_is_one() {
        let from = at("2026-03-06T09:00:00+08:00");
        assert_eq!(calendar().after_share(from, Length::WorkingDays(2), 50), at("2026-03-09T09:00:00+08:00"));
    }

    #[test]
    fn a_clock_that_stood_still_goes_on_with_what_was_left() {
        let calendar = calendar();
        let length = Length::WorkingDays(2);
        let used = calendar.spent(at("2026-03-05T12:00:00+08:00"), at("2026-03-08T20:00:00+08:00"), length);
        assert_eq!(used, SignedDuration::from_hours(36), "half of Thursday, Friday, no weekend");
        let due = calendar.after_part(at("2026-03-10T09:00:00+08:00"), length, 100, used);
        assert_eq!(due, at("2026-03-10T21:00:00+08:00"));
    }

    #[test]
    fn the_clock_runs_through_holidays() {
        let due = calendar().after(at("2026-02-16T22:00:00+08:00"), Length::Clock(SignedDuration::from_hours(4)));
        assert_eq!(due, at("2026-02-17T02:00:00+08:00"));
    }
}
