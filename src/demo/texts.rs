//! Names and descriptions of services, put together of the sentences of `seed-data/demo/texts/`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::draw::Draw;
use super::names::{Names, Slots, read};
use crate::error::Result;
use crate::seed;

/// The sentences of one leaf.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Leaf {
    #[serde(default)]
    names: Vec<String>,
    #[serde(flatten)]
    lists: Lists,
    #[serde(default)]
    station: Vec<String>,
    #[serde(default)]
    by: BTreeMap<String, Lists>,
}

/// Sentences by their place in a description; an absent list is the leaf's.
#[derive(Debug, Default, Deserialize)]
struct Lists {
    opening: Option<Vec<String>>,
    detail: Option<Vec<String>>,
    condition: Option<Vec<String>>,
    closing: Option<Vec<String>>,
}

/// All sentences.
#[derive(Debug)]
pub struct Texts(BTreeMap<String, Leaf>);

impl Texts {
    /// Reads every file of the folder.
    pub fn read() -> Result<Self> {
        let mut leaves = BTreeMap::new();
        for path in seed::paths("demo/texts").filter(|path| path.ends_with(".toml")) {
            leaves.extend(read::<BTreeMap<String, Leaf>>(&path)?);
        }
        Ok(Self(leaves))
    }

    /// A name for a service of a leaf, given by a kind of body.
    pub fn name(&self, names: &Names, draw: &mut Draw, leaf: &str, slots: &Slots<'_>) -> String {
        let name = self.0.get(leaf).and_then(|texts| draw.maybe_one(&texts.names));
        name.map_or_else(|| leaf.to_owned(), |name| names.fill(draw, name, slots))
    }

    /// A description of two to four sentences.
    pub fn description(&self, names: &Names, draw: &mut Draw, leaf: &str, kind: &str, slots: &Slots<'_>) -> String {
        let Some(texts) = self.0.get(leaf) else { return String::new() };
        let by = texts.by.get(kind);
        let list = |pick: fn(&Lists) -> &Option<Vec<String>>| -> &[String] {
            by.and_then(|by| pick(by).as_deref()).or(pick(&texts.lists).as_deref()).unwrap_or_default()
        };
        let mut opening: Vec<&String> = list(|lists| &lists.opening).iter().collect();
        if kind == "未保工作站" {
            opening.extend(&texts.station);
        }
        let mut sentences: Vec<&String> = draw.maybe_one(&opening).copied().into_iter().collect();
        sentences.extend(draw.maybe_one(list(|lists| &lists.detail)));
        if draw.chance(80) {
            sentences.extend(draw.maybe_one(list(|lists| &lists.condition)));
        }
        if draw.chance(55) {
            sentences.extend(draw.maybe_one(list(|lists| &lists.closing)));
        }
        sentences.into_iter().map(|sentence| names.fill(draw, sentence, slots)).collect()
    }
}
