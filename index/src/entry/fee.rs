//! What a service costs whom. A fee is a function of service and child, so a row names an
//! audience; of the rows that apply the lowest level counts, then the lowest amount.

use std::{collections::BTreeSet, fmt, str::FromStr};

use jiff::civil::Date;
use serde::{Deserialize, Serialize, de, ser};

use crate::code::{CategoryCode, CodeError};

/// Categories that make a child one in hardship (困境).
pub const HARDSHIP: [&str; 10] = ["ORPHAN", "DEFACTO", "NOGUARD", "UNABLE", "DISABLED", "ILL", "STREET", "POOR", "HARM", "LEFT"];

/// Whom a fee row is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// 困境: any category of [`HARDSHIP`].
    Hardship,
    /// 社区: lives in the service's area.
    Community,
    /// 其他: the rest.
    Other,
    /// One category.
    Category(CategoryCode),
}

/// 无偿, 低偿, 有偿.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FeeLevel {
    /// 无偿.
    Free,
    /// 低偿.
    Low,
    /// 有偿.
    Full,
}

impl FeeLevel {
    /// Every level, lowest first.
    pub const ALL: [Self; 3] = [Self::Free, Self::Low, Self::Full];
}

/// Who pays a fee.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Payer {
    /// The family.
    Family,
    /// The station.
    Station,
    /// A purchased project.
    Program,
    /// A department or fund.
    Body,
}

/// One row of a service's fees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fee {
    /// Whom it is for.
    pub audience: Audience,
    /// Free, low or full.
    pub level: FeeLevel,
    /// Amount in fen for one unit; free is 0.
    #[serde(default)]
    pub amount_fen: Option<i64>,
    /// `visit`, `hour`, `month` or `term`.
    #[serde(default)]
    pub unit: Option<String>,
    /// How many units are given at most.
    #[serde(default)]
    pub quota: Option<i64>,
    /// Who pays.
    #[serde(default)]
    pub payer: Option<Payer>,
    /// First day it holds.
    #[serde(default)]
    pub valid_from: Option<Date>,
    /// Last day it holds.
    #[serde(default)]
    pub valid_to: Option<Date>,
}

impl Fee {
    fn holds_on(&self, day: Date) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day <= to)
    }

    /// Amount in fen, as far as it is known: free is 0, and what somebody else pays is 0 too.
    #[must_use]
    pub fn amount(&self) -> Option<i64> {
        let paid_for = self.payer.is_some_and(|payer| payer != Payer::Family);
        if self.level == FeeLevel::Free || paid_for { Some(0) } else { self.amount_fen }
    }
}

/// The child, as far as fees depend on it.
#[derive(Debug, Clone, Copy)]
pub struct Payee<'a> {
    /// Categories, where known.
    pub categories: Option<&'a BTreeSet<CategoryCode>>,
    /// Whether the child lives in the service's area.
    pub in_area: bool,
}

impl Payee<'_> {
    /// Whether any category means hardship.
    #[must_use]
    pub fn in_hardship(&self) -> bool {
        self.categories.is_some_and(|known| HARDSHIP.iter().any(|code| known.contains(*code)))
    }

    fn is_of(&self, audience: &Audience) -> bool {
        match audience {
            Audience::Hardship => self.in_hardship(),
            Audience::Community => self.in_area,
            Audience::Other => true,
            Audience::Category(code) => self.categories.is_some_and(|known| known.contains(code)),
        }
    }
}

/// The row that counts for this child on this day: lowest level, then lowest amount.
///
/// `other` is the rest, so a row for it is a ceiling for everybody.
#[must_use]
pub fn lowest<'a>(fees: &'a [Fee], payee: Payee<'_>, day: Date) -> Option<&'a Fee> {
    let rows = fees.iter().filter(|fee| fee.holds_on(day) && payee.is_of(&fee.audience));
    rows.min_by_key(|fee| (fee.level, fee.amount().unwrap_or(i64::MAX)))
}

/// The row that counts for an audience by itself: its own and what is for the rest; a category of
/// hardship is also of that audience.
#[must_use]
pub fn for_audience<'a>(fees: &'a [Fee], audience: &Audience, day: Date) -> Option<&'a Fee> {
    let rows = fees.iter().filter(|fee| fee.holds_on(day) && audience.includes(&fee.audience));
    rows.min_by_key(|fee| (fee.level, fee.amount().unwrap_or(i64::MAX)))
}

impl Audience {
    /// Whether a row for `other` is also for this audience.
    fn includes(&self, other: &Self) -> bool {
        match (self, other) {
            (_, Self::Other) => true,
            (Self::Category(code), Self::Hardship) => HARDSHIP.contains(&code.as_str()),
            _ => self == other,
        }
    }
}

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hardship => f.write_str("hardship"),
            Self::Community => f.write_str("community"),
            Self::Other => f.write_str("other"),
            Self::Category(code) => code.fmt(f),
        }
    }
}

impl FromStr for Audience {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        match text {
            "hardship" => Ok(Self::Hardship),
            "community" => Ok(Self::Community),
            "other" => Ok(Self::Other),
            code => code.parse().map(Self::Category),
        }
    }
}

impl Serialize for Audience {
    fn serialize<S: ser::Serializer>(&self, into: S) -> Result<S::Ok, S::Error> {
        into.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Audience {
    fn deserialize<D: de::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fee(audience: &str, level: FeeLevel, amount_fen: i64) -> Fee {
        Fee {
            audience: audience.parse().unwrap(),
            level,
            amount_fen: Some(amount_fen),
            unit: None,
            quota: None,
            payer: None,
            valid_from: None,
            valid_to: None,
        }
    }

    #[test]
    fn of_the_rows_that_apply_the_lowest_level_counts() {
        let fees = [fee("other", FeeLevel::Full, 9_000), fee("community", FeeLevel::Low, 2_000), fee("hardship", FeeLevel::Free, 0)];
        let day = "2026-11-25".parse().unwrap();
        let orphan = BTreeSet::from(["ORPHAN".parse().unwrap()]);
        let level = |categories, in_area| lowest(&fees, Payee { categories, in_area }, day).unwrap().level;
        assert_eq!(level(Some(&orphan), false), FeeLevel::Free);
        assert_eq!(level(None, true), FeeLevel::Low);
        assert_eq!(level(None, false), FeeLevel::Full);
    }
}
