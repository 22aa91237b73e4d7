//! When a service is open. Which days are holidays is for the caller's calendar, who says so in
//! the [`Moment`] asked about.

use jiff::civil::{Date, DateTime, Time};
use serde::{Deserialize, Serialize};

/// Weekly openings and the season they hold in. No opening: not stated.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// Openings of a week.
    #[serde(default)]
    pub weekly: Vec<Opening>,
    /// When in the year they hold.
    #[serde(default)]
    pub season: Season,
    /// Whether it is open on public holidays.
    #[serde(default)]
    pub open_on_holidays: bool,
}

/// One opening on one day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// Day of the week, Monday 1 to Sunday 7.
    pub day: u8,
    /// From.
    pub from: Time,
    /// Until; `00:00` is the end of the day.
    pub to: Time,
}

/// When in the year the openings hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Season {
    /// The whole year.
    #[default]
    Always,
    /// While school is held.
    TermTime,
    /// In these breaks: `summer`, `winter`, `spring`, `autumn`.
    Holidays(Vec<String>),
    /// Between two days, both included.
    Dated(Date, Date),
}

/// A moment asked about, with what the calendar says of its day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moment {
    /// Local time.
    pub at: DateTime,
    /// Whether the day is a public holiday.
    #[serde(default)]
    pub public_holiday: bool,
    /// Whether the day is of a weekend and worked (调休).
    #[serde(default)]
    pub make_up_workday: bool,
    /// The school break it falls in, as in [`Season::Holidays`]; absent in term time.
    #[serde(default)]
    pub school_break: Option<String>,
}

impl Schedule {
    /// Whether it is open at that moment; `None` when it is not stated.
    #[must_use]
    pub fn open_at(&self, moment: &Moment) -> Option<bool> {
        if self.weekly.is_empty() {
            return None;
        }
        let in_season = self.season.holds(moment);
        let closed = moment.public_holiday && !self.open_on_holidays;
        let weekday = moment.at.date().weekday().to_monday_one_offset();
        let time = moment.at.time();
        let holds = |from: Time, to: Time| from <= time && (time < to || to == Time::midnight());
        let of_day = |opening: &&Opening| i8::try_from(opening.day).is_ok_and(|day| day == weekday);
        let within = self.weekly.iter().filter(of_day).any(|opening| holds(opening.from, opening.to))
            || moment.make_up_workday && self.workday_hours().into_iter().any(|(from, to)| holds(from, to));
        Some(in_season && !closed && within)
    }

    /// The hours of a working day, where it goes by working days: the same from Monday to Friday, and none on the weekend. A make-up
    /// workday has them too. Empty where it does not.
    #[must_use]
    pub fn workday_hours(&self) -> Vec<(Time, Time)> {
        let of = |day: u8| {
            let mut hours: Vec<(Time, Time)> = self.weekly.iter().filter(|one| one.day == day).map(|one| (one.from, one.to)).collect();
            hours.sort_unstable();
            hours.dedup();
            hours
        };
        let monday = of(1);
        let goes_by_them = (2..=5).all(|day| of(day) == monday) && of(6).is_empty() && of(7).is_empty();
        if goes_by_them { monday } else { Vec::new() }
    }
}

impl Season {
    fn holds(&self, moment: &Moment) -> bool {
        match self {
            Self::Always => true,
            Self::TermTime => moment.school_break.is_none(),
            Self::Holidays(breaks) => moment.school_break.as_ref().is_some_and(|name| breaks.contains(name)),
            Self::Dated(from, to) => (*from..=*to).contains(&moment.at.date()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_open_within_its_hours_and_season() {
        let schedule: Schedule =
            serde_json::from_str(r#"{"weekly":[{"day":3,"from":"09:00:00","to":"17:30:00"}],"season":"term_time"}"#).unwrap();
        let at = |text: &str, school_break: Option<&str>| {
            let school_break = school_break.map(ToOwned::to_owned);
            schedule.open_at(&Moment { at: text.parse().unwrap(), public_holiday: false, make_up_workday: false, school_break })
        };
        assert_eq!(at("2026-11-25T10:00", None), Some(true));
        assert_eq!(at("2026-11-25T17:30", None), Some(false));
        assert_eq!(at("2026-11-26T10:00", None), Some(false));
        assert_eq!(at("2026-11-25T10:00", Some("winter")), Some(false));
        let unstated = moment("2026-11-25T10:00", false);
        assert_eq!(Schedule::default().open_at(&unstated), None);
    }

    fn moment(at: &str, make_up_workday: bool) -> Moment {
        Moment { at: at.parse().unwrap(), public_holiday: false, make_up_workday, school_break: None }
    }

    #[test]
    fn a_make_up_workday_has_the_hours_of_a_working_day_where_a_service_goes_by_them() {
        let weekly = |days: &[u8]| Schedule {
            weekly: days
                .iter()
                .map(|day| Opening { day: *day, from: Time::constant(9, 0, 0, 0), to: Time::constant(17, 0, 0, 0) })
                .collect(),
            ..Schedule::default()
        };
        let saturday = "2026-10-10T10:00";
        assert_eq!(weekly(&[1, 2, 3, 4, 5]).open_at(&moment(saturday, true)), Some(true));
        assert_eq!(weekly(&[1, 2, 3, 4, 5]).open_at(&moment(saturday, false)), Some(false));
        assert_eq!(weekly(&[1, 2, 3, 4, 5]).open_at(&moment("2026-10-10T17:00", true)), Some(false));
        assert_eq!(weekly(&[1, 2, 3, 4]).open_at(&moment(saturday, true)), Some(false), "it is not there every working day");
        assert_eq!(weekly(&[1, 2, 3, 4, 5, 7]).open_at(&moment(saturday, true)), Some(false), "it has a weekend of its own");
    }
}
