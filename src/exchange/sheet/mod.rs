//! Lists as they come: spreadsheets of any program, CSV of any encoding, rows pasted from a table.
//!
//! Nothing is guessed silently: a head that is not understood stands in the report, a cell that does not read is refused with
//! row, column, reason and what would do, a row that is no entry is named with why.

mod alike;
mod category;
mod fee;
mod fields;
mod head;
mod hours;
mod own;
mod prepare;
mod report;
mod rows;
mod take;
mod template;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde_json::Value;

use crate::app::App;
use crate::error::{Error, Result};
use crate::grid::{self, Grid};
use crate::locale::Locale;

pub use alike::{Alike, alike};
pub use fields::Kind;
pub use own::{Own, Registered, own_service, registered};
pub use prepare::{NewService, Prepared, prepare};
pub use report::{Entry, Ignored, Refused, Report, Sheet, Taken};
pub use take::take;
pub use template::{kind_of, registration, template};

use rows::Unread;
use values::Known;

/// Which field a person said a column is, by its index; none: it is none.
pub type Chosen = BTreeMap<usize, Option<String>>;

/// Reads a file.
///
/// # Errors
/// A file that is no list at all is refused; whatever is wrong with a row is in the report.
pub fn read(app: &App, kind: Kind, name: &str, bytes: &[u8], locale: Locale) -> Result<Report> {
    let grids = grid::read(name, bytes)?;
    let given = grids.iter().map(|grid| Given { kind, grid, chosen: None });
    Ok(Report { name: name.to_owned(), sheets: sheets(app, given, false, locale), taken: None, batch: None })
}

/// A table to be read, with what a person said of its columns.
pub struct Given<'a> {
    /// What it lists.
    pub kind: Kind,
    /// Its cells.
    pub grid: &'a Grid,
    /// Columns that a person named.
    pub chosen: Option<&'a Chosen>,
}

/// Reads tables; `own` says that their services are of the organization that they register.
pub fn sheets<'a>(app: &App, given: impl Iterator<Item = Given<'a>>, own: bool, locale: Locale) -> Vec<Sheet> {
    let (divisions, categories, vocabulary) = (app.divisions.get(), app.categories.get(), app.vocabulary.get());
    let known = Known { divisions: &divisions, categories: &categories, vocabulary: &vocabulary, today: app.today(), own };
    given.map(|one| sheet(one.kind, one.grid, one.chosen, &known, locale)).collect()
}

/// The head of a table as it is read: index of its last row, and how many rows it has.
#[must_use]
pub fn head_of(kind: Kind, grid: &Grid) -> Option<(usize, usize)> {
    head::find(kind, &grid.rows).map(|head| (head.row, head.rows))
}

/// The numbers of the rows that are entries: no title above the head, no note or total below it.
#[must_use]
pub fn entry_rows(kind: Kind, grid: &Grid) -> BTreeSet<usize> {
    let Some(head) = head::find(kind, &grid.rows) else { return BTreeSet::new() };
    let below = grid.rows.iter().skip(head.row + 1);
    below.filter(|(_, row)| head::ignored(&head, row).is_none()).map(|(number, _)| *number).collect()
}

/// Refuses tables that tell of children: they are no list of the directory, whatever they were brought as.
///
/// # Errors
/// One of them does.
pub fn of_the_directory(grids: &[Grid], today: Date) -> Result<()> {
    let told = grids.iter().any(|grid| tells_of_children(grid, today));
    if told { Err(Error::invalid("file", "list_children")) } else { Ok(()) }
}

fn tells_of_children(grid: &Grid, today: Date) -> bool {
    let of_a_child = |field: &str| ["identity_number", "birth_date", "guardian"].contains(&field);
    let head = head::find(Kind::Children, &grid.rows);
    let named = head.is_some_and(|head| head.columns.iter().any(|(_, field)| field.is_some_and(of_a_child)));
    named || grid.rows.iter().flat_map(|(_, cells)| cells).any(|cell| values::identity(cell, today).is_ok())
}

