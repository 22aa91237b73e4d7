//! Opening hours of a week in one cell: `周一至周五 16:30-18:30；周六 9:00-12:00`. A cell reads as a whole or not at all: half of
//! what was said would send a family to a closed door.

use jiff::civil::Time;
use lianjie_index::entry::Opening;
use lianjie_index::text::fold;

use crate::exchange::hsds::import::{time, weekdays};

/// Most openings of a week.
const MOST: usize = 50;
/// Words for a part of the day.
const PARTS: [&str; 7] = ["上午", "早上", "凌晨", "中午", "下午", "晚上", "晚"];

/// The openings that a cell says; none where anything in it does not read.
#[must_use]
pub fn read(cell: &str) -> Option<Vec<Opening>> {
    let mut text = fold(cell);
    for (written, plain) in [("星期", "周"), ("礼拜", "周"), ("：", ":"), ("周天", "周日"), ("每周", "周")] {
        text = text.replace(written, plain);
    }
    let mut text = text.replace(['至', '到', '~', '–', '—', '－', '～'], "-").replace("--", "-");
    while text.contains(" -") || text.contains("- ") {
        text = text.replace(" -", "-").replace("- ", "-");
    }
    let mut openings = Vec::new();
    for group in text.split([';', '；', '。', '\n']).filter(|group| !group.trim().is_empty()) {
        read_group(group, &mut openings)?;
    }
    openings.sort_by_key(|opening: &Opening| (opening.day, opening.from));
    openings.dedup();
    (1..=MOST).contains(&openings.len()).then_some(openings)
}

/// Days, then the times they are open; where days come again after times, they are others.
fn read_group(group: &str, openings: &mut Vec<Opening>) -> Option<()> {
    let (mut days, mut told): (Vec<u8>, bool) = (Vec::new(), true);
    for token in tokens(group) {
        if let Some((from, to)) = span(&token) {
            if days.is_empty() {
                return None;
            }
            openings.extend(days.iter().map(|day| Opening { day: *day, from, to }));
            told = true;
        } else {
            let more = days_of(&token, !days.is_empty() && !told)?;
            if told {
                days.clear();
            }
            days.extend(more);
            told = false;
        }
    }
    // Days without times are half a sentence.
    told.then_some(())
}

/// Words of days and of times, apart even where nothing stands between them.
fn tokens(group: &str) -> Vec<String> {
    let mut tokens = vec![String::new()];
    let mut timed = false;
    for letter in group.chars() {
        if letter.is_whitespace() || matches!(letter, ',' | '，' | '、' | '(' | ')' | '（' | '）' | '/' | '和' | '及') {
            tokens.push(String::new());
            continue;
        }
        let begins_time = letter.is_ascii_digit() || matches!(letter, '上' | '下' | '早' | '晚' | '凌' | '中' | '全');
        let begins_day = matches!(letter, '周' | '每' | '工' | '双');
        let token = tokens.last().map_or("", String::as_str);
        if token.is_empty() {
            timed = begins_time;
        } else if begins_time && !timed || begins_day && timed {
            timed = begins_time;
            tokens.push(String::new());
        }
        if let Some(token) = tokens.last_mut() {
            token.push(letter);
        }
    }
    tokens.into_iter().map(|token| token.trim_matches(':').to_owned()).filter(|token| !token.is_empty()).collect()
}

/// Days of a word; a single one without 周 goes on with those before it.
fn days_of(token: &str, goes_on: bool) -> Option<Vec<u8>> {
    match token {
        "每天" | "每日" => return Some((1..=7).collect()),
        "工作日" => return Some((1..=5).collect()),
        "周末" | "双休日" => return Some(vec![6, 7]),
        _ => {}
    }
    if token.is_ascii() {
        return Some(weekdays(token)).filter(|days| !days.is_empty());
    }
    if !token.starts_with('周') && !goes_on {
        return None;
    }
    let parts: Vec<String> = token.split('-').map(|part| part.trim_start_matches('周').to_owned()).collect();
    let day = |letter: char| weekdays(&format!("周{letter}")).first().copied();
    match parts.as_slice() {
        [several] if !several.is_empty() => several.chars().filter(|letter| *letter != '周').map(day).collect(),
        [from, to] if from.chars().count() == 1 && to.chars().count() == 1 => {
            Some(weekdays(&format!("周{from}-周{to}"))).filter(|days| days.len() > 1)
        }
        _ => None,
    }
}

/// From when to when; 下午2:00-5:00 means the afternoon twice.
fn span(token: &str) -> Option<(Time, Time)> {
    if matches!(token, "全天" | "24小时" | "全天24小时") {
        return Some((Time::midnight(), Time::midnight()));
    }
    let (first, last) = token.split_once('-')?;
    let (from, mut to) = (time(first)?, time(last)?);
    let part = PARTS.iter().find(|part| first.contains(**part));
    if let Some(part) = part.filter(|_| to <= from && !PARTS.iter().any(|part| last.contains(*part))) {
        to = time(&format!("{part}{last}"))?;
    }
    (from < to || to == Time::midnight()).then_some((from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(cell: &str) -> String {
        let openings = read(cell).unwrap_or_default();
        let written = openings.iter().map(|one| format!("{} {}-{}", one.day, one.from.strftime("%H:%M"), one.to.strftime("%H:%M")));
        written.collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn hours_of_a_week_read_as_lists_have_them() {
        let week = (1..=5).map(|day| format!("{day} 16:30-18:30")).collect::<Vec<_>>().join(", ");
        assert_eq!(written("周一至周五 16:30-18:30；周六 9:00-12:00"), format!("{week}, 6 09:00-12:00"));
        for same in [
            "周一至周五16:30-18:30",
            "星期一到星期五 16：30－18：30",
            "周一-五（16:30~18:30）",
            "工作日 下午4:30 - 6:30",
            "Mon-Fri 16:30-18:30",
        ] {
            assert_eq!(written(same), week, "{same}");
        }
        assert_eq!(written("周一、三 9:00-11:00 14:00-16:00"), "1 09:00-11:00, 1 14:00-16:00, 3 09:00-11:00, 3 14:00-16:00");
        assert_eq!(written("周二四 上午9点-11点半"), "2 09:00-11:30, 4 09:00-11:30");
        assert_eq!(written("周六 9:00-12:00，周日 下午2:00-5:00"), "6 09:00-12:00, 7 14:00-17:00");
        assert_eq!(written("周末 18:00-24:00"), "6 18:00-00:00, 7 18:00-00:00");
        assert_eq!(read("每天24小时").unwrap().len(), 7);
    }

    #[test]
    fn what_does_not_read_as_a_whole_does_not_read() {
        let cells = [
            "寒暑假",
            "16:30-18:30",
            "周一至周五",
            "周一至周五 16:30-18:30，节假日除外",
            "周六 12:00-9:00",
            "周一 8点",
            "电话预约",
            "",
            "周八 9:00-10:00",
        ];
        for cell in cells {
            assert_eq!(read(cell), None, "{cell}");
        }
    }
}
