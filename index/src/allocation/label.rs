//! Names of groups as they came, numbers or texts, and which need or service bears which.

use std::{collections::HashMap, fmt};

use serde::{Deserialize, Deserializer, Serialize, de};

use super::lists::index;

/// An id as the file writes it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(untagged)]
pub enum Id {
    /// A number.
    Number(i64),
    /// A text.
    Text(String),
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Id::Number(number) => number.fmt(f),
            Id::Text(text) => text.fmt(f),
        }
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(IdVisitor)
    }
}

struct IdVisitor;

impl de::Visitor<'_> for IdVisitor {
    type Value = Id;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id: a number or a text")
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Id, E> {
        Ok(Id::Number(number))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Id, E> {
        i64::try_from(number).map(Id::Number).map_err(|_| E::custom(format_args!("the id {number} is too large")))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Id, E> {
        Ok(Id::Text(text.to_owned()))
    }
}

/// Ids interned: `names[of[i]]` is what item `i` bears.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labels {
    /// Each id once, in order of first appearance.
    pub names: Vec<Id>,
    /// Which of them each item bears.
    pub of: Vec<u32>,
}

impl Labels {
    /// All items bear the same label, 0.
    #[must_use]
    pub fn same(count: usize) -> Self {
        Self { names: if count == 0 { Vec::new() } else { vec![Id::Number(0)] }, of: vec![0; count] }
    }

    /// Item `i` bears the label `i`.
    #[must_use]
    pub fn own(count: usize) -> Self {
        Self { names: (0..index(count)).map(|item| Id::Number(item.into())).collect(), of: (0..index(count)).collect() }
    }

    /// What an item bears.
    #[must_use]
    pub fn name(&self, item: u32) -> &Id {
        &self.names[self.of[item as usize] as usize]
    }

    /// How many items bear each label.
    #[must_use]
    pub fn sizes(&self) -> Vec<u32> {
        let mut sizes = vec![0; self.names.len()];
        for &label in &self.of {
            sizes[label as usize] += 1;
        }
        sizes
    }
}

impl FromIterator<Id> for Labels {
    fn from_iter<I: IntoIterator<Item = Id>>(ids: I) -> Self {
        let mut known = HashMap::new();
        let mut labels = Self::default();
        for id in ids {
            let next = index(labels.names.len());
            let label = *known.entry(id).or_insert_with_key(|id| {
                labels.names.push(id.clone());
                next
            });
            labels.of.push(label);
        }
        labels
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_texts_are_different_ids() {
        let ids: Vec<Id> = serde_json::from_str(r#"[7, "7", 7]"#).unwrap();
        let labels: Labels = ids.into_iter().collect();
        assert_eq!((labels.of.as_slice(), labels.sizes()), ([0, 1, 0].as_slice(), vec![2, 1]));
    }
}
