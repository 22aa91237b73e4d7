//! Lists as they come: spreadsheets of any program, CSV of any encoding, rows pasted from a table.
//!
//! Nothing is guessed silently: a head that is not understood stands in the report, a cell that does not read is refused with
//! row, column, reason and what would do, a row that is no entry is named with why.

mod fields;
mod grid;
mod head;
mod report;
mod rows;
mod take;
mod template;
mod values;

use serde_json::Value;

use crate::app::App;
use crate::error::Result;
use crate::locale::Locale;

pub use fields::Kind;
pub use report::{Entry, Ignored, Refused, Report, Sheet, Taken};
pub use take::take;
pub use template::template;

use grid::Grid;
use values::Known;

/// Reads a file.
///
/// # Errors
/// A file that is no list at all is refused; whatever is wrong with a row is in the report.
pub fn read(app: &App, kind: Kind, name: &str, bytes: &[u8], locale: Locale) -> Result<Report> {
    let grids = grid::read(name, bytes)?;
    Ok(report_of(app, kind, grids, locale))
}

/// Reads what was pasted.
///
/// # Errors
/// A text that is too long is refused.
pub fn read_text(app: &App, kind: Kind, text: &str, locale: Locale) -> Result<Report> {
    Ok(report_of(app, kind, vec![grid::text("", text)?], locale))
}

fn report_of(app: &App, kind: Kind, grids: Vec<Grid>, locale: Locale) -> Report {
    let (divisions, categories, vocabulary) = (app.divisions.get(), app.categories.get(), app.vocabulary.get());
    let known = Known { divisions: &divisions, categories: &categories, vocabulary: &vocabulary, today: app.today() };
    Report { sheets: grids.into_iter().map(|grid| sheet(kind, grid, &known, locale)).collect(), taken: None }
}

fn sheet(kind: Kind, grid: Grid, known: &Known<'_>, locale: Locale) -> Sheet {
    let mut sheet = Sheet {
        name: grid.name,
        header_row: None,
        columns: serde_json::Map::new(),
        rows: Vec::new(),
        refused: Vec::new(),
        ignored: Vec::new(),
    };
    let ignore = |row: usize, why: &str| Ignored { row, why: why.to_owned() };
    let Some(head) = head::find(kind, &grid.rows) else {
        sheet.ignored.extend(
            grid.rows
                .iter()
                .map(|(number, row)| ignore(*number, if row.iter().all(|cell| cell.text.is_empty()) { "blank" } else { "no_head" })),
        );
        return sheet;
    };
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
        let whole = kind.required().iter().all(|field| read.fields.contains_key(*field));
        for (column, value, fault) in read.refused {
            let remedy = fault.text(locale);
            sheet.refused.push(Refused { row: *number, column, value, reason: fault.reason.to_owned(), remedy });
        }
        if whole {
            sheet.rows.push(Entry { row: *number, fields: read.fields });
        }
    }
    sheet
}
