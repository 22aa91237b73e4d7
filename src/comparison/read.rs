//! Reads a list as it comes: pasted from a table, a CSV, an xlsx, xls or ods; with a head or without.

use jiff::civil::Date;

use super::model::Unread;
use crate::case::model::{BirthMonth, read_identity_number};
use crate::error::{Error, Result};
use crate::grid::{self, Grid};
use crate::secret::Hidden;

/// Most rows of a list.
pub const MOST: usize = 5_000;

/// A row that reads: a number, or a name with a month of birth.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Of the row, from 1, the head included.
    pub number: u32,
    /// Name; empty if the list has none.
    pub name: Hidden,
    /// Identity number.
    pub identity: Option<Hidden>,
    /// Month of birth: as given, or out of the number.
    pub birth: Option<BirthMonth>,
    /// Where the child lives.
    pub place: Hidden,
}

/// What was read of a list.
#[derive(Debug, Default)]
pub struct List {
    /// Rows that read.
    pub rows: Vec<Listed>,
    /// Rows that did not.
    pub unread: Vec<Unread>,
}

/// Which column holds what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Columns {
    name: Option<usize>,
    identity: Option<usize>,
    birth: Option<usize>,
    place: Option<usize>,
}

/// Reads a file: the first sheet of a workbook, or a CSV in UTF-8 or GB18030.
///
/// # Errors
/// A file that is none is refused with what would do.
pub fn file(name: &str, bytes: &[u8], today: Date) -> Result<List> {
    let unreadable = || Error::invalid("file", "list_unreadable");
    let grid = grid::read(name, bytes)?.into_iter().next().ok_or_else(unreadable)?;
    table(grid, today)
}

/// Reads what was pasted: tabs where there are some, else commas.
///
/// # Errors
/// A list without rows, or with too many, is refused.
pub fn text(text: &str, today: Date) -> Result<List> {
    let parted = if text.contains('\t') { text.to_owned() } else { text.replace('，', ",") };
    table(grid::text("", &parted)?, today)
}

/// Numbers of rows are those that a spreadsheet shows.
fn table(grid: Grid, today: Date) -> Result<List> {
    let text = |(number, cells): (usize, Vec<grid::Cell>)| {
        let cells: Vec<String> = cells.into_iter().map(|cell| cell.text).collect();
        (u32::try_from(number).unwrap_or(u32::MAX), cells)
    };
    let filled = |(_, row): &(u32, Vec<String>)| row.iter().any(|cell| !cell.is_empty());
    let rows: Vec<(u32, Vec<String>)> = grid.rows.into_iter().map(text).filter(filled).collect();
    if rows.is_empty() {
        return Err(Error::invalid("list", "required"));
    }
    if rows.len() > MOST + 5 {
        return Err(Error::invalid("list", "list_long"));
    }
    let found = rows.iter().take(5).enumerate().find_map(|(at, (_, row))| Some((at, head(row)?)));
    let first = found.map_or(0, |(at, _)| at + 1);
    let mut list = List::default();
    for (number, row) in rows.into_iter().skip(first) {
        let columns = found.map_or_else(|| guess(&row), |(_, columns)| columns);
        match line(number, &row, columns, today) {
            Ok(listed) => list.rows.push(listed),
            Err(reason) => list.unread.push(Unread { number, reason: reason.to_owned() }),
        }
    }
    Ok(list)
}

/// The columns of a head; none if the row is no head.
fn head(row: &[String]) -> Option<Columns> {
    let find = |words: &[&str]| row.iter().position(|cell| words.iter().any(|word| cell.contains(word)));
    let columns = Columns {
        name: find(&["姓名", "名字"]),
        identity: find(&["身份证", "证件号", "公民身份"]),
        birth: find(&["出生"]),
        place: find(&["住址", "地址", "街道", "乡镇", "住"]),
    };
    (columns.name.is_some() || columns.identity.is_some()).then_some(columns)
}

