//! Files as they come: a folder, a zip, JSON. Sizes are bounded before anything is read into memory.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde_json::Value;

use super::super::package::neutral;
use crate::error::{Error, Result};

/// Most files of a package.
const MOST_FILES: usize = 200;
/// Most bytes of one file, unpacked.
const LARGEST_FILE: u64 = 256 << 20;
/// Most bytes of a package, unpacked.
const LARGEST: u64 = 512 << 20;
/// Most characters of a cell.
const LONGEST_CELL: usize = 100_000;

/// A row as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its number; the names of the columns are row 1.
    pub number: usize,
    /// Its cells, by the name of the column; empty ones are left out.
    pub cells: BTreeMap<String, String>,
}

/// What was read.
#[derive(Debug)]
pub enum Source {
    /// Tables, by the name of the file without its ending.
    Tables(Vec<(String, Vec<Row>)>),
    /// Objects of the JSON form.
    Objects(Vec<Value>),
}

fn unreadable(path: &Path, why: impl std::fmt::Display) -> Error {
    Error::Store(format!("{} does not read as HSDS: {why}; what is read is a folder or zip of CSV files, or JSON", path.display()))
}

/// Reads a file or folder.
///
/// # Errors
/// A sentence that says what is wrong with the file as a whole; a faulty row is for the report.
pub fn read(path: &Path) -> Result<Source> {
    let fault = |source| Error::Io { what: format!("cannot read {}", path.display()), source };
    if path.is_dir() {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(path).map_err(fault)? {
            let entry = entry.map_err(fault)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if is_table(&name) {
                let file = File::open(entry.path()).map_err(fault)?;
                files.push((name, bounded(file, LARGEST_FILE).map_err(|why| unreadable(&entry.path(), why))?));
            }
        }
        return tables(path, files);
    }
    let file = File::open(path).map_err(fault)?;
    of_bytes(path, bounded(file, LARGEST).map_err(|why| unreadable(path, why))?)
}

/// Reads what is in a file: a zip of tables, else JSON. The path is for the sentence.
pub fn of_bytes(path: &Path, bytes: Vec<u8>) -> Result<Source> {
    if bytes.starts_with(b"PK") {
        return tables(path, unzipped(path, bytes)?);
    }
    objects(path, &bytes)
}

fn is_table(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("csv")) && !name.starts_with('.')
}

/// Reads no more than so many bytes, whatever the file says of itself.
fn bounded(file: impl Read, most: u64) -> std::result::Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > most { Err(format!("it is larger than {} MB", most >> 20)) } else { Ok(bytes) }
}

fn unzipped(path: &Path, bytes: Vec<u8>) -> Result<Vec<(String, Vec<u8>)>> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).map_err(|error| unreadable(path, error))?;
    if archive.len() > MOST_FILES {
        return Err(unreadable(path, format!("it holds {} files, more than {MOST_FILES}", archive.len())));
    }
    let mut left = LARGEST;
    let mut files = Vec::new();
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(|error| unreadable(path, error))?;
        // Only the last part of a name counts: nothing is written anywhere.
        let name = entry.name().map_err(|error| unreadable(path, error))?.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        if !is_table(&name) {
            continue;
        }
        let bytes = bounded(entry, left.min(LARGEST_FILE)).map_err(|why| unreadable(path, format!("{name}: {why}")))?;
        left -= bytes.len() as u64;
        files.push((name, bytes));
    }
    Ok(files)
}

fn tables(path: &Path, mut files: Vec<(String, Vec<u8>)>) -> Result<Source> {
    if files.is_empty() {
        return Err(unreadable(path, "it holds no CSV file"));
    }
    files.sort();
    let mut tables = Vec::new();
    for (name, bytes) in files {
        let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem).to_lowercase();
        tables.push((stem, rows(&bytes).map_err(|why| unreadable(path, format!("{name}: {why}")))?));
    }
    Ok(Source::Tables(tables))
}

