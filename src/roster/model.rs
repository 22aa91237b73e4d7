//! A department's list of organizations, its rows, and where a row may go.

use std::collections::BTreeMap;

use jiff::Timestamp;
use lianjie_index::DivisionCode;
use serde::{Deserialize, Serialize};

use crate::access::{Facts, Subject};
use crate::error::Transition;
use crate::id::{AccountId, ListId, OrganizationId, RosterId};

/// Where a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RosterState)]
pub enum State {
    /// May be an entry; a person decides.
    Maybe,
    /// No entry.
    Theirs,
    /// Went into an import.
    Listed,
    /// An entry that the list lacks.
    Ours,
    /// Whether the entry still exists is asked anew.
    Asked,
    /// The entry of the same 统一社会信用代码.
    Matched,
    /// An entry that is much the same all in all.
    Alike,
    /// A person said that it is the entry.
    Same,
    /// A person found that nothing is to be done.
    Nothing,
}

impl State {
    /// All of them, those first upon which somebody decides.
    pub const ALL: [Self; 9] =
        [Self::Maybe, Self::Theirs, Self::Listed, Self::Ours, Self::Asked, Self::Alike, Self::Matched, Self::Same, Self::Nothing];

    /// The name, as stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Maybe => "maybe",
            Self::Theirs => "theirs",
            Self::Listed => "listed",
            Self::Ours => "ours",
            Self::Asked => "asked",
            Self::Matched => "matched",
            Self::Alike => "alike",
            Self::Same => "same",
            Self::Nothing => "nothing",
        }
    }

    /// Where a person's word leads.
    ///
    /// # Errors
    /// [`Transition`] for what was decided already, and for what a person does not decide.
    pub fn settle(self, settle: Settle) -> Result<Self, Transition> {
        match (self, settle) {
            (Self::Maybe, Settle::Same) => Ok(Self::Same),
            (Self::Maybe | Self::Alike | Self::Same, Settle::Other) => Ok(Self::Theirs),
            (Self::Theirs, Settle::List) => Ok(Self::Listed),
            (Self::Ours, Settle::Ask) => Ok(Self::Asked),
            (Self::Theirs | Self::Ours, Settle::Nothing) => Ok(Self::Nothing),
            (from, settle) => Err(Transition { thing: "roster", from: from.name(), action: settle.name() }),
        }
    }
}

/// What a person says of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RosterSettle)]
pub enum Settle {
    /// It is the entry.
    Same,
    /// It is another organization.
    Other,
    /// It goes into an import.
    List,
    /// Whether the entry still exists is asked anew.
    Ask,
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
            Self::List => "list",
            Self::Ask => "ask",
            Self::Nothing => "nothing",
        }
    }

    /// The rows of which it is said all at once.
    #[must_use]
    pub const fn of_all(self) -> Option<State> {
        match self {
            Self::List => Some(State::Theirs),
            Self::Ask => Some(State::Ours),
            Self::Same | Self::Other | Self::Nothing => None,
        }
    }
}

/// A part of what was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RosterPart)]
pub enum Part {
    /// Likely the same, to be decided.
    Maybe,
    /// Only in theirs.
    Theirs,
    /// Only in ours.
    Ours,
    /// In both.
    Both,
}

impl Part {
    /// All of them, in the order in which they are worked through.
    pub const ALL: [Self; 4] = [Self::Maybe, Self::Theirs, Self::Ours, Self::Both];

    /// The name, as in addresses and `locales/`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Maybe => "maybe",
            Self::Theirs => "theirs",
            Self::Ours => "ours",
            Self::Both => "both",
        }
    }
}

/// What a list says of an organization, as it is written there, by field.
pub type Given = BTreeMap<String, String>;

/// A row of the sum behind a score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = RosterPoint)]
pub struct Point {
    /// What was compared.
    pub comparison: String,
    /// How it agreed.
    pub level: String,
    /// What that is worth, in tenths of a doubling of the odds.
    pub points: i32,
}

