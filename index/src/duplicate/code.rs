//! Codes that tell one from all others: the credit code of a body, the end of an identity number.

/// How two codes agree, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Agreement {
    /// The same characters.
    Same,
    /// One character is another, missing, too many, or two changed places; of a long code, twice.
    Typo,
    /// Another code.
    Other,
}

/// The characters of a folded code; letters the code does not have are read as the digits they
/// look like. Empty where there are fewer than `shortest`.
pub(super) fn read(folded: &str, shortest: usize) -> String {
    let letter = |c: char| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' => '1',
        'Z' => '2',
        'S' => '5',
        other => other,
    };
    let code: String = folded.chars().filter(char::is_ascii_alphanumeric).map(letter).collect();
    if code.len() >= shortest { code } else { String::new() }
}

/// How two agree; none where one is missing.
pub(super) fn agreement(one: &str, other: &str) -> Option<Agreement> {
    if one.is_empty() || other.is_empty() {
        return None;
    }
    // Two lists may each have made a slip in a long code; codes of two bodies differ in more places.
    let slips = if one.len().min(other.len()) >= 12 { 2 } else { 1 };
    Some(match strsim::osa_distance(one, other) {
        0 => Agreement::Same,
        found if found <= slips => Agreement::Typo,
        _ => Agreement::Other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_the_code_lacks_is_a_digit() {
        assert_eq!(read("9132 9900-ma1o", 4), "91329900MA10");
        assert_eq!(read("无", 4), "");
        assert_eq!(agreement("913299001", "913299007"), Some(Agreement::Typo));
        assert_eq!(agreement("913299001", ""), None);
        assert_eq!(agreement("52329900MJ04278274", "52329960MJ0427827A"), Some(Agreement::Typo));
        assert_eq!(agreement("0024", "0042"), Some(Agreement::Typo));
        assert_eq!(agreement("0024", "0031"), Some(Agreement::Other));
    }
}
