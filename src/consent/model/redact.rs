//! Looks through words that leave before acceptance for what names a person.
//!
//! It finds what is written down: names that are known, numbers, addresses. It is no proof that a text names nobody.

use lianjie_index::text::fold;

use crate::error::Fault;
use crate::secret::Hidden;

/// What is known of a child and its guardians, and must not stand in the words.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Names of the child and the guardians.
    pub names: Vec<Hidden>,
    /// The child's address.
    pub address: Option<Hidden>,
    /// The child's school.
    pub school: Option<Hidden>,
}

/// Checks the words of a field.
///
/// # Errors
/// The first thing found. The fault never repeats it.
pub fn check(field: &str, text: &str, names: &Names) -> Result<(), Fault> {
    let plain: String = fold(text).chars().filter(|letter| !letter.is_whitespace()).collect();
    let close: String = plain.chars().filter(|letter| letter.is_alphanumeric()).collect();
    let reason = if names.names.iter().any(|name| names_person(&close, name)) {
        "redact_name"
    } else if names.school.as_ref().is_some_and(|school| close.contains(&squeezed(school)) && !school.is_empty()) {
        "redact_school"
    } else if let Some(reason) = number(&plain) {
        reason
    } else if is_address(&plain) || names.address.as_ref().is_some_and(|address| repeats_address(&close, address)) {
        "redact_address"
    } else {
        return Ok(());
    };
    Err(Fault::new(field, reason))
}

fn squeezed(text: &Hidden) -> String {
    fold(text.reveal()).chars().filter(|letter| letter.is_alphanumeric()).collect()
}

/// The whole name, or the given name where it has two characters.
fn names_person(close: &str, name: &Hidden) -> bool {
    let name: Vec<char> = squeezed(name).chars().collect();
    let has = |part: &[char]| close.contains(&part.iter().collect::<String>());
    match name.len() {
        0 | 1 => false,
        2 => has(&name),
        length => has(&name) || has(&name[length - 2..]),
    }
}

/// Digits that are read together: blanks are gone, hyphens count as none; a day is no number.
fn number(plain: &str) -> Option<&'static str> {
    let value = |letter: char| {
        letter
            .to_digit(10)
            .or_else(|| "零一二三四五六七八九".chars().position(|known| known == letter).and_then(|at| u32::try_from(at).ok()))
    };
    let letters: Vec<char> = plain
        .chars()
        .map(|letter| if letter == '〇' || letter == '幺' { if letter == '〇' { '零' } else { '一' } } else { letter })
        .collect();
    let mut start = 0;
    while start < letters.len() {
        let Some(_) = value(letters[start]) else {
            start += 1;
            continue;
        };
        let mut end = start;
        while end < letters.len()
            && (value(letters[end]).is_some()
                || (matches!(letters[end], '-' | '—' | '－' | '.') && end + 1 < letters.len() && value(letters[end + 1]).is_some()))
        {
            end += 1;
        }
        let run: String = letters[start..end].iter().collect();
        let digits = run.chars().filter(|letter| value(*letter).is_some()).count();
        match digits {
            _ if is_day(&run) => {}
            15.. => return Some("redact_identity"),
            7.. => return Some("redact_phone"),
            _ => {}
        }
        start = end;
    }
    None
}

/// `2026-03-01`, `2026.3.1`, or two such days.
fn is_day(run: &str) -> bool {
    let parts: Vec<&str> = run.split(['-', '—', '－', '.']).collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.chars().count()).collect();
    let day = |lengths: &[usize]| matches!(lengths, [4, 1..=2, 1..=2]);
    day(&lengths) || (lengths.len() == 6 && day(&lengths[..3]) && day(&lengths[3..]))
}

/// A number followed by what only houses have.
fn is_address(plain: &str) -> bool {
    let letters: Vec<char> = plain.chars().collect();
    let counts = |letter: &char| letter.is_ascii_digit() || "一二三四五六七八九十百零".contains(*letter);
    letters.windows(2).enumerate().any(|(at, pair)| {
        let [number, unit] = pair else { return false };
        if !counts(number) || !"号栋幢弄室".contains(*unit) {
            return false;
        }
        let start = (0..=at).rev().take_while(|place| counts(&letters[*place])).last().unwrap_or(at);
        let of_month = start > 0 && letters[start - 1] == '月';
        let of_line = letters.get(at + 2).is_some_and(|next| *next == '线');
        !of_month && !of_line
    })
}

/// Four characters of the known address in a row that are more than the names of divisions.
fn repeats_address(close: &str, address: &Hidden) -> bool {
    let letters: Vec<char> = squeezed(address).chars().collect();
    let begins = letters.iter().rposition(|letter| "省市区县镇乡".contains(*letter)).map_or(0, |at| at + 1);
    let begins = letters.windows(2).rposition(|pair| pair == ['街', '道']).map_or(begins, |at| begins.max(at + 2));
    letters[begins..].windows(4).any(|part| close.contains(&part.iter().collect::<String>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        Names {
            names: vec![Hidden::new("欧阳晓禾"), Hidden::new("周明"), Hidden::new("江雨川")],
            address: Some(Hidden::new("南京市六合区长芦街道滨江花园3栋502室")),
            school: Some(Hidden::new("长芦中心小学")),
        }
    }

    #[test]
    fn what_names_a_person_is_found_in_every_dress() {
        for (text, reason) in [
            ("江雨川每天放学没人接", "redact_name"),
            ("江 雨 川每天放学", "redact_name"),
            ("雨川怕狗", "redact_name"),
            ("由周·明接送", "redact_name"),
            ("在长芦中心小学门口等", "redact_school"),
            ("电话138 0000 0000", "redact_phone"),
            ("电话１３８－００００－００００", "redact_phone"),
            ("幺三八零零零零零零零零", "redact_phone"),
            ("025-5800 0000", "redact_phone"),
            ("证号320000201503170024", "redact_identity"),
            ("证号 11010519491231002X", "redact_identity"),
            ("住滨江路18号", "redact_address"),
            ("住三栋", "redact_address"),
            ("滨江花园那边", "redact_address"),
        ] {
            assert_eq!(check("safety_notes", text, &names()).unwrap_err().reason, reason, "{text}");
        }
    }

    #[test]
    fn days_hours_and_places_in_common_words_are_left_alone() {
        for text in [
            "周一至周五 16:30—18:00",
            "2026-11-25—2026-12-25",
            "3月5号以后",
            "地铁2号线附近",
            "家里有狗，请两人同去",
            "长芦街道",
            "南京市六合区",
        ] {
            assert_eq!(check("time_windows", text, &names()), Ok(()), "{text}");
        }
    }
}
