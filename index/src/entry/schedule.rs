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
        let within = self.weekly.iter().any(|opening| {
            i8::try_from(opening.day).is_ok_and(|day| day == weekday)
                && opening.from <= time
                && (time < opening.to || opening.to == Time::midnight())
        });
        Some(in_season && !closed && within)
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
            schedule.open_at(&Moment { at: text.parse().unwrap(), public_holiday: false, school_break })
        };
        assert_eq!(at("2026-11-25T10:00", None), Some(true));
        assert_eq!(at("2026-11-25T17:30", None), Some(false));
        assert_eq!(at("2026-11-26T10:00", None), Some(false));
        assert_eq!(at("2026-11-25T10:00", Some("winter")), Some(false));
        assert_eq!(
            Schedule::default().open_at(&Moment { at: "2026-11-25T10:00".parse().unwrap(), public_holiday: false, school_break: None }),
            None
        );
    }
}
