//! The figures as a spreadsheet: a sheet for each block, each row with what it counts.

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::page::words::{Shown, ShownBlock};
use crate::error::{Error, Result};

/// The file.
pub fn workbook(title: &str, as_of: &str, heads: [&str; 4], blocks: &[ShownBlock]) -> Result<Vec<u8>> {
    write(title, as_of, heads, blocks).map_err(|error| Error::Store(format!("the spreadsheet was not written: {error}")))
}

fn write(title: &str, as_of: &str, heads: [&str; 4], blocks: &[ShownBlock]) -> Result<Vec<u8>, XlsxError> {
    let bold = Format::new().set_bold();
    let mut book = Workbook::new();
    for block in blocks {
        let sheet = book.add_worksheet();
        // A name of a sheet has at most 31 characters.
        sheet.set_name(block.title.chars().take(31).collect::<String>())?;
        sheet.write_with_format(0, 0, title, &bold)?;
        sheet.write(1, 0, as_of)?;
        for (column, head) in (0u16..).zip(heads) {
            sheet.write_with_format(3, column, head, &bold)?;
        }
        for (row, figure) in (4u32..).zip(&block.figures) {
            line(sheet, row, figure)?;
        }
        sheet.set_column_width(0, 32)?;
        sheet.set_column_width(3, 60)?;
    }
    book.save_to_buffer()
}

/// A count is a number, so that it can be added up; what is not shown is text.
fn line(sheet: &mut Worksheet, row: u32, figure: &Shown) -> Result<(), XlsxError> {
    sheet.write(row, 0, &figure.label)?;
    match figure.number {
        Some(number) => sheet.write(row, 1, number)?,
        None => sheet.write(row, 1, &figure.value)?,
    };
    if !figure.of.is_empty() {
        sheet.write(row, 2, &figure.of)?;
    }
    sheet.write(row, 3, &figure.what)?;
    Ok(())
}
