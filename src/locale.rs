//! The two languages of the product, and how a person's choice is read.

use serde::{Deserialize, Serialize};

/// A language of pages and messages. Chinese first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, clap::ValueEnum)]
pub enum Locale {
    /// 简体中文.
    #[default]
    #[serde(rename = "zh-CN")]
    #[value(name = "zh-CN", alias = "zh")]
    Zh,
    /// English.
    #[serde(rename = "en")]
    #[value(name = "en")]
    En,
}

impl Locale {
    /// The tag, as in `lang` and in the keys of `locales/`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// Reads a stored tag; anything unknown is Chinese.
    #[must_use]
    pub fn from_tag(tag: &str) -> Self {
        if tag.trim().to_ascii_lowercase().starts_with("en") { Self::En } else { Self::Zh }
    }

    /// Reads `Accept-Language`: English only where it stands before any Chinese.
    #[must_use]
    pub fn from_header(accept: &str) -> Self {
        accept
            .split(',')
            .find_map(|part| {
                let tag = part.split(';').next()?.trim().to_ascii_lowercase();
                if tag.starts_with("en") {
                    Some(Self::En)
                } else if tag.starts_with("zh") {
                    Some(Self::Zh)
                } else {
                    None
                }
            })
            .unwrap_or_default()
    }

    /// One of two texts.
    #[must_use]
    pub const fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}

impl From<Locale> for lianjie_index::Language {
    fn from(locale: Locale) -> Self {
        match locale {
            Locale::Zh => Self::Zh,
            Locale::En => Self::En,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_known_language_of_the_header_counts() {
        assert_eq!(Locale::from_header("fr, en;q=0.8, zh;q=0.7"), Locale::En);
        assert_eq!(Locale::from_header("zh-CN,zh;q=0.9,en;q=0.8"), Locale::Zh);
        assert_eq!(Locale::from_header("de"), Locale::Zh);
    }
}
