//! Files as rows of cells: xlsx, xls, ods, CSV in UTF-8 or GB18030, or what was pasted. Bounded before anything is parsed.

mod bounds;
mod compound;
mod ods;
mod table;
mod text;
mod turns;
mod xls;
mod xlsx;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

use bounds::{Bounds, LARGEST, MOST_COLUMNS, MOST_ROWS, long};
pub use text::decoded;
pub use turns::{Turn, Turns};

/// Most characters of a cell.
const LONGEST: usize = 5_000;

/// Rows with the numbers that Excel shows.
type Rows = Vec<(usize, Vec<Cell>)>;

/// A cell, as far as its kind matters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// What stands there, without blanks around it.
    pub text: String,
    /// Whether the program that wrote the file kept it as a number: long ones have lost their last digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<f64>,
}

impl Cell {
    /// A cell that holds a text, without the character zero: no store keeps it.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self { text: text.trim().chars().filter(|letter| *letter != '\0').take(LONGEST).collect(), number: None }
    }

    /// A cell that holds a number: a whole one without a point.
    fn number(number: f64) -> Self {
        let whole = number.fract() == 0.0 && number.abs() < 1e15;
        Self { text: if whole { format!("{number:.0}") } else { number.to_string() }, number: Some(number) }
    }

    /// A cell that holds a day, by its number.
    fn days(days: f64) -> Self {
        Self { text: day_of(days).unwrap_or_else(|| days.to_string()), number: Some(days) }
    }

    /// A cell that holds yes or no.
    fn truth(value: bool) -> Self {
        Self::text(if value { "是" } else { "否" })
    }
}

/// A sheet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Grid {
    /// Its name; that of the file where it has none.
    pub name: String,
    /// Its rows with the numbers that Excel shows.
    pub rows: Vec<(usize, Vec<Cell>)>,
}

/// Reads a file by what is in it; the name only names the one sheet of a CSV.
///
/// # Errors
/// A file that is none of these, or too large, is refused with what would do.
pub fn read(name: &str, bytes: &[u8]) -> Result<Vec<Grid>> {
    within(name, bytes, &mut Bounds::default())
}

fn within(name: &str, bytes: &[u8], bounds: &mut Bounds) -> Result<Vec<Grid>> {
    if bytes.len() > LARGEST {
        return Err(Error::invalid("file", "sheet_large"));
    }
    if bytes.starts_with(b"PK") {
        bounds::archive(bytes, bounds)?;
        return if ods::is(bytes) { ods::read(bytes, bounds) } else { xlsx::read(bytes, bounds) };
    }
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return xls::read(bytes, bounds);
    }
    if bytes.contains(&0) && !bytes.starts_with(&[0xff, 0xfe]) && !bytes.starts_with(&[0xfe, 0xff]) {
        return Err(unreadable());
    }
    let stem = name.rsplit(['/', '\\']).next().unwrap_or_default().rsplit_once('.').map_or(name, |(stem, _)| stem);
    Ok(vec![lines(stem, &decoded(bytes), bounds)?])
}

fn unreadable() -> Error {
    Error::invalid("file", "sheet_unreadable")
}

/// The day of a number of days since the end of 1899, as Excel counts them.
#[expect(clippy::cast_possible_truncation, reason = "bounded before")]
#[must_use]
pub fn day_of(days: f64) -> Option<String> {
    if !(1.0..=109_574.0).contains(&days) {
        return None;
    }
    let start = jiff::civil::date(1899, 12, 30);
    start.checked_add(jiff::Span::new().try_days(days.floor() as i64).ok()?).ok().map(|day| day.to_string())
}

/// Rows of text: tabs where there are some, as a table that was copied has them; else commas or semicolons.
///
/// # Errors
/// One that is too long is refused.
pub fn text(name: &str, text: &str) -> Result<Grid> {
    lines(name, text, &mut Bounds::default())
}

fn lines(name: &str, text: &str, bounds: &mut Bounds) -> Result<Grid> {
    let mut text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
    text.push('\n');
    let count = |letter: char| text.lines().take(20).map(|line| line.matches(letter).count()).sum::<usize>();
    let delimiter = if count('\t') > 0 {
        b'\t'
    } else if count(';') > count(',') {
        b';'
    } else {
        b','
    };
    let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).delimiter(delimiter).from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut record = csv::StringRecord::new();
    let mut number = 0;
    loop {
        let before = reader.position().line();
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(_) => return Err(unreadable()),
        }
        if rows.len() >= MOST_ROWS || record.len() > MOST_COLUMNS {
            return Err(long());
        }
        bounds.step()?;
        bounds.spend(record.len(), record.as_slice().len())?;
        // Blank lines are left out by the reader and are rows all the same; a line end within a cell makes no row.
        let within: usize = record.iter().map(|cell| cell.matches('\n').count()).sum();
        let lines = usize::try_from(reader.position().line() - before).unwrap_or(1);
        number += lines.saturating_sub(within).max(1);
        rows.push((number, record.iter().map(Cell::text).collect()));
    }
    Ok(Grid { name: name.to_owned(), rows })
}

#[cfg(test)]
mod hostile;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_have_the_numbers_that_excel_shows() {
        let grid = text("x", "机构名称,电话\n\n甲,110\n").unwrap();
        assert_eq!(grid.rows.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [1, 3]);
        assert_eq!(text("x", "a\tb,c\n").unwrap().rows[0].1[1].text, "b,c");
        let grid = text("x", "a,\"b\r\nc\"\r\n\r\n\r\nd,e").unwrap();
        assert_eq!(grid.rows.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [1, 4]);
    }

    #[test]
    fn days_are_counted_as_excel_does() {
        assert_eq!(day_of(45_000.0).as_deref(), Some("2023-03-15"));
        assert_eq!(day_of(-1.0), None);
    }

    #[test]
    fn two_cells_in_opposite_corners_are_refused_and_not_filled_in_between() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write(0, 0, "机构名称").unwrap();
        sheet.write(1_048_575, 16_383, "x").unwrap();
        assert!(read("x.xlsx", &book.save_to_buffer().unwrap()).is_err());
    }

    #[test]
    fn a_row_has_the_number_it_has_in_the_sheet_and_blank_cells_are_there() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write(2, 1, "机构名称").unwrap();
        sheet.write(4, 3, 12.0).unwrap();
        let grids = read("x.xlsx", &book.save_to_buffer().unwrap()).unwrap();
        assert_eq!(grids[0].rows.iter().map(|(number, cells)| (*number, cells.len())).collect::<Vec<_>>(), [(3, 4), (4, 4), (5, 4)]);
        assert_eq!((grids[0].rows[2].1[3].text.as_str(), grids[0].rows[0].1[0].text.as_str()), ("12", ""));
    }

    #[test]
    fn what_is_no_table_is_refused() {
        for bytes in [&b"PK\x03\x04rubbish"[..], b"\x00\x01\x02", &[0xd0, 0xcf, 0x11, 0xe0, 0]] {
            assert!(read("x.xlsx", bytes).is_err());
        }
    }
}
