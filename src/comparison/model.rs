//! A comparison, its rows, and where a row may go.

use jiff::Timestamp;
use lianjie_index::DivisionCode;
use serde::{Deserialize, Serialize};

use crate::access::{Facts, Subject};
use crate::error::Transition;
use crate::id::{AccountId, CaseId, ComparisonId, LeadId, OrganizationId};

/// Where a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The number is that of a child on file here.
    Matched,
    /// The number is that of a child on file at another station.
    Elsewhere,
    /// Name and year of birth are those of a child on file; a person decides.
    Maybe,
    /// Nobody on file.
    Missing,
    /// A person found that it is the child on file.
    Same,
    /// It became a lead.
    Lead,
    /// On file here, and not in the list.
    OursOnly,
    /// A person found that nothing is to be done: it moved away, or it is no child in difficulty.
    Nothing,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 8] =
        [Self::Missing, Self::Maybe, Self::OursOnly, Self::Matched, Self::Same, Self::Elsewhere, Self::Lead, Self::Nothing];

    /// The name, as stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Matched => "matched",
            Self::Elsewhere => "elsewhere",
            Self::Maybe => "maybe",
            Self::Missing => "missing",
            Self::Same => "same",
            Self::Lead => "lead",
            Self::OursOnly => "ours_only",
            Self::Nothing => "nothing",
        }
    }
}

/// What a person says of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Settle {
    /// It is the child on file.
    Same,
    /// It is another child.
    Other,
    /// It becomes a lead.
    Lead,
    /// Nothing is to be done.
    Nothing,
}

impl Settle {
    /// The name, as in `locales/`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Other => "other",
            Self::Lead => "lead",
            Self::Nothing => "nothing",
        }
    }
}

impl State {
    /// Where a person's word leads.
    ///
    /// # Errors
    /// [`Transition`] for what was decided already, and for what a person does not decide.
    pub fn settle(self, settle: Settle) -> Result<Self, Transition> {
        match (self, settle) {
            (Self::Maybe, Settle::Same) => Ok(Self::Same),
            (Self::Maybe, Settle::Other) => Ok(Self::Missing),
            (Self::Missing | Self::Maybe | Self::OursOnly, Settle::Lead) => Ok(Self::Lead),
            (Self::Missing | Self::OursOnly, Settle::Nothing) => Ok(Self::Nothing),
            (from, settle) => Err(Transition { thing: "comparison", from: from.name(), action: settle.name() }),
        }
    }
}

/// A row that did not read: its number, and the key of the reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Unread {
    /// Of the row, from 1.
    pub number: u32,
    /// A key below `fault.`.
    pub reason: String,
}

/// A comparison.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// Id.
    pub id: ComparisonId,
    /// Division it is over.
    pub division: DivisionCode,
    /// The station whose children were compared; the division's where none.
    pub station: Option<OrganizationId>,
    /// Whose list it was.
    pub department: String,
    /// Rows that read.
    pub read_rows: u32,
    /// Rows that did not.
    pub unread: Vec<Unread>,
    /// Who compared.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
}

impl Subject for Comparison {
    fn facts(&self) -> Facts {
        Facts {
            thing: "comparison",
            id: self.id.to_string(),
            division: Some(self.division.clone()),
            station: self.station.clone(),
            ..Facts::default()
        }
    }
}

/// A row, without its words.
#[derive(Debug, Clone)]
pub struct Row {
    /// Of the row in the list, from 1; ours that are missing there follow.
    pub number: u32,
    /// Where it stands.
    pub state: State,
    /// The child on file: the one found, or the one that may be it.
    pub case: Option<CaseId>,
    /// The lead it became.
    pub lead: Option<LeadId>,
}
