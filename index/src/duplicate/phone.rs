//! Phone numbers, however they are written: the last eight digits, a masked digit fits any.

/// How many digits from the end tell a number: a landline without its area code, and the part of
/// a mobile number that differs between people of one place.
const LENGTH: usize = 8;

/// The last eight places of one number; a masked or missing place is a star.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Phone([u8; LENGTH]);

/// How two numbers agree, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Agreement {
    /// The same digits.
    Same,
    /// Nothing against it, but some digits are masked.
    Masked,
    /// One digit is another, or two changed places.
    Typo,
    /// Another number.
    Other,
}

impl Phone {
    /// The numbers of a field; those too short to tell anything are left out.
    pub(super) fn all(folded: &str) -> Vec<Self> {
        let mut found = Vec::new();
        for part in folded.split([',', ';', '/', '、', '|', '或', '和', '及', '，', '；', '。']) {
            match joined(part) {
                Some(digits) if digits.len() > 15 => found.extend(apart(part)),
                Some(digits) => found.extend(Self::of(digits)),
                None => {}
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn of(mut digits: Vec<u8>) -> Option<Self> {
        for country in [&b"0086"[..], b"86"] {
            if digits.len() > 11 && digits.starts_with(country) {
                digits.drain(..country.len());
            }
        }
        let visible = digits.iter().filter(|digit| digit.is_ascii_digit()).count();
        if visible < digits.len() {
            // A mask need not be as long as what it hides.
            let whole = if digits[0] == b'1' {
                11
            } else if digits[0] == b'0' {
                12
            } else {
                LENGTH
            };
            let first = digits.iter().position(|digit| *digit == b'*')?;
            while digits.len() < whole {
                digits.insert(first, b'*');
            }
        }
        if digits.len() < 7 || visible < 4 {
            return None;
        }
        let mut places = [b'*'; LENGTH];
        for (place, digit) in places.iter_mut().rev().zip(digits.iter().rev()) {
            *place = *digit;
        }
        Some(Self(places))
    }

    fn is_whole(self) -> bool {
        self.0[1..].iter().all(|digit| *digit != b'*')
    }

    /// Keys to find its like by: the whole, or the visible end of a masked one.
    pub(super) fn keys(self) -> impl Iterator<Item = String> {
        let whole = self.is_whole().then(|| self.text(1));
        let end = self.0[4..].iter().all(|digit| *digit != b'*').then(|| format!("*{}", self.text(4)));
        let start = self.0[..4].iter().all(|digit| *digit != b'*').then(|| format!("{}*", String::from_utf8_lossy(&self.0[..4])));
        // The end alone is shared by many; it is combined with more by the caller.
        whole.into_iter().chain(end).chain(if self.is_whole() { None } else { start })
    }

    fn text(self, from: usize) -> String {
        String::from_utf8_lossy(&self.0[from..]).into_owned()
    }

    fn agreement(self, other: Self) -> Agreement {
        let pairs = || self.0.iter().zip(&other.0).filter(|(a, b)| **a != b'*' && **b != b'*');
        let differing = pairs().filter(|(a, b)| a != b).count();
        let compared = pairs().count();
        let masked = !self.is_whole() || !other.is_whole();
        match differing {
            0 if !masked => Agreement::Same,
            0 if compared >= 4 => Agreement::Masked,
            1 if !masked => Agreement::Typo,
            2 if !masked && self.swapped(other) => Agreement::Typo,
            _ => Agreement::Other,
        }
    }

    fn swapped(self, other: Self) -> bool {
        (1..LENGTH).any(|n| self.0[n - 1] != self.0[n] && self.0[n - 1] == other.0[n] && self.0[n] == other.0[n - 1])
    }
}

/// The digits and masks of one number, its extension left out; none where there is no digit.
fn joined(part: &str) -> Option<Vec<u8>> {
    let part = part.split(['转', '#', '分']).next().unwrap_or_default();
    let part = part.split("ext").next().unwrap_or_default();
    let mut digits = Vec::new();
    let mut dashes = 0;
    for c in part.chars() {
        dashes = if c == '-' { dashes + 1 } else { 0 };
        match c {
            '0'..='9' => digits.push(c as u8),
            '*' | 'x' | '×' | '•' | '?' | '_' | '某' => digits.push(b'*'),
            // One dash parts groups; a row of them is a mask.
            '-' if dashes == 2 => digits.extend(b"**"),
            '-' if dashes > 2 => digits.push(b'*'),
            _ => {}
        }
    }
    digits.iter().any(u8::is_ascii_digit).then_some(digits)
}

/// Several numbers with nothing but spaces between them.
fn apart(part: &str) -> Vec<Phone> {
    let groups = part.split_whitespace().filter_map(joined).filter(|digits| digits.len() >= 7);
    groups.filter_map(Phone::of).collect()
}

/// The best agreement of any number of one field with any of the other; none where one has none.
pub(super) fn agreement(one: &[Phone], other: &[Phone]) -> Option<Agreement> {
    one.iter().flat_map(|a| other.iter().map(|b| a.agreement(*b))).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agree(one: &str, other: &str) -> Option<Agreement> {
        agreement(&Phone::all(one), &Phone::all(other))
    }

    #[test]
    fn a_number_is_one_in_every_format() {
        for written in ["025-0012 3456", "(025)00123456", "+86 25 0012-3456", "00123456", "025-00123456转801", "13900001111 / 00123456"] {
            assert_eq!(agree(written, "02500123456"), Some(Agreement::Same), "{written}");
        }
        assert_eq!(agree("13900001111 00123456", "00123456"), Some(Agreement::Same));
    }

    #[test]
    fn a_masked_digit_fits_any() {
        for masked in ["139****1111", "139***1111", "139xxxx1111", "139----1111", "1390000****"] {
            assert_eq!(agree(masked, "139 0000 1111"), Some(Agreement::Masked), "{masked}");
            assert_eq!(agree(masked, "137 2222 3333"), Some(Agreement::Other), "{masked}");
        }
    }

    #[test]
    fn a_wrong_digit_is_a_typo_and_nothing_is_neutral() {
        assert_eq!(agree("13900001111", "13900001711"), Some(Agreement::Typo));
        assert_eq!(agree("13900001211", "13900002111"), Some(Agreement::Typo));
        assert_eq!(agree("13900001111", "无"), None);
    }
}
