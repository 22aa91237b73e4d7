//! Reads a department's list as the lists that are taken in are read: heads in many words, several sheets, cells that do not read
//! named one by one. A row that has a name is compared by what of it reads.

use std::collections::BTreeMap;

use lianjie_index::DivisionCode;
use lianjie_index::duplicate::Organization;
use lianjie_index::text::fold;
use serde_json::{Map, Value};

use super::model::{Given, Unread};
use crate::app::App;
use crate::error::{Error, Result};
use crate::exchange::hsds::place_named;
use crate::exchange::sheet::{self, Kind, Sheet};
use crate::grid::{Cell, Grid};
use crate::locale::Locale;

/// Most rows of a list.
const MOST: usize = 5_000;

/// What is kept of a list, by the names of the API, each with the head it has in a list of our own. Names of persons are not.
pub const KEPT: [(&str, &str); 8] = [
    ("name", "机构名称"),
    ("kind", "机构类型"),
    ("code", "统一社会信用代码"),
    ("division", "所在区县"),
    ("address", "地址"),
    ("phone", "联系电话"),
    ("website", "网址"),
    ("description", "机构简介"),
];

/// A row that is compared.
#[derive(Debug, Clone)]
pub struct Listed {
    /// In the order of the list, from 1.
    pub number: u32,
    /// What it says, as it is written.
    pub given: Given,
    /// The same as it is compared.
    pub record: Organization,
}

impl Listed {
    /// What tells the row, so that an answer holds for the next list too.
    #[must_use]
    pub fn mark(&self) -> String {
        mark(&self.record.name, &self.record.county, &self.record.uscc)
    }
}

/// What tells a row: its name without what people write one way or another, its county, its code.
fn mark(name: &str, county: &str, code: &str) -> String {
    let name: String = fold(name).chars().filter(|letter| letter.is_alphanumeric()).collect();
    [name.as_str(), county, code].join("|")
}

/// What was read of a list.
#[derive(Debug, Default)]
pub struct Read {
    /// Rows that have a name.
    pub rows: Vec<Listed>,
    /// Cells that did not read.
    pub refused: Vec<Unread>,
}

/// Reads the sheets of a list that covers a division.
///
/// # Errors
/// A list without a head, and one that is too long, is refused.
pub fn sheets(app: &App, grids: &[Grid], division: &DivisionCode, locale: Locale) -> Result<Read> {
    let mut read = Read::default();
    let tables = grids.iter().map(|grid| sheet::Given { kind: Kind::Organizations, grid, chosen: None });
    let found = sheet::sheets(app, tables, false, locale);
    if found.iter().all(|sheet| sheet.header_row.is_none()) {
        return Err(Error::invalid("file", "list_no_head"));
    }
    if found.iter().map(|sheet| sheet.rows.len()).sum::<usize>() > MOST {
        return Err(Error::invalid("file", "list_rows"));
    }
    let county = (division.as_str().len() >= 6).then(|| division.county());
    for (sheet, grid) in found.into_iter().zip(grids) {
        let cells: BTreeMap<usize, &[Cell]> = grid.rows.iter().map(|(number, row)| (*number, row.as_slice())).collect();
        for entry in &sheet.rows {
            let number = u32::try_from(read.rows.len() + 1).unwrap_or(u32::MAX);
            let given = given(&sheet, cells.get(&entry.row).copied().unwrap_or_default());
            read.rows.push(Listed { number, given, record: record(app, number, &entry.fields, county.as_ref()) });
        }
        let name = sheet.name;
        read.refused.extend(sheet.refused.into_iter().map(|refused| Unread {
            sheet: name.clone(),
            row: refused.row,
            column: refused.column,
            value: refused.value,
            remedy: refused.remedy,
        }));
    }
    Ok(read)
}

/// The cells of a row by field; of several of one field all.
fn given(sheet: &Sheet, row: &[Cell]) -> Given {
    let mut given = Given::new();
    for ((_, field), cell) in sheet.heads.iter().zip(row).filter(|(_, cell)| !cell.text.is_empty()) {
        let Some(field) = field.filter(|field| KEPT.iter().any(|(kept, _)| kept == field)) else { continue };
        let before = given.entry(field.to_owned()).or_default();
        if !before.is_empty() {
            before.push('、');
        }
        before.push_str(&cell.text);
    }
    given
}

/// A row as it is compared. Where it names no county, that of the list is meant, if it covers one.
fn record(app: &App, number: u32, fields: &Map<String, Value>, county: Option<&DivisionCode>) -> Organization {
    let said = |field: &str| fields.get(field).and_then(Value::as_str).unwrap_or_default();
    let named = said("division").parse::<DivisionCode>().ok().or_else(|| place_named(said("address"), &app.divisions.get()));
    let county = named.map(|place| place.county()).or_else(|| county.cloned());
    Organization {
        id: format!("row {number}"),
        name: said("name").to_owned(),
        address: said("address").to_owned(),
        phone: said("phone").to_owned(),
        contact: String::new(),
        uscc: said("code").to_owned(),
        county: county.map(|county| county.to_string()).unwrap_or_default(),
        website: said("website").to_owned(),
        point: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_told_by_its_name_however_it_is_written() {
        assert_eq!(mark("青藤（六合） 社工中心", "320116", ""), mark("青藤(六合)社工中心", "320116", ""));
        assert_ne!(mark("青藤社工中心", "320116", ""), mark("青藤社工中心", "320111", ""));
    }
}
