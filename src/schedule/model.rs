//! What people write: a length of time (4小时, 3天, 2个工作日), and the days of a holiday notice, a line each.

use jiff::SignedDuration;
use jiff::civil::{Date, Weekday};

use crate::calendar::model::{Kind, Length};
use crate::error::{Fault, Faults};
use crate::referral::model::Timer;

/// The timers that an installation edits. What follows a case's end and a consent's goes by days of its own.
pub const EDITED: [Timer; 8] = [Timer::T1, Timer::T2, Timer::T3, Timer::T4, Timer::T5, Timer::T6, Timer::T7, Timer::T10];
/// The tiers.
pub const TIERS: [u8; 4] = [1, 2, 3, 4];
/// The longest that a timer may run, in days.
const LONGEST: i64 = 366;
/// The longest holiday of one line, in days.
const LONGEST_HOLIDAY: i32 = 31;
/// Lines of one notice.
const MOST_LINES: usize = 100;

/// A length of an amount and a unit; none if it is nothing, or too long for any step.
#[must_use]
pub fn length(amount: i64, unit: &str) -> Option<Length> {
    let within = |most: i64| (1..=most).contains(&amount);
    match unit {
        "hours" if within(24 * LONGEST) => Some(Length::Clock(SignedDuration::from_hours(amount))),
        "days" if within(LONGEST) => Some(Length::Clock(SignedDuration::from_hours(24 * amount))),
        "working_days" if within(LONGEST) => Some(Length::WorkingDays(amount)),
        _ => None,
    }
}

/// A length as people write it.
pub fn read_length(field: &str, text: &str) -> Result<Length, Fault> {
    let text = text.trim();
    let digits: String = text.chars().map_while(digit).collect();
    let unit = text.chars().skip(digits.len()).collect::<String>().trim().trim_start_matches('个').trim().to_lowercase();
    let unit = match unit.as_str() {
        "小时" | "时" | "钟头" | "h" | "hour" | "hours" => "hours",
        "天" | "日" | "自然日" | "d" | "day" | "days" => "days",
        "工作日" | "working day" | "working days" | "wd" => "working_days",
        _ => "",
    };
    digits.parse().ok().and_then(|amount| length(amount, unit)).ok_or_else(|| Fault::new(field, "timer_length").with("text", text))
}

/// A digit, also one as wide as a character.
fn digit(letter: char) -> Option<char> {
    match letter {
        '0'..='9' => Some(letter),
        '０'..='９' => char::from_u32(u32::from(letter) - u32::from('０') + u32::from('0')),
        _ => None,
    }
}

/// A day that differs from Monday-to-Friday.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// Which.
    pub date: Date,
    /// Free, or worked.
    pub kind: Kind,
    /// What for: 春节.
    pub name: String,
}

/// Why a day cannot be announced.
pub fn refused(day: Date, kind: Kind, today: Date) -> Option<&'static str> {
    let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    match kind {
        // What was counted by a day that is over was counted by it.
        _ if day < today => Some("calendar_past"),
        Kind::Workday if !weekend => Some("calendar_worked_anyway"),
        _ => None,
    }
}

/// The days of a notice, a line each: `2027-02-06 至 2027-02-12 休 春节`, `2027-02-20 班 春节调休`.
pub fn read_days(field: &str, text: &str, today: Date) -> Result<Vec<Day>, Faults> {
    let (mut days, mut faults) = (Vec::new(), Faults::new());
    let lines: Vec<(usize, &str)> = (1..).zip(text.lines().map(str::trim)).filter(|(_, line)| !line.is_empty()).collect();
    faults.require(!lines.is_empty(), field, "required");
    faults.require(lines.len() <= MOST_LINES, field, "calendar_long");
    for (number, line) in lines {
        let told = |reason| Fault::new(field, reason).with("line", number);
        match read_line(line) {
            Ok((from, to, kind, name)) => {
                for day in from.series(jiff::ToSpan::days(1)).take_while(|day| *day <= to) {
                    match refused(day, kind, today) {
                        Some(reason) => {
                            faults.add(told(reason));
                            break;
                        }
                        None => days.push(Day { date: day, kind, name: name.clone() }),
                    }
                }
            }
            Err(reason) => faults.add(told(reason)),
        }
    }
    if faults.is_empty() { Ok(days) } else { Err(faults) }
}