/// The rows of a file; what is not UTF-8 is read as GB18030, as spreadsheets here save it.
fn rows(bytes: &[u8]) -> std::result::Result<Vec<Row>, String> {
    let text = crate::grid::decoded(bytes);
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let mut columns: Vec<String> = Vec::new();
    let mut rows = Vec::new();
    for (number, record) in (1..).zip(reader.records()) {
        let record = record.map_err(|error| error.to_string())?;
        if number == 1 {
            columns = record.iter().map(|name| name.trim().to_lowercase()).collect();
            continue;
        }
        let named = columns.iter().zip(record.iter());
        let cells: BTreeMap<String, String> = named
            .map(|(column, cell)| {
                (column.clone(), neutral(cell.trim()).chars().filter(|letter| *letter != '\0').take(LONGEST_CELL).collect::<String>())
            })
            .filter(|(column, cell)| !column.is_empty() && !cell.is_empty())
            .collect();
        if !cells.is_empty() {
            rows.push(Row { number, cells });
        }
    }
    Ok(rows)
}

/// JSON: one object, a list, a page, a document of lists, or a line each.
fn objects(path: &Path, bytes: &[u8]) -> Result<Source> {
    let text = std::str::from_utf8(bytes).map_err(|_| unreadable(path, "it is neither a zip nor JSON in UTF-8"))?;
    let text = text.trim_start_matches('\u{feff}');
    if crate::api::writes_zero(text.as_bytes()) {
        return Err(unreadable(path, "it writes the character zero (\\u0000)"));
    }
    let values: Vec<Value> = match serde_json::from_str(text) {
        Ok(value) => vec![value],
        Err(error) => {
            let lines: std::result::Result<Vec<Value>, _> =
                text.lines().filter(|line| !line.trim().is_empty()).map(serde_json::from_str).collect();
            lines.map_err(|_| unreadable(path, error))?
        }
    };
    let mut objects = Vec::new();
    for value in values {
        unfold(value, &mut objects);
    }
    if objects.is_empty() {
        return Err(unreadable(path, "it holds no object"));
    }
    Ok(Source::Objects(objects))
}

fn unfold(value: Value, into: &mut Vec<Value>) {
    match value {
        Value::Array(values) => values.into_iter().for_each(|value| unfold(value, into)),
        Value::Object(mut object) if !object.contains_key("id") => {
            for name in ["contents", "organizations", "services", "service_at_locations", "taxonomy_terms"] {
                if let Some(values) = object.remove(name) {
                    unfold(values, into);
                }
            }
        }
        value @ Value::Object(_) => into.push(value),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_character_zero_comes_in_by_no_package() {
        let table = rows(b"id,name\n7,\xe6\x98\xa5\0\xe6\x99\x96\n").unwrap();
        assert_eq!(table[0].cells["name"], "春晖");
        let told = objects(Path::new("a.json"), br#"{"id": "7", "name": "a\u0000"}"#).unwrap_err();
        assert!(told.to_string().contains("character zero"), "{told}");
        assert!(objects(Path::new("a.json"), br#"{"id": "7", "name": "a"}"#).is_ok());
    }

    #[test]
    fn a_file_is_never_read_beyond_its_bound() {
        assert!(bounded(std::io::repeat(0), 1_000).unwrap_err().contains("larger"));
        assert_eq!(bounded(&b"abc"[..], 3).unwrap(), b"abc");
    }

    #[test]
    fn rows_keep_their_numbers_and_empty_ones_are_none() {
        let rows = rows("id,name\n1,甲\n,\n2,'=1\n".as_bytes()).unwrap();
        assert_eq!(rows.iter().map(|row| row.number).collect::<Vec<_>>(), [2, 4]);
        assert_eq!(rows[1].cells["name"], "=1");
    }

    #[test]
    fn pages_documents_and_lines_are_objects() {
        let count = |text: &str| match objects(Path::new("x.json"), text.as_bytes()).unwrap() {
            Source::Objects(objects) => objects.len(),
            Source::Tables(_) => 0,
        };
        assert_eq!(count(r#"{"contents":[{"id":"a"},{"id":"b"}]}"#), 2);
        assert_eq!(count("{\"id\":\"a\"}\n{\"id\":\"b\"}\n"), 2);
        assert_eq!(count(r#"{"organizations":[{"id":"a"}],"services":[{"id":"b"}]}"#), 2);
    }
}
