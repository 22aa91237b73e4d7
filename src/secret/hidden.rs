//! A text that is not printed by accident.

use std::fmt;

use zeroize::Zeroize;

/// A name, number, address or story of a person. `Debug` prints `***`; there is no `Display`.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Hidden(String);

impl Hidden {
    /// Hides a text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Shows it: the caller has asked `decide` and records the view.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.trim().is_empty()
    }

    /// The first character and stars: `王**`.
    #[must_use]
    pub fn masked_name(&self) -> String {
        let mut letters = self.0.chars();
        letters.next().map(|first| first.to_string() + &"*".repeat(letters.count().max(1))).unwrap_or_default()
    }

    /// The first four and last four characters of a number: `3200**********1234`.
    #[must_use]
    pub fn masked_number(&self) -> String {
        let letters: Vec<char> = self.0.chars().collect();
        if letters.len() < 9 {
            return "*".repeat(letters.len());
        }
        let (head, tail) = (&letters[..4], &letters[letters.len() - 4..]);
        head.iter().collect::<String>() + &"*".repeat(letters.len() - 8) + &tail.iter().collect::<String>()
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl From<String> for Hidden {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl<'de> serde::Deserialize<'de> for Hidden {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hidden_text_prints_stars() {
        assert_eq!(format!("{:?}", Hidden::new("小雨")), "***");
    }

    #[test]
    fn masks_keep_what_tells_two_apart_and_no_more() {
        assert_eq!(Hidden::new("欧阳小雨").masked_name(), "欧***");
        assert_eq!(Hidden::new("320000201503170024").masked_number(), "3200**********0024");
        assert_eq!(Hidden::new("1234567").masked_number(), "*******");
    }
}
