//! Field classes: how near to a person an item of a case comes.

use serde::{Deserialize, Serialize};

/// The class of an item; `docs/ARCHITECTURE.md`, "Field classes", lists the items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Need, tier, alias, age band, language, time windows, township.
    Open,
    /// Safety notes for staff, mobility, travel, sex where it matters.
    Care,
    /// Risk, categories, holds, hukou, guardian's state.
    Status,
    /// Agreed contact route, guardian's name and phone.
    Contact,
    /// Name, number, birth date, phone, address, school, point, photo.
    Identity,
    /// Diagnoses, certificates, narrative, income.
    Sensitive,
    /// Sexual abuse, HIV, crime, cause of a parent's absence, adoption, reporter.
    Secret,
}

impl Class {
    const ALL: [Self; 7] = [Self::Open, Self::Care, Self::Status, Self::Contact, Self::Identity, Self::Sensitive, Self::Secret];
}

/// A set of classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Classes(u8);

impl Classes {
    /// None at all.
    pub const NONE: Self = Self(0);

    /// The set of some classes.
    #[must_use]
    pub const fn of(classes: &[Class]) -> Self {
        let mut bits = 0;
        let mut next = 0;
        while next < classes.len() {
            bits |= 1 << classes[next] as u8;
            next += 1;
        }
        Self(bits)
    }

    /// Whether `class` is in it.
    #[must_use]
    pub const fn has(self, class: Class) -> bool {
        self.0 & (1 << class as u8) != 0
    }

    /// Both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those in it.
    pub fn iter(self) -> impl Iterator<Item = Class> {
        Class::ALL.into_iter().filter(move |class| self.has(*class))
    }
}
