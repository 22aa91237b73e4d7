//! A merge, and what it did.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::{Fault, Faults, Result};
use crate::id::{AccountId, MergeId};

/// What is merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Organizations.
    Organization,
    /// Services.
    Service,
}

impl Kind {
    /// The name, as in tables and addresses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::Service => "service",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Organization, Self::Service].into_iter().find(|kind| kind.name() == name)
    }

    /// The fields of which a person picks one of two values.
    #[must_use]
    pub const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Organization => {
                &["name", "kind", "alternate_name", "description", "code_uscc", "division", "address", "phones", "website"]
            }
            Self::Service => &[
                "name",
                "description",
                "terms",
                "delivery",
                "eligibility",
                "languages",
                "application",
                "documents",
                "schedule",
                "travel_free",
                "wait_days",
            ],
        }
    }
}

/// Ids by table, of what went over to the entry that stays.
pub type Moved = BTreeMap<String, Vec<String>>;

/// A merge that was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Merge {
    /// Id.
    pub id: MergeId,
    /// What was merged.
    pub kind: Kind,
    /// The entry that stays.
    pub kept: String,
    /// The entry that was closed.
    pub gone: String,
    /// The first as it was.
    pub kept_before: Value,
    /// The second as it was.
    pub gone_before: Value,
    /// The version the merge gave the first.
    pub kept_version: i64,
    /// The version it gave the second.
    pub gone_version: i64,
    /// What went over.
    pub moved: Moved,
    /// Who merged.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
    /// When it was undone.
    pub undone_at: Option<Timestamp>,
}

/// What keeps an entry from going: others rely on it.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Relied {
    /// People who sign in for it.
    pub people: u32,
    /// Referrals to it that are not over.
    pub referrals: u32,
    /// Projects it runs.
    pub programs: u32,
}

impl Relied {
    /// Whether it may go.
    ///
    /// # Errors
    /// A fault for each that stands against it.
    pub fn settle(self) -> Result<()> {
        let mut faults = Faults::new();
        for (count, reason) in [(self.people, "merge_people"), (self.referrals, "merge_referrals"), (self.programs, "merge_programs")] {
            if count > 0 {
                faults.add(Fault::new("keep", reason).with("count", count));
            }
        }
        faults.settle()
    }
}

/// An entry with the values of another in some fields.
///
/// # Errors
/// A name that is no field of the kind is refused.
pub fn taken(kind: Kind, kept: &Value, gone: &Value, from_gone: &[String]) -> Result<Value> {
    let mut merged = kept.clone();
    for field in from_gone {
        if !kind.fields().contains(&field.as_str()) {
            return Err(crate::error::Error::invalid("field", "unknown_fact"));
        }
        merged[field.as_str()] = gone[field.as_str()].clone();
    }
    keep_stricter(&mut merged, gone);
    Ok(merged)
}

/// What was hidden of either stays hidden: the locations of a refuge go over, and its level with them.
fn keep_stricter(merged: &mut Value, gone: &Value) {
    let rank = |value: &Value| ["public", "workers", "restricted"].iter().position(|level| value["confidentiality"] == *level);
    if rank(gone) > rank(merged) {
        merged["confidentiality"] = gone["confidentiality"].clone();
    }
    if gone["do_not_refer"] == true {
        merged["do_not_refer"] = true.into();
    }
    if gone["listed"] == false {
        merged["listed"] = false.into();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_the_chosen_fields_come_from_the_entry_that_goes() {
        let (kept, gone) = (json!({ "id": "a", "name": "甲", "address": "" }), json!({ "id": "b", "name": "乙", "address": "一号" }));
        let merged = taken(Kind::Organization, &kept, &gone, &["address".to_owned()]).unwrap();
        assert_eq!(merged, json!({ "id": "a", "name": "甲", "address": "一号" }));
        assert!(taken(Kind::Organization, &kept, &gone, &["id".to_owned()]).is_err());
    }

    #[test]
    fn what_was_hidden_of_either_stays_hidden() {
        let open = json!({ "confidentiality": "public", "do_not_refer": false, "listed": true });
        let refuge = json!({ "confidentiality": "restricted", "do_not_refer": true, "listed": false });
        for (kept, gone) in [(&open, &refuge), (&refuge, &open)] {
            assert_eq!(taken(Kind::Organization, kept, gone, &[]).unwrap(), refuge);
        }
    }

    #[test]
    fn what_others_rely_on_does_not_go() {
        assert!(Relied::default().settle().is_ok());
        assert!(Relied { referrals: 2, ..Relied::default() }.settle().is_err());
    }
}
