//! Reading a row: each column by name and kind; a column that does not read says which it was.

use std::str::FromStr;

use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::packed::Packed;
use crate::error::{Error, Result};

/// A row of a table.
#[derive(Clone, Copy)]
pub struct Row<'r> {
    table: &'static str,
    row: &'r AnyRow,
}

impl<'r> Row<'r> {
    /// Reads `row` as one of `table`.
    #[must_use]
    pub const fn of(table: &'static str, row: &'r AnyRow) -> Self {
        Self { table, row }
    }

    fn fault(&self, column: &'static str) -> Error {
        let row = self.row.try_get::<String, _>("id").unwrap_or_else(|_| "?".into());
        Error::Row { table: self.table, column, row }
    }

    /// A TEXT column.
    pub fn text(&self, column: &'static str) -> Result<String> {
        self.row.try_get(column).map_err(|_| self.fault(column))
    }

    /// A TEXT column that may be NULL.
    pub fn maybe_text(&self, column: &'static str) -> Result<Option<String>> {
        self.row.try_get(column).map_err(|_| self.fault(column))
    }

    /// A TEXT column that holds several, parted by `|`.
    pub fn packed<const N: usize>(&self, column: &'static str) -> Result<Packed<N>> {
        Packed::of(self.table, column, self.text(column)?)
    }

    /// A BIGINT column.
    pub fn int(&self, column: &'static str) -> Result<i64> {
        self.row.try_get(column).map_err(|_| self.fault(column))
    }

    /// A BIGINT column that may be NULL.
    pub fn maybe_int(&self, column: &'static str) -> Result<Option<i64>> {
        self.row.try_get(column).map_err(|_| self.fault(column))
    }

    /// A count in a BIGINT column.
    pub fn count(&self, column: &'static str) -> Result<u32> {
        u32::try_from(self.int(column)?).map_err(|_| self.fault(column))
    }

    /// A flag in a BIGINT column.
    pub fn flag(&self, column: &'static str) -> Result<bool> {
        Ok(self.int(column)? != 0)
    }

    /// A DOUBLE PRECISION column that may be NULL.
    pub fn maybe_real(&self, column: &'static str) -> Result<Option<f64>> {
        self.row.try_get(column).map_err(|_| self.fault(column))
    }

    /// A TEXT column that parses: an id, a code, an instant, a day.
    pub fn parse<T: FromStr>(&self, column: &'static str) -> Result<T> {
        self.text(column)?.parse().map_err(|_| self.fault(column))
    }

    /// The same for a column that may be NULL.
    pub fn maybe_parse<T: FromStr>(&self, column: &'static str) -> Result<Option<T>> {
        self.maybe_text(column)?.map(|text| text.parse().map_err(|_| self.fault(column))).transpose()
    }

    /// A TEXT column of JSON.
    pub fn json<T: DeserializeOwned>(&self, column: &'static str) -> Result<T> {
        serde_json::from_str(&self.text(column)?).map_err(|_| self.fault(column))
    }

    /// The same for a column that may be NULL.
    pub fn maybe_json<T: DeserializeOwned>(&self, column: &'static str) -> Result<Option<T>> {
        self.maybe_text(column)?.map(|text| serde_json::from_str(&text).map_err(|_| self.fault(column))).transpose()
    }

    /// A TEXT column that holds the `snake_case` name of an enum's variant.
    pub fn name<T: DeserializeOwned>(&self, column: &'static str) -> Result<T> {
        serde_json::from_value(self.text(column)?.into()).map_err(|_| self.fault(column))
    }

    /// The same for a column that may be NULL.
    pub fn maybe_name<T: DeserializeOwned>(&self, column: &'static str) -> Result<Option<T>> {
        self.maybe_text(column)?.map(|text| serde_json::from_value(text.into()).map_err(|_| self.fault(column))).transpose()
    }
}

/// A flag as stored.
#[must_use]
pub const fn flag(value: bool) -> i64 {
    value as i64
}

/// A nested value as stored.
///
/// # Panics
/// Never: models are plain data with text keys.
#[must_use]
pub fn json<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).expect("models are plain data with text keys")
}
