//! When a service is open, by the pattern of its kind.

use jiff::civil::{Time, time};
use lianjie_index::entry::{Opening, Schedule, Season};

use super::draw::Draw;

const WORKDAYS: [u8; 5] = [1, 2, 3, 4, 5];
const MIDNIGHT: Time = time(0, 0, 0, 0);

/// The openings of a pattern; now and then a provider states none.
pub fn schedule(draw: &mut Draw, pattern: &str, leaf: &str) -> Schedule {
    match leaf {
        "DEV-03" => return holiday_class(draw),
        "DEV-01" | "DEV-02" => return after_school(draw),
        "EDU-13" => return school_run(draw),
        _ => {}
    }
    if pattern != "day_night" && draw.chance(4) {
        return Schedule::default();
    }
    let start = *draw.one(&[at(8, 30), at(9, 0), at(9, 0)]);
    let end = *draw.one(&[at(17, 0), at(17, 0), at(17, 30)]);
    let mut season = Season::Always;
    let weekly = match pattern {
        "day_night" => every(&[1, 2, 3, 4, 5, 6, 7], MIDNIGHT, MIDNIGHT),
        "health" => every(&[1, 2, 3, 4, 5, 6, 7], at(8, 0), end),
        "clinic" => every(&[1, 2, 3, 4, 5, 6], at(8, 0), end),
        "agency" => every(&[1, 2, 3, 4, 5, 6], start, at(17, 30)),
        "station" => every(&[2, 3, 4, 5, 6, 7], start, at(17, 30)),
        "library" => every(&[2, 3, 4, 5, 6, 7], at(9, 0), *draw.one(&[at(17, 0), at(20, 0)])),
        "nursery" => every(&WORKDAYS, at(7, 30), *draw.one(&[at(17, 30), at(18, 0)])),
        "day_care" => every(&WORKDAYS, at(8, 30), *draw.one(&[at(16, 0), at(16, 30)])),
        "school" => {
            season = Season::TermTime;
            every(&WORKDAYS, at(8, 0), *draw.one(&[at(16, 30), at(17, 30)]))
        }
        "evenings" => [every(&[2, 3, 4, 5], *draw.one(&[at(14, 0), at(17, 0)]), at(20, 30)), every(&[6, 7], at(9, 0), end)].concat(),
        "weekends" => every(&[6, 7], at(9, 0), *draw.one(&[at(12, 0), at(17, 0)])),
        _ => two_halves(draw, end),
    };
    Schedule { weekly, season, open_on_holidays: pattern == "day_night" }
}

/// An office shuts over noon as often as not.
fn two_halves(draw: &mut Draw, end: Time) -> Vec<Opening> {
    if draw.chance(50) {
        return every(&WORKDAYS, at(9, 0), end);
    }
    [every(&WORKDAYS, at(9, 0), at(12, 0)), every(&WORKDAYS, *draw.one(&[at(13, 30), at(14, 0)]), end)].concat()
}

fn after_school(draw: &mut Draw) -> Schedule {
    let mut weekly = every(&WORKDAYS, *draw.one(&[at(15, 30), at(16, 0), at(16, 30)]), *draw.one(&[at(18, 0), at(18, 30), at(19, 0)]));
    if draw.chance(30) {
        weekly.extend(every(&[6], at(9, 0), at(16, 30)));
    }
    Schedule { weekly, season: Season::TermTime, open_on_holidays: false }
}

/// Before and after school.
fn school_run(draw: &mut Draw) -> Schedule {
    let morning = every(&WORKDAYS, at(7, 0), at(8, 30));
    let afternoon = every(&WORKDAYS, at(15, 30), *draw.one(&[at(17, 30), at(18, 30)]));
    let weekly = if draw.chance(60) { [morning, afternoon].concat() } else { afternoon };
    Schedule { weekly, season: Season::TermTime, open_on_holidays: false }
}

fn holiday_class(draw: &mut Draw) -> Schedule {
    let mut breaks = vec!["summer".to_owned()];
    if draw.chance(55) {
        breaks.push("winter".to_owned());
    }
    let days: &[u8] = if draw.chance(80) { &WORKDAYS } else { &[1, 2, 3, 4, 5, 6] };
    Schedule {
        weekly: every(days, at(8, 30), *draw.one(&[at(11, 30), at(16, 30), at(17, 0)])),
        season: Season::Holidays(breaks),
        open_on_holidays: false,
    }
}

fn every(days: &[u8], from: Time, to: Time) -> Vec<Opening> {
    days.iter().map(|day| Opening { day: *day, from, to }).collect()
}

const fn at(hour: i8, minute: i8) -> Time {
    time(hour, minute, 0, 0)
}
