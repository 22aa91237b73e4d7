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
                "status",
            ],
        }
    }
}

/// What a person says two entries are to each other, if not one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Nothing.
    Different,
    /// Two bodies at one site.
    Site,
    /// A branch and its body.
    Branch,
}

impl Answer {
    /// The name, as stored and as in `locales/` below `merge.answer.`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Different => "different",
            Self::Site => "site",
            Self::Branch => "branch",
        }
    }
}

/// An answer that was given; the two are not asked about again.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// What the two are.
    pub kind: Kind,
    /// The entry whose id is first in the order of texts.
    pub a: String,
    /// The other.
    pub b: String,
    /// What they are to each other.
    pub answer: Answer,
    /// Which of the two is the branch.
    pub branch: Option<String>,
    /// Whose branch it was before.
    pub parent_before: Option<String>,
    /// Who said it.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
}

impl Told {
    /// An answer about two entries, given in any order.
    #[must_use]
    pub fn new(kind: Kind, ids: [&str; 2], answer: Answer, by: &AccountId, at: Timestamp) -> Self {
        let [a, b] = if ids[0] < ids[1] { ids } else { [ids[1], ids[0]] };
        Self { kind, a: a.to_owned(), b: b.to_owned(), answer, branch: None, parent_before: None, by: by.clone(), at }
    }

    /// Whether another says the same of the same two.
    #[must_use]
    pub fn agrees(&self, other: &Self) -> bool {
        (&self.a, &self.b, self.answer, &self.branch) == (&other.a, &other.b, other.answer, &other.branch)
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
    fn an_answer_is_of_two_entries_in_whatever_order() {
        let at = "2026-11-30T01:00:00Z".parse().unwrap();
        let by = AccountId::new(at);
        let said = |ids, answer| Told::new(Kind::Organization, ids, answer, &by, at);
        assert!(said(["a", "b"], Answer::Site).agrees(&said(["b", "a"], Answer::Site)));
        assert!(!said(["a", "b"], Answer::Site).agrees(&said(["a", "b"], Answer::Different)));
    }

    #[test]
    fn what_others_rely_on_does_not_go() {
        assert!(Relied::default().settle().is_ok());
        assert!(Relied { referrals: 2, ..Relied::default() }.settle().is_err());
    }
}
