//! Opening hours of a day as people write them: `08:30-12:00 13:30-17:30`.

use jiff::civil::Time;
use lianjie_index::entry::Opening;
use lianjie_index::text::fold;

use crate::error::Fault;

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

fn time(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute) = (hour.parse::<i8>().ok()?, minute.parse::<i8>().ok()?);
    if (hour, minute) == (24, 0) { Some(Time::midnight()) } else { Time::new(hour, minute, 0, 0).ok() }
}

/// Writes the openings of a day so that they can be read again.
#[must_use]
pub fn write(day: u8, openings: &[Opening]) -> String {
    let of_day = openings.iter().filter(|opening| opening.day == day);
    of_day.map(|opening| format!("{}-{}", opening.from.strftime("%H:%M"), opening.to.strftime("%H:%M"))).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_read_as_people_write_them_and_come_back() {
        let openings = read(3, "8：30－12:00、13:30至17:30").unwrap();
        assert_eq!(write(3, &openings), "08:30-12:00 13:30-17:30");
        assert_eq!(read(3, &write(3, &openings)).unwrap(), openings);
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
