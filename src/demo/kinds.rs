//! What kinds of bodies there are in the demo province, and how many.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::names::read;
use crate::error::Result;
use crate::seed;

/// For what a kind is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// Each prefecture.
    City,
    /// Each county.
    County,
    /// Each county, spread over its townships.
    Township,
    /// The whole province, `total` of them.
    Share,
}

/// How far a service reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// The township.
    Township,
    /// The county.
    County,
    /// The prefecture.
    City,
}

/// One row of `kinds.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// Code of `org-types.csv`.
    pub code: String,
    /// For what it is counted.
    pub per: Per,
    /// How many, at least and at most.
    #[serde(default = "one")]
    pub count: [u32; 2],
    /// How many in the whole province.
    #[serde(default)]
    pub total: usize,
    /// Names.
    pub names: Vec<String>,
    /// What people call it for short.
    pub alternate: Option<String>,
    /// What it says of itself.
    pub about: Vec<String>,
    /// The group of `about.toml` it goes on with.
    pub voice: String,
    /// Opening hours, a name `schedules.rs` knows.
    pub hours: String,
    /// How far its services reach.
    pub area: Reach,
    /// Fee pattern, a name `fees.rs` knows.
    pub fee: String,
    /// First two characters of its code; empty: none.
    #[serde(default)]
    pub uscc: String,
    /// How many services.
    pub services: [u32; 2],
    /// How many children at a time; absent: not posted.
    pub places: Option<[u32; 2]>,
    /// Taxonomy leaves; the first is given by every body of the kind.
    #[serde(default)]
    pub terms: Vec<String>,
    /// Further leaves that `taxonomy.csv` allows the kind: some give one.
    #[serde(skip)]
    pub also: Vec<String>,
    /// Whether its services are mostly purchased projects.
    #[serde(default)]
    pub projects: bool,
    /// Whether its address is confidential.
    #[serde(default)]
    pub hidden: bool,
    /// Profession of the licensed person who gives the service.
    pub practitioner: Option<String>,
}

const fn one() -> [u32; 2] {
    [1, 1]
}

/// What of `org-types.csv` the generator reads.
#[derive(Debug, Deserialize)]
struct OrgType {
    code: String,
    typical_services: String,
}

/// What of `taxonomy.csv` the generator reads.
#[derive(Debug, Deserialize)]
struct Leaf {
    code: String,
    providers: String,
}

#[derive(Deserialize)]
struct File {
    kind: Vec<Kind>,
}

/// Reads the kinds, with the leaves of `org-types.csv` where a row names none.
pub fn kinds() -> Result<Vec<Kind>> {
    let usual: BTreeMap<_, _> =
        seed::rows::<OrgType>("org-types.csv")?.into_iter().map(|row| (row.code, seed::values(&row.typical_services))).collect();
    let leaves = seed::rows::<Leaf>("taxonomy.csv")?;
    let mut kinds = read::<File>("demo/kinds.toml")?.kind;
    for kind in &mut kinds {
        if kind.terms.is_empty() {
            kind.terms = usual.get(&kind.code).cloned().unwrap_or_default();
        }
        let allowed = leaves.iter().filter(|leaf| seed::values(&leaf.providers).contains(&kind.code)).map(|leaf| &leaf.code);
        kind.also = allowed.filter(|leaf| !kind.terms.contains(leaf)).cloned().collect();
    }
    Ok(kinds)
}
