//! Public holidays and make-up workdays as rows of `schedule`, each bounded by its days: for the coming twelve months as far as the
//! State Council has announced them, and only where the hours of a service depend on them.
//!
//! A holiday is a row without hours, from the first to the last day on which the service would be open; a make-up workday is a row
//! with the hours of a working day, for a service that goes by working days. Neither has an attribute: there are some ten for each
//! service. An import knows them again by their ids, and leaves them to its own calendar.

use jiff::ToSpan;
use jiff::civil::{Date, Time};
use lianjie_index::entry::Schedule;

use super::super::object::{Object, derived};
use super::schedule::{DAYS, Span, TIMEZONE, closing};
use crate::calendar::model::{Calendar, Kind};

/// The rows of the holidays and make-up workdays of a service, as of a day, within the stretches that its openings hold in.
#[must_use]
pub fn rows(service: &str, schedule: &Schedule, spans: &[Span], calendar: &Calendar, today: Date) -> Vec<Object> {
    let last = today.saturating_add(1.year()).yesterday().unwrap_or(today);
    let differing = calendar.differing(today, last).filter(|(day, ..)| holds(spans, *day));
    let mut closed: Vec<(Date, Date, &str)> = Vec::new();
    let mut worked: Vec<(Date, &str)> = Vec::new();
    for (day, kind, name) in differing {
        match kind {
            Kind::Holiday if schedule.open_on_holidays || !is_open(schedule, day) => {}
            Kind::Holiday => match closed.last_mut() {
                Some((_, until, known)) if *known == name && is_idle(schedule, calendar, *until, day) => *until = day,
                _ => closed.push((day, day, name)),
            },
            Kind::Workday => worked.push((day, name)),
        }
    }
    let hours = schedule.workday_hours();
    let closed = closed.into_iter().map(|(from, to, name)| shut(service, (from, to), name));
    let worked = worked.into_iter().flat_map(|(day, name)| hours.iter().map(move |hours| open(service, day, *hours, name)));
    closed.chain(worked).collect()
}

/// Whether a row of a package is one that this file writes for the service: its id says so.
#[must_use]
pub fn is_ours<'a>(service: &str, id: &str, cell: impl Fn(&'static str) -> &'a str) -> bool {
    id == id_of(service, [cell("valid_from"), cell("valid_to"), cell("opens_at"), cell("closes_at")])
}

fn id_of(service: &str, parts: [&str; 4]) -> String {
    derived(service, "calendar", &parts.join("/"))
}

fn holds(spans: &[Span], day: Date) -> bool {
    spans.iter().any(|(from, to)| from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to))
}

/// Whether the day of the week has an opening.
fn is_open(schedule: &Schedule, day: Date) -> bool {
    let weekday = day.weekday().to_monday_one_offset();
    schedule.weekly.iter().any(|opening| i8::try_from(opening.day) == Ok(weekday))
}

/// Whether the service is not open on any day between two, whatever they are.
fn is_idle(schedule: &Schedule, calendar: &Calendar, from: Date, to: Date) -> bool {
    let mut between = from.series(1.day()).skip(1).take_while(|day| *day < to);
    between.all(|day| !is_open(schedule, day) && calendar.make_up_workday(day).is_none())
}

fn bounded(service: &str, (from, to): (Date, Date), (opens, closes): (&str, &str)) -> Object {
    let (from, to) = (from.to_string(), to.to_string());
    Object::new(id_of(service, [&from, &to, opens, closes])).with("valid_from", from).with("valid_to", to).with("timezone", TIMEZONE)
}

fn shut(service: &str, days: (Date, Date), name: &str) -> Object {
    bounded(service, days, ("", "")).with("description", format!("{name}：不开放")).with("notes", "closed")
}

fn open(service: &str, day: Date, (opens, closes): (Time, Time), name: &str) -> Object {
    let (opens, closes) = (opens.strftime("%H:%M:%S").to_string(), closing(closes));
    let weekday = usize::from(day.weekday().to_monday_zero_offset().unsigned_abs());
    bounded(service, (day, day), (&opens, &closes))
        .with("wkst", "MO")
        .with("freq", "WEEKLY")
        .with("interval", 1)
        .with("byday", DAYS[weekday])
        .with("description", format!("{name}：按工作日开放"))
        .with("opens_at", opens)
        .with("closes_at", closes)
        .with("notes", "make-up workday")
}

#[cfg(test)]
mod tests {
    use lianjie_index::entry::Opening;

    use super::*;

    fn calendar() -> Calendar {
        let holiday = |day: &str, name: &str| (day.parse().unwrap(), Kind::Holiday, name.to_owned());
        let days = ["2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19", "2026-02-20", "2026-02-23"];
        let spring = days.map(|day| holiday(day, "春节"));
        let workday = ("2026-02-28".parse().unwrap(), Kind::Workday, "春节调休上班".to_owned());
        Calendar::new(spring.into_iter().chain([workday, holiday("2027-01-01", "元旦"), holiday("2027-03-01", "以后")]), Vec::new())
    }

    fn schedule(days: &[u8]) -> Schedule {
        let opening = |day: &u8| Opening { day: *day, from: Time::constant(9, 0, 0, 0), to: Time::midnight() };
        Schedule { weekly: days.iter().map(opening).collect(), ..Schedule::default() }
    }

    fn told(schedule: &Schedule, spans: &[Span]) -> Vec<String> {
        let rows = rows("s", schedule, spans, &calendar(), "2026-02-01".parse().unwrap());
        rows.iter().map(|row| format!("{} {} {}", row.text("valid_from"), row.text("valid_to"), row.text("opens_at"))).collect()
    }

    #[test]
    fn a_holiday_is_one_row_over_the_weekend_on_which_nothing_is_open_anyway() {
        let expected = ["2026-02-16 2026-02-23 ", "2027-01-01 2027-01-01 ", "2026-02-28 2026-02-28 09:00:00"];
        assert_eq!(told(&schedule(&[1, 2, 3, 4, 5]), &[(None, None)]), expected);
        let weekend = ["2026-02-16 2026-02-20 ", "2026-02-23 2026-02-23 ", "2027-01-01 2027-01-01 "];
        assert_eq!(told(&schedule(&[1, 2, 3, 4, 5, 6]), &[(None, None)]), weekend, "it goes by no working days");
    }

    #[test]
    fn what_the_hours_do_not_depend_on_has_no_row() {
        assert_eq!(told(&schedule(&[]), &[(None, None)]), [""; 0]);
        assert_eq!(told(&schedule(&[6, 7]), &[(None, None)]), [""; 0]);
        let always = Schedule { open_on_holidays: true, ..schedule(&[1, 2, 3, 4, 5, 6, 7]) };
        assert_eq!(told(&always, &[(None, None)]), [""; 0]);
        let spring = ("2026-02-20".parse().ok(), "2026-02-21".parse().ok());
        assert_eq!(told(&schedule(&[5]), &[spring]), ["2026-02-20 2026-02-20 "]);
    }

    #[test]
    fn a_row_of_ours_is_known_by_its_id() {
        let rows = rows("s", &schedule(&[1, 2, 3, 4, 5]), &[(None, None)], &calendar(), "2026-02-01".parse().unwrap());
        assert!(rows.iter().all(|row| is_ours("s", row.id(), |name| row.text(name))));
        assert!(rows.iter().all(|row| !is_ours("t", row.id(), |name| row.text(name))));
    }
}
