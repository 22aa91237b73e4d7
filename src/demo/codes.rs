//! Numbers that look right and belong to nobody: the check digits fit, the places they name do not exist.

use super::draw::Draw;

const USCC_ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const USCC_WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const IDENTITY_WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/// The division no code is given out for: a body with it in its code is invented.
const NO_DIVISION: &str = "329900";

/// A 统一社会信用代码 of a kind of body (two characters) in a division that does not exist.
#[must_use]
pub fn uscc(draw: &mut Draw, prefix: &str) -> String {
    let body: String = (0..9).map(|_| char::from(*draw.one(USCC_ALPHABET))).collect();
    let code = format!("{prefix}{NO_DIVISION}{body}");
    let value = |letter: u8| USCC_ALPHABET.iter().position(|known| *known == letter).unwrap_or(0);
    let sum: usize = code.bytes().zip(USCC_WEIGHTS).map(|(letter, weight)| value(letter) * weight).sum();
    let check = USCC_ALPHABET[(31 - sum % 31) % 31];
    format!("{code}{}", char::from(check))
}

/// A telephone number of a prefecture: no subscriber number begins with 0. Different numbers give different ones, in no
/// order that shows.
#[must_use]
pub fn phone(area: &str, number: usize) -> String {
    let (low, high) = (number % 10_000 * 7_919 % 10_000, number / 10_000);
    if high == 0 { format!("{area}-0000 {low:04}") } else { format!("{area}-0000 {low:04}{high}") }
}

/// An identity number whose area is the province itself, where nobody is registered.
#[must_use]
pub fn identity(draw: &mut Draw, born: jiff::civil::Date, is_female: bool) -> String {
    let order = draw.number(0..=499) * 2 + u32::from(!is_female);
    let body = format!("320000{:04}{:02}{:02}{order:03}", born.year(), born.month(), born.day());
    let sum: u32 = body.bytes().zip(IDENTITY_WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    let check = b"10X98765432"[usize::try_from(sum % 11).unwrap_or(0)];
    format!("{body}{}", char::from(check))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::organization::model::read_uscc;

    #[test]
    fn every_code_has_the_right_check_character() {
        let mut draw = Draw::of(1, "codes");
        for prefix in ["11", "12", "52", "91"] {
            let code = uscc(&mut draw, prefix);
            assert_eq!(read_uscc(&code).unwrap(), code);
            assert_eq!(&code[2..8], NO_DIVISION);
        }
    }

    #[test]
    fn a_phone_number_begins_with_a_digit_nobody_has() {
        assert!(phone("025", 7).starts_with("025-0000 "));
        assert!(phone("0527", 30_007).starts_with("0527-0000 "));
    }

    #[test]
    fn no_two_bodies_share_a_phone_number() {
        let all: std::collections::BTreeSet<String> = (0..25_000).map(|number| phone("025", number)).collect();
        assert_eq!(all.len(), 25_000);
    }

    #[test]
    fn an_identity_number_is_right_but_nobodys() {
        let number = identity(&mut Draw::of(1, "child"), "2016-03-01".parse().unwrap(), true);
        assert!(number.starts_with("32000020160301"));
        assert_eq!(number.as_bytes()[16] % 2, 0, "an even digit is a girl's");
    }
}