/// An entry that a row may be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alike {
    /// The entry.
    pub organization: OrganizationId,
    /// How likely they are the same, 0 to 1.
    pub score: f64,
    /// What speaks for it and against it.
    pub points: Vec<Point>,
}

/// A cell that did not read: the row is compared without it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = RosterUnread)]
pub struct Unread {
    /// The sheet.
    pub sheet: String,
    /// The row, as a spreadsheet shows it.
    pub row: usize,
    /// The head of its column.
    pub column: String,
    /// What stands there.
    pub value: String,
    /// Why, and what would do; in the language of whoever brought the list.
    pub remedy: String,
}

/// A department's list that was compared.
#[derive(Debug, Clone)]
pub struct Roster {
    /// Id.
    pub id: RosterId,
    /// The area it covers.
    pub division: DivisionCode,
    /// Whose list it is.
    pub department: String,
    /// Kinds of organization it covers; empty for all.
    pub kinds: Vec<String>,
    /// Rows that were compared.
    pub read_rows: u32,
    /// Cells that did not read.
    pub refused: Vec<Unread>,
    /// Who compared.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
}

impl Subject for Roster {
    fn facts(&self) -> Facts {
        Facts { thing: "roster", id: self.id.to_string(), division: Some(self.division.clone()), ..Facts::default() }
    }
}

/// The entry beside a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name; empty if it is a refuge or a draft, which no page of a list shows.
    pub name: String,
    /// Its 统一社会信用代码.
    pub code: String,
    /// Its address.
    pub address: String,
    /// Its telephones.
    pub phones: Vec<String>,
    /// Whether something is listed of it that can be asked about.
    pub asks: bool,
}

/// A row.
#[derive(Debug, Clone)]
pub struct Row {
    /// In the order of the list, from 1; ours that it lacks follow.
    pub number: u32,
    /// Where it stands.
    pub state: State,
    /// What the list says; empty for ours.
    pub given: Given,
    /// What tells the row from others, in whatever list it comes; empty for ours.
    pub mark: String,
    /// Entries it may be, the likeliest first.
    pub alike: Vec<Alike>,
    /// The entry it is, or the likeliest it may be.
    pub organization: Option<OrganizationId>,
    /// The import it went to.
    pub list: Option<ListId>,
    /// The entry, where there is one.
    pub entry: Option<Entry>,
}

impl Row {
    /// The part it belongs to.
    #[must_use]
    pub fn part(&self) -> Part {
        match self.state {
            State::Maybe => Part::Maybe,
            State::Matched | State::Alike | State::Same => Part::Both,
            State::Theirs | State::Listed => Part::Theirs,
            State::Ours | State::Asked => Part::Ours,
            State::Nothing if self.given.is_empty() => Part::Ours,
            State::Nothing => Part::Theirs,
        }
    }

    /// What the list says in a field; empty if nothing.
    #[must_use]
    pub fn given(&self, field: &str) -> &str {
        self.given.get(field).map(String::as_str).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_decided_by_its_code_is_not_a_persons_to_decide() {
        assert_eq!(State::Maybe.settle(Settle::Same), Ok(State::Same));
        assert_eq!(State::Alike.settle(Settle::Other), Ok(State::Theirs));
        assert!(State::Matched.settle(Settle::Other).is_err());
        assert!(State::Listed.settle(Settle::List).is_err() && State::Asked.settle(Settle::Ask).is_err());
    }

    #[test]
    fn what_nothing_is_done_about_stays_on_its_side() {
        let row = |given: Given| Row {
            number: 1,
            state: State::Nothing,
            given,
            mark: String::new(),
            alike: Vec::new(),
            organization: None,
            list: None,
            entry: None,
        };
        assert_eq!(row(Given::new()).part(), Part::Ours);
        assert_eq!(row(Given::from([("name".to_owned(), "青藤".to_owned())])).part(), Part::Theirs);
    }
}