fn read_line(line: &str) -> Result<(Date, Date, Kind, String), &'static str> {
    const FORM: &str = "calendar_line";
    let line = line.replace([',', '，', '\t', '　'], " ");
    let mut kind = None;
    let (mut dates, mut name) = (Vec::new(), Vec::new());
    for word in line.split_whitespace() {
        match word {
            "休" | "放假" | "holiday" => kind = Some(Kind::Holiday),
            "班" | "上班" | "workday" => kind = Some(Kind::Workday),
            "至" | "到" | "–" | "—" | "~" | "to" => {}
            _ if kind.is_none() => {
                for part in word.split(['至', '到', '–', '—', '~', '～']).filter(|part| !part.is_empty()) {
                    dates.push(read_date(part).ok_or(FORM)?);
                }
            }
            _ => name.push(word),
        }
    }
    let (from, to) = match dates.as_slice() {
        [day] => (*day, *day),
        [from, to] => (*from, *to),
        _ => return Err(FORM),
    };
    if to < from || (to - from).get_days() >= LONGEST_HOLIDAY {
        return Err("calendar_range");
    }
    let name = name.join(" ");
    let kind = kind.filter(|_| !name.is_empty() && name.chars().count() <= 40).ok_or(FORM)?;
    Ok((from, to, kind, name))
}

/// `2027-02-06`, `2027/2/6`, `2027.2.6`, `2027年2月6日`.
fn read_date(text: &str) -> Option<Date> {
    let parts: Vec<i16> =
        text.trim_end_matches(['日', '号']).split(['-', '/', '.', '年', '月']).map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [year, month, day] = parts.as_slice() else { return None };
    let date = Date::new(*year, i8::try_from(*month).ok()?, i8::try_from(*day).ok()?).ok()?;
    (2020..=2100).contains(&date.year()).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_read_as_people_write_it() {
        for (text, expected) in [
            ("4小时", Length::Clock(SignedDuration::from_hours(4))),
            ("３ 天", Length::Clock(SignedDuration::from_hours(72))),
            ("2个工作日", Length::WorkingDays(2)),
            ("5 working days", Length::WorkingDays(5)),
        ] {
            assert_eq!(read_length("T1.1", text), Ok(expected), "{text}");
        }
        for text in ["", "4", "小时", "0天", "-1天", "4周", "9999天", "99999999999999999999天"] {
            assert_eq!(read_length("T1.1", text).unwrap_err().reason, "timer_length", "{text}");
        }
    }

    #[test]
    fn the_lines_of_a_notice_are_days_and_a_wrong_one_is_named_by_its_number() {
        let today = "2026-11-30".parse().unwrap();
        let days = read_days("days", "2027年2月6日至2027年2月12日 休 春节\n\n2027/2/20 班 春节调休\n", today).unwrap();
        assert_eq!(days.len(), 8);
        assert_eq!((days[6].date.to_string(), days[6].kind, days[7].kind), ("2027-02-12".into(), Kind::Holiday, Kind::Workday));
        for (text, reason) in [
            ("2027-02-06 春节", "calendar_line"),
            ("2027-02-30 休 春节", "calendar_line"),
            ("2027-02-06 休", "calendar_line"),
            ("2027-02-06 至 2027-03-20 休 春节", "calendar_range"),
            ("2027-02-06 至 2027-02-01 休 春节", "calendar_range"),
            ("2026-11-29 休 昨天", "calendar_past"),
            ("2027-02-10 班 调休", "calendar_worked_anyway"),
        ] {
            let faults = read_days("days", &format!("2027-01-01 休 元旦\n{text}"), today).unwrap_err();
            let crate::error::Error::Invalid(faults) = faults.settle().unwrap_err() else { panic!("{text}") };
            assert_eq!((faults[0].reason, faults[0].facts[0].1.as_str()), (reason, "2"), "{text}");
        }
    }
}
