//! A list on its way into the directory.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use lianjie_index::DivisionCode;
use serde::{Deserialize, Serialize};

use crate::access::{Facts, Subject};
use crate::exchange::sheet::{self, Chosen, Given, Kind};
use crate::grid::{Cell, Grid};
use crate::id::{AccountId, ListId, OrganizationId, ServiceId};

/// How long a list that was taken in can be undone.
pub const UNDONE_WITHIN: SignedDuration = SignedDuration::from_hours(24);

/// Where a list stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Being mended; nothing of it is in the directory.
    Open,
    /// Taken in.
    Taken,
    /// Taken in, and out again.
    Undone,
    /// Given up.
    Dropped,
}

impl State {
    /// The name, as stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Taken => "taken",
            Self::Undone => "undone",
            Self::Dropped => "dropped",
        }
    }
}

/// What a person said of a row that looks like an entry of the directory, or that is not wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// It is another one: it comes in.
    Distinct,
    /// It is the same, or not wanted: it stays out.
    Skip,
}

/// A sheet with what people said of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// What it lists; absent where it is what the whole list does.
    #[serde(default)]
    pub kind: Option<Kind>,
    /// Its cells.
    pub grid: Grid,
    /// Columns that a person named.
    #[serde(default)]
    pub columns: Chosen,
    /// What was decided of rows, by their number.
    #[serde(default)]
    pub decisions: BTreeMap<usize, Decision>,
}

/// A list.
#[derive(Debug, Clone, PartialEq)]
pub struct List {
    /// Id.
    pub id: ListId,
    /// What it lists.
    pub kind: Kind,
    /// Name of the file; empty where it was pasted.
    pub name: String,
    /// Where whoever brought it works.
    pub division: DivisionCode,
    /// Whose it is, if a provider brought it.
    pub organization: Option<OrganizationId>,
    /// Its sheets.
    pub sheets: Vec<Draft>,
    /// Whether an organization registers by it: the one it lists, with its services.
    pub registers: bool,
    /// Who spoke for that organization, where a station brought the list on its behalf.
    pub on_behalf_of: String,
    /// Where it stands.
    pub state: State,
    /// Who brought it; none where it came from the command line.
    pub by: Option<AccountId>,
    /// When.
    pub at: Timestamp,
    /// When it was taken in.
    pub taken_at: Option<Timestamp>,
    /// Version, for compare-and-set.
    pub version: i64,
}

/// An entry that a list made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Made {
    /// A service; services go before the organizations they are of.
    Service(ServiceId),
    /// An organization.
    Organization(OrganizationId),
}

impl Made {
    /// Where it is shown.
    #[must_use]
    pub fn page(&self) -> String {
        match self {
            Self::Service(id) => format!("/services/{id}"),
            Self::Organization(id) => format!("/organizations/{id}"),
        }
    }
}

impl List {
    /// What one of its sheets lists.
    #[must_use]
    pub fn kind_of(&self, draft: &Draft) -> Kind {
        draft.kind.unwrap_or(self.kind)
    }

    /// Its sheets, to be read.
    pub fn given(&self) -> impl Iterator<Item = Given<'_>> {
        self.sheets.iter().map(|draft| Given { kind: self.kind_of(draft), grid: &draft.grid, chosen: Some(&draft.columns) })
    }

    /// Whether it lists anything of a kind.
    #[must_use]
    pub fn has(&self, kind: Kind) -> bool {
        self.kind == kind || self.sheets.iter().any(|draft| draft.kind == Some(kind))
    }

    /// Whether it can still be undone.
    #[must_use]
    pub fn may_be_undone(&self, now: Timestamp) -> bool {
        self.state == State::Taken && self.taken_at.is_some_and(|taken| now.duration_since(taken) < UNDONE_WITHIN)
    }
}

impl Subject for List {
    fn facts(&self) -> Facts {
        Facts {
            thing: "list",
            id: self.id.to_string(),
            division: Some(self.division.clone()),
            organization: self.organization.clone(),
            ..Facts::default()
        }
    }
}

/// What a person changed on the page: each named by its sheet, counted from 0, and the number of its row or index of its column.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Edits {
    /// Cells: sheet, row, column, what stands there now.
    pub cells: Vec<(usize, usize, usize, String)>,
    /// Columns: sheet, column, the field it is.
    pub columns: Vec<(usize, usize, Option<String>)>,
    /// What stands in every blank cell of a column: sheet, column, value.
    pub fills: Vec<(usize, usize, String)>,
    /// Rows: sheet, row, decision; none takes back the one there was.
    pub decisions: Vec<(usize, usize, Option<Decision>)>,
}

impl Edits {
    /// Reads the fields of the form; what is none of them is left alone.
    #[must_use]
    pub fn read(typed: &[(String, String)]) -> Self {
        let mut edits = Self::default();
        for (name, value) in typed {
            let mut parts = name.split('-');
            let what = parts.next();
            let numbers: Option<Vec<usize>> = parts.map(|part| part.parse().ok()).collect();
            match (what, numbers.as_deref()) {
                (Some("cell"), Some([sheet, row, column])) => edits.cells.push((*sheet, *row, *column, value.clone())),
                (Some("column"), Some([sheet, column])) => {
                    edits.columns.push((*sheet, *column, Some(value.clone()).filter(|field| !field.is_empty())));
                }
                (Some("fill"), Some([sheet, column])) if !value.is_empty() => edits.fills.push((*sheet, *column, value.clone())),
                (Some("row"), Some([sheet, row])) => match value.as_str() {
                    "distinct" => edits.decisions.push((*sheet, *row, Some(Decision::Distinct))),
                    "skip" => edits.decisions.push((*sheet, *row, Some(Decision::Skip))),
                    "back" => edits.decisions.push((*sheet, *row, None)),
                    _ => {}
                },
                _ => {}
            }
        }
        edits
    }

