//! Chinese numerals as digits: 三十二号 and 32号 are one house.

use crate::text::fold;

/// The value of a numeral character below ten.
fn digit(c: char) -> Option<u32> {
    Some(match c {
        '零' | '〇' | '○' => 0,
        '一' | '壹' | '幺' => 1,
        '二' | '贰' | '两' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

fn unit(c: char) -> Option<u32> {
    Some(match c {
        '十' | '拾' => 10,
        '百' | '佰' => 100,
        '千' | '仟' => 1000,
        _ => return None,
    })
}

/// Whether this is a numeral, Chinese or not.
pub(super) fn is_numeral(c: char) -> bool {
    c.is_ascii_digit() || digit(c).is_some() || unit(c).is_some()
}

/// The value of a run of numerals: 二十三, 一百零八, 一二三, 2十; none where it is not one.
pub(super) fn value(run: &[char]) -> Option<u32> {
    if run.is_empty() || run.len() > 9 {
        return None;
    }
    if !run.iter().any(|c| unit(*c).is_some()) {
        return run.iter().try_fold(0_u32, |sum, c| sum.checked_mul(10)?.checked_add(c.to_digit(10).or_else(|| digit(*c))?));
    }
    let (mut sum, mut last) = (0_u32, None);
    for c in run {
        if let Some(unit) = unit(*c) {
            sum += last.take().unwrap_or(1) * unit;
        } else {
            let next = c.to_digit(10).or_else(|| digit(*c))?;
            last = Some(last.unwrap_or(0) * 10 % 1000 + next);
        }
    }
    Some(sum + last.unwrap_or(0))
}

/// A text with every run of numerals that stands before one of `counters` written in digits.
pub(super) fn in_digits(text: &[char], counters: &str) -> Vec<char> {
    let mut written = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let run = text[at..].iter().take_while(|c| is_numeral(**c)).count();
        let counted = text.get(at + run).is_some_and(|c| counters.contains(*c));
        match value(&text[at..at + run]).filter(|_| counted && !text[at..at + run].iter().all(char::is_ascii_digit)) {
            Some(value) => written.extend(value.to_string().chars()),
            None => written.extend(&text[at..at + run.max(1)]),
        }
        at += run.max(1);
    }
    written
}

/// The Chinese numeral of a digit; any other character as it is.
pub(super) fn chinese(c: char) -> char {
    c.to_digit(10).and_then(|digit| "零一二三四五六七八九".chars().nth(digit as usize)).unwrap_or(c)
}

/// The whole numbers written in a text, Chinese numerals included.
pub(super) fn numbers(text: &str) -> Vec<u32> {
    let text: Vec<char> = fold(text).chars().collect();
    let runs = text.split(|c| !is_numeral(*c)).filter(|run| !run.is_empty());
    runs.filter_map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_are_read_in_every_spelling() {
        for (text, wanted) in [("十", 10), ("十二", 12), ("三十", 30), ("一百零八", 108), ("二〇一五", 2015), ("12", 12), ("2十3", 23)]
        {
            assert_eq!(value(&text.chars().collect::<Vec<_>>()), Some(wanted), "{text}");
        }
    }

    #[test]
    fn only_what_is_counted_becomes_digits() {
        let text: Vec<char> = "三元路三十二号四楼".chars().collect();
        assert_eq!(in_digits(&text, "号楼").iter().collect::<String>(), "三元路32号4楼");
    }
}
