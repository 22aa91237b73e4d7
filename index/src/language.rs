//! The two languages texts are given in. Which one a reader wants is decided outside.

use serde::{Deserialize, Serialize};

/// The language of a text made here.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Simplified Chinese, as used in Jiangsu.
    #[default]
    Zh,
    /// British English.
    En,
}

impl Language {
    /// The text of this language, of two.
    #[must_use]
    pub fn of<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}
