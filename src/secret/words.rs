//! Several texts about one child, sealed together as one cell.

use std::collections::BTreeMap;

use super::{ChildKey, Hidden, Place, Refused};

/// Texts by the name of their field. `Debug` prints no text; empty ones are not kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words(BTreeMap<String, Hidden>);

impl Words {
    /// Texts by name.
    pub fn of(texts: impl IntoIterator<Item = (&'static str, Hidden)>) -> Self {
        let kept = texts.into_iter().filter(|(_, text)| !text.is_empty());
        Self(kept.map(|(name, text)| (name.to_owned(), text)).collect())
    }

    /// With one more text, in the place of one of that name; without it where it is empty.
    #[must_use]
    pub fn with(mut self, name: &str, text: Hidden) -> Self {
        if text.is_empty() {
            self.0.remove(name);
        } else {
            self.0.insert(name.to_owned(), text);
        }
        self
    }

    /// A text; empty if there is none. The caller has asked `decide` and records the view.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", Hidden::reveal)
    }

    /// The names of the texts that are there, and their lengths in characters.
    pub fn lengths(&self) -> impl Iterator<Item = (&str, usize)> {
        self.0.iter().map(|(name, text)| (name.as_str(), text.reveal().chars().count()))
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Seals them for their place; nothing where there is nothing.
    #[must_use]
    pub fn seal(&self, key: &ChildKey, place: Place<'_>) -> Option<String> {
        let plain: BTreeMap<&str, &str> = self.0.iter().map(|(name, text)| (name.as_str(), text.reveal())).collect();
        (!plain.is_empty()).then(|| key.seal(place, &Hidden::new(serde_json::to_string(&plain).expect("texts are written as JSON"))))
    }

    /// Opens a cell of its place.
    pub fn open(key: &ChildKey, place: Place<'_>, cell: Option<&str>) -> Result<Self, Refused> {
        let Some(cell) = cell else { return Ok(Self::default()) };
        let plain = key.open(place, cell)?;
        serde_json::from_str(plain.reveal()).map(Self).map_err(|_| Refused::Cell(place.table))
    }
}
