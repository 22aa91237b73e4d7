//! Openings as rows of `schedule`. The standard knows neither school terms nor public holidays: they are written out as rows
//! bounded by days, as far as the calendar is known; holidays in a file of their own.

use jiff::civil::{Date, Time};
use lianjie_index::DivisionCode;
use lianjie_index::entry::{Opening, Schedule, Season};

use super::super::object::{Object, derived};
use super::super::terms::Terms;
use super::holiday;
use crate::calendar::model::Calendar;

/// The days of the week as the standard has them, Monday first.
pub const DAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/// Hours of China before UTC.
pub const TIMEZONE: i64 = 8;

/// First and last day of a stretch; absent = without a bound.
pub type Span = (Option<Date>, Option<Date>);

/// Openings with the same hours, on some days of the week.
type Hours = ((Time, Time), Vec<u8>);

/// The rows of a service's openings, as of a day, at a place.
#[must_use]
pub fn rows(service: &str, schedule: &Schedule, calendar: &Calendar, place: &DivisionCode, today: Date, terms: &Terms) -> Vec<Object> {
    let hours = by_hours(&schedule.weekly);
    let spans = spans(&schedule.season, calendar, place, today);
    let mut rows = Vec::new();
    for (from, to) in &spans {
        for ((opens, closes), days) in &hours {
            rows.push(row(service, (*from, *to), (*opens, *closes), days, schedule, terms));
        }
    }
    rows.extend(holiday::rows(service, schedule, &spans, calendar, today));
    rows
}

/// A time of day; the end of the day is 23:59 in the standard.
#[must_use]
pub fn closing(closes: Time) -> String {
    if closes == Time::midnight() { "23:59:00".to_owned() } else { closes.strftime("%H:%M:%S").to_string() }
}

fn by_hours(weekly: &[Opening]) -> Vec<Hours> {
    let mut weekly = weekly.to_vec();
    weekly.sort_by_key(|opening| (opening.day, opening.from));
    let mut hours: Vec<Hours> = Vec::new();
    for opening in &weekly {
        let times = (opening.from, opening.to);
        match hours.iter_mut().find(|(known, _)| *known == times) {
            Some((_, days)) => days.push(opening.day),
            None => hours.push((times, vec![opening.day])),
        }
    }
    for (_, days) in &mut hours {
        days.dedup();
    }
    hours
}

/// The stretches of days that the openings hold in; one without bounds where they always do, or nothing is known.
fn spans(season: &Season, calendar: &Calendar, place: &DivisionCode, today: Date) -> Vec<Span> {
    let kinds: Vec<String> = match season {
        Season::Always => return vec![(None, None)],
        Season::Dated(from, to) => return vec![(Some(*from), Some(*to))],
        Season::TermTime => vec!["autumn".to_owned(), "spring".to_owned()],
        Season::Holidays(breaks) => breaks.iter().map(|name| format!("{name}_break")).collect(),
    };
    let mut found: Vec<_> = kinds.iter().filter_map(|kind| calendar.next_term(kind, today, place)).collect();
    found.sort_by_key(|term| term.from);
    found.dedup_by_key(|term| term.from);
    if found.is_empty() { vec![(None, None)] } else { found.into_iter().map(|term| (Some(term.from), Some(term.to))).collect() }
}

fn row(service: &str, (from, to): Span, (opens, closes): (Time, Time), days: &[u8], schedule: &Schedule, terms: &Terms) -> Object {
    let byday: Vec<&str> = days.iter().filter_map(|day| DAYS.get(usize::from(*day).wrapping_sub(1)).copied()).collect();
    let part = format!("{from:?}/{to:?}/{opens}/{closes}/{}", byday.join(","));
    let id = derived(service, "schedule", &part);
    let season = (schedule.season != Season::Always).then(|| serde_json::to_value(&schedule.season).unwrap_or_default());
    let facts = [
        season.and_then(|season| terms.fact(&id, "season", season)),
        schedule.open_on_holidays.then(|| terms.fact(&id, "open_on_holidays", "true")).flatten(),
    ];
    Object::new(id)
        .maybe("valid_from", from.map(|day| day.to_string()))
        .maybe("valid_to", to.map(|day| day.to_string()))
        .with("timezone", TIMEZONE)
        .with("wkst", "MO")
        .with("freq", "WEEKLY")
        .with("interval", 1)
        .with("byday", byday.join(","))
        .with("opens_at", opens.strftime("%H:%M:%S").to_string())
        .with("closes_at", closing(closes))
        .list("attributes", facts.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_with_the_same_hours_are_one_row() {
        let time = |hour| Time::constant(hour, 0, 0, 0);
        let opening = |day, from, to| Opening { day, from: time(from), to: time(to) };
        let hours = by_hours(&[opening(2, 9, 17), opening(1, 9, 17), opening(1, 18, 20)]);
        assert_eq!(hours, [((time(9), time(17)), vec![1, 2]), ((time(18), time(20)), vec![1])]);
    }
}
