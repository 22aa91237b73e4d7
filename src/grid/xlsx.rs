//! Workbooks of Excel since 2007, cell by cell.

use std::io::Cursor;

use calamine::{Data, DataRef, Reader, Xlsx};

use super::bounds::{Bounds, MOST_SHEETS};
use super::table::Table;
use super::{Cell, Grid, Rows, unreadable};
use crate::error::Result;

/// Reads a workbook whose archive was looked at.
pub fn read(bytes: &[u8], bounds: &mut Bounds) -> Result<Vec<Grid>> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(|_: calamine::XlsxError| unreadable())?;
    let mut grids = Vec::new();
    for name in book.sheet_names().into_iter().take(MOST_SHEETS) {
        bounds.in_time()?;
        let rows = sheet(&mut book, &name, bounds)?;
        grids.push(Grid { name, rows });
    }
    Ok(grids)
}

fn sheet(book: &mut Xlsx<Cursor<&[u8]>>, name: &str, bounds: &mut Bounds) -> Result<Rows> {
    let mut reader = book.worksheet_cells_reader(name).map_err(|_| unreadable())?;
    let mut table = Table::default();
    while let Some(found) = reader.next_cell().map_err(|_| unreadable())? {
        bounds.step()?;
        let (row, column) = found.get_position();
        let cell = match found.get_value() {
            // A text that many cells share is not copied whole for each.
            DataRef::SharedString(text) => Cell::text(text),
            DataRef::String(text) => Cell::text(text),
            value => cell(&Data::from(value.clone())),
        };
        table.put(bounds, row as usize, column as usize, cell)?;
    }
    table.rows(bounds)
}

fn cell(data: &Data) -> Cell {
    match data {
        Data::Empty | Data::Error(_) => Cell::text(""),
        Data::Int(number) => Cell { text: number.to_string(), number: i32::try_from(*number).ok().map(f64::from) },
        Data::Float(number) => Cell::number(*number),
        Data::DateTime(instant) => Cell::days(instant.as_f64()),
        Data::Bool(value) => Cell::truth(*value),
        other => Cell::text(&other.to_string()),
    }
}
