//! Ids and codes. An id is opaque here; a code has a shape that is checked when it is read.

use std::{borrow::Borrow, fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize, de};
use thiserror::Error;

/// A code that does not have the shape of its kind.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{what} cannot be \"{given}\": {wanted}")]
pub struct CodeError {
    what: &'static str,
    given: String,
    wanted: &'static str,
}

/// An opaque string with a name of its own; cloning shares the text.
macro_rules! text_newtype {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The text itself.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}

/// An id: any text is one.
macro_rules! id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        text_newtype!($(#[$doc])* $name);

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text.into())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: de::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                String::deserialize(from).map(Self::from)
            }
        }
    )*};
}

/// A code: made by `parse`, so that one in hand has the right shape.
macro_rules! code {
    ($($(#[$doc:meta])* $name:ident: $what:literal, $wanted:literal, $check:expr;)*) => {$(
        text_newtype!($(#[$doc])* $name);

        impl FromStr for $name {
            type Err = CodeError;

            fn from_str(text: &str) -> Result<Self, CodeError> {
                let check: fn(&str) -> bool = $check;
                if check(text) {
                    return Ok(Self(text.into()));
                }
                let given = text.chars().take(40).collect();
                Err(CodeError { what: $what, given, wanted: $wanted })
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: de::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                String::deserialize(from)?.parse().map_err(de::Error::custom)
            }
        }
    )*};
}

id! {
    /// An organisation.
    OrganizationId;
    /// A service: one offering of an organisation.
    ServiceId;
    /// A service at a location (`service_at_location`): what a child is referred to.
    SiteId;
}

code! {
    /// A division of the ministry's list (`mca`): 2, 4, 6, 9 or 12 digits; a parent is a prefix.
    DivisionCode: "a division", "2, 4, 6, 9 or 12 digits",
        |text| matches!(text.len(), 2 | 4 | 6 | 9 | 12) && text.bytes().all(|b| b.is_ascii_digit());
    /// A taxonomy term: a group (`PSY`) or a leaf (`PSY-03`).
    TermCode: "a taxonomy term", "capital letters, then perhaps a hyphen and digits", is_term;
    /// A category of child (`DEFACTO`).
    CategoryCode: "a category of child", "capital letters",
        |text| !text.is_empty() && text.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
    /// Where a service is given to: a division, or `zone:` and the id of a zone.
    Area: "an area", "a division code, or zone: and an id",
        |text| match text.strip_prefix("zone:") {
            Some(id) => !id.is_empty(),
            None => text.parse::<DivisionCode>().is_ok(),
        };
}

fn is_term(text: &str) -> bool {
    let (group, leaf) = text.split_once('-').unwrap_or((text, "0"));
    !group.is_empty() && group.bytes().all(|b| b.is_ascii_uppercase()) && !leaf.is_empty() && leaf.bytes().all(|b| b.is_ascii_digit())
}

impl DivisionCode {
    /// Whether `other` is this division or lies in it.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        other.0.starts_with(&*self.0)
    }

    /// This division and those above it, narrowest first.
    pub fn upwards(&self) -> impl Iterator<Item = &str> {
        [12, 9, 6, 4, 2].into_iter().filter_map(|digits| self.0.get(..digits))
    }

    /// The county this lies in, or itself where it is wider.
    #[must_use]
    pub fn county(&self) -> Self {
        Self(self.0.get(..6).unwrap_or(&self.0).into())
    }
}

impl TermCode {
    /// The group a leaf belongs to; a group is its own.
    #[must_use]
    pub fn group(&self) -> &str {
        self.0.split_once('-').map_or(&*self.0, |(group, _)| group)
    }

    /// Whether this is a leaf.
    #[must_use]
    pub fn is_leaf(&self) -> bool {
        self.0.contains('-')
    }

    /// Whether `other` is this term, or a leaf of this group.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        self == other || (!self.is_leaf() && other.group() == self.as_str())
    }
}

impl Area {
    /// The id of the zone, where this is one.
    #[must_use]
    pub fn zone(&self) -> Option<&str> {
        self.0.strip_prefix("zone:")
    }

    /// The division, where this is one.
    #[must_use]
    pub fn division(&self) -> Option<DivisionCode> {
        self.0.parse().ok()
    }
}

impl From<DivisionCode> for Area {
    fn from(division: DivisionCode) -> Self {
        Self(division.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_division_contains_what_begins_with_it() {
        let county: DivisionCode = "320116".parse().unwrap();
        assert!(county.contains(&"320116010".parse().unwrap()));
        assert!(!county.contains(&"320111001".parse().unwrap()));
        assert_eq!(county.upwards().collect::<Vec<_>>(), ["320116", "3201", "32"]);
    }

    #[test]
    fn a_code_of_another_shape_is_refused() {
        assert!("32011".parse::<DivisionCode>().is_err());
        assert!("psy-3".parse::<TermCode>().is_err());
        assert!("zone:".parse::<Area>().is_err());
        assert_eq!(
            "x".parse::<TermCode>().unwrap_err().to_string(),
            "a taxonomy term cannot be \"x\": capital letters, then perhaps a hyphen and digits"
        );
    }

    #[test]
    fn a_group_covers_its_leaves() {
        let group: TermCode = "PSY".parse().unwrap();
        let leaf: TermCode = "PSY-03".parse().unwrap();
        assert!(group.covers(&leaf) && !leaf.covers(&group) && leaf.covers(&leaf));
    }
}