/// The column of a field; none where the list has none.
#[must_use]
pub fn column_of(kind: Kind, grid: &Grid, field: &str) -> Option<usize> {
    head::find(kind, &grid.rows)?.columns.iter().position(|(_, known)| *known == Some(field))
}

/// The heads of the columns that a list lacks and an entry cannot do without; one that registers an organization needs more of it,
/// and need not say whose its services are.
#[must_use]
pub fn lacking(kind: Kind, grid: &Grid, own: bool) -> Vec<&'static str> {
    let has = |fields: &[&str]| fields.iter().any(|field| column_of(kind, grid, field).is_some());
    let needed: &[(&[&str], &str)] = match kind {
        Kind::Organizations if own => &[
            (&["name"], "机构名称"),
            (&["kind"], "机构类型"),
            (&["division", "address"], "所在区县"),
            (&["address"], "地址"),
            (&["phone"], "联系电话"),
            (&["description"], "机构简介"),
        ],
        Kind::Services if own => &[(&["name"], "服务名称"), (&["term"], "服务类别")],
        Kind::Organizations => {
            &[(&["name"], "机构名称"), (&["kind"], "机构类型"), (&["division", "address"], "所在区县"), (&["phone"], "联系电话")]
        }
        Kind::Services => &[(&["name"], "服务名称"), (&["organization"], "服务机构"), (&["term"], "服务类别")],
        Kind::Children => &[],
    };
    needed.iter().filter(|(fields, _)| !has(fields)).map(|(_, head)| *head).collect()
}

fn sheet(kind: Kind, grid: &Grid, chosen: Option<&Chosen>, known: &Known<'_>, locale: Locale) -> Sheet {
    let mut sheet = Sheet {
        name: grid.name.clone(),
        header_row: None,
        heads: Vec::new(),
        columns: serde_json::Map::new(),
        rows: Vec::new(),
        refused: Vec::new(),
        noted: Vec::new(),
        alike: Vec::new(),
        ignored: Vec::new(),
    };
    let ignore = |row: usize, why: &str| Ignored { row, why: why.to_owned() };
    let Some(mut head) = head::find(kind, &grid.rows) else {
        sheet.ignored.extend(
            grid.rows
                .iter()
                .map(|(number, row)| ignore(*number, if row.iter().all(|cell| cell.text.is_empty()) { "blank" } else { "no_head" })),
        );
        return sheet;
    };
    for (index, field) in chosen.into_iter().flatten() {
        if let Some((_, known)) = head.columns.get_mut(*index) {
            *known = field.as_deref().and_then(|name| kind.named(name));
        }
    }
    sheet.heads.clone_from(&head.columns);
    sheet.header_row = grid.rows.get(head.row).map(|(number, _)| *number);
    for (written, field) in head.columns.iter().filter(|(written, _)| !written.is_empty()) {
        // Of two columns with the same head the one that is understood is told.
        let known = sheet.columns.entry(written.clone()).or_insert(Value::Null);
        if let Some(field) = field {
            *known = (*field).into();
        }
    }
    for (index, (number, row)) in grid.rows.iter().enumerate() {
        if index <= head.row {
            let blank = row.iter().all(|cell| cell.text.is_empty());
            let why = if blank {
                "blank"
            } else if index + head.rows > head.row {
                "head"
            } else {
                "title"
            };
            if index != head.row {
                sheet.ignored.push(ignore(*number, why));
            }
            continue;
        }
        if let Some(why) = head::ignored(&head, row) {
            sheet.ignored.push(ignore(*number, why));
            continue;
        }
        let read = rows::read(kind, &head, row, known);
        let whole = kind.required(known.own).iter().all(|field| read.fields.contains_key(*field));
        let told = |Unread { index, column, value, fault }: Unread| Refused {
            row: *number,
            column,
            index,
            value,
            reason: fault.reason.to_owned(),
            remedy: fault.text(locale),
        };
        sheet.refused.extend(read.refused.into_iter().map(told));
        sheet.noted.extend(read.noted.into_iter().map(told));
        if whole {
            sheet.rows.push(Entry { row: *number, fields: read.fields });
        }
    }
    sheet
}
