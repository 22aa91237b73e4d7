//! Values as people write them: what can be read is read, and it is said what was made of it.

use std::borrow::Cow;

use jiff::civil::{Date, Time};

/// A text without the marks of other programs: written-out line ends, tags and entities of HTML.
#[must_use]
pub fn text(value: &str) -> Cow<'_, str> {
    let marked = value.contains("\\n") || value.contains("\\r") || (value.contains('<') && value.contains('>')) || value.contains('&');
    if !marked {
        return Cow::Borrowed(value);
    }
    let value = value.replace("\\r\\n", "\n").replace("\\n", "\n").replace("\\r", "\n");
    let value = value.replace("<br>", "\n").replace("<br/>", "\n").replace("<br />", "\n").replace("</p>", "\n");
    let mut plain = String::with_capacity(value.len());
    let mut rest = value.as_str();
    while let Some(start) = rest.find('<') {
        let is_tag = rest[start + 1..].chars().next().is_some_and(|letter| letter.is_ascii_alphabetic() || letter == '/' || letter == '!');
        let end = rest[start..].find('>').filter(|_| is_tag);
        plain.push_str(&rest[..start]);
        match end {
            Some(end) => rest = &rest[start + end + 1..],
            None => {
                plain.push('<');
                rest = &rest[start + 1..];
            }
        }
    }
    plain.push_str(rest);
    for (entity, letter) in
        [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&apos;", "'"), ("&amp;", "&")]
    {
        plain = plain.replace(entity, letter);
    }
    Cow::Owned(plain.trim().to_owned())
}

/// A time of day: `19:30`, `1930`, `7:30 PM`, `7pm`, `下午7:30`, `晚上7点半`.
#[must_use]
pub fn time(value: &str) -> Option<Time> {
    let folded = lianjie_index::text::fold(value).replace(['：', '.'], ":");
    let mut text: String = folded.chars().filter(|letter| !letter.is_whitespace()).collect();
    let mut afternoon = None;
    for (mark, is_afternoon) in [
        ("am", false),
        ("pm", true),
        ("上午", false),
        ("早上", false),
        ("凌晨", false),
        ("中午", true),
        ("下午", true),
        ("晚上", true),
        ("晚", true),
    ] {
        if text.contains(mark) {
            text = text.replace(mark, "");
            afternoon = Some(is_afternoon);
            break;
        }
    }
    let text = text.replace("点半", ":30").replace(['点', '时', 'h'], ":").replace('分', "");
    let text = text.trim_end_matches(['z', ':']);
    let parts: Vec<&str> = text.split(':').collect();
    let number = |part: &str| part.parse::<i8>().ok();
    let (mut hour, minute) = match parts.as_slice() {
        [whole] if whole.len() <= 2 => (number(whole)?, 0),
        [whole] if whole.len() == 3 || whole.len() == 4 => (number(whole.get(..whole.len() - 2)?)?, number(whole.get(whole.len() - 2..)?)?),
        [hour, minute, ..] => (number(hour)?, number(minute)?),
        _ => return None,
    };
    match afternoon {
        Some(true) if hour < 12 => hour += 12,
        Some(false) if hour == 12 => hour = 0,
        _ => {}
    }
    if (hour, minute) == (24, 0) || (hour, minute) == (23, 59) {
        return Some(Time::midnight());
    }
    Time::new(hour, minute, 0, 0).ok()
}

/// A day: `2026-03-01`, `2026/3/1`, `20260301`, `2026年3月1日`, `3/1/2026`; the rest of an instant is left away.
#[must_use]
pub fn day(value: &str) -> Option<Date> {
    let text = lianjie_index::text::fold(value.trim());
    let text = text.split(['t', ' ']).next().unwrap_or_default();
    if text.len() == 8
        && let Ok(number) = text.parse::<i32>()
    {
        return date(number / 10_000, number / 100 % 100, number % 100);
    }
    let parts: Vec<i32> =
        text.split(['-', '/', '.', '年', '月', '日']).filter(|part| !part.is_empty()).map(str::parse).collect::<Result<_, _>>().ok()?;
    match parts.as_slice() {
        [year, month, day] if *year > 31 => date(*year, *month, *day),
        // Where the year stands last, the file is American: the month first.
        [month, day, year] if *year > 31 => date(*year, *month, *day),
        _ => None,
    }
}