/// The columns of a row without a head, by what they hold.
fn guess(row: &[String]) -> Columns {
    let digits = |cell: &str| cell.chars().filter(char::is_ascii_digit).count();
    let identity = row.iter().position(|cell| digits(cell) >= 15);
    let birth = row.iter().position(|cell| (6..=10).contains(&digits(cell)) && cell.chars().count() <= 11);
    let wordy = |cell: &String| digits(cell) == 0 && cell.chars().count() > 1;
    let name = row.iter().position(|cell| wordy(cell) && cell.chars().count() <= 6);
    let taken = [name, identity, birth];
    let place = row.iter().enumerate().position(|(at, cell)| !taken.contains(&Some(at)) && cell.chars().count() > 3);
    Columns { name, identity, birth, place }
}

/// One row; the reason if it does not read.
fn line(number: u32, row: &[String], columns: Columns, today: Date) -> std::result::Result<Listed, &'static str> {
    let at = |column: Option<usize>| column.and_then(|column| row.get(column)).map(String::as_str).unwrap_or_default();
    let (name, given, born) = (at(columns.name), at(columns.identity), at(columns.birth));
    let mut birth = if born.is_empty() { None } else { Some(month(born).ok_or("birth_unread")?) };
    let identity = if given.is_empty() {
        None
    } else {
        let (number, day, _) = read_identity_number(given, today).map_err(|fault| fault.reason)?;
        birth = Some(BirthMonth::of(day));
        Some(number)
    };
    if identity.is_none() && (name.chars().count() < 2 || birth.is_none()) {
        return Err("row_needs");
    }
    Ok(Listed { number, name: Hidden::new(name), identity, birth, place: Hidden::new(at(columns.place)) })
}

/// A month or day as lists have it: 2016-03-05, 2016年3月5日, 2016/3, 20160305.
fn month(text: &str) -> Option<BirthMonth> {
    let parts: Vec<&str> = text.split(|letter: char| !letter.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let (year, month) = match parts.as_slice() {
        [whole] if whole.len() == 8 || whole.len() == 6 => (whole.get(..4)?, whole.get(4..6)?),
        [year, month, ..] if year.len() == 4 => (*year, *month),
        _ => return None,
    };
    Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok().map(BirthMonth::of)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> Date {
        "2026-11-25".parse().unwrap()
    }

    #[test]
    fn a_list_with_a_head_reads_by_its_columns_and_bad_rows_are_named() {
        let pasted = "县教育局困境学生名单\n序号\t姓名\t身份证号\t出生年月\t家庭住址\n1\t王小明\t320000201503170024\t\t长芦街道\n2\t李小红\t\t2016年3月\t\n3\t张三\t320000201503170025\t\t\n4\t\t\t2016-03\t\n\n5\t赵小四\t3.2E+17\t\t";
        let list = text(pasted, today()).unwrap();
        assert_eq!(list.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [3, 4]);
        assert_eq!(list.rows[0].birth, "2015-03".parse().ok());
        assert_eq!(list.unread.iter().map(|row| row.number).collect::<Vec<_>>(), [5, 6, 8], "{:?}", list.unread);
        assert_eq!(list.unread[1].reason, "row_needs");
    }

    #[test]
    fn a_list_without_a_head_reads_by_what_its_cells_hold() {
        let list = text("王小明,320000201503170024,长芦街道陈营村\n李小红,20160305,龙池街道", today()).unwrap();
        assert!(list.unread.is_empty() && list.rows.len() == 2, "{:?}", list.unread);
        assert_eq!((list.rows[1].name.reveal(), list.rows[1].place.reveal()), ("李小红", "龙池街道"));
    }

    #[test]
    fn a_file_saved_in_gb18030_reads_like_one_in_utf_8() {
        let (bytes, _, _) = encoding_rs::GB18030.encode("姓名,出生年月\n王小明,2016-03\n");
        let list = file("名单.csv", &bytes, today()).unwrap();
        assert_eq!((list.rows.len(), list.rows[0].name.reveal()), (1, "王小明"));
    }

    #[test]
    fn months_are_read_in_the_forms_lists_have() {
        for form in ["2016-03-05", "2016年3月5日", "2016/3", "20160305", "201603", "2016.03"] {
            assert_eq!(month(form), "2016-03".parse().ok(), "{form}");
        }
        assert_eq!((month("去年"), month("16-3-5"), month("2016-13")), (None, None, None));
    }

    #[test]
    fn what_is_no_list_is_refused() {
        assert!(text(" \n\n", today()).is_err());
        assert!(file("x.xlsx", b"PK not a spreadsheet", today()).is_err());
    }
}
