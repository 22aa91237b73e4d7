//! Categories of child, audiences of fees, kinds of organization, risk levels.

use lianjie_index::CategoryCode;

use crate::locale::Locale;

/// A word with its two names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Code.
    pub code: String,
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Named {
    /// The name in a language.
    #[must_use]
    pub fn name(&self, locale: Locale) -> &str {
        locale.pick(&self.zh, &self.en)
    }
}

/// Whom a fee is for: a set of categories.
#[derive(Debug, Clone)]
pub struct Audience {
    /// Code and names.
    pub named: Named,
    /// Categories that belong to it; empty for `other`.
    pub categories: Vec<CategoryCode>,
}

/// A kind of organization.
#[derive(Debug, Clone)]
pub struct Kind {
    /// Code and names.
    pub named: Named,
    /// `government`, `public`, `ngo`, …
    pub sector: String,
    /// Taxonomy leaves it usually offers.
    pub typical_services: Vec<String>,
}

/// A level of risk of a case, editable by an installation.
#[derive(Debug, Clone)]
pub struct RiskLevel {
    /// Code and names.
    pub named: Named,
    /// 1 is the highest.
    pub rank: u8,
    /// First contact, in words.
    pub first_contact: String,
    /// Days between visits.
    pub visit_every: u16,
    /// Days between reviews.
    pub review_every: u16,
}

/// All of them in memory.
#[derive(Debug, Default)]
pub struct Categories {
    /// Categories of child.
    pub children: Vec<Named>,
    /// Audiences of fees.
    pub audiences: Vec<Audience>,
    /// Kinds of organization.
    pub kinds: Vec<Kind>,
    /// Levels of risk, highest first.
    pub risks: Vec<RiskLevel>,
    /// Public short numbers: number, name.
    pub hotlines: Vec<Named>,
}

impl Categories {
    /// The name of a category of child.
    #[must_use]
    pub fn child(&self, code: &str, locale: Locale) -> String {
        name(&self.children, code, locale)
    }

    /// The name of a kind of organization.
    #[must_use]
    pub fn kind(&self, code: &str, locale: Locale) -> String {
        self.kinds.iter().find(|kind| kind.named.code == code).map_or_else(|| code.to_owned(), |kind| kind.named.name(locale).to_owned())
    }

    /// The level of risk of a code.
    #[must_use]
    pub fn risk(&self, code: &str) -> Option<&RiskLevel> {
        self.risks.iter().find(|risk| risk.named.code == code)
    }
}

fn name(list: &[Named], code: &str, locale: Locale) -> String {
    list.iter().find(|named| named.code == code).map_or_else(|| code.to_owned(), |named| named.name(locale).to_owned())
}