fn date(year: i32, month: i32, day: i32) -> Option<Date> {
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

const WEEK: [[&str; 4]; 7] = [
    ["mo", "monday", "周一", "星期一"],
    ["tu", "tuesday", "周二", "星期二"],
    ["we", "wednesday", "周三", "星期三"],
    ["th", "thursday", "周四", "星期四"],
    ["fr", "friday", "周五", "星期五"],
    ["sa", "saturday", "周六", "星期六"],
    ["su", "sunday", "周日", "星期日"],
];

/// Days of the week, Monday 1: `MO,TU`, `1MO`, `Monday-Friday`, `周一至周五`, `1`.
#[must_use]
pub fn weekdays(value: &str) -> Vec<u8> {
    let folded = lianjie_index::text::fold(value).replace(['至', '到', '~', '–', '—'], "-");
    let mut days: Vec<u8> = Vec::new();
    for part in folded.split([',', ';', '、', '/', '|', ' ']).map(str::trim).filter(|part| !part.is_empty()) {
        match part.split_once('-').map(|(from, to)| (weekday(from), weekday(to))) {
            Some((Some(from), Some(to))) if from <= to => days.extend(from..=to),
            Some((Some(from), Some(to))) => days.extend((from..=7).chain(1..=to)),
            _ => days.extend(weekday(part)),
        }
    }
    days.sort_unstable();
    days.dedup();
    days
}

fn weekday(text: &str) -> Option<u8> {
    let text = text.trim().trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '-' || letter == '+');
    if text.is_empty() {
        return None;
    }
    (1..)
        .zip(WEEK)
        .find(|(_, [short, long, zh, full])| text == *short || long.starts_with(text) && text.len() >= 3 || text == *zh || text == *full)
        .map(|(day, _)| day)
}

/// Days by number, as 1.1 has them: Monday 1 to Sunday 7.
#[must_use]
pub fn numbered(value: &str) -> Option<u8> {
    value.trim().parse::<u8>().ok().filter(|day| (1..=7).contains(day))
}

/// Whether a status means given, and whether workers are not to refer: `Active, but do not refer`.
#[must_use]
pub fn status(value: &str) -> Option<(crate::service::model::Status, bool)> {
    use crate::service::model::Status;
    let text = value.trim().to_lowercase().replace('_', " ");
    let blocked = text.contains("do not refer") || text.contains("no referral");
    Some(match text.as_str() {
        "active" | "open" | "published" | "current" => (Status::Active, blocked),
        "inactive" | "unpublished" | "suspended" | "paused" => (Status::Inactive, blocked),
        "defunct" | "closed" | "deleted" | "permanently closed" => (Status::Defunct, blocked),
        "temporarily closed" => (Status::TemporarilyClosed, blocked),
        _ if text.starts_with("active") => (Status::Active, blocked),
        _ if text.starts_with("inactive") => (Status::Inactive, blocked),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_all_kinds_are_read() {
        for written in ["19:30", "1930", "7:30 PM", "7:30pm", "19:30:00", "下午7:30", "晚上7点半", "19：30", "7.30 pm"] {
            assert_eq!(time(written), Some(Time::constant(19, 30, 0, 0)), "{written}");
        }
        assert_eq!(time("12 AM"), Some(Time::midnight()));
        assert_eq!(time("12pm"), Some(Time::constant(12, 0, 0, 0)));
        assert_eq!(time("930"), Some(Time::constant(9, 30, 0, 0)));
        assert_eq!(time("23:59"), Some(Time::midnight()), "the end of the day");
        for written in ["by appointment", "", "25:00", "二十点", "9:99"] {
            assert_eq!(time(written), None, "{written}");
        }
    }

    #[test]
    fn days_of_all_kinds_are_read() {
        for written in ["2026-03-01", "2026/3/1", "20260301", "2026年3月1日", "3/1/2026", "2026-03-01T10:00:00Z"] {
            assert_eq!(day(written), Some(Date::constant(2026, 3, 1)), "{written}");
        }
        assert_eq!(day("2026-02-30"), None);
        assert_eq!(weekdays("MO,TU"), [1, 2]);
        assert_eq!(weekdays("Monday-Friday"), [1, 2, 3, 4, 5]);
        assert_eq!(weekdays("周一至周五"), [1, 2, 3, 4, 5]);
        assert_eq!(weekdays("Sat-Mon"), [1, 6, 7]);
        assert_eq!(weekdays("2MO"), [1]);
        assert_eq!(numbered("7"), Some(7));
        assert_eq!(weekdays("sometimes"), [0u8; 0]);
    }

    #[test]
    fn marks_of_other_programs_go() {
        assert_eq!(text("a\\nb<p>c</p>&amp;d"), "a\nbc\n&d");
        assert_eq!(text("3 < 4 and 5 > 2"), "3 < 4 and 5 > 2");
        assert_eq!(text("普通"), "普通");
    }

    #[test]
    fn do_not_refer_is_heard() {
        use crate::service::model::Status;
        assert_eq!(status("Active, but do not refer"), Some((Status::Active, true)));
        assert_eq!(status("temporarily closed"), Some((Status::TemporarilyClosed, false)));
        assert_eq!(status("perhaps"), None);
    }
}
