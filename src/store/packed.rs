//! Rows of which thousands are read at once: all columns as one text, parted by `|`.
//!
//! Each column that crosses from the database costs about as much as looking a row up; the last part may hold the mark itself.

use std::array;
use std::ops::Range;
use std::str::FromStr;

use serde::de::DeserializeOwned;

use crate::error::{Error, Result};

/// A row of `N` parts.
#[derive(Debug, PartialEq, Eq)]
pub struct Packed<const N: usize> {
    table: &'static str,
    column: &'static str,
    text: String,
    parts: [Range<usize>; N],
}

impl<const N: usize> Packed<N> {
    pub(super) fn of(table: &'static str, column: &'static str, text: String) -> Result<Self> {
        let mut start = 0;
        let mut missing = false;
        let parts = array::from_fn(|part| {
            let rest = text.get(start..).unwrap_or_default();
            let length = if part + 1 == N { Some(rest.len()) } else { rest.find('|') };
            missing |= length.is_none();
            let range = start..start + length.unwrap_or(rest.len());
            start = range.end + 1;
            range
        });
        let packed = Self { table, column, text, parts };
        if missing { Err(packed.fault()) } else { Ok(packed) }
    }

    fn fault(&self) -> Error {
        Error::Row { table: self.table, column: self.column, row: self.part(0).to_owned() }
    }

    fn part(&self, part: usize) -> &str {
        self.parts.get(part).and_then(|range| self.text.get(range.clone())).unwrap_or_default()
    }

    /// The parts as they stand.
    #[must_use]
    pub fn texts(&self) -> [&str; N] {
        array::from_fn(|part| self.part(part))
    }

    /// A part that parses: an id, a code, an instant, a day.
    pub fn parse<T: FromStr>(&self, part: usize) -> Result<T> {
        self.part(part).parse().map_err(|_| self.fault())
    }

    /// The same for a part that may be empty.
    pub fn maybe<T: FromStr>(&self, part: usize) -> Result<Option<T>> {
        if self.part(part).is_empty() { Ok(None) } else { self.parse(part).map(Some) }
    }

    /// A part of JSON.
    pub fn json<T: DeserializeOwned>(&self, part: usize) -> Result<T> {
        serde_json::from_str(self.part(part)).map_err(|_| self.fault())
    }

    /// A part that holds the `snake_case` name of an enum's variant.
    pub fn name<T: DeserializeOwned>(&self, part: usize) -> Result<T> {
        serde_json::from_value(self.part(part).into()).map_err(|_| self.fault())
    }

    /// The same for a part that may be empty.
    pub fn maybe_name<T: DeserializeOwned>(&self, part: usize) -> Result<Option<T>> {
        if self.part(part).is_empty() { Ok(None) } else { self.name(part).map(Some) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_part_may_hold_the_mark_and_a_part_that_is_not_there_is_a_fault() {
        let packed = Packed::<3>::of("case", "packed", "a||b|c".to_owned()).unwrap();
        assert_eq!(packed.texts(), ["a", "", "b|c"]);
        assert_eq!(packed.maybe::<i64>(1).unwrap(), None);
        assert!(packed.parse::<i64>(0).is_err());
        assert!(Packed::<3>::of("case", "packed", "a|b".to_owned()).is_err());
        assert_eq!(Packed::<2>::of("case", "packed", "甲|乙".to_owned()).unwrap().texts(), ["甲", "乙"]);
    }
}
