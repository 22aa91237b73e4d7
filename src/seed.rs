//! `seed-data/`, carried in the binary: what the field agrees on, and the inputs of the demo province.
//!
//! Sources and licences stand in `seed-data/README.md` and `NOTICE`.

use std::borrow::Cow;

use rust_embed::RustEmbed;
use serde::de::DeserializeOwned;

use crate::error::{Error, Result};

#[derive(RustEmbed)]
#[folder = "seed-data"]
struct SeedData;

/// The text of a file.
pub fn text(path: &str) -> Result<String> {
    let file = SeedData::get(path).ok_or_else(|| Error::Store(format!("seed-data/{path} is not in this binary")))?;
    match file.data {
        Cow::Borrowed(bytes) => String::from_utf8(bytes.to_vec()),
        Cow::Owned(bytes) => String::from_utf8(bytes),
    }
    .map_err(|_| Error::Store(format!("seed-data/{path} is not UTF-8")))
}

/// The rows of a CSV file; a fault names file and line.
pub fn rows<T: DeserializeOwned>(path: &str) -> Result<Vec<T>> {
    let text = text(path)?;
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect::<Result<_, csv::Error>>()
        .map_err(|error| Error::Store(format!("seed-data/{path} does not read: {error}")))
}

/// The paths below a folder.
pub fn paths(folder: &str) -> impl Iterator<Item = String> {
    let prefix = format!("{folder}/");
    SeedData::iter().filter(move |path| path.starts_with(&prefix)).map(Cow::into_owned)
}

/// Splits a field that holds several values.
#[must_use]
pub fn values(field: &str) -> Vec<String> {
    field.split('|').map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned).collect()
}
