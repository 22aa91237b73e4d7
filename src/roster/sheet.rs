//! What was found as a spreadsheet: a sheet for each part. Every cell is text, and none that begins like a formula stays one.

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use crate::error::{Error, Result};
use crate::exchange::hsds::package::neutralised;

/// A part: its name, its heads, its rows.
pub struct Table {
    /// Name of the sheet.
    pub name: String,
    /// The heads of its columns.
    pub heads: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<String>>,
}

/// The file.
pub fn workbook(tables: &[Table]) -> Result<Vec<u8>> {
    write(tables).map_err(|error| Error::Store(format!("the spreadsheet was not written: {error}")))
}

fn write(tables: &[Table]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    for table in tables {
        let sheet = book.add_worksheet();
        // A name of a sheet has at most 31 characters.
        sheet.set_name(table.name.chars().take(31).collect::<String>())?;
        sheet.set_freeze_panes(1, 0)?;
        fill(sheet, table)?;
    }
    book.save_to_buffer()
}

fn fill(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    for (column, head) in (0u16..).zip(&table.heads) {
        sheet.set_column_width(column, 22)?;
        sheet.write_string_with_format(0, column, head, &bold)?;
    }
    for (row, cells) in (1u32..).zip(&table.rows) {
        for (column, cell) in (0u16..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
            sheet.write_string(row, column, neutralised(cell))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid;

    #[test]
    fn a_name_that_is_a_formula_comes_out_as_text() {
        let rows = vec![vec!["=HYPERLINK(\"http://x\")".to_owned(), "025-57501234".to_owned()]];
        let file =
            workbook(&[Table { name: "只有名单里有".into(), heads: vec!["机构名称".into(), "联系电话".into()], rows }]).unwrap();
        let read = grid::read("x.xlsx", &file).unwrap();
        assert_eq!(read[0].rows[1].1[0].text, "'=HYPERLINK(\"http://x\")");
        assert_eq!(read[0].rows[1].1[1].text, "025-57501234");
    }
}