    /// Makes the changes; a cell that was not there is left alone.
    pub fn apply(self, kind: Kind, sheets: &mut [Draft]) {
        for (sheet, column, field) in self.columns {
            if let Some(draft) = sheets.get_mut(sheet) {
                draft.columns.insert(column, field);
            }
        }
        for (sheet, row, column, value) in self.cells {
            if let Some(cell) = sheets.get_mut(sheet).and_then(|draft| draft.cell(row, column)).filter(|cell| cell.text != value) {
                *cell = Cell::text(&value);
            }
        }
        for (sheet, column, value) in self.fills {
            if let Some(draft) = sheets.get_mut(sheet) {
                draft.fill(kind, column, &value);
            }
        }
        for (sheet, row, decision) in self.decisions {
            let Some(draft) = sheets.get_mut(sheet) else { continue };
            match decision {
                Some(decision) => draft.decisions.insert(row, decision),
                None => draft.decisions.remove(&row),
            };
        }
    }
}

impl Draft {
    /// A sheet as it was read.
    #[must_use]
    pub fn new(grid: Grid) -> Self {
        Self { kind: None, grid, columns: Chosen::new(), decisions: BTreeMap::new() }
    }

    fn cell(&mut self, row: usize, column: usize) -> Option<&mut Cell> {
        self.grid.rows.iter_mut().find(|(number, _)| *number == row).and_then(|(_, cells)| cells.get_mut(column))
    }

    /// Puts a value into the blank cells of a column, in rows that are entries.
    fn fill(&mut self, kind: Kind, column: usize, value: &str) {
        let entries = sheet::entry_rows(self.kind.unwrap_or(kind), &self.grid);
        for (_, cells) in self.grid.rows.iter_mut().filter(|(number, _)| entries.contains(number)) {
            if let Some(cell) = cells.get_mut(column).filter(|cell| cell.text.is_empty()) {
                *cell = Cell::text(value);
            }
        }
    }

    /// Adds columns on the right, with their heads, so that what a list lacks can be written in.
    pub fn add_columns(&mut self, (head, rows): (usize, usize), heads: &[&str]) {
        let width = self.grid.rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0);
        for (index, (_, cells)) in self.grid.rows.iter_mut().enumerate() {
            cells.resize(width, Cell::text(""));
            let is_head = index <= head && index + rows > head;
            cells.extend(heads.iter().map(|name| Cell::text(if is_head { name } else { "" })));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid;

    fn draft() -> Draft {
        Draft::new(grid::text("x", "名称,电话\n甲,\n乙,110\n").unwrap())
    }

    fn typed(pairs: &[(&str, &str)]) -> Edits {
        Edits::read(&pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>())
    }

    #[test]
    fn cells_are_mended_by_the_numbers_that_the_sheet_shows() {
        let mut sheets = [draft()];
        typed(&[("cell-0-3-1", "025-1111111"), ("cell-0-9-1", "x"), ("cell-7-3-1", "x"), ("csrf", "x"), ("row-0-2", "skip")])
            .apply(Kind::Organizations, &mut sheets);
        assert_eq!(sheets[0].grid.rows[2].1[1].text, "025-1111111");
        assert_eq!(sheets[0].decisions, BTreeMap::from([(2, Decision::Skip)]));
        typed(&[("row-0-2", "back"), ("row-0-3", "back")]).apply(Kind::Organizations, &mut sheets);
        assert!(sheets[0].decisions.is_empty(), "a row that was left out is taken up again");
    }

    #[test]
    fn a_column_is_filled_where_it_is_blank_and_added_where_it_is_not_there() {
        let mut sheets = [draft()];
        sheets[0].add_columns((0, 1), &["类型"]);
        typed(&[("fill-0-1", "12345"), ("fill-0-2", "社工机构")]).apply(Kind::Organizations, &mut sheets);
        let texts: Vec<Vec<&str>> =
            sheets[0].grid.rows.iter().map(|(_, cells)| cells.iter().map(|cell| cell.text.as_str()).collect()).collect();
        assert_eq!(texts, [["名称", "电话", "类型"], ["甲", "12345", "社工机构"], ["乙", "110", "社工机构"]]);
    }

    #[test]
    fn what_is_no_entry_is_not_filled() {
        let mut sheets = [Draft::new(grid::text("x", "机构名单,,\n序号,名称,电话\n1,甲,\n2,,\n").unwrap())];
        typed(&[("fill-0-2", "12345")]).apply(Kind::Organizations, &mut sheets);
        let filled: Vec<usize> =
            sheets[0].grid.rows.iter().filter(|(_, cells)| cells[2].text == "12345").map(|(number, _)| *number).collect();
        assert_eq!(filled, [3], "neither the title nor a number that waits for a name");
    }

    #[test]
    fn a_list_can_be_undone_for_a_day() {
        let at: Timestamp = "2026-11-25T01:00:00Z".parse().unwrap();
        let list = List {
            id: ListId::new(at),
            kind: Kind::Organizations,
            name: String::new(),
            division: "320116".parse().unwrap(),
            organization: None,
            sheets: Vec::new(),
            registers: false,
            on_behalf_of: String::new(),
            state: State::Taken,
            by: None,
            at,
            taken_at: Some(at),
            version: 1,
        };
        assert!(list.may_be_undone(at + SignedDuration::from_hours(23)));
        assert!(!list.may_be_undone(at + SignedDuration::from_hours(24)));
        assert!(!List { state: State::Open, ..list }.may_be_undone(at));
    }
}
