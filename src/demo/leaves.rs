//! Who may use a service of a leaf, and which papers are asked for: `leaves.toml`.

use std::collections::BTreeMap;

use lianjie_index::{DivisionCode, Rule};
use serde::Deserialize;

use super::draw::Draw;
use super::names::read;
use crate::error::{Error, Result};

/// `leaves.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leaves {
    rules: BTreeMap<String, Vec<String>>,
    documents: BTreeMap<String, Vec<String>>,
    application: BTreeMap<String, Vec<String>>,
}

impl Leaves {
    /// Reads the file; a rule that does not read is named.
    pub fn read() -> Result<Self> {
        let leaves: Self = read("demo/leaves.toml")?;
        let nowhere = "32".parse().map_err(|_| Error::Store("no province".into()))?;
        for (leaf, rules) in &leaves.rules {
            for rule in rules.iter().filter(|rule| !rule.is_empty()) {
                written(rule, &nowhere)
                    .map_err(|error| Error::Store(format!("seed-data/demo/leaves.toml: {leaf} has a rule that does not read: {error}")))?;
            }
        }
        Ok(leaves)
    }

    /// Who may use a service of a leaf given in a division; absent: not stated.
    pub fn rule(&self, draw: &mut Draw, leaf: &str, kind: &str, division: &DivisionCode) -> Option<Rule> {
        if matches!(kind, "派出所" | "救助管理站" | "未保中心") && matches!(group(leaf), "EMG" | "VIC") {
            return Some(Rule::All(Vec::new()));
        }
        let Some(rules) = self.rules.get(leaf) else {
            return draw.chance(35).then(|| Rule::All(Vec::new()));
        };
        let rule = draw.one(rules);
        if rule.is_empty() { None } else { written(rule, division).ok() }
    }

    /// Papers to bring.
    pub fn documents(&self, draw: &mut Draw, leaf: &str) -> Vec<String> {
        let papers = self.documents.get(group(leaf)).map(Vec::as_slice).unwrap_or_default();
        let count = draw.number(0..=3);
        draw.some(papers, count as usize)
    }

    /// How to apply.
    pub fn application(&self, draw: &mut Draw, leaf: &str, kind: &str) -> String {
        let ways = self.application.get(kind).or_else(|| self.application.get(group(leaf))).map(Vec::as_slice).unwrap_or_default();
        draw.maybe_one(ways).cloned().unwrap_or_default()
    }
}

/// The group of a leaf.
fn group(leaf: &str) -> &str {
    leaf.split('-').next().unwrap_or(leaf)
}

/// A rule with its slots filled with the codes above and at a division.
fn written(rule: &str, division: &DivisionCode) -> Result<Rule, lianjie_index::rule::RuleError> {
    let code = division.as_str();
    let above = |length: usize| code.get(..length).unwrap_or(code);
    rule.replace("{town}", above(9)).replace("{county}", above(6)).replace("{city}", above(4)).parse()
}
