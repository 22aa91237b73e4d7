//! Numbers of a folded text with what they count: ages and spans of time.

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Count {
    /// An age, in months.
    Age(u16),
    /// A span of time, in months.
    Months(u16),
}

/// A number found, as bytes from and to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) count: Count,
    pub(super) from: usize,
    pub(super) to: usize,
}

/// Words that are a span of time by themselves, in months.
const SPANS: [(&str, u16); 16] = [
    ("半年", 6),
    ("多年", 36),
    ("几年", 36),
    ("数年", 36),
    ("常年", 36),
    ("长年", 36),
    ("去年", 12),
    ("前年", 24),
    ("从小", 60),
    ("自小", 60),
    ("自幼", 60),
    ("出生后", 60),
    ("出生不久", 60),
    ("几个月", 3),
    ("数月", 3),
    ("好久", 6),
];
/// After an age they make it one of the past.
const PAST: [&str; 8] = ["时", "那年", "起", "开始", "以前", "前", "就", "之前"];
/// The oldest anybody is.
const OLDEST: u32 = 110;

/// All ages and spans of a folded text, in its order.
pub(super) fn counts(text: &str) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for (word, months) in SPANS {
        let places = text.match_indices(word);
        found.extend(places.map(|(from, word)| Found { count: Count::Months(months), from, to: from + word.len() }));
    }
    let mut at = 0;
    while let Some((from, value, after)) = next_number(text, at) {
        at = after;
        let Some(count) = counted(text, value, after) else { continue };
        at = count.to;
        if !found.iter().any(|known| known.from < count.to && from < known.to) {
            found.push(Found { from, ..count });
        }
    }
    found.sort_by_key(|found| found.from);
    found
}

/// The next number at or after a byte: where it begins, its value, and the byte after it.
fn next_number(text: &str, at: usize) -> Option<(usize, u32, usize)> {
    let from = at + text[at..].find(|c: char| digit(c).is_some() || c == '半')?;
    let length: usize = text[from..].chars().take_while(|c| digit(*c).is_some()).map(char::len_utf8).sum();
    if length == 0 {
        return next_number(text, from + '半'.len_utf8());
    }
    Some((from, value(&text[from..from + length]), from + length))
}

/// The value of a digit, Arabic or Chinese; ten is 10.
fn digit(c: char) -> Option<u32> {
    c.to_digit(10).or(match c {
        '零' => Some(0),
        '一' => Some(1),
        '二' | '两' => Some(2),
        '三' => Some(3),
        '四' => Some(4),
        '五' => Some(5),
        '六' => Some(6),
        '七' => Some(7),
        '八' => Some(8),
        '九' => Some(9),
        '十' => Some(10),
        _ => None,
    })
}

/// 72, 七十二, 十五.
fn value(number: &str) -> u32 {
    let mut value: u32 = 0;
    for c in number.chars() {
        value = match digit(c) {
            Some(10) if value == 0 => 10,
            Some(10) => value.saturating_mul(10),
            // 七十二: the ones come after the tens.
            Some(n) if number.contains('十') => value.saturating_add(n),
            Some(n) => value.saturating_mul(10).saturating_add(n),
            None => value,
        };
    }
    value
}

/// What stands after a number, with the byte after it.
fn counted(text: &str, value: u32, after: usize) -> Option<Found> {
    let rest = &text[after..];
    let more = rest.strip_prefix('多').or_else(|| rest.strip_prefix('几')).or_else(|| rest.strip_prefix('来')).unwrap_or(rest);
    let start = after + rest.len() - more.len();
    let unit = |words: &[&str]| words.iter().find_map(|word| more.starts_with(word).then_some(start + word.len()));
    let months = |years: u32| u16::try_from(years * 12).ok();
    let found = |count: Count, to: usize| Some(Found { count, from: 0, to });
    if let Some(to) = unit(&["周岁", "岁"]) {
        let rest = &text[to..];
        let (half, to) = if rest.starts_with('半') { (6, to + '半'.len_utf8()) } else { (0, to) };
        let past = PAST.iter().any(|word| text[to..].starts_with(word));
        return if value <= OLDEST && !past { found(Count::Age(months(value)? + half), to) } else { None };
    }
    if let Some(to) = unit(&["旬"]) {
        return if value < 11 { found(Count::Age(months(value * 10)?), to) } else { None };
    }
    if let Some(to) = unit(&["个月大", "月龄", "个月的宝宝", "个月宝宝", "个月婴儿", "个月的婴儿"]) {
        return if value < 48 { found(Count::Age(u16::try_from(value).ok()?), to) } else { None };
    }
    if let Some(to) = unit(&["个多月", "个月", "个半月"]) {
        return if value < 240 { found(Count::Months(u16::try_from(value).ok()?), to) } else { None };
    }
    if let Some(to) = unit(&["年级", "年生", "年出生"]) {
        let _ = to;
        return None;
    }
    if let Some(to) = unit(&["年半", "年多", "年"]) {
        return if value <= 30 { found(Count::Months(months(value)?), to) } else { None };
    }
    if let Some(to) = unit(&["周", "天", "个星期", "星期"]) {
        let weeks = !more.starts_with('天');
        let months = if weeks { value / 4 } else { value / 30 };
        return if months < 100 { found(Count::Months(u16::try_from(months).ok()?), to) } else { None };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<Count> {
        counts(text).into_iter().map(|found| found.count).collect()
    }

    #[test]
    fn ages_are_read_in_figures_and_characters() {
        assert_eq!(of("奶奶72岁"), [Count::Age(864)]);
        assert_eq!(of("七旬奶奶，九岁半"), [Count::Age(840), Count::Age(114)]);
        assert_eq!(of("八十多岁"), [Count::Age(960)]);
        assert_eq!(of("十五岁，8个月大"), [Count::Age(180), Count::Age(8)]);
    }

    #[test]
    fn spans_of_time_are_months() {
        assert_eq!(of("走了半年"), [Count::Months(6)]);
        assert_eq!(of("六个月没联系，三年前离家，20天"), [Count::Months(6), Count::Months(36), Count::Months(0)]);
        assert_eq!(of("一年多没回来"), [Count::Months(12)]);
    }

    #[test]
    fn a_year_of_the_calendar_a_class_and_a_past_age_are_neither() {
        assert!(of("2021年离家，三年级，5岁时走失，999岁").is_empty());
    }
}
