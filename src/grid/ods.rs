//! Sheets of `LibreOffice` and `WPS`, read as they stand in the file: what is repeated is counted before it is written out.

use std::io::{BufReader, Cursor, Read};

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::bounds::{Bounds, MOST_COLUMNS, MOST_SHEETS, long};
use super::table::Table;
use super::{Cell, Grid, LONGEST, unreadable};
use crate::error::Result;

const KIND: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";

/// Whether an archive says that it is one of these.
#[must_use]
pub fn is(bytes: &[u8]) -> bool {
    let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) else { return false };
    let Ok(part) = archive.by_name("mimetype") else { return false };
    let mut said = Vec::new();
    part.take(64).read_to_end(&mut said).is_ok() && said.starts_with(KIND)
}

/// Reads a file whose archive was looked at.
pub fn read(bytes: &[u8], bounds: &mut Bounds) -> Result<Vec<Grid>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| unreadable())?;
    let part = archive.by_name("content.xml").map_err(|_| unreadable())?;
    let mut reader = Reader::from_reader(BufReader::new(part));
    reader.config_mut().expand_empty_elements = true;
    let mut grids = Vec::new();
    let mut sheet: Option<Sheet> = None;
    let mut buffer = Vec::new();
    loop {
        bounds.step()?;
        buffer.clear();
        let event = reader.read_event_into(&mut buffer).map_err(|_| unreadable())?;
        match (event, &mut sheet) {
            (Event::Eof, _) => break,
            (Event::Start(tag), None) if tag.name().0 == "table:table" => {
                sheet = Some(Sheet { name: said(&tag, "table:name")?.unwrap_or_default(), ..Sheet::default() });
            }
            (Event::End(tag), Some(_)) if tag.name().0 == "table:table" => {
                let Some(done) = sheet.take() else { continue };
                grids.push(Grid { name: done.name, rows: done.table.rows(bounds)? });
                if grids.len() == MOST_SHEETS {
                    break;
                }
            }
            (Event::Start(tag), Some(sheet)) => sheet.begin(&tag)?,
            (Event::End(tag), Some(sheet)) => sheet.end(tag.name().0, bounds)?,
            (Event::Text(text), Some(sheet)) => sheet.add(&text.xml10_content()),
            (Event::CData(text), Some(sheet)) => sheet.add(&text.xml10_content()),
            (Event::GeneralRef(entity), Some(sheet)) => {
                // What a file itself declares is not resolved: one name may stand for a billion letters.
                let letter = entity.resolve_char_ref().map_err(|_| unreadable())?;
                let named = quick_xml::escape::resolve_predefined_entity(&entity.xml10_content());
                match (letter, named) {
                    (Some(letter), _) => sheet.add(letter.encode_utf8(&mut [0; 4])),
                    (None, Some(text)) => sheet.add(text),
                    (None, None) => return Err(unreadable()),
                }
            }
            _ => {}
        }
    }
    Ok(grids)
}

/// What an attribute says.
fn said(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>> {
    let Some(attribute) = tag.try_get_attribute(name).map_err(|_| unreadable())? else { return Ok(None) };
    let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| unreadable())?;
    Ok(Some(value.into_owned()))
}

/// How often something stands there.
fn repeated(tag: &BytesStart<'_>, name: &str) -> Result<usize> {
    said(tag, name)?.map_or(Ok(1), |times| times.trim().parse().map_err(|_| unreadable()))
}

/// A sheet while it is read.
#[derive(Default)]
struct Sheet {
    name: String,
    table: Table,
    /// Where the next row stands.
    row: usize,
    rows: usize,
    /// The cells of the row that hold something.
    cells: Vec<(usize, Cell)>,
    column: usize,
    open: Option<Open>,
}

/// A cell while it is read.
struct Open {
    columns: usize,
    /// What its attributes say; absent: its paragraphs say it.
    value: Option<Cell>,
    text: String,
    paragraphs: usize,
    /// Paragraph, and what stands within; a note at the cell is not its text.
    within: usize,
    notes: usize,
}

