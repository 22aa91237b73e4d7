//! Phone numbers as people write them: which forms there are, and which of them is likely somebody's own.
//!
//! Source: `docs/GLOSSARY.md` and the numbering of China: a mobile number has eleven digits and begins with 13 to 19, a landline has
//! an area code of three or four digits and seven or eight of its own, 400 and 800 have ten, a public short number three to five.

use lianjie_index::text::fold;

/// What a number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 1[3-9] and nine digits: mostly somebody's own.
    Mobile,
    /// Area code and number, perhaps with an extension.
    Landline,
    /// 400 and 800: paid by who is called, or shared.
    Hotline,
    /// Three to five digits: 110, 12345, with an area code before it too.
    Short,
}

/// Most digits of an extension.
const LONGEST_EXTENSION: usize = 6;
/// What stands between several numbers in one field.
const APART: [char; 8] = ['、', '，', ',', '；', ';', '\n', '/', '|'];
/// What stands before an extension.
const EXTENSION: [&str; 6] = ["转", "分机", "ext.", "ext", "x", "#"];

/// The numbers that a field holds, each as it is written but for width and the many dashes; blanks around are taken off.
#[must_use]
pub fn several(text: &str) -> Vec<String> {
    let parts = text.split(APART).map(plain);
    parts.filter(|part| !part.is_empty()).collect()
}

/// A number in ordinary width, with one kind of dash.
#[must_use]
pub fn plain(text: &str) -> String {
    let dash = |letter: char| matches!(letter, '—' | '–' | '－' | '‐' | '−' | 'ー' | '‑');
    let dashed: String = fold(text).chars().map(|letter| if dash(letter) { '-' } else { letter }).collect();
    dashed.trim().to_owned()
}

/// What a text is a number of; none where it is no number in any form.
#[must_use]
pub fn kind(text: &str) -> Option<Kind> {
    let plain = plain(text);
    let (number, extension) = with_extension(&plain);
    if extension.is_some_and(|extension| !is_extension(extension)) {
        return None;
    }
    let (number, abroad) = without_country(number);
    let groups = groups(number)?;
    let digits = at_home(groups.concat(), abroad);
    let said = extension.is_some();
    match digits.as_bytes() {
        [b'1', b'3'..=b'9', ..] if digits.len() == 11 && !said => Some(Kind::Mobile),
        [b'4' | b'8', b'0', b'0', ..] if digits.len() == 10 => Some(Kind::Hotline),
        [b'1'..=b'9', ..] if (3..=5).contains(&digits.len()) && groups.len() == 1 && !said && !abroad => Some(Kind::Short),
        [b'0', b'1'..=b'9', ..] => landline(&groups, &digits, said),
        _ => None,
    }
}

/// Whether a text is a phone number.
#[must_use]
pub fn is_phone(text: &str) -> bool {
    kind(text).is_some()
}

/// Whether a number is that of a mobile phone.
#[must_use]
pub fn is_mobile(text: &str) -> bool {
    kind(text) == Some(Kind::Mobile)
}

/// Whether a number is likely somebody's own: whatever is no landline, hotline or short number, and is not said to be the office's.
#[must_use]
pub fn is_private(text: &str, office: &[String]) -> bool {
    let is_own = !matches!(kind(text), Some(Kind::Landline | Kind::Hotline | Kind::Short));
    is_own && !office.iter().any(|known| is_same(known, text))
}

/// The digits of a number as it is dialled at home, its extension behind it: what all ways of writing it share.
#[must_use]
pub fn digits(text: &str) -> String {
    let plain = plain(text);
    let (number, abroad) = without_country(&plain);
    at_home(number.chars().filter(char::is_ascii_digit).collect(), abroad)
}

/// Whether two texts are one number, however it is written.
#[must_use]
pub fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (digits(one), digits(other));
    !one.is_empty() && one == other
}

/// Digits as they are dialled at home: a mobile number without the nought or the 86 that some write before it, and the nought of
/// an area code that is lost behind +86.
fn at_home(mut digits: String, abroad: bool) -> String {
    let is_mobile = |digits: &str| digits.len() == 11 && matches!(digits.as_bytes(), [b'1', b'3'..=b'9', ..]);
    if let Some(mobile) = ["0", "86"].iter().find_map(|before| digits.strip_prefix(before)).filter(|rest| is_mobile(rest)) {
        return mobile.to_owned();
    }
    let is_whole = digits.is_empty() || digits.len() == 11 && digits.starts_with('1') && !digits.starts_with("10");
    if abroad && !is_whole && !["0", "400", "800"].iter().any(|begun| digits.starts_with(begun)) {
        digits.insert(0, '0');
    }
    digits
}

