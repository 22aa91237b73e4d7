//! A consent: which items may reach one recipient, for what, on which ground, until when.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use super::Item;
use super::item::kind_may_have;
use crate::access::Class;
use crate::case::model::{BirthMonth, Guardian, Relation};
use crate::error::{Fault, Faults, Result};
use crate::id::{AccountId, CaseId, ConsentId, OrganizationId};

/// On what ground items leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// Guardian and, from 14, child agreed.
    Consent,
    /// A statute allows or demands it.
    Statutory,
}

impl Ground {
    /// The name, as stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::Statutory => "statutory",
        }
    }
}

/// For what they leave. A code, so that no log holds a word about a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To give a service.
    Serve,
    /// To assess.
    Assess,
    /// To apply for a benefit or paper.
    Apply,
    /// To protect from harm.
    Protect,
}

impl Purpose {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Serve, Self::Assess, Self::Apply, Self::Protect];

    /// The name, as stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Serve => "serve",
            Self::Assess => "assess",
            Self::Apply => "apply",
            Self::Protect => "protect",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.name() == name)
    }
}

/// Who said yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Giver {
    /// 父亲.
    Father,
    /// 母亲.
    Mother,
    /// 祖辈.
    Grandparent,
    /// 其他亲属.
    Relative,
    /// 其他监护人.
    Other,
    /// The child itself.
    Child,
}

impl Giver {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Father, Self::Mother, Self::Grandparent, Self::Relative, Self::Other, Self::Child];

    /// The name, as stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Father => "father",
            Self::Mother => "mother",
            Self::Grandparent => "grandparent",
            Self::Relative => "relative",
            Self::Other => "other",
            Self::Child => "child",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|giver| giver.name() == name)
    }
}

impl From<Relation> for Giver {
    fn from(relation: Relation) -> Self {
        match relation {
            Relation::Father => Self::Father,
            Relation::Mother => Self::Mother,
            Relation::Grandparent => Self::Grandparent,
            Relation::Relative => Self::Relative,
            Relation::Other => Self::Other,
        }
    }
}

/// A recorded consent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// Id.
    pub id: ConsentId,
    /// Whose case.
    pub case: CaseId,
    /// For whom.
    pub recipient: OrganizationId,
    /// Which items.
    pub items: Vec<Item>,
    /// For what.
    pub purpose: Purpose,
    /// On which ground.
    pub ground: Ground,
    /// Which article, on a statutory one.
    pub article: Option<String>,
    /// Who said yes.
    pub given_by: Vec<Giver>,
    /// What shows it: a paper's name, never its number.
    pub evidence: String,
    /// First day.
    pub from: Date,
    /// Last day, included.
    pub to: Date,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
    /// Who wrote it down.
    pub recorded_by: AccountId,
    /// When.
    pub at: Timestamp,
}

impl Consent {
    /// Whether it holds on a day.
    #[must_use]
    pub fn holds(&self, day: Date) -> bool {
        self.revoked_at.is_none() && self.from <= day && day <= self.to
    }
}

/// What a consent is checked against.
#[derive(Debug, Clone, Copy)]
pub struct Family<'a> {
    /// Guardians, without names.
    pub guardians: &'a [Guardian],
    /// Month of birth.
    pub birth: Option<BirthMonth>,
}

/// From this age the child itself is asked too.
pub const OWN_SAY_YEARS: u16 = 14;

/// Checks a consent before it is recorded.
///
/// # Errors
/// Every fault: no item, an item the recipient's kind may not have, nobody who may say yes, a suspected guardian, the
/// child not asked, no article, days that do not fit.
pub fn check(consent: &Consent, kind: &str, family: Family<'_>, today: Date) -> Result<()> {
    let mut faults = Faults::new();
    faults.require(!consent.items.is_empty(), "items", "consent_items");
    for item in &consent.items {
        if !kind_may_have(kind, *item) {
            faults.add(Fault::new("items", if item.class() == Class::Secret { "item_secret_kind" } else { "item_kind" }));
            break;
        }
    }
    let secret = consent.items.iter().any(|item| item.class() == Class::Secret);
    match consent.ground {
        Ground::Statutory => {
            faults.require(
                consent.article.as_ref().is_some_and(|article| article.trim().chars().count() >= 4),
                "article",
                "consent_article",
            );
            faults.require(!secret || super::item::is_named_by_law(kind), "items", "item_secret_law");
        }
        Ground::Consent => {
            faults.require(!consent.evidence.trim().is_empty(), "evidence", "consent_evidence");
            if let Some(fault) = givers(&consent.given_by, family, today) {
                faults.add(fault);
            }
        }
    }
    faults.require(consent.from <= consent.to, "to_day", "consent_days");
    faults.require(consent.to >= today, "to_day", "consent_past");
    let longest = consent.from.checked_add(1.year()).unwrap_or(Date::MAX);
    faults.require(consent.to <= longest, "to_day", "consent_long");
    faults.settle()
}

/// A guardian must agree who is not suspected of harm; from fourteen the child too.
fn givers(given_by: &[Giver], family: Family<'_>, today: Date) -> Option<Fault> {
    let known = |giver: &&Giver| family.guardians.iter().any(|guardian| **giver == Giver::from(guardian.relation));
    let suspected =
        |giver: &&Giver| family.guardians.iter().any(|guardian| guardian.suspected && **giver == Giver::from(guardian.relation));
    let guardians: Vec<&Giver> = given_by.iter().filter(|giver| **giver != Giver::Child).collect();
    if guardians.iter().any(suspected) {
        return Some(Fault::new("given_by", "consent_suspected"));
    }
    if guardians.is_empty() || !guardians.iter().all(known) {
        return Some(Fault::new("given_by", "consent_guardian"));
    }
    let asked = given_by.contains(&Giver::Child);
    let of_age = family.birth.is_none_or(|birth| birth.age_years(today) >= OWN_SAY_YEARS);
    (of_age && !asked).then(|| Fault::new("given_by", "consent_child"))
}