impl Sheet {
    fn begin(&mut self, tag: &BytesStart<'_>) -> Result<()> {
        let name = tag.name().0;
        let Some(open) = &mut self.open else {
            match name {
                "table:table-row" => {
                    (self.rows, self.column) = (repeated(tag, "table:number-rows-repeated")?, 0);
                    self.cells.clear();
                }
                "table:table-cell" | "table:covered-table-cell" => {
                    let columns = repeated(tag, "table:number-columns-repeated")?;
                    let value = value(tag)?;
                    self.open = Some(Open { columns, value, text: String::new(), paragraphs: 0, within: 0, notes: 0 });
                }
                _ => {}
            }
            return Ok(());
        };
        match name {
            "office:annotation" => open.notes += 1,
            _ if open.notes > 0 => {}
            "text:p" => {
                if open.paragraphs > 0 {
                    open.text.push('\n');
                }
                open.paragraphs += 1;
                open.within += 1;
            }
            "text:s" => {
                let blanks = repeated(tag, "text:c")?.min(LONGEST);
                self.add(&" ".repeat(blanks));
            }
            "text:tab" => self.add("\t"),
            "text:line-break" => self.add("\n"),
            _ => {}
        }
        Ok(())
    }

    /// Text of the open cell, as far as a cell may go.
    fn add(&mut self, text: &str) {
        if let Some(open) = &mut self.open
            && open.notes == 0
            && open.within > 0
            && open.text.len() < LONGEST * 4
        {
            open.text.extend(text.chars().take(LONGEST));
        }
    }

    fn end(&mut self, name: &str, bounds: &mut Bounds) -> Result<()> {
        match (name, &mut self.open) {
            ("office:annotation", Some(open)) => open.notes = open.notes.saturating_sub(1),
            ("text:p", Some(open)) if open.notes == 0 => open.within = open.within.saturating_sub(1),
            ("table:table-cell" | "table:covered-table-cell", Some(_)) => self.close()?,
            ("table:table-row", None) => {
                let times = if self.cells.is_empty() { 0 } else { self.rows };
                for below in 0..times {
                    bounds.step()?;
                    for (column, cell) in &self.cells {
                        self.table.put(bounds, self.row.saturating_add(below), *column, cell.clone())?;
                    }
                }
                self.row = self.row.saturating_add(self.rows);
                self.cells.clear();
            }
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self) -> Result<()> {
        let Some(open) = self.open.take() else { return Ok(()) };
        let end = self.column.saturating_add(open.columns);
        let cell = open.value.unwrap_or_else(|| Cell::text(&open.text));
        if !cell.text.is_empty() {
            if end > MOST_COLUMNS {
                return Err(long());
            }
            self.cells.extend((self.column..end).map(|column| (column, cell.clone())));
        }
        self.column = end;
        Ok(())
    }
}

/// What the attributes of a cell say it holds.
fn value(tag: &BytesStart<'_>) -> Result<Option<Cell>> {
    let kind = said(tag, "office:value-type")?;
    Ok(match kind.as_deref() {
        Some("float" | "currency" | "percentage") => {
            said(tag, "office:value")?.map(|value| value.trim().parse().map(Cell::number)).transpose().map_err(|_| unreadable())?
        }
        Some("date") => said(tag, "office:date-value")?.map(|value| Cell::text(value.trim_end_matches("T00:00:00"))),
        Some("time") => said(tag, "office:time-value")?.map(|value| Cell::text(&value)),
        Some("boolean") => said(tag, "office:boolean-value")?.map(|value| Cell::truth(value.eq_ignore_ascii_case("true"))),
        _ => said(tag, "office:string-value")?.map(|value| Cell::text(&value)).filter(|cell| !cell.text.is_empty()),
    })
}