fn landline(groups: &[String], digits: &str, said: bool) -> Option<Kind> {
    if let [area, short] = groups
        && (3..=4).contains(&area.len())
        && short.len() == 5
        && short.starts_with(['1', '9'])
    {
        return Some(Kind::Short);
    }
    let is_number = |length: usize| (10..=12).contains(&length);
    if is_number(digits.len()) {
        return Some(Kind::Landline);
    }
    // The last group is an extension, where it was not said to be one.
    let last = groups.last().filter(|last| !said && groups.len() > 1 && is_extension(last))?;
    is_number(digits.len() - last.len()).then_some(Kind::Landline)
}

fn is_extension(text: &str) -> bool {
    (1..=LONGEST_EXTENSION).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn with_extension(text: &str) -> (&str, Option<&str>) {
    let found = EXTENSION.iter().find_map(|mark| text.split_once(mark));
    found.map_or((text, None), |(number, extension)| (number.trim_end_matches([' ', '-']), Some(extension.trim_matches([' ', ':', '-']))))
}

/// The number without +86; whether that stood there.
fn without_country(text: &str) -> (&str, bool) {
    let text = text.trim();
    let rest = text.strip_prefix("(+86)").or_else(|| text.strip_prefix("+86")).or_else(|| text.strip_prefix("0086"));
    rest.map_or((text, false), |rest| (rest.trim_start_matches([' ', '-']), true))
}

/// Digits between dashes and brackets; blanks stand for nothing. None where anything else stands among them.
fn groups(text: &str) -> Option<Vec<String>> {
    let mut groups = vec![String::new()];
    for letter in text.chars() {
        match letter {
            '0'..='9' => groups.last_mut()?.push(letter),
            ' ' => {}
            '-' | '(' | ')' => groups.push(String::new()),
            _ => return None,
        }
    }
    groups.retain(|group| !group.is_empty());
    (!groups.is_empty()).then_some(groups)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_number_is_known() {
        for mobile in [
            "13900000000",
            "139-0000-0000",
            "139 0000 0000",
            "+86 13900000000",
            "+8613900000000",
            "0086-13900000000",
            "１３９００００００００",
            "013900000000",
            "0139-0000-0000",
            "8613900000000",
        ] {
            assert_eq!(kind(mobile), Some(Kind::Mobile), "{mobile}");
        }
        for landline in [
            "025-0000 0000",
            "025-57501234",
            "02557501234",
            "（025）57501234",
            "0516-1234567",
            "+86 25 5750 1234",
            "+86 451 1234 5678",
            "+86 10 1234 5678",
            "０２５－５７５０１２３４",
            "025—57501234",
            "025-57501234-801",
            "025-57501234转801",
            "0512-57501234 分机 8001",
            "025-5750-1234-801",
            "010-12345678 ext. 12",
        ] {
            assert_eq!(kind(landline), Some(Kind::Landline), "{landline}");
        }
        for hotline in ["400-000-0000", "4000000000", "800 000 0000", "400-0000000转1"] {
            assert_eq!(kind(hotline), Some(Kind::Hotline), "{hotline}");
        }
        for short in ["110", "12345", "12356", "95533", "025-12345"] {
            assert_eq!(kind(short), Some(Kind::Short), "{short}");
        }
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in [
            "",
            "找王老师",
            "12",
            "123456",
            "57501234",
            "1390000000",
            "139000000001",
            "12900000000",
            "(217) 555-0100",
            "025-1234",
            "00000000000",
            "110转2",
            "025-57501234转王老师",
            "13900000000 025-57501234",
        ] {
            assert_eq!(kind(text), None, "{text}");
        }
    }

    #[test]
    fn several_numbers_stand_in_one_field() {
        assert_eq!(several("０２５－５７５０１２３４、13900000000；110/ 120"), ["025-57501234", "13900000000", "110", "120"]);
        assert!(is_same("025-5750 1234", "（025）57501234") && is_same("+86 13900000000", "139-0000-0000"));
        assert!(is_same("013900000000", "13900000000") && is_same("8613900000000", "139 0000 0000"));
        assert!(is_same("+86 25 5750 1234", "025-57501234") && is_same("0086 400-000-0000", "4000000000"));
        assert!(!is_same("025-57501234", "025-57501235") && !is_same("", ""));
    }

    #[test]
    fn what_is_not_surely_an_offices_is_private() {
        let office = ["139 0000 0000".to_owned()];
        for private in ["13900000001", "013900000001", "8613900000001", "13900000001转2", "找王老师"] {
            assert!(is_private(private, &office), "{private}");
        }
        for public in ["013900000000", "+86 13900000000", "025-57501234", "400-000-0000", "12345"] {
            assert!(!is_private(public, &office), "{public}");
        }
    }
}
