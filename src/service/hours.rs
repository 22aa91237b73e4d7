//! Opening hours of a day as people write them: `08:30-12:00 13:30-17:30`.

use jiff::civil::Time;
use lianjie_index::entry::Opening;
use lianjie_index::text::fold;

use crate::error::Fault;
use crate::locale::Locale;

/// Reads the openings of a day of the week, Monday 1 to Sunday 7.
///
/// # Errors
/// The fault where it does not read, or ends before it begins.
pub fn read(day: u8, text: &str) -> Result<Vec<Opening>, Fault> {
    let fault = || Fault::new(format!("hours_{day}"), "schedule");
    let text = fold(text).replace(['~', '–', '—', '至', '到'], "-").replace('：', ":");
    let apart = |letter: char| letter.is_whitespace() || matches!(letter, '、' | '，' | ',' | '；' | ';');
    let mut openings = Vec::new();
    for part in text.split(apart).filter(|part| !part.is_empty()) {
        let (from, to) = part.split_once('-').ok_or_else(fault)?;
        let opening = Opening { day, from: time(from).ok_or_else(fault)?, to: time(to).ok_or_else(fault)? };
        if opening.from >= opening.to && opening.to != Time::midnight() {
            return Err(fault());
        }
        openings.push(opening);
    }
    Ok(openings)
}

/// `8:30`, `8点`, `8点半`, `8点30分`.
fn time(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once([':', '点', '时'])?;
    let minute = match minute.trim_end_matches('分') {
        "" if !text.contains(':') => "0",
        "半" => "30",
        minute => minute,
    };
    let (hour, minute) = (hour.parse::<i8>().ok()?, minute.parse::<i8>().ok()?);
    if (hour, minute) == (24, 0) { Some(Time::midnight()) } else { Time::new(hour, minute, 0, 0).ok() }
}

/// Writes the openings of a day so that they can be read again.
#[must_use]
pub fn write(day: u8, openings: &[Opening]) -> String {
    let of_day = openings.iter().filter(|opening| opening.day == day);
    of_day.map(|opening| format!("{}-{}", opening.from.strftime("%H:%M"), opening.to.strftime("%H:%M"))).collect::<Vec<_>>().join(" ")
}

/// Days that follow each other with the same hours, as one: first day, last day, hours. Days without any are left out.
#[must_use]
pub fn together(days: impl IntoIterator<Item = (u8, String)>) -> Vec<(u8, u8, String)> {
    let mut all: Vec<(u8, u8, String)> = Vec::new();
    for (day, hours) in days.into_iter().filter(|(_, hours)| !hours.is_empty()) {
        match all.last_mut() {
            Some((_, last, same)) if *same == hours && *last + 1 == day => *last = day,
            _ => all.push((day, day, hours)),
        }
    }
    all
}

/// A stretch of days in words: 周三, 周一至周五.
#[must_use]
pub fn days(first: u8, last: u8, locale: Locale) -> String {
    let day = |day: u8| rust_i18n::t!(format!("search.weekday.{day}"), locale = locale.tag());
    if first == last {
        return day(first).into_owned();
    }
    if first + 1 == last {
        return [day(first), day(last)].join(locale.pick("、", ", "));
    }
    rust_i18n::t!("search.weekdays", locale = locale.tag(), from = day(first), to = day(last)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_the_same_hours_are_one_stretch() {
        let hours = ["9-12", "9-12", "", "9-12", "9-12", "10-12", ""];
        let told = together((1..).zip(hours.map(str::to_owned)));
        assert_eq!(told, [(1, 2, "9-12".into()), (4, 5, "9-12".into()), (6, 6, "10-12".into())]);
        assert_eq!(days(1, 5, Locale::Zh), "周一至周五");
        assert_eq!(days(3, 3, Locale::Zh), "周三");
        assert_eq!(days(3, 4, Locale::Zh), "周三、周四");
    }

    #[test]
    fn hours_read_as_people_write_them_and_come_back() {
        let openings = read(3, "8：30－12:00、13:30至17:30").unwrap();
        assert_eq!(write(3, &openings), "08:30-12:00 13:30-17:30");
        assert_eq!(read(3, &write(3, &openings)).unwrap(), openings);
        assert_eq!(write(6, &read(6, "9点到11点半、14点30分-16:00").unwrap()), "09:00-11:30 14:30-16:00");
        assert_eq!(read(1, "").unwrap(), vec![]);
        assert_eq!(read(1, "18:00-24:00").unwrap()[0].to, Time::midnight());
    }

    #[test]
    fn hours_that_end_before_they_begin_are_refused_by_day() {
        for text in ["17:00-08:00", "上午", "8-12", "25:00-26:00"] {
            assert_eq!(read(2, text).unwrap_err().field, "hours_2", "{text}");
        }
    }
}
